"""The stores of the measurement of scale: each loaded by its own bulk loader, each asked its way.

A store is loaded into a folder, in processes of its own, and then served from there.
"""

import os
import resource
import shutil
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

from proof.engines.java import jars_of
from proof.stores.fuseki import _ARTIFACT as FUSEKI
from proof.stores.fuseki import Fuseki
from proof.stores.oxigraph import Oxigraph
from proof.stores.store import find

# The default graph is the union of all graphs, as for `trilateral ask`.
_FUSEKI = """\
PREFIX fuseki: <http://jena.apache.org/fuseki#>
PREFIX tdb2: <http://jena.apache.org/2016/tdb#>
<urn:service> a fuseki:Service ;
    fuseki:name "ds" ;
    fuseki:endpoint [ fuseki:operation fuseki:query ; fuseki:name "query" ] ;
    fuseki:dataset [ a tdb2:DatasetTDB2 ; tdb2:location "data" ; tdb2:unionDefaultGraph true ] .
"""
# Buffers of 8 kB.
_VIRTUOSO = {
    "NumberOfBuffers": "400000",
    "MaxDirtyBuffers": "300000",
    "ResultSetMaxRows": "0",
    "MaxQueryExecutionTime": "0",
    "MaxQueryCostEstimationTime": "0",
}


class Served(Oxigraph):
    """``oxigraph serve-read-only`` with the union of all graphs as its default graph."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, read_only=True)

    def command(self):
        return [*super().command(), "--union-default-graph"]


class Union(Fuseki):
    """Fuseki with the union of all graphs as its default graph, and more memory."""

    def command(self):
        (self.folder / "config.ttl").write_text(_FUSEKI)
        words = super().command()
        at = words.index("--update")
        kept = [word for word in words[:at] if not str(word).startswith("-X")]
        return [kept[0], "-Xmx4g", *kept[1:], f"--conf={self.folder / 'config.ttl'}"]


def _run(words, folder, limit):
    """Run a loader, and return its seconds of processor and its peak memory in megabytes."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    # The peak of children is that of the largest one ever: each loader is the child of its own.
    program = (
        "import resource, subprocess, sys\n"
        "done = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL)\n"
        "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024)\n"
        "sys.exit(done.returncode)\n"
    )
    words = [sys.executable, "-c", program, *map(str, words)]
    done = subprocess.run(words, cwd=folder, capture_output=True, text=True, timeout=limit)
    if done.returncode:
        raise RuntimeError(f"{words[3]}: {done.stderr[-1000:]}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    processor = (after.ru_utime - before.ru_utime) + (after.ru_stime - before.ru_stime)
    return processor, float(done.stdout.split()[-1])


def load_pyoxigraph(corpus, folder, limit):
    program = (
        "import pyoxigraph, sys\n"
        "store = pyoxigraph.Store(sys.argv[1])\n"
        "store.bulk_load(path=sys.argv[2], format=pyoxigraph.RdfFormat.N_QUADS)\n"
        "store.flush()\n"
        "store.optimize()\n"
    )
    return _run([sys.executable, "-c", program, folder / "data", corpus], folder, limit)


def load_oxigraph(corpus, folder, limit):
    place = ("--location", folder / "data")
    processor, peak = _run([find("oxigraph"), "load", *place, "--file", corpus], folder, limit)
    # Each million quads leave files of their own, through all of which a read-only server looks.
    merging, most = _run([find("oxigraph"), "optimize", *place], folder, limit)
    return processor + merging, max(peak, most)


def load_fuseki(corpus, folder, limit):
    words = ["java", "-Xmx4g", "-cp", f"{jars_of(FUSEKI)}/*", "tdb2.tdbloader"]
    return _run([*words, "--loc", folder / "data", corpus], folder, limit)


def load_virtuoso(corpus, folder, limit):
    linked = folder / "corpus.nq"
    linked.symlink_to(corpus)
    with large_virtuoso()(folder) as store:
        start = processor_of(store.process.pid)
        words = ("ld_dir('.', 'corpus.nq', 'urn:none')", "rdf_loader_run()", "checkpoint")
        store.isql(*words)
        found = store.isql("SELECT COUNT(*) FROM DB.DBA.load_list WHERE ll_error IS NOT NULL")
        if [line.strip() for line in found.splitlines() if line.strip().isdigit()] != ["0"]:
            raise RuntimeError(f"virtuoso: not all was loaded: {found[-1000:]}")
        processor = processor_of(store.process.pid) - start
        lines = Path(f"/proc/{store.process.pid}/status").read_text().splitlines()
    (peak,) = (int(line.split()[1]) for line in lines if line.startswith("VmHWM"))
    return processor, peak / 1024


def processor_of(process):
    """Return the seconds of processor that a process has used so far."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def large_virtuoso():
    from proof.stores.virtuoso import Virtuoso

    class Large(Virtuoso):
        """Virtuoso without its limits, and with buffers for a large store."""

        def command(self):
            words = super().command()
            settings = self.folder / "virtuoso.ini"
            lines = settings.read_text().splitlines()
            for at, line in enumerate(lines):
                name = line.partition(" =")[0]
                lines[at] = f"{name} = {_VIRTUOSO[name]}" if name in _VIRTUOSO else line
            settings.write_text("\n".join(lines) + "\n")
            return words

    return Large


@contextmanager
def serve_oxigraph(folder):
    with Served(folder) as store:
        yield f"{store.url}/query", store.process.pid


@contextmanager
def serve_fuseki(folder):
    with Union(folder) as store:
        yield f"{store.url}/query", store.process.pid


@contextmanager
def serve_virtuoso(folder):
    with large_virtuoso()(folder) as store:
        yield f"{store.url}/sparql", store.process.pid


# How each is loaded, and how it is served; pyoxigraph is asked in this process.
STORES = {
    "pyoxigraph": (load_pyoxigraph, None),
    "oxigraph": (load_oxigraph, serve_oxigraph),
    "fuseki": (load_fuseki, serve_fuseki),
    "virtuoso": (load_virtuoso, serve_virtuoso),
}


def missing(store):
    """Return why a store cannot run here, or None when it can."""
    if store == "fuseki":
        return Fuseki.missing()
    if store == "oxigraph":
        return Oxigraph.missing()
    if store == "virtuoso":
        try:
            from proof.stores.virtuoso import Virtuoso
        except ImportError:
            return "there is no proof.stores.virtuoso"
        return Virtuoso.missing()
    return None


def size_of(folder):
    """Return the megabytes of a folder."""
    return sum(path.stat().st_size for path in Path(folder).rglob("*") if path.is_file()) / 1e6


def remove(folder):
    shutil.rmtree(folder, ignore_errors=True)
