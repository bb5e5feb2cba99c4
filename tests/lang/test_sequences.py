"""Sorting, running sums and products, places of extremes, and random numbers: against NumPy and differences of its values."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from calclang import CalcError, Session
from tests.differences import bend, slope

POINTS = ["[3, 1, 2, -5]", "[2, 0, 3, 0]", "[7]", "[1, 1, 0]"]
NUMPY: dict[str, Any] = {
    "sort": np.sort, "reverse": np.flip, "cumsum": np.cumsum, "cumprod": np.cumprod, "diff": np.diff,
    "argmax": lambda x: np.argmax(x) + 1, "argmin": lambda x: np.argmin(x) + 1,
}  # fmt: skip


def run(text: str) -> Any:
    return Session().eval(text)


@pytest.mark.parametrize("at", POINTS)
@pytest.mark.parametrize("name", NUMPY)
def test_value(name: str, at: str) -> None:
    assert np.array_equal(run(f"{name}({at})"), NUMPY[name](np.array(eval(at), dtype=float)))


@pytest.mark.parametrize("name", ["sort", "reverse", "cumsum", "cumprod", "diff"])
def test_derivatives(name: str) -> None:
    """The gradient and the Hessian of a sum of cubes, along a line in every mode, against differences of NumPy's values."""
    x, way = np.array([3.0, 1.0, -0.5, -5.0]), np.array([0.3, -0.2, 0.7, 0.4])
    line = lambda t: (NUMPY[name](x + t * way) ** 3).sum()
    for mode in ("forward", "reverse"):
        gradient, hessian = (run(f"{of}(x -> sum({name}(x) .^ 3), mode = {mode})([3, 1, -0.5, -5])") for of in ("grad", "hessian"))
        assert gradient @ way == pytest.approx(slope(line)[0], rel=1e-9)
        assert way @ hessian @ way == pytest.approx(bend(line)[0], rel=1e-7)


def test_rows_stay_rows() -> None:
    assert run("size(sort([3, 1]'))").tolist() == [2]
    assert run("[3, 1]' * sort([2, 1])") == 5
    assert run("diff([1, 4, 9]') * [1, 1]") == 8


def warnings(text: str) -> list[str]:
    return [w.code for w in Session().run(text)[-1].warnings]


def test_ties_and_places_are_told_of() -> None:
    assert warnings("jacobian(sort)([1, 3, 1])") == ["W-AD"]
    assert warnings("jacobian(sort)([1, 3, 2])") == []
    assert warnings("grad(x -> argmax(x) * x[1])([1, 3])") == ["W-AD"]
    assert run("grad(x -> argmax(x) * x[1])([1, 3])").tolist() == [2, 0]
    assert warnings("argmax([1, 1])") == []


@pytest.mark.parametrize("name", ["argmax", "argmin"])
def test_nothing_has_no_largest_element(name: str) -> None:
    with pytest.raises(CalcError, match="needs at least"):
        run(f"{name}([])")


# ---- random numbers ------------------------------------------------------------------------------


def test_draws_differ_and_a_program_gives_the_same_each_time() -> None:
    program = "a = rand(3); b = rand(3); c = randn(2, 2)"
    first, again = Session(), Session()
    first.run(program)
    again.run(program)
    assert not np.array_equal(first["a"], first["b"])
    assert all(np.array_equal(first[n], again[n]) for n in "abc")


def test_a_seed_gives_the_same_numbers_anywhere() -> None:
    assert np.array_equal(run("rand(3, seed = 4)"), run("1; rand(); (n -> rand(n, seed = 4))(3)"))
    assert not np.array_equal(run("rand(3, seed = 4)"), run("rand(3, seed = 5)"))


def test_distributions() -> None:
    uniform, normal = run("rand(100, 200)"), run("randn(20000)")
    assert uniform.shape == (100, 200)
    assert 0 <= uniform.min() < 0.001
    assert 0.999 < uniform.max() < 1
    assert abs(uniform.mean() - 0.5) < 0.01
    assert abs(normal.mean()) < 0.03
    assert abs(normal.std() - 1) < 0.02


def test_a_function_needs_a_seed() -> None:
    with pytest.raises(CalcError, match="needs a seed"):
        run("f(x) = x + rand(); f(1)")


def test_what_every_call_warns_of_is_told_by_compiled_code() -> None:
    """The derivative of a whole number is a convention everywhere: that is no reason to trace each call anew."""
    session = Session()
    session.run("f(x) = x[1]*argmax(x) + argmin(x) + abs(x[2])")
    gradient: Any = session["f"].grad
    for x, codes in (([1.0, 3.0], 2), ([2.0, 1.0], 2), ([2.0, 0.0], 3), ([5.0, 1.0], 2)):
        session.warnings.clear()
        assert gradient(np.array(x)).tolist() == [1 + (x[1] > x[0]), np.sign(x[1])]
        assert [w.code for w in session.warnings] == ["W-AD"] * codes
    assert gradient.traces == 2  # the first time, and at the corner
    session.warnings.clear()
    session.run("g(a) = grad(f)([a, 1])[1]")
    assert [len(session.run(f"g({a})")[-1].warnings) for a in range(2, 9)] == [2] * 7
