"""Derivatives and batches of nodes with sub-graphs: each rule calls the transforms on the body, and gives such a node again.

So a loop's tangent is a loop, its cotangent a loop that runs backwards over what the forward one kept, and all of them nest.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from math import nan
from typing import Any

from calclang.ir.apply import INPUT, const, input_node
from calclang.ir.dim import Dim, Shape, product
from calclang.ir.node import Node, Symbol, depends_on, order
from calclang.ops.contraction import contract, stretch, zeros
from calclang.ops.control import Body, Choice, Loop, choose, loop, turns
from calclang.ops.structure import concat, reshape, take
from calclang.transforms.splice import total

# ---- inputs of bodies ----------------------------------------------------------------------------------


def like(x: Node, lead: Shape = (), name: str = "d") -> Node:
    """A fresh input of a body: ``lead ++ shape(x)``."""
    return input_node(Symbol(name + str(x.params[0].name if x.op.name == "input" else "")), lead + x.shape)


def used(body_outputs: Sequence[Node], inputs: Sequence[Node]) -> list[bool]:
    """Which inputs the outputs need."""
    below = set(order(body_outputs))
    return [i in below for i in inputs]


def front(x: Node, axis: int, count: int = 1) -> Node:
    """Axes ``axis … axis + count - 1`` in front."""
    axes = tuple(range(x.rank))
    chosen = axes[axis : axis + count]
    return contract([x], [axes], (*chosen, *axes[:axis], *axes[axis + count :]))


def back(x: Node, axis: int) -> Node:
    """The first axis moved behind ``axis`` others."""
    axes = tuple(range(x.rank))
    return contract([x], [axes], (*axes[1 : axis + 1], 0, *axes[axis + 1 :]))


# ---- loops: parts of the one vector that a loop gives --------------------------------------------------


def parts(node: Node, shapes: Sequence[Shape], lead: int = 0) -> list[Node]:
    """The arrays that lie end to end on the last axis of ``node`` (``lead`` axes come before it)."""
    found = []
    start: Any = 0
    for shape in shapes:
        size = product(shape)
        piece = take(node, params=(((start, start + size, 1),),))
        found.append(piece if len(shape) == 1 else reshape(piece, params=(1, shape)))
        start = start + size
    return found


def laid(arrays: Sequence[Node], lead: Shape, shapes: Sequence[Shape]) -> Node:
    """``lead ++ shape`` each, end to end on one axis."""
    flat = [a if len(s) == 1 else reshape(a, params=(len(s), (product(s),))) for a, s in zip(arrays, shapes, strict=True)]
    return flat[0] if len(flat) == 1 else concat(*flat, params=(1,))


def made(record: Loop, inputs: Sequence[Node]) -> list[Node]:
    """The last carries and what was kept, of a new loop without the inputs that its body does not need."""
    body = record.body
    fixed = record.carries
    needed = [k < fixed or u for k, u in enumerate(used(body.outputs, body.inputs))]
    sequences = sum(needed[fixed : fixed + record.sequences])
    kept_inputs = tuple(i for i, n in zip(body.inputs, needed, strict=True) if n)
    record = replace(record, body=Body(kept_inputs, body.outputs), sequences=sequences)
    return parts(loop(*(i for i, n in zip(inputs, needed, strict=True) if n), params=(record,)), record.shapes)


def _loop_tangent(node: Node, dxs: list[Node | None]) -> Node | None:
    from calclang.transforms.forward import forward

    record: Loop = node.params[0]
    body, c, s = record.body, record.carries, record.sequences
    lead = _lead(node, dxs)
    moving = {k: like(body.inputs[k], lead) for k, dx in enumerate(dxs) if dx is not None}
    while True:  # carries that move because others do
        tangents = forward(body.outputs, {body.inputs[k]: dx for k, dx in moving.items()})
        new = [k for k in range(c) if tangents[k] is not None and k not in moving]
        if not new:
            break
        moving |= {k: like(body.inputs[k], lead) for k in new}
    first = [k for k in range(c) if k in moving]

    def outer(k: int) -> Node:
        dx = dxs[k]
        if dx is None:
            return zeros(lead + node.inputs[k].shape)
        return front(dx, len(lead)) if c <= k < c + s else dx

    symbols: list[Node] = []
    inputs: list[Node] = []
    for group in (range(c), range(c, c + s), range(c + s, len(body.inputs))):
        symbols += [body.inputs[k] for k in group] + [moving[k] for k in group if k in moving]
        inputs += [node.inputs[k] for k in group] + [outer(k) for k in group if k in moving]
    carried = [zeros(lead + body.inputs[k].shape) if (t := tangents[k]) is None else t for k in first]
    kept = [(j, t) for j, t in enumerate(tangents[c:]) if t is not None]
    outputs = (*body.outputs[:c], *carried, *(t for _, t in kept))
    sequences = s + sum(k in moving for k in range(c, c + s))
    found = made(Loop(Body(tuple(symbols), outputs), record.turns, c + len(first), sequences, record.backwards), inputs)
    by_carry = dict(zip(first, found[c : c + len(first)], strict=True))
    by_kept = {j: back(part, len(lead)) for (j, _), part in zip(kept, found[c + len(first) :], strict=True)}
    shapes = record.shapes
    arrays = [by_carry[k] if k in by_carry else zeros(lead + shapes[k]) for k in range(c)]
    arrays += [by_kept[j] if j in by_kept else zeros(lead + shapes[c + j]) for j in range(len(shapes) - c)]
    return laid(arrays, lead, shapes)


def _lead(node: Node, dxs: Sequence[Node | None]) -> Shape:
    """The extra axes of tangents."""
    return next(dx.shape[: dx.rank - x.rank] for dx, x in zip(dxs, node.inputs, strict=True) if dx is not None)


def _loop_cotangents(node: Node, g: Node, wanted: Sequence[bool]) -> list[Node | None]:
    record: Loop = node.params[0]
    body, c, s, turns = record.body, record.carries, record.sequences, record.turns
    lead = g.shape[:-1]
    active = _active(record, wanted)
    carried = [k for k in range(c) if active[k]]
    constants = [k for k in range(c + s, len(body.inputs)) if wanted[k]]
    given = parts(g, record.shapes)
    g_carry = {k: like(body.inputs[k], lead, "g") for k in carried}
    g_kept = {j: input_node(Symbol("g"), lead + o.shape) for j, o in enumerate(body.outputs[c:])}
    sums = {k: like(body.inputs[k], lead, "sum") for k in constants}
    arriving: dict[Node, Node] = {}
    for output, seed in [*((body.outputs[k], g_carry[k]) for k in carried), *((body.outputs[c + j], x) for j, x in g_kept.items())]:
        arriving[output] = total([arriving[output], seed]) if output in arriving else seed
    sources = [*carried, *(k for k in range(c, c + s) if wanted[k]), *constants]
    found = dict(zip(sources, _reverse(arriving, [body.inputs[k] for k in sources]), strict=True))
    new_carries = [zeros(lead + body.inputs[k].shape) if (x := found[k]) is None else x for k in carried]
    new_sums = [sums[k] if (x := found[k]) is None else total([sums[k], x]) for k in constants]
    sequences = [k for k in range(c, c + s) if wanted[k] and found[k] is not None]
    kept = [x for k in sequences if (x := found[k]) is not None]
    outputs = [*new_carries, *new_sums, *kept]
    history = [k for k, u in enumerate(used(outputs, body.inputs[:c])) if u]
    tape = _tape(node, record, history)
    inputs = [given[k] for k in carried] + [zeros(lead + body.inputs[k].shape) for k in constants]
    symbols = [g_carry[k] for k in carried] + [sums[k] for k in constants]
    rows = [*tape, *node.inputs[c : c + s], *(front(given[c + j], len(lead)) for j in g_kept)]
    row_symbols = [*(body.inputs[k] for k in history), *body.inputs[c : c + s], *g_kept.values()]
    back_loop = Loop(
        Body((*symbols, *row_symbols, *body.inputs[c + s :]), tuple(outputs)), turns, len(symbols), len(rows), not record.backwards
    )
    result = made(back_loop, [*inputs, *rows, *node.inputs[c + s :]])
    at = dict(zip([*carried, *constants, *sequences], result, strict=True))
    return [
        None if not w or k not in at else back(at[k], len(lead)) if c <= k < c + s else at[k] for k, w in enumerate(wanted)
    ]  # fmt: skip


def _reverse(arriving: Mapping[Node, Node], inputs: Sequence[Node]) -> list[Node | None]:
    from calclang.transforms.reverse import reverse

    return reverse(arriving, inputs)


def _active(record: Loop, wanted: Sequence[bool]) -> list[bool]:
    """Which inputs of the body what is wanted can influence."""
    active = list(wanted)
    body = record.body
    while True:
        reached = depends_on(body.outputs[: record.carries], [i for i, a in zip(body.inputs, active, strict=True) if a])
        new = [a or (k < record.carries and body.outputs[k] in reached) for k, a in enumerate(active)]
        if new == active:
            return active
        active = new


def _tape(node: Node, record: Loop, history: Sequence[int]) -> list[Node]:
    """The carries at the beginning of every turn, as sequences: the loop once more, keeping them."""
    if not history:
        return []
    body = record.body
    taped = replace(record, body=Body(body.inputs, (*body.outputs[: record.carries], *(body.inputs[k] for k in history))))
    return made(taped, node.inputs)[record.carries :]


def loop_batch(node: Node, xs: Sequence[Node], moved: Sequence[bool], size: Dim) -> Node:
    """The loop for many elements at once: one loop whose carries have one more axis, where they vary."""
    from calclang.transforms.batch import batch, lead

    record: Loop = node.params[0]
    body, c, s = record.body, record.carries, record.sequences
    varying = _active(record, moved)
    many = {i: like(i, (size,)) for i, v in zip(body.inputs, varying, strict=True) if v}
    reached = depends_on(body.outputs, many)
    outputs = batch(body.outputs, many, size)
    outputs = [lead(o, size) if k < c and varying[k] and body.outputs[k] not in reached else o for k, o in enumerate(outputs)]
    inputs = []
    for k, (x, m, v) in enumerate(zip(xs, moved, varying, strict=True)):
        inputs.append(front(x, 1) if m and c <= k < c + s else lead(x, size) if v and not m else x)
    symbols = tuple(many.get(i, i) for i in body.inputs)
    found = made(replace(record, body=Body(symbols, tuple(outputs))), inputs)
    arrays = [x if varying[k] else lead(x, size) for k, x in enumerate(found[:c])]
    arrays += [front(x, 1) if o in reached else lead(x, size) for x, o in zip(found[c:], body.outputs[c:], strict=True)]
    return laid(arrays, (size,), record.shapes)


# ---- choices -------------------------------------------------------------------------------------------


def _new_choice(mask: Node, choice: Choice, inputs: Sequence[Node]) -> Node:
    """A choice without the inputs that neither body needs."""
    symbols = choice.then.inputs
    needed = used([*choice.then.outputs, *choice.otherwise.outputs], symbols)
    kept = tuple(i for i, n in zip(symbols, needed, strict=True) if n)
    places = tuple(p for p, n in zip(choice.places, needed, strict=True) if n)
    record = Choice(Body(kept, choice.then.outputs), Body(kept, choice.otherwise.outputs), places, choice.out)
    return choose(mask, *(i for i, n in zip(inputs, needed, strict=True) if n), params=(record,))


def _choice_tangent(node: Node, dxs: list[Node | None]) -> Node | None:
    from calclang.transforms.forward import forward

    choice: Choice = node.params[0]
    dxs = dxs[1:]
    if all(dx is None for dx in dxs):
        return None
    mask, given = node.inputs[0], node.inputs[1:]
    lead = next(dx.shape[: dx.rank - x.rank] for dx, x in zip(dxs, given, strict=True) if dx is not None)
    symbols = choice.then.inputs
    (k, only), *others = [(k, dx) for k, dx in enumerate(dxs) if dx is not None]
    plain = choice.places[k] is not None and not symbols[k].rank and not choice.then.outputs[0].rank
    if lead and plain and not others and not any(n.op is INPUT for n in order([only])):
        return _along(node, k, only, lead)
    moving = {k: like(symbols[k], lead) for k, dx in enumerate(dxs) if dx is not None}
    tangents = {symbols[k]: x for k, x in moving.items()}

    def moved(body: Body) -> Body:
        (found,) = forward(body.outputs, tangents)
        return Body((*symbols, *moving.values()), (zeros(lead + body.outputs[0].shape) if found is None else found,))

    places = (*choice.places, *(None if (p := choice.places[k]) is None else len(lead) + p for k in moving))
    out = None if choice.out is None else len(lead) + choice.out
    record = Choice(moved(choice.then), moved(choice.otherwise), places, out)
    return _new_choice(mask, record, [*given, *(dx for dx in dxs if dx is not None)])


def _along(node: Node, k: int, dx: Node, lead: Shape) -> Node:
    """The tangent of a function of one number for each element along axes: slopes times dx, so that the elements that an axis does not move are
    no zeros that meet an infinite slope."""
    from calclang.transforms.forward import forward

    choice: Choice = node.params[0]
    x = choice.then.inputs[k]

    def slope(body: Body) -> Body:
        (found,) = forward(body.outputs, {x: const(1.0)})
        return Body(body.inputs, (const(0.0) if found is None else found,))

    slopes = _new_choice(node.inputs[0], Choice(slope(choice.then), slope(choice.otherwise), choice.places, 0), node.inputs[1:])
    own = tuple(range(slopes.rank))
    dirs = tuple(f"dirs {i}" for i in range(len(lead)))
    return contract([slopes, dx], [own, (*dirs, *own)], (*dirs, *(() if choice.out is None else own)))


def _choice_cotangents(node: Node, g: Node, wanted: Sequence[bool]) -> list[Node | None]:
    choice: Choice = node.params[0]
    mask, given = node.inputs[0], node.inputs[1:]
    symbols, output = choice.then.inputs, choice.then.outputs[0]
    own = node.rank  # axes of g before those of the value
    lead = g.shape[: g.rank - own]
    seed = input_node(Symbol("g"), lead + output.shape)
    places = (*choice.places, None if choice.out is None else len(lead) + choice.out)

    def pulled(body: Body, k: int) -> Body:
        (found,) = _reverse({body.outputs[0]: seed}, [symbols[k]])
        return Body((*symbols, seed), (zeros(lead + symbols[k].shape) if found is None else found,))

    def cotangent(k: int) -> Node:
        out = None if (p := choice.places[k]) is None else len(lead) + p
        return _new_choice(mask, Choice(pulled(choice.then, k), pulled(choice.otherwise, k), places, out), [*given, g])

    return [None, *(cotangent(k) if w else None for k, w in enumerate(wanted[1:]))]


# ---- looking inside ------------------------------------------------------------------------------------


def bodies(node: Node, active: Sequence[bool]) -> list[tuple[Body, list[Node]]]:
    """The bodies of a node, each with its inputs that change when the ``active`` inputs of the node do."""
    if node.op is turns:
        return []
    if node.op is loop:
        record: Loop = node.params[0]
        return [(record.body, [i for i, a in zip(record.body.inputs, _active(record, active), strict=True) if a])]
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
        return _new_choice(node.inputs[0], record, node.inputs[1:])

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
    return _new_choice(node.inputs[0], Choice(then, otherwise, choice.places, None), node.inputs[1:])


TANGENT: dict[str, Callable[[Node, list[Node | None]], Node | None]] = {"choose": _choice_tangent, "loop": _loop_tangent, "turns": lambda node, dxs: None}
COTANGENTS: dict[str, Callable[[Node, Node, Sequence[bool]], list[Node | None]]] = {
    "choose": _choice_cotangents, "loop": _loop_cotangents, "turns": lambda node, g, wanted: [None] * len(wanted)
}  # fmt: skip
