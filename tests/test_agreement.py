"""Agreement figures: the published example, the tiny world by hand, and what is not defined."""

import numpy as np
import pytest

from trilateral.coding import agreement


def counts(*units):
    return np.array(units)


def test_alpha_of_the_published_two_coder_example():
    """Krippendorff, Computing Krippendorff's Alpha-Reliability (2011), part A: binary data.

    Ten units, two coders, values 0 and 1: alpha = 0.095.
    """
    first = [0, 1, 0, 0, 0, 0, 0, 0, 1, 0]
    second = [1, 1, 1, 0, 0, 1, 0, 0, 0, 0]
    table = [
        [(a == value) + (b == value) for value in (0, 1)]
        for a, b in zip(first, second, strict=True)
    ]
    assert agreement._alpha(counts(*table), "nominal") == pytest.approx(0.095, abs=0.0005)


def test_alpha_is_not_defined_where_nothing_varies():
    figure = agreement._agreement("d", "v", "nominal", [("a", "a"), ("a", "a")])
    assert (figure.alpha, figure.low, figure.high) == (None, None, None)
    assert figure.units == 2


def test_jaccard_distance_by_hand():
    """Sets {x}, {x, y} and {}: shared over all is 1/2; the empty set shares nothing."""
    domain = [frozenset(), frozenset("x"), frozenset("xy")]
    distance = agreement._jaccard(domain)
    at = np.arange(3)
    found = distance(None, None, at[:, None], at[None, :], None)
    assert found.tolist() == [[0, 1, 1], [1, 0, 0.5], [1, 0.5, 0]]


def test_interval_encloses_alpha_and_is_the_same_every_time():
    pairs = [("a", "a"), ("b", "b"), ("a", "b"), ("b", "b"), ("a", "a"), ("b", "a"), ("b", "b")]
    figure = agreement._agreement("d", "v", "nominal", pairs)
    assert figure == agreement._agreement("d", "v", "nominal", pairs)
    assert figure.low < figure.alpha < figure.high


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
    from conftest import WORLD

    done = run("code", "--data", WORLD / "data")
    assert done.returncode == 0
    assert "tri:polarity" in done.stdout
    assert "alpha" in done.stdout
