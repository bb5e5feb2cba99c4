"""The record of a primitive operation. Pure data: the rows are in ``ops/``, engines read them.

Extra axes. A sweep seeded with a symbolic identity carries extra axes: directions in forward mode, entries of the value
in reverse mode. They always *lead*: a tangent has shape ``dirs ++ shape(x)``, a cotangent ``outs ++ shape(y)``. So the rows that
are no index pattern (``linear``, and ``custom`` with a tangent) must accept leading axes in ``dx`` and ``g``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from calclang.ir.dim import Dim, Shape
from calclang.record import record

if TYPE_CHECKING:
    from calclang.ir.node import Node

OpKind: TypeAlias = Literal["leaf", "fn", "contract", "linear", "custom", "control"]


@dataclass(frozen=True)
class Pattern:
    """A local derivative dy/dx as a contraction that is never a node: spliced into a tangent or cotangent.

    ``factors`` carry ``labels``; ``value`` labels the axes of y and ``arg`` those of x. A label on both is a Kronecker delta.
    ``free`` has the sizes of labels that are summed and stand nowhere: such a sum counts its terms.
    """

    factors: tuple[Node, ...]
    labels: tuple[Sequence[Any], ...]
    value: Sequence[Any]
    arg: Sequence[Any]
    coef: float = 1.0
    free: tuple[tuple[Any, Dim], ...] = ()


def anywhere(*given: Any) -> bool:
    """``at`` of a kink that lies at every point."""
    return True


@record
class Kink:
    """Where the derivative in the row is a convention: ``at(*arrays, *params) -> mask``, and what is said (a sentence). Arrays may have leading
    axes, of turns or elements; then so has the mask.

    ``corner``: the value moves no faster than a constant times its arguments, so that what multiplies it by zero has a derivative.
    ``jump``: the value itself has a step, so that what multiplies it by zero, also to the first order, has a derivative.
    ``calm(slope, mask)``: of other rows, whether a function whose derivative by the value is ``slope`` has a derivative all the same.
    """

    at: Callable[..., Any]
    says: str
    corner: bool = False
    jump: bool = False
    calm: Callable[[Any, Any], Any] | None = None
    scalar: str = ""  # ``at`` as a Python expression over {0}, {1}, for compiled scalar code


@record(eq=False, kw_only=True)
class Op:
    """One row.

    ``eval(xp, *arrays, *params)`` works on arrays of the namespace ``xp`` (NumPy, ``jax.numpy``) with leading extra axes.
    ``shape(inputs, params)`` infers; ``signature`` (``"(n,n)->(n,n)"``) does where it can.
    """

    name: str
    kind: OpKind
    eval: Callable[..., Any]
    arity: int | None = 1
    signature: str = ""
    shape: Callable[[tuple[Node, ...], tuple[Any, ...]], Shape] | None = None
    # fn: one partial per argument, ``d(*xs, y, *params)`` -> node of the same shape; None where it is zero everywhere
    partials: tuple[Callable[..., Any] | None, ...] = ()
    # custom: ``pattern(*xs, y, *params)`` -> one or several `Pattern`
    patterns: tuple[Callable[..., Pattern | tuple[Pattern, ...]] | None, ...] = ()
    # linear and custom rows that are no pattern: ``tangent(dx, *xs, y, *params)``, ``transpose(g, *xs, y, *params)``
    tangents: tuple[Callable[..., Any] | None, ...] = ()
    transposes: tuple[Callable[..., Any] | None, ...] = ()
    fixed: tuple[int, ...] = ()  # arguments of a linear row that say where, not how much: nothing is differentiated by them
    taylor: Callable[..., Any] | None = None  # taylor(coefficients per argument so far, k, ys, *params) -> coefficient k
    boolean: bool = False  # the result is a mask
    reliable: bool = True  # NumPy's error flags tell of every nan and infinity born here
    hides_nan: bool = False  # a nan in an argument can vanish; what a choice did not choose does not count
    native: str = ""  # the name in Python's math module, where one line of it is the whole operation
    scalar: str = ""  # a Python expression over {0}, {1}, for scalar code where ``native`` does not do
    ieee: str = ""  # the same as IEEE answers, where ``native``/``scalar`` raise
    shortcut: Callable[[tuple[Node, ...], tuple[Any, ...]], Node | None] | None = None  # an equal node without arithmetic, or None
    domain: Any = None  # where it is defined, if elementwise: ops/domains.py
    partial: bool = False  # of a row on arrays: it is not defined everywhere, and a derivative may not notice
    kinks: tuple[Kink, ...] = ()
    show: str = ""  # how the language writes it, if not name(arguments)
    doc: str = ""
    example: str = ""
    # operations of a factorisation, as a multiple of m·n·min(m, n) of its last matrix axes (Golub, Van Loan, 2013), or that for min(m, n)
    work: float | Callable[[int], float] = 0.0
    hidden: bool = False  # no name in the language: made by derivatives only
    facts: dict[str, Any] = field(default_factory=dict)

    def operations(self, m: int, n: int) -> float:
        """Of a factorisation of an m×n matrix."""
        return (self.work(min(m, n)) if callable(self.work) else self.work) * m * n * min(m, n)

    def __repr__(self) -> str:
        return f"<op {self.name}>"
