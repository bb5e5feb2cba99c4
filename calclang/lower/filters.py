"""Sums and products of a part of the elements, as those of a choice, of zeros or ones for the other elements: these are compiled once.

To take out what a filter keeps, ``sum(x[i]^2 for i in 1..n if x[i] > 0)``, one has to look at values, so that such a graph serves one call alone. A range
that varies with the turns of a loop, ``sum(f(s, j) for j in 1..k)``, would be another graph in each turn.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from calclang.ir.apply import const
from calclang.lower.comprehension import opened, over_axes
from calclang.lower.lowered import Arr, Builtin, Scope, nested
from calclang.lower.trace import Undecided
from calclang.ops.choice import less_equal, minimum
from calclang.source import Span
from calclang.syntax import tree
from calclang.transforms.batch import CannotBatch

if TYPE_CHECKING:
    from calclang.lower.driver import Step
    from calclang.lower.evaluate import Lowering

NOTHING = {"sum": 0.0, "prod": 1.0}  # what changes nothing


def kept(lowering: Lowering, function: Builtin, e: tree.Comprehension, scope: Scope | None, span: Span) -> Step:
    """The sum or product of what the filter at the end of a comprehension keeps; None where that is not what is asked for, or it is better done
    otherwise."""
    if function.name not in NOTHING or [c.condition is not None for c in e.clauses] != [*[False] * (len(e.clauses) - 1), True]:
        return None
    try:
        with lowering.trace.attempt():
            terms = yield as_choice(lowering, e, scope, NOTHING[function.name])
    except (Undecided, CannotBatch):
        return None
    return (yield lowering.call(function, (terms,), {}, span))


WASTE = 4  # times the average length that the longest range may have
OWN = " own"  # the name of whether a number lies in the range of its own turn: no program has such a name


def over_longest(lowering: Lowering, name: str, e: tree.Comprehension, scope: Scope | None) -> Step:
    """The terms of a sum or product over a range that varies with elements: as many as the longest range has, and what changes nothing behind the own
    one. Raises `CannotBatch` and what tracing raises."""
    clause, nothing = e.clauses[0], NOTHING.get(name)
    if len(e.clauses) > 1 or nothing is None or not isinstance(clause.domain, tree.Range) or clause.domain.step is not None:
        raise CannotBatch("no sum over one range")
    ends, values = [], []
    for part in (clause.domain.start, clause.domain.stop):
        ends.append(lowering.shaping((yield part, scope), part.span, "a range"))
        values.append(lowering.trace.always(ends[-1]))
    if any(v is None or not np.isfinite(v).all() for v in values):
        raise CannotBatch("a range whose ends are not known beforehand")
    lengths = np.maximum(np.floor(values[1] - values[0]) + 1, 0)
    if np.max(lengths) > WASTE * np.mean(lengths):
        raise CannotBatch("ranges of very different lengths")
    numbers = tree.Range(tree.Number(0.0), None, tree.Number(float(np.max(lengths)) - 1), span=clause.domain.span)
    mark = lowering.trace.records.mark()
    inner = nested(scope)
    axes = yield opened(lowering, replace(e, clauses=(replace(clause, domain=numbers, condition=None),)), inner)
    place = ends[0] + lowering.array(inner.names[clause.name], clause.domain.span, "a range").node
    there = minimum(place, const(np.max(values[0] + lengths - 1)))  # what lies behind the own range lies in another one
    inner.names |= {clause.name: Arr(there), OWN: Arr(less_equal(place, ends[1]))}
    body = e.body if clause.condition is None else tree.If(clause.condition, e.body, tree.Number(nothing), span=e.body.span)
    body = tree.If(tree.Name(OWN, span=e.body.span), body, tree.Number(nothing), span=e.body.span)
    return (yield over_axes(lowering, (body, inner), e.body.span, axes, mark))


def as_choice(lowering: Lowering, e: tree.Comprehension, scope: Scope | None, nothing: float) -> Step:
    """The elements that a filter keeps, and ``nothing`` for the others. Raises `CannotBatch` and what tracing raises."""
    mark = lowering.trace.records.mark()
    inner = nested(scope)
    axes = yield opened(lowering, e, inner)
    condition = e.clauses[-1].condition
    assert condition is not None
    keep = lowering.condition((yield condition, inner), condition.span)
    if lowering.trace.always(keep.node) is not None:
        raise CannotBatch("the filter keeps the same elements at each call")
    body = tree.If(condition, e.body, tree.Number(nothing), span=e.body.span)
    return (yield over_axes(lowering, (body, inner), e.body.span, axes, mark))
