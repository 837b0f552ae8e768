"""Agreement figures: the published example, the tiny world by hand, and what is not defined."""

import numpy as np
import pytest

from trilateral.coding import agreement, alpha, kept


def test_alpha_of_the_published_two_coder_example():
    """Krippendorff, Computing Krippendorff's Alpha-Reliability (2011), part A: binary data.

    Ten units, two coders, values 0 and 1: alpha = 0.095.
    """
    first = [0, 1, 0, 0, 0, 0, 0, 0, 1, 0]
    second = [1, 1, 1, 0, 0, 1, 0, 0, 0, 0]
    value, low, high = alpha.alpha_with_interval(list(zip(first, second, strict=True)), "nominal")
    assert value == 0.095
    assert low < value < high


def test_alpha_is_not_defined_where_nothing_varies():
    assert alpha.alpha_with_interval([("a", "a"), ("a", "a")], "nominal") == (None, None, None)


def test_jaccard_distance_by_hand():
    """Sets {x}, {x, y} and {}: shared over all is 1/2; the empty set shares nothing."""
    domain = [frozenset(), frozenset("x"), frozenset("xy")]
    table = alpha.distances(domain, "jaccard")
    assert table.tolist() == [[0, 1, 1], [1, 0, 0.5], [1, 0.5, 0]]


@pytest.mark.parametrize("metric", ["nominal", "jaccard", "ordinal"])
def test_all_draws_at_once_give_what_the_package_computes_for_each(metric):
    random = np.random.default_rng(7)
    sets = [frozenset(letters) for letters in ("", "a", "ab", "abc", "bd", "d")]
    table = alpha.distances(sets, metric)
    codes = random.integers(len(sets), size=(50, 12, 2))
    expected = [alpha.published_alpha(draw, table) for draw in codes]
    assert alpha.alphas(codes, table) == pytest.approx(expected)


@pytest.mark.parametrize("metric", ["nominal", "ordinal"])
def test_alpha_of_a_draw_in_which_nothing_varies_is_not_defined(metric):
    """Of (0, 1) and (1, 1): observed 1/2, expected 1 - (0 + 3*2) / (4*3) = 1/2, so alpha is 0."""
    codes = np.array([[[1, 1], [1, 1]], [[0, 1], [1, 1]]])
    found = alpha.alphas(codes, alpha.distances([0, 1], metric))
    assert np.isnan(found[0])
    assert found[1] == pytest.approx(0)


def test_ordinal_disagreement_by_one_step_weighs_less_than_by_two():
    agree = [("1", "1"), ("2", "2"), ("3", "3")] * 5
    near = alpha.alpha_with_interval([*agree, ("1", "2")], "ordinal")[0]
    far = alpha.alpha_with_interval([*agree, ("1", "3")], "ordinal")[0]
    assert far < near < 1


def test_interval_encloses_alpha_and_is_the_same_every_time():
    pairs = [("a", "a"), ("b", "b"), ("a", "b"), ("b", "b"), ("a", "a"), ("b", "a"), ("b", "b")]
    value, low, high = alpha.alpha_with_interval(pairs, "nominal")
    assert (value, low, high) == alpha.alpha_with_interval(pairs, "nominal")
    assert low < value < high


def row(unit, proposition, holder, coder="c1"):
    return agreement.Coding("i", "d", unit, coder, "stance", proposition, "", holder)


def test_statements_are_paired_by_unit_and_proposition_same_holder_first():
    first = [row("u1", "p", "x"), row("u1", "p", "y"), row("u2", "p", "x"), row("u3", "q", "x")]
    second = [row("u1", "p", "y"), row("u1", "p", "z"), row("u3", "r", "x"), row("u2", "p", "w")]
    pairs = {(a.unit, a.holder, b.holder) for a, b in agreement._matched(first, second)}
    assert pairs == {("u1", "y", "y"), ("u1", "x", "z"), ("u2", "x", "w")}


def test_figures_of_the_world_are_observations(world_store):
    triples = list(agreement.triples(world_store))
    kinds = {t.object.value for t in triples if t.predicate.value.endswith("#type")}
    assert "https://w3id.org/trilateral/ontology#AgreementFigure" in kinds
    assert len({t.subject for t in triples}) == 8  # one coded document, eight variables


def test_command_prints_the_figures(run):
    from tests.conftest import WORLD

    done = run("code", "--data", WORLD / "data")
    assert done.returncode == 0
    assert "tri:polarity" in done.stdout
    assert "alpha" in done.stdout


# ---------------------------------------------------------------- figures that are kept


@pytest.fixture
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    return tmp_path / "trilateral" / "agreement"


@pytest.fixture
def counted(monkeypatch):
    """How often alpha is computed; it is computed all the same."""
    calls = []
    compute = agreement.alpha_with_interval

    def counting(pairs, metric):
        calls.append(metric)
        return compute(pairs, metric)

    monkeypatch.setattr(agreement, "alpha_with_interval", counting)
    return calls


def test_figures_are_computed_once_for_the_same_codings(world_store, cache, counted):
    first = agreement.agreements(world_store)
    computed = len(counted)
    assert computed == len(first) > 0
    assert agreement.agreements(world_store) == first
    assert len(counted) == computed
    assert len(list(cache.iterdir())) == 1


@pytest.mark.parametrize(
    "damage",
    [
        lambda text: b"",
        lambda text: text[:-1],
        lambda text: text.replace(b"jaccard", b"nominal"),
        lambda text: b"null",
    ],
    ids=["empty", "cut off", "changed", "other"],
)
def test_kept_figures_that_are_damaged_are_computed_and_kept_anew(
    world_store, cache, counted, damage
):
    first = agreement.agreements(world_store)
    (path,) = cache.iterdir()
    whole = path.read_bytes()
    path.write_bytes(damage(whole))
    assert agreement.agreements(world_store) == first
    assert len(counted) == 2 * len(first)
    assert path.read_bytes() == whole


def test_figures_of_other_codings_are_not_taken(world_store, cache, counted):
    import pyoxigraph

    agreement.agreements(world_store)
    computed = len(counted)
    changed = pyoxigraph.Store()
    changed.extend(world_store)
    polarity = pyoxigraph.NamedNode("https://w3id.org/trilateral/ontology#polarity")
    quad = next(
        each
        for each in changed.quads_for_pattern(None, polarity, None, None)
        if "coding" in each.graph_name.value
    )
    changed.remove(quad)
    agreement.agreements(changed)
    assert len(counted) == 2 * computed


def test_a_cache_that_cannot_be_written_is_passed_by(world_store, tmp_path, monkeypatch):
    (tmp_path / "trilateral").write_text("a file, not a folder")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert agreement.agreements(world_store)


def test_no_more_than_some_states_are_kept(cache):
    for number in range(kept.MOST + 5):
        kept.write(cache / f"{number}.json", [number])
    assert len(list(cache.iterdir())) == kept.MOST
    assert kept.read(cache / f"{kept.MOST + 4}.json") == [kept.MOST + 4]
