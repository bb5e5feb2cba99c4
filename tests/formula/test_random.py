"""Random well-typed functions: what is shown, read back, has the value of the graph, forwards and backwards."""

from __future__ import annotations

from typing import Any

import numpy as np
from formula_evaluator import data_of, evaluate, wrap
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from calclang.ir.apply import input_node
from calclang.ir.dim import symbol
from calclang.ir.node import Node, Symbol, order
from calclang.ops import ROWS
from calclang.ops.contraction import CONTRACT, contract, stretch
from calclang.source import Source
from calclang.syntax import format_expr, parse, tree
from calclang.transforms.formula import formula, prove_equal
from calclang.transforms.operators import jacobian

SIZES = {"m": 3, "n": 2}
M, N = symbol("m"), symbol("n")
SHAPES = {"s": (), "v": (N,), "u": (M,), "A": (M, N), "B": (N, N)}
RNG = np.random.default_rng(5)
VALUES = {name: RNG.uniform(0.4, 1.2, [SIZES[str(d)] for d in shape]) for name, shape in SHAPES.items()}


def variables() -> dict[str, Node]:
    return {name: input_node(Symbol(name), shape) for name, shape in SHAPES.items()}


def run(root: Node) -> Any:
    """The value of a graph, operation by operation."""
    values: dict[Node, Any] = {}
    for node in order([root]):
        if node.op.name == "input":
            values[node] = (VALUES | PART_VALUES)[node.params[0].name]
        elif node.value is not None:
            values[node] = node.value
        elif node.op is CONTRACT:
            values[node] = _contract(node, [values[i] for i in node.inputs])
        else:
            values[node] = node.op.eval(np, *(values[i] for i in node.inputs), *node.params)
    return values[root]


def _contract(node: Node, arrays: list[Any]) -> Any:
    """A contraction with dense deltas and ones, the plain way."""
    spec = node.params[0]
    size = {l: SIZES[str(d)] if str(d) in SIZES else int(str(d)) for l, d in spec.free}
    for ls, a in zip(spec.labels, arrays, strict=True):
        size |= dict(zip(ls, np.shape(a), strict=True))
    operands: list[Any] = [part for a, ls in zip(arrays, spec.labels, strict=True) for part in (a, list(ls))]
    for label in size:
        operands += [np.ones(size[label]), [label]]
    fresh = 100
    outs = []
    for label in spec.out:
        operands += [np.eye(size[label]), [label, fresh]]
        outs.append(fresh)
        fresh += 1
    return spec.coef * np.einsum(*_compact(operands), _letters(outs, operands)) if operands else spec.coef


def _compact(operands: list[Any]) -> list[Any]:
    return [_letters(x, operands) if isinstance(x, list) else x for x in operands]


def _letters(labels: list[int], operands: list[Any]) -> list[int]:
    """Labels as small numbers, as einsum wants them."""
    known = sorted({l for x in operands if isinstance(x, list) for l in x})
    return [known.index(l) for l in labels]


@st.composite
def expressions(draw: Any) -> tuple[Node, Node]:
    """A scalar-valued function and a variable that it depends on."""
    names = variables()
    pool: dict[Any, list[Node]] = {}
    for node in names.values():
        pool.setdefault(node.shape, []).append(node)
    last = names["s"]
    for _ in range(draw(st.integers(2, 7))):
        made = draw(st.sampled_from(STEPS))(draw, pool)
        if made is not None and made.value is None:
            last = made
            pool.setdefault(made.shape, []).append(made)
    f = contract([last], [range(last.rank)], "") if last.rank else last
    return f, draw(st.sampled_from([n for n in order([f]) if n.op.name == "input"] or [names["s"]]))


def _any(draw: Any, pool: dict[Any, list[Node]]) -> Node:
    return draw(st.sampled_from([x for xs in pool.values() for x in xs[-4:]]))


def _unary(draw: Any, pool: Any) -> Node:
    return ROWS[draw(st.sampled_from(["exp", "sin", "cos", "tanh", "sqrt", "log"]))](_any(draw, pool))


def _binary(draw: Any, pool: Any) -> Node:
    x = _any(draw, pool)
    y = draw(st.sampled_from(pool[x.shape]))
    return draw(st.sampled_from([x + y, x - y, x * y, x / y, 2.0 * x - y, x**2, x**3 + 1.0]))


def _scaled(draw: Any, pool: Any) -> Node:
    s = draw(st.sampled_from(pool[()]))
    return draw(st.sampled_from([s * (x := _any(draw, pool)), x + stretch(s, x.shape), x / stretch(s, x.shape)]))


def _product(draw: Any, pool: Any) -> Node | None:
    a = draw(st.sampled_from([x for shape, xs in pool.items() if len(shape) == 2 for x in xs]))
    b = draw(st.sampled_from([x for shape, xs in pool.items() if shape for x in xs]))
    if a.shape[1] == b.shape[0]:
        return contract([a, b], ["ij", "jk"[: b.rank]], "ik"[: b.rank])
    return contract([a, b], ["ji", "jk"[: b.rank]], "ik"[: b.rank]) if a.shape[0] == b.shape[0] else None


def _inner(draw: Any, pool: Any) -> Node:
    x = draw(st.sampled_from([x for shape, xs in pool.items() if shape for x in xs]))
    y = draw(st.sampled_from(pool[x.shape]))
    return contract([x, y], [range(x.rank)] * 2, "")


def _outer(draw: Any, pool: Any) -> Node:
    x, y = (draw(st.sampled_from([x for shape, xs in pool.items() if len(shape) == 1 for x in xs])) for _ in range(2))
    return contract([x, y], ["i", "j"], "ij")


def _matrix(draw: Any, pool: Any) -> Node | None:
    square = [x for (shape, xs) in pool.items() if len(shape) == 2 and shape[0] == shape[1] for x in xs]
    if not square:
        return None
    x = draw(st.sampled_from(square))
    return draw(st.sampled_from([contract([x], ["ij"], "ji"), contract([x], ["ii"], ""), contract([x], ["ii"], "i")]))


STEPS = [_unary, _binary, _scaled, _product, _inner, _outer, _matrix]


def agree(node: Node, wanted: Any, row: bool, program: Node) -> None:
    made = formula(node, row=row, program=[program])
    if made is None:
        return
    source = format_expr(made)
    (statement,) = parse(Source("formula", source), frozenset()).statements
    assert isinstance(statement, tree.Show)
    environment = {n: wrap(v) for n, v in (VALUES | PART_VALUES).items()} | {n: float(s) for n, s in SIZES.items()}
    value = data_of(evaluate(statement.value, environment))
    scale = max(1.0, float(np.max(np.abs(wanted), initial=0)))
    np.testing.assert_allclose(value / scale, wanted / scale, rtol=1e-8, atol=1e-9, err_msg=source)


@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(expressions(), st.integers(1, 2))
def test_random_derivatives(made: tuple[Node, Node], order_: int) -> None:
    f, x = made
    with np.errstate(all="ignore"):
        found = []
        for mode in ("reverse", "forward"):
            d = f
            for _ in range(order_ if x.rank < 2 else 1):
                (d,) = jacobian(d, [x], mode)
            wanted = run(d)
            if not np.isfinite(wanted).all():
                return
            agree(d, wanted, order_ == 1, f)
            found.append(d)
        assert prove_equal(*found)


# ---- small arrays of parts ----


PARTS = {"s": (), "r": (), "p": (3,)}
PART_VALUES = {name: RNG.uniform(0.4, 1.2, shape) for name, shape in PARTS.items()}


@st.composite
def of_parts(draw: Any) -> tuple[Node, Node]:
    """A scalar function built from elements, slices, stacks and choices."""
    names = {name: input_node(Symbol(name), shape) for name, shape in PARTS.items()}
    scalars, vectors = [names["s"], names["r"]], [names["p"]]
    for _ in range(draw(st.integers(2, 6))):
        x, v = draw(st.sampled_from(scalars[-5:])), draw(st.sampled_from(vectors[-3:]))
        y = draw(st.sampled_from(scalars[-5:]))
        w = draw(st.sampled_from([u for u in vectors if u.shape == v.shape]))
        step = draw(st.integers(0, 6))
        if step == 0:
            scalars.append(ROWS["take"](v, params=((draw(st.integers(0, v.shape[0] - 1)),),)))
        elif step == 1:
            vectors.append(ROWS["stack"](x, y, x * y, params=(0,)))
        elif step == 2:
            scalars.append(draw(st.sampled_from([x * y, x + y, x**3, ROWS["sin"](x), x / y, ROWS["maximum"](x, y)])))
        elif step == 3:
            vectors.append(draw(st.sampled_from([v * w, v + w, v - x * w, ROWS["exp"](v), v / w])))
        elif step == 4:
            scalars.append(contract([v, w], ["i", "i"], ""))
        elif step == 5:
            vectors.append(ROWS["select"](ROWS["less"](v, stretch(x, v.shape)), v**2, w))
        elif v.shape[0] > 2:
            vectors.append(ROWS["take"](v, params=(((1, v.shape[0], 1),),)))
    last = draw(st.sampled_from([scalars[-1], contract([vectors[-1]], ["i"], "")]))
    return last, names[draw(st.sampled_from(sorted(PARTS)))]


@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(of_parts(), st.integers(1, 2))
def test_random_arrays_of_parts(made: tuple[Node, Node], order_: int) -> None:
    f, x = made
    with np.errstate(all="ignore"):
        for mode in ("reverse", "forward"):
            d = f
            for _ in range(order_):
                (d,) = jacobian(d, [x], mode)
            wanted = run(d)
            if np.isfinite(wanted).all():
                agree(d, wanted, order_ == 1, f)
