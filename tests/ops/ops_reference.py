"""What every elementwise row should give, in high precision: functions nobody here wrote."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import mpmath as mp

from calclang.ops import Row

mp.mp.dps = 60


def _half_away(x: Any) -> Any:
    return mp.sign(x) * mp.floor(abs(x) + mp.mpf(1) / 2)


def _beta(x: Any, y: Any) -> Any:
    if max(x, y) < 1e15:
        return mp.beta(x, y)
    with mp.workdps(700):
        return mp.beta(x, y)


def _rise(x: Any, y: Any, n: int) -> Any:
    with mp.workdps(700 if abs(y) < 1e-30 * abs(x) else mp.mp.dps):
        return mp.polygamma(n, x + y) - mp.polygamma(n, x)


def _power(x: Any, y: Any) -> Any:
    return mp.mpf(0) if x == 0 and y > 0 else mp.power(x, y)


def _mod(x: Any, m: Any) -> Any:
    with mp.workdps(700):
        return x - m * mp.floor(x / m)


def _sinc_derivative(x: Any, k: int) -> Any:
    return (
        mp.quad(lambda s: s**k * mp.cos(x * s + k * mp.pi / 2), mp.linspace(0, 1, 2 + int(abs(x)) // 10))
        if abs(x) < 100
        else mp.diff(mp.sinc, x, k)
    )


def _pow_derivative(x: Any, y: Any, a: int, b: int) -> Any:
    return mp.diff(_power, (x, y), (a, b)) if x > 1e-200 else mp.nan


REFERENCE: dict[str, Callable[..., Any]] = {
    "add": lambda x, y: x + y, "sub": lambda x, y: x - y, "div": lambda x, y: x / y, "power": _power, "pow": _power,
    "pow_derivative": _pow_derivative, "above": lambda x, y: (1 + mp.sign(x - y)) / 2, "maximum": max, "minimum": min,
    "exp": mp.exp, "expm1": mp.expm1, "log": mp.log, "log1p": mp.log1p, "log2": lambda x: mp.log(x, 2), "log10": mp.log10,
    "sqrt": mp.sqrt, "cbrt": lambda x: mp.sign(x) * mp.cbrt(abs(x)),
    "sin": mp.sin, "cos": mp.cos, "tan": mp.tan, "sec": mp.sec, "csc": mp.csc, "cot": mp.cot,
    "asin": mp.asin, "acos": mp.acos, "atan": mp.atan, "asec": mp.asec, "acsc": mp.acsc, "acot": mp.acot,
    "sinh": mp.sinh, "cosh": mp.cosh, "tanh": mp.tanh, "sech": mp.sech, "csch": mp.csch, "coth": mp.coth,
    "asinh": mp.asinh, "acosh": mp.acosh, "atanh": mp.atanh, "asech": mp.asech, "acsch": mp.acsch, "acoth": mp.acoth,
    "atan2": mp.atan2, "hypot": mp.hypot, "cosine": lambda x, y: x / mp.hypot(x, y), "sine": lambda x, y: y / mp.hypot(x, y), "balance": lambda x: mp.tanh(x / 2), "hump": lambda x: mp.exp(-abs(x)) / (1 + mp.exp(-abs(x))) ** 2,
    "part_power": lambda x, r, q, odd: (mp.sign(x) if odd else 1) * (abs(x) / r) ** q, "over_squares": lambda a, b: a / (a * a + b * b), "unit": lambda x, r: x / r, "ratio": lambda x,
    y: x / y,
    "area": lambda x: x * mp.sqrt(1 - x * x), "one_minus_square": lambda x: 1 - x * x, "longer_leg": lambda x: mp.sqrt(x * x + 1),
    "shorter_leg": lambda x: mp.sqrt(x * x - 1),
    "abs": abs, "sign": mp.sign, "floor": mp.floor, "ceil": mp.ceil, "round": _half_away, "mod": _mod, "quotient": lambda x,
    m: mp.floor(x / m),
    "erf": mp.erf, "erfc": mp.erfc, "sinc": mp.sinc, "sinc_derivative": _sinc_derivative, "xlogy": lambda x,
    y: x * mp.log(y) if x else mp.mpf(0),
    "normal": mp.ncdf, "density": mp.npdf, "gamma": mp.gamma, "lgamma": lambda x: mp.re(mp.loggamma(x)), "digamma": mp.digamma, "beta": _beta, "bell": lambda x: mp.exp(-x * x), "polygamma": lambda x, n: mp.polygamma(n, x),
    "rise": _rise,
    "sigmoid": lambda x: 1 / (1 + mp.exp(-x)), "softplus": lambda x: mp.log1p(mp.exp(x)), "relu": lambda x: max(x, mp.mpf(0)),
    "step": lambda x: mp.mpf(1) if x > 0 else mp.mpf(0), "gelu": lambda x: x * mp.ncdf(x),
}  # fmt: skip


def reference(row: Row, arguments: Sequence[float], params: tuple[Any, ...]) -> Any:
    """The value in high precision; None where there is none (a pole, or the reference is not real)."""
    try:
        value = REFERENCE[row.name](*map(mp.mpf, arguments), *params)
    except (ZeroDivisionError, ValueError, OverflowError):
        return None
    return None if isinstance(value, mp.mpc) and value.imag or not mp.isfinite(value) else mp.re(value)
