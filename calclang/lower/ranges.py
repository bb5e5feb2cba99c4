"""Ranges: of known numbers, between sizes that are not known yet (``x[2..n]``), and with ends that vary with the elements of a comprehension or
a loop (``x[i..i+2]``, ``for k in i..i+4``)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from calclang.ir.apply import const
from calclang.ir.node import Node
from calclang.lower.arrays import dim_of, ranged
from calclang.lower.lowered import Arr, Rng, Scope, Slice
from calclang.lower.trace import Trace, Undecided
from calclang.ops.choice import maximum
from calclang.ops.contraction import stretch
from calclang.syntax import tree
from calclang.values import steps_within

if TYPE_CHECKING:
    from calclang.lower.driver import Step
    from calclang.lower.evaluate import Lowering

EMPTY, NOT_ASKED = -1.0, -2.0  # steps within a range that holds nothing; of an element that a branch leaves out


def between(lowering: Lowering, e: tree.Range, scope: Scope | None, sizes: bool = False) -> Step:
    """The range from a start by steps to a stop. ``sizes``: it is a `Slice` where its ends are sizes that are not known. Raises `Undecided`."""
    trace, ends = lowering.trace, []
    for part in (e.start, tree.Number(1.0) if e.step is None else e.step, e.stop):
        ends.append(lowering.shaping((yield part, scope), part.span, "a range"))
    if any(trace.elements.vary(end) for end in ends):
        return moving(trace, ends)
    try:
        return Rng(ranged([float(trace.decide(end)) for end in ends], e.span))
    except Undecided:
        start, step, stop = map(dim_of, ends)
        if not sizes or start is None or stop is None or step not in (1, -1):
            raise
        return Slice(start, stop) if step == 1 else Slice(stop, start, back=True)


def moving(trace: Trace, ends: Sequence[Node]) -> Arr:
    """The numbers of start..step..stop for one element, if there are as many for every element. Raises `Undecided`."""
    start, step, stop = ends
    within = maximum(steps_within(start, step, stop), const(EMPTY))
    known = trace.always(trace.elements.asked(within, const(NOT_ASKED)))
    counts = np.unique(np.floor([] if known is None else np.ravel(known)))
    trace.elements.partial += NOT_ASKED in counts
    counts = counts[counts > NOT_ASKED]
    if counts.size != 1:
        raise Undecided(within)
    places = const(np.arange(counts[0] + 1))
    return Arr(stretch(start, places.shape) + stretch(step, places.shape) * places, range=True)
