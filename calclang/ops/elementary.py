"""Elementary functions, element by element: one line each, as in a formula sheet. y is the result.

Forms are chosen for accuracy: ``1 - x^2`` is computed as ``(1 - x)(1 + x)``, ``x^2 + 1`` under a root as a hypotenuse.
"""

from __future__ import annotations

from math import log as ln
from typing import Any

from calclang.ir.op import Kink
from calclang.ops.base import Row, fn
from calclang.ops.domains import ABOVE_MINUS_ONE, FROM_ONE_AWAY, NONNEGATIVE, POSITIVE, REAL, UNIT
from calclang.ops.rounding import absolute
from calclang.ops.signs import even


def at_ends(name: str) -> tuple[Kink, ...]:
    """The slope is infinite at -1 and 1."""
    return (Kink(lambda x: abs(x) == 1, f"the slope of {name} is infinite at -1 and 1", scalar="abs({0}) == 1.0"),)


def at_zero(name: str) -> tuple[Kink, ...]:
    """The slope is infinite at 0."""
    return (Kink(lambda x: x == 0, f"the slope of {name} is infinite at 0", scalar="{0} == 0.0"),)


def leg(xp: Any, x: Any) -> Any:
    """sqrt(x^2 - 1) for |x| >= 1: no overflow, no cancellation near 1."""
    return xp.sqrt(abs(x) - 1) * xp.sqrt(abs(x) + 1)


# fmt: off
exp = fn("exp", eval=lambda xp, x: xp.exp(x), d=lambda x, y: y, domain=REAL, native="exp",
    doc="e to the power x.", example="exp(1)")
expm1 = fn("expm1", eval=lambda xp, x: xp.expm1(x), d=lambda x, y: exp(x), domain=REAL, native="expm1",
    doc="exp(x) - 1, accurate for small x.", example="expm1(1e-10)")
log = fn("log", eval=lambda xp, x: xp.log(x), d=lambda x, y: 1.0 / x, domain=POSITIVE, native="log",
    doc="Natural logarithm.", example="log(2)")
log1p = fn("log1p", eval=lambda xp, x: xp.log1p(x), d=lambda x, y: 1.0 / (1.0 + x),
    domain=ABOVE_MINUS_ONE, native="log1p", doc="log(1 + x), accurate for small x.", example="log1p(1e-10)")
log2 = fn("log2", eval=lambda xp, x: xp.log2(x), d=lambda x, y: (1 / ln(2)) / x, domain=POSITIVE, native="log2",
    doc="Logarithm to base 2.", example="log2(8)")
log10 = fn("log10", eval=lambda xp, x: xp.log10(x), d=lambda x, y: (1 / ln(10)) / x, domain=POSITIVE, native="log10",
    doc="Logarithm to base 10.", example="log10(1000)")

# The root of -0.0 is 0.0, as (-0.0)^0.5 is: so that its slope is +inf and not -inf.
sqrt = fn("sqrt", eval=lambda xp, x: xp.sqrt(x + 0.0), d=lambda x, y: 0.5 / y, domain=NONNEGATIVE, scalar="sqrt({0} + 0.0)",
    kinks=at_zero("sqrt"), doc="Square root.", example="sqrt(2)")
cbrt = fn("cbrt", eval=lambda xp, x: xp.cbrt(x), d=lambda x, y: 1.0 / (3.0 * y**2), domain=REAL, native="cbrt", kinks=at_zero("cbrt"),
          doc="Cube root, of negative numbers too.", example="cbrt(-8)")

sin = fn("sin", eval=lambda xp, x: xp.sin(x), d=lambda x, y: cos(x), domain=REAL, native="sin",
    doc="Sine of an angle in radians.", example="sin(pi/6)")
cos: Row = fn("cos", eval=lambda xp, x: xp.cos(x), d=lambda x, y: -sin(x), domain=REAL, native="cos", shortcut=even("cos"),
    doc="Cosine of an angle in radians.", example="cos(pi/3)")
tan = fn("tan", eval=lambda xp, x: xp.tan(x), d=lambda x, y: 1.0 + y**2, domain=REAL, native="tan",
    doc="Tangent of an angle in radians.", example="tan(pi/4)")
sec = fn("sec", eval=lambda xp, x: 1 / xp.cos(x), d=lambda x, y: y * tan(x), domain=REAL, scalar="1 / cos({0})", shortcut=even("sec"),
    doc="Secant of an angle in radians, 1/cos(x).", example="sec(pi/3)")
csc = fn("csc", eval=lambda xp, x: 1 / xp.sin(x), d=lambda x, y: -(y * cot(x)), domain=REAL, scalar="1 / sin({0})",
    doc="Cosecant of an angle in radians, 1/sin(x).", example="csc(pi/6)")
cot: Row = fn("cot", eval=lambda xp, x: 1 / xp.tan(x), d=lambda x, y: -(1.0 + y**2), domain=REAL, scalar="1 / tan({0})",
    doc="Cotangent of an angle in radians, 1/tan(x).", example="cot(pi/4)")

one_minus_square = fn("one_minus_square", eval=lambda xp, x: (1 - x) * (1 + x), d=lambda x, y: -2.0 * x,
    domain=REAL, scalar="(1 - {0}) * (1 + {0})", hidden=True, facts={"formula": lambda x, y: 1.0 - x**2},
    doc="1 - x^2 without cancellation.")
longer_leg = fn("longer_leg", eval=lambda xp, x: xp.hypot(x, 1.0), d=lambda x, y: x / y, scalar="hypot({0}, 1.0)", domain=REAL, hidden=True,
                facts={"formula": lambda x, y: sqrt(x**2 + 1.0)}, doc="sqrt(x^2 + 1) without overflow.")
shorter_leg = fn("shorter_leg", eval=leg, d=lambda x, y: x / y,
    domain=FROM_ONE_AWAY, scalar="sqrt(fabs({0}) - 1) * sqrt(fabs({0}) + 1)", hidden=True, facts={"formula": lambda x, y: sqrt(x**2 - 1.0)},
    doc="sqrt(x^2 - 1) without overflow and cancellation.")

asin = fn("asin", eval=lambda xp, x: xp.arcsin(x), d=lambda x, y: 1.0 / sqrt(one_minus_square(x)),
    domain=UNIT, native="asin", kinks=at_ends("asin"),
    doc="Angle in radians, from -pi/2 to pi/2, whose sine is x.", example="asin(1/2)")
acos = fn("acos", eval=lambda xp, x: xp.arccos(x), d=lambda x, y: -1.0 / sqrt(one_minus_square(x)),
    domain=UNIT, native="acos", kinks=at_ends("acos"),
    doc="Angle in radians, from 0 to pi, whose cosine is x.", example="acos(1/2)")
atan = fn("atan", eval=lambda xp, x: xp.arctan(x), d=lambda x, y: 1.0 / (1.0 + x**2), domain=REAL, native="atan",
    doc="Angle in radians, from -pi/2 to pi/2, whose tangent is x.", example="atan(1)")
asec = fn("asec", eval=lambda xp, x: xp.arctan2(leg(xp, x), xp.sign(x)), d=lambda x, y: 1.0 / absolute(x) / shorter_leg(x),
    domain=FROM_ONE_AWAY, scalar="atan2(sqrt(fabs({0}) - 1) * sqrt(fabs({0}) + 1), {0} / fabs({0}))",
    kinks=at_ends("asec"), doc="Angle in radians, from 0 to pi, whose secant is x.", example="asec(2)")
acsc = fn("acsc", eval=lambda xp, x: xp.arctan2(xp.sign(x), leg(xp, x)), d=lambda x, y: -1.0 / absolute(x) / shorter_leg(x),
    domain=FROM_ONE_AWAY, scalar="atan2({0} / fabs({0}), sqrt(fabs({0}) - 1) * sqrt(fabs({0}) + 1))",
    kinks=at_ends("acsc"), doc="Angle in radians, from -pi/2 to pi/2, whose cosecant is x.", example="acsc(2)")
acot = fn("acot", eval=lambda xp, x: xp.arctan2(xp.copysign(1.0, x), abs(x)), d=lambda x, y: -1.0 / (1.0 + x**2),
    domain=REAL, scalar="atan2(copysign(1.0, {0}), fabs({0}))",
    kinks=(Kink(lambda x: x == 0, "acot jumps at 0; the slope given there is that of both sides", jump=True, scalar="{0} == 0.0"),),
    doc="Angle in radians, from -pi/2 to pi/2, whose cotangent is x: atan(1/x).", example="acot(1)")
# fmt: on
