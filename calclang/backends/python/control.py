"""How choices and loops run. A choice runs each branch once, on the elements that chose it; a loop is compiled to one Python loop.

Where compiled code meets what it does not know (a value out of range, a nan) the body is interpreted turn by turn, which answers as
IEEE 754 does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

import numpy as np

from calclang.backends.python import anywhere
from calclang.backends.python.branches import CompiledBranch, compile_branch
from calclang.backends.python.interpret import evaluate
from calclang.backends.python.loops import compile_loop, compile_until
from calclang.ir.budget import spend
from calclang.ir.dim import numbers
from calclang.ir.node import Node
from calclang.ops.control import Body, Choice, Loop, Until
from calclang.ops.stacks import laid
from calclang.progress import each, stretches
from calclang.record import record
from calclang.transforms.batch import CannotBatch

Arrays = Sequence[Any]
T = TypeVar("T")


def remembered(make: Callable[..., T]) -> Callable[..., T]:
    """``make(record, …)``, done once for as long as a graph holds the record: compiled code goes with the program that it came from."""
    found: WeakKeyDictionary[Any, dict[tuple[Any, ...], T]] = WeakKeyDictionary()

    def made(record: Any, *how: Any) -> T:
        mine = found.setdefault(record, {})
        if how not in mine:
            mine[how] = make(record, *how)
        return mine[how]

    return made


UNUSUAL = (ArithmeticError, ValueError, IndexError, np.linalg.LinAlgError)  # what compiled code raises where IEEE has an answer


def leave() -> None:
    """Raise what was unusual once more if compiled code runs, which leaves that to the general path: there it is told of what vanishes again."""
    if np.geterr()["invalid"] == "raise":
        raise


# ---- choices -------------------------------------------------------------------------------------------


def choose(xp: Any, arrays: Arrays, choice: Choice) -> Any:
    """The value of a choice."""
    if xp is not np:
        return anywhere.choose(xp, arrays, choice)
    mask, given = np.asarray(arrays[0]), arrays[1:]
    if not mask.ndim:
        body = choice.then if mask else choice.otherwise
        return evaluate(body.outputs, dict(zip(body.inputs, given, strict=True)))[0]
    shape = numbers(choice.then.outputs[0].shape)
    if choice.out is None:
        return sum((value for _, value in _both(choice, mask, given)), np.zeros(shape))
    if mask.ndim == 1 and not shape and (filled := _filled(choice, mask, given)) is not None:
        return filled
    found = list(_both(choice, mask, given))
    if len(found) == 1:  # all made the same choice
        result = np.broadcast_to(found[0][1], (mask.size, *shape))
    else:
        result = np.empty((mask.size, *shape), dtype=bool if choice.then.outputs[0].boolean else float)
        for chosen, value in found:
            result[chosen] = value
    return anywhere.in_place(np, result, mask, choice)


def _both(choice: Choice, mask: Any, given: Arrays) -> Iterator[tuple[Any, Any]]:
    """Of each branch that was chosen: by which elements, and its value."""
    flat = mask.ravel()
    for body, chosen in ((choice.then, np.flatnonzero(flat)), (choice.otherwise, np.flatnonzero(~flat))):
        if chosen.size:
            yield chosen, _branch(body, choice, chosen, mask, given)


def _filled(choice: Choice, mask: Any, given: Arrays) -> Any:
    """Where a branch is nothing but a number or an input: all elements have it, then those that chose the other branch theirs. Or None."""
    for plain, other, flip in ((choice.otherwise, choice.then, False), (choice.then, choice.otherwise, True)):
        value = plain.outputs[0]
        if value.value is None and value not in plain.inputs:
            continue
        fill = value.value if value.value is not None else given[plain.inputs.index(value)]
        result = np.empty(mask.size, dtype=bool if value.boolean else float)
        result[...] = fill
        chosen = np.flatnonzero(~mask if flip else mask)
        if chosen.size:
            result[chosen] = _branch(other, choice, chosen, mask, given)
        return result
    return None


def _branch(body: Body, choice: Choice, chosen: Any, mask: Any, given: Arrays) -> Any:
    """A branch on its elements: elements first."""
    values = anywhere.of_chosen(np, choice, chosen, mask, given)
    try:
        branch = compiled_branch(body, choice.places, choice.out is None)
    except CannotBatch:
        return _one_by_one(body, choice, values, len(chosen))
    spend(len(chosen) * branch.work)
    with np.errstate(over="ignore", under="ignore", divide="ignore"):
        try:
            return _in_pieces(branch, choice, values, len(chosen))
        except UNUSUAL:  # a matrix that LAPACK refuses: which one, they tell one by one
            leave()
            return _one_by_one(body, choice, values, len(chosen))


compiled_branch = remembered(compile_branch)


def _in_pieces(branch: CompiledBranch, choice: Choice, values: Arrays, count: int) -> Any:
    """A branch on so many elements after the other that what it makes stays in the cache."""
    if not branch.piece:
        return branch.run(count, *values)
    whole: Any = None
    for low in stretches("elements", count, branch.piece):
        high = min(low + branch.piece, count)
        value = branch.run(high - low, *(x if p is None else laid(x[low:high]) for x, p in zip(values, choice.places, strict=True)))
        if choice.out is None:
            whole = value if whole is None else whole + value
        elif high - low == count:
            whole = value if np.ndim(value) < 2 else np.ascontiguousarray(value)
        else:
            whole = np.empty((count, *np.shape(value)[1:]), dtype=value.dtype) if whole is None else whole
            whole[low:high] = value
    return whole


def _one_by_one(body: Body, choice: Choice, values: Arrays, count: int) -> Any:
    """A branch without a batched form, element by element."""
    found = anywhere.one_by_one(np, body, choice, values, count)
    return np.sum(found, axis=0) if choice.out is None else np.array(found)


# ---- loops ---------------------------------------------------------------------------------------------

compiled = remembered(compile_loop)
compiled_until = remembered(compile_until)


def loop(xp: Any, arrays: Arrays, record: Loop) -> Any:
    """The last carries and what was kept, in one vector."""
    run = compiled(record) if xp is np else None
    if run is not None:
        try:
            return run(*arrays)
        except UNUSUAL:
            leave()
    return anywhere.loop(xp, arrays, record)


def turns_until(xp: Any, arrays: Arrays, record: Until) -> Any:
    """How many turns a loop takes until its condition holds, or each of many loops."""
    if not any(record.moved):
        return _turns_of_one(xp, arrays, record)
    count = next(len(a) for a, moved in zip(arrays, record.moved, strict=True) if moved)
    places = [[a[k] if moved else a for a, moved in zip(arrays, record.moved, strict=True)] for k in range(count)]
    return xp.asarray([_turns_of_one(xp, given, record) for given in each("loops", places)])


def _turns_of_one(xp: Any, arrays: Arrays, record: Until) -> float:
    """The turns of one loop."""
    run = compiled_until(record) if xp is np else None
    if run is not None:
        try:
            return float(run(*arrays))
        except UNUSUAL:
            leave()
    return anywhere.turns_until(xp, arrays, record)


# ---- one branch at a time, with the values of its inputs ------------------------------------------------


@record
class Branch:
    """A branch as a graph of its own: ``output`` for the elements that ``chosen`` counts. ``known``: the values of its inputs; ``marked``:
    what goes with them element by element."""

    chosen: Any
    output: Node
    known: dict[Node, Any]
    marked: dict[Node, Any]


def branches(mask: Any, given: Arrays, marks: Arrays, choice: Choice) -> Iterator[Branch]:
    """The branches of a choice, each for all elements that chose it; without a batched form for one element after the other."""
    flat = mask.ravel()
    for body, chosen in ((choice.then, np.flatnonzero(flat)), (choice.otherwise, np.flatnonzero(~flat))):
        if not chosen.size:
            continue
        values, marked = anywhere.of_chosen(np, choice, chosen, mask, given), anywhere.of_chosen(np, choice, chosen, mask, marks)
        try:
            inputs, output = anywhere.for_many(body, choice.places, len(chosen))
        except CannotBatch:
            for k, element in enumerate(chosen):
                one = [[x if p is None else x[k] for x, p in zip(row, choice.places, strict=True)] for row in (values, marked)]
                yield Branch(element, body.outputs[0], *(dict(zip(body.inputs, row, strict=True)) for row in one))
        else:
            yield Branch(chosen, output, dict(zip(inputs, values, strict=True)), dict(zip(inputs, marked, strict=True)))
