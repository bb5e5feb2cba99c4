"""Second derivatives where their terms nearly cancel: they keep their digits, in every mode."""

from __future__ import annotations

from typing import Any

import mpmath as mp
import numpy as np
import pytest

from calclang import Session

TINY = float(mp.exp(-37) / (1 + mp.exp(-37)) ** 2)
LONG = mp.mpf("1.3036889488853058")
CASES: list[tuple[str, str, Any]] = [
    ("hessian(x -> logsumexp(x), mode = {})", "[37, 0]", [[TINY, -TINY], [-TINY, TINY]]),
    ("hessian(x -> logsumexp(x), mode = {})", "[0, 37, -40]", None),  # it must be symmetric
    ("derivative(derivative(x -> softplus(x), mode = {0}), mode = {0})", "37", TINY),
    ("derivative(x -> softmax([x, 0])[1], mode = {})", "37", TINY),
    ("derivative(derivative(x -> hypot(x, 1e-8), mode = {0}), mode = {0})", "1.3036889488853058", float(mp.mpf(1e-8) ** 2 / mp.hypot(LONG, 1e-8) ** 3)),
    ("hessian((x, y) -> hypot(x, y), mode = {})", "700, 1", [[1 / 490001**1.5, -700 / 490001**1.5], [-700 / 490001**1.5, 490000 / 490001**1.5]]),
    ("derivative(derivative(x -> sigmoid(x), mode = {0}), mode = {0})", "1e-14", -1.25e-15),
    ("derivative(x -> gelu(x), mode = {})", "-37", float(mp.ncdf(-37) - 37 * mp.npdf(-37))),
]


@pytest.mark.parametrize("mode", ["forward", "reverse"])
@pytest.mark.parametrize(("derivative", "at", "exact"), CASES, ids=[f"{c[0]}({c[1]})" for c in CASES])
def test_digits(derivative: str, at: str, exact: Any, mode: str) -> None:
    found = np.asarray(Session().eval(f"{derivative.format(mode)}({at})"))
    if found.ndim:
        assert np.allclose(found, found.T, rtol=1e-12, atol=0)
    if exact is not None:
        assert np.allclose(found, exact, rtol=1e-13, atol=0)
