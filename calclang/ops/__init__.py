"""The table of primitive operations: `ROWS` gives a row by its name. Importing this package fills it."""

from __future__ import annotations

from calclang.ops import (
    arithmetic,
    choice,
    contraction,
    control,
    determinant,
    elementary,
    hyperbolic,
    learning,
    linear_algebra,
    planar,
    powers,
    rounding,
    special,
    structure,
    vectors,
)
from calclang.ops.base import ROWS, Row

__all__ = [
    "ROWS", "Row", "arithmetic", "choice", "contraction", "control", "determinant", "elementary", "hyperbolic", "learning", "linear_algebra", "planar",
    "powers", "rounding", "special", "structure", "vectors",
]  # fmt: skip
