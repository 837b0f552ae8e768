"""The stores of the fault battery: each started, looked into, and left without room."""

import resource
import shutil
import sys
from urllib.parse import urlsplit

import httpx
import pyoxigraph as ox
from proof.stores.blazegraph import Blazegraph
from proof.stores.fuseki import Fuseki
from proof.stores.oxigraph import Oxigraph
from proof.stores.rdf4j import Rdf4j
from proof.stores.virtuoso import Virtuoso
from tests.load.conftest import BASE, FOREIGN, FOREIGN_TEXT, HTTP, NQUADS, put_foreign

JSON = "application/sparql-results+json"
# Of Virtuoso's own graphs, which any new one has.
VIRTUOSO_BEGIN = 18
BESIDE = f"{BASE}loading/"
VIRTUOSO_OWN = ("http://www.openlin", "http://localuriqas", "http://www.w3.org/")
# Started so, a store is told that a file may not grow, and not ended by a signal.
TOLD = (
    "import os, signal, sys; signal.signal(signal.SIGXFSZ, signal.SIG_IGN); "
    "os.execv(sys.argv[1], sys.argv[1:])"
)


class Victim:
    """What the battery asks of a store, mixed into the class that starts it.

    Attributes:
        room: Bytes that a file of it may have where the disk is full: enough for what it does
            with no more data, less than what a load needs.
        isolated: Whether a reader sees one version in each query, at any moment.
        recovers: Whether it holds one version after a crash at the moment of the change.
        decides: What the request has in it that makes the change, where more requests follow.
    """

    room = 200_000
    isolated = True
    recovers = True
    decides = b"\0"
    scheme = "basic"
    login = None  # for a client of HTTP
    ten = ()  # points of a load of it

    def command(self):
        first, *words = super().command()
        return [sys.executable, "-c", TOLD, shutil.which(first), *words]

    @property
    def queries(self):
        """The paths of addresses to which only queries are sent."""
        return (urlsplit(self.query).path, urlsplit(f"{self.url}/query").path)

    def put_foreign(self):
        """Put there what others have."""
        put_foreign(self.graphs, self.login)

    def fill_the_disk(self):
        self._limit(self.room)

    def make_room(self):
        self._limit(resource.RLIM_INFINITY)

    def _limit(self, size):
        hard = resource.RLIM_INFINITY
        resource.prlimit(self.process.pid, resource.RLIMIT_FSIZE, (size, hard))

    def dump(self):
        """All quads that it holds, in the one form that equal numbers have in a store of ours."""
        answer = HTTP.get(self.all_quads, headers={"Accept": NQUADS}, auth=self.login)
        answer.raise_for_status()
        kept = ox.Store()
        kept.load(answer.content, format=ox.RdfFormat.N_QUADS)
        return set(kept)

    def beside(self):
        """How many quads lie beside the graphs that they are for."""
        return 0

    def clear(self):
        """Remove what lies beside, with which the next load would go on."""

    def rows(self, query):
        """The rows of an answer, not fetched by our client."""
        answer = HTTP.post(
            self.query, data={"query": query}, headers={"Accept": JSON}, auth=self.login
        )
        answer.raise_for_status()
        return list(ox.parse_query_results(answer.content, format=ox.QueryResultsFormat.JSON))


class _StartedAgain(Victim):
    """A store that writes nothing where it is started to be read only."""

    def forbid(self):
        """Forbid writing, and return who may read."""
        self._start_again(read_only=True)
        return self.user, self.password

    def allow(self):
        self._start_again(read_only=False)

    def _start_again(self, read_only):
        self.stop()
        self.read_only = read_only
        self.start()


class _StoppedByDisk(_StartedAgain):
    """A store that has to be started again after a full disk."""

    def make_room(self):
        self.stop()
        self.start()


class OxigraphVictim(_StoppedByDisk, Oxigraph):
    """Oxigraph, which knows no users."""

    @property
    def graphs(self):
        return f"{self.url}/store"

    all_quads = graphs


class FusekiVictim(_StartedAgain, Fuseki):
    """Fuseki with a login by digest."""

    scheme = "digest"

    def __init__(self, folder):
        super().__init__(folder, auth="digest")

    @property
    def room(self):
        """A little more than its longest file of terms has; the others grow no more."""
        return max(path.stat().st_size for path in self.folder.rglob("*.obj")) + 20_000

    @property
    def login(self):
        return httpx.DigestAuth(self.user, self.password)

    @property
    def graphs(self):
        return f"{self.url}/data"

    all_quads = graphs


class BlazegraphVictim(_StoppedByDisk, Blazegraph):
    """Blazegraph, which knows no users and has one address for queries and updates."""

    def put_foreign(self):
        update = f"INSERT DATA {{ GRAPH <{FOREIGN}> {{ {FOREIGN_TEXT} }} }}"
        HTTP.post(self.url, data={"update": update}).raise_for_status()

    def dump(self):
        """All that it holds, by a query: it writes no N-Quads."""
        kept = ox.Store()
        found = self.rows("SELECT ?s ?p ?o ?g WHERE { GRAPH ?g { ?s ?p ?o } }")
        kept.extend(ox.Quad(*row) for row in found)
        return set(kept)


class Rdf4jVictim(Victim, Rdf4j):
    """RDF4J Server with a login of whoever writes, and one user who may not."""

    def __init__(self, folder):
        super().__init__(folder, auth=True)

    @property
    def login(self):
        return httpx.BasicAuth(self.user, self.password)

    @property
    def graphs(self):
        return f"{self.url}/rdf-graphs/service"

    @property
    def all_quads(self):
        return f"{self.url}/statements"

    def forbid(self):
        return self.reader, self.password

    def allow(self):
        """Nothing was changed."""


class VirtuosoVictim(Victim, Virtuoso):
    """Virtuoso; at its swap a reader may meet both versions, and a crash leave a part.

    It writes to its temporary database while it answers, on a full disk it answers nothing.
    """

    isolated = False
    recovers = False
    decides = b"sql:log-enable"
    scheme = "digest"

    @property
    def login(self):
        return httpx.DigestAuth(self.user, self.password)

    @property
    def graphs(self):
        return f"{self.url}/sparql-graph-crud-auth"

    def dump(self):
        """All that it holds but for its own and what lies beside; below its 10,000 rows."""
        listed = ", ".join(f'"{begin}"' for begin in VIRTUOSO_OWN)
        found = self.rows(
            "SELECT ?s ?p ?o ?g WHERE { GRAPH ?g { ?s ?p ?o } "
            f"FILTER (SUBSTR(STR(?g), 1, {VIRTUOSO_BEGIN}) NOT IN ({listed})) "
            f'FILTER (!STRSTARTS(STR(?g), "{BESIDE}")) }}'
        )
        assert len(found) < 10_000
        kept = ox.Store()
        kept.extend(ox.Quad(*row) for row in found)
        return set(kept)

    def beside(self):
        counted = "SELECT (COUNT(*) AS ?quads) WHERE { GRAPH ?g { ?s ?p ?o } "
        return int(self.rows(f'{counted} FILTER (STRSTARTS(STR(?g), "{BESIDE}")) }}')[0][0].value)

    def clear(self):
        update = (
            "DELETE { GRAPH ?g { ?s ?p ?o } } WHERE { GRAPH ?g { ?s ?p ?o } "
            f'FILTER (STRSTARTS(STR(?g), "{BESIDE}")) }}'
        )
        media = {"Content-Type": "application/sparql-update"}
        where = f"{self.url}/sparql-auth"
        HTTP.post(where, content=update, headers=media, auth=self.login).raise_for_status()

    def forbid(self):
        self.isql("DB.DBA.USER_CREATE('eve', 'eve')", 'GRANT SPARQL_SELECT TO "eve"')
        return "eve", "eve"

    def allow(self):
        self.isql("DB.DBA.USER_DROP('eve')")


VICTIMS = {
    each.name: each
    for each in (OxigraphVictim, FusekiVictim, BlazegraphVictim, Rdf4jVictim, VirtuosoVictim)
}
