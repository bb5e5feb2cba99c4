"""What `check` compares with: the same derivative from values alone, laid out as the operator lays out its answer."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from calclang import errors
from calclang.errors import UNDEFINED, CalcError
from calclang.functions import CALLED, make_function
from calclang.ir.budget import afford, claimed
from calclang.lower.calls import function_name
from calclang.lower.derivatives import chosen
from calclang.lower.facts import without_facts
from calclang.lower.lowered import Low
from calclang.lower.parts import leaves
from calclang.solvers.differences import STEPS, Estimate, first, second
from calclang.values import Parts, Row

if TYPE_CHECKING:
    from calclang.commands.clauses import Request
    from calclang.session import Session


def differentiate(session: Session, asked: Request) -> Estimate:
    """The derivative that was asked for, as a flat array in the operator's layout. Raises E-DOMAIN where there are no differences."""
    assert asked.point is not None
    fn: Any = make_function(session, without_facts(asked.function))
    point = [session.value(p) for p in asked.point]
    places = chosen(asked.function, len(point), asked.options, asked.span)
    if not all(np.isfinite(np.asarray(_plain(point[p]), dtype=float)).all() for p in places):
        raise errors.point_not_finite("check", asked.span)
    sizes = [np.size(_plain(point[p])) for p in places]

    def f(step: Any) -> Any:
        moved, start = list(point), 0
        for place, size in zip(places, sizes, strict=True):
            moved[place] = _moved(point[place], step[start : start + size])
            start += size
        try:
            return _all_numbers(fn.inside(*moved))
        except CalcError as error:
            if error.code in UNDEFINED:
                return None
            raise

    n = sum(sizes)
    twice = asked.operator in ("hessian", "hvp", "laplacian")
    claimed((np.size(f(np.zeros(n))), n, n if twice else 1))
    afford((4 * n * n if twice else 2 * n) * STEPS * (CALLED + fn.work))
    found = (second if twice else first)(f, n)
    if found is None:
        raise errors.no_differences(function_name(asked.function), asked.span)
    return replace(found, value=_layout(asked, found.value, sizes, n))


def _plain(value: Any) -> Any:
    return value.array if isinstance(value, Row) else value


def _moved(value: Any, step: Any) -> Any:
    moved = _plain(value) + step.reshape(np.shape(_plain(value)))
    return Row(moved) if isinstance(value, Row) else float(moved) if np.ndim(moved) == 0 else moved


def _all_numbers(value: Any) -> Any:
    if isinstance(value, Parts | tuple):
        return np.concatenate([_all_numbers(v) for v in value])
    return np.ravel(np.asarray(_plain(value), dtype=float))


def _layout(asked: Request, found: Any, sizes: list[int], n: int) -> Any:
    """As the operator lays its answer out, flattened."""
    operator = asked.operator
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
    return _blocks(found, sizes)


def _blocks(found: Any, sizes: list[int]) -> Any:
    """Several array arguments: a tuple of blocks; scalars and one argument: as it stands."""
    if len(sizes) == 1 or all(s == 1 for s in sizes):
        return np.ravel(found)
    cuts = np.cumsum(sizes)[:-1]
    return np.concatenate([np.ravel(part) for part in np.split(found, cuts, axis=-1)])


def _direction(low: Low) -> Any:
    return np.concatenate([np.ravel(n.value) for n in leaves(low)])
