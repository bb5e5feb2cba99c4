"""Sums, quotients and powers, element by element. (Products are contractions: ``ops/contraction.py``.)"""

from __future__ import annotations

from typing import Any

from calclang.ir.node import OPERATORS, Node
from calclang.ops.base import fn
from calclang.ops.contraction import mul
from calclang.ops.domains import REAL

# fmt: off
add = fn("add", eval=lambda xp, x, y: x + y, d=(lambda x, y, z: 1.0, lambda x, y, z: 1.0),
         scalar="{0} + {1}", ieee="{0} + {1}", domain=(REAL, REAL), show="{} + {}", hidden=True, doc="Sum.")
sub = fn("sub", eval=lambda xp, x, y: x - y, d=(lambda x, y, z: 1.0, lambda x, y, z: -1.0),
         scalar="{0} - {1}", ieee="{0} - {1}", domain=(REAL, REAL), show="{} - {}", hidden=True, doc="Difference.")


def _div_taylor(xs: list[Any], bs: list[Any], k: int, ys: list[Any]) -> Any:
    """Coefficient k of a/b from b*y = a: y_k = (a_k - sum_{j<k} y_j*b_{k-j})/b_0 (Griewank and Walther, table 13.1)."""
    total = xs[k]
    for j in range(k):
        total = total - ys[j] * bs[k - j]
    return total / bs[0]


div = fn("div", eval=lambda xp, x, y: xp.divide(x, y), d=(lambda x, y, z: 1.0 / y, lambda x, y, z: -(z / y)),
         taylor=_div_taylor, scalar="{0} / {1}", ieee="div_({0}, {1})", domain=(REAL, REAL), show="{} / {}", hidden=True, doc="Quotient.")


def _power_partial(x: Node, y: Node, n: float) -> Any:
    """n x^(n-1), with the powers 0, 1 and 2 exact; the logarithm is never formed."""
    return {0.0: 0.0, 1.0: 1.0, 2.0: 2.0 * x}.get(n) if n in (0.0, 1.0, 2.0) else n * power(x, params=(n - 1.0,))


power = fn("power", arity=1, eval=lambda xp, x, n: x * x if n == 2 else xp.power(x, n), d=_power_partial,
           scalar="power({0})", domain=REAL, show="{}^{}", hidden=True,
           doc="x^n for a constant n: the exponent is a parameter, so that the derivative needs no logarithm.")
# fmt: on


def to_power(x: Node | float, n: float) -> Node:
    """x**n for a number n."""
    return power(x, params=(float(n),))


OPERATORS.update(add=add, sub=sub, div=div, power=to_power)

__all__ = ["add", "div", "mul", "power", "sub", "to_power"]
