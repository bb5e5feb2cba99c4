"""A function traced at twins, as the rules of differentiation see it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any

from calclang import errors
from calclang.ir.node import Node
from calclang.lower.lowered import Arr, Low, Tup, words
from calclang.lower.parts import leaves
from calclang.ops import ROWS
from calclang.record import record
from calclang.source import Span
from calclang.transforms.operators import Mode, jacobian


@record
class Point:
    """A function traced at twins: the arguments that are differentiated, their names, and the value.

    ``first``: the mode of the first of two sweeps, where it is another one. ``careful``: an infinite slope lies here (`transforms/supports.py`).
    """

    arguments: tuple[Arr, ...]
    twins: tuple[Node, ...]
    names: tuple[str, ...]
    value: Low
    span: Span
    operator: str
    function: str
    mode: Mode
    options: Mapping[str, Any]
    first: Mode
    careful: bool = False

    @property
    def scalars(self) -> bool:
        """Whether several scalar arguments count as one vector."""
        return len(self.twins) > 1 and all(not t.rank for t in self.twins)

    @property
    def lone(self) -> bool:
        """Whether there is one argument."""
        return len(self.twins) == 1

    def slopes(self, output: Node, mode: Mode | None = None) -> list[Node]:
        """The derivatives of a node by each argument."""
        return jacobian(output, self.twins, mode or self.mode, self.careful)

    @cached_property
    def halfway(self) -> list[Node]:
        """The derivatives of the value by each argument: what a second derivative is the derivative of."""
        return self.slopes(self.result().node, self.first)

    def outputs(self) -> list[Node]:
        """The arrays of the value, of which there must be some."""
        found = leaves(self.value)
        if not found:
            raise errors.cannot_differentiate(self.operator, self.function, words(self.value), self.span)
        return found

    def result(self) -> Arr:
        """The value as one array."""
        made = one_array(self.value)
        if made is None:
            raise errors.cannot_differentiate(self.operator, self.function, words(self.value), self.span)
        return made

    def scalar(self) -> Node:
        """The value, which must be a scalar."""
        result = self.result()
        if result.rank:
            raise errors.needs_scalar_value(self.operator, self.function, result.words(), self.span)
        return result.node


def one_array(value: Low) -> Arr | None:
    """A value as one array of numbers: a tuple of scalars counts as a vector. None for other values."""
    if isinstance(value, Tup) and all(isinstance(p, Arr) and not p.rank for p in value.parts):
        return Arr(ROWS["stack"](*(p.node for p in value.parts if isinstance(p, Arr)), params=(0,)))
    return value if isinstance(value, Arr) and not value.node.boolean else None
