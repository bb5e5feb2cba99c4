"""What operands tell of what they were meant to be: a number that an operation on arrays is given alone was probably meant to be an array.

Where kinds are assumed, because no parameter says its own, those are preferred at which no operation is idle (`lower/kinds.py`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from calclang.ir.apply import INPUT
from calclang.ir.node import Node
from calclang.lower import products
from calclang.lower.lowered import Arr

if TYPE_CHECKING:
    from calclang.lower.trace import Trace


def idles(trace: Trace, *operands: Node) -> None:
    """Remember that an operation on arrays has only numbers to work on."""
    trace.records.idle |= not any(n.rank for n in operands) and any(n.value is None for n in operands)


def of_operator(trace: Trace, op: str, a: Arr, b: Arr) -> None:
    """Remember what a binary operator tells of its operands."""
    if op in products.FOR_ARRAYS:
        idles(trace, a.node, b.node)
    if op == "\\":
        idles(trace, a.node)
    if op in "+-" or op in products.FOR_ARRAYS or (op == "*" and (a.row or a.rank == 2)):
        _beside(trace, a.node, b.node, data=op not in (".+", ".-"))  # x .- m takes a number from data
    if op == "*":
        _before(trace, a.node, b.node)


def _beside(trace: Trace, *operands: Node, data: bool) -> None:
    """An argument that is a number, beside an array that is another argument, or data (that no argument varies), was probably meant to be an array."""
    numbers = [n for n in operands if not n.rank and n.op is INPUT and not trace.fixed(n)]
    if numbers and any(n.rank and (data if trace.fixed(n) else n.op is INPUT) for n in operands):
        idles(trace, *numbers)


def _before(trace: Trace, a: Node, b: Node) -> None:
    """An argument with a capital letter that is a number, before an array, was probably meant to be a matrix."""
    if b.rank and a.op is INPUT and a.params[0].name[:1].isupper():
        idles(trace, a)
