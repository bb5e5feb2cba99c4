"""What an expression is while it becomes a graph: nodes with an orientation, tuples, ranges, strings, functions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from calclang import errors
from calclang.ir.apply import const
from calclang.ir.budget import budget, here
from calclang.ir.dim import Dim, Shape, show_shape
from calclang.ir.node import Node
from calclang.record import record
from calclang.source import Span
from calclang.syntax import tree
from calclang.values import RangeValue


@dataclass(frozen=True, slots=True)
class Arr:
    """A scalar, boolean, vector, row, matrix or tensor. ``row``: a rank-1 node that stands for 1×n; ``range``: the vector of a range's
    numbers, which stands for them in brackets."""

    node: Node
    row: bool = False
    range: bool = False

    @property
    def shape(self) -> Shape:
        return self.node.shape

    @property
    def rank(self) -> int:
        return len(self.node.shape)

    @property
    def kind(self) -> str:
        """``scalar boolean vector row matrix tensor``."""
        if self.node.boolean and not self.rank:
            return "boolean"
        return ("scalar", "row" if self.row else "vector", "matrix")[self.rank] if self.rank < 3 else "tensor"

    def words(self) -> str:
        """``R^3``, ``row R^3``, ``R^(2×2)``, ``true or false``: for error messages."""
        if self.node.boolean:
            return "a boolean" if not self.rank else f"a mask of {show_shape(self.shape)}"
        if not self.rank:
            return "a number"
        return ("row " if self.row else "") + show_shape(self.shape)


@dataclass(frozen=True, slots=True)
class Terms(Arr):
    """The terms of a comprehension, side by side in one array: its first ``axes`` count them. ``rows``: each is a row."""

    axes: int = 1
    rows: bool = False

    @property
    def one(self) -> Shape:
        """The shape of one term."""
        return self.shape[self.axes :]


DEEPEST = 250  # tuples inside each other: whoever walks through a value may call itself


@dataclass(frozen=True, slots=True)
class Tup:
    """A tuple. ``size``: its parts, those of inner tuples counted as often as they stand there; ``depth``: the levels of tuples.

    Raises E-LIMIT-ELEMENTS and E-LIMIT-DEPTH, so that whoever walks through a value comes to an end.
    """

    parts: tuple[Low, ...]
    names: tuple[str, ...] = ()
    size: int = field(init=False, compare=False, repr=False)
    depth: int = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        inner = [p for p in self.parts if isinstance(p, Tup)]
        size, depth = len(self.parts) + sum(p.size for p in inner), 1 + max((p.depth for p in inner), default=0)
        if size > (limit := budget().nodes):
            raise errors.too_many_parts(size, limit, here())
        if depth > DEEPEST:
            raise errors.too_deep(here())
        object.__setattr__(self, "size", size)
        object.__setattr__(self, "depth", depth)


@record
class Rng:
    """``start..step..stop`` of known numbers."""

    value: RangeValue


@record
class Slice:
    """``start..stop`` as an index, whose ends are sizes that are not known yet. ``back``: it is counted from the last to the first."""

    start: Dim
    stop: Dim
    back: bool = False


@record
class Str:
    """A text. ``text``: it is the answer of a command."""

    value: str
    text: bool = False


WHOLE = Str(":")  # the index that means a whole axis


@dataclass(slots=True)
class Scope:
    """Names of one level: parameters and ``let`` names. The outermost scope of a function has no parent."""

    names: dict[str, Low]
    parent: Scope | None = None
    frame: Frame | None = None

    def find(self, name: str) -> Low | None:
        """What a name stands for, nearest first; None where it is not in sight."""
        scope: Scope | None = self
        while scope is not None:
            if name in scope.names:
                return scope.names[name]
            scope = scope.parent
        return None

    def visible(self) -> list[str]:
        """Every name in sight, nearest first."""
        names: list[str] = []
        scope: Scope | None = self
        while scope is not None:
            names += scope.names
            scope = scope.parent
        return names


def nested(scope: Scope | None, names: dict[str, Low] | None = None) -> Scope:
    """A scope inside another one, or of the top level: in the same call."""
    return Scope(names or {}, scope, scope.frame if scope else None)


@record
class Frame:
    """A call in progress: of what, from where."""

    function: str
    place: Span | None
    depth: int
    caller: Frame | None = None


@record(eq=False)
class Closure:
    """A function of the program, with the scope it was written in."""

    parameters: tuple[tree.Parameter, ...]
    body: tree.Expr
    scope: Scope | None
    name: str = ""
    span: Span | None = None


@record(frozen=False)
class Kept:
    """What is known of functions that call themselves (recursion.py), from one statement to the next: until a name that was ``looked`` up on the way
    has a new meaning."""

    functions: dict[Closure, Any] = field(default_factory=dict)
    looked: set[str] = field(default_factory=set)

    def forget(self) -> None:
        """A name has a new meaning."""
        self.functions.clear()
        self.looked.clear()


@record(eq=False)
class Builtin:
    """A function of the language: its record stands in the tables of ``lower/``.

    ``call(lowering, arguments, options, span)`` gives a `Low`, or a generator that does.
    """

    name: str
    call: Callable[..., Any]
    least: int
    most: int | None
    signature: str
    doc: str
    example: str
    options: tuple[str, ...] = ()
    group: str = ""


@record(eq=False)
class Derived:
    """A function made by an operator: ``grad(f)`` with its options."""

    operator: str
    function: Fn
    options: tuple[tuple[str, Any], ...] = ()


Fn: TypeAlias = "Closure | Builtin | Derived"
Low: TypeAlias = "Arr | Tup | Rng | Slice | Str | Closure | Builtin | Derived"
FUNCTIONS = (Closure, Builtin, Derived)


def scalar(x: float) -> Arr:
    """A number."""
    return Arr(const(float(x)))


def boolean(x: bool) -> Arr:
    """A truth value."""
    return Arr(const(bool(x)))


def words(low: Low) -> str:
    """What a value is, for error messages: ``R^3``, ``a function``, ``a string``."""
    if isinstance(low, Arr):
        return low.words()
    return {Tup: "a tuple", Rng: "a range", Str: "a string"}.get(type(low), "a function")


UNNAMED = "the function"


def function_name(fn: Fn) -> str:
    """What a message calls a function."""
    if isinstance(fn, Derived):
        return f"{fn.operator}({function_name(fn.function)})"
    return fn.name or UNNAMED


def innermost(fn: Fn) -> Fn:
    """The function that operators were applied to."""
    while isinstance(fn, Derived):
        fn = fn.function
    return fn
