"""Watch: check again at each change of a file."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from trilateral import dataset as datasets
from trilateral.check.incremental import Checked
from trilateral.check.run import check_prefixes, quiet
from trilateral.check.verdict import judge, tell
from trilateral.findings import Finding
from trilateral.home import Home
from trilateral.vocabulary import forget

_WATCHED = (".ttl", ".rq", ".txt", ".csv")
# Milliseconds after which the watcher looks up though nothing has changed.
_PAUSE = 500


def watch(home: Home, progress: Callable[[str], None]) -> Iterator[list[Finding]]:
    """Yield the findings now, and again after each change of a file of the dataset.

    A change of data is checked in the time that it needs; one of ontology, shapes or
    queries leads to a full check.
    """
    import watchfiles

    quiet()
    folders = (home.ontology, home.data, home.shapes, home.queries)
    # Started before the first check, so that no change in between is missed.
    changes = watchfiles.watch(
        *folders,
        watch_filter=lambda _, name: name.endswith(_WATCHED),
        debounce=100,
        rust_timeout=_PAUSE,
        yield_on_timeout=True,
    )
    next(changes)  # Only now it watches; what this yields is nothing, or checked below.
    seen = ({name for _, name in change} for change in changes if change)
    yield from recheck(home, seen, progress)


def recheck(
    home: Home, changes: Iterable[set[str]], progress: Callable[[str], None]
) -> Iterator[list[Finding]]:
    """Yield the findings now, and after each set of changed files."""
    checked, found = _check(home, progress)
    yield found
    for names in changes:
        outside = any(not home.is_data(name) for name in names)
        if checked is None or outside:
            forget()
            checked, found = _check(home, progress)
        else:
            found = checked.update(datasets.read(home, checked.dataset.files))
        yield found


def _check(home: Home, progress: Callable[[str], None]) -> tuple[Checked | None, list[Finding]]:
    """Check everything; without syntax errors the verdict is kept ready for changes."""
    if found := list(check_prefixes(home)):
        return None, found
    dataset = datasets.read(home)
    verdict = judge(dataset, progress)
    checked = None if dataset.findings else Checked(dataset, verdict)
    return checked, tell(verdict, dataset)
