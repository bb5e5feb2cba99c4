"""What a calc program can hold: the values that statements give and that embedders receive.

==========  =====================================================================
kind        value in Python
==========  =====================================================================
scalar      ``float``
boolean     ``bool``
vector      ``numpy.ndarray`` of rank 1 (a column)
row         `Row`, around an array of rank 1
matrix      ``numpy.ndarray`` of rank 2 (booleans too: a mask)
tensor      ``numpy.ndarray`` of rank 3 and more
tuple       `Parts`
range       `RangeValue`
string      ``str``; `Text` where it is the answer of a command and shown without quotes
function    `FunctionValue`
==========  =====================================================================
"""

from __future__ import annotations

from collections.abc import Iterator
from math import floor
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias, runtime_checkable

from calclang.record import record

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Array: TypeAlias = NDArray[np.float64] | NDArray[np.bool_]


@record(eq=False)
class Row:
    """A row vector: a transposed vector. ``array`` has rank 1."""

    array: Array

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Array:
        """As NumPy sees it: a matrix of one row, shape (1, n)."""
        row: Array = self.array.reshape(1, -1)
        return row if dtype is None else row.astype(dtype)


@record(eq=False)
class Parts:
    """A tuple: several results, with names where they have some (``""`` where not)."""

    values: tuple[Value, ...]
    names: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.values)

    def __iter__(self) -> Iterator[Value]:
        return iter(self.values)

    def __getitem__(self, key: int | str) -> Value:
        """A part by its name, or by its place counted from 0 as Python does."""
        return self.values[self.names.index(key) if isinstance(key, str) else key]


@record
class RangeValue:
    """``start..step..stop``, both ends included; never written out in memory."""

    start: float
    step: float
    stop: float

    def __len__(self) -> int:
        """How many numbers it holds."""
        return floor(max(-1.0, float(steps_within(self.start, self.step, self.stop)))) + 1


def steps_within(start: Any, step: Any, stop: Any) -> Any:
    """How many steps lead from the first number of a range to its last, before rounding down; below zero where it holds none.

    The last digits of the quotient are forgiven, as in Julia and Octave: 0..0.1..0.3 holds four numbers. Arrays are taken as well.
    """
    return (stop - start) / step * (1 + 2.0**-52) + 1e-10


def flat(value: Value) -> Any:
    """All numbers of a value in a row: of a number, an array, a tuple of them."""
    import numpy as np

    return np.concatenate([flat(v) for v in value]) if isinstance(value, Parts) else np.ravel(np.asarray(value, dtype=float))


class Text(str):
    """Text that a command answers, shown as it is; on a screen the first of its ``layouts`` that fits."""

    layouts: tuple[str, ...] = ()

    @classmethod
    def of(cls, text: str, *layouts: str) -> Text:
        """A text with its layouts, the widest first."""
        made = cls(text)
        made.layouts = layouts
        return made


@runtime_checkable
class FunctionValue(Protocol):
    """A function as a value: called with Python values it gives Python values."""

    name: str

    def __call__(self, *arguments: Any) -> Any: ...

    def source(self) -> str:
        """The function in calc: ``(x, A) -> x' * (A + A')``; bounded in length."""
        ...

    def shown(self, numbers: int) -> tuple[str, str]:
        """The same with at most so many numbers of what it captured, and what is to be said beside it."""
        ...


Value: TypeAlias = "float | bool | Array | Row | Parts | RangeValue | str | FunctionValue"
