"""Derivatives of nodes with sub-graphs, and looking inside of them. Each rule calls the transforms on the body, and gives such a node again,
so that all of them nest: loops in ``loops.py``, choices in ``choices.py``."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from math import nan
from typing import TYPE_CHECKING

from calclang.ir.apply import const, input_node
from calclang.ir.node import Node, Symbol
from calclang.ops.contraction import stretch
from calclang.ops.control import Body, Choice, Loop, loop, turns
from calclang.transforms.choices import choice_cotangents, choice_tangent, made_choice
from calclang.transforms.loops import active_inputs, loop_cotangents, loop_tangent, made

if TYPE_CHECKING:
    from calclang.transforms.supports import Supports


def bodies(node: Node, active: Sequence[bool]) -> list[tuple[Body, list[Node]]]:
    """The bodies of a node, each with its inputs that change when the ``active`` inputs of the node do."""
    if node.op is turns:
        return []
    if node.op is loop:
        record: Loop = node.params[0]
        return [(record.body, [i for i, a in zip(record.body.inputs, active_inputs(record, active), strict=True) if a])]
    choice: Choice = node.params[0]
    return [(b, [i for i, a in zip(b.inputs, active[1:], strict=True) if a]) for b in dict.fromkeys((choice.then, choice.otherwise))]


def lifted(node: Node, body: Body, inner: Sequence[Node]) -> list[Node]:
    """Nodes of a body as nodes outside: their values in every turn of a loop, or for every element (nan where the other branch was taken)."""
    if node.op is loop:
        record: Loop = node.params[0]
        keeping = replace(record, body=Body(body.inputs, (*body.outputs[: record.carries], *inner)))
        return made(keeping, node.inputs)[record.carries :]
    choice: Choice = node.params[0]

    def seen(n: Node) -> Node:
        shown = Body(body.inputs, (n,))
        hidden = Body(body.inputs, (stretch(const(nan), n.shape),))
        first = body == choice.then
        record = Choice(shown if first else hidden, hidden if first else shown, choice.places, 0)
        return made_choice(node.inputs[0], record, node.inputs[1:])

    return [seen(n) for n in inner]


def added(node: Node, numbers: Mapping[Body, Node]) -> Node:
    """A number of each body, added up over all turns of a loop, or over the elements that chose the body; 0 of a body without."""
    if node.op is loop:
        record: Loop = node.params[0]
        so_far = input_node(Symbol("sum"), ())
        outputs = (so_far + numbers[record.body], *record.body.outputs[: record.carries])
        adding = replace(record, body=Body((so_far, *record.body.inputs), outputs), carries=record.carries + 1)
        return made(adding, [const(0.0), *node.inputs])[0]
    choice: Choice = node.params[0]
    then, otherwise = (Body(b.inputs, (numbers.get(b, const(0.0)),)) for b in (choice.then, choice.otherwise))
    return made_choice(node.inputs[0], Choice(then, otherwise, choice.places, None), node.inputs[1:])


TANGENT: dict[str, Callable[[Node, list[Node | None], Supports | None], Node | None]] = {
    "choose": choice_tangent, "loop": loop_tangent, "turns": lambda node, dxs, supports: None
}  # fmt: skip
COTANGENTS: dict[str, Callable[[Node, Node, Sequence[bool], Supports | None], list[Node | None]]] = {
    "choose": choice_cotangents, "loop": loop_cotangents, "turns": lambda node, g, wanted, supports: [None] * len(wanted)
}  # fmt: skip
