"""What all stores have in common: a process, an address that answers, and an end."""

import shutil
import signal
import socket
import subprocess
import sys
import time
from abc import ABC, abstractmethod
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.request import ProxyHandler, build_opener

# Seconds that a store may take to start: the machine may do much else.
_START = 120
_TRIES = 3
# What a server says that listens already and is not ready.
_NOT_YET = 503


class StoreError(Exception):
    """A store could not be started."""


class Store(ABC):
    """A store that runs while ``with`` lasts, with its data in ``folder``.

    Attributes:
        url: Its address as ``trilateral load`` takes it.
        user: Who may write, with a password; empty where everybody may.
    """

    name: str
    user = password = ""

    def __init__(self, folder: Path) -> None:
        self.folder = Path(folder)
        self.process: subprocess.Popen | None = None
        self.port = 0

    @classmethod
    def missing(cls) -> str | None:
        """Return why the store cannot run here, or None when it can."""
        return None

    @classmethod
    def install(cls) -> None:
        """Fetch what the store needs, once; most need nothing."""
        return

    @abstractmethod
    def command(self) -> list[object]:
        """Return the command that starts the store at ``self.port``."""

    def java(self) -> list[object]:
        """Return how Java is started: small, soon, and with its temporary files in the folder."""
        where = f"-Djava.io.tmpdir={self.folder}"
        return ["java", "-Xmx512m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", where]

    @property
    @abstractmethod
    def url(self) -> str:
        """The address to load into."""

    @property
    def query(self) -> str:
        """The address of its queries."""
        return self.url

    def probe(self) -> str:
        """Return an address that is answered once the store is ready."""
        return self.url

    def prepare(self) -> None:  # noqa: B027 - not all need it
        """Do what a new store needs, once it answers."""

    def start(self) -> "Store":
        """Start the store, at another port where the first was taken meanwhile."""
        self.install()
        self.folder.mkdir(parents=True, exist_ok=True)
        log = self.folder.with_name(f"{self.folder.name}.log")
        for _ in range(_TRIES):
            self.port = self.port or free_port()
            with log.open("wb") as out:
                self.process = subprocess.Popen(
                    [str(word) for word in self.command()],
                    cwd=self.folder,
                    stdin=subprocess.DEVNULL,
                    stdout=out,
                    stderr=subprocess.STDOUT,
                )
            try:
                if self._answers():
                    self.prepare()
                    return self
            except BaseException:
                self.stop()
                raise
            self.stop()
            self.port = 0
        raise StoreError(f"{self.name} does not start: {log.read_text(errors='replace')[-2000:]}")

    def _answers(self) -> bool:
        end = time.monotonic() + _START
        opener = build_opener(ProxyHandler({}))
        while self.process.poll() is None and time.monotonic() < end:
            try:
                opener.open(self.probe(), timeout=5).close()
            except HTTPError as error:
                # Of any other refusal the store itself is the author.
                if error.code != _NOT_YET:
                    return True
                time.sleep(0.05)
            except (URLError, OSError):
                time.sleep(0.05)
            else:
                return True
        return False

    def stop(self, number: int = signal.SIGTERM) -> None:
        """End the store; with SIGKILL as a crash would."""
        if self.process is None:
            return
        self.process.send_signal(number)
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process = None

    def __enter__(self) -> "Store":
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()


def find(name: str) -> Path | None:
    """Return the path of a program, beside this Python or on the search path."""
    beside = Path(sys.executable).with_name(name)
    found = shutil.which(name)
    return beside if beside.exists() else Path(found) if found else None


def free_port() -> int:
    """Return a port of this machine that nobody uses."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return listening.getsockname()[1]
