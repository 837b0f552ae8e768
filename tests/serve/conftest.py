"""What the tests of the server share: servers in processes of their own, and a browser."""

import os
import re
import shutil
import signal
import subprocess
import sys
from contextlib import contextmanager

import httpx
import pytest
from tests.conftest import WORLD

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@contextmanager
def serving(*options, **environment):
    """Run ``trilateral serve`` at a free port; yields its process and its URL."""
    process = subprocess.Popen(
        [sys.executable, "-m", "trilateral", "serve", "--port", "0", *map(str, options)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, **environment},
    )
    try:
        line = process.stdout.readline()
        found = re.search(r"http://\S+:\d+", line)
        assert found, line + process.stderr.read()
        yield process, found[0]
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.communicate(timeout=30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()


@pytest.fixture(scope="session")
def world_url():
    """The URL of a server of the tiny world."""
    options = ("--seconds", "3", "--issues", "https://example.org/issues/new")
    with serving("--data", WORLD / "data", *options) as (_, url):
        yield url


@pytest.fixture(scope="session")
def shipped_url():
    """The URL of a server of the shipped data."""
    with serving() as (_, url):
        yield url


@pytest.fixture(scope="session")
def world_client(world_url):
    with httpx.Client(base_url=world_url, timeout=30) as client:
        yield client


@pytest.fixture(scope="session")
def shipped_client(shipped_url):
    with httpx.Client(base_url=shipped_url, timeout=30) as client:
        yield client


@pytest.fixture(scope="module")
def browser():
    """Headless Chromium, which Debian's package ``chromium`` installs.

    For one file at a time: while it is there, an event loop runs, and a test can run no other.
    """
    if CHROMIUM is None:
        pytest.skip("Chromium is not installed (on Debian: apt-get install chromium)")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield launched
        launched.close()


@pytest.fixture(scope="session")
def serve():
    """Run a server with options of one's own: ``with serve("--seconds", 1) as (process, url)``."""
    return serving
