"""The constructors of nodes: `apply` for operations, `const` and `input_node` for leaves.

`apply` infers the shape, charges the budget before anything is allocated, and folds constants where the result is finite (an operation
that makes a nan or an infinity stays in the graph, so that it can be blamed with its place).
"""

from __future__ import annotations

from itertools import count
from math import isfinite
from struct import pack
from typing import Any

import numpy as np

from calclang import errors
from calclang.ir import node as ir
from calclang.ir import scalars, signature
from calclang.ir.budget import MADE, budget, claimed, here, spend
from calclang.ir.dim import Shape, known, product
from calclang.ir.node import Node, Symbol
from calclang.ir.op import Op
from calclang.ir.work import steps

SMALL = 64  # constants up to this many elements are keyed by their bits, larger ones by identity
_identities = count()

INPUT = Op(name="input", kind="leaf", arity=0, eval=lambda xp, symbol: symbol, hidden=True)
CONST = Op(name="const", kind="leaf", arity=0, eval=lambda xp, *key: key, hidden=True)
MASK = Op(name="mask", kind="leaf", arity=0, eval=lambda xp, *key: key, hidden=True, boolean=True)


def input_node(symbol: Symbol, shape: Shape) -> Node:
    """The node of an argument."""
    return ir.intern(INPUT, (), (symbol, shape), shape)


def const(value: Any) -> Node:
    """The node of a number, a mask or an array of them, keyed by bit pattern (0.0 is not -0.0)."""
    if type(value) is float:  # by far the most: recursion on data makes one at each step
        return ir.intern(CONST, (), ((), pack("=d", value)), (), value)
    array = np.asarray(value)
    boolean = array.dtype == np.bool_
    if not boolean:
        array = np.asarray(array, dtype=np.float64)
    if array.size <= SMALL:
        bits: Any = array.tobytes()
    else:
        bits = next(_identities)
        spend(MADE * array.size)
    held = array.item() if array.shape == () else frozen(array)
    return ir.intern(MASK if boolean else CONST, (), (array.shape, bits), array.shape, held)


def frozen(array: Any) -> Any:
    """A read-only array with these elements: values never change behind a graph's back."""
    if array.flags.writeable:
        array = array.copy()
        array.flags.writeable = False
    return array


def apply(op: Op, inputs: tuple[Node, ...], params: tuple[Any, ...] = ()) -> Node:
    """The node ``op(inputs; params)``.

    Raises `signature.Mismatch` where shapes do not fit (callers know the user's words for it) and E-LIMIT-… where a limit is reached.
    """
    shape = op.shape(inputs, params) if op.shape is not None else signature.infer(op.signature, inputs)
    now = budget()
    now.made += 1
    if now.made > now.nodes:
        raise errors.too_many_nodes(now.nodes, here())
    if shape and isinstance(size := product(shape), int) and size > now.elements:
        raise errors.too_many_elements(size, now.elements, here())
    if all(child.value is not None for child in inputs) and not _grows(op, inputs, shape):
        return _fold(op, inputs, params, shape)
    return _node(op, inputs, params, shape)


def _node(op: Op, inputs: tuple[Node, ...], params: tuple[Any, ...], shape: Shape) -> Node:
    """The node of an operation, which this statement has at the place where it is now, unless it had it before."""
    node = ir.intern(op, inputs, params, shape)
    budget().places.setdefault(node, here())
    return node


def _grows(op: Op, inputs: tuple[Node, ...], shape: Shape) -> bool:
    """Whether an operation stretches constants, or puts them among zeros: that structure is worth more than the array it stands for."""
    return op.facts.get("grows", False) and bool(shape) and all(product(i.shape) != product(shape) for i in inputs)


def _fold(op: Op, inputs: tuple[Node, ...], params: tuple[Any, ...], shape: Shape) -> Node:
    """The constant that the operation gives, or its node where that is not finite or not yet known."""
    if op.facts.get("impure") or not known(shape) or (op.kind == "contract" and not all(type(d) is int for _, d in params[0].free)):
        return _node(op, inputs, params, shape)
    spend(steps(op, inputs, params, shape))
    if shape:
        claimed(shape)
    with np.errstate(all="ignore", invalid="raise" if op.kind == "control" else "ignore"):  # a nan may vanish in a body, and is to be told
        try:
            value = scalars.value(op, [i.value for i in inputs], params)
        except (ArithmeticError, ValueError, IndexError, np.linalg.LinAlgError):
            return _node(op, inputs, params, shape)
    if op.boolean and any(i.value != i.value for i in inputs if i.shape == () and not i.boolean):
        return _node(op, inputs, params, shape)
    finite = isfinite(value) if type(value) is float else np.isfinite(value).all()
    return const(value) if finite else _node(op, inputs, params, shape)
