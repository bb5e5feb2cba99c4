"""``taylor(f, at = a, order = k)``: a polynomial, which is a function of the language like any other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations_with_replacement
from math import factorial, inf, ulp
from typing import TYPE_CHECKING, Any

import numpy as np

from calclang import errors
from calclang.ir.apply import const
from calclang.ir.dim import Dim, product
from calclang.ir.node import Node
from calclang.lower import finish
from calclang.lower.calls import check_point
from calclang.lower.control import whole
from calclang.lower.derivatives import mode_of, parameter_names, varied_places
from calclang.lower.lowered import Arr, Closure, Fn, Low, Tup, function_name, scalar, words
from calclang.lower.parameters import arguments_from
from calclang.lower.parts import leaves
from calclang.lower.trace import Trace
from calclang.ops import ROWS
from calclang.ops.contraction import zeros
from calclang.source import Span
from calclang.syntax import format_expr, tree
from calclang.transforms import operators
from calclang.transforms.operators import Mode
from calclang.transforms.taylor import Engine

if TYPE_CHECKING:
    from calclang.lower.driver import Step
    from calclang.lower.evaluate import Lowering

DENOMINATORS = 10_000  # of fractions that are no 1/n


def taylor(lowering: Lowering, arguments: tuple[Low, ...], options: dict[str, Any], span: Span) -> Step:
    """``taylor(f, at = a, order = k)``, also ``taylor(f, a, k)``; with ``wrt`` a polynomial in these parameters, the others as the point has them."""
    fn = lowering.function(arguments[0], span)
    at = options.get("at", arguments[1] if len(arguments) > 1 else scalar(0.0))
    order = options.get("order", arguments[2] if len(arguments) > 2 else scalar(4.0))
    k = _order(lowering, order, span)
    point = arguments_from(fn, at)
    check_point(fn, point, "taylor(f, at = (a, b), order = k)", span)
    moving = varied_places(fn, len(point), options, span)
    return (yield _expand(lowering, fn, point, moving, k, mode_of(options, span, lowering.trace.mode), span))


def _order(lowering: Lowering, low: Low, span: Span) -> int:
    value = lowering.number(low, span, "the order")
    if not (value >= 0 and value == np.floor(value)):
        raise errors.bad_order(value, span).about(low)
    if value > lowering.limits.taylor_order:
        raise errors.too_high_order(int(min(value, 1e18)), lowering.limits.taylor_order, span)
    return whole(lowering, low, span, "the order")


def _expand(lowering: Lowering, fn: Fn, point: Sequence[Low], moving: Sequence[int], k: int, mode: Mode, span: Span) -> Step:
    """The polynomial in the ``moving`` arguments as a closure of the program's own language."""
    trace = lowering.trace
    centres = [_array(point[m], fn, span) for m in moving]
    for centre in centres:
        trace.must_not_vary(centre.node, "the point of a Taylor polynomial", span)
    places = [np.asarray(trace.decide_array(centre.node), dtype=float) for centre in centres]
    if not all(np.isfinite(p).all() for p in places):
        raise errors.bad_centre(span)
    names = [parameter_names(fn, len(point))[m] for m in moving]
    twins = [trace.twin(const(p), n) for p, n in zip(places, names, strict=True)]
    given = list(point)
    for m, twin, centre in zip(moving, twins, centres, strict=True):
        given[m] = Arr(twin, centre.row)
    trace.derivatives += 1
    try:
        value = yield lowering.call(fn, tuple(given), {}, span)
    finally:
        trace.derivatives -= 1
    if isinstance(value, Tup):
        value = Arr(ROWS["stack"](*leaves(value), params=(0,)))
    if not isinstance(value, Arr) or value.node.boolean:
        raise errors.cannot_differentiate("taylor", function_name(fn), words(value), span)
    sweeps = mode == "reverse" or any(twin.rank for twin in twins)
    numbers = None if sweeps else _numbers(trace, _by_integration(value.node, twins, k), 0, k)
    if numbers is None:  # derivatives of corners that vanish are right one after the other, where products of series are not
        numbers = _by_sweeps(trace, value.node, twins, k, mode)
    if numbers is None:
        raise errors.no_series(function_name(fn), k, span)
    return polynomial(names, places, numbers)


def _array(low: Low, fn: Fn, span: Span) -> Arr:
    if not isinstance(low, Arr) or low.node.boolean:
        raise errors.cannot_vary("taylor", function_name(fn), words(low), span)
    return low


Index = tuple[int, ...]  # which variable each factor of a monomial is


def _by_integration(value: Node, twins: Sequence[Node], k: int) -> dict[Index, Node]:
    """Coefficients in one number after the other: those in the next one are coefficients of the coefficients so far, so that what the
    derivatives have in common is made once."""
    found: dict[Index, Node | None] = {(): value}
    for variable, twin in enumerate(twins):
        engine = Engine({twin: [twin, const(1.0)]})
        parts = [(index, node, power) for index, node in found.items() if node is not None for power in range(k - len(index) + 1)]
        found = {(*index, *[variable] * power): engine.coefficient(node, power) for index, node, power in parts}
    ordered = sorted(found.items(), key=lambda item: (len(item[0]), item[0]))
    return {index: zeros(value.shape) if node is None else node for index, node in ordered}


def _by_sweeps(trace: Trace, value: Node, twins: Sequence[Node], k: int, mode: Mode) -> dict[Index, Any] | None:
    """Partial derivatives of every order, each mixed one once, over factorials: an array moves in all its elements at once. None from the first order on
    that does not exist."""
    found: dict[Index, Node] = {(): value}
    numbers = _numbers(trace, found, 0, 0)
    tensor = value
    flat = sum(_whole(product(t.shape)) for t in twins)
    for order in range(1, k + 1):
        parts = operators.jacobian(tensor, twins, mode)
        joined = [ROWS["reshape"](p, params=(p.rank, (*tensor.shape, _count(p, tensor.rank)))) for p in parts]
        tensor = joined[0] if len(joined) == 1 else ROWS["concat"](*joined, params=(1,))
        for index in combinations_with_replacement(range(flat), order):
            repeats = np.prod([factorial(index.count(i)) for i in set(index)])
            entry = ROWS["take"](tensor, params=((None,) * value.rank + index,))
            found[index] = entry / float(repeats)
        if (numbers := _numbers(trace, found, order - 1, order)) is None:
            return None
    return numbers


def _whole(size: Dim) -> int:
    assert isinstance(size, int)  # a function is expanded at a point: every size is a number
    return size


def _count(node: Node, rank: int) -> int:
    return _whole(product(node.shape[rank:]))


def _numbers(trace: Trace, found: Mapping[Index, Node], first: int, k: int) -> dict[Index, Any] | None:
    """The values of the coefficients up to order k, of which those up to the ``first`` were looked at before; None where one is not finite though
    the function is, or follows a convention."""
    mark = trace.records.mark()
    value = found[()]
    steps = [[node for index, node in found.items() if len(index) == order] for order in range(first, k + 1)]
    trace.records.differentiated(steps, trace.twins, trace.peek)
    if not np.isfinite(trace.value(value)).all():
        finish.judge(trace, [value], trace.known)
    numbers = {index: np.asarray(trace.value(node), dtype=float) for index, node in found.items()}
    kinked = any(at.code == "W-AD" and not at.flat for at in finish.kinks_at(trace))
    if k > 0 and (kinked or not all(np.isfinite(n).all() for n in numbers.values())):
        trace.records.back(mark)
        return None
    return numbers


# ---- the polynomial as a tree ---------------------------------------------------------------------


def polynomial(names: Sequence[str], places: Sequence[Any], numbers: dict[Index, Any]) -> Closure:
    """``x -> 1 + (x - a) + …`` as a closure."""
    variables = [_minus(v, a) for v, a in _variables(names, places)]
    terms = [t for index in numbers if (t := _term(numbers[index], index, variables)) is not None]
    body = _sum(terms) if terms else number(0.0)
    parameters = tuple(tree.Parameter((n,)) if not n.startswith("[") else tree.Parameter(tuple(n[1:-1].split(", ")), True) for n in names)
    return Closure(parameters, body, None, "", None)


def _variables(names: Sequence[str], places: Sequence[Any]) -> list[tuple[tree.Expr, float]]:
    """Each scalar variable with its place: ``x``, ``x[1]``, ``A[1, 2]``; parts of a vector by their names."""
    found: list[tuple[tree.Expr, float]] = []
    for name, place in zip(names, places, strict=True):
        if name.startswith("["):
            found += [(tree.Name(part), float(a)) for part, a in zip(name[1:-1].split(", "), place, strict=True)]
        elif not place.shape:
            found.append((tree.Name(name), float(place)))
        else:
            for index in np.ndindex(*place.shape):
                indices = tuple(number(float(i + 1)) for i in index)
                found.append((tree.Index(tree.Name(name), indices), float(place[index])))
    return found


def number(x: float) -> tree.Expr:
    """A literal (negative numbers as a sign before one)."""
    return tree.Unary("-", tree.Number(-x)) if x < 0 else tree.Number(x)


def _minus(variable: tree.Expr, place: float) -> tree.Expr:
    if place == 0:
        return variable
    return tree.Binary("-" if place > 0 else "+", variable, tree.Number(abs(place)))


def _term(value: Any, index: Index, variables: Sequence[tree.Expr]) -> tuple[bool, tree.Expr] | None:
    """One monomial with its sign taken out; None where its coefficient is zero (an array keeps the shape of the value)."""
    if not value.any() and (index or not value.shape):
        return None
    factors = []
    for i in dict.fromkeys(index):
        power = index.count(i)
        factors.append(variables[i] if power == 1 else tree.Binary("^", variables[i], tree.Number(float(power))))
    negative = not value.shape and float(value) < 0
    if not value.shape:
        size = abs(float(value))
        if size != 1 or not factors:
            factors.insert(0, _fraction(size))
    else:
        factors.insert(0, tree.Array((tuple(_signed(float(v)) for v in value),)) if value.ndim == 1 else _matrix(value))
    body = factors[0]
    for factor in factors[1:]:
        body = tree.Binary("*", body, factor)
    return negative, body


def _fraction(x: float) -> tree.Expr:
    """2/15 rather than 0.1333…, where that is the same number to rounding and no longer: 1/2, but 0.3."""
    from fractions import Fraction  # needed only where a polynomial is made

    decimal = tree.Number(x)
    inverse = 1 / x if x else 0.0
    for share in (Fraction(x).limit_denominator(DENOMINATORS), Fraction(1, round(inverse) if 1 < inverse < inf else 1)):
        p, q = share.numerator, share.denominator
        if q > 1 and abs(p / q - x) <= 2 * ulp(x) and len(f"{p}/{q}") <= len(format_expr(decimal)):
            return tree.Binary("/", tree.Number(float(p)), tree.Number(float(q)))
    return decimal


def _signed(x: float) -> tree.Expr:
    """A coefficient inside of an array, with its sign; there is no minus before 0."""
    size = _fraction(abs(x))
    if x < 0:
        return tree.Binary("/", tree.Unary("-", size.left), size.right) if isinstance(size, tree.Binary) else tree.Unary("-", size)
    return size


def _matrix(value: Any) -> tree.Expr:
    return tree.Array(tuple(tuple(_signed(float(v)) for v in row) for row in value.reshape(len(value), -1)))


def _sum(terms: list[tuple[bool, tree.Expr]]) -> tree.Expr:
    negative, total = terms[0]
    total = tree.Unary("-", total) if negative else total
    for negative, term in terms[1:]:
        total = tree.Binary("-" if negative else "+", total, term)
    return total
