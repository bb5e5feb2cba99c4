"""Derivatives and batches of loops. A loop's tangent is a loop, its cotangent a loop that runs backwards over what the forward one kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from calclang.ir.apply import input_node
from calclang.ir.dim import Dim, Shape, product
from calclang.ir.node import Node, Symbol, depends_on
from calclang.ops.contraction import zeros
from calclang.ops.control import Body, Loop, loop
from calclang.ops.structure import concat, reshape, take
from calclang.transforms.bodies import back, front, lead_of, like, supports_in_body, supports_of, used
from calclang.transforms.splice import total

if TYPE_CHECKING:
    from calclang.transforms.supports import Supports

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


def loop_tangent(node: Node, dxs: list[Node | None], supports: Supports | None = None) -> Node | None:
    """A loop whose carries are those of ``node`` and their tangents.

    A turn is ``c' = f(c, x, p)`` of carries c, elements x of the sequences and constants p, and keeps ``z = h(c, x, p)``. So

        ``dc' = df/dc dc + df/dx dx + df/dp dp`` and ``dz = dh/dc dc + dh/dx dx + dh/dp dp``.

    A tangent is ``lead ++ shape`` of what it belongs to, that of a sequence ``turns ++ lead ++ shape`` of an element while it runs. Where
    slopes can be infinite, the supports of tangents are carried along with them.
    """
    record: Loop = node.params[0]
    body, count = record.body, record.carries
    carries, sequences, _ = record.groups
    lead = lead_of(node.inputs, dxs)
    twins = _twins(record, lead, [k for k, dx in enumerate(dxs) if dx is not None])

    def given(k: int) -> Node:
        """The tangent of input k as the new loop takes it."""
        dx = dxs[k]
        if dx is None:
            return zeros(twins[k].shape)
        return front(dx, len(lead)) if k in sequences else dx

    moving = {k: given(k) for k in twins}
    starts = supports_of([body], moving, supports)
    beside = {k: like(twins[k], name="support ") for k in starts}
    tangents, carried = _turn_tangents(record, twins, beside)
    changing = [k for k, dy in enumerate(tangents) if (k in twins if k in carries else dy is not None)]
    moved = {k: zeros(lead + body.outputs[k].shape) if (dy := tangents[k]) is None else dy for k in changing}
    first, rest = [moved[k] for k in changing if k in carries], [moved[k] for k in changing if k not in carries]
    symbols, inputs = _interleaved(record, body.inputs, twins, beside), _interleaved(record, node.inputs, moving, starts)
    both = Loop(
        Body(tuple(symbols), (*body.outputs[:count], *first, *carried, *rest)),
        record.turns,
        count + len(first) + len(carried),
        record.sequences + sum(k in sequences for k in (*twins, *beside)),
        record.backwards,
    )
    made_parts = made(both, inputs)[count:]
    found = dict(zip(changing, made_parts[: len(first)] + made_parts[len(first) + len(carried) :], strict=True))
    dys = [
        zeros(lead + shape) if k not in found else found[k] if k in carries else back(found[k], len(lead))
        for k, shape in enumerate(record.shapes)
    ]
    return laid(dys, lead, record.shapes)


def _twins(record: Loop, lead: Shape, moving: Sequence[int]) -> dict[int, Node]:
    """A symbol for the tangent of each input of the body that moves in some turn.

    The inputs ``moving`` move from outside; a carry also moves where its last value depends on what moves.
    """
    from calclang.transforms.forward import forward

    body = record.body
    twins = {k: like(body.inputs[k], lead) for k in moving}
    while True:
        tangents = forward(body.outputs, {body.inputs[k]: dx for k, dx in twins.items()})
        new = [k for k in record.groups[0] if tangents[k] is not None and k not in twins]
        if not new:
            return twins
        twins |= {k: like(body.inputs[k], lead) for k in new}


def _turn_tangents(record: Loop, twins: Mapping[int, Node], beside: Mapping[int, Node]) -> tuple[list[Node | None], list[Node]]:
    """The tangents of the outputs of a turn, and the supports that it carries on. ``beside``: the symbols of supports."""
    from calclang.transforms.forward import forward

    body = record.body
    supports = supports_in_body({twins[k]: support for k, support in beside.items()})
    tangents = forward(body.outputs, {body.inputs[k]: dx for k, dx in twins.items()}, supports)
    if supports is None:
        return tangents, []
    carried = [k for k in record.groups[0] if k in beside]
    return tangents, [supports.carried(zeros(twins[k].shape) if (dy := tangents[k]) is None else dy) for k in carried]


def _interleaved(record: Loop, own: Sequence[Node], *twins: Mapping[int, Node]) -> list[Node]:
    """The inputs of a loop that carries more along: of carries, sequences and constants in turn its ``own``, then their twins."""
    return [x for group in record.groups for xs in (dict(enumerate(own)), *twins) for k, x in xs.items() if k in group]


def loop_cotangents(node: Node, g: Node, wanted: Sequence[bool], supports: Supports | None = None) -> list[Node | None]:
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
    g_carries, g_kept, sums = _cotangent_symbols(record, lead, wanted)
    seeds = g_carries | g_kept
    arriving = [x if k in carries else front(x, len(lead)) for k, x in enumerate(parts(g, record.shapes))]
    given = {k: arriving[k] for k in seeds}
    first = supports_of([record.body], given, supports)
    beside = {k: like(symbol, name="support ") for k, symbol in seeds.items() if k in first}
    states, carried, elements = _turn_cotangents(record, seeds, sums, beside, [k for k in sequences if wanted[k]])

    starts = {symbol: given[k] for k, symbol in g_carries.items()} | {symbol: zeros(symbol.shape) for symbol in sums.values()}
    starts |= {beside[k]: first[k] for k in carried}
    rows = _tape(node, [*states.values(), *elements.values(), *carried.values()]) | {inner[k]: node.inputs[k] for k in sequences}
    rows |= {symbol: given[k] for k, symbol in g_kept.items()} | {beside[k]: first[k] for k in g_kept if k in beside}
    inputs = starts | rows | {inner[k]: node.inputs[k] for k in constants}
    outputs = (*states.values(), *carried.values(), *elements.values())
    against = made(Loop(Body(tuple(inputs), outputs), record.turns, len(starts), len(rows), not record.backwards), list(inputs.values()))
    found = dict(zip(states, against[: len(states)], strict=True))
    found |= {k: back(x, len(lead)) for k, x in zip(elements, against[len(starts) :], strict=True)}
    return [found.get(k) if w else None for k, w in enumerate(wanted)]


def _cotangent_symbols(record: Loop, lead: Shape, wanted: Sequence[bool]) -> tuple[dict[int, Node], dict[int, Node], dict[int, Node]]:
    """Symbols of a turn against the loop: for the cotangents of the carries that what is wanted changes and of what is kept, by their places among
    the outputs, and for the sums of the wanted constants, by their places among the inputs."""
    body = record.body
    carries, _, constants = record.groups
    active = active_inputs(record, wanted)
    g_carries = {k: like(body.inputs[k], lead, "g") for k in carries if active[k]}
    g_kept = {k: input_node(Symbol("g"), lead + z.shape) for k, z in enumerate(body.outputs) if k not in carries}
    return g_carries, g_kept, {k: like(body.inputs[k], lead, "sum") for k in constants if wanted[k]}


def _turn_cotangents(
    record: Loop, seeds: Mapping[int, Node], sums: Mapping[int, Node], beside: Mapping[int, Node], sequences: Sequence[int]
) -> tuple[dict[int, Node], dict[int, Node], dict[int, Node]]:
    """One turn of the loop that runs against ``record``: by the places of inputs its new states (the cotangents of carries and the sums for
    constants), the supports that it carries on, and the elements for those ``sequences`` where anything arrives.

    ``seeds``: the cotangents of outputs by their places, with the supports ``beside`` some.
    """
    from calclang.transforms.reverse import reverse

    body = record.body
    carries = [k for k in record.groups[0] if k in seeds]
    supports = supports_in_body({seeds[k]: support for k, support in beside.items()})
    places = [*carries, *sequences, *sums]
    arriving = _arriving([(body.outputs[k], g) for k, g in seeds.items()])
    pulled = dict(zip(places, reverse(arriving, [body.inputs[k] for k in places], supports), strict=True))
    states = {k: zeros(seeds[k].shape) if (x := pulled[k]) is None else x for k in carries}
    carried = {k: supports.carried(states[k]) for k in carries if k in beside} if supports else {}
    states |= {k: before if (x := pulled[k]) is None else total([before, x]) for k, before in sums.items()}
    return states, carried, {k: x for k in sequences if (x := pulled[k]) is not None}


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


def _tape(node: Node, readers: Sequence[Node]) -> dict[Node, Node]:
    """The carries that ``readers`` need, at the beginning of every turn, as sequences by their symbols: the loop once more, keeping them. Who wants
    fewer of them kept makes a loop of loops (``in_stretches`` of ``lower/loops.py``)."""
    record: Loop = node.params[0]
    symbols, outputs = record.body.inputs, record.body.outputs[: record.carries]
    history = [i for i, needed in zip(symbols[: record.carries], used(readers, symbols[: record.carries]), strict=True) if needed]
    if not history:
        return {}
    taped = replace(record, body=Body(symbols, (*outputs, *history)))
    return dict(zip(history, made(taped, node.inputs)[record.carries :], strict=True))


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
