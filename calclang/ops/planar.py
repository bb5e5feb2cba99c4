"""Functions of two numbers that meet at an awkward origin: atan2, hypot, and quotients that are 0 where the numerator vanishes."""

from __future__ import annotations

from typing import Any

import numpy as np

from calclang.ir.op import Kink
from calclang.ops.base import Row, fn
from calclang.ops.domains import REAL
from calclang.ops.namespaces import shows
from calclang.ops.series import Coefficient, Series, minus, times
from calclang.ops.signs import even


def _over_squares(xp: Any, a: Any, b: Any) -> Any:
    h = xp.hypot(a, b)
    return a / h / h


def _unit(xp: Any, x: Any, r: Any) -> Any:
    nothing = r == 0
    if shows(xp) and not np.any(nothing):
        return x / r
    return xp.where(nothing, 0.0 * x, x / xp.where(nothing, 1.0, r))


def _ratio(xp: Any, x: Any, y: Any) -> Any:
    nothing = (x == 0) & ~xp.isnan(y)
    return xp.where(nothing, 0.0, x / xp.where(nothing, 1.0, y))


def _ratio_taylor(xs: Series, bs: Series, k: int, zs: Series) -> Coefficient:
    """As of a quotient (`div`)."""
    total = xs[k]
    for j in range(k):
        total = minus(total, times(zs[j], bs[k - j]))
    return None if total is None else ratio(total, bs[0] or 0.0)


# fmt: off
# z = a/(a^2 + b^2) and w = b/(a^2 + b^2) are closed under differentiation: dz/da = w^2 - z^2, dz/db = -2zw.
over_squares: Row = fn("over_squares", eval=_over_squares,
    d=(lambda a, b, z: over_squares(b, a)**2 - z**2, lambda a, b, z: -2.0 * (z * over_squares(b, a))),
    domain=(REAL, REAL), scalar="{0} / hypot({0}, {1}) / hypot({0}, {1})", hidden=True,
    facts={"formula": lambda a, b, z: a / (a**2 + b**2)}, doc="a/(a^2 + b^2) without overflow.")
atan2 = fn("atan2", eval=lambda xp, y, x: xp.arctan2(y, x), d=(lambda y, x, z: over_squares(x, y), lambda y, x, z: -over_squares(y, x)),
    domain=(REAL, REAL), native="atan2",
    kinks=(Kink(lambda y, x: (x == 0) & (y == 0), "atan2 has no slope at the origin", scalar="{0} == 0.0 == {1}"),),
    doc="Angle in radians, from -pi to pi, of the point (x, y); y comes first.", example="atan2(1, -1)")

unit = fn("unit", eval=_unit, d=(lambda x, r, z: 1.0 / r, lambda x, r, z: -(z / r)),
    domain=(REAL, REAL), scalar="({0} / {1} if {1} else 0.0 * {0})", hidden=True, facts={"formula": lambda x, r, z: x / r},
    doc="x/r, and 0 where r is 0: the slope of a length, the smallest one at its corner.")
ratio: Row = fn("ratio", eval=_ratio, d=(lambda x, y, z: 1.0 / y, lambda x, y, z: -ratio(z, y)), taylor=_ratio_taylor,
    domain=(REAL, REAL), scalar="({0} / {1} if {0} or {1} != {1} else 0.0)", hidden=True, facts={"formula": lambda x, y, z: x / y},
    doc="x/y, and 0 wherever x is 0.")
# The slopes of hypot, the smallest ones at its corner. Their slopes y^2/r^3 and x^2/r^3 are squares; 1/r - x^2/r^3 would cancel.
cosine: Row = fn("cosine", eval=lambda xp, x, y: _unit(xp, x, xp.hypot(x, y)),
    d=(lambda x, y, z: sine(x, y)**2 / hypot(x, y), lambda x, y, z: -(z * sine(x, y) / hypot(x, y))),
    domain=(REAL, REAL), scalar="({0} / hypot({0}, {1}) if {0} or {1} != {1} else 0.0)", hidden=True,
    facts={"formula": lambda x, y, z: x / hypot(x, y)}, doc="x/hypot(x, y), and 0 at the origin.")
sine: Row = fn("sine", eval=lambda xp, x, y: _unit(xp, y, xp.hypot(x, y)),
    d=(lambda x, y, z: -(z * cosine(x, y) / hypot(x, y)), lambda x, y, z: cosine(x, y)**2 / hypot(x, y)),
    domain=(REAL, REAL), scalar="({1} / hypot({0}, {1}) if {1} or {0} != {0} else 0.0)", hidden=True,
    facts={"formula": lambda x, y, z: y / hypot(x, y)}, doc="y/hypot(x, y), and 0 at the origin.")
hypot: Row = fn("hypot", eval=lambda xp, x, y: xp.hypot(x, y), d=(lambda x, y, z: cosine(x, y), lambda x, y, z: sine(x, y)),
    domain=(REAL, REAL), native="hypot", shortcut=even("hypot"),
    kinks=(Kink(lambda x, y: (x == 0) & (y == 0), "hypot has a corner at the origin; the slopes given there are 0", corner=True, scalar="{0} == 0.0 == {1}"),),
    doc="sqrt(x^2 + y^2) without overflow; of more numbers norm([x, y, z]).", example="hypot(3, 4)")
# fmt: on
