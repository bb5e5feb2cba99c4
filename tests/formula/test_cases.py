"""Every shown derivative: its value against autograd, forwards against backwards, length and text against what is recorded."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from autograd import jacobian as referee

from calclang.ir.node import Node
from calclang.syntax import tree
from calclang.transforms.formula import formula, prove_equal, shorter
from calclang.transforms.formula.measure import text
from calclang.transforms.operators import jacobian

from tests.formula import cases
from tests.formula.evaluator import evaluate, wrap

RECORDED = Path(__file__).with_name("recorded.txt")


def recorded() -> dict[tuple[str, str, int], str]:
    """function | variable | order | formula."""
    rows = (line.split(" | ") for line in RECORDED.read_text().splitlines() if line)
    return {(name, wrt, int(order)): shown for name, wrt, order, shown in rows}


def arrays(case: cases.Case) -> dict[str, Any]:
    rng = np.random.default_rng(7)
    made = {}
    for name, shape, facts in case.variables():
        value = rng.normal(size=[cases.SIZES[str(d)] for d in shape])
        value = np.abs(value) + 0.5 if case.positive else value
        if len(shape) == 2 and shape[0] == shape[1]:
            value = value + 3 * np.eye(len(value))
        made[name] = (value + value.T) / 2 if "symmetric" in facts else value
    return made


def derivative(f: Node, x: Node, order: int, mode: Any) -> Node:
    for _ in range(order):
        (f,) = jacobian(f, [x], mode)
    return f


def items() -> list[Any]:
    found = []
    for case in cases.ALL:
        for wrt in case.wrt.split() or [n for n, _, _ in case.variables()]:
            for order in case.orders:
                found.append(pytest.param(case, wrt, order, id=f"{case.name} by {wrt} order {order}"))
    return found


def both(case: cases.Case, wrt: str, order: int) -> tuple[list[Node], list[tree.Expr | None]]:
    inputs = case.inputs()
    f = case.build(*inputs.values())
    nodes = [derivative(f, inputs[wrt], order, mode) for mode in ("reverse", "forward")]
    row = f.rank == 0 and order == 1 and "row" not in dict((n, facts) for n, _, facts in case.variables())[wrt]
    return nodes, [formula(n, row=row, program=[f]) for n in nodes]


@pytest.mark.parametrize(("case", "wrt", "order"), items())
def test_formula(case: cases.Case, wrt: str, order: int) -> None:
    nodes, shown = both(case, wrt, order)
    values = arrays(case)
    names = list(values)
    expected: Any = case.plain
    for _ in range(order):
        expected = referee(expected, names.index(wrt))
    facts = {n: f for n, _, f in case.variables()}
    env: dict[str, Any] = {n: wrap(v, "row" in facts[n]) for n, v in values.items()} | case.sizes()
    for e in shown:
        assert e is not None
        value = evaluate(e, env)
        np.testing.assert_allclose(getattr(value, "data", value), expected(*values.values()), rtol=1e-9, atol=1e-9, err_msg=text(e))
    assert prove_equal(*nodes)
    best = shorter(*shown)
    assert best is not None
    known = recorded()[case.name, wrt, order]
    assert text(best) == known or len(text(best)) < len(known)
