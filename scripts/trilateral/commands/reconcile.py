"""``trilateral reconcile``: propose Wikidata items for things, without writing anything."""

from __future__ import annotations

import math
import re
import sys
from argparse import Namespace
from collections.abc import Sequence

from trilateral import dataset
from trilateral.commands.console import home_of, print_json, progress
from trilateral.errors import TrilateralError, UnknownNameError
from trilateral.folders import cache_folder
from trilateral.nouns import counted
from trilateral.reconcile import show
from trilateral.reconcile.cache import Cache
from trilateral.reconcile.endpoint import Endpoint, check_endpoint
from trilateral.reconcile.proposals import Outcome, propose
from trilateral.reconcile.things import DEFAULT_KINDS, Thing, of_kinds, pick, read_things
from trilateral.remote.address import WIKIDATA

_LANGUAGES = "en,ja,ko,zh-hans,zh-hant"
_TAG = re.compile(r"[a-z]{2,8}(-[a-z0-9]{1,8})*")


def run(options: Namespace) -> int:
    """Print the proposals; exit status 1 when the endpoint failed before the end."""
    _check_numbers(options)
    languages = _languages(options.language or _LANGUAGES)
    url = options.endpoint or WIKIDATA
    check_endpoint(url)
    things = _meant(options, read_things(dataset.load(home_of(options))))
    endpoint = Endpoint(
        url,
        Cache(options.cache or cache_folder("reconcile"), options.refresh),
        timeout=options.timeout,
        time_limit=options.time_limit,
        delay=options.delay,
    )
    outcomes: list[Outcome] = []
    failure: TrilateralError | None = None
    if things:
        progress(f"asking {url} about {len(things)} of the dataset's things")
    try:
        _check_installed()
        for outcome in propose(
            things, endpoint, languages, batch=options.batch, limit=options.limit
        ):
            outcomes.append(outcome)  # noqa: PERF402  what came before a failure must stay
    except TrilateralError as error:
        failure = error
    _print(outcomes, "json" if options.json else options.format)
    if any(proposal.turtle for outcome in outcomes for proposal in outcome.proposals):
        print(show.NOTICE, file=sys.stderr)
    if failure is None:
        return 0
    left = len(things) - len(outcomes)
    print(f"trilateral: {failure}", file=sys.stderr)
    print(
        f"Not asked about to the end: {left} of {counted(len(things), 'thing')}.", file=sys.stderr
    )
    return failure.status


def _meant(options: Namespace, things: Sequence[Thing]) -> list[Thing]:
    """Return the things that are named, or those of the kinds, without a match unless ``--all``."""
    if options.things:
        named = pick(things, options.things)
        return list(of_kinds(named, options.kind)) if options.kind else named
    meant = of_kinds(things, options.kind or DEFAULT_KINDS)
    return [thing for thing in meant if options.all or not thing.matches]


def _print(outcomes: Sequence[Outcome], kind: str) -> None:
    if kind == "json":
        print_json(show.to_json(outcomes))
    elif kind == "csv":
        print(show.to_csv(outcomes), end="")
    else:
        print(show.to_page(outcomes))


def _languages(text: str) -> list[str]:
    tags = [tag.strip().lower() for tag in text.split(",")]
    for tag in tags:
        if not _TAG.fullmatch(tag):
            raise UnknownNameError(
                f"{tag or text}: this is no language tag.", "Write --language en,ja,zh-hans."
            )
    return list(dict.fromkeys(tags))


def _check_numbers(options: Namespace) -> None:
    for name in ("limit", "batch", "timeout", "time_limit", "delay"):
        value = getattr(options, name)
        if not math.isfinite(value) or value < 0 or (value == 0 and name != "delay"):
            least = "0 or more" if name == "delay" else "more than 0"
            raise UnknownNameError(f"--{name.replace('_', '-')} {value}: must be {least}.")


def _check_installed() -> None:
    try:
        import SPARQLWrapper  # noqa: F401
    except ImportError:
        raise TrilateralError(
            "SPARQLWrapper is not installed.", "Install it: pip install SPARQLWrapper==2.0.0"
        ) from None
