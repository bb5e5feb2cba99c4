"""Loops and comprehensions, step by step: each turn is traced, so that what the program did is what is differentiated."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from calclang import errors
from calclang.ir.apply import const
from calclang.ir.budget import charge
from calclang.ir.dim import known, number, product
from calclang.ir.node import Node
from calclang.lower.arrays import range_vector
from calclang.lower.lowered import Arr, Closure, Fn, Low, Rng, Scope, Tup, scalar, words
from calclang.lower.trace import Undecided
from calclang.ops import ROWS
from calclang.progress import each
from calclang.source import Span
from calclang.syntax import tree
from calclang.values import RangeValue

if TYPE_CHECKING:
    from calclang.lower.driver import Step
    from calclang.lower.evaluate import Lowering


class OnDemand(Sequence[Low]):
    """Numbers of a range, elements of a vector, rows of a matrix (as vectors): each is made when it is asked for."""

    def __init__(self, count: int, element: Callable[[int], Low]) -> None:
        self.places, self.element = range(count), element

    def __len__(self) -> int:
        return len(self.places)

    def __getitem__(self, key: Any) -> Any:
        found = self.places[key]
        if isinstance(found, range):
            return [self.element(k) for k in found]
        return self.element(found)


def elements(low: Low, span: Span, use: str) -> Sequence[Low]:
    """What a loop walks over: numbers of a range, elements of a vector, rows of a matrix (as vectors), parts of a tuple."""
    if isinstance(low, Tup):
        return low.parts
    if isinstance(low, Rng):
        return OnDemand(len(low.value), partial(_number, low.value))
    if not isinstance(low, Arr) or not low.rank:
        raise errors.not_a_sequence(words(low), use, span)
    if not known(low.shape[:1]):
        raise Undecided(low.node)
    return OnDemand(number(low.shape[0]), partial(_row, low.node))


def _number(numbers: RangeValue, place: int) -> Low:
    charge(1)
    return scalar(numbers.start + numbers.step * place)


def _row(array: Node, place: int) -> Low:
    return Arr(ROWS["take"](array, params=((place, *(None,) * (array.rank - 1)),)))


def fold(lowering: Lowering, arguments: tuple[Low, ...], options: dict[str, Any], span: Span) -> Step:
    """``fold(f, init, xs)``: f(… f(f(init, x1), x2) …)."""
    function = lowering.function(arguments[0], span)
    carry = arguments[1]
    if (ran := (yield at_once(lowering, function, carry, arguments[2], span, save=saves(lowering, options, span)))) is not None:
        return ran.last
    for element in each("fold", elements(arguments[2], span, "fold"), 1):
        carry = yield lowering.call(function, (carry, element), {}, span)
    return carry


def scan(lowering: Lowering, arguments: tuple[Low, ...], options: dict[str, Any], span: Span) -> Step:
    """``scan(f, init, xs)``: every carry of the fold, the first one after one turn."""
    function = lowering.function(arguments[0], span)
    carry = arguments[1]
    if (ran := (yield at_once(lowering, function, carry, arguments[2], span, True, saves(lowering, options, span)))) is not None and isinstance(ran.every, Arr):
        return ran.every
    carries: list[Low] = []
    for element in each("scan", elements(arguments[2], span, "scan"), 1):
        carry = yield lowering.call(function, (carry, element), {}, span)
        carries.append(carry)
    return _together(carries)


MANY = 32  # turns; fewer are written out


def saves(lowering: Lowering, options: dict[str, Any], span: Span) -> bool:
    """Whether reverse mode shall save memory (``checkpoint = true``)."""
    option = options.get("checkpoint")
    return option is not None and bool(lowering.trace.decide(lowering.truth(option, span).node))


def at_once(lowering: Lowering, function: Fn, carry: Low, sequence: Low, span: Span, keep: bool = False, save: bool = False) -> Step:
    """A fold as one loop node; None where it is better, or only possible, turn by turn."""
    if isinstance(sequence, Rng):
        sequence = range_vector(sequence.value)
    if not isinstance(sequence, Arr) or not sequence.rank or not known(sequence.shape) or number(sequence.shape[0]) < MANY:
        return None
    return (yield as_loop(lowering, function, carry, sequence.node, number(sequence.shape[0]), span, keep, save))


def as_loop(
    lowering: Lowering, function: Fn, carry: Low, sequence: Node | None, turns: int, span: Span, keep: bool = False, save: bool = False
) -> Step:  # fmt: skip
    """Turns of a function as one loop node, or None."""
    from calclang.lower import loops
    from calclang.transforms.batch import CannotBatch

    if isinstance(function, Closure) and id(function.body) in lowering.one_by_one:
        return None
    try:
        return (yield loops.run(lowering, function, carry, sequence, turns, span, keep, save))
    except (Undecided, CannotBatch) as reason:
        if isinstance(function, Closure) and not lowering.trace.elements.axes:
            lowering.one_by_one[id(function.body)] = function.body, str(reason)
        return None


def _together(parts: list[Low]) -> Low:
    """Scalars make a vector (also none at all), arrays of one shape an array with one axis more in front; anything else a tuple."""
    if not parts:
        return Arr(const(np.zeros(0)))
    if all(isinstance(p, Arr) for p in parts) and len({p.shape for p in parts if isinstance(p, Arr)}) == 1:
        nodes = [p.node for p in parts if isinstance(p, Arr)]
        return Arr(ROWS["stack"](*nodes, params=(nodes[0].rank,)))
    return Tup(tuple(parts))


def mapped(lowering: Lowering, function: Fn, low: Low, span: Span) -> Step:
    """``map(f, xs)``: f of every element; numbers made of those of a row are a row."""
    made = yield from _mapped(lowering, function, low, span)
    row = isinstance(low, Arr) and low.row and isinstance(made, Arr) and made.rank == 1
    return Arr(made.node, True) if row else made


def _mapped(lowering: Lowering, function: Fn, low: Low, span: Span) -> Step:
    from calclang.lower import comprehension
    from calclang.transforms.batch import CannotBatch

    try:
        return (yield comprehension.mapped(lowering, function, low, span))
    except (Undecided, CannotBatch):
        pass
    parts: list[Low] = []
    for element in each("map", elements(low, span, "map"), 1):
        parts.append((yield lowering.call(function, (element,), {}, span)))
    return _together(parts)


def iterate(lowering: Lowering, arguments: tuple[Low, ...], options: dict[str, Any], span: Span) -> Step:
    """``iterate(f, x0, n)``, or ``iterate(f, x0, until = x -> cond, max = 1000)``."""
    function, x = lowering.function(arguments[0], span), arguments[1]
    if ("until" in options) == (len(arguments) == 3):
        raise errors.iterate_how(span)
    if len(arguments) == 3:
        turns = whole(lowering, arguments[2], span, "the number of turns")
        save = saves(lowering, options, span)
        if turns >= MANY and (ran := (yield as_loop(lowering, function, x, None, turns, span, save=save))) is not None:
            return ran.last
        for _ in each("iterate", range(turns), 1):
            x = yield lowering.call(function, (x,), {}, span)
        return x
    stop = lowering.function(options["until"], span)
    most = whole(lowering, options.get("max", scalar(1000)), span, "max")
    if (found := (yield counted(lowering, function, stop, x, most, span))) is not None:
        if lowering.trace.elements.vary(found.node):
            return (yield each_until(lowering, function, stop, x, found.node, most, span))
        turns = int(lowering.trace.decide(found.node))
        if turns > most:
            raise errors.did_not_end(most, span)
        save = saves(lowering, options, span)
        if turns >= MANY and (ran := (yield as_loop(lowering, function, x, None, turns, span, save=save))) is not None:
            return ran.last
    for _ in each("iterate", range(most), 1, known=False):
        done = lowering.condition((yield lowering.call(stop, (x,), {}, span)), span, "until")
        if lowering.trace.decide(done.node):
            return x
        x = yield lowering.call(function, (x,), {}, span)
    raise errors.did_not_end(most, span)


def each_until(lowering: Lowering, function: Fn, stop: Fn, x: Low, found: Node, most: int, span: Span) -> Step:
    """A loop that each element ends when its own condition holds: all take as many turns as the last of them, and those that have ended stay as they
    are. Raises `CannotBatch` and `Undecided`."""
    from calclang.transforms.batch import CannotBatch

    of_all = lowering.trace.elements.everywhere(found)
    if of_all is None or not known(of_all.shape):
        raise CannotBatch("each element ends a loop somewhere else")
    turns = int(lowering.trace.decide(ROWS["largest"](ROWS["reshape"](of_all, params=(of_all.rank, (product(of_all.shape),))))))
    if turns > most:
        raise CannotBatch("a loop does not end for every element")
    ended, after = (tree.Call(tree.Name(name, span=span), (tree.Name("x", span=span),), span=span) for name in ("ended", "after"))
    body = tree.If(ended, tree.Name("x", span=span), after, span=span)
    turn = Closure((tree.Parameter(("x",), span=span),), body, Scope({"ended": stop, "after": function}))
    if turns >= MANY and (ran := (yield as_loop(lowering, turn, x, None, turns, span))) is not None:
        return ran.last
    for _ in range(turns):
        x = yield lowering.call(turn, (x,), {}, span)
    return x


def counted(lowering: Lowering, function: Fn, stop: Fn, carry: Low, most: int, span: Span) -> Step:
    """The number of turns until a condition holds, found by compiled code; None where only the turns themselves can tell."""
    from calclang.lower import loops
    from calclang.transforms.batch import CannotBatch

    try:
        return (yield loops.count(lowering, function, stop, carry, most, span))
    except (Undecided, CannotBatch):
        return None


def whole(lowering: Lowering, low: Low, span: Span, use: str) -> int:
    """A whole number >= 0 that shapes the graph."""
    value = lowering.number(low, span, use)
    if not (value >= 0 and value == np.floor(value) and value < 2**53):
        raise errors.not_whole(use, value, span).about(low)
    return int(value)
