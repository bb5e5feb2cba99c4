"""Hyperbolic functions and their inverses. Reciprocals are built from exp(-|x|), so that nothing overflows far out and the
derivatives of `tanh` and its kin fade to 0 accurately instead of cancelling (1 - y^2) or dividing infinities."""

from __future__ import annotations

from math import log as ln
from typing import Any

from calclang.ir.op import Kink
from calclang.ops.base import Row, fn
from calclang.ops.domains import ABOVE_ONE, BEYOND_ONE, NONZERO, OPEN_UNIT, REAL, UNIT, UP_TO_ONE
from calclang.ops.elementary import longer_leg, one_minus_square, shorter_leg, sqrt
from calclang.ops.rounding import absolute
from calclang.ops.signs import even

LOG2 = ln(2)


def at_one(name: str) -> tuple[Kink, ...]:
    """The kink of a function whose slope is infinite at 1."""
    return (Kink(lambda x: x == 1, f"the slope of {name} is infinite at 1", scalar="{0} == 1.0"),)


def _sech(xp: Any, x: Any) -> Any:
    return 2 * xp.exp(-abs(x)) / (1 + xp.exp(-2 * abs(x)))


def _csch(xp: Any, x: Any) -> Any:
    return xp.copysign(2 * xp.exp(-abs(x)) / -xp.expm1(-2 * abs(x)), x)


TINY = 1e-9  # below it the larger side of asinh(1/x) is log(2/x) to all digits, also where 1/x would overflow


def _acsch(xp: Any, x: Any) -> Any:
    """asinh(1/x)."""
    tiny = abs(x) < TINY
    inner = xp.where(tiny, 1.0, x)
    return xp.where(tiny, xp.copysign(LOG2 - xp.log(xp.where(tiny, abs(x), 1.0)), x), xp.arcsinh(1.0 / inner))


def _asech(xp: Any, x: Any) -> Any:
    """asinh(sqrt(1 - x^2)/x) for x > 0; elsewhere the logarithm finds nothing."""
    tiny = x < TINY
    inner = xp.where(tiny, 1.0, x)
    return xp.where(tiny, LOG2 - xp.log(xp.where(tiny, x, 1.0)), xp.arcsinh(xp.sqrt((1 - inner) * (1 + inner)) / inner))


# fmt: off
sinh = fn("sinh", eval=lambda xp, x: xp.sinh(x), d=lambda x, y: cosh(x), domain=REAL, native="sinh",
    doc="Hyperbolic sine.", example="sinh(1)")
cosh: Row = fn("cosh", eval=lambda xp, x: xp.cosh(x), d=lambda x, y: sinh(x), domain=REAL, native="cosh", shortcut=even("cosh"),
    doc="Hyperbolic cosine.", example="cosh(1)")
tanh = fn("tanh", eval=lambda xp, x: xp.tanh(x), d=lambda x, y: sech(x)**2, domain=REAL, native="tanh",
    doc="Hyperbolic tangent.", example="tanh(1)")
sech: Row = fn("sech", eval=_sech, d=lambda x, y: -(y * tanh(x)), shortcut=even("sech"),
    domain=REAL, scalar="2 * exp(-fabs({0})) / (1 + exp(-2 * fabs({0})))",
    doc="Hyperbolic secant, 1/cosh(x).", example="sech(1)")
csch = fn("csch", eval=_csch, d=lambda x, y: -(y * coth(x)),
    domain=NONZERO, scalar="copysign(2 * exp(-fabs({0})) / -expm1(-2 * fabs({0})), {0})",
    doc="Hyperbolic cosecant, 1/sinh(x).", example="csch(1)")
coth: Row = fn("coth", eval=lambda xp, x: 1 / xp.tanh(x), d=lambda x, y: -csch(x)**2,
    domain=NONZERO, scalar="1 / tanh({0})", doc="Hyperbolic cotangent, 1/tanh(x).", example="coth(1)")

# One row, so that its slope is one quotient: the product rule would meet 0 * inf at both ends.
area = fn("area", eval=lambda xp, x: x * xp.sqrt((1 - x) * (1 + x)), d=lambda x, y: (1.0 - 2.0 * x**2) / sqrt(one_minus_square(x)),
    domain=UNIT, scalar="{0} * sqrt((1 - {0}) * (1 + {0}))", hidden=True, facts={"formula": lambda x, y: x * sqrt(1.0 - x**2)},
    doc="x*sqrt(1 - x^2) without cancellation.")

asinh = fn("asinh", eval=lambda xp, x: xp.arcsinh(x), d=lambda x, y: 1.0 / longer_leg(x),
    domain=REAL, native="asinh", doc="The number whose hyperbolic sine is x.", example="asinh(1)")
acosh = fn("acosh", eval=lambda xp, x: xp.arccosh(x), d=lambda x, y: 1.0 / shorter_leg(x),
    domain=ABOVE_ONE, native="acosh", kinks=at_one("acosh"),
    doc="The number >= 0 whose hyperbolic cosine is x.", example="acosh(2)")
atanh = fn("atanh", eval=lambda xp, x: xp.arctanh(x), d=lambda x, y: 1.0 / one_minus_square(x),
    domain=OPEN_UNIT, native="atanh", doc="The number whose hyperbolic tangent is x.", example="atanh(1/2)")
asech = fn("asech", eval=_asech, d=lambda x, y: -1.0 / area(x),
    domain=UP_TO_ONE, scalar=f"({LOG2!r} - log({{0}}) if {{0}} < {TINY!r} else asinh(sqrt((1 - {{0}}) * (1 + {{0}})) / {{0}}))", kinks=at_one("asech"),
    doc="The number >= 0 whose hyperbolic secant is x.", example="asech(1/2)")
acsch = fn("acsch", eval=_acsch, d=lambda x, y: -1.0 / (absolute(x) * longer_leg(x)), domain=NONZERO,
           scalar=f"(copysign({LOG2!r} - log(fabs({{0}})), {{0}}) if fabs({{0}}) < {TINY!r} else asinh(1 / {{0}}))", doc="The number whose hyperbolic cosecant is x.", example="acsch(2)")
acoth = fn("acoth", eval=lambda xp, x: xp.copysign(0.5 * xp.log1p(xp.divide(2.0, abs(x) - 1)), x), d=lambda x, y: 1.0 / one_minus_square(x),
    domain=BEYOND_ONE, scalar="copysign(0.5 * log1p(2 / (fabs({0}) - 1)), {0})",
    doc="The number whose hyperbolic cotangent is x.", example="acoth(2)")
# fmt: on
