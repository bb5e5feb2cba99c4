"""Values of Python and of a session, to and from what lowering works with."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from calclang import errors
from calclang.ir.apply import const
from calclang.lower.lowered import FUNCTIONS, Arr, Fn, Low, Rng, Str, Tup
from calclang.values import FunctionValue, Parts, RangeValue, Row, Text, Value


def to_low(value: Any, function: Callable[[Any], Fn | None] = lambda value: None) -> Low:
    """A Python value as a constant: numbers, truth values, sequences and arrays of them, tuples, ranges, strings, functions."""
    if (fn := function(value)) is not None:
        return fn
    if isinstance(value, Row):
        return Arr(const(value.array), row=True)
    if isinstance(value, Parts):
        return Tup(tuple(to_low(v, function) for v in value.values), value.names)
    if isinstance(value, tuple):
        return Tup(tuple(to_low(v, function) for v in value))
    if isinstance(value, RangeValue):
        return Rng(value)
    if isinstance(value, str):
        return Str(value, text=isinstance(value, Text))
    return Arr(const(to_array(value)))


def to_array(value: Any) -> Any:
    """Numbers as float64, truth values as booleans. Raises E-TYPE for anything else (text, complex numbers, ragged lists)."""
    try:
        array = np.asarray(value)
    except ValueError as problem:
        raise errors.no_value("a ragged list") from problem
    if array.dtype == np.bool_ or array.dtype.kind in "fiu":
        return array
    raise errors.no_value(f"a value of type {type(value).__name__}")


def to_value(low: Low, function: Callable[[Fn], FunctionValue]) -> Value:
    """What a session and an embedder hold; arrays are fresh copies that belong to the receiver."""
    if isinstance(low, Tup):
        return Parts(tuple(to_value(p, function) for p in low.parts), low.names)
    if isinstance(low, Rng):
        return low.value
    if isinstance(low, Str):
        return Text(low.value) if low.text else low.value
    if isinstance(low, FUNCTIONS):
        return function(low)
    assert isinstance(low, Arr)
    value = low.node.value
    if not low.rank:
        return bool(value) if low.node.boolean else float(value)
    return Row(np.array(value)) if low.row else np.array(value)
