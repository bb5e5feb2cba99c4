"""`minimize` and `solve` against published minima and SciPy."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.optimize import rosen

from calclang import CalcError, Session
from calclang.limits import LOCAL
from tests.reference_fits import FITS, digits

ROOT = Path(__file__).parent.parent

# Standard test functions (Moré, Garbow and Hillstrom, ACM TOMS 7, 1981; Himmelblau 1972): program, start, minimum.
PUBLISHED: list[tuple[str, str, Any]] = [
    ("(x, y) -> (1 - x)^2 + 100(y - x^2)^2", "(-1.2, 1)", [1, 1]),
    ("[x, y] -> (x^2 + y - 11)^2 + (x + y^2 - 7)^2", "[1, 1]", [3, 2]),
    ("(x, y) -> (1.5 - x + x*y)^2 + (2.25 - x + x*y^2)^2 + (2.625 - x + x*y^3)^2", "(1, 1)", [3, 0.5]),
    ("x -> x - log(x)", "5", 1),
    ("x -> sum(100(x[i+1] - x[i]^2)^2 + (1 - x[i])^2 for i in 1..9)", "zeros(10)", np.ones(10)),
    ("A -> norm(A - [1, 2; 3, 4])^2", "zeros(2, 2)", [[1, 2], [3, 4]]),
]


@pytest.mark.parametrize("method", ["", " method bfgs", ' method "l-bfgs-b"', ' method "newton-cg"', ' method "trust-krylov"'])
@pytest.mark.parametrize(("program", "start", "expected"), PUBLISHED)
def test_minima(program: str, start: str, expected: Any, method: str) -> None:
    session = Session()
    session.run(f"minimize {program} from {start}{method} tol 1e-10")
    found: Any = session["ans"]
    assert np.allclose(found["point"], expected, atol=1e-5)
    assert np.shape(found["point"]) == np.shape(expected)
    assert found["steps"] > 0 and np.allclose(np.ravel(np.asarray(found["gradient"], dtype=float)), 0, atol=1e-3)


def test_the_value_is_scipys() -> None:
    session = Session()
    session.run("minimize x -> sum(100(x[i+1] - x[i]^2)^2 + (1 - x[i])^2 for i in 1..4) from [2, 0, 1, -1, 3] max 3")
    found: Any = session["ans"]
    assert found["value"] == pytest.approx(rosen(found["point"]), rel=1e-12)
    assert found["steps"] == 3


def test_many_unknowns() -> None:
    """The Hessian of 500 unknowns is never formed: no value here has more than 10,000 elements."""
    session = Session(replace(LOCAL, elements=10_000))
    session.run("minimize x -> sum(cosh(x[i] - x[i+1]) for i in 1..499) + sum((x .- 2) .^ 4) + (x[1] - 2)^2 from zeros(500)")
    found: Any = session["ans"]
    assert np.allclose(found["point"], 2, atol=0.01) and np.allclose(found["gradient"], 0, atol=1e-7)


def test_several_arguments() -> None:
    """Arrays of several shapes come back as they were given."""
    session = Session()
    session.run("minimize (a, v) -> (a - 2)^2 + norm(v - [1, 2, 3])^2 from (0, zeros(3)) method bfgs")
    found: Any = session["ans"]
    assert found["point"].values[0] == pytest.approx(2, abs=1e-6) and np.allclose(found["point"].values[1], [1, 2, 3], atol=1e-6)


@pytest.mark.parametrize("method", ["trust-exact", "trust-krylov", "newton-cg"])
def test_second_derivatives_of_several_arguments(method: str) -> None:
    """A quadratic function takes a step or two, whatever stands beside what."""
    session = Session()
    session.run(f"minimize (w, M, b) -> norm(w - [1, 2])^2 + sum((M*w - [3, 4]) .^ 2) + sum(M .* M) + (b - 3)^2*w[1]^2 from ([1, 1], eye(2), 2) method {method}")
    found: Any = session["ans"]
    assert found["steps"] < 15 and np.allclose([*found["gradient"].values[0], *np.ravel(found["gradient"].values[1])], 0, atol=1e-6)
    session.run(f"minimize (w, b) -> norm(w - [1, 2])^2 + (b - 3)^2 from (zeros(2), 0) method {method}")
    found = session["ans"]
    assert found["steps"] <= 4 and np.allclose(found["point"].values[0], [1, 2]) and found["point"].values[1] == pytest.approx(3)


# A start, and words of the report: kinks, lines that fall for ever, extremes that are none, parameters of any size.
STOPS = [
    ("x -> if x > 0 then x else -2x from 1", "no smaller value was found, as at a corner or a jump"), ("x -> norm(x, inf) from [3.3, 1]", "as at a corner or a jump"),
    ("x -> norm(x, inf) from [3.3, 1] method bfgs", "bfgs finds no smaller value, another method may; the largest"),
    ("x -> floor(x)^2 from 3.5", "so is the Hessian: a corner, or the value is constant here"), ("x -> 5 from 1", "so is the Hessian"),
    ("exp from 0", "the minimum may be some 1 away, for the value is flat here"), ("x -> x^4 from 3", "may be some 0.00045 away"),
    ("x -> sum(cosh(x[i] - i/50)^2*1e5*i for i in 1..100) from zeros(100)", "the value is the smallest but for rounding; the largest entry of the gradient is"),
    ("x -> -x^2 from 0", "this is no minimum: along some line the second derivative is -2"), ("x -> x[1]^2 - x[2]^2 from [0, 0]", "no minimum"),
    ("x -> (x[1] - 1e6)^2 + 1e12*(x[2] - 1e-6)^2 from [0, 0]", "the gradient is zero"), ("x -> cosh(x) from 9 max 2", "2 steps were taken"),
]  # fmt: skip


@pytest.mark.parametrize(("asked", "says"), STOPS)
def test_why_it_stopped(asked: str, says: str) -> None:
    assert says in str(Session().run(f"minimize {asked}")[-1].value)


@pytest.mark.parametrize("method", ["trust-exact", "bfgs", "cg", "nelder-mead"])
def test_a_line_falls_for_ever(method: str) -> None:
    with pytest.raises(CalcError) as caught:
        Session().run(f"minimize x -> 3 - x from 1 method {method}")
    assert "falls without bound" in caught.value.diagnostic.message


ROOTS: list[tuple[str, str, Any]] = [
    ("x -> x^2 - 2", "1", 2**0.5),
    ("(x, y) -> (x^2 + y^2 - 4, x*y - 1)", "(2, 0.3)", [(2 + 3**0.5) ** 0.5, (2 - 3**0.5) ** 0.5]),
    ("[x, y, z] -> [x + y + z - 6, x*y*z - 6, x^2 + y^2 + z^2 - 14]", "[0.5, 2.2, 3.9]", [1, 2, 3]),
    ("x -> log(x)", "2.5", 1),
    ("X -> X*X - [1, 2; 0, 4]", "eye(2)", [[1, 2 / 3], [0, 2]]),
    ("x -> (x[1..2] - [1, 2], x[3]*x[1] - 3)", "[2, 2, 2]", [1, 2, 3]),
]


@pytest.mark.parametrize(("program", "start", "expected"), ROOTS)
def test_roots(program: str, start: str, expected: Any) -> None:
    session = Session()
    session.run(f"solve {program} from {start}")
    found: Any = session["ans"]
    assert np.allclose(found["root"], expected, rtol=1e-10, atol=1e-12) and np.shape(found["root"]) == np.shape(expected)


def test_roots_of_several_arguments() -> None:
    session = Session()
    session.run("solve (A, v) -> (A*A - [1, 2; 0, 4], A*v - [1, 2]) from (eye(2), [1, 1])")
    found: Any = session["ans"]
    assert np.allclose(found["root"].values[0], [[1, 2 / 3], [0, 2]]) and np.allclose(found["root"].values[1], [1 / 3, 1]) and found["steps"] < 10


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("minimize x -> [x, x] from 1", "E-SHAPE"), ("minimize 3 from 1", "E-TYPE"), ("minimize x -> log(x) from -1", "E-DOMAIN"),
        ("minimize x -> -x^4 from 1", "E-DOMAIN"), ("minimize x -> x^2", "E-SYNTAX"), ("solve (x, y) -> x + y from (1, 2)", "E-SHAPE"),
        ("solve x -> exp(x) from 0", "E-DOMAIN"), ("solve x -> 1/x from 1", "E-DOMAIN"), ("solve x -> x^2 == 2 from 1", "E-TYPE"), ("solve x -> (x, (x, \"a\")) from [1, 2]", "E-TYPE"), ("solve x -> t -> t from 1", "E-TYPE"), ("solve x -> 1..2 from 1", "E-TYPE"), ("minimize x -> t -> t from 1", "E-SHAPE"),
        ("solve x -> sqrt(x) + 1 from 0", "E-DOMAIN"), ("solve x -> x^2 - 2 from nan", "E-DOMAIN"), ("minimize x -> x^2 from inf", "E-DOMAIN"),
        ("minimize x -> sum(x) from []", "E-DOMAIN"), ("minimize sin from 1 max inf", "E-TYPE"), ("minimize sin from 1 max 1.5", "E-TYPE"),
        ("minimize sin from 1 trace 1", "E-TYPE"), ("minimize sin from 1 trace trace", "E-SYNTAX"), ("check derivative floor at 1", "E-DOMAIN"), ("check grad norm at [1, 2] along [1, 2]", "E-SYNTAX"),
        ("check jvp norm at [1, 2]", "E-SYNTAX"),
        ("minimize x*zzz + x^2 from x = 1", "E-NAME"), ("check grad (x -> x^2) at nan", "E-DOMAIN"), ("check derivative sqrt at 0", "E-DOMAIN"), ('minimize x -> x^2 from "a"', "E-TYPE"),
    ],
)  # fmt: skip
def test_errors(text: str, code: str) -> None:
    session = Session()
    with pytest.raises(CalcError) as caught:
        session.run(text)
    assert caught.value.code == code, caught.value.diagnostic


def test_the_report() -> None:
    (result,) = Session().run("minimize (x, y) -> (x - 1)^2 + (y + 2)^2 from (0, 0) trace")
    text = str(result.value)
    assert "step  value" in text and "point  [1, -2]" in text and "stop   the gradient is zero" in text
    (result,) = Session().run("minimize (x, y) -> (x - 1)^2 + (y + 2)^2 from (0, 0) trace false")
    assert "step  value" not in str(result.value)


# The first step leaves the domain: there the function counts as infinitely high, whatever derivative is asked for.
DOMAINS: list[tuple[str, str, Any]] = [
    ("x -> x - log(x)", "30", 1), ("x -> x - sqrt(x)", "30", 0.25), ("x -> x*log(x)", "1", np.exp(-1)), ("x -> sqrt(x)", "1", 0),
    ("[x, y] -> -log(x) - log(y) + x + y", "[3, 9]", [1, 1]), ("x -> sum(x) - sum(log(x[i]) for i in 1..70)", "9*ones(70)", np.ones(70)),
]  # fmt: skip


@pytest.mark.parametrize(("program", "start", "expected"), DOMAINS)
def test_steps_outside_the_domain(program: str, start: str, expected: Any) -> None:
    session = Session()
    session.run(f"minimize {program} from {start}")
    found: Any = session["ans"]
    assert np.allclose(found["point"], expected, atol=1e-6)


@pytest.mark.parametrize("asked", ["abs from 1", "x -> abs(x[1]) + abs(x[2] - 1) from [3, 4.2]", "x -> sum(abs(x)) from ones(100)"])
def test_straight_lines_have_an_end(asked: str) -> None:
    """Where the Hessian is zero the methods that ask for products with it start all the same; a line search from far out needs luck."""
    session = Session()
    for method in ("trust-krylov", "newton-cg")[: 1 if "ones" in asked else 2]:
        session.run(f"minimize {asked} method {method}")
        assert session.eval('ans["value"]') == pytest.approx(0, abs=1e-7)


@pytest.mark.parametrize(("asked", "least"), [("x -> abs(x[1] - x[2]) + x[1]^2 + max(x) from [3, 4.2]", -0.25), ("x -> sum(abs(x .- 2)) + 50 from linspace(-1, 2, 62)", 50)])
def test_another_method_goes_on_where_one_gives_up(asked: str, least: float) -> None:
    """Unless one was named, corners are left to L-BFGS-B, which goes furthest there."""
    session = Session()
    assert "(at last l-bfgs-b, exact gradient)" in str(session.run(f"minimize {asked}")[-1].value)
    assert session.eval('ans["value"]') == pytest.approx(least, abs=1e-4)


def test_newtons_step_knows_how_far_a_straight_line_may_lead() -> None:
    """A line search that began a hundred million lengths away found no smaller value at all."""
    session = Session()
    for method in ("newton-cg", "trust-krylov"):
        session.run(f"minimize x -> sum(abs(x)) from ones(100) method {method}")
        assert session.eval('ans["value"]') == pytest.approx(0, abs=1e-7)


def test_a_method_begins_again_where_it_gave_up() -> None:
    """Misra1a's unknowns differ by six powers of ten: conjugate gradients end in their first step from the far start, and reach the minimum
    when they begin anew there."""
    fit = FITS["misra1a"]
    session = fit.session()
    session.run(f"minimize rss from {fit.starts[0]} method cg")
    assert session.eval('ans["value"]') == pytest.approx(fit.squares, rel=1e-6)


@pytest.mark.parametrize("start", [0, 1])
@pytest.mark.parametrize("name", FITS)
def test_reference_fits(name: str, start: int) -> None:
    """The default method reaches certified parameters from both starts: the last steps are Newton's, whatever the size of the gradient."""
    fit = FITS[name]
    session = fit.session()
    report = str(session.run(f"minimize rss from {fit.starts[start]}")[-1].value)
    found: Any = session["ans"]
    assert digits(found["point"], fit.certified) > 8 and found["value"] == pytest.approx(fit.squares, rel=1e-9)
    assert "the value is the smallest but for rounding" in report or "the gradient is zero" in report
    errors = session.eval("(b -> (let J = jacobian(r)(b) in sqrt(diag(rss(b)/(length(x) - length(b)) * inv(J' * J)))))(ans[\"point\"])")
    assert digits(errors, fit.errors) > 8


SQUARES = [
    ("f(a, b) = [a - 1, b - 2, a*b]; minimize f from (0, 0)", "minimize (a, b) -> norm(f(a, b))^2 from (0, 0)"), ("solve x -> [x - 1, x - 2] from 3", "minimize x -> norm([x - 1, x - 2])^2 from 3"),
    ("f([x, y]) = [x + y, x - y, x*y]; minimize f from [1, 2]", "minimize [x, y] -> norm(f([x, y]))^2 from [1, 2]"), ("minimize [x + y, x*y] from x = 1, y = 2", "minimize (x, y) -> norm([x + y, x*y])^2 from x = 1, y = 2"),
    ("minimize grad(x -> norm(x)^2) from [1, 2]", ""), ("minimize x -> (x, 2) from 1", ""), ("minimize x -> x > 1 from 1", ""), ('minimize x -> "a" from 1', ""),
]  # fmt: skip


@pytest.mark.parametrize(("program", "instead"), SQUARES)
def test_several_values_are_least_squares(program: str, instead: str) -> None:
    """What is written instead stands in the help, and runs."""
    session = Session()
    with pytest.raises(CalcError) as caught:
        session.run(program)
    assert caught.value.diagnostic.help.endswith(instead) and ("least squares" in caught.value.diagnostic.help) == bool(instead)
    session.run(instead or "0")


MISRA = 'd = read("examples/data/misra1a.csv"); rss(b) = sum((d["y"] - b[1]*(1 - exp(-b[2]*d["x"]))).^2)'


@pytest.mark.parametrize("start", ["[240, 5.5e-4]", "[239, 5.5e-4]", "[238.94212918, 5.5015643181e-4]"])
def test_a_root_but_for_rounding(start: str) -> None:
    """The terms of this gradient are of the size 1e7: no number makes it as small as the tolerance."""
    session = Session()
    session.run(MISRA, f"{ROOT}/program.calc")
    assert "which is rounding" in str(session.run(f"solve grad(rss) from {start}")[-1].value)
    assert np.allclose(np.asarray(session.eval('ans["root"]')), [2.3894212918e2, 5.5015643181e-4], rtol=1e-10)


@pytest.mark.parametrize("equation", ["x -> sin(x) + 2 from 1e17", "x -> exp(x) from 1", "x -> 1e10 + sin(x) from 3", "x -> 1/x from 1"])
def test_rounding_makes_no_roots(equation: str) -> None:
    with pytest.raises(CalcError, match="no root was found"):
        Session().run(f"solve {equation}")


def test_double_roots() -> None:
    """Newton is slow there, and comes as near as the value can tell."""
    session = Session()
    session.run("solve x -> (x - 3)^2 from 1")
    found: Any = session["ans"]
    assert found["root"] == pytest.approx(3, abs=2e-6)


@pytest.mark.parametrize("start", ["(0, 0)", "x = 0, y = 0", "y = 0, x = 0"])
def test_expressions(start: str) -> None:
    """The names that nothing defines are the unknowns, as they are read or as the start names them."""
    session = Session()
    session.run(f"minimize (1 - x)^2 + (y - 2)^2 from {start}")
    found: Any = session["ans"]
    assert np.allclose(found["point"], [2, 1] if start[0] == "y" else [1, 2], atol=1e-8)
    session.run("solve x^2 - 2 from 1")
    assert found is not session["ans"] and np.isclose(session["ans"]["root"], 2**0.5)


def test_an_equation_is_written_as_a_difference() -> None:
    with pytest.raises(CalcError) as caught:
        Session().run("solve x -> x^2 == 3 - x from 1")
    assert caught.value.diagnostic.help == "write  x^2 - (3 - x)"


def test_a_long_point_is_cut() -> None:
    (result,) = Session().run("minimize x -> sum((x .- 2) .^ 2) from zeros(1000)")
    assert len(str(result.value)) < 1000 and 'ans["point"]' in str(result.value)


def test_solve_shows_its_steps() -> None:
    (result,) = Session().run("solve x -> x^2 - 2 from 1 trace true")
    assert "step  residual" in str(result.value) and "1.5" in str(result.value)


@pytest.mark.parametrize(("asked", "verdict", "warns"), [
    ("derivative (x -> x^2) at 1e-200", "agrees", 0), ("derivative abs at 0", "agrees", 1), ("derivative sqrt at 0.01", "agrees", 0), ("hessian (x -> x^4) at 1e-9", "agrees", 0),
    ("derivative (x -> stop_gradient(x)*x) at 1e-3", "DIFFERS from", 0), ("derivative (x -> sin(1e6*x)) at 1", "agrees with", 0), ("derivative (x -> 1/x) at 1e-100", "agrees", 0),
    ("derivative log at 1e-300", "agrees", 0), ("hessian (x -> sin(1e4*x[1])*x[2]) at [1, 2]", "agrees", 0), ("derivative relu at 0", "DIFFERS", 1),
    ("jvp (x -> x .^ 2) at [1, 2] along [1, 1]", "agrees", 0), ("vjp (x -> x .^ 2) at [1, 2] from [1, 1]", "agrees", 0), ("hvp (x -> sum(x .^ 3)) at [1, 2] along [1, 1]", "agrees", 0),
])  # fmt: skip
def test_checks(asked: str, verdict: str, warns: int) -> None:
    (result,) = Session().run(f"check {asked}")
    assert verdict in str(result.value) and len(result.warnings) == warns


@pytest.mark.parametrize("asked", ["sin(1)", "f(3)", "f(3) + 1", "f at 3", "grad f at 3"])
def test_time(asked: str) -> None:
    assert "first call" in str(Session().run(f"f(x) = x^2; time {asked}")[-1].value)


def test_trace_may_stand_alone() -> None:
    """Before another clause too; elsewhere the word is a name like any other."""
    shown = [Session().run(f"minimize x -> (x - 1)^2 from 3 trace{rest}")[-1].value for rest in ("", " true", " max 50", "  # all steps")]
    assert shown == [shown[0]] * 4 and "step" in str(shown[0])
    assert Session().run("trace = [4]; minimize x -> sum(x .^ 2) from trace; trace[1]")[-1].value == 4
