"""Where nothing is told of a second derivative there is one, and it is the number given: random compositions of corners and steps at 0, against
differences from both sides in sixty digits."""

from __future__ import annotations

from random import Random
from typing import Any

import mpmath
import pytest

from calclang import CalcError, Session
from tests.compositions import composed

ATOMS = ("x", "x", "x", "x^2", "x^3", "1", "2", "(x + 1)")
FUNCTIONS = (
    "abs({})", "relu({})", "max({}, 0)", "min({}, 0)", "sign({})", "({})*({})", "({})*({})", "({}) + ({})", "({}) - ({})", "max({}, {})", "min({}, {})", "({})^2", "({})^3",
    "norm([{}, {}])^2", "max([{}, {}])", "exp({})", "sin({})",
)  # fmt: skip
LENGTHS = (
    *FUNCTIONS, "norm([{}, {}])", "norm([{}, {}])", "hypot({}, {})", "std([{}, {}])", "std([{}, {}])^2", "var([{}, {}])", "({})/3", "-3*({})", "2*({})", "cosh({})", "cos({})",
    "norm([{}, {}], 1)", "norm([{}, {}], inf)", "norm([{}, {}], 3)", "tanh({})", "atan({})", "sinh({})",
)  # fmt: skip
EXACT: dict[str, Any] = {
    "abs": abs, "relu": lambda x: max(x, mpmath.mpf(0)), "sign": mpmath.sign, "exp": mpmath.exp, "sin": mpmath.sin, "max": max, "min": min,
    "cos": mpmath.cos, "cosh": mpmath.cosh, "sinh": mpmath.sinh, "tanh": mpmath.tanh, "atan": mpmath.atan, "inf": mpmath.inf, "norm": lambda v, p=2: mpmath.norm(v, p),
    "hypot": mpmath.hypot, "var": lambda v: (v[0] - v[1]) ** 2 / mpmath.mpf(2), "std": lambda v: abs(v[0] - v[1]) / mpmath.sqrt(2),
}  # fmt: skip
STEP = mpmath.mpf(10) ** -12


def one_sided(body: str, h: Any) -> tuple[float, float]:
    """The first and the second derivative at 0 from the side of h."""
    f0, f1, f2 = (eval(body.replace("^", "**").replace("/3", "/mpf(3)"), EXACT | {"mpf": mpmath.mpf}, {"x": k * h}) for k in (mpmath.mpf(0), 1, 2))
    return float((f1 - f0) / h), float((f2 - 2 * f1 + f0) / h**2)


@pytest.mark.parametrize(("number", "functions"), [*((n, FUNCTIONS) for n in [*range(120), 740]), *((n, LENGTHS) for n in range(160))])
def test_what_is_not_told_of_is_there(number: int, functions: tuple[str, ...]) -> None:
    random = Random(number)
    body = composed(random, random.choice((2, 3, 4)), ATOMS, functions, 0.15)
    session = Session()
    session.run(f"f(x) = {body}")
    try:
        results = [session.run(text)[-1] for text in ("f''(0)", "hessian(f)(0)", "jacobian(grad(f, mode = reverse), mode = reverse)(0)")]
    except CalcError:
        return  # a value that overflows
    warned = {any(w.code == "W-AD" for w in result.warnings) for result in results}
    assert len(warned) == 1, body
    if True not in warned:
        with mpmath.workdps(60):
            sides = [one_sided(body, STEP), one_sided(body, -STEP)]
        assert float(session.run("f'(0)")[-1].value) == pytest.approx(sides[0][0], rel=1e-6, abs=1e-6), body  # type: ignore[arg-type]
        assert sides[0] == pytest.approx(sides[1], rel=1e-6, abs=1e-6), body
        for result in results:
            value: Any = result.value
            assert float(value) == pytest.approx(sides[0][1], rel=1e-6, abs=1e-6), body
