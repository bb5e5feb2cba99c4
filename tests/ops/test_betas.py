"""The slopes of the beta function where those of the logarithms of gamma would cancel: of arguments of very different size, and of large ones."""

from __future__ import annotations

import math

import mpmath as mp
import numpy as np
import pytest
from ops_support import evaluate, inputs_like, ulps

from calclang.ir.apply import const
from calclang.ops import ROWS
from calclang.transforms.operators import jvp

GROUPS = {"small": (-1, 1, -1, 1), "large": (1, 3, 1, 3), "apart": (-9, 1, 1, 9), "tiny": (-9, 0, -9, 0)}


def pairs(group: str) -> np.ndarray:
    low, high, lower, upper = GROUPS[group]
    rng = np.random.default_rng(6)
    return np.array([10.0 ** rng.uniform(low, high, 60), 10.0 ** rng.uniform(lower, upper, 60)])


@pytest.mark.parametrize("group", GROUPS)
@mp.workdps(60)
def test_slopes_of_beta(group: str) -> None:
    """By each argument, and by one of them twice."""
    nodes, points = inputs_like([0.0, 0.0]), pairs(group)
    value = ROWS["beta"](*nodes)
    slopes = [jvp([value], [n], [const(1.0)])[0] for n in nodes]
    second = jvp([slopes[0]], [nodes[0]], [const(1.0)])[0]
    found = evaluate([*slopes, second], dict(zip(nodes, points, strict=True)))
    for x, y, by_x, by_y, twice in zip(*points, *found, strict=True):
        a, b = mp.mpf(float(x)), mp.mpf(float(y))
        size, below, above = mp.beta(a, b), mp.psi(0, a) - mp.psi(0, a + b), mp.psi(0, b) - mp.psi(0, a + b)
        exact = [size * below, size * above, size * (below**2 + mp.psi(1, a) - mp.psi(1, a + b))]
        for value, e in zip((by_x, by_y, twice), exact, strict=True):
            if abs(e) > 1e-290:
                assert ulps(float(value), e) <= 12, (x, y)


@pytest.mark.parametrize(
    ("x", "y", "expected"),
    [
        (2.0, math.inf, 0.0), (math.inf, math.inf, 0.0), (1e300, 1e300, 0.0), (1e-300, 1e300, 1e300), (1.0, 1e300, 1e-300), (1e-310, 1.0, math.inf),
        (0.0, 1.0, math.inf), (-1.0, 2.0, math.nan), (math.nan, 1.0, math.nan),
    ],
)  # fmt: skip
def test_ends_of_beta(x: float, y: float, expected: float) -> None:
    """Each alone, and beside arguments that go the other ways."""
    xs, ys = np.array([x, 2.0, 3.0, 20.0]), np.array([y, 3.0, 30.0, 30.0])
    with np.errstate(all="ignore"):
        found = [ROWS["beta"].eval(np, *map(np.float64, pair)) for pair in ((x, y), (y, x))] + [ROWS["beta"].eval(np, xs, ys)[0]]
    assert found == pytest.approx([expected] * 3, rel=1e-15, nan_ok=True)
