"""A small evaluator of syntax trees with the strict product rules of the language: it shares no code with the graph.

Values: floats, masks, and `Col`, `Row`, `Mat` (any higher rank too) around NumPy arrays.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np
from scipy import special

from calclang.syntax import tree as t


@dataclass(frozen=True)
class Array:
    kind: str  # "col", "row", "mat"
    data: Any


def wrap(data: Any, row: bool = False) -> Any:
    data = np.asarray(data)
    if data.ndim == 0:
        return data.item()
    return Array({1: "row" if row else "col"}.get(data.ndim, "mat"), data)


def data_of(value: Any) -> Any:
    return value.data if isinstance(value, Array) else value


FUNCTIONS: dict[str, Any] = {
    **{name: getattr(np, name) for name in "exp log sqrt sin cos tan tanh cosh sinh abs sign log1p floor cbrt".split()},
    "atan": np.arctan,
    "asin": np.arcsin,
    "acos": np.arccos,
    "hypot": np.hypot,
    "sech": lambda x: 1 / np.cosh(x),
    "sigmoid": special.expit,
    "softplus": lambda x: np.logaddexp(0, x),
}


def transpose(value: Any) -> Any:
    if not isinstance(value, Array):
        return value
    if value.kind == "mat":
        assert value.data.ndim == 2
        return Array("mat", value.data.T)
    return Array("row" if value.kind == "col" else "col", value.data)


def multiply(a: Any, b: Any) -> Any:
    if not isinstance(a, Array) or not isinstance(b, Array):
        kind = a.kind if isinstance(a, Array) else b.kind if isinstance(b, Array) else ""
        return Array(kind, data_of(a) * data_of(b)) if kind else a * b
    pair = (a.kind, b.kind)
    if pair == ("col", "row"):
        return Array("mat", np.outer(a.data, b.data))
    if pair in (("row", "col"), ("row", "mat"), ("mat", "col"), ("mat", "mat")):
        assert a.data.ndim <= 2 and b.data.ndim <= 2 and a.data.shape[-1] == b.data.shape[0], (a.data.shape, b.data.shape)
        made = a.data @ b.data
        return made.item() if pair == ("row", "col") else Array({"row": "row", "mat": b.kind}[a.kind], made)
    raise TypeError(f"{a.kind} * {b.kind}")


def plus(a: Any, b: Any, sign: int) -> Any:
    if isinstance(a, Array) and isinstance(b, Array):
        assert a.kind == b.kind and a.data.shape == b.data.shape, (a.kind, b.kind, a.data.shape, b.data.shape)
    kind = a.kind if isinstance(a, Array) else b.kind if isinstance(b, Array) else ""
    made = data_of(a) + sign * data_of(b)
    return Array(kind, made) if kind else made


def elementwise(op: str, a: Any, b: Any) -> Any:
    if isinstance(a, Array) and isinstance(b, Array):
        assert a.kind == b.kind and a.data.shape == b.data.shape
    kind = a.kind if isinstance(a, Array) else b.kind if isinstance(b, Array) else ""
    x, y = data_of(a), data_of(b)
    made = {".*": lambda: x * y, "./": lambda: x / y, ".^": lambda: np.power(x, y)}[op]()
    return Array(kind, made) if kind else made


def call(name: str, args: list[Any]) -> Any:
    raw = [data_of(a) for a in args]
    if name in FUNCTIONS:
        made = FUNCTIONS[name](*raw)
        return Array(args[0].kind, made) if isinstance(args[0], Array) else float(made)
    match name:
        case "inv":
            return Array("mat", np.linalg.inv(raw[0]))
        case "det":
            return float(np.linalg.det(raw[0]))
        case "logdet":
            return float(np.linalg.slogdet(raw[0])[1])
        case "tr":
            return float(np.trace(raw[0]))
        case "sum":
            return float(np.sum(raw[0]))
        case "diag":
            return Array("mat", np.diag(raw[0])) if args[0].kind in ("col", "row") else Array("col", np.diag(raw[0]).copy())
        case "eye":
            return Array("mat", np.eye(int(raw[0])))
        case "ones" | "zeros":
            return wrap((np.ones if name == "ones" else np.zeros)([int(r) for r in raw]))
        case "norm":
            return float(np.linalg.norm(raw[0]))
        case "softmax":
            e = np.exp(raw[0] - raw[0].max())
            return Array("col", e / e.sum())
        case "logsumexp":
            return float(special.logsumexp(raw[0]))
        case "delta":
            return float(raw[0] == raw[1])
        case "ifelse":
            kind = next((a.kind for a in args if isinstance(a, Array)), "")
            made = np.where(*raw)
            return Array(kind, made) if kind else made.item()
        case "max" | "min" if len(raw) == 2:
            kind = next((a.kind for a in args if isinstance(a, Array)), "")
            made = (np.maximum if name == "max" else np.minimum)(*raw)
            return Array(kind, made) if kind else float(made)
        case "max":
            return float(np.max(raw[0]))
        case "prod":
            return float(np.prod(raw[0]))
    raise NameError(name)


def evaluate(e: t.Expr, env: dict[str, Any]) -> Any:
    """The value of an expression."""
    match e:
        case t.Number():
            return e.value
        case t.Name():
            return env[e.id] if e.id in env else {"pi": np.pi, "e": np.e}[e.id]
        case t.Unary(op="-"):
            v = evaluate(e.operand, env)
            return Array(v.kind, -v.data) if isinstance(v, Array) else -v
        case t.Binary(op="*"):
            return multiply(evaluate(e.left, env), evaluate(e.right, env))
        case t.Binary(op="/"):
            a, b = evaluate(e.left, env), evaluate(e.right, env)
            assert not isinstance(b, Array)
            return Array(a.kind, a.data / b) if isinstance(a, Array) else a / b
        case t.Binary(op="\\"):
            a, b = evaluate(e.left, env), evaluate(e.right, env)
            return Array(b.kind, np.linalg.solve(a.data, b.data))
        case t.Binary(op="+" | "-"):
            return plus(evaluate(e.left, env), evaluate(e.right, env), 1 if e.op == "+" else -1)
        case t.Binary(op=".*" | "./" | ".^"):
            return elementwise(e.op, evaluate(e.left, env), evaluate(e.right, env))
        case t.Binary(op="^"):
            a, b = evaluate(e.left, env), evaluate(e.right, env)
            return Array("mat", np.linalg.matrix_power(a.data, int(b))) if isinstance(a, Array) else float(a) ** b
        case t.Compare():
            return _compare(e, env)
        case t.Prime():
            return transpose(evaluate(e.operand, env))
        case t.Call():
            return _call(e, env)
        case t.Index():
            return _index(e, env)
        case t.Array():
            return _array([[evaluate(p, env) for p in row] for row in e.rows])
        case t.Comprehension():
            return wrap(_entries(e, env))
        case t.Let():
            env = dict(env)
            for b in e.bindings:
                assert isinstance(b.target, t.NameTarget) and b.target.name not in env
                env[b.target.name] = evaluate(b.value, env)
            return evaluate(e.body, env)
    raise TypeError(type(e).__name__)


def _compare(e: t.Compare, env: dict[str, Any]) -> Any:
    a, b = (data_of(evaluate(x, env)) for x in e.operands)
    made = {"<": np.less, "<=": np.less_equal, "==": np.equal, ">": np.greater, ">=": np.greater_equal}[e.ops[0]](a, b)
    return wrap(made)


def _call(e: t.Call, env: dict[str, Any]) -> Any:
    assert isinstance(e.function, t.Name)
    if len(e.arguments) == 1 and isinstance(e.arguments[0], t.Comprehension) and e.arguments[0].bare:
        return float(np.sum(_entries(e.arguments[0], env)))
    return call(e.function.id, [evaluate(a, env) for a in e.arguments])


def _index(e: t.Index, env: dict[str, Any]) -> Any:
    target = evaluate(e.target, env)
    places: list[Any] = []
    for place in e.indices:
        if isinstance(place, t.Range):
            ends = [int(evaluate(x, env)) for x in (place.start, place.stop)]
            places.append(slice(ends[0] - 1, ends[1]))
        elif isinstance(place, t.Whole):
            places.append(slice(None))
        else:
            places.append(int(evaluate(place, env)) - 1)
    assert len(places) == target.data.ndim
    return wrap(target.data[tuple(places)])


def _entries(e: t.Comprehension, env: dict[str, Any]) -> Any:
    spans = []
    for c in e.clauses:
        assert isinstance(c.domain, t.Range)
        spans.append(range(int(evaluate(c.domain.start, env)), int(evaluate(c.domain.stop, env)) + 1))
    names = [c.name for c in e.clauses]
    flat = [evaluate(e.body, {**env, **dict(zip(names, map(float, at), strict=True))}) for at in product(*spans)]
    return np.array(flat, dtype=float).reshape([len(s) for s in spans])


def _array(rows: list[list[Any]]) -> Any:
    if all(not isinstance(p, Array) for row in rows for p in row):
        made = np.array(rows, dtype=float)
        return wrap(made[0] if len(rows) == 1 else made)
    blocks = [[_block(p) for p in row] for row in rows]
    made = np.block(blocks)
    return wrap(made[:, 0]) if made.shape[1] == 1 else Array("mat", made)


def _block(part: Any) -> Any:
    """A part of an array as a matrix: columns stand, rows lie."""
    if not isinstance(part, Array):
        return np.array([[part]])
    return part.data[:, None] if part.kind == "col" else np.atleast_2d(part.data)
