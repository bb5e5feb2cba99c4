"""Where a nan or an infinity was born: element by element, for beside one that was put in another may be born.

An element that is not finite was born unless it was put in, or follows from elements that were and from none that was born. Asked about nans alone, an
operation that makes one of infinities (`inf - inf`) gave birth to it, though these were put in.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import field
from math import isinf
from typing import Any

import numpy as np

from calclang.backends.python.interpret import evaluate, value_of
from calclang.ir.contract import Spec
from calclang.ir.dim import numbers
from calclang.ir.node import Node, order
from calclang.ops.control import Choice, Loop
from calclang.record import record

Values = Mapping[Node, Any]
Place = tuple[int, ...]


def not_finite(value: Any) -> Any:
    """Which elements are an infinity or nan."""
    return ~np.isfinite(value)


@record
class Birth:
    """``node`` gave a bad element of its value at ``place``, from ``values``. ``holder``: the operation of the graph asked about in which that
    happened (itself, or the loop or choice around it); ``element``: the place in its value, () where that says nothing."""

    node: Node
    place: Place
    values: Values
    holder: Node
    element: Place


@record(frozen=False)
class Story:
    """The values of a graph, and of each node which elements were born (absent: none). ``wrong``: which elements are asked about."""

    values: dict[Node, Any]
    born: dict[Node, Any]
    wrong: Callable[[Any], Any] = not_finite
    inside: dict[Node, list[tuple[Story, Sequence[Node]]]] = field(default_factory=dict)  # what went wrong in the bodies of a node

    def birth(self, outputs: Sequence[Node], wrong: Callable[[Any], Any] = not_finite) -> Birth | None:
        """Of the first element of ``outputs`` that is wrong and was born. None where nothing was."""
        for output in outputs:
            if output in self.born and (at := _first(self.born[output] & wrong(self.values[output]))) is not None:
                return self.origin(output, at)
        return None

    def origin(self, node: Node, place: Place) -> Birth:
        """Back along what was born to the operation that had no part in it yet. (Of an input, whose story is another one, the input itself.)"""
        while True:
            if (found := self._within(node, place)) is not None:
                return found
            source = self._source(node, place)
            if source is None:
                place = self._earliest(node, place)
                return Birth(node, place, self.values, node, place)
            node, place = source

    def _within(self, node: Node, place: Place) -> Birth | None:
        """A birth in a body of this node."""
        for story, outputs in self.inside.get(node, ()):
            if (found := story.birth(outputs)) is not None and found.node.op.kind != "leaf":
                return Birth(found.node, found.place, found.values, node, place if isinstance(node.params[0], Choice) else ())
        return None

    def _earliest(self, node: Node, place: Place) -> Place:
        """Of a running sum or product the first element that was born, from which the later ones follow."""
        return (*place[:-1], int(np.argmax(self.born[node][place[:-1]]))) if "running" in node.op.facts else place

    def _source(self, node: Node, place: Place) -> tuple[Node, Place] | None:
        """The first born element of an argument that this element depends on."""
        for k, child in enumerate(node.inputs):
            mask = self.born.get(child)
            if mask is None or not _reached(node, [mask if j == k else None for j in range(len(node.inputs))], self.values)[place]:
                continue
            return child, place if node.op.kind == "fn" else self._which(node, k, mask, place)
        return None

    def _which(self, node: Node, k: int, mask: Any, place: Place) -> Place:
        """The first element of ``mask`` that reaches this one, found by halving."""
        places = np.argwhere(mask)
        low, high = 0, len(places)  # none of the first ``low`` reaches it, one of the first ``high`` does
        while high - low > 1:
            middle = (low + high) // 2
            some = np.zeros_like(mask)
            some[tuple(places[:middle].T)] = True
            reached = _reached(node, [some if j == k else None for j in range(len(node.inputs))], self.values)[place]
            low, high = (low, middle) if reached else (middle, high)
        return tuple(int(i) for i in places[low])


def tell(outputs: Sequence[Node], known: Values, born: Mapping[Node, Any] | None = None, wrong: Callable[[Any], Any] = not_finite) -> Story:
    """The story of a graph, given the values of inputs (or of any nodes), and which elements of inputs were born elsewhere."""
    story = Story(dict(known), dict(born or {}), wrong)
    with np.errstate(all="ignore"):
        for node in order(outputs):
            if node not in story.values:
                story.values[node] = value_of(node, story.values)
            if node.op.kind != "leaf" and (mask := _born(node, story)) is not None:
                story.born[node] = mask
    return story


def from_infinities(outputs: Sequence[Node], known: Values) -> Birth | None:
    """The birth of a nan that an operation made of infinities which were put in."""
    return tell(outputs, known, wrong=np.isnan).birth(outputs) if any(_may_hold_infinities(n, known) for n in order(outputs)) else None


def _may_hold_infinities(node: Node, known: Values) -> bool:
    """Whether an infinity was put in here: as a value or a parameter, or perhaps in a body."""
    value = node.value if node.value is not None else known.get(node)
    if value is not None and not node.boolean:
        return bool(np.isinf(value).any())
    return node.op.kind == "control" or any(isinf(number) for p in node.params if (number := _number(p)) is not None)


def hiding(nodes: Iterable[Node]) -> list[Node]:
    """The operands whose nan an operation would hide: a comparison, a power."""
    return [i for node in nodes if node.op.hides_nan for i in node.inputs if not i.boolean and i.value is None]


def hidden(outputs: Sequence[Node], known: Values) -> Birth | None:
    """The birth of a nan that an operation hid."""
    suspects = lost(outputs, known)
    return tell(suspects, known).birth(suspects, np.isnan) if suspects else None


def lost(outputs: Sequence[Node], known: Values) -> list[Node]:
    """The operands in which an operation hid a nan."""
    nodes = order(outputs)
    operands = hiding(nodes)
    suspects = [node for node, value in zip(operands, evaluate(operands, known), strict=True) if np.isnan(value).any()]
    if any(node.op.kind == "control" for node in nodes):
        from calclang.backends.python.inside import lost_inside

        suspects += lost_inside(nodes, known)
    return suspects


def _born(node: Node, story: Story) -> Any:
    """Which elements of a node were born, here or before; None where none was."""
    bad = story.wrong(story.values[node])
    if not bad.any():
        return None
    if node.op.kind == "control":
        mask = bad & _born_inside(node, story)
    else:
        before = [story.born.get(i) for i in node.inputs]
        put_in = [_put_in(i, story) for i in node.inputs]
        given = True if any(story.wrong(n) for p in node.params if (n := _number(p)) is not None) else _reached(node, put_in, story.values)
        mask = bad & (_reached(node, before, story.values) | ~np.asarray(given))
    return mask if mask.any() else None


def _put_in(node: Node, story: Story) -> Any:
    """Which elements of a node are wrong because a person put that in; None where none is."""
    bad = story.wrong(story.values[node])
    if node in story.born:
        bad = bad & ~story.born[node]
    return bad if bad.any() else None


def _number(parameter: Any) -> float | None:
    """The number that a parameter holds, if it is one."""
    number = parameter.coef if isinstance(parameter, Spec) else parameter
    return number if isinstance(number, float) else None


def _reached(node: Node, marked: Sequence[Any], values: Values) -> Any:
    """Which elements of a node depend on a marked element of its arguments (None: nothing of this argument is marked).

    What is no elementwise operation is asked: a nan in the marked elements shows where it comes out.
    """
    value = np.asarray(values[node])
    masks = [m for m in marked if m is not None]
    if not masks:
        return np.zeros(value.shape, dtype=bool)
    if node.op.kind == "fn":
        return np.logical_or.reduce(masks)
    if node.op.kind not in ("linear", "contract"):
        return np.ones(value.shape, dtype=bool)
    plain = 1.0 if node.op.kind == "contract" else 0.0
    arrays = [
        values[i] if i.boolean or k in node.op.fixed else np.where(False if m is None else m, np.nan, np.full(np.shape(values[i]), plain))
        for k, (i, m) in enumerate(zip(node.inputs, marked, strict=True))
    ]
    return np.isnan(np.asarray(node.op.eval(np, *arrays, *node.params)))


def _first(mask: Any) -> Place | None:
    """The first place of a mask."""
    places = np.argwhere(mask)
    return tuple(int(i) for i in places[0]) if len(places) else None


# ---- loops and choices ------------------------------------------------------------------------------------


def _born_inside(node: Node, story: Story) -> Any:
    """Which elements of a loop or a choice were born, in a body or before."""
    record = node.params[0]
    arrays = [story.values[i] for i in node.inputs]
    masks = [story.born.get(i) for i in node.inputs]
    if isinstance(record, Loop):
        return _born_in_turns(node, story, arrays, masks)
    return _born_in_branches(node, story, arrays, masks) if isinstance(record, Choice) else False


def _born_in_turns(node: Node, story: Story, arrays: list[Any], masks: list[Any]) -> bool:
    """Whether something was born in a turn: from then on all that is not finite follows from it."""
    from calclang.backends.python.anywhere import turns

    record: Loop = node.params[0]
    c, s = record.carries, record.sequences
    row = range(record.turns)[::-1] if record.backwards else range(record.turns)
    before = masks[:c]
    for k, (body, known, values) in zip(row, turns(np, arrays, record), strict=True):
        if any(np.any(story.wrong(v)) for v in values):
            given = [*before, *(None if m is None else m[k] for m in masks[c : c + s]), *masks[c + s :]]
            inner = tell(body.outputs, known, {i: m for i, m in zip(body.inputs, given, strict=True) if m is not None and np.any(m)}, story.wrong)
            if any(o in inner.born for o in body.outputs):
                story.inside[node] = [(inner, body.outputs)]
                return True
        before = [None] * c
    return not record.turns and any(m is not None for m in masks)


def _born_in_branches(node: Node, story: Story, arrays: list[Any], masks: list[Any]) -> Any:
    """Which elements were born in the branch that they chose, or before."""
    from calclang.backends.python.control import branches

    choice: Choice = node.params[0]
    mask = np.asarray(arrays[0])
    marks = [np.zeros(np.shape(x), dtype=bool) if m is None else m for x, m in zip(arrays[1:], masks[1:], strict=True)]
    found = np.zeros((mask.size, *numbers(choice.then.outputs[0].shape)), dtype=bool)
    for branch in branches(mask, arrays[1:], marks, choice):
        inner = tell([branch.output], branch.known, {i: m for i, m in branch.marked.items() if np.any(m)}, story.wrong)
        if branch.output in inner.born:
            found[branch.chosen] = inner.born[branch.output]
            story.inside.setdefault(node, []).append((inner, [branch.output]))
    if choice.out is None:
        return found.any(axis=0)
    found = found.reshape(mask.shape + found.shape[1:])
    return np.moveaxis(found, range(mask.ndim), range(choice.out, choice.out + mask.ndim))
