"""Elementwise rows on Python numbers: the expression that a compiled function writes out, and the same expression for one value, so that a
function has one value however it is run."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

import numpy as np

from calclang.ir.op import Op

NAMES: dict[str, Any] = {
    name: getattr(math, name)
    for name in (
        "acos acosh asin asinh atan atan2 atanh cbrt ceil copysign cos cosh erf erfc exp expm1 fabs floor gamma hypot lgamma log log10 log1p "
        "log2 sin sinh sqrt tan tanh inf nan"
    ).split()
} | {"mpow": math.pow}


def template(op: Op, params: tuple[Any, ...]) -> str | None:
    """The Python expression of an elementwise row over {0}, {1}, …; None where there is none."""
    if op.name == "power":
        return _power(params[0])
    if op.name == "pow":
        return "mpow({0}, {1})"
    if op.native:
        return f"{op.native}({', '.join(f'{{{k}}}' for k in range(op.arity or 1))})"
    if not op.scalar or params:
        return None
    return f"({op.scalar})" if op.scalar[0] != "(" else op.scalar


def _power(n: float) -> str:
    if n in (1, 2, 3, 4):
        return " * ".join(["{0}"] * int(n))
    return {0.0: "(1.0 if {0} == {0} else {0})", 0.5: "sqrt({0} + 0.0)", -1.0: "1.0 / {0}"}.get(n, f"mpow({{0}}, {n!r})")


@lru_cache(maxsize=1024)
def _function(op: Op, params: tuple[Any, ...]) -> Callable[..., Any] | None:
    text = template(op, params)
    if text is None:
        return None
    names = [f"x{k}" for k in range(op.arity or 1)]
    # One expression of one row, for the interpreter, which stands below whoever compiles functions. It comes from the table of rows, and a
    # number in it is a parameter of the row written by `repr`: no character of a program is among them.
    made: Callable[..., Any] = eval(f"lambda {', '.join(names)}: {text.format(*names)}", NAMES)
    return made


def value(op: Op, arguments: Sequence[Any], params: tuple[Any, ...]) -> Any:
    """``op`` on NumPy arrays, or on numbers: of those as compiled code gives it, or as IEEE 754 does where that raises."""
    if op.kind == "fn" and all(type(x) is float or type(x) is bool for x in arguments) and (f := _function(op, params)) is not None:
        try:
            return f(*arguments)
        except (ValueError, ArithmeticError):
            pass
    return op.eval(np, *arguments, *params)
