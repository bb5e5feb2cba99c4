"""Loops as nodes: the body is traced once with symbolic carries and elements, closed, and becomes one `loop` node.

What cannot be traced so (carries that change their shape, a choice of other functions, recursion on data) raises `CannotBatch` or
`Undecided`, and is run turn by turn (``control.py``).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from math import isqrt
from typing import TYPE_CHECKING

from calclang.backends.python.interpret import value_of
from calclang.ir.apply import const, input_node
from calclang.ir.node import Node, Symbol, depends_on, order
from calclang.lower.elements import Axis
from calclang.lower.lowered import Arr, Fn, Low, Tup
from calclang.lower.parts import rebuilt
from calclang.lower.records import Mark
from calclang.lower.running import running
from calclang.lower.trace import Trace
from calclang.ops.contraction import CONTRACT
from calclang.ops.control import Body, Loop, Until, turns
from calclang.ops.structure import concat, gather, reshape, take
from calclang.record import record
from calclang.source import Span
from calclang.transforms.batch import CannotBatch, batch
from calclang.transforms.bodies import like
from calclang.transforms.loops import made
from calclang.transforms.substitute import substitute

if TYPE_CHECKING:
    from calclang.lower.driver import Step
    from calclang.lower.evaluate import Lowering


@record
class Ran:
    """What a loop gave: the last carry, and the carries after every turn where those were asked for."""

    last: Low
    every: Low | None = None


def run(
    lowering: Lowering, function: Fn, carry: Low, sequence: Node | None, number: int, span: Span, keep: bool = False, save: bool = False
) -> Step:  # fmt: skip
    """``number`` turns of ``carry = function(carry[, element])``; the answer is a `Ran`. Raises `CannotBatch` and `Undecided`.

    ``save``: save memory; reverse mode keeps the carries of some turns only, and runs what lies between them once more.
    """
    trace = lowering.trace
    symbols, axis, carried = symbolic(trace, carry), Axis(number), trace.elements.carried
    arguments: tuple[Low, ...] = (rebuilt(carry, iter(symbols)),)
    with trace.attempt() as mark:
        with trace.elements.inside():
            if sequence is not None:
                element = input_node(Symbol("element"), sequence.shape[1:])
                axis.arrays[element] = sequence
                trace.elements.axes[element] = axis
                arguments += (Arr(element),)
            trace.elements.axes |= dict.fromkeys(symbols)  # inside of the axis: what its elements bring along does not depend on a carry
            result = yield lowering.call(function, arguments, {}, span)
            if structure(result) != structure(carry):
                raise CannotBatch("a carry changes its kind")
        outputs = [a.node for a in arrays(result)]
        started = [a.node for a in arrays(carry)]
        of_one = sequence is not None and len(symbols) == 1 and not save
        if of_one and (every := running(trace.records, started[0], symbols[0], outputs[0], axis, mark)) is not None:
            return Ran(*(rebuilt(carry, iter([x])) for x in (take(every, params=((number - 1,),)), every)))
        made_loop = closed(lowering, started, symbols, list(axis.arrays.items()), outputs, outputs if keep else [], number, mark, save)
        answered(trace, carried, made_loop)
    last = rebuilt(carry, iter(made_loop[: len(symbols)]))
    return Ran(last, rebuilt(carry, iter(made_loop[len(symbols) :])) if keep else None)


def count(lowering: Lowering, function: Fn, stop: Fn, carry: Low, most: int, span: Span) -> Step:
    """How many turns a function takes until ``stop`` holds: a number that shapes the graph. Raises `CannotBatch` and `Undecided`."""
    trace = lowering.trace
    symbols, carried = symbolic(trace, carry), trace.elements.carried
    with trace.attempt() as mark, trace.elements.inside():
        trace.elements.axes |= dict.fromkeys(symbols)
        given = rebuilt(carry, iter(symbols))
        done = lowering.condition((yield lowering.call(stop, (given,), {}, span)), span, "until").node
        result = yield lowering.call(function, (given,), {}, span)
        if structure(result) != structure(carry) or done.rank:
            raise CannotBatch("a carry changes its kind")
    trace.records.back(mark)  # of how often a loop turns nothing is differentiated
    bodies = [done, *(a.node for a in arrays(result))]
    constants = {n: input_node(Symbol("constant"), n.shape) for n in outside(bodies, set(symbols))}
    body = Body((*symbols, *constants.values()), tuple(substitute(bodies, constants)))
    made_turns = turns(*(a.node for a in arrays(carry)), *constants, params=(Until(body, len(symbols), most),))
    answered(trace, carried, [made_turns])
    return Arr(made_turns)


def answered(trace: Trace, before: int, made: Sequence[Node]) -> None:
    """Look whether compiled code answered the calls of a body that end a recursion somewhere else in every turn, if there are more of them than
    ``before``: it did where the loop has a value for all elements. One inside of another loop's body has none yet, and leaves that to it. Raises `CannotBatch`."""
    elements = trace.elements
    if elements.carried == before or None in elements.axes.values():
        return
    for node in made:
        everywhere = elements.everywhere(node)
        if everywhere is None or _folded(everywhere).value is None:
            raise CannotBatch("each turn ends a recursion somewhere else")


def _folded(node: Node) -> Node:
    """A node in which constants that are stretched over elements are arrays: then it is a constant, if it has a value that is finite."""
    stretched = [n for n in order([node]) if n.value is None and n.op is CONTRACT and all(i.value is not None for i in n.inputs)]
    return substitute([node], {n: const(value_of(n, {i: i.value for i in n.inputs})) for n in stretched})[0]


def closed(
    lowering: Lowering, started: Sequence[Node], symbols: Sequence[Node], rows: list[tuple[Node, Node]], outputs: Sequence[Node],
    kept: Sequence[Node], number: int, mark: Mark, save: bool = False,
) -> list[Node]:  # fmt: skip
    """The last carries and what is kept of every turn: the loop of a traced body, closed.

    What the body reads by its element becomes a sequence, what it uses of the world outside a constant input. Kinks on the way are
    kept with the values that they have in every turn.
    """
    outputs, trace = [*outputs, *kept], lowering.trace
    looked_at = trace.records.looked_at(mark)
    inside = depends_on([*outputs, *looked_at], [*symbols, *(e for e, _ in rows)])
    told = list(dict.fromkeys(n for n in looked_at if n in inside))
    table = read_ahead([*outputs, *told], symbols, rows)
    bodies = substitute([*outputs, *told], table)
    rows += [(symbol, sequence) for symbol, sequence in _sequences(table, number, rows)]
    around = outside(bodies, {*symbols, *(e for e, _ in rows)})
    constants = {n: input_node(Symbol("constant"), n.shape) for n in around}
    bodies = substitute(bodies, constants)
    new, watched = bodies[: len(outputs)], bodies[len(outputs) :]
    inputs = (*symbols, *(e for e, _ in rows), *constants.values())
    given = [*started, *(a for _, a in rows), *constants]

    def loop_giving(outputs: Sequence[Node]) -> list[Node]:
        record = Loop(Body(inputs, tuple(outputs)), number, len(symbols), len(rows))
        return in_stretches(record, given) if save else made(record, given)

    result = loop_giving(new)
    if told:
        after = dict(zip(told, loop_giving([*new[: len(symbols)], *watched])[len(symbols) :], strict=True))
        trace.records.moved([], mark, lambda nodes: [after.get(n, n) for n in nodes])
    return result


def in_stretches(record: Loop, given: Sequence[Node]) -> list[Node]:
    """A loop as a loop over stretches of √n turns, and a loop over the rest: in reverse mode the outer one keeps the carries at the
    beginning of each stretch, and a stretch is run once more when it is its turn (Griewank and Walther, Evaluating Derivatives, ch. 12)."""
    c, s = record.carries, record.sequences
    length = isqrt(record.turns)
    stretches, rest = divmod(record.turns, length)
    carries, rows, constants = list(given[:c]), given[c : c + s], given[c + s :]
    inner = replace(record, turns=length)
    blocks = [input_node(Symbol("stretch"), (length, *r.shape[1:])) for r in rows]
    symbols = [like(i) for i in (*record.body.inputs[:c], *record.body.inputs[c + s :])]
    body = Body((*symbols[:c], *blocks, *symbols[c:]), tuple(made(inner, [*symbols[:c], *blocks, *symbols[c:]])))
    cut = [reshape(_part(r, 0, stretches * length), params=(r.rank, (stretches, length, *r.shape[1:]))) for r in rows]
    found = made(Loop(body, stretches, c, s), [*carries, *cut, *constants])
    kept = [reshape(k, params=(k.rank, (stretches * length, *k.shape[2:]))) for k in found[c:]]
    if rest:
        after = made(replace(record, turns=rest), [*found[:c], *(_part(r, stretches * length, record.turns) for r in rows), *constants])
        found = [*after[:c]]
        kept = [concat(a, b, params=(a.rank,)) for a, b in zip(kept, after[c:], strict=True)]
    return [*found[:c], *kept]


def _part(rows: Node, start: int, stop: int) -> Node:
    """Some of the rows."""
    return take(rows, params=(((start, stop, 1), *(None,) * (rows.rank - 1)),))


def read_ahead(bodies: Sequence[Node], symbols: Sequence[Node], rows: list[tuple[Node, Node]]) -> dict[Node, Node]:
    """Reads at places that depend on the element alone: each is replaced by an element of a sequence of its own."""
    carried = depends_on(bodies, symbols)
    moving = depends_on(bodies, [e for e, _ in rows])
    return {n: input_node(Symbol("read"), n.shape) for n in order(bodies) if n.op is gather and n in moving and n not in carried}


def _sequences(table: dict[Node, Node], number: int, rows: list[tuple[Node, Node]]) -> Iterator[tuple[Node, Node]]:
    """The sequences that were read ahead."""
    for node, symbol in table.items():
        yield symbol, batch([node], dict(rows), number)[0]


def outside(bodies: Sequence[Node], symbols: set[Node]) -> list[Node]:
    """The nodes just outside a body: they depend on none of its symbols and are no constants."""
    inside = depends_on(bodies, symbols)
    found: dict[Node, None] = {}
    for node in order(bodies):
        edges = node.inputs if node in inside else ()
        found |= dict.fromkeys(i for i in edges if i not in inside and i.value is None and not _plain(i))
    found |= dict.fromkeys(b for b in bodies if b not in inside and b.value is None and not _plain(b))
    return list(found)


def _plain(node: Node) -> bool:
    """Whether a node stands for itself without any input: zeros, ones, identities."""
    return node.op.kind == "contract" and not node.inputs


# ---- carries of any structure --------------------------------------------------------------------------


def symbolic(trace: Trace, carry: Low) -> list[Node]:
    """A symbol for each array of a carry. Raises `CannotBatch`, also while a formula is made."""
    if trace.decide_by is not None:
        raise CannotBatch("a formula")
    return [input_node(Symbol("carry"), a.shape) for a in arrays(carry)]


def arrays(low: Low) -> list[Arr]:
    """The arrays of a carry. Raises `CannotBatch` where it holds anything else."""
    if isinstance(low, Tup):
        return [a for part in low.parts for a in arrays(part)]
    if not isinstance(low, Arr) or low.node.boolean:
        raise CannotBatch("a carry is no array of numbers")
    return [low]


def structure(low: Low) -> object:
    """Kind and shape of all parts."""
    if isinstance(low, Tup):
        return tuple(structure(p) for p in low.parts), low.names
    return (low.shape, low.row, low.node.boolean) if isinstance(low, Arr) else None
