"""Land: the outline of the land of the world, for drawing under points; no borders of states.

``outline/land-110m.json`` is the file of that name in the npm package ``world-atlas`` 2.0.2
(ISC, see ``outline/LICENSE``), byte for byte: Natural Earth 4.1, land at 1:110 million, which
is in the public domain. It is TopoJSON: lines that are shared by shapes, quantised.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

FILE = Path(__file__).parent / "outline" / "land-110m.json"
SHA256 = "ead5f68119c49a9250902e7da303bcb209341bbb8fefe7369a439b48b704658a"

Ring = list[tuple[float, float]]


@cache
def rings() -> tuple[Ring, ...]:
    """Return the outlines of all land as rings of longitude and latitude in degrees.

    A ring that crosses 180 degrees goes on beyond it; the one around the pole does not close.

    >>> all(-90 <= latitude <= 90 for ring in rings() for _, latitude in ring)
    True
    """
    topology = json.loads(FILE.read_bytes())
    (scale_x, scale_y), (west, south) = (topology["transform"][k] for k in ("scale", "translate"))
    arcs: list[Ring] = []
    for steps in topology["arcs"]:
        x = y = 0
        arc = []
        # Each point is told by its distance from the one before.
        for step_x, step_y in steps:
            x, y = x + step_x, y + step_y
            arc.append((x * scale_x + west, y * scale_y + south))
        arcs.append(arc)
    found = []
    for shape in topology["objects"]["land"]["geometries"]:
        for polygon in shape["arcs"]:
            for numbers in polygon:
                ring: Ring = []
                for number in numbers:
                    # A negative number (its complement) is an arc that is walked backwards.
                    arc = arcs[number] if number >= 0 else arcs[~number][::-1]
                    ring += arc[1:] if ring else arc
                found.append(_unrolled(ring))
    return tuple(found)


def _unrolled(ring: Ring) -> Ring:
    """Return a ring that goes on beyond 180 degrees instead of jumping to the other side."""
    turns, before = 0.0, ring[0][0]
    found: Ring = []
    for longitude, latitude in ring:
        if abs(longitude - before) > 180:
            turns += 360 if longitude < before else -360
        before = longitude
        found.append((longitude + turns, latitude))
    # Most of it lies where its numbers say, whichever side it was begun on.
    middle = sum(longitude for longitude, _ in found) / len(found)
    back = 360 * round(middle / 360)
    return [(longitude - back, latitude) for longitude, latitude in found]
