"""What a well-formed graph is, as a check that raises. Every transform's result must pass it (the tests call it on all of them)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from calclang.ir import node as ir
from calclang.ir import signature
from calclang.ir.apply import CONST, INPUT, MASK
from calclang.ir.contract import Labels, Spec
from calclang.ir.dim import Shape, Size
from calclang.ir.node import Graph, Node, Symbol, order

TRUTH = frozenset({"both", "either", "negation", "equal", "not_equal"})  # rows whose arguments may be truth values


class Malformed(AssertionError):
    """A graph that no constructor can have made: a defect of calclang, never of a program."""


def verify(graph: Graph | Iterable[Node]) -> None:
    """Raise `Malformed` unless every node of the graph is well formed.

    Checked: a node is the one object with its parts; parameters are hashable; constants hold read-only numbers of their shape; the
    shape is what the row infers; labels of a contraction are numbered canonically and agree in size; truth values enter
    only rows that ask for them.

    >>> from calclang.ir.apply import const
    >>> verify([const(1.0)])
    """
    for node in order(graph.outputs if isinstance(graph, Graph) else graph):
        _parts(node)
        if node.op.kind == "leaf":
            _leaf(node)
        else:
            _operation(node)


def expect(holds: bool, node: Node, law: str) -> None:
    """Raise `Malformed` with the law that the node breaks."""
    if not holds:
        raise Malformed(f"{node!r}: {law}")


def _parts(node: Node) -> None:
    """Interning, and that inputs came first (so there is no cycle)."""
    try:
        found = ir._interned.get((node.op, node.inputs, node.params))
    except TypeError as error:
        raise Malformed(f"{node!r}: parameters are hashable") from error
    expect(found is node, node, "equal nodes are one object")
    expect(all(i.serial < node.serial for i in node.inputs), node, "inputs are made before their node")
    expect(node.boolean == ir.is_mask(node.op, node.inputs), node, "a node is a mask where its operation or what it reads says so")
    expect(all(isinstance(d, Size) or (type(d) is int and d >= 0) for d in node.shape), node, "sizes are whole numbers or names")


def _leaf(node: Node) -> None:
    expect(not node.inputs, node, "a leaf has no inputs")
    if node.op is INPUT:
        expect(
            node.value is None and isinstance(node.params[0], Symbol) and node.params[1] == node.shape,
            node,
            "an input is a symbol and a shape",
        )
        return
    expect(node.op in (CONST, MASK) and node.value is not None, node, "a constant has a value")
    expect(np.shape(node.value) == node.shape, node, "the value has the shape of the constant")
    expect(np.asarray(node.value).dtype == (np.bool_ if node.boolean else np.float64), node, "a constant holds numbers or truth values")
    expect(not node.shape or not node.value.flags.writeable, node, "the value of a constant is read-only")


def _operation(node: Node) -> None:
    op = node.op
    expect(node.value is None, node, "only constants have values")
    expect(op.arity is None or len(node.inputs) == op.arity, node, f"{op.name} takes {op.arity} arguments")
    _masks(node)
    if op.kind == "contract":
        _contraction(node, node.params[0])
    expect(_inferred(node) == node.shape, node, "the shape is what the row infers")


def _inferred(node: Node) -> Shape:
    try:
        return node.op.shape(node.inputs, node.params) if node.op.shape is not None else signature.infer(node.op.signature, node.inputs)
    except signature.Mismatch as error:
        raise Malformed(f"{node!r}: {error}") from error


def _masks(node: Node) -> None:
    """Truth values are chosen by, compared and moved about; nothing is computed with them."""
    if node.op.kind not in ("fn", "custom") or node.op.name in TRUTH:
        return
    expect(not any(i.boolean for i in node.inputs), node, "no arithmetic on truth values")


def _contraction(node: Node, spec: Spec) -> None:
    expect(len(spec.labels) == len(node.inputs), node, "every factor has labels")
    sizes: dict[int, Any] = dict(spec.free)
    for labels, factor in zip(spec.labels, node.inputs, strict=True):
        expect(len(labels) == factor.rank, node, "every axis of a factor has a label")
        for label, size in zip(labels, factor.shape, strict=True):
            expect(sizes.setdefault(label, size) == size, node, "axes of one label have one size")
    carried = {l for ls in spec.labels for l in ls}
    expect(all(l in sizes for l in spec.out), node, "every output label has a size")
    expect(not carried & {l for l, _ in spec.free}, node, "a label is free where no factor carries it")
    expect(len({l for l, _ in spec.free}) == len(spec.free), node, "a free label stands once")
    expect(_numbered(spec.out, *spec.labels), node, "labels are numbered by first appearance, outputs first")
    expect(type(spec.coef) is float or type(spec.coef) is int, node, "the coefficient is a number")


def _numbered(*groups: Labels) -> bool:
    seen = list(dict.fromkeys(l for ls in groups for l in ls))
    return seen == list(range(len(seen)))


__all__ = ["Malformed", "verify"]
