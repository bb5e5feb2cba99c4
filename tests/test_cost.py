"""``cost`` against counts by hand."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest

from calclang import CalcError, Session
from calclang.backends.python.cost import operations
from calclang.backends.python.rewrite import rewritten
from calclang.frontends.cli import Streams, main
from calclang.ir.dim import known
from calclang.ir.node import order
from calclang.lower.records import Records

SCRIPTS = sorted((Path(__file__).parent.parent / "examples").glob("*.calc"))


def table(program: str) -> dict[str, float]:
    """The operations of the last command's table, and the bytes on its tape."""
    text = str(Session().run(program)[-1].value)
    lines = text.splitlines()
    found = {line.split()[0]: float(line.split()[1].replace(",", "")) for line in lines[1:4]}
    amount, unit = lines[4].removeprefix("the reverse sweep keeps ").split()[:2]
    found["tape"] = float(amount) * {"byte": 1, "bytes": 1, "kB": 1e3, "MB": 1e6}[unit]
    return found


def test_products_are_counted() -> None:
    found = table("A = ones(20, 30)\nB = ones(30, 40)\nf(x) = A*(B*x)\ncost f at ones(40)")
    assert found["value"] == 30 * 40 + 20 * 30


def test_the_tape_holds_what_was_computed_from_top_level_arrays() -> None:
    """X*w and its sine, five numbers each: an array of the program is the same input of the value and of the gradient."""
    assert table("X = ones(5, 3)\nf(w) = sum(sin(X*w).^2)\ncost f at ones(3)")["tape"] == 80


def test_reverse_is_cheap_for_one_result_and_forward_for_one_argument() -> None:
    many = table("f(x) = sum(x[i] * sin(x[i+1]) for i in 1..99)\ncost f at zeros(100)")
    assert many["reverse"] <= 4 * many["value"] and many["forward"] > 20 * many["value"]
    one = table("f(t) = [t, t^2, sin(t)]\ncost f at 1")
    assert one["forward"] < one["reverse"]


@pytest.mark.parametrize(("function", "point", "value", "derivative"), [
    ("x^2", "3", 1, 1), ("sum(x .^ 2)", "zeros(100)", 200, 100), ("-x + 1", "3", 1, 0), ("det(x)", "eye(3)", 18, 27),
])  # fmt: skip
def test_a_factor_is_a_product(function: str, point: str, value: float, derivative: float) -> None:
    found = table(f"f(x) = {function}\ncost f at {point}")
    assert (found["value"], found["reverse"]) == (value, derivative)


def test_nothing_is_made_to_be_counted() -> None:
    found = table("f(A) = logdet(A)\ncost f at eye(1000)")
    assert found["forward"] == found["reverse"] == 2e9


@pytest.mark.parametrize(("program", "told"), [
    ("fact(n) = if n <= 1 then 1 else n*fact(n-1)\nf(x) = sum(x^k/fact(k) for k in 0..20)", "x^k/fact(k) for k in 0..20 (each element ends a recursion somewhere else)"),
    ("f(x) = [sum(v*(1..20)[(1..20) > v]) for v in x*(1..9)]", "[sum(v*(1..20)[(1..20) > v]) for v in x*(1..9)] (a mask varies with the element)"),
    ("f(x) = sum(x*k for k in 1..3)", ""), ("f(x) = sum(sum(x*k for k in 1..i) for i in 1..20)", ""),
])  # fmt: skip
def test_what_is_not_done_at_once_is_told(program: str, told: str) -> None:
    text = str(Session().run(f"{program}\ncost f at 1")[-1].value)
    assert text.partition("element by element: ")[2] == told


def test_turns_of_loops_count_and_reverse_keeps_every_one() -> None:
    found = table("f(x) = fold((s, t) -> sin(s)*x, x, 1..1000)\ncost f at 2")
    assert found["value"] == 2 * 1000
    assert found["reverse"] <= 4 * found["value"] + 1
    assert 8 * 1000 <= found["tape"] <= 5 * 8 * 1000


def test_factorisations_count_by_their_published_operations() -> None:
    assert table("f(A) = logdet(A)\ncost f at eye(30)")["value"] == 2 / 3 * 30**3


@pytest.mark.parametrize("point, mode", [("(1, 2, 3)", "reverse"), ("(1, 2, 3) wrt x", "forward")])
def test_auto_says_what_it_goes_by(point: str, mode: str) -> None:
    text = str(Session().run(f"f(x, y, z) = x*y*z\ncost f at {point}")[-1].value)
    assert f"auto takes {mode}" in text


def test_a_derivative_has_a_cost_too() -> None:
    found = table("f(x) = sum(sin(x) .* exp(x))\ncost hessian f at zeros(100)")
    assert found["reverse"] >= 100


def test_a_point_is_needed() -> None:
    with pytest.raises(CalcError, match="point"):
        Session().run("cost sin")


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda s: s.stem)
def test_gradients_in_the_examples_are_cheap(script: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Value and gradient of every function that an example differentiates take few operations more than the value. (A loop's body runs once more on the
    way back.)"""
    found: list[tuple[float, float, bool]] = []
    differentiated = Records.differentiated

    def counting(records: Records, steps: Any, inputs: Any, peek: Any) -> None:
        differentiated(records, steps, inputs, peek)
        value, both = steps[0], [*steps[0], *steps[-1]]
        if len(steps) == 2 and [v.shape for v in value] == [()] and all(known(n.shape) for n in order(both)):
            found.append((operations(value), operations(rewritten(both)), any(n.op.name == "loop" for n in order(both))))

    monkeypatch.setattr(Records, "differentiated", counting)
    assert main([str(script)], Streams(io.BytesIO(), io.StringIO(), io.StringIO()), {}) == 0
    assert found or script.stem in ("flow", "part4_jacobians")  # those take Jacobians
    for value, both, loops in found:
        assert both <= (5 if loops else 4) * max(value, 1)
