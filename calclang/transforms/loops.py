"""Derivatives and batches of loops. A loop's tangent is a loop, its cotangent a loop that runs backwards over what the forward one kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from calclang.ir.apply import input_node
from calclang.ir.dim import Dim, Shape, product
from calclang.ir.node import Node, Symbol, depends_on
from calclang.ops.contraction import zeros
from calclang.ops.control import Body, Loop, loop
from calclang.ops.structure import concat, reshape, take
from calclang.transforms.bodies import back, front, lead_of, like, used
from calclang.transforms.splice import total

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


def loop_tangent(node: Node, dxs: list[Node | None]) -> Node | None:
    """A loop whose carries are those of ``node`` and their tangents.

    A turn is ``c' = f(c, x, p)`` of carries c, elements x of the sequences and constants p, and keeps ``z = h(c, x, p)``. So

        ``dc' = df/dc dc + df/dx dx + df/dp dp`` and ``dz = dh/dc dc + dh/dx dx + dh/dp dp``.

    A tangent is ``lead ++ shape`` of what it belongs to, that of a sequence ``turns ++ lead ++ shape`` of an element while it runs.
    """
    record: Loop = node.params[0]
    body, count = record.body, record.carries
    carries, sequences, _ = record.groups
    lead = lead_of(node.inputs, dxs)
    twins, tangents = _turn_tangents(record, lead, [k for k, dx in enumerate(dxs) if dx is not None])

    def given(k: int) -> Node:
        """The tangent of input k as the new loop takes it."""
        dx = dxs[k]
        if dx is None:
            return zeros(twins[k].shape)
        return front(dx, len(lead)) if k in sequences else dx

    changing = [k for k, dy in enumerate(tangents) if (k in twins if k in carries else dy is not None)]
    moved = [zeros(lead + body.outputs[k].shape) if (dy := tangents[k]) is None else dy for k in changing]
    symbols = _with_twins(record, body.inputs, twins)
    inputs = _with_twins(record, node.inputs, {k: given(k) for k in twins})
    both = Loop(
        Body(tuple(symbols), (*body.outputs[:count], *moved)),
        record.turns,
        count + sum(k in twins for k in carries),
        record.sequences + sum(k in twins for k in sequences),
        record.backwards,
    )
    found = dict(zip(changing, made(both, inputs)[count:], strict=True))
    dys = [
        zeros(lead + shape) if k not in found else found[k] if k in carries else back(found[k], len(lead))
        for k, shape in enumerate(record.shapes)
    ]
    return laid(dys, lead, record.shapes)


def _turn_tangents(record: Loop, lead: Shape, moving: Sequence[int]) -> tuple[dict[int, Node], list[Node | None]]:
    """A symbol for the tangent of each input of the body that moves in some turn, and the tangents of the outputs.

    The inputs ``moving`` move from outside; a carry also moves where its last value depends on what moves.
    """
    from calclang.transforms.forward import forward

    body = record.body
    twins = {k: like(body.inputs[k], lead) for k in moving}
    while True:
        tangents = forward(body.outputs, {body.inputs[k]: dx for k, dx in twins.items()})
        new = [k for k in record.groups[0] if tangents[k] is not None and k not in twins]
        if not new:
            return twins, tangents
        twins |= {k: like(body.inputs[k], lead) for k in new}


def _with_twins(record: Loop, own: Sequence[Node], twins: Mapping[int, Node]) -> list[Node]:
    """The inputs of a loop that carries tangents along: of carries, sequences and constants in turn its ``own``, then their twins."""
    return [x for group in record.groups for x in (*(own[k] for k in group), *(twins[k] for k in group if k in twins))]


def loop_cotangents(node: Node, g: Node, wanted: Sequence[bool]) -> list[Node | None]:
    """The cotangents of a loop's inputs, by a loop that runs against it.

    A turn is ``c' = f(c, x, p)`` of carries c, elements x of the sequences and constants p, and keeps ``z = h(c, x, p)``. Against it

        ``g_c = g_c' df/dc + g_z dh/dc``, ``g_x = g_c' df/dx + g_z dh/dx`` and ``g_p`` grows by ``g_c' df/dp + g_z dh/dp``.

    So the new loop carries g_c, which begins with the cotangents of the last carries, and g_p, which begins with zero. Its sequences are the
    carries c where these derivatives need them, x and g_z; it keeps g_x. ``g`` is ``lead ++ (length,)``, and a cotangent ``lead ++ shape``
    of its input, that of a sequence ``turns ++ lead ++ shape`` of an element while it runs.
    """
    record: Loop = node.params[0]
    inner = record.body.inputs
    carries, sequences, constants = record.groups
    lead = g.shape[:-1]
    states, g_kept, sent = _turn_cotangents(record, lead, wanted)
    arriving = parts(g, record.shapes)
    g_last, g_rows = arriving[: record.carries], [front(x, len(lead)) for x in arriving[record.carries :]]
    history = [k for k, needed in enumerate(used(list(sent.values()), inner[: record.carries])) if needed]

    starts = {symbol: g_last[k] if k in carries else zeros(symbol.shape) for k, symbol in states.items()}
    rows = dict(zip((inner[k] for k in history), _tape(node, record, history), strict=True))
    rows |= {inner[k]: node.inputs[k] for k in sequences} | dict(zip(g_kept, g_rows, strict=True))
    inputs = starts | rows | {inner[k]: node.inputs[k] for k in constants}
    against = Loop(Body(tuple(inputs), tuple(sent.values())), record.turns, len(starts), len(rows), not record.backwards)
    found = dict(zip(sent, made(against, list(inputs.values())), strict=True))
    found |= {k: back(found[k], len(lead)) for k in sequences if k in found}
    return [found.get(k) if w else None for k, w in enumerate(wanted)]


def _turn_cotangents(record: Loop, lead: Shape, wanted: Sequence[bool]) -> tuple[dict[int, Node], list[Node], dict[int, Node]]:
    """One turn of the loop that runs against ``record``.

    Its states by the place of the input that they belong to (the cotangent of a carry, the sum for a constant), the symbols of the cotangents
    of what was kept, and what it sends to each place: the new states, then the elements of sequences where anything arrives.
    """
    from calclang.transforms.reverse import reverse

    body = record.body
    carries, sequences, constants = record.groups
    active = active_inputs(record, wanted)
    g_carries = {k: like(body.inputs[k], lead, "g") for k in carries if active[k]}
    g_kept = [input_node(Symbol("g"), lead + z.shape) for z in body.outputs[record.carries :]]
    sums = {k: like(body.inputs[k], lead, "sum") for k in constants if wanted[k]}
    places = [*g_carries, *(k for k in sequences if wanted[k]), *sums]
    arriving = _arriving([*((body.outputs[k], g) for k, g in g_carries.items()), *zip(body.outputs[record.carries :], g_kept, strict=True)])
    pulled = dict(zip(places, reverse(arriving, [body.inputs[k] for k in places]), strict=True))
    sent = {k: zeros(g.shape) if (x := pulled[k]) is None else x for k, g in g_carries.items()}
    sent |= {k: before if (x := pulled[k]) is None else total([before, x]) for k, before in sums.items()}
    sent |= {k: x for k in sequences if (x := pulled.get(k)) is not None}
    return g_carries | sums, g_kept, sent


def _arriving(seeds: Sequence[tuple[Node, Node]]) -> dict[Node, Node]:
    """The cotangent of each output; outputs that are one node get the sum."""
    found: dict[Node, Node] = {}
    for output, g in seeds:
        found[output] = total([found[output], g]) if output in found else g
    return found


def active_inputs(record: Loop, wanted: Sequence[bool]) -> list[bool]:
    """Which inputs of the body can change when the ``wanted`` ones do: these, and the carries that depend on them in some turn."""
    active = list(wanted)
    body = record.body
    while True:
        reached = depends_on(body.outputs[: record.carries], [i for i, a in zip(body.inputs, active, strict=True) if a])
        new = [a or (k < record.carries and body.outputs[k] in reached) for k, a in enumerate(active)]
        if new == active:
            return active
        active = new


def _tape(node: Node, record: Loop, history: Sequence[int]) -> list[Node]:
    """The carries at the beginning of every turn, as sequences: the loop once more, keeping them. Who wants fewer of them kept makes a loop of
    loops (``in_stretches`` of ``lower/loops.py``)."""
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
    varying = active_inputs(record, moved)
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
