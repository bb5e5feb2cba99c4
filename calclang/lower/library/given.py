"""The arguments of a built-in, and the table that built-ins are entered into."""

from __future__ import annotations

from collections.abc import Callable
from math import inf
from typing import TYPE_CHECKING, Any

from calclang import errors
from calclang.errors import CalcError
from calclang.ir.dim import Dim, product
from calclang.ir.node import Node
from calclang.lower import products
from calclang.lower.arrays import dim_of
from calclang.lower.calls import function_for
from calclang.lower.idle import idles
from calclang.lower.lowered import Arr, Builtin, Fn, Low, Terms
from calclang.ops import ROWS
from calclang.record import record
from calclang.source import Span

if TYPE_CHECKING:
    from calclang.lower.evaluate import Lowering


TABLE: dict[str, Builtin] = {}


@record
class Given:
    """The arguments of a built-in, asked for by what they should be."""

    name: str
    lowering: Lowering
    arguments: tuple[Low, ...]
    options: dict[str, Any]
    span: Span

    def __len__(self) -> int:
        return len(self.arguments)

    def misfit(self, k: int, wanted: str, got: str) -> CalcError:
        """The error of an argument that should be something else."""
        return errors.argument_kind(self.name, k, wanted, got, self.span).about(self.arguments[k])

    def array(self, k: int) -> Arr:
        return products.numeric(self.lowering.array(self.arguments[k], self.span, self.name), self.name, self.span)

    def entire(self, k: int) -> Arr:
        """An array that is taken with all its elements, where a number counts as an array with one element."""
        array = self.array(k)
        idles(self.lowering.trace, array.node)
        return array

    def terms(self, k: int) -> Terms:
        """The terms of a comprehension without brackets, or the elements of an array."""
        array = self.entire(k)
        return array if isinstance(array, Terms) else Terms(array.node, axes=array.rank)

    def vector(self, k: int) -> Arr:
        array = self.array(k)
        if array.rank != 1:
            raise self.misfit(k, "a vector", array.words())
        return array

    def matrix(self, k: int) -> Arr:
        """A matrix; a vector with one element serves as the 1×1 matrix that it looks like."""
        array = products.as_matrix(self.array(k))
        if array.rank != 2:
            raise self.misfit(k, "a matrix", array.words())
        return array

    def upright(self, k: int) -> Arr:
        """A matrix; a vector as one column, a row as one row."""
        array = self.array(k)
        if array.rank != 1:
            return self.matrix(k)
        shape = (1, array.shape[0]) if array.row else (array.shape[0], 1)
        return Arr(ROWS["reshape"](array.node, params=(1, shape)))

    def square(self, k: int) -> Arr:
        array = self.matrix(k)
        if array.shape[0] != array.shape[1]:
            raise errors.needs_square(self.name, array.words(), self.span).of_sizes(*products.square(array)).about(self.arguments[k])
        return array

    def truth(self, k: int) -> Arr:
        return self.lowering.truth(self.arguments[k], self.span)

    def number(self, k: int) -> float:
        return self.lowering.number(self.arguments[k], self.span, self.name)

    def function(self, k: int) -> Fn:
        return function_for(self.name, self.arguments[k], self.span)

    def size(self, k: int) -> Dim:
        """A size: a whole number >= 0, or a dimension name."""
        low = self.arguments[k]
        if isinstance(low, Arr) and low.node.value is None and (dim := dim_of(low.node)) is not None:
            return dim
        value = self.number(k)
        if value == inf:
            raise errors.too_many_elements_inf(self.span)
        if not (value >= 0 and value == int(value)):
            raise errors.bad_count(self.name, value, self.span).about(low)
        return int(value)


Body = Callable[[Given], Any]


def builtin(signature: str, doc: str, example: str, *, least: int, most: int | None = -1, options: tuple[str, ...] = (), group: str = "") -> Callable[[Body], Body]:  # fmt: skip
    """Enter a function into the table; its name stands in the signature."""
    name = signature.split("(")[0]

    def enter(body: Body) -> Body:
        def call(lowering: Lowering, arguments: tuple[Low, ...], given: dict[str, Any], span: Span) -> Any:
            return body(Given(name, lowering, arguments, given, span))

        TABLE[name] = Builtin(name, call, least, least if most == -1 else most, signature, doc, example, options, group)
        return body

    return enter


def flat(x: Arr) -> Node:
    """All elements as one vector."""
    return x.node if x.rank == 1 else ROWS["reshape"](x.node, params=(x.rank, (product(x.shape),)))
