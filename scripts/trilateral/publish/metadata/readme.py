"""Readme: the page that who opens the folder of a release reads first (Markdown).

Its head is YAML by which Hugging Face takes it for a dataset card: the tables are the subsets,
read from Parquet. Nothing in it is written down here that another part of the release has.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from trilateral.publish.metadata.citation import CANONICAL_HASH
from trilateral.publish.metadata.croissant import bibtex
from trilateral.publish.metadata.facts import Facts

NAME = "README.md"
# The files that describe the release, which are no files of data.
_DESCRIBING = {
    "CITATION.cff": "How to cite (Citation File Format)",
    "LICENSE-data": "The terms of use",
    "SHA256SUMS": "The SHA-256 of every file",
    "codemeta.json": "The software (CodeMeta)",
    "croissant.json": "The tables for machine learning (Croissant)",
    "datacite.json": "What registering a DOI needs (DataCite)",
    "dcat.jsonld": "What dcat.ttl says, as JSON-LD",
    "dcat.ttl": "Every file with format, size and SHA-256 (DCAT, DCAT-AP)",
    "manifest.json": "Version, commit, counts, size and SHA-256 of every file, canonical hashes",
    "ro-crate-metadata.json": "The folder as a research object (RO-Crate)",
    "schema.jsonld": "The dataset for search engines (schema.org)",
    "void.ttl": "Counts by class and property (VoID)",
}
# Numbers of rows, by the number of their digits from three on.
_SIZES = ("n<1K", "1K<n<10K", "10K<n<100K", "100K<n<1M", "1M<n<10M", "10M<n<100M", "100M<n<1B")
_PAGE = """\
---
{head}---

# {title}

{abstract}

| | |
|---|---|
| version | {version} |
| address of this version | <{iri}> |
| all versions | <{url}> |
| by | {authors} |
| licence | [{licence}]({licence_url}) |
| holds | {quads:,} quads in {graphs:,} named graphs; {rows:,} rows in {tables:,} tables |
| model | [ontology]({ontology}) and software {model} |
| {hash_of} | `{hash}` |

A version never changes: other data have another version.

## Cite

> {authors} ({year}). {title} (version {version}) [data set]. {cited}. {hash_of}: {hash}

```bibtex
{bibtex}
```

## Files

| file | is |
|---|---|
{files}

Each table is a CSV and a Parquet file, and a table of the SQLite database:

| table | rows | holds |
|---|---:|---|
{listed}

## Verify

```sh
sha256sum --check --strict SHA256SUMS     # every file
gzip -dc dataset.nq.gz | sha256sum        # the canonical hash above
trilateral publish verify .               # canonical hashes of all formats and all counts too
```

The last is a command of the software: `pip install 'trilateral[publish]'`.
"""


def write(facts: Facts, names: Collection[str]) -> bytes:
    """Return the page of a release; ``names`` are those of all its other files."""
    rows = ((f"`{name}`", words) for name, words in _files(facts, names))
    listed = (
        (f"`{table.name}`", f"{len(table.rows):,}", table.summary.rstrip("."))
        for table in facts.tables
    )
    page = _PAGE.format(
        head=_head(facts),
        title=facts.title,
        abstract=facts.abstract,
        version=facts.version,
        year=facts.version[:4],
        iri=facts.iri,
        cited=f"https://doi.org/{facts.doi}" if facts.doi else facts.iri,
        url=facts.url,
        authors=", ".join(each.name for each in facts.authors),
        licence=facts.licence,
        licence_url=facts.licence_url,
        quads=facts.counts["quads"],
        graphs=len(facts.counts["graphs"]),
        rows=facts.rows,
        tables=len(facts.tables),
        ontology=facts.ontology,
        model=facts.model,
        hash_of=CANONICAL_HASH,
        hash=facts.rdfc10_sha256,
        bibtex=bibtex(facts),
        files="\n".join(map(_row, rows)),
        listed="\n".join(map(_row, listed)),
    )
    return page.encode()


def _row(cells: tuple[str, ...]) -> str:
    return f"| {' | '.join(cells)} |"


def _files(facts: Facts, names: Collection[str]) -> Iterator[tuple[str, str]]:
    """Yield each file of the folder with what it is; folders of many files as one."""
    graphs = sum(each.path.startswith("graphs/") for each in facts.files)
    for each in facts.files:
        if not each.path.startswith(("graphs/", "tables/")):
            yield each.path, each.title
    yield "graphs/", f"Each named graph as Turtle, under the path of its IRI: {graphs:,} files"
    yield "tables/", "The tables below, and csv-metadata.json, their columns (CSV on the Web)"
    told = {each.path for each in facts.files}
    yield from ((name, _DESCRIBING[name]) for name in sorted(set(names) - told))


def _head(facts: Facts) -> str:
    import yaml

    known = facts.licence.startswith("CC-")
    other = {"license_name": facts.licence, "license_link": facts.licence_url}
    languages = {column.language for table in facts.tables for column in table.columns}
    told: dict[str, Any] = {
        # The hub has names of its own for licences; those of Creative Commons are in small letters.
        **({"license": facts.licence.lower()} if known else {"license": "other", **other}),
        "language": sorted({tag.partition("-")[0] for tag in languages if tag}),
        "pretty_name": facts.title,
        "tags": list(facts.keywords),
        "size_categories": [_SIZES[max(len(str(facts.rows)) - 3, 0)]],
        "configs": [
            {"config_name": table.name, "data_files": f"tables/{table.name}.parquet"}
            for table in facts.tables
        ],
    }
    text: str = yaml.safe_dump(told, allow_unicode=True, sort_keys=False, width=1000)
    return text
