"""Comparisons, choices, and the larger or smaller of numbers.

Ties share equally. A branch that was not chosen cannot leak: see ``masked`` in transforms/reverse.py.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from calclang.ir.apply import const
from calclang.ir.dim import Shape
from calclang.ir.node import Node
from calclang.ir.op import Kink
from calclang.ir.signature import Mismatch
from calclang.ops.base import Pattern, custom, fn, linear
from calclang.ops.contraction import is_zero, stretch, zeros
from calclang.ops.domains import REAL
from calclang.ops.signs import squares

TIE = "two arguments are equal; they share the derivative equally"


def _of_itself(nodes: tuple[Node, ...], params: tuple[Any, ...]) -> Node | None:
    """The larger or smaller of a number and itself: no tie, for nothing else takes part."""
    return nodes[0] if nodes[0] is nodes[1] else None


def _of_squares(nodes: tuple[Node, ...], params: tuple[Any, ...]) -> Node | None:
    """The larger of 0 and what is never negative is that."""
    for x, y in (nodes, nodes[::-1]):
        if is_zero(y) and squares(x):
            return x
    return _of_itself(nodes, params)


# fmt: off
less    = fn("less", eval=lambda xp, x, y: xp.less(x, y), d=None, arity=2, boolean=True, hides_nan=True, scalar="{0} < {1}",
    show="{} < {}", hidden=True, doc="Whether x < y.")
less_equal = fn("less_equal", eval=lambda xp, x, y: xp.less_equal(x, y), d=None, arity=2, boolean=True, hides_nan=True,
    scalar="{0} <= {1}", show="{} <= {}", hidden=True, doc="Whether x <= y.")
equal   = fn("equal", eval=lambda xp, x, y: xp.equal(x, y), d=None, arity=2, boolean=True, hides_nan=True,
    scalar="{0} == {1}", show="{} == {}", hidden=True, doc="Whether x == y.")
not_equal = fn("not_equal", eval=lambda xp, x, y: xp.not_equal(x, y), d=None, arity=2, boolean=True, hides_nan=True,
    scalar="{0} != {1}", show="{} != {}", hidden=True, doc="Whether x != y.")
both    = fn("both", eval=lambda xp, x, y: xp.logical_and(x, y), d=None, arity=2, boolean=True,
    scalar="{0} and {1}", show="{} and {}", hidden=True, doc="Whether x and y.")
either   = fn("either", eval=lambda xp, x, y: xp.logical_or(x, y), d=None, arity=2, boolean=True,
    scalar="{0} or {1}", show="{} or {}", hidden=True, doc="Whether x or y.")
negation  = fn("negation", eval=lambda xp, x: xp.logical_not(x), d=None, arity=1, boolean=True,
    scalar="not {0}", show="not {}", hidden=True, doc="Whether not x.")

missing = fn("missing", eval=lambda xp, x: xp.isnan(x), d=None, arity=1, boolean=True, scalar="({0} != {0})", show="isnan({})", hidden=True,
    doc="Whether x is nan: of a derivative, whether it was not found in one order of multiplication.")

# 1 where x > y, 1/2 where equal, 0 where x < y: the partial of max(x, y) by x.
above = fn("above", eval=lambda xp, x, y: xp.where(x > y, 1.0, xp.where(x == y, 0.5, xp.where(x < y, 0.0, xp.nan))), d=None, arity=2,
    domain=(REAL, REAL), scalar="(1.0 if {0} > {1} else 0.5 if {0} == {1} else 0.0 if {0} < {1} else nan)", hidden=True,
    kinks=(Kink(lambda x, y: x == y, TIE, jump=True, scalar="{0} == {1}"),), doc="The share of x in max(x, y): 1, 1/2 or 0.")
maximum = fn("maximum", eval=lambda xp, x, y: xp.maximum(x, y), d=(lambda x, y, z: above(x, y), lambda x, y, z: above(y, x)),
             kinks=(Kink(lambda x, y: x == y, TIE, corner=True, scalar="{0} == {1}"),), shortcut=_of_squares, scalar="({0} if {0} >= {1} else {1} if {1} > {0} else {0} + {1})",
             domain=(REAL, REAL), show="max({}, {})", hidden=True, doc="The larger of two numbers; ties share the derivative.")
minimum = fn("minimum", eval=lambda xp, x, y: xp.minimum(x, y), d=(lambda x, y, z: above(y, x), lambda x, y, z: above(x, y)),
             kinks=(Kink(lambda x, y: x == y, TIE, corner=True, scalar="{0} == {1}"),), shortcut=_of_itself, scalar="({0} if {0} <= {1} else {1} if {1} < {0} else {0} + {1})",
             domain=(REAL, REAL), show="min({}, {})", hidden=True, doc="The smaller of two numbers; ties share the derivative.")
# fmt: on


def _share_eval(xp: Any, x: Any, y: Any) -> Any:
    tied = x == xp.asarray(y)[..., None]
    count = xp.sum(tied, axis=-1, keepdims=True)
    return xp.where(count > 0, tied / xp.maximum(count, 1), xp.nan)


def _shared(x: Any, y: Any) -> Any:
    tied = x == np.asarray(y)[..., None]
    return tied & (np.count_nonzero(tied, axis=-1, keepdims=True) > 1)


share = custom(
    "share",
    eval=_share_eval,
    pattern=(None, None),
    signature="(n),()->(n)",
    hidden=True,
    kinks=(Kink(lambda x, y: _shared(x, y), TIE, jump=True),),
    doc="Which elements of x equal its largest or smallest one y, as equal shares.",
    facts={"flat": True},
)


def _tied(x: Any) -> Any:
    best = np.max(x, axis=-1, keepdims=True, initial=-np.inf)
    return np.count_nonzero(x == best, axis=-1) > 1


largest = custom(
    "largest",
    eval=lambda xp, x: xp.max(x, axis=-1),
    pattern=lambda x, y: Pattern((share(x, y),), ("i",), "", "i"),
    signature="(n)->()",
    kinks=(Kink(_tied, TIE, corner=True),),
    show="max({})",
    hidden=True,
    doc="The largest element of a vector; ties share the derivative.",
)

smallest = custom(
    "smallest",
    eval=lambda xp, x: xp.min(x, axis=-1),
    pattern=lambda x, y: Pattern((share(x, y),), ("i",), "", "i"),
    signature="(n)->()",
    kinks=(Kink(lambda x: _tied(-x), TIE, corner=True),),
    show="min({})",
    hidden=True,
    doc="The smallest element of a vector; ties share the derivative.",
)


# ---- elementwise choice -------------------------------------------------------------------------


def _select_shape(inputs: tuple[Node, ...], params: tuple[Any, ...]) -> Shape:
    mask, a, b = inputs
    if a.shape != b.shape:
        raise Mismatch(2, "of the shape of the first", b.shape)
    if a.shape[a.rank - mask.rank :] != mask.shape:
        raise Mismatch(0, "of the shape of the choices", mask.shape)
    return a.shape


def _select_transpose(k: int, g: Node, mask: Node, a: Node, b: Node, y: Node) -> Node | None:
    if k == 0:
        return None
    nothing = zeros(g.shape)
    return select(mask, g, nothing) if k == 1 else select(mask, nothing, g)


select = linear(
    "select",
    arity=3,
    eval=lambda xp, mask, a, b: xp.where(mask, a, b),
    transpose=_select_transpose,
    shape=_select_shape,
    scalar="({1} if {0} else {2})",
    show="ifelse({}, {}, {})",
    hidden=True,
    doc="Elementwise choice: a where the mask is true, b elsewhere; linear in a and b.",
)

__all__ = [
    "above", "both", "const", "either", "equal", "largest", "less", "less_equal", "maximum", "minimum", "missing", "negation", "not_equal",
    "select", "share", "smallest", "stretch",
]  # fmt: skip
