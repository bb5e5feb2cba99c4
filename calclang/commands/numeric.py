"""What `check` compares with: the same derivative from values alone, laid out as the operator lays out its answer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from calclang import errors
from calclang.errors import UNDEFINED, CalcError
from calclang.functions import CALLED, make_function
from calclang.ir.budget import afford, claimed
from calclang.lower.derivatives import varied_places
from calclang.lower.facts import without_facts
from calclang.lower.lowered import Low, function_name
from calclang.lower.parts import flat as flat_low
from calclang.lower.rules import SECOND_ORDER
from calclang.solvers.differences import STEPS, Estimate, first, second
from calclang.values import Row, flat

if TYPE_CHECKING:
    from calclang.commands.clauses import Request
    from calclang.session import Session

Options: TypeAlias = "dict[str, Low]"


def differentiate(session: Session, asked: Request, at: tuple[Low, ...]) -> Estimate:
    """The derivative that was asked for, as a flat array in the operator's layout. Raises E-DOMAIN where there are no differences."""
    fn: Any = make_function(session, without_facts(asked.function))
    point = [session.value(p) for p in at]
    places = varied_places(asked.function, len(point), asked.options, asked.span)
    if not all(np.isfinite(np.asarray(_plain(point[p]), dtype=float)).all() for p in places):
        raise errors.point_not_finite("check", asked.span)
    f, sizes = _of_steps(fn, point, places), [np.size(_plain(point[p])) for p in places]
    n, far = sum(sizes), np.abs(np.concatenate([flat(point[p]) for p in places]))
    twice = asked.operator in SECOND_ORDER
    claimed((np.size(f(np.zeros(n))), n, n if twice else 1))
    afford((4 * n * n if twice else 2 * n) * STEPS * (CALLED + fn.work))
    found = (second if twice else first)(f, far)
    if found is None:
        raise errors.no_differences(function_name(asked.function), asked.span)
    return replace(found, value=_layout(asked, found.value, sizes))


def _of_steps(fn: Any, point: Sequence[Any], places: Sequence[int]) -> Callable[[Any], Any]:
    """The function of a step away from the point, in the arguments at some places; None where it is not defined."""

    def f(step: Any) -> Any:
        moved, start = list(point), 0
        for place in places:
            stop = start + np.size(_plain(point[place]))
            moved[place], start = _moved(point[place], step[start:stop]), stop
        try:
            return flat(fn.inside(*moved))
        except CalcError as error:
            if error.code in UNDEFINED:
                return None
            raise

    return f


def _plain(value: Any) -> Any:
    return value.array if isinstance(value, Row) else value


def _moved(value: Any, step: Any) -> Any:
    moved = _plain(value) + step.reshape(np.shape(_plain(value)))
    return Row(moved) if isinstance(value, Row) else float(moved) if np.ndim(moved) == 0 else moved


def _layout(asked: Request, found: Any, sizes: list[int]) -> Any:
    """As the operator lays its answer out, flattened."""
    rule = LAYOUTS.get(asked.operator)
    return _blocks(found, sizes) if rule is None else rule(found, asked.options)


def _curl(found: Any, options: Options) -> Any:
    pairs = ((1, 0),) if len(found) == 2 else ((2, 1), (0, 2), (1, 0))
    return np.array([found[i, j] - found[j, i] for i, j in pairs])


# operator -> what it makes of the Jacobian, or of the Hessian, and of the direction that it is given
LAYOUTS: dict[str, Callable[[Any, Options], Any]] = {
    "directional": lambda found, options: found @ flat_low(options["along"]),
    "jvp": lambda found, options: found @ flat_low(options["along"]),
    "vjp": lambda found, options: flat_low(options["from"]) @ found,
    "hvp": lambda found, options: found[0] @ flat_low(options["along"]),
    "divergence": lambda found, options: np.array([np.trace(found)]),
    "laplacian": lambda found, options: np.trace(found, axis1=1, axis2=2),
    "curl": _curl,
}


def _blocks(found: Any, sizes: list[int]) -> Any:
    """Several array arguments: a tuple of blocks; scalars and one argument: as it stands."""
    if len(sizes) == 1 or all(s == 1 for s in sizes):
        return np.ravel(found)
    cuts = np.cumsum(sizes)[:-1]
    return np.concatenate([np.ravel(part) for part in np.split(found, cuts, axis=-1)])
