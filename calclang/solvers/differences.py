"""Derivatives from values alone: differences, extrapolated. Nothing here reads a rule of differentiation."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import numpy as np

from calclang.progress import each
from calclang.record import record

Of = Callable[[Any], Any]  # of a step away from the point; None where it is not defined
Quotient = Callable[[float], "tuple[Any, float] | None"]  # of a step: the quotient, and the size of a rounding error in it
STEPS = 8  # difference quotients of one extrapolation
FINER = (1.0, 1e-2, 1e-4, 1e-6)  # first steps that are tried where a function changes quickly, and at last a part of the number itself
SHORTER = 5  # how often a first step is cut where it leaves the domain
LEAST = 1e-323  # where values underflow
SURE = 1e-9  # an extrapolation that says itself that it is so near, relatively, is good enough


@record
class Estimate:
    """A derivative, how far rounding alone may put it off, and how far the extrapolation may besides, as it says itself."""

    value: Any
    rounding: float
    doubt: float = 0.0

    @property
    def size(self) -> float:
        """The largest entry of the derivative."""
        return float(np.max(np.abs(self.value), initial=0.0))

    @property
    def uncertain(self) -> float:
        """How far it may be off, relatively."""
        return (self.doubt + self.rounding) / max(self.size, 1e-300)


def first(f: Of, sizes: Sequence[float]) -> Estimate | None:
    """The Jacobian, entries of the value by directions, each with the size of the number that is moved; None where the function is not
    defined on both sides.

    >>> found = first(lambda step: np.array([(3.0 + step[0]) ** 2]), [3.0])
    >>> round(float(found.value[0, 0]), 9)
    6.0
    """
    n = len(sizes)
    return _stacked([_estimated(partial(_slope, f, _unit(n, k)), 0.02, sizes[k]) for k in each("check", range(n), 1)], -1)


def second(f: Of, sizes: Sequence[float]) -> Estimate | None:
    """Second derivatives: value × n × n."""
    n = len(sizes)
    rows = [
        _stacked([_estimated(partial(_bend, f, _unit(n, a), _unit(n, b)), 0.05, min(sizes[a], sizes[b])) for b in range(n)], -1)
        for a in each("check", range(n), 1)
    ]
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
    largest = [max((getattr(p, name) for p in known), default=0.0) for name in ("rounding", "doubt")]
    return Estimate(np.stack([p.value for p in known], axis=axis), *largest)


def _slope(f: Of, direction: Any, h: float) -> tuple[Any, float] | None:
    """A central difference, and the size of a rounding error in it."""
    return _quotient([(1.0, f(h * direction)), (-1.0, f(-h * direction))], 2 * h)


def _bend(f: Of, a: Any, b: Any, h: float) -> tuple[Any, float] | None:
    """A second difference."""
    return _quotient([(1.0, f(h * (a + b))), (-1.0, f(h * (a - b))), (-1.0, f(h * (b - a))), (1.0, f(-h * (a + b)))], 4 * h * h)


def _quotient(terms: list[tuple[float, Any]], by: float) -> tuple[Any, float] | None:
    if not by or any(value is None or not np.isfinite(value).all() for _, value in terms):
        return None
    largest = max(float(np.max(np.abs(value), initial=0.0)) for _, value in terms)
    return sum(sign * value for sign, value in terms) / by, (1e-14 * largest + LEAST) / by  # a few roundings, as the extrapolation adds them up


def _estimated(quotient: Quotient, h: float, size: float) -> Estimate | None:
    """The extrapolation that is least uncertain, of several first steps; None where there is none."""
    best: Estimate | None = None
    for start in (*(h * finer for finer in FINER), h * size):
        found = _extrapolated(quotient, start)
        if found is not None and (best is None or found.uncertain < best.uncertain):
            best = found
        if best is not None and best.doubt <= max(best.rounding, SURE * best.size):
            break
    return best


def _extrapolated(quotient: Quotient, h: float) -> Estimate | None:
    """Richardson extrapolation of an even difference quotient, with the step where neighbouring columns agree best
    (C. J. F. Ridders, Advances in Engineering Software 4, 1982). Near the end of a domain it begins with a smaller step."""
    for _ in range(SHORTER):
        if quotient(h) is not None:
            break
        h /= 8
    else:
        return None
    best = Estimate(np.nan, 0.0, np.inf)
    previous: list[Any] = []
    for _ in range(STEPS):
        if (now := quotient(h)) is None:
            return None
        row = [now[0]]
        factor = 1.0
        for old in previous:
            factor *= 2.0
            row.append((row[-1] * factor - old) / (factor - 1.0))
            doubt = float(np.max(np.maximum(np.abs(row[-1] - row[-2]), np.abs(row[-1] - old)), initial=0.0))
            if doubt <= best.doubt:
                best = Estimate(row[-1], now[1], doubt)
        previous = row
        h /= 2.0**0.5
    return best
