"""Where a search for a minimum ends: what the second derivatives tell of the point, and Newton's last steps to it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from math import inf
from typing import Any

import numpy as np

from calclang.record import record
from calclang.solvers.search import EPS, Search

SECOND_ORDER = 60  # unknowns up to which the Hessian is worth forming
NEAR, FAR = 1e-11, 1e-6  # a step that is no larger part of the unknowns is none; one that is larger tells that the point is not well known
CONJUGATE = 20  # steps of conjugate gradients
UNBOUNDED = 1e15  # a value below minus this counts as falling without bound


@record
class Objective:
    """A function of an array and its derivatives; each gives None where it is not defined."""

    value: Callable[[Any], Any]
    gradient: Callable[[Any], Any]
    hessian: Callable[[Any], Any]
    product: Callable[[Any, Any], Any]


@record
class Minimum:
    """Where a search is, or ended: the point, value, gradient (None where there is none), steps, method. Of the Hessian, where it is worth
    forming: ``bend``, its smallest eigenvalue if that is clearly negative, else 0; ``flat``, whether it is zero; ``far``, the length of
    Newton's next step if that is no small part of the unknowns, else 0; ``fall``, by how much the value would fall then."""

    x: Any
    value: float
    gradient: Any
    steps: int
    method: str = ""
    bend: float = 0.0
    flat: bool = False
    far: float = 0.0
    fall: float = inf

    @property
    def bounded(self) -> bool:
        return self.value > -UNBOUNDED

    @property
    def slope(self) -> float:
        """The largest entry of the gradient; infinite where it is not finite."""
        known = self.gradient is not None and np.isfinite(self.gradient).all()
        return float(np.max(np.abs(self.gradient), initial=0.0)) if known else inf

    @property
    def rounded(self) -> bool:
        """Whether the value can fall no further, numbers being rounded."""
        return self.fall <= 4 * EPS * abs(self.value)


def judged(of: Objective, found: Minimum, search: Search, steps: int) -> Minimum:
    """What the Hessian tells of a point, after at most so many ``steps`` of Newton's, each of which must make the gradient ten times smaller.

    >>> bowl = Objective(lambda x: float(x @ x), lambda x: 2*x, lambda x: 2*np.eye(2), lambda x, v: 2*v)
    >>> judged(bowl, Minimum(np.ones(2), 2.0, 2*np.ones(2), 0), Search(1e-8, 100, 1.0, lambda x, size: None), 10).value
    0.0
    """
    while found.slope < inf:
        hessian = of.hessian(found.x)
        if hessian is None or not np.isfinite(hessian).all():
            break
        lengths = np.sqrt(np.abs(np.diag(hessian)))
        lengths[lengths == 0] = 1.0
        step = _step(hessian, found.gradient, lengths)
        if step is None:
            return replace(found, bend=_bend(hessian), flat=not np.any(hessian))
        part = np.max(np.abs(step) / (search.scale + np.abs(found.x)))
        found = replace(found, far=float(np.max(np.abs(step))) if part > FAR else 0.0, fall=-float(found.gradient @ step) / 2)
        better = _moved(of, found, step, lengths) if part > NEAR and steps > 0 else None
        if better is None:
            break
        found, steps = better, steps - 1
        search.seen(found.x, found.value)
    return found


def judged_by_products(of: Objective, found: Minimum) -> Minimum:
    """Of a point with more unknowns, where a method gave up: by how much the value would fall at least, by a few steps of conjugate gradients
    towards Newton's."""
    from scipy.sparse.linalg import LinearOperator, cg

    def product(v: Any) -> Any:
        along = of.product(found.x, np.ravel(v))
        return np.full(len(found.x), np.nan) if along is None else along

    n = len(found.x)
    step, _ = cg(LinearOperator((n, n), matvec=product, dtype=float), -found.gradient, maxiter=CONJUGATE)
    fall = -float(found.gradient @ step) / 2
    return replace(found, fall=fall) if 0 <= fall < inf else found


def _step(hessian: Any, gradient: Any, lengths: Any) -> Any:
    """Newton's step; None where the Hessian is not positive definite. The unknowns, which may be of any size, are scaled."""
    scaled = hessian / np.outer(lengths, lengths)
    try:
        np.linalg.cholesky(scaled)
        return -np.linalg.solve(scaled, gradient / lengths) / lengths
    except np.linalg.LinAlgError:
        return None


def _moved(of: Objective, found: Minimum, step: Any, lengths: Any) -> Minimum | None:
    """The point after a step, if the gradient is much smaller there and the value no larger but for rounding."""
    x = found.x + step
    value, gradient = of.value(x), of.gradient(x)
    if value is None or gradient is None or not value <= found.value + 4 * EPS * abs(found.value):
        return None
    smaller = np.linalg.norm(gradient / lengths) <= np.linalg.norm(found.gradient / lengths) / 10
    return replace(found, x=x, value=float(value), gradient=gradient, steps=found.steps + 1) if smaller else None


def _bend(hessian: Any) -> float:
    """The smallest eigenvalue, if it is clearly negative; else 0."""
    values = np.linalg.eigvalsh(hessian)
    return float(values[0]) if values[0] < -1e-6 * max(abs(values)) else 0.0
