"""Validate one corpus with every engine that is installed."""

import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from proof.engines.corpus import Corpus
from proof.engines.engine import Engine, EngineError, Run
from proof.engines.java import Jena, TopBraid
from proof.engines.javascript import RdfValidateShacl, ShaclEngine
from proof.engines.python import PySHACL, Rudof, Trilateral

# The first is the one that the others are compared with.
REFERENCE = PySHACL()
ENGINES: tuple[Engine, ...] = (
    REFERENCE,
    Trilateral(),
    TopBraid(),
    Jena(),
    Rudof(),
    RdfValidateShacl(),
    ShaclEngine(),
)


def installed() -> list[Engine]:
    """Return the engines that can run here, with all that they need fetched.

    Raises:
        EngineError: What an engine needs cannot be fetched.
    """
    engines = [engine for engine in ENGINES if engine.missing() is None]
    for engine in engines:
        engine.install()
    return engines


def absent() -> dict[str, str]:
    """Return the engines that cannot run here, with the reason."""
    reasons = {engine.name: engine.missing() for engine in ENGINES}
    return {name: reason for name, reason in reasons.items() if reason is not None}


def validate_all(
    corpus: Corpus, engines: list[Engine], at_once: int = 1
) -> dict[str, Run | EngineError]:
    """Return what each engine finds, or the error of one that gave no report.

    Args:
        corpus: What to validate.
        engines: Those of ``installed``.
        at_once: How many processes may run side by side; one where times matter.
    """

    def attempt(engine: Engine) -> Run | EngineError:
        try:
            return engine.validate(data, shapes)
        except EngineError as error:
            return error

    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(at_once) as pool:
        data, shapes = corpus.write(Path(folder))
        return dict(
            zip((engine.name for engine in engines), pool.map(attempt, engines), strict=True)
        )
