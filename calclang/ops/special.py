"""Special functions. SciPy (under JAX its counterpart) is imported when one is first used."""

from __future__ import annotations

from importlib import import_module
from math import pi, sqrt
from typing import Any

from calclang.ir.op import Kink
from calclang.ops.base import Row, fn
from calclang.ops.domains import NONNEGATIVE, POSITIVE, REAL
from calclang.ops.elementary import exp, log
from calclang.ops.planar import ratio

EXTRA = 60  # steps of the backward recurrence before the wanted one: by then the unknown start has died out


def library(xp: Any) -> Any:
    """The special functions that go with an array namespace."""
    return import_module("scipy.special" if xp.__name__ == "numpy" else "jax.scipy.special")


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


STIRLING = (1 / 12, -1 / 360, 1 / 1260, -1 / 1680, 1 / 1188, -691 / 360360, 1 / 156, -3617 / 122400)  # B_2k/(2k(2k-1))
LARGE = 10.0  # from here on Stirling's series has 16 digits


def _stirling(xp: Any, x: Any) -> Any:
    """What Stirling's formula lacks: log gamma(x) - ((x - 1/2) log x - x + log(2 pi)/2)."""
    total = 0.0 * x
    for c in reversed(STIRLING):
        total = total / (x * x) + c
    return total / x


def _beta(xp: Any, x: Any, y: Any) -> Any:
    """Where an argument is large from Stirling's series, so that no large logarithms are subtracted."""
    x, y = xp.minimum(x, y), xp.maximum(x, y)
    far = (y > LARGE) & (y < xp.inf) & (x > 0)
    near = library(xp).beta(xp.where(far, 1.0, x), xp.where(far, 1.0, y))
    b = xp.where(far, y, LARGE)
    both = far & (x > LARGE)
    large = xp.where(both, _beta_of_two(xp, xp.where(both, x, LARGE), b), _beta_of_one(xp, xp.where(far & ~both, x, 1.0), b))
    return xp.where(far, large, near)


def _beta_of_one(xp: Any, a: Any, b: Any) -> Any:
    """gamma(a) times gamma(b)/gamma(a + b); b is large."""
    s = a + b
    return library(xp).gamma(a) * xp.exp(a - (b - 0.5) * xp.log1p(a / b) + (_stirling(xp, b) - _stirling(xp, s))) * xp.power(s, -a)


def _beta_of_two(xp: Any, a: Any, b: Any) -> Any:
    """Both are large, a the smaller one."""
    s = a + b
    rest = xp.exp(_stirling(xp, a) + _stirling(xp, b) - _stirling(xp, s) - b * xp.log1p(a / b))
    return xp.sqrt(2 * pi) * xp.sqrt(s / a / b) * xp.power(a / s, a) * rest


# fmt: off
erf = fn("erf", eval=lambda xp, x: library(xp).erf(x), d=lambda x, y: (2 / sqrt(pi)) * exp(-x**2),
    domain=REAL, native="erf", latex=r"\operatorname{erf}",
    doc="Error function: 2/sqrt(pi) times the integral of exp(-t^2) from 0 to x.", example="erf(1)")
erfc = fn("erfc", eval=lambda xp, x: library(xp).erfc(x), d=lambda x, y: (-2 / sqrt(pi)) * exp(-x**2),
    domain=REAL, native="erfc", latex=r"\operatorname{erfc}", doc="1 - erf(x), accurate for large x.", example="erfc(1)")
xlogy = fn("xlogy", eval=_xlogy, d=(lambda x, y, z: log(y), lambda x, y, z: ratio(x, y)),
    domain=(REAL, NONNEGATIVE), scalar="({0} * log({1}) if {0} or {1} != {1} else 0.0)", latex=r"\operatorname{xlogy}",
    kinks=(Kink(lambda x, y: (x == 0) & (y == 0), "xlogy has no slope at the origin; those along its two axes are given", scalar="{0} == 0.0 == {1}"),),
    doc="x*log(y), and 0 where x is 0.", example="xlogy(0, 0)")

sinc = fn("sinc", eval=_sinc, d=lambda x, y: sinc_derivative(x, params=(1,)),
    domain=REAL, scalar="(sin({0}) / {0} if {0} else 1.0)", latex=r"\operatorname{sinc}",
    doc="sin(x)/x, and 1 at 0; the angle is in radians.", example="sinc(pi/2)")
sinc_derivative: Row = fn("sinc_derivative", eval=_sinc_derivative, d=lambda x, y, k: sinc_derivative(x, params=(k + 1,)),
    domain=REAL, hidden=True, doc="The k-th derivative of sinc.")

gamma  = fn("gamma", eval=lambda xp, x: library(xp).gamma(x), d=lambda x, y: y * digamma(x),
    domain=POSITIVE, native="gamma", latex=r"\Gamma", reliable=False, facts={"ulps": 16},
    doc="Gamma function; gamma(n + 1) is n factorial.", example="gamma(5)")
lgamma = fn("lgamma", eval=lambda xp, x: library(xp).gammaln(x), d=lambda x, y: digamma(x),
    domain=POSITIVE, native="lgamma", latex=r"\ln\Gamma", reliable=False, facts={"ulps": 16},
    doc="Logarithm of the absolute value of gamma(x).", example="lgamma(100)")
digamma: Row = fn("digamma", eval=lambda xp, x: library(xp).digamma(x), d=lambda x, y: polygamma(x, params=(1,)),
    domain=POSITIVE, latex=r"\psi", reliable=False, facts={"ulps": 16}, doc="Derivative of lgamma.", example="digamma(1)")
polygamma: Row = fn("polygamma", eval=lambda xp, x, n: library(xp).polygamma(n, x), d=lambda x, y, n: polygamma(x, params=(n + 1,)),
    domain=POSITIVE, hidden=True, reliable=False, doc="The n-th derivative of digamma.")
beta = fn("beta", eval=_beta,
    d=(lambda x, y, z: z * (digamma(x) - digamma(x + y)), lambda x, y, z: z * (digamma(y) - digamma(x + y))),
    domain=(POSITIVE, POSITIVE), latex=r"\operatorname{B}", reliable=False, facts={"ulps": 64},
    doc="Beta function gamma(x)*gamma(y)/gamma(x + y), without overflow.", example="beta(2, 3)")
# fmt: on
