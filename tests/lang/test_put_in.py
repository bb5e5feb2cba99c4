"""No infinity and no nan that was not put in; and those that were are no error. Each element is judged by itself."""

from __future__ import annotations

from math import inf, nan
from typing import Any

import numpy as np
import pytest

from calclang import CalcError, Session

# What was put in stands, wherever it stands: in arrays, branches, loops, coefficients.
PUT_IN: list[tuple[str, Any]] = [
    ("[if v > 0 then v else nan for v in -8..3]", [nan] * 9 + [1, 2, 3]),
    ("[if v > 0 then log(v) else -inf for v in -8..1]", [-inf] * 9 + [0]),
    ("x = [nan, 1, 2, 3, 4, 5, 6, 7, 8, 9]; [if i > 1 then 0 else x[i] for i in 1..10]", [nan] + [0] * 9),
    ("[nan for i in 1..9]", [nan] * 9),
    ("[inf*i for i in 1..9]", [inf] * 9),
    ("f(v) = ifelse(v > 0, v, nan); f([1, -1])", [1, nan]),
    ("fold((s, i) -> if i == 50 then inf else s, 0, 1..100)", inf),
    ("iterate(x -> inf, 1, 50)", inf),
    ("fold((s, i) -> max(s, i), nan, 1..9)", nan),
    ("inf*0", nan), ("0*inf", nan), ("inf - inf", nan), ("2^inf", inf),
    ("A = [nan, 1; 2, 3]; A*A", [[nan, nan], [nan, 11]]),
    ("cumsum([1, nan, 2])", [1, nan, nan]), ("diff([1, 1, nan])", [0, nan]), ("x = [inf, 0]; exp(-x)", [0, 1]),
    ("det([nan, 1; 2, 3])", nan), ("sum(1/i for i in [inf, 1])", 1),
    ("1^nan", 1), ("2^nan", nan), ("x = nan; [1, 2] .^ x", [1, nan]), ("derivative(x -> x^nan)(2)", nan), ("inv([nan, 1; 1, 1])", [[nan, nan], [nan, nan]]),
    ("[nan, 1; 1, 1] \\ [1, 2]", [nan, nan]), ("logdet([nan, 1; 1, 1])", nan), ("rank([nan, 1; 1, 1])", nan),
    ("[inv([v, 1; 1, 1])[1, 1] for v in [nan, 2, 3, 4, 5, 6, 7, 8, 9]]", [nan, *(1 / (v - 1) for v in range(2, 10))]),
    ("[if v > 0 then fold((s, i) -> s*i, v, 1..3) else nan for v in -7..2]", [nan] * 8 + [6, 12]),
]  # fmt: skip

# What was born is an error with its place in the program, also beside what was put in.
BORN: list[tuple[str, str, str, str]] = [
    ("sum(1e308 for i in 1..10)", "E-OVERFLOW", "the result of sum", "sum(1e308 for i in 1..10)"),
    ("sum(1.1e308 for i in 1..10)", "E-OVERFLOW", "the result of sum", "sum(1.1e308 for i in 1..10)"),
    ("f(a) = sum(a for i in 1..10); f(1.2e308)", "E-OVERFLOW", "the result of sum", "sum(a for i in 1..10)"),
    ("asech(-1/2)", "E-DOMAIN", "a number > 0 and <= 1, but its argument is -0.5", "asech(-1/2)"),
    ("asech([1, -1e-20])", "E-DOMAIN", "element 2 of its argument is -1e-20", "asech([1, -1e-20])"),
    ("x = [nan, -1, 2]; log(x)", "E-DOMAIN", "element 2 of its argument is -1", "log(x)"),
    ("x = [nan, 1, 2]; 1 ./ (x - 1)", "E-DIVZERO", "division of 1 by zero (element 2)", "1 ./ (x - 1)"),
    ("sum(log([nan, -1]))", "E-DOMAIN", "-1", "log([nan, -1])"),
    ("x = [nan, 2]; all((x .- 2) ./ (x .- 2) < 1)", "E-DOMAIN", "0/0 is not defined (element 2)", "(x .- 2) ./ (x .- 2)"),
    ("[if v > 0 then exp(100v) else nan for v in -8..10]", "E-OVERFLOW", "with 800; element 17", "exp(100v)"),
    ("[if v > 0 then nan else log(v) for v in -8..3]", "E-DOMAIN", "element 1 of its argument is -8", "log(v)"),
    ("fold((s, i) -> s + log(i), nan, [2, 0])", "E-DIVZERO", "log is infinite at 0", "log(i)"),
    ("fold((s, i) -> if i > 8 then exp(s + 1000) else s, 0, 1..20)", "E-OVERFLOW", "exp", "exp(s + 1000)"),
    ("A = [nan, 1; 2, 3]; B = [1, 0; 0, 1e200]; A*(B*B)", "E-OVERFLOW", "the product", "(B*B)"),
    ("prod([1e200, 1e200])", "E-OVERFLOW", "the result of prod", "prod([1e200, 1e200])"),
    ("[if v > 0 then prod([v, 1e200, 1e200]) else nan for v in -8..3]", "E-OVERFLOW", "the result of prod", "prod([v, 1e200, 1e200])"),
    ("[1/(i - 5) for i in 1..10]", "E-DIVZERO", "(element 5)", "1/(i - 5)"),
    ("[1/(i - j) for i in 5..14, j in 1..10]", "E-DIVZERO", "(element 1, 5)", "1/(i - j)"),
    ("f(x) = sqrt(x - 1) + 2; [f(k) for k in 0..30]", "E-DOMAIN", "-1", "sqrt(x - 1)"),
]


@pytest.mark.parametrize(("program", "expected"), PUT_IN)
def test_put_in(program: str, expected: Any) -> None:
    found: Any = Session().run(program)[-1].value
    assert np.shape(found) == np.shape(expected) and np.allclose(found, expected, equal_nan=True)


@pytest.mark.parametrize(("program", "code", "says", "underlined"), BORN)
def test_born(program: str, code: str, says: str, underlined: str) -> None:
    with pytest.raises(CalcError) as caught:
        Session().run(program)
    diagnostic = caught.value.diagnostic
    place = diagnostic.labels[0].span
    assert (diagnostic.code, place.text if place else "") == (code, underlined) and says in diagnostic.message, diagnostic


# Infinities that were put in are numbers like others; a nan that an operation makes of them was not put in, and is told with its place.
OF_INFINITIES: list[tuple[str, Any, str, str]] = [
    ("inf - inf", nan, "the difference is not defined here (with inf, inf)", "inf - inf"), ("0*inf", nan, "the product is not defined here (with 0, inf)", "0*inf"),
    ("inf/inf", nan, "the quotient", "inf/inf"), ("1 + sin(inf)", nan, "sin is not defined here (with inf)", "sin(inf)"), ("exp(-inf)*inf", nan, "the product", "exp(-inf)*inf"),
    ("x = [inf, nan, 1]; x .* [0, 0, 0]", [nan, nan, 0], "element 1", "x .* [0, 0, 0]"), ("x = [nan, 1, inf]; 2*(x - x)", [nan, 0, nan], "element 3", "(x - x)"),
    ("sum([inf, -inf])", nan, "sum is not defined here", "sum([inf, -inf])"), ("cumsum([inf, 1, -inf, 1])", [inf, inf, nan, nan], "element 3", "cumsum([inf, 1, -inf, 1])"),
    ("f(x) = x - x; f(inf)", nan, "the difference", "x - x"), ("max(inf - inf, 1)", nan, "the difference", "inf - inf"), ("inf - inf < 1", False, "the difference", "inf - inf"),
    ("if inf - inf < 1 then 1 else 2", 2, "the difference", "inf - inf"), ("sum(v - v for v in [inf, 1, 2, 3, 4, 5, 6, 7, 8, 9])", nan, "element 1", "v - v"),
    ("fold((s, v) -> s - v, inf, [inf, 1, 2, 3, 4, 5, 6, 7, 8, 9])", nan, "the difference", "s - v"), ("fold((s, v) -> s + inf*v, 1, [1, 2, 3, 4, 5, 6, 7, 8, 9, 0])", nan, "the product", "inf*v"),
    ("[if v > 0 then v - v else 0 for v in [1, 2, 3, 4, 5, 6, 7, 8, 9, inf]]", [0] * 9 + [nan], "element 10", "v - v"), ("derivative(x -> x*exp(-x))(inf)", nan, "the product", "x*exp(-x)"),
]  # fmt: skip
# None of these makes one: a nan was put in, there is a limit, or infinities are what they are.
QUIET = [
    "nan - 1", "sin(nan)", "x = [nan, 1]; x - x", "logsumexp([0, inf])", "logsumexp([-inf, -inf])", "softmax([0, -inf])", "inf + 1", "1/inf", "exp(-inf)", "atan(inf)", "norm([inf, -inf])", "max(inf, nan)",
    "inf == inf", "nan < 1", "xlogy(0, inf)", "[1, nan, inf] .* 2", "set ieee true; inf - inf", "set ieee true; f(x) = x - x; f(inf)", "derivative(tanh)(inf)", "sum([nan, inf, -inf])",
]  # fmt: skip


def nans_told(warnings: Any) -> list[tuple[str, str]]:
    return [(w.message, w.labels[0].span.text if w.labels[0].span else "") for w in warnings if w.code == "W-NAN"]


@pytest.mark.parametrize(("program", "expected", "says", "underlined"), OF_INFINITIES)
def test_a_nan_of_infinities_is_told(program: str, expected: Any, says: str, underlined: str) -> None:
    result = Session().run(program)[-1]
    assert np.allclose(np.asarray(result.value, dtype=float), np.asarray(expected, dtype=float), equal_nan=True)
    [(message, place)] = nans_told(result.warnings)
    assert says in message and place == underlined, (message, place)


def test_a_nan_that_is_explained_is_told_at_its_place() -> None:
    [(_, place)] = nans_told(Session().run("f(x) = x - x; explain f at inf")[-1].warnings)
    assert place == "x - x"


@pytest.mark.parametrize("program", QUIET)
def test_other_nans_and_infinities_are_not_told(program: str) -> None:
    assert [w.code for w in Session().run(program)[-1].warnings] == []


@pytest.mark.parametrize("body", ["x - x", "2 + sin(x)", "fold((s, k) -> s + k*x*0, 1, 1..30)", "if x > 0 then x*0 else x", "sum(x - k*x for k in 1..20)"])
def test_calls_of_a_compiled_function_tell_it_each_time(body: str) -> None:
    session = Session()
    session.run(f"f(x) = {body}\nf(1)\nf(2)\nf(3)")
    f: Any = session["f"]
    for x in (2.0, inf, 2.0, inf, inf, nan):
        session.warnings.clear()
        assert np.isnan(f(x)) == (x == inf or np.isnan(x))
        assert len(nans_told(session.warnings)) == (x == inf)
        assert len(nans_told(session.run(f"f({x})")[-1].warnings)) == (x == inf)


def test_data_with_a_missing_value_costs_no_second_look(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without an infinity among the inputs there is nothing that a nan could have been made of."""
    from calclang.backends.python import births

    session, told = Session(), []
    real = births.tell
    monkeypatch.setattr(births, "tell", lambda *given, **named: told.append(named) or real(*given, **named))
    session["x"] = np.array([1.0, nan, 3.0])
    session.run("f(x) = sum(sin(x) .* x)\nf(x)\nf(x)")
    assert not told
    session["x"] = np.array([1.0, inf, 3.0])
    assert nans_told(session.run("f(x)")[-1].warnings) and told


def test_a_call_is_named_however_often_it_was_made() -> None:
    """A function that is compiled by now says where it was called, as it did the first time."""
    with pytest.raises(CalcError) as caught:
        Session().run("f(x) = sqrt(x - 1)\nf(2)\nf(3)\nf(4)\nf(5)\nf(0)", "p.calc")
    assert caught.value.diagnostic.notes == ("in f, called at p.calc:6:1",)


def test_one_nan_costs_no_more_than_none() -> None:
    """Branches are judged for all of their elements at once: a hundred thousand of them in one story, not one each."""
    session = Session()
    found: Any = session.run("[if v > 0 then log(v) else nan for v in -50000..50000]")[-1].value
    assert np.isnan(found).sum() == 50001


@pytest.mark.parametrize("n", [1, 2, 3])
def test_derivatives_forget_what_the_value_forgot(n: int) -> None:
    """The value forgot an infinity on its way: no derivative is an error, of whatever order, and each says why it is none."""
    (result,) = [r for r in Session().run(f"f(x) = 1/(1 + exp(-x)); f{'′' * n}(-1000)") if r.shown]
    assert np.isnan(float(result.value)) and [w.code for w in result.warnings] == ["W-AD"]  # type: ignore[arg-type]
