"""Exponentials over their sums, written as the functions they are: sigmoid, softplus, softmax, logsumexp, tanh.

``exp(u)/(1 + exp(u))`` is ``sigmoid(u)``, which is shorter and does not overflow. Equal wherever both are finite.
"""

from __future__ import annotations

from fractions import Fraction

from calclang.ir.dim import Dim
from calclang.ops import ROWS
from calclang.transforms.formula.functions import apply
from calclang.transforms.formula.normal import Normal
from calclang.transforms.formula.sums import scaled
from calclang.transforms.formula.terms import ONE, Apply, Factor, Form, Product, Sum, make_apply, order, scalar, split

RATIOS = {"cosh": ("sinh", "tanh"), "cos": ("sin", "tan")}  # below -> above, quotient


def recognised(to: Normal, root: Form) -> dict[Form, Form]:
    """Every form below ``root`` with these functions recognised, parts first."""
    done: dict[Form, Form] = {}
    for form in order(root):
        done[form] = _rebuilt(to, form, done)
    return done


def _rebuilt(to: Normal, form: Form, done: dict[Form, Form]) -> Form:
    changed = any(done[c] != c for c in form.children)
    if isinstance(form, Sum):
        made = to.sum([(c, done[x]) for c, x in form.terms]) if changed else form
        coef, body = split(made)
        better = _logistic(to, body)
        return made if better is None else scaled(to, coef, better)
    if isinstance(form, Apply):
        made = apply(to, form.op, form.params, tuple(done[a] for a in form.args), form.shape) if changed else form
        return _logarithm(made) or made
    if not isinstance(form, Product):
        return form
    factors = _tangents(_softmaxes(_sigmoids(to, list(form.factors))))
    if not changed and factors == list(form.factors):
        return form
    return to.product([(done.get(f.base, f.base), f.power, f.labels) for f in factors], form.out, _sizes(form), form.coef)


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
            if to.product(parts, high.out, _sizes(high), high.coef) == low:
                rest = to.sum([(ONE, scalar(1, f.base.shape)), (-ONE, f.base)], True)  # as written: it is not multiplied out again
                return to.product([*parts, (rest, ONE, f.labels)], high.out, _sizes(high), c * high.coef)
    return None


def _sizes(form: Product) -> dict[int, Dim]:
    return {l: d for f in form.factors for l, d in zip(f.labels, f.base.shape, strict=True)} | dict(form.free)


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
    if not isinstance(form, Product) or form.out or form.coef != 1 or len(form.factors) != 1 or form.free:
        return None
    f = form.factors[0]
    return _exponent(f.base) if f.power == 1 and f.base.rank == 1 else None


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
