"""Shape signatures: ``"(m,k),(k,n)->(m,n)"`` gives arity, inference and the words of a shape error.

Leading extra axes (batches) are allowed on arguments and are the same on the result; at most one run of them.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from calclang.ir.dim import Dim, Shape, show_shape
from calclang.record import record

if TYPE_CHECKING:
    from calclang.ir.node import Node


@record
class Signature:
    arguments: tuple[tuple[str, ...], ...]
    result: tuple[str, ...]


class Mismatch(Exception):
    """Shapes that do not fit a signature: which argument, what it should be, what it is."""

    def __init__(self, argument: int, expected: str, shape: Shape) -> None:
        super().__init__(f"argument {argument + 1} should be {expected}, but is in {show_shape(shape)}")
        self.argument, self.expected, self.shape = argument, expected, shape


@cache
def parse(text: str) -> Signature:
    """Read ``"(n,n),(n)->(n)"``; ``()`` is a scalar, a number an axis of that length."""
    left, right = text.split("->")
    groups = [tuple(filter(None, part.strip("() ").split(","))) for part in left.split("),") if part.strip()]
    return Signature(tuple(groups), tuple(filter(None, right.strip("() ").split(","))))


def infer(text: str, inputs: tuple[Node, ...]) -> Shape:
    """The shape of the result. Raises `Mismatch`."""
    signature = parse(text)
    found: dict[str, Dim] = {}
    batch: Shape = ()
    for number, (names, node) in enumerate(zip(signature.arguments, inputs, strict=True)):
        lead = node.rank - len(names)
        if lead < 0:
            raise Mismatch(number, describe(names), node.shape)
        batch = max(batch, node.shape[:lead], key=len)
        for name, size in zip(names, node.shape[lead:], strict=True):
            if found.setdefault(name, int(name) if name.isdigit() else size) != size:
                raise Mismatch(number, describe(names, found), node.shape)
    return batch + tuple(int(name) if name.isdigit() else found[name] for name in signature.result)


def describe(names: tuple[str, ...], found: dict[str, Dim] | None = None) -> str:
    """In words: ``a vector in R^3``, ``a square matrix``."""
    sizes = [str((found or {}).get(name, name)) for name in names]
    if len(names) == 2 and names[0] == names[1]:
        return "a square matrix"
    nouns = {0: "a scalar", 1: "a vector", 2: "a matrix"}
    noun = nouns.get(len(names), "a tensor")
    return noun if not names else f"{noun} in R^{sizes[0] if len(sizes) == 1 else '(' + '×'.join(sizes) + ')'}"
