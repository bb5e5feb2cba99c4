"""`solve` on systems of the literature from near and far starts, on one unknown where Newton's method alone fails, and where there is no root.

The systems: Moré, Garbow and Hillstrom, ACM Transactions on Mathematical Software 7, 1981."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from calclang import CalcError, Session
from tests.reference_fits import FITS, Fit, digits

SINGULAR = "[a, b, c, d] -> [a + 10b, sqrt(5)*(c - d), (b - 2c)^2, sqrt(10)*(a - d)^2]"  # Powell's
FREUDENSTEIN = "[x, y] -> [-13 + x + ((5 - y)*y - 2)*y, -29 + x + ((y + 1)*y - 14)*y]"
BROYDEN = "x -> [(3 - 2x[i])*x[i] - (if i > 1 then x[i-1] else 0) - 2*(if i < 100 then x[i+1] else 0) + 1 for i in 1..100]"
BROWN = "x -> [if i < 10 then x[i] + sum(x) - 11 else prod(x) - 1 for i in 1..10]"
HELIX = "[x, y, z] -> [10*(z - 10*(atan(y/x)/(2pi) + (if x < 0 then 0.5 else 0))), 10*(sqrt(x^2 + y^2) - 1), z]"
WOOD = "grad([a, b, c, d] -> 100(b - a^2)^2 + (1 - a)^2 + 90(d - c^2)^2 + (1 - c)^2 + 10(b + d - 2)^2 + (b - d)^2/10)"
TRIGONOMETRIC = "x -> [10 - sum(cos(x)) + i*(1 - cos(x[i])) - sin(x[i]) for i in 1..10]"
SCALED = "[x, y] -> [1e4*x*y - 1, exp(-x) + exp(-y) - 1.0001]"  # Powell's, badly scaled
BOX = "[a, b, c] -> [exp(-t*a) - exp(-t*b) - c*(exp(-t) - exp(-10t)) for t in [0.1, 0.2, 0.3]]"

SYSTEMS = [
    (SINGULAR, "[3, -1, 0, 1]"), (SINGULAR, "[300, -100, 0, 100]"), ("[x, y] -> [10(y - x^2), 1 - x]", "[-1.2, 1]"), ("[x, y] -> [10(y - x^2), 1 - x]", "[-120, 100]"),
    (FREUDENSTEIN, "[6, 5]"), (FREUDENSTEIN, "[0.5, -2]"), (FREUDENSTEIN, "[50, -200]"), (BROYDEN, "-ones(100)"), (BROYDEN, "-100*ones(100)"),
    (BROWN, "0.5*ones(10)"), (BROWN, "50*ones(10)"), (HELIX, "[-1, 0, 0]"), (HELIX, "[-100, 0, 0]"), (WOOD, "[-3, -1, -3, -1]"), (WOOD, "[-300, -100, -300, -100]"),
    (TRIGONOMETRIC, "ones(10)/10"), (TRIGONOMETRIC, "ones(10)"), (SCALED, "[0, 1]"), (BOX, "[0, 10, 20]"),
    ("[x, y] -> [x^2 - 1, y^2 - 1]", "[0, 2]"), ("[x, y] -> [x^2 - 1, y^2 - 1]", "[0, 0]"),
]  # fmt: skip


def solved(program: str) -> tuple[Any, str]:
    """The answer to a program that solves an equation, and its report."""
    session = Session()
    report = str(session.run(program)[-1].value)
    return session["ans"], report


@pytest.mark.parametrize(("system", "start"), SYSTEMS)
def test_systems(system: str, start: str) -> None:
    found, _ = solved(f"solve {system} from {start}")
    session = Session()
    session.run(f"F = {system}")
    function: Any = session["F"]
    assert np.max(np.abs(np.asarray(function(found["root"])))) < 1e-11


# One unknown: cycles and overshoots of Newton's method, starts where the slope is zero or infinite, steps that leave the domain, roots behind a maximum.
ONE = [
    ("x^3 - 2x + 2", "0", -1.7692923542386314), ("cbrt(x)", "1", 0), ("atan(x)", "3", 0), ("atan(x)", "1e6", 0), ("log(x)", "5", 1), ("log(x)", "5000", 1),
    ("sqrt(x) - 1", "30", 1), ("sqrt(x) - 1", "0", 1), ("sqrt(x)", "1", 0), ("tan(x)", "1.5", 0), ("tan(x) - x", "4", 4.493409457909064), ("1/x - 2", "5", 0.5),
    ("x^20 - 1", "0.5", 1), ("x*exp(-x)", "2", 0), ("x^2 - 2", "0", -(2**0.5)), ("abs(x) - 1", "0", -1), ("exp(-x) - 1e-9", "0", 9 * np.log(10)), ("x^10", "1", 0),
]  # fmt: skip


@pytest.mark.parametrize(("equation", "start", "root"), ONE)
def test_one_unknown(equation: str, start: str, root: float) -> None:
    found, _ = solved(f"solve x -> {equation} from {start}")
    assert found["root"] == pytest.approx(root, rel=1e-12, abs=1e-8)


# What has no root, and what is said of it.
NONE = [
    ("exp(-x)", "0", "fades"), ("1/x", "1", "fades"), ("x^2 + 1", "3", "no small step makes the residual smaller"), ("x^2 + 1", "0", "no small step"),
    ("exp(-x) + 1e-9", "0", "no small step"), ("floor(x) - 0.5", "3", "it jumps"), ("sign(x) + sign(x - 1)*0", "3", "it jumps"), ("if x > 0 then 1 else -1", "3", "it jumps"), ("sqrt(x) + 1", "3", "leaves the domain"),
    ("[x[1]^3 - 1, x[2] - 1]", "[1e60, 1] max 2", "used up"), ("[x[1] + x[2] - 2, 2x[1] + 2x[2] - 5]", "[0, 0]", "no small step"),
]  # fmt: skip


@pytest.mark.parametrize(("equation", "start", "says"), NONE)
def test_no_root(equation: str, start: str, says: str) -> None:
    with pytest.raises(CalcError, match="no root was found") as caught:
        solved(f"solve x -> {equation} from {start}")
    assert says in caught.value.diagnostic.notes[0]


@pytest.mark.parametrize(("function", "help"), [("g(x) = exp(-x); solve grad(g)", "minimize g from"), ("solve grad(x -> exp(-x))", "begin nearer")])
def test_a_gradient_without_a_root(function: str, help: str) -> None:
    """A minimum is offered where the function has a name that can be written."""
    with pytest.raises(CalcError) as caught:
        solved(f"{function} from 1")
    assert help in caught.value.diagnostic.help


# What is said of a root besides.
REMARKS = [
    ("x -> (x - 3)^2 from 1", "may be off by some 4.8e-07"), ("x -> [x[1] + x[2] - 2, 2x[1] + 2x[2] - 4] from [0, 0]", "the Jacobian is singular"),
    ("x -> x^2 - 2 from 0", "at last Brent's method"), ("[x, y] -> [x^2 - 1, y^2 - 1] from [0, 2]", "at last Powell's hybrid method"), ("x -> x^2 - 2 from 1", "(Newton's method, exact Jacobian)"),
]  # fmt: skip


@pytest.mark.parametrize(("asked", "says"), REMARKS)
def test_remarks(asked: str, says: str) -> None:
    assert says in solved(f"solve {asked}")[1]
    assert "singular" in says or "singular" not in solved(f"solve {asked}")[1]


@pytest.mark.parametrize("equation", ["iterate(t -> t + 0.1, 0, until = t -> t > x, max = 1000) - 2.05", "[1, 2, 3][floor(abs(x))] - 2.5", "length(zeros(floor(2^abs(x)))) - 3.5"])
def test_where_the_program_fails_it_is_not_defined(equation: str) -> None:
    """A loop that does not end, an index that is none, an array that is too large: far from the start these tell of the place, not of the search."""
    with pytest.raises(CalcError, match="no root was found"):
        solved(f"solve x -> {equation} from 1.5")


def test_a_wide_system_is_left_to_newton() -> None:
    """Beyond 200 unknowns no factorisation of MINPACK is begun: it would take minutes."""
    with pytest.raises(CalcError, match="no root was found"):
        solved("solve x -> x .^ 2 .+ 1 from zeros(201)")


# The gradient of a sum of squares: a root where the certified parameters are, or an honest word.
REACHED = [("misra1a", 0), ("misra1a", 1), ("mgh09", 1)]


@pytest.mark.parametrize(("name", "start"), REACHED)
def test_gradients_of_reference_fits(name: str, start: int) -> None:
    fit = FITS[name]
    session = fit.session()
    session.run(f"solve grad(rss) from {fit.starts[start]}")
    found: Any = session["ans"]
    assert digits(found["root"], fit.certified) > 8


@pytest.mark.parametrize("start", [0, 1])
def test_a_gradient_that_fades(start: int) -> None:
    fit: Fit = FITS["thurber"]
    with pytest.raises(CalcError) as caught:
        fit.session().run(f"solve grad(rss) from {fit.starts[start]}")
    assert "fades" in caught.value.diagnostic.notes[0] and "minimize rss from" in caught.value.diagnostic.help


def test_a_stationary_point_that_is_no_minimum() -> None:
    """From the far start of MGH09 the gradient becomes zero elsewhere, at negative parameters: a root all the same."""
    fit = FITS["mgh09"]
    session = fit.session()
    session.run(f'solve grad(rss) from {fit.starts[0]}; b = ans["root"]')
    gradient: Any = session.eval("norm(grad(rss)(b))")
    value: Any = session.eval("rss(b)")
    assert gradient < 1e-12 and value > 5 * fit.squares
