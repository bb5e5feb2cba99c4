"""Points where a derivative is a convention: what is remembered of them while a graph is built, and which ones matter.

A corner whose value the function multiplies by zero is none: ``norm(x)^2`` has a derivative at zero, for the norm moves no faster than x. Nor is a
step that it multiplies by what is zero and stays so to the first order: ``x^2*sign(x)`` has one, and so has the derivative of ``abs(x)^3``, in which
the sign is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from math import nan
from typing import TYPE_CHECKING, Any

import numpy as np

from calclang.ir.apply import const
from calclang.ir.dim import numbers
from calclang.ir.node import Node, depends_on, order, span_of
from calclang.ir.op import Kink
from calclang.ops.choice import negation, select
from calclang.ops.contraction import CONTRACT, is_zero, mul, stretch, zeros
from calclang.record import record
from calclang.source import Span
from calclang.transforms.operators import weighted
from calclang.transforms.reverse import adjoints

if TYPE_CHECKING:
    from calclang.ops.control import Body

COMPARISONS = ("less", "less_equal", "equal", "not_equal")
DEEPEST = 4  # a step times a power of itself is followed so far: the slope of max(x, 0)^n has such
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
        values = [peek(n) for n in self.operands]
        if any(v is None for v in values):
            return False
        with np.errstate(all="ignore"):
            return self.kink.at(*values, *self.params)


def met(outputs: Sequence[Node], inputs: Iterable[Node], peek: Callable[[Node], Any], depth: int = 0) -> list[Kinked]:
    """The kinks of a derivative of ``outputs`` by ``inputs``. ``depth``: how many functions ago these were slopes of a step."""
    inputs = list(inputs)
    active = depends_on(outputs, inputs)
    found = [(node, at_node, kinked, kinked.at(peek)) for node in order(outputs) if node in active for at_node, kinked in _of(node, active)]
    slopes = _slopes([node for node, _, _, at in found if np.any(at)], outputs, inputs)
    kinks: list[Kinked] = []
    for node, at_node, kinked, at in found:
        slope = slopes.get(node)
        if slope is not None and not _masked(slope, at, peek):
            flat = _calm(kinked, at_node, slope, Stage(outputs, inputs, peek, depth), at)
            kinks.append(replace(kinked, flat=flat))
        elif node not in slopes:
            kinks.append(kinked)  # it does not lie here, but may elsewhere
    return kinks


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
        found = [(at, _seen(n, k, slope)) for n, ks in kinked.items() if (slope := slopes[n]) is not None for at, k in ks]
        seen = list(dict.fromkeys(o for _, k in found for o in k.operands if o.value is None))
        table = dict(zip(seen, lifted(node, body, seen), strict=True)) if seen else {}
        for at_node, k in found:
            yield at_node, replace(k, operands=tuple(table.get(n, n) for n in k.operands), elementwise=False, path=((node, body), *k.path))


def _seen(node: Node, kinked: Kinked, slope: Node) -> Kinked:
    """The kink where what is differentiated depends on it: nan where an elementwise choice took the other side."""
    side = _side(slope)
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


def _slopes(nodes: Sequence[Node], outputs: Sequence[Node], inputs: Sequence[Node]) -> dict[Node, Node | None]:
    """The derivative of all outputs together by each of ``nodes``; None where it is structurally zero."""
    return dict(zip(nodes, adjoints(weighted(outputs), inputs, nodes), strict=True)) if nodes else {}


def _masked(slope: Node, at: Any, peek: Callable[[Node], Any]) -> bool:
    """Whether the kink lies only where another branch of an elementwise choice was taken."""
    side = _side(slope)
    if side is None or (taken := peek(side)) is None:
        return False
    rank = max(np.ndim(taken), np.ndim(at))  # a kink of a row on arrays is one for all that the row looks at: the axes of the elements lead
    taken, at = (np.reshape(mask, np.shape(mask) + (1,) * (rank - np.ndim(mask))) for mask in (taken, at))
    return not np.any(taken & at)


# ---- where there is a derivative all the same -----------------------------------------------------


@record
class Stage:
    """A function that is differentiated: its outputs and inputs, and how to look at values of the program."""

    outputs: Sequence[Node]
    inputs: Sequence[Node]
    peek: Callable[[Node], Any]
    depth: int


def _calm(kinked: Kinked, node: Node, slope: Node, stage: Stage, at: Any) -> bool:
    """Whether a function has a derivative all the same where ``node`` has a kink: at a corner if its slope by that node is zero there, at a step if
    that slope has no derivative either."""
    kink = kinked.kink
    rule = kink.calm or (_zero if kink.corner or kink.jump else None)
    if rule is None:
        return False
    if kinked.path:
        from calclang.lower.inside import slope_inside

        found = slope_inside(kinked.path, node, stage.outputs)
        if found is None:
            return True
        slope = found
    elif kink.jump and node.op.kind == "linear":  # what is moved is the height of its step
        slope = mul(slope, node.inputs[0])
    value = stage.peek(slope)
    axes = sum(1 if holder.op.name == "loop" else holder.inputs[0].rank for holder, _ in kinked.path)
    if value is None or not _everywhere(rule, np.asarray(value), np.asarray(at), axes, node.rank):
        return False
    return not kink.jump or (not kinked.path and _plain_in(node, slope) and _still(slope, at, stage))


def _everywhere(rule: Callable[[Any, Any], Any], slope: Any, at: Any, axes: int, rank: int) -> bool:
    """Whether a rule holds in every turn and for every element in which the kink lies."""
    if not axes:
        return bool(rule(slope, at))
    places = np.argwhere(at.any(axis=tuple(range(axes, at.ndim))))
    return all(rule(slope[(*place, *(slice(None),) * rank)], at[tuple(place)]) for place in places)


def _zero(slope: Any, at: Any) -> bool:
    return not np.any((slope != 0) & at)


def _plain_in(step: Node, slope: Node) -> bool:
    """Whether a slope depends on a step as a polynomial does, if at all: through what chooses, a step reaches further than slopes tell."""
    return all(
        n is step or n.op is CONTRACT or n.op.name in ("add", "sub", "power") or (n.op.kind == "linear" and not n.boolean and not n.op.fixed)
        for n in depends_on([slope], [step])
    )  # fmt: skip


def _still(slope: Node, at: Any, stage: Stage) -> bool:
    """Whether a slope has the derivative zero where a step lies, which is no convention."""
    there = select(const(np.broadcast_to(at, numbers(slope.shape))), slope, zeros(slope.shape))
    if stage.depth == DEEPEST or any(not k.flat and np.any(k.at(stage.peek)) for k in met([there], stage.inputs, stage.peek, stage.depth + 1)):
        return False
    moved = [stage.peek(d) for d in adjoints(weighted([there]), stage.inputs, stage.inputs) if d is not None]
    return not any(d is None or np.any(d) for d in moved)
