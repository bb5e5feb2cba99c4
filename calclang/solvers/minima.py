"""Minima by SciPy's methods, of functions that are not defined everywhere."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import numpy as np

from calclang.record import record

# What SciPy calls a method -> the derivatives that it takes beside the gradient.
METHODS = {
    "trust-exact": "hessian", "newton-cg": "product", "trust-krylov": "product", "bfgs": "", "l-bfgs-b": "", "cg": "", "nelder-mead": "none",
}  # fmt: skip
SQUARES = {"trust-exact": 4, "trust-krylov": 4, "bfgs": 4}  # how many matrices of the size of a Hessian SciPy keeps
SECOND_ORDER = 60  # unknowns up to which the Hessian is worth forming
UNBOUNDED = 1e15  # a value below minus this counts as falling without bound
FLAT = 1e-8  # the curvature that counts along a straight line
STILL, SHORT = 60, 1e-60  # so many steps no longer than this are enough: at a corner a trust region shrinks to nothing


@record
class Objective:
    """A function of an array and its derivatives; each gives None where it is not defined."""

    value: Callable[[Any], Any]
    gradient: Callable[[Any], Any]
    hessian: Callable[[Any], Any]
    product: Callable[[Any, Any], Any]


@record
class Minimum:
    """Where a search ended: the point, value, gradient (None where there is none), steps. ``bend``: the smallest second derivative along a
    line where the method knows the Hessian and it is clearly negative, else 0."""

    x: Any
    value: float
    gradient: Any
    steps: int
    bend: float = 0.0

    @property
    def bounded(self) -> bool:
        return self.value > -UNBOUNDED


def suggested(unknowns: int) -> str:
    """The method that the number of unknowns suggests."""
    return "trust-exact" if unknowns <= SECOND_ORDER else "trust-krylov"


def minimum(of: Objective, start: Any, method: str, tolerance: float, most: int, seen: Callable[[Any], object]) -> Minimum:
    """A minimum near ``start``, where the function is defined. ``seen`` hears of the point of every step.

    >>> bowl = Objective(lambda x: float(x @ x), lambda x: 2*x, lambda x: 2*np.eye(2), lambda x, v: 2*v)
    >>> round(minimum(bowl, np.array([3.0, 4.0]), "trust-exact", 1e-8, 100, lambda x: None).value, 9)
    0.0
    """
    from scipy.optimize import minimize as search

    inside, path = Inside(of, _high(of.value(start))), Path(start, seen)
    uses: Any = METHODS[method]
    options: Any = {"maxiter": most}
    if uses != "none":
        options["gtol" if method != "newton-cg" else "xtol"] = tolerance
    if method.startswith("trust"):
        options["max_trust_radius"] = np.inf  # parameters may be of any size
    if method == "l-bfgs-b":
        options |= {"ftol": 0.0, "maxfun": 100 * most}  # a slow fall of the value is no reason to stop: the gradient is exact
    with np.errstate(all="ignore"), suppress(Over):  # SciPy's trust regions overflow where no step of theirs is taken
        found: Any = search(
            inside.value, start, method=method, options=options, tol=tolerance if uses == "none" else None,  # type: ignore[call-overload]
            jac=inside.gradient if uses != "none" else None, hess=inside.hessian if uses == "hessian" else None,
            hessp=inside.product if uses == "product" else None, callback=path.step,
        )  # fmt: skip
        return Minimum(found.x, float(found.fun), of.gradient(found.x), int(found.nit), _bend(inside, found.x) if uses == "hessian" else 0.0)
    value = of.value(path.x)
    return Minimum(path.x, -np.inf if inside.fell else float(value), of.gradient(path.x), path.steps)


class Over(Exception):
    """A search that has nothing left to find."""


@dataclass
class Path:
    """The steps of a search; one that stands still for long is over."""

    x: Any
    seen: Callable[[Any], object]
    steps: int = 0
    still: int = 0

    def step(self, x: Any) -> None:
        self.still = self.still + 1 if np.max(np.abs(x - self.x)) <= SHORT else 0
        self.x, self.steps = np.array(x), self.steps + 1
        self.seen(self.x)
        if self.still > STILL:
            raise Over


def _bend(inside: Inside, x: Any) -> float:
    """The smallest eigenvalue of the Hessian, if it is clearly negative; else 0."""
    values = np.linalg.eigvalsh(inside.hessian(x))
    return float(values[0]) if values[0] < -1e-6 * max(abs(values)) else 0.0


def _high(first: float) -> float:
    """The value that counts outside the domain: high, and still one that a line search can reckon with."""
    return first + 100 * (1 + abs(first))


@dataclass
class Inside:
    """An objective that is defined everywhere, as SciPy wants it: outside its domain high and flat. ``fell``: whether its value fell without bound."""

    of: Objective
    high: float
    fell: bool = False

    def value(self, x: Any) -> float:
        found = self.of.value(x)
        if found is not None and found < -UNBOUNDED:
            self.fell = True
            raise Over
        return self.high if found is None or np.isnan(found) or found == np.inf else float(found)

    def gradient(self, x: Any) -> Any:
        return _finite(self.of.gradient(x), np.zeros(len(x)))

    def hessian(self, x: Any) -> Any:
        return _finite(self.of.hessian(x), np.eye(len(x)))

    def product(self, x: Any, v: Any) -> Any:
        """Along a straight line SciPy's methods would take no step at all, not knowing where it ends; with a little curvature it ends far out."""
        found = _finite(self.of.product(x, v), v)
        return found if np.any(found) else FLAT * v


def _finite(found: Any, otherwise: Any) -> Any:
    return found if found is not None and np.isfinite(found).all() else otherwise
