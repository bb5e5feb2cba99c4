"""Contraction, the one product of arrays.

``contract`` multiplies factors whose axes carry labels and sums over every label that is not an output label. There is no
identity node and no ones node: an output label that stands twice is the Kronecker delta, an output label that no factor carries is
a stretched axis of ones, a summed label that no factor carries is its size as a number.

Exactness (level D). `contract` splices a factor only where no operation changes place: a factor that is itself a mere relabelling
of one node (transposition, stretching, diagonal, sign, power of two). Everything else stays a factor.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import frexp
from typing import Any, TypeAlias

from calclang.ir.dim import Dim, Shape

Labels: TypeAlias = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Spec:
    """Labels of a contraction, canonically numbered: outputs first, then factors, by first appearance.

    ``free`` gives the size of each label that no factor carries; ``coef`` multiplies the result.
    """

    labels: tuple[Labels, ...]
    out: Labels
    free: tuple[tuple[int, Dim], ...]
    coef: float

    @property
    def summed(self) -> frozenset[int]:
        """The labels summed over."""
        inner = {l for ls in self.labels for l in ls} | {l for l, _ in self.free}
        return frozenset(inner - set(self.out))

    @property
    def deltas(self) -> bool:
        """Whether an output label stands twice."""
        return len(set(self.out)) < len(self.out)


def sizes(spec: Spec, shapes: Sequence[Shape]) -> dict[int, Dim]:
    """The size of every label."""
    found: dict[int, Dim] = dict(spec.free)
    for labels, shape in zip(spec.labels, shapes, strict=True):
        found.update(zip(labels, shape, strict=True))
    return found


def is_power_of_two(x: float) -> bool:
    """Whether multiplying by x only moves the exponent (±1 among them): exact but for overflow and underflow."""
    return abs(frexp(x)[0]) == 0.5


class Unifier:
    """Union-find over labels of any kind, with a size each."""

    def __init__(self) -> None:
        self.parent: dict[Any, Any] = {}
        self.size: dict[Any, Dim] = {}

    def find(self, label: Any) -> Any:
        """The label that stands for its class."""
        while (up := self.parent.get(label, label)) != label:
            label = up
        return label

    def join(self, a: Any, b: Any) -> None:
        """Two labels mean the same from now on."""
        a, b = self.find(a), self.find(b)
        if a != b:
            self.parent[b] = a

    def give(self, label: Any, size: Dim) -> None:
        """A label has this size."""
        self.size.setdefault(label, size)

    def known(self) -> dict[Any, Dim]:
        """The size of every class of labels."""
        return {self.find(label): size for label, size in self.size.items()}


def canonical(labels: Sequence[Sequence[Any]], out: Sequence[Any], size: Mapping[Any, Dim], summed_free: Sequence[Any], coef: float) -> Spec:
    """Number the labels; ``summed_free`` are the summed labels without a factor."""
    number: dict[Any, int] = {}
    for label in out:
        number.setdefault(label, len(number))
    for ls in labels:
        for label in ls:
            number.setdefault(label, len(number))
    for label in summed_free:
        number.setdefault(label, len(number))
    carried = {label for ls in labels for label in ls}
    free = tuple((n, size[label]) for label, n in number.items() if label not in carried)
    return Spec(tuple(tuple(number[l] for l in ls) for ls in labels), tuple(number[l] for l in out), free, coef)
