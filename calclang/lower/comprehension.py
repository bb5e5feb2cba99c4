"""Comprehensions: ``[body for i in …, j in … if …]``.

The body is traced once with symbolic elements and batched: all elements at once, as array operations. Where that does not go (a choice
that needs values, shapes that vary, a row without a batched form) it is traced element by element.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from math import prod
from typing import TYPE_CHECKING, Any

import numpy as np

from calclang import errors
from calclang.ir.apply import const, input_node
from calclang.ir.budget import claimed
from calclang.ir.dim import known, number
from calclang.ir.node import Node, Symbol, order
from calclang.lower import loops
from calclang.lower.arrays import range_lengths, range_numbers, range_vector
from calclang.lower.control import elements
from calclang.lower.elements import Axis
from calclang.lower.lowered import Arr, Fn, Low, Rng, Scope, Slice, Terms, nested, scalar
from calclang.lower.ranges import between
from calclang.lower.records import Mark
from calclang.lower.trace import Undecided
from calclang.ops import ROWS
from calclang.ops.counting import counting
from calclang.progress import each
from calclang.source import Span
from calclang.syntax import tree
from calclang.transforms.batch import CannotBatch, batch, lead

if TYPE_CHECKING:
    from calclang.lower.driver import Step
    from calclang.lower.evaluate import Lowering

FEWEST = 8  # elements; fewer are written out
FEW = "few elements"
TERM_BY_TERM = frozenset({"sum", "mean", "prod"})  # functions that look at the terms of a comprehension, which may be arrays, one by one


def comprehension(lowering: Lowering, e: tree.Comprehension, scope: Scope | None) -> Step:
    """The array of all elements."""
    found: Arr = yield terms(lowering, e, scope)
    return Arr(found.node)


def terms(lowering: Lowering, e: tree.Comprehension, scope: Scope | None) -> Step:
    """The same as terms, batched if possible."""
    why = ""
    for way in (batched, flattened) if id(e) not in lowering.one_by_one else ():
        try:
            with lowering.trace.attempt():
                return (yield way(lowering, e, scope))
        except (Undecided, CannotBatch) as reason:
            why = str(reason)
    if not lowering.trace.elements.axes:
        lowering.one_by_one.setdefault(id(e), (e, why))
    return (yield written_out(lowering, e, scope))


# ---- all at once ------------------------------------------------------------------------------------


def batched(lowering: Lowering, e: tree.Comprehension, scope: Scope | None) -> Step:
    """An axis for each clause. Raises `CannotBatch` and what tracing the body raises."""
    mark = lowering.trace.records.mark()
    if any(clause.condition is not None for clause in e.clauses):
        raise CannotBatch("a filter")
    inner = nested(scope)
    axes = yield opened(lowering, e, inner)
    return (yield over_axes(lowering, (e.body, inner), e.body.span, axes, mark))


def opened(lowering: Lowering, e: tree.Comprehension, scope: Scope) -> Step:
    """An axis for each clause, whose names stand for its elements. Raises `CannotBatch` and what tracing raises."""
    axes = []
    for clause in e.clauses:
        asked = between(lowering, clause.domain, scope, sizes=True) if isinstance(clause.domain, tree.Range) else (clause.domain, scope)
        domain = all_values((yield asked))
        axes.append(Axis(domain.shape[0]))
        name_element(lowering, scope, clause.name, axes[-1], domain)
    enough(axes)
    return axes


def mapped(lowering: Lowering, function: Fn, domain: Low, span: Span) -> Step:
    """``map(f, xs)`` for all elements at once. Raises `CannotBatch` and what tracing the call raises."""
    values = all_values(domain)
    axis = Axis(values.shape[0])
    enough([axis])
    scope = Scope({})
    with lowering.trace.attempt() as mark:
        name_element(lowering, scope, "x", axis, values)
        found: Arr = yield over_axes(lowering, lowering.call(function, (scope.names["x"],), {}, span), span, [axis], mark)
    return Arr(found.node)


def over_axes(lowering: Lowering, body: Any, span: Span, axes: Sequence[Axis], mark: Mark) -> Step:
    """A body (as it is asked for of the driver) for all elements: the last axis is the innermost."""
    made = lowering.array((yield body), span, "a comprehension")
    node = made.node
    for axis in reversed(axes):
        try:
            (result,) = lowering.trace.records.moved([node], mark, partial(batch, elements=axis.arrays, size=axis.size))
        except CannotBatch:  # a row without a batched form: a compiled loop over the elements
            if not known((axis.size,)):
                raise
            (result,) = loops.closed(lowering, [], [], list(axis.arrays.items()), [], [node], axis.size, mark)
        node = lead(node, axis.size) if result is node else result
        for element in [e for e in axis.arrays if lowering.trace.elements.axes.get(e) is axis]:
            del lowering.trace.elements.axes[element]
    return Terms(node, axes=len(axes), rows=made.row)


def enough(axes: Sequence[Axis]) -> None:
    """Raises `CannotBatch` where there are so few elements that they are better written out."""
    sizes = tuple(axis.size for axis in axes)
    if known(sizes) and prod(sizes) < FEWEST:
        raise CannotBatch(FEW)


def all_values(domain: Low) -> Node:
    """The array that a clause runs over. Raises `CannotBatch` where it is none."""
    if isinstance(domain, Slice):
        numbers = counting(domain.start, domain.stop)
        return ROWS["reverse"](numbers) if domain.back else numbers
    if isinstance(domain, Rng):
        domain = range_vector(domain.value)
    if not isinstance(domain, Arr) or not domain.rank or domain.node.boolean:
        raise CannotBatch("it runs over what is no array of numbers")
    return domain.node


def name_element(lowering: Lowering, scope: Scope, name: str, axis: Axis, everything: Node) -> None:
    """Let ``name`` stand for all elements of an array."""
    element = input_node(Symbol(name), everything.shape[1:])
    axis.arrays[element] = everything
    lowering.trace.elements.axes[element] = axis
    scope.names[name] = Arr(element)


# ---- one axis for all clauses: filters, and ranges that vary with the elements before them ----------


def flattened(lowering: Lowering, e: tree.Comprehension, scope: Scope | None) -> Step:
    """All combinations of elements on one axis. Raises `CannotBatch` and what tracing raises."""
    mark = lowering.trace.records.mark()
    inner = nested(scope)
    axis = Axis(1)
    counts = yield combinations(lowering, e, inner, axis)
    enough([axis])
    body: Terms = yield over_axes(lowering, (e.body, inner), e.body.span, [axis], mark)
    if len(counts) == 1 or None in counts:
        return body
    shape = (*counts, *body.one)
    return Terms(ROWS["reshape"](body.node, params=(body.rank, shape)), axes=len(counts), rows=body.rows)


def combinations(lowering: Lowering, e: tree.Comprehension, scope: Scope, axis: Axis) -> Step:
    """Let the names of all clauses stand for all combinations of elements along one axis; how many each clause has, None where that varies."""
    counts: list[int | None] = []
    for clause in e.clauses:
        values, each = yield combined(lowering, clause, scope, axis)
        counts.append(each)
        name_element(lowering, scope, clause.name, axis, values)
        if clause.condition is not None:
            keep = lowering.condition((yield clause.condition, scope), clause.condition.span)
            select(axis, np.flatnonzero(over(lowering, keep.node, axis)))
            counts[-1] = None
    return counts


def combined(lowering: Lowering, clause: tree.Clause, scope: Scope, axis: Axis) -> Step:
    """The values of one clause for every combination so far, which are repeated to fit; and how many each has, if all have as many."""
    if isinstance(clause.domain, tree.Range):
        ends = []
        for part in (clause.domain.start, clause.domain.step or tree.Number(1.0), clause.domain.stop):
            end = lowering.shaping((yield part, scope), part.span, "a range")
            ends.append(over(lowering, end, axis))
        lengths = range_lengths(ends, clause.domain.span)
        spread(axis, lengths)
        return const(range_numbers(ends, lengths)), int(lengths[0]) if len(np.unique(lengths)) == 1 else None
    domain = all_values((yield clause.domain, scope))
    if not known(domain.shape[:1]):
        raise Undecided(domain)
    if any(n in lowering.trace.elements.axes for n in order([domain])):
        raise CannotBatch("an array that it runs over varies with the element")
    count = number(domain.shape[0])
    turns = axis.size
    spread(axis, np.full(turns, count))
    return ROWS["gather"](domain, const(np.tile(np.arange(float(count)), turns)), params=(domain.rank - 1,)), count


def over(lowering: Lowering, node: Node, axis: Axis) -> Any:
    """The values of a scalar for every combination, which shape the graph; one that varies with none has the same for all."""
    (values,) = batch([node], axis.arrays, axis.size)
    return np.broadcast_to(lowering.trace.decide_array(values), (axis.size,))


def spread(axis: Axis, lengths: Any) -> None:
    """Repeat every combination as often as the next clause has elements for it. Raises E-LIMIT-…"""
    claimed((int(np.sum(lengths)),))
    select(axis, np.repeat(np.arange(axis.size), lengths))


def select(axis: Axis, places: Any) -> None:
    """Keep these combinations."""
    index = const(places.astype(float))
    axis.arrays = {element: ROWS["gather"](values, index, params=(element.rank,)) for element, values in axis.arrays.items()}
    axis.size = len(places)


# ---- one by one -------------------------------------------------------------------------------------


def written_out(lowering: Lowering, e: tree.Comprehension, scope: Scope | None) -> Step:
    """One axis per clause; with a filter, or inner ranges that vary, a vector."""
    values: list[Low] = []
    counts: list[set[int]] = [set() for _ in e.clauses]
    yield _walk(lowering, e, scope, 0, values, counts)
    if not values:
        return Terms(const(np.zeros(0)))
    arrays = [lowering.array(v, e.body.span, "a comprehension") for v in values]
    for a in arrays:
        if a.shape != arrays[0].shape:
            raise errors.ragged_body(arrays[0].words(), a.words(), e.body.span)
    stacked = ROWS["stack"](*(a.node for a in arrays), params=(arrays[0].rank,))
    if len(e.clauses) == 1 or any(c.condition is not None for c in e.clauses) or any(len(c) > 1 for c in counts):
        return Terms(stacked, rows=arrays[0].row)
    shape = tuple(next(iter(c)) for c in counts) + arrays[0].shape
    return Terms(ROWS["reshape"](stacked, params=(stacked.rank, shape)), axes=len(counts), rows=arrays[0].row)


def _walk(
    lowering: Lowering, e: tree.Comprehension, scope: Scope | None, level: int, values: list[Low], counts: list[set[int]]
) -> Step:
    """All turns of the clauses from ``level`` on, in order."""
    if level == len(e.clauses):
        values.append((yield e.body, scope))
        return scalar(0)
    clause = e.clauses[level]
    domain = yield clause.domain, scope
    turns = 0
    for element in each("comprehension", elements(domain, clause.domain.span, "for"), 1):
        inner = nested(scope, {clause.name: element})
        if clause.condition is not None:
            keep = lowering.condition((yield clause.condition, inner), clause.condition.span)
            if not lowering.trace.decide(keep.node):
                continue
        turns += 1
        yield _walk(lowering, e, inner, level + 1, values, counts)
    counts[level].add(turns)
    return scalar(0)
