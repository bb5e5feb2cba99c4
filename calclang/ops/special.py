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


# ---- exp(-x^2) and what fades like it: the square is split, for its rounding would be multiplied by itself ----

SPLIT = 134217729.0  # 2^27 + 1: a number times this, minus what that is too large by, is its upper half
FADED = 40.0  # exp(-x^2) is 0 from here on


def _bell(xp: Any, x: Any) -> Any:
    """exp(-x^2) = exp(-h^2) exp(-(x - h)(x + h)) with h the upper half of x, whose square is exact."""
    near = abs(x) < FADED
    inner = xp.where(near, x, 0.0)
    h = inner * SPLIT - (inner * SPLIT - inner)
    return xp.where(near, xp.exp(-h * h) * xp.exp(-(inner - h) * (inner + h)), xp.where(near | (abs(x) >= FADED), 0.0, x))


def _erfc(xp: Any, x: Any) -> Any:
    """SciPy's error beyond 1 is that of a rounded square; there erfcx(x) exp(-x^2) has none of it."""
    if xp.__name__ != "numpy":
        return library(xp).erfc(x)
    far = x > 1
    return xp.where(far, library(xp).erfcx(xp.where(far, x, 1.0)) * _bell(xp, x), library(xp).erfc(xp.where(far, 0.0, x)))


# ---- the logarithm of gamma near its zeros 1 and 2 ----

ZETA = (
    0.6449340668482264, 0.2020569031595943, 0.08232323371113819, 0.03692775514336993, 0.01734306198444914, 0.008349277381922827,
    0.00407735619794434, 0.0020083928260822143, 0.0009945751278180853, 0.0004941886041194645, 0.0002460865533080483, 0.00012271334757848915,
    6.124813505870483e-05, 3.058823630702049e-05, 1.528225940865187e-05, 7.637197637899763e-06, 3.81729326499984e-06, 1.908212716553939e-06,
    9.539620338727962e-07, 4.769329867878064e-07, 2.38450502727733e-07, 1.1921992596531106e-07, 5.960818905125948e-08, 2.980350351465228e-08,
    1.4901554828365043e-08, 7.45071178983543e-09, 3.725334024788457e-09, 1.862659723513049e-09, 9.313274324196682e-10, 4.656629065033784e-10,
)  # fmt: skip
"""zeta(k) - 1 for k = 2, 3, …."""
EULER = 0.5772156649015329


def _series(xp: Any, t: Any, first: float, extra: float) -> Any:
    """first t + sum_k (zeta(k) - 1 + extra) (-t)^k / k."""
    total = 0.0 * t
    for k in range(len(ZETA) + 1, 1, -1):
        total = (ZETA[k - 2] + extra) / k - t * total
    return t * (first + t * total)


def _lgamma(xp: Any, x: Any) -> Any:
    """Between 1/2 and 5/2 from series around 1 and 2, where lgamma is 0 and SciPy's digits are those of 1."""
    one, two = abs(x - 1) < 0.5, abs(x - 2) <= 0.5
    t = xp.where(one, x - 1, xp.where(two, x - 2, 0.0))
    close = one & (abs(t) < 0.25)
    near_two = _series(xp, t, 1 - EULER, 0.0)
    near_one = xp.where(close, _series(xp, xp.where(close, t, 0.0), -EULER, 1.0), near_two - xp.log1p(t))
    return xp.where(one, near_one, xp.where(two, near_two, library(xp).gammaln(x)))


# ---- the beta function ----

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


UPPER = "({0} * 134217729.0 - ({0} * 134217729.0 - {0}))"

# fmt: off
bell: Row = fn("bell", eval=_bell, d=lambda x, y: -2.0 * (x * y), domain=REAL, hidden=True, facts={"formula": lambda x, y: exp(-x**2)},
    scalar=f"(exp(-{UPPER} * {UPPER}) * exp(-({{0}} - {UPPER}) * ({{0}} + {UPPER})) if fabs({{0}}) < 40.0 else exp(-{{0}} * {{0}}))",
    doc="exp(-x^2), with all digits far out too.")
erf = fn("erf", eval=lambda xp, x: library(xp).erf(x), d=lambda x, y: (2 / sqrt(pi)) * bell(x),
    domain=REAL, native="erf", latex=r"\operatorname{erf}",
    doc="Error function: 2/sqrt(pi) times the integral of exp(-t^2) from 0 to x.", example="erf(1)")
erfc = fn("erfc", eval=_erfc, d=lambda x, y: (-2 / sqrt(pi)) * bell(x), facts={"ulps": 12},  # SciPy's error between 0.5 and 3
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

# SciPy's error is up to 6 ulps.
gamma  = fn("gamma", eval=lambda xp, x: library(xp).gamma(x), d=lambda x, y: y * digamma(x),
    domain=POSITIVE, native="gamma", latex=r"\Gamma", reliable=False, facts={"ulps": 8},
    doc="Gamma function; gamma(n + 1) is n factorial.", example="gamma(5)")
lgamma = fn("lgamma", eval=_lgamma, d=lambda x, y: digamma(x),
    domain=POSITIVE, latex=r"\ln\Gamma", reliable=False,
    doc="Logarithm of the absolute value of gamma(x).", example="lgamma(100)")
digamma: Row = fn("digamma", eval=lambda xp, x: library(xp).digamma(x), d=lambda x, y: polygamma(x, params=(1,)),
    domain=POSITIVE, latex=r"\psi", reliable=False, doc="Derivative of lgamma.", example="digamma(1)")
polygamma: Row = fn("polygamma", eval=lambda xp, x, n: library(xp).polygamma(n, x), d=lambda x, y, n: polygamma(x, params=(n + 1,)),
    domain=POSITIVE, hidden=True, reliable=False, doc="The n-th derivative of digamma.")
# For two large arguments the result is a power, whose error grows with its logarithm.
beta = fn("beta", eval=_beta,
    d=(lambda x, y, z: z * (digamma(x) - digamma(x + y)), lambda x, y, z: z * (digamma(y) - digamma(x + y))),
    domain=(POSITIVE, POSITIVE), latex=r"\operatorname{B}", reliable=False, facts={"ulps": 512},
    doc="Beta function gamma(x)*gamma(y)/gamma(x + y), without overflow.", example="beta(2, 3)")
# fmt: on
