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

# Who holds which position: about a thousand rows.
QUERY = "SELECT ?stance ?holder { ?stance tri:holder ?holder } ORDER BY ?stance"
MINUTE = 60_000


KEPT = """async () => {
  const root = new URL("../", location.href);
  const told = await fetch(new URL("data/browser.json", root));
  const { version, engine, dataset } = await told.json();
  const urls = [engine, dataset].map(({ file }) => new URL(`${file}?v=${version}`, root));
  return (await Promise.all(urls.map((url) => caches.match(url)))).every(Boolean);
}"""


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


# Clicks as soon as there is what to click, and notes when, by the clock of the page.
READER = """
  window.seen = {};
  new MutationObserver(() => {
    const [run, status] = ["run", "status"].map((id) => document.getElementById(id)?.textContent);
    if (!seen.ready && /^Load/.test(run)) {
      seen.ready = performance.now() / 1000;
      document.getElementById("run").click();
    }
    if (!seen.answer && / rows in /.test(status)) seen.answer = performance.now() / 1000;
  }).observe(document, { childList: true, subtree: true, characterData: true });
"""


def answered(page):
    """Wait for the answer; returns the seconds that the page noted."""
    page.locator("#status", has_text=" rows in ").wait_for()
    return page.evaluate("seen")


def measure(browser, url):
    """Measure one new reader: figures by name, in seconds."""
    context = browser.new_context()
    context.add_init_script(READER)
    page = context.new_page()
    page.set_default_timeout(MINUTE)
    page.goto(f"{url}/query/?query={QUERY}")
    first = answered(page)
    found = {
        "from nothing to the button that loads": first["ready"],
        "from the button to the first answer": first["answer"] - first["ready"],
        "from nothing to the first answer": first["answer"],
    }
    began = time.perf_counter()
    page.locator("#run").click()
    page.locator("#cancel").wait_for(state="hidden")
    page.locator("#status", has_text=" rows in ").wait_for()
    found["the same query again"] = time.perf_counter() - began
    # The service worker takes over, and fetches what came before it.
    while not page.evaluate(KEPT):
        time.sleep(0.05)
    context.set_offline(True)
    page.goto(f"{url}/query/?query={QUERY}")
    found["from nothing to the answer, without a network"] = answered(page)["answer"]
    context.close()
    return found


def transferred(browser, url, site):
    """Return the files that the editor needs before a query, and their bytes, also as gzip."""
    context = browser.new_context(service_workers="block")
    page = context.new_page()
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{url}/query/?query={QUERY}")
    page.locator("#run", has_text="Load").wait_for()
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
