"""The interpreter asks nothing of an array namespace but what NumPy has: with another one it gives the same."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import numpy as np
import pytest
from graphs import Maker

from calclang import Session
from calclang.backends.python import control
from calclang.backends.python.interpret import evaluate
from calclang.functions import function_of
from calclang.ir.apply import const, input_node
from calclang.ir.node import Node, Symbol, order
from calclang.lower.convert import to_low
from calclang.lower.parts import leaves
from calclang.ops import ROWS
from calclang.ops.control import Body, Choice, Until, choose, turns
from calclang.ops.recursion import AGAIN, RECURSION, Recursion


class Elsewhere(ModuleType):
    """NumPy under another name, as a backend would bring its own."""

    def __getattr__(self, name: str) -> Any:
        return getattr(np, name)


ELSEWHERE = Elsewhere("elsewhere")
X = np.linspace(0.2, 1.4, 70)

# function of a vector -> the row with graphs of its own in it
CONTROL = [
    ("fold((s, t) -> sin(s*t) + 0.5*s, 0.3, x)", "loop"),
    ("sum(scan((s, t) -> s*t + 1, 0.3, x))", "loop"),
    ("norm(iterate(z -> [z[1] + 0.01z[2], z[2] - 0.01z[1]^3], x[1..2], 70))", "loop"),
    ("fold((s, t) -> sin(s*t) + 0.5*s, 0.3, x, checkpoint = true)", "loop"),
    ("sum(fold((s, k) -> if s > 1 then s/2 else s*t + 0.3, t, 1..70) for t in x)", "loop"),
    ("sum(if t > 0.7 then log(t) else t^2 for t in x)", "choose"),
    ("sum(if t > 0.7 then det([t, 1; 2, t]) else t for t in x)", "choose"),
    ("sum([if t > 0.7 then [t^3, 1] else [1, sin(t)] for t in x]*[1, 2])", "choose"),
    ("sum(if a*b > 0.7 then sqrt(a*b) else a - b for a in x[1..9], b in x[1..9])", "choose"),
    ("fold((s, t) -> if s > 1 then s/2 else s*t + 0.3, 0.3, x)", "loop"),
]


@pytest.mark.parametrize("seed", range(20))
def test_another_namespace_gives_the_same(seed: int) -> None:
    maker = Maker(seed, 3)
    for _ in range(20):
        maker.step()
    rng = np.random.default_rng(seed)
    values = {i: float(rng.normal()) if not i.shape else rng.normal(size=i.shape) for i in maker.inputs}
    expected, found = (evaluate(maker.nodes, values, xp) for xp in (np, ELSEWHERE))
    for a, b in zip(expected, found, strict=True):
        assert np.allclose(a, b, rtol=1e-12, atol=1e-12, equal_nan=True)


@pytest.mark.parametrize("derivative", ["f", "grad(f, mode = reverse)", "grad(f, mode = forward)", "hessian(f)"])
@pytest.mark.parametrize(("program", "row"), CONTROL, ids=[p for p, _ in CONTROL])
def test_loops_and_choices_too(program: str, row: str, derivative: str) -> None:
    nodes, known = graph(f"f(x) = {program}\ng = {derivative}", X)
    assert row in {n.op.name for n in order(nodes)}
    for a, b in zip(evaluate(nodes, known), evaluate(nodes, known, ELSEWHERE), strict=True):
        assert np.allclose(a, b, rtol=1e-12, atol=1e-12)


def graph(program: str, point: Any) -> tuple[list[Node], dict[Node, Any]]:
    """The graph of a call of the function g, and the values of its inputs."""
    session = Session()
    session.run(program)
    function: Any = session["g"]
    traced, _ = function.trace((to_low(point, function_of),))
    return leaves(traced.result), dict(traced.trace.known)


def test_nothing_compiled_runs_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is compiled is written for NumPy."""
    for name in ("compiled", "compiled_branch", "compiled_until"):
        monkeypatch.setattr(control, name, None)
    for program, _ in CONTROL:
        nodes, known = graph(f"g(x) = {program}", X)
        evaluate(nodes, known, ELSEWHERE)


@pytest.mark.parametrize("moved", [(), (True,)])
def test_how_often_a_loop_turns(moved: tuple[bool, ...]) -> None:
    x = input_node(Symbol("x"), ())
    body = Body((x,), (ROWS["less"](x, const(0.1)), x * 0.5))
    given = input_node(Symbol("start"), (3,) if moved else ())
    node = turns(given, params=(Until(body, 1, 100, moved),))
    start: Any = np.array([1.0, 0.05, 10.0]) if moved else 1.0
    (found,) = evaluate([node], {given: start}, ELSEWHERE)
    assert np.array_equal(found, [4, 0, 7] if moved else 4)


def test_recursion_too() -> None:
    """Of numbers: r(x) = if x < 0.1 then x else 2*r(x/2)."""
    x, given, function = input_node(Symbol("x"), ()), input_node(Symbol("start"), (3,)), Symbol("r")
    again = 2.0 * AGAIN[False](x * 0.5, params=(function, False))
    value = choose(ROWS["less"](x, const(0.1)), x, params=(Choice(Body((x,), (x,)), Body((x,), (again,)), (0,), 0),))
    node = RECURSION[False](given, params=(Recursion(Body((x,), (value,)), function, 1), 100))
    (found,) = evaluate([node], {given: X[:3]}, ELSEWHERE)
    assert np.allclose(found, X[:3])
