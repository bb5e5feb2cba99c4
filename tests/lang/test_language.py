"""What programs mean, against values that nobody here wrote."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from autograd import elementwise_grad, grad, hessian
from autograd import numpy as anp
from hypothesis import given, settings
from hypothesis import strategies as st

import calclang
from calclang import CalcError, Session
from calclang.values import Row

# program -> the value of its last statement
VALUES: list[tuple[str, Any]] = [
    ("2 + 3*4^2 - -1", 51.0), ("-2^2", -4.0), ("2^3^2", 512.0), ("2^-1", 0.5), ("7/2/2", 1.75), ("1 < 2 < 3 and not (2 > 3)", True),
    ("[1, 2, 3]' * [4, 5, 6]", 32.0), ("[1, 2] * [3, 4]'", [[3, 4], [6, 8]]), ("[1, 2; 3, 4] * [1, 1]", [3, 7]), ("[1, 2; 3, 4]^2", [[7, 10], [15, 22]]),
    ("[2, 0; 0, 4] \\ [2, 4]", [1, 1]), ("[1, 2] .* [3, 4]", [3, 8]), ("[1, 2] .+ [10, 20]'", [[11, 21], [12, 22]]), ("[1, 2, 3] .^ 2", [1, 4, 9]),
    ("x = [1, 2, 3]; x[end] + x[1]", 4.0), ("[1, 2, 3, 4][2..3]", [2, 3]), ("[1, 2; 3, 4][:, 2]", [2, 4]), ("(1, [2, 3])[2]", [2, 3]),
    ("sum(i^2 for i in 1..4)", 30.0), ("[i*j for i in 1..2, j in 1..3]", [[1, 2, 3], [2, 4, 6]]), ("[i for i in 1..6 if mod(i, 2) == 0]", [2, 4, 6]),
    ("fold((s, x) -> s + x, 0, 1..4)", 10.0), ("scan((s, x) -> s + x, 0, 1..3)", [1, 3, 6]), ("iterate(x -> x/2, 8, 3)", 1.0),
    ("iterate(x -> x/2, 8, until = x -> x < 0.3)", 0.25), ("fact(n) = if n <= 1 then 1 else n*fact(n - 1); fact(10)", 3628800.0),
    ("let a = 2, b = a^2 in a + b", 6.0), ("a + b where a = 1, b = a + 1", 3.0), ("compose = (p, q) -> x -> p(q(x)); compose(sqrt, abs)(-4)", 2.0),
    ("[1, 4] |> sqrt |> sum", 3.0), ("ifelse([1, -2] > 0, [10, 20], 0)", [10, 0]), ("30deg |> sin", 0.5), ("tr([1, 2; 3, 4])", 5.0),
    ("cross([1, 0, 0], [0, 1, 0])", [0, 0, 1]), ("kron([1, 2; 3, 4], eye(2))[3, 1]", 3.0), ("vec([1, 2; 3, 4])", [1, 3, 2, 4]), ("size(ones(2, 3))", [2, 3]),
    ("[eye(2), ones(2, 1); [5, 6, 7]']", [[1, 0, 1], [0, 1, 1], [5, 6, 7]]), ("mean([1, 2, 6])", 3.0), ("prod([2, 3, 4])", 24.0), ("linspace(0, 1, 3)", [0, 0.5, 1]),
    ("derivative(x -> x * derivative(y -> x + y)(1))(1)", 1.0), ("f(x) = sin(x); f''(1) + f(1)", 0.0), ("taylor(exp, at = 0, order = 3)(1)", 8 / 3),
    ("jvp(x -> x .^ 2, [1, 2], [1, 1])", [2, 4]), ("vjp(x -> x .^ 2, [1, 2], [1, 1])", [2, 4]), ("hvp(x -> x' * x, [1, 2], [1, 0])", [2, 0]),
    ("divergence(([x, y]) -> [x^2, x*y])([2, 3])", 6.0), ("curl(([x, y, z]) -> [-y, x, z])([1, 2, 3])", [0, 0, 2]), ("laplacian(x -> x' * x)([1, 2, 3])", 6.0),
    ("directional(x -> x' * x, [1, 0])([3, 4])", 6.0), ("f(x) = stop_gradient(x) * x; f'(3)", 3.0), ("value_and_grad(x -> x^2)(3)[2]", 6.0),
    ("f(x, A) = sum(A*x); grad(f)([1, 2], eye(2))[\"x\"]", [1, 1]), ("f(n) = if n == 0 then 1 else 2*f(n - 1); f(6)", 64.0),
]  # fmt: skip


@pytest.mark.parametrize(("program", "value"), VALUES, ids=[p for p, _ in VALUES])
def test_value(program: str, value: Any) -> None:
    found = Session().run(program)[-1].value
    assert np.allclose(np.asarray(found.array if isinstance(found, Row) else found, dtype=float), np.asarray(value, dtype=float), atol=1e-12)


# calc -> the same in autograd's NumPy, of a vector of two numbers
FUNCTIONS: list[tuple[str, Any]] = [
    ("x[1]^2 * x[2] + sin(x[1])", lambda x: x[0] ** 2 * x[1] + anp.sin(x[0])),
    ("exp(x[1]*x[2]) / (1 + x[2]^2)", lambda x: anp.exp(x[0] * x[1]) / (1 + x[1] ** 2)),
    ("x' * [2, 1; 0.5, 3] * x", lambda x: x @ anp.array([[2, 1], [0.5, 3]]) @ x),
    ("sum(tanh([1, 2; 3, 4] * x))", lambda x: anp.sum(anp.tanh(anp.array([[1.0, 2], [3, 4]]) @ x))),
    ("logdet([2 + x[1]^2, x[2]; x[2], 3 + x[2]^2])", lambda x: anp.log((2 + x[0] ** 2) * (3 + x[1] ** 2) - x[1] ** 2)),
    ("norm(x - [1, 2])^2 + sqrt(1 + x' * x)", lambda x: anp.sum((x - anp.array([1.0, 2])) ** 2) + anp.sqrt(1 + x @ x)),
    ("iterate(y -> sin(y) + x[2], x[1], 5)", lambda x: _iterated(x)),
]  # fmt: skip


def _iterated(x: Any) -> Any:
    y = x[0]
    for _ in range(5):
        y = anp.sin(y) + x[1]
    return y


@pytest.mark.parametrize("mode", ["forward", "reverse", "auto"])
@pytest.mark.parametrize(("body", "referee"), FUNCTIONS, ids=[b for b, _ in FUNCTIONS])
def test_derivatives_against_autograd(body: str, referee: Any, mode: str) -> None:
    session = Session()
    session.run(f"f(x) = {body}")
    for point in (np.array([0.3, 0.7]), np.array([-0.5, 1.2])):
        for _ in range(3):  # interpreted, then compiled
            assert np.allclose(session.eval(f"grad(f, mode = {mode})")(point), grad(referee)(point), rtol=1e-10)
            assert np.allclose(session.eval(f"hessian(f, mode = {mode})")(point), hessian(referee)(point), rtol=1e-9, atol=1e-11)


def test_third_order_against_autograd() -> None:
    session = Session()
    session.run("f(x) = exp(x)*sin(x^2)")
    third = elementwise_grad(elementwise_grad(elementwise_grad(lambda x: anp.exp(x) * anp.sin(x**2))))
    assert session.eval("f'''(0.4)") == pytest.approx(float(third(0.4)), rel=1e-10)


# ---- random programs -----------------------------------------------------------------------------------

LEAVES = st.sampled_from(["x", "y", "2", "0.5", "a"])


def _grow(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    unary = st.tuples(st.sampled_from(["sin", "cos", "tanh", "exp", "atan"]), inner).map(lambda t: f"{t[0]}({t[1]}/4)")
    binary = st.tuples(inner, st.sampled_from("+-*"), inner).map(lambda t: f"({t[0]} {t[1]} {t[2]})")
    quotient = st.tuples(inner, inner).map(lambda t: f"({t[0]} / (3 + {t[1]}^2))")
    choice = st.tuples(inner, inner).map(lambda t: f"(if x < 10 then {t[0]} else {t[1]})")
    bound = inner.map(lambda t: f"(let a = {t} in a*a + a)")
    return unary | binary | quotient | choice | bound


@settings(max_examples=60, deadline=None)
@given(st.recursive(LEAVES, _grow, max_leaves=8), st.floats(-1.5, 1.5), st.floats(-1.5, 1.5))
def test_random_programs(body: str, x: float, y: float) -> None:
    """Forward equals reverse equals differences; what is shown reads back as the same function."""
    session = Session()
    session.run(f"a = 0.75\nf(x, y) = {body}")
    forward = np.asarray(session.eval("grad(f, mode = forward)")(x, y))
    reverse = np.asarray(session.eval("grad(f, mode = reverse)")(x, y))
    assert np.allclose(forward, reverse, rtol=1e-11, atol=1e-11)
    f: Any = session["f"]
    h = 1e-5
    numeric = np.array([(f(x + h, y) - f(x - h, y)) / (2 * h), (f(x, y + h) - f(x, y - h)) / (2 * h)])
    assert np.allclose(forward, numeric, rtol=1e-6, atol=1e-7 * (1 + np.max(np.abs(forward))))
    shown: Any = session.eval(session.eval("grad(f)").source())
    assert np.allclose(np.asarray(shown(x, y)), reverse, rtol=1e-9, atol=1e-9)
    bends = [np.asarray(session.eval(text)(x, y)) for text in ("hessian(f, mode = forward)", "hessian(f, mode = reverse)")]
    assert np.allclose(*bends, rtol=1e-11, atol=1e-11)
    bent: Any = session.eval(session.eval("hessian(f)").source())
    assert np.allclose(np.asarray(bent(x, y)), bends[0], rtol=1e-9, atol=1e-9)


# ---- sessions ------------------------------------------------------------------------------------------


def test_a_failed_statement_changes_nothing() -> None:
    session = Session()
    session.run("x = 1")
    with pytest.raises(calclang.CalcError):
        session.run("x = 1/0")
    with pytest.raises(calclang.CalcError):
        session.run("y = 2\n(x, z) = (3, 1/0)")
    assert session["x"] == 1.0 and session["y"] == 2.0


def test_top_level_names_are_looked_up_when_called() -> None:
    session = Session()
    session.run("k = 2; f(x) = k*x")
    f: Any = session["f"]
    assert [f(3.0), f(3.0)] == [6.0, 6.0]
    session.run("k = 5")
    assert f(3.0) == 15.0
    session.run("k = [1, 2]")
    assert np.array_equal(f(3.0), [3.0, 6.0])
    session.run("f(x) = x")
    assert np.array_equal(f(3.0), [3.0, 6.0])  # a function value is the function it was
    assert session.eval("f(3)") == 3.0


def test_choices_of_compiled_functions() -> None:
    """A compiled path is left where the argument decides otherwise."""
    session = Session()
    session.run("f(x) = if x > 0 then log(x) else -x")
    f: Any = session["f"]
    assert [f(1.0), f(1.0), f(-2.0), f(1.0), f(-3.0)] == [0.0, 0.0, 2.0, 0.0, 3.0]
    g: Any = session.eval("grad(f)")
    assert [g(2.0), g(2.0), g(-2.0), g(4.0)] == [0.5, 0.5, -1.0, 0.25]


def test_compiled_functions_blame() -> None:
    session = Session()
    session.run("f(x) = 1/x")
    f: Any = session["f"]
    assert f(2.0) == f(2.0) == 0.5
    with pytest.raises(calclang.CalcError, match="E-DIVZERO"):
        f(0.0)
    with pytest.raises(calclang.CalcError, match="E-ARITY"):
        f(1.0, 2.0)
    with pytest.raises(calclang.CalcError, match="E-TYPE"):
        f(object())


@pytest.mark.parametrize(
    ("program", "says"),
    [
        ("f(x, k) = x[k]^2; f([1, 2, 3], 5)", "5 is outside 1..3"),
        ("f(x, k) = x[k]^2; f([1, 2, 3], 2); f([1, 2, 3], 7)", "7 is outside 1..3"),
        ("p(A, k) = A[k, 1]; p([1, 2; 3, 4], 3)", "3 is outside 1..2"),
        ("f(x) = sum(x[i + 3] for i in 1..40); f(1*(1..40))", "41 is outside 1..40"),
        ("k = 0; f(x) = sum(x[i + k] for i in [1, 2, 3]); x = [4, 5, 6]; f(x); k = 1; f(x)", "4 is outside 1..3"),
        ("f(x, k) = x[floor(k)]; derivative(k -> f([1, 2, 3], k))(4.5)", "4 is outside 1..3"),
    ],
)
def test_an_index_outside_is_told_wherever_it_is_read(program: str, says: str) -> None:
    """Interpreted, compiled, element by element and at once."""
    with pytest.raises(CalcError) as caught:
        Session().run(program)
    assert caught.value.diagnostic.message == f"the index {says}"


@pytest.mark.parametrize("program", ["1..10 |> sum", "ones(3)' * ones(3)"])
def test_untrusted_limits(program: str) -> None:
    assert Session(calclang.UNTRUSTED).run(program)
    with pytest.raises(calclang.CalcError, match="E-LIMIT-ELEMENTS"):
        Session(calclang.UNTRUSTED).run("zeros(2000, 2000)")


def test_the_library_prints_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    Session().run("print(1)\n2\ngrad(abs)(0)")
    assert capsys.readouterr() == ("", "")


def test_a_size_that_differs_is_shown_as_it_was_declared() -> None:
    with pytest.raises(CalcError) as caught:
        Session().run("f(x: R^n, y: R^(2n)) = x'*x + y'*y\nf([1, 2], [1, 2, 3])")
    assert caught.value.diagnostic.message == "y of f is in R^(2n), but got R^3: the sizes 4 and 3 differ"
