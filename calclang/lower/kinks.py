"""Points where a derivative is a convention: what is remembered of them while a graph is built, and which ones matter.

A corner whose value the function multiplies by zero is none: ``norm(x)^2`` has a derivative at zero, for the norm moves no faster than x.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from math import nan
from typing import TYPE_CHECKING, Any

import numpy as np

from calclang.ir.apply import const
from calclang.ir.node import Node, depends_on, order, span_of
from calclang.ir.op import Kink
from calclang.ops.choice import negation, select
from calclang.ops.contraction import is_zero, stretch
from calclang.record import record
from calclang.source import Span
from calclang.transforms.operators import seed
from calclang.transforms.reverse import adjoints

if TYPE_CHECKING:
    from calclang.ops.control import Body

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
    path: tuple[tuple[Node, Body], ...] = ()  # the loops and choices around it, outermost first, with the body in which it is

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
        for at_node, kinked in _of(node, active):
            at = kinked.at(peek)
            slopes = _slopes([node], outputs, inputs)[node] if np.any(at) else None
            if slopes is None or not all(_masked(s, at, peek) for s in slopes):  # else nothing that is differentiated depends on it here
                flat = slopes is not None and first and _calm(kinked, at_node, slopes, outputs, at, peek)
                found.append(replace(kinked, flat=flat))
    return found


def _of(node: Node, active: set[Node]) -> Iterator[tuple[Node, Kinked]]:
    """The kinks of one operation, with that operation; of a choice, where its mask changes; of a loop or a choice, those inside."""
    if node.op is select or node.op.name == "choose":
        yield from ((node, k) for k in branches(node.inputs[0]) if any(o in active for o in k.operands))
    elif node.op.name != "power" or node.params[0] < 1:
        for kink in node.op.kinks:
            yield node, Kinked(kink, node.inputs, node.params, span_of(node), elementwise=node.op.kind == "fn")
    if node.op.kind == "control":
        yield from _inside(node, active)


def _inside(node: Node, active: set[Node]) -> Iterator[tuple[Node, Kinked]]:
    """The kinks in the bodies of a node, with the values that their operands have in every turn, or for the elements of that branch."""
    from calclang.transforms.control import bodies, lifted

    for body, moving in bodies(node, [x in active for x in node.inputs]):
        inner = depends_on(body.outputs, moving)
        kinked = {n: found for n in order(body.outputs) if n in inner and (found := list(_of(n, inner)))}
        slopes = _slopes(list(kinked), body.outputs, moving)
        found = [(at, _seen(n, k, slopes[n])) for n, ks in kinked.items() if slopes[n] for at, k in ks]
        seen = list(dict.fromkeys(o for _, k in found for o in k.operands if o.value is None))
        table = dict(zip(seen, lifted(node, body, seen), strict=True)) if seen else {}
        for at_node, k in found:
            yield at_node, replace(k, operands=tuple(table.get(n, n) for n in k.operands), elementwise=False, path=((node, body), *k.path))


def _seen(node: Node, kinked: Kinked, slopes: Sequence[Node]) -> Kinked:
    """The kink where what is differentiated depends on it: nan where an elementwise choice took the other side."""
    sides = {_side(s) for s in slopes}
    side = sides.pop() if len(sides) == 1 else None
    if side is None or not kinked.elementwise or side.shape != node.shape:
        return kinked
    return replace(kinked, operands=tuple(select(side, o, stretch(const(nan), o.shape)) for o in kinked.operands))


def _side(slope: Node) -> Node | None:
    """Where a slope that is 0 on one side of an elementwise choice is not."""
    if slope.op is not select:
        return None
    return slope.inputs[0] if is_zero(slope.inputs[2]) else negation(slope.inputs[0]) if is_zero(slope.inputs[1]) else None


def branches(mask: Node) -> Iterator[Kinked]:
    """The comparisons that decide a truth value or a mask."""
    for node in order([mask]):
        if node.op.name in COMPARISONS:
            yield Kinked(BRANCH, node.inputs, (), span_of(node), elementwise=True)


def _slopes(nodes: Sequence[Node], outputs: Sequence[Node], inputs: Sequence[Node]) -> dict[Node, list[Node]]:
    """The derivatives of the outputs by each of ``nodes``; those that are structurally zero are left out."""
    sweeps = [adjoints({output: seed(output.shape)}, inputs, nodes) for output in outputs] if nodes else []
    return {node: [slope for sweep in sweeps if (slope := sweep[k]) is not None] for k, node in enumerate(nodes)}


def _calm(kinked: Kinked, node: Node, slopes: Sequence[Node], outputs: Sequence[Node], at: Any, peek: Callable[[Node], Any]) -> bool:
    """Whether a function has a derivative all the same where ``node`` has a kink: at a corner if its slopes by that node are zero there."""
    rule = kinked.kink.calm or (_zero if kinked.kink.corner else None)
    if rule is None:
        return False
    from calclang.lower.moved import slopes_inside

    if not kinked.path:
        values = [s.value if s.value is not None else peek(s) for s in slopes]
        return all(v is not None and rule(np.asarray(v), at) for v in values)
    at = np.asarray(at)
    axes = sum(1 if holder.op.name == "loop" else holder.inputs[0].rank for holder, _ in kinked.path)
    for slope in slopes_inside(kinked.path, node, outputs, peek):
        if slope is None:
            return False
        for place in np.argwhere(at.any(axis=tuple(range(axes, at.ndim)))):
            if not rule(slope[(..., *place, *(slice(None),) * node.rank)], at[tuple(place)]):
                return False
    return True


def _zero(slope: Any, at: Any) -> bool:
    return not np.any((slope != 0) & at)


def _masked(slope: Node, at: Any, peek: Callable[[Node], Any]) -> bool:
    """Whether the kink lies only where another branch of an elementwise choice was taken."""
    side = _side(slope)
    return side is not None and (taken := peek(side)) is not None and not np.any(taken & at)
