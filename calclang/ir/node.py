"""Nodes of the graph: frozen, hash-consed (equal expressions are one object), iteratively walked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import field
from itertools import count
from typing import Any
from weakref import WeakValueDictionary

from calclang.ir.budget import budget
from calclang.ir.dim import Shape
from calclang.ir.op import Op
from calclang.record import record
from calclang.source import Span


@record(eq=False)
class Symbol:
    """What an input node stands for: a name, and the facts declared of it (``symmetric``, ``diagonal``, ``row``)."""

    name: str
    facts: frozenset[str] = frozenset()


class Node:
    """``op(inputs; params)`` of a shape. Made by `apply` alone. ``value`` is set for constants only."""

    __slots__ = ("op", "inputs", "params", "shape", "boolean", "value", "serial", "__weakref__")

    op: Op
    inputs: tuple[Node, ...]
    params: tuple[Any, ...]
    shape: Shape
    boolean: bool
    value: Any
    serial: int

    def __repr__(self) -> str:
        inside = ", ".join([f"n{i.serial}" for i in self.inputs] + [repr(p) for p in self.params])
        return f"n{self.serial} = {self.op.name}({inside}) : {self.shape}"

    @property
    def rank(self) -> int:
        return len(self.shape)

    # Operators, so that rows read as formulas. Elementwise; a number or a scalar node stretches.
    def __add__(self, other: Node | float) -> Node:
        return _infix("add", self, other)

    def __radd__(self, other: float) -> Node:
        return _infix("add", other, self)

    def __sub__(self, other: Node | float) -> Node:
        return _infix("sub", self, other)

    def __rsub__(self, other: float) -> Node:
        return _infix("sub", other, self)

    def __mul__(self, other: Node | float) -> Node:
        return _infix("mul", self, other)

    def __rmul__(self, other: float) -> Node:
        return _infix("mul", other, self)

    def __truediv__(self, other: Node | float) -> Node:
        return _infix("div", self, other)

    def __rtruediv__(self, other: float) -> Node:
        return _infix("div", other, self)

    def __pow__(self, exponent: float) -> Node:
        return _infix("power", self, exponent)

    def __neg__(self) -> Node:
        return _infix("mul", -1.0, self)


_interned: WeakValueDictionary[tuple[Any, ...], Node] = WeakValueDictionary()
_serials = count(1)
OPERATORS: dict[str, Any] = {}  # add, sub, mul, div, power: filled by ops/arithmetic.py


def _infix(name: str, a: Any, b: Any) -> Node:
    node: Node = OPERATORS[name](a, b)
    return node


def span_of(node: Node) -> Span | None:
    """The place of the source that a node of this statement came from."""
    return budget().places.get(node)


def is_mask(op: Op, inputs: tuple[Node, ...]) -> bool:
    """Whether the values of a node are truth values: where its row says so, or where it reads or moves a mask."""
    return op.boolean or (op.kind in ("linear", "contract") and bool(inputs) and inputs[-1].boolean)


def intern(op: Op, inputs: tuple[Node, ...], params: tuple[Any, ...], shape: Shape, value: Any = None) -> Node:
    """The one node with these parts. For `apply` and the leaf constructors only."""
    key = (op, inputs, params)
    found = _interned.get(key)
    if found is not None:
        return found
    node = object.__new__(Node)
    node.op, node.inputs, node.params, node.shape, node.value = op, inputs, params, shape, value
    node.boolean = is_mask(op, inputs)
    node.serial = next(_serials)
    _interned[key] = node
    return node


@record
class Graph:
    """A function as a graph: ``outputs`` of ``inputs``; ``names`` are the program's own names of nodes."""

    inputs: tuple[Node, ...]
    outputs: tuple[Node, ...]
    names: Mapping[Node, str] = field(default_factory=dict)


def order(outputs: Iterable[Node]) -> list[Node]:
    """Every node that ``outputs`` need, each once, inputs first. Iterative: any depth."""
    done: set[Node] = set()
    result: list[Node] = []
    stack: list[tuple[Node, bool]] = [(node, False) for node in reversed(tuple(outputs))]
    while stack:
        node, ready = stack.pop()
        if ready:
            result.append(node)
        elif node not in done:
            done.add(node)
            if not node.inputs:
                result.append(node)
                continue
            stack.append((node, True))
            for child in reversed(node.inputs):
                if child not in done:
                    stack.append((child, False))
    return result


def depends_on(outputs: Iterable[Node], inputs: Iterable[Node]) -> set[Node]:
    """The nodes below ``outputs`` that one of ``inputs`` can influence (the inputs themselves among them)."""
    active = set(inputs)
    for node in order(outputs):
        if any(child in active for child in node.inputs):
            active.add(node)
    return active
