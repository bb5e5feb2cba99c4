"""A result that float64 holds is given, also where a sum on the way to it would be too large; however often a function was called before."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from calclang import CalcError, Session


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("mean([1.7e308, 1.7e308])", 1.7e308), ("mean(1e308 for i in 1..4)", 1e308), ("mean([1.5e308, 1.5e308; -1.5e308, 1.5e308])", 7.5e307),
        ("1/mean([1.6e308, 1.6e308])", 1 / 1.6e308), ("std([1e308, 1.1e308, 1.2e308])", 1e307), ("softmax([1e308, -1e308])[1]", 1.0),
        ("logsumexp([1.7e308, -1.7e308])", 1.7e308), ("mean([5e-324, 5e-324])", 5e-324),
    ],
)  # fmt: skip
def test_values(text: str, value: float) -> None:
    assert Session().eval(text) == pytest.approx(value, rel=1e-14)


@pytest.mark.parametrize("n", [3, 20, 40_000])
@pytest.mark.parametrize("body", ["mean(x)", "mean(x[i] for i in 1..length(x))", "1/(1/mean(2*(x/2)))"])
def test_averages_of_every_length(n: int, body: str) -> None:
    """Written out as numbers, by NumPy, and in blocks."""
    session = Session()
    session.run(f"f(x) = {body}")
    f: Any = session["f"]
    for _ in range(3):
        assert f(np.full(n, 1.5e308)) == pytest.approx(1.5e308, rel=1e-14)
        assert f.grad(np.full(n, 3.0)) == pytest.approx(np.full(n, 1 / n), rel=1e-14)


def test_what_was_put_in_stays() -> None:
    session = Session()
    assert session.eval("mean([1e308, inf, 1e308])") == np.inf
    assert np.isnan(session.eval("mean([1e308, nan, 1e308])"))
    with pytest.raises(CalcError, match="too large"):
        session.run("sum([1.7e308, 1.7e308])")


@pytest.mark.parametrize("size", [1e-170, 1e160])
def test_deviations_whose_squares_are_no_numbers(size: float) -> None:
    session = Session()
    session.run("f(x) = std(x)\ng(v) = sum(std([i*v[1], v[2], v[3]]) for i in 1..20)")
    f, g, x = session["f"], session["g"], np.array([1.0, 2.0, 4.0])
    assert f(size * x) == pytest.approx(size * f(x), rel=1e-15)
    for function in (f, g):
        for mode in ("forward", "reverse"):
            session.run(f"d(v) = jacobian({'f' if function is f else 'g'}, mode = {mode})(v)")
            assert session["d"](size * x) == pytest.approx(session["d"](x), rel=1e-14)


@pytest.mark.parametrize(("program", "said"), [
    ("[1, 2, 3][2.0000000001]", "but is 2.0000000001"), ("[1, 2, 3][1234567]", "the index 1234567 is outside"), ("ones(2.00000001)", "got 2.00000001"), ("iterate(cos, 1, 2^60)", "below 2^53"), ("norm(eye(2), 2.0000000001)", "but got 2.0000000001"),
])  # fmt: skip
def test_a_number_that_is_refused_is_said_with_all_its_digits(program: str, said: str) -> None:
    with pytest.raises(CalcError) as caught:
        Session().run(program)
    assert said in caught.value.message


@pytest.mark.parametrize("mode", ["forward", "reverse"])
@pytest.mark.parametrize(
    ("body", "fine", "slope"),
    [
        ("sqrt(x^2)", 3.0, 1.0), ("3 + sqrt(x*x)", 3.0, 1.0), ("norm([x*x, x, x])", 3.0, 60 / np.sqrt(99)), ("log(x*x)", 2.0, 1.0),
        ("sum(sqrt(v*v) for v in [x, 2, 3, 4, 5, 6, 7, 8, 9])", 3.0, 1.0), ("fold((s, v) -> s + sqrt(v*x*x), 0, [1, 4, 9])", 3.0, 6.0),
    ],
)  # fmt: skip
def test_a_slope_is_not_zero_because_the_value_overflows(body: str, fine: float, slope: float, mode: str) -> None:
    """1e200/inf is 0; the value is an error there, and so is the derivative (R9), on the first call as on later ones."""
    session = Session()
    session.run(f"f(x) = {body}; g(x) = derivative(f, mode = {mode})(x)")
    for _ in range(3):
        for name in ("f", "g"):
            with pytest.raises(CalcError) as caught:
                session.eval(f"{name}(1e200)")
            assert caught.value.code == "E-OVERFLOW"
    g: Any = session["g"]
    for _ in range(3):
        assert g(fine) == pytest.approx(slope, rel=1e-14)
        with pytest.raises(CalcError, match="too large"):
            g(1e200)


def test_a_slope_that_needs_no_overflow_is_given() -> None:
    session = Session()
    session.run("f(x) = 1/(1 + x*x); g(x) = x^2; h(x) = norm([x, x, x])*1e150")
    assert session.eval("derivative(f)(1e200)") == 0 and session.eval("derivative(g)(1e200)") == 2e200
    assert session.eval("derivative(h)(1e200)") == pytest.approx(1e150 * np.sqrt(3), rel=1e-14)
