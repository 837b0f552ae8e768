"""Oxigraph server, from the PyPI package ``oxigraph``."""

from pathlib import Path

from proof.stores.store import Store, find


class Oxigraph(Store):
    """``oxigraph serve``, or ``serve-read-only`` of data that lie there already."""

    name = "oxigraph"

    def __init__(self, folder: Path, *, read_only: bool = False) -> None:
        super().__init__(folder)
        self.read_only = read_only

    @classmethod
    def missing(cls) -> str | None:
        """Return why the server cannot run here, or None when it can."""
        return None if find("oxigraph") else "oxigraph is not installed (pip install oxigraph)"

    def command(self) -> list[object]:
        """Return the command that starts the server."""
        verb = "serve-read-only" if self.read_only else "serve"
        return [
            *(find("oxigraph"), verb, "--location", self.folder / "data"),
            *("--bind", f"127.0.0.1:{self.port}"),
        ]

    @property
    def url(self) -> str:
        """The address of the server."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def query(self) -> str:
        """The address of its queries."""
        return f"{self.url}/query"
