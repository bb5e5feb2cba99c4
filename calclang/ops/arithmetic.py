"""Sums, quotients and powers, element by element. (Products are contractions: ``ops/contraction.py``.)"""

from __future__ import annotations

from math import prod
from typing import Any

from calclang.ir.apply import const
from calclang.ir.node import OPERATORS, Node
from calclang.ir.op import Kink
from calclang.ops.base import fn
from calclang.ops.choice import equal, select
from calclang.ops.contraction import mul
from calclang.ops.domains import REAL
from calclang.ops.series import Coefficient, Series, minus, plus, times
from calclang.ops.signs import even

# fmt: off
add = fn("add", eval=lambda xp, x, y: x + y, d=(lambda x, y, z: 1.0, lambda x, y, z: 1.0),
         scalar="{0} + {1}", ieee="{0} + {1}", domain=(REAL, REAL), show="{} + {}", hidden=True, doc="Sum.")
sub = fn("sub", eval=lambda xp, x, y: x - y, d=(lambda x, y, z: 1.0, lambda x, y, z: -1.0),
         scalar="{0} - {1}", ieee="{0} - {1}", domain=(REAL, REAL), show="{} - {}", hidden=True, doc="Difference.")


def _div_taylor(xs: Series, bs: Series, k: int, ys: Series) -> Coefficient:
    """Coefficient k of a/b from b*y = a: y_k = (a_k - sum_{j<k} y_j*b_{k-j})/b_0 (Griewank and Walther, table 13.1)."""
    total = xs[k]
    for j in range(k):
        total = minus(total, times(ys[j], bs[k - j]))
    return None if total is None else div(total, bs[0] or 0.0)


div = fn("div", eval=lambda xp, x, y: xp.divide(x, y), d=(lambda x, y, z: 1.0 / y, lambda x, y, z: -(z / y)),
         taylor=_div_taylor, scalar="{0} / {1}", ieee="div_({0}, {1})", domain=(REAL, REAL), show="{} / {}", hidden=True, doc="Quotient.")


def _power_partial(x: Node, y: Node, n: float) -> Any:
    """n x^(n-1), with the powers 0, 1 and 2 exact; the logarithm is never formed."""
    return {0.0: 0.0, 1.0: 1.0, 2.0: 2.0 * x}.get(n) if n in (0.0, 1.0, 2.0) else n * power(x, params=(n - 1.0,))


def _power_series(x: Node, y: Node, n: float) -> Node | None:
    """Whole powers as products, which have a series where x is 0 too; None for others."""
    if not float(n).is_integer() or not 1 <= n < 2**31:
        return None
    result: Node | None = None
    for bit in bin(int(n))[2:]:
        result = x if result is None else mul(result, result)
        result = mul(result, x) if bit == "1" and result is not x else result
    return result


def _power_taylor(xs: Series, k: int, ys: Series, n: float) -> Coefficient:
    """Coefficient k of x^n from x y' = n x' y: y_k = sum_{j=1}^k (n*j - (k - j)) x_j y_{k-j} / (k x_0) (Griewank and Walther,
    table 13.2); for fractional n at x_0 = 0 the leading term of the k-th derivative."""
    total: Coefficient = None
    for j in range(1, k + 1):
        total = plus(total, times(xs[j], ys[k - j], n * j - (k - j)))
    if total is None or xs[0] is None:
        return None
    result = total / (float(k) * xs[0])
    if float(n).is_integer():
        return result
    binomial = prod((n - i) / (i + 1) for i in range(k))
    edge = times(power(xs[0], params=(n - k,)), None if xs[1] is None else power(xs[1], params=(float(k),)), binomial)
    nothing = mul(0.0, xs[0]) if edge is None else edge
    return select(equal(xs[0], const(0.0)), nothing, result)


def _power_eval(xp: Any, x: Any, n: float) -> Any:
    """x^n; nan stays nan, though IEEE 754 says that nan^0 is 1."""
    return x * x if n == 2 else xp.power(x, n) if n else xp.where(x == x, 1.0, x)


power = fn("power", eval=_power_eval, d=_power_partial, arity=1, taylor=_power_taylor,
    domain=REAL, scalar="power({0})", show="{}^{}", hidden=True, shortcut=even("power"),
    kinks=(Kink(lambda x, n: (x == 0) & (0 < n < 1), "the slope of a root is infinite at 0", scalar="{0} == 0.0"),), facts={"series": _power_series},
    doc="x^n for a constant n: the exponent is a parameter, so that the derivative needs no logarithm.")
# fmt: on


stop_gradient = fn(
    "stop_gradient", eval=lambda xp, x: xp.positive(x), d=None, scalar="{0}", domain=REAL, hidden=True,
    doc="x itself, which counts as a constant when differentiated.",
)  # fmt: skip


def to_power(x: Node | float, n: float) -> Node:
    """x**n for a number n."""
    return power(x, params=(float(n),))


OPERATORS.update(add=add, sub=sub, div=div, power=to_power)

__all__ = ["add", "div", "mul", "power", "sub", "to_power"]
