"""Comparisons: of numbers and arrays element by element, of texts, and of tuples part by part."""

from __future__ import annotations

from sys import float_info
from typing import TYPE_CHECKING

import numpy as np

from calclang import errors
from calclang.ir.apply import const
from calclang.ir.dim import product
from calclang.lower.arrays import size_node
from calclang.lower.lowered import Arr, Low, Str, Tup, boolean
from calclang.lower.products import joined, numeric, stretched
from calclang.ops import ROWS
from calclang.ops.contraction import contract, scale, stretch
from calclang.source import Span

if TYPE_CHECKING:
    from calclang.lower.evaluate import Lowering

# sign -> row, whether the operands change places
COMPARISONS = {
    "<": ("less", False), "<=": ("less_equal", False), ">": ("less", True), ">=": ("less_equal", True), "==": ("equal", False),
    "!=": ("not_equal", False),
}  # fmt: skip

EQUALITIES = ("==", "!=", "≈")


def comparison(lowering: Lowering, op: str, a: Low, b: Low, sa: Span, sb: Span) -> Arr:
    """``a op b``, one link of a chain."""
    if isinstance(a, Str) and isinstance(b, Str) and op in EQUALITIES:
        return boolean((a.value == b.value) == (op != "!="))
    if isinstance(a, Tup) and isinstance(b, Tup) and op in EQUALITIES:
        return _tuples(lowering, op, a, b, sa, sb)
    return compared(op, lowering.array(a, sa, op), lowering.array(b, sb, op), sa, sb)


def _tuples(lowering: Lowering, op: str, a: Tup, b: Tup, sa: Span, sb: Span) -> Arr:
    """Whether two tuples are as long as each other and all their parts equal: one truth value."""
    if len(a.parts) != len(b.parts):
        return boolean(op == "!=")
    same = boolean(True)
    for x, y in zip(a.parts, b.parts, strict=True):
        link = comparison(lowering, "==" if op == "!=" else op, x, y, sa, sb)
        same = joined("and", same, quantified(link, True), sa, sb)
    return Arr(ROWS["negation"](same.node)) if op == "!=" else same


def compared(op: str, a: Arr, b: Arr, sa: Span | None, sb: Span | None) -> Arr:
    """``a < b`` and its kin, element by element; a scalar is compared with every element."""
    if op == "≈":
        return _close(a, b, sa, sb)
    if a.node.boolean != b.node.boolean or (a.node.boolean and op not in ("==", "!=")):
        raise errors.boolean_operand(op, sa if a.node.boolean else sb)
    x, y, row = stretched(op, a, b, sa, sb)
    name, swap = COMPARISONS[op]
    return Arr(ROWS[name](y, x) if swap else ROWS[name](x, y), row)


def _close(a: Arr, b: Arr, sa: Span | None, sb: Span | None) -> Arr:
    """Equal to eight digits, |a - b| <= 1e-8 max(|a|, |b|), or the same infinity."""
    x, y, row = stretched("≈", numeric(a, "≈", sa), numeric(b, "≈", sb), sa, sb)
    size = ROWS["maximum"](ROWS["abs"](x), ROWS["abs"](y))
    near = ROWS["less_equal"](ROWS["abs"](x - y) - scale(1e-8, size), 0.0)  # a nan beside an infinity, which is near to no number
    if any(n.value is not None and np.isfinite(n.value).all() for n in (x, y)):
        return Arr(near, row)
    above = ROWS["less"](float_info.max, ROWS["minimum"](x, y))  # x = y would be a tie, at which a derivative seems one-sided
    below = ROWS["less"](ROWS["maximum"](x, y), -float_info.max)
    return Arr(ROWS["either"](near, ROWS["either"](above, below)), row)


def quantified(mask: Arr, all_of: bool) -> Arr:
    """Whether every element of a mask is true, or some."""
    every = mask.node if mask.rank == 1 else ROWS["reshape"](mask.node, params=(mask.rank, (product(mask.shape),)))
    ones, zeros = (stretch(const(value), every.shape) for value in (1.0, 0.0))
    count = contract([ROWS["select"](every, ones, zeros)], ["i"], "")
    most = size_node(product(mask.shape)).node if all_of else const(1.0)
    return Arr(ROWS["less"](most - 0.5, count))  # between two counts: never a tie, at which a derivative would be one-sided
