"""What all engines have in common: a name, a version, and one process for each validation."""

import subprocess
import time
from abc import ABC, abstractmethod
from dataclasses import dataclass
from pathlib import Path

from proof.engines.report import Verdict, read_report

# What the engines need from elsewhere is kept here between runs, outside the repository.
CACHE = Path.home() / ".cache" / "trilateral"


class EngineError(Exception):
    """An engine could not be installed, or gave no validation report."""


@dataclass(frozen=True)
class Run:
    """One validation: what was found, and the seconds of the whole process."""

    verdict: Verdict
    seconds: float


class Engine(ABC):
    """A SHACL engine that reads two files of N-Triples and prints a report in Turtle.

    Attributes:
        name: What the engine is called.
        arguments: What follows the program, with ``{data}`` and ``{shapes}`` for the files.
    """

    name: str
    arguments: tuple[str, ...] = ("{data}", "{shapes}")

    @abstractmethod
    def version(self) -> str:
        """Return the version, without starting the engine."""

    def missing(self) -> str | None:
        """Return why the engine cannot run here, or None when it can."""
        return None

    def install(self) -> None:  # noqa: B027 - most engines come with the package
        """Fetch what the engine needs, once; not part of any time that is taken.

        Raises:
            EngineError: It cannot be fetched.
        """

    @abstractmethod
    def program(self) -> list[str]:
        """Return the start of the command line."""

    def validate(self, data: Path, shapes: Path) -> Run:
        """Return what the engine finds in a process of its own; ``install`` it before.

        Raises:
            EngineError: The process printed no validation report.
        """
        arguments = [each.format(data=data, shapes=shapes) for each in self.arguments]
        start = time.perf_counter()
        done = subprocess.run([*self.program(), *arguments], capture_output=True, text=True)
        seconds = time.perf_counter() - start
        # The exit status says "does not conform" with the number that others use for a crash.
        try:
            verdict = read_report(done.stdout)
        except ValueError as error:
            last = (done.stderr.strip() or str(error)).splitlines()[-1]
            raise EngineError(f"{self.name} gave no report on {data.name}: {last}") from error
        return Run(verdict, seconds)


def run(command: list[str], folder: Path) -> None:
    """Run a command that installs something.

    Raises:
        EngineError: The command failed.
    """
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    if done.returncode:
        text = (done.stdout + done.stderr).strip()
        raise EngineError(f"{' '.join(command)} failed: {text}")
