"""Index graphs to matrix expressions by series-parallel reduction.

Labels are points, matrices edges, vectors loops at a point, outputs terminals. The first rule that fits is applied until none does:
loop -> tr, diag; inner point with vectors -> u'*v, sum; leaf -> M*v; series -> M*N, M*diag(v)*N; parallel -> M .* N.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from calclang.ir.dim import Dim
from calclang.syntax import tree as t
from calclang.transforms.formula.matrices import ONE, Chain, Diag, Expr, Eye, Mat, Ones, atom, call, chain, either_way, gathered, had, prime
from calclang.transforms.formula.summands import Plus, Term
from calclang.transforms.formula.terms import Factor, Form, Leaf, Product

TWO = Fraction(2)


@dataclass
class Edge:
    """A matrix from label ``a`` to label ``b``: an elementwise product of powers."""

    a: int
    b: int
    parts: list[tuple[Mat, Fraction]]

    def seen(self, start: int) -> Mat:
        """The matrix whose rows are label ``start``."""
        mat = had(self.parts)
        return mat if start == self.a else mat.t

    def other(self, label: int) -> int:
        """The label at the other end."""
        return self.b if label == self.a else self.a


@dataclass
class Graph:
    """What is left of a product."""

    terminals: tuple[int, ...]
    size: Mapping[int, Dim]
    sized: Callable[[Dim], Expr]
    edges: list[Edge] = field(default_factory=list)
    vectors: dict[int, list[tuple[Mat, Fraction]]] = field(default_factory=dict)
    scalars: list[tuple[Mat, Fraction]] = field(default_factory=list)
    coef: Fraction = ONE

    def ones(self, label: int) -> Mat:
        """A column of ones as long as a label."""
        e = call("ones", self.sized(self.size[label]))
        return Ones(True, False, e, prime(e))

    def column(self, label: int) -> Mat:
        """The vector at a label; ones where there is none."""
        parts = self.vectors.get(label)
        return had(parts) if parts else self.ones(label)

    def at(self, label: int) -> list[Edge]:
        """The edges that end at a label."""
        return [e for e in self.edges if label in (e.a, e.b)]


def graph_of(
    product: Product, single: Callable[[Form, Fraction], Term], sized: Callable[[Dim], Expr], factors: Sequence[Factor] | None = None
) -> Graph | None:
    """The index graph (of some ``factors``); None where one has more than two axes. ``single(base, power)`` is a factor as one term."""
    size = dict(product.free)
    made = Graph(product.out, size, sized)
    made.coef = product.coef
    for f in product.factors:
        size.update(zip(f.labels, f.base.shape, strict=True))
    for f in product.factors if factors is None else factors:
        if f.base.rank > 2:
            return None
        twice = f.base.rank == 2 and f.power == 2 and not set(f.labels) & set(product.out)
        power = ONE if twice else f.power
        term = single(f.base, power)
        for _ in range(1 + twice):
            made.coef *= term.coef
            made.scalars += term.scalars
            _place(made, f.labels, term.body, power)
    return made


def _place(graph: Graph, labels: tuple[int, ...], body: Mat | None, power: Fraction) -> None:
    """Put a factor into the graph: as an edge, or as a vector at its label. A number is none."""
    if body is not None and len(labels) == 2:
        graph.edges.append(Edge(*labels, [(body, power)]))
    elif body is not None:
        graph.vectors.setdefault(labels[0], []).append((body, power))


def linear_term(product: Product, single: Callable[[Form, Fraction], Term], sized: Callable[[Dim], Expr]) -> Term | None:
    """A product of rank at most two in matrix notation; None where it has none."""
    graph = graph_of(product, single, sized)
    if graph is None or len(product.out) > 2 or not reduced(graph):
        return None
    body = _body(graph)
    if isinstance(body, Eye) and any(isinstance(f.base, Leaf) and f.base.name in ("inf", "nan") for f in product.factors):  # 0*inf is no 0
        diagonal = Term(graph.coef, gathered(graph.scalars), graph.column(graph.terminals[0]))
        return Term(ONE, (), Diag(True, True, Plus(True, False, (diagonal,))))
    return Term(graph.coef, gathered(graph.scalars), body)


def reduced(graph: Graph) -> bool:
    """Reduce as far as possible; whether no summed label is left."""
    rules = (_loop, _vertex, _leaf, _series, _parallel)
    while any(rule(graph) for rule in rules):
        pass
    inner = {l for e in graph.edges for l in (e.a, e.b)} | {l for l, parts in graph.vectors.items() if parts}
    return inner <= set(graph.terminals)


def _inner(graph: Graph) -> list[int]:
    """The labels that are summed over and still have anything on them."""
    labels = {l for e in graph.edges for l in (e.a, e.b)} | {l for l, parts in graph.vectors.items() if parts}
    return sorted(labels - set(graph.terminals))


def _loop(graph: Graph) -> bool:
    """An edge from a label to itself: tr(M) where nothing else is there, else the vector diag(M). Whether there was one."""
    for edge in graph.edges:
        if edge.a != edge.b:
            continue
        graph.edges.remove(edge)
        alone = edge.a not in graph.terminals and not graph.vectors.get(edge.a) and not graph.at(edge.a)
        if alone:
            graph.scalars.append((trace(edge.seen(edge.a)), ONE))
        else:
            best = min(edge.seen(edge.a), edge.seen(edge.a).t, key=lambda m: m.cost)
            graph.vectors.setdefault(edge.a, []).append((atom(call("diag", best.tree), rows=True), ONE))
        return True
    return False


def trace(mat: Mat) -> Mat:
    """tr(M) in the rotation or transposition with the fewest primes."""
    links = mat.links
    turns = [chain([*links[k:], *links[:k]]) for k in range(len(links))]
    return atom(call("tr", min([*turns, *(m.t for m in turns)], key=lambda m: m.cost).tree))


def _vertex(graph: Graph) -> bool:
    """A summed label with vectors only: a scalar. Whether there was one."""
    for label in _inner(graph):
        if not graph.at(label):
            graph.scalars.append(_closed(graph.vectors.pop(label)))
            return True
    return False


def _closed(parts: list[tuple[Mat, Fraction]]) -> tuple[Mat, Fraction]:
    """The sum over a label with vectors only: sum(v), u'*v, v'*v or norm(v)^2, u'*(v .* w)."""
    if len(parts) == 1:
        mat, power = parts[0]
        if power == 2:
            simple = isinstance(mat.tree, (t.Name, t.Prime)) or len(mat.text) < 7
            return (chain([mat.t, mat]), ONE) if simple else (atom(call("norm", mat.tree)), TWO)
        return _summed(had(parts)), ONE
    plain = sorted((k for k, (_, p) in enumerate(parts) if p == 1), key=lambda k: parts[k][0].cost, reverse=True)
    if not plain:
        return atom(call("sum", had(parts).tree)), ONE
    first = parts[plain[0]][0]
    rest = had([part for k, part in enumerate(parts) if k != plain[0]])
    made = chain([first.t, rest])
    ends = made.links[0], made.links[-1]
    return (_summed(made if isinstance(ends[1], Ones) else made.t) if any(isinstance(end, Ones) for end in ends) else either_way(made)), ONE


def _summed(mat: Mat) -> Mat:
    """The sum of a column, or of the matrix of which it is the sums of rows: sum(A*ones(n)) is sum(A)."""
    *links, last = mat.links
    if links and isinstance(last, Ones):
        mat = either_way(chain(links)) if links[0].rows and links[-1].cols else chain(links) if links[0].rows else chain(links).t
    return atom(call("sum", mat.tree))


def _leaf(graph: Graph) -> bool:
    """A summed label with one edge: that matrix times the vector there, M*v. Whether there was one."""
    for label in _inner(graph):
        edges = graph.at(label)
        if len(edges) == 1:
            (edge,) = edges
            far = edge.other(label)
            column = graph.column(label)
            graph.vectors.pop(label, None)
            graph.edges.remove(edge)
            graph.vectors.setdefault(far, []).append((chain([edge.seen(far), column]), ONE))
            return True
    return False


def _series(graph: Graph) -> bool:
    """A summed label between two edges: their product, M*N or M*diag(v)*N. Whether there was one."""
    for label in _inner(graph):
        edges = graph.at(label)
        if len(edges) == 2 and edges[0] is not edges[1]:
            one, two = edges
            middle: list[Mat] = [Diag(True, True, graph.column(label))] if graph.vectors.get(label) else []
            graph.vectors.pop(label, None)
            start, stop = one.other(label), two.other(label)
            graph.edges.remove(one)
            graph.edges.remove(two)
            graph.edges.append(Edge(start, stop, [(chain([one.seen(start), *middle, two.seen(label)]), ONE)]))
            return True
    return False


def _parallel(graph: Graph) -> bool:
    """Two edges between the same labels: their elementwise product, M .* N. Whether there were two."""
    for k, one in enumerate(graph.edges):
        for two in graph.edges[k + 1 :]:
            if {one.a, one.b} == {two.a, two.b}:
                turned = two.parts if one.a == two.a else [(m.t, p) for m, p in two.parts]
                one.parts += turned
                graph.edges.remove(two)
                return True
    return False


def _body(graph: Graph) -> Mat | None:
    """What stands at the outputs."""
    out = graph.terminals
    if not out:
        return None
    if len(out) == 1:
        return graph.column(out[0])
    if out[0] == out[1]:
        size = call("eye", graph.sized(graph.size[out[0]]))
        return Diag(True, True, graph.column(out[0])) if graph.vectors.get(out[0]) else Eye(True, True, size, size)
    i, j = out
    if graph.edges:
        ends: list[list[Mat]] = [[Diag(True, True, graph.column(l))] if graph.vectors.get(l) else [] for l in out]
        return chain([*ends[0], graph.edges[0].seen(i), *ends[1]])
    if graph.vectors.get(i) or graph.vectors.get(j):
        return chain([graph.column(i), graph.column(j).t])
    sizes = [graph.sized(graph.size[l]) for l in out]
    return Ones(True, True, call("ones", *sizes), call("ones", *reversed(sizes)))


__all__ = ["Chain", "Graph", "linear_term", "prime", "reduced"]
