"""Built-ins that make arrays."""

from __future__ import annotations

import numpy as np

from calclang import errors
from calclang.ir.apply import const
from calclang.ir.budget import claimed
from calclang.ir.dim import product
from calclang.ir.node import Node
from calclang.lower import control, products
from calclang.lower.library.given import Given, builtin
from calclang.lower.lowered import Arr
from calclang.ops import ROWS
from calclang.ops.contraction import contract, identity, mul


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
        raise errors.needs_square("eye", f"R^({m}×{n})", given.span).of_sizes((m, n))
    return Arr(const(np.eye(*claimed((m, n)))))


@builtin("diag(x)", "A vector as a diagonal matrix; the diagonal of a matrix as a vector.", "diag([1, 2])", least=1, group="making")
def diag(given: Given) -> Arr:
    x = given.array(0)
    if x.rank == 1:
        return Arr(contract([x.node], ["i"], "ii"))
    m, n = given.matrix(0).shape
    if m == n or not isinstance(m, int) or not isinstance(n, int):
        return Arr(contract([given.square(0).node], ["ii"], "i"))
    most = (0, min(m, n), 1)
    return Arr(contract([ROWS["take"](x.node, params=((most, most),))], ["ii"], "i"))


@builtin("linspace(a, b, n)", "n numbers from a to b, both included, equally spaced.", "linspace(0, 1, 5)", least=2, most=3, group="making")
def linspace(given: Given) -> Arr:
    a, b = given.array(0), given.array(1)
    n = control.whole(given.lowering, given.arguments[2], given.span, "the number of points") if len(given) == 3 else 100
    if a.rank or b.rank:
        raise given.misfit(0 if a.rank else 1, "a scalar", (a if a.rank else b).words())
    t = const(np.linspace(0.0, 1.0, *claimed((n,))))
    return Arr(products.summed("+", Arr(mul(1.0 - t, a.node)), Arr(mul(t, b.node)), None, None).node)


def _random(given: Given, kind: str) -> Arr:
    """Numbers drawn anew, or those of a seed. A function gives the same value whenever it is called, so there a seed is needed."""
    shape = tuple(control.whole(given.lowering, a, given.span, "a size") for a in given.arguments)
    claimed(shape)
    low = given.lowering
    if "seed" in given.options:
        key = [control.whole(low, given.options["seed"], given.span, "the seed")]
    elif low.frame is not None or low.trace.open or low.trace.elements.axes:
        raise errors.needs_seed(given.name, given.span)
    else:
        key = [0, next(low.draws)]
    generator = np.random.Generator(np.random.PCG64(np.random.SeedSequence(key)))
    numbers = np.asarray(generator.random(shape) if kind == "uniform" else generator.standard_normal(shape))
    numbers.flags.writeable = False  # nobody else has them: they need not be copied
    return Arr(const(numbers))


@builtin("rand(m, …)", "Random numbers between 0 and 1: rand() one, rand(3) a vector, rand(2, 3, seed = 1) always the same matrix.", "rand(2, seed = 1)", least=0, most=None, options=("seed",), group="making")  # fmt: skip
def rand(given: Given) -> Arr:
    return _random(given, "uniform")


@builtin("randn(m, …)", "Random numbers of the standard normal distribution; as rand.", "randn(2, seed = 1)", least=0, most=None, options=("seed",), group="making")  # fmt: skip
def randn(given: Given) -> Arr:
    return _random(given, "normal")


@builtin("stack(A, B, …)", "Arrays of one shape, put together along a new first axis.", "stack([1, 2; 3, 4], [5, 6; 7, 8])", least=1, most=None, group="making")  # fmt: skip
def stack(given: Given) -> Arr:
    parts = [given.array(k) for k in range(len(given))]
    for k, part in enumerate(parts):
        if part.shape != parts[0].shape:
            raise given.misfit(k, f"in {parts[0].words()} like the first", part.words()).of_sizes(*zip(part.shape, parts[0].shape, strict=False))
    return Arr(ROWS["stack"](*(p.node for p in parts), params=(parts[0].rank,)))


@builtin("reshape(x, m, …)", "The same elements in another shape, columns first.", "reshape([1, 2, 3, 4], 2, 2)", least=2, most=None, group="making")  # fmt: skip
def reshape(given: Given) -> Arr:
    x = given.entire(0)
    shape = tuple(given.size(k) for k in range(1, len(given)))
    if product(shape) != product(x.shape):
        raise errors.reshape_size(x.words(), str(product(x.shape)), str(product(shape)), given.span).of_sizes((product(x.shape), product(shape)))
    flat = ROWS["reshape"](_reversed_axes(x.node), params=(x.rank, shape[::-1]))
    return Arr(_reversed_axes(flat))


def _reversed_axes(node: Node) -> Node:
    """All axes in the other order: columns first becomes rows first."""
    axes = tuple(range(node.rank))
    return contract([node], [axes], axes[::-1])


@builtin("vec(A)", "The columns of a matrix, stacked into one vector.", "vec([1, 2; 3, 4])", least=1, group="making")
def vec(given: Given) -> Arr:
    x = given.entire(0)
    return Arr(ROWS["reshape"](_reversed_axes(x.node), params=(x.rank, (product(x.shape),))))
