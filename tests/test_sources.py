"""Passages prove themselves: the cut, the text fragments, and verification against the texts."""

import json
import re
import shutil

import pytest
from tests.conftest import WORLD

from trilateral import dataset
from trilateral.errors import SourceTextError
from trilateral.home import find_home
from trilateral.sources import coverage, draft, fragments, sentences, texts, verify


def cut(text):
    return [text[start:end] for start, end in sentences.sentences(text)]


@pytest.mark.parametrize(
    ("text", "units"),
    [
        ("One. Two! Three? Four", ["One.", "Two!", "Three?", "Four"]),
        ("By Ann B. Sea and Co.", ["By Ann B. Sea and Co."]),
        ("It met in the US. Then it left.", ["It met in the US.", "Then it left."]),
        ('He said "no." "Yes," said she.', ['He said "no."', '"Yes," said she.']),
        ("a 3.5 percent rise. b", ["a 3.5 percent rise. b"]),
        ("\u2022 Act now: All must. Soon.", ["Act now:", "All must.", "Soon."]),
        ("\u00a0 \u2022 item\u00a0\n\n\u2014\n", ["item"]),
    ],
)
def test_cut_into_units(text, units):
    assert cut(text) == units


def test_fragment_of_a_short_unit_needs_its_neighbour_when_the_words_come_twice():
    text = "the board met. others left. The Board"
    start = text.index("The Board")
    found = fragments.fragment(text, start, len(text))
    assert found == "#:~:text=left.-,the%20board"
    assert list(fragments.matches(text, found)) == [(start, len(text))]


def test_fragment_escapes_what_its_syntax_uses():
    text = "x, y-z & more"
    found = fragments.fragment(text, 0, len(text))
    assert found == "#:~:text=x%2C%20y%2Dz%20%26%20more"
    assert list(fragments.matches(text, found)) == [(0, len(text))]


def test_fragment_refuses_a_stretch_that_no_six_words_single_out():
    text = "same same same same same same same same"
    with pytest.raises(ValueError, match="no short text fragment"):
        fragments.fragment(text, 0, 9)


def test_matches_takes_whole_words_and_any_white_space():
    assert list(fragments.matches("the\u00a0art of art", "#:~:text=art")) == [(4, 7), (11, 14)]
    assert list(fragments.matches("partly art", "#:~:text=art")) == [(7, 10)]
    assert list(fragments.matches("a x b y", "#:~:text=a,y,-z")) == []


def test_world_verifies_whole(world_store):
    report = verify.verify(world_store, WORLD / "texts")
    assert report.failures == ()
    assert report.clean
    assert report.total == report.checked
    assert set(report.total) == {"passages", "designations", "silences", "holders"}
    assert all(not each.gaps for each in coverage.coverage(world_store, WORLD / "texts"))


# What is changed in the data of the world, and the words by which verify must name it.
SPOILED = {
    "digest": (r'tri:sha256 "[0-9a-f]{8}', 'tri:sha256 "00000000', "has the SHA-256"),
    "position": (
        r"tri:endPosition \d+",
        "tri:endPosition 99999",
        "lies outside the text",
    ),
    "fragment words": (r"#:~:text=[^>]+>", "#:~:text=nowhere%20at%20all>", "do not lead to it"),
    "fragment page": (r"<[^<>]+#:~:text=", "<https://example.org/other#:~:text=", "does not open"),
    "fragment length": (
        r"#:~:text=[^>]+>",
        "#:~:text=one%20two%20three%20four,five%20six%20seven>",
        "holds 7 words of the source",
    ),
    "count": (r"tri:occurrences \d+", "tri:occurrences 77", "times, not 77"),
    "silence": (r'tri:searchedTerm "[^"]+"', 'tri:searchedTerm "pact"', 'does contain "pact"'),
    "holder": (
        r"(tri:evidence passage:corland-gazette-2022-8 ;\n    tri:holder) actor:[a-z]+",
        r"\1 actor:tern-foundation",
        "nor the passage before it names actor:tern-foundation",
    ),
}


@pytest.mark.parametrize("what", SPOILED)
def test_what_the_text_does_not_bear_out_is_named(what, tmp_path):
    pattern, replacement, words = SPOILED[what]
    data = tmp_path / "data"
    shutil.copytree(WORLD / "data", data)
    changed = 0
    for path in sorted(data.rglob("*-2022.ttl")):
        text = path.read_text(encoding="utf-8")
        blocks = text.split("\n\n")
        for at, block in enumerate(blocks):
            if "a tri:Document" not in block and not changed:
                blocks[at], changed = re.subn(pattern, replacement, block, count=1)
        path.write_text("\n\n".join(blocks), encoding="utf-8")
    assert changed == 1
    report = verify.verify(dataset.read_valid(find_home(data)).store(), WORLD / "texts")
    assert not report.clean
    assert any(words in failure.message for failure in report.failures)


def test_two_passages_on_one_spot_are_named(world, tmp_path):
    data = tmp_path / "data"
    shutil.copytree(WORLD / "data", data)
    path = data / "sources" / "corland-gazette-2022.ttl"
    text = path.read_text(encoding="utf-8")
    block = re.search(r"^passage:corland-gazette-2022-2\n(?:    .*\n)+\.\n", text, re.M).group()
    twin = block.replace("corland-gazette-2022-2\n", "corland-gazette-2022-99\n", 1)
    path.write_text(text + "\n" + twin, encoding="utf-8")
    report = verify.verify(dataset.read_valid(find_home(data)).store(), WORLD / "texts")
    assert any("same spot" in failure.message for failure in report.failures)


def test_a_missing_text_fails_every_passage_of_its_document(world_store, tmp_path):
    shutil.copy(WORLD / "texts" / "corland-gazette-2022.txt", tmp_path)
    report = verify.verify(world_store, tmp_path)
    assert not report.clean
    assert report.checked["passages"] < report.total["passages"]
    missing = [f for f in report.failures if f.iri.endswith("source/strait-institute-2022")]
    assert "is missing" in missing[0].message


def test_a_changed_text_is_named_by_its_checksum(world_store, tmp_path):
    shutil.copytree(WORLD / "texts", tmp_path, dirs_exist_ok=True)
    path = tmp_path / "corland-gazette-2022.txt"
    path.write_text(path.read_text(encoding="utf-8") + "!", encoding="utf-8")
    document = texts.document(world_store, "corland-gazette-2022")
    with pytest.raises(SourceTextError, match=document.digest):
        texts.read_text(tmp_path, document)
    assert not verify.verify(world_store, tmp_path).clean


def test_a_sentence_without_passage_is_listed(tmp_path):
    data = tmp_path / "data"
    shutil.copytree(WORLD / "data", data)
    path = data / "sources" / "corland-gazette-2022.ttl"
    text = path.read_text(encoding="utf-8")
    spoiled, count = re.subn(r"(?m)^passage:corland-gazette-2022-3\n(?:    .*\n)+\.\n\n", "", text)
    assert count == 1
    path.write_text(spoiled, encoding="utf-8")
    store = dataset.read_valid(find_home(data)).store()
    found = {each.document: each for each in coverage.coverage(store, WORLD / "texts")}
    assert len(found["corland-gazette-2022"].gaps) == 1
    assert found["strait-institute-2022"].gaps == ()


def test_draft_gives_passages_that_verify(world_store):
    document = texts.document(world_store, "corland-gazette-2022")
    text = texts.read_text(WORLD / "texts", document)
    drafted = draft.draft(document, text)
    assert drafted.count("a tri:Passage ;") == len(cut(text))
    for line in drafted.splitlines():
        if "tri:textFragment" in line:
            iri = line.split("<")[1].rstrip("> ;")
            assert len(list(fragments.matches(text, iri))) == 1
            assert fragments.words_of(iri) <= 6


def test_command_prints_checked_and_total_and_fails_on_a_missing_folder(run, tmp_path):
    good = run("sources", "verify", WORLD / "texts", "--data", WORLD / "data", "--json")
    assert good.returncode == 0
    answer = json.loads(good.stdout)
    assert answer["checked"] == answer["total"]
    bad = run("sources", "verify", tmp_path, "--data", WORLD / "data")
    assert bad.returncode == 1
    assert "the frozen text of corland-gazette-2022 is missing" in bad.stdout
    assert re.search(r"passages: 0 of \d+ checked", bad.stdout)


def test_frozen_texts_verify_and_every_sentence_has_a_passage(store, texts):
    report = verify.verify(store, texts)
    assert report.failures == ()
    assert report.total["passages"] == 156
    assert report.checked == report.total
    covered = {each.document: each for each in coverage.coverage(store, texts)}
    assert {name: each.sentences for name, each in covered.items()} == {
        "chicago-council-2021": 111,
        "china-daily-2024": 45,
    }
    assert all(each.gaps == () for each in covered.values())


def test_no_run_of_words_of_a_frozen_text_stands_in_the_repository(home, texts):
    """Six words are the limit of an anchor; nine in a row, names included, would be a copy."""

    def words(text):
        return re.findall(r"[^\W_]+", text.casefold())

    most = 9
    runs = set()
    for path in sorted(texts.glob("*.txt")):
        found = words(path.read_text(encoding="utf-8"))
        runs |= {tuple(found[at : at + most]) for at in range(len(found) - most + 1)}
    for folder in (home.data, home.ontology, home.queries, home.root / "docs"):
        for path in sorted(folder.rglob("*")):
            if path.suffix not in (".ttl", ".rq", ".md"):
                continue
            for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
                found = words(re.sub(r"<https?://[^>]*>", "", line))  # addresses are no words
                for at in range(len(found) - most + 1):
                    run_of_words = tuple(found[at : at + most])
                    assert run_of_words not in runs, f"{path}:{number}: {' '.join(run_of_words)}"
