"""A function traced at inputs of given kinds: with values (a call from Python) or without (its formula)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count
from itertools import product as pairs
from typing import Any, Generic, TypeVar

from calclang.errors import CalcError
from calclang.ir.apply import INPUT, input_node
from calclang.ir.dim import Dim, Shape, symbol
from calclang.ir.node import Node, Symbol
from calclang.limits import Limits
from calclang.lower.calls import size_of
from calclang.lower.derivatives import parameter_names
from calclang.lower.evaluate import Lowering
from calclang.lower.lowered import Arr, Builtin, Closure, Derived, Fn, Low
from calclang.lower.trace import Trace, Undecided
from calclang.source import Span
from calclang.syntax import tree

T = TypeVar("T")


@dataclass(frozen=True)
class World:
    """What every lowering of a session shares."""

    globals: Mapping[str, Low]
    limits: Limits
    builtin: Callable[[str], Low | None]
    compiled: Callable[[Fn, tuple[Low, ...]], Low | None] = lambda fn, arguments: None
    ieee: Callable[[], bool] = lambda: False
    read: Callable[[str, Span], Low] | None = None  # what a data file holds
    mode: Callable[[], str] = lambda: "auto"  # of derivatives that do not say one
    draws: Iterator[int] = field(default_factory=count)  # numbers the draws of random numbers, so that a program gives the same ones each time

    def lowering(self, trace: Trace) -> Lowering:
        trace.ieee, trace.mode = self.ieee(), self.mode()
        return Lowering(self.globals, self.limits, self.builtin, trace, compiled=self.compiled, draws=self.draws, read=self.read)


@dataclass(frozen=True)
class Traced:
    """A function's value on inputs, with everything recorded on the way."""

    inputs: tuple[Arr, ...]
    result: Low
    trace: Trace


def trace_call(world: World, fn: Fn, arguments: Sequence[Low], known: Mapping[Node, Any], span: Span, decide_by: Any = None) -> Traced:
    """Trace a call of ``fn`` on arguments made of input nodes, with the values that are known of them."""
    trace = Trace(known=dict(known), decide_by=decide_by, open=1, fresh={a.node for a in arguments if isinstance(a, Arr) and a.node.op is INPUT})
    lowering = world.lowering(trace)
    result = lowering.drive(lowering.call(fn, tuple(arguments), {}, span))
    return Traced(tuple(a for a in arguments if isinstance(a, Arr)), result, trace)


# ---- without values ---------------------------------------------------------------------------------


def declared_inputs(fn: Fn, names: Mapping[str, Low]) -> list[list[Arr]]:
    """Inputs of the kinds that the parameters declare; where nothing is declared, a few guesses in order: a vector that the body multiplies by
    a matrix among ``names``, a scalar, a vector, a matrix."""
    closure = innermost(fn)
    if not isinstance(closure, Closure):
        count = closure.least if isinstance(closure, Builtin) else 1
        own = parameter_names(fn, count)
        return [[Arr(input_node(Symbol(n), ())) for n in own], [Arr(input_node(Symbol(n), (symbol("n"),))) for n in own]]
    sizes: dict[str, Dim] = {}
    choices: list[list[Arr]] = []
    hints = _multiplied(closure, names)
    for parameter in closure.parameters:
        choices.append(_choices(parameter, sizes, hints.get(parameter.names[0])))
    return [list(choice) for choice, _ in zip(pairs(*choices), range(32), strict=False)]


def _multiplied(closure: Closure, names: Mapping[str, Low]) -> dict[str, Shape]:
    """The names that the body multiplies by a matrix, ``X*w``, with the vectors' shapes that fit."""
    found: dict[str, Shape] = {}
    for part in tree.walk(closure.body):
        if isinstance(part, tree.Binary) and part.op == "*" and isinstance(part.left, tree.Name) and isinstance(part.right, tree.Name):
            matrix = names.get(part.left.id)
            if isinstance(matrix, Arr) and matrix.rank == 2:
                found[part.right.id] = (matrix.shape[1],)
    return found


def _choices(parameter: tree.Parameter, sizes: dict[str, Dim], hint: Shape | None) -> list[Arr]:
    """The inputs that a parameter may be."""
    name = parameter.names[0]
    if parameter.vector:
        return [Arr(input_node(Symbol("[" + ", ".join(parameter.names) + "]"), (len(parameter.names),)))]
    if parameter.kind is not None:
        shape = tuple(size_of_declared(d, sizes) for d in parameter.kind.dims)
        facts = frozenset(parameter.kind.words)
        return [Arr(input_node(Symbol(name, facts), shape), "row" in facts)]
    n = symbol("n")
    shapes: tuple[Shape, ...] = (*([hint] if hint else []), (), (n,), (n, n))
    return [Arr(input_node(Symbol(name), shape)) for shape in shapes]


def size_of_declared(e: tree.Expr, sizes: dict[str, Dim]) -> Dim:
    """A declared size; names stand for themselves."""
    return size_of(None, e, sizes, None, fresh=True)  # type: ignore[arg-type]


def innermost(fn: Fn) -> Fn:
    """The function that operators were applied to."""
    while isinstance(fn, Derived):
        fn = fn.function
    return fn


@dataclass(frozen=True)
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


def trace_declared(world: World, fn: Fn, span: Span) -> Traced | Branch[Traced] | None:
    """The graph of a function at its declared kinds; None where it has none without values."""
    for inputs in declared_inputs(fn, world.globals):
        try:
            return explore(lambda decide, inputs=inputs: trace_call(world, fn, inputs, {}, span, decide))  # type: ignore[misc]
        except (CalcError, Undecided):
            continue
    return None
