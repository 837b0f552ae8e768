"""Load: wrk over lists of requests, a small loader for what is asked once, and runaway queries."""

import http.client
import json
import socket
import statistics
import subprocess
import tempfile
import threading
import time
from pathlib import Path
from urllib.parse import quote

WRK = Path(__file__).with_name("serve.lua")
RUNAWAY = "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"


def wrk(url, paths, clients, seconds, accept="*/*"):
    """Ask for the paths in turn with wrk; returns requests a second, and latencies in ms."""
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as file:
        file.write("\n".join(paths))
        file.flush()
        command = [
            "wrk",
            "--threads",
            "1",
            "--connections",
            clients,
            "--duration",
            f"{max(1, round(seconds))}s",
        ]
        command += ["--timeout", "60s", "--header", f"Accept: {accept}", "--script", WRK, url]
        done = subprocess.run(
            [*map(str, command), "--", file.name], capture_output=True, text=True, check=False
        )
    if done.returncode:
        raise SystemExit(f"wrk: {done.stderr or done.stdout}")
    found = json.loads(done.stdout.splitlines()[-1])
    return {
        "rate": found["requests"] / found["seconds"],
        "p50": found["p50"],
        "p99": found["p99"],
        "failed": found["failed"],
        "asked": found["requests"],
        "seconds": found["seconds"],
    }


def once(url, paths, clients, seconds):
    """Ask for each path once, at most so long; the same figures as `wrk` gives."""
    host = url.removeprefix("http://")
    waiting, took, failed = list(reversed(paths)), [], []
    began = time.perf_counter()

    def client():
        connection = http.client.HTTPConnection(host, timeout=60)
        while waiting and time.perf_counter() - began < seconds:
            try:
                path = waiting.pop()
            except IndexError:
                return
            start = time.perf_counter()
            connection.request("GET", path)
            answer = connection.getresponse()
            answer.read()
            took.append(1000 * (time.perf_counter() - start))
            if answer.status != 200:
                failed.append(path)

    threads = [threading.Thread(target=client) for _ in range(clients)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    return {
        "rate": len(took) / (time.perf_counter() - began),
        "p50": statistics.median(took),
        "p99": sorted(took)[int(0.99 * (len(took) - 1))],
        "failed": len(failed),
        "asked": len(took),
        "seconds": time.perf_counter() - began,
    }


class Runaways:
    """Five clients, each of an address of its own, that ask again and again for the impossible."""

    def __init__(self, url, path, clients=5):
        host, _, port = url.removeprefix("http://").partition(":")
        self.place, self.path, self.ending = (host, int(port)), path, False
        self.sockets, self.ended = {}, 0
        self.threads = [
            threading.Thread(target=self._ask, args=[f"127.0.0.{2 + at}"]) for at in range(clients)
        ]

    def _ask(self, address):
        path = f"{self.path}?query={quote(RUNAWAY)}"
        while not self.ending:
            try:
                with socket.create_connection(self.place, 600, (address, 0)) as stream:
                    self.sockets[address] = stream
                    stream.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
                    self.ended += bool(stream.recv(1 << 16))
            except OSError:
                if not self.ending:
                    time.sleep(0.1)

    def __enter__(self):
        for each in self.threads:
            each.start()
        time.sleep(1)
        return self

    def __exit__(self, *_):
        self.ending = True
        for each in self.sockets.values():
            try:
                each.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue
        for each in self.threads:
            each.join()
