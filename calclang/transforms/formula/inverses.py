"""An inverse beside what it is the inverse of: both leave, and so does the first or last matrix of a product beside the inverse of that product.

``inv(X)*X`` is the identity, and ``inv(X*Y)*X`` is ``inv(Y)`` where X is square.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any, TypeAlias

from calclang.ir.contract import Unifier
from calclang.transforms.formula.functions import apply
from calclang.transforms.formula.normal import Normal, Part
from calclang.transforms.formula.terms import ONE, Apply, Form, Product

Meeting: TypeAlias = tuple[tuple[int, int], Sequence[Any], list[Part]]  # places of two factors, labels that become one, what there is instead


def met(to: Normal, union: Unifier, parts: list[Part], outs: set[Any]) -> list[Part]:
    """The factors of a product, without inverses that meet what they are the inverse of over a label of their own."""
    while (found := next(_meetings(to, union, parts, outs), None)) is not None:
        gone, labels, instead = found
        for label in labels[1:]:
            union.join(labels[0], label)
        parts = [p for at, p in enumerate(parts) if at not in gone] + instead
    return parts


def _meetings(to: Normal, union: Unifier, parts: list[Part], outs: set[Any]) -> Iterator[Meeting]:
    """Where a matrix meets its inverse in a product: the places of both, the labels that become one, and what stands there instead."""
    uses = Counter(label for p in parts for label in {union.find(l) for l in p[2]})
    for at, (inverse, one, ls) in enumerate(parts):
        if not isinstance(inverse, Apply) or inverse.op.name != "inv" or one != 1:
            continue
        here = [union.find(l) for l in ls]
        for other, (base, power, ms) in enumerate(parts):
            if power != 1 or other == at or base.rank != 2:
                continue
            there = [union.find(l) for l in ms]
            for i, j in ((1, 0), (0, 1), (0, 0), (1, 1)):
                if here[i] != there[j] or here[i] in outs or uses[here[i]] != 2:
                    continue
                if base == inverse.args[0] and (i != j or base.symmetric):
                    yield (at, other), (here[1 - i], there[1 - j], here[i]), []
                elif (rest := _rest(to, inverse.args[0], base, i, j)) is not None:
                    labels = (here[0], there[1 - j]) if i else (there[1 - j], here[1])
                    yield (at, other), here, [(apply(to, inverse.op, (), (rest,), rest.shape), ONE, labels)]


def _rest(to: Normal, matrix: Form, base: Form, i: int, j: int) -> Form | None:
    """A product of matrices without its first factor (``i`` = 1) or its last one (0), if that is a square ``base``, with its axis ``j`` outside."""
    if not isinstance(matrix, Product) or len(set(matrix.out)) != 2 or base.shape[0] != base.shape[1]:
        return None
    end = matrix.out[1 - i]
    for f in matrix.factors:
        inner = f.labels[1 - j] if f.base == base and f.power == 1 and f.labels[j] == end else end
        rest = [(g.base, g.power, g.labels) for g in matrix.factors if g is not f]
        uses = Counter(label for _, _, labels in rest for label in labels)
        if inner not in matrix.out and uses[inner] == 1 and not uses[end]:
            return to.product(rest, (inner, matrix.out[1]) if i else (matrix.out[0], inner), {}, matrix.coef)
    return None
