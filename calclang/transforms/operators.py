"""Derivatives of a node by input nodes: single sweeps from a symbolic identity."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

import numpy as np

from calclang.ir.apply import const
from calclang.ir.dim import Shape, known, numbers, product
from calclang.ir.node import Node
from calclang.ops.contraction import contract, identity, stretch, zeros
from calclang.transforms.forward import forward
from calclang.transforms.reverse import reverse
from calclang.transforms.splice import total

if TYPE_CHECKING:
    from calclang.transforms.supports import Supports

GOLDEN = 0.6180339887498949  # its multiples, but for whole numbers, keep away from each other
Mode: TypeAlias = Literal["auto", "forward", "reverse"]


def choose(mode: Mode, value: Shape, arguments: Sequence[Shape]) -> Mode:
    """The mode that ``auto`` means: the sweep with fewer extra entries; reverse where sizes are not known."""
    if mode != "auto":
        return mode
    entries, directions = product(value), sum((product(a) for a in arguments), start=0)
    if isinstance(entries, int) and isinstance(directions, int):
        return "forward" if directions < entries or directions == entries == 1 else "reverse"
    return "reverse" if value != () or any(arguments) else "forward"


def seed(shape: Shape) -> Node:
    """The identity that starts a sweep; a plain 1 for a scalar."""
    return identity(shape) if shape else const(1.0)


def weighted(outputs: Sequence[Node]) -> dict[Node, Node]:
    """Cotangents that start one sweep for all elements of all ``outputs``: a slope is zero in it only if every one of theirs is, for no two of the
    weights are alike. (It has no axes of the outputs; a sum of weights times slopes that vanishes by chance would be a rare accident.)"""
    return {o: const(_weights(numbers(o.shape))) if known(o.shape) else stretch(const(1.0), o.shape) for o in outputs}


def _weights(shape: tuple[int, ...]) -> Any:
    return 1 + GOLDEN * np.arange(1, prod(shape) + 1).reshape(shape) % 1


def jacobian(output: Node, inputs: Sequence[Node], mode: Mode = "auto", careful: bool = False) -> list[Node]:
    """The derivatives of ``output`` by each of ``inputs``: shape(output) ++ shape(input), numerator layout."""
    supports = _supports(careful)
    if choose(mode, output.shape, [i.shape for i in inputs]) == "reverse":
        found = reverse({output: seed(output.shape)}, inputs, supports)
    else:
        found = [_directions_last(forward([output], {i: seed(i.shape)}, supports)[0], i) for i in inputs]
    return [zeros(output.shape + i.shape) if d is None else d for d, i in zip(found, inputs, strict=True)]


def _supports(careful: bool) -> Supports | None:
    """What a careful sweep knows of zeros by structure: it multiplies none of them by a slope, which may be infinite."""
    if not careful:
        return None
    from calclang.transforms.supports import Supports

    return Supports({})


def _directions_last(tangent: Node | None, x: Node) -> Node | None:
    """``dirs ++ shape(y)`` -> ``shape(y) ++ dirs``: a renaming of axes."""
    if tangent is None or not x.rank:
        return tangent
    axes = tuple(range(tangent.rank))
    return contract([tangent], [axes], axes[x.rank :] + axes[: x.rank])


def jvp(outputs: Sequence[Node], inputs: Sequence[Node], tangents: Sequence[Node], careful: bool = False) -> list[Node]:
    """The derivatives of ``outputs`` when ``inputs`` move along ``tangents``."""
    found = forward(outputs, dict(zip(inputs, tangents, strict=True)), _supports(careful))
    return [zeros(o.shape) if d is None else d for d, o in zip(found, outputs, strict=True)]


def vjp(outputs: Sequence[Node], inputs: Sequence[Node], cotangents: Sequence[Node], careful: bool = False) -> list[Node]:
    """The derivatives of ``sum(cotangent * output)`` by ``inputs``."""
    arriving: dict[Node, Node] = {}
    for output, g in zip(outputs, cotangents, strict=True):
        arriving[output] = arriving[output] + g if output in arriving else g
    found = reverse(arriving, inputs, _supports(careful))
    return [zeros(i.shape) if d is None else d for d, i in zip(found, inputs, strict=True)]


def through(jacobians: Sequence[Node], factors: Sequence[Node], backwards: bool = False) -> Node:
    """The sum of Jacobians times ``factors``: directions of the arguments, or weights of the values (``backwards``)."""
    terms = []
    for slopes, factor in zip(jacobians, factors, strict=True):
        axes, own = tuple(range(slopes.rank)), factor.rank
        inner = axes[:own] if backwards else axes[slopes.rank - own :]
        terms.append(contract([slopes, factor], [axes, inner], axes[own:] if backwards else axes[: slopes.rank - own]))
    return total(terms)
