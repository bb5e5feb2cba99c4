"""Numbers as text: for people with so many digits and in the format of their choice, or exact."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

WHOLE = 2.0**53  # below it every whole number is a float64
LONGEST_FIXED = 1e15


def number(x: Any, digits: int = 10, format: str = "auto") -> str:
    """One number or truth value: ``0.3`` for 0.1 + 0.2, ``1e+20`` as ``1e20``, never ``-0``.

    >>> [number(1234567.891, 5, format) for format in FORMATS]
    ['1.2346e6', '1234567.89100', '1.2346e6', '1.2346e6']
    >>> number(23456.0, 3, "engineering"), number(2.0**40), number(0.5, 2, "fixed")
    ('23.5e3', '1099511627776', '0.50')
    """
    if isinstance(x, bool | np.bool_):
        return str(bool(x)).lower()
    x = float(x) + 0.0
    return FORMATS[format](x, digits) if x - x == 0 else str(x)


def _auto(x: float, digits: int) -> str:
    """Whole numbers in full as long as they are exact, if ten digits or more are wanted."""
    if digits >= 10 and abs(x) < WHOLE and x == int(x) and float(f"{x:.{digits}g}") != x:
        return str(int(x))
    text = f"{x:.{digits}g}"
    return "0" if text == "-0" else _short(text)


def _short(text: str) -> str:
    """``1e-7`` for ``1e-07``."""
    mantissa, e, power = text.partition("e")
    return mantissa + (e and f"e{int(power)}")


def _fixed(x: float, digits: int) -> str:
    if abs(x) >= LONGEST_FIXED:
        return _scientific(x, digits)
    text = f"{x:.{digits}f}"
    return text if float(text) else text.lstrip("-")


def _scientific(x: float, digits: int) -> str:
    mantissa, _, power = f"{x:.{digits - 1}e}".partition("e")
    return f"{_trimmed(mantissa)}e{int(power)}" if x else "0"


def _engineering(x: float, digits: int) -> str:
    """The exponent is a multiple of three."""
    mantissa, _, power = f"{abs(x):.{digits - 1}e}".partition("e")
    before = 1 + int(power) % 3
    figures = mantissa.replace(".", "").ljust(before, "0")
    sign = "-" if x < 0 else ""
    return f"{sign}{_trimmed(f'{figures[:before]}.{figures[before:]}')}e{int(power) // 3 * 3}" if x else "0"


def _trimmed(mantissa: str) -> str:
    return mantissa.rstrip("0").rstrip(".") if "." in mantissa else mantissa


FORMATS: dict[str, Callable[[float, int], str]] = {"auto": _auto, "fixed": _fixed, "scientific": _scientific, "engineering": _engineering}


def reads_back(text: str, x: Any) -> bool:
    """Whether a text means this very number."""
    if text.strip() in ("true", "false"):  # in a column there is room before it
        return True
    value, x = float(text), float(x)
    return value == x or (value != value and x != x)


def exact(x: Any) -> str:
    """The shortest text that reads back as the same float64 or truth value.

    >>> exact(1.5e-7), exact(1e20), exact(0.1)
    ('1.5e-7', '1e20', '0.1')
    """
    if isinstance(x, bool | np.bool_):
        return str(bool(x)).lower()
    x = float(x)
    if abs(x) < 1e16 and x == int(x):
        return "-0" if x == 0 and str(x)[0] == "-" else str(int(x))
    return _short(repr(x))


def count(n: int, thing: str) -> str:
    """``1 row``, ``2 rows``."""
    return f"{n:,} {thing}" + ("" if n == 1 else "s")


TIMES = ((1.0, "s"), (1e-3, "ms"), (1e-6, "µs"), (1e-9, "ns"))
STORES = ((1e9, "GB"), (1e6, "MB"), (1e3, "kB"))


def duration(seconds: float) -> str:
    """Seconds with a fitting unit: ``1.5 ms``."""
    size, unit = next((t for t in TIMES if seconds >= t[0]), TIMES[-1])
    return f"{seconds / size:.3g} {unit}"


def storage(size: float) -> str:
    """Bytes with a fitting unit: ``1.5 kB``, ``8 bytes``."""
    unit = next((s for s in STORES if size >= s[0]), None)
    return count(round(size), "byte") if unit is None else f"{size / unit[0]:.3g} {unit[1]}"
