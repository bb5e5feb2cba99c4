"""The table of primitive operations: `ROWS` gives a row by its name. Importing this package fills it.

(The rows of ``control.py``, choices and loops, have no name in the language; they enter the table when a program first needs one.)
"""

from __future__ import annotations

from calclang.ops import (
    arithmetic,
    averages,
    betas,
    choice,
    contraction,
    determinant,
    elementary,
    factorisations,
    gammas,
    hyperbolic,
    learning,
    least_squares,
    lengths,
    linear_algebra,
    matrix_functions,
    normalised,
    parts,
    planar,
    powers,
    rounding,
    sequences,
    special,
    spectral,
    structure,
    vectors,
)
from calclang.ops.base import ROWS, Row

__all__ = ["ROWS", "Row"]
