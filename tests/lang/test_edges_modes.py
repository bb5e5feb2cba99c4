"""One answer in every mode, also where a slope is infinite inside of a loop or a branch: what is zero by structure stays so, what was computed is a number."""

from __future__ import annotations

from itertools import product
from math import inf, nan

import numpy as np
import pytest

from calclang import Session
from tests.lang.test_edges import answer

DIRECTIONS = ("forward", "reverse")
ZEROS = "[k - 1 for k in 1..80]"  # 0, 1, 2, …: longer than what is written out turn by turn


def square(*rows: tuple[float, ...]) -> np.ndarray:
    return np.array(rows, dtype=float)


@pytest.mark.parametrize(
    ("program", "at", "expected"),
    [
        ("f(x) = [fold((s, v) -> s + sqrt(v), 0, x)]", ZEROS, square((inf, 0.5))),
        ("f(x) = [fold((s, k) -> s + sqrt(x[k]), 0, 1..80)]", ZEROS, square((inf, 0.5))),
        ("f(x) = [fold((s, v) -> s + (if v >= 0 then sqrt(v) else 0), 0, x)]", ZEROS, square((inf, 0.5))),
        ("f(x) = [fold((s, v) -> s + cbrt(v) + v^0.5, 0, x)]", ZEROS, square((inf, 0.5 + 1 / 3))),
        ("f(x) = [fold((s, v) -> s + asin(1 - v), 0, x[1..60]/60)]", ZEROS, square((-inf, -1 / (60 * (1 - (59 / 60) ** 2) ** 0.5)))),
        ("f(x) = scan((s, v) -> s + sqrt(v), 0, x)", ZEROS, square((inf, 0), (inf, 0.5))),
        ("f(x) = scan((s, v) -> s + sqrt((v - 1)^3), 0, x + 1)", ZEROS, square((nan, 0), (nan, 1.5))),
        ("f(x) = iterate(s -> [sqrt(s[1]), s[2]], x, 100)", "[0, 1]", square((inf, 0), (0, 1))),
        ("f(x) = iterate(s -> sqrt(s), x, 20)", "[0, 1]", square((inf, 0), (0, 2.0**-20))),
        ("f(x) = [iterate(s -> sqrt(s) + x[1], 0, 100)]", "[1, 5]", square((1.4472135954999579, 0))),
        ("f(x) = [fold((s, k) -> s + sqrt(x[1] + s), x[2], 1..100)]", "[0, 0, 7]", square((inf, inf))),
        ("f(x) = [if v >= 0 then sqrt(v) else 0 for v in x]", ZEROS, square((inf, 0), (0, 0.5))),
        ("f(x) = [if v >= 0 then sqrt(v*x[3]) else 0 for v in x]", ZEROS, square((inf, 0), (0, 2**0.5 / 2))),
        ("f(x) = [iterate(s -> s + sqrt(v), 0, 9) for v in x]", ZEROS, square((inf, 0), (0, 4.5))),
    ],
)
def test_jacobians(program: str, at: str, expected: np.ndarray) -> None:
    """Zeros of what cannot influence a value meet infinite slopes in loops and branches, and are none of their factors."""
    session = Session()
    session.run(program)
    for mode in DIRECTIONS:
        found = answer(session, f"jacobian(f, mode = {mode})({at})")[0]
        assert np.allclose(found[: len(expected), :2], expected, rtol=1e-9, equal_nan=True), (mode, found)


@pytest.mark.parametrize("modes", [*product(DIRECTIONS, DIRECTIONS)], ids="-".join)
def test_second_derivatives(modes: tuple[str, str]) -> None:
    session = Session()
    session.run("f(x) = fold((s, v) -> s + sqrt(v), 0, x)")
    found = answer(session, f"jacobian(grad(f, mode = {modes[0]}), mode = {modes[1]})({ZEROS})")[0]
    assert np.array_equal(found[:2, :2], [[-inf, 0], [0, -0.25]]) and not np.isnan(found).any()


@pytest.mark.parametrize("modes", [*product(DIRECTIONS, DIRECTIONS)], ids="-".join)
@pytest.mark.parametrize("body", ["1e308*sin(10*x)", "1e10*tanh(1e308*x)"])
def test_a_product_that_overflows_on_the_way_is_taken_in_another_order(body: str, modes: tuple[str, str]) -> None:
    """The second derivative is 0, whatever the first one is."""
    session = Session()
    session.run(f"f(x) = {body}")
    value, codes = answer(session, f"jacobian(grad(f, mode = {modes[0]}), mode = {modes[1]})(0)")[:2]
    assert value == 0 and codes == []


def test_a_zero_that_was_computed_is_a_number_in_a_loop_too() -> None:
    session = Session()
    session.run("f(x) = iterate(s -> cbrt(s^3), x, 20)")
    for mode in DIRECTIONS:
        assert np.isnan(answer(session, f"derivative(f, mode = {mode})(0)")[0])


@pytest.mark.parametrize("modes", [*product(DIRECTIONS, DIRECTIONS)], ids="-".join)
@pytest.mark.parametrize("body", ["norm([x[1], x[1]])", "std([exp(x[1]), 1])", "norm([norm([x[1], 0]), sqrt(x[1]^2 + x[1]^2)])^2", "iterate(t -> sqrt(t), x[1], 11)"])
def test_what_depends_on_one_element_has_no_other_slopes(body: str, modes: tuple[str, str]) -> None:
    """Also where it is put together of many parts, each of which depends on that element."""
    session = Session()
    session.run(f"f(x) = {body}")
    slopes = answer(session, f"grad(f, mode = {modes[0]})([0, 1])")[0]
    assert slopes[1] == 0
    seconds = answer(session, f"jacobian(grad(f, mode = {modes[0]}), mode = {modes[1]})([0, 1])")[0]
    assert not np.isfinite(seconds[0, 0]) and np.array_equal(seconds[1], [0, 0]) and seconds[0, 1] == 0, seconds
