"""What the language brings: every built-in name with its function, signature, one sentence and an example.

Elementwise functions come from the rows of ``ops/``; the rest is composed in this folder of contractions and rows.
"""

from __future__ import annotations

from functools import cache
from math import e, inf, nan, pi, tau
from typing import TYPE_CHECKING, Any

from calclang.lower import products
from calclang.lower.library import (
    control,
    derivatives,
    factorisations,
    files,
    making,
    matrices,
    norms,
    reductions,
    sequences,
    sizes,
    vectors,
)
from calclang.lower.library.given import TABLE, Given
from calclang.lower.lowered import Arr, Builtin, Low, scalar
from calclang.ops import ROWS
from calclang.source import Span

if TYPE_CHECKING:
    from calclang.lower.evaluate import Lowering

__all__ = ["CONSTANTS", "TABLE", "elementwise", "find", "names"]

CONSTANTS: dict[str, tuple[float, str]] = {
    "pi": (pi, "Half a turn: circumference over diameter."),
    "tau": (tau, "A whole turn, 2*pi."),
    "e": (e, "Base of the natural logarithm."),
    "inf": (inf, "Infinity, as IEEE 754 has it."),
    "nan": (nan, "Not a number, as IEEE 754 has it."),
    "deg": (pi / 180, "One degree in radians: 30deg."),
}


@cache
def elementwise(name: str) -> Builtin | None:
    """The built-in of an elementwise row."""
    row = ROWS.get(name)
    if row is None or row.hidden or row.kind != "fn" or row.arity is None:
        return None

    def call(lowering: Lowering, arguments: tuple[Low, ...], given: dict[str, Any], span: Span) -> Low:
        args = Given(name, lowering, arguments, given, span)
        if len(args) == 1:
            x = args.array(0)
            return Arr(row(x.node), x.row)
        a, b, is_row = products.stretched(name, args.array(0), args.array(1), span, span)
        return Arr(row(a, b), is_row)

    signature = f"{name}({', '.join('xyz'[: row.arity])})"
    return Builtin(name, call, row.arity, row.arity, signature, row.doc, row.example, (), "elementwise")


@cache
def find(name: str) -> Low | None:
    """What a name means in the language; None if it brings no such name."""
    if name in CONSTANTS:
        return scalar(CONSTANTS[name][0])
    return TABLE.get(name) or elementwise(name)


@cache
def names() -> tuple[str, ...]:
    """Every name of the language."""
    return tuple(sorted({*CONSTANTS, *TABLE, *(n for n in ROWS if elementwise(n) is not None)}))
