"""The syntax tree: one frozen dataclass per construct, each with its span.

Spans do not take part in equality, so that ``parse(format(t)) == t`` can be asked.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeAlias

from calclang.source import Source, Span

NOWHERE = Span(Source("<made>", ""), 0, 0)


@dataclass(frozen=True)
class Tree:
    span: Span = field(default=NOWHERE, compare=False, repr=False, kw_only=True)


# ---- expressions ------------------------------------------------------------------------------


@dataclass(frozen=True)
class Number(Tree):
    """A literal; ``text`` is as written (``1_000``), ``value`` the nearest float64."""

    value: float
    text: str = field(default="", compare=False)


@dataclass(frozen=True)
class String(Tree):
    value: str


@dataclass(frozen=True)
class Boolean(Tree):
    value: bool


@dataclass(frozen=True)
class Name(Tree):
    id: str


@dataclass(frozen=True)
class Array(Tree):
    """``[a, b; c, d]``: rows of parts. ``[a, b]`` is one row, ``[a; b]`` two rows, ``[]`` none."""

    rows: tuple[tuple[Expr, ...], ...]


@dataclass(frozen=True)
class Tuple(Tree):
    """``(a, b)``, ``()`` does not exist; ``(a,)`` is a tuple of one part."""

    parts: tuple[Expr, ...]


@dataclass(frozen=True)
class Unary(Tree):
    """``op`` is ``-``, ``+`` or ``not``."""

    op: str
    operand: Expr


@dataclass(frozen=True)
class Binary(Tree):
    """``op`` is one of ``+ - .+ .- * / \\ @ .* ./ ^ .^ and or |>``; ``**`` is stored as ``^``.

    ``tight`` marks a number directly before a name or bracket (``2x``), stored as ``*``.
    """

    op: str
    left: Expr
    right: Expr
    tight: bool = False


@dataclass(frozen=True)
class Compare(Tree):
    """``a < b <= c``: n operands, n - 1 of ``== != < <= > >= ≈``."""

    operands: tuple[Expr, ...]
    ops: tuple[str, ...]


@dataclass(frozen=True)
class Prime(Tree):
    """``x'``: transpose of an array, derivative of a function."""

    operand: Expr


@dataclass(frozen=True)
class Call(Tree):
    """``f(a, b, order = 5)``."""

    function: Expr
    arguments: tuple[Expr, ...]
    options: tuple[tuple[str, Expr], ...] = ()


@dataclass(frozen=True)
class Whole(Tree):
    """The ``:`` of ``A[1, :]``."""


@dataclass(frozen=True)
class End(Tree):
    """The ``end`` inside an index."""


@dataclass(frozen=True)
class Index(Tree):
    target: Expr
    indices: tuple[Expr, ...]


@dataclass(frozen=True)
class Range(Tree):
    """``start..stop`` or ``start..step..stop``."""

    start: Expr
    step: Expr | None
    stop: Expr


@dataclass(frozen=True)
class If(Tree):
    condition: Expr
    then: Expr
    otherwise: Expr


@dataclass(frozen=True)
class Binding(Tree):
    """``name = value`` or ``(a, b) = value`` or ``f(x) = value`` inside ``let`` or ``where``."""

    target: Target
    value: Expr


@dataclass(frozen=True)
class Let(Tree):
    """``let … in body`` and ``body where …`` (``where`` tells which was written)."""

    bindings: tuple[Binding, ...]
    body: Expr
    where: bool = False


@dataclass(frozen=True)
class Kind(Tree):
    """``symmetric R^(m×n)``: words before R, then one expression per dimension (none: a scalar)."""

    words: tuple[str, ...]
    dims: tuple[Expr, ...]


@dataclass(frozen=True)
class Parameter(Tree):
    """``x``, ``x: R^n`` or ``[x, y]`` (then ``names`` are the parts and ``vector`` is true)."""

    names: tuple[str, ...]
    vector: bool = False
    kind: Kind | None = None


@dataclass(frozen=True)
class Lambda(Tree):
    """``x -> body``, ``(x, y) -> body``, ``[x, y] -> body``."""

    parameters: tuple[Parameter, ...]
    body: Expr


@dataclass(frozen=True)
class Clause(Tree):
    """``for name in domain`` (``condition`` is the filter after it: ``if i != k``)."""

    name: str
    domain: Expr
    condition: Expr | None = None


@dataclass(frozen=True)
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


@dataclass(frozen=True)
class NameTarget(Tree):
    name: str


@dataclass(frozen=True)
class FunctionTarget(Tree):
    name: str
    parameters: tuple[Parameter, ...]


@dataclass(frozen=True)
class TupleTarget(Tree):
    """``(Q, R) = qr(A)``."""

    names: tuple[str, ...]


Target: TypeAlias = NameTarget | FunctionTarget | TupleTarget


@dataclass(frozen=True)
class Definition(Tree):
    target: Target
    value: Expr
    let: bool = field(default=False, compare=False)


@dataclass(frozen=True)
class Show(Tree):
    """An expression as a statement; ``hidden`` when a ``;`` stands behind it."""

    value: Expr
    hidden: bool = False


@dataclass(frozen=True)
class Option(Tree):
    """One clause of a command: ``at (1, 2)``, ``wrt x, y``, ``at x = 1, y = 2``, ``order 5``.

    A part is an expression, or a definition for ``x = 1``.
    """

    word: str
    parts: tuple[Expr | Definition, ...]


@dataclass(frozen=True)
class Command(Tree):
    """``grad f at (1, 2)``; the operand of ``explain grad f at 0.7`` is a Command without options
    of its own: the options stand at the outermost one. ``assert``, ``load``, ``set`` are commands too."""

    word: str
    operands: tuple[Expr | Command, ...]
    options: tuple[Option, ...] = ()
    hidden: bool = False


Statement: TypeAlias = Definition | Show | Command


@dataclass(frozen=True)
class Program(Tree):
    statements: tuple[Statement, ...]
