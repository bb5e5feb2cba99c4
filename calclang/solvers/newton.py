"""Newton's method for as many equations as unknowns."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from math import inf, sqrt
from typing import Any

import numpy as np

from calclang.record import record
from calclang.solvers.search import EPS, Search

MEMORY = 5  # a step is good where the value becomes smaller than the largest of so many before it
NEAR, FAR = 1e-12, 1e-9  # a step that is no larger part of a root is none; one that is larger tells that the root is not well known
LEVEL = 1e-3  # where a step as long as the unknowns would lower the value by less than this part of it, there is no way down


@record
class System:
    """Equations, as a function that should become zero, and its Jacobian; each gives None where it is not defined."""

    value: Callable[[Any], Any]
    jacobian: Callable[[Any], Any]


@record
class Root:
    """Where a search is, or ended: the point, the value there, the steps it took; ``found``: whether the point is a root."""

    x: Any
    value: Any
    steps: int = 0
    found: bool = False
    rounded: bool = False  # the value is not zero only because numbers are rounded
    doubt: float = 0.0  # how far a root may be off, where that is more than a few of its last digits: as Newton's next step says
    singular: bool = False  # whether the Jacobian of a root is
    why: str = ""  # where no root was found: fades, level, most, edge, jump
    method: str = ""

    @property
    def residual(self) -> float:
        """The largest entry of the value."""
        return float(np.max(np.abs(self.value), initial=0.0))

    @property
    def size(self) -> float:
        """The length of the value."""
        return length(self.value)


def length(value: Any) -> float:
    """The length of a vector, also where squares would overflow."""
    largest = float(np.max(np.abs(value), initial=0.0))
    return largest * float(np.linalg.norm(value / largest)) if 0 < largest < inf else largest


def newton(of: System, start: Root, search: Search, memory: int = MEMORY) -> Root:
    """A root near the start.

    A step is halved until the value is smaller than the largest of the last few, as many as ``memory`` says (L. Grippo, F. Lampariello and
    S. Lucidi, SIAM J. Numer. Anal. 23, 1986): one that had to fall at every step would creep along the bottom of curved valleys. Without
    memory every step is taken that stays in the domain. A small value makes no root: that of 1/x falls for ever. It is one where Newton's
    next step hardly moves, or where the value is zero. Small is what the tolerance says, and also what the last digit of x makes of the
    value: no number is a better root then.

    >>> found = newton(System(lambda x: x**2 - 2, lambda x: np.diag(2*x)), Root(np.ones(1), -np.ones(1)), Search(1e-12, 100, 1.0, lambda x, size: None))
    >>> found.found, round(float(found.x[0]), 9)
    (True, 1.414213562)
    """
    now = best = start
    sizes = [start.size]
    rounding = sqrt(search.tolerance) * max(start.residual, 1.0)  # a value above this is not made by rounding
    while now.residual > 0:
        slopes = of.jacobian(now.x)
        direction = _direction(slopes, now.value)
        short = direction is not None and _short(direction, now, slopes, search)
        if short and now.residual <= search.tolerance:
            break
        if short and _rounded(now, slopes, rounding):
            return _root(of, replace(now, rounded=True), search)
        over = direction is None or now.steps - start.steps >= search.most
        step = None if over else _halved(of, now, direction, max(sizes[-memory:]) if memory else inf)
        if step is None and short and now.residual <= rounding and not over:  # none of the numbers between here and the root is better
            return _root(of, replace(now, rounded=True), search)
        if step is None:
            return _none(of, replace(best, steps=now.steps), search, now.steps - start.steps)
        now = Root(*step, now.steps + 1)
        best = min(best, now, key=lambda root: root.size)
        sizes.append(now.size)
        search.seen(now.x, now.residual)
    return _root(of, now, search)


def _short(direction: Any, now: Root, jacobian: Any, search: Search) -> bool:
    """Whether a step hardly moves, and leads to a root as far as the Jacobian tells."""
    leads = length(jacobian @ direction + now.value) <= now.size / 2
    return bool(leads and np.all(np.abs(direction) <= sqrt(search.tolerance) * (search.scale + np.abs(now.x))))


def _rounded(now: Root, jacobian: Any, most: float) -> bool:
    """Whether the value changes by more than itself when x does by its last digits: then it is that of a root but for rounding. Where these
    changes are above ``most`` they say nothing: far out the sine of neighbours is any number."""
    changes = 4 * EPS * (np.abs(jacobian) @ np.abs(now.x))
    return bool(np.all(np.abs(now.value) <= np.minimum(changes, most)))


def _direction(jacobian: Any, value: Any) -> Any:
    """Newton's step: by least squares where the Jacobian is singular, with its columns scaled to one size, for unknowns may be of any; None
    where it is not finite."""
    if jacobian is None or not np.isfinite(jacobian).all():
        return None
    try:
        found = np.linalg.solve(jacobian, -value)
    except np.linalg.LinAlgError:
        lengths = _lengths(jacobian)
        found = np.linalg.lstsq(jacobian / lengths, -value, rcond=None)[0] / lengths
    return found if np.isfinite(found).all() else None


def _lengths(jacobian: Any) -> Any:
    """The lengths of the columns, 1 for one of zeros."""
    found = np.linalg.norm(jacobian, axis=0)
    return np.where(found == 0, 1.0, found)


def _halved(of: System, now: Root, direction: Any, size: float) -> tuple[Any, Any] | None:
    """A step, halved until the value falls below ``size``, by Armijo's rule: the new point and value. None where none does."""
    part = 1.0
    while part > 1e-10:
        x = now.x + part * direction
        if np.array_equal(x, now.x):
            return None
        value = of.value(x)
        if value is not None and length(value) <= (1 - 1e-4 * part) * size:
            return x, value
        part /= 2
    return None


def _root(of: System, at: Root, search: Search) -> Root:
    """A root, and how well it is known. Newton's steps go on where a simple root is known to few digits: there each gives as many again."""
    while True:
        slopes = of.jacobian(at.x)
        direction = _direction(slopes, at.value)
        if direction is None:
            return replace(at, found=True)
        part = np.max(np.abs(direction) / (search.scale + np.abs(at.x)))
        value = of.value(at.x + direction) if part > NEAR else None
        if value is None or not length(value) <= at.size / 10:
            break
        at = replace(at, x=at.x + direction, value=value, steps=at.steps + 1)
        search.seen(at.x, at.residual)
    doubt = float(np.max(np.abs(direction))) if part > FAR else 0.0
    return replace(at, found=True, doubt=doubt, singular=int(np.linalg.matrix_rank(slopes / _lengths(slopes))) < len(at.x))


def _none(of: System, best: Root, search: Search, steps: int) -> Root:
    """The best point of a search that found no root, and what stopped it."""
    slopes = of.jacobian(best.x)
    if best.residual <= search.tolerance:
        why = "fades"
    elif slopes is None or not np.isfinite(slopes).all():
        why = "edge"
    elif np.max(np.abs((best.value / best.size) @ (slopes / best.size)) * (search.scale + np.abs(best.x))) <= LEVEL:
        why = "level"
    else:
        why = "most" if steps >= search.most else "edge"
    return replace(best, why=why)
