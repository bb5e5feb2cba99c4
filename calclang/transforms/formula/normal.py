"""The normal form of products: splicing, powers, deltas, components, canonical labels.

`Normal` is one conversion: it remembers how sums were first spelt and what its work may cost. With ``expanding`` it is level E:
sums are multiplied out. At both levels powers merge and terms cancel as a person lets them: the result has the same value wherever
both are defined, and may be defined at more points (x/x is 1).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import count
from typing import Any, TypeAlias

from calclang.errors import CalcError
from calclang.ir import budget as session
from calclang.ir.contract import Unifier
from calclang.ir.dim import Dim
from calclang.ir.node import Node
from calclang.record import record
from calclang.transforms.formula import canonical
from calclang.transforms.formula.terms import (
    ONE,
    Apply,
    Form,
    Labels,
    Product,
    Sum,
    dimension,
    is_zero,
    make_apply,
    make_product,
    scalar,
    split,
)  # fmt: skip

BITS = 1_100  # of a coefficient: larger ones are no float64
FEW = 4  # terms of a sum whose elements are added up
FACTORS = 64  # a product of more factors keeps its parts as factors
DEGREE = 32  # a product of more sums, powers counted, is not multiplied out
TOUCHED = 8_000  # steps of the session's work for each factor
Part: TypeAlias = tuple[Form, Fraction, Sequence[Any]]  # base, power, labels


class TooBig(Exception):
    """The work or the size of a formula went over its budget."""


class Unspelt(TooBig):
    """An operation has no spelling in the language; the message is its name."""


def spend(steps: float) -> None:
    """Use up steps of the session's work. Raises `TooBig` where there are not so many left: what is left serves to say so."""
    try:
        session.afford(steps)
    except CalcError:
        raise TooBig from None
    session.spend(steps)


@record
class Spelling:
    """How a sum was first written: the keys of its terms in order, its multiple, and whether as the transpose of the canonical one."""

    order: tuple[bytes, ...]
    scale: Fraction
    flipped: bool
    written: bool  # by the program, not by a derivative


@dataclass
class Normal:
    """One conversion. ``work`` counts factors touched, up to ``budget``."""

    expanding: bool = False
    shadowed: frozenset[str] = frozenset()  # names that mean something else where the formula is read
    budget: int = 400_000
    terms: int = 3_000
    work: int = 0
    spelt: dict[bytes, Spelling] = field(default_factory=dict)
    solved: set[bytes] = field(default_factory=set)  # keys of matrices that the program divides by, with a backslash
    inverted: set[bytes] = field(default_factory=set)  # and of those that it inverts
    explicit: dict[Node, Any] = field(default_factory=dict)  # arrays read element by element
    spread: dict[Form, Form] = field(default_factory=dict)  # sums that were tried multiplied out, and what was the shorter
    fresh: Any = field(default_factory=count)

    def charge(self, amount: int) -> None:
        """Count work. Raises `TooBig` where it is more than the budget, or than the session allows."""
        self.work += amount
        if self.work > self.budget:
            raise TooBig
        spend(TOUCHED * amount)

    # ---- products ------------------------------------------------------------------------------------

    def product(self, parts: Iterable[Part], out: Sequence[Any], free: Mapping[Any, Dim] | None = None, coef: Fraction = ONE) -> Form:
        """The product of ``base ** power`` with labels (any hashable objects), summed over what is not in ``out``."""
        union = Unifier()
        for label, dim in (free or {}).items():
            union.give(label, dim)
        coef, flat = self._splice(union, list(parts), coef)
        if max(abs(coef.numerator), coef.denominator).bit_length() > BITS:
            raise TooBig
        flat = self._met(union, flat, {union.find(l) for l in out})
        size = union.known()
        outs = [union.find(l) for l in out]
        shape = tuple(size[l] for l in outs)
        if coef == 0 or any(is_zero(base) and power > 0 for base, power, _ in flat):
            return scalar(0, shape)
        loose = self._merge([(base, power, tuple(union.find(l) for l in ls)) for base, power, ls in flat])
        if (simpler := self._unfolded(loose, outs)) is not None:
            carried = {l for _, _, ls in simpler for l in ls}
            gone = {l for _, _, ls in loose for l in ls} - carried
            return self.product(simpler, outs, {l: d for l, d in size.items() if l not in gone}, coef)
        if self._reopens(flat, loose):
            return self.product(loose, outs, size, coef)
        coef, loose = _rooted(coef, loose)
        carried = {l for _, _, ls in loose for l in ls}
        coef, loose = self._sizes([size[l] for l in size if l not in carried and l not in outs], coef, loose)
        if self._vanishes(loose, outs):
            return scalar(0, shape)
        if (distributed := self._distribute(loose, outs, size, coef)) is not None:
            return distributed
        return self._finish(loose, outs, size, coef)

    def _splice(self, union: Unifier, parts: list[Part], coef: Fraction) -> tuple[Fraction, list[Part]]:
        """Open nested products: their labels join ours."""
        flat: list[Part] = []
        stack = parts[::-1]
        while stack:
            base, power, labels = stack.pop()
            self.charge(1)
            for label, dim in zip(labels, base.shape, strict=True):
                union.give(label, dim)
            if not isinstance(base, Product) or not self._opens(base, power, len(flat) + len(stack)):
                flat.append((base, power, labels))
                continue
            tag = next(self.fresh)
            coef *= raised(base.coef, power)
            for label, inner in zip(labels, base.out, strict=True):
                union.join((tag, inner), label)
            for inner, dim in base.free:
                union.give((tag, inner), dim)
            stack.extend((f.base, f.power * power, [(tag, l) for l in f.labels]) for f in reversed(base.factors))
        return coef, flat

    def _opens(self, base: Product, power: Fraction, many: int) -> bool:
        """Whether ``base ** power`` is the product of its factors' powers, wherever it is defined."""
        if power == 1:
            return many + len(base.factors) <= FACTORS
        if base.summed or base.deltas or (base.coef == 0 and power < 0):
            return False
        if power.denominator != 1:
            good = len(base.factors) == 1 and (base.factors[0].power.denominator != 1 or base.factors[0].power.numerator % 2 == 1)
            return base.coef == 1 and (good or all(f.base.nonneg for f in base.factors))
        return True

    def _reopens(self, flat: Sequence[Part], merged: Sequence[canonical.Loose]) -> bool:
        """Whether powers that were joined have opened a product: sqrt(-x)*sqrt(-x) is -x."""
        before = {(base.key, power) for base, power, _ in flat}
        return any(isinstance(b, Product) and (b.key, p) not in before and self._opens(b, p, len(merged)) for b, p, _ in merged)

    def _merge(self, parts: Sequence[Part]) -> list[canonical.Loose]:
        """Equal factors on equal labels become one power."""
        groups: dict[Any, list[Part]] = {}
        for base, power, labels in parts:
            at = tuple(sorted(labels, key=repr)) if base.symmetric else tuple(labels)
            groups.setdefault((base.key, at), []).append((base, power, labels))
        sums = [(members[0], sum((p for _, p, _ in members), Fraction(0))) for members in groups.values()]
        return self._raised([(base, power, tuple(labels)) for (base, _, labels), power in sums if power])

    def _raised(self, loose: list[canonical.Loose]) -> list[canonical.Loose]:
        """x^n * x^y is x^(n + y)."""
        for at, (power, one, labels) in enumerate(loose):
            if not isinstance(power, Apply) or power.op.name != "pow" or one != 1:
                continue
            x, y = power.args
            other = next((k for k, (b, p, ls) in enumerate(loose) if b == x and ls == labels and p.denominator == 1), None)
            if other is None:
                continue
            exponent = self.sum([(ONE, y), (ONE, scalar(loose[other][1], y.shape))])
            raised = make_apply(power.op, (), (x, exponent), power.shape)
            return [part for k, part in enumerate(loose) if k not in (at, other)] + [(raised, ONE, labels)]
        return loose

    def _met(self, union: Unifier, parts: list[Part], outs: set[Any]) -> list[Part]:
        """The factors without inverses beside what they are the inverse of: see inverses.py."""
        if not any(isinstance(base, Apply) and base.op.name == "inv" for base, _, _ in parts):
            return parts
        from calclang.transforms.formula.inverses import met

        return met(self, union, parts, outs)

    def _sizes(self, lost: list[Dim], coef: Fraction, loose: list[canonical.Loose]) -> tuple[Fraction, list[canonical.Loose]]:
        """A summed label that never had a factor is its size."""
        for dim in lost:
            if isinstance(dim, int):
                coef *= dim
            else:
                loose = self._merge([*loose, (dimension(dim), ONE, ())])
        return coef, loose

    def _vanishes(self, loose: list[canonical.Loose], outs: list[Any]) -> bool:
        """Whether a factor is a sum whose elements add up to nothing, as those of x - mean(x) do."""
        uses = Counter(l for _, _, ls in loose for l in set(ls))
        for base, power, labels in loose:
            if not isinstance(base, Sum) or not labels or power != 1 or len(base.terms) > FEW or any(uses[l] > 1 or l in outs for l in labels):
                continue
            if is_zero(self.sum([(c, self.product([(t, ONE, labels)], ())) for c, t in base.terms])):
                return True
        return False

    def _distribute(self, loose: list[canonical.Loose], outs: list[Any], size: Mapping[Any, Dim], coef: Fraction) -> Form | None:
        """Multiply out a sum: of rank above 2 always (no matrix formula can hold it), any sum at level E."""
        for at, (base, power, labels) in enumerate(loose):
            if not isinstance(base, Sum) or power.denominator != 1 or power < 1:
                continue
            if base.rank <= 2 and (not self.expanding or _degree(loose) > DEGREE) or len(base.terms) > self.terms:
                continue
            if len(loose) == 1 and power == 1 and len(set(labels)) == len(labels) and list(labels) == list(outs):
                return None
            rest = [*loose[:at], *loose[at + 1 :], *([(base, power - 1, labels)] if power > 1 else [])]
            self.charge(len(base.terms) * (len(rest) + 1))
            carried = {l for _, _, ls in loose for l in ls}
            free = {l: size[l] for l in [*outs, *carried]}
            return self.sum([(coef * c, self.product([*rest, (t, ONE, labels)], outs, free)) for c, t in base.terms])
        return None

    def _finish(self, loose: list[canonical.Loose], outs: list[Any], size: Mapping[Any, Dim], coef: Fraction) -> Form:
        """Closed components become scalar factors; then labels are numbered."""
        closed, rest = _components(loose, set(outs))
        if closed and (len(closed) > 1 or rest or coef != 1 or outs):
            scalars = [(self._finish(c, [], size, ONE), ONE, ()) for c in closed]
            loose = self._merge([*scalars, *rest])
        self.charge(len(loose))
        factors, numbers = canonical.number(loose, outs)
        places = tuple(numbers[l] for l in outs)
        shape = tuple(size[l] for l in outs)
        only = factors[0] if len(factors) == 1 else None
        if only and coef == 1 and only.power == 1 and only.labels == places and len(set(places)) == len(places):
            return only.base
        carried = {l for f in factors for l in f.labels}
        free = tuple(sorted((n, size[l]) for l, n in numbers.items() if n not in carried))
        return self._symmetric(make_product(coef, factors, places, free, shape))

    def _symmetric(self, made: Product) -> Product:
        """Notice that a matrix is its own transpose."""
        if len(made.shape) != 2 or made.shape[0] != made.shape[1]:
            return made
        a, b = made.out
        loose = [(f.base, f.power, f.labels) for f in made.factors]
        factors, numbers = canonical.number(loose, (b, a))
        if [(f.base.key, f.power, f.labels) for f in factors] != [(f.base.key, f.power, f.labels) for f in made.factors]:
            return made
        return make_product(made.coef, made.factors, made.out, made.free, made.shape, symmetric=True)

    def transposed(self, form: Form, axes: Labels) -> Form:
        """A form with its axes in another order."""
        return form if form.symmetric else self.product([(form, ONE, tuple(range(form.rank)))], axes)

    def _unfolded(self, loose: Sequence[canonical.Loose], outs: Sequence[Any]) -> Sequence[Part] | None:
        """The factors without reshaped deltas that only reshape another factor: see reshapes.py. None where there are none."""
        if not any(isinstance(base, Apply) and base.op.name == "reshape" for base, _, _ in loose):
            return None
        from calclang.transforms.formula.reshapes import unfolded

        return unfolded(self, loose, outs)

    def sum(self, terms: Sequence[tuple[Fraction, Form]], written: bool = False) -> Form:
        """A sum in normal form: see sums.py."""
        from calclang.transforms.formula.sums import normal_sum

        return normal_sum(self, terms, written)


def raised(coef: Fraction, power: Fraction) -> Fraction:
    """A coefficient to a whole power (1 for a root, which is opened without a coefficient only). Raises `TooBig`."""
    if coef in (0, 1, -1) or power.denominator != 1:
        return coef ** (int(power) % 2 if coef == -1 else 1) if power.denominator == 1 else ONE
    if abs(power) * max(abs(coef.numerator), coef.denominator).bit_length() > BITS:
        raise TooBig
    return coef ** int(power)


def _rooted(coef: Fraction, loose: list[canonical.Loose]) -> tuple[Fraction, list[canonical.Loose]]:
    """A root of a multiple takes whole powers of what it is a multiple of in: sqrt(2 - 2*x)/(x - 1) is -2/sqrt(2 - 2*x)."""
    for at, (base, root, labels) in enumerate(loose):
        times, inner = split(base)
        for other, (x, power, ls) in enumerate(loose):
            joins = root.denominator != 1 == power.denominator and (root * power < 0 or isinstance(x, Sum))
            if joins and x == inner and ls == labels and other != at:
                rest = [part for k, part in enumerate(loose) if k not in (at, other)]
                return _rooted(coef * raised(times, -power), [*rest, (base, root + power, labels)])
    return coef, loose


def _degree(loose: Sequence[canonical.Loose]) -> Fraction:
    """How many sums are multiplied with each other, each as often as its power says."""
    return sum((power for base, power, _ in loose if isinstance(base, Sum) and power > 0), Fraction(0))


def _components(loose: list[canonical.Loose], outs: set[Any]) -> tuple[list[list[canonical.Loose]], list[canonical.Loose]]:
    """The groups of factors that share labels and touch no output, and the other factors."""
    union = Unifier()
    for _, _, labels in loose:
        for label in labels:
            union.join(labels[0], label)
    open_ = {union.find(l) for l in outs}
    groups: dict[Any, list[canonical.Loose]] = {}
    rest: list[canonical.Loose] = []
    for part in loose:
        root = union.find(part[2][0]) if part[2] else None
        if root is None or root in open_:
            rest.append(part)
        else:
            groups.setdefault(root, []).append(part)
    return list(groups.values()), rest
