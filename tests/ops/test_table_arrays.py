"""Rows on vectors and matrices: whole Jacobians and Hessians from single sweeps, leading axes, transposes."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pytest
from ops_samples import CLOSE, Sample
from ops_support import CASES, array_cases, close, direction, evaluate, ids, made, moving, nodes_for, step_of

from calclang.backends.python.branches import compile_branch
from calclang.ir.apply import const
from calclang.ir.verify import verify
from calclang.ops.control import Body
from calclang.transforms.batch import CannotBatch
from calclang.transforms.forward import forward
from calclang.transforms.operators import jacobian, jvp
from calclang.transforms.reverse import reverse

MODES = ("forward", "reverse")


def numeric(row: Any, sample: Sample, k: int) -> Any:
    """The Jacobian by argument k from differences of sixth order."""
    x, h = sample.arguments[k], 4e-3
    columns = []
    for place in np.ndindex(np.shape(x)):

        def at(s: float) -> Any:
            step = step_of(row, x, place, s * h)  # noqa: B023
            return np.asarray(row.eval(np, *(a + step if i == k else a for i, a in enumerate(sample.arguments)), *sample.params))

        columns.append((45 * (at(1) - at(-1)) - 9 * (at(2) - at(-2)) + at(3) - at(-3)) / (60 * h))
    result = np.stack(columns, axis=-1)
    return result.reshape(result.shape[:-1] + np.shape(x))


@CASES
def test_jacobians(row: Any, sample: Sample) -> None:
    nodes = nodes_for(sample.arguments)
    y = made(row, nodes, sample.params)
    assert y.shape == np.shape(row.eval(np, *sample.arguments, *sample.params))
    for k in moving(row, sample.arguments):
        both = [jacobian(y, [nodes[k]], mode)[0] for mode in MODES]
        verify(both)
        forwards, backwards = evaluate(both, dict(zip(nodes, sample.arguments, strict=True)))
        assert close(forwards, backwards, CLOSE)
        assert close(forwards, numeric(row, sample, k), 1e-7)


@CASES
def test_hessians(row: Any, sample: Sample) -> None:
    """All four nestings of modes give one array, also by two arguments; along a line it is the second derivative along that line."""
    nodes = nodes_for(sample.arguments)
    y = made(row, nodes, sample.params)
    values = dict(zip(nodes, sample.arguments, strict=True))
    for k, j in itertools.product(moving(row, sample.arguments), repeat=2):
        whole = [jacobian(jacobian(y, [nodes[k]], first)[0], [nodes[j]], second)[0] for first, second in itertools.product(MODES, repeat=2)]
        steps = {i: direction(row, sample.arguments[i], i) for i in (k, j)}
        along = y
        for i in (k, j):
            along = jvp([along], [nodes[i]], [const(steps[i])])[0]
        verify(whole)
        *found, expected = evaluate([*whole, along], values)
        assert all(close(other, found[0], CLOSE) for other in found[1:])
        inner = np.tensordot(found[0], steps[j], np.ndim(steps[j]))
        assert close(np.tensordot(inner, steps[k], np.ndim(steps[k])), expected, 10 * CLOSE)


@pytest.mark.parametrize(("row", "sample"), array_cases("linear", "custom"), ids=ids)
def test_kinks_of_many(row: Any, sample: Sample) -> None:
    """Where a row has a kink is said of each element by itself."""
    arrays = [np.asarray(a) for a in sample.arguments]
    for kink in row.kinks:
        for other in (arrays, [0 * a for a in arrays]):
            apart = [np.any(kink.at(*given, *sample.params)) for given in (arrays, other)]
            together = kink.at(*(np.stack(pair) for pair in zip(arrays, other, strict=True)), *sample.params)
            assert np.any(together) == any(apart)


FIRST_ONCE = ("det_change", "solve", "factor_solve", "least_squares", "select")  # leading axes of all arguments but the first


@pytest.mark.parametrize(("row", "sample"), array_cases("linear", "custom"), ids=ids)
def test_leading_axes(row: Any, sample: Sample) -> None:
    """Evaluation works slice by slice over leading axes."""
    many = [a if k in row.fixed else np.stack([a, a + 0.25 if np.asarray(a).dtype.kind == "f" else a]) for k, a in enumerate(sample.arguments)]
    if row.name == "share":
        many[1] = np.max(many[0], axis=-1)
    if row.name in FIRST_ONCE:
        many[0] = sample.arguments[0]
    together = row.eval(np, *many, *sample.params)
    for i in (0, 1):
        alone = row.eval(np, *(m if np.shape(m) == np.shape(a) else m[i] for m, a in zip(many, sample.arguments, strict=True)), *sample.params)
        assert close(together[i], alone, 1e-13)


@pytest.mark.parametrize(("row", "sample"), array_cases("linear"), ids=ids)
def test_transposes(row: Any, sample: Sample) -> None:
    """<A dx, g> = <dx, A'g>."""
    rng = np.random.default_rng(5)
    nodes = nodes_for(sample.arguments)
    y = made(row, nodes, sample.params)
    g = rng.standard_normal(y.shape)
    for k in moving(row, sample.arguments):
        dx = rng.standard_normal(np.shape(sample.arguments[k]))
        moved = forward([y], {nodes[k]: const(dx)})[0]
        sent = reverse({y: const(g)}, [nodes[k]])[0]
        assert moved is not None
        assert sent is not None
        left, right = evaluate([moved, sent], dict(zip(nodes, sample.arguments, strict=True)))
        assert np.sum(left * g) == pytest.approx(np.sum(dx * right), rel=1e-13)


@pytest.mark.parametrize(("row", "sample"), array_cases("linear", "custom"), ids=ids)
@pytest.mark.parametrize("count", [2, 3, 4])
def test_many_at_once(row: Any, sample: Sample, count: int) -> None:
    """A row and its derivatives for several elements, as many as an axis is long or not, are those of each element."""
    nodes = nodes_for(sample.arguments)
    inputs = tuple(n for n in nodes if n.value is None)
    y = made(row, nodes, sample.params)
    wanted = [y, *(jacobian(y, [nodes[k]], mode)[0] for k in moving(row, sample.arguments) for mode in MODES)]
    factors = [1.0 + 0.1 * k for k in range(count)]
    many = [[a * f if i in moving(row, sample.arguments) else a for f in factors] for i, a in enumerate(sample.arguments) if nodes[i].value is None]
    for output in wanted:
        each = [evaluate([output], {n: values[k] for n, values in zip(inputs, many, strict=True)})[0] for k in range(count)]
        try:
            branch = compile_branch(Body(inputs, (output,)), (0,) * len(inputs), False)
        except CannotBatch:
            assert row.name in ("gather", "scatter")
            continue
        assert np.allclose(branch.run(count, *map(np.array, many)), each, rtol=1e-10, atol=1e-12)
