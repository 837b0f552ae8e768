"""Stances against the frozen texts: the words that they rest on name their holder."""

import re
import shutil

import pytest
from tests.conftest import WORLD

from trilateral import dataset
from trilateral.home import find_home
from trilateral.sources import holders
from trilateral.sources.texts import documents, read_text

STANCE = "https://w3id.org/trilateral/stance/"


def unnamed(store, folder):
    read = {each.iri: read_text(folder, each) for each in documents(store)}
    found = holders.references(store)
    assert found
    return [
        reference.stance.removeprefix(STANCE)
        for reference in found
        if not holders.is_named(reference, read[reference.document])
    ]


def spoiled(tmp_path, file, pattern, replacement):
    data = tmp_path / "data"
    shutil.copytree(WORLD / "data", data)
    path = data / file
    text, changed = re.subn(pattern, replacement, path.read_text(encoding="utf-8"))
    assert changed == 1
    path.write_text(text, encoding="utf-8")
    return dataset.load(find_home(data))


def test_world_names_every_holder(world_store):
    assert unnamed(world_store, WORLD / "texts") == []


def test_frozen_texts_name_every_holder(store, texts):
    assert unnamed(store, texts) == []


def test_a_holder_that_the_words_do_not_name_is_found(tmp_path):
    """Passage 8 is "Arland has claimed that Corland wants to ...", 7 is of Arland and Borland."""
    store = spoiled(
        tmp_path,
        "stances/corland-gazette-2022.ttl",
        r"(stance:corland-gazette-2022-8-arland\n(?:    .*\n)*?    tri:holder) actor:arland ;",
        r"\1 actor:dorland ;",
    )
    assert unnamed(store, WORLD / "texts") == ["corland-gazette-2022-8-arland"]


def test_a_grouping_is_named_only_when_all_of_it_are():
    """Of two, one is not enough; the wording of the grouping itself is."""
    ways = ((frozenset({"A"}), frozenset({"B", "Bee"})), (frozenset({"the two"}),))
    at = holders.Reference("s", "h", "p", "d", 0, 20, ways)
    assert holders.is_named(at, "A and Bee met.      ")
    assert not holders.is_named(at, "A and Beech met.    ")
    assert holders.is_named(at, "The two met.        ")


@pytest.mark.parametrize(("start", "named"), [(0, True), (8, False)])
def test_only_the_passage_and_the_one_before_count(start, named):
    at = holders.Reference("s", "h", "p", "d", start, 20, ((frozenset({"Arland"}),),))
    assert holders.is_named(at, "Arland. It is. It was.") is named
