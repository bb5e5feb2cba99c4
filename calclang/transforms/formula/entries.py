"""Formulas by entries: results of rank above two, and products that have no matrix notation.

The same reduction, with all output labels as terminals; what is left is written entry by entry:
``[2*(V'*V)[j, l]*delta(i, k) for i in 1..m, …]``. Labels that cannot be summed away become an inner ``sum(… for p in 1..n)``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction

from calclang.ir.dim import Dim
from calclang.ops.base import ROWS
from calclang.syntax import tree as t
from calclang.transforms.formula import names
from calclang.transforms.formula.linearise import Graph, graph_of, reduced
from calclang.transforms.formula.matrices import ONE, Atom, Expr, Had, Mat, atom, call, gathered, times, whole
from calclang.transforms.formula.summands import Term
from calclang.transforms.formula.terms import Form, Product

Single = Callable[[Form, Fraction], Term]
Sized = Callable[[Dim], Expr]


def indexed(e: Expr, places: Sequence[Expr], arrays: Mapping[str, bool]) -> Expr:
    """``e[places]``, the index pushed through transposition and elementwise operations on names.

    ``arrays`` says of each name in sight whether it is an array.
    """
    if isinstance(e, t.Prime):
        return indexed(e.operand, places[::-1], arrays)
    pushed = _pushed(e, places, arrays)
    return t.Index(e, tuple(places)) if pushed is None else pushed


UNDOTTED = {".^": "^", ".*": "*", "./": "/", "+": "+", "-": "-"}


def _pushed(e: Expr, places: Sequence[Expr], arrays: Mapping[str, bool]) -> Expr | None:
    """The entry of an elementwise expression of names; None for anything else."""
    if isinstance(e, t.Number):
        return e
    if isinstance(e, t.Name):
        return (t.Index(e, tuple(places)) if arrays[e.id] else e) if e.id in arrays else None
    if isinstance(e, t.Unary):
        inner = _pushed(e.operand, places, arrays)
        return None if inner is None else t.Unary(e.op, inner)
    if isinstance(e, t.Binary) and e.op in UNDOTTED:
        left, right = _pushed(e.left, places, arrays), _pushed(e.right, places, arrays)
        return None if left is None or right is None else t.Binary(UNDOTTED[e.op], left, right)
    if isinstance(e, t.Index) and sum(isinstance(i, t.Whole) for i in e.indices) == len(places):  # A[:, 2][i] is A[i, 2]
        rest = iter(places)
        return t.Index(e.target, tuple(next(rest) if isinstance(i, t.Whole) else i for i in e.indices))
    if isinstance(e, t.Call) and isinstance(e.function, t.Name):
        return _pushed_call(e, e.function.id, places, arrays)
    return None


def _pushed_call(e: t.Call, name: str, places: Sequence[Expr], arrays: Mapping[str, bool]) -> Expr | None:
    if name in ("ones", "zeros"):
        return whole(int(name == "ones"))
    row = ROWS.get(name)
    inner = [_pushed(a, places, arrays) for a in e.arguments]
    if row is None or row.kind != "fn" or any(a is None for a in inner):
        return None
    return t.Call(e.function, tuple(a for a in inner if a is not None))


def _scalars_of(mat: Mat, power: Fraction, places: Sequence[Expr], arrays: Mapping[str, bool]) -> list[tuple[Mat, Fraction]]:
    """The entry of a matrix or a vector as scalar factors."""
    parts = mat.parts if isinstance(mat, Had) else ((mat, ONE),)
    return [(atom(indexed(m.tree, places, arrays)), p * power) for m, p in parts]


def entry(
    product: Product,
    places: Sequence[Expr],
    single: Single,
    element: Callable[[Form, Sequence[Expr]], Term],
    sized: Sized,
    taken: frozenset[str],
    arrays: Mapping[str, bool],
) -> Term:
    """The entry of a product at ``places`` (one per axis). ``element(form, places)`` is one element of a factor of rank above two."""
    thin = [f for f in product.factors if f.base.rank <= 2]
    thick = [f for f in product.factors if f.base.rank > 2]
    kept = tuple(dict.fromkeys([*product.out, *(l for f in thick for l in f.labels)]))
    graph = graph_of(product, single, sized, thin)
    assert graph is not None
    graph.terminals = kept
    reduced(graph)
    at: dict[int, Expr] = {}
    deltas = [_place(at, label, place) for label, place in zip(product.out, places, strict=True)]
    inner = sorted({l for e in graph.edges for l in (e.a, e.b)} | set(graph.vectors) | set(kept) - set(at), key=str)
    used = taken.union(*map(t.mentioned, places))
    bound: list[tuple[str, int]] = []
    for label in inner:
        if label not in at:
            name = names.index(used)
            used |= {name}
            bound.append((name, label))
            at[label] = t.Name(name)
    local: list[tuple[Mat, Fraction]] = []
    for f in thick:
        x = element(f.base, [at[l] for l in f.labels])
        graph.coef *= x.coef if f.power == 1 else ONE
        local += x.scalars if f.power == 1 else [(atom(x.signed), f.power)]
    for e in graph.edges:
        for mat, power in e.parts:
            local += _scalars_of(mat, power, (at[e.a], at[e.b]), arrays)
    for label, parts in graph.vectors.items():
        for mat, power in parts:
            local += _scalars_of(mat, power, (at[label],), arrays)
    return _closed(graph, local, [d for d in deltas if d is not None], bound, sized)


def _place(at: dict[int, Expr], label: int, place: Expr) -> Mat | None:
    """Give an output label its place; a second place is a delta."""
    if label in at:
        return atom(call("delta", at[label], place))
    at[label] = place
    return None


def _closed(graph: Graph, local: list[tuple[Mat, Fraction]], deltas: list[Mat], bound: list[tuple[str, int]], sized: Sized) -> Term:
    """The whole entry; what depends on a bound index stands inside its sum."""
    pairs = [(d, ONE) for d in deltas]
    if not bound:
        return Term(graph.coef, gathered([*graph.scalars, *local, *pairs]))
    clauses = tuple(t.Clause(name, t.Range(whole(1), None, sized(graph.size[label]))) for name, label in bound)
    body = Term(ONE, gathered(local)).bare
    inner = atom(call("sum", t.Comprehension(body, clauses, bare=True)))
    return Term(graph.coef, gathered([*graph.scalars, (inner, ONE), *pairs]))


def comprehension(body: Expr, shape: Sequence[Dim], letters: Sequence[str], sized: Sized) -> Mat:
    """``[body for i in 1..m, j in 1..n]`` as an expression of its own."""
    clauses = tuple(t.Clause(n, t.Range(whole(1), None, sized(d))) for n, d in zip(letters, shape, strict=True))
    made = t.Comprehension(body, clauses)
    turned = t.Comprehension(body, clauses[::-1]) if len(shape) == 2 else made
    return Atom(True, len(shape) > 1, made, turned if len(shape) == 2 else t.Prime(made))


__all__ = ["comprehension", "entry", "indexed", "times"]
