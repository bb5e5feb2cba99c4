"""Taylor mode, any order, by integration: coefficient k of y is coefficient k-1 of its differential, over k.

The differential of ``y = op(xs)`` is the tangent that forward mode writes down (`tangent`), fed with one placeholder per
argument that stands for dx/dt: its coefficient m is ``(m + 1) x_{m+1}``. So Taylor mode cannot disagree with forward mode, and
needs nothing of a row but its differential. Contractions are Cauchy products, linear rows act on each coefficient.

Equal nodes are one object and every coefficient is kept, so y and a derivative written with y come out quadratic in the order. Where
a differential would grow a row has a ``taylor`` column (`div`, `solve`), or in ``facts["series"]`` another graph of the same function.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from calclang.ir.apply import INPUT, input_node
from calclang.ir.node import Node, Symbol, order
from calclang.ops.base import again
from calclang.ops.contraction import CONTRACT, contract, zeros
from calclang.transforms.forward import tangent
from calclang.transforms.splice import steady, total

Key = tuple[Node, int]


def taylor(outputs: Sequence[Node], series: Mapping[Node, Sequence[Node]], order: int) -> list[list[Node]]:
    """The coefficients 0, …, ``order`` of each output when the nodes in ``series`` are ``x_0 + x_1 t + x_2 t^2 + …``.

    Each has the shape of its output. Coefficients that are not given are zero.

    >>> from calclang.ir.apply import const
    >>> from calclang.ops.elementary import cos, sin
    >>> x = input_node(Symbol("x"), ())
    >>> [[y0, y1, y2]] = taylor([sin(x)], {x: [x, const(1.0)]}, 2)
    >>> y0 is sin(x), y1 is cos(x)
    (True, True)
    """
    engine = Engine(series)
    return [[zeros(y.shape) if (c := engine.coefficient(y, k)) is None else c for k in range(order + 1)] for y in outputs]


class Engine:
    """Coefficients by (node, k), each computed once, on demand and without recursion. None is exactly zero."""

    def __init__(self, series: Mapping[Node, Sequence[Node]]) -> None:
        self.series = series
        self.done: dict[Key, Node | None] = {}
        self.moves: dict[Node, bool] = dict.fromkeys(series, True)
        self.rates: dict[Node, Node] = {}  # the placeholder of dx/dt of each node
        self.origin: dict[Node, Node] = {}  # and back
        self.differentials: dict[Node, Node | None] = {}
        self.rewritten: dict[Node, Node | None] = {}
        self.halves: dict[Node, tuple[Node, ...]] = {}

    def coefficient(self, node: Node, k: int) -> Node | None:
        """Coefficient k of a node: what it needs comes first, from an explicit stack."""
        stack: list[Key] = [(node, k)]
        while stack:
            key = stack[-1]
            missing = [] if key in self.done else [d for d in self.needs(*key) if d not in self.done]
            if missing:
                stack.extend(missing)
                continue
            if key not in self.done:
                self.done[key] = self.compute(*key)
            stack.pop()
        return self.done[node, k]

    # ---- what a coefficient needs, and what it is ----

    def needs(self, node: Node, k: int) -> Iterator[Key]:
        if node in self.series or not self.active(node):
            return
        if node in self.origin:
            yield self.origin[node], k + 1
        elif k == 0 or node.op.kind == "linear":
            yield from ((x, 0 if steady(node, number) else k) for number, x in enumerate(node.inputs))
        elif node.op is CONTRACT:
            yield from ((x, j) for x in self.split(node) for j in range(k + 1))
        elif (other := self.rewrite(node)) is not None:
            yield other, k
        elif node.op.taylor is not None:
            yield from ((x, j) for x in node.inputs for j in range(k + 1))
            yield from ((node, j) for j in range(k))
        elif (differential := self.differential(node)) is not None:
            yield differential, k - 1

    def compute(self, node: Node, k: int) -> Node | None:
        if node in self.series:
            given = self.series[node]
            return given[k] if k < len(given) else None
        if not self.active(node):
            return node if k == 0 else None
        if node in self.origin:
            return _scaled(self.done[self.origin[node], k + 1], k + 1.0)
        if k == 0:
            return self.rebuilt(node)
        if node.op.kind == "linear":
            return self.linear(node, k)
        if node.op is CONTRACT:
            return self.cauchy(node, k)
        if (other := self.rewrite(node)) is not None:
            return self.done[other, k]
        if node.op.taylor is not None:
            xs = [[self.done[x, j] for j in range(k + 1)] for x in node.inputs]
            result: Node | None = node.op.taylor(*xs, k, [self.done[node, j] for j in range(k)], *node.params)
            return result
        differential = self.differential(node)
        return None if differential is None else _scaled(self.done[differential, k - 1], 1.0 / k)

    # ---- kinds of rows ----

    def rebuilt(self, node: Node) -> Node:
        """Coefficient 0: the same operation on the coefficients 0."""
        return again(node, [self.start(x) for x in node.inputs])

    def start(self, x: Node) -> Node:
        found = self.done[x, 0]
        return zeros(x.shape) if found is None else found

    def linear(self, node: Node, k: int) -> Node | None:
        """The operation itself; masks and places stay as they are."""
        found = [None if steady(node, number) else self.done[x, k] for number, x in enumerate(node.inputs)]
        if all(c is None for c in found):
            return None
        found = [self.start(x) if steady(node, number) else c for number, (x, c) in enumerate(zip(node.inputs, found, strict=True))]
        filled = [zeros(x.shape) if c is None else c for c, x in zip(found, node.inputs, strict=True)]
        return again(node, filled)

    def cauchy(self, node: Node, k: int) -> Node | None:
        """sum_j a_j b_{k-j}; of more than two factors the first ones were joined before."""
        factors = self.split(node)
        spec = node.params[0]
        labels = spec.labels if len(factors) == len(node.inputs) else _joined(node)[1]
        terms = []
        for places in [(k,)] if len(factors) == 1 else [(j, k - j) for j in range(k + 1)]:
            parts = [self.done[f, j] for f, j in zip(factors, places, strict=True)]
            if all(p is not None for p in parts):
                terms.append(contract([p for p in parts if p is not None], labels, spec.out, dict(spec.free), spec.coef))
        return total(terms) if terms else None

    def split(self, node: Node) -> tuple[Node, ...]:
        """At most two factors: all but the last of more are one contraction of their own."""
        if len(node.inputs) <= 2:
            return node.inputs
        if node not in self.halves:
            self.halves[node] = (_joined(node)[0], node.inputs[-1])
        return self.halves[node]

    def rewrite(self, node: Node) -> Node | None:
        """Another graph of the same function that has a series."""
        if node not in self.rewritten:
            everything = all(self.active(x) for x in node.inputs)
            rule = node.op.facts.get("series") or (node.op.facts.get("series if all move") if everything else None)
            self.rewritten[node] = rule(*node.inputs, node, *node.params) if rule else None
        return self.rewritten[node]

    def differential(self, node: Node) -> Node | None:
        """The graph of dy/dt, linear in the placeholders of its arguments' rates."""
        if node not in self.differentials:
            rates = [self.rate(x) if self.active(x) and not x.boolean else None for x in node.inputs]
            self.differentials[node] = tangent(node, rates) if any(r is not None for r in rates) else None
        return self.differentials[node]

    def rate(self, x: Node) -> Node:
        """The placeholder of dx/dt."""
        if x not in self.rates:
            made = self.rates[x] = input_node(Symbol("rate"), x.shape)
            self.origin[made] = x
            self.moves[made] = True
        return self.rates[x]

    def active(self, node: Node) -> bool:
        """Whether the node moves at all."""
        if node not in self.moves:
            stack = [node]
            while stack:
                now = stack[-1]
                missing = [x for x in now.inputs if x not in self.moves]
                if missing and now.op is not INPUT:
                    stack.extend(missing)
                    continue
                self.moves[now] = any(self.moves[x] for x in now.inputs)
                stack.pop()
        return self.moves[node]


def _scaled(x: Node | None, coef: float) -> Node | None:
    """A coefficient times a number; none stays none."""
    return x if x is None or coef == 1 else contract([x], [range(x.rank)], range(x.rank), coef=coef)


def _joined(node: Node) -> tuple[Node, tuple[Sequence[int], Sequence[int]]]:
    """The contraction of all factors but the last, and the labels of both halves."""
    spec = node.params[0]
    needed = set(spec.out) | set(spec.labels[-1])
    kept = [l for l in dict.fromkeys(l for ls in spec.labels[:-1] for l in ls) if l in needed]
    first = contract(node.inputs[:-1], spec.labels[:-1], kept)
    return first, (kept, spec.labels[-1])


__all__ = ["order", "taylor"]
