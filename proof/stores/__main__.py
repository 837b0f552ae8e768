"""Start a store with its data in a temporary folder, until Ctrl-C; or compare its answers."""

import argparse
import signal
import tempfile
from pathlib import Path

from proof.stores import comunica_engine
from proof.stores.answers import show
from proof.stores.blazegraph import Blazegraph
from proof.stores.fuseki import Fuseki
from proof.stores.oxigraph import Oxigraph
from proof.stores.rdf4j import Rdf4j
from proof.stores.virtuoso import Virtuoso

STORES = {store.name: store for store in (Oxigraph, Fuseki, Rdf4j, Virtuoso, Blazegraph)}


def main() -> int:
    """Start the store that is named, or ask it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("store", choices=(*STORES, "comunica"))
    parser.add_argument(
        "--answers",
        nargs="*",
        metavar="QUESTION",
        help="load the dataset, ask all questions or these, and compare with the embedded engine",
    )
    parser.add_argument("--seconds", type=float, default=120, help="for a question; default: 120")
    options = parser.parse_args()
    store = STORES.get(options.store)
    if reason := store.missing() if store else comunica_engine.missing():
        raise SystemExit(reason)
    if options.answers is not None:
        return min(show(store, options.answers, options.seconds), 1)
    if store is None:
        raise SystemExit("comunica is no server: add --answers")
    with tempfile.TemporaryDirectory() as folder, store(Path(folder) / store.name) as running:
        print(f"{running.name}: {running.url}", flush=True)
        signal.sigwait({signal.SIGINT, signal.SIGTERM})
    return 0


raise SystemExit(main())
