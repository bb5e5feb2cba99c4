"""Special functions. SciPy (under JAX its counterpart) is imported when one is first used."""

from __future__ import annotations

import math
from math import pi, sqrt
from typing import Any

import numpy as np

from calclang.ir.node import Node
from calclang.ir.op import Kink
from calclang.ops import elementary
from calclang.ops.base import Row, fn
from calclang.ops.domains import NONNEGATIVE, REAL
from calclang.ops.elementary import exp, log
from calclang.ops.namespaces import companion, shows
from calclang.ops.planar import ratio
from calclang.ops.signs import even

EXTRA = 60  # steps of the backward recurrence before the wanted one: by then the unknown start has died out


def library(xp: Any) -> Any:
    """The special functions that go with an array namespace."""
    return companion(xp, "special")


def _xlogy(xp: Any, x: Any, y: Any) -> Any:
    nothing = (x == 0) & ~xp.isnan(y)
    return xp.where(nothing, 0.0, x * xp.log(xp.where(nothing, 1.0, y)))


def _sinc(xp: Any, x: Any) -> Any:
    zero = x == 0
    inner = xp.where(zero, 1.0, x)
    return xp.where(zero, 1.0, xp.sin(inner) / inner)


def _sine(xp: Any, x: Any, k: int) -> Any:
    """The k-th derivative of the sine."""
    value = xp.cos(x) if k % 2 else xp.sin(x)
    return -value if k % 4 > 1 else value


def _sinc_derivative(xp: Any, x: Any, k: int) -> Any:
    """The k-th derivative f_k of sin(x)/x from x f_k + k f_(k-1) = sin^(k)(x): forwards where |x| > k, backwards elsewhere;
    each direction damps errors by k/|x| or |x|/k a step."""
    far = abs(x) > k
    out = xp.where(far, x, 1.0)
    forward = _sinc(xp, out)
    for j in range(1, k + 1):
        forward = (_sine(xp, out, j) - j * forward) / out
    near = xp.where(far, 0.0, x)
    backward = 0.0 * near
    for j in range(k + EXTRA, k, -1):
        backward = (_sine(xp, near, j) - near * backward) / j
    return xp.where(far, forward, backward) + 0.0


def _sinc_formula(x: Node, k: int) -> Node | None:
    """What a person writes: the same recurrence from sinc(x). Beyond the second derivative it loses too many digits near 0."""
    slope = (elementary.cos(x) - sinc(x)) / x
    return slope if k == 1 else (-elementary.sin(x) - 2.0 * slope) / x if k == 2 else None


# ---- exp(-x^2) and what fades like it: the square is split, for its rounding would be multiplied by itself ----

SPLIT = 134217729.0  # 2^27 + 1: a number times this, minus what that is too large by, is its upper half
FADED = 40.0  # exp(-x^2) and exp(-x^2/2) are 0 from here on


def upper(x: Any) -> Any:
    """The upper half of the digits of x."""
    return x * SPLIT - (x * SPLIT - x)


ROOT_2PI = 1 / sqrt(2 * pi)
HALF_ROOT, LOST_ROOT = sqrt(0.5), -4.833646656726457e-17  # the root of 1/2, and what rounding took from it
UPPER_ROOT = upper(HALF_ROOT)
LOWER_ROOT = HALF_ROOT - UPPER_ROOT


def _bell(xp: Any, x: Any) -> Any:
    """exp(-x^2) = exp(-h^2) exp(-(x - h)(x + h)) with h the upper half of x, whose square is exact."""
    near = abs(x) < FADED
    inner = xp.where(near, x, 0.0)
    h = upper(inner)
    return xp.where(near, xp.exp(-h * h) * xp.exp(-(inner - h) * (inner + h)), xp.where(near | (abs(x) >= FADED), 0.0, x))


def _erfc(xp: Any, x: Any) -> Any:
    """As Python's math has it, which is more accurate than SciPy."""
    if not shows(xp):
        return library(xp).erfc(x)
    return np.fromiter(map(math.erfc, np.ravel(x).tolist()), float, np.size(x)).reshape(np.shape(x))


def _normal(xp: Any, x: Any) -> Any:
    """erfc(t)/2 at t = -x/sqrt(2), moved by erfc' times what t lost in rounding: far out erfc multiplies that by t^2."""
    near = abs(x) < FADED
    inner = xp.where(near, x, 0.0)
    t, h = -inner * HALF_ROOT, upper(inner)
    lost = (h * UPPER_ROOT + t) + h * LOWER_ROOT + (inner - h) * UPPER_ROOT + (inner - h) * LOWER_ROOT + inner * LOST_ROOT
    moved = _erfc(xp, t) + (2 / sqrt(pi)) * xp.exp(-t * t) * lost
    return 0.5 * xp.where(near, moved, _erfc(xp, -x))


def _density(xp: Any, x: Any) -> Any:
    """exp(-x^2/2)/sqrt(2 pi), the square split as in `_bell`."""
    near = abs(x) < FADED
    inner = xp.where(near, x, 0.0)
    h = upper(inner)
    faded = xp.where(xp.isnan(x), x, 0.0)
    return xp.where(near, ROOT_2PI * xp.exp(-0.5 * h * h) * xp.exp(-0.5 * (inner - h) * (inner + h)), faded)


UPPER = "({0} * 134217729.0 - ({0} * 134217729.0 - {0}))"

# fmt: off
bell: Row = fn("bell", eval=_bell, d=lambda x, y: -2.0 * (x * y), domain=REAL, hidden=True, facts={"formula": lambda x, y: exp(-x**2)},
    scalar=f"(exp(-{UPPER} * {UPPER}) * exp(-({{0}} - {UPPER}) * ({{0}} + {UPPER})) if fabs({{0}}) < 40.0 else exp(-{{0}} * {{0}}))",
    doc="exp(-x^2), with all digits far out too.")
erf = fn("erf", eval=lambda xp, x: library(xp).erf(x), d=lambda x, y: (2 / sqrt(pi)) * bell(x),
    domain=REAL, native="erf",
    doc="Error function: 2/sqrt(pi) times the integral of exp(-t^2) from 0 to x.", example="erf(1)")
erfc: Row = fn("erfc", eval=_erfc, d=lambda x, y: (-2 / sqrt(pi)) * bell(x),
    domain=REAL, native="erfc", doc="1 - erf(x), accurate for large x.", example="erfc(1)")
density: Row = fn("density", eval=_density, d=lambda x, y: -(x * y), domain=REAL, hidden=True,
    facts={"formula": lambda x, y: (1 / sqrt(2 * pi)) * exp(-0.5 * x**2)}, doc="The density of the normal distribution at x.")
normal: Row = fn("normal", eval=_normal, d=lambda x, y: density(x), domain=REAL, hidden=True,
    facts={"formula": lambda x, y: 0.5 * erfc(-sqrt(0.5) * x)}, doc="The normal distribution function at x.")
xlogy = fn("xlogy", eval=_xlogy, d=(lambda x, y, z: log(y), lambda x, y, z: ratio(x, y)),
    domain=(REAL, NONNEGATIVE), scalar="({0} * log({1}) if {0} or {1} != {1} else 0.0)",
    kinks=(Kink(lambda x, y: (x == 0) & (y == 0), "xlogy has no slope at the origin; those along its two axes are given", scalar="{0} == 0.0 == {1}"),),
    doc="x*log(y), and 0 where x is 0.", example="xlogy(0, 0)")

sinc = fn("sinc", eval=_sinc, d=lambda x, y: sinc_derivative(x, params=(1,)), shortcut=even("sinc"),
    domain=REAL, scalar="(sin({0}) / {0} if {0} else 1.0)",
    doc="sin(x)/x, and 1 at 0; the angle is in radians.", example="sinc(pi/2)")
sinc_derivative: Row = fn("sinc_derivative", eval=_sinc_derivative, d=lambda x, y, k: sinc_derivative(x, params=(k + 1,)),
    domain=REAL, hidden=True, facts={"formula": lambda x, y, k: _sinc_formula(x, k)}, doc="The k-th derivative of sinc.")
# fmt: on
