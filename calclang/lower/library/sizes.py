"""Sizes and single elements."""

from __future__ import annotations

import numpy as np

from calclang import errors
from calclang.ir.apply import const
from calclang.ir.dim import product
from calclang.lower import control
from calclang.lower.arrays import size_node
from calclang.lower.idle import idles
from calclang.lower.library.given import Given, builtin
from calclang.lower.lowered import Arr, Low, Rng, Tup, scalar
from calclang.ops import ROWS


@builtin("size(x)", "The sizes of all axes as a vector; size(A, 1) of one axis.", "size([1, 2; 3, 4])", least=1, most=2, group="sizes")
def size(given: Given) -> Arr:
    array = given.lowering.array(given.arguments[0], given.span, "size")
    idles(given.lowering.trace, array.node)
    shape = array.shape
    if len(given) == 2:
        axis = control.whole(given.lowering, given.arguments[1], given.span, "the axis")
        if not 1 <= axis <= len(shape):
            raise errors.index_outside(float(axis), len(shape), given.span)
        return size_node(shape[axis - 1])
    return Arr(ROWS["stack"](*(size_node(d).node for d in shape), params=(0,))) if shape else Arr(const(np.zeros(0)))


@builtin("length(x)", "How many elements a vector, range or tuple has.", "length([1, 2, 3])", least=1, group="sizes")
def length(given: Given) -> Arr:
    low = given.arguments[0]
    if isinstance(low, Tup):
        return scalar(len(low.parts))
    if isinstance(low, Rng):
        return scalar(len(low.value))
    array = given.lowering.array(low, given.span, "length")
    idles(given.lowering.trace, array.node)
    return size_node(product(array.shape))


@builtin("first(x)", "The first element.", "first([1, 2])", least=1, group="sizes")
def first(given: Given) -> Low:
    return _element(given, 0)


@builtin("last(x)", "The last element.", "last([1, 2])", least=1, group="sizes")
def last(given: Given) -> Low:
    return _element(given, -1)


def _element(given: Given, place: int) -> Low:
    found = control.elements(given.arguments[0], given.span, given.name)
    if not found:
        raise errors.empty_reduction(given.name, given.span)
    return found[place]
