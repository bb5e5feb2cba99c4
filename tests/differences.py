"""Derivatives of a function of one number from its values alone: the referee of what no other system is at hand for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

LEVELS = 6  # of extrapolation: the step is halved as often
Line = Callable[[float], Any]


def extrapolated(difference: Callable[[float], float]) -> tuple[float, float]:
    """The limit of ``difference(h)``, even in h, for h to 0 by Richardson's extrapolation; and how far the last two estimates are apart."""
    table = [[difference(0.05 / 2**k)] for k in range(LEVELS)]
    for k in range(1, LEVELS):
        for j in range(1, k + 1):
            table[k].append(table[k][j - 1] + (table[k][j - 1] - table[k - 1][j - 1]) / (4**j - 1))
    steady = min(range(1, LEVELS), key=lambda k: abs(table[k][k] - table[k - 1][k - 1]))
    return table[steady][steady], abs(table[steady][steady] - table[steady - 1][steady - 1])


def slope(line: Line) -> tuple[float, float]:
    """The first derivative at 0, and how far off it may be."""
    return extrapolated(lambda h: (line(h) - line(-h)) / (2 * h))


def bend(line: Line) -> tuple[float, float]:
    """The second derivative at 0, and how far off it may be."""
    middle = line(0.0)
    return extrapolated(lambda h: (line(h) - 2 * middle + line(-h)) / h**2)
