"""Functions whose parameters declare no kinds: what is shown of a derivative is right for every kind of argument that it takes."""

from __future__ import annotations

import re
from itertools import product
from typing import Any

import numpy as np
import pytest

from calclang import CalcError, Session
from calclang.display.values import display
from calclang.ir.budget import charging
from calclang.lower.formulas import function_source
from calclang.values import Parts, Row

GIVEN = "A = [1, 2; 3, 4]\nX = [1, 2; 3, 4; 5, 6]\ny = [1, -1, 1]\nb = [1, 2]\nS = [2, 1; 1, 3]\nk = 3\n"
SHAPES: list[tuple[Any, ...]] = [(), (2,), (3,), ("row", 2), ("row", 3), (2, 2), (3, 3), (2, 3), (3, 2)]
OPERATORS = ["derivative(f)", "grad(f)", "jacobian(f)", "hessian(f)"]

# program -> what is shown of one of its derivatives
SHOWN: dict[tuple[str, str], str] = {
    ("f(x) = x' * A * x", "hessian(f)"): "(x: R^2) -> A + A'", ("f(x) = x' * A * x", "jacobian(f)"): "(x: R^2) -> x'*(A + A')",
    ("f(x) = x' * A * x", "grad(f)"): "x -> (A + A')*x", ("f(x) = b' * x", "grad(f)"): "x -> b",
    ("f(x) = sum((x - b) .^ 2)", "grad(f)"): "(x: R^2) -> 2*(x - b)", ("f(x) = norm(x)", "grad(f)"): "(x: R^n) -> x/norm(x)",
    ("f(x, A) = x' * A * x", "jacobian(f, wrt = x)"): "(x: R^n, A) -> x'*(A + A')",
    ("f(x) = log(sum(exp(x)))", "grad(f)"): "(x: R^n) -> softmax(x)", ("f(x) = sum(x .^ 2)", "grad(f)"): "x -> 2*x", ("f(x) = x^2", "jacobian(f)"): "(x: R) -> 2*x",
    ("f(x) = x^2", "derivative(f)"): "x -> 2*x", ("f(x, y) = x*y", "grad(f)"): "(x, y) -> [y, x]", ("f(x) = exp(x)", "jacobian(f)"): "(x: R) -> exp(x)",
    ("f(w) = norm(X*w - y)^2 + k*norm(w)^2", "hessian(f)"): "w -> 2*(k*eye(2) + X'*X)", ("f(x) = x * x'", "grad(f)"): "x -> 2*x",
    ("f(w) = sum(log(exp(-y .* (X*w)) + 1))", "grad(f)"): "(w: R^2) -> -X' * (y .* sigmoid(-y .* (X*w)))", ("f(X, Y) = tr(X*Y)", "grad(f)"): "(X: R^(m×n), Y: R^(n×m)) -> (X = Y', Y = X')",
    ("f(M) = sum(M \\ b)", "grad(f)"): "(M: R^(2×n)) -> pinv(M)'*pinv(M)*b*(ones(n)' - ones(n)'*pinv(M)*M) - ((M*pinv(M)*b - b)*ones(n)'*pinv(M) + pinv(M)'*ones(n)*b')*pinv(M)'",
    ("f(X) = det(X)", "grad(f)"): "X -> det(X)*inv(X)'", ("n = 5\nf(x) = n*sum(x)", "grad(f)"): "(x: R^m) -> n*ones(m)",
}  # fmt: skip

PROGRAMS = dict.fromkeys([program for program, _ in SHOWN]) | dict.fromkeys([
    "f(x) = norm([1, 2; 3, 4]*x - [1, 1])^2", "f(x) = sum(x)", "f(x) = sum(sin(x) .* x)", "f(x) = x' * x + x", "f(X) = X' * X", "f(X) = tr(X)", "f(X) = logdet(X*X)",
    "f(X) = inv(X)", "f(x, y) = x' * y", "f(x, y) = x .* y", "f(x, y) = dot(x, y)", "f(x, y) = norm(x - y)", "f(w, c) = sum((X*w + c - y) .^ 2)", "f(x) = softmax(x)",
    "f(x) = logsumexp(x)", "f(x) = x[1]^2 + x[2]*x[3]", "f(x) = x[1]*x + b", "f(x) = A*x", "f(x) = A \\ x", "f(M) = M \\ b", "f(x) = x/norm(x)", "f(x) = mean((x - mean(x)) .^ 2)", "f(x) = prod(x)",
    "f(x) = max(x)", "f(x) = sum(abs(x))", "f(M) = sum(M * b)", "f(M) = tr(M' * A * M)", "f(M) = norm(A*M - S)^2", "f(M, v) = v' * M * v", "f(x) = sum(x * x')",
    "f(x) = sin(x) + cos(b)", "f(t) = norm(A*t + S)", "f(t) = t*b", "f(x) = ifelse(x > 0, x, 2*x)", "f(x) = if norm(x) > 1 then norm(x) else 1", "f(x) = 3", "f(x) = [x, x^2]",
    "f(x, y) = [x*y, x + y]", "f(x) = sum(x[i]^2 for i in 1..3)", "f(x) = sum(v^2 for v in x)", "f(x) = x' * diag(x) * x", "f(x) = vec(x)' * vec(x)", "f(x) = cross(x, y)",
    "f(x) = normalize(x)", "f(x) = sum(x)^2 + length(x)", "f([x, y]) = x*y", "f(x: R^n, M) = x' * M * x", "f(x) = (let r = x - b in r' * r)", "f(x) = clamp(x, 0, 1)", "f(x) = var(x)",
    "f(x) = reshape(x, 1, 3)", "f(x) = sum(x ./ b)", "f(x) = x' + [1, 2]'", "f(x) = sum(kron(x, A))", "f(x) = stack(x, x)", "f(x) = tr(x) + all(x > 0)*1",
])  # fmt: skip


@pytest.mark.parametrize(("program", "derivative"), SHOWN)
def test_shown(program: str, derivative: str) -> None:
    assert source(started(program), derivative) == SHOWN[program, derivative]


@pytest.mark.parametrize("program", PROGRAMS)
def test_what_is_shown_is_right_or_refuses(program: str) -> None:
    session = started(program)
    f: Any = session["f"]
    for operator in OPERATORS[len(f.low.parameters) > 1 :]:  # derivative is for one parameter
        shown = source(session, operator)
        if shown.startswith(operator[:4]):
            continue  # it has no formula
        met = 0
        for shapes in product(SHAPES, repeat=len(f.low.parameters)):
            met += agree(session, operator, shown, [point(shape, k) for k, shape in enumerate(shapes)])
        assert met or f.low.parameters[0].vector, (operator, shown)


def started(program: str) -> Session:
    session = Session()
    session.run(GIVEN + program)
    return session


def source(session: Session, text: str) -> str:
    shown: Any = session.eval(text)
    return str(shown.source())


def agree(session: Session, operator: str, shown: str, at: list[Any]) -> bool:
    """Whether both have a value there; it must be the same one."""
    values = []
    for text in (operator, shown):
        function: Any = session.eval(text)
        try:
            values.append(arrays(function(*at)))
        except CalcError:
            return False
    found, expected = values[1], values[0]
    assert [(row, a.shape) for row, a in found] == [(row, a.shape) for row, a in expected], (operator, shown, at)
    for (_, a), (_, b) in zip(found, expected, strict=True):
        assert np.allclose(a, b, rtol=1e-7, atol=1e-9), (operator, shown, at)
    return True


def point(shape: tuple[Any, ...], seed: int) -> Any:
    rng = np.random.default_rng(seed)
    if "row" in shape:
        return Row(rng.uniform(0.3, 1.4, shape[1]))
    return rng.uniform(0.3, 1.4, shape) if shape else 0.8 + seed/10


def arrays(value: Any) -> list[tuple[bool, Any]]:
    """The arrays of a value, and whether they are rows."""
    if isinstance(value, Parts):
        return [a for part in value for a in arrays(part)]
    return [(isinstance(value, Row), np.asarray(value.array if isinstance(value, Row) else value, dtype=float))]


@pytest.mark.parametrize("body", ["g(x - 1)*x", "x*g(x + 1) + g(x - 1)", "if x < 1 then x else g(x - 1)*x"])
def test_endless_recursion_has_no_formula(body: str) -> None:
    session = Session()
    session.run(f"g(x) = {body}")
    assert source(session, "g'") == "derivative(g)"


def test_looking_for_a_formula_of_a_long_loop_ends_early() -> None:
    session = Session()
    session.run("f(x) = iterate(cos, x, 100000)")
    f: Any = session.eval("f'")
    with charging(session.budget()) as spent:
        assert function_source(session.world, f.low) == "derivative(f)"
    assert spent.made < 100_000


FACTS = "f(D: symmetric R^(n×n), x: R^n) = x' * D * x\ng(D: diagonal R^(n×n)) = sum(D)\n"


@pytest.mark.parametrize(("program", "said"), [
    ("f([1, 2; 3, 4], [1, 1])", "D[1, 2] is 2 and D[2, 1] is 3"), ("grad(f)([1, 2; 3, 4], [1, 1])", "D[1, 2] is 2"), ("g([1, 0; 5, 2])", "D[2, 1] is 5"), ("f([1, 2, 3; 4, 5, 6], [1, 1])", ""),
    ("f([1, 2; 2 + 1e-8, 4], [1, 1])", "declared symmetric"),
])  # fmt: skip
def test_what_is_declared_of_a_matrix_is_checked(program: str, said: str) -> None:
    session = Session()
    with pytest.raises(CalcError, match="E-(TYPE|SHAPE)") as error:
        session.run(FACTS + program)
    assert said in error.value.message


def test_what_was_rounded_is_symmetric() -> None:
    session = Session()
    session["A"] = np.random.default_rng(1).normal(size=(4, 4))
    session.run(FACTS + "S = inv(A' * A); f(S, ones(4)); f(S*A' * A*S, ones(4)); f(0*S, ones(4)); g(diag(1..4)); check grad f at (A' * A, ones(4))")


@pytest.mark.parametrize("n", [2, 30])
def test_compiled_calls_check_too(n: int) -> None:
    session = Session()
    session.run(FACTS)
    f: Any = session["f"]
    matrix = np.eye(n)
    assert f(matrix, np.ones(n)) == n and f.has_code
    traces = f.traces
    assert f(2*matrix, np.ones(n)) == 2*n and f.traces == traces
    matrix[0, 1] = 1.0
    with pytest.raises(CalcError, match=r"D\[1, 2\] is 1"):
        f(matrix, np.ones(n))


@pytest.mark.parametrize("program", ["f(x, y) = x*y\nf'", "f(x, y) = x*y\nderivative(grad(f))", "atan2'", "f() = 2\nf'"])
def test_a_derivative_by_several_arguments_is_refused_at_once(program: str) -> None:
    with pytest.raises(CalcError, match="derivative needs a function of one scalar"):
        Session().run(program)


@pytest.mark.parametrize(("operand", "shown"), [("g'", "g'"), ("g''", "g''"), ("grad(g)", "\\nabla g"), ("derivative(x -> g(x))", "\\left(x \\mapsto g\\left(x\\right)\\right)'")])
def test_latex_of_a_derivative_without_a_formula(operand: str, shown: str) -> None:
    results = Session().run(f"g(x) = if x < 1 then x else g(x - 1)*x\nlatex {operand}")
    assert results[-1].value == shown


@pytest.mark.parametrize(("definition", "said"), [
    ("h(x: R^3) = x[5]", "the index 5 is outside 1..3"), ("h(A: R^(2×3)) = A[3, 1]", "the index 3 is outside 1..2"), ("h(x: R^3) = x[end + 1]", "the index 4 is outside 1..3"),
    ("h(x: R^3) = if x[1] > 0 then x[4] else 0", "the index 4 is outside 1..3"), ("h(x: R^4) = let y = x[2..3] in y[3]", "the index 3 is outside 1..2"),
])  # fmt: skip
def test_places_are_checked_where_sizes_are_declared(definition: str, said: str) -> None:
    with pytest.raises(CalcError, match=re.escape(said)):
        Session().run(definition)
    Session().run("h(x: R^n) = x[5]; k(x: R^3, i: R) = x[i]; l(x: R^3) = if length(x) > 3 then x[4] else 0")

@pytest.mark.parametrize(
    ("program", "shown"),
    [
        ("f(A) = sum(A*[1, 2, 3])\ngrad f", "(A: R^(m×3)) -> ones(m)*[1, 2, 3]'"),
        ("f(A) = norm(A*[1, 2, 3])^2\ngrad f", "(A: R^(m×3)) -> 2*A*[1, 2, 3]*[1, 2, 3]'"),
        ("f(a) = sum(a*[1, 2, 3])\ngrad f", "(a: R) -> 6"),
    ],
)  # fmt: skip
def test_a_capital_letter_before_an_array_is_a_matrix(program: str, shown: str) -> None:
    assert display(Session().run(program)[-1].value) == shown


def test_a_row_of_data_before_an_argument_means_a_vector() -> None:
    """Also where the rows are the elements of a sum."""
    program = "X = randn(20, 2, seed = 1)\nf(w) = sum((X[i, :]'*w - i)*X[i, :] for i in 1..20)\njacobian f"
    assert display(Session().run(program)[-1].value) == "(w: R^2) -> X'*X"


@pytest.mark.parametrize("count", [4, 30])
def test_a_likelihood_of_data_has_the_formula_of_a_book(count: int) -> None:
    """``x .- mu`` takes a number from data, and a sum over data stays a sum, however few they are."""
    shown = display(Session().run(f"x = linspace(0, 1, {count})\nnll(mu, s) = sum(((x .- mu)/s).^2)\ngrad nll")[-1].value)
    assert shown == "(mu: R, s) -> [-2*sum(x - mu)/s^2, -2*((x - mu)'*(x - mu))/s^3]"
