"""Start a store with its data in a temporary folder, until Ctrl-C."""

import argparse
import signal
import tempfile
from pathlib import Path

from proof.stores.fuseki import Fuseki
from proof.stores.oxigraph import Oxigraph
from proof.stores.rdf4j import Rdf4j
from proof.stores.virtuoso import Virtuoso

STORES = {store.name: store for store in (Oxigraph, Fuseki, Rdf4j, Virtuoso)}


def main() -> None:
    """Start the store that is named."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("store", choices=STORES)
    store = STORES[parser.parse_args().store]
    if reason := store.missing():
        raise SystemExit(reason)
    with tempfile.TemporaryDirectory() as folder, store(Path(folder) / store.name) as running:
        print(f"{running.name}: {running.url}", flush=True)
        signal.sigwait({signal.SIGINT, signal.SIGTERM})


main()
