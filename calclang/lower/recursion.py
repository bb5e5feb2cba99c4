"""Functions of numbers that call themselves: after some calls the body is traced once with symbolic arguments, and the rest runs as compiled code.

Only values are had so. While something is differentiated, or a graph is made that serves other arguments, calls are followed along their path; so are
those that compiled code cannot answer: whose body is no arithmetic of numbers, that go too deep, or meet what is not finite.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from calclang.errors import CalcError
from calclang.ir.apply import const, input_node
from calclang.ir.node import Node, Symbol, order
from calclang.lower.loops import outside
from calclang.lower.lowered import Arr, Closure, Frame, Low, Scope
from calclang.lower.parameters import bind_parameters
from calclang.lower.trace import Undecided, Unwanted
from calclang.ops.base import aligned
from calclang.ops.choice import select
from calclang.ops.control import Body
from calclang.ops.recursion import AGAIN, RECURSION, Recursion
from calclang.source import Span
from calclang.transforms.batch import CannotBatch

if TYPE_CHECKING:
    from calclang.lower.driver import Step
    from calclang.lower.evaluate import Lowering

OFTEN = 32  # calls inside of calls of one function, from which on it is worth tracing its body


@dataclass
class Inside:
    """A body that is being traced: what its own calls are called, the depth where it stands, and how many levels deep they were met."""

    function: Symbol
    holds: bool
    depth: int
    levels: int = 1


# What a lowering knows of a function that calls itself: how often it did, that its body is being traced, the traced body, or None: in vain.
Known: TypeAlias = "int | Inside | Recursion | None"


def answer(lowering: Lowering, fn: Closure, arguments: Sequence[Low], span: Span) -> Step:
    """The value of a call of a function that calls itself; None where the call is followed."""
    known = lowering.recursions.setdefault(fn, lowering.kept.functions.get(fn, 0))
    if isinstance(known, Inside):
        return again(lowering, known, arguments)
    if isinstance(known, int):
        keep(lowering, fn, known + 1)
        if known < OFTEN:
            return None
    return (yield of_constants(lowering, fn, arguments, span))


def keep(lowering: Lowering, fn: Closure, known: int | Recursion | None) -> None:
    """What is known of a function now; of one of the top level for the next statements, too. (Others are made anew. What was in vain may not be so
    for other arguments.)"""
    lowering.recursions[fn] = known
    if fn.scope is None and known is not None:
        lowering.kept.functions[fn] = known
        lowering.kept.looked |= lowering.trace.looked


def numbers(lowering: Lowering, arguments: Sequence[Low]) -> list[Node] | None:
    """The arguments as nodes, where all are numbers and nothing but a value is asked for."""
    if lowering.trace.open or lowering.trace.derivatives:
        return None
    return _scalars(arguments)


def _scalars(arguments: Sequence[Low]) -> list[Node] | None:
    """The arguments as nodes, where all are numbers."""
    nodes = [a.node for a in arguments if isinstance(a, Arr) and not a.rank and not a.node.boolean]
    return nodes if nodes and len(nodes) == len(arguments) else None


def of_constants(lowering: Lowering, fn: Closure, arguments: Sequence[Low], span: Span) -> Step:
    """The value of a call on numbers by compiled code, or None."""
    nodes = numbers(lowering, arguments)
    if nodes is None or any(n.value is None for n in nodes):
        return None
    made = yield call(lowering, fn, nodes, span)
    if made is None:
        return None
    if made.value is None:  # something unusual, which the path itself tells of
        lowering.recursions[fn] = None
        return None
    return Arr(made)


def of_elements(lowering: Lowering, fn: Closure, arguments: Sequence[Low], span: Span) -> Step:
    """The value of a call that each element ends somewhere else. Raises `CannotBatch` where compiled code does not answer it for all of them, and
    `Unwanted`."""
    nodes, trace = numbers(lowering, arguments), lowering.trace
    if trace.optional and not trace.derivatives and None in trace.elements.axes.values() and _scalars(arguments):
        raise Unwanted  # each turn of a loop takes its own path
    made = None if nodes is None else (yield call(lowering, fn, nodes, span))
    if made is None or not (_inside(lowering) or _answers(lowering, made)):
        raise CannotBatch("each element ends a recursion somewhere else")
    return Arr(made)


def _inside(lowering: Lowering) -> bool:
    """Whether the body of a function is being traced: there what is unusual is left to the path as well."""
    return any(isinstance(known, Inside) for known in lowering.recursions.values())


def _answers(lowering: Lowering, made: Node) -> bool:
    """Whether every element that asks gets a number. Where a loop's carry is among what it depends on, that is seen when the loop has run (loops.py)."""
    if made.boolean:
        made = select(made, const(1.0), const(0.0))
    elements = lowering.trace.elements
    asked = elements.asked(made, const(0.0))
    if any(elements.axes.get(n, n) is None for n in order([asked])):
        elements.carried += 1
        return True
    found = lowering.trace.over(asked)
    return found is not None and bool(np.isfinite(found).all())


def call(lowering: Lowering, fn: Closure, nodes: Sequence[Node], span: Span) -> Step:
    """The node of a call by compiled code; None where there is none."""
    if isinstance(lowering.recursions.get(fn, 0), int):
        keep(lowering, fn, (yield traced(lowering, fn, span, False)) or (yield traced(lowering, fn, span, True)))
    record = lowering.recursions[fn]
    if not isinstance(record, Recursion):
        return None
    room = (lowering.limits.calls - _depth(lowering)) // record.levels
    return RECURSION[record.body.outputs[0].boolean](*aligned(tuple(nodes)), params=(record, room))


def _depth(lowering: Lowering) -> int:
    return lowering.frame.depth if lowering.frame is not None else 0


def traced(lowering: Lowering, fn: Closure, span: Span, holds: bool) -> Step:
    """The body of a function whose own calls give numbers, or truth values (``holds``), traced once; None where that cannot be."""
    trace, frame, active = lowering.trace, lowering.frame, lowering.active
    mark, elements, masks = trace.records.mark(), trace.elements.axes, trace.elements.masks
    symbols = [input_node(Symbol("given"), ()) for p in fn.parameters]
    inside = lowering.recursions[fn] = Inside(Symbol(fn.name), holds, _depth(lowering))
    trace.elements.axes, trace.elements.masks, lowering.active = dict.fromkeys(symbols), [], {}
    try:
        names = bind_parameters(trace, fn, tuple(map(Arr, symbols)), span)
        result = yield fn.body, Scope(names, fn.scope, replace(frame) if frame is not None else Frame(fn.name, span, 0))
    except (Undecided, CannotBatch, CalcError):
        return None
    finally:
        trace.elements.axes, trace.elements.masks, lowering.active, lowering.frame = elements, masks, active, frame
        after = trace.records.mark()
        trace.records.back(mark)
    plain = replace(after, guards=mark.guards, once=mark.once) == mark  # no derivative, nothing to warn of
    if not plain or not isinstance(result, Arr) or result.rank or result.node.boolean != holds or outside([result.node], set(symbols)):
        return None
    return Recursion(Body(tuple(symbols), (result.node,)), inside.function, inside.levels)


def again(lowering: Lowering, inside: Inside, arguments: Sequence[Low]) -> Low:
    """The call of a function whose body is being traced. Raises `CannotBatch` where it is not given numbers."""
    nodes = numbers(lowering, arguments)
    if nodes is None:
        raise CannotBatch("a recursion on what are no numbers")
    inside.levels = max(inside.levels, _depth(lowering) - inside.depth + 1)
    return Arr(AGAIN[inside.holds](*nodes, params=(inside.function, False)))
