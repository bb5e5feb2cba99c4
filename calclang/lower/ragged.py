"""Reductions inside a comprehension over ranges or filters that vary with its elements: ``sum(sum(x[k] for k in 1..i) for i in 1..n)``.

All pairs of an outer element and an inner one lie on one axis, where the body is computed at once; what belongs to one outer element is
then added up, or laid side by side. The outcome is one more array that the outer comprehension runs over.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from functools import reduce
from typing import TYPE_CHECKING, Any

import numpy as np

from calclang import errors
from calclang.ir.apply import const, input_node
from calclang.ir.budget import budget
from calclang.ir.dim import known
from calclang.ir.node import Node, Symbol, order
from calclang.lower.comprehension import combinations, over, over_axes, select
from calclang.lower.elements import Axis
from calclang.lower.filters import kept, over_longest
from calclang.lower.lowered import Arr, Builtin, Fn, Scope, Terms, nested
from calclang.lower.trace import Trace, Undecided
from calclang.ops.choice import both, largest, less, smallest
from calclang.ops.choice import select as either_number
from calclang.ops.contraction import contract, stretch
from calclang.ops.structure import concat, gather, scatter
from calclang.ops.vectors import coprod
from calclang.record import record
from calclang.source import Span
from calclang.syntax import tree
from calclang.transforms.batch import CannotBatch

if TYPE_CHECKING:
    from calclang.lower.driver import Step
    from calclang.lower.evaluate import Lowering


@record
class Pairs:
    """The values of a body for all pairs (first axis), and to which outer element each pair belongs (in order)."""

    values: Node
    owners: Any
    size: int

    @property
    def counts(self) -> Any:
        """How many pairs each outer element has."""
        return np.bincount(self.owners, minlength=self.size)


@record
class Reduction:
    """How a reduction works on pairs: ``collect`` gives an array with one part for each outer element, ``finish`` makes of such a part
    what the reduction gives. ``empty``: whether it is defined of nothing."""

    collect: Callable[[Pairs], Node]
    finish: Callable[[Node], Node]
    empty: bool


def _added(pairs: Pairs) -> Node:
    """The sum for each outer element."""
    return scatter(pairs.values, const(pairs.owners.astype(float)), params=(pairs.size, pairs.values.rank - 1))


def _averaged(pairs: Pairs) -> Node:
    total = _added(pairs)
    counts = const(np.maximum(pairs.counts, 1).astype(float))
    return total / contract([counts], [(0,)], tuple(range(total.rank)), dict(enumerate(total.shape[1:], 1)))


def _counted(sought: bool) -> Callable[[Pairs], Node]:
    """How often a truth value is the one that is sought."""

    def collect(pairs: Pairs) -> Node:
        one, zero = (stretch(const(x), pairs.values.shape) for x in ((1.0, 0.0) if sought else (0.0, 1.0)))
        axes = tuple(range(pairs.values.rank))
        found = contract([either_number(pairs.values, one, zero)], [axes], axes[:1])
        return _added(Pairs(found, pairs.owners, pairs.size))

    return collect


def _side_by_side(fill: float) -> Callable[[Pairs], Node]:
    """The values of each outer element in one row, filled up with what changes nothing."""

    def collect(pairs: Pairs) -> Node:
        counts = pairs.counts
        longest = int(counts.max(initial=0))
        if pairs.values.rank > 1 or longest * pairs.size > budget().elements:
            raise CannotBatch("inner parts have very different lengths")
        place = np.arange(longest)
        places = np.where(place < counts[:, None], (np.cumsum(counts) - counts)[:, None] + place, len(pairs.owners))
        return gather(concat(pairs.values, const(np.array([fill])), params=(1,)), const(places.astype(float)), params=(0,))

    return collect


REDUCTIONS = {
    "sum": Reduction(_added, lambda part: part, True),
    "mean": Reduction(_averaged, lambda part: part, False),
    "prod": Reduction(_side_by_side(1.0), lambda part: coprod(part, params=(0,)), True),
    "max": Reduction(_side_by_side(-np.inf), lambda part: largest(part), False),
    "min": Reduction(_side_by_side(np.inf), lambda part: smallest(part), False),
    "all": Reduction(_counted(False), lambda part: less(part, 0.5), True),
    "any": Reduction(_counted(True), lambda part: less(0.5, part), True),
}


def reduction(lowering: Lowering, function: Fn, e: tree.Call, scope: Scope | None) -> Step:
    """The value of a call that reduces one comprehension, where that is more than to reduce its array; else None."""
    inner = e.arguments[0]
    if not isinstance(function, Builtin) or function.name not in REDUCTIONS or len(e.arguments) > 1 or not isinstance(inner, tree.Comprehension):
        return None
    if (made := (yield kept(lowering, function, inner, scope, e.span))) is not None or not lowering.trace.elements.axes:
        return made
    return (yield reduced(lowering, function, inner, scope, e.span))


def reduced(lowering: Lowering, function: Builtin, e: tree.Comprehension, scope: Scope | None, span: Span) -> Step:
    """A reduction of a comprehension inside another: as an array where all have one shape, else by pairs. Raises `CannotBatch`."""
    trace = lowering.trace
    with suppress(Undecided, CannotBatch), trace.attempt():
        return (yield lowering.call(function, ((yield lowering.argument(function, e, scope)),), {}, span))
    for outer in reversed([axis for axis in dict.fromkeys(trace.elements.axes.values()) if axis is not None]):
        with suppress(Undecided, CannotBatch), trace.attempt():
            return (yield by_pairs(lowering, function.name, e, scope, outer, span))
    try:
        terms = yield over_longest(lowering, function.name, e, scope)
    except (Undecided, CannotBatch):
        raise CannotBatch("an inner comprehension depends on each element in its own way") from None
    return (yield lowering.call(function, (terms,), {}, span))


def by_pairs(lowering: Lowering, name: str, e: tree.Comprehension, scope: Scope | None, outer: Axis, span: Span) -> Step:
    """A reduction for every element of ``outer``. Raises `CannotBatch` and what tracing raises."""
    trace, reduction = lowering.trace, REDUCTIONS[name]
    if not known((outer.size,)):
        raise CannotBatch("how many elements there are outside is not known")
    mark = trace.records.mark()
    owner = input_node(Symbol("owner"), ())
    axis = Axis(outer.size, {**outer.arrays, owner: const(np.arange(float(outer.size)))})
    if trace.elements.masks:  # elements that do not choose the branch that we are in have no pairs
        select(axis, np.flatnonzero(over(lowering, reduce(both, trace.elements.masks), axis)))
        trace.elements.partial += 1
    asked = _numbers(axis.arrays[owner])
    inner = nested(scope)
    yield combinations(lowering, e, inner, axis)
    body: Terms = yield over_axes(lowering, (e.body, inner), e.body.span, [axis], mark)
    if body.one and not e.bare:
        raise CannotBatch("an inner comprehension is reduced to one number, not term by term")
    pairs = Pairs(body.node, _numbers(axis.arrays[owner]), outer.size)
    if not reduction.empty and not pairs.counts[asked].all():
        raise errors.empty_reduction(name, span)
    collected = reduction.collect(pairs)
    _must_lie_outside(trace, collected, outer)
    part = input_node(Symbol(name), collected.shape[1:])
    outer.arrays[part] = collected
    trace.elements.axes[part] = outer
    return Arr(reduction.finish(part), body.rows)


def _numbers(owners: Node) -> Any:
    return np.asarray(owners.value).astype(int)


def _must_lie_outside(trace: Trace, node: Node, outer: Axis) -> None:
    """Raises `CannotBatch` where an array that ``outer`` shall run over varies with what is open inside of it."""
    places = {element: k for k, element in reversed(list(enumerate(trace.elements.axes)))}
    first = {axis: min(places[n] for n, a in trace.elements.axes.items() if a is axis) for axis in trace.elements.axes.values() if axis is not None}
    for n in order([node]):
        if outer in trace.within.get(n, ()):  # the part would hide from the derivative what it is by
            raise CannotBatch("an inner comprehension varies with what a derivative inside is by")
        axis = trace.elements.axes.get(n)
        if n in trace.elements.axes and (places[n] if axis is None else first[axis]) >= first[outer]:
            raise CannotBatch("an inner comprehension varies with more than its range")
