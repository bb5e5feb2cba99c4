"""The syntax tree: one record per construct, each with its span.

Spans do not take part in equality, so that ``parse(format(t)) == t`` can be asked.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import field, fields
from typing import Any, TypeAlias

from calclang.record import record
from calclang.source import Source, Span

NOWHERE = Span(Source("<made>", ""), 0, 0)


@record(eq=False, slots=True)
class Tree:
    span: Span = field(default=NOWHERE, compare=False, repr=False, kw_only=True)

    def __eq__(self, other: object) -> bool:
        """The same construct with equal parts, wherever it stands. Iterative: trees may be deep."""
        pairs: list[tuple[Any, Any]] = [(self, other)]
        while pairs:
            a, b = pairs.pop()
            if type(a) is not type(b):
                return False
            if isinstance(a, Tree):
                pairs += [(getattr(a, f.name), getattr(b, f.name)) for f in fields(a) if f.compare]
            elif isinstance(a, tuple):
                if len(a) != len(b):
                    return False
                pairs += zip(a, b, strict=True)
            elif a != b:
                return False
        return True

    def __hash__(self) -> int:
        return hash(type(self))


def walk(root: Tree) -> Iterator[Tree]:
    """Every part of a tree, in no order to rely on. Iterative."""
    stack: list[Tree] = [root]
    while stack:
        yield (now := stack.pop())
        stack += parts(now)


def parts(root: Tree) -> list[Tree]:
    """The trees that a tree is made of, in order."""
    stack: list[Any] = [getattr(root, f.name) for f in fields(root) if f.compare]
    found: list[Tree] = []
    while stack:
        now = stack.pop()
        if isinstance(now, tuple):
            stack += now
        elif isinstance(now, Tree):
            found.append(now)
    return found[::-1]


def mentioned(root: Tree) -> set[str]:
    """The names that stand in an expression, bound ones too."""
    return {part.id for part in walk(root) if isinstance(part, Name)}


# ---- expressions ------------------------------------------------------------------------------


@record(eq=False, slots=True)
class Number(Tree):
    """A literal; ``text`` is as written (``1_000``), ``value`` the nearest float64."""

    value: float
    text: str = field(default="", compare=False)


@record(eq=False, slots=True)
class String(Tree):
    value: str


@record(eq=False, slots=True)
class Boolean(Tree):
    value: bool


@record(eq=False, slots=True)
class Name(Tree):
    id: str


@record(eq=False, slots=True)
class Array(Tree):
    """``[a, b; c, d]``: rows of parts. ``[a, b]`` is one row, ``[a; b]`` two rows, ``[]`` none."""

    rows: tuple[tuple[Expr, ...], ...]


@record(eq=False, slots=True)
class Tuple(Tree):
    """``(a, b)``, ``()`` does not exist; ``(a,)`` is a tuple of one part. ``(x = a, "y z" = b)`` gives the parts ``names``."""

    parts: tuple[Expr, ...]
    names: tuple[str, ...] = ()


@record(eq=False, slots=True)
class Unary(Tree):
    """``op`` is ``-``, ``+`` or ``not``."""

    op: str
    operand: Expr


@record(eq=False, slots=True)
class Binary(Tree):
    """``op`` is one of ``+ - .+ .- * / \\ @ .* ./ ^ .^ and or |>``; ``**`` is stored as ``^``.

    ``tight`` marks a number directly before a name or bracket (``2x``), stored as ``*``.
    """

    op: str
    left: Expr
    right: Expr
    tight: bool = False


@record(eq=False, slots=True)
class Compare(Tree):
    """``a < b <= c``: n operands, n - 1 of ``== != < <= > >= ≈``."""

    operands: tuple[Expr, ...]
    ops: tuple[str, ...]


@record(eq=False, slots=True)
class Prime(Tree):
    """``x'``: transpose of an array, derivative of a function."""

    operand: Expr


@record(eq=False, slots=True)
class Call(Tree):
    """``f(a, b, order = 5)``."""

    function: Expr
    arguments: tuple[Expr, ...]
    options: tuple[tuple[str, Expr], ...] = ()


BARE = frozenset({"wrt", "mode"})  # options that take names as they stand, not what they mean


@record(eq=False, slots=True)
class Whole(Tree):
    """The ``:`` of ``A[1, :]``."""


@record(eq=False, slots=True)
class End(Tree):
    """The ``end`` inside an index."""


@record(eq=False, slots=True)
class Index(Tree):
    target: Expr
    indices: tuple[Expr, ...]


@record(eq=False, slots=True)
class Range(Tree):
    """``start..stop`` or ``start..step..stop``."""

    start: Expr
    step: Expr | None
    stop: Expr


@record(eq=False, slots=True)
class If(Tree):
    condition: Expr
    then: Expr
    otherwise: Expr


@record(eq=False, slots=True)
class Binding(Tree):
    """``name = value`` or ``(a, b) = value`` or ``f(x) = value`` inside ``let`` or ``where``."""

    target: Target
    value: Expr


@record(eq=False, slots=True)
class Let(Tree):
    """``let … in body`` and ``body where …`` (``where`` tells which was written)."""

    bindings: tuple[Binding, ...]
    body: Expr
    where: bool = False


@record(eq=False, slots=True)
class Kind(Tree):
    """``symmetric R^(m×n)``: words before R, then one expression per dimension (none: a scalar)."""

    words: tuple[str, ...]
    dims: tuple[Expr, ...]


@record(eq=False, slots=True)
class Parameter(Tree):
    """``x``, ``x: R^n`` or ``[x, y]`` (then ``names`` are the parts and ``vector`` is true)."""

    names: tuple[str, ...]
    vector: bool = False
    kind: Kind | None = None


@record(eq=False, slots=True)
class Lambda(Tree):
    """``x -> body``, ``(x, y) -> body``, ``[x, y] -> body``."""

    parameters: tuple[Parameter, ...]
    body: Expr


@record(eq=False, slots=True)
class Clause(Tree):
    """``for name in domain`` (``condition`` is the filter after it: ``if i != k``)."""

    name: str
    domain: Expr
    condition: Expr | None = None


@record(eq=False, slots=True)
class Comprehension(Tree):
    """``[body for …]``, and ``sum(body for …)``, where it is the one argument of a Call (``bare``)."""

    body: Expr
    clauses: tuple[Clause, ...]
    bare: bool = False


Expr: TypeAlias = (
    Number | String | Boolean | Name | Array | Tuple | Unary | Binary | Compare | Prime | Call
    | Whole | End | Index | Range | If | Let | Lambda | Comprehension
)  # fmt: skip

# ---- statements -------------------------------------------------------------------------------


@record(eq=False, slots=True)
class NameTarget(Tree):
    name: str


@record(eq=False, slots=True)
class FunctionTarget(Tree):
    name: str
    parameters: tuple[Parameter, ...]


@record(eq=False, slots=True)
class TupleTarget(Tree):
    """``(Q, R) = qr(A)``."""

    names: tuple[str, ...]


Target: TypeAlias = NameTarget | FunctionTarget | TupleTarget


@record(eq=False, slots=True)
class Definition(Tree):
    target: Target
    value: Expr
    let: bool = field(default=False, compare=False)


@record(eq=False, slots=True)
class Show(Tree):
    """An expression as a statement; ``hidden`` when a ``;`` stands behind it."""

    value: Expr
    hidden: bool = False


@record(eq=False, slots=True)
class Option(Tree):
    """One clause of a command: ``at (1, 2)``, ``wrt x, y``, ``at x = 1, y = 2``, ``order 5``.

    A part is an expression, or a definition for ``x = 1``.
    """

    word: str
    parts: tuple[Expr | Definition, ...]


@record(eq=False, slots=True)
class Command(Tree):
    """``grad f at (1, 2)``; the operand of ``explain grad f at 0.7`` is a Command without options
    of its own: the options stand at the outermost one. ``assert``, ``load``, ``set`` are commands too."""

    word: str
    operands: tuple[Expr | Command, ...]
    options: tuple[Option, ...] = ()
    hidden: bool = False


Statement: TypeAlias = Definition | Show | Command


@record(eq=False, slots=True)
class Program(Tree):
    statements: tuple[Statement, ...]
