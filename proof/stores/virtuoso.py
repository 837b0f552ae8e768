"""Virtuoso Open Source, from Debian's package ``virtuoso-opensource-7-bin``."""

import signal
import subprocess
from pathlib import Path

from proof.stores.store import Store, find, free_port

# What Debian's own virtuoso.ini says, as far as it matters here: the limits are those of users.
_SETTINGS = """\
[Database]
DatabaseFile = virtuoso.db
ErrorLogFile = virtuoso.log
LockFile = virtuoso.lck
TransactionFile = virtuoso.trx
xa_persistent_file = virtuoso.pxa
FileExtend = 200
MaxCheckpointRemap = 2000
TempStorage = TempDatabase

[TempDatabase]
DatabaseFile = virtuoso-temp.db
TransactionFile = virtuoso-temp.trx
MaxCheckpointRemap = 2000

[Parameters]
ServerPort = 127.0.0.1:{sql}
DisableUnixSocket = 1
MaxClientConnections = 10
CheckpointInterval = 60
CaseMode = 2
DirsAllowed = .
SchedulerInterval = 10
NumberOfBuffers = 10000
MaxDirtyBuffers = 6000
ThreadsPerQuery = 2

[HTTPServer]
ServerPort = 127.0.0.1:{http}
ServerRoot = .
MaxClientConnections = 10
ServerThreads = 10
HTTPThreadSize = 280000
Charset = UTF-8

[SPARQL]
ResultSetMaxRows = 10000
MaxQueryExecutionTime = 60
"""


class Virtuoso(Store):
    """Virtuoso with its one user that may write, ``dba``, and the password it comes with."""

    name = "virtuoso"
    user = password = "dba"  # as any new Virtuoso has it; only this machine reaches it

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.sql_port = 0

    @classmethod
    def missing(cls) -> str | None:
        """Return why Virtuoso cannot run here, or None when it can."""
        if find("virtuoso-t") and find("isql-vt"):
            return None
        return "Virtuoso is not installed (apt-get install virtuoso-opensource-7-bin)"

    def command(self) -> list[object]:
        """Return the command that starts the server."""
        self.sql_port = free_port()
        settings = self.folder / "virtuoso.ini"
        settings.write_text(_SETTINGS.format(sql=self.sql_port, http=self.port))
        # What a crash leaves keeps the next start from its data, though nobody uses them.
        (self.folder / "virtuoso.lck").unlink(missing_ok=True)
        return [find("virtuoso-t"), "-f", "-c", settings]

    def stop(self, number: int = signal.SIGTERM) -> None:
        """End the store; where connections have just ended it cannot listen again for a while."""
        super().stop(number)
        self.port = 0

    @property
    def url(self) -> str:
        """The address of the server."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def query(self) -> str:
        """The address of its queries."""
        return f"{self.url}/sparql"

    def probe(self) -> str:
        """Return the address of a query, which is answered later than the first page."""
        return f"{self.query}?query=ASK%7B%3Fs%20%3Fp%20%3Fo%7D"

    def isql(self, *statements: str) -> str:
        """Run statements of SQL as the administrator, and return what they print.

        Raises:
            subprocess.CalledProcessError: when one fails.
        """
        text = "".join(f"{statement};\n" for statement in statements)
        login = (f"127.0.0.1:{self.sql_port}", self.user, self.password)
        words = [str(find("isql-vt")), *login, "ERRORS=stdout", "VERBOSE=off", "PROMPT=off"]
        done = subprocess.run(words, input=text, capture_output=True, text=True, check=True)
        if "*** Error" in done.stdout:
            raise subprocess.CalledProcessError(1, words[0], done.stdout, done.stderr)
        return done.stdout
