"""Derivatives at points with infinite slopes, where one order of multiplication meets 0*inf and another does not.

What a sweep finds there is a limit, taken in extended arithmetic: nan says only that this order did not find it. Forward mode adds up what moves
an argument before it multiplies by the argument's slope, reverse mode multiplies first; each finds limits that the other misses:
``sqrt(x*y + x)`` has the slope inf*(0 + 1) by x at 0 forwards, and inf*0 + inf*1 backwards. So where a derivative is nan at such a point,
every order is tried, and every mode answers what any of them finds.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import product as pairs
from typing import Any

import numpy as np

from calclang.errors import CalcError
from calclang.ir.dim import product
from calclang.ir.node import Node, order
from calclang.lower.parts import leaves
from calclang.lower.point import Point
from calclang.lower.records import Mark
from calclang.lower.trace import Trace
from calclang.ops.choice import missing, select
from calclang.ops.contraction import CONTRACT
from calclang.transforms.operators import Mode

MOST = 10_000  # entries of a derivative; of a larger one the order asked for is the only one that is affordable
LARGE = 1e150  # the square of what is larger overflows


def orders(sweeps: int) -> list[tuple[Mode, Mode]]:
    """The modes to try: of the sweeps inside, and of the last one. ``sweeps``: 1 where it is the only one.

    >>> orders(1)
    [('forward', 'forward'), ('forward', 'reverse')]
    """
    modes: tuple[Mode, Mode] = ("forward", "reverse")
    return list(pairs(modes if sweeps > 1 else modes[:1], modes))


def undefined(trace: Trace, point: Point, nodes: Sequence[Node], kinks: int) -> bool:
    """Whether a derivative is nan here for a slope that is infinite. ``kinks``: how many were recorded before.

    Of symbolic elements, whether it is for one of them.
    """
    wholes = [whole for n in nodes if (whole := trace.elements.everywhere(n)) is not None]
    size = sum(product(n.shape) for n in wholes)
    if not isinstance(size, int) or size > MOST:
        return False
    from calclang.transforms.supports import endless

    symbolic = any(w is not n for w, n in zip(wholes, nodes, strict=False))
    if not (endless(leaves(point.value)) if symbolic else _endless(trace, point, kinks)):
        return False
    return any(_holds(np.isnan, trace, n) for n in wholes)


def _endless(trace: Trace, point: Point, kinks: int) -> bool:
    """Whether slopes may be infinite here: at a kink, at a power of zero or of a negative number, or where products of what is put in overflow."""
    if any(np.any(k.at(trace.peek)) for k in trace.records.kinks[kinks:]):
        return True
    nodes = order(leaves(point.value))
    if any(abs(n.params[0].coef) > LARGE for n in nodes if n.op is CONTRACT):
        return True
    powers = [n.inputs[0] for n in nodes if n.op.name in ("pow", "pow_derivative")]
    put_in = [*point.twins, *(n for n in nodes if n.value is not None)]
    return any(_holds(_large, trace, n) for n in put_in) or any(_holds(_not_positive, trace, base) for base in powers)


def _whole(trace: Trace, node: Node) -> bool:
    """Whether a node is known to be nan nowhere, for no element."""
    everywhere = trace.elements.everywhere(node)
    return everywhere is not None and not _holds(np.isnan, trace, everywhere, unknown=True)


def _holds(test: Callable[[Any], Any], trace: Trace, node: Node, unknown: bool = False) -> bool:
    """Whether a test holds somewhere in the value of a node; ``unknown`` where that is not known."""
    try:
        value = trace.peek(node)
    except CalcError:  # of elements that perhaps no branch chooses
        return unknown
    return unknown if value is None else bool(np.any(test(value)))


def _not_positive(x: Any) -> Any:
    return x <= 0


def _large(x: Any) -> Any:
    return abs(x) > LARGE


def filled(trace: Trace, nodes: Sequence[Node], others: Sequence[Node], before: tuple[Mark, Mark]) -> list[Node]:
    """Nodes with what ``others`` find in the places where they are nan. The graph serves this call alone: at other points one order is enough.

    Others that are nan nowhere are the answer. Then what was met ``before``, on the ways to the nodes, is told of no more: none of its numbers is in there.
    """
    trace.records.once = True
    if all(_whole(trace, n) for n in others):
        start, end = before
        del trace.records.kinks[start.kinks : end.kinks]
        return list(others)
    return [node if node is other else select(missing(node), other, node) for node, other in zip(nodes, others, strict=True)]
