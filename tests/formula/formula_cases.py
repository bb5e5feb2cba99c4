"""Functions whose derivatives are shown: as a graph with symbolic sizes, and as plain NumPy for the referee (autograd)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import autograd.numpy as np
import autograd.numpy.linalg as la

from calclang.ir.apply import input_node
from calclang.ir.dim import Size, symbol
from calclang.ir.node import Node, Symbol
from calclang.ops import ROWS
from calclang.ops.contraction import contract, stretch
from calclang.ops.vectors import p_norm

SIZES = {"m": 3, "n": 2, "p": 4, "k": 5}
M, N, P, K = map(symbol, SIZES)


def op(name: str) -> Callable[..., Node]:
    return ROWS[name]


exp, log, sin, cos, tanh, inv, det, logdet, sqrt = map(op, ("exp", "log", "sin", "cos", "tanh", "inv", "det", "logdet", "sqrt"))


def mv(a: Node, x: Node) -> Node:
    return contract([a, x], ["ij", "j"], "i")


def mm(a: Node, b: Node) -> Node:
    return contract([a, b], ["ij", "jk"], "ik")


def tmm(a: Node, b: Node) -> Node:
    return contract([a, b], ["ji", "jk"], "ik")


def mmt(a: Node, b: Node) -> Node:
    return contract([a, b], ["ij", "kj"], "ik")


def dot(x: Node, y: Node) -> Node:
    return contract([x, y], ["i", "i"], "")


def tr(a: Node) -> Node:
    return contract([a], ["ii"], "")


def total(a: Node) -> Node:
    return contract([a], [tuple(range(a.rank))], "")


@dataclass(frozen=True)
class Case:
    """``build(*nodes)`` is the graph, ``plain(*arrays)`` the same in NumPy; ``kinds`` say shapes: ``x:n A:m,n W:n,n:symmetric``."""

    name: str
    kinds: str
    build: Callable[..., Node]
    plain: Callable[..., Any]
    wrt: str = ""  # names; all where empty
    positive: bool = False
    orders: tuple[int, ...] = (1, 2)

    def inputs(self) -> dict[str, Node]:
        return {name: input_node(Symbol(name, facts), shape) for name, shape, facts in self.variables()}

    def sizes(self) -> dict[str, float]:
        """The values of the size names in sight."""
        return {str(d): float(SIZES[str(d)]) for _, shape, _ in self.variables() for d in shape}

    def variables(self) -> list[tuple[str, tuple[Size, ...], frozenset[str]]]:
        found = []
        for word in self.kinds.split():
            name, shape, facts = (word + "::").split(":")[:3]
            found.append((name, tuple(symbol(d) for d in shape.split(",") if d), frozenset(facts.split(",")) - {""}))
        return found


def quadratic(x: Node, a: Node) -> Node:
    return contract([x, a, x], ["i", "ij", "j"], "")


def weighted(x: Node, a: Node, s: Node, w: Node) -> Node:
    r = x - mv(a, s)
    return contract([r, w, r], ["i", "ij", "j"], "")


def _least(w: Node, x: Node, y: Node) -> Node:
    r = mv(x, w) - y
    return dot(r, r)


SLIDES = (
    Case("(2*x^2 + 1)^4", "x", lambda x: (2.0 * x**2 + 1.0) ** 4, lambda x: (2 * x**2 + 1) ** 4),
    Case("(x + 2*y^3)^2", "x y", lambda x, y: (x + 2.0 * y**3) ** 2, lambda x, y: (x + 2 * y**3) ** 2),
    Case("(x^2 + y^2)^3", "x y", lambda x, y: (x**2 + y**2) ** 3, lambda x, y: (x**2 + y**2) ** 3),
    Case("sin(t)^2 + 2*cos(t)", "t", lambda t: sin(t) ** 2 + 2.0 * cos(t), lambda t: np.sin(t) ** 2 + 2 * np.cos(t)),
    Case("(t^2 + 2*s)*(3*s*t)", "s t", lambda s, t: (t**2 + 2.0 * s) * (3.0 * s * t), lambda s, t: (t**2 + 2 * s) * 3 * s * t),
    Case("A*x", "A:m,n x:n", mv, lambda a, x: a @ x),
    Case("a'*X*b", "a:m X:m,n b:n", lambda a, x, b: contract([a, x, b], ["i", "ij", "j"], ""), lambda a, x, b: a @ x @ b, "X"),
    Case("a'*inv(X)*b", "a:n X:n,n b:n", lambda a, x, b: contract([a, inv(x), b], ["i", "ij", "j"], ""), lambda a, x, b: a @ la.inv(x) @ b, "X"),
    Case("a'*x", "a:n x:n", dot, lambda a, x: a @ x, "x"),
    Case("x'*B*x", "x:n B:n,n", quadratic, lambda x, b: x @ b @ x),
    Case("(x - A*s)'*W*(x - A*s)", "x:m A:m,n s:n W:m,m:symmetric", weighted, lambda x, a, s, w: (x - a @ s) @ w @ (x - a @ s)),
    Case("tr(X)", "X:n,n", tr, np.trace),
    Case("tr(A*X)", "A:m,n X:n,m", lambda a, x: tr(mm(a, x)), lambda a, x: np.trace(a @ x)),
    Case("det(X)", "X:n,n", det, la.det),
    Case("inv(X)", "X:n,n", inv, la.inv, orders=(1,)),
    Case("X'", "X:m,n", lambda x: contract([x], ["ij"], "ji"), np.transpose, orders=(1,)),
)

NINE = (
    Case("x'*A*x/2", "x:n A:n,n", lambda x, a: 0.5 * quadratic(x, a), lambda x, a: x @ a @ x / 2),
    Case("A*exp(x)", "A:m,n x:n", lambda a, x: mv(a, exp(x)), lambda a, x: a @ np.exp(x)),
    Case("(y .* v)'*x", "y:n v:n x:n", lambda y, v, x: dot(y * v, x), lambda y, v, x: (y * v) @ x),
    Case("a .^ b", "a:n b:n", op("pow"), lambda a, b: a**b, positive=True),
    Case("norm(A*x - y, 1)", "A:m,n x:n y:m", lambda a, x, y: p_norm(mv(a, x) - y, 1.0), lambda a, x, y: np.sum(np.abs(a @ x - y))),
    Case("norm(A*x - y)^2", "A:m,n x:n y:m", lambda a, x, y: p_norm(mv(a, x) - y, 2.0) ** 2, lambda a, x, y: np.sum((a @ x - y) ** 2)),
    Case("sum(log(exp(-y .* (X*w)) + 1))", "y:m X:m,n w:n", lambda y, x, w: total(log(exp(-y * mv(x, w)) + 1.0)), lambda y, x, w: np.sum(np.log(np.exp(-y * (x @ w)) + 1))),
    Case("tr(A*X'*B*X*C)", "A:k,m X:n,m B:n,n C:m,k", lambda a, x, b, c: tr(mm(mm(mmt(a, x), mm(b, x)), c)), lambda a, x, b, c: np.trace(a @ x.T @ b @ x @ c)),
    Case("logdet(inv(X))", "X:n,n", lambda x: logdet(inv(x)), lambda x: -np.log(la.det(x))),
)  # fmt: skip

COOKBOOK = (
    Case("a'*X'*b", "a:n X:m,n b:m", lambda a, x, b: contract([a, x, b], ["i", "ji", "j"], ""), lambda a, x, b: a @ x.T @ b, "X"),
    Case("a'*X*a", "a:n X:n,n", quadratic, lambda a, x: a @ x @ a, "X"),
    Case("b'*X'*X*c", "b:n X:m,n c:n", lambda b, x, c: dot(mv(x, b), mv(x, c)), lambda b, x, c: (x @ b) @ (x @ c), "X"),
    Case("b'*X'*D*X*c", "b:n X:m,n D:m,m c:n", lambda b, x, d, c: contract([mv(x, b), d, mv(x, c)], ["i", "ij", "j"], ""), lambda b, x, d, c: (x @ b) @ d @ (x @ c), "X"),
    Case("(X*b + c)'*D*(X*b + c)", "X:m,n b:n c:m D:m,m", lambda x, b, c, d: quadratic(mv(x, b) + c, d), lambda x, b, c, d: (x @ b + c) @ d @ (x @ b + c), "X b c"),
    Case("tr(A*X*B)", "A:m,n X:n,p B:p,m", lambda a, x, b: tr(mm(mm(a, x), b)), lambda a, x, b: np.trace(a @ x @ b), "X"),
    Case("tr(A*X'*B)", "A:m,n X:p,n B:p,m", lambda a, x, b: tr(mm(mmt(a, x), b)), lambda a, x, b: np.trace(a @ x.T @ b), "X"),
    Case("tr(X^2)", "X:n,n", lambda x: tr(mm(x, x)), lambda x: np.trace(x @ x)),
    Case("tr(X'*B*X)", "X:m,n B:m,m", lambda x, b: tr(mm(tmm(x, b), x)), lambda x, b: np.trace(x.T @ b @ x), "X"),
    Case("tr(X*X')", "X:m,n", lambda x: tr(mmt(x, x)), lambda x: np.sum(x * x)),
    Case("tr(A*X*B*X)", "A:m,n X:n,m B:m,n", lambda a, x, b: tr(mm(mm(a, x), mm(b, x))), lambda a, x, b: np.trace(a @ x @ b @ x), "X"),
    Case("tr(A*X*B*X'*C)", "A:k,n X:n,m B:m,m C:n,k", lambda a, x, b, c: tr(mm(mm(mm(a, x), mmt(b, x)), c)), lambda a, x, b, c: np.trace(a @ x @ b @ x.T @ c), "X"),
    Case("tr((A*X*B + C)*(A*X*B + C)')", "A:m,n X:n,p B:p,k C:m,k", lambda a, x, b, c: tr(mmt(mm(mm(a, x), b) + c, mm(mm(a, x), b) + c)), lambda a, x, b, c: np.sum((a @ x @ b + c) ** 2), "X"),
    Case("tr(inv(X))", "X:n,n", lambda x: tr(inv(x)), lambda x: np.trace(la.inv(x))),
    Case("tr(A*inv(X)*B)", "A:m,n X:n,n B:n,m", lambda a, x, b: tr(mm(mm(a, inv(x)), b)), lambda a, x, b: np.trace(a @ la.inv(x) @ b), "X", orders=(1,)),
    Case("tr(inv(X'*C*X)*A)", "X:m,n C:m,m:symmetric A:n,n", lambda x, c, a: tr(mm(inv(mm(tmm(x, c), x)), a)), lambda x, c, a: np.trace(la.inv(x.T @ c @ x) @ a), "X", orders=(1,)),
    Case("det(A*X*B)", "A:n,m X:m,p B:p,n", lambda a, x, b: det(mm(mm(a, x), b)), lambda a, x, b: la.det(a @ x @ b), "X", orders=(1,)),
    Case("log(det(X'*X))", "X:m,n", lambda x: log(det(tmm(x, x))), lambda x: np.log(la.det(x.T @ x)), orders=(1,)),
    Case("norm(x - a)", "x:n a:n", lambda x, a: p_norm(x - a, 2.0), lambda x, a: np.sqrt(np.sum((x - a) ** 2)), "x"),
    Case("norm(X)^2", "X:m,n", lambda x: op("frobenius")(x) ** 2, lambda x: np.sum(x**2)),
    Case("norm(Y - U*V')^2", "Y:m,n U:m,k V:n,k", lambda y, u, v: op("frobenius")(y - mmt(u, v)) ** 2, lambda y, u, v: np.sum((y - u @ v.T) ** 2)),
    Case("norm(X*w - y)^2 + c*norm(w)^2", "X:m,n w:n y:m c", lambda x, w, y, c: _least(w, x, y) + c * dot(w, w), lambda x, w, y, c: np.sum((x @ w - y) ** 2) + c * np.sum(w**2)),
    Case("sin(a'*x)", "a:n x:n", lambda a, x: sin(dot(a, x)), lambda a, x: np.sin(a @ x), "x"),
    Case("exp(x'*A*x)", "x:n A:n,n:symmetric", lambda x, a: exp(quadratic(x, a)), lambda x, a: np.exp(x @ a @ x), "x"),
    Case("x'*A*x/(x'*x)", "x:n A:n,n:symmetric", lambda x, a: quadratic(x, a) / dot(x, x), lambda x, a: (x @ a @ x) / (x @ x), "x"),
    Case("sum(exp(x))", "x:n", lambda x: total(exp(x)), lambda x: np.sum(np.exp(x))),
    Case("log(sum(exp(x)))", "x:n", lambda x: log(total(exp(x))), lambda x: np.log(np.sum(np.exp(x)))),
    Case("softmax(A*x)", "A:m,n x:n", lambda a, x: op("softmax")(mv(a, x)), lambda a, x: np.exp(a @ x) / np.sum(np.exp(a @ x)), "x", orders=(1,)),
    Case("logsumexp(A*x)", "A:m,n x:n", lambda a, x: op("logsumexp")(mv(a, x)), lambda a, x: np.log(np.sum(np.exp(a @ x))), "x"),
    Case("sum(softplus(-y .* (X*w)))", "y:m X:m,n w:n", lambda y, x, w: total(op("softplus")(-y * mv(x, w))), lambda y, x, w: np.sum(np.log(np.exp(-y * (x @ w)) + 1)), "w X"),
    Case("tanh(W*x + b)", "W:m,n x:n b:m", lambda w, x, b: tanh(mv(w, x) + b), lambda w, x, b: np.tanh(w @ x + b), orders=(1,)),
    Case("norm(V*tanh(W*x + b) - t)^2", "V:k,m W:m,n x:n b:m t:k", lambda v, w, x, b, t: op("norm")(mv(v, tanh(mv(w, x) + b)) - t) ** 2, lambda v, w, x, b, t: np.sum((v @ np.tanh(w @ x + b) - t) ** 2), orders=(1,)),
    Case("x .* log(x)", "x:n", lambda x: x * log(x), lambda x: x * np.log(x), positive=True),
    Case("x - sum(x)/n", "x:n", lambda x: x - stretch(total(x) / contract([], [], "", {"i": N}), (N,)), lambda x: x - np.mean(x)),
    Case("sum((A .* X)*b)", "A:m,n X:m,n b:n", lambda a, x, b: total(mv(a * x, b)), lambda a, x, b: np.sum((a * x) @ b), "X b"),
    Case("diag(d)*x", "d:n x:n", lambda d, x: d * x, lambda d, x: d * x),
    Case("a'*solve(X, b)", "a:n X:n,n b:n", lambda a, x, b: dot(a, op("solve")(x, b)), lambda a, x, b: a @ la.solve(x, b), "X b"),
    Case("max(x, y)", "x:n y:n", lambda x, y: op("maximum")(x, y), lambda x, y: np.maximum(x, y), orders=(1,)),
    Case("r*A*x", "r:m:row A:m,n x:n", lambda r, a, x: dot(r, mv(a, x)), lambda r, a, x: r @ a @ x),
)  # fmt: skip

SCALARS = (
    Case("sin(x)*cos(x)", "x", lambda x: sin(x) * cos(x), lambda x: np.sin(x) * np.cos(x)),
    Case("sin(x)/x", "x", lambda x: sin(x) / x, lambda x: np.sin(x) / x),
    Case("exp(-x^2)", "x", lambda x: exp(-(x**2)), lambda x: np.exp(-(x**2))),
    Case("x*sqrt(x)", "x", lambda x: x * sqrt(x), lambda x: x * np.sqrt(x), positive=True),
    Case("sqrt(x^2 + exp(x^2)) + cos(x^2 + exp(x^2))", "x", lambda x: sqrt(x**2 + exp(x**2)) + cos(x**2 + exp(x**2)), lambda x: np.sqrt(x**2 + np.exp(x**2)) + np.cos(x**2 + np.exp(x**2))),
    Case("0.1*x^3 - x/3", "x", lambda x: 0.1 * x**3 - x / 3.0, lambda x: 0.1 * x**3 - x / 3),
    Case("x^y", "x y", op("pow"), lambda x, y: x**y, positive=True),
    Case("x*y^2 - 3*z^2", "x y z", lambda x, y, z: x * y**2 - 3.0 * z**2, lambda x, y, z: x * y**2 - 3 * z**2),
    Case("tanh(x)", "x", tanh, np.tanh),
    Case("log(x)/x", "x", lambda x: log(x) / x, lambda x: np.log(x) / x, positive=True),
)  # fmt: skip

ALL = SLIDES + NINE + COOKBOOK + SCALARS
