"""Numerical derivatives from values alone: what `check` compares with. Nothing here reads a rule of differentiation."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from calclang.functions import make_function
from calclang.lower.derivatives import chosen, leaves
from calclang.lower.lowered import Low
from calclang.progress import each
from calclang.values import Parts, Row

if TYPE_CHECKING:
    from calclang.commands.clauses import Request
    from calclang.session import Session


def differentiate(session: Session, asked: Request) -> Any:
    """The derivative that was asked for, as a flat array in the operator's layout."""
    assert asked.point is not None
    fn: Any = make_function(session, asked.function)
    point = [session.value(p) for p in asked.point]
    places = chosen(asked.function, len(point), asked.options, asked.span)
    sizes = [np.size(_plain(point[p])) for p in places]

    def f(step: Any) -> Any:
        moved, start = list(point), 0
        for place, size in zip(places, sizes, strict=True):
            moved[place] = _moved(point[place], step[start : start + size])
            start += size
        return _all_numbers(fn(*moved))

    n = sum(sizes)
    second = asked.operator in ("hessian", "hvp", "laplacian")
    matrix = _second(f, n) if second else _first(f, n)
    return _layout(asked, matrix, sizes, n)


def _plain(value: Any) -> Any:
    return value.array if isinstance(value, Row) else value


def _moved(value: Any, step: Any) -> Any:
    moved = _plain(value) + step.reshape(np.shape(_plain(value)))
    return Row(moved) if isinstance(value, Row) else float(moved) if np.ndim(moved) == 0 else moved


def _all_numbers(value: Any) -> Any:
    if isinstance(value, Parts | tuple):
        return np.concatenate([_all_numbers(v) for v in value])
    return np.ravel(np.asarray(_plain(value), dtype=float))


def _first(f: Callable[[Any], Any], n: int) -> Any:
    """The Jacobian, entries of the value by directions."""
    return np.stack([_extrapolated(partial(_slope, f, e)) for e in each("check", list(np.eye(n)), 1)], axis=-1)


def _slope(f: Callable[[Any], Any], direction: Any, h: float) -> Any:
    return (f(h * direction) - f(-h * direction)) / (2 * h)


def _second(f: Callable[[Any], Any], n: int) -> Any:
    """Second differences: value × n × n."""

    def entry(a: Any, b: Any) -> Any:
        return _extrapolated(lambda h: (f(h * (a + b)) - f(h * (a - b)) - f(h * (b - a)) + f(-h * (a + b))) / (4 * h * h), start=0.05)

    eye = list(np.eye(n))
    return np.stack([np.stack([entry(a, b) for b in eye], axis=-1) for a in each("check", eye, 1)], axis=-2)


def _extrapolated(quotient: Callable[[float], Any], start: float = 0.02, steps: int = 8) -> Any:
    """Richardson extrapolation of an even difference quotient, with the step where neighbouring columns agree best
    (C. J. F. Ridders, Advances in Engineering Software 4, 1982)."""
    best, best_error = None, np.inf
    previous: list[Any] = []
    h = start
    for _ in range(steps):
        row = [quotient(h)]
        factor = 1.0
        for old in previous:
            factor *= 2.0
            row.append((row[-1] * factor - old) / (factor - 1.0))
            error = float(np.max(np.maximum(np.abs(row[-1] - row[-2]), np.abs(row[-1] - old)), initial=0.0))
            if error <= best_error:
                best, best_error = row[-1], error
        previous = row
        h /= 2.0**0.5
    return best


def _layout(asked: Request, found: Any, sizes: list[int], n: int) -> Any:
    """As the operator lays its answer out, flattened."""
    operator, value = asked.operator, found.shape[0]
    if operator in ("directional", "jvp"):
        return found @ _direction(asked.options["along"])
    if operator == "vjp":
        return _direction(asked.options["from"]) @ found
    if operator == "hvp":
        return found[0] @ _direction(asked.options["along"])
    if operator == "divergence":
        return np.array([np.trace(found)])
    if operator == "laplacian":
        return np.trace(found, axis1=1, axis2=2)
    if operator == "curl":
        pairs = ((1, 0),) if n == 2 else ((2, 1), (0, 2), (1, 0))
        return np.array([found[i, j] - found[j, i] for i, j in pairs])
    return _blocks(found, sizes, value)


def _blocks(found: Any, sizes: list[int], value: int) -> Any:
    """Several array arguments: a tuple of blocks; scalars and one argument: as it stands."""
    if len(sizes) == 1 or all(s == 1 for s in sizes):
        return np.ravel(found)
    cuts = np.cumsum(sizes)[:-1]
    return np.concatenate([np.ravel(part) for part in np.split(found, cuts, axis=-1)])


def _direction(low: Low) -> Any:
    return np.concatenate([np.ravel(n.value) for n in leaves(low)])


