"""Absolute value, sign and rounding: piecewise linear, so that the slope at a corner is a convention (the smallest one)."""

from __future__ import annotations

from typing import Any

import numpy as np

from calclang.ir.node import Node
from calclang.ir.op import Kink
from calclang.ops.base import Row, again, fn
from calclang.ops.domains import NONZERO, REAL
from calclang.ops.signs import squares, unsigned

HALF = 0.49999999999999994  # the number before 0.5: adding it and cutting rounds halves away from zero and nothing else up


def jump(name: str, where: str, at: Any) -> tuple[Kink, ...]:
    """A step: the slope given at the step is that of both sides."""
    return (Kink(at, f"{name} jumps {where}; the slope given there is 0", jump=True),)


def whole(x: Any) -> Any:
    return x == np.floor(x)


def _of_any_sign(nodes: tuple[Node, ...], params: tuple[Any, ...]) -> Node | None:
    """|x| of what is never negative is x; of products with absolute values it is that of their arguments."""
    (x,) = nodes
    if squares(x):
        return x
    if x.op.name == "stack" and any(map(squares, x.inputs)):
        return again(x, [absolute(i) for i in x.inputs])
    return None if (plain := unsigned(x)) is x else absolute(plain)


# Adding 0.0 turns -0.0 into 0.0: a rounded result is never minus zero.
# fmt: off
absolute: Row = fn("abs", eval=lambda xp, x: abs(x), d=lambda x, y: sign(x),
    domain=REAL, native="fabs", show="abs({})", shortcut=_of_any_sign,
    kinks=(Kink(lambda x: x == 0, "abs has a corner at 0; the slope given there is 0", corner=True, scalar="{0} == 0.0"),), doc="Absolute value.", example="abs(-3)")
sign: Row = fn("sign", eval=lambda xp, x: xp.sign(x), d=None,
    domain=REAL, scalar="(1.0 if {0} > 0 else -1.0 if {0} < 0 else 0.0 if {0} == 0 else {0})",
    kinks=jump("sign", "at 0", lambda x: x == 0), doc="1 for positive, -1 for negative numbers, 0 for 0.", example="sign(-3)")
floor = fn("floor", eval=lambda xp, x: xp.floor(x) + 0.0, d=None, domain=REAL, scalar="floor({0}) * 1.0",
    kinks=jump("floor", "at whole numbers", whole), doc="The largest whole number that is not above x.", example="floor(-2.5)")
ceil = fn("ceil", eval=lambda xp, x: xp.ceil(x) + 0.0, d=None, domain=REAL, scalar="ceil({0}) * 1.0",
    kinks=jump("ceil", "at whole numbers", whole), doc="The smallest whole number that is not below x.", example="ceil(-2.5)")
round_ = fn("round", eval=lambda xp, x: xp.trunc(x + xp.copysign(HALF, x)) + 0.0, d=None,
    domain=REAL, scalar=f"copysign(floor(fabs({{0}}) + {HALF}), {{0}}) + 0.0",
    kinks=jump("round", "at halves", lambda x: whole(2 * x) & ~whole(x)),
    doc="The nearest whole number; halves go away from zero.", example="round(2.5)")
quotient = fn("quotient", eval=lambda xp, x, m: xp.floor_divide(x, m), d=None, arity=2,
    domain=(REAL, NONZERO), scalar="{0} // {1}", hidden=True, facts={"formula": lambda x, m, y: floor(x / m)},
    doc="The whole number of times that m goes into x, as mod counts it.")
mod = fn("mod", eval=lambda xp, x, m: xp.mod(x, m) + 0.0, d=(lambda x, m, y: 1.0, lambda x, m, y: -quotient(x, m)),
    domain=(REAL, NONZERO), scalar="{0} % {1} + 0.0",
    kinks=(Kink(lambda x, m: np.mod(x, m) == 0, "mod jumps at multiples of the divisor; the slope given is that of both sides", jump=True),),
    doc="What is left of x after dividing by m; has the sign of m.", example="mod(-7, 3)")
# fmt: on
