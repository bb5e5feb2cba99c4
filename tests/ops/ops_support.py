"""What the tests of the table share: evaluation of a graph node by node, sample arguments for every row, references in high precision."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import mpmath as mp
import numpy as np
import pytest

from calclang.ir.apply import const, input_node
from calclang.ir.node import Node, Symbol, order
from calclang.ops import ROWS, Row
from calclang.ops.domains import Domain
from calclang.transforms.forward import forward
from calclang.transforms.reverse import reverse
from calclang.transforms.taylor import taylor


def evaluate(outputs: Sequence[Node], values: Mapping[Node, Any]) -> list[Any]:
    """The plain meaning of a graph."""
    found = dict(values)
    with np.errstate(all="ignore"):
        for node in order(outputs):
            if node in found:
                continue
            found[node] = node.value if node.value is not None else node.op.eval(np, *(found[i] for i in node.inputs), *node.params)
    return [found[o] for o in outputs]


def inputs_like(arrays: Sequence[Any], name: str = "x") -> list[Node]:
    return [input_node(Symbol(f"{name}{i}"), np.shape(a)) for i, a in enumerate(arrays)]


# ---- derivatives of a scalar function of one number, in every mode -------------------------------


def slope_forward(y: Node, x: Node) -> Node:
    found = forward([y], {x: const(1.0)})[0]
    return const(0.0) if found is None else found


def slope_reverse(y: Node, x: Node) -> Node:
    found = reverse({y: const(1.0)}, [x])[0]
    return const(0.0) if found is None else found


SLOPES = {"f": slope_forward, "r": slope_reverse}


def derivatives(f: Callable[[Node], Node], at: float, n: int) -> dict[str, float]:
    """The n-th derivative at a point by every nesting of forward and reverse, and by Taylor mode."""
    x = input_node(Symbol("x"), ())
    y = f(x)
    found: dict[str, float] = {}
    for modes in itertools.product("fr", repeat=n):
        d = y
        for mode in modes:
            d = SLOPES[mode](d, x)
        found["".join(modes)] = float(evaluate([d], {x: at})[0])
    [coefficients] = taylor([y], {x: [x, const(1.0)]}, n)
    found["taylor"] = float(evaluate([coefficients[n]], {x: at})[0]) * math.factorial(n)
    return found


def same(a: float, b: float, rtol: float = 1e-12) -> bool:
    """Equal to rounding; a nan equals a nan, an infinity itself, and 0.0 is -0.0."""
    return (math.isnan(a) and math.isnan(b)) or a == b or abs(a - b) <= rtol * max(abs(a), abs(b))


def assert_every_mode(f: Callable[[Node], Node], at: float, n: int, expected: float, rtol: float = 1e-12) -> None:
    for mode, value in derivatives(f, at, n).items():
        assert same(value, expected, rtol), (mode, value, expected)


# ---- sample arguments ----------------------------------------------------------------------------

PARAMETERS: dict[str, list[tuple[Any, ...]]] = {
    "power": [(0.0,), (1.0,), (2.0,), (3.0,), (7.0,), (-2.0,), (0.5,), (2.5,)],
    "pow_derivative": [(1, 0), (0, 1), (2, 1), (1, 2)],
    "sinc_derivative": [(1,), (2,), (5,)],
    "part_power": [(0.5, True), (2.0, True), (1.5, False)],
    "polygamma": [(1,), (2,), (4,)],
    "coprod": [(0,), (1,), (2,), (3,)],
}
NEAR = (2.0**-52, 1e-10, 1e-5, 0.1, 0.4)  # distances from an end of a domain
ORDINARY = (-30.0, -2.5, -1.3, -0.7, -1e-8, -1e-300, 1e-300, 1e-8, 0.3, 0.6, 1.7, 3.6, 40.0, 1e5)


def parameters(row: Row) -> list[tuple[Any, ...]]:
    return PARAMETERS.get(row.name, [()])


def domains(row: Row) -> tuple[Domain, ...]:
    return row.domain if isinstance(row.domain, tuple) else (row.domain,) * (row.arity or 1)


def points(domain: Domain) -> list[float]:
    """Ordinary points of a domain, its ends, and points close to them."""
    ends = [e for e in (domain.low, domain.high) if math.isfinite(e)]
    near = [e + s * h for e in ends for h in NEAR for s in (1, -1)]
    return sorted({p for p in (*ORDINARY, *ends, *near) if p in domain})


def inner(domain: Domain) -> list[float]:
    """A few points well inside."""
    return [p for p in (0.37, 0.81, 1.9, 2.65, -0.45, -1.7) if p in domain][:3]


def vector(n: int, seed: int = 0) -> Any:
    return np.random.default_rng(seed).standard_normal(n)


def matrix(n: int, seed: int = 0) -> Any:
    """A matrix with a positive determinant, neither symmetric nor nearly singular."""
    a = np.random.default_rng(seed).standard_normal((n, n))
    return a @ a.T + np.eye(n) + 0.3 * np.triu(a, 1)


def covariance(n: int, seed: int = 0) -> Any:
    """A symmetric positive definite matrix."""
    a = matrix(n, seed)
    return (a + a.T) / 2


SYMMETRIC = {"cholesky", "eigh"}  # rows that take symmetric matrices: a step moves both elements halfway


def step_of(row: Row, x: Any, place: tuple[int, ...], h: float) -> Any:
    """A step in one element."""
    step = np.zeros(np.shape(x))
    step[place] = h
    return (step + step.T) / 2 if row.name in SYMMETRIC else step


# arguments and parameters of every row that is not elementwise
ARRAYS: dict[str, list[tuple[list[Any], tuple[Any, ...]]]] = {
    "largest": [([vector(4)], ())],
    "smallest": [([vector(4)], ())],
    "share": [([vector(4), np.max(vector(4))], ())],
    "norm": [([vector(4)], ())],
    "general_norm": [([vector(4)], (3.0,)), ([vector(3)], (1.5,))],
    "frobenius": [([vector(6).reshape(2, 3)], ())],
    "prod": [([vector(5)], ()), ([vector(1)], ()), ([np.array([2.0, 0.0, 3.0, 4.0])], ())],
    "coprod": [([vector(4)], (k,)) for k in (0, 1, 2, 3)],
    "part": [([vector(10)], (1, ((2, 2), (2, 3))))],
    "place": [([vector(6).reshape(2, 3)], (1, ((2, 2), (2, 3))))],
    "pack": [([matrix(2), vector(3)], (((2, 2), (3,)),))],
    "factor_solve": [([matrix(3), vector(3)], ())],
    "lower": [([matrix(3)], (0.5,)), ([vector(6).reshape(2, 3)], (0.0,))],
    "cholesky": [([covariance(3)], ())],
    "qr": [([matrix(3)], ()), ([vector(12).reshape(4, 3)], ()), ([vector(6).reshape(2, 3)], ())],
    "lu": [([matrix(3)], ()), ([vector(12).reshape(4, 3)], ()), ([vector(6).reshape(2, 3)], ())],
    "eigh": [([covariance(3)], ())],
    "eig": [([matrix(3)], ())],
    "svd": [([matrix(3)], ()), ([vector(12).reshape(4, 3)], ()), ([vector(6).reshape(2, 3)], ())],
    "shared": [([vector(3), np.array([3.0, 3.0, 0.0])], (corner,)) for corner in (False, True)],
    "gaps": [([np.sort(vector(3))], (asked,)) for asked in (False, True)],
    "cond": [([np.array([3.0, 2.0, 0.5])], ())],
    "rank": [([matrix(3)], ())],
    "expm": [([0.5 * matrix(3)], ())],
    "logm": [([matrix(3)], ())],
    "sqrtm": [([matrix(3)], ())],
    "pinv": [([matrix(3)], ()), ([vector(12).reshape(4, 3)], ()), ([vector(6).reshape(2, 3)], ())],
    "reverse": [([vector(4)], ())],
    "order": [([vector(4)], ())],
    "arrange": [([vector(4), np.array([2.0, 0.0, 3.0, 1.0])], ())],
    "sort": [([vector(5)], ())],
    "argmax": [([vector(4)], ())],
    "argmin": [([vector(4)], ())],
    "cumsum": [([vector(4)], ())],
    "diff": [([vector(4)], ()), ([vector(1)], ()), ([vector(2)], ())],
    "later": [([vector(4)], ())],
    "cumprod": [([vector(4)], ()), ([np.array([2.0, 0.0, 3.0, 0.0, 4.0])], ()), ([vector(1)], ())],
    "follow": [([vector(4), vector(4, 1)], ())],
    "softmax": [([vector(4)], ())],
    "weights": [([vector(4)], ())],
    "centred": [([vector(4), np.array([0.1, 0.4, 0.3, 0.2])], ())],
    "logsumexp": [([vector(4)], ())],
    "inv": [([matrix(3)], ())],
    "det": [([matrix(n)], ()) for n in (1, 2, 3, 4)],
    "cofactor": [([matrix(n)], ()) for n in (1, 2, 3, 4)],
    "det_change": [
        ([matrix(4), matrix(4, 1) - 2], ()),
        ([matrix(3), matrix(3, 1)], ()),
        ([matrix(1), matrix(1, 1)], ()),
        ([matrix(3), matrix(3, 1), matrix(3, 2)], ()),
        ([matrix(2), np.stack([matrix(2, 1)] * 3)], ()),
    ],
    "logdet": [([matrix(3)], ())],
    "solve": [([matrix(3), vector(3)], ()), ([matrix(3), vector(6).reshape(2, 3)], ())],
    "least_squares": [([vector(m * n, m).reshape(m, n), b], ()) for m, n in ((4, 2), (2, 4)) for b in (vector(m), vector(2 * m).reshape(2, m))],
    "take": [([vector(4)], ((2,),)), ([matrix(3)], (((0, 2, 1), None),)), ([matrix(3)], ((("at", 2, 0, 2), None),))],
    "put": [
        ([np.array(1.5)], ((2,), (4,))),
        ([matrix(2)], (((0, 2, 1), (1, 3, 1)), (3, 3))),
        ([matrix(3)], ((("at", 1, 0, 1), None), (2, 3))),
    ],
    "stack": [([vector(3), vector(3, 1)], (1,)), ([np.array(1.0), np.array(2.0)], (0,))],
    "concat": [([vector(3), vector(2, 1)], (1,)), ([matrix(2), matrix(2, 1)], (2,))],
    "reshape": [([vector(6)], (1, (2, 3)))],
    "gather": [([vector(4), np.array([2, 0, 2])], (0,)), ([matrix(3), np.array([1, 1])], (1,)), ([matrix(3), np.array(2)], (1,))],
    "scatter": [([vector(3), np.array([2, 0, 2])], (4, 0)), ([vector(6).reshape(2, 3), np.array([1, 1])], (3, 1))],
    "select": [([np.array([True, False, True]), vector(3), vector(3, 1)], ())],
}


def rows(*kinds: str) -> list[Row]:
    apart = {"stop_gradient", "inside"}  # the derivative is not that of the value; a check of places, which raises
    return [row for row in ROWS.values() if row.kind in kinds and row.name not in apart]


def elementwise() -> list[Row]:
    """Elementwise rows that give numbers."""
    return [row for row in rows("fn") if not row.boolean]


def array_cases() -> list[tuple[Row, list[Any], tuple[Any, ...]]]:
    return [(row, arguments, params) for row in rows("linear", "custom") for arguments, params in ARRAYS[row.name]]


# ---- parameters of tests -------------------------------------------------------------------------

named = lambda row: row.name
ELEMENTWISE = pytest.mark.parametrize("row", elementwise(), ids=named)
CASES = pytest.mark.parametrize(("row", "arguments", "params"), array_cases(), ids=lambda v: v.name if isinstance(v, Row) else "")
JUMPS = {"sign", "floor", "ceil", "round", "quotient", "mod", "above", "step"}  # piecewise: differences across a jump mean nothing
FAMILIES = {"sinc", "sinc_derivative", "gamma", "lgamma", "digamma", "polygamma", "beta", "expm", "logm", "sqrtm", "part_power", "general_norm"}  # a new derivative of each order: cubic


def number(x: Any) -> float:
    return float(np.asarray(x))


def ulps(value: float, exact: Any, size: Any = 0) -> float:
    """The distance from the exact value in units of the last place of it, or of a size that is larger."""
    return float(abs(mp.mpf(value) - exact) / mp.mpf(math.ulp(float(max(abs(exact), size)))))


def allowed(row: Row) -> int:
    """How many units in the last place a value may be off."""
    found: int = row.facts.get("ulps", (4, ""))[0]
    return found


def size_of(row: Row, arguments: Sequence[float]) -> float:
    """The size of the terms that a value is made of, where the row says that they cancel: below zero, near zeros of gamma's kin."""
    return float(1 + abs(row.eval(np, -arguments[0]))) if "cancels" in row.facts and arguments[0] < 0 else 0.0


def samples(row: Row) -> list[tuple[float, ...]]:
    """Points of the domain, ends among them; for two arguments the pairs of fewer."""
    ds = domains(row)
    if len(ds) == 1:
        return [(p,) for p in points(ds[0])]
    return list(itertools.product(*(points(d)[:: 3 if len(points(d)) > 8 else 1] for d in ds)))


def interior(row: Row) -> list[tuple[float, ...]]:
    first, *rest = map(inner, domains(row))
    return [(x, *(1.3 * ys[-1 - i] for ys in rest)) for i, x in enumerate(first)]


NOWHERE = {"sin", "cos", "tan", "sec", "csc", "cot", "sinc", "sinc_derivative"}  # no value at infinity: nan
