"""Rows on vectors and matrices in every mode: against differences, and against each other."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from ops_support import (
    CASES,
    array_cases,
    evaluate,
    inputs_like,
    step_of,
)

from calclang.backends.python.branches import compile_branch
from calclang.ir.apply import const, input_node
from calclang.ir.node import Node, Symbol
from calclang.ir.verify import verify
from calclang.ops import Row
from calclang.ops.control import Body
from calclang.transforms.batch import CannotBatch
from calclang.transforms.forward import forward
from calclang.transforms.operators import jacobian, jvp
from calclang.transforms.reverse import reverse
from calclang.transforms.taylor import taylor

# ---- rows on arrays ------------------------------------------------------------------------------


def numeric(row: Row, arguments: list[Any], params: tuple[Any, ...], k: int) -> Any:
    """The Jacobian by argument k from differences of fourth order."""
    h = 1e-3
    columns = []
    for place in np.ndindex(np.shape(arguments[k])):

        def at(s: float) -> Any:
            step = step_of(row, arguments[k], place, s)  # noqa: B023
            moved = [a + step if i == k else a for i, a in enumerate(arguments)]
            return np.asarray(row.eval(np, *moved, *params))

        columns.append((at(-2 * h) - 8 * at(-h) + 8 * at(h) - at(2 * h)) / (12 * h))
    result = np.stack(columns, axis=-1)
    return result.reshape(result.shape[:-1] + np.shape(arguments[k]))


def smooth(row: Row, arguments: list[Any]) -> list[int]:
    """The arguments to differentiate by; not the shares of ``centred``, whose sum must stay 1."""
    moving = [k for k, a in enumerate(arguments) if np.asarray(a).dtype.kind == "f" and k not in row.fixed and row.name != "share"]
    return moving[:1] if row.name == "centred" else moving


def nodes_for(arguments: list[Any]) -> list[Node]:
    return [const(a) if np.asarray(a).dtype.kind != "f" else x for a, x in zip(arguments, inputs_like(arguments), strict=True)]


@CASES
def test_arrays_first_and_second_derivatives(row: Row, arguments: list[Any], params: tuple[Any, ...]) -> None:
    nodes = nodes_for(arguments)
    values = dict(zip(nodes, arguments, strict=True))
    y = row(*nodes, params=params)
    assert y.shape == np.shape(row.eval(np, *arguments, *params))
    for k in smooth(row, arguments):
        both = [jacobian(y, [nodes[k]], "forward")[0], jacobian(y, [nodes[k]], "reverse")[0]]
        seconds = [jacobian(d, [nodes[j]], m)[0] for d in both for m in ("forward", "reverse") for j in smooth(row, arguments)]
        verify([*both, *seconds])
        f, r = evaluate(both, values)
        assert np.allclose(f, r, rtol=1e-12, atol=1e-13)
        assert np.allclose(f, numeric(row, arguments, params, k), rtol=1e-7, atol=1e-8)
        found = evaluate(seconds, values)
        quarter = len(found) // 4
        for other in (found[i * quarter : (i + 1) * quarter] for i in (1, 2, 3)):
            for a, b in zip(found, other, strict=False):
                assert np.allclose(a, b, rtol=1e-11, atol=1e-11)


@CASES
@pytest.mark.parametrize("count", [2, 3, 4])
def test_many_at_once(row: Row, arguments: list[Any], params: tuple[Any, ...], count: int) -> None:
    """A row and its derivatives for several elements, as many as an axis is long or not, are those of each element."""
    nodes = nodes_for(arguments)
    inputs = tuple(n for n in nodes if n.value is None)
    y = row(*nodes, params=params)
    wanted = [y, *(jacobian(y, [nodes[k]], mode)[0] for k in smooth(row, arguments) for mode in ("forward", "reverse"))]
    factors = [1.0] + [1.0 + 0.1 * k for k in range(1, count)]
    many = [[a * f if i in smooth(row, arguments) else a for f in factors] for i, a in enumerate(arguments) if nodes[i].value is None]
    for output in wanted:
        each = [evaluate([output], {n: values[k] for n, values in zip(inputs, many, strict=True)})[0] for k in range(count)]
        try:
            run, _ = compile_branch(Body(inputs, (output,)), (0,) * len(inputs), False)
        except CannotBatch:
            assert row.name in ("gather", "scatter")
            continue
        assert np.allclose(run(count, *map(np.array, many)), each, rtol=1e-10, atol=1e-12)


@CASES
def test_arrays_second_derivative_against_differences(row: Row, arguments: list[Any], params: tuple[Any, ...]) -> None:
    nodes = nodes_for(arguments)
    for k in smooth(row, arguments):
        gradient = jacobian(row(*nodes, params=params), [nodes[k]], "reverse")[0]
        second = jacobian(gradient, [nodes[k]], "reverse")[0]
        found = evaluate([second], dict(zip(nodes, arguments, strict=True)))[0]
        h = 1e-4
        for place in np.ndindex(np.shape(arguments[k])):
            step = step_of(row, arguments[k], place, h)
            up, down = (
                evaluate([gradient], dict(zip(nodes, [a + s * step if i == k else a for i, a in enumerate(arguments)], strict=True)))[0]
                for s in (1, -1)
            )
            assert np.allclose(found[(..., *place)], (up - down) / (2 * h), rtol=1e-5, atol=1e-5)


@CASES
def test_arrays_taylor(row: Row, arguments: list[Any], params: tuple[Any, ...]) -> None:
    """Along a line, against nested forward mode to order 4."""
    nodes = nodes_for(arguments)
    moving = smooth(row, arguments)
    if not moving:
        return
    steps = [0.3 * np.random.default_rng(k).standard_normal(np.shape(arguments[k])) for k in moving]
    given = [input_node(Symbol("d"), np.shape(s)) for s in steps]
    values = dict(zip(nodes, arguments, strict=True)) | dict(zip(given, steps, strict=True))
    nested = [row(*nodes, params=params)]
    coefficients = taylor(nested, {nodes[k]: [nodes[k], d] for k, d in zip(moving, given, strict=True)}, 4)[0]
    for _ in range(4):
        nested += jvp([nested[-1]], [nodes[k] for k in moving], given)
    verify(coefficients)
    verify(nested)
    for k, (c, d) in enumerate(zip(evaluate(coefficients, values), evaluate(nested, values), strict=True)):
        assert np.shape(c) == coefficients[k].shape
        assert np.allclose(c, d / math.factorial(k), rtol=1e-11, atol=1e-11), k


@CASES
def test_arrays_leading_axes(row: Row, arguments: list[Any], params: tuple[Any, ...]) -> None:
    """Evaluation works slice by slice over leading axes (of all arguments; of the right side only for solve; not of places)."""
    many = [a if k in row.fixed else np.stack([a, a + 0.25 if np.asarray(a).dtype.kind == "f" else a]) for k, a in enumerate(arguments)]
    if row.name == "share":
        many[1] = np.max(many[0], axis=-1)
    if row.name == "det_change":
        many[0] = arguments[0]
    if row.name in ("solve", "factor_solve", "least_squares", "select"):
        many[0] = arguments[0]
    together = row.eval(np, *many, *params)
    for i in (0, 1):
        alone = row.eval(np, *(m if np.shape(m) == np.shape(a) else m[i] for m, a in zip(many, arguments, strict=True)), *params)
        assert np.allclose(together[i], alone, rtol=1e-13, atol=1e-14)


@pytest.mark.parametrize(
    ("row", "arguments", "params"), [c for c in array_cases() if c[0].kind == "linear"], ids=lambda v: v.name if isinstance(v, Row) else ""
)
def test_transposes(row: Row, arguments: list[Any], params: tuple[Any, ...]) -> None:
    """<A dx, g> = <dx, A'g>."""
    rng = np.random.default_rng(5)
    nodes = nodes_for(arguments)
    y = row(*nodes, params=params)
    g = rng.standard_normal(y.shape)
    values = dict(zip(nodes, arguments, strict=True))
    for k in smooth(row, arguments):
        dx = rng.standard_normal(np.shape(arguments[k]))
        moved = forward([y], {nodes[k]: const(dx)})[0]
        sent = reverse({y: const(g)}, [nodes[k]])[0]
        assert moved is not None
        assert sent is not None
        left, right = evaluate([moved, sent], values)
        assert np.sum(left * g) == pytest.approx(np.sum(dx * right), rel=1e-13)
