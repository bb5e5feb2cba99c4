"""What the tests of the table share: evaluation of a graph node by node, sample arguments for every row, references in high precision."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import mpmath as mp
import numpy as np

from calclang.ir.apply import const, input_node
from calclang.ir.node import Node, Symbol, order
from calclang.ops import ROWS, Row
from calclang.ops.domains import Domain
from calclang.transforms.forward import forward
from calclang.transforms.reverse import reverse
from calclang.transforms.taylor import taylor

mp.mp.dps = 60


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


# arguments and parameters of every row that is not elementwise
ARRAYS: dict[str, list[tuple[list[Any], tuple[Any, ...]]]] = {
    "largest": [([vector(4)], ())],
    "smallest": [([vector(4)], ())],
    "share": [([vector(4), np.max(vector(4))], ())],
    "norm": [([vector(4)], ())],
    "frobenius": [([vector(6).reshape(2, 3)], ())],
    "prod": [([vector(5)], ()), ([vector(1)], ()), ([np.array([2.0, 0.0, 3.0, 4.0])], ())],
    "coprod": [([vector(4)], (k,)) for k in (0, 1, 2, 3)],
    "softmax": [([vector(4)], ())],
    "weights": [([vector(4)], ())],
    "logsumexp": [([vector(4)], ())],
    "inv": [([matrix(3)], ())],
    "det": [([matrix(n)], ()) for n in (1, 2, 3, 4)],
    "cofactor": [([matrix(n)], ()) for n in (1, 2, 3, 4)],
    "det_change": [
        ([matrix(4), matrix(4, 1) - 2], ()),
        ([matrix(4), matrix(4, 1), matrix(4, 2)], ()),
        ([matrix(3), matrix(3, 1)], ()),
        ([matrix(1), matrix(1, 1)], ()),
        ([matrix(3), matrix(3, 1), matrix(3, 2)], ()),
        ([matrix(2), np.stack([matrix(2, 1)] * 3)], ()),
    ],
    "logdet": [([matrix(3)], ())],
    "solve": [([matrix(3), vector(3)], ()), ([matrix(3), vector(6).reshape(2, 3)], ())],
    "take": [([vector(4)], ((2,),)), ([matrix(3)], (((0, 2, 1), None),)), ([matrix(3)], ((("at", 2, 0, 2), None),))],
    "put": [
        ([np.array(1.5)], ((2,), (4,))),
        ([matrix(2)], (((0, 2, 1), (1, 3, 1)), (3, 3))),
        ([matrix(3)], ((("at", 1, 0, 1), None), (2, 3))),
    ],
    "stack": [([vector(3), vector(3, 1)], (1,)), ([np.array(1.0), np.array(2.0)], (0,))],
    "concat": [([vector(3), vector(2, 1)], (1,)), ([matrix(2), matrix(2, 1)], (2,))],
    "reshape": [([vector(6)], (1, (2, 3)))],
    "select": [([np.array([True, False, True]), vector(3), vector(3, 1)], ())],
}


def rows(*kinds: str) -> list[Row]:
    return [row for row in ROWS.values() if row.kind in kinds]


def elementwise() -> list[Row]:
    """Elementwise rows that give numbers."""
    return [row for row in rows("fn") if not row.boolean]


def array_cases() -> list[tuple[Row, list[Any], tuple[Any, ...]]]:
    return [(row, arguments, params) for row in rows("linear", "custom") for arguments, params in ARRAYS[row.name]]


# ---- references ----------------------------------------------------------------------------------


def _half_away(x: Any) -> Any:
    return mp.sign(x) * mp.floor(abs(x) + mp.mpf(1) / 2)


def _power(x: Any, y: Any) -> Any:
    return mp.mpf(0) if x == 0 and y > 0 else mp.power(x, y)


def _mod(x: Any, m: Any) -> Any:
    return x - m * mp.floor(x / m)


def _sinc_derivative(x: Any, k: int) -> Any:
    return (
        mp.quad(lambda s: s**k * mp.cos(x * s + k * mp.pi / 2), mp.linspace(0, 1, 2 + int(abs(x)) // 10))
        if abs(x) < 100
        else mp.diff(mp.sinc, x, k)
    )


def _pow_derivative(x: Any, y: Any, a: int, b: int) -> Any:
    return mp.diff(_power, (x, y), (a, b)) if x > 1e-200 else mp.nan


REFERENCE: dict[str, Callable[..., Any]] = {
    "add": lambda x, y: x + y, "sub": lambda x, y: x - y, "div": lambda x, y: x / y, "power": _power, "pow": _power,
    "pow_derivative": _pow_derivative, "above": lambda x, y: (1 + mp.sign(x - y)) / 2, "maximum": max, "minimum": min,
    "exp": mp.exp, "expm1": mp.expm1, "log": mp.log, "log1p": mp.log1p, "log2": lambda x: mp.log(x, 2), "log10": mp.log10,
    "sqrt": mp.sqrt, "cbrt": lambda x: mp.sign(x) * mp.cbrt(abs(x)),
    "sin": mp.sin, "cos": mp.cos, "tan": mp.tan, "sec": mp.sec, "csc": mp.csc, "cot": mp.cot,
    "asin": mp.asin, "acos": mp.acos, "atan": mp.atan, "asec": mp.asec, "acsc": mp.acsc, "acot": mp.acot,
    "sinh": mp.sinh, "cosh": mp.cosh, "tanh": mp.tanh, "sech": mp.sech, "csch": mp.csch, "coth": mp.coth,
    "asinh": mp.asinh, "acosh": mp.acosh, "atanh": mp.atanh, "asech": mp.asech, "acsch": mp.acsch, "acoth": mp.acoth,
    "atan2": mp.atan2, "hypot": mp.hypot, "over_squares": lambda a, b: a / (a * a + b * b), "unit": lambda x, r: x / r, "ratio": lambda x,
    y: x / y,
    "area": lambda x: x * mp.sqrt(1 - x * x), "one_minus_square": lambda x: 1 - x * x, "longer_leg": lambda x: mp.sqrt(x * x + 1),
    "shorter_leg": lambda x: mp.sqrt(x * x - 1),
    "abs": abs, "sign": mp.sign, "floor": mp.floor, "ceil": mp.ceil, "round": _half_away, "mod": _mod, "quotient": lambda x,
    m: mp.floor(x / m),
    "erf": mp.erf, "erfc": mp.erfc, "sinc": mp.sinc, "sinc_derivative": _sinc_derivative, "xlogy": lambda x,
    y: x * mp.log(y) if x else mp.mpf(0),
    "gamma": mp.gamma, "lgamma": mp.loggamma, "digamma": mp.digamma, "polygamma": lambda x, n: mp.polygamma(n, x),
    "sigmoid": lambda x: 1 / (1 + mp.exp(-x)), "softplus": lambda x: mp.log1p(mp.exp(x)), "relu": lambda x: max(x, mp.mpf(0)),
    "step": lambda x: mp.mpf(1) if x > 0 else mp.mpf(0), "gelu": lambda x: x * mp.ncdf(x),
}  # fmt: skip


def reference(row: Row, arguments: Sequence[float], params: tuple[Any, ...]) -> Any:
    """The value in high precision; None where there is none (a pole, or the reference is not real)."""
    try:
        value = REFERENCE[row.name](*map(mp.mpf, arguments), *params)
    except (ZeroDivisionError, ValueError):
        return None
    return None if isinstance(value, mp.mpc) and value.imag or not mp.isfinite(value) else mp.re(value)
