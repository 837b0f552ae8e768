"""Pictures: the model as class diagrams in SVG, laid out by Graphviz, each with its table.

Graphviz gets boxes of given sizes and places them; text is set by the browser. So the same
model gives the same picture, whatever fonts the machine has that makes it.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from xml.etree import ElementTree as ET

import pygraphviz
from markupsafe import Markup

from trilateral.prefixes import prefixes
from trilateral.publish.docs.model import Model, Picture, Relation
from trilateral.publish.docs.pages import Entry, Heading, Page
from trilateral.publish.docs.terms import Places
from trilateral.serve.pages.views.drawing import Node, add, as_file, draw, link, number, width

PAGE = "models.html"
# A table of a given size keeps the room that the names of an arrow need.
_ROOM = (
    '<<TABLE FIXEDSIZE="TRUE" WIDTH="{wide}" HEIGHT="{high}" BORDER="0"><TR><TD></TD></TR></TABLE>>'
)
_LINE, _PAD, _POINTS = 17.0, 8.0, 72.0


def make_pictures(model: Model, places: Places) -> tuple[Page, dict[str, bytes]]:
    """Return the page of all pictures, and each as a file of its own."""
    shown, files = [], {}
    for picture in model.pictures():
        root = draw_picture(picture)
        file = f"models/{picture.name}.svg"
        files[file] = as_file(root).encode()
        shown.append(
            {
                "name": picture.name,
                "title": picture.title,
                "lead": picture.lead,
                "svg": Markup(_inline(root, places)),
                "file": f"/{file}",
                "rows": list(_rows(picture, places)),
            }
        )
    page = Page(
        PAGE,
        "Pictures of the model",
        "models.html",
        {"pictures": shown},
        [Heading(2, str(each["name"]), str(each["title"])) for each in shown],
        [
            Entry(str(each["name"]), f"Picture: {each['title']}", str(each["lead"]))
            for each in shown
        ],
    )
    return page, files


def places_of_pictures(model: Model) -> dict[str, tuple[str, str]]:
    """Return for each class the picture of the file that declares it, and its title."""
    return {
        each: (f"/{PAGE}#{picture.name}", picture.title)
        for picture in model.pictures()
        if picture.attributes
        for each in dict.fromkeys(relation.source for relation in picture.relations)
    }


def draw_picture(picture: Picture) -> Node:
    """Return a class diagram: boxes with attributes, arrows with names and numbers."""
    graph = pygraphviz.AGraph(directed=True, strict=False)
    graph.graph_attr.update(rankdir="LR", nodesep="0.3", ranksep="0.4", splines="spline")
    graph.node_attr.update(shape="box", fixedsize="true", label="")
    attributes = {
        each: [relation for relation in picture.relations if _is_attribute(picture, each, relation)]
        for each in picture.classes
    }
    sizes = {each: _size(picture, each, attributes[each]) for each in picture.classes}
    for each, (wide, high) in sizes.items():
        graph.add_node(each, width=wide / _POINTS, height=high / _POINTS)
    arrows = _arrows(picture)
    for (source, target), labels in arrows.items():
        wide = max(width(label, 12) for label in labels) + 6
        high = 15 * len(labels)
        room = _ROOM.format(wide=round(wide), high=high)
        graph.add_edge(source, target, key=f"r {source} {target}", label=room)
    for narrow, broad in picture.broader:
        graph.add_edge(broad, narrow, key=f"b {broad} {narrow}", dir="back", arrowtail="empty")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Graphviz rounds sizes, and says so.
        graph.layout(prog="dot")
    _, _, right, top = (float(each) for each in str(graph.graph_attr["bb"]).split(","))
    root = draw(f"model-{picture.name}", picture.title, picture.lead, right + 16, top + 16)
    scene = add(root, "g", transform="translate(8,8)")
    _draw_arrows(scene, graph, arrows, picture, top)
    for each in picture.classes:
        x, y = (float(at) for at in str(graph.get_node(each).attr["pos"]).split(","))
        _draw_class(scene, picture, each, attributes[each], (x, top - y), sizes[each])
    return root


def _is_attribute(picture: Picture, source: str, relation: Relation) -> bool:
    return picture.attributes and relation.source == source and not relation.targets


def _size(picture: Picture, each: str, attributes: list[Relation]) -> tuple[float, float]:
    texts = [_attribute(relation) for relation in attributes]
    wide = max([width(picture.labels[each], 15), *(width(text, 12) for text in texts)])
    return wide + 2 * _PAD, 24 + _LINE * len(attributes) + (_PAD if attributes else 0)


def _attribute(relation: Relation) -> str:
    value = f": {relation.value}" if relation.value else ""
    return f"{relation.label}{value} [{relation.count}]"


def _arrows(picture: Picture) -> dict[tuple[str, str], list[str]]:
    """Return the names of the relations of each two classes."""
    found: dict[tuple[str, str], list[str]] = {}
    for relation in picture.relations:
        for target in relation.targets:
            labels = found.setdefault((relation.source, target), [])
            text = f"{relation.label} [{relation.count}]"
            if text not in labels:
                labels.append(text)
    return found


def _draw_class(
    scene: Node,
    picture: Picture,
    each: str,
    attributes: list[Relation],
    middle: tuple[float, float],
    size: tuple[float, float],
) -> None:
    left, top = middle[0] - size[0] / 2, middle[1] - size[1] / 2
    box = link(scene, each, prefixes().compact(each))
    add(
        box, "rect", class_="node", x=left, y=top, width=size[0], height=size[1], rx=4,
        stroke_width=1.5,
    )  # fmt: skip
    add(
        box, "text", picture.labels[each], class_="ink", x=middle[0], y=top + 17,
        text_anchor="middle", font_weight="600",
    )  # fmt: skip
    if attributes:
        end = left + size[0]
        add(scene, "line", class_="rule", x1=left, y1=top + 24, x2=end, y2=top + 24)
    for at, relation in enumerate(attributes):
        line = top + 24 + _LINE * (at + 1) - 2
        add(scene, "text", _attribute(relation), class_="ink", x=left + _PAD, y=line, font_size=12)


def _draw_arrows(
    scene: Node,
    graph: pygraphviz.AGraph,
    arrows: dict[tuple[str, str], list[str]],
    picture: Picture,
    top: float,
) -> None:
    for source, target, key in graph.edges(keys=True):
        edge, broader = graph.get_edge(source, target, key), key.startswith("b ")
        start, end, points = _spline(str(edge.attr["pos"]), top)
        line = "M" + " C".join(
            " ".join(f"{number(x)},{number(y)}" for x, y in part)
            for part in (points[:1], points[1:])
        )
        kind = {"stroke_dasharray": "5 3"} if broader else {}
        add(scene, "path", d=line, class_="rule", fill="none", stroke_width=1.2, **kind)
        tip, before = (start, points[0]) if broader else (end, points[-1])
        _draw_head(scene, before, tip, hollow=broader)
        if broader:
            continue
        x, y = (float(at) for at in str(edge.attr["lp"]).split(","))
        labels = arrows[source, target]
        for at, text in enumerate(labels):
            baseline = top - y + 15 * (at - (len(labels) - 1) / 2) + 4
            add(
                scene, "text", text, class_="soft halo", x=x, y=baseline, text_anchor="middle",
                font_size=12,
            )  # fmt: skip


def _draw_head(
    scene: Node, before: tuple[float, float], tip: tuple[float, float], hollow: bool
) -> None:
    across, down = tip[0] - before[0], tip[1] - before[1]
    length = (across**2 + down**2) ** 0.5 or 1
    side = (-down / length * 4.5, across / length * 4.5)
    left = (before[0] + side[0], before[1] + side[1])
    right = (before[0] - side[0], before[1] - side[1])
    points = " ".join(f"{number(x)},{number(y)}" for x, y in (tip, left, right))
    add(scene, "polygon", points=points, class_="node" if hollow else "apart", stroke_width=1.2)


def _spline(
    text: str, top: float
) -> tuple[tuple[float, float], tuple[float, float], list[tuple[float, float]]]:
    """Return both ends of an arrow, where its heads are, and the points of its curve."""
    ends, points = {}, []
    for part in text.split():
        *kind, x, y = part.split(",")
        at = (float(x), top - float(y))
        if kind:
            ends[kind[0]] = at
        else:
            points.append(at)
    return ends.get("s", points[0]), ends.get("e", points[-1]), points


def _rows(picture: Picture, places: Places) -> Iterator[dict[str, object]]:
    """Yield the rows of the table that says what the picture shows."""
    for narrow, broad in picture.broader:
        yield {
            "source": places.link(narrow, picture.labels[narrow]),
            "prop": "is narrower than",
            "value": places.link(broad, picture.labels[broad]),
            "count": "",
        }
    for relation in picture.relations:
        targets = [places.link(each, picture.labels[each]) for each in relation.targets]
        yield {
            "source": places.link(relation.source, picture.labels[relation.source]),
            "prop": places.link(relation.prop, relation.label),
            "value": Markup(" or ").join(targets) or relation.value,
            "count": relation.count,
            "at": places.link(relation.at, prefixes().compact(relation.at)),
        }


def _inline(root: Node, places: Places) -> str:
    """Write a picture for the page, its links to the entries of the terms."""
    text = ET.tostring(root, "unicode")
    found = ET.fromstring(text)
    for node in found.iter("{http://www.w3.org/2000/svg}a"):
        node.set("href", places.of[node.attrib["href"]])
    ET.register_namespace("", "http://www.w3.org/2000/svg")
    return ET.tostring(found, "unicode")
