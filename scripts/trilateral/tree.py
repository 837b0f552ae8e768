"""A graph as its blank nodes can be written: in place where each is used, named where not."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pyoxigraph as ox

    Term = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple
    Pairs = list[tuple[ox.NamedNode, Term]]

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"


class Tree:
    """Triples by subject, and which blank nodes are written inside the block of another.

    A blank node that is the object of one triple is written there; of a circle of
    such nodes one is named. ``pairs`` holds predicates and objects by subject,
    ``references`` how often a blank node is an object, and ``roots`` the subject
    around each blank node that is written in place.

    ``labels`` are the names of blank nodes that a text has, such as ``_:b``; the
    others cannot be named, for their names change at each reading.
    """

    def __init__(self, triples: Iterable[ox.Triple], labels: Collection[str] = ()) -> None:
        import pyoxigraph

        self.triples = list(dict.fromkeys(triples))
        self.pairs: dict[Term, Pairs] = defaultdict(list)
        self.references: Counter[Term] = Counter()
        self._labels = labels
        above: dict[Term, Term] = {}
        for triple in self.triples:
            self.pairs[triple.subject].append((triple.predicate, triple.object))
            if isinstance(triple.object, pyoxigraph.BlankNode):
                self.references[triple.object] += 1
                above[triple.object] = triple.subject
        once = {node: above[node] for node in above if self.references[node] == 1}
        self.roots = self._roots(once)

    @property
    def subjects(self) -> list[Term]:
        """The subjects that have a block of their own, in the order of the triples."""
        return [subject for subject in self.pairs if subject not in self.roots]

    def named(self) -> list[Term]:
        """Return the blank nodes that cannot be written without a name."""
        return [node for node in self.references if node not in self.roots]

    def is_nameless(self, subject: Term) -> bool:
        """Tell whether a subject was written in brackets, so that nothing can refer to it."""
        from pyoxigraph import BlankNode

        nowhere = isinstance(subject, BlankNode) and not self.references[subject]
        return nowhere and str(subject) not in self._labels

    def canonical(self) -> Tree:
        """Return the same tree with names that depend on the graph alone (RDFC-1.0).

        A graph that needs no names is returned as it is: naming takes time that
        grows with the third power of the length of a list.
        """
        import pyoxigraph

        if not self.named():
            return self
        quads = [pyoxigraph.Quad(t.subject, t.predicate, t.object) for t in self.triples]
        dataset = pyoxigraph.Dataset(quads)
        dataset.canonicalize(pyoxigraph.CanonicalizationAlgorithm.RDFC_1_0)
        return Tree(quad.triple for quad in dataset)

    def inside(self, node: Term) -> list[Term]:
        """Return what is written between the brackets of a node: its members or objects."""
        items = self.items(node) if node in self.roots else None
        if items is None:
            items = [value for _, value in self.pairs.get(node, ())]
        return items

    def items(self, node: Term) -> list[Term] | None:
        """Return the members of a well-formed list, or None when the node is no list."""
        items: list[Term] = []
        while node in self.roots:
            pairs = {predicate.value: value for predicate, value in self.pairs.get(node, ())}
            if len(self.pairs.get(node, ())) != 2 or set(pairs) != {RDF + "first", RDF + "rest"}:
                return None
            items.append(pairs[RDF + "first"])
            node = pairs[RDF + "rest"]
        return items if getattr(node, "value", None) == RDF + "nil" and items else None

    def _roots(self, above: dict[Term, Term]) -> dict[Term, Term]:
        """Return the root of each node that hangs below another; each way up is gone once."""
        roots: dict[Term, Term] = {}
        named: set[Term] = set()
        for node in above:
            way: dict[Term, None] = {}
            while node in above and node not in roots and node not in way and node not in named:
                way[node] = None
                node = above[node]
            root = roots.get(node, node)
            if node in way:
                circle = list(way)[list(way).index(node) :]
                with_label = [each for each in circle if str(each) in self._labels]
                root = min(with_label or circle, key=str)
                named.add(root)
            roots |= {each: root for each in way if each not in named}
        return roots
