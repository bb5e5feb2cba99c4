"""A few elements among zeros in a matrix of unknown size: ``v[1]*e2*e2' + …`` is ``[0, 0, zeros(1, n - 2); 0, v[1], …; zeros(n - 2, n)]``."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from calclang.ir.dim import Dim
from calclang.syntax import tree as t
from calclang.transforms.formula.leaves import sized
from calclang.transforms.formula.matrices import Expr, call, whole
from calclang.transforms.formula.normal import Normal, Part
from calclang.transforms.formula.terms import ONE, Apply, Form, Product, Sum

SIDE = 4  # rows and columns that are written out: further off unit vectors read better


def matrix_of_cells(to: Normal, form: Form, written: Callable[[Form], Expr]) -> Expr | None:
    """A sum of products of two unit vectors as a matrix with its first elements written out; None for any other form, and where it is
    one element or one that is too far from the corner."""
    cells = _cells(to, form)
    if cells is None or len(cells) < 2:
        return None
    height, width = (1 + max(cell[axis] for cell in cells) for axis in (0, 1))
    if max(height, width) > SIDE:
        return None
    m, n = form.shape
    right, below = _zeros(1, n - width), _zeros(m - height, n)
    rows = [tuple(written(cells[i, j]) if (i, j) in cells else whole(0) for j in range(width)) + right for i in range(height)]
    return t.Array((*rows, *([below] if below else [])))


def _zeros(rows: Dim, columns: Dim) -> tuple[Expr, ...]:
    """A block of zeros, where it has elements."""
    return () if 0 in (rows, columns) else (call("zeros", sized(rows), sized(columns)),)


def _cells(to: Normal, form: Form) -> dict[tuple[int, int], Form] | None:
    """The elements of such a sum by their places, from 0; None for any other form."""
    found: dict[tuple[int, int], list[tuple[Fraction, Form]]] = {}
    todo: list[tuple[Form, Fraction, tuple[Part, ...], bool]] = [(form, ONE, (), False)]
    while todo:
        part, coef, scalars, turned = todo.pop()
        if isinstance(part, Sum):
            todo += [(x, coef * c, scalars, turned) for c, x in part.terms]
            continue
        if not isinstance(part, Product) or part.deltas or part.free or part.summed:
            return None
        coef *= part.coef
        scalars += tuple((f.base, f.power, ()) for f in part.factors if not f.labels)
        rest = [f for f in part.factors if f.labels]
        places = {f.labels[0]: _unit(f.base) for f in rest if len(f.labels) == 1 and f.power == 1}
        if len(rest) == 1 and isinstance(rest[0].base, Sum) and rest[0].power == 1 and rest[0].base.rank == 2:
            todo.append((rest[0].base, coef, scalars, turned != (rest[0].labels != part.out)))
        elif len(rest) == len(places) == 2 and (place := _place([places[l] for l in part.out])) is not None:
            found.setdefault(place[::-1] if turned else place, []).append((coef, to.product(scalars, ())))
        else:
            return None
    return {place: to.sum(terms) for place, terms in found.items()}


def _place(places: list[int | None]) -> tuple[int, int] | None:
    """Row and column, where both are known."""
    i, j = places
    return None if i is None or j is None else (i, j)


def _unit(form: Form) -> int | None:
    """At which place a unit vector has its 1: k of eye(n)[:, k + 1]."""
    identity = form.args[0] if isinstance(form, Apply) and form.op.name == "take" and form.rank == 1 else None
    if not isinstance(form, Apply) or not isinstance(identity, Product) or not identity.deltas or identity.factors or len(form.params[0]) != 2:
        return None
    column, place = form.params[0]
    return place if column is None and isinstance(place, int) else None
