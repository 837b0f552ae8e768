"""Snippets: a query as code for the programs that people ask endpoints with.

The text of a query is a stranger's: each language quotes it by its own rules, so that no
quote, backslash, line break or ``$(...)`` in it can end the string that holds it.
"""

from __future__ import annotations

import json
import re
import shlex

_FORM = re.compile(
    r"(?>\s|\#[^\n]*|PREFIX\b[^<]*<[^>]*>|BASE\b[^<]*<[^>]*>)*(SELECT|CONSTRUCT|ASK|DESCRIBE)\b",
    re.IGNORECASE,
)
_JSON = "application/sparql-results+json"
_CSV = "text/csv"
_TURTLE = "text/turtle"


def form_of(query: str) -> str:
    r"""Return the form of a query in upper case, SELECT where none is found.

    >>> form_of("# ASK\nPREFIX a: <http://example.org/#> ask { ?s ?p ?o }")
    'ASK'
    """
    found = _FORM.match(query)
    return found[1].upper() if found else "SELECT"


def snippets(endpoint: str, query: str) -> dict[str, str]:
    """Return code that asks a query of an endpoint, by the name of what runs it.

    >>> list(snippets("http://localhost:8000/sparql", "ASK { ?s ?p ?o }"))
    ['curl', 'Python', 'R', 'JavaScript']
    """
    form = form_of(query)
    kind = form if form in ("ASK", "SELECT") else "GRAPH"
    return {
        "curl": _curl(endpoint, query, kind),
        "Python": _python(endpoint, query, kind),
        "R": _r(endpoint, query, kind),
        "JavaScript": _javascript(endpoint, query, kind),
    }


def _curl(endpoint: str, query: str, kind: str) -> str:
    media = {"SELECT": _CSV, "ASK": _JSON, "GRAPH": _TURTLE}[kind]
    return (
        f"curl --fail-with-body --header 'Accept: {media}' \\\n"
        f"  --data-urlencode {shlex.quote('query=' + query)} \\\n"
        f"  {shlex.quote(endpoint)}\n"
    )


def _python(endpoint: str, query: str, kind: str) -> str:
    media, lines = {
        "SELECT": (
            "JSON",
            'for row in sparql.queryAndConvert()["results"]["bindings"]:\n'
            '    print({name: term["value"] for name, term in row.items()})',
        ),
        "ASK": ("JSON", 'print(sparql.queryAndConvert()["boolean"])'),
        "GRAPH": ("TURTLE", "print(sparql.queryAndConvert().decode())"),
    }[kind]
    text = query.replace("\\", "\\\\").replace('"', '\\"') if '"""' in query else None
    text = text or query.replace("\\", "\\\\")
    return (
        "# pip install sparqlwrapper\n"
        f"from SPARQLWrapper import {media}, POST, SPARQLWrapper\n\n"
        f"sparql = SPARQLWrapper({json.dumps(endpoint)})\n"
        f"sparql.setMethod(POST)\n"
        f"sparql.setReturnFormat({media})\n"
        f'sparql.setQuery("""\n{text}\n""")\n'
        f"{lines}\n"
    )


def _r(endpoint: str, query: str, kind: str) -> str:
    # A raw string of R ends at a bracket, so many dashes and a quote: more than the text has.
    dashes = "-" * (1 + max(map(len, re.findall(r'\)(-*)(?=")', query)), default=0))
    media, last = {
        "SELECT": (_CSV, "rows <- read.csv(text = answer)\nprint(rows)"),
        "ASK": (_JSON, "cat(answer)"),
        "GRAPH": (_TURTLE, "cat(answer)"),
    }[kind]
    return (
        '# install.packages("httr2")\n'
        "library(httr2)\n\n"
        f'query <- r"{dashes}(\n{query}\n){dashes}"\n'
        f"answer <- request({json.dumps(endpoint)}) |>\n"
        f'  req_headers(Accept = "{media}") |>\n'
        "  req_body_form(query = query) |>\n"
        "  req_perform() |>\n"
        "  resp_body_string()\n"
        f"{last}\n"
    )


def _javascript(endpoint: str, query: str, kind: str) -> str:
    media = _TURTLE if kind == "GRAPH" else _JSON
    read = {
        "SELECT": "const rows = (await response.json()).results.bindings;\nconsole.log(rows);",
        "ASK": "console.log((await response.json()).boolean);",
        "GRAPH": "console.log(await response.text());",
    }[kind]
    text = query.replace("\\", "\\\\").replace("`", "\\`").replace("${", "\\${")
    return (
        f"const query = `\n{text}\n`;\n"
        f"const response = await fetch({json.dumps(endpoint)}, {{\n"
        '  method: "POST",\n'
        f'  headers: {{ Accept: "{media}" }},\n'
        "  body: new URLSearchParams({ query }),\n"
        "});\n"
        "if (!response.ok) throw new Error(await response.text());\n"
        f"{read}\n"
    )
