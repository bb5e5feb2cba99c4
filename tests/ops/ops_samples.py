"""The sample arguments of every row that is not elementwise. Where a row cannot keep what all others keep, its sample says so, and why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from calclang.ir.apply import input_node
from calclang.ir.node import Symbol
from calclang.ops.contraction import contract

ORDER = 8  # of Taylor mode, and of nested derivatives
CLOSE = 1e-12  # how close the modes come, of the largest element
QUADRATIC = 4.6  # twice the order, at most so many times the nodes
FAMILY = "each derivative is a new function, whose series begins anew: cubic"


@dataclass(frozen=True)
class Sample:
    """Arguments and parameters; to which order derivatives are nested, and how Taylor graphs grow when the order doubles."""

    arguments: tuple[Any, ...]
    params: tuple[Any, ...] = ()
    nested: int = ORDER
    growth: float = QUADRATIC
    because: str = ""


def sample(*arguments: Any, params: tuple[Any, ...] = (), **exceptions: Any) -> Sample:
    return Sample(arguments, params, **exceptions)


def vector(n: int, seed: int = 0) -> Any:
    return np.random.default_rng(seed).standard_normal(n)


def rectangle(m: int, n: int, seed: int = 0) -> Any:
    return vector(m * n, seed).reshape(m, n)


def matrix(n: int, seed: int = 0) -> Any:
    """A matrix with a positive determinant, neither symmetric nor nearly singular."""
    a = np.random.default_rng(seed).standard_normal((n, n))
    return a @ a.T + np.eye(n) + 0.3 * np.triu(a, 1)


def covariance(n: int, seed: int = 0) -> Any:
    """A symmetric positive definite matrix."""
    a = matrix(n, seed)
    return (a + a.T) / 2


def product(*factors: Any, labels: list[str], out: str, free: dict[str, int] | None = None, coef: float = 1.0) -> Sample:
    """A contraction: its parameter is the record of its labels."""
    nodes = [input_node(Symbol("x"), np.shape(f)) for f in factors]
    return sample(*factors, params=contract(nodes, labels, out, free, coef).params)


SYMMETRIC = {"cholesky", "eigh"}  # rows that take symmetric matrices: a step moves both elements halfway
SHAPES = ((2, 2), (2, 3))

ARRAYS: dict[str, list[Sample]] = {
    # contraction: products, sums, traces, diagonals, stretched axes, deltas
    "contract": [
        product(vector(3), vector(3, 1), labels=["i", "i"], out=""),
        product(matrix(3), vector(3), labels=["ij", "j"], out="i"),
        product(rectangle(2, 3), rectangle(3, 2, 1), labels=["ij", "jk"], out="ik"),
        product(rectangle(2, 3), rectangle(2, 3, 1), labels=["ij", "ij"], out="ji", coef=-2.5),
        product(vector(2), vector(3, 1), labels=["i", "j"], out="ij"),
        product(vector(3), matrix(3), vector(3, 1), labels=["i", "ij", "j"], out=""),
        product(matrix(3), labels=["ii"], out=""),
        product(matrix(3), vector(3), labels=["ii", "i"], out="i", coef=0.3),
        product(vector(3), labels=["i"], out="ii", coef=1.5),
        product(vector(2), labels=["i"], out="jij", free={"j": 3}),
        product(rectangle(2, 3), vector(3), rectangle(3, 2, 1), labels=["ij", "j", "ji"], out="ij"),
    ],
    # extremes and norms
    "largest": [sample(vector(4))],
    "smallest": [sample(vector(4))],
    "share": [sample(vector(4), np.max(vector(4))), sample(np.array([2.0, 1.0, 2.0]), np.array(2.0))],
    "norm": [sample(vector(4))],
    "general_norm": [
        sample(vector(4), params=(3.0,)),
        sample(vector(3), params=(1.5,), growth=8, because=FAMILY),
    ],
    "frobenius": [sample(rectangle(2, 3))],
    "norm_power": [sample(vector(4), params=params) for params in ((2.0,), (3.0,), (4.0,), (2.0, 1.0, 3.0), (3.0, 0.7, 1.0), (4.0, 3.0, 7.0))],
    "frobenius_power": [sample(rectangle(2, 3), params=params) for params in ((2.0,), (3.0,), (3.0, 5.0, 3.0))],
    "mean": [sample(vector(5), params=(1,)), sample(rectangle(2, 3), params=(2,)), sample(vector(1), params=(1,))],
    "prod": [sample(vector(5)), sample(vector(1)), sample(np.array([2.0, 0.0, 3.0, 4.0]))],
    "coprod": [sample(vector(4), params=(k,)) for k in range(4)],
    # parts, triangles and factorisations
    "part": [sample(vector(10), params=(1, SHAPES)), sample(vector(10), params=(0, SHAPES))],
    "place": [sample(rectangle(2, 3), params=(1, SHAPES)), sample(matrix(2), params=(0, SHAPES))],
    "pack": [sample(matrix(2), vector(3), params=(((2, 2), (3,)),))],
    "factor_solve": [sample(matrix(3), vector(3))],
    "lower": [sample(matrix(3), params=(0.5,)), sample(rectangle(2, 3), params=(0.0,))],
    "cholesky": [sample(covariance(3))],
    "qr": [sample(matrix(3)), sample(rectangle(4, 3)), sample(rectangle(2, 3))],
    "lu": [sample(matrix(3)), sample(rectangle(4, 3)), sample(rectangle(2, 3))],
    "eigh": [sample(covariance(3))],
    "eig": [sample(matrix(3))],
    "svd": [sample(matrix(3)), sample(rectangle(4, 3)), sample(rectangle(2, 3))],
    "shared": [sample(vector(3), np.array([3.0, 3.0, 0.0]), params=(corner,)) for corner in (False, True)],
    "gaps": [sample(np.sort(vector(3)), params=(asked,)) for asked in (False, True)],
    "cond": [sample(np.array([3.0, 2.0, 0.5]))],
    "rank": [sample(matrix(3))],
    # functions of matrices
    "expm": [sample(0.5 * matrix(2))],
    "logm": [sample(matrix(2))],
    "sqrtm": [sample(matrix(2))],
    "pinv": [sample(matrix(3)), sample(rectangle(4, 3)), sample(rectangle(2, 3))],
    # sequences
    "reverse": [sample(vector(4))],
    "order": [sample(vector(4))],
    "arrange": [sample(vector(4), np.array([2.0, 0.0, 3.0, 1.0]))],
    "sort": [sample(vector(5))],
    "argmax": [sample(vector(4))],
    "argmin": [sample(vector(4))],
    "cumsum": [sample(vector(4))],
    "diff": [sample(vector(4)), sample(vector(1)), sample(vector(2))],
    "later": [sample(vector(4))],
    "cumprod": [sample(vector(4)), sample(np.array([2.0, 0.0, 3.0, 0.0, 4.0])), sample(vector(1))],
    "follow": [sample(vector(4), vector(4, 1))],
    # exponentials over their sum
    "softmax": [sample(vector(4))],
    "weights": [sample(vector(4))],
    "centred": [sample(vector(4), np.array([0.1, 0.4, 0.3, 0.2]))],
    "logsumexp": [sample(vector(4))],
    # linear algebra
    "inv": [sample(matrix(3))],
    "det": [sample(matrix(n)) for n in (1, 2, 3, 4)],
    "cofactor": [sample(matrix(n)) for n in (1, 2, 3, 4)],
    "det_change": [
        sample(matrix(4), matrix(4, 1) - 2),
        sample(matrix(3), matrix(3, 1)),
        sample(matrix(1), matrix(1, 1)),
        sample(matrix(3), matrix(3, 1), matrix(3, 2), growth=16, because="a third derivative of the determinant has no series: its tangents, up to a limit"),
        sample(matrix(2), np.stack([matrix(2, 1)] * 3)),
    ],
    "logdet": [sample(matrix(3))],
    "solve": [sample(matrix(3), vector(3)), sample(matrix(3), rectangle(2, 3))],
    "least_squares": [
        sample(rectangle(m, n, m), b, nested=5, because="its differential has three terms of two solutions each: 64,000 nodes at order 8")
        for m, n in ((4, 2), (2, 4))
        for b in (vector(m), rectangle(2, m))
    ],
    # structure
    "take": [sample(vector(4), params=((2,),)), sample(matrix(3), params=(((0, 2, 1), None),)), sample(matrix(3), params=((("at", 2, 0, 2), None),))],
    "put": [
        sample(np.array(1.5), params=((2,), (4,))),
        sample(matrix(2), params=(((0, 2, 1), (1, 3, 1)), (3, 3))),
        sample(matrix(3), params=((("at", 1, 0, 1), None), (2, 3))),
    ],
    "stack": [sample(vector(3), vector(3, 1), params=(1,)), sample(np.array(1.0), np.array(2.0), params=(0,))],
    "concat": [sample(vector(3), vector(2, 1), params=(1,)), sample(matrix(2), matrix(2, 1), params=(2,))],
    "reshape": [sample(vector(6), params=(1, (2, 3)))],
    "gather": [sample(vector(4), np.array([2, 0, 2]), params=(0,)), sample(matrix(3), np.array([1, 1]), params=(1,)), sample(matrix(3), np.array(2), params=(1,))],
    "scatter": [sample(vector(3), np.array([2, 0, 2]), params=(4, 0)), sample(rectangle(2, 3), np.array([1, 1]), params=(3, 1))],
    "select": [sample(np.array([True, False, True]), vector(3), vector(3, 1))],
}  # fmt: skip
