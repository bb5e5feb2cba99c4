"""The data of formulas (level F): exact coefficients, factors with powers and labels, sums of terms.

Forms are values of their own, never executed. Two forms are equal when their ``key`` is: a digest of the structure, so that deep and
shared forms are compared and hashed in one step. Facts that rewriting asks for (``nonneg``, ``symmetric``) are computed where a
form is made, from its parts, so nothing ever walks down.

>>> # 2*x_i*y_i**-1, as a vector
>>> # Product(Fraction(2), (Factor(x, 1, (0,)), Factor(y, -1, (0,))), out=(0,), free=())
"""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import field
from fractions import Fraction
from hashlib import blake2b
from typing import Any, TypeAlias

from calclang.ir.dim import Dim, Shape
from calclang.ir.op import Op
from calclang.ops.domains import NONNEGATIVE_VALUES, POSITIVE_VALUES
from calclang.record import record

Labels: TypeAlias = tuple[int, ...]
ONE = Fraction(1)


def digest(*parts: Any) -> bytes:
    """A key of sixteen bytes for a structure; the same in every run."""
    made = blake2b(digest_size=16)
    for part in parts:
        made.update(part if isinstance(part, bytes) else str(part).encode())
        made.update(b"\0")
    return made.digest()


@record(eq=False)
class Form:
    """What a formula is made of. ``nonneg``: proved not to be negative; ``symmetric``: equal to its transpose."""

    key: bytes
    shape: Shape
    nonneg: bool = field(default=False, kw_only=True)
    symmetric: bool = field(default=False, kw_only=True)

    def __eq__(self, other: object) -> bool:
        return self is other or (isinstance(other, Form) and self.key == other.key)

    def __hash__(self) -> int:
        return hash(self.key)

    @property
    def rank(self) -> int:
        """The number of axes."""
        return len(self.shape)

    @property
    def children(self) -> tuple[Form, ...]:
        """The forms of which it is made."""
        return ()


@record(eq=False)
class Leaf(Form):
    """A variable, an array of numbers (``value``), a named number (``pi``), or a size."""

    name: str
    value: Any = None
    size: Dim | None = None
    facts: frozenset[str] = frozenset()


@record(eq=False)
class Apply(Form):
    """An operation that is no product and no sum."""

    op: Op
    params: tuple[Any, ...]
    args: tuple[Form, ...]

    @property
    def children(self) -> tuple[Form, ...]:
        return self.args


@record
class Factor:
    """``base ** power``, elementwise, with a label per axis."""

    base: Form
    power: Fraction
    labels: Labels


@record(eq=False)
class Product(Form):
    """``coef`` times factors, summed over the labels that are not in ``out``; ``free`` has the sizes of output labels without factor."""

    coef: Fraction
    factors: tuple[Factor, ...]
    out: Labels
    free: tuple[tuple[int, Dim], ...]

    @property
    def children(self) -> tuple[Form, ...]:
        return tuple(f.base for f in self.factors)

    @property
    def summed(self) -> frozenset[int]:
        """The labels that are summed over."""
        return frozenset(l for f in self.factors for l in f.labels) - set(self.out)

    @property
    def deltas(self) -> bool:
        """Whether an output label stands twice: the result is zero off a diagonal."""
        return len(set(self.out)) < len(self.out)


@record(eq=False)
class Sum(Form):
    """Terms of one shape, coefficients apart: content 1, in canonical orientation and sign."""

    terms: tuple[tuple[Fraction, Form], ...]

    @property
    def children(self) -> tuple[Form, ...]:
        return tuple(body for _, body in self.terms)


# ---- makers: they compute keys and facts, and rewrite nothing --------------------------------------------


def variable(name: str, shape: Shape, facts: frozenset[str] = frozenset()) -> Leaf:
    """A variable of the program."""
    symmetric = len(shape) == 2 and bool(facts & {"symmetric", "diagonal"})
    return Leaf(digest("leaf", name, shape), shape, name, facts=facts, symmetric=symmetric)


def array(value: Any) -> Leaf:
    """An array of numbers; ``value`` is a NumPy array."""
    symmetric = value.ndim == 2 and value.shape[0] == value.shape[1] and bool((value == value.T).all())
    return Leaf(digest("array", value.shape, value.dtype, value.tobytes()), value.shape, "", value, symmetric=symmetric)


def constant(name: str, value: float) -> Leaf:
    """A number with a name, or one that is no fraction (``inf``)."""
    return Leaf(digest("constant", name, value), (), name, value, nonneg=value >= 0)


def truth(value: bool) -> Leaf:
    """True or false."""
    return Leaf(digest("truth", value), (), "", value)


def dimension(size: Dim) -> Leaf:
    """A size as a factor."""
    return Leaf(digest("size", size), (), str(size), size=size, nonneg=True)


def make_apply(op: Op, params: tuple[Any, ...], args: tuple[Form, ...], shape: Shape) -> Apply:
    """``op(args; params)``."""
    symmetric = len(shape) == 2 and (op.name == "inv" or op.kind == "fn") and all(a.symmetric for a in args)
    nonneg = op.name in POSITIVE_VALUES | NONNEGATIVE_VALUES
    return Apply(digest("apply", op.name, params, *(a.key for a in args)), shape, op, params, args, nonneg=nonneg, symmetric=symmetric)


def make_product(
    coef: Fraction, factors: Sequence[Factor], out: Labels, free: tuple[tuple[int, Dim], ...], shape: Shape, symmetric: bool = False
) -> Product:
    """A product as given (labels canonical already)."""
    nonneg = coef >= 0 and all(f.base.nonneg or f.power % 2 == 0 for f in factors)
    parts = [part for f in factors for part in (f.base.key, f.power, f.labels)]
    key = digest("product", coef, out, free, shape, *parts)
    return Product(key, shape, coef, tuple(factors), out, free, nonneg=nonneg, symmetric=symmetric)


def make_sum(terms: Sequence[tuple[Fraction, Form]], symmetric: bool = False) -> Sum:
    """A sum as given (terms canonical already)."""
    shape = terms[0][1].shape
    nonneg = all(c >= 0 and t.nonneg for c, t in terms)
    key = digest("sum", *(part for c, t in terms for part in (c, t.key)))
    return Sum(key, shape, tuple(terms), nonneg=nonneg, symmetric=symmetric)


def scalar(value: Fraction | int, shape: Shape = ()) -> Product:
    """A number, stretched to a shape."""
    out = tuple(range(len(shape)))
    square = len(shape) == 2 and shape[0] == shape[1]
    return make_product(Fraction(value), (), out, tuple(zip(out, shape, strict=True)), shape, symmetric=square)


def is_zero(form: Form) -> bool:
    """Whether a form is the structural zero."""
    return isinstance(form, Product) and form.coef == 0


def split(form: Form) -> tuple[Fraction, Form]:
    """The coefficient of a form and the rest of it."""
    if not isinstance(form, Product) or form.coef in (0, 1):
        return ONE, form
    only = form.factors[0] if len(form.factors) == 1 else None
    if only and only.power == 1 and only.labels == form.out and len(set(form.out)) == len(form.out):
        return form.coef, only.base
    return form.coef, make_product(ONE, form.factors, form.out, form.free, form.shape, form.symmetric)


def summed_vector(form: Form) -> Form | None:
    """v of sum(v)."""
    if not isinstance(form, Product) or form.out or form.coef != 1 or len(form.factors) != 1 or form.free:
        return None
    (f,) = form.factors
    return f.base if f.power == 1 and f.base.rank == 1 else None


def summed_length(form: Form) -> Dim | None:
    """How long the vector is whose elements a product adds up, as those of A*x: the one label that stands once says it."""
    labels = [(l, d) for f in form.factors for l, d in zip(f.labels, f.base.shape, strict=True)] if isinstance(form, Product) and not form.out else []
    single = [d for l, d in labels if [m for m, _ in labels].count(l) == 1]
    return single[0] if len(single) == 1 else None


def order(*roots: Form, known: Container[Form] = ()) -> list[Form]:
    """Every form below ``roots``, each once, parts first; none that is ``known``, nor what only such forms are made of. Iterative: any depth."""
    done: set[bytes] = set()
    result: list[Form] = []
    stack: list[tuple[Form, bool]] = [(root, False) for root in reversed(roots)]
    while stack:
        form, ready = stack.pop()
        if ready:
            result.append(form)
        elif form.key not in done and form not in known:
            done.add(form.key)
            stack.append((form, True))
            stack.extend((child, False) for child in reversed(form.children))
    return result


def has_more(root: Form, many: int) -> bool:
    """Whether more than so many forms are in ``root``; no more than those are looked at."""
    found = {root}
    todo = [root]
    while todo and len(found) <= many:
        new = set(todo.pop().children) - found
        found |= new
        todo += new
    return len(found) > many
