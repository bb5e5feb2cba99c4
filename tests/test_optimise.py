"""`minimize` and `solve` against published minima and SciPy."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from scipy.optimize import rosen

from calclang import CalcError, Session
from calclang.limits import LOCAL

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


ROOTS: list[tuple[str, str, Any]] = [
    ("x -> x^2 - 2", "1", 2**0.5),
    ("(x, y) -> (x^2 + y^2 - 4, x*y - 1)", "(2, 0.3)", [(2 + 3**0.5) ** 0.5, (2 - 3**0.5) ** 0.5]),
    ("[x, y, z] -> [x + y + z - 6, x*y*z - 6, x^2 + y^2 + z^2 - 14]", "[0.5, 2.2, 3.9]", [1, 2, 3]),
    ("x -> log(x)", "2.5", 1),
    ("X -> X*X - [1, 2; 0, 4]", "eye(2)", [[1, 2 / 3], [0, 2]]),
]


@pytest.mark.parametrize(("program", "start", "expected"), ROOTS)
def test_roots(program: str, start: str, expected: Any) -> None:
    session = Session()
    session.run(f"solve {program} from {start}")
    found: Any = session["ans"]
    assert np.allclose(found["root"], expected, rtol=1e-10, atol=1e-12) and np.shape(found["root"]) == np.shape(expected)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("minimize x -> [x, x] from 1", "E-SHAPE"), ("minimize 3 from 1", "E-TYPE"), ("minimize x -> log(x) from -1", "E-DOMAIN"),
        ("minimize x -> -x^4 from 1", "E-DOMAIN"), ("minimize x -> x^2", "E-SYNTAX"), ("solve (x, y) -> x + y from (1, 2)", "E-SHAPE"),
        ("solve x -> exp(x) from 0 max 5", "E-DOMAIN"), ('minimize x -> x^2 from "a"', "E-TYPE"),
    ],
)  # fmt: skip
def test_errors(text: str, code: str) -> None:
    session = Session()
    with pytest.raises(CalcError) as caught:
        session.run(text)
    assert caught.value.code == code, caught.value.diagnostic


def test_the_report() -> None:
    (result,) = Session().run("minimize (x, y) -> (x - 1)^2 + (y + 2)^2 from (0, 0) trace true")
    text = str(result.value)
    assert "step  value" in text and "point  [1, -2]" in text and "stop   the gradient is zero" in text
