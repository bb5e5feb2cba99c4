"""Forms to syntax trees. Parts are written before what uses them, so depth never matters; what is used often is bound by ``where``."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import numpy as np

from calclang.ir.dim import Dim, Size
from calclang.syntax import tree as t
from calclang.transforms.formula import names as fresh
from calclang.transforms.formula.calls import apply_tree
from calclang.transforms.formula.factor import combined, folded, length
from calclang.transforms.formula.linearise import linear_term
from calclang.transforms.formula.matrices import ONE, Atom, Expr, Mat, Plus, Term, arranged, atom, call, chain, number, prime, times, whole
from calclang.transforms.formula.measure import text
from calclang.transforms.formula.normal import Spelling, TooBig
from calclang.transforms.formula.terms import Apply, Form, Leaf, Product, Sum, is_zero, order

LONG = 10  # a part used twice is bound when its text is longer
DEEP = 40  # parts nested deeper are bound, whatever their use
CHARACTERS = 20_000


@dataclass
class Writer:
    """One formula being written. ``bound`` are the forms that get names, with the names of some."""

    spelt: Mapping[bytes, Spelling]
    taken: frozenset[str]
    given: Mapping[Form, str] = field(default_factory=dict)
    single: frozenset[Form] = frozenset()  # not worth a name
    terms: dict[Form, list[Term]] = field(default_factory=dict)
    mats: dict[Form, Mat] = field(default_factory=dict)
    depth: dict[Form, int] = field(default_factory=dict)
    bindings: dict[str, Form] = field(default_factory=dict)
    values: dict[str, Expr] = field(default_factory=dict)
    raw: dict[Form, list[Term]] = field(default_factory=dict)  # derived sums before factoring

    def write(self, root: Form) -> Term | list[Term]:
        """The terms of ``root``; ``bindings`` are filled."""
        forms = order(root)
        uses = Counter(child for form in forms for child in form.children)
        for form in forms:
            self.depth[form] = 1 + max((self.depth[c] for c in form.children), default=0)
            self.terms[form] = self.made(form)
            if form != root:
                self.mats[form] = self.matrix(form)
                if self.worth(form, uses[form]):
                    self.bind(form)
        return self.terms[root]

    def worth(self, form: Form, uses: int) -> bool:
        """Whether a part gets a name."""
        size = len(self.mats[form].text)
        if size > CHARACTERS:
            raise TooBig
        if isinstance(form, Leaf) or form.rank > 2:
            return False
        if self.depth[form] >= DEEP:
            return True
        return uses > 1 and size > LONG and form not in self.single

    def bind(self, form: Form) -> None:
        given = self.given.get(form)
        name = given if given and given not in self.bindings and given not in self.taken else fresh.fresh("t", self.taken | set(self.bindings))
        self.bindings[name] = form
        self.values[name] = self.mats[form].tree
        self.mats[form] = atom(t.Name(name), form.rank > 0, form.rank > 1, form.symmetric)
        self.depth[form] = 1

    # ---- one form -----------------------------------------------------------------------------------

    def made(self, form: Form) -> list[Term]:
        if isinstance(form, Leaf):
            return [_of(leaf(form))]
        if isinstance(form, Apply):
            return [_of(self.applied(form))]
        if isinstance(form, Product):
            return self.product(form)
        assert isinstance(form, Sum)
        return self.sum(form)

    def applied(self, form: Apply) -> Mat:
        e = apply_tree(form, [plain(self.terms[a]) if a not in self.bindings.values() else self.mats[a].tree for a in form.args])
        return atom(e, form.rank > 0, form.rank > 1, form.symmetric)

    def product(self, form: Product) -> list[Term]:
        if is_zero(form):
            return [_of(zero(form))]
        single = linear_term(form, self.single_term, sized)
        if single is None:
            raise TooBig
        summed = self.scaled_sum(form)
        return summed if summed and length(summed) < length([single]) else [single]

    def scaled_sum(self, form: Product) -> list[Term] | None:
        """A number times a derived sum, the number taken in."""
        only = form.factors[0] if len(form.factors) == 1 else None
        if only is None or only.base not in self.raw or only.power != 1 or sorted(only.labels) != sorted(form.out):
            return None
        terms = [Term(form.coef * x.coef, x.scalars, x.body) for x in self.raw[only.base]]
        return arranged(combined([x.turned for x in terms] if only.labels != form.out else terms))

    def sum(self, form: Sum) -> list[Term]:
        spelling = self.spelt.get(form.key)
        terms = [Term(c * x.coef, x.scalars, x.body) for c, body in form.terms for x in self.terms[body]]
        if spelling is None or not spelling.written:
            self.raw[form] = terms
            return arranged(combined(terms))
        wanted = {key: k for k, key in enumerate(spelling.order)}
        parts = sorted(form.terms, key=lambda p: wanted.get(p[1].key, len(wanted)))
        return [Term(c * x.coef, x.scalars, x.body) for c, body in parts for x in self.terms[body]]

    # ---- a form as a factor ----------------------------------------------------------------------------

    def single_term(self, form: Form, power: Fraction) -> Term:
        """A factor's base as one term; its coefficient and scalars leave it where the power lets them."""
        mat = self.mats[form]
        terms = self.terms[form]
        if power == 1 and len(terms) == 1 and form not in self.bindings.values():
            return terms[0]
        return Term(ONE, (), mat) if form.rank else Term(ONE, ((mat, power),), None)

    def matrix(self, form: Form) -> Mat:
        terms = self.terms[form]
        if len(terms) == 1:
            (x,) = terms
            if x.coef == 1 and not x.scalars and x.body is not None:
                return x.body
            if x.coef == 1 and x.body is None and len(x.scalars) == 1 and x.scalars[0][1] == 1:
                return x.scalars[0][0]
        return Plus(form.rank > 0, form.rank > 1, tuple(terms))


def _of(mat: Mat) -> Term:
    """A term that is one expression."""
    return Term(ONE, (), mat) if mat.rows or mat.cols else Term(ONE, ((mat, ONE),), None)


def plain(terms: list[Term]) -> Expr:
    """The sum as it stands."""
    return Plus(False, False, tuple(terms)).tree


# ---- leaves ------------------------------------------------------------------------------------------------


def leaf(form: Leaf) -> Mat:
    if form.size is not None:
        return atom(sized(form.size))
    if form.name:
        name = t.Name(form.name)
        if form.rank == 1 and "row" in form.facts:
            return Atom(True, False, prime(name), name)
        return atom(name, form.rank > 0, form.rank > 1, form.symmetric)
    return literal(form.value)


def literal(value: Any) -> Mat:
    """An array of numbers."""
    if value.ndim == 1:
        e: Expr = t.Array((tuple(_entry(v) for v in value),))
        return atom(e, True)
    if value.ndim != 2:
        raise TooBig
    made = [t.Array(tuple(tuple(_entry(v) for v in row) for row in v)) for v in (value, value.T)]
    return Atom(True, True, *made)


def _entry(v: Any) -> Expr:
    from calclang.transforms.formula.read import fraction

    if isinstance(v, (bool, np.bool_)):
        return t.Boolean(bool(v))
    return number(fraction(float(v))) if np.isfinite(v) else t.Name(str(float(v)))


def sized(dim: Dim) -> Expr:
    """A size: n, n - 1, 3."""
    if not isinstance(dim, Size):
        return whole(dim)
    parts = [Term(Fraction(c), tuple((atom(t.Name(n)), Fraction(k)) for n, k in Counter(m).items()), None) for m, c in dim.terms]
    return plain(parts)


def zero(form: Form) -> Mat:
    if not form.shape:
        return atom(whole(0))
    sizes = [sized(d) for d in form.shape]
    return Atom(True, form.rank > 1, call("zeros", *sizes), call("zeros", *reversed(sizes)) if form.rank > 1 else prime(call("zeros", *sizes)))
