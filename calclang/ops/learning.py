"""Functions of machine learning, element by element: written so that they neither overflow nor cancel."""

from __future__ import annotations

from typing import Any

from calclang.ir.op import Kink
from calclang.ops.base import Row, fn
from calclang.ops.domains import REAL
from calclang.ops.signs import squares
from calclang.ops.special import density, normal


def _sigmoid(xp: Any, x: Any) -> Any:
    e = xp.exp(-abs(x))
    return xp.where(x >= 0, 1.0, e) / (1 + e)


def _hump(xp: Any, x: Any) -> Any:
    e = xp.exp(-abs(x))
    return e / (1 + e) / (1 + e)


# fmt: off
sigmoid: Row = fn("sigmoid", eval=_sigmoid, d=lambda x, y: hump(x),
    domain=REAL, scalar="(1 / (1 + exp(-{0})) if {0} >= 0 else exp({0}) / (1 + exp({0})))",
    doc="Logistic function 1/(1 + exp(-x)).", example="sigmoid(2)")
# Its slope has one sign change, at 0, without a difference of two sigmoids.
hump: Row = fn("hump", eval=_hump, d=lambda x, y: -(y * balance(x)), domain=REAL, hidden=True,
    scalar="exp(-fabs({0})) / (1 + exp(-fabs({0}))) / (1 + exp(-fabs({0})))",
    facts={"formula": lambda x, y: sigmoid(x) * sigmoid(-x)}, doc="sigmoid(x)*sigmoid(-x), the slope of sigmoid.")
balance: Row = fn("balance", eval=lambda xp, x: xp.tanh(0.5 * x), d=lambda x, y: 2.0 * hump(x), domain=REAL, hidden=True, scalar="tanh(0.5 * {0})",
    facts={"formula": lambda x, y: sigmoid(x) - sigmoid(-x)}, doc="sigmoid(x) - sigmoid(-x), without their difference.")
softplus = fn("softplus", eval=lambda xp, x: xp.maximum(x, 0.0) + xp.log1p(xp.exp(-abs(x))), d=lambda x, y: sigmoid(x),
    domain=REAL, scalar="({0} if {0} > 0 else 0.0) + log1p(exp(-fabs({0})))",
    doc="log(1 + exp(x)) without overflow.", example="softplus(2)")
CORNER = "relu has a corner at 0; the slope given there is 0 (that of max(x, 0) would be 1/2)"
step     = fn("step", eval=lambda xp, x: xp.where(x > 0, 1.0, xp.where(x <= 0, 0.0, xp.nan)), d=None, domain=REAL, hidden=True,
              scalar="(1.0 if {0} > 0 else 0.0 if {0} <= 0 else {0})", kinks=(Kink(lambda x: x == 0, CORNER, jump=True, scalar="{0} == 0.0"),), doc="1 for positive numbers, else 0.")
relu   = fn("relu", shortcut=lambda nodes, params: nodes[0] if squares(nodes[0]) else None, eval=lambda xp, x: xp.maximum(x, 0.0) + 0.0, d=lambda x, y: step(x),
    domain=REAL, scalar="({0} if {0} > 0 else 0.0 if {0} <= 0 else {0})",
    kinks=(Kink(lambda x: x == 0, CORNER, corner=True, scalar="{0} == 0.0"),),
    doc="x for positive numbers, else 0; its slope at 0 is 0, unlike that of max(x, 0).", example="relu(-2)")
gelu   = fn("gelu", eval=lambda xp, x: x * normal.eval(xp, x) + 0.0, d=lambda x, y: normal(x) + x * density(x),
    domain=REAL, doc="x times the normal distribution function at x.", example="gelu(1)")
# fmt: on
