"""Drawing: SVG as a tree that can be written for a page, or as a file of its own.

Text and attributes are escaped by the tree, so that no label can break out. In a page,
classes carry the colours (``static/views.css``, light and dark) and links lead to this
server; in a file, attributes carry the colours and links lead to the published IRIs.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from copy import deepcopy
from xml.etree import ElementTree as ET

from trilateral.serve.pages.table import plain

Node = ET.Element
_NO_XML = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_FONT = "system-ui, 'Noto Sans', 'Noto Sans CJK JP', sans-serif"
# What a file has for the classes of the style sheet: the light colours.
PAINT: dict[str, dict[str, str]] = {
    "ink": {"fill": "#1c2226"},
    "soft": {"fill": "#55606a"},
    "on-dark": {"fill": "#ffffff"},
    "on-light": {"fill": "#1c2226"},
    "line": {"stroke": "#d3d9de"},
    "rule": {"stroke": "#78838c"},
    "event": {"fill": "#a03a22", "stroke": "#a03a22"},
    "membership": {"fill": "#0b5a7a", "stroke": "#0b5a7a"},
    "phase": {"fill": "#5d6b2c", "stroke": "#5d6b2c"},
    "framework": {"fill": "#5b4a86", "stroke": "#5b4a86"},
    "maybe": {"fill-opacity": "0.22"},
    "sea": {"fill": "#eef3f6"},
    "land": {"fill": "#cfd6d3", "stroke": "#cfd6d3"},
    "place": {"fill": "#a03a22", "fill-opacity": "0.72", "stroke": "#ffffff"},
    "member": {"fill": "#0b5a7a", "stroke": "#ffffff"},
    "halo": {"stroke": "#ffffff", "stroke-width": "3", "paint-order": "stroke"},
    "supports": {"fill": "#d5e8f4", "stroke": "#14567a"},
    "opposes": {"fill": "#f8ddcf", "stroke": "#8f3317"},
    "ambivalent": {"fill": "#ece3f5", "stroke": "#5b4a86"},
    "neutral": {"fill": "#f3f5f7", "stroke": "#78838c"},
    "several": {"fill": "#ece3f5", "stroke": "#5b4a86"},
    "none": {"fill": "#ffffff", "stroke": "#d3d9de"},
    "heat-1": {"fill": "#e3eff5"},
    "heat-2": {"fill": "#b9d9e8"},
    "heat-3": {"fill": "#7fb8d2"},
    "heat-4": {"fill": "#2a759a"},
    "heat-5": {"fill": "#0b4a66"},
    "soft-mark": {"fill": "#78838c"},
    "node": {"fill": "#ffffff", "stroke": "#55606a"},
    "apart": {"fill": "#78838c", "stroke": "#78838c"},
}  # fmt: skip


def draw(name: str, title: str, description: str, width: float, height: float) -> Node:
    """Return an empty drawing that names and describes itself to screen readers.

    In a page it is a group, since an image (role ``img``) hides the links in it; as a file
    it is an image.

    ``name`` makes its identifiers; width and height are in units that a page shows as
    pixels or scales down.
    """
    root = ET.Element("svg", {
        "xmlns": "http://www.w3.org/2000/svg", "viewBox": f"0 0 {number(width)} {number(height)}",
        "width": number(width), "height": number(height), "role": "group",
        "aria-labelledby": f"{name}-title {name}-desc", "class": "drawing",
        "font-family": _FONT, "font-size": "13",
    })  # fmt: skip
    add(root, "title", title, id=f"{name}-title")
    add(root, "desc", description, id=f"{name}-desc")
    return root


def add(parent: Node, tag: str, text: str = "", **attributes: str | float) -> Node:
    """Add an element; ``_`` in names of attributes is ``-``, a trailing one is left out.

    An attribute whose value is "" is not written.

    >>> node = ET.Element("g")
    >>> _ = add(node, "text", "a < b" + chr(0x202E), class_="soft", text_anchor="end", x=1.0)
    >>> ET.tostring(node, "unicode")
    '<g><text class="soft" text-anchor="end" x="1">a &lt; b</text></g>'
    """
    given = {
        name.rstrip("_").replace("_", "-"): clean(value)
        if isinstance(value, str)
        else number(value)
        for name, value in attributes.items()
        if value != ""
    }
    node = ET.SubElement(parent, tag, given)
    if text:
        node.text = clean(text)
    return node


def link(parent: Node, iri: str, title: str) -> Node:
    """Add a link to a thing, which shows its title when it is pointed at."""
    node = ET.SubElement(parent, "a", {"href": iri})
    add(node, "title", title)
    return node


def mark(parent: Node, iri: str, title: str) -> Node:
    """Add a link that holds what stands for one row of the table beside the drawing."""
    node = link(parent, iri, title)
    node.set("class", "mark")
    return node


def marks(root: Node) -> int:
    """Return how many marks a drawing has: the rows of the table beside it."""
    return sum(1 for node in root.iter("a") if node.get("class") == "mark")


def inline(root: Node, url: Callable[[str], str]) -> str:
    """Write a drawing for a page; ``url`` gives the path of the page of a thing."""
    return ET.tostring(_linked(root, url), "unicode")


def as_file(root: Node) -> str:
    """Write a drawing as a file of its own, on paper, with colours and whole IRIs."""
    copy = _linked(root, lambda iri: iri)
    copy.set("role", "img")
    for node in copy.iter():
        for name in node.get("class", "").split():
            for attribute, value in PAINT.get(name, {}).items():
                node.set(attribute, value)
    paper = ET.Element("rect", {"width": "100%", "height": "100%", "fill": "#ffffff"})
    copy.insert(2, paper)
    text = ET.tostring(copy, "unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'


def _linked(root: Node, url: Callable[[str], str]) -> Node:
    copy = deepcopy(root)
    for node in copy.iter("a"):
        target = url(node.attrib.pop("href"))
        # What leads elsewhere than to a page is no link, whatever stands in the data.
        if target.startswith(("/", "https://", "http://")):
            node.set("href", target)
    return copy


def number(value: float) -> str:
    """Return a number with at most two digits after the point.

    >>> number(3.0), number(2.5), number(1 / 3), number(-0.001)
    ('3', '2.5', '0.33', '0')
    """
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def clean(text: str) -> str:
    """Return a text without what XML cannot hold and what turns other text round."""
    return _NO_XML.sub("", plain(text))


def cut(text: str, room: float, size: float = 13) -> str:
    """Return a text that fits a width, by an estimate of its letters, else without its end.

    >>> cut("Meeting of the ministers in Bali in 2011", 200)
    'Meeting of the ministers i…'
    """
    text = clean(text)
    if width(text, size) <= room:
        return text
    kept = len(text) - 1
    while kept > 0:
        short = f"{text[:kept].rstrip()}…"
        if width(short, size) <= room:
            return short
        kept -= 1
    return "…"


def width(text: str, size: float = 13) -> float:
    """Return about how wide a text is, in a font that is rather wide."""
    return sum(size if ord(each) > 0x2E7F else 0.55 * size for each in text)
