"""Second derivatives at the edges: whichever way one is asked for, it is the same number with the same warnings at the same places."""

from __future__ import annotations

from itertools import product
from math import inf, nan
from typing import Any

import numpy as np
import pytest

from calclang import CalcError, Session
from tests.lang.test_edges import agrees, answer, numbers

# A function, where, its second derivative there, and the operations that a warning points at.
SECOND: list[tuple[str, str, Any, tuple[str, ...]]] = [
    # There is a second derivative though not a third one: rule R1.
    ("max(x, 0)^3", "0", 0, ()), ("relu(x)^3", "0", 0, ()), ("abs(x)^3", "0", 0, ()), ("x^2*abs(x)", "0", 0, ()), ("sign(x)*x^3", "0", 0, ()), ("norm([x, 2*x])^3", "0", 0, ()),
    ("max([x, 2*x])^3", "0", 0, ()), ("x^3*floor(x + 1)", "0", 0, ()), ("min(x, 0)^2*max(x, 0)", "0", 0, ()), ("x^2.5", "0", 0, ()),
    ("max(x, 1)^3 - 3*max(x, 1)^2 + 3*max(x, 1)", "1", 0, ()), ("fold((s, k) -> s + max(x, 0)^3, 0, 1..20)", "0", 0, ()), ("sum(abs(x*k)^3 for k in 1..9)", "0", 0, ()),
    # The first derivative has a corner or a step: so it has no derivative.
    ("max(x, 0)^2", "0", 0.5, ("max(x, 0)",)), ("relu(x)^2", "0", 0, ("relu(x)",)), ("x*abs(x)", "0", 0, ("abs(x)",)), ("x*relu(x)", "0", 0, ("relu(x)",)), ("max([x, 2*x])^2", "0", 4.5, ("max([x, 2*x])",)),
    ("max(x, 0)^2 - x*max(x, 0)", "0", -0.5, ("max(x, 0)",)), ("x*norm([x, 2*x])", "0", nan, ("norm([x, 2*x])",)), ("sign(x)*x^2", "0", 0, ("sign(x)",)), ("x^2*floor(x)", "2", 4, ("floor(x)",)),
    ("fold((s, k) -> s + relu(x)^2, 0, 1..20)", "0", 0, ("relu(x)",)), ("sum(relu(x*k)^2 for k in 1..9)", "0", 0, ("relu(x*k)",)), ("svd([x, 0; 0, x + 2])[2][2]^2", "0", 0, ("svd([x, 0; 0, x + 2])",)),
    # A step decides a choice beside which its slope is zero.
    ("max(sign(x), 0.5)", "0", 0, ("sign(x)",)), ("max(x^2 + sign(x^3), 0.9)", "0", 0, ("sign(x^3)",)), ("(if x > -1 then sign(x) else x)^3", "0", 0, ("sign(x)",)),
    # The first derivative has an infinite slope.
    ("x^1.5", "0", inf, ("x^1.5",)), ("acos(x^1.5)", "0", -inf, ("x^1.5",)), ("acos(sort([x, 0])[1]^1.5)", "0", -inf, ("sort([x, 0])", "sort([x, 0])[1]^1.5")), ("x*sqrt(x)", "0", nan, ("sqrt(x)",)),
    # Powers of a length, also as products, are those of the square under it; other functions of one keep to the convention.
    ("norm([x, 2*x])*norm([x, 2*x])", "0", 10, ()), ("norm([x, 2*x])^2*norm([x, 2*x])", "0", 0, ()), ("abs(x)^2", "0", 2, ()), ("abs(x)*abs(x)", "0", 2, ()), ("abs(x)^2*x", "0", 0, ()),
    ("hypot(x, 2*x)^2", "0", 10, ()), ("hypot(x, 2*x)*hypot(x, 2*x)", "0", 10, ()), ("cosh(abs(x))", "0", 1, ()), ("std([x, 2*x])^2", "0", 1, ()),
    ("std([x, 2*x])*std([x, 2*x])", "0", 1, ()), ("var([x, 2*x])", "0", 1, ()), ("x*norm([x, 2*x])^2", "0", 0, ()), ("norm([x, 2*x], 3)^2", "0", nan, ("norm([x, 2*x], 3)",)),
    # So are multiples of one, and even functions of what has a sign.
    ("(2*norm([x, 2*x]))^2", "0", 40, ()), ("(norm([x, 2*x])*2)*norm([x, 2*x])", "0", 20, ()), ("norm([x, 2*x])*4*norm([x, 2*x])", "0", 40, ()), ("(norm([x, 2*x])/3)^2", "0", 10/9, ()),
    ("(norm([x, 2*x])/3)^3", "0", 0, ()), ("(-3*norm([x, 2*x])/7)^4", "0", 0, ()), ("std([x, 2*x, 5*x])^2 + var([x, 2*x])", "0", 29/3, ()), ("norm([x, x; x, x])*norm([x, x; x, x])/3", "0", 8/3, ()),
    ("abs(x^2)", "0", 2, ()), ("abs(x^2 + x^4)", "0", 2, ()), ("max(x^2, 0)", "0", 2, ()), ("relu(3*x^2)", "0", 6, ()), ("max(expm1(x^2), 0)", "0", 2, ()), ("abs(x^2/(3 + x^2))", "0", 2/3, ()), ("(2*abs(x)/3)^2", "0", 8/9, ()), ("abs(x)*(x + 2)*abs(x)", "0", 4, ()),
    ("cos(abs(x))", "0", -1, ()), ("sinc(-abs(x))", "0", -1/3, ()), ("norm([abs(x), x + 1])", "0", 1, ()), ("hypot(abs(x), x + 1)", "0", 1, ()), ("norm([cosh(x), x^2], 1)", "0", 3, ()), ("norm([x + 1, 3*x^2], 1)", "0", 6, ()),
    ("abs(x)*sin(abs(x))", "0", 0, ("abs(x)",)),  # what is even without anything that says so keeps to the convention
    # Off the edge nothing is told.
    ("max(x, 0)^2", "1", 2, ()), ("x*abs(x)", "-1", -2, ()), ("relu(x)^2", "-1", 0, ()), ("x^1.5", "1", 0.75, ()),
]  # fmt: skip
TOLD = ("forward", "reverse")  # modes that an operator is told
WAYS = (
    "f''({0})", "derivative(derivative(f))({0})", "hessian(f)({0})", "laplacian(f)({0})", "hvp(f, {0}, 1)", "grad(grad(f))({0})", "jacobian(grad(f))({0})", "jvp(grad(f), {0}, 1)",
    "vjp(grad(f), {0}, 1)", "derivative(x -> jvp(f, x, 1))({0})", "derivative(x -> grad(f)(x))({0})", "hessian f at {0}", "hvp f at {0} along 1", "directional(grad(f), 1)({0})",
)  # fmt: skip


def found_and_told(session: Session, text: str) -> tuple[Any, set[str]]:
    """A value, and the operations that warnings of a derivative point at."""
    result = session.run(text)[-1]
    warnings = [w for w in result.warnings if w.code == "W-AD"]
    places = [w.labels[0].span.text for w in warnings if w.labels[0].span is not None]
    assert len(places) == len(set(places)) == len(warnings)
    return result.value, set(places)


def told(session: Session, text: str) -> set[str]:
    return found_and_told(session, text)[1]


def every_way() -> list[str]:
    """All ways to ask for a second derivative, and those that can be told a mode in both modes."""
    nested = [f"derivative(derivative(f, mode = {a}), mode = {b})({{0}})" for a, b in product(TOLD, TOLD)]
    return [*WAYS, *(f"hessian(f, mode = {m})({{0}})" for m in TOLD), *(f"hvp f at {{0}} along 1 mode {m}" for m in TOLD), *nested]


@pytest.mark.parametrize(("body", "at", "second", "places"), SECOND, ids=[f"{b} at {a}" for b, a, _, _ in SECOND])
def test_second_derivative(body: str, at: str, second: Any, places: tuple[str, ...]) -> None:
    session = Session()
    session.run(f"f(x) = {body}")
    for way in every_way():
        text = way.format(at)
        found, operations = found_and_told(session, text)
        assert agrees(numbers(found), second), f"{text} is {found}"
        assert operations == set(places), text
    for text in (f"explain hessian f at {at}", f"explain grad f' at {at}", f"explain f'' at {at}"):
        assert told(session, text) == set(places), text


@pytest.mark.parametrize(("body", "at", "second", "places"), SECOND, ids=[f"{b} at {a}" for b, a, _, _ in SECOND])
def test_polynomial_of_the_second_order(body: str, at: str, second: Any, places: tuple[str, ...]) -> None:
    """There is one exactly where there is a second derivative."""
    session = Session()
    session.run(f"f(x) = {body}")
    found = answer(session, f"taylor(f, {at}, 2)({at} + 1)")[0]
    assert agrees(found, session.eval(f"f({at}) + f'({at}) + {second}/2") if not places else "E-AD"), found


@pytest.mark.parametrize(("body", "at", "second", "places"), SECOND, ids=[f"{b} at {a}" for b, a, _, _ in SECOND])
def test_compiled_calls_say_the_same(body: str, at: str, second: Any, places: tuple[str, ...]) -> None:
    """From a session and from Python, at the edge again and after a point beside it."""
    session = Session()
    session.run(f"f(x) = {body}\ng(x) = f''(x)\nh(x) = hessian(f)(x)")
    for name in ("g", "h"):
        f: Any = session[name]
        for x in (at, f"{at} + 0.25", at, at):
            session.warnings.clear()
            value = numbers(f(session.eval(x)))
            assert agrees(value, second) or x != at
            assert {w.labels[0].span.text for w in session.warnings if w.labels[0].span} == (set(places) if x == at else told(session, f"{name}({x})"))
            assert told(session, f"{name}({at})") == set(places)


# Of several numbers: entries of a Hessian at the edge of one of them.
SEVERAL: list[tuple[str, str, Any, tuple[str, ...]]] = [
    ("max(x[1], 0)^3 + x[2]^2", "[0, 1]", [[0, 0], [0, 2]], ()), ("sum(relu(x) .^ 3)", "[0, 1]", [[0, 0], [0, 6]], ()), ("sum(x .* relu(x))", "[0, 1]", [[0, 0], [0, 2]], ("relu(x)",)),
    ("sum(x .^ 2 .* sign(x))", "[0, -1]", [[0, 0], [0, -2]], ("sign(x)",)), ("sum(x .^ 3 .* sign(x))", "[0, -1]", [[0, 0], [0, 6]], ()), ("norm(x)^3", "[0, 0]", [[0, 0], [0, 0]], ()),
    ("sum(ifelse(x > 1, x .^ 1.5, x))", "[0, 4]", [[0, 0], [0, 0.375]], ()), ("sum(x .^ 1.5)", "[0, 4]", [[inf, 0], [0, 0.375]], ("x .^ 1.5",)),
    ("max(x)^2", "[0, 0]", [[0.5, 0.5], [0.5, 0.5]], ("max(x)",)), ("max(x)^3", "[0, 0]", [[0, 0], [0, 0]], ()),
    ("sum(abs(v)^3 for v in x)", "[0, 1, 0, 2, 0, 1, 0, 2, 0]", np.diag([0, 6, 0, 12, 0, 6, 0, 12, 0]), ()),
    ("sum(relu(v)^2 for v in x)", "[0, 1, 0, 2, 0, 1, 0, 2, 0]", np.diag([0, 2, 0, 2, 0, 2, 0, 2, 0]), ("relu(v)",)),
]  # fmt: skip


@pytest.mark.parametrize(("body", "at", "second", "places"), SEVERAL, ids=[f"{b} at {a}" for b, a, _, _ in SEVERAL])
def test_hessian(body: str, at: str, second: Any, places: tuple[str, ...]) -> None:
    session = Session()
    session.run(f"f(x) = {body}")
    ways = [f"hessian(f, mode = {m})({at})" for m in TOLD] + [f"jacobian(grad(f, mode = {a}), mode = {b})({at})" for a, b in product(TOLD, TOLD)]
    for text in [f"hessian(f)({at})", *ways]:
        found, operations = found_and_told(session, text)
        assert agrees(numbers(found), second) and operations == set(places), text
    for mode in TOLD:
        assert told(session, f"hvp f at {at} along ones({len(second)}) mode {mode}") == set(places)
    if not places:
        session.run(f"taylor(f, {at}, 2)")
    else:
        with pytest.raises(CalcError, match="E-AD"):
            session.run(f"taylor(f, {at}, 2)")


def test_what_is_looked_at_does_not_grow_with_what_is_not_formed() -> None:
    """A product with the Hessian at many corners asks for none of its n^2 entries."""
    session = Session()
    session.run("f(x) = sum(x .* relu(x))\nx = zeros(20000)")
    assert told(session, "hvp(f, x, ones(20000))") == {"relu(x)"}
    session.run("g(x) = sum(relu(x) .^ 3)")
    assert told(session, "hvp(g, x, ones(20000))") == set()
