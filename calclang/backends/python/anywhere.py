"""Choices and loops over any array namespace, by the interpreter alone: what NumPy runs where nothing is compiled, and every other namespace always.

A namespace other than NumPy may be tracing, and then its values cannot be looked at (``ops/namespaces.py``). So there a choice takes both branches for
all elements, and each element its own of the two values: a read outside in the other branch must be no error of the namespace. How often a
loop turns until a condition holds has to look at the condition in every turn, and does not run inside of a tracer.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from calclang.backends.python.interpret import evaluate
from calclang.ir.apply import input_node
from calclang.ir.dim import numbers
from calclang.ir.node import Node, Symbol, order
from calclang.ops.control import Body, Choice, Loop, Until
from calclang.progress import each
from calclang.transforms.batch import CannotBatch, batch, lead

Arrays = Sequence[Any]

# ---- choices -------------------------------------------------------------------------------------------


def choose(xp: Any, arrays: Arrays, choice: Choice) -> Any:
    """The value of a choice."""
    mask, given = xp.asarray(arrays[0]), arrays[1:]
    if not mask.ndim:
        then, otherwise = (evaluate(b.outputs, dict(zip(b.inputs, given, strict=True)), xp)[0] for b in (choice.then, choice.otherwise))
        return xp.where(mask, then, otherwise)
    values = of_chosen(xp, choice, np.arange(mask.size), mask, given)
    then, otherwise = (_of_all(xp, body, choice, values, mask.size) for body in (choice.then, choice.otherwise))
    shape = numbers(choice.then.outputs[0].shape)
    found = xp.where(xp.reshape(mask, (mask.size, *(1 for _ in shape))), then, otherwise)
    return xp.sum(found, axis=0) if choice.out is None else in_place(xp, found, mask, choice)


def _of_all(xp: Any, body: Body, choice: Choice, values: Arrays, count: int) -> Any:
    """A branch for all elements: elements first."""
    try:
        inputs, output = for_many(body, choice.places, count)
    except CannotBatch:
        return xp.asarray(one_by_one(xp, body, choice, values, count))
    return evaluate([output], dict(zip(inputs, values, strict=True)), xp)[0]


def in_place(xp: Any, found: Any, mask: Any, choice: Choice) -> Any:
    """The value of a choice, from that of each element: the axes of the mask where the result has them."""
    shaped = xp.reshape(found, (*mask.shape, *found.shape[1:]))
    axes = range(mask.ndim)
    return xp.moveaxis(shaped, tuple(axes), tuple(choice.out + axis for axis in axes)) if choice.out else shaped


def of_chosen(xp: Any, choice: Choice, chosen: Any, mask: Any, given: Arrays) -> list[Any]:
    """What a branch is given, for the elements that chose it: elements first, where it has one value for each."""
    values = []
    for x, place in zip(given, choice.places, strict=True):
        if place is not None and not xp.ndim(x):  # one number for all elements
            x = xp.broadcast_to(x, (len(chosen),))
        elif place is not None:
            x = xp.moveaxis(x, tuple(range(place, place + mask.ndim)), tuple(range(mask.ndim))) if place else x
            x = xp.reshape(x, (mask.size, *xp.shape(x)[mask.ndim :]))
            x = x if len(chosen) == mask.size else x.take(chosen, axis=0)
        values.append(x)
    return values


def for_many(body: Body, places: tuple[int | None, ...], count: int) -> tuple[tuple[Node, ...], Node]:
    """Inputs and output of a branch for so many elements. Raises `CannotBatch`, also where a row on arrays would be a choice of its own."""
    if any(n.op.kind == "custom" for n in order(body.outputs)):
        raise CannotBatch("a row on arrays")
    inputs = tuple(i if p is None else input_node(Symbol("many"), (count, *i.shape)) for i, p in zip(body.inputs, places, strict=True))
    (output,) = batch(body.outputs, {i: m for i, m in zip(body.inputs, inputs, strict=True) if i is not m}, count)
    return inputs, lead(output, count) if output is body.outputs[0] else output


def one_by_one(xp: Any, body: Body, choice: Choice, values: Arrays, count: int) -> list[Any]:
    """A branch without a batched form: its value for one element after the other."""
    found = []
    for k in each("choice", range(count)):
        given = [x if p is None else x[k] for x, p in zip(values, choice.places, strict=True)]
        found.append(evaluate(body.outputs, dict(zip(body.inputs, given, strict=True)), xp)[0])
    return found


# ---- loops ---------------------------------------------------------------------------------------------

Run = tuple[Body, dict[Node, Any], list[Any]]


def loop(xp: Any, arrays: Arrays, record: Loop) -> Any:
    """The last carries and what was kept, in one vector."""
    carries = list(arrays[: record.carries])
    kept: list[list[Any]] = [[] for _ in record.body.outputs[record.carries :]]
    for _, _, values in turns(xp, arrays, record):
        carries = values[: record.carries]
        for store, value in zip(kept, values[record.carries :], strict=True):
            store.append(value)
    if record.backwards:
        kept = [store[::-1] for store in kept]
    flat = [xp.ravel(xp.asarray(x, dtype=float)) for x in [*carries, *kept]]
    return xp.concatenate(flat) if flat else xp.zeros(0)


def turns(xp: Any, arrays: Arrays, record: Loop) -> Iterator[Run]:
    """Turn by turn: the body, and the values of its inputs and outputs."""
    c, s, body = record.carries, record.sequences, record.body
    carries, rows, constants = list(arrays[:c]), arrays[c : c + s], arrays[c + s :]
    for k in each("loop", range(record.turns)[::-1] if record.backwards else range(record.turns)):
        known = dict(zip(body.inputs, [*carries, *(r[k] for r in rows), *constants], strict=True))
        values = evaluate(body.outputs, known, xp)
        yield body, known, values
        carries = values[:c]


def turns_until(xp: Any, arrays: Arrays, record: Until) -> float:
    """How many turns one loop takes until its condition holds."""
    carries, constants, body = list(arrays[: record.carries]), arrays[record.carries :], record.body
    for k in each("loop", range(record.most + 1), known=False):
        known = dict(zip(body.inputs, [*carries, *constants], strict=True))
        if evaluate(body.outputs[:1], known, xp)[0]:
            return float(k)
        carries = evaluate(body.outputs[1:], known, xp)
    return record.most + 1.0
