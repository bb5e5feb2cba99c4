"""Rule R8 for what is told: at every edge of the tables a second derivative comes with the same warnings, or is the same error, whichever way and in
whichever mode it is asked for, in the first call of a function and in those that run it compiled."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest

from calclang import CalcError, Session
from tests.lang.edges import TABLE as EDGES
from tests.lang.edges import Edge
from tests.lang.edges_linear import LINEAR
from tests.lang.test_edges import MODES, dimension, numbers, session_of

TABLE = [edge for edge in [*EDGES, *LINEAR] if edge.slopes]


def told(warnings: Any) -> frozenset[tuple[str, str]]:
    """The codes of warnings, with the operation that each points at."""
    return frozenset((w.code, w.labels[0].span.text if w.labels and w.labels[0].span is not None else "") for w in warnings)


def outcome(session: Session, text: str) -> Any:
    """What is told of an expression, or the code of its error."""
    try:
        return told(session.run(text)[-1].warnings)
    except CalcError as error:
        return error.code


def ways(edge: Edge) -> list[str]:
    """Ways to ask for the second derivative at an edge."""
    at = edge.at
    nested = [f"jacobian(grad(f, mode = {a}), mode = {b})({at})" for a, b in product(MODES, MODES)]
    whole = [f"hessian(f, mode = {m})({at})" for m in MODES] + [f"hessian f at ({at})"]
    if dimension(edge) >= 0:
        return whole + nested
    along = [f"hvp(f, {at}, 1)", f"laplacian(f)({at})", f"jvp(grad(f), {at}, 1)", f"vjp(grad(f), {at}, 1)", f"f''({at})"]
    return whole + nested + along + [f"derivative(derivative(f, mode = {a}), mode = {b})({at})" for a, b in product(MODES, MODES)]


@pytest.mark.parametrize("edge", TABLE, ids=str)
def test_every_way_tells_the_same(edge: Edge) -> None:
    session = session_of(edge)
    first, *others = ways(edge)
    wanted = outcome(session, first)
    assert not isinstance(edge.slopes[0], str) or wanted == edge.slopes[0]  # rule R9
    for text in others:
        assert outcome(session, text) == wanted, f"{text} is not as {first}"


@pytest.mark.parametrize("edge", TABLE, ids=str)
def test_every_call_tells_the_same(edge: Edge) -> None:
    """From a session and from Python, the first time and compiled."""
    session = session_of(edge)
    point = tuple(session.eval(f"[{part}]")[0] for part in edge.at.split(",")) if "[" not in edge.at else (session.eval(edge.at),)
    names = ", ".join(f"x{k}" for k in range(len(point)))
    session.run(f"h({names}) = hessian(f)({names})")
    wanted, h = outcome(session, f"hessian(f)({edge.at})"), session["h"]
    for _ in range(3):
        assert outcome(session, f"h({edge.at})") == wanted
        session.warnings.clear()
        try:
            numbers(h(*point))  # type: ignore[operator]
            found: Any = told(session.warnings)
        except CalcError as error:
            found = error.code
        assert found == wanted
