"""Comprehensions and loops traced once with symbolic elements give what they give element by element, derivatives and warnings included."""

from __future__ import annotations

import tracemalloc
from dataclasses import replace
from math import prod
from typing import Any

import numpy as np
import pytest

from calclang import LOCAL, CalcError, Session
from calclang.backends.python import anywhere, loops
from calclang.backends.python import control as running
from calclang.ir.node import order
from calclang.lower import comprehension, control
from calclang.lower.convert import to_low
from calclang.lower.parts import leaves
from tests.differences import bend, slope

N = 40
X = np.linspace(-1.0, 1.2, N)
A = np.cos(np.arange(N * N, dtype=float)).reshape(N, N)
HEAD = "n = 40\n"

COMPREHENSIONS = [
    "sum(100(x[i+1] - x[i]^2)^2 + (1 - x[i])^2 for i in 1..n-1)",
    "sum(v^3 for v in x)",
    "sum(x[n+1-i]*i for i in 1..n)",
    "sum(x[2i]*x[2i-1] for i in 1..n/2)",
    "sum(sin(x[i]*x[j]) for i in 1..n, j in 1..n)",
    "sum(x[i]*x[j] for i in 1..n, j in 1..i)",
    "sum(x[i]^2*x[j] for i in 1..n, j in 1..n if i != j)",
    "sum(x[i] for i in 1..n if mod(i, 3) == 0)",
    "sum(x[i]^2 for i in 1..n if x[i] > 0.1)",
    "sum(exp(x[i + j - 1]) for i in 1..10, j in 1..10)",
    "prod(1 + x[i]^2/4 for i in 1..n)",
    "max(x[i]*sin(5i) for i in 1..n)",
    "min(abs(x[i] - 0.3) for i in 1..n)",
    "mean(x[i]*x[1] for i in 1..n)",
    "sum([x[i], x[1]]' * [1, i] for i in 1..n)",
    "norm([x[i]^2 + x[i+1] for i in 1..n-1])",
    "sum(if x[i] >= 0 then sqrt(x[i]) else x[i]^2 for i in 1..n)",
    "sum(if i < n then x[i+1]*x[i] else 0 for i in 1..n)",
    "sum(if x[i] > 0 then (if x[i] > 0.5 then log(x[i]) else x[1]*x[i]) else 1 for i in 1..n)",
    "sum(if x[i]*x[1] > 0 and i > 3 then 1/(x[i] - x[1]) else x[i] for i in 1..n)",
    "sum(let r = x[i]^2, s = r*x[1] in if r > 0.2 then r*s else s for i in 1..n)",
    "sum(ifelse(x[i] > 0, x[i]^2, -x[i]) for i in 1..n)",
    "norm([ifelse(x[i] > 0, x[i]*[1, 2], [x[1], i]) for i in 1..n])",
    "sum(sum(x[i]*x[j]*k for k in 1..9) for i in 1..n, j in 1..9)",
    "sum(derivative(t -> t^2*x[i])(x[i]) for i in 1..n)",
    "sum(grad(v -> v'*v*x[i])([x[i], 1])[1] for i in 1..n)",
    "sum(norm([x[i], x[i+1], 1]) for i in 1..n-1)",
    "sum(fold((s, k) -> s*x[i] + k, 0, 1..3) for i in 1..n)",
    "sum(iterate(t -> cos(t*x[i]), 1, 40) for i in 1..n)",
    "sum(if x[i] > 0 then norm([x[i], x[1], i]) else inv([x[i] - 2, 1; 0, x[1]])[1, 1] for i in 1..n)",
    "sum([i*x[k] for i in 1..9]'*[x[k] for i in 1..9] for k in 1..n)",
    "sum(x[i]^2 for i in 1..n if x[i] > 0 and log(x[i]) > -1)",
    "sum(if i <= 3 or x[i-3] < x[i]^2 then x[i]*x[1] else exp(x[i-3]) for i in 1..n)",
    "sum(if (if x[i] > 0 then sqrt(x[i]) > 0.5 else i < 4) then x[i]^2 else x[i] for i in 1..n)",
    "sum(x[i..i+2]'*[1, 2, i] for i in 1..n-2)",
    "norm([x[i+3..-1..i]'*x[i..i+3] for i in 1..n-3])",
    "sum(if i > 2 then mean(x[i-2..i])^2 else x[i]^3 for i in 1..n)",
    "sum(mean(x[k]^2*i for k in i..i+4) for i in 1..n-4)",
    "sum(max(x[k]*x[i] for k in i..2..i+20) for i in 1..n-20)",
    "sum(fold((s, k) -> s*x[k] + k, x[i], i..i+2) for i in 1..n-2)",
    "sum(sum(x[k] for k in 1..i)^2 for i in 1..n)",
    "sum(sum(x[k]*x[i] for k in 1..n if k != i)^2 for i in 1..n)",
    "sum(sum(x[k]*x[i] for k in i..n if n > 3)^2 for i in 1..n)",
    "sum(x[k]*x[i] for i in 1..n, k in i..n if n > 3)",
    "norm(sum(x[i]*[1, i] for i in 1..n))",
    "norm(mean(x[k]^2*x for k in 1..n))",
    "sum(norm(mean(x[k]*[1, k]*x[i] for k in 1..i)) for i in 1..9)",
    "sum(mean(x[k]*x[i] for k in i..n) for i in 1..n)",
    "sum(max(x[k]*k for k in 1..i)*min(x[k]*x[1] for k in i..-1..1) for i in 1..n)",
    "sum(prod(1 + x[k]*k for k in 1..mod(i, 5)) for i in 1..n)",
    "sum(x[i]^3 for i in 1..n if any(x[k] > 0.5 for k in 1..i) and all(x[k] < 0.9 for k in 1..i))",
    "sum(if i > 3 then sum(x[k] for k in 4..i)^2 else x[i] for i in 1..n)",
    "sum(sum(sum(x[k]*x[j] for k in 1..j)^2 for j in 1..i) for i in 1..12)",
    "sum(sum(sum(x[k]*x[j] for k in 1..i)^2 for j in 1..9) for i in 1..12)",
    "sum(sum(x[k]*x[j] for k in 1..i+j, l in 1..k)^2 for i in 1..9, j in 1..9)",
    "sum(norm(x[i]*[1, 2] + sum(x[k]*[1, k] for k in 1..i)) for i in 1..9)",
    "let g = i -> sum(x[k]^2 for k in 1..i) in sum(if x[i] > 0 then g(i)^2 else g(i) for i in 1..n)",
    "sum(max([x[i], x[i+1], 0]) for i in 1..n-1)",
    "sum(min((x[i] - k)^2 for k in [0, 0.5, 1]) for i in 1..n)",
    "sum(max([sin(9x[i]), sin(9x[i+1]), x[1]]) + min(x[i..i+1])^2 for i in 1..n-1)",
    "sum(det([x[i], 1; 2, x[i+1]])*i for i in 1..n-1)",
    "sum(inv([x[i], 1; 2, x[i+1]])[1, 2] for i in 1..n-1)",
    "sum(([x[i], 1; 2, x[i+1]] \\ [1, x[i]])[2] for i in 1..n-1)",
    "sum(logsumexp([x[i], 1, x[i+1]])*softmax([x[i], x[1]*i, 1])[2] for i in 1..n-1)",
    "sum(eigh([x[i], 1; 1, x[i+1]])[\"values\"][1] for i in 1..n-1)",
    "sum(prod(x[i..i+3]) + sort(x[i..i+2])[2] for i in 1..n-3)",
    "sum(norm([x[i]*j, 1, x[j]]) for i in 1..n, j in 1..9)",
    "sum(if x[i] > 0 then max([x[i], x[1], 0.5]) else logdet([2, x[i]; x[i], 3]) for i in 1..n)",
    "sum(if all([x[i] > 0, i > 3]) or 1/x[i] < -2 then x[i]^3 else x[i] for i in 1..n)",
]
LOOPS = [
    "fold((s, i) -> s*cos(x[1]*i) + sin(s), 0.5, 1..n)",
    "fold((s, i) -> s*0.9 + x[i]^2, 0, 1..n)",
    "fold((s, v) -> s*x[2] + v, 0, x)",
    "fold((s, i) -> if s > 2 then s/(1 + x[3]^2) else s + x[i]*i, 0, 1..n)",
    "norm(iterate([u, v] -> [u + 0.01v, v - 0.01u*x[1]], [x[2], 1], 100))",
    "sum(scan((s, i) -> s*x[i] + i/10, 0, 1..n))",
    "fold((t, i) -> (t[1] + t[2]*x[i], t[2]*0.9), (x[1], 1), 1..n)[1]",
    "fold((s, i) -> iterate(t -> t*x[1] + 0.1, s, 35) + x[i], 0, 1..n)",
    "sum(iterate(v -> tanh(v + x), x, 50))",
    "sum(fold((v, i) -> 0.5v + x*x[i], x, 1..n))",
    "fold((s, i) -> s + derivative(t -> t^3*x[i])(s)/100, x[1], 1..n)",
    "fold((s, i) -> max(s, x[i]*x[1]), -10, 1..n)",
    "sum(map(v -> v^2*x[1], x))",
    "fold((s, i) -> s + sum(sin(x[1]*i*j) for j in 1..i), 0, 1..n)",
    "fold((s, i) -> s*x[2] + mean(x[j] for j in 1..n if j < i + 2)^2, x[1], 1..n)",
    "iterate(t -> t - (t^2 - 2 - x[1])/(2t), 1.5, until = t -> abs(t^2 - 2 - x[1]) < 1e-12)",
    "iterate(t -> 0.9t + x[1], 1.5, until = t -> abs(0.1t - x[1]) < 1e-6)",
]
UNTIL = [  # each element ends a loop when its own condition holds
    "sum(iterate(t -> t - (t^2 - 2 - x[i])/(2t), 1.5, until = t -> abs(t^2 - 2 - x[i]) < 1e-12) for i in 1..n)",
    "sum(map(v -> iterate(t -> 0.9t + v*x[1], v, until = t -> abs(0.1t - v*x[1]) < 1e-6), x))",
    "sum(norm(iterate(v -> 0.5v + x[i]*[1, 2, x[1]], [0, 0, i], until = v -> norm(v - 2x[i]*[1, 2, x[1]]) < 1e-6)) for i in 1..n)",
    "sum(if x[i] > 0 then iterate(t -> t/2, x[i], until = t -> t < x[1] + 1.5) else x[i]^2 for i in 1..n)",
    "sum(iterate(t -> t/2 + x[i], x[j], until = t -> t < 2x[i] + 0.001) for i in 1..9, j in 1..5)",
]
VARYING = [  # whose parts have no common shape: one element after the other
    "sum(x[x > x[i]]'*x[x > x[i]] for i in 1..n)",
    "let g = i -> sum(x[max(i-2, 1)..i])^2 in sum(if i > 2 then g(i)*x[1] else g(i) for i in 1..n)",
    "fold((s, i) -> s/9 + sum(sin(s*j/40 + x[1]) for j in 1..i)/i, 0, 1..n)",
]
MATRICES = [
    "sum(A[i, j]*A[j, i] for i in 1..n, j in 1..n)",
    "sum(A[i, i]^2 for i in 1..n)",
    "sum(A[i, :]*A[:, i] for i in 1..n)".replace("A[i, :]*", "A[i, :]'*"),
    "sum(A[i, n+1-i]*i for i in 1..n)",
    "norm([A[i, 2]*A[3, i] for i in 1..n])",
    "sum(A[i, j]*A[j, i]*i for i in 1..9, j in i..9)",
    "sum(A[i, j]^2 for i in 1..9, j in 1..9 if i != j)",
    "sum(A[i, :]'*A[:, j]*A[i, j] for i in 1..9, j in i..9)",
    "sum(sum(A[i, j]*A[j, i] for j in 1..i)^2 for i in 1..9)",
    "sum(det(A[i..i+1, j..j+1]) for i in 1..9, j in 1..9)",
    "sum(A[i, i..i+2]'*A[i..i+2, j] for i in 1..9, j in i..9)",
    "norm([A[i, i..i+2]*A[i, 1] for i in 1..9])",
    "sum(if i == j then A[i, j]^2 else exp(A[i, j]) for i in 1..9, j in 1..9)",
    "sum(if i > 1 and A[i-1, j] > 0 then A[i-1, j]*A[j, i] else exp(A[i, j]) for i in 1..9, j in 1..9)",
]


@pytest.mark.parametrize("program", [*COMPREHENSIONS, *LOOPS[:-2]])
def test_the_graph_does_not_grow(program: str) -> None:
    """Twice as many elements or turns are no more nodes: the body is traced once."""

    def nodes(n: int) -> int:
        session = Session()
        session.run(f"n = {n}\nf(x) = {program}")
        function: Any = session["f"]
        traced, _ = function.trace((to_low(np.linspace(-1.0, 1.2, n)),))
        return len(order(leaves(traced.result)))

    assert nodes(80) <= nodes(40) + 2


@pytest.mark.parametrize("program", UNTIL)
def test_loops_end_together(program: str) -> None:
    """No element runs a loop of its own, and nothing goes turn by turn."""
    session = Session()
    session.run(HEAD + f"f(x) = {program}\ng = grad(f)")
    for name in ("f", "g"):
        function: Any = session[name]
        traced, _ = function.trace((to_low(X),))
        assert not traced.apart


def test_a_loop_that_does_not_end_for_one_element() -> None:
    with pytest.raises(CalcError) as caught:
        Session().eval("sum(iterate(t -> t/k, 1, until = t -> t < 0.1) for k in 1..20)")
    assert "1,000" in caught.value.diagnostic.message


def test_conditions_on_vectors_are_compiled(monkeypatch: pytest.MonkeyPatch) -> None:
    """A loop over a long vector is no work for the interpreter, whatever ends it."""

    def refused(*given: Any) -> Any:
        raise AssertionError("interpreted")

    monkeypatch.setattr(anywhere, "evaluate", refused)
    session = Session()
    session["x"] = X
    assert np.allclose(session.eval("iterate(v -> 0.9v + 0.1x, 0*x, until = v -> norm(v - x) < 1e-9)"), X, atol=1e-8)


def test_loops_are_compiled_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Those inside of others too, and a second call makes none again."""
    made: list[int] = []
    function = loops.function
    monkeypatch.setattr(loops, "function", lambda *given: made.append(1) or function(*given))
    session = Session()
    session.run("f(x) = fold((s, i) -> iterate(t -> t*x + 0.1, s, 35) + x, 0, 1..40)")
    f: Any = session["f"]
    for _ in range(3):
        f(0.3)
    assert len(made) == 2


@pytest.mark.parametrize("turns", [32, 36, 103])
def test_checkpoints(turns: int) -> None:
    """With checkpoints the same numbers, in every mode and order."""
    session = Session()
    for name, option in (("f", ""), ("g", ", checkpoint = true")):
        session.run(f"{name}(a) = fold((s, i) -> sin(s*a) + s*i/300, 0.3, 1..{turns}{option})")
        session.run(f"{name}1(x) = sum(scan((s, v) -> tanh(s + v .* x), x, [i*j/100 for i in 1..{turns}, j in 1..3]{option}))")
        session.run(f"{name}2(a) = iterate(t -> cos(a*t), 1, {turns}{option})")
    for call in ("{}(0.5)", "derivative({}, mode = reverse)(0.5)", "{}''(0.5)", "{}2'(0.7)", "grad({}1)([1, 2, 3])", "hessian({}1)([1, 2, 3])"):
        assert np.allclose(session.eval(call.format("f")), session.eval(call.format("g")), rtol=1e-12, atol=1e-12)


def test_memory_of_reverse_mode() -> None:
    """Bytes per turn: at most 40 with everything kept, less than one with checkpoints."""
    for option, most in (("", 40), (", checkpoint = true", 1)):
        session = Session()
        session.run(f"f(a) = fold((s, i) -> sin(s*a) + 0.5*s, 0.3, 1..100000{option})\nd = derivative(f, mode = reverse)")
        function: Any = session["d"]
        function(1.3)
        function(1.3)  # the loops of the compiled function are compiled when it runs
        tracemalloc.start()
        function(1.3)
        used = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert used < most * 100_000


def test_against_numpy() -> None:
    """A sum with a branch, and a loop, against NumPy's values and their differences."""
    session = Session()
    session.run("f(x) = sum(if x[i] > 0.2 then exp(x[i]*x[i+1]) else x[i]^3 for i in 1..39)")
    session.run("g(x) = norm(fold((s, i) -> tanh(s + i/100*x), x, 1..50))")

    def theirs_g(x: Any) -> Any:
        s = x
        for i in range(1, 51):
            s = np.tanh(s + i / 100 * x)
        return np.linalg.norm(s)

    way = np.sin(np.arange(N))
    for name, theirs in (("f", lambda x: np.where(x[:-1] > 0.2, np.exp(x[:-1] * x[1:]), x[:-1] ** 3).sum()), ("g", theirs_g)):
        ours: Any = session[name]
        line = lambda t: theirs(X + 0.1 * t * way)  # noqa: B023
        assert np.allclose(ours(X), theirs(X), rtol=1e-12)
        assert ours.grad(X) @ way * 0.1 == pytest.approx(slope(line)[0], rel=1e-8)
        hessian: Any = session.eval(f"hessian({name})")
        assert way @ hessian(X) @ way * 0.01 == pytest.approx(bend(line)[0], rel=1e-6)


@pytest.mark.parametrize("program", [
    "sum(A[i, j]^2 for i in 1..m, j in 1..m if i != j)", "sum(A[i, j]*A[j, i] for i in 1..m, j in i..m)",
    "sum(if i == j then A[i, j]^2 else exp(A[i, j]) for i in 1..m, j in 1..m)",
    "sum(if i > 1 then A[i-1, j]^2 else exp(A[i, j]) for i in 1..m, j in 1..m)", "sum(sum(A[i, j] for j in 1..i)^2 for i in 1..m)",
])  # fmt: skip
def test_pairs_are_read_at_once(program: str) -> None:
    """Nothing is larger than the matrix, neither in the value nor in the gradient."""
    session = Session()
    session.run(f"m = 40\nf(A) = {program}\ng = grad(f)")
    for name in ("f", "g"):
        function: Any = session[name]
        traced, _ = function.trace((to_low(A),))
        assert max(prod(n.shape) for n in order(leaves(traced.result))) <= A.size


@pytest.mark.parametrize("mode", ["forward", "reverse"])
def test_a_branch_in_a_loop_reads_the_carry_as_it_is(mode: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neighbours of an element, but at the ends: the carry is not there once for each element, and no element is computed alone."""
    monkeypatch.delattr(anywhere, "one_by_one")
    session = Session()
    session.run("inner(u) = [(if i == 1 then 0 else u[i-1]) - 2u[i] + (if i == 40 then 0 else u[i+1]) for i in 1..40]")
    session.run("f(u) = iterate(u -> u + 0.2*inner(u), u, 50)")
    step = np.eye(N) * 0.6 + 0.2 * (np.eye(N, k=1) + np.eye(N, k=-1))
    derivative = session.eval(f"jacobian(f, mode = {mode})")
    assert np.allclose(derivative(X), np.linalg.matrix_power(step, 50), rtol=1e-12, atol=1e-14)
    function: Any = session["f"]
    (run,) = (n for n in order(leaves(function.trace((to_low(X),))[0].result)) if n.op.name == "loop")
    assert max(prod(n.shape) for n in order(run.params[0].body.outputs)) <= N


@pytest.mark.parametrize("mode", ["forward", "reverse"])
@pytest.mark.parametrize("turn", [
    "if i == 1 then r*u[2] else if i == n then r*u[n-1] else (u[i-1] + u[i+1])/3", "u[i] + r*(if i > 1 and u[i-1] > u[i] then u[i-1] - u[i] else 0)",
    "if i == 1 then u[1] else if u[i] > 0 then u[i] - r*u[i]*(u[i] - u[i-1]) else u[i]",
])  # fmt: skip
def test_branches_in_branches_in_a_loop(turn: str, mode: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """No element is computed alone, and what the turns keep has names of its own."""
    session = Session()
    session.run(HEAD + f"turn(u, r) = [{turn} for i in 1..n]")
    for interpreted in ("one_by_one", "loop"):
        monkeypatch.delattr(anywhere, interpreted)
    texts = ("iterate(u -> turn(u, r), u, 33)", "turn(" * 33 + "u" + ", r)" * 33)
    loop, steps = (session.eval(f"grad((u, r) -> norm({text}), mode = {mode})")(X, 0.2) for text in texts)
    assert all(np.allclose(a, b, rtol=1e-10, atol=1e-12) for a, b in zip(loop, steps, strict=True))


@pytest.mark.parametrize("mode", ["forward", "reverse"])
def test_a_branch_in_a_loop_reads_neighbours_in_a_matrix(mode: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of elements that have them, in the value and in both modes: no element is computed alone."""
    monkeypatch.delattr(anywhere, "one_by_one")
    session = Session()
    session.run("edge(i, j) = i == 1 or j == 1 or i == 9 or j == 9; around(U, i, j) = U[i-1, j] + U[i+1, j] + U[i, j-1] + U[i, j+1] - 4U[i, j]")
    session.run("f(U, r) = norm(iterate(U -> [if edge(i, j) then 0 else U[i, j] + r*around(U, i, j) for i in 1..9, j in 1..9], U, 40))")

    def theirs(start: Any, r: Any) -> Any:
        u = start
        for _ in range(40):
            inner = u[1:-1, 1:-1] + r * (u[:-2, 1:-1] + u[2:, 1:-1] + u[1:-1, :-2] + u[1:-1, 2:] - 4 * u[1:-1, 1:-1])
            u = np.pad(inner, 1)
        return np.linalg.norm(u)

    start, way = A[:9, :9] + 2, np.sin(np.arange(81.0)).reshape(9, 9)
    matrix, number = session.eval(f"grad(f, mode = {mode})")(start, 0.2)
    assert np.sum(matrix * way) == pytest.approx(slope(lambda t: theirs(start + t * way, 0.2))[0], rel=1e-8)
    assert number == pytest.approx(slope(lambda t: theirs(start, 0.2 + 0.1 * t))[0] * 10, rel=1e-8)


@pytest.mark.parametrize("mode", ["forward", "reverse"])
def test_ties_of_arrays_beside_ties_of_elements(mode: str) -> None:
    """In second order too: the smallest of a row is one kink for all of it, that of two numbers one for each element."""
    text = "sum((tanh(v) - min(v, min([v, v])))^2 for v in 0*x + 1)"
    assert np.array_equal(Session().eval(f"hessian(x -> {text}, mode = {mode})(ones(11))"), np.zeros((11, 11)))


@pytest.mark.parametrize("turn", [
    "[(if e > y then b else w[3]*y) for e in w]", "[(if i == 1 or i == 9 then y else ifelse(w > w[5], x, w)[i-1] + b*w[i+1]) for i in 1..9]",
])  # fmt: skip
def test_a_branch_reads_an_array_that_was_there(turn: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """An array of each element, of which a loop around makes the next: read in a branch, it is not made once more for every element that chose it."""
    calls: list[Any] = []
    monkeypatch.setattr(running, "_branch", lambda *given, run=running._branch: calls.append(given) or run(*given))
    counts = []
    for turns in (4, 8):
        session = Session()
        session.run(f"f(x, y) = fold((w, b) -> {turn}, x, linspace(0, 1, {turns}))")
        calls.clear()
        found = session.eval("[f(linspace(0.1, 1, 9), 0.1*i) for i in 1..9]")
        counts.append(len(calls))
        for row, y in zip(found, np.arange(1, 10) * 0.1, strict=True):
            assert row == pytest.approx(session["f"](np.linspace(0.1, 1, 9), y), rel=1e-12)
    assert counts[1] <= 2.5 * counts[0]


@pytest.mark.parametrize("program", [
    "sum(x[i]*x[1] for i in 1..n)", "sum(let r = x[i]^2 in if r > 0.2 then r*x[1] else x[n]*r for i in 1..n)", "sum(v^2*x[3] for v in x)",
    "sum(x[i]*sum(x[1..3]) for i in 1..n)", "sum(x[i]*x[1]*x[2] for i in 1..n)",
])  # fmt: skip
def test_one_element_beside_all_in_blocks(program: str) -> None:
    """The gradient of a long vector, in which a single element has much to add, is the same as that of a short one, also when it is compiled."""
    for n in (20_000, 100_000):
        session = Session()
        session.run(f"n = {n}\nf(x) = {program}")
        gradient: Any = session.eval("grad(f)")
        x = np.linspace(0.1, 1.2, n)
        first = gradient(x)
        assert np.allclose(gradient(x), first, rtol=1e-12)


def test_nothing_has_no_mean() -> None:
    """As one by one: it is asked for, unless the branch is not taken."""
    session = Session()
    with pytest.raises(CalcError) as caught:
        session.eval("sum(mean(k for k in 2..i) for i in 1..20)")
    assert "mean" in caught.value.diagnostic.message
    assert session.eval("sum(if i > 1 then mean(k for k in 2..i) else 0 for i in 1..3)") == 4.5
    assert session.eval("sum(if i > 1 then mean(k for k in 2..i) else 0 for i in 1..20)") == sum((i + 2) / 2 for i in range(2, 21))


def test_one_of_many_matrices_is_singular() -> None:
    with pytest.raises(CalcError) as caught:
        Session().eval("sum(inv([i - 20, 0; 0, 1])[1, 1] for i in 1..40)")
    assert caught.value.diagnostic.code == "E-SINGULAR"


def test_pairs_outside() -> None:
    """Each index of a pair is checked by itself, also when places come in later."""
    session = Session()
    session.run("f(A, p) = sum(A[p[i], p[i]] for i in 1..9)\ng(A, p) = sum(A[i, p[i]]*A[p[i], j] for i in 1..9, j in i..9)")
    for name in ("f", "g"):
        function: Any = session[name]
        function(A, np.arange(1.0, 10.0))
        for wrong in (0.0, N + 1.0, 1.5):
            with pytest.raises(CalcError) as caught:
                function(A, np.array([1, 2, 3, wrong, 5, 6, 7, 8, 9.0]))
            assert caught.value.diagnostic.code == "E-INDEX"


@pytest.mark.parametrize(("program", "expected"), [
    ("fact(n) = if n <= 1 then 1 else n*fact(n-1)\nsum(fact(k) for k in 1..12)", 522956313),
    ("gcd(a, b) = if b == 0 then a else gcd(b, mod(a, b))\nsum(gcd(k, 12) for k in 1..24)", 80),
    ("fib(n) = if n < 2 then n else fib(n-1) + fib(n-2)\nsum(fib(k) for k in 1..20)", 17710),
])  # fmt: skip
def test_recursion_is_left_at_once(program: str, expected: float) -> None:
    """Recursion that each element ends somewhere else is not followed for all of them: few nodes are made."""
    session = Session(limits=replace(LOCAL, nodes=20_000))
    assert session.eval(program) == expected


def test_recursion_on_a_number_is_batched() -> None:
    session = Session(limits=replace(LOCAL, nodes=20_000))
    session.run("p(v, n) = if n <= 0 then 1 else if v > 0.5 then v*p(v, n-1) else 1 + p(v, n-1)")
    assert session.eval("sum(p(v, 12) for v in linspace(0, 0.4, 10000))") == 130_000


@pytest.mark.parametrize("program", [
    "sum(if v > 0 then v else -v for v in x)", "sum(if x[i] > 0 then x[i] else -x[i] for i in 1..length(x))", "sum(v for v in x if v > 0)",
    "sum(sum(if v > w then v else w for v in x) for w in x)", "sum(if v < 1 and v >= 0 then v else 2v for v in x)",
])  # fmt: skip
@pytest.mark.parametrize("n", [3, 12])
def test_a_tie_is_told_of(program: str, n: int) -> None:
    """However many elements there are, and whether they are taken by name or by place."""
    session = Session()
    (result,) = session.run(f"f(x) = {program}; g = grad(f); g(zeros({n}))")[-1:]
    assert [w.code for w in result.warnings] == ["W-AD"]


@pytest.mark.parametrize("n", [3, 12])
def test_no_derivative_by_what_ends_a_range(n: int) -> None:
    with pytest.raises(CalcError) as caught:
        Session().run(f"grad(x -> sum(sum(1 for j in 1..v) for v in x))(ones({n}))")
    assert caught.value.code == "E-AD"


def test_a_number_beside_elements_is_watched() -> None:
    """A comparison of elements with one number, in a function that is called from Python."""
    session = Session()
    session.run("f(x) = sum(if v > 0.1 then v else 2v for v in x); h(x) = jvp(f, x, ones(9))")
    h: Any = session["h"]
    assert h(np.linspace(-1, 1, 9)) == 14 and h(np.linspace(-1, 1, 9)) == 14


@pytest.mark.parametrize("program", [
    "if all(x > 0) then sum(x .^ 2) else 0", "if any(x > 0) then sum(x .^ 2) else 0", "sum(if v > 0 and log(v) < 9 then v^2 else 0 for v in x)",
    "sum(if all([v > 0, v < 12]) then v^2 else 0 for v in x)",
])  # fmt: skip
def test_no_tie_where_nothing_is_equal(program: str) -> None:
    session = Session()
    session.run(f"f(x) = {program}")
    (result,) = session.statements("grad(f)(1 * (1..9))")
    assert np.allclose(result.value, 2 * np.arange(1, 10)) and not result.warnings  # type: ignore[arg-type]


def answers(program: str, argument: str, value: Any, at_once: bool, monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Value, gradients in both modes, a second derivative, and what was warned of."""
    monkeypatch.setattr(comprehension, "FEWEST", 8 if at_once else 10**9)
    monkeypatch.setattr(control, "MANY", 32 if at_once else 10**9)
    session = Session()
    session[argument + "0"] = value
    session.run(HEAD + f"f({argument}) = {program}\n")
    found: list[Any] = []
    for text in (
        f"f({argument}0)",
        f"grad(f, mode = reverse)({argument}0)",
        f"jvp(f, {argument}0, cos({argument}0))",
        f"grad({argument} -> jvp(f, {argument}, cos({argument}0)))({argument}0)",
        f"jvp(grad(f), {argument}0, cos({argument}0))",
    ):
        try:
            results = list(session.statements(text))
            found += [np.asarray(results[0].value, dtype=float), {w.code for w in results[0].warnings}]
        except CalcError as error:
            found += [error.diagnostic.code, set()]
    return found


@pytest.mark.parametrize(("program", "argument", "value"), [(p, "x", X) for p in COMPREHENSIONS + LOOPS + UNTIL + VARYING] + [(p, "A", A) for p in MATRICES])
def test_at_once_is_one_by_one(program: str, argument: str, value: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    together = answers(program, argument, value, True, monkeypatch)
    apart = answers(program, argument, value, False, monkeypatch)
    assert not isinstance(together[0], str)
    for a, b in zip(together, apart, strict=True):
        assert a == b if isinstance(a, str | set) else np.allclose(a, b, rtol=1e-9, atol=1e-9)


INNER = [
    "sum((if d < y then 0.45*d else d*x) for d in [x, 0.7])", "max((if d < y then 0.45*d else d^2*x) for d in [x, 0.7])", "sum(if d > 0.3 then d*x else x for d in [x, y])",
    "if y < sum((if d < 1.26 then 0.45 else d) for d in [x, 0.7]) then x^2 else 0.58*x", "sum(k*x*d for d in [x, y], k in 1..3 if k > 1)", "sum(d^2*x for d in [x, y] if d > 0.35)",
]


@pytest.mark.parametrize("body", INNER)
@pytest.mark.parametrize("mode", ["forward", "reverse"])
def test_a_derivative_inside_a_comprehension_knows_what_it_is_by(body: str, mode: str) -> None:
    """Inner comprehensions that are done for all outer elements at once do not hide the argument of a derivative between them."""
    session = Session()
    session.run(f"f(x, y) = {body}")
    for call in (f"grad(f, wrt = x, mode = {mode})(0.1*i, 0.5)", f"derivative(x -> f(x, i/9), mode = {mode})(0.4)"):
        together = session.eval(f"[{call} for i in 1..9]")
        assert together == pytest.approx([session.eval(f"let i = {i} in {call}") for i in range(1, 10)], rel=1e-13)
