"""Newton's method for as many equations as unknowns."""

from __future__ import annotations

from collections.abc import Callable
from math import sqrt
from typing import Any

import numpy as np

from calclang.record import record

EPS = 2.0**-52
Partial = Callable[[Any], Any]  # of an array; None where it is not defined


@record
class Root:
    """Where a search ended: the point, the value there, the steps it took; ``found``: whether the point is a root."""

    x: Any
    value: Any
    steps: int
    found: bool
    rounded: bool = False  # the value is not zero only because numbers are rounded

    @property
    def residual(self) -> float:
        """The largest entry of the value."""
        return float(np.max(np.abs(self.value), initial=0.0))


def newton(function: Partial, jacobian: Partial, x: Any, value: Any, tolerance: float, most: int, seen: Callable[[Root], object]) -> Root:
    """A root near x, where ``value`` is the function's. ``seen`` hears of every step.

    A small value makes no root: that of 1/x falls for ever. It is one where Newton's next step hardly moves, or where the value is zero. Small
    is what ``tolerance`` says, and also what the last digit of x makes of the value: no number is a better root then.

    >>> found = newton(lambda x: x**2 - 2, lambda x: np.diag(2*x), np.ones(1), -np.ones(1), 1e-12, 100, lambda root: None)
    >>> found.found, round(float(found.x[0]), 9)
    (True, 1.414213562)
    """
    now = Root(x, value, 0, False)
    scale = max(now.residual, 1.0)
    while now.residual > 0:
        slopes = jacobian(now.x)
        direction = _direction(slopes, now.value)
        if direction is not None and _short(direction, now.x, tolerance):
            if now.residual <= tolerance:
                break
            if _rounded(now, slopes, sqrt(tolerance) * scale):
                return Root(now.x, now.value, now.steps, True, rounded=True)
        step = _halved(function, now, direction) if direction is not None and now.steps < most else None
        if step is None:
            return now
        seen(now := Root(*step, now.steps + 1, False))
    return Root(now.x, now.value, now.steps, True)


def _short(direction: Any, x: Any, tolerance: float) -> bool:
    """Whether a step hardly moves. (Towards a double root steps are as long as the square root of the value.)"""
    return bool(np.max(np.abs(direction)) <= sqrt(tolerance) * (1 + np.max(np.abs(x))))


def _rounded(now: Root, jacobian: Any, most: float) -> bool:
    """Whether the value changes by more than itself when x does by its last digits: then it is that of a root but for rounding. Where these
    changes are above ``most`` they say nothing: far out the sine of neighbours is any number."""
    changes = 4 * EPS * (np.abs(jacobian) @ np.abs(now.x))
    return bool(np.all(np.abs(now.value) <= np.minimum(changes, most)))


def _direction(jacobian: Any, value: Any) -> Any:
    """Newton's step: by least squares where the Jacobian is singular, None where it is not finite."""
    if jacobian is None or not np.isfinite(jacobian).all():
        return None
    try:
        return np.linalg.solve(jacobian, -value)
    except np.linalg.LinAlgError:
        return np.linalg.lstsq(jacobian, -value, rcond=None)[0]


def _halved(function: Partial, now: Root, direction: Any) -> tuple[Any, Any] | None:
    """A step, halved until the value falls (Armijo's rule for the sum of squares): the new point and value. None where none does."""
    length = 1.0
    while length > 1e-10:
        x = now.x + length * direction
        value = function(x)
        if value is not None and np.linalg.norm(value) <= (1 - 1e-4 * length) * np.linalg.norm(now.value):
            return x, value
        length /= 2
    return None
