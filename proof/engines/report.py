"""What an engine found: read from its validation report, in a form that can be compared."""

from collections import Counter
from dataclasses import dataclass

import pyoxigraph as ox

# Focus node, path and constraint component, as text.
Finding = tuple[str, str, str]
_Node = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple

_SH = "http://www.w3.org/ns/shacl#"
_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_REPEATED = {"zeroOrMorePath": "*", "oneOrMorePath": "+", "zeroOrOnePath": "?"}
_TRUE = ("true", "1")


@dataclass(frozen=True)
class Verdict:
    """Whether the data conform, and what was found how often."""

    conforms: bool
    findings: Counter[Finding]


def read_report(text: str) -> Verdict:
    """Return what a validation report in Turtle says.

    Only the results of the report itself count, not those that sh:detail nests below them.

    Raises:
        ValueError: The text is no Turtle, or has no validation report.
    """
    graph = ox.Store()
    # A SyntaxError is of the text of the report here, not of a program.
    try:
        graph.load(input=text, format=ox.RdfFormat.TURTLE)
    except SyntaxError as error:
        raise ValueError(f"no Turtle: {error}") from error
    kind, report = ox.NamedNode(_RDF + "type"), ox.NamedNode(_SH + "ValidationReport")
    heads = [quad.subject for quad in graph.quads_for_pattern(None, kind, report)]
    if len(heads) != 1:
        raise ValueError(f"one sh:ValidationReport was expected, there are {len(heads)}")
    conforms = _value(graph, heads[0], _SH + "conforms")
    results = graph.quads_for_pattern(heads[0], ox.NamedNode(_SH + "result"), None)
    return Verdict(
        conforms is not None and conforms.value in _TRUE,
        Counter(_finding(graph, quad.object) for quad in results),
    )


def _finding(graph: ox.Store, result: _Node) -> Finding:
    focus = _value(graph, result, _SH + "focusNode")
    component = _value(graph, result, _SH + "sourceConstraintComponent")
    return (
        # A report may give a blank node a new label, so that one cannot be told from another.
        "blank node" if isinstance(focus, ox.BlankNode) else focus.value if focus else "",
        path_text(graph, _value(graph, result, _SH + "resultPath")),
        component.value if component else "",
    )


def path_text(graph: ox.Store, path: _Node | None) -> str:
    """Return a SHACL property path as a path of SPARQL, "" for none.

    Alternatives of alternatives and sequences of sequences become one, because an
    engine may group them as it likes: the path is the same. What the graph does not
    describe becomes ``[]``.

    Example:
        >>> graph = ox.Store()
        >>> graph.load('''
        ...     PREFIX sh: <http://www.w3.org/ns/shacl#>
        ...     _:p sh:alternativePath ( <urn:a> [ sh:inversePath <urn:b> ] ) .
        ... ''', ox.RdfFormat.TURTLE)
        >>> alternative = ox.NamedNode("http://www.w3.org/ns/shacl#alternativePath")
        >>> path_text(graph, next(graph.quads_for_pattern(None, alternative, None)).subject)
        '(<urn:a>|^<urn:b>)'
    """
    if path is None:
        return ""
    if isinstance(path, ox.NamedNode):
        return str(path)
    if choices := _value(graph, path, _SH + "alternativePath"):
        return "(" + "|".join(_members(graph, choices, "|")) + ")"
    if _value(graph, path, _RDF + "first"):
        return "(" + "/".join(_members(graph, path, "/")) + ")"
    if inverse := _value(graph, path, _SH + "inversePath"):
        return "^" + path_text(graph, inverse)
    for term, suffix in _REPEATED.items():
        if repeated := _value(graph, path, _SH + term):
            return path_text(graph, repeated) + suffix
    return "[]"


def _members(graph: ox.Store, items: _Node | None, operator: str) -> list[str]:
    """Return the texts of a list of paths, those of lists of the same operator in place."""
    texts = []
    while items is not None and (member := _value(graph, items, _RDF + "first")) is not None:
        inner = _value(graph, member, _SH + "alternativePath") if operator == "|" else member
        if inner is not None and _value(graph, inner, _RDF + "first") is not None:
            texts += _members(graph, inner, operator)
        else:
            texts.append(path_text(graph, member))
        items = _value(graph, items, _RDF + "rest")
    return texts


def _value(graph: ox.Store, subject: _Node, predicate: str) -> _Node | None:
    if not isinstance(subject, ox.NamedNode | ox.BlankNode):
        return None
    quads = graph.quads_for_pattern(subject, ox.NamedNode(predicate), None)
    return next((quad.object for quad in quads), None)
