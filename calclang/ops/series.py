"""Power series in one variable as lists of coefficients, for the `taylor` column of rows. None stands for exactly zero."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

from calclang.ir.node import Node
from calclang.ops.contraction import mul

Coefficient: TypeAlias = "Node | None"
Series: TypeAlias = Sequence[Coefficient]


def plus(a: Coefficient, b: Coefficient) -> Coefficient:
    """a + b."""
    return b if a is None else a if b is None else a + b


def minus(a: Coefficient, b: Coefficient) -> Coefficient:
    """a - b."""
    return a if b is None else -b if a is None else a - b


def times(a: Coefficient, b: Coefficient, coef: float = 1.0) -> Coefficient:
    """coef a b, elementwise."""
    if a is None or b is None or coef == 0:
        return None
    return mul(a, b) if coef == 1 else coef * mul(a, b)
