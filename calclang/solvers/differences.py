"""Derivatives from values alone: differences, extrapolated. Nothing here reads a rule of differentiation."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from calclang.progress import each
from calclang.record import record

Of = Callable[[Any], Any]  # of a step away from the point; None where it is not defined
STEPS = 8  # difference quotients of one extrapolation
SMALLEST = 1e-6  # the first step that is tried last, near the end of a domain


@record
class Estimate:
    """A derivative, and how far rounding alone may put it off."""

    value: Any
    rounding: float


def first(f: Of, n: int) -> Estimate | None:
    """The Jacobian, entries of the value by directions; None where the function is not defined on both sides.

    >>> found = first(lambda step: np.array([(3.0 + step[0]) ** 2]), 1)
    >>> round(float(found.value[0, 0]), 9)
    6.0
    """
    return _stacked([_extrapolated(partial(_slope, f, _unit(n, k)), 0.02) for k in each("check", range(n), 1)], -1)


def second(f: Of, n: int) -> Estimate | None:
    """Second derivatives: value × n × n."""
    rows = [_stacked([_extrapolated(partial(_bend, f, _unit(n, a), _unit(n, b)), 0.05) for b in range(n)], -1) for a in each("check", range(n), 1)]
    return _stacked(rows, -2)


def _unit(n: int, k: int) -> Any:
    """The direction of one unknown; all of them at once would be a matrix."""
    found = np.zeros(n)
    found[k] = 1.0
    return found


def _stacked(parts: list[Estimate | None], axis: int) -> Estimate | None:
    known = [p for p in parts if p is not None]
    if len(known) < len(parts):
        return None
    return Estimate(np.stack([p.value for p in known], axis=axis), max((p.rounding for p in known), default=0.0))


def _slope(f: Of, direction: Any, h: float) -> tuple[Any, float] | None:
    """A central difference, and the size of a rounding error in it."""
    return _quotient([(1.0, f(h * direction)), (-1.0, f(-h * direction))], 2 * h)


def _bend(f: Of, a: Any, b: Any, h: float) -> tuple[Any, float] | None:
    """A second difference."""
    return _quotient([(1.0, f(h * (a + b))), (-1.0, f(h * (a - b))), (-1.0, f(h * (b - a))), (1.0, f(-h * (a + b)))], 4 * h * h)


def _quotient(terms: list[tuple[float, Any]], by: float) -> tuple[Any, float] | None:
    if any(value is None or not np.isfinite(value).all() for _, value in terms):
        return None
    largest = max(float(np.max(np.abs(value), initial=0.0)) for _, value in terms)
    return sum(sign * value for sign, value in terms) / by, 1e-14 * largest / by  # a few roundings, as the extrapolation adds them up


def _extrapolated(quotient: Callable[[float], tuple[Any, float] | None], h: float) -> Estimate | None:
    """Richardson extrapolation of an even difference quotient, with the step where neighbouring columns agree best
    (C. J. F. Ridders, Advances in Engineering Software 4, 1982). Near the end of a domain it begins with a smaller step."""
    while quotient(h) is None:
        h /= 8
        if h < SMALLEST:
            return None
    best, best_error = Estimate(np.nan, 0.0), np.inf
    previous: list[Any] = []
    for _ in range(STEPS):
        if (found := quotient(h)) is None:
            return None
        row = [found[0]]
        factor = 1.0
        for old in previous:
            factor *= 2.0
            row.append((row[-1] * factor - old) / (factor - 1.0))
            error = float(np.max(np.maximum(np.abs(row[-1] - row[-2]), np.abs(row[-1] - old)), initial=0.0))
            if error <= best_error:
                best, best_error = Estimate(row[-1], found[1]), error
        previous = row
        h /= 2.0**0.5
    return best
