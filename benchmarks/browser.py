"""Measure queries in the browser and print the table of docs/benchmarks.md.

Usage: python -m benchmarks.browser SITE [--runs N]

SITE is a folder that `trilateral publish site` wrote. Needs Chromium (Debian: chromium) and
playwright (pip install -e .[dev]). Server and browser share this machine; nothing is slowed
down as a network would.
"""

import argparse
import gzip
import json
import statistics
import time
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

from playwright.sync_api import sync_playwright
from tests.serve.conftest import CHROMIUM, FLAGS

# Which things hold a position: a question of usual length.
QUERY = "SELECT ?stance ?holder { ?stance tri:holder ?holder } ORDER BY ?stance"
MINUTE = 60_000


class Quiet(SimpleHTTPRequestHandler):
    """A host of files, which compresses nothing."""

    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        """Tell nothing."""


@contextmanager
def host(folder):
    """Give out a folder at a free port; yields its URL."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder)))
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def open_editor(page, url):
    """Open the editor with a query; returns the seconds until it can be run."""
    began = time.perf_counter()
    page.goto(f"{url}/query/?query={QUERY}")
    page.locator("#run", has_text="Run").or_(page.locator("#run", has_text="and run")).wait_for()
    page.locator("#data summary span:not(:empty)").wait_for()
    return time.perf_counter() - began


def click_run(page):
    """Run the query; returns the seconds until the answer is there."""
    began = time.perf_counter()
    page.locator("#run").click()
    page.locator("#status", has_text=" rows in ").wait_for()
    return time.perf_counter() - began


def measure(browser, url):
    """Measure one new reader: figures by name, in seconds."""
    found = {}
    context = browser.new_context()
    page = context.new_page()
    page.set_default_timeout(MINUTE)
    found["page, cold"] = open_editor(page, url)
    found["load and first answer"] = click_run(page)
    found["from nothing to the first answer"] = sum(found.values())
    found["the same query again"] = click_run(page)
    # What the service worker keeps is there when it has taken over.
    page.evaluate("navigator.serviceWorker.ready")
    page.wait_for_function("caches.keys().then((names) => names.length)")
    page.reload()
    page.locator("#status", has_text=" rows in ").wait_for()
    context.set_offline(True)
    began = time.perf_counter()
    page.goto(f"{url}/query/?query={QUERY}")
    page.locator("#status", has_text=" rows in ").wait_for()
    found["page and answer without a network"] = time.perf_counter() - began
    context.close()
    return found


def transferred(browser, url, site):
    """Return the files that the editor needs before a query, and their bytes, also as gzip."""
    context = browser.new_context(service_workers="block")
    page = context.new_page()
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    open_editor(page, url)
    context.close()
    paths = {each.partition("?")[0].removeprefix(f"{url}/") for each in asked}
    files = [site / (path or "index.html") for path in paths]
    files = [each / "index.html" if each.is_dir() else each for each in files]
    return sizes(files)


def sizes(files):
    data = [each.read_bytes() for each in files]
    return len(data), sum(map(len, data)), sum(len(gzip.compress(each, 6)) for each in data)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("site", type=Path)
    parser.add_argument("--runs", type=int, default=5)
    options = parser.parse_args()
    told = json.loads((options.site / "data/browser.json").read_bytes())
    with host(options.site) as url, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        count, whole, packed = transferred(browser, url, options.site)
        print("| what | bytes | as gzip |\n|---|---|---|")
        print(f"| page of the editor, {count} files | {whole:,} | {packed:,} |")
        for name in ("engine", "dataset"):
            each = told[name]
            print(f"| {name} | {each['bytes']:,} | {each['bytes_gzip']:,} |")
        runs = [measure(browser, url) for _ in range(options.runs)]
        print(f"\n| what, {browser.version} | median | range |\n|---|---|---|")
        for name in runs[0]:
            values = [run[name] for run in runs]
            low, high = min(values), max(values)
            print(f"| {name} | {statistics.median(values):.2f} s | {low:.2f} to {high:.2f} s |")
        browser.close()


if __name__ == "__main__":
    main()
