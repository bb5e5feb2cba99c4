"""The row of contraction, its one constructor, and the products of the language as contractions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from math import isfinite
from sys import float_info
from typing import Any

import numpy as np

from calclang.ir.apply import apply, const
from calclang.ir.contract import Spec, Unifier, canonical, is_power_of_two, sizes
from calclang.ir.dim import Dim, Shape
from calclang.ir.node import OPERATORS, Node
from calclang.ir.op import Op


def _shape(inputs: tuple[Node, ...], params: tuple[Any, ...]) -> Shape:
    if not params[0].out:
        return ()
    size = sizes(params[0], [i.shape for i in inputs])
    return tuple(size[l] for l in params[0].out)


def evaluate(xp: Any, *arguments: Any) -> Any:
    """``evaluate(xp, *factors, spec)``: the plain way, by einsum; backends have faster ones."""
    *arrays, spec = arguments
    if not spec.out and not any(spec.labels):
        return _scalar(arrays, spec)
    carried = {l for ls in spec.labels for l in ls}
    size = {l: d for ls, a in zip(spec.labels, arrays, strict=True) for l, d in zip(ls, xp.shape(a), strict=True)} | dict(spec.free)
    kept = [l for l in dict.fromkeys(spec.out) if l in carried]
    coef = spec.coef
    for label, count in spec.free:
        coef = coef * count if label not in spec.out else coef
    body: Any = coef
    if arrays:
        operands = [part for a, ls in zip(arrays, spec.labels, strict=True) for part in (a, list(ls))]
        body = xp.einsum(*operands, kept, optimize=len(arrays) > 2)
        body = body if coef == 1 else coef * body
    return _spread(xp, body, kept, spec.out, size)


def _scalar(arrays: Sequence[Any], spec: Spec) -> Any:
    """A product of numbers, from the left, the coefficient first."""
    value: Any = spec.coef
    for _, count in spec.free:
        value = value * count
    for number, a in enumerate(arrays):
        value = a if number == 0 and value == 1 else value * a
    return value


def _spread(xp: Any, body: Any, kept: list[int], out: tuple[int, ...], size: dict[int, Any]) -> Any:
    """Stretch over output labels without factor, and place repeated output labels on diagonals."""
    unique = list(dict.fromkeys(out))
    shape = [size[l] for l in unique]
    if kept != unique:
        body = xp.reshape(body, [size[l] if l in kept else 1 for l in unique])
    body = xp.broadcast_to(body, shape)
    if len(unique) == len(out):
        return body
    result = np.zeros([size[l] for l in out])
    view: Any = np.einsum  # its type knows strings of labels only
    view(result, list(out), unique)[...] = body
    return xp.asarray(result)


CONTRACT = Op(
    name="contract",
    kind="contract",
    arity=None,
    eval=evaluate,
    shape=_shape,
    reliable=False,
    facts={"grows": True},
    doc="Product of factors with index labels, summed over the labels that are not in the output.",
)


def contract(
    factors: Sequence[Node], labels: Sequence[Sequence[Any]], out: Sequence[Any], free: Mapping[Any, Dim] | None = None, coef: float = 1.0
) -> Node:
    """The contraction of ``factors``; labels may be any hashable objects.

    ``free`` gives the sizes of labels that no factor carries. A factor that only relabels one node is spliced.

    >>> from calclang.ir.apply import input_node
    >>> from calclang.ir.node import Symbol
    >>> x, A, y = (input_node(Symbol(name), shape) for name, shape in (("x", (2,)), ("A", (2, 3)), ("y", (3,))))
    >>> contract([x, A, y], ["i", "ij", "j"], "").shape  # x' * A * y
    ()
    >>> contract([A], ["ij"], "ji").shape
    (3, 2)
    """
    if not out and not free and not any(labels):
        return _product_of_scalars(factors, coef)
    union = Unifier()
    for label, dim in (free or {}).items():
        union.give(label, dim)
    kept: list[Node] = []
    carried: list[Sequence[Any]] = []
    for number, (factor, ls) in enumerate(zip(factors, labels, strict=True)):
        for label, dim in zip(ls, factor.shape, strict=True):
            union.give(label, dim)
        coef = _splice(union, kept, carried, coef, factor, ls, number, len(factors))
    return _finish(union, kept, carried, out, coef)


def _product_of_scalars(factors: Sequence[Node], coef: float) -> Node:
    """`contract` where no factor has an axis: most products of a scalar program, so without any labels."""
    kept: list[Node] = []
    for factor in factors:
        value = factor.value
        if value is not None and (len(factors) == 1 or is_power_of_two(value) or (coef == 1 and len(factors) == 2)) and within(coef, value):
            coef = float(coef * value)
        elif (
            factor.op is CONTRACT and len(factor.inputs) == 1 and not factor.inputs[0].shape and not factor.params[0].free
            and is_power_of_two(factor.params[0].coef) and within(coef, factor.params[0].coef)
        ):  # fmt: skip
            coef *= factor.params[0].coef
            kept.append(factor.inputs[0])
        else:
            kept.append(factor)
    if not kept:
        return const(coef)
    if len(kept) == 1 and coef == 1:
        return kept[0]
    spec = _scalar_spec(len(kept), coef) if coef else Spec(((),) * len(kept), (), (), coef)  # 0.0 and -0.0 are one key
    return apply(CONTRACT, tuple(kept), (spec,))


@lru_cache(4_096)
def _scalar_spec(factors: int, coef: float) -> Spec:
    return Spec(((),) * factors, (), (), coef)


def structural(node: Node) -> bool:
    """Whether a node only relabels (transposes, stretches, puts on a diagonal) at most one other, exactly."""
    if node.op is not CONTRACT or len(node.inputs) > 1:
        return False
    spec: Spec = node.params[0]
    return not spec.summed and (spec.coef == 0 and not node.inputs or is_power_of_two(spec.coef) or not node.inputs)


def within(a: float, b: float) -> bool:
    """Whether a product of coefficients stays in the range where powers of two are exact, so that it may be made beforehand."""
    return a in (0, 1) or b in (0, 1) or not isfinite(a) or not isfinite(b) or float_info.min <= abs(a * b) <= float_info.max


def _splice(
    union: Unifier, kept: list[Node], carried: list[Sequence[Any]], coef: float, factor: Node, ls: Sequence[Any], number: int, many: int
) -> float:
    """Take one factor in: its parts, where it is structural, else itself. Gives the coefficient so far."""
    constant = factor.value if factor.shape == () and not factor.boolean else None
    if constant is not None and (many == 1 or is_power_of_two(constant) or (coef == 1 and many == 2)) and within(coef, constant):
        return float(coef * constant)
    if structural(factor) and within(coef, factor.params[0].coef):
        spec: Spec = factor.params[0]
        for inner, label in zip(spec.out, ls, strict=True):
            union.join((number, inner), label)
        for inner, dim in spec.free:
            union.give((number, inner), dim)
        if factor.inputs:
            kept.append(factor.inputs[0])
            carried.append([(number, l) for l in spec.labels[0]])
        return coef * spec.coef
    kept.append(factor)
    carried.append(ls)
    return coef


def _finish(union: Unifier, kept: list[Node], carried: list[Sequence[Any]], out: Sequence[Any], coef: float) -> Node:
    """Number the labels and make the node; a product of one factor as it stands is that factor."""
    labels = [[union.find(l) for l in ls] for ls in carried]
    for node, ls in zip(kept, labels, strict=True):
        for label, dim in zip(ls, node.shape, strict=True):
            union.size[label] = dim
    outs = [union.find(l) for l in out]
    size = union.known()
    present = {l for ls in labels for l in ls} | set(outs)
    lost = [l for l in size if l not in present]
    if len(kept) == 1 and coef == 1 and not lost and labels[0] == outs and len(set(outs)) == len(outs):
        return kept[0]
    for label in list(lost):
        if isinstance(count := size[label], int) and within(coef, count):  # else an overflow is for the operation to make, where it is seen
            coef *= count
            lost.remove(label)
    if not kept and not outs and not lost:
        return const(coef)
    spec = canonical(labels, outs, size, lost, coef)
    if len(kept) > 1 and (spec.deltas or (spec.free and not lost)):
        return _placed(kept, spec)
    return apply(CONTRACT, tuple(kept), (spec,))


def _placed(kept: list[Node], spec: Spec) -> Node:
    """A product first, then its stretching and its place on a diagonal: those are spliced into whatever sums over them."""
    carried = {l for ls in spec.labels for l in ls}
    own = [l for l in dict.fromkeys(spec.out) if l in carried]
    return contract([contract(kept, spec.labels, own, coef=spec.coef)], [own], spec.out, dict(spec.free))


def stretch(node: Node, shape: Shape) -> Node:
    """A scalar stretched to a shape."""
    out = list(range(len(shape)))
    return contract([node], [()], out, dict(zip(out, shape, strict=True)))


def zeros(shape: Shape) -> Node:
    """The structural zero of a shape: it is exactly 0 whatever else is infinite."""
    return contract([], [], range(len(shape)), dict(enumerate(shape)), coef=0.0)


def is_zero(node: Node) -> bool:
    """Whether a node is a structural zero (of a scalar: the constant 0)."""
    return node is SCALAR_ZERO or (node.op is CONTRACT and not node.inputs and node.params[0].coef == 0)


def without(product: Node, factor: Node) -> Node | None:
    """What is left of a product of scalars and other things without one scalar factor; None where it is no factor of it."""
    if product is factor:
        return const(1.0)
    if product.op is not CONTRACT or factor.shape or factor not in product.inputs:
        return None
    spec: Spec = product.params[0]
    k = product.inputs.index(factor)
    rest = [i for i in range(len(product.inputs)) if i != k]
    return contract([product.inputs[i] for i in rest], [spec.labels[i] for i in rest], spec.out, dict(spec.free), spec.coef)


def identity(shape: Shape) -> Node:
    """The symbolic identity of shape ``shape ++ shape``."""
    out = tuple(range(len(shape)))
    return contract([], [], out + out, dict(enumerate(shape)))


def mul(a: Node | float, b: Node | float) -> Node:
    """Elementwise product; a scalar scales."""
    a, b = (x if isinstance(x, Node) else const(x) for x in (a, b))
    la, lb = range(a.rank), range(b.rank)
    return contract([a, b], [la, lb], la if a.rank else lb)


def scale(coef: float, x: Node) -> Node:
    """A number times a node."""
    return contract([x], [range(x.rank)], range(x.rank), coef=coef)


def transpose(x: Node) -> Node:
    """A matrix with its axes exchanged."""
    return contract([x], ["ij"], "ji")


SCALAR_ZERO = const(0.0)
OPERATORS["mul"] = mul
