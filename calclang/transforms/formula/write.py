"""Forms to syntax trees. Parts are written before what uses them, so depth never matters; what is used often is bound by ``where``."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from calclang.ops import ROWS
from calclang.syntax import tree as t
from calclang.transforms.formula import names as fresh
from calclang.transforms.formula.calls import apply_tree
from calclang.transforms.formula.cells import matrix_of_cells
from calclang.transforms.formula.divisors import over_one, sizes_of
from calclang.transforms.formula.entries import Means, comprehension, entry, indexed
from calclang.transforms.formula.factor import combined, folded, length
from calclang.transforms.formula.leaves import leaf, plain, sized, zero
from calclang.transforms.formula.linearise import linear_term
from calclang.transforms.formula.matrices import ONE, Atom, Expr, Inverse, Mat, Ones, atom, call, prime, whole
from calclang.transforms.formula.normal import Normal, Spelling, TooBig
from calclang.transforms.formula.places import assembled
from calclang.transforms.formula.stable import in_one_sigmoid, recognised
from calclang.transforms.formula.strides import before, deep, kronecker
from calclang.transforms.formula.summands import Plus, Term, arranged, positive, stretched
from calclang.transforms.formula.terms import Apply, Form, Leaf, Product, Sum, has_more, is_zero, make_apply, order, scalar, summed_length

LONG = 10  # a part used twice is bound when its text is longer
DEEP = 40  # parts nested deeper are bound, whatever their use
CHARACTERS = 20_000
TERMS = 200  # of one sum
LINKS = 600  # of one product of matrices
PARTS = 60  # of a sum that is brought over one divisor
TURNED = frozenset({"inv", "pinv", "det", "logdet"})  # of a transpose: the transpose of the result
FEW = 6  # terms of a sum that is multiplied out to see whether that is shorter


@dataclass
class Writer:
    """One formula being written. ``bound`` are the forms that get names, with the names of some."""

    to: Normal
    taken: frozenset[str]
    given: Mapping[Form, str] = field(default_factory=dict)
    single: frozenset[Form] = frozenset()  # not worth a name
    terms: dict[Form, list[Term]] = field(default_factory=dict)
    mats: dict[Form, Mat] = field(default_factory=dict)
    depth: dict[Form, int] = field(default_factory=dict)
    turning: Form | None = None
    nested: bool = False  # while an alternative is tried
    arrays: dict[str, bool] = field(default_factory=dict)  # names, and whether they are arrays
    bindings: dict[str, Form] = field(default_factory=dict)
    values: dict[str, Expr] = field(default_factory=dict)
    raw: dict[Form, list[Term]] = field(default_factory=dict)  # derived sums before factoring
    users: dict[Form, Mat] = field(default_factory=dict)  # sums of the program as it wrote them
    scales: dict[Form, Fraction] = field(default_factory=dict)  # what multiples of the canonical sums those are

    def write(self, *roots: Form) -> list[list[Term]]:
        """The terms of each of ``roots``; ``bindings`` are filled."""
        forms = order(*roots)
        self.arrays = {f.name: f.rank > 0 for f in forms if isinstance(f, Leaf)}
        uses = Counter([*(child for form in forms for child in form.children), *roots])
        for form in forms:
            self.depth[form] = 1 + max((self.depth[c] for c in form.children), default=0)
            self.terms[form] = self.made(form)
            if len(self.terms[form]) > TERMS or any(x.body and len(x.body.links) > LINKS for x in self.terms[form]):
                raise TooBig
            if form not in roots or uses[form] > 1:
                self.mats[form] = self.matrix(form)
                if self.worth(form, uses[form]):
                    self.bind(form)
        return [self.terms[root] for root in roots]

    def worth(self, form: Form, uses: int) -> bool:
        """Whether a part gets a name."""
        size = len(self.mats[form].text)
        if size > CHARACTERS:
            raise TooBig
        if isinstance(form, Leaf) or form.rank > 2 or isinstance(form, Product) and not form.factors:
            return False
        if self.depth[form] >= DEEP:
            return True
        return uses > 1 and size > LONG and form not in self.single

    def bind(self, form: Form) -> None:
        """Give a form a name: what uses it writes the name."""
        given = self.given.get(form)
        used = self.taken | set(self.bindings)
        name = given if given and given not in used else fresh.fresh("t", used)
        self.bindings[name] = form
        self.arrays[name] = form.rank > 0
        named = atom(t.Name(name), form.rank > 0, form.rank > 1, form.symmetric)
        turned = form.rank == 2 and self.mats[form].t.primes < self.mats[form].primes
        self.values[name] = (self.mats[form].t if turned else self.mats[form]).tree
        self.mats[form] = named.t if turned else named
        coef = 1 / self.scales.get(form, ONE)
        self.terms[form] = [Term(coef, (), self.mats[form]) if form.rank else Term(coef, ((self.mats[form], ONE),))]
        self.raw.pop(form, None)
        self.depth[form] = 1

    # ---- one form -----------------------------------------------------------------------------------

    def made(self, form: Form) -> list[Term]:
        """A form as terms, from those of its parts."""
        if isinstance(form, Leaf):
            return [_of(leaf(form))]
        if isinstance(form, Apply):
            return self.reshaped(form) if form.op.name == "reshape" else [_of(self.applied(form))]
        if isinstance(form, Product):
            return self.product(form)
        assert isinstance(form, Sum)
        return self.sum(form) if form.rank <= 2 else self.by_entries(form)

    def applied(self, form: Apply) -> Mat:
        """An operation that is no product and no sum, as one expression."""
        given = self.arguments(form)
        e = apply_tree(form, given)
        if len(given) == 1 and form.args[0].rank == 2 and (form.op.name in TURNED or form.op.kind == "fn"):
            turned = atom(apply_tree(form, [plain([x.turned for x in self.terms[form.args[0]]])]), form.rank > 0, form.rank > 1)
            if turned.primes < atom(e).primes:
                return turned.t  # inv(X + Y)' rather than inv(X' + Y')
        if form.op.name == "inv" and form.args[0].key in self.to.solved - self.to.inverted:
            return Inverse(True, True, e, e if form.symmetric else prime(e), given[0])
        return atom(e, form.rank > 0, form.rank > 1, form.symmetric)

    def reshaped(self, form: Apply) -> list[Term]:
        """The same elements in another shape: a Kronecker product, a call, or element by element."""
        if (parts := kronecker(self.to, form)) is not None:
            sides = [[x.turned for x in self.extra(part)] if row else self.extra(part) for part, row in parts]
            made, turned = (atom(call("kron", *map(plain, ways))) for ways in (sides, [[x.turned for x in side] for side in sides]))
            return [_of(Atom(True, form.rank > 1, made.tree, min(atom(prime(made.tree)), turned, key=lambda m: m.cost).tree))]
        return self.by_entries(form) if deep(form) else [_of(self.applied(form))]

    def arguments(self, form: Apply) -> list[Expr]:
        """The arguments; what is stretched beside an array is written as a number."""
        given = [self.terms[a] for a in form.args]
        if form.op.kind == "fn" or form.op.name == "select":
            flat = [is_zero(a) or all(isinstance(x.body, Ones) for x in terms) for a, terms in zip(form.args, given, strict=True)]
            if form.rank and not all(flat):
                given = [[_number(x) for x in terms] if f else terms for f, terms in zip(flat, given, strict=True)]
        return [plain(terms) for terms in given]

    def product(self, form: Product) -> list[Term]:
        """A product in matrix notation, in the shortest of several ways; by entries where it has no such notation."""
        if is_zero(form):
            return nothing(form)
        if (base := _mask_in(form)) is not None:
            return [_of(self.stretched_mask(form, base))]
        if (cells := self.cells(form)) is not None:
            return cells
        self.turning = self.to_turn(form)
        single = linear_term(form, self.single_term, sized)
        if single is None:
            return self.by_entries(form)
        choices = [self.averaged(form), [single], self.scaled_sum(form), self.distributed(form)]
        return shortest(form, choices)

    def cells(self, form: Form) -> list[Term] | None:
        """A matrix of which a few elements are not zero, written out."""
        made = matrix_of_cells(self.to, form, lambda part: plain(self.extra(part))) if form.rank == 2 else None
        return None if made is None else [_of(atom(made, True, True, form.symmetric))]

    def averaged(self, form: Product) -> list[Term] | None:
        """A product with the sum of a vector over its length, as with its mean."""
        for f in form.factors if "mean" not in self.to.shadowed else ():
            long, summand = summed_length(f.base), _summand(self.terms[f.base])
            size = next((g for g in form.factors if long is not None and isinstance(g.base, Leaf) and g.base.size == long), None)
            if summand is None or size is None or size.power > -f.power or f.power < 1 or f.power.denominator != 1:
                continue
            (x,) = self.terms[f.base]
            mean = atom(call("mean", summand))
            left = [(g.base, g.power + (f.power if g is size else 0), g.labels) for g in form.factors if g is not f]
            rest = self.to.product([part for part in left if part[1]], form.out, sizes_of(form), form.coef)
            return [Term(y.coef * x.coef ** int(f.power), (*y.scalars, (mean, f.power)), y.body) for y in self.extra(rest)]
        return None

    def stretched_mask(self, form: Product, base: Apply) -> Mat:
        """A mask along new axes: ones(m)*ifelse(x > 0, 1, 0)' > 0."""
        choice = make_apply(ROWS["select"], (), (base, scalar(1, base.shape), scalar(0, base.shape)), base.shape)
        made = plain(self.extra(self.to.product([(choice, ONE, form.factors[0].labels)], form.out, dict(form.free) | dict(zip(form.out, form.shape, strict=True)))))
        return atom(t.Compare((made, whole(0)), (">",)), form.rank > 0, form.rank > 1)

    def distributed(self, form: Product) -> list[Term] | None:
        """The product with a derived sum multiplied out and factored anew: diag(p)*(A - ones(n)*p'*A) is (diag(p) - p*p')*A."""
        at = next((k for k, f in enumerate(form.factors) if f.base in self.raw and f.power == 1), None)
        if at is None or len(form.factors) == 1 or self.nested:
            return None
        base, rest = form.factors[at], [f for k, f in enumerate(form.factors) if k != at]
        if len(base.base.children) > FEW:
            return None
        free = dict(form.free) | {l: d for f in form.factors for l, d in zip(f.labels, f.base.shape, strict=True)}
        parts = [(f.base, f.power, f.labels) for f in rest]
        assert isinstance(base.base, Sum)
        self.nested = True
        made = [self.to.product([*parts, (x, ONE, base.labels)], form.out, free, form.coef * c) for c, x in base.base.terms]
        terms = [x for new in made for x in self.extra(new)]
        self.nested = False
        return arranged(combined(stretched(terms)))

    def extra(self, root: Form) -> list[Term]:
        """The terms of a form that is no part of what is written."""
        for form in order(root, known=self.terms):
            self.depth[form] = 0
            self.terms[form] = self.made(form)
            self.mats[form] = self.matrix(form)
        return self.terms[root]

    def to_turn(self, form: Product) -> Form | None:
        """A derived sum that takes the minus sign of its product in: -(a - b)*c is (b - a)*c."""
        if form.coef >= 0:
            return None
        turns = (f.base for f in form.factors if f.base in self.raw and f.power == 1 and len(self.terms[f.base]) > 1)
        return next((b for b in turns if any(x.coef < 0 for x in self.terms[b])), None)

    def scaled_sum(self, form: Product) -> list[Term] | None:
        """A number times a derived sum, the number taken in."""
        only = form.factors[0] if len(form.factors) == 1 else None
        if only is None or only.base not in self.raw or only.power != 1 or sorted(only.labels) != sorted(form.out) or form.deltas:
            return None
        terms = [Term(form.coef * x.coef, x.scalars, x.body) for x in self.raw[only.base]]
        return arranged(combined([x.turned for x in terms] if only.labels != form.out else terms))

    def sum(self, form: Sum) -> list[Term]:
        """A sum: as the program wrote it, or factored so that it reads shortest."""
        if (column := assembled(form, lambda part: plain(self.terms[part]))) is not None:
            return [_of(atom(column, True))]
        spelling = self.to.spelt.get(form.key)
        if spelling is None or not spelling.written:
            if (cells := self.cells(form)) is not None:
                return cells
            terms = stretched(present([x for c, body in form.terms for x in self.scaled(c, body)]))
            self.raw[form] = terms
            return shortest(form, [arranged(combined(terms)), self.over_one(form), self.in_one_sigmoid(form)])
        self.scales[form] = spelling.scale
        wanted = {key: k for k, key in enumerate(spelling.order)}
        parts = sorted(form.terms, key=lambda p: wanted.get(p[1].key, len(wanted)))
        terms = stretched([x for c, body in parts for x in self.scaled(c, body)])
        self.users[form] = self.as_written(form, terms, spelling)
        return terms if spelling.scale > 0 else arranged(terms)

    def over_one(self, form: Sum) -> list[Term] | None:
        """A sum of fractions over one divisor."""
        if self.nested or has_more(form, PARTS):
            return None
        self.nested = True
        try:
            made = over_one(self.to, form)
            return None if made is None or made == form else self.extra(recognised(self.to, made)[made])
        except TooBig:
            return None
        finally:
            self.nested = False

    def in_one_sigmoid(self, form: Sum) -> list[Term] | None:
        """A sum with sigmoid(u) and sigmoid(-u) in the first of them alone."""
        if self.nested or has_more(form, PARTS) or (made := in_one_sigmoid(self.to, form)) is None:
            return None
        self.nested = True
        terms = self.extra(made)
        self.nested = False
        return arranged(combined(stretched(terms)))

    def as_written(self, form: Sum, terms: list[Term], spelling: Spelling) -> Mat:
        """A sum in the multiple and orientation of the program, seen from the canonical orientation."""
        mine = [Term(spelling.scale * x.coef, x.scalars, x.body) for x in terms]
        if not spelling.flipped:
            return Plus(form.rank > 0, form.rank > 1, tuple(mine), spelt=True)
        return Plus(True, True, tuple(x.turned for x in mine), spelt=True).t

    def scaled(self, coef: Fraction, body: Form) -> list[Term]:
        """The terms of a form, times a number."""
        return [Term(coef * x.coef, x.scalars, x.body) for x in self.terms[body]]

    def by_entries(self, form: Form) -> list[Term]:
        """A comprehension over all axes (a plain sum for a scalar)."""
        letters: list[str] = []
        for _ in form.shape:
            letters.append(fresh.index(self.taken | set(letters) | set(self.bindings)))
        terms = self.entries(form, [t.Name(n) for n in letters])
        return [_of(comprehension(plain(terms), form.shape, letters, sized))] if form.shape else terms

    def entries(self, form: Form, places: Sequence[Expr]) -> list[Term]:
        """One element of a form, as terms."""
        means = Means(self.single_term, self.element, sized, self.taken | set(self.bindings), self.arrays)
        terms: list[Term] = []
        todo: list[tuple[Fraction, Form, Sequence[Expr]]] = [(ONE, form, places)]
        while todo:
            coef, part, at = todo.pop()
            if isinstance(part, Sum):
                todo += [(coef * c, x, at) for c, x in reversed(part.terms)]
            elif isinstance(part, Product) and (base := _only_sum(part)) is not None:
                todo.append((coef * part.coef, base, [at[part.out.index(l)] for l in part.factors[0].labels]))
            elif isinstance(part, Product):
                x = entry(part, at, means)
                terms.append(Term(coef * x.coef, x.scalars))
            else:
                x = self.element(part, at)
                terms.append(Term(coef * x.coef, x.scalars))
        return arranged(combined(terms))

    def element(self, form: Form, places: Sequence[Expr]) -> Term:
        """One element of a form; of what was reshaped the one that stood before."""
        while isinstance(form, Apply) and deep(form):
            places, form = before(form, places), form.args[0]
        if isinstance(form, Sum) and form.rank > 2 or isinstance(form, Product) and (form.rank > 2 or not form.factors):
            return folded(self.entries(form, places))
        return Term(ONE, ((atom(indexed(self.tree(form), places, self.arrays)), ONE),))

    def tree(self, form: Form) -> Expr:
        """A form as one expression."""
        return self.mats[form].tree

    # ---- a form as a factor ----------------------------------------------------------------------------

    def single_term(self, form: Form, power: Fraction) -> Term:
        """A factor's base as one term; its coefficient and scalars leave it where the power lets them."""
        terms = self.terms[form]
        if power == 1 and len(terms) == 1:
            return terms[0]
        mat, coef, scale = self.mats[form], ONE, self.scales.get(form, ONE)
        if form == self.turning:
            return self.turned(form)
        if power.denominator == 1:
            coef = scale ** -int(power)
        elif scale != 1:
            mat = Plus(form.rank > 0, form.rank > 1, tuple(terms))
        return Term(coef, (), mat) if form.rank else Term(coef, ((mat, power),), None)

    def turned(self, form: Form) -> Term:
        """A sum with its signs exchanged, times -1."""
        mat = Plus(form.rank > 0, form.rank > 1, tuple(arranged([Term(-x.coef, x.scalars, x.body) for x in self.terms[form]])))
        return Term(-ONE, (), mat) if form.rank else Term(-ONE, ((mat, ONE),))

    def matrix(self, form: Form) -> Mat:
        """A form as one expression; a sum of the program in its own multiple (``scales`` says which)."""
        if form in self.users:
            return self.users[form]
        terms = self.terms[form]
        if len(terms) == 1:
            (x,) = terms
            if x.coef == 1 and not x.scalars and x.body is not None:
                return x.body
            if x.coef == 1 and x.body is None and len(x.scalars) == 1 and x.scalars[0][1] == 1:
                return x.scalars[0][0]
        return Plus(form.rank > 0, form.rank > 1, tuple(terms))


def _summand(terms: Sequence[Term]) -> Expr | None:
    """x of a multiple of sum(x), where x is written as an array."""
    only = terms[0].scalars[0][0].tree if len(terms) == 1 and terms[0].body is None and [p for _, p in terms[0].scalars] == [ONE] else None
    if not isinstance(only, t.Call) or only.function != t.Name("sum") or len(only.arguments) != 1:
        return None
    return None if isinstance(only.arguments[0], t.Comprehension) else only.arguments[0]


def _mask_in(form: Product) -> Apply | None:
    """The mask that a product only relabels and stretches."""
    base = form.factors[0].base if len(form.factors) == 1 else None
    return base if isinstance(base, Apply) and base.op.boolean and base.rank else None


def _only_sum(form: Product) -> Sum | None:
    """The sum that a product only scales and relabels, where it has too many axes to stand as a matrix."""
    only = form.factors[0] if len(form.factors) == 1 else None
    if only is None or not isinstance(only.base, Sum) or only.power != 1 or only.base.rank <= 2 or form.deltas or form.free:
        return None
    return only.base


def _number(term: Term) -> Term:
    """A stretched term as the number that is stretched."""
    return Term(term.coef, term.scalars) if isinstance(term.body, Ones) else Term(ONE, ((atom(whole(0)), ONE),))


def shortest(form: Form, choices: Sequence[list[Term] | None]) -> list[Term]:
    """The way to write a form that reads shortest; 0 where its terms cancel."""
    best = [x for x in min((c for c in choices if c), key=length) if x.coef]
    return [positive(x) for x in best] or nothing(form)


def present(terms: list[Term]) -> list[Term]:
    """Terms without those that are zeros, if there are others."""
    return [x for x in terms if x.body is None or not isinstance(e := x.body.tree, t.Call) or e.function != t.Name("zeros")] or terms


def nothing(form: Form) -> list[Term]:
    """The zero of a form's shape: of a number as a coefficient, so that it vanishes beside others."""
    return [_of(zero(form)) if form.rank else Term(Fraction(0))]


def _of(mat: Mat) -> Term:
    """A term that is one expression."""
    return Term(ONE, (), mat) if mat.rows or mat.cols else Term(ONE, ((mat, ONE),), None)
