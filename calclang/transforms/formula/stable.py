"""Exponentials over their sums, written as the functions they are: sigmoid, softplus, softmax, logsumexp, tanh.

``exp(u)/(1 + exp(u))`` is ``sigmoid(u)``, which is shorter and does not overflow. Equal wherever both are finite.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from calclang.ops import ROWS
from calclang.transforms.formula.divisors import cleared, sizes_of, whole_powers
from calclang.transforms.formula.functions import apply
from calclang.transforms.formula.identities import projected, with_ones
from calclang.transforms.formula.normal import Normal
from calclang.transforms.formula.sums import scaled
from calclang.transforms.formula.terms import ONE, Apply, Factor, Form, Product, Sum, make_apply, order, scalar, split, summed_vector

RATIOS = {"cosh": ("sinh", "tanh"), "cos": ("sin", "tan")}  # below -> above, quotient


def recognised(to: Normal, *roots: Form) -> dict[Form, Form]:
    """Every form below ``roots`` with these functions recognised, parts first."""
    done: dict[Form, Form] = {}
    for form in order(*roots):
        done[form] = _rebuilt(to, form, done)
    return done


def _anew(to: Normal, form: Form, done: Mapping[Form, Form]) -> Form:
    """A form made again of its parts."""
    if isinstance(form, Sum):
        return to.sum([(c, done[x]) for c, x in form.terms])
    if isinstance(form, Apply):
        return apply(to, form.op, form.params, tuple(done[a] for a in form.args), form.shape)
    if isinstance(form, Product):
        return to.product([(done[f.base], f.power, f.labels) for f in form.factors], form.out, sizes_of(form), form.coef)
    return form


def _rebuilt(to: Normal, form: Form, done: dict[Form, Form]) -> Form:
    """A form with its parts replaced, put as it is computed stably where a function for that exists."""
    changed = any(done[c] != c for c in form.children)
    made = _anew(to, form, done) if changed else form
    if isinstance(made, Apply):
        return _logarithm(made) or made
    if isinstance(made, Product) and made.factors:
        coef, factors = _complements(to, made)
        factors = _tangents(_softmaxes(_exponentials(to, _sigmoids(to, _opposites(to, factors)))))
        if factors != list(made.factors):
            made = to.product([(f.base, f.power, f.labels) for f in factors], made.out, sizes_of(made), coef)
    if isinstance(made, Product):
        made = cleared(to, made)
    if isinstance(made, Product):
        made = projected(to, made)
    coef, body = split(made)
    better = (_kept(to, body) or _logistic(to, body) or _outside(to, body) or with_ones(to, body)) if isinstance(body, Sum) else None
    return made if better is None else scaled(to, coef, better)


def _kept(to: Normal, form: Sum) -> Form | None:
    """1 - sigmoid(u) is left as it stands, as if the program had written it: it is not multiplied out again."""
    found = complement(form)
    if found is None:
        return None
    c, u = found
    return to.sum([(c, scalar(1, form.shape)), (-c, _call("sigmoid", u))], True)


def _complements(to: Normal, form: Product) -> tuple[Fraction, list[Factor]]:
    """What is divided by 1 - sigmoid(u) is divided by sigmoid(-u), which often stands above it."""
    coef, factors = form.coef, []
    for f in form.factors:
        found = complement(f.base) if f.power < 0 and f.power.denominator == 1 else None
        if found is not None:
            coef *= found[0] ** int(f.power)
            f = Factor(_call("sigmoid", scaled(to, -ONE, found[1])), f.power, f.labels)
        factors.append(f)
    return coef, factors


def complement(form: Form) -> tuple[Fraction, Form] | None:
    """c and u of c*(1 - sigmoid(u))."""
    if not isinstance(form, Sum) or len(form.terms) != 2 or form.terms[0][0] != -form.terms[1][0]:
        return None
    ones = [c for c, x in form.terms if isinstance(x, Product) and not x.factors and x.coef == 1 and not x.deltas]
    inner = [x.args[0] for _, x in form.terms if isinstance(x, Apply) and x.op.name == "sigmoid"]
    return (ones[0], inner[0]) if ones and inner else None


def in_one_sigmoid(to: Normal, form: Sum) -> Form | None:
    """A sum with sigmoid(u) and sigmoid(-u) in the first of them alone, multiplied out: (1 - y)*sigmoid(u) - y*sigmoid(-u) is
    sigmoid(u) - y. None where they do not meet."""
    signed = {f.args[0]: f for f in _all_sigmoids(form)}
    mirrored = {f: signed[v] for u, f in signed.items() if split(u)[0] < 0 and (v := scaled(to, -ONE, u)) in signed}
    if not mirrored:
        return None
    full = Normal(expanding=True, budget=to.budget // 100)
    done: dict[Form, Form] = {}
    for part in order(form):
        done[part] = _anew(full, part, done)
        if isinstance(part, Apply) and part in mirrored:
            done[part] = full.sum([(ONE, scalar(1, part.shape)), (-ONE, done.get(mirrored[part], mirrored[part]))])
    coef, body = split(done[form])
    return scaled(to, coef, _logistic(to, body) or body)


def _outside(to: Normal, form: Sum) -> Form | None:
    """What all terms of a sum have, before the sum of what is left; where a sigmoid is among that."""
    powers = [whole_powers(x) for _, x in form.terms]
    shared = [(base, min(p[base, at] for p in powers), at) for base, at in powers[0] if all((base, at) in p for p in powers)]
    if not any(isinstance(base, Apply) and base.op.name == "sigmoid" for base, _, _ in shared):
        return None
    axes, sizes = tuple(range(form.rank)), dict(enumerate(form.shape))
    less = [(base, -power, at) for base, power, at in shared]
    coef, rest = split(to.sum([(c, to.product([(x, ONE, axes), *less], axes, sizes)) for c, x in form.terms]))
    kept = _kept(to, rest) if isinstance(rest, Sum) else None
    return to.product([(kept or rest, ONE, axes), *shared], axes, sizes, coef)


def _all_sigmoids(form: Form) -> list[Apply]:
    """The sigmoids in a form."""
    return [f for f in order(form) if isinstance(f, Apply) and f.op.name == "sigmoid"]


def _logistic(to: Normal, form: Form) -> Form | None:
    """s - s^2 is s*(1 - s), as everybody writes it; also among other factors."""
    if not isinstance(form, Sum) or len(form.terms) != 2 or form.terms[0][0] != -form.terms[1][0]:
        return None
    for (c, low), (_, high) in (form.terms, form.terms[::-1]):
        for f in high.factors if isinstance(high, Product) else ():
            if not isinstance(f.base, Apply) or f.base.op.name != "sigmoid" or f.power <= 1:
                continue
            assert isinstance(high, Product)
            parts = [(g.base, g.power - (g is f), g.labels) for g in high.factors]
            if to.product(parts, high.out, sizes_of(high), high.coef) == low:
                rest = to.sum([(ONE, scalar(1, f.base.shape)), (-ONE, f.base)], True)
                return to.product([*parts, (rest, ONE, f.labels)], high.out, sizes_of(high), c * high.coef)
    return None


def _logarithm(form: Form) -> Form | None:
    """log(1 + exp(u)) is softplus(u), log(sum(exp(u))) is logsumexp(u)."""
    if not isinstance(form, Apply) or form.op.name not in ("log", "log1p"):
        return None
    inner = form.args[0]
    if form.op.name == "log1p":
        u = _exponent(inner)
        return None if u is None else _call("softplus", u)
    if (u := _one_plus_exp(inner)) is not None:
        return _call("softplus", u)
    u = _sum_of_exp(inner)
    return None if u is None else make_apply(ROWS["logsumexp"], (), (u,), ())


def _call(name: str, u: Form) -> Form:
    """An elementwise function, or one that keeps the shape."""
    return make_apply(ROWS[name], (), (u,), u.shape)


def _exponent(form: Form) -> Form | None:
    """u of exp(u)."""
    return form.args[0] if isinstance(form, Apply) and form.op.name == "exp" else None


def _one_plus_exp(form: Form) -> Form | None:
    """u of 1 + exp(u)."""
    if not isinstance(form, Sum) or len(form.terms) != 2 or any(c != 1 for c, _ in form.terms):
        return None
    found = [u for _, x in form.terms if (u := _exponent(x)) is not None]
    ones = [x for _, x in form.terms if isinstance(x, Product) and not x.factors and x.coef == 1 and not x.deltas]
    return found[0] if len(found) == len(ones) == 1 else None


def _sum_of_exp(form: Form) -> Form | None:
    """u of sum(exp(u)), u a vector."""
    v = summed_vector(form)
    return None if v is None else _exponent(v)


def _divided(f: Factor) -> int:
    """How often a factor divides; 0 where it does not, or as a root."""
    return int(-f.power) if f.power < 0 and f.power.denominator == 1 else 0


def _sigmoids(to: Normal, factors: list[Factor]) -> list[Factor]:
    """exp(u)^j / (1 + exp(u))^k: sigmoid(u) for each pair, sigmoid(-u) for each divisor that is left."""
    for f in list(factors):
        u = _one_plus_exp(f.base)
        if u is None or not (k := _divided(f)):
            continue
        factors.remove(f)
        above = next((g for g in factors if g.labels == f.labels and _exponent(g.base) == u and g.power > 0 and g.power.denominator == 1), None)
        j = 0
        if above is not None:
            j = min(int(above.power), k)
            factors.remove(above)
            factors += [Factor(above.base, above.power - j, above.labels)] * (above.power > j)
        axes = tuple(range(u.rank))
        minus = to.product([(u, ONE, axes)], axes, dict(enumerate(u.shape)), -ONE)
        factors += [Factor(_call("sigmoid", u), Fraction(j), f.labels)] * (j > 0)
        factors += [Factor(_call("sigmoid", minus), Fraction(k - j), f.labels)] * (k > j)
    return factors


def _opposites(to: Normal, factors: list[Factor]) -> list[Factor]:
    """exp(u)*exp(-u) is 1, and to any power."""
    for f in factors:
        u = _exponent(f.base)
        opposite = None if u is None or split(u)[0] < 0 else _call("exp", scaled(to, -ONE, u))
        g = next((g for g in factors if g.base == opposite and g.labels == f.labels and g.power * f.power > 0), None)
        if g is not None:
            both = min(f.power, g.power, key=abs)
            left = [Factor(h.base, h.power - both, h.labels) for h in (f, g) if h.power != both]
            return _opposites(to, [h for h in factors if h is not f and h is not g] + left)
    return factors


def _exponentials(to: Normal, factors: list[Factor]) -> list[Factor]:
    """exp(u)*sigmoid(-u) is sigmoid(u), and to any power."""
    for f in list(factors):
        u = _exponent(f.base)
        other = None if u is None or f.power.denominator != 1 or f.power < 1 else _call("sigmoid", scaled(to, -ONE, u))
        beside = next((g for g in factors if g.base == other and g.labels == f.labels and g.power >= 1), None)
        if u is not None and beside is not None and beside.power.denominator == 1:
            both = min(f.power, beside.power)
            factors = [g for g in factors if g is not f and g is not beside]
            powers = ((f.base, f.power - both), (beside.base, beside.power - both), (_call("sigmoid", u), both))
            factors += [Factor(base, power, f.labels) for base, power in powers if power]
    return factors


def _softmaxes(factors: list[Factor]) -> list[Factor]:
    """exp(u)_i … / sum(exp(u))^k: softmax(u) for each pair."""
    for f in list(factors):
        u = _sum_of_exp(f.base)
        if u is None or not (k := _divided(f)):
            continue
        left = k
        for g in [g for g in factors if _exponent(g.base) == u and g.power > 0 and g.power.denominator == 1]:
            j = min(int(g.power), left)
            if j:
                left -= j
                factors.remove(g)
                factors += [Factor(_call("softmax", u), Fraction(j), g.labels)]
                factors += [Factor(g.base, g.power - j, g.labels)] * (g.power > j)
        factors.remove(f)
        factors += [Factor(f.base, Fraction(-left), f.labels)] * (left > 0)
    return factors


def _tangents(factors: list[Factor]) -> list[Factor]:
    """sinh(u)/cosh(u) is tanh(u), and to any power."""
    for f in list(factors):
        names = RATIOS.get(f.base.op.name) if isinstance(f.base, Apply) else None
        if names is None or not isinstance(f.base, Apply) or f.power >= 0:
            continue
        matches = (
            g for g in factors
            if isinstance(g.base, Apply) and g.base.op.name == names[0] and g.base.args == f.base.args and g.labels == f.labels and g.power == -f.power
        )  # fmt: skip
        above = next(matches, None)
        if above is not None:
            factors.remove(f)
            factors.remove(above)
            factors.append(Factor(_call(names[1], f.base.args[0]), above.power, f.labels))
    return factors
