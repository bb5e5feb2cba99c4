"""Functions that follow the order of a vector's elements."""

from __future__ import annotations

from calclang import errors
from calclang.ir.dim import product
from calclang.lower.library.given import Given, builtin, flat
from calclang.lower.library.vectors import vector_row
from calclang.lower.lowered import Arr
from calclang.ops import ROWS

for _name in ("reverse", "sort", "cumsum", "cumprod", "diff"):
    vector_row(_name, "vectors")


def _place_of(name: str) -> None:
    """The place of an extreme element of a vector."""
    row = ROWS[name]

    def body(given: Given) -> Arr:
        x = given.vector(0)
        if product(x.shape) == 0:
            raise errors.empty_reduction(name, given.span)
        return Arr(row(flat(x)))

    builtin(f"{name}(x)", row.doc, row.example, least=1, group="vectors")(body)


_place_of("argmax")
_place_of("argmin")
