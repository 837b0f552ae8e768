"""What the tests of the server share: servers in processes of their own, and a browser."""

import os
import re
import shutil
import signal
import subprocess
import sys
import time
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
# Seconds that a test waits, at most, for what takes a moment: a machine may do much else.
WAIT = 60
# Limits that no query of these tests meets: they are about answers, and a query that runs for
# longer than a moment gives way to whatever else the machine does.
PATIENT = ("--seconds", "60", "--budget", "3600")


def until(condition):
    """Wait until a condition holds; a test looks so at what others do in their own time."""
    end = time.monotonic() + WAIT
    while not condition():
        assert time.monotonic() < end, "It did not happen."
        time.sleep(0.02)


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
            process.communicate(timeout=WAIT)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()


@pytest.fixture(scope="session")
def world_url():
    """The URL of a server of the tiny world."""
    issues = ("--issues", "https://example.org/issues/new")
    with serving("--data", WORLD / "data", *PATIENT, *issues) as (_, url):
        yield url


@pytest.fixture(scope="session")
def shipped_url():
    """The URL of a server of the shipped data."""
    with serving(*PATIENT) as (_, url):
        yield url


@pytest.fixture(scope="session")
def world_client(world_url):
    with httpx.Client(base_url=world_url, timeout=WAIT) as client:
        yield client


@pytest.fixture(scope="session")
def shipped_client(shipped_url):
    with httpx.Client(base_url=shipped_url, timeout=WAIT) as client:
        yield client


@pytest.fixture(scope="module")
def browser():
    """Headless Chromium, which Debian's package ``chromium`` installs.

    For one file at a time: while it is there, an event loop runs, and a test can run no other.
    """
    if CHROMIUM is None:
        pytest.skip("Chromium is not installed (on Debian: apt-get install chromium)")
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=WAIT * 1000)
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield launched
        launched.close()


@pytest.fixture(scope="session")
def serve():
    """Run a server with options of one's own: ``with serve("--seconds", 1) as (process, url)``."""
    return serving
