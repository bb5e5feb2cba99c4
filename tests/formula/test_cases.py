"""Every shown derivative: its value against autograd, forwards against backwards, length and text against what is recorded."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

import formula_cases as cases
import numpy as np
import pytest
from autograd import jacobian as referee
from formula_evaluator import data_of, evaluate, wrap

from calclang.ir.node import Node
from calclang.source import Source
from calclang.syntax import parse, tree
from calclang.syntax.format import format_expr as text
from calclang.transforms.formula import formula, prove_equal, shorter
from calclang.transforms.operators import jacobian

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
    """The derivative by reverse and by forward sweeps, and its formulas."""
    inputs = case.inputs()
    f = case.build(*inputs.values())
    nodes = [derivative(f, inputs[wrt], order, mode) for mode in ("reverse", "forward")]
    facts = {name: words for name, _, words in case.variables()}
    row = f.rank == 0 and order == 1 and "row" not in facts[wrt]
    return nodes, [formula(n, row=row, program=[f], reserved=frozenset(case.sizes())) for n in nodes]


def environment(case: cases.Case) -> dict[str, Any]:
    """What the names of a formula mean."""
    facts = {name: words for name, _, words in case.variables()}
    return {n: wrap(v, "row" in facts[n]) for n, v in arrays(case).items()} | case.sizes()


def expected(case: cases.Case, wrt: str, order: int) -> Any:
    f: Any = case.plain
    values = arrays(case)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # autograd says where a result does not depend on an argument
        for _ in range(order):
            f = referee(f, list(values).index(wrt))
        return f(*values.values())


def read_back(source: str) -> tree.Expr:
    """A formula as text, parsed again."""
    (statement,) = parse(Source("formula", source), frozenset()).statements
    assert isinstance(statement, tree.Show)
    return statement.value


@pytest.mark.parametrize(("case", "wrt", "order"), items())
def test_formula(case: cases.Case, wrt: str, order: int) -> None:
    nodes, shown = both(case, wrt, order)
    wanted = expected(case, wrt, order)
    texts = [text(e) for e in shown if e is not None]
    assert len(texts) == 2
    for made in texts:
        value = evaluate(read_back(made), environment(case))
        np.testing.assert_allclose(data_of(value), wanted, rtol=1e-9, atol=1e-9, err_msg=made)
    assert prove_equal(*nodes)
    best, known = min(texts, key=len), recorded()[case.name, wrt, order]
    assert best == known or len(best) < len(known)


@pytest.mark.parametrize("key", [k for k in recorded() if k[0] in {c.name for c in cases.SLIDES + cases.NINE}], ids=str)
def test_text_of_the_lecture(key: tuple[str, str, int]) -> None:
    case = next(c for c in cases.SLIDES + cases.NINE if c.name == key[0])
    _, shown = both(case, *key[1:])
    assert text(shorter(*(e for e in shown if e is not None))) == recorded()[key]
