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
from calclang.ir.apply import input_node
from calclang.ir.budget import Budget
from calclang.ir.node import Symbol
from calclang.ops.contraction import contract


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


COUNTED = {"k": 3}  # a label that no factor carries: a sum over it is its size


@pytest.mark.parametrize(("labels", "out", "free"), [
    (["ii"], "ii", {}), (["i"], "i", COUNTED), (["ii", "ii"], "ii", {}), (["ij", "ij"], "ij", COUNTED), (["ij", "ij"], "ij", {}), (["ij"], "ij", {}),
])  # fmt: skip
@pytest.mark.parametrize("coef", [1.0, 2.5])
def test_products_with_deltas_and_counts(labels: list[str], out: str, free: dict[str, int], coef: float) -> None:
    """What looks like a product element by element may have zeros off a diagonal, or be summed."""
    inputs = [input_node(Symbol("x"), (20,) * len(l)) for l in labels]
    outputs = [contract(inputs, labels, out, free, coef)]
    values = [np.random.default_rng(k).normal(size=x.shape) for k, x in enumerate(inputs)]
    entry = compile_job(Job(inputs, [], outputs, [], [0], Budget, slow))
    [expected] = evaluate(outputs, dict(zip(inputs, values, strict=True)))
    assert close(entry(*values), expected)


def test_pytest_sees_slow() -> None:
    with pytest.raises(Slow):
        slow()
