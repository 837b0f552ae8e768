"""Three reasoners behind one interface: HermiT and Pellet, which are complete, and OWL RL rules.

HermiT and Pellet are the Java programs that owlready2 carries. They are started
directly: owlready2's own call of Pellet reads its input with a library that needs
a newer Java than the rest, and both of its calls change the graph on the way in.
OWL RL is the forward-chaining rule set of owlrl, which comes with pySHACL; it is
sound, finds no more than its rules say, and needs no Java.
"""

from __future__ import annotations

import importlib.util
import re
import subprocess
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from rdflib import OWL, RDF, RDFS, Graph, Literal

# A run takes seconds: compiling further and collecting at the same time cost more than they save.
JAVA = ("java", "-Xmx2g", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1")

# How HermiT writes a class or a property, and the links by a property.
_INVERSE = "ObjectInverseOf( "
_HERMIT_NAME = r"(ObjectInverseOf\( )?<([^>]+)>"
_HERMIT_LINKS = r"^<([^>]+)> \(known instances:(.*)\| possible instances:(.*)\)\s*$"

Triple = tuple[str, str, str]


class ReasonerError(Exception):
    """A reasoner stopped for another reason than an inconsistency; the message is its own."""


@dataclass(frozen=True)
class Model:
    """What a reasoner found: consistency, classes without possible members, and statements.

    `facts` are statements about individuals: their types and their links. Literal
    values are left out by HermiT, which does not read dates; `literals` says so.
    """

    consistent: bool
    unsatisfiable: frozenset[str] = frozenset()
    facts: frozenset[Triple] = frozenset()
    literals: bool = True

    def holds(self, triple: Triple) -> bool:
        """Return whether a statement follows; anything follows from a contradiction."""
        return not self.consistent or triple in self.facts


INCONSISTENT = Model(consistent=False)


def hermit(graph: Graph) -> Model:
    """Return what HermiT makes of a graph: classes, types and links of individuals.

    Dates are outside the datatypes of OWL 2 and are ignored.

    Raises:
        ReasonerError: when HermiT cannot read the graph, or leaves a link undecided.
    """
    output = _hermit(graph, "-c", "-O", "-D", "-I", "-Y")
    if output is None:
        return INCONSISTENT
    above: dict[str, set[str]] = defaultdict(set)
    types: dict[str, set[str]] = defaultdict(set)
    for relation, names in re.findall(r"^(\w+)\( (.*) \)$", output, re.MULTILINE):
        found = [inverse + name for inverse, name in re.findall(_HERMIT_NAME, names)]
        if relation == "Type":
            types[found[0]].add(found[1])
        elif relation.startswith("Sub"):
            above[found[0]].add(found[1])
            above[_inverse(found[0])].add(_inverse(found[1]))
        elif relation.startswith("Equivalent"):
            for name in found:
                above[name] |= set(found) - {name}
    facts: set[Triple] = set()
    for link, known, possible in re.findall(_HERMIT_LINKS, output, re.MULTILINE):
        if possible.strip():
            raise ReasonerError(f"HermiT leaves links by {link} undecided: {possible.strip()}")
        # A link is listed under its lowest properties only.
        uppers = _upwards(link, above)
        for one, other in re.findall(r"\(<([^>]+)>, <([^>]+)>\)", known):
            facts |= {(one, upper, other) for upper in uppers if not _is_inverse(upper)}
            facts |= {(other, _inverse(upper), one) for upper in uppers if _is_inverse(upper)}
    return Model(True, _empty(above), frozenset(facts | _all_types(types, above)), False)


def pellet(graph: Graph) -> Model:
    """Return what Pellet makes of a graph: classes, types, links and values of individuals.

    Raises:
        ReasonerError: when Pellet cannot read the graph.
    """
    output = _pellet(graph, "realize", "--infer-prop-values", "--infer-data-prop-values")
    if output is None:
        return INCONSISTENT
    above: dict[str, set[str]] = defaultdict(set)
    types: dict[str, set[str]] = defaultdict(set)
    facts: set[Triple] = set()
    path: list[tuple[int, list[str]]] = []
    for line in output.splitlines():
        if link := re.fullmatch(r"PROPINST: (\S+) (\S+) (\S+) *", line):
            facts.add((link[1], link[2], link[3]))
        elif value := re.fullmatch(r"DATAPROPVAL: (\S+) (\S+) literal\((.*),.*?,.*?\)", line):
            facts.add((value[1], value[2], value[3]))
        elif node := re.fullmatch(r"( +)(\S+(?: = \S+)*)(?: - \((.*)\))?", line):
            classes = node[2].split(" = ")
            path = [(depth, names) for depth, names in path if depth < len(node[1])]
            for name in classes:
                above[name] |= set(path[-1][1] if path else ()) | (set(classes) - {name})
                for individual in (node[3] or "").split(", "):
                    types[individual].add(name)
            path.append((len(node[1]), classes))
    types.pop("", None)
    return Model(True, _empty(above), frozenset(facts | _all_types(types, above)))


def owl_rl(graph: Graph) -> Model:
    """Return what the rules of OWL 2 RL make of a graph; nothing is said of empty classes."""
    import owlrl
    from owlrl.Namespaces import ERRNS

    closure = Graph()
    for triple in graph:
        closure.add(triple)
    # The rules add a message for each contradiction.
    owlrl.DeductiveClosure(owlrl.OWLRL_Semantics).expand(closure)
    if (None, RDF.type, ERRNS.ErrorMessage) in closure:
        return INCONSISTENT
    return Model(True, facts=frozenset(statements(closure)))


REASONERS: dict[str, Callable[[Graph], Model]] = {
    "HermiT": hermit,
    "Pellet": pellet,
    "OWL RL": owl_rl,
}


def hermit_consistent(graph: Graph) -> bool:
    """Return whether HermiT finds a graph consistent; dates are ignored."""
    return _hermit(graph, "-k") is not None


def pellet_consistent(graph: Graph) -> bool:
    """Return whether Pellet finds a graph consistent."""
    return _pellet(graph, "consistency") is not None


# The complete reasoners, asked for nothing but consistency: several times faster on the data.
CONSISTENT: dict[str, Callable[[Graph], bool]] = {
    "HermiT": hermit_consistent,
    "Pellet": pellet_consistent,
}


def axioms(graph: Graph) -> Graph:
    """Return a graph without what says nothing to a reasoner: labels, notes and mappings.

    The annotation properties are those that the graph declares as such, and those
    that OWL has built in.
    """
    annotations = set(graph.subjects(RDF.type, OWL.AnnotationProperty))
    annotations |= {RDFS.label, RDFS.comment, RDFS.seeAlso, RDFS.isDefinedBy, OWL.versionInfo}
    kept = Graph()
    for triple in graph:
        if triple[1] not in annotations:
            kept.add(triple)
    return kept


def statements(graph: Iterable[tuple[object, object, object]]) -> set[Triple]:
    """Return the triples of a graph as the models have them."""
    return {(str(s), str(p), str(o)) for s, p, o in graph}


def is_value(triple: tuple[object, object, object]) -> bool:
    """Return whether the object of a triple is a literal."""
    return isinstance(triple[2], Literal)


def _all_types(types: dict[str, set[str]], above: dict[str, set[str]]) -> set[Triple]:
    return {
        (individual, str(RDF.type), name)
        for individual, direct in types.items()
        for lowest in direct
        for name in _upwards(lowest, above)
    }


def _is_inverse(name: str) -> bool:
    return name.startswith(_INVERSE)


def _inverse(name: str) -> str:
    return name.removeprefix(_INVERSE) if _is_inverse(name) else _INVERSE + name


def _upwards(name: str, above: dict[str, set[str]]) -> set[str]:
    found, new = set(), {name}
    while new:
        found |= new
        new = {upper for lower in new for upper in above.get(lower, ())} - found
    return found


def _empty(above: dict[str, set[str]]) -> frozenset[str]:
    nothing = str(OWL.Nothing)
    return frozenset(name for name in above if name != nothing and nothing in _upwards(name, above))


def _hermit(graph: Graph, *options: str) -> str | None:
    jars = _jars("hermit")
    main = "org.semanticweb.HermiT.cli.CommandLine"
    with tempfile.TemporaryDirectory() as folder:
        file = _write(graph, Path(folder))
        done = _java(
            f"{jars}:{jars / 'HermiT.jar'}",
            main,
            *options,
            "--ignoreUnsupportedDatatypes",
            file.as_uri(),
        )
    output = done.stdout + done.stderr
    if "Inconsistent ontology" in output or "owl:Thing is not satisfiable" in output:
        return None
    if done.returncode:
        raise ReasonerError(output)
    return output


def _pellet(graph: Graph, *command: str) -> str | None:
    with tempfile.TemporaryDirectory() as folder:
        file = _write(graph, Path(folder))
        options = ("--loader", "OWLAPIv3", "--ignore-imports")
        done = _java(f"{_jars('pellet')}/*", "pellet.Pellet", *command, *options, str(file))
    if "Ontology is inconsistent" in done.stderr or "Consistent: No" in done.stdout:
        return None
    if done.returncode:
        raise ReasonerError(done.stderr)
    return done.stdout


def _java(jars: str, main: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [*JAVA, "-cp", jars, main, *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=280, check=False)


def _jars(name: str) -> Path:
    found = importlib.util.find_spec("owlready2")
    if found is None or not found.submodule_search_locations:
        raise ReasonerError("owlready2, which carries the reasoners, is not installed.")
    return Path(found.submodule_search_locations[0]) / name


def _write(graph: Graph, folder: Path) -> Path:
    """Write a graph as RDF/XML, which both reasoners read."""
    file = folder / "graph.rdf"
    graph.serialize(file, format="xml")
    return file
