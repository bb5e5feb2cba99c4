"""Sums and products of what a filter keeps: ``sum(x[i]^2 for i in 1..n if x[i] > 0)``.

To take out the elements that a filter keeps one has to look at values, so that such a graph serves one call alone. A sum of a choice, of zeros for the
elements that are not kept, is the same, and is compiled once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from calclang.lower.comprehension import opened, over_axes
from calclang.lower.lowered import Builtin, Fn, Scope
from calclang.lower.trace import Undecided
from calclang.syntax import tree
from calclang.transforms.batch import CannotBatch

if TYPE_CHECKING:
    from calclang.lower.driver import Step
    from calclang.lower.evaluate import Lowering

NOTHING = {"sum": 0.0, "prod": 1.0}  # what changes nothing


def kept(lowering: Lowering, function: Fn, e: tree.Call, scope: Scope | None) -> Step:
    """The value of a call that adds up, or multiplies, what the filter at the end of a comprehension keeps; None where that is not what it does, or
    it is better done otherwise."""
    inner = e.arguments[0]
    if not isinstance(function, Builtin) or function.name not in NOTHING or len(e.arguments) > 1 or not isinstance(inner, tree.Comprehension):
        return None
    if [c.condition is not None for c in inner.clauses] != [*[False] * (len(inner.clauses) - 1), True]:
        return None
    mark, elements = lowering.trace.mark(), dict(lowering.trace.elements)
    try:
        terms = yield chosen(lowering, inner, scope, NOTHING[function.name])
    except (Undecided, CannotBatch):
        lowering.trace.back(mark)
        lowering.trace.elements = elements
        return None
    return (yield lowering.call(function, (terms,), {}, e.span))


def chosen(lowering: Lowering, e: tree.Comprehension, scope: Scope | None, nothing: float) -> Step:
    """The elements that a filter keeps, and ``nothing`` for the others. Raises `CannotBatch` and what tracing raises."""
    mark = lowering.trace.mark()
    inner = Scope({}, scope, scope.frame if scope else None)
    axes = yield opened(lowering, e, inner)
    condition = e.clauses[-1].condition
    assert condition is not None
    keep = lowering.condition((yield condition, inner), condition.span)
    if lowering.trace.always(keep.node) is not None:
        raise CannotBatch("the filter keeps the same elements at each call")
    body = tree.If(condition, e.body, tree.Number(nothing), span=e.body.span)
    return (yield over_axes(lowering, (body, inner), e.body.span, axes, mark))
