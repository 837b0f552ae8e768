"""Apache Jena Fuseki with a TDB2 dataset, from Maven Central."""

from pathlib import Path

from proof.engines.java import jars_of, java_is_missing
from proof.stores.store import Store

_ARTIFACT = ("org.apache.jena", "jena-fuseki-server", "5.6.0")


class Fuseki(Store):
    """Fuseki, open to all, or with one user and a password sent as ``basic`` or ``digest``.

    Without the right to write for anybody where it is ``read_only``.
    """

    name = "fuseki"

    def __init__(self, folder: Path, *, auth: str | None = None, read_only: bool = False) -> None:
        super().__init__(folder)
        self.auth, self.read_only = auth, read_only
        if auth:
            self.user, self.password = "ada", "kelp-round-7"  # which protects nothing

    @classmethod
    def missing(cls) -> str | None:
        """Return why Fuseki cannot run here, or None when it can."""
        return java_is_missing(_ARTIFACT)

    @classmethod
    def install(cls) -> None:
        """Fetch Fuseki from Maven Central, once."""
        jars_of(_ARTIFACT)

    def command(self) -> list[object]:
        """Return the command that starts the server."""
        words = [
            *self.java(),
            *("-cp", f"{jars_of(_ARTIFACT)}/*", "org.apache.jena.fuseki.main.cmds.FusekiMainCmd"),
            *("--localhost", f"--port={self.port}"),
        ]
        if not self.read_only:
            words.append("--update")
        if self.auth:
            users = self.folder / "users"
            users.write_text(f"{self.user}: {self.password}\n")
            words += [f"--passwd={users}", f"--auth={self.auth}"]
        (self.folder / "data").mkdir(exist_ok=True)
        return [*words, "--tdb2", f"--loc={self.folder / 'data'}", "/ds"]

    @property
    def url(self) -> str:
        """The address of the dataset."""
        return f"http://127.0.0.1:{self.port}/ds"
