"""Where tangents and cotangents inside of loops and choices are zero by structure.

Inside of a body they are inputs like any other, so a sweep cannot see their zeros, and a product of one with an infinite slope would be nan. Where
a body has such slopes it is given one more array beside each of them, its support: positive where something can arrive, 0 where nothing can.
Products are then taken where the support is positive alone. A zero that is the result of arithmetic is a number, and stays one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from calclang.ir.apply import const
from calclang.ir.dim import Shape
from calclang.ir.node import Node, order
from calclang.ops.base import again
from calclang.ops.choice import less, select
from calclang.ops.contraction import CONTRACT, contract, is_zero, stretch, zeros
from calclang.ops.control import Choice, Loop
from calclang.ops.structure import put, take
from calclang.transforms.splice import steady

# Rows with an infinite or undefined slope where they have a value; powers are looked at by their exponent.
ENDLESS = frozenset({"acos", "acosh", "acsc", "asec", "asech", "asin", "atan2", "cbrt", "pow", "pow_derivative", "sqrt", "xlogy"})
CANCELS = frozenset({"diff"})  # linear rows with negative entries: what two supports make may not be 0


def endless(outputs: Iterable[Node]) -> bool:
    """Whether a slope on the way to ``outputs`` can be infinite."""
    for node in order(outputs):
        record = node.params[0] if node.params else None
        inner = (record.body,) if isinstance(record, Loop) else (record.then, record.otherwise) if isinstance(record, Choice) else ()
        root = node.op.name == "power" and node.params[0] % 1 != 0
        if root or node.op.name in ENDLESS or any(endless(body.outputs) for body in inner):
            return True
    return False


class Supports:
    """The supports of tangents in one sweep: None where all of one can be other than zero.

    >>> from calclang.ops.contraction import identity
    >>> from calclang.ops.structure import take
    >>> supports = Supports({})
    >>> supports.of(take(identity((3,)), params=((1,),))).op.name, supports.of(stretch(const(2.0), (3,)))
    ('put', None)
    """

    def __init__(self, known: Mapping[Node, Node]) -> None:
        self._found: dict[Node, Node | None] = dict(known)

    def of(self, node: Node) -> Node | None:
        """The support of one tangent, read off how it is put together of those that are known, of ones and of zeros."""
        todo = [node]
        while todo:
            top = todo[-1]
            missing = [] if top in self._found or not _readable(top) else [i for i in top.inputs if i not in self._found]
            if missing:
                todo += missing
                continue
            todo.pop()
            if top not in self._found:
                self._found[top] = self._read(top) if _readable(top) else None
        return self._found[node]

    def _read(self, node: Node) -> Node | None:
        """The support of a node from those of its inputs."""
        if is_zero(node):
            return node
        if node.op is CONTRACT:
            return self._of_product(node)
        read = {k: self._found[x] for k, x in enumerate(node.inputs) if not steady(node, k)}
        if node.op is take and (inner := node.inputs[0]).op is put and inner.params[0] == node.params[0]:
            return self._found[inner.inputs[0]]  # what was put there
        nothing = any if node.op.name == "add" else all
        if nothing(s is None for s in read.values()) and node.op is not put:
            return None
        return again(node, [_full(x.shape) if (s := read.get(k, x)) is None else s for k, x in enumerate(node.inputs)])

    def _of_product(self, node: Node) -> Node | None:
        """A product moves where all of its factors do; those that can be anything only give the sizes of their axes."""
        spec = node.params[0]
        known = [(s, labels) for x, labels in zip(node.inputs, spec.labels, strict=True) if (s := self._found[x]) is not None]
        if not known and not spec.deltas:
            return zeros(node.shape) if spec.coef == 0 else None
        size = dict(spec.free) | {l: d for x, labels in zip(node.inputs, spec.labels, strict=True) for l, d in zip(labels, x.shape, strict=True)}
        return contract([s for s, _ in known], [labels for _, labels in known], spec.out, size)

    def guarded(self, term: Node) -> Node:
        """What a sweep made of a tangent by multiplying, exactly 0 where that tangent is zero by structure."""
        if term.op is not CONTRACT or len(term.inputs) < 2 or all(self.of(x) is None for x in term.inputs):
            return term
        if (support := self.of(term)) is None:
            return term
        kept = select(less(0.0, support), term, zeros(term.shape))
        self._found[kept] = support
        return kept

    def carried(self, term: Node) -> Node:
        """The support of what a loop carries on, as ones and zeros."""
        support = self.of(term)
        one = _full(term.shape)
        return one if support is None else select(less(0.0, support), one, zeros(term.shape))


def _full(shape: Shape) -> Node:
    """The support of what can be anything: ones."""
    return stretch(const(1.0), shape)


def _readable(node: Node) -> bool:
    """Whether a node only places, adds and scales its inputs, or is zero itself."""
    return is_zero(node) or node.op is CONTRACT or node.op.name == "add" or (node.op.kind == "linear" and node.op.name not in CANCELS)
