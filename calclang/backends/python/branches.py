"""A branch for many elements as one NumPy function: however many elements chose it, the code is the same.

The body is a graph for one element; all of its inputs that vary get one leading axis of unknown length.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from math import prod
from typing import Any

import numpy as np

from calclang.backends.python.blocks import scalar_of
from calclang.backends.python.lines import function
from calclang.backends.python.products import plan
from calclang.ir import work
from calclang.ir.apply import input_node
from calclang.ir.contract import Spec
from calclang.ir.dim import Size, numbers
from calclang.ir.node import Node, Symbol, depends_on, order
from calclang.ops.contraction import CONTRACT
from calclang.ops.control import Body
from calclang.record import record
from calclang.transforms.batch import MANY, batch, batch_total

PIECE = 32_768  # numbers of a piece: what a branch makes of it stays in the cache
USUAL = 1_000  # elements for which the order of a product is chosen
LEAST = 256  # elements of a piece: each takes as many calls as all together would


@record
class CompiledBranch:
    """``run(count, *inputs)``: a body's value for ``count`` elements (first axis), or its sum over them, answered as IEEE 754 does; the work of
    one element; and how many elements are best taken at once (0: all of them)."""

    run: Callable[..., Any]
    work: float
    piece: int


def compile_branch(body: Body, places: tuple[int | None, ...], total: bool) -> CompiledBranch:
    """A body for many elements. Raises `CannotBatch`."""
    many = tuple(i if p is None else input_node(Symbol("many"), (MANY, *i.shape)) for i, p in zip(body.inputs, places, strict=True))
    elements = {i: m for i, m in zip(body.inputs, many, strict=True) if i is not m}
    output = batch_total(body.outputs[0], elements, MANY) if total else batch(body.outputs, elements, MANY)[0]
    nodes = order(body.outputs)
    return CompiledBranch(_made(many, output), work.total(nodes), _piece(nodes, depends_on(nodes, elements)))


def _piece(nodes: list[Node], varying: set[Node]) -> int:
    """How many elements are taken at once; 0 (all of them) where nothing is computed, or what they share, which each piece would make again."""
    if not nodes[-1].inputs or any(n not in varying and n.inputs for n in nodes):
        return 0
    return max(LEAST, PIECE // max([1, *(prod(numbers(n.shape)) for n in varying)]))


def _made(inputs: tuple[Node, ...], output: Node) -> Callable[..., Any]:
    """Straight-line code over NumPy."""
    names = {node: f"x{k}" for k, node in enumerate(inputs)}
    space: dict[str, Any] = {"np": np, "inf": np.inf, "nan": np.nan}
    lines = [f"def run({', '.join(['count', *names.values()])}):"]
    nodes = order([output])
    plain = _numbers(nodes, output)
    for node in nodes:
        if node in plain:
            names[node] = plain[node]
        elif node not in names:
            names[node] = f"n{len(names)}"
            lines.append(f"    {names[node]} = {_expression(node, [names[i] for i in node.inputs], space)}")
    lines.append(f"    return {names[output]}")
    return function("run", lines, "branch", space)


def _numbers(nodes: list[Node], output: Node) -> dict[Node, str]:
    """Stretched constants that only elementwise operations use: NumPy stretches a number by itself."""
    found = {n: number[1] for n in nodes if (number := scalar_of(n)) is not None and number[0] is None and n is not output}
    for node in nodes:
        product = node.op is CONTRACT and all(ls in ((), (0,)) for ls in node.params[0].labels)
        kept = node.inputs if not product and node.op.kind != "fn" else node.inputs[:1] if all(i in found for i in node.inputs) else ()
        for i in kept:
            found.pop(i, None)
    return {n: repr(coef) for n, coef in found.items()}


def _expression(node: Node, operands: list[str], space: dict[str, Any]) -> str:
    """One operation."""

    def refer(value: Any) -> str:
        space[name := f"k{len(space)}"] = value
        return name

    if node.value is not None:
        return refer(node.value)
    if node.op is not CONTRACT:
        return f"{refer(node.op.eval)}({', '.join(['np', *operands, *map(refer, node.params)])})"
    spec = node.params[0]
    if node.rank == 1 and operands and not spec.free and all(ls in ((), spec.out) for ls in spec.labels):
        return " * ".join([*operands, repr(spec.coef)] if spec.coef != 1 else operands)
    if not spec.free and not spec.deltas:
        shapes = [tuple(USUAL if isinstance(d, Size) else d for d in i.shape) for i in node.inputs]
        return f"{refer(plan(spec, shapes))}({', '.join(operands)})"
    return f"{refer(_contraction(spec))}(count, {', '.join(operands)})"


def _contraction(spec: Spec) -> Callable[..., Any]:
    """A contraction with axes that no factor has, among whose sizes may be the number of elements."""

    def run(count: int, *arrays: Any) -> Any:
        free = tuple((label, count if isinstance(d, Size) else d) for label, d in spec.free)
        return CONTRACT.eval(np, *arrays, replace(spec, free=free))

    return run
