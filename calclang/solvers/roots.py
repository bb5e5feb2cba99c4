"""A root, by one method after another until one finds it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np

from calclang.solvers.newton import Root, System, newton
from calclang.solvers.search import Search

MANY = 200  # unknowns beyond which factorisations inside MINPACK take minutes
WIDEST = 60  # doublings of an interval around the start
NEAREST = 1e-60  # a root that is zero is found to this: the value of cbrt is still 1e-20 there


def root(of: System, x: Any, value: Any, search: Search) -> Root:
    """A root near x, where ``value`` is the function's; else the point with the smallest value of all that the methods found.

    >>> beside = System(lambda x: x**2 - 2, lambda x: np.diag(2*x))
    >>> found = root(beside, np.zeros(1), -2*np.ones(1), Search(1e-12, 100, 1.0, lambda x, size: None))
    >>> found.found, round(abs(float(found.x[0])), 9), found.method
    (True, 1.414213562, "Brent's method")
    """
    start, ends = Root(x, value), []
    with np.errstate(all="ignore"):  # far out lengths overflow
        for name, method in METHODS.items():
            if (now := method(of, start, search)) is None:
                continue
            ends.append(replace(now, method=name))
            if now.found:
                return ends[-1]
            start = replace(start, steps=now.steps)
    return replace(min(ends, key=lambda one: (one.size, one.why != "jump")), steps=start.steps)


@dataclass
class Path:
    """The values that a library asks for, which become steps where they are the smallest so far. Outside the domain they are nan, which
    MINPACK takes for no step."""

    of: System
    best: Root
    search: Search

    def value(self, x: Any) -> Any:
        value = self.of.value(x)
        if value is None or not np.isfinite(value).all():
            return np.full(len(x), np.nan)
        if (now := Root(np.array(x), value, self.best.steps + 1)).size < self.best.size:
            self.best = now
            self.search.seen(now.x, now.residual)
        return value

    def jacobian(self, x: Any) -> Any:
        slopes = self.of.jacobian(x)
        return np.full((len(x), len(x)), np.nan) if slopes is None else slopes


def minpack(method: str, of: System, start: Root, search: Search) -> Root | None:
    """Where one of MINPACK's methods ends, and Newton's method from there."""
    from scipy.optimize import root as solve

    if len(start.x) > MANY:
        return None
    path = Path(of, start, search)
    options: Any = {"xtol": 1e-15, "maxiter" if method == "lm" else "maxfev": 2 * search.most}
    solve(path.value, start.x, method=method, jac=path.jacobian, options=options)  # type: ignore[call-overload]
    return newton(of, path.best, search, memory=1)


def between(of: System, start: Root, search: Search) -> Root | None:
    """One unknown: a root between two places where the value differs in sign, the nearest that an interval meets whose halves double."""
    from scipy.optimize import brentq

    if len(start.x) > 1:
        return None
    path = Path(of, start, search)
    value: Callable[[float], float] = lambda x: float(path.value(np.array([x]))[0])
    if (places := _places(value, float(start.x[0]), float(start.value[0]), 0.1 * float(np.max(search.scale + np.abs(start.x))))) is None:
        return None
    try:
        x = np.array([brentq(value, *places, xtol=NEAREST, rtol=1e-15, maxiter=2_000, disp=False)])
    except ValueError:  # between them the function is not defined everywhere
        return None
    if (here := of.value(x)) is None:
        return None
    now = newton(of, Root(x, here, path.best.steps), search, memory=1)
    return now if now.found or now.residual > path.best.residual else replace(now, why="jump")


def _places(value: Callable[[float], float], x: float, here: float, width: float) -> tuple[float, float] | None:
    """Two places with values of different sign, one of them nearer to x; None where none are found."""
    last = {-1: (x, here), 1: (x, here)}
    for _ in range(WIDEST):
        for side, (near, at) in last.items():
            far = x + side * width
            if at * (found := value(far)) < 0:
                return near, far
            if np.isfinite(found):
                last[side] = far, found
        width *= 2
    return None


# What is tried, in order, where those before it found no root.
FIRST = "Newton's method"
METHODS: dict[str, Callable[[System, Root, Search], Root | None]] = {
    FIRST: newton,
    "Newton's method, falling at every step": partial(newton, memory=1),
    "Brent's method": between,
    "Levenberg and Marquardt's method": partial(minpack, "lm"),
    "Powell's hybrid method": partial(minpack, "hybr"),
    "Newton's method without damping": partial(newton, memory=0),
}
