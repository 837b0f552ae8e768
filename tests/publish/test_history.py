"""History: differences are what somebody would write down by hand, and lead from old to new."""

import gzip
import hashlib
import html.parser
import json
import re
import shutil
import subprocess
from collections import Counter
from datetime import date

import pyoxigraph as ox
import pytest
from proof.engines.java import Jena
from tests.conftest import WORLD
from tests.publish.conftest import DAY, files, git, home_of, start

from trilateral.cli import main
from trilateral.prefixes import prefixes
from trilateral.publish.history import pages, patch, series
from trilateral.publish.history.continuity import check_nothing_lost
from trilateral.publish.history.differences import compare
from trilateral.publish.history.retired import read_retired, redirects
from trilateral.publish.history.versions import read_version
from trilateral.publish.history.written import read_history
from trilateral.publish.metadata import dcat
from trilateral.publish.metadata.citation import Author, read_citation
from trilateral.publish.metadata.facts import Facts
from trilateral.publish.metadata.rdf import write_turtle
from trilateral.publish.release import assemble
from trilateral.publish.release.plan import Plan, make_plan
from trilateral.publish.release.refusals import RefusedError, VerificationError

BASE = "https://w3id.org/trilateral/"
HEADER = f"@base <{BASE}> .\n" + "".join(
    f"@prefix {name}: <{space}> .\n" for name, space in prefixes().items()
)
MODEL = """
<graph/ontology/frameworks> {
    tri:Membership rdfs:label "membership"@en .
    tri:role rdfs:label "role"@en .
    tri:startDate rdfs:label "start date"@en .
    tri:attestedBy rdfs:label "attested by"@en .
    role:member skos:prefLabel "member"@en .
    role:observer skos:prefLabel "observer"@en .
}
"""
OLD = (
    MODEL
    + """
<graph/actors/states> {
    actor:arland a tri:State ;
        skos:prefLabel "Arland"@en, "アーランド"@ja ;
        skos:altLabel "Ar"@en .
    actor:borland a tri:State ; skos:prefLabel "Borland"@en .
    actor:dorland a tri:State ; skos:prefLabel "Dorland"@en .
    actor:northland a tri:State ; skos:prefLabel "Northland"@en .
}
<graph/frameworks/pact> {
    membership:arland-pact a tri:Membership ;
        skos:prefLabel "Arland in the pact"@en ;
        tri:role role:observer ;
        tri:startDate "2019"^^xsd:gYear ;
        tri:attestedBy source:a, source:b .
}
"""
)
NEW = (
    MODEL
    + """
<graph/actors/states> {
    actor:arland a tri:State ;
        skos:prefLabel "Arland"@en, "アルランド"@ja ;
        skos:altLabel "Ar"@en .
    actor:corland a tri:State ; skos:prefLabel "Corland"@en .
}
<graph/actors/islands> {
    actor:northland a tri:State ; skos:prefLabel "Northland"@en .
}
<graph/frameworks/pact> {
    membership:arland-pact a tri:Membership ;
        skos:prefLabel "Arland in the pact"@en ;
        tri:role role:member ;
        tri:startDate "2019-03-01"^^xsd:date ;
        tri:attestedBy source:c .
}
<graph/retired> {
    actor:borland a owl:NamedIndividual ;
        owl:deprecated true ;
        dct:modified "2026-02-01"^^xsd:date ;
        dct:isReplacedBy actor:corland ;
        skos:changeNote "Borland. Corland took its place."@en .
    actor:dorland a owl:NamedIndividual ;
        owl:deprecated true ;
        dct:modified "2026-02-01"^^xsd:date ;
        skos:changeNote "Dorland. Nobody speaks of it."@en .
}
"""
)
TEXT = """\
Changes from old to new

Things: 2 removed, 3 changed, 1 added. Statements: 11 went, 17 came.
RDFC-1.0 SHA-256 of old: {old}
RDFC-1.0 SHA-256 of new: {new}

things       removed  changed  added  retired before
Actors             2        2      1               0
Memberships        0        1      0               0

statements in the graph  went  came
actors/islands              0     2
actors/states               7     3
frameworks/pact             4     3
retired                     0     9

Removed
=======

Actors
------
Borland  actor:borland
    retired: Borland. Corland took its place.
    in its place: Corland  actor:corland
Dorland  actor:dorland
    retired: Dorland. Nobody speaks of it.

Changed
=======

Actors
------
Arland  actor:arland
    label (ja): “アーランド” -> “アルランド”
Northland  actor:northland
    class: tri:State
        moved from actors/states to actors/islands
    label (en): “Northland”
        moved from actors/states to actors/islands

Memberships
-----------
Arland in the pact  membership:arland-pact
    - attested by: source:a
    - attested by: source:b
    + attested by: source:c
    role: observer -> member
    start date: 2019 -> 2019-03-01

Added
=====

Actors
------
Corland  actor:corland
"""


def nquads(trig):
    """Canonical N-Quads of TriG, or N-Quads, without blank nodes: the sorted lines."""
    if trig.startswith("<https:"):
        return "".join(f"{line}\n" for line in sorted(set(trig.splitlines()))).encode()
    quads = ox.parse(HEADER + trig, format=ox.RdfFormat.TRIG)
    return "".join(sorted(f"{quad} .\n" for quad in set(quads))).encode()


def write_nquads(folder, **versions):
    for name, trig in versions.items():
        (folder / f"{name}.nq").write_bytes(nquads(trig))
    return [folder / f"{name}.nq" for name in versions]


def write_release(out, day, trig):
    """What is read of a release: manifest, dataset, digests."""
    folder, data = out / day, nquads(trig)
    folder.mkdir(parents=True)
    manifest = {"version": day, "rdfc10_sha256": hashlib.sha256(data).hexdigest()}
    (folder / "manifest.json").write_text(json.dumps(manifest))
    (folder / "dataset.nq.gz").write_bytes(gzip.compress(data))
    sums = {
        name: hashlib.sha256((folder / name).read_bytes()).hexdigest()
        for name in ("dataset.nq.gz", "manifest.json")
    }
    text = "".join(f"{digest}  {name}\n" for name, digest in sums.items())
    (folder / "SHA256SUMS").write_text(text)
    return folder


@pytest.fixture
def pair(tmp_path):
    return write_nquads(tmp_path, old=OLD, new=NEW)


@pytest.fixture(scope="module")
def world_lines():
    """The tiny world as lines of N-Quads, a graph for each file."""
    return sorted(
        f"{ox.Quad(*quad.triple, ox.NamedNode(f'{BASE}graph/{path.stem}'))} ."
        for path in (WORLD / "data").rglob("*.ttl")
        for quad in ox.parse(path=path)
    )


@pytest.fixture
def found(pair):
    return compare(*map(read_version, pair))


def said(capsys, *arguments):
    status = main([str(each) for each in ("publish", *arguments)])
    captured = capsys.readouterr()
    return status, captured.out, captured.err


# ---------------------------------------------------------------- differences


def test_text_is_what_somebody_would_write_down(pair, capsys):
    old, new = (hashlib.sha256(path.read_bytes()).hexdigest() for path in pair)
    status, out, _ = said(capsys, "diff", *pair)
    assert (status, out) == (0, TEXT.format(old=old, new=new))
    _, brief, _ = said(capsys, "diff", *pair, "--brief")
    assert brief == out.partition("\nRemoved\n")[0]


def test_what_was_retired_before_is_told_by_its_reason(tmp_path, capsys):
    pair = write_nquads(tmp_path, old=MODEL, new=MODEL + NEW[NEW.index("<graph/retired>") :])
    _, out, _ = said(capsys, "diff", *pair)
    assert "Things: 0 removed, 0 changed, 0 added, 2 retired before." in out
    assert out.endswith(
        "Retired before\n==============\n\nActors\n------\n"
        "actor:borland\n    retired: Borland. Corland took its place.\n"
        "    in its place: actor:corland\n"
        "actor:dorland\n    retired: Dorland. Nobody speaks of it.\n"
    )


def test_the_same_twice_differs_in_nothing(pair, capsys):
    status, out, _ = said(capsys, "diff", pair[0], pair[0])
    assert status == 0
    assert out.splitlines()[2] == "Both say the same."
    assert "Removed" not in out


def test_what_comes_back_is_added(pair):
    back = compare(*map(read_version, reversed(pair)))
    assert [each.iri for each in back.added] == [BASE + "actor/borland", BASE + "actor/dorland"]
    assert [each.iri for each in back.removed] == [BASE + "actor/corland"]


def test_text_shows_what_nobody_can_see_and_keeps_to_its_line(tmp_path, capsys):
    trig = '<graph/x> {{ actor:x a tri:State ; skos:prefLabel "{}"@en }}'
    pair = write_nquads(tmp_path, old=trig.format("X"), new=trig.format("\u202eX\\u001b[31m\\n- Y"))
    _, out, _ = said(capsys, "diff", *pair)
    assert "    label (en): “X” -> “\\u202EX\\u001B[31m - Y”\n" in out


def test_json_has_each_statement_that_came_or_went(pair, capsys):
    _, out, _ = said(capsys, "diff", *pair, "--format", "json")
    told = json.loads(out)
    edits = [e for things in told["things"].values() for each in things for e in each["edits"]]
    sets = [set(path.read_text("utf-8").splitlines()) for path in pair]
    assert sum("before" in each for each in edits) == len(sets[0] - sets[1])
    assert sum("after" in each for each in edits) == len(sets[1] - sets[0])
    assert told["statements"] == {"went": 11, "came": 17}
    (arland,) = (each for each in told["things"]["changed"] if each["name"] == "Arland")
    assert arland["edits"] == [
        {
            "property": "http://www.w3.org/2004/02/skos/core#prefLabel",
            "name": "label",
            "graph": BASE + "graph/actors/states",
            "before": {"type": "literal", "value": "アーランド", "xml:lang": "ja"},
            "after": {"type": "literal", "value": "アルランド", "xml:lang": "ja"},
        }
    ]


# ---------------------------------------------------------------- RDF Patch


def apply(lines, rows):
    """Apply an RDF Patch to lines of N-Quads, each row of which must find what it says."""
    lines = set(lines)
    for row in rows:
        operation, _, quad = row.partition(" ")
        if operation == "D":
            lines.remove(quad)
        elif operation == "A":
            assert quad not in lines
            lines.add(quad)
        else:
            assert operation in ("H", "TX", "TC"), row
    return lines


def test_a_patch_makes_the_new_version_of_the_old_one(pair, capsys):
    _, out, _ = said(capsys, "diff", *pair, "--format", "rdf")
    old, new = (path.read_text("utf-8").splitlines() for path in pair)
    assert sorted(apply(old, out.splitlines())) == new


def test_a_patch_of_releases_names_them_and_what_must_come_out(world_lines, tmp_path):
    # A graph less, a label that is another, and one that looks like an operation.
    other = [each for each in world_lines if "/graph/summits>" not in each]
    other = [each.replace('"Arland"@en', r'"D \"Arland\" .\nTC ."@en') for each in other]
    assert 10 < len(set(world_lines) - set(other)) < len(world_lines)
    new = write_release(tmp_path, DAY, "\n".join(world_lines))
    old = write_release(tmp_path, "2026-02-28", "\n".join(other))
    rows = patch.write_patch(compare(read_version(old), read_version(new))).splitlines()
    heads = dict(row.removeprefix("H ").removesuffix(" .").split(" ", 1) for row in rows[:4])
    hashes = [
        json.loads((each / "manifest.json").read_text("utf-8"))["rdfc10_sha256"]
        for each in (old, new)
    ]
    assert heads == {
        "id": f"<{BASE}version/{DAY}/>",
        "prev": f"<{BASE}version/2026-02-28/>",
        "hash": f'"{hashes[1]}"',
        "prevhash": f'"{hashes[0]}"',
    }
    assert (rows[4], rows[-1]) == ("TX .", "TC .")
    out = "".join(f"{each}\n" for each in sorted(apply(sorted(other), rows)))
    assert hashlib.sha256(out.encode()).hexdigest() == hashes[1]


def test_a_patch_is_one_to_apache_jena(found, tmp_path):
    jena = Jena()
    if jena.missing():
        pytest.skip(jena.missing())
    jena.install()
    path = tmp_path / patch.NAME
    written = patch.write_patch(found)
    path.write_text(written, "utf-8")
    command = ["java", "-cp", f"{jena.folder}/*", "rdfpatch.rdfpatch", path]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8")
    assert done.returncode == 0, done.stderr
    # It prints what it has read, with short forms of literals that Turtle has.
    rows = [row for row in done.stdout.splitlines() if row]
    assert sorted(map(quad_of, rows)) == sorted(map(quad_of, written.splitlines()))


def quad_of(row):
    operation, _, quad = row.partition(" ")
    if operation not in "AD":
        return row
    triple, graph = re.fullmatch(r"(.*) (<[^>]*>) \.", quad).groups()
    (read,) = ox.parse(f"{graph} {{ {triple} }}", format=ox.RdfFormat.TRIG)
    return f"{operation} {read}"


# ---------------------------------------------------------------- pages


class Page(html.parser.HTMLParser):
    """Tags, attributes and text of a page, and that it is well nested."""

    EMPTY = ("meta", "link")

    def __init__(self, text):
        super().__init__()
        self.tags, self.ids, self.links, self.text, self.open = Counter(), [], [], "", []
        self.feed(text)
        assert self.open == []

    def handle_starttag(self, tag, attributes):
        told = dict(attributes)
        self.tags[tag] += 1
        self.ids += [told["id"]] if "id" in told else []
        self.links += [told["href"]] if "href" in told else []
        if tag not in self.EMPTY:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text += data


def test_page_stands_alone_and_has_an_anchor_for_each_thing(found):
    page = Page(pages.write_changes(found))
    assert page.tags["script"] == page.tags["link"] == page.tags["img"] == 0
    assert page.tags["html"] == page.tags["main"] == page.tags["h1"] == 1
    assert len(page.ids) == len(set(page.ids))
    things = [each.iri.removeprefix(BASE) for _, each_ in found.sections() for each in each_]
    assert len(things) == 6
    assert set(things) <= set(page.ids)
    assert {each[1:] for each in page.links if each.startswith("#")} <= set(page.ids)
    assert BASE + "actor/corland" in page.links


def test_page_shows_values_as_text_and_links_nowhere_by_script(tmp_path):
    trig = '<graph/x> {{ actor:x a tri:State ; skos:prefLabel "{}"@en ; tri:homepage <{}> }}'
    pair = write_nquads(
        tmp_path,
        old=trig.format("X", "https://a.example/"),
        new=trig.format("<script>alert(1)</script>", "javascript:alert(1)"),
    )
    text = pages.write_changes(compare(*map(read_version, pair)))
    page = Page(text)
    assert page.tags["script"] == 0
    assert page.text.count("<script>alert(1)</script>") >= 2
    assert not [each for each in page.links if each.startswith("javascript:")]


# ---------------------------------------------------------------- what is refused


def test_a_release_is_verified_before_it_is_compared(tmp_path):
    release = write_release(tmp_path, DAY, OLD)
    assert len(read_version(release).quads) == 22
    data = gzip.decompress((release / "dataset.nq.gz").read_bytes())
    fewer = gzip.compress(data[: data.rindex(b"\n", 0, -1) + 1])
    (release / "dataset.nq.gz").write_bytes(fewer)
    with pytest.raises(VerificationError, match=r"dataset\.nq\.gz: it is not the file that SHA256"):
        read_version(release)
    # Whoever changes checksums too is found by the canonical hash.
    sums = (release / "SHA256SUMS").read_text()
    sums = re.sub(r"\w+(?=  dataset\.nq\.gz)", hashlib.sha256(fewer).hexdigest(), sums)
    (release / "SHA256SUMS").write_text(sums)
    with pytest.raises(VerificationError, match="another canonical hash"):
        read_version(release)
    (release / "manifest.json").write_text("{}")
    with pytest.raises(VerificationError, match=r"manifest\.json: it is not the file"):
        read_version(release)
    (release / "SHA256SUMS").unlink()
    with pytest.raises(VerificationError, match="Name the folder of one release"):
        read_version(release)


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.ttl", b"", "neither a release nor a dataset"),
        ("a.nq", b"<x:a> <x:b> .", "line 1: this is no N-Quads"),
        ("a.nq", b"_:a <x:b> <x:c> .", "a node without a name"),
        ("a.nq", b"<x:a> <x:b> _:c .", "a node without a name"),
        ("a.nq.gz", b"no gzip", "this cannot be read"),
        (
            "a.nq.gz",
            gzip.compress(b"<x:a> <x:b> <x:c> .\n" * 99, mtime=0)[:-9],
            "this cannot be read",
        ),
    ],
)
def test_what_is_no_version_is_refused(tmp_path, capsys, name, content, words):
    (tmp_path / name).write_bytes(content)
    (good,) = write_nquads(tmp_path, good=OLD)
    status, out, errors = said(capsys, "diff", good, tmp_path / name, "--out", tmp_path / "out")
    assert (status, out) == (1, "")
    assert errors.startswith(f"trilateral: {tmp_path / name}: ")
    assert words in errors
    assert not (tmp_path / "out").exists()


def test_differences_are_written_whole_into_a_file(pair, tmp_path, capsys):
    out = tmp_path / "changes.html"
    out.write_text("before")
    status, told, _ = said(capsys, "diff", *pair, "--format", "html", "--out", out)
    assert status == 0
    assert told.startswith(f"{out}: Things: 2 removed")
    assert out.read_text("utf-8").startswith("<!doctype html>")
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


# ---------------------------------------------------------------- retired IRIs


def test_retired_are_read_with_their_successors():
    quads = list(ox.parse(HEADER + NEW, format=ox.RdfFormat.TRIG))
    assert redirects(quads) == {"/actor/borland": "/actor/corland", "/actor/dorland": None}
    found = read_retired(quads)[BASE + "actor/dorland"]
    assert (found.day, found.note) == ("2026-02-01", "Dorland. Nobody speaks of it.")


# Subjects of data and ontology at 2a0379a, fe150a2 and 71e1094, the last commits of versions
# 0.1.0, 0.2.0 and 0.3.0, that are no subjects today, counted by their kind with git and grep.
GONE = {"actor": 20, "participation": 8, "source": 8}


def test_what_earlier_versions_had_and_this_one_has_not_is_retired(home):
    quads = list(ox.parse(path=home.data / "retired.ttl"))
    retired = read_retired(quads)
    assert Counter(each.removeprefix(BASE).partition("/")[0] for each in retired) == GONE
    assert {each.day for each in retired.values()} == {"2026-11-24", "2026-11-30"}
    assert {path: new for path, new in redirects(quads).items() if new} == {
        "/actor/chosunbiz": "/actor/chosun-biz",
        "/actor/kukinews": "/actor/kuki-news",
    }


LOST = """
<graph/lost> { actor:nowhere a tri:State . actor:arland a tri:State . <x:y> a tri:State . }
"""


def test_a_release_that_would_lose_an_iri_is_refused(project, tmp_path):
    write_release(tmp_path, "2026-02-27", LOST)
    plan = make_plan(home_of(project), tmp_path, date.fromisoformat(DAY), date(2026, 12, 1))
    assert plan.previous == "2026-02-27"
    with pytest.raises(RefusedError) as refused:
        assemble.assemble(plan)
    told = str(refused.value)
    assert "has 2 IRIs that the data neither describe nor retire" in told
    assert re.findall(r"^  (\S+)$", told, re.MULTILINE) == ["actor:nowhere", "graph:lost"]
    assert "Restore them, or retire each: add this to data/retired.ttl" in told
    assert [path.name for path in tmp_path.iterdir()] == ["2026-02-27"]


def test_one_iri_that_is_lost_is_one(tmp_path):
    (old,) = write_nquads(tmp_path, old="<graph/x> { actor:a a tri:State . actor:b a tri:State . }")
    with pytest.raises(RefusedError, match="The release old has 1 IRI that the data neither"):
        check_nothing_lost(read_version(old), nquads("<graph/x> { actor:a a tri:State . }"), DAY)


RETIRED = """\
# What is gone.

@prefix dct: <http://purl.org/dc/terms/> .
@prefix event: <https://w3id.org/trilateral/event/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .

event:ball
    a owl:NamedIndividual ;
    dct:modified "2026-01-01"^^xsd:date ;
    owl:deprecated true ;
    skos:changeNote "A ball. Nobody danced."@en ;
.
"""


def test_what_a_refusal_says_is_a_repair_as_it_stands(changing, tmp_path):
    retired = changing / "data" / "retired.ttl"
    # The file is there, and lacks the prefixes of what is lost.
    retired.write_text(RETIRED)
    write_release(tmp_path, "2026-02-27", LOST + "<graph/x> { stance:x a tri:Stance . }")
    git(changing, "add", "--all")
    git(changing, "commit", "--quiet", "--message", "x")
    command = "publish", "release", "--out", tmp_path, "--date", DAY
    status, _, errors = ended(changing, *command)
    assert (status, errors.count("owl:deprecated true")) == (1, 4)
    words, _, block = errors.partition("\n\n")
    with retired.open("a") as file:
        file.write(block)
    assert words.endswith("then run: trilateral fmt data/retired.ttl")
    assert ended(changing, *words.rpartition("run: trilateral ")[2].split())[0] == 0
    assert retired.read_text().startswith("# What is gone.\n\n@prefix actor:")
    git(changing, "commit", "--all", "--quiet", "--message", "x")
    status, said, errors = ended(changing, *command)
    assert status == 0, said + errors


def ended(project, *arguments):
    process = start(project, *arguments)
    said, errors = process.communicate(timeout=300)
    return process.returncode, said, errors


def test_what_is_retired_is_not_lost(tmp_path):
    (old,) = write_nquads(tmp_path, old=OLD)
    check_nothing_lost(read_version(old), nquads(NEW), DAY)
    # Retired once, it stays so.
    (new,) = write_nquads(tmp_path, new=NEW)
    with pytest.raises(RefusedError, match="actor:dorland"):
        check_nothing_lost(read_version(new), nquads(NEW.partition("<graph/retired>")[0]), DAY)


def test_a_spoilt_release_before_is_named(project, tmp_path):
    folder = write_release(tmp_path, "2026-02-27", LOST)
    (folder / "dataset.nq.gz").write_bytes(b"")
    plan = Plan(
        home_of(project), tmp_path, date.fromisoformat(DAY), read_citation(project),
        previous="2026-02-27",
    )  # fmt: skip
    with pytest.raises(VerificationError, match=r"2026-02-27/dataset\.nq\.gz"):
        assemble.assemble(plan)


@pytest.mark.parametrize("previous", ["", "2026-02-27"])
def test_a_release_tells_catalogues_which_it_revised(previous):
    author = Author("Ada Orr")
    facts = Facts(
        title="T", abstract="A", keywords=(), licence="CC-BY-4.0", url="https://a.example/",
        authors=(author,), doi="", repository="", version=DAY, previous=previous, model="1",
        ontology=BASE + "ontology/1", files=(), tables=(), counts={}, software={},
        rdfc10_sha256="0" * 64,
    )  # fmt: skip
    data = write_turtle(dcat.describe(facts))
    release = BASE + f"version/{DAY}/"
    graph = ox.parse(data, format=ox.RdfFormat.TURTLE, base_iri=release + "dcat.ttl")
    told = {(quad.predicate.value, quad.object.value) for quad in graph
            if quad.subject.value == release}  # fmt: skip
    spaces = "http://www.w3.org/ns/dcat#", "http://www.w3.org/ns/prov#"
    assert (spaces[0] + "isVersionOf", BASE + "void#dataset") in told
    assert (spaces[0] + "version", DAY) in told
    before = BASE + "version/2026-02-27/"
    revised = {(spaces[0] + "previousVersion", before), (spaces[1] + "wasRevisionOf", before)}
    assert told & revised == (revised if previous else set())
    assert {value for name, value in told if "revious" in name or "Revision" in name} == (
        {before} if previous else set()
    )


# ---------------------------------------------------------------- a series of releases


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    folder = tmp_path_factory.mktemp("series")
    for day, trig in (("2026-01-01", OLD), ("2026-01-15", OLD), ("2026-02-01", NEW)):
        write_release(folder / "releases", day, trig)
    (folder / "releases" / "notes").mkdir()
    assert main(["publish", "history", str(folder / "releases"), "--out", str(folder / "h")]) == 0
    return folder / "h"


def test_each_thing_has_a_page_with_the_versions_that_changed_it(written):
    expected = {
        "actor/arland": ["2026-02-01: changed", "2026-01-01: added"],
        "actor/borland": ["2026-02-01: removed", "2026-01-01: added"],
        "actor/corland": ["2026-02-01: added"],
        "membership/arland-pact": ["2026-02-01: changed", "2026-01-01: added"],
        "role/member": ["2026-01-01: added"],
        "ontology/role": ["2026-01-01: added"],
    }
    for name, events in expected.items():
        text = (written / f"{name}.html").read_text("utf-8")
        Page(text)
        assert re.findall(r"<h2[^>]*>(.*?)</h2>", text) == events, name
    arland = Page((written / "actor" / "arland.html").read_text("utf-8"))
    assert "アルランド" in arland.text
    assert "Borland. Corland took its place." in (written / "actor" / "borland.html").read_text()


def test_no_link_between_the_pages_is_dead(written):
    count = 0
    for path in written.rglob("*.html"):
        for link in Page(path.read_text("utf-8")).links:
            if "://" not in link and not link.startswith("#"):
                assert (path.parent / link.partition("#")[0]).is_file(), (path, link)
                count += 1
    assert count > 30


def test_index_and_json_list_versions_and_things(written):
    index = Page((written / "index.html").read_text("utf-8"))
    assert f"{BASE}version/2026-02-01/" in index.links
    assert "2026-02-01/changes.rdfp" in index.links
    assert "actor/borland.html" in index.links
    # What never changed has a page and is not listed.
    assert "role/member.html" not in index.links
    told = json.loads((written / "history.json").read_text("utf-8"))
    assert told["versions"] == ["2026-01-01", "2026-01-15", "2026-02-01"]
    assert told["things"][BASE + "actor/dorland"]["events"] == [
        {"version": "2026-01-01", "what": "added"},
        {"version": "2026-02-01", "what": "removed"},
    ]


def test_each_version_has_page_json_and_patch(written):
    names = {path.split("/")[1] for path in files(written) if path.startswith("2026-02-01/")}
    assert names == {"changes.html", "changes.json", "changes.rdfp"}
    rows = (written / "2026-02-01" / "changes.rdfp").read_text("utf-8").splitlines()
    assert rows[1] == f"H prev <{BASE}version/2026-01-15/> ."
    new = nquads(NEW).decode().splitlines()
    assert sorted(apply(nquads(OLD).decode().splitlines(), rows)) == new


def test_history_of_nothing_or_over_something_is_refused(tmp_path, capsys):
    status, _, errors = said(capsys, "history", tmp_path, "--out", tmp_path / "h")
    assert status == 1
    assert "there is no release in it" in errors
    write_release(tmp_path, DAY, OLD)
    for name in ("h/notes.txt", "h/manifest.json"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text('{"made_by": "trilateral publish site", "files": {"notes.txt": ""}}')
        status, _, errors = said(capsys, "history", tmp_path, "--out", tmp_path / "h")
        assert status == 1
        assert f"{tmp_path / 'h'}: `trilateral publish history` did not write this" in errors
        assert path.is_file()


def test_history_takes_the_place_of_the_last(tmp_path, capsys):
    releases, out = tmp_path / "releases", tmp_path / "h"
    write_release(releases, "2026-01-01", OLD)
    assert said(capsys, "history", releases, "--out", out)[0] == 0
    first = files(out)
    assert "manifest.json" in first
    write_release(releases, "2026-02-01", NEW)
    assert said(capsys, "history", releases, "--out", out)[0] == 0
    assert out.joinpath("2026-02-01", "changes.html").is_file()
    # What the new one does not have goes; what is somebody's stays, and all with it.
    shutil.rmtree(releases / "2026-02-01")
    assert said(capsys, "history", releases, "--out", out)[0] == 0
    assert files(out) == first
    (out / "actor" / "notes.txt").write_text("mine")
    status, _, errors = said(capsys, "history", releases, "--out", out)
    assert status == 1
    assert f"{out / 'actor' / 'notes.txt'}: `trilateral publish history` did not" in errors
    assert files(out) == first | {"actor/notes.txt": b"mine"}
    assert sorted(path.name for path in tmp_path.iterdir()) == ["h", "releases"]


def test_a_site_has_the_pages_of_a_history_and_not_its_manifest(written):
    names = {f"history/{name}" for name in files(written) if name != "manifest.json"}
    assert set(read_history(written).files) == names


def test_pages_of_things_whose_iris_are_strange_stay_inside():
    strange = [BASE + "actor/../../x", BASE + "../x", "http://a.example/../..", BASE + "actor//x"]
    for iri in strange:
        parts = series.page_of(iri).split("/")
        assert ".." not in parts
        assert "" not in parts
