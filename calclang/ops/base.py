"""The constructors of rows. One per kind of behaviour; each refuses an incomplete row."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from calclang.ir.apply import apply, const
from calclang.ir.dim import Shape
from calclang.ir.node import Node
from calclang.ir.op import Op, Pattern
from calclang.ir.signature import Mismatch
from calclang.ops.contraction import CONTRACT, contract, stretch
from calclang.record import record

ROWS: dict[str, Row] = {}


@record(eq=False, kw_only=True)
class Row(Op):
    """A primitive operation that is called like a function: ``sin(x)`` makes a node.

    Numbers are lifted to constants; an elementwise row stretches scalars to the shape of its other arguments, explicitly.
    """

    def __call__(self, *inputs: Node | float, params: tuple[Any, ...] = ()) -> Node:
        nodes = tuple(i if isinstance(i, Node) else const(i) for i in inputs)
        if self.shortcut is not None and (equal := self.shortcut(nodes, params)) is not None:
            return equal
        return apply(self, aligned(nodes) if self.kind == "fn" and len(nodes) > 1 else nodes, params)


def again(node: Node, inputs: Sequence[Node]) -> Node:
    """The operation of a node on other inputs of the same kinds, perhaps with extra axes; the node itself where they are its own."""
    if tuple(inputs) == node.inputs:
        return node
    if node.op is CONTRACT:
        spec = node.params[0]
        return contract(inputs, spec.labels, spec.out, dict(spec.free), spec.coef)
    assert isinstance(node.op, Row)  # what else there is are leaves, which have no inputs
    return node.op(*inputs, params=node.params)


def aligned(nodes: tuple[Node, ...]) -> tuple[Node, ...]:
    """Nodes of one shape: scalars stretched to the shape of the others."""
    shape = max((n.shape for n in nodes), key=len)
    return tuple(n if n.shape == shape else stretch(n, shape) for n in nodes)


def same_shape(inputs: tuple[Node, ...], params: tuple[Any, ...]) -> Shape:
    """The common shape of elementwise arguments."""
    shape = inputs[0].shape
    for number, other in enumerate(inputs):
        if other.shape != shape:
            raise Mismatch(number, "of the shape of the first", other.shape)
    return shape


def register(row: Row) -> Row:
    """Enter a row into the table. A name stands once."""
    if row.name in ROWS:
        raise ValueError(f"two rows are called {row.name}")
    if not row.doc:
        raise ValueError(f"the row {row.name} has no doc")
    if not row.hidden and not row.example:
        raise ValueError(f"the row {row.name} has no example")
    ROWS[row.name] = row
    return row


def fn(name: str, *, eval: Callable[..., Any], d: Any, **columns: Any) -> Row:
    """An elementwise row. ``d`` is one partial (or one per argument): ``d(*xs, y, *params)`` gives a node or a number.

    ``d = None`` says that the derivative is zero wherever it exists (``sign``, comparisons).
    """
    arity = columns.pop("arity", len(d) if isinstance(d, tuple) else 1)
    partials = d if isinstance(d, tuple) else (d,) * arity
    if len(partials) != arity:
        raise ValueError(f"the row {name} needs {arity} partials")
    return register(Row(name=name, kind="fn", eval=eval, arity=arity, partials=partials, shape=same_shape, **columns))


def linear(name: str, *, eval: Callable[..., Any], transpose: Any, arity: int | None = 1, **columns: Any) -> Row:
    """A row that is linear in all its arguments together: its own tangent. ``transpose(k, g, *xs, y, *params)`` gives
    the cotangent of argument k; ``g`` may have leading extra axes, and so may the arguments of ``eval``."""
    if "shape" not in columns and "signature" not in columns:
        raise ValueError(f"the row {name} does not say its shape")
    return register(Row(name=name, kind="linear", eval=eval, arity=arity, transposes=(transpose,), **columns))


def custom(name: str, *, eval: Callable[..., Any], pattern: Any = None, tangent: Any = None, transpose: Any = None, **columns: Any) -> Row:
    """Any other row: per argument a ``pattern(*xs, y, *params)``, or a ``tangent(dx, *xs, y, *params)``, with its
    ``transpose(g, *xs, y, *params)`` unless the tangent is written with other rows: then it is transposed by reverse mode.

    ``pattern`` may give several `Pattern`; their sum is meant.
    """
    patterns, tangents, transposes = (c if isinstance(c, tuple) else (c,) for c in (pattern, tangent, transpose))
    arity = columns.pop("arity", max(len(patterns), len(tangents)))
    if pattern is None and tangent is None:
        raise ValueError(f"the row {name} has neither a pattern nor a tangent")
    return register(
        Row(name=name, kind="custom", eval=eval, arity=arity, patterns=patterns, tangents=tangents, transposes=transposes, **columns)
    )


__all__ = ["ROWS", "Pattern", "Row", "again", "aligned", "custom", "fn", "linear", "register"]
