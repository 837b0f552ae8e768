"""The measurement of scale: what grows how, within a budget, and on from where it stopped."""

import json
import os
import sys
import threading

import pytest
from benchmarks import scale
from tests.conftest import WORLD
from tests.load.conftest import standing

ROWS = b'{"head": {"vars": ["n"]}, "results": {"bindings": [{}, {}]}}'


def entry(store, size, question=None, seconds=1.0, rows=1):
    told = {"store": store, "wanted": size, "quads": size, "seconds": seconds, "processor": seconds}
    if question:
        return told | {"question": question, "rows": rows}
    return told | {"peak_mb": 1, "disk_mb": 1}


@pytest.mark.parametrize(
    ("points", "power"),
    [
        ([(10, 3.0), (100, 30.0), (1000, 300.0)], 1.0),
        ([(10, 1.0), (100, 100.0)], 2.0),
        ([(10, 5.0), (100, 5.0)], 0.0),
    ],
)
def test_growth_is_the_power_of_the_size(points, power):
    assert scale.growth(points) == pytest.approx(power)


def test_one_size_has_no_growth():
    assert scale.growth([(10, 1.0)]) is None
    assert scale.growth([(10, 1.0), (10, 2.0)]) is None


def test_questions_that_grow_faster_than_data_and_rows_are_named():
    known = [
        *(entry("a", size, "even", size / 10, size) for size in (10, 100)),
        *(entry("a", size, "pairs", size**2 / 10, size**2) for size in (10, 100)),  # so do its rows
        *(entry("a", size, "steep", size**2 / 10, size) for size in (10, 100)),
        *(entry("a", size, "quick", size**2 / 1e7, size) for size in (10, 100)),
        entry("a", 10, "late"),
        entry("a", 100, "late", None, None),
        entry("a", 10, "unknown", None, None) | {"refused": "no such function"},
    ]
    found = list(scale.steep(scale.by_question(known, "seconds"), ["a"]))
    assert found == [
        ("late", ["too late"], ""),
        ("steep", ["2.00"], "1.00"),
        ("unknown", ["refused"], ""),
    ]


def test_what_took_too_long_is_not_asked_again_of_more_data():
    known = [entry("a", 10, "late", None), entry("a", 10, "done"), entry("b", 10, "late", None)]
    texts = {"late": "", "done": "", "new": ""}
    assert set(scale.wanted(known, "a", 10, texts)) == {"new"}
    assert set(scale.wanted(known, "a", 100, texts)) == {"done", "new"}
    assert set(scale.wanted(known, "b", 100, texts)) == {"done", "new"}


def run(monkeypatch, *arguments):
    monkeypatch.setattr(sys, "argv", ["scale", *map(str, arguments)])
    scale.main()


def test_stores_are_loaded_asked_and_not_measured_twice(tmp_path, monkeypatch, capsys):
    file = tmp_path / "scale.jsonl"
    words = (
        "run",
        file,
        "--quads",
        8000,
        "--runs",
        1,
        "--data",
        WORLD / "data",
        "--work",
        tmp_path,
    )
    words = (*words, "--stores", "pyoxigraph", "oxigraph", "--only", "what-happened-when")
    run(monkeypatch, *words, "--budget", 0)
    assert not file.exists()
    assert "the budget is used up" in capsys.readouterr().out
    run(monkeypatch, *words)
    lines = file.read_text().splitlines()
    told = [json.loads(line) for line in lines]
    assert [(each["store"], each.get("question")) for each in told] == [
        ("pyoxigraph", None),
        ("pyoxigraph", "what-happened-when"),
        ("oxigraph", None),
        ("oxigraph", "what-happened-when"),
    ]
    assert told[1]["rows"] == told[3]["rows"] > 0
    file.write_text("\n".join(lines) + '\n{"store": "oxi')  # as a run that was killed leaves it
    run(monkeypatch, *words)
    assert file.read_text().count("what-happened-when") == 2
    capsys.readouterr()
    run(monkeypatch, "report", file)
    out = capsys.readouterr().out
    assert "| pyoxigraph | 8,000" not in out
    assert "### Growth" in out
    assert [path.name for path in tmp_path.iterdir()] == ["scale.jsonl"]


def test_a_store_that_refuses_a_question_is_told_from_one_that_is_late():
    def reply(request, body):
        if b"late" in body:
            ended.wait(5)
        return (400, {}, b"no such function") if b"refused" in body else (200, {}, ROWS)

    ended = threading.Event()
    with standing("", reply) as served:
        one = scale.over_http(served.url, os.getpid())
        assert one("SELECT", 60)[2] == 2
        with pytest.raises(scale.RefusedError, match="no such function"):
            one("refused", 60)
        with pytest.raises(scale.LateError):
            one("late", 0.2)
        ended.set()


def test_a_question_that_takes_too_long_is_ended_and_said_to_be_late(tmp_path):
    import pyoxigraph as ox

    store = ox.Store(str(tmp_path / "data"))
    store.extend(
        ox.Quad(ox.NamedNode(f"urn:{at}"), ox.NamedNode("urn:p"), ox.Literal(at))
        for at in range(2000)
    )
    store.flush()
    del store
    one = scale.in_process(tmp_path)
    assert one("SELECT ?s { ?s ?p ?o } LIMIT 3", 60)[2] == 3
    bomb = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i FILTER (?c + ?f = ?i - 0.5) }"
    with pytest.raises(scale.LateError):
        one(bomb, 0.1)
