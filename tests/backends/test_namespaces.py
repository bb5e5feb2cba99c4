"""The interpreter asks nothing of an array namespace but what NumPy has: with another one it gives the same."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import numpy as np
import pytest
from graphs import Maker

from calclang.backends.python.interpret import evaluate


class Elsewhere(ModuleType):
    """NumPy under another name, as a backend would bring its own."""

    def __getattr__(self, name: str) -> Any:
        return getattr(np, name)


@pytest.mark.parametrize("seed", range(20))
def test_another_namespace_gives_the_same(seed: int) -> None:
    maker = Maker(seed, 3)
    for _ in range(20):
        maker.step()
    rng = np.random.default_rng(seed)
    values = {i: float(rng.normal()) if not i.shape else rng.normal(size=i.shape) for i in maker.inputs}
    expected, found = (evaluate(maker.nodes, values, xp) for xp in (np, Elsewhere("elsewhere")))
    for a, b in zip(expected, found, strict=True):
        assert np.allclose(a, b, rtol=1e-12, atol=1e-12, equal_nan=True)
