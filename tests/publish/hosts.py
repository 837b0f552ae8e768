"""Apache, nginx and Caddy as Debian has them, each run on a folder of files."""

import http.client
import os
import random
import shutil
import socket
import subprocess
import tempfile
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from tests.serve.conftest import WAIT, until

from trilateral.publish.hosts import nginx

# Where Debian lays the modules of Apache.
_MODULES = Path("/usr/lib/apache2/modules")
_LOADED = (
    "mpm_event",
    "authz_core",
    "deflate",
    "dir",
    "filter",
    "headers",
    "mime",
    "negotiation",
    "rewrite",
)


class Answer:
    """An answer: its status, its headers, and its body."""

    def __init__(self, response):
        self.status, self.headers, self.body = response.status, response.headers, response.read()

    def __getitem__(self, name):
        return self.headers.get(name, "")

    @property
    def leads(self):
        """The path of its Location, None where it has none or is no redirect."""
        location = self["location"]
        return urlsplit(location).path if location and 300 <= self.status < 400 else None


class Host:
    """A server at a port of this machine."""

    def __init__(self, name, port, path=""):
        self.name, self.port, self.path = name, port, path

    def ask(self, path, *accept, method="GET", **headers):
        """Ask for a path of the site, with as many Accept headers as are given."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=WAIT)
        try:
            connection.putrequest(method, self.path + path, skip_accept_encoding=True)
            for each in accept:
                connection.putheader("Accept", each)
            for name, value in headers.items():
                connection.putheader(name.replace("_", "-"), value)
            connection.endheaders()
            return Answer(connection.getresponse())
        finally:
            connection.close()


def free_port():
    """Return a port that nobody has, outside of those that the system gives away."""
    while True:
        port = random.randrange(20_000, 32_000)
        with socket.socket() as tried:
            try:
                tried.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port


@contextmanager
def folder():
    """Yield a folder that the user of a server can read too; that of a test nobody else can."""
    with tempfile.TemporaryDirectory(prefix="hosts-of-trilateral-") as name:
        Path(name).chmod(0o755)
        yield Path(name)


@contextmanager
def _running(command, port, work, **environment):
    log = work / "log"
    with log.open("wb") as said:
        process = subprocess.Popen(
            command, stdout=said, stderr=said, cwd=work, env=os.environ | environment
        )
    try:
        until(lambda: process.poll() is not None or _listens(port))
        assert process.poll() is None, log.read_text()
        yield
    finally:
        process.terminate()
        process.wait(WAIT)


def _listens(port):
    with socket.socket() as asking:
        return asking.connect_ex(("127.0.0.1", port)) == 0


def program(*names):
    """Return the path of a server; skips the test where it is not installed."""
    # Debian's servers lie where only root looks.
    places = f"{os.environ['PATH']}:/usr/sbin:/sbin"
    for name in names:
        place = shutil.which(name, path=places)
        if place:
            return place
    pytest.skip(f"{names[0]} is not installed (on Debian: apt-get install {names[-1]})")


@contextmanager
def apache(root, rules, path=""):
    """Run Apache on a folder whose files of rules are read."""
    found = program("apache2", "apache2-bin")
    port = free_port()
    with folder() as work:
        loaded = [f"LoadModule {name}_module {_MODULES}/mod_{name}.so" for name in _LOADED]
        lines = [
            *loaded,
            f"ServerRoot {work}",
            "ServerName localhost",
            f"PidFile {work}/pid",
            f"Listen 127.0.0.1:{port}",
            "ErrorLog /dev/stderr",
            "TypesConfig /dev/null",
            # As some hosts have it, like the options below; the rules have to take it back.
            "AddEncoding x-gzip .gz",
            *(["User www-data", "Group www-data"] if os.getuid() == 0 else []),
            f"DocumentRoot {root}",
            f"<Directory {root}>",
            "AllowOverride All",
            "Options Indexes FollowSymLinks MultiViews",
            "</Directory>",
        ]
        (work / "apache.conf").write_text("\n".join(lines) + "\n")
        (root / path.removeprefix("/") / ".htaccess").write_bytes(rules[".htaccess"])
        command = [found, "-f", work / "apache.conf", "-D", "FOREGROUND"]
        with _running(command, port, work):
            yield Host("apache", port, path)


@contextmanager
def nginx_(root, rules, path=""):
    """Run nginx on a folder."""
    found, port = program("nginx", "nginx-light"), free_port()
    with folder() as work:
        for name in (nginx.MAPS, nginx.SITE):
            (work / name).write_bytes(rules[name])
        paths = "".join(
            f"    {each}_temp_path {work}/{each};\n"
            for each in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        )
        (work / "nginx.conf").write_text(
            f"{'user root;' if os.getuid() == 0 else ''}\n"
            f"daemon off;\nworker_processes 1;\npid {work}/pid;\nerror_log stderr;\nevents {{}}\n"
            f"http {{\n    access_log off;\n{paths}    include {nginx.MAPS};\n"
            f"    server {{\n        listen 127.0.0.1:{port};\n        root {root};\n"
            f"        include {nginx.SITE};\n    }}\n}}\n"
        )
        command = [found, "-p", work, "-c", work / "nginx.conf", "-e", "stderr"]
        with _running(command, port, work):
            yield Host("nginx", port, path)


@contextmanager
def caddy(root, rules, path=""):
    """Run Caddy on a folder."""
    found, port = program("caddy", "caddy"), free_port()
    with folder() as work:
        # Its own port for orders is not needed, and there are several of them here.
        text = "{\n\tadmin off\n\tauto_https off\n}\n" + rules["Caddyfile"].decode()
        (work / "Caddyfile").write_text(text)
        command = [found, "run", "--config", work / "Caddyfile", "--adapter", "caddyfile"]
        address = {"TRILATERAL_ADDRESS": f"http://127.0.0.1:{port}", "TRILATERAL_ROOT": str(root)}
        with _running(command, port, work, HOME=str(work), **address):
            yield Host("caddy", port, path)


RUN = {"apache": apache, "nginx": nginx_, "caddy": caddy}
