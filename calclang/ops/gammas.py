"""The gamma function and its kin. Below 0 they are reflected; the sine and cotangent of pi x are those of the distance from a whole number."""

from __future__ import annotations

import math
from typing import Any

from calclang.ops.base import Row, fn
from calclang.ops.domains import WITHOUT_POLES
from calclang.ops.special import library

SMALL = 1e-300  # below it log|gamma(x)| is -log|x|; SciPy's is infinite before its time


def _cot(xp: Any, x: Any) -> Any:
    """The cotangent of pi x, exactly 0 at halves."""
    r = x - xp.round(x)
    far = abs(r) > 0.25
    other = xp.copysign(xp.tan(math.pi * (0.5 - abs(r))), r)
    return xp.where(far, other, 1 / xp.tan(math.pi * xp.where(far, 0.25, r)))


def _poles(xp: Any, x: Any) -> Any:
    return (x <= 0) & (x == xp.floor(x)) & (x > -xp.inf)


def _gamma(xp: Any, x: Any) -> Any:
    return xp.where(_poles(xp, x), xp.inf, library(xp).gamma(x))


def _reflected_lgamma(xp: Any, x: Any) -> Any:
    """log|gamma(x)| = log(pi/|x sin(pi x)|) - log gamma(-x) for x < 0."""
    pole, small = _poles(xp, x), (x < 0) & (x > -SMALL)
    inner = xp.where((x < 0) & ~pole & ~small, x, -0.5)
    value = math.log(math.pi) - xp.log(-inner) - xp.log(abs(xp.sin(math.pi * (inner - xp.round(inner))))) - _positive_lgamma(xp, -inner)
    return xp.where(pole, xp.inf, xp.where(small, -xp.log(xp.where(small, -x, 1.0)), value))


def _digamma(xp: Any, x: Any) -> Any:
    """Below 0 psi(-x) - 1/x - pi/tan(pi x)."""
    pole = _poles(xp, x)
    low = (x < 0) & ~pole
    inner = xp.where(low, x, -0.5)
    value = library(xp).digamma(-inner) - 1 / inner - math.pi * _cot(xp, inner)
    return xp.where(pole, xp.inf, xp.where(low, value, library(xp).digamma(xp.where(low | pole, 1.0, x))))


def _polygamma(xp: Any, x: Any, n: int) -> Any:
    """Below 0 from the derivatives of the reflection of digamma; those of the cotangent c are polynomials in it: c' = -pi (1 + c^2)."""
    pole = _poles(xp, x)
    low = (x < 0) & ~pole
    inner = xp.where(low, x, -0.5)
    p = [0.0, 1.0]
    for _ in range(n):
        slope = [k * a for k, a in enumerate(p)][1:]
        p = [-math.pi * (a + b) for a, b in zip([*slope, 0.0, 0.0], [0.0, 0.0, *slope], strict=True)]
    c, total = _cot(xp, inner), 0.0 * inner
    for a in reversed(p):
        total = total * c + a
    sign = (-1.0) ** n
    value = sign * (library(xp).polygamma(n, -inner) + sign * math.factorial(n) / xp.power(-inner, n + 1)) - math.pi * total
    return xp.where(pole, xp.inf, xp.where(low, value, library(xp).polygamma(n, xp.where(low | pole, 1.0, x))))


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
CHANGE = 1.38  # below it the series around 1 is shorter, or the one around 2 is asked for the next number


def _series(xp: Any, t: Any, first: float, extra: float) -> Any:
    """first t + sum_k (zeta(k) - 1 + extra) (-t)^k / k."""
    total = 0.0 * t
    for k in range(len(ZETA) + 1, 1, -1):
        total = (ZETA[k - 2] + extra) / k - t * total
    return t * (first + t * total)


def _positive_lgamma(xp: Any, x: Any) -> Any:
    """Between 1/2 and 5/2 from series around 1 and 2, where lgamma is 0 and SciPy's digits are those of 1."""
    one, two = (x >= 0.5) & (x < CHANGE), (x >= CHANGE) & (x <= 2.5)
    t = xp.where(one, x - 1, xp.where(two, x - 2, 0.0))
    close = one & (abs(t) < 0.32)
    near_two = _series(xp, t, 1 - EULER, 0.0)
    near_one = xp.where(close, _series(xp, xp.where(close, t, 0.0), -EULER, 1.0), near_two - xp.log1p(t))
    small = (x > 0) & (x < SMALL)
    far = xp.where(small, -xp.log(xp.where(small, x, 1.0)), library(xp).gammaln(xp.where(small, 1.0, x)))
    return xp.where(one, near_one, xp.where(two, near_two, far))


def _lgamma(xp: Any, x: Any) -> Any:
    low = x <= 0
    return xp.where(low, _reflected_lgamma(xp, x), _positive_lgamma(xp, xp.where(low, 1.0, x)))


# fmt: off
gamma  = fn("gamma", eval=_gamma, d=lambda x, y: y * digamma(x),
    domain=WITHOUT_POLES, native="gamma", reliable=False, facts={"ulps": (8, "so are those of Python and SciPy")},
    doc="Gamma function; gamma(n + 1) is n factorial.", example="gamma(5)")
lgamma = fn("lgamma", eval=_lgamma, d=lambda x, y: digamma(x),
    domain=WITHOUT_POLES, reliable=False, facts={"cancels": "lgamma(-x)"},
    doc="Logarithm of the absolute value of gamma(x).", example="lgamma(100)")
digamma: Row = fn("digamma", eval=_digamma, d=lambda x, y: polygamma(x, params=(1,)),
    domain=WITHOUT_POLES, reliable=False, facts={"cancels": "digamma(-x)"}, doc="Derivative of lgamma.", example="digamma(1)")
polygamma: Row = fn("polygamma", eval=_polygamma, d=lambda x, y, n: polygamma(x, params=(n + 1,)),
    domain=WITHOUT_POLES, hidden=True, reliable=False, doc="The n-th derivative of digamma.")
# fmt: on
