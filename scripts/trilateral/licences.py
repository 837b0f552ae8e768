"""Licences: the address of a licence by its SPDX identifier, the same wherever one is named.

Creative Commons licences have the address of their deed, by which data portals, dataset search
and readers of nanopublications know them; all others that of the SPDX licence list.
"""

from __future__ import annotations

import re

SPDX = "https://spdx.org/licenses/"
_CREATIVE_COMMONS = re.compile(r"CC-(BY(?:-[A-Z]+)*)-([0-9.]+)")


def licence_url(licence: str) -> str:
    """Return the address of a licence by its identifier.

    >>> licence_url("CC-BY-4.0")
    'https://creativecommons.org/licenses/by/4.0/'
    >>> licence_url("ODbL-1.0")
    'https://spdx.org/licenses/ODbL-1.0'
    """
    found = _CREATIVE_COMMONS.fullmatch(licence)
    if found is None:
        return SPDX + licence
    return f"https://creativecommons.org/licenses/{found[1].lower()}/{found[2]}/"


# That of the project's own data, as CITATION.cff names it.
OF_DATA = licence_url("CC-BY-4.0")
