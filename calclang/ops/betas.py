"""The beta function. Neither it nor its slopes are made of differences of large logarithms, and what the sum of its arguments loses in rounding is
put back: gamma would multiply it by its slope, a power by its exponent."""

from __future__ import annotations

import math
from typing import Any

from calclang.ir.node import Node
from calclang.ops.base import Row, fn
from calclang.ops.domains import POSITIVE
from calclang.ops.gammas import digamma, polygamma
from calclang.ops.namespaces import shows
from calclang.ops.special import library, upper

STIRLING = (1 / 12, -1 / 360, 1 / 1260, -1 / 1680, 1 / 1188, -691 / 360360, 1 / 156, -3617 / 122400)  # B_2k/(2k(2k-1))
LARGE = 10.0  # from here on Stirling's series has 16 digits
ENDLESS = 1e200  # from here on (b/(a + b))^b is exp(-a), and products of halves of digits would overflow
LEAST = 5e-309  # 1 over what is smaller is infinite


def _stirling(xp: Any, x: Any) -> Any:
    """What Stirling's formula lacks: log gamma(x) - ((x - 1/2) log x - x + log(2 pi)/2)."""
    total = 0.0 * x
    for c in reversed(STIRLING):
        total = total / (x * x) + c
    return total / x


def _share(xp: Any, x: Any, s: Any, lost: Any) -> Any:
    """(x/(s + lost))^x. What x/s loses in rounding is x - (x/s) s; the product is exact by halves of digits (Dekker)."""
    t = x / s
    p, h, g = t * s, upper(t), upper(s)
    rest = (x - p) - ((h * g - p) + h * (s - g) + (t - h) * g + (t - h) * (s - g))
    return xp.power(t, x) * xp.exp(rest - t * lost)


def _beta(xp: Any, x: Any, y: Any) -> Any:
    """Three ways, for the number of arguments above `LARGE`; an array goes only those that some of its elements need."""
    a, b = xp.minimum(x, y), xp.maximum(x, y)
    nothing = (b == xp.inf) | (a > ENDLESS)
    known = (a >= LEAST) & ~nothing
    value = xp.where(nothing, 0.0, a + b)
    for way, mask, first, second in (
        (_beta_of_small, known & (b <= LARGE), 1.0, 1.0), (_beta_of_one, known & (a <= LARGE) & (b > LARGE), 1.0, 2 * LARGE), (_beta_of_two, known & (a > LARGE), 2 * LARGE, 2 * LARGE),
    ):  # fmt: skip
        if not shows(xp) or mask.any():
            value = xp.where(mask, way(xp, xp.where(mask, a, first), xp.where(mask, b, second)), value)
    return xp.where(a < 0, xp.nan, xp.where(a < LEAST, xp.inf, value))


def _sum(a: Any, b: Any) -> tuple[Any, Any]:
    """a + b rounded, and what rounding took from it; b is the larger one."""
    s = a + b
    return s, a - (s - b)


def _beta_of_small(xp: Any, a: Any, b: Any) -> Any:
    s, lost = _sum(a, b)
    known = library(xp)
    return known.gamma(a) * (known.gamma(b) / known.gamma(s)) * (1 - lost * known.digamma(s))


def _beta_of_one(xp: Any, a: Any, b: Any) -> Any:
    """gamma(a) times gamma(b)/gamma(a + b); b is large."""
    c = xp.minimum(b, ENDLESS)
    s, lost = _sum(a, c)
    ratio = xp.exp(a) * _share(xp, c, s, lost) * xp.sqrt(s / c) * xp.exp(_stirling(xp, c) - _stirling(xp, s))
    return library(xp).gamma(a) * ratio * xp.power(a + b, -a) * (1 - a * lost / s)


def _beta_of_two(xp: Any, a: Any, b: Any) -> Any:
    """Both are large."""
    b = xp.minimum(b, ENDLESS)
    s, lost = _sum(a, b)
    rest = xp.exp(_stirling(xp, a) + _stirling(xp, b) - _stirling(xp, s))
    return xp.sqrt(2 * math.pi) * xp.sqrt(s / a / b) * _share(xp, a, s, lost) * _share(xp, b, s, lost) * rest


# ---- slopes ----


def _fall(xp: Any, x: Any, y: Any, m: int) -> Any:
    """1/x^m - 1/(x + y)^m."""
    return -xp.expm1(-m * xp.log1p(y / x)) / xp.power(x, m)


def _rise(xp: Any, x: Any, y: Any, n: int) -> Any:
    """By the recurrence to a large argument, and by the asymptotic series there (Abramowitz and Stegun, 6.4.6 and 6.4.11), each term
    of it a difference that does not cancel."""
    steps = int(LARGE) + 2 * n
    far, first = x + steps, math.factorial(n)
    total = first / 2 * _fall(xp, far, y, n + 1) + (math.factorial(n - 1) * _fall(xp, far, y, n) if n else xp.log1p(y / far))
    for k, c in enumerate(STIRLING, start=1):
        total = total + c * (math.factorial(2 * k + n - 1) / math.factorial(2 * k - 2)) * _fall(xp, far, y, 2 * k + n)
    for k in reversed(range(steps)):
        total = total + first * _fall(xp, x + k, y, n + 1)
    return (-1.0) ** n * total


def _rise_formula(x: Node, y: Node, z: Node, n: int) -> Node:
    kin = (lambda t: polygamma(t, params=(n,))) if n else digamma
    return kin(x + y) - kin(x)


# fmt: off
rise: Row = fn("rise", eval=_rise, d=(lambda x, y, z, n: rise(x, y, params=(n + 1,)), lambda x, y, z, n: polygamma(x + y, params=(n + 1,))),
    domain=(POSITIVE, POSITIVE), hidden=True, reliable=False, facts={"formula": _rise_formula},
    doc="By how much the n-th derivative of digamma is larger at x + y than at x.")
beta = fn("beta", eval=_beta, d=(lambda x, y, z: -(z * rise(x, y, params=(0,))), lambda x, y, z: -(z * rise(y, x, params=(0,)))),
    domain=(POSITIVE, POSITIVE), reliable=False, facts={"ulps": (8, "so are those of gamma")},
    doc="Beta function gamma(x)*gamma(y)/gamma(x + y), without overflow.", example="beta(2, 3)")
# fmt: on
