"""What the versions changed, served beside the data that are served."""

import json
import shutil
import signal

import pytest
from tests.conftest import WORLD
from tests.serve.test_operations import served, told

from trilateral.cli import main

ACTOR = "https://w3id.org/trilateral/actor/"
LINK = '<a href="/history/actor/{}.html">What each version changed</a>'
FOOT = '<a href="/history/">History</a>'


def write_past(folder, *names):
    """A history as `trilateral publish history` names its files, of some actors."""
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "actor").mkdir(parents=True)
    (folder / "2026-01-02").mkdir()
    (folder / "2026-01-02" / "changes.rdfp").write_text("TX .\nTC .\n")
    for name in ("index.html", "history.css", *(f"actor/{name}.html" for name in names)):
        (folder / name).write_text(f"<p>{name}: 日本</p>", "utf-8")
    things = {ACTOR + name: {} for name in names}
    (folder / "history.json").write_text(json.dumps({"things": things}))
    return folder


@pytest.fixture
def past(tmp_path):
    return write_past(tmp_path / "past", "arland", "gone")


def test_pages_lead_to_what_the_versions_changed(serve, past):
    with served(serve, "--data", WORLD / "data", "--history", past) as (_, client):
        page = client.get("/actor/arland.html").text
        assert LINK.format("arland") in page and FOOT in page
        other = client.get("/actor/borland.html").text
        assert "What each version changed" not in other and FOOT in other
        for path, name in (
            ("/history/", "index.html"),
            ("/history/actor/arland.html", "actor/arland.html"),
            ("/history/actor/gone.html", "actor/gone.html"),
        ):
            answer = client.get(path)
            assert (answer.status_code, answer.text) == (200, f"<p>{name}: 日本</p>")
            assert answer.headers["content-type"] == "text/html; charset=utf-8"
            assert "default-src 'self'" in answer.headers["content-security-policy"]
            known = {"if-none-match": answer.headers["etag"]}
            assert client.get(path, headers=known).status_code == 304
            assert client.head(path).headers["content-length"] == str(len(answer.content))
        media = {
            "history.css": "text/css; charset=utf-8",
            "history.json": "application/json",
            "2026-01-02/changes.rdfp": "application/rdf-patch",
        }
        for name, kind in media.items():
            assert client.get(f"/history/{name}").headers["content-type"] == kind


def test_nothing_else_is_reached(serve, past):
    (past.parent / "secret.html").write_text("secret")
    others = (
        "actor/borland.html",
        "actor/",
        "../secret.html",
        "%2e%2e/secret.html",
        "/secret.html",
    )
    with served(serve, "--data", WORLD / "data", "--history", past) as (_, client):
        found = {path: client.get(f"/history/{path}").status_code for path in others}
    assert all(status in (400, 404) for status in found.values()), found


def test_without_one_there_is_none(world_client):
    assert world_client.get("/history/").status_code == 404
    assert "/history/" not in world_client.get("/actor/arland.html").text


def test_a_reload_reads_it_again_and_keeps_the_old_one_where_it_is_broken(serve, past):
    """Also where the data are the same, and pages were kept."""
    with served(serve, "--data", WORLD / "data", "--history", past) as (process, client):
        path = "/actor/borland.html"
        before = [client.get(path) for _ in range(3)][-1]
        (past / "history.json").write_text("{}")
        process.send_signal(signal.SIGHUP)
        line = told(process, "served as they were")
        assert "this is no history of releases" in line
        known = {"if-none-match": before.headers["etag"]}
        assert client.get(path, headers=known).status_code == 304
        write_past(past, "arland", "borland")
        process.send_signal(signal.SIGHUP)
        told(process, "read again")
        after = client.get(path, headers=known)
        assert after.status_code == 200
        assert LINK.format("borland") in after.text
        assert client.get("/history/actor/borland.html").status_code == 200
        assert client.get("/history/actor/gone.html").status_code == 404


def test_what_is_no_history_is_not_served(tmp_path, capsys):
    words = ["serve", "--port", "0", "--data", str(WORLD / "data"), "--history", str(tmp_path)]
    assert main(words) == 1
    err = capsys.readouterr().err
    assert f"{tmp_path}: this is no history of releases" in err
    assert "trilateral publish history RELEASES --out DIR" in err
