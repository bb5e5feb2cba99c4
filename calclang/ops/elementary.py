"""Elementary functions, element by element: one line each, as in a formula sheet. y is the result."""

from __future__ import annotations

from calclang.ops.base import fn
from calclang.ops.domains import NONNEGATIVE, POSITIVE, REAL

# fmt: off
exp  = fn("exp",  eval=lambda xp, x: xp.exp(x),  d=lambda x, y: y,         domain=REAL,        native="exp",  latex=r"\exp", doc="e to the power x.",                example="exp(1)")
log  = fn("log",  eval=lambda xp, x: xp.log(x),  d=lambda x, y: 1.0 / x,   domain=POSITIVE,    native="log",  latex=r"\ln",  doc="Natural logarithm.",               example="log(e)")
sqrt = fn("sqrt", eval=lambda xp, x: xp.sqrt(x), d=lambda x, y: 0.5 / y,   domain=NONNEGATIVE, native="sqrt", latex=r"\sqrt", doc="Square root.",                    example="sqrt(2)")
sin  = fn("sin",  eval=lambda xp, x: xp.sin(x),  d=lambda x, y: cos(x),    domain=REAL,        native="sin",  latex=r"\sin", doc="Sine of an angle in radians.",     example="sin(pi/6)")
cos  = fn("cos",  eval=lambda xp, x: xp.cos(x),  d=lambda x, y: -sin(x),   domain=REAL,        native="cos",  latex=r"\cos", doc="Cosine of an angle in radians.",   example="cos(pi/3)")
# fmt: on
