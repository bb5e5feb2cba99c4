"""Whole powers of lengths, which have derivatives at the zero vector though the lengths have none: of norms, and of their multiples."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from calclang.ir.contract import is_power_of_two
from calclang.ir.node import Node
from calclang.ops.arithmetic import div, mul, power
from calclang.ops.base import Pattern, Row, custom
from calclang.ops.contraction import CONTRACT, contract, scale
from calclang.ops.planar import hypot
from calclang.ops.signs import cancelled, unsigned
from calclang.ops.structure import stack
from calclang.ops.vectors import frobenius, length, norm, raised
from calclang.record import record

LARGEST = 1e150  # the square of a factor is a number


def _norm_power(xp: Any, x: Any, p: float, c: float = 1.0, d: float = 1.0) -> Any:
    """(c |x| / d)^p, the power of a multiple rounded as a person writes it."""
    return length(xp, x, p) if c == d == 1 else raised(xp, c * length(xp, x) / d, p)


def _frobenius_power(xp: Any, x: Any, *params: float) -> Any:
    return _norm_power(xp, xp.reshape(x, (*xp.shape(x)[:-2], -1)), *params)


def _slope(axes: str) -> Any:
    """p (c/d)^2 (c |x| / d)^(p-2) x: nothing is divided by |x|, so that it is right at zero, and so are the derivatives of it that exist there."""

    def pattern(x: Node, y: Node, p: float, c: float = 1.0, d: float = 1.0) -> Pattern:
        rest = () if p == 2 else (Multiple(ROOTS[y.op.name](x), c, d).to(p - 2),)
        return Pattern((*rest, x), (*("" for _ in rest), axes), "", axes, p * (c / d) ** 2)

    return pattern


def _series(x: Node, y: Node, p: float, c: float = 1.0, d: float = 1.0) -> Node:
    """By products: of x'*x, and of one length where p is odd."""
    axes = tuple(range(x.rank))
    squares = contract([x, x], [axes, axes], (), coef=(c / d) ** 2)
    even = power(squares, params=(p // 2,))
    return even if p % 2 == 0 else mul(even, Multiple(ROOTS[y.op.name](x), c, d).node())


def _power_row(root: Row, evaluate: Callable[..., Any], labels: str, signature: str, words: str) -> Row:
    """The row of whole powers of a length."""
    return custom(
        f"{root.name}_power",
        eval=evaluate,
        pattern=_slope(labels),
        signature=signature,
        facts={"series": _series, "formula": lambda x, y, p, c=1.0, d=1.0: power(Multiple(root(x), c, d).node(), params=(p,))},
        show="norm({})",
        hidden=True,
        doc=f"A whole power p >= 2 of a multiple c/d of {words}.",
    )


norm_power = _power_row(norm, _norm_power, "i", "(n)->()", "the Euclidean length of a vector")
frobenius_power = _power_row(frobenius, _frobenius_power, "ij", "(m,n)->()", "the root of the sum of the squares of all elements of a matrix")
POWERS = {"norm": norm_power, "frobenius": frobenius_power}
ROOTS = {"norm_power": norm, "frobenius_power": frobenius}
LENGTHS = frozenset({"norm", "frobenius", "abs", "hypot"})


@record
class Multiple:
    """A node as c*y/d with numbers c and d, computed in this order."""

    root: Node
    c: float = 1.0
    d: float = 1.0

    def node(self) -> Node:
        """c*y/d."""
        made = self.root if self.c == 1 else scale(self.c, self.root)
        return made if self.d == 1 else div(made, self.d)

    def to(self, p: float) -> Node:
        """Power p: of a length from 2 on a row of its own."""
        factors = () if self.c == self.d == 1 else (self.c, self.d)
        if p == 1 or self.root.op.name not in POWERS:
            return self.node() if p == 1 else power(self.node(), params=(p,))
        return POWERS[self.root.op.name](*self.root.inputs, params=(p, *factors))


def _multiple(y: Node) -> Multiple:
    """A length with the numbers by which it is multiplied and divided; of anything else itself."""
    c = d = 1.0
    root = y
    if root.op is div and root.inputs[1].value is not None:
        root, d = root.inputs[0], root.inputs[1].value
    if root.op is CONTRACT and len(root.inputs) == 1 and not root.rank and not root.inputs[0].rank:
        root, c = root.inputs[0], root.params[0].coef
    if root.op is hypot and not root.rank:
        root = norm(stack(*root.inputs, params=(0,)))
    usual = all(1 / LARGEST < factor < LARGEST for factor in (c, d)) and 1 / LARGEST < c / d < LARGEST
    return Multiple(root, float(c), float(d)) if root.op.name in POWERS and usual else Multiple(y)


def length_power(y: Node, p: float) -> Node:
    """y^p for a number p. Whole powers from 2 on of a length, or of a multiple of one, have derivatives of their own, also at the zero vector, and even
    ones of an absolute value are those of the number.

    >>> from calclang.ir.apply import input_node
    >>> from calclang.ir.node import Symbol
    >>> from calclang.ops.rounding import absolute
    >>> x, t = input_node(Symbol("x"), (3,)), input_node(Symbol("t"), ())
    >>> length_power(norm(x), 2).op.name, length_power(norm(x) / 3, 2).op.name, length_power(norm(x), 0.5).op.name, length_power(norm(x), 1) is norm(x)
    ('norm_power', 'norm_power', 'power', True)
    >>> length_power(absolute(t), 2) is length_power(t, 2)
    True
    """
    if p < 2 or p % 1:
        return y if p == 1 and y.op.name in POWERS else power(y, params=(p,))
    return _multiple(unsigned(y) if p % 2 == 0 else y).to(p)


def times(a: Node, b: Node) -> Node:
    """The product a*b element by element: of a length and itself, or of powers of one, its power.

    >>> from calclang.ir.apply import input_node
    >>> from calclang.ir.node import Symbol
    >>> x = input_node(Symbol("x"), (3,))
    >>> times(norm(x), norm(x)) is length_power(norm(x), 2), times(norm(x), length_power(norm(x), 2)) is length_power(norm(x), 3)
    (True, True)
    """
    (c, a_rest), (d, b_rest) = _doubled(a), _doubled(b)
    (root, p), (other, q) = _root_of(a_rest), _root_of(b_rest)
    if root is not other or _multiple(root).root.op.name not in LENGTHS:
        return mul(*(cancelled(a, b) or (a, b)))
    return scale(c * d, length_power(root, p + q))


def _doubled(y: Node) -> tuple[float, Node]:
    """A node as a power of two, which multiplies exactly, times the rest."""
    if y.op is CONTRACT and len(y.inputs) == 1 and is_power_of_two(c := y.params[0].coef) and y.inputs[0].shape == y.shape and not y.rank:
        return c, y.inputs[0]
    return 1.0, y


def _root_of(y: Node) -> tuple[Node, float]:
    """The length, or multiple of one, that a node is a power of, and which one."""
    if y.op.name not in ROOTS:
        return y, 1.0
    p, *factors = y.params
    return Multiple(ROOTS[y.op.name](*y.inputs), *factors).node(), p


__all__ = ["frobenius_power", "length_power", "norm_power", "times"]
