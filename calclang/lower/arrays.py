"""Array literals, ranges as vectors, and sizes as numbers."""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite
from typing import Any

import numpy as np

from calclang import errors
from calclang.ir.apply import const
from calclang.ir.budget import budget, claimed
from calclang.ir.dim import Dim, product
from calclang.ir.node import Node
from calclang.lower.lowered import Arr, Low, Rng, Tup, scalar
from calclang.ops import ROWS
from calclang.ops.contraction import CONTRACT, contract
from calclang.source import Span
from calclang.syntax import tree
from calclang.values import RangeValue, steps_within

SIGNS = {"add": 1, "sub": -1}
LONGEST = 50  # parts of a size that is a sum


def literal(elements: list[list[Arr]], e: tree.Array) -> Arr:
    """``[a, b; c, d]``. Numbers make a vector (one row, or one column) or a matrix, and a range stands for its numbers; vectors in one row
    become the rows of a matrix; anything else stacks as blocks, a range as a row."""
    parts = [p for row in elements for p in row]
    spans = [p.span for row in e.rows for p in row]
    if not parts:
        return Arr(const(np.zeros(0)))
    _one_type(parts, spans)
    if any(p.range for p in parts) and all(p.range or not p.rank for p in parts):
        return _spread(elements, e)
    vectors = len(elements) == 1 and all(p.kind == "vector" for p in parts)
    rows = [[Arr(p.node, row=True) if p.range and not vectors else p for p in row] for row in elements]
    parts = [p for row in rows for p in row]
    if all(p.rank == 0 for p in parts):
        return _numbers(rows, e)
    if any(p.rank > 2 for p in parts):
        raise errors.tensor_in_brackets(e.span)
    if vectors:
        _equal_lengths([p.shape[0] for p in parts], e)
        return Arr(ROWS["stack"](*(p.node for p in parts), params=(1,)))
    if all(len(row) == 1 and row[0].kind in ("scalar", "boolean", "vector") for row in rows):
        return Arr(ROWS["concat"](*(_as_vector(p) for p in parts), params=(1,)))
    return _blocks(rows, e)


def _one_type(parts: Sequence[Arr], spans: Sequence[Span]) -> None:
    for part, span in zip(parts, spans, strict=True):
        if part.node.boolean != parts[0].node.boolean:
            raise errors.mixed_booleans(spans[0], span)


def _numbers(rows: list[list[Arr]], e: tree.Array) -> Arr:
    """All parts are scalars."""
    _equal_lengths([len(row) for row in rows], e)
    shape = (len(rows), len(rows[0]))
    flat = [p.node for row in rows for p in row]
    vector = _constants(flat) or ROWS["stack"](*flat, params=(0,))
    return Arr(vector if 1 in shape and (shape[0] == 1 or shape[1] == 1) else ROWS["reshape"](vector, params=(1, shape)))


def _spread(rows: list[list[Arr]], e: tree.Array) -> Arr:
    """All parts are scalars and ranges: each row is their numbers in order."""
    joined = [ROWS["concat"](*(_as_vector(p) for p in row), params=(1,)) if len(row) > 1 else _as_vector(row[0]) for row in rows]
    _equal_lengths([n.shape[0] for n in joined], e)
    return Arr(joined[0] if len(joined) == 1 else ROWS["stack"](*joined, params=(1,)))


def _constants(nodes: Sequence[Node]) -> Node | None:
    """One constant vector, where all parts are constants."""
    if any(n.value is None for n in nodes):
        return None
    claimed((len(nodes),))
    return const(np.array([n.value for n in nodes]))


def _equal_lengths(lengths: Sequence[Dim], e: tree.Array) -> None:
    for number, length in enumerate(lengths):
        if length != lengths[0]:
            raise errors.ragged(str(lengths[0]), number + 1, str(length), e.span).of_sizes((lengths[0], length))


def _as_vector(p: Arr) -> Node:
    return ROWS["stack"](p.node, params=(0,)) if p.rank == 0 else p.node


def _blocks(rows: list[list[Arr]], e: tree.Array) -> Arr:
    """Blocks side by side, rows of blocks below each other; a scalar is 1×1, a vector n×1, a row 1×n."""
    bands = []
    for row, exprs in zip(rows, e.rows, strict=True):
        blocks = [_as_block(p) for p in row]
        for block, expr in zip(blocks, exprs, strict=True):
            if block.shape[0] != blocks[0].shape[0]:
                m, n = blocks[0].shape[0], block.shape[0]
                raise errors.block_sizes("rows", str(m), str(n), exprs[0].span, expr.span).of_sizes((m, n))
        bands.append(blocks[0] if len(blocks) == 1 else ROWS["concat"](*blocks, params=(1,)))
    for band, exprs in zip(bands, e.rows, strict=True):
        if band.shape[1] != bands[0].shape[1]:
            m, n = bands[0].shape[1], band.shape[1]
            raise errors.block_sizes("columns", str(m), str(n), e.rows[0][0].span, exprs[0].span).of_sizes((m, n))
    whole = bands[0] if len(bands) == 1 else ROWS["concat"](*bands, params=(2,))
    if len(rows) == 1 and all(p.row or p.rank == 0 for p in rows[0]):
        return Arr(ROWS["reshape"](whole, params=(2, (whole.shape[1],))), row=True)
    return Arr(whole)


def _as_block(p: Arr) -> Node:
    shape: tuple[Dim, ...] = {0: (1, 1), 1: (1, *p.shape) if p.row else (*p.shape, 1)}.get(p.rank, p.shape)
    return p.node if p.rank == 2 else ROWS["reshape"](p.node, params=(p.rank, shape))


def ranged(ends: Sequence[float], span: Span) -> RangeValue:
    """``start..step..stop`` of these three. Raises E-DOMAIN where that never ends or does not move, and where it holds more numbers than can be counted."""
    start, step, stop = ends
    if step == 0 or not all(map(isfinite, (start, step, stop))):
        raise errors.bad_range(step, span)
    if not (count := (stop - start) / step) < 2**53:
        raise errors.too_many_elements(int(count) if isfinite(count) else 2**53, budget().elements, span)
    for number, next in ((start, start + step), (stop, stop - step)):
        if number == next and count > 0:
            raise errors.lost_step(step, number, span)
    return RangeValue(start, step, stop)


def range_lengths(ends: Sequence[Any], span: Span) -> Any:
    """How many numbers each of many ranges holds, of the arrays of their starts, steps and stops. Raises what `ranged` raises."""
    starts, steps, stops = ends
    with np.errstate(all="ignore"):
        within = steps_within(starts, steps, stops)
        lost = (starts + steps == starts) | (stops - steps == stops)
    for wrong in np.flatnonzero(~(within < 2**53) | lost | ~np.isfinite(starts + stops)):
        ranged([float(starts[wrong]), float(steps[wrong]), float(stops[wrong])], span)
    return np.floor(np.maximum(within, -1.0)).astype(int) + 1


def range_numbers(ends: Sequence[Any], lengths: Any) -> Any:
    """The numbers of many ranges, one range after the other."""
    starts, steps, _ = ends
    places = np.arange(lengths.sum()) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    return np.repeat(starts, lengths) + np.repeat(steps, lengths) * places


def range_vector(value: RangeValue) -> Arr:
    """The vector of a range's numbers."""
    (count,) = claimed((len(value),))
    numbers = np.arange(float(count))  # long ones are worth making in place
    numbers *= value.step
    numbers += value.start
    numbers.flags.writeable = False
    return Arr(const(numbers), range=True)


def size_node(dim: Dim) -> Arr:
    """A size as a number; a symbolic size is a contraction without factors (the sum of ones)."""
    return scalar(dim) if isinstance(dim, int) else Arr(_symbolic(dim))


def _symbolic(dim: Any) -> Node:
    return contract([], [], (), {"n": dim})


def dim_of(node: Node) -> Dim | None:
    """The size that a node stands for: a symbolic one, or a sum of such and of whole numbers. None for any other node, and for long sums."""
    total: Dim = 0
    parts = [(1, node)]
    for _ in range(LONGEST):
        if not parts:
            return total
        sign, part = parts.pop()
        if part.op.name in SIGNS and not part.shape:
            a, b = part.inputs
            parts += [(sign, a), (sign * SIGNS[part.op.name], b)]
        elif (size := _one_size(part)) is not None:
            total = total + size * sign
        else:
            return None
    return None


def _one_size(node: Node) -> Dim | None:
    """A whole number, or a sum of ones over symbolic axes."""
    if node.shape or node.boolean:
        return None
    if node.value is not None:
        return int(node.value) if node.value == int(node.value) else None
    if node.op is CONTRACT and not node.inputs and node.params[0].coef == int(node.params[0].coef):
        return product(tuple(d for _, d in node.params[0].free)) * int(node.params[0].coef)
    return None


def axis_size(target: Low, axis: int) -> Low | None:
    """What ``end`` means at an axis of an index."""
    if isinstance(target, Tup):
        return scalar(len(target.parts))
    if isinstance(target, Rng):
        return scalar(len(target.value))
    if isinstance(target, Arr) and axis < target.rank:
        return size_node(target.shape[axis])
    return None
