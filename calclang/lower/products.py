"""The operators of the language on arrays with an orientation: which contraction each product is, and what is refused."""

from __future__ import annotations

from math import isfinite

from calclang import errors
from calclang.ir.dim import Dim, known
from calclang.ir.node import Node
from calclang.lower.conditions import INVERSE, SOLUTION
from calclang.lower.lowered import Arr
from calclang.lower.trace import Trace
from calclang.ops import ROWS
from calclang.ops.contraction import contract, identity, scale
from calclang.ops.lengths import length_power, times
from calclang.source import Span

FOR_ARRAYS = (".+", ".-", ".*", "./", ".^", "@")

# left kind, right kind -> labels of left, right, result; whether the result is a row
PRODUCTS: dict[tuple[str, str], tuple[str, str, str, bool]] = {
    ("vector", "row"): ("i", "j", "ij", False),
    ("row", "vector"): ("i", "i", "", False),
    ("row", "matrix"): ("i", "ij", "j", True),
    ("matrix", "vector"): ("ij", "j", "i", False),
    ("matrix", "matrix"): ("ij", "jk", "ik", False),
}


def numeric(x: Arr, op: str, span: Span | None) -> Arr:
    """The operand, unless it is a truth value."""
    if x.node.boolean:
        raise errors.boolean_operand(op, span).about(x)
    return x


def product(op: str, a: Arr, b: Arr, sa: Span | None, sb: Span | None) -> Arr:
    """``a * b`` and ``a @ b``."""
    a, b = numeric(a, op, sa), numeric(b, op, sb)
    if a.rank == 0 or b.rank == 0:
        return Arr(times(a.node, b.node), a.row or b.row)
    rule = PRODUCTS.get((a.kind, b.kind))
    if rule is None:
        raise errors.no_product(a.words(), b.words(), a.kind, b.kind, sa, sb)
    left, right, out, row = rule
    size: dict[str, Dim] = {}
    for label, dim in [*zip(left, a.shape, strict=True), *zip(right, b.shape, strict=True)]:
        if size.setdefault(label, dim) != dim:
            raise errors.product_sizes(a.words(), b.words(), size[label], dim, sa, sb).of_sizes((size[label], dim))
    return Arr(contract([a.node, b.node], [left, right], out), row)


def summed(op: str, a: Arr, b: Arr, sa: Span | None, sb: Span | None) -> Arr:
    """``a + b`` and ``a - b``: equal kinds and shapes, or one scalar."""
    a, b = numeric(a, op, sa), numeric(b, op, sb)
    if a.rank and b.rank and (a.shape != b.shape or a.row != b.row):
        raise errors.sum_shapes(op, a.words(), b.words(), difference(a, b), sa, sb).of_sizes(*_pairs(a, b))
    return Arr(ROWS["add" if op == "+" else "sub"](a.node, b.node), a.row or b.row)


def _pairs(a: Arr, b: Arr) -> list[tuple[Dim, Dim]]:
    """The sizes of two arrays of one kind, axis by axis."""
    return list(zip(a.shape, b.shape, strict=True)) if a.rank == b.rank and a.row == b.row else []


def difference(a: Arr, b: Arr) -> str:
    """What differs, in words."""
    if a.rank != b.rank or a.row != b.row:
        return "one is a " + a.kind + ", the other a " + b.kind
    axes = {1: ["lengths"], 2: ["numbers of rows", "numbers of columns"]}.get(a.rank, [f"sizes along axis {i + 1}" for i in range(a.rank)])
    return "; ".join(f"the {axis} {m} and {n} differ" for axis, m, n in zip(axes, a.shape, b.shape, strict=True) if m != n)


def stretched(op: str, a: Arr, b: Arr, sa: Span | None, sb: Span | None) -> tuple[Node, Node, bool]:
    """Both operands of a dotted form in one shape; a vector counts as n×1, a row as 1×n. And whether that is a row."""
    if not a.rank or not b.rank or (a.shape == b.shape and a.row == b.row):
        return a.node, b.node, (a.row or b.row) and max(a.rank, b.rank) == 1
    la, lb, out = _axes(a, b, op, sa, sb)
    size: dict[str, Dim] = {}
    for labels, arr in ((la, a), (lb, b)):
        size |= {l: d for l, d in zip(labels, arr.shape, strict=True) if l in out}
    return contract([a.node], [la], out, size), contract([b.node], [lb], out, size), a.row and b.row


def _axes(a: Arr, b: Arr, op: str, sa: Span | None, sb: Span | None) -> tuple[list[str], list[str], list[str]]:
    """Labels of the axes of both and of the result; an axis of length 1 stretches (and is summed: one term)."""
    left, right = _two_axes(a), _two_axes(b)
    if len(left) != len(right):
        raise errors.sum_shapes(op, a.words(), b.words(), difference(a, b), sa, sb)
    out = []
    la: list[str] = []
    lb: list[str] = []
    for axis, (m, n) in enumerate(zip(left, right, strict=True)):
        if m is None and n is None:  # two vectors, or two rows
            continue
        label = f"o{axis}"
        if m is not None and n is not None and m != n and 1 not in (m, n):
            raise errors.sum_shapes(op, a.words(), b.words(), f"the sizes {m} and {n} differ", sa, sb).of_sizes((m, n))
        out.append(label)
        la += [] if m is None else [label if m == n or n in (None, 1) else f"a{axis}"]
        lb += [] if n is None else [label if m == n or m in (None, 1) else f"b{axis}"]
    return la, lb, out


def _two_axes(x: Arr) -> list[Dim | None]:
    """The axes of a vector as n×1, of a row as 1×n; None for the axis of length 1 that is not there."""
    if x.rank == 1:
        return [None, x.shape[0]] if x.row else [x.shape[0], None]
    return list(x.shape)


def elementwise(op: str, a: Arr, b: Arr, sa: Span | None, sb: Span | None) -> Arr:
    """``.+ .- .* ./``, and ``/`` by a scalar."""
    a, b = numeric(a, op, sa), numeric(b, op, sb)
    x, y, row = stretched(op, a, b, sa, sb)
    if op == ".*":
        return Arr(times(x, y), row)
    return Arr(ROWS[{".+": "add", ".-": "sub"}.get(op, "div")](x, y), row)


def quotient(a: Arr, b: Arr, sa: Span | None, sb: Span | None) -> Arr:
    """``a / b``: b is a scalar."""
    if b.rank:
        raise errors.divide_by_array(a.words(), b.words(), b.kind, sa, sb)
    return elementwise("/", a, b, sa, sb)


def square(a: Arr) -> list[tuple[Dim, Dim]]:
    """The sizes that are equal in a square matrix."""
    return [(a.shape[0], a.shape[1])] if a.rank == 2 else []


def solve(trace: Trace, a: Arr, b: Arr, sa: Span | None, sb: Span | None) -> Arr:
    """``A \\ b``: the solution x of A x = b; of a tall matrix the least squares, of a wide one the shortest."""
    a, b = as_matrix(numeric(a, "\\", sa)), numeric(b, "\\", sb)
    if a.rank == 0:
        return elementwise("/", b, a, sb, sa)
    if a.rank != 2:
        raise errors.argument_kind("\\", 0, "a matrix", a.words(), sa)
    if b.row or b.rank not in (1, 2) or b.shape[0] != a.shape[0]:
        raise errors.product_sizes(a.words(), b.words(), a.shape[0], b.shape[0] if b.rank else 0, sa, sb).of_sizes((a.shape[0], b.shape[0] if b.rank else 0))
    trace.records.inverted(SOLUTION, a.node)
    if b.rank == 1:
        return Arr(_solution(a.node, b.node))
    return Arr(contract([_solution(a.node, contract([b.node], ["ij"], "ji"))], ["ij"], "ji"))


def _solution(a: Node, b: Node) -> Node:
    """Of one right side, or of several, one a row. Where it is not known yet which side is the longer one, by the pseudoinverse."""
    if a.shape[0] == a.shape[1]:
        return ROWS["solve"](a, b)
    if known(a.shape):
        return ROWS["least_squares"](a, b)
    return contract([ROWS["pinv"](a), b], ["ij", "kj" if b.rank > 1 else "j"], "ki" if b.rank > 1 else "i")


def as_matrix(x: Arr) -> Arr:
    """A vector with one element as the 1×1 matrix that it looks like; anything else as it is."""
    return Arr(ROWS["reshape"](x.node, params=(1, (1, 1)))) if x.kind == "vector" and x.shape == (1,) else x


def powered(trace: Trace, a: Arr, b: Arr, sa: Span | None, sb: Span | None) -> Arr:
    """``a ^ b``: numbers, or a matrix to a whole power."""
    a, b = numeric(a, "^", sa), numeric(b, "^", sb)
    if b.rank:
        raise errors.array_power(a.words(), b.words(), sa)
    if a.rank == 0 or (a.kind == "vector" and a.shape == (1,)):  # [a] serves as the 1×1 matrix that it looks like
        return Arr(power_node(a.node, b.node))
    if a.rank != 2:
        raise errors.array_power(a.words(), b.words(), sa)
    if a.shape[0] != a.shape[1]:
        raise errors.needs_square("^", a.words(), sa).of_sizes(*square(a))
    trace.must_not_vary(b.node, "the power of a matrix", sb)
    exponent = trace.decide(b.node)
    if not isfinite(exponent) or exponent != int(exponent):
        raise errors.whole_power(exponent, sb)
    if exponent < 0:
        trace.records.inverted(INVERSE, a.node, ROWS["inv"](a.node))
    return Arr(_matrix_power(a.node, int(exponent)))


def _matrix_power(a: Node, n: int) -> Node:
    """Repeated squaring."""
    if n == 0:
        return identity((a.shape[0],))
    base = ROWS["inv"](a) if n < 0 else a
    result: Node | None = None
    for bit in reversed(bin(abs(n))[2:]):
        if bit == "1":
            result = base if result is None else contract([result, base], ["ij", "jk"], "ik")
        base = contract([base, base], ["ij", "jk"], "ik")
    assert result is not None
    return result


def power_node(x: Node, n: Node) -> Node:
    """x^n elementwise; an exponent that the program does not vary is a parameter of the row (no logarithm in its derivative)."""
    if n.value is not None and n.shape == ():
        return length_power(x, n.value)
    return ROWS["pow"](x, n)


def dotted_power(a: Arr, b: Arr, sa: Span | None, sb: Span | None) -> Arr:
    """``a .^ b``."""
    a, b = numeric(a, ".^", sa), numeric(b, ".^", sb)
    if b.rank == 0:
        return Arr(power_node(a.node, b.node), a.row)
    x, y, row = stretched(".^", a, b, sa, sb)
    return Arr(ROWS["pow"](x, y), row)


def joined(op: str, a: Arr, b: Arr, sa: Span | None, sb: Span | None) -> Arr:
    """``and``, ``or`` of truth values and masks; masks must be of one shape."""
    if a.rank and b.rank and (a.shape, a.row) != (b.shape, b.row):
        raise errors.sum_shapes(op, a.words(), b.words(), difference(a, b), sa, sb).of_sizes(*_pairs(a, b))
    return Arr(ROWS["both" if op == "and" else "either"](a.node, b.node), a.row or b.row)


def negative(a: Arr, span: Span | None) -> Arr:
    """``-a``."""
    return Arr(scale(-1.0, numeric(a, "-", span).node), a.row)


def transposed(a: Arr, span: Span | None) -> Arr:
    """``a'`` of an array."""
    if a.rank < 2:
        return Arr(a.node, a.rank == 1 and not a.row)
    if a.rank > 2:
        raise errors.tensor_transpose(a.words(), span)
    return Arr(contract([a.node], ["ij"], "ji"))
