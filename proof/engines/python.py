"""The engines that run in Python: pySHACL, this package's use of it, and pyrudof."""

import importlib.metadata
import importlib.util
import sys
from pathlib import Path

from proof.engines.engine import Engine


class _OnPython(Engine):
    package: str
    # A file is started with -P, which keeps the modules beside it from hiding those of the
    # same names; as a file, so that importing this package is no part of the time.
    start: tuple[str, ...]

    def version(self) -> str:
        return importlib.metadata.version(self.package)

    def missing(self) -> str | None:
        if importlib.util.find_spec(self.package) is None:
            return f"the Python package {self.package} is not installed"
        return None

    def program(self) -> list[str]:
        return [sys.executable, *self.start]


def _script(name: str) -> tuple[str, ...]:
    return ("-P", str(Path(__file__).with_name(name)))


class PySHACL(_OnPython):
    """pySHACL as its own command line runs it."""

    name, package = "pySHACL", "pyshacl"
    start = ("-m", "pyshacl")
    arguments = ("--format", "nt", "--shacl", "{shapes}", "{data}")


class Trilateral(_OnPython):
    """``trilateral.check.shacl``, which shares the shapes of pySHACL out over processes."""

    name, package = "trilateral check", "trilateral"
    start = _script("run_trilateral.py")


class Rudof(_OnPython):
    """pyrudof, the Python package of rudof, an engine in Rust."""

    name, package = "pyrudof", "pyrudof"
    start = _script("run_rudof.py")
