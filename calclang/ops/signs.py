"""What a sign does not change: an even function of |x| is that of x, and a sum of squares is its own absolute value.

The values are the same to the last bit, and the derivatives exist where those of the absolute value do not.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from calclang.ir.contract import Spec
from calclang.ir.node import Node
from calclang.ops.base import ROWS, again
from calclang.ops.contraction import CONTRACT, contract

KEEP = frozenset({"asinh", "atan", "cbrt", "erf", "expm1", "log1p", "sinh", "sqrt", "tanh", "add", "div", "mean"})  # what is never negative stays so
GATHERED = ("stack", "concat", "reshape")  # every element is one of an argument's
DEEPEST = 6  # products of products, and sums of sums, are looked into so far
NEVER_NEGATIVE = frozenset({"abs", "norm", "frobenius", "general_norm", "hypot", "relu", "exp", "cosh", "sigmoid", "softplus"})  # and never -0


def unsigned(x: Node, depth: int = DEEPEST) -> Node:
    """A node of the same absolute value, without the absolute values and signs by which it is multiplied and divided.

    >>> from calclang.ir.apply import input_node
    >>> from calclang.ir.node import Symbol
    >>> from calclang.ops.rounding import absolute
    >>> x = input_node(Symbol("x"), ())
    >>> unsigned(-(x * absolute(x))) is x * x
    True
    """
    if x.op.name == "abs":
        return x.inputs[0]
    if not depth or not (_entrywise(x) or x.op.name == "div" or x.op.name in GATHERED):
        return x
    inputs = [unsigned(i, depth - 1) for i in x.inputs]
    if x.op is CONTRACT and (spec := x.params[0]).coef < 0:
        return contract(inputs, spec.labels, spec.out, dict(spec.free), -spec.coef)
    return again(x, inputs)


def _entrywise(x: Node) -> bool:
    """Whether every element is one product."""
    return x.op is CONTRACT and not x.params[0].summed and not x.params[0].deltas


def even(name: str) -> Callable[[tuple[Node, ...], tuple[Any, ...]], Node | None]:
    """The shortcut of a row that is even in every element of its arguments, or a power that is where its exponent is."""

    def shortcut(nodes: tuple[Node, ...], params: tuple[Any, ...]) -> Node | None:
        if name == "power" and params[0] % 2:
            return None
        plain = tuple(unsigned(n) for n in nodes)
        return None if plain == nodes else ROWS[name](*plain, params=params)

    return shortcut


def squares(x: Node, depth: int = DEEPEST) -> bool:
    """Whether a node is never negative, not even -0: an even power, a length, and what is made of such by adding, multiplying and dividing.

    >>> from calclang.ir.apply import input_node
    >>> from calclang.ir.node import Symbol
    >>> x = input_node(Symbol("x"), ())
    >>> squares(x**2 + 3.0 * (x * x)), squares(x**2 / 3.0), squares(x**3), squares(x - x**2)
    (True, True, False, False)
    """
    if x.op.name in NEVER_NEGATIVE or (x.op.name in ("power", "norm_power", "frobenius_power") and x.params[0] % 2 == 0):
        return True
    if x.value is not None or not depth:
        return not x.rank and x.value is not None and bool(x.value > 0)
    if x.op is CONTRACT:
        spec: Spec = x.params[0]
        factors = list(zip(x.inputs, spec.labels, strict=True))
        return spec.coef > 0 and bool(factors) and all(factors.count(f) % 2 == 0 or squares(f[0], depth - 1) for f in factors)
    return (x.op.name in KEEP or x.op.name in GATHERED) and all(squares(i, depth - 1) for i in x.inputs)


def cancelled(a: Node, b: Node) -> tuple[Node, Node] | None:
    """Two nodes whose product is that of a and b, each without one absolute value that both have as a factor: |u|*|u| is u*u. None where there is none."""
    for factor in _absolutes(b, DEEPEST):
        first, second = _plain(a, factor, DEEPEST), _plain(b, factor, DEEPEST)
        if first is not None and second is not None:
            return first, second
    return None


def _absolutes(x: Node, depth: int) -> list[Node]:
    """The absolute values among the factors of a product."""
    if x.op.name == "abs":
        return [x]
    return [f for i in x.inputs for f in _absolutes(i, depth - 1)] if depth and _entrywise(x) else []


def _plain(x: Node, factor: Node, depth: int) -> Node | None:
    """A product with the argument of an absolute value in the place of that factor; None where it is none of it."""
    if x is factor:
        return x.inputs[0]
    if not depth or not _entrywise(x):
        return None
    for k, inner in enumerate(x.inputs):
        if (made := _plain(inner, factor, depth - 1)) is not None:
            return again(x, [*x.inputs[:k], made, *x.inputs[k + 1 :]])
    return None
