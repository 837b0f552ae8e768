"""The same verdict from several SHACL engines: ``python -m proof.engines``.

The shipped data and every fixture are validated by each engine that is installed; focus
node, path and constraint component of each result are compared with those of plain
pySHACL, and how often each occurs. Known differences stand in ``differences.py``.
"""

from proof.engines.page import section

__all__ = ["section"]
