"""Compositions of functions with corners, ends and infinite slopes, at random points where these lie: every mode and every nesting gives the same
numbers, or the same error, with the same warning or without one."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from math import nan
from random import Random
from typing import Any

import numpy as np
import pytest

from calclang import CalcError, Session
from calclang.backends.python.interpret import evaluate
from calclang.ir.apply import const
from calclang.lower.indeterminate import filled
from calclang.lower.kinks import BRANCH, Kinked
from calclang.lower.trace import Trace
from tests.compositions import composed
from tests.lang.test_edges import answer

ATOMS = ("x[1]", "x[2]", "x[1]", "x[2]", "0", "1")
POINTS = ("[0, 0]", "[0, 1]", "[1, 0]", "[1, 1]", "[-1, 1]", "[2, 2]", "[0, -1]", "[0.5, 0.5]")
INFINITE = ("[inf, 1]", "[1, inf]", "[-inf, 0]", "[inf, inf]", "[0, -inf]")
FUNCTIONS = (
    "abs({})", "sqrt({})", "sqrt(abs({}))", "relu({})", "({})^2", "({})^3", "({})^1.5", "sign({})", "floor({})", "log1p({})", "xlogy({}, {})",
    "hypot({}, {})", "max({}, {})", "min({}, {})", "clamp({}, 0, 1)", "atan2({}, {})", "({}*{})", "({} + {})", "({} - {})", "sinc({})", "cbrt({})", "asin({})",
    "(if {} > 0 then {} else {})", "norm([{}, {}])", "norm([{}, {}])^2", "sqrt({}^2 + {}^2)", "({})^({})", "prod([{}, {}, {}])", "sort([{}, {}])[1]",
    "max([{}, {}, {}])", "det([{}, {}; {}, {}])", "sum(k*({})^2 for k in 1..9)", "fold((s, k) -> s + k*({}), 0, 1..12)", "fold((s, v) -> max(s, v), {}, x)",
    "iterate(t -> sqrt(t), {}, 11)", "iterate(t -> sqrt(t), {}, 60)", "logsumexp([{}, {}])", "std([{}, {}])", "sum(sqrt(v)*({}) for v in x)",
)  # fmt: skip


def alike(a: Any, b: Any) -> bool:
    if isinstance(a, str) or isinstance(b, str):
        return isinstance(a, str) and isinstance(b, str) and a == b
    return bool(np.allclose(np.ravel(a), np.ravel(b), rtol=1e-9, atol=1e-9, equal_nan=True))


def program(number: int, depths: Sequence[int], points: Sequence[str]) -> tuple[str, str, Session]:
    """The body of a random f, a point, and a session that has f. A function that is refused when it is defined (a matrix of no size) is followed by
    the next one that is not."""
    random = Random(number)
    while True:
        body, at = composed(random, random.choice(depths), ATOMS, FUNCTIONS, 0.1), random.choice(points)
        session = Session()
        try:
            session.run(f"f(x) = {body}")
        except CalcError:
            continue
        return body, at, session


@pytest.mark.parametrize("number", range(100))
def test_first_derivatives_agree(number: int) -> None:
    body, at, session = program(number, (1, 2, 2, 3), POINTS)
    texts = [f"grad(f, mode = forward)({at})", f"grad(f, mode = reverse)({at})", f"vjp(f, {at}, 1)"]
    found = [answer(session, text)[:2] for text in texts]
    if not isinstance(found[0][0], str) and np.isfinite(found[0][0]).all():
        texts.append(f"[jvp(f, {at}, [1, 0]), jvp(f, {at}, [0, 1])]")
        found.append(answer(session, texts[-1])[:2])
    for text, (value, codes) in zip(texts, found, strict=True):
        assert alike(value, found[0][0]), f"f(x) = {body}: {text} is {value}, not {found[0][0]}"
        assert ("W-AD" in codes) == ("W-AD" in found[0][1]), f"f(x) = {body}: {text} warns {codes}, not {found[0][1]}"


@pytest.mark.parametrize("number", range(160))
def test_second_derivatives_agree(number: int) -> None:
    body, at, session = program(number, (1, 1, 2, 2, 3), POINTS if number % 4 else INFINITE)
    modes = [*product(("forward", "reverse"), repeat=2)]
    found = [answer(session, f"jacobian(grad(f, mode = {a}), mode = {b})({at})")[:2] for a, b in modes]
    for mode, (value, codes) in zip(modes, found, strict=True):
        assert alike(value, found[0][0]), f"f(x) = {body} at {at}: {mode} gives {value}, not {found[0][0]}"
        if at in POINTS:
            assert ("W-AD" in codes) == ("W-AD" in found[0][1]), f"f(x) = {body} at {at}: {mode} warns {codes}, not {found[0][1]}"


@pytest.mark.parametrize("number", [*range(40), 202, 253, 274])
def test_third_derivatives_agree(number: int) -> None:
    body, at, session = program(number, (1, 1, 2), POINTS)
    modes = [*product(("forward", "reverse"), repeat=3)]
    found = [answer(session, f"jacobian(jacobian(grad(f, mode = {a}), mode = {b}), mode = {c})({at})")[:2] for a, b, c in modes]
    for mode, (value, codes) in zip(modes, found, strict=True):
        assert alike(value, found[0][0]), f"f(x) = {body} at {at}: {mode} gives {value}, not {found[0][0]}"
        assert ("W-AD" in codes) == ("W-AD" in found[0][1]), f"f(x) = {body} at {at}: {mode} warns {codes}, not {found[0][1]}"


@pytest.mark.parametrize("number", range(100, 200))
def test_first_derivatives_agree_at_infinity(number: int) -> None:
    body, at, session = program(number, (1, 2, 2, 3), INFINITE)
    texts = [f"grad(f, mode = forward)({at})", f"grad(f, mode = reverse)({at})", f"vjp(f, {at}, 1)"]
    found = [answer(session, text)[0] for text in texts]
    for text, value in zip(texts, found, strict=True):
        assert alike(value, found[0]), f"f(x) = {body}: {text} is {value}, not {found[0]}"


def test_of_what_gave_no_number_nothing_is_told() -> None:
    """An order of multiplication that finds all numbers is the answer alone; one that finds some adds them, with what it met."""
    for others, told in (([1.0, 2.0], ["other"]), ([1.0, nan], ["first", "other"])):
        trace, x = Trace(), const(0.0)
        start = trace.records.mark()
        trace.records.kinks.append(Kinked(BRANCH, (x, x), ("first",), None))
        mark = trace.records.mark()
        trace.records.kinks.append(Kinked(BRANCH, (x, x), ("other",), None))
        found = filled(trace, [const(nan), const(2.0)], [const(v) for v in others], (start, mark))
        assert [k.params[0] for k in trace.records.kinks] == told
        assert np.array_equal(evaluate(found, {}), [others[0], 2.0])


# Limits that one order of multiplication finds: forwards adds before it multiplies by the slope of what is around, backwards after it.
LIMITS = (
    ("sqrt(x*sin(x) + x)", "inf"),  # inf*(0 + 1)
    ("cbrt(sin(x)*x + sin(x))", "inf"),
    ("sqrt(x)*sin(x) + sqrt(x)", "inf"),  # (0 + 1)*inf
    ("asin(1 - x*cos(x)) - acos(1 - sin(x)*cos(x))", "-inf"),  # nothing is lost where one order is enough
    ("sum(sqrt(v*x + v) for v in [x, x*x + x])", "inf"),
    ("sqrt(x*abs(x))", "nan"),  # inf*0, in any order
    ("cbrt(x^3)", "nan"),
)


@pytest.mark.parametrize("mode", ["forward", "reverse"])
@pytest.mark.parametrize(("body", "slope"), LIMITS)
def test_every_mode_finds_the_limit(body: str, slope: str, mode: str) -> None:
    session, expected = Session(), float(slope)
    session.run(f"f(x) = {body}")
    session.run(f"slope(x) = derivative(f, mode = {mode})(x)")
    for text in ("slope(0)", "vjp(f, 0, 1)", "jvp(f, 0, 1)", "[slope(k/100) for k in 0..20][1]"):
        value, codes = answer(session, text)[:2]
        assert alike(value, expected), f"{text} is {value}"
        assert "W-AD" in codes
    slope_of = session["slope"]
    assert alike(slope_of(0.0), expected)
    at = slope_of(0.5)
    assert slope_of.has_code
    assert alike(slope_of(0.0), expected)
    assert slope_of(0.5) == pytest.approx(at)
