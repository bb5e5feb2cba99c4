"""What the tests of the table share: evaluation of a graph node by node, sample arguments for every row, references in high precision."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import mpmath as mp
import numpy as np
import pytest
from ops_samples import ARRAYS, FAMILY, SYMMETRIC, Sample

from calclang.ir.apply import apply, const, input_node
from calclang.ir.node import Node, Symbol, order
from calclang.ops import ROWS, Row
from calclang.ops.contraction import CONTRACT
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
    "rise": [(0,), (1,), (4,)],
}
FAMILIES = {"sinc", "sinc_derivative", "gamma", "lgamma", "digamma", "polygamma", "rise", "beta", "part_power"}
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


def interior(row: Row) -> list[tuple[float, ...]]:
    first, *rest = map(inner, domains(row))
    return [(x, *(1.3 * ys[-1 - i] for ys in rest)) for i, x in enumerate(first)]


def rows(*kinds: str) -> list[Row]:
    apart = {"stop_gradient", "inside"}  # the derivative is not that of the value; a check of places, which raises
    return [row for row in ROWS.values() if row.kind in kinds and row.name not in apart]


def elementwise() -> list[Row]:
    """Elementwise rows that give numbers."""
    return [row for row in rows("fn") if not row.boolean]


def array_cases(*kinds: str) -> list[tuple[Any, Sample]]:
    return [(row, sample) for row in (*rows(*kinds or ("linear", "custom")), *([] if kinds else [CONTRACT])) for sample in ARRAYS[row.name]]


def scalar_cases(most: int = 3) -> list[tuple[Any, Sample]]:
    """Elementwise rows at points inside their domains."""
    found = []
    for row in elementwise():
        apart = {"growth": 8, "because": FAMILY} if row.name in FAMILIES else {}
        found += [(row, Sample(arguments, params, **apart)) for params in parameters(row) for arguments in interior(row)[:most]]
    return found


def table_cases(most: int = 3) -> list[tuple[Any, Sample]]:
    """Every row that has a derivative, elementwise ones at so many points."""
    return [*scalar_cases(most), *array_cases()]


def made(row: Any, nodes: Sequence[Node], params: tuple[Any, ...]) -> Node:
    return apply(row, tuple(nodes), params) if row is CONTRACT else row(*nodes, params=params)


def moving(row: Any, arguments: Sequence[Any]) -> list[int]:
    """The arguments to differentiate by: not masks, places, and shares whose sum must stay 1."""
    if row.name in {"share", "inside"}:
        return []
    found = [k for k, a in enumerate(arguments) if np.asarray(a).dtype.kind == "f" and k not in row.fixed]
    return found[:1] if row.name == "centred" else found


def nodes_for(arguments: Sequence[Any]) -> list[Node]:
    return [const(a) if np.asarray(a).dtype.kind != "f" else x for a, x in zip(arguments, inputs_like(arguments), strict=True)]


def direction(row: Any, x: Any, seed: int) -> Any:
    """Where to go from an argument."""
    step = 0.3 * np.random.default_rng(seed).standard_normal(np.shape(x))
    return (step + step.T) / 2 if row.name in SYMMETRIC else step


def step_of(row: Any, x: Any, place: tuple[int, ...], h: float) -> Any:
    """A step in one element."""
    step = np.zeros(np.shape(x))
    step[place] = h
    return (step + step.T) / 2 if row.name in SYMMETRIC else step


# ---- parameters of tests -------------------------------------------------------------------------

named = lambda row: row.name
ELEMENTWISE = pytest.mark.parametrize("row", elementwise(), ids=named)
ids = lambda v: v.name if hasattr(v, "name") else ""
CASES = pytest.mark.parametrize(("row", "sample"), array_cases(), ids=ids)
EVERY_ROW = pytest.mark.parametrize(("row", "sample"), table_cases(), ids=ids)
NOWHERE = {"sin", "cos", "tan", "sec", "csc", "cot", "sinc", "sinc_derivative"}  # no value at infinity: nan
JUMPS = {"sign", "floor", "ceil", "round", "quotient", "mod", "above", "step"}  # piecewise: differences across a jump mean nothing


def close(found: Any, expected: Any, rtol: float) -> bool:
    """To rounding of the largest element."""
    return np.shape(found) == np.shape(expected) and np.allclose(found, expected, rtol=0, atol=rtol * max(1e-3, np.max(np.abs(expected), initial=0.0)))


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
