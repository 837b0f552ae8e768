"""``trilateral sources``: list the documents, verify and draft their passages."""

from __future__ import annotations

from argparse import Namespace
from dataclasses import asdict

from trilateral import dataset
from trilateral.commands.console import home_of, print_json, print_table
from trilateral.findings import Finding
from trilateral.prefixes import prefixes
from trilateral.sources import coverage, draft, texts, verify


def list_documents(options: Namespace) -> int:
    """List the documents of the dataset."""
    found = texts.documents(dataset.load(home_of(options)))
    if options.json:
        print_json([asdict(document) for document in found])
        return 0
    print_table(
        ("document", "title", "frozen text", "code points"),
        [(each.slug, each.label, each.file, str(each.length)) for each in found],
    )
    return 0


def verify_passages(options: Namespace) -> int:
    """Check the dataset against the frozen texts, then list sentences without a passage."""
    data = dataset.read_valid(home_of(options))
    store = data.store()
    report = verify.verify(store, options.texts)
    covered = coverage.coverage(store, options.texts) if report.texts_found else []
    complete = report.clean and not any(each.gaps for each in covered)
    findings = [
        Finding(
            *data.locate(failure.iri),
            "source-text",
            failure.message,
            prefixes().compact(failure.iri),
            failure.repair,
        )
        for failure in report.failures
    ]
    if options.json:
        print_json(
            {
                "checked": report.checked,
                "total": report.total,
                "failures": [asdict(finding) for finding in findings],
                "coverage": [asdict(each) for each in covered],
            }
        )
        return 0 if complete else 1
    for finding in findings:
        print(finding)
    for kind, total in report.total.items():
        print(f"{kind}: {report.checked[kind]} of {total} checked and found as stated")
    for each in covered:
        done = each.sentences - len(each.gaps)
        print(f"{each.document}: {done} of {each.sentences} sentences have a passage")
        for gap in each.gaps:
            print(f"  no passage for {gap.start}-{gap.end}: {gap.words}")
    return 0 if complete else 1


def draft_passages(options: Namespace) -> int:
    """Print the passages of a document as Turtle."""
    document = texts.document(dataset.load(home_of(options)), options.document)
    turtle = draft.draft(document, texts.read_text(options.texts, document))
    if options.json:
        print_json({"document": document.slug, "turtle": turtle})
    else:
        print(turtle, end="")
    return 0
