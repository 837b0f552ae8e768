"""Terms: every predicate and class is declared, in our ontology or in its own vocabulary."""

from __future__ import annotations

from collections.abc import Iterator

from trilateral.check.terms import UnknownTerm, load_term_lists, unknown_terms
from trilateral.dataset import Dataset
from trilateral.findings import Finding
from trilateral.prefixes import prefixes
from trilateral.vocabulary import terms


def check_terms(dataset: Dataset) -> Iterator[Finding]:
    """Yield a finding for each term that its vocabulary does not have."""
    import pyoxigraph

    lists = load_term_lists(dataset.home.ontology / "vocabularies")
    rdf_type = prefixes()["rdf"] + "type"
    known = {*lists, prefixes()["tri"]}
    for path, file in dataset.files.items():
        everywhere = not path.is_relative_to(dataset.home.data)
        used: dict[str, tuple[str, str]] = {}
        listed: set[str] = set()  # predicates and classes, whose vocabulary must have a list
        for triple in file.triples:
            subject = getattr(triple.subject, "value", "")
            predicate = triple.predicate.value
            used.setdefault(predicate, (subject, predicate))
            listed.add(predicate)
            value = triple.object
            if predicate == rdf_type and isinstance(value, pyoxigraph.NamedNode):
                listed.add(value.value)
            if isinstance(value, pyoxigraph.Literal):
                used.setdefault(value.datatype.value, (subject, predicate))
            elif isinstance(value, pyoxigraph.NamedNode) and (everywhere or predicate == rdf_type):
                used.setdefault(value.value, (subject, predicate))
        unlisted = {iri for iri in listed if _namespace(iri) not in known}
        unknown_here = unknown_terms(used, lists, terms(), prefixes()["tri"])
        for unknown in [*unknown_here, *(UnknownTerm(iri, ()) for iri in sorted(unlisted))]:
            subject, predicate = used[unknown.iri]
            name = prefixes().compact(unknown.iri)
            line = file.line_of(
                subject, "a" if predicate == rdf_type else prefixes().compact(predicate)
            )
            near = ", ".join(prefixes().compact(iri) for iri in unknown.near)
            yield Finding(
                dataset.home.name(path),
                line or 0,
                "term",
                f"{name} does not exist.",
                prefixes().compact(subject),
                f"Did you mean {near}?" if near else "Declare it in ontology/ or use another term.",
            )


def _namespace(iri: str) -> str:
    return iri[: max(iri.rfind("/"), iri.rfind("#")) + 1]
