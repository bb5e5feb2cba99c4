"""Derivatives of choices. A choice's tangent is a choice of its branches' tangents, and its cotangent one of their cotangents."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from calclang.ir.apply import INPUT, const, input_node
from calclang.ir.dim import Shape
from calclang.ir.node import Node, Symbol, order
from calclang.ops.contraction import contract, zeros
from calclang.ops.control import Body, Choice, choose
from calclang.transforms.bodies import lead_of, like, supports_in_body, supports_of, used

if TYPE_CHECKING:
    from calclang.transforms.supports import Supports


def made_choice(mask: Node, choice: Choice, inputs: Sequence[Node]) -> Node:
    """A choice without the inputs that neither body needs."""
    symbols = choice.then.inputs
    needed = used([*choice.then.outputs, *choice.otherwise.outputs], symbols)
    kept = tuple(i for i, n in zip(symbols, needed, strict=True) if n)
    places = tuple(p for p, n in zip(choice.places, needed, strict=True) if n)
    record = Choice(Body(kept, choice.then.outputs), Body(kept, choice.otherwise.outputs), places, choice.out)
    return choose(mask, *(i for i, n in zip(inputs, needed, strict=True) if n), params=(record,))


def choice_tangent(node: Node, dxs: list[Node | None], supports: Supports | None = None) -> Node | None:
    """The tangent of a choice: a choice by the same mask of the tangents of its branches.

    ``dxs`` begins with that of the mask, which has none. A tangent is ``lead ++ shape`` of what it belongs to, so that the places of the mask's
    axes move behind the axes of ``lead``.
    """
    from calclang.transforms.forward import forward

    choice: Choice = node.params[0]
    dxs = dxs[1:]
    if all(dx is None for dx in dxs):
        return None
    mask, given = node.inputs[0], node.inputs[1:]
    lead = lead_of(given, dxs)
    symbols = choice.then.inputs
    (k, only), *others = [(k, dx) for k, dx in enumerate(dxs) if dx is not None]
    plain = choice.places[k] is not None and not symbols[k].rank and not choice.then.outputs[0].rank
    if lead and plain and not others and not any(n.op is INPUT for n in order([only])):
        return _along(node, k, only, lead)
    moving = {k: dx for k, dx in enumerate(dxs) if dx is not None}
    twins = {k: like(symbols[k], lead) for k in moving}
    starts = supports_of([choice.then, choice.otherwise], moving, supports)
    beside = {k: like(twins[k], name="support ") for k in starts}

    def moved(body: Body) -> Body:
        known = supports_in_body({twins[k]: support for k, support in beside.items()})
        (found,) = forward(body.outputs, {symbols[k]: x for k, x in twins.items()}, known)
        return Body((*symbols, *twins.values(), *beside.values()), (zeros(lead + body.outputs[0].shape) if found is None else found,))

    places = (*choice.places, *(None if (p := choice.places[k]) is None else len(lead) + p for k in (*twins, *beside)))
    out = None if choice.out is None else len(lead) + choice.out
    record = Choice(moved(choice.then), moved(choice.otherwise), places, out)
    return made_choice(mask, record, [*given, *moving.values(), *starts.values()])


def _along(node: Node, k: int, dx: Node, lead: Shape) -> Node:
    """The tangent of a function of one number for each element along axes: slopes times dx, so that the elements that an axis does not move are
    no zeros that meet an infinite slope."""
    from calclang.transforms.forward import forward

    choice: Choice = node.params[0]
    x = choice.then.inputs[k]

    def slope(body: Body) -> Body:
        (found,) = forward(body.outputs, {x: const(1.0)})
        return Body(body.inputs, (const(0.0) if found is None else found,))

    slopes = made_choice(node.inputs[0], Choice(slope(choice.then), slope(choice.otherwise), choice.places, 0), node.inputs[1:])
    own = tuple(range(slopes.rank))
    dirs = tuple(f"dirs {i}" for i in range(len(lead)))
    return contract([slopes, dx], [own, (*dirs, *own)], (*dirs, *(() if choice.out is None else own)))


def choice_cotangents(node: Node, g: Node, wanted: Sequence[bool], supports: Supports | None = None) -> list[Node | None]:
    """The cotangents of a choice's inputs: for each wanted one a choice by the same mask of the cotangents that the branches send to it.

    ``g`` is ``lead ++ shape`` of the value, and a cotangent ``lead ++ shape`` of its input. An input that all elements share gets the sum of what
    they send.
    """
    from calclang.transforms.reverse import reverse

    choice: Choice = node.params[0]
    mask, given = node.inputs[0], node.inputs[1:]
    symbols, output = choice.then.inputs, choice.then.outputs[0]
    own = node.rank  # axes of g before those of the value
    lead = g.shape[: g.rank - own]
    seed = input_node(Symbol("g"), lead + output.shape)
    starts = [*supports_of([choice.then, choice.otherwise], {0: g}, supports).values()]  # one or none
    beside = [like(seed, name="support ") for _ in starts]
    known = dict(zip([seed], beside, strict=False))
    places = (*choice.places, *[None if choice.out is None else len(lead) + choice.out for _ in (seed, *beside)])

    def pulled(body: Body, k: int) -> Body:
        (found,) = reverse({body.outputs[0]: seed}, [symbols[k]], supports_in_body(known))
        return Body((*symbols, seed, *beside), (zeros(lead + symbols[k].shape) if found is None else found,))

    def cotangent(k: int) -> Node:
        out = None if (p := choice.places[k]) is None else len(lead) + p
        return made_choice(mask, Choice(pulled(choice.then, k), pulled(choice.otherwise, k), places, out), [*given, g, *starts])

    return [None, *(cotangent(k) if w else None for k, w in enumerate(wanted[1:]))]
