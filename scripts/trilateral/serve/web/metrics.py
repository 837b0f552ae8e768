"""Metrics: what is counted, in the text format of Prometheus."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Histogram,
    ProcessCollector,
    disable_created_metrics,
)
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.metrics_core import GaugeMetricFamily, InfoMetricFamily, Metric
from prometheus_client.registry import Collector

disable_created_metrics()  # type: ignore[no-untyped-call]

MEDIA_TYPE = CONTENT_TYPE_LATEST
_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)


@dataclass(frozen=True)
class State:
    """How things are at this moment.

    Attributes:
        version: Digest of the data.
        quads: How many quads the store holds.
        running: How many workers are at a query.
        waiting: How many queries wait for a worker.
        answers: How many answers to queries of the pages are kept.
        engine: The process that holds the store.
        ready: Whether queries are answered.
    """

    version: str = ""
    quads: int = 0
    running: int = 0
    waiting: int = 0
    answers: int = 0
    engine: int = 0
    ready: bool = False


class Metrics:
    """The metrics of one server, in a registry of its own.

    Attributes:
        restarts: Engines that were started in the place of one that had ended.
        reloads: Reloads, by result.
        documents: Gives how many whole answers are kept, and their bytes.
    """

    def __init__(self, state: Callable[[], State]) -> None:
        self.registry = CollectorRegistry()
        self.documents: Callable[[], tuple[int, int]] = lambda: (0, 0)
        self._requests = Counter(
            "trilateral_requests", "Requests by the part that answers and the status.",
            ["route", "status"], registry=self.registry,
        )  # fmt: skip
        self._request_seconds = Histogram(
            "trilateral_request_seconds", "Seconds from request to answer.", ["route"],
            registry=self.registry, buckets=_SECONDS,
        )  # fmt: skip
        # Routes and statuses are few, and looking them up by name takes longer than counting.
        self._of_requests = cache(
            lambda route, status: (
                self._requests.labels(route, str(status)),
                self._request_seconds.labels(route),
            )
        )
        self._of_queries = cache(lambda outcome: self._queries.labels(outcome))
        self._queries = Counter(
            "trilateral_queries", "Queries by outcome.", ["outcome"], registry=self.registry
        )
        self._query_seconds = Histogram(
            "trilateral_query_seconds", "Seconds of a query, those of waiting included.",
            registry=self.registry, buckets=_SECONDS,
        )  # fmt: skip
        self.restarts = Counter(
            "trilateral_engine_restarts", "Engines started in the place of one that ended.",
            registry=self.registry,
        )  # fmt: skip
        self.reloads = Counter(
            "trilateral_reloads", "Reloads of the data by result.", ["result"],
            registry=self.registry,
        )  # fmt: skip
        self.registry.register(_Now(self, state))
        ProcessCollector(registry=self.registry)

    def request(self, route: str, status: int, seconds: float) -> None:
        """Count a request that was answered."""
        counted, took = self._of_requests(route, status)
        counted.inc()
        took.observe(seconds)

    def query(self, outcome: str, seconds: float) -> None:
        """Count a query, under ``ok`` or the word for why it was not answered."""
        self._of_queries(outcome).inc()
        self._query_seconds.observe(seconds)

    def text(self) -> bytes:
        """Return all metrics in the text format of Prometheus.

        >>> b"trilateral_workers_busy 0.0" in Metrics(State).text()
        True
        """
        return generate_latest(self.registry)


class _Now(Collector):
    """What is read at the moment of asking."""

    def __init__(self, metrics: Metrics, state: Callable[[], State]) -> None:
        self._metrics, self._state = metrics, state

    def collect(self) -> Iterator[Metric]:
        now = self._state()
        answers, size = self._metrics.documents()
        yield InfoMetricFamily(
            "trilateral_data", "The data that are served.", value={"version": now.version}
        )
        for name, text, value in (
            ("quads", "Quads in the store.", now.quads),
            ("ready", "Whether queries are answered.", int(now.ready)),
            ("workers_busy", "Workers that are at a query.", now.running),
            ("queue_length", "Queries that wait for a worker.", now.waiting),
            ("kept_rows", "Answers to queries of the pages that are kept.", now.answers),
            ("kept_answers", "Whole answers that are kept.", answers),
            ("kept_bytes", "Bytes of whole answers that are kept.", size),
            ("engine_memory_bytes", "Resident memory of the engine.", _resident(now.engine)),
        ):
            yield GaugeMetricFamily(f"trilateral_{name}", text, value=value)


def _resident(pid: int) -> int:
    try:
        pages = Path(f"/proc/{pid}/statm").read_text().split()[1]
    except (OSError, IndexError):
        return 0
    return int(pages) * os.sysconf("SC_PAGE_SIZE")
