"""Loops that only add up, or only multiply, are running sums and products: with the digits of the turns, and with no loop."""

from __future__ import annotations

from itertools import accumulate
from math import copysign
from typing import Any

import numpy as np
import pytest

from calclang import CalcError, Session
from calclang.ir.node import order
from calclang.lower import loops
from calclang.lower.convert import to_low
from calclang.lower.parts import leaves

X = np.cos(np.arange(60.0))
RUNNING = ["s + t", "t + s", "s - t", "s + t^2", "s*t", "t*s", "s*(2 - t)", "s + (if t > 0 then t else -3t)", "s + t*x[2]", "s*(x[1] - x[2]*t)"]
OTHERS = ["t - s", "2s*t", "s + t + 1", "s/(2 + t)", "s*s + t", "s + s", "s + s*t", "s + sin(s)"]


def nodes(session: Session, name: str) -> list[str]:
    """The operations of a function's graph at X."""
    function: Any = session[name]
    return [n.op.name for n in order(leaves(function.trace((to_low(X),))[0].result))]


def turn_by_turn(*given: Any) -> None:
    return None


@pytest.mark.parametrize("start", ["0", "1", "-0.7"])
@pytest.mark.parametrize("turn", RUNNING)
def test_as_the_turns(turn: str, start: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Values and derivatives are those of the loop."""

    def answers() -> list[Any]:
        session = Session()
        session.run(f"f(x) = scan((s, t) -> {turn}, {start}, x)\ng(x) = fold((s, t) -> {turn}, {start} + x[1], x)")
        f, g = session["f"], session["g"]
        return [f(X), g(X), *(session.eval(text) for text in (f"jacobian(f)({X.tolist()})", f"grad(g)({X.tolist()})"))], session

    found, session = answers()
    assert "loop" not in nodes(session, "f") + nodes(session, "g")
    monkeypatch.setattr(loops, "running", turn_by_turn)
    turns, session = answers()
    assert "loop" in nodes(session, "f")
    assert np.array_equal(found[0], turns[0]) and found[1] == turns[1]
    assert all(np.allclose(a, b, rtol=1e-13, atol=1e-13 * np.max(np.abs(b))) for a, b in zip(found[2:], turns[2:], strict=True))


@pytest.mark.parametrize("turn", OTHERS)
def test_others_are_loops(turn: str) -> None:
    session = Session()
    session.run(f"f(x) = scan((s, t) -> {turn}, x[1], x)\ng(x) = fold((s, t) -> s + t, 0, x, checkpoint = true)\nh(x) = fold((s, t) -> s + t, [0, 1], x)")
    assert all("loop" in nodes(session, name) for name in "fgh")


def test_arrays_of_turns_are_not_made_all_together() -> None:
    session = Session()
    session.run("f(x) = fold((s, t) -> s + sum(sin(t*k) for k in 1..20000), 0, x)\ng(x) = fold((s, t) -> s + sum(sin(t*k) for k in 1..100), 0, x)")
    assert "loop" in nodes(session, "f") and "loop" not in nodes(session, "g")


def test_from_the_left() -> None:
    """Pairwise sums have other digits."""
    x = np.random.default_rng(1).normal(size=10_000)
    session = Session()
    session.run("f(x) = fold((s, t) -> s + t, 0, x)\ng(x) = scan((s, t) -> s*t, 1, x)")
    f, g = session["f"], session["g"]
    assert f(x) == list(accumulate(x.tolist()))[-1] != np.sum(x)
    assert np.array_equal(g(1 + x / 100), np.cumprod(1 + x / 100))


def test_zeros_have_the_signs_of_the_loop() -> None:
    minus = "[-0.0*k for k in 1..40]"
    assert [copysign(1, v) for v in Session().eval(f"scan((s, t) -> s + t, 0, {minus})")] == [1] * 40
    assert [copysign(1, v) for v in Session().eval(f"scan((s, t) -> s + t, -0.0, {minus})")] == [-1] * 40


@pytest.mark.parametrize(("program", "said"), [
    ("fold((s, k) -> s*k, 1, 1..200)", "the result of the running product is too large for float64 (element 171)"), ("cumsum([1e308, 1e307, 1e308, 1])[4]", "the result of cumsum is too large for float64 (element 3)"),
    ("scan((s, k) -> s - 1e307*k, 0, 1..17)", ""), ("scan((s, k) -> s - 1e306*k, 0, 1..40)", "the result of the running sum is too large for float64 (element 19)"),
    ("fold((s, k) -> s + log(k - 20), 0, 1..50)", "log needs a number > 0, but element 1 of its argument is -19"),
])  # fmt: skip
def test_errors_say_which_turn(program: str, said: str) -> None:
    with pytest.raises(CalcError) as error:
        Session().run(program)
    assert said in error.value.message


def test_a_corner_in_one_turn_is_told() -> None:
    session = Session()
    assert session.eval("grad(x -> fold((s, k) -> s + abs(x - k), 0, 1..50))(20)") == -11
    (warning,) = session.run("grad(x -> fold((s, k) -> s + abs(x - k), 0, 1..50))(20)")[-1].warnings
    assert warning.code == "W-AD"
