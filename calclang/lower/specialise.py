"""A function traced at inputs of given kinds: with values (a call from Python) or without (its formula)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import field
from itertools import count
from typing import Any, Generic, TypeVar

from calclang.ir.apply import INPUT
from calclang.ir.node import Node
from calclang.limits import Limits
from calclang.lower.evaluate import Lowering
from calclang.lower.lowered import Arr, Derived, Fn, Kept, Low
from calclang.lower.trace import Trace
from calclang.record import record
from calclang.source import Span
from calclang.syntax import tree

T = TypeVar("T")


@record
class World:
    """What every lowering of a session shares."""

    globals: Mapping[str, Low]
    limits: Limits
    builtin: Callable[[str], Low | None]
    compiled: Callable[[Fn, tuple[Low, ...]], Low | None] = lambda fn, arguments: None
    ieee: Callable[[], bool] = lambda: False
    read: Callable[[str, Span], Low] | None = None  # what a data file holds
    mode: Callable[[], str] = lambda: "auto"  # of derivatives that do not say one
    kept: Kept = field(default_factory=Kept)
    draws: Iterator[int] = field(default_factory=count)  # numbers the draws of random numbers, so that a program gives the same ones each time

    def lowering(self, trace: Trace) -> Lowering:
        """What lowers one statement, or one function, in this session."""
        trace.ieee, trace.mode = self.ieee(), self.mode()
        return Lowering(self.globals, self.limits, self.builtin, trace, compiled=self.compiled, kept=self.kept, draws=self.draws, read=self.read)


@record
class Traced:
    """A function's value on inputs, with everything recorded on the way."""

    inputs: tuple[Arr, ...]
    result: Low
    trace: Trace
    apart: tuple[tuple[tree.Tree, str], ...] = ()  # what ran element by element, or turn by turn, and why
    recursive: bool = False  # whether a function called itself on the way: then other arguments take another path


def trace_call(
    world: World, fn: Fn, arguments: Sequence[Low], known: Mapping[Node, Any], span: Span, decide_by: Any = None, optional: bool = False
) -> Traced:  # fmt: skip
    """Trace a call of ``fn`` on arguments made of input nodes, with the values that are known of them. Raises `Unwanted` where the graph is ``optional``."""
    inputs = {a.node for a in arguments if isinstance(a, Arr) and a.node.op is INPUT}
    trace = Trace(known=dict(known), decide_by=decide_by, open=1, optional=optional, fresh=inputs if isinstance(fn, Derived) else set())
    lowering = world.lowering(trace)
    result = lowering.drive(lowering.call(fn, tuple(arguments), {}, span))
    return Traced(tuple(a for a in arguments if isinstance(a, Arr)), result, trace, tuple(lowering.one_by_one.values()), bool(lowering.recursions))


# ---- without values ---------------------------------------------------------------------------------


@record
class Branch(Generic[T]):
    """What was found on both sides of a choice."""

    condition: Node
    then: T | Branch[T]
    otherwise: T | Branch[T]


MOST_PATHS = 16


def explore(once: Callable[[Callable[[Node], bool]], T]) -> T | Branch[T] | None:
    """Run ``once`` along every path of its choices; None where there are too many."""
    found: dict[tuple[bool, ...], T] = {}
    asked: dict[tuple[bool, ...], Node] = {}
    path: list[bool] = []
    while len(found) < MOST_PATHS:
        taken: list[bool] = []

        def decide(node: Node, taken: list[bool] = taken, path: list[bool] = path) -> bool:
            asked[tuple(taken)] = node
            taken.append(path[len(taken)] if len(taken) < len(path) else True)
            return taken[-1]

        result = once(decide)
        found[tuple(taken)] = result
        while taken and not taken[-1]:
            taken.pop()
        if not taken:
            return _tree((), found, asked)
        path = [*taken[:-1], False]
    return None


def _tree(path: tuple[bool, ...], found: Mapping[tuple[bool, ...], T], asked: Mapping[tuple[bool, ...], Node]) -> T | Branch[T]:
    if path in found:
        return found[path]
    return Branch(asked[path], _tree((*path, True), found, asked), _tree((*path, False), found, asked))
