"""Minima by SciPy's methods, of functions that are not defined everywhere."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from math import inf
from typing import Any

import numpy as np

from calclang.solvers.ends import SECOND_ORDER, UNBOUNDED, Minimum, Objective, judged, judged_by_products
from calclang.solvers.search import Search

# What SciPy calls a method -> the derivatives that it takes beside the gradient.
METHODS = {
    "trust-exact": "hessian", "newton-cg": "product", "trust-krylov": "product", "bfgs": "", "l-bfgs-b": "", "cg": "", "nelder-mead": "none",
}  # fmt: skip
SQUARES = {"trust-exact": 4, "trust-krylov": 4, "bfgs": 4}  # how many matrices of the size of a Hessian SciPy keeps
FLAT = 1e-8  # the curvature that counts along a straight line
STILL, SHORT = 60, 1e-60  # so many steps no longer than this are enough: at a corner a trust region shrinks to nothing
AGAIN, LOWER = 10, 1e-9  # how often a method that gave up begins again, if the value has fallen by this part of it since


def suggested(unknowns: int) -> tuple[str, ...]:
    """The methods that the number of unknowns suggests: the second where the first gives up, as at corners."""
    return ("trust-exact" if unknowns <= SECOND_ORDER else "trust-krylov"), "l-bfgs-b"


def minimum(of: Objective, start: Any, methods: Sequence[str], search: Search) -> Minimum:
    """A minimum near ``start``, where the function is defined, by one method after another, each from there, until one comes to an end.

    >>> bowl = Objective(lambda x: float(x @ x), lambda x: 2*x, lambda x: 2*np.eye(2), lambda x, v: 2*v)
    >>> round(minimum(bowl, np.array([3.0, 4.0]), ["trust-exact"], Search(1e-8, 100, 1.0, lambda x, size: None)).value, 9)
    0.0
    """
    first = Minimum(start, float(of.value(start)), of.gradient(start), 0, methods[0])
    with np.errstate(all="ignore"):  # SciPy's trust regions overflow where no step of theirs is taken
        best = first
        for method in methods:
            now = _repeated(of, replace(first, steps=best.steps), method, search)
            if now.bounded and len(start) <= SECOND_ORDER:
                now = judged(of, now, search, search.most - now.steps if METHODS[method] == "hessian" else 0)
            elif now.bounded and search.tolerance < now.slope < inf:
                now = judged_by_products(of, now)
            best = now if now.value <= best.value else replace(best, steps=now.steps)
            if not now.bounded or now.steps >= search.most or now.slope <= search.tolerance or now.slope == inf or now.rounded:
                break
    return best


def _repeated(of: Objective, now: Minimum, method: str, search: Search) -> Minimum:
    """Where one method comes from a point, if it begins again where it gave up as long as that helps."""
    for _ in range(AGAIN):
        before, now = now, _once(of, now, method, search)
        if not now.bounded or now.steps >= search.most or now.slope <= search.tolerance or not now.value < before.value - LOWER * abs(before.value):
            break
    return now


def _once(of: Objective, now: Minimum, method: str, search: Search) -> Minimum:
    """Where one method comes from a point."""
    from scipy.optimize import minimize

    start, most = now.x, search.most - now.steps
    inside, path = Inside(of, _high(of.value(start)), method == "newton-cg"), Path(of, start, search)
    uses: Any = METHODS[method]
    options: Any = {"maxiter": most}
    if uses != "none":
        options["gtol" if method != "newton-cg" else "xtol"] = search.tolerance
    if method.startswith("trust"):
        options["max_trust_radius"] = np.inf  # parameters may be of any size
    if method == "l-bfgs-b":
        options |= {"ftol": 0.0, "maxfun": 100 * most}  # a slow fall of the value is no reason to stop: the gradient is exact
    with suppress(Over):
        found: Any = minimize(
            inside.value, start, method=method, options=options, tol=search.tolerance if uses == "none" else None,  # type: ignore[call-overload]
            jac=inside.gradient if uses != "none" else None, hess=inside.hessian if uses == "hessian" else None,
            hessp=inside.product if uses == "product" else None, callback=path.step,
        )  # fmt: skip
        if not found.fun <= now.value:
            return replace(now, steps=now.steps + int(found.nit))
        return Minimum(found.x, float(found.fun), of.gradient(found.x), now.steps + int(found.nit), method)
    value = -inf if inside.fell else float(of.value(path.x))
    return Minimum(path.x, value, of.gradient(path.x), now.steps + path.steps, method)


class Over(Exception):
    """A search that has nothing left to find."""


@dataclass
class Path:
    """The steps of a search; one that stands still for long is over."""

    of: Objective
    x: Any
    search: Search
    steps: int = 0
    still: int = 0

    def step(self, x: Any) -> None:
        self.still = self.still + 1 if np.max(np.abs(x - self.x)) <= SHORT else 0
        self.x, self.steps = np.array(x), self.steps + 1
        self.search.seen(self.x, self.of.value(self.x))
        if self.still > STILL:
            raise Over


def _high(first: float) -> float:
    """The value that counts outside the domain: high, and still one that a line search can reckon with."""
    return first + 100 * (1 + abs(first))


@dataclass
class Inside:
    """An objective that is defined everywhere, as SciPy wants it: outside its domain high and flat. ``lines``: whether the
    method searches along lines. ``fell``: whether the value fell without bound; ``level`` and ``steep``: the last value, and square of a gradient."""

    of: Objective
    high: float
    lines: bool
    fell: bool = False
    level: float = 0.0
    steep: float = 0.0

    def value(self, x: Any) -> float:
        found = self.of.value(x)
        if found is not None and found < -UNBOUNDED:
            self.fell = True
            raise Over
        self.level = self.high if found is None or np.isnan(found) or found == np.inf else float(found)
        return self.level

    def gradient(self, x: Any) -> Any:
        found = _finite(self.of.gradient(x), np.zeros(len(x)))
        self.steep = float(found @ found)
        return found

    def hessian(self, x: Any) -> Any:
        return _finite(self.of.hessian(x), np.eye(len(x)))

    def product(self, x: Any, v: Any) -> Any:
        """Along a straight line SciPy's methods would take no step at all, not knowing where it ends. With a little curvature it ends far out,
        which a trust region shortens; a line search is led to where the value would be zero (B. T. Polyak's step)."""
        found = _finite(self.of.product(x, v), v)
        if np.any(found):
            return found
        return (self.steep / abs(self.level) if self.lines and self.level and self.steep else FLAT) * v


def _finite(found: Any, otherwise: Any) -> Any:
    return found if found is not None and np.isfinite(found).all() else otherwise
