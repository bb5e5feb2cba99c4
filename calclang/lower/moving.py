"""Ranges whose ends vary with the elements of a comprehension or a loop: ``x[i..i+2]``, ``for k in i..i+4``."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce

import numpy as np

from calclang.ir.apply import const
from calclang.ir.node import Node
from calclang.lower.lowered import Arr
from calclang.lower.trace import Trace, Undecided
from calclang.ops.choice import maximum, select
from calclang.ops.contraction import stretch
from calclang.values import steps_within

EMPTY, NOT_ASKED = -1.0, -2.0  # steps within a range that holds nothing; of an element that a branch leaves out


def moving(trace: Trace, ends: Sequence[Node]) -> Arr:
    """The numbers of start..step..stop for one element, if there are as many for every element. Raises `Undecided`."""
    start, step, stop = ends
    within = maximum(steps_within(start, step, stop), const(EMPTY))
    known = trace.always(reduce(lambda place, mask: select(mask, place, const(NOT_ASKED)), trace.masks, within))
    counts = np.unique(np.floor([] if known is None else np.ravel(known)))
    trace.partial += NOT_ASKED in counts
    counts = counts[counts > NOT_ASKED]
    if counts.size != 1:
        raise Undecided(within)
    places = const(np.arange(counts[0] + 1))
    return Arr(stretch(start, places.shape) + stretch(step, places.shape) * places, range=True)
