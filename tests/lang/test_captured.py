"""Functions that captured something: what is shown and saved of them is the same function."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from calclang import CalcError, Session
from calclang.display.json import value_record
from calclang.display.style import Style
from calclang.display.values import answer

GIVEN = """f(b) = x -> b*x^2
k = f(2)
twice(u) = x -> u(u(x))
local(a) = let q(x) = a*x in q
endless(n) = let q(x) = if x < 1 then n else q(x - 1) in q
sized(n) = (x: R^n) -> n*sum(x)
named(sin) = x -> sin(x)
inner(v) = x -> v(x) + w(x) where w = (t -> t^2)
taken(x) = y -> x(y) where x = (t -> t + x)
far(t, u) = x -> t + u(x)
"""

# an expression, how its function is written, an argument
WRITTEN: list[tuple[str, str, Any]] = [
    ("f(10)", "x -> b*x^2 where b = 10", 3), ("f([1, 2; 3, 4])", "x -> b*x^2 where b = [1, 2; 3, 4]", 3), ("f([1, 2]')", "x -> b*x^2 where b = [1, 2]'", 3),
    ("f(-0.1)", "x -> b*x^2 where b = -0.1", 3), ("f(ones(2, 1))", "x -> b*x^2 where b = reshape([1, 1], 2, 1)", 3), ("f(inf)", "x -> b*x^2 where b = inf", 3),
    ("f(zeros(0, 2))", "x -> b*x^2 where b = zeros(0, 2)", 3), ("f(ones(1, 1, 2))", "x -> b*x^2 where b = stack(reshape([1, 1], 1, 2))", 3),
    ("twice(sin)", "x -> u(u(x)) where u = sin", 3), ("twice(k)", "x -> u(u(x)) where u = k", 3), ("twice(f(3))", "x -> u(u(x)) where u = x -> b*x^2 where b = 3", 3),
    ("twice(twice(f(3)))", "x -> u(u(x)) where u = x -> u(u(x)) where u = x -> b*x^2 where b = 3", 0.5), ("local(3)", "x -> a*x where a = 3", 3),
    ("endless(5)", "q where n = 5, q(x) = if x < 1 then n else q(x - 1)", 3), ("sized(3)", "((x: R^n) -> n*sum(x)) where n = 3", np.ones(3)),
    ("named(cos)", "x -> sin(x) where sin = cos", 3), ("inner(f(3))", "x -> (v(x) + w(x) where w = t -> t^2) where v = x -> b*x^2 where b = 3", 3),
    ("twice(k')", "x -> u(u(x)) where u = derivative(k)", 3), ("far(7, k)", "x -> t + u(x) where t = 7, u = k", 3), ("x -> k(x)", "x -> k(x)", 3),
    ("(k where k = f(5))", "x -> b*x^2 where b = 5", 3), ("((x -> sum(b*x for b in 1..3)) where b = 2)", "x -> sum(b*x for b in 1..3)", 3),
    ("((x -> (t -> s*t)(x)) where s = 2, t = 9)", "x -> (t -> s*t)(x) where s = 2", 3),
]  # fmt: skip


@pytest.fixture
def session() -> Session:
    made = Session()
    made.run(GIVEN)
    return made


@pytest.mark.parametrize(("text", "written", "at"), WRITTEN)
def test_a_function_says_what_it_captured(session: Session, text: str, written: str, at: Any) -> None:
    shown: Any = session.eval(text)
    assert shown.source() == written and value_record(shown)["source"] == written
    again: Any = session.eval(written)
    assert np.array_equal(np.asarray(again(at)), np.asarray(shown(at)))
    assert again.source() == written


@pytest.mark.parametrize(("text", "written", "at"), WRITTEN)
def test_saved_it_is_the_same_function(session: Session, text: str, written: str, at: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    session["args"] = ()
    session.run(f'g = {text}\nh = g\nb = 99\nn = 98\nsave "saved.calc"')
    assert "args" not in Path("saved.calc").read_text()
    other = Session()
    other.run('load "saved.calc"')
    for name in ("g", "h"):
        before, after = session[name], other[name]
        assert np.array_equal(np.asarray(after(at)), np.asarray(before(at)))


def test_names_of_a_session_that_have_changed_are_not_used(session: Session) -> None:
    session.run("g = twice(k)\nk = f(3)")
    shown: Any = session["g"]
    assert shown.source() == "x -> u(u(x)) where u = x -> b*x^2 where b = 2"


def test_a_parameter_does_not_take_the_place_of_a_captured_name(session: Session) -> None:
    session.run("mixed(u) = k -> u(k)\ng = mixed(k)")
    shown: Any = session["g"]
    assert shown.source() == "(k -> u(k)) where u = k"
    again: Any = session.eval(shown.source())
    assert again(3.0) == shown(3.0) == 18.0


def test_functions_inside_each_other_stay_short(session: Session) -> None:
    session.run("g = f(3)\n" + "g = twice(g)\n" * 40)
    shown: Any = session["g"]
    assert len(shown.source()) < 10_000
    assert answer(shown, Style(shapes=True)) == "= x -> u(u(x))  # too many functions are inside each other"


def test_what_cannot_be_written_is_not_saved_as_another_function(session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    session.run("g = f(3)\n" + "g = twice(g)\n" * 40)
    with pytest.raises(CalcError, match="cannot write g: too many functions are inside each other"):
        session.run('save "saved.calc"')
    assert not Path("saved.calc").exists()


def test_many_numbers_are_left_out_on_a_screen_alone(session: Session) -> None:
    shown: Any = session.eval("f(ones(9, 9))")
    assert answer(shown, Style(shapes=True)) == "= x -> b*x^2  # b in R^(9×9) is not written out"
    assert shown.source().endswith("1, 1, 1]")


def test_show_says_what_was_captured(session: Session) -> None:
    results = session.run("g = f(10)\nshow g")
    assert str(results[-1].value).startswith("x -> b*x^2 where b = 10")


# program, derivative, what is said beside the call that is shown
WHY: list[tuple[str, str, str]] = [
    ("f(A: R^(n×n)) = sum(cholesky(A))", "grad(f)", "the derivative of cholesky has no name"), ("f(x: R^n) = sum(cumprod(x))", "grad(f)", "the derivative of cumprod has no name"),
    ("f(x) = gamma(x)", "derivative(derivative(f))", "the second derivative of gamma has no name"), ("f(x) = iterate(cos, x, 100000)", "derivative(f)", "it is too long"),
    ("f(x) = if x < 1 then x else f(x - 1)*x", "derivative(f)", "what it does depends on values"), ("sin = 3\nf(x) = cos(x)", "derivative(f)", "names that it needs mean something else here"),
    ("f(x: R^n) = sum(unknown(x))", "grad(f)", "unknown is not defined"), ("f(x) = unknown(x)", "derivative(f)", "no arguments without values fit it"),
    ("f(x: R^n) = sum(sort(x))^2", "directional(f, [1, 0])", "what it does depends on values"),
]  # fmt: skip


@pytest.mark.parametrize(("program", "call", "why"), WHY)
def test_without_a_formula_it_is_said_why(program: str, call: str, why: str) -> None:
    session = Session()
    session.run(program)
    shown: Any = session.eval(call)
    assert shown.source() == call
    assert answer(shown, Style(shapes=True)) == f"= {call}  # no formula: {why}"
    assert answer(shown, Style()) == f"= {call}"


@pytest.mark.parametrize("call", ["directional(s, [1, 0])", "directional(s, [1, 0], mode = forward)", "grad(s, wrt = x)", "hessian(s, mode = \"reverse\")", "jacobian(p, flatten = true, wrt = (x, A))"])
def test_the_call_that_is_shown_has_every_option(call: str) -> None:
    session = Session()
    session.run("s(x: R^n) = if sum(sort(x)) > 0 then s(x/2) else 1\np(x, A) = if x > 0 then p(x/2, A) else A")
    shown: Any = session.eval(call)
    assert shown.source() == call


def test_a_function_that_captured_an_element_is_called_often() -> None:
    """No code is kept of it: the element is a symbol, which stands for all elements of the comprehension around it."""
    session = Session()
    calls = " + ".join(f"g({k})" for k in range(1, 6))
    assert list(session.eval(f"[(let g(u) = u*i in {calls}) for i in 1..9]")) == [15 * i for i in range(1, 10)]
    assert list(session.eval(f"[(let g(u) = u^2*i in {calls.replace('g(', 'derivative(g)(')}) for i in 1..9]")) == [30 * i for i in range(1, 10)]
