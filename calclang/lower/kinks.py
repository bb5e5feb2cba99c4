"""Points where a derivative is a convention: what is remembered of them while a graph is built, and which ones matter.

A corner whose value the function multiplies by zero is none: ``norm(x)^2`` has a derivative at zero, for the norm moves no faster than x.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from calclang.ir.node import Node, depends_on, order, span_of
from calclang.ir.op import Kink
from calclang.ops.choice import select
from calclang.ops.contraction import is_zero
from calclang.record import record
from calclang.source import Span
from calclang.transforms.operators import seed
from calclang.transforms.reverse import adjoints

COMPARISONS = ("less", "less_equal", "equal", "not_equal")
BRANCH = Kink(lambda a, b: a == b, "the branch changes exactly at this point; the derivative is that of the branch taken", scalar="{0} == {1}")


@record
class Kinked:
    """An operation on the way of a derivative whose derivative is a convention somewhere. ``flat``: the function multiplies it by zero
    here, so that its own derivative exists."""

    kink: Kink
    operands: tuple[Node, ...]
    params: tuple[Any, ...]
    span: Span | None
    code: str = "W-AD"
    flat: bool = False
    elementwise: bool = False

    def at(self, peek: Callable[[Node], Any]) -> Any:
        """Where the kink lies in the operands; False where they are not known."""
        values = [n.value if n.value is not None else peek(n) for n in self.operands]
        if any(v is None for v in values):
            return False
        with np.errstate(all="ignore"):
            return self.kink.at(*values, *self.params)


def met(outputs: Sequence[Node], inputs: Iterable[Node], peek: Callable[[Node], Any], first: bool) -> list[Kinked]:
    """The kinks between ``inputs`` and ``outputs``. ``first``: the derivative is of the first order, so that flat corners do not count."""
    inputs = list(inputs)
    found: list[Kinked] = []
    active = depends_on(outputs, inputs)
    for node in active:
        for kinked in _of(node, active):
            at = kinked.at(peek)
            slopes = _slopes(node, outputs, inputs) if np.any(at) else None
            if slopes is None or not all(_masked(s, at, peek) for s in slopes):  # else nothing that is differentiated depends on it here
                flat = slopes is not None and first and _calm(kinked.kink, slopes, at, peek)
                found.append(replace(kinked, flat=flat))
    return found


def _of(node: Node, active: set[Node]) -> Iterator[Kinked]:
    """The kinks of one operation; of an elementwise choice, where its mask changes; of a loop or a choice, those inside."""
    if node.op.kind == "control":
        yield from _inside(node, active)
    elif node.op is select:
        yield from branches(node.inputs[0])
    elif node.op.name != "power" or node.params[0] < 1:
        for kink in node.op.kinks:
            yield Kinked(kink, node.inputs, node.params, span_of(node), elementwise=node.op.kind == "fn")


def _inside(node: Node, active: set[Node]) -> Iterator[Kinked]:
    """The kinks in the bodies of a node, with the values that their operands have in every turn, or for the elements of that branch."""
    from calclang.transforms.control import bodies, lifted

    for body, moving in bodies(node, [x in active for x in node.inputs]):
        inner = depends_on(body.outputs, moving)
        found = [k for n in order(body.outputs) if n in inner for k in _of(n, inner)]
        seen = list(dict.fromkeys(operand for k in found for operand in k.operands))
        table = dict(zip(seen, lifted(node, body, seen), strict=True)) if seen else {}
        yield from (replace(k, operands=tuple(table[n] for n in k.operands), elementwise=False) for k in found)


def branches(mask: Node) -> Iterator[Kinked]:
    """The comparisons that decide a truth value or a mask."""
    for node in order([mask]):
        if node.op.name in COMPARISONS:
            yield Kinked(BRANCH, node.inputs, (), span_of(node), elementwise=True)


def _slopes(node: Node, outputs: Sequence[Node], inputs: Sequence[Node]) -> list[Node]:
    """The derivatives of the outputs by ``node``; those that are structurally zero are left out."""
    found = (adjoints({output: seed(output.shape)}, inputs, [node])[0] for output in outputs)
    return [slope for slope in found if slope is not None]


def _calm(kink: Kink, slopes: Sequence[Node], at: Any, peek: Callable[[Node], Any]) -> bool:
    """Whether a function with these slopes has a derivative all the same: at a corner if they are zero there."""
    rule = kink.calm or (_zero if kink.corner else None)
    values = [s.value if s.value is not None else peek(s) for s in slopes]
    return rule is not None and all(v is not None and rule(np.asarray(v), at) for v in values)


def _zero(slope: Any, at: Any) -> bool:
    return not np.any((slope != 0) & at)


def _masked(slope: Node, at: Any, peek: Callable[[Node], Any]) -> bool:
    """Whether the kink lies only where another branch of an elementwise choice was taken."""
    if slope.op is not select or (mask := peek(slope.inputs[0])) is None:
        return False
    taken = mask if is_zero(slope.inputs[2]) else ~np.asarray(mask) if is_zero(slope.inputs[1]) else True
    return not np.any(taken & at)
