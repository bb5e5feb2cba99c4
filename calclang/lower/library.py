"""What the language brings: every built-in name with its function, signature, one sentence and an example.

Elementwise functions come from the rows of ``ops/``; the rest is composed here of contractions and rows.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from math import e, inf, nan, pi, tau
from typing import TYPE_CHECKING, Any

import numpy as np

from calclang import errors
from calclang.ir.apply import const
from calclang.ir.dim import Dim, product
from calclang.ir.node import Node
from calclang.lower import control, derivatives, products, series
from calclang.lower.arrays import dim_of, size_node
from calclang.lower.lowered import FUNCTIONS, Arr, Builtin, Fn, Low, Rng, Tup, boolean, scalar, words
from calclang.ops import ROWS
from calclang.ops.base import aligned
from calclang.ops.contraction import contract, identity, mul, stretch
from calclang.ops.vectors import p_norm
from calclang.source import Span

if TYPE_CHECKING:
    from calclang.lower.evaluate import Lowering, Step

CONSTANTS: dict[str, tuple[float, str]] = {
    "pi": (pi, "Half a turn: circumference over diameter."),
    "tau": (tau, "A whole turn, 2*pi."),
    "e": (e, "Base of the natural logarithm."),
    "inf": (inf, "Infinity, as IEEE 754 has it."),
    "nan": (nan, "Not a number, as IEEE 754 has it."),
    "deg": (pi / 180, "One degree in radians: 30deg."),
}
TABLE: dict[str, Builtin] = {}


@dataclass(frozen=True)
class Given:
    """The arguments of a built-in, asked for by what they should be."""

    name: str
    lowering: Lowering
    arguments: tuple[Low, ...]
    options: dict[str, Any]
    span: Span

    def __len__(self) -> int:
        return len(self.arguments)

    def array(self, k: int) -> Arr:
        return products.numeric(self.lowering.array(self.arguments[k], self.span, self.name), self.name, self.span)

    def vector(self, k: int) -> Arr:
        array = self.array(k)
        if array.rank != 1:
            raise errors.argument_kind(self.name, k, "a vector", array.words(), self.span)
        return array

    def matrix(self, k: int) -> Arr:
        array = self.array(k)
        if array.rank != 2:
            raise errors.argument_kind(self.name, k, "a matrix", array.words(), self.span)
        return array

    def square(self, k: int) -> Arr:
        array = self.matrix(k)
        if array.shape[0] != array.shape[1]:
            raise errors.needs_square(self.name, array.words(), self.span)
        return array

    def truth(self, k: int) -> Arr:
        return self.lowering.truth(self.arguments[k], self.span)

    def number(self, k: int) -> float:
        return self.lowering.number(self.arguments[k], self.span, self.name)

    def function(self, k: int) -> Fn:
        if not isinstance(self.arguments[k], FUNCTIONS):
            raise errors.needs_function(self.name, words(self.arguments[k]), self.span)
        return self.lowering.function(self.arguments[k], self.span)

    def size(self, k: int) -> Dim:
        """A size: a whole number >= 0, or a dimension name."""
        low = self.arguments[k]
        if isinstance(low, Arr) and low.node.value is None and (dim := dim_of(low.node)) is not None:
            return dim
        value = self.number(k)
        if value == inf:
            raise errors.too_many_elements_inf(self.span)
        if not (value >= 0 and value == int(value)):
            raise errors.bad_count(self.name, value, self.span)
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


@cache
def elementwise(name: str) -> Builtin | None:
    """The built-in of an elementwise row."""
    row = ROWS.get(name)
    if row is None or row.hidden or row.kind != "fn" or row.arity is None:
        return None

    def call(lowering: Lowering, arguments: tuple[Low, ...], given: dict[str, Any], span: Span) -> Low:
        args = Given(name, lowering, arguments, given, span)
        if len(args) == 1:
            x = args.array(0)
            return Arr(row(x.node), x.row)
        a, b, is_row = products.stretched(name, args.array(0), args.array(1), span, span)
        return Arr(row(a, b), is_row)

    signature = f"{name}({', '.join('xyz'[: row.arity])})"
    return Builtin(name, call, row.arity, row.arity, signature, row.doc, row.example, (), "elementwise")


@cache
def find(name: str) -> Low | None:
    """What a name means in the language; None if it brings no such name."""
    if name in CONSTANTS:
        return scalar(CONSTANTS[name][0])
    return TABLE.get(name) or elementwise(name)


@cache
def names() -> tuple[str, ...]:
    """Every name of the language."""
    return tuple(sorted({*CONSTANTS, *TABLE, *(n for n in ROWS if elementwise(n) is not None)}))


# ---- making arrays ----------------------------------------------------------------------------------


def _filled(given: Given, value: float) -> Arr:
    shape = tuple(given.size(k) for k in range(len(given)))
    return Arr(contract([], [], range(len(shape)), dict(enumerate(shape)), value) if shape else const(value))


@builtin("zeros(m, …)", "An array of zeros: zeros(3) a vector, zeros(2, 3) a matrix.", "zeros(2, 3)", least=1, most=None, group="making")
def zeros(given: Given) -> Arr:
    return _filled(given, 0.0)


@builtin("ones(m, …)", "An array of ones.", "ones(3)", least=1, most=None, group="making")
def ones(given: Given) -> Arr:
    return _filled(given, 1.0)


@builtin("eye(n)", "The identity matrix; eye(m, n) has ones on its main diagonal.", "eye(2)", least=1, most=2, group="making")
def eye(given: Given) -> Arr:
    m, n = given.size(0), given.size(len(given) - 1)
    if m == n:
        return Arr(identity((m,)))
    if not isinstance(m, int) or not isinstance(n, int):
        raise errors.needs_square("eye", f"R^({m}×{n})", given.span)
    return Arr(const(np.eye(m, n)))


@builtin("diag(x)", "A vector as a diagonal matrix; the diagonal of a matrix as a vector.", "diag([1, 2])", least=1, group="making")
def diag(given: Given) -> Arr:
    x = given.array(0)
    if x.rank == 1:
        return Arr(contract([x.node], ["i"], "ii"))
    return Arr(contract([given.square(0).node], ["ii"], "i"))


@builtin("linspace(a, b, n)", "n numbers from a to b, both included, equally spaced.", "linspace(0, 1, 5)", least=2, most=3, group="making")
def linspace(given: Given) -> Arr:
    a, b = given.array(0), given.array(1)
    n = control.whole(given.lowering, given.arguments[2], given.span, "the number of points") if len(given) == 3 else 100
    if a.rank or b.rank:
        raise errors.argument_kind("linspace", 0 if a.rank else 1, "a scalar", (a if a.rank else b).words(), given.span)
    t = const(np.linspace(0.0, 1.0, n))
    return Arr(products.summed("+", Arr(mul(1.0 - t, a.node)), Arr(mul(t, b.node)), None, None).node)


@builtin("stack(A, B, …)", "Arrays of one shape, put together along a new first axis.", "stack([1, 2; 3, 4], [5, 6; 7, 8])", least=1, most=None, group="making")  # fmt: skip
def stack(given: Given) -> Arr:
    parts = [given.array(k) for k in range(len(given))]
    for k, part in enumerate(parts):
        if part.shape != parts[0].shape:
            raise errors.argument_kind("stack", k, f"in {parts[0].words()} like the first", part.words(), given.span)
    return Arr(ROWS["stack"](*(p.node for p in parts), params=(parts[0].rank,)))


@builtin("reshape(x, m, …)", "The same elements in another shape, columns first.", "reshape([1, 2, 3, 4], 2, 2)", least=2, most=None, group="making")  # fmt: skip
def reshape(given: Given) -> Arr:
    x = given.array(0)
    shape = tuple(given.size(k) for k in range(1, len(given)))
    if product(shape) != product(x.shape):
        raise errors.reshape_size(x.words(), str(product(x.shape)), str(product(shape)), given.span)
    flat = ROWS["reshape"](_reversed_axes(x.node), params=(x.rank, shape[::-1]))
    return Arr(_reversed_axes(flat))


def _reversed_axes(node: Node) -> Node:
    """All axes in the other order: columns first becomes rows first."""
    axes = tuple(range(node.rank))
    return contract([node], [axes], axes[::-1])


@builtin("vec(A)", "The columns of a matrix, stacked into one vector.", "vec([1, 2; 3, 4])", least=1, group="making")
def vec(given: Given) -> Arr:
    x = given.array(0)
    return Arr(ROWS["reshape"](_reversed_axes(x.node), params=(x.rank, (product(x.shape),))))


# ---- sizes --------------------------------------------------------------------------------------------


@builtin("size(x)", "The sizes of all axes as a vector; size(A, 1) of one axis.", "size([1, 2; 3, 4])", least=1, most=2, group="sizes")
def size(given: Given) -> Arr:
    shape = given.lowering.array(given.arguments[0], given.span, "size").shape
    if len(given) == 2:
        axis = control.whole(given.lowering, given.arguments[1], given.span, "the axis")
        if not 1 <= axis <= len(shape):
            raise errors.index_outside(float(axis), len(shape), given.span)
        return size_node(shape[axis - 1])
    return Arr(ROWS["stack"](*(size_node(d).node for d in shape), params=(0,))) if shape else Arr(const(np.zeros(0)))


@builtin("length(x)", "How many elements a vector, range or tuple has.", "length([1, 2, 3])", least=1, group="sizes")
def length(given: Given) -> Arr:
    low = given.arguments[0]
    if isinstance(low, Tup):
        return scalar(len(low.parts))
    if isinstance(low, Rng):
        return scalar(len(low.value))
    return size_node(product(given.lowering.array(low, given.span, "length").shape))


# ---- reductions -----------------------------------------------------------------------------------------


def _flat(x: Arr) -> Node:
    """All elements as one vector."""
    return x.node if x.rank == 1 else ROWS["reshape"](x.node, params=(x.rank, (product(x.shape),)))


@builtin("sum(x)", "The sum of all elements.", "sum([1, 2, 3])", least=1, group="reductions")
def total(given: Given) -> Arr:
    x = given.array(0)
    return Arr(contract([x.node], [tuple(range(x.rank))], ()))


@builtin("mean(x)", "The average of all elements.", "mean([1, 2, 6])", least=1, group="reductions")
def mean(given: Given) -> Arr:
    x = given.array(0)
    return Arr(_mean(x.node, given))


def _mean(x: Node, given: Given) -> Node:
    if product(x.shape) == 0:
        raise errors.empty_reduction(given.name, given.span)
    return contract([x], [tuple(range(x.rank))], ()) / size_node(product(x.shape)).node


@builtin("var(x)", "The variance of all elements, divided by n - 1.", "var([1, 2, 3])", least=1, group="reductions")
def variance(given: Given) -> Arr:
    x = _flat(given.array(0))
    centred = x - _mean(x, given)
    if x.shape == (1,):
        raise errors.empty_reduction("var", given.span)
    return Arr(contract([centred, centred], ["i", "i"], "") / size_node(x.shape[0] - 1).node)


@builtin("std(x)", "The standard deviation, divided by n - 1.", "std([1, 2, 3])", least=1, group="reductions")
def deviation(given: Given) -> Arr:
    x = _flat(given.array(0))
    if x.shape == (1,):
        raise errors.empty_reduction("std", given.span)
    return Arr(ROWS["norm"](x - _mean(x, given)) / ROWS["sqrt"](size_node(x.shape[0] - 1).node))


@builtin("prod(x)", "The product of all elements.", "prod([1, 2, 3])", least=1, group="reductions")
def prod(given: Given) -> Arr:
    return Arr(ROWS["coprod"](_flat(given.array(0)), params=(0,)))


def _extreme(given: Given, reduce: str, pair: str) -> Arr:
    if len(given) == 1:
        x = given.array(0)
        if product(x.shape) == 0:
            raise errors.empty_reduction(given.name, given.span)
        return Arr(ROWS[reduce](_flat(x))) if x.rank else x
    result = given.array(0)
    for k in range(1, len(given)):
        a, b, row = products.stretched(given.name, result, given.array(k), given.span, given.span)
        result = Arr(ROWS[pair](a, b), row)
    return result


@builtin("max(x, …)", "The largest element, or the larger of several, element by element.", "max([1, 5, 2])", least=1, most=None, group="reductions")  # fmt: skip
def maximum(given: Given) -> Arr:
    return _extreme(given, "largest", "maximum")


@builtin("min(x, …)", "The smallest element, or the smaller of several, element by element.", "min(3, 2)", least=1, most=None, group="reductions")  # fmt: skip
def minimum(given: Given) -> Arr:
    return _extreme(given, "smallest", "minimum")


@builtin("clamp(x, low, high)", "x, moved into the interval from low to high.", "clamp(7, 0, 5)", least=3, group="reductions")
def clamp(given: Given) -> Arr:
    low = Given("max", given.lowering, (given.arguments[0], given.arguments[1]), {}, given.span)
    return _extreme(Given("min", given.lowering, (_extreme(low, "largest", "maximum"), given.arguments[2]), {}, given.span), "", "minimum")


def _quantified(given: Given, all_of: bool) -> Arr:
    mask = given.truth(0)
    flat = _flat(mask)
    count = contract([ROWS["select"](flat, const(np.ones(flat.shape)), const(np.zeros(flat.shape)))], ["i"], "")
    return Arr(ROWS["equal"](count, size_node(product(mask.shape)).node) if all_of else ROWS["less"](0.0, count))


@builtin("all(mask)", "Whether every element is true.", "all([1, 2] > 0)", least=1, group="reductions")
def every(given: Given) -> Arr:
    return _quantified(given, True)


@builtin("any(mask)", "Whether some element is true.", "any([1, 2] > 1)", least=1, group="reductions")
def some(given: Given) -> Arr:
    return _quantified(given, False)


# ---- vectors and matrices -----------------------------------------------------------------------------


def _pair(given: Given) -> tuple[Arr, Arr]:
    a, b = given.vector(0), given.vector(1)
    if a.shape != b.shape:
        raise errors.argument_kind(given.name, 1, f"in {Arr(a.node).words()} like the first", Arr(b.node).words(), given.span)
    return a, b


@builtin("dot(x, y)", "The inner product x' * y.", "dot([1, 2], [3, 4])", least=2, group="linear algebra")
def dot(given: Given) -> Arr:
    a, b = _pair(given)
    return Arr(contract([a.node, b.node], ["i", "i"], ""))


@builtin("outer(x, y)", "The outer product x * y', a matrix.", "outer([1, 2], [3, 4])", least=2, group="linear algebra")
def outer(given: Given) -> Arr:
    return Arr(contract([given.vector(0).node, given.vector(1).node], ["i", "j"], "ij"))


@builtin("cross(x, y)", "The cross product of two vectors in R^3.", "cross([1, 0, 0], [0, 1, 0])", least=2, group="linear algebra")
def cross(given: Given) -> Arr:
    a, b = _pair(given)
    if a.shape != (3,):
        raise errors.argument_kind("cross", 0, "a vector in R^3", a.words(), given.span)
    x, y = ([ROWS["take"](v.node, params=((k,),)) for k in range(3)] for v in (a, b))
    parts = [x[i] * y[j] - x[j] * y[i] for i, j in ((1, 2), (2, 0), (0, 1))]
    return Arr(ROWS["stack"](*parts, params=(0,)), a.row)


@builtin("kron(A, B)", "The Kronecker product: blocks A[i,j]*B.", "kron(eye(2), [1, 2; 3, 4])", least=2, group="linear algebra")  # fmt: skip
def kron(given: Given) -> Arr:
    a, b = given.matrix(0), given.matrix(1)
    blocks = contract([a.node, b.node], ["ij", "kl"], "ikjl")
    return Arr(ROWS["reshape"](blocks, params=(4, (a.shape[0] * b.shape[0], a.shape[1] * b.shape[1]))))


@builtin("tr(A)", "The trace: the sum of the diagonal.", "tr([1, 2; 3, 4])", least=1, group="linear algebra")
def trace(given: Given) -> Arr:
    return Arr(contract([given.square(0).node], ["ii"], ""))


@builtin("transpose(A)", "The transpose A'.", "transpose([1, 2; 3, 4])", least=1, group="linear algebra")
def transposed(given: Given) -> Arr:
    return products.transposed(given.array(0), given.span)


@builtin("solve(A, b)", "The solution x of A*x = b, also written A \\ b.", "solve([2, 0; 0, 4], [2, 4])", least=2, group="linear algebra")
def solve(given: Given) -> Arr:
    return products.solve(given.lowering.trace, given.array(0), given.array(1), given.span, given.span)


def _square_row(name: str, doc: str, example: str) -> None:
    """A matrix function that is a row."""

    def body(given: Given) -> Arr:
        x = given.array(0)
        if x.kind == "vector" and x.shape == (1,):  # [a] serves as the 1×1 matrix that it looks like
            made = ROWS[name](ROWS["reshape"](x.node, params=(1, (1, 1))))
            return Arr(ROWS["reshape"](made, params=(2, (1,))) if made.rank else made)
        matrix = given.square(0).node
        if name == "inv":
            given.lowering.trace.inverted(matrix)
        return Arr(ROWS[name](matrix))

    builtin(f"{name}(A)", doc, example, least=1, group="linear algebra")(body)


_square_row("inv", "The inverse of a square matrix.", "inv([2, 0; 0, 4])")
_square_row("det", "The determinant of a square matrix.", "det([1, 2; 3, 4])")
_square_row("logdet", "The logarithm of a positive determinant, without overflow.", "logdet([2, 0; 0, 3])")


@builtin("norm(x, p)", "The length of a vector (p = 2), or its p-norm (1, inf, p >= 1); of a matrix the Frobenius norm.", "norm([3, 4])", least=1, most=2, group="linear algebra")  # fmt: skip
def norm(given: Given) -> Arr:
    x = given.array(0)
    if not x.rank:
        return Arr(ROWS["abs"](x.node))
    p = given.number(1) if len(given) == 2 else 2.0
    if x.rank > 1 and len(given) == 2:
        raise errors.matrix_norm(given.span)
    if not p >= 1:
        raise errors.bad_norm(p, given.span)
    return Arr(p_norm(_flat(x), p))


@builtin("normalize(x)", "The vector of length 1 in the direction of x.", "normalize([3, 4])", least=1, group="linear algebra")
def normalize(given: Given) -> Arr:
    x = given.vector(0)
    return Arr(x.node / ROWS["norm"](x.node), x.row)


def _vector_row(name: str, doc: str, example: str) -> None:
    """A function of a vector that is a row."""

    def body(given: Given) -> Arr:
        x = given.vector(0)
        if x.shape == (0,):
            raise errors.empty_reduction(name, given.span)
        made = ROWS[name](x.node)
        return Arr(made, x.row and made.rank == 1)

    builtin(f"{name}(x)", doc, example, least=1, group="learning")(body)


_vector_row("softmax", "exp(x) divided by its sum.", "softmax([0, 0])")
_vector_row("logsumexp", "log(sum(exp(x))), without overflow.", "logsumexp([1000, 1000])")


@builtin("first(x)", "The first element.", "first([1, 2])", least=1, group="sizes")
def first(given: Given) -> Low:
    return _element(given, 0)


@builtin("last(x)", "The last element.", "last([1, 2])", least=1, group="sizes")
def last(given: Given) -> Low:
    return _element(given, -1)


def _element(given: Given, place: int) -> Low:
    found = control.elements(given.arguments[0], given.span, given.name)
    if not found:
        raise errors.empty_reduction(given.name, given.span)
    return found[place]


@builtin("delta(i, j)", "The Kronecker delta: 1 where i equals j, else 0.", "delta(1, 1)", least=2, group="linear algebra")
def delta(given: Given) -> Arr:
    a, b, row = products.stretched("delta", given.array(0), given.array(1), given.span, given.span)
    mask = ROWS["equal"](a, b)
    return Arr(ROWS["select"](mask, stretch(const(1.0), mask.shape), stretch(const(0.0), mask.shape)), row)


# ---- choice and control ---------------------------------------------------------------------------------


@builtin("ifelse(mask, a, b)", "a where the mask is true, b elsewhere, element by element.", "ifelse([1, -2] > 0, 1, 0)", least=3, group="control")  # fmt: skip
def ifelse(given: Given) -> Arr:
    mask = given.truth(0)
    a, b, row = products.stretched("ifelse", given.array(1), given.array(2), given.span, given.span)
    a, b = aligned((a, b))
    like = Arr(a, row)
    if mask.rank and not like.rank:
        a, b = (contract([n], [()], range(mask.rank), dict(enumerate(mask.shape))) for n in (a, b))
        return Arr(ROWS["select"](mask.node, a, b), mask.row)
    if mask.shape not in ((), a.shape):
        raise errors.argument_kind("ifelse", 0, "a mask of the shape of the choices", mask.words(), given.span)
    return Arr(ROWS["select"](mask.node, a, b), row)


@builtin("map(f, xs)", "f of every element.", "map(x -> x^2, [1, 2])", least=2, group="control")
def mapped(given: Given) -> Step:
    return control.mapped(given.lowering, given.function(0), given.arguments[1], given.span)


@builtin("stop_gradient(x)", "x itself, which counts as a constant when differentiated.", "stop_gradient(2)", least=1, group="derivatives")
def stop_gradient(given: Given) -> Arr:
    x = given.array(0)
    return Arr(ROWS["stop_gradient"](x.node), x.row)


def _control(name: str, signature: str, doc: str, example: str, least: int, most: int, call: Any, options: tuple[str, ...] = ()) -> None:
    TABLE[name] = Builtin(name, call, least, most, signature, doc, example, options, "control")


_control("fold", "fold(f, init, xs)", "f(… f(f(init, x1), x2) …).", "fold((s, x) -> s + x, 0, 1..4)", 3, 3, control.fold)
_control("scan", "scan(f, init, xs)", "Every intermediate result of the fold.", "scan((s, x) -> s + x, 0, 1..4)", 3, 3, control.scan)
_control("iterate", "iterate(f, x0, n)", "f applied n times, or until a condition holds: iterate(f, x0, until = x -> cond, max = 1000).", "iterate(x -> x/2, 8, 3)", 2, 3, control.iterate, ("until", "max"))  # fmt: skip


# ---- derivatives ---------------------------------------------------------------------------------------

OPTIONS = ("wrt", "mode")


def _operator(name: str, signature: str, doc: str, example: str, *options: str, count: int = 1, of: str = "") -> None:
    TABLE[name] = Builtin(name, derivatives.operator_call(of or name), count, count, signature, doc, example, (*OPTIONS, *options), "derivatives")  # fmt: skip


_operator("derivative", "derivative(f)", "The derivative of a function of one scalar, also written f'.", "derivative(sin)(0)")
_operator("grad", "grad(f)", "The gradient of a scalar-valued function, in the kind and shape of its argument.", "grad(x -> x' * x)([1, 2])")  # fmt: skip
_operator("gradient", "gradient(f)", "The same as grad(f).", "gradient(x -> x' * x)([1, 2])", of="grad")
_operator("value_and_grad", "value_and_grad(f)", "The value and the gradient together.", "value_and_grad(x -> x^2)(3)")
_operator("jacobian", "jacobian(F)", "All partial derivatives, in numerator layout.", "jacobian(x -> 2*x)([1, 2])", "flatten")
_operator("hessian", "hessian(f)", "All second partial derivatives.", "hessian(x -> x' * x)([1, 2])")
_operator("divergence", "divergence(F)", "The sum of the partial derivatives dF_i/dx_i.", "divergence(x -> 2*x)([1, 2])")
_operator("curl", "curl(F)", "The curl of a field in R^3 (a scalar in R^2).", "curl(([x, y, z]) -> [-y, x, 0])([1, 2, 3])")
_operator("laplacian", "laplacian(f)", "The trace of the Hessian.", "laplacian(x -> x' * x)([1, 2])")
_operator("directional", "directional(f, v)", "The derivative along v (not normalised).", "directional(x -> x' * x, [1, 0])([1, 2])", count=2)


TABLE["taylor"] = Builtin("taylor", series.taylor, 1, 3, "taylor(f, at = a, order = k)", "The Taylor polynomial around a point.", "taylor(sin, at = 0, order = 5)", ("at", "order"), "derivatives")  # fmt: skip


def _product(name: str, clause: str, signature: str, doc: str, example: str) -> None:
    TABLE[name] = Builtin(name, derivatives.product_call(name, clause), 3, 3, signature, doc, example, OPTIONS, "derivatives")


_product("jvp", "along", "jvp(F, x, v)", "The Jacobian times v, without forming it.", "jvp(x -> 2*x, [1, 2], [1, 0])")
_product("vjp", "from", "vjp(F, x, u)", "The Jacobian's transpose times u, without forming it.", "vjp(x -> 2*x, [1, 2], [1, 0])")
_product("hvp", "along", "hvp(f, x, v)", "The Hessian times v, without forming it.", "hvp(x -> x' * x, [1, 2], [1, 0])")

__all__ = ["CONSTANTS", "TABLE", "boolean", "find", "names"]
