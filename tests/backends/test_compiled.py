"""Compiled graphs give what the interpreter gives, and leave their arguments alone."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from graphs import Maker
from hypothesis import given, settings
from hypothesis import strategies as st

from calclang.backends.python import blocks
from calclang.backends.python.entry import Job, compile_job
from calclang.backends.python.interpret import evaluate
from calclang.ir.budget import Budget


class Slow(Exception):
    """The general path was taken."""


def slow(*arguments: Any) -> Any:
    raise Slow


def close(found: Any, expected: Any) -> bool:
    """Equal to rounding, where both add in another order."""
    return bool(np.allclose(found, expected, rtol=1e-9, atol=1e-9 * (1 + np.max(np.abs(expected), initial=0.0))))


@settings(max_examples=600, deadline=None)
@given(
    seed=st.integers(0, 2**32 - 1), n=st.sampled_from([2, 3, 20]), steps=st.integers(1, 25), cells=st.integers(0, 2), long=st.booleans()
)  # fmt: skip
def test_compiled_is_interpreted(seed: int, n: int, steps: int, cells: int, long: bool) -> None:
    with pytest.MonkeyPatch.context() as patch:
        if long:  # vectors of 20 elements run in blocks of 8
            patch.setattr(blocks, "LONG", 15)
            patch.setattr(blocks, "BLOCK", 8)
        compare(seed, n, steps, cells)


def compare(seed: int, n: int, steps: int, cells: int) -> None:
    maker = Maker(seed, n)
    for _ in range(steps):
        maker.step()
    rng = np.random.default_rng(seed)
    values = [float(rng.normal()) if not i.shape else rng.normal(size=i.shape) for i in maker.inputs]
    kept = [np.copy(v) for v in values]
    outputs = [maker.nodes[-1], maker.nodes[int(rng.integers(len(maker.nodes)))]][: int(rng.integers(1, 3))]
    expected = evaluate(outputs, dict(zip(maker.inputs, values, strict=True)))
    count = len(values) - cells
    entry = compile_job(Job(maker.inputs, [[v] for v in values[count:]], outputs, [], [0], Budget, slow))
    try:
        found = entry(*values[:count])
    except Slow:
        found = None
    for value, before in zip(values, kept, strict=True):
        assert np.array_equal(value, before)
    if found is None:
        with np.errstate(all="ignore"):
            every = evaluate(maker.nodes, dict(zip(maker.inputs, values, strict=True)))
        assert not all(np.isfinite(v).all() for v in every), "the general path although everything is finite"
        return
    for output, got, want in zip(outputs, [found] if len(outputs) == 1 else found, expected, strict=True):
        assert np.shape(got) == output.shape
        assert close(got, want)
        if output.shape:
            assert type(got) is np.ndarray and got.dtype == np.asarray(want).dtype
            assert got.flags.writeable
            assert not any(np.shares_memory(got, v) for v in values if np.shape(v))
        else:
            assert type(got) in (float, bool)
    if len(outputs) == 2 and all(np.ndim(f) for f in found):
        assert not np.shares_memory(*found)


def test_pytest_sees_slow() -> None:
    with pytest.raises(Slow):
        slow()
