"""Servers: Trilateral and its peers as processes, with the seconds they take to start."""

import contextlib
import http.client
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import quote

READY = f"?query={quote('ASK { ?s ?p ?o }')}"
_NGINX = """\
daemon off; user root; worker_processes auto; pid {folder}/pid; error_log stderr crit;
events {{ worker_connections 1024; }}
http {{
  access_log off; sendfile on; keepalive_requests 1000000000; default_type text/plain;
  types {{ text/html html; text/turtle ttl; }}
  server {{ listen 127.0.0.1:{port}; root {root}; }}
}}
"""


class Server:
    """A server that runs: its URL, the path of its endpoint, and how long it took to start."""

    def __init__(self, name, command, port, path):
        self.name, self.url, self.path = name, f"http://127.0.0.1:{port}", path
        began = time.perf_counter()
        # Only what goes wrong is of interest, and rdflib-endpoint writes a line a request.
        self.process = subprocess.Popen(
            list(map(str, command)), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        while not self._answers():
            if self.process.poll() is not None:
                raise SystemExit(f"{name} did not start: {' '.join(map(str, command))}")
            time.sleep(0.005)
        self.seconds = time.perf_counter() - began

    def _answers(self):
        connection = http.client.HTTPConnection(self.url.removeprefix("http://"), timeout=60)
        with contextlib.suppress(OSError, http.client.HTTPException):
            connection.request("GET", self.path + READY if self.path else "/")
            return connection.getresponse().status < 500
        return False

    def megabytes(self):
        """Return the memory of all its processes, shared pages counted once (PSS), and of RSS."""
        pss = rss = 0
        for pid in self._processes():
            with contextlib.suppress(OSError):
                for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
                    name, _, rest = line.partition(":")
                    pss += int(rest.split()[0]) if name == "Pss" else 0
                    rss += int(rest.split()[0]) if name == "Rss" else 0
        return {"pss": pss / 1024, "rss": rss / 1024}

    def _processes(self):
        parents = {}
        for path in Path("/proc").glob("[0-9]*/stat"):
            with contextlib.suppress(OSError):
                parents[int(path.parent.name)] = int(path.read_text().rpartition(")")[2].split()[1])
        found = {self.process.pid}
        while more := {pid for pid, parent in parents.items() if parent in found} - found:
            found |= more
        return found

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def trilateral(*options):
    """Start Trilateral; no budget for a client, since one client asks for all."""
    port = free_port()
    command = [sys.executable, "-m", "trilateral", "serve", "--port", port, "--budget", 0]
    return Server("trilateral", [*command, *options], port, "/sparql")


def oxigraph(folder, *options):
    """Start oxigraph on a store."""
    port = free_port()
    command = [find("oxigraph"), "serve-read-only", "--location", folder]
    command += ["--bind", f"127.0.0.1:{port}", "--union-default-graph", *options]
    return Server("oxigraph", command, port, "/query")


def load_oxigraph(quads, folder):
    """Load quads into a store on disk, which is not timed."""
    command = [find("oxigraph"), "load", "--location", folder, "--file", quads]
    subprocess.run(command, check=True, capture_output=True)


def rdflib_endpoint(quads):
    """Start rdflib-endpoint on quads, with the store that it uses by default."""
    port = free_port()
    command = [find("rdflib-endpoint"), "serve", quads, "--host", "127.0.0.1", "--port", port]
    return Server("rdflib-endpoint", command, port, "/")


def nginx(root, folder):
    """Start nginx on a folder of files."""
    port = free_port()
    config = folder / "nginx.conf"
    config.write_text(_NGINX.format(folder=folder, root=root, port=port))
    command = [find("nginx"), "-p", folder, "-c", config]
    return Server("nginx", command, port, "")


def find(name):
    """Return the path of a program, beside this Python or on the search path; None without it."""
    beside = Path(sys.executable).with_name(name)
    return beside if beside.exists() else shutil.which(name) or shutil.which(f"/usr/sbin/{name}")


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return listening.getsockname()[1]
