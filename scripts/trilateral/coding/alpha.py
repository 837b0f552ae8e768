"""Krippendorff's alpha of two coders, with a bootstrap interval.

After Krippendorff, *Content Analysis*, chapter 12: one minus observed over
expected disagreement. The figure comes from the ``krippendorff`` package. The
interval is the percentile bootstrap over units (1000 draws, fixed seed). With
two coders and no gaps a draw needs only counts and distances, so that all draws
are computed at once, which is what makes them affordable; a test holds them
against the package.
"""

from __future__ import annotations

from collections.abc import Hashable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

Pair = tuple[Hashable, Hashable]
_DRAWS, _SEED = 1000, 2021


def alpha_with_interval(
    pairs: list[Pair], metric: str
) -> tuple[float | None, float | None, float | None]:
    """Return alpha and the ends of its 95 % interval, rounded to three decimals.

    ``pairs`` holds the values of both coders, one pair a unit. ``metric`` is
    ``nominal``, ``ordinal`` (values ordered as text) or ``jaccard`` (values are
    frozen sets). Alpha is None where fewer than two values occur.

    >>> alpha_with_interval([("a", "a"), ("b", "b")], "nominal")
    (1.0, 1.0, 1.0)
    >>> alpha_with_interval([("a", "a")], "nominal")
    (None, None, None)
    """
    import numpy as np

    domain = sorted({value for pair in pairs for value in pair}, key=_order)
    if len(domain) < 2:
        return None, None, None
    index = {value: at for at, value in enumerate(domain)}
    codes = np.array([[index[value] for value in pair] for pair in pairs])
    table = distances(domain, metric)
    at = np.random.default_rng(_SEED).integers(len(codes), size=(_DRAWS, len(codes)))
    draws = alphas(codes[at], table)
    draws = draws[~np.isnan(draws)]
    low, high = np.percentile(draws, [2.5, 97.5]) if len(draws) else (None, None)
    value = published_alpha(codes, table)
    return round(value, 3), _rounded(low), _rounded(high)


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(float(value), 3)


def _order(value: Hashable) -> str:
    return "|".join(sorted(value)) if isinstance(value, frozenset) else str(value)


def distances(domain: list[Any], metric: str) -> npt.NDArray[np.float64] | None:
    """Return the table of distances between values; None for ordinal, which depends on counts.

    The distance of two sets is one minus shared over all (Jaccard); two empty sets are equal.

    >>> distances([frozenset("x"), frozenset("xy")], "jaccard").tolist()
    [[0.0, 0.5], [0.5, 0.0]]
    """
    import numpy as np

    if metric == "ordinal":
        return None
    if metric == "nominal":
        return 1 - np.eye(len(domain))
    return np.array(
        [[1 - len(a & b) / len(a | b) if a | b else 0.0 for b in domain] for a in domain]
    )


def published_alpha(codes: npt.NDArray[np.int64], table: npt.NDArray[np.float64] | None) -> float:
    """Return alpha as the ``krippendorff`` package computes it; without a table, ordinal."""
    import krippendorff
    import numpy as np

    def metric(v1: Any, v2: Any, i1: Any, i2: Any, n_v: Any, dtype: Any = None) -> Any:
        assert table is not None
        return np.asarray(table[i1, i2])

    level: Any = "ordinal" if table is None else metric
    domain = np.unique(codes) if table is None else np.arange(len(table))
    return float(
        krippendorff.alpha(
            reliability_data=codes.T, value_domain=domain, level_of_measurement=level
        )
    )


def alphas(
    codes: npt.NDArray[np.int64], table: npt.NDArray[np.float64] | None
) -> npt.NDArray[np.float64]:
    """Return alpha of each of several draws; NaN where one value alone occurs in a draw.

    ``codes`` has a row for each draw, in it a pair for each unit. Without a table the values
    are ordinal: each is as far along as the middle of those that have it, when all are put
    in order, and two values are as far apart as the square of the way between them.
    """
    import numpy as np

    rows, size = np.arange(len(codes))[:, None], int(codes.max()) + 1
    found = (codes.reshape(len(codes), -1) + rows * size).ravel()
    counts = np.bincount(found, minlength=len(codes) * size).reshape(len(codes), size)
    first, second = codes[:, :, 0], codes[:, :, 1]
    if table is None:
        middle = counts.cumsum(axis=1) - counts / 2
        observed = ((middle[rows, first] - middle[rows, second]) ** 2).mean(axis=1)
        apart = (middle[:, :, None] - middle[:, None, :]) ** 2
        expected = np.einsum("di,dij,dj->d", counts, apart, counts)
    else:
        table = table[:size, :size]
        observed = table[first, second].mean(axis=1)
        expected = ((counts @ table) * counts).sum(axis=1)
    total = 2 * codes.shape[1]
    varied = (counts > 0).sum(axis=1) > 1
    expected = np.where(varied, expected / (total * (total - 1)), np.nan)
    return np.asarray(1 - observed / expected)
