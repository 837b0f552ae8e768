"""Credentials come from the environment or a netrc file, and stand in no output."""

import base64
import hashlib
import re
from collections import Counter
from itertools import count

import pyoxigraph as ox
import pytest
from tests.load.conftest import CHANGED, HTTP, dump, quads_of, standing

SECRET = "kelp-round-7"
BASIC = "Basic " + base64.b64encode(f"ada:{SECRET}".encode()).decode()
ONE = ("--store", "oxigraph", "--graph", CHANGED)
BEARER = f"Bearer {SECRET}"


def wanting(header):
    """Let through only who shows this header; others are told what they sent."""

    def reply(request, _):
        shown = request.headers.get("Authorization", "")
        if shown == header:
            return None
        return 401, {"WWW-Authenticate": 'Basic realm="store"'}, f"no: {shown}".encode()

    return reply


@pytest.fixture
def netrc(tmp_path, monkeypatch):
    def netrc(text):
        path = tmp_path / "netrc"
        path.write_text(text)
        path.chmod(0o600)
        monkeypatch.setenv("NETRC", str(path))

    return netrc


def quiet(*printed):
    encoded = BASIC.removeprefix("Basic ")
    assert not any(word in text for text in printed for word in (SECRET, encoded))


@pytest.mark.parametrize(
    ("environment", "header"),
    [
        ({"TRILATERAL_USER": "ada", "TRILATERAL_PASSWORD": SECRET}, BASIC),
        ({"TRILATERAL_TOKEN": SECRET}, BEARER),
    ],
)
def test_credentials_of_the_environment_load_check_and_ask(
    environment, header, copy, build, later, trilateral, monkeypatch
):
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    with standing(copy, wanting(header)) as guarded:
        endpoint = ("--endpoint", f"{guarded.url}/query")
        checked = trilateral("check", *endpoint, "--build", build)
        asked = trilateral("ask", "which-sources-are-used", *endpoint)
        loaded = trilateral("load", guarded.url, *ONE, "--build", later)
    assert [loaded[0], checked[0], asked[0]] == [0, 0, 0]
    graph = ox.NamedNode(CHANGED)
    there, wanted = (
        {quad for quad in quads if quad.graph_name == graph}
        for quads in (dump(copy), quads_of(later))
    )
    assert there == wanted
    quiet(*loaded[1:], *checked[1:], *asked[1:])


def test_a_netrc_file_is_read_for_the_host(copy, later, trilateral, netrc):
    netrc(f"machine other login eve password x\nmachine 127.0.0.1 login ada password {SECRET}\n")
    with standing(copy, wanting(BASIC)) as guarded:
        status, out, err = trilateral("load", guarded.url, *ONE, "--build", later)
    assert status == 0, err
    quiet(out, err)


def test_a_netrc_file_of_other_hosts_gives_nothing(store, build, trilateral, netrc):
    netrc(f"machine other.example login ada password {SECRET}\n")
    with standing(store, wanting(BASIC)) as guarded:
        status, _, err = trilateral("load", guarded.url, "--store", "oxigraph", "--build", build)
        assert not any("Authorization" in headers for _, _, headers, _ in guarded.requests)
    assert status == 1
    assert "the store wants credentials (HTTP status 401)" in err


def test_a_wrong_password_leaves_the_old_data_and_is_not_shown(
    copy, later, trilateral, monkeypatch
):
    before = dump(copy)
    monkeypatch.setenv("TRILATERAL_USER", "ada")
    monkeypatch.setenv("TRILATERAL_PASSWORD", SECRET)
    with standing(copy, wanting("Basic other")) as guarded:
        for verb in ("load", "check", "ask"):
            words = {
                "load": ("load", guarded.url, "--store", "oxigraph", "--build", later),
                "check": ("check", "--endpoint", f"{guarded.url}/query", "--build", later),
                "ask": ("ask", "who-holds", "--endpoint", f"{guarded.url}/query"),
            }[verb]
            status, out, err = trilateral(*words)
            assert status == 1
            assert "does not take these credentials (HTTP status 401)" in err
            assert "TRILATERAL_PASSWORD" in err
            quiet(out, err)
    assert dump(copy) == before


@pytest.mark.parametrize("password", [SECRET, "another"])
def test_by_digest_the_data_are_sent_once_and_never_without_a_login_that_was_accepted(
    password, copy, later, trilateral, monkeypatch
):
    """A challenge is good for two requests here, so that none is left from what was asked."""
    for name, value in {"USER": "ada", "PASSWORD": password, "AUTH": "digest"}.items():
        monkeypatch.setenv(f"TRILATERAL_{name}", value)
    given, used = count(), Counter()

    def wanting_digest(request, _):
        said = request.headers.get("Authorization", "")
        fields = dict(re.findall(r'(\w+)="?([^",]*)', said))
        nonce = fields.get("nonce")
        used[nonce] += 1
        if nonce and used[nonce] <= 2 and fields["response"] == answered(request.command, fields):
            return None
        challenge = f'Digest realm="r", nonce="{next(given)}", qop="auth", algorithm=MD5'
        return 401, {"WWW-Authenticate": challenge}, b""

    def answered(method, fields):
        first = hashlib.md5(f"ada:r:{SECRET}".encode()).hexdigest()
        second = hashlib.md5(f"{method}:{fields['uri']}".encode()).hexdigest()
        told = (first, *(fields[name] for name in ("nonce", "nc", "cnonce", "qop")), second)
        return hashlib.md5(":".join(told).encode()).hexdigest()

    HTTP.post(f"{copy}/update", data={"update": "CLEAR ALL"}).raise_for_status()
    with standing(copy, wanting_digest) as guarded:
        words = ("load", guarded.url, "--store", "oxigraph", "--query", f"{copy}/query")
        status, _, err = trilateral(*words, "--build", later)
    large = [headers for _, _, headers, body in guarded.requests if len(body) > 1 << 14]
    if password == SECRET:
        assert (status, len(large)) == (0, 1), err
        assert "Authorization" in large[0]
        assert quads_of(later) <= dump(copy)
    else:
        assert (status, large) == (1, [])
        assert "does not take these credentials (HTTP status 401)" in err


def test_a_password_that_a_store_repeats_in_its_answer_is_hidden(
    copy, later, trilateral, monkeypatch
):
    monkeypatch.setenv("TRILATERAL_TOKEN", SECRET)

    def reply(request, _):
        return (500, {}, request.headers["Authorization"].encode())

    for only in ("/update", "/"):

        def faulty(request, body, only=only):
            return reply(request, body) if request.path.startswith(only) else None

        with standing(copy, faulty) as repeating:
            status, out, err = trilateral("load", repeating.url, *ONE, "--build", later)
        assert status == 1
        assert "***" in err
        quiet(out, err)


@pytest.mark.parametrize(
    "words",
    [
        ("load", f"http://ada:{SECRET}@127.0.0.1:7878"),
        ("load", f"ftp://ada:{SECRET}@127.0.0.1:7878"),
        ("load", f"ada:{SECRET}@127.0.0.1:7878"),
        ("load", "http://127.0.0.1:1", "--query", f"http://ada:{SECRET}@127.0.0.1:1/query"),
        ("ask", "who-holds", "--endpoint", f"http://ada:{SECRET}@127.0.0.1:7878"),
        ("check", "--endpoint", f"http://ada:{SECRET}@127.0.0.1:7878"),
        ("load", "http://127.0.0.1:1", f"--password={SECRET}"),
    ],
)
def test_a_password_on_the_command_line_is_refused_and_not_repeated(words, trilateral):
    status, out, err = trilateral(*words)
    assert status == 2
    if "--password" not in words[-1]:
        assert "holds a user name or a password" in err
        assert "TRILATERAL_PASSWORD" in err
        assert "netrc" in err
    quiet(out, err)


@pytest.mark.parametrize(
    ("environment", "words"),
    [
        ({"USER": "ada"}, "TRILATERAL_PASSWORD is not set"),
        ({"PASSWORD": SECRET}, "TRILATERAL_USER is not set"),
        ({"USER": "a", "PASSWORD": SECRET, "TOKEN": SECRET}, "are both set"),
        ({"TOKEN": SECRET + "\n"}, "TRILATERAL_TOKEN is empty or holds a line break"),
        ({"USER": "a", "PASSWORD": SECRET, "AUTH": "ntlm"}, "neither basic nor digest"),
    ],
)
def test_incomplete_credentials_are_refused(environment, words, trilateral, monkeypatch):
    for name, value in environment.items():
        monkeypatch.setenv(f"TRILATERAL_{name}", value)
    status, out, err = trilateral("load", "http://127.0.0.1:9")
    assert status == 2
    assert words in err
    quiet(out, err)


def test_a_broken_netrc_file_is_named_with_its_line_and_not_quoted(trilateral, netrc):
    netrc(f"machine 127.0.0.1 login ada\n{SECRET} password\n")
    status, out, err = trilateral("load", "http://127.0.0.1:9")
    assert status == 2
    assert "netrc:2: this is no netrc file" in err
    quiet(out, err)


def test_a_redirection_takes_no_credentials_to_another_host(store, later, trilateral, monkeypatch):
    monkeypatch.setenv("TRILATERAL_TOKEN", SECRET)
    with standing(store, lambda request, body: None) as other:
        there = {"Location": f"{other.url}/query?query=ASK%7B%7D"}
        with standing(store, lambda request, body: (302, there, b"")) as first:
            trilateral("ask", "who-holds", "--endpoint", f"{first.url}/query")
            trilateral("load", first.url, *ONE, "--build", later)
        assert first.requests[0][2]["Authorization"] == BEARER
        assert not any("Authorization" in headers for _, _, headers, _ in other.requests)
