"""Every row of the table at its samples: values and power series against high precision, every mode against them and against each other, growth.

A row moves on a straight line in all its arguments at once, in a direction that no symmetry knows; what comes out is met by one that none knows either.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from ops_reference import REFERENCE
from ops_reference_arrays import ARRAY_REFERENCE, exact, expansion
from ops_samples import ARRAYS, CLOSE, ORDER, QUADRATIC, Sample
from ops_support import CASES, EVERY_ROW, close, derivatives, direction, evaluate, ids, made, moving, nodes_for, table_cases

from calclang.ir.apply import const, input_node
from calclang.ir.budget import Budget, charging
from calclang.ir.node import Node, Symbol
from calclang.ir.verify import verify
from calclang.ops.contraction import contract
from calclang.transforms.operators import jvp
from calclang.transforms.taylor import taylor

ENOUGH = 13_000  # nodes of a series to order 16
NUMERIC = {"pow_derivative", "sinc_derivative"}  # their references are numeric derivatives themselves


def line(row: Any, sample: Sample) -> dict[int, Any]:
    """The directions of the arguments that move."""
    return {k: direction(row, sample.arguments[k], k) for k in moving(row, sample.arguments)}


def referee(row: Any, sample: Sample, order: int) -> list[Any]:
    """The power series along the line, in high precision."""
    reference, directions = (REFERENCE | ARRAY_REFERENCE)[row.name], line(row, sample)
    starts, steps = [exact(a) for a in sample.arguments], {k: exact(d) for k, d in directions.items()}

    def at(t: Any) -> Any:
        return reference(*(a + t * steps[k] if k in steps else a for k, a in enumerate(starts)), *sample.params)

    return expansion(at, order)


def test_exceptions_have_reasons() -> None:
    plain = Sample(())
    for samples in ARRAYS.values():
        for s in samples:
            assert bool(s.because) == ((s.nested, s.growth) != (plain.nested, plain.growth))


@CASES
def test_value_of_arrays(row: Any, sample: Sample) -> None:
    [expected] = referee(row, sample, 0)
    assert close(row.eval(np, *sample.arguments, *sample.params), expected, 1e-14)


@EVERY_ROW
def test_taylor_against_high_precision(row: Any, sample: Sample) -> None:
    if row.name in NUMERIC:
        pytest.skip("test_families_are_derivatives says what it is")
    nodes, directions = nodes_for(sample.arguments), line(row, sample)
    found = taylor([made(row, nodes, sample.params)], {nodes[k]: [nodes[k], const(d)] for k, d in directions.items()}, ORDER)[0]
    verify(found)
    values = evaluate(found, dict(zip(nodes, sample.arguments, strict=True)))
    for k, (value, expected) in enumerate(zip(values, referee(row, sample, ORDER if directions else 0), strict=False)):
        assert close(value, expected, 10 * CLOSE), (k, value, expected)


@EVERY_ROW
def test_taylor_against_nested_derivatives(row: Any, sample: Sample) -> None:
    nodes, directions = nodes_for(sample.arguments), line(row, sample)
    steps = {k: input_node(Symbol("d"), np.shape(d)) for k, d in directions.items()}
    values = dict(zip(nodes, sample.arguments, strict=True)) | {steps[k]: d for k, d in directions.items()}
    nested = [made(row, nodes, sample.params)]
    coefficients = taylor(nested, {nodes[k]: [nodes[k], d] for k, d in steps.items()}, sample.nested)[0]
    for _ in range(sample.nested):
        nested += jvp([nested[-1]], [nodes[k] for k in steps], list(steps.values()))
    verify(nested)
    for k, (c, d) in enumerate(zip(evaluate(coefficients, values), evaluate(nested, values), strict=True)):
        assert close(c, d / math.factorial(k), CLOSE), k


@EVERY_ROW
def test_every_mode(row: Any, sample: Sample) -> None:
    """Orders 1 to 3 of the scalar <G, row(X + t V)>, by every nesting of forward and reverse and by Taylor mode."""
    directions = line(row, sample)
    if not directions:
        return
    value = np.asarray(row.eval(np, *sample.arguments, *sample.params))
    weights = np.random.default_rng(9).standard_normal(value.shape)

    def along(t: Node) -> Node:
        moved = [const(a) + t * const(directions[k]) if k in directions else const(a) for k, a in enumerate(sample.arguments)]
        total = const(weights) * made(row, moved, sample.params)
        return contract([total], [range(total.rank)], ())

    expected = [float(np.sum(weights * c)) * math.factorial(n) for n, c in enumerate(referee(row, sample, 3))] if row.name not in NUMERIC else []
    for n in (1, 2, 3):
        found = derivatives(along, 0.0, n)
        size = max(1e-3, *map(abs, found.values()))
        assert max(found.values()) - min(found.values()) <= CLOSE * size, (n, found)
        if expected:
            assert abs(found["taylor"] - expected[n]) <= 1e-10 * size, (n, found, expected)


def grown(row: Any, sample: Sample, n: int) -> int:
    """How many nodes are made for all coefficients up to n, of a curve whose coefficients are all there."""
    nodes = nodes_for(sample.arguments)
    series = {nodes[k]: [input_node(Symbol("c"), nodes[k].shape) for _ in range(n + 1)] for k in moving(row, sample.arguments)}
    with charging(Budget()) as used:
        verify(taylor([made(row, nodes, sample.params)], series, n)[0])
    return used.made


@pytest.mark.parametrize(("row", "sample"), table_cases(1), ids=ids)
def test_taylor_grows_like_the_square_of_the_order(row: Any, sample: Sample) -> None:
    eight, sixteen = (grown(row, sample, n) for n in (8, 16))
    assert sixteen <= sample.growth * eight + 40
    assert sixteen <= ENOUGH * (1 if sample.growth == QUADRATIC else 2)
