"""x^y with both varying (a constant exponent is `power`), and its derivatives of every order as one family.

The family ``d^(a+b)/dx^a dy^b x^y = x^(y-a) p(log x)`` is closed under differentiation, so that every coefficient that vanishes
vanishes exactly and never meets an infinity: x^y at x = 0 with y = 2 has the derivatives 0, 2, 0, 0, ….
"""

from __future__ import annotations

from typing import Any

from calclang.ir.apply import const
from calclang.ir.node import Node
from calclang.ops.base import Row, fn
from calclang.ops.domains import NONNEGATIVE, REAL
from calclang.ops.elementary import exp, log
from calclang.ops.namespaces import shows
from calclang.ops.special import xlogy


def _polynomial(y: Any, a: int, b: int) -> list[Any]:
    """The coefficients of p: from L^b by ``p -> (y - j) p + p'`` for j = 0, …, a-1."""
    p: list[Any] = [0.0 * y] * b + [0.0 * y + 1.0]
    for j in range(a):
        p = [(y - j) * c + (i + 1) * up for i, (c, up) in enumerate(zip(p, [*p[1:], 0.0], strict=True))]
    return p


def _derivative(xp: Any, x: Any, y: Any, a: int, b: int) -> Any:
    """x^(y-a) p(log x), at x = 0 as the limit from the right."""
    p = _polynomial(y, a, b)
    if b == 0:
        nothing = p[0] == 0
        return xp.where(nothing, 0.0, p[0] * _lowered(xp, xp.where(nothing, 1.0, x), xp.where(nothing, 1.0 + a, y), a))
    zero = x == 0
    inner = xp.where(zero, 1.0, x)
    total = p[b]
    for c in reversed(p[:b]):
        total = total * xp.log(inner) + c
    return xp.where(zero, _limit(xp, p, y - a, zero), total * _lowered(xp, inner, y, a))


def _lowered(xp: Any, x: Any, y: Any, a: int) -> Any:
    """x^(y-a). What the exponent loses in rounding, where y < a/2, is put back: the logarithm of x multiplies it, which is large far out and near 0."""
    e = y - a
    value = xp.power(x, e)
    low = (y < 0.5 * a) & (y > -xp.inf) & (x > 0) & (x < xp.inf)
    if a == 0 or shows(xp) and not low.any():
        return value
    kept = e - y
    lost = xp.where(low, (y - (e - kept)) - (a + kept), 0.0)
    return value * (1 + lost * xp.log(xp.where(low, x, 1.0)))


def _limit(xp: Any, p: list[Any], e: Any, zero: Any) -> Any:
    """x^e p(log x) at x = 0: 0 for e > 0, else the highest power of the logarithm decides; for e = 0 it is undefined."""
    low = e <= 0
    total = p[0] * xp.power(0.0, xp.where(zero & low & (p[0] != 0), e, 1.0))
    for i, c in enumerate(p[1:], start=1):
        far = xp.where(e == 0, xp.nan, xp.copysign(xp.inf, c * (-1.0) ** i))
        total = xp.where(low & (c != 0), far, total)
    return total


def _formula(x: Node, y: Node, z: Node, a: int, b: int) -> Node:
    """The same as a person writes it."""
    total: Node | None = None
    for i, c in enumerate(_terms(y, a, b)):
        if c is not None:
            term = c * log(x) ** i if i else const(c) if isinstance(c, float) else c
            total = term if total is None else total + term
    assert total is not None
    return total * pow_(x, y - float(a) if a else y)


def _terms(y: Node, a: int, b: int) -> list[Node | float | None]:
    """`_polynomial` in nodes, without its zeros."""
    p: list[Node | float | None] = [*(None for _ in range(b)), 1.0]
    for j in range(a):
        s = y - float(j) if j else y
        raised: list[Node | float | None] = [None if up is None else (i + 1.0) * up for i, up in enumerate([*p[1:], None])]
        kept: list[Node | float | None] = [None if c is None else s if c == 1.0 else s * c for c in p]
        p = [_sum(k, r) for k, r in zip(kept, raised, strict=True)]
    return p


def _sum(a: Node | float | None, b: Node | float | None) -> Node | float | None:
    return a if b is None else b if a is None else a + b


def _by_exponent(x: Node, y: Node, z: Node) -> Node:
    """z log x; of x^x the limit at 0 is known, of x^y it is not."""
    return z * log(x) if x is y else pow_derivative(x, y, params=(0, 1))


# fmt: off
pow_ = fn("pow", eval=lambda xp, x, y: xp.power(x, y), d=(lambda x, y, z: pow_derivative(x, y, params=(1, 0)), _by_exponent),
    domain=(NONNEGATIVE, REAL), native="pow", show="{}^{}", hidden=True, hides_nan=True,
    facts={"series if all move": lambda x, y, z: exp(xlogy(y, x))}, doc="x^y.")
pow_derivative: Row = fn("pow_derivative", eval=_derivative,
    d=(lambda x, y, z, a, b: pow_derivative(x, y, params=(a + 1, b)), lambda x, y, z, a, b: pow_derivative(x, y, params=(a, b + 1))),
    domain=(NONNEGATIVE, REAL), hidden=True, hides_nan=True, reliable=False, facts={"formula": _formula, "series if all move": _formula},
    doc="The derivative of x^y, a times by x and b times by y.")
# fmt: on
