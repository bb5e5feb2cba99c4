"""Sums, averages, extremes and truths over all elements."""

from __future__ import annotations

from calclang import errors
from calclang.ir.dim import product, show_shape
from calclang.ir.node import Node
from calclang.lower import products
from calclang.lower.arrays import size_node
from calclang.lower.comparisons import quantified
from calclang.lower.library.given import Given, builtin, flat
from calclang.lower.lowered import Arr, Terms, boolean
from calclang.ops import ROWS
from calclang.ops.contraction import contract
from calclang.ops.structure import stack


@builtin("sum(x)", "The sum of all elements.", "sum([1, 2, 3])", least=1, group="reductions")
def total(given: Given) -> Arr:
    return _added(given.terms(0))


def _added(x: Terms) -> Arr:
    axes = tuple(range(x.rank))
    return Arr(contract([x.node], [axes], axes[x.axes :]), x.rows)


@builtin("mean(x)", "The average of all elements.", "mean([1, 2, 6])", least=1, group="reductions")
def mean(given: Given) -> Arr:
    x = given.terms(0)
    if not x.one:
        return Arr(_mean(x.node, given))
    return Arr(_added(x).node / size_node(product(x.shape[: x.axes])).node, x.rows)


def _mean(x: Node, given: Given) -> Node:
    if product(x.shape) == 0:
        raise errors.empty_reduction(given.name, given.span)
    return ROWS["mean"](x, params=(x.rank,)) if x.rank else x


@builtin("var(x)", "The variance of all elements, divided by n - 1.", "var([1, 2, 3])", least=1, group="reductions")
def variance(given: Given) -> Arr:
    x = flat(given.entire(0))
    centred = x - _mean(x, given)
    if x.shape == (1,):
        raise errors.empty_reduction("var", given.span, "two elements")
    return Arr(contract([centred, centred], ["i", "i"], "") / size_node(x.shape[0] - 1).node)


@builtin("std(x)", "The standard deviation, divided by n - 1.", "std([1, 2, 3])", least=1, group="reductions")
def deviation(given: Given) -> Arr:
    x = flat(given.entire(0))
    if x.shape == (1,):
        raise errors.empty_reduction("std", given.span, "two elements")
    return Arr(ROWS["norm"](x - _mean(x, given)) / ROWS["sqrt"](size_node(x.shape[0] - 1).node))


@builtin("prod(x)", "The product of all elements.", "prod([1, 2, 3])", least=1, group="reductions")
def prod(given: Given) -> Arr:
    x = given.terms(0)
    if x.one:
        raise errors.product_of_arrays(show_shape(x.one), given.span)
    return Arr(ROWS["coprod"](flat(x), params=(0,)))


def _extreme(given: Given, reduce: str, pair: str) -> Arr:
    """The row ``reduce`` of the elements of one array, or the row ``pair`` of several arrays, element by element, and of two numbers in brackets."""
    if len(given) == 1:
        x = given.entire(0)
        if product(x.shape) == 0:
            raise errors.empty_reduction(given.name, given.span)
        if x.node.op is stack and x.rank == 1 and len(x.node.inputs) == 2:
            return Arr(ROWS[pair](*x.node.inputs))
        return Arr(ROWS[reduce](flat(x))) if x.rank else x
    result = given.array(0)
    for k in range(1, len(given)):
        result = _paired(given, pair, result, given.array(k))
    return result


def _paired(given: Given, pair: str, a: Arr, b: Arr) -> Arr:
    """A row of two arrays, element by element."""
    x, y, row = products.stretched(given.name, a, b, given.span, given.span)
    return Arr(ROWS[pair](x, y), row)


@builtin("max(x, …)", "The largest element, or the larger of several, element by element.", "max([1, 5, 2])", least=1, most=None, group="reductions")  # fmt: skip
def maximum(given: Given) -> Arr:
    return _extreme(given, "largest", "maximum")


@builtin("min(x, …)", "The smallest element, or the smaller of several, element by element.", "min(3, 2)", least=1, most=None, group="reductions")  # fmt: skip
def minimum(given: Given) -> Arr:
    return _extreme(given, "smallest", "minimum")


@builtin("clamp(x, low, high)", "x, moved into the interval from low to high.", "clamp(7, 0, 5)", least=3, group="reductions")
def clamp(given: Given) -> Arr:
    x, low, high = (given.array(k) for k in range(3))
    return _paired(given, "minimum", _paired(given, "maximum", x, low), high)


def _quantified(given: Given, all_of: bool) -> Arr:
    if isinstance(given.arguments[0], Arr) and given.arguments[0].shape == (0,):  # [] does not say what it holds none of
        return boolean(all_of)
    return quantified(given.truth(0), all_of)


@builtin("all(mask)", "Whether every element is true.", "all([1, 2] > 0)", least=1, group="reductions")
def every(given: Given) -> Arr:
    return _quantified(given, True)


@builtin("any(mask)", "Whether some element is true.", "any([1, 2] > 1)", least=1, group="reductions")
def some(given: Given) -> Arr:
    return _quantified(given, False)
