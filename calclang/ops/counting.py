"""The whole numbers ``start..stop`` between sizes that are not known yet: what a comprehension runs over before there are values."""

from __future__ import annotations

from calclang.ir.apply import apply
from calclang.ir.dim import Dim
from calclang.ir.node import Node
from calclang.ir.op import Op
from calclang.ops.contraction import CONTRACT

COUNTING = Op(
    name="counting",
    kind="leaf",
    arity=0,
    eval=lambda xp, start, count: start + xp.arange(count),
    shape=lambda inputs, params: (params[1],),
    hidden=True,
)  # params: the first number, how many there are


def counting(start: Dim, stop: Dim) -> Node:
    """The vector of the numbers from ``start`` to ``stop``."""
    return apply(COUNTING, (), (start, stop - start + 1))


def counted(node: Node) -> tuple[Dim, Dim] | None:
    """The first of such numbers plus or minus a constant, and how many there are; None for any other vector."""
    offset = 0
    while node.op.name in ("add", "sub"):
        a, b = node.inputs
        if node.op.name == "add" and _uniform(b) is None:
            a, b = b, a
        shift = _uniform(b)
        if shift is None or shift != int(shift):
            return None
        offset += int(shift) if node.op.name == "add" else -int(shift)
        node = a
    return (node.params[0] + offset, node.params[1]) if node.op is COUNTING else None


def _uniform(node: Node) -> float | None:
    """The number that stands at all places of a vector."""
    if node.op is not CONTRACT or node.inputs or node.rank != 1 or len(node.params[0].free) != 1:
        return None
    return float(node.params[0].coef)
