"""The operators of the language: their operands, whichever are asked for, and what is made of them."""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING

from calclang import errors
from calclang.backends.python.blame import blame
from calclang.ir.budget import set_here
from calclang.lower import idle, products
from calclang.lower.chain import place
from calclang.lower.comparisons import comparison
from calclang.lower.lowered import FUNCTIONS, Arr, Low, Scope, Str, scalar, words
from calclang.lower.trace import Trace
from calclang.ops import ROWS
from calclang.source import Span
from calclang.syntax import tree

if TYPE_CHECKING:
    from calclang.lower.driver import Step
    from calclang.lower.evaluate import Lowering


def unary(lowering: Lowering, e: tree.Unary, scope: Scope | None) -> Step:
    """``-x``, ``+x``, ``not x``."""
    operand = yield e.operand, scope
    set_here(place(e.span, scope))
    if e.op == "not":
        return Arr(ROWS["negation"](lowering.truth(operand, e.operand.span).node), operand.row)
    array = lowering.array(operand, e.operand.span, e.op)
    return products.negative(array, e.operand.span) if e.op == "-" else products.numeric(array, "+", e.operand.span)


def binary(lowering: Lowering, e: tree.Binary, scope: Scope | None) -> Step:
    """A chain of binary operators, from left to right."""
    spine = [e]  # a flat sum is a deep tree to the left: walk it here
    while isinstance(spine[-1].left, tree.Binary):
        spine.append(spine[-1].left)
    left = yield spine[-1].left, scope
    for b in reversed(spine):
        left = yield _binary(lowering, b, left, scope)
    return left


def _binary(lowering: Lowering, e: tree.Binary, left: Low, scope: Scope | None) -> Step:
    """One operator, its left operand known."""
    if e.op in ("and", "or"):
        return (yield _logical(lowering, e, left, scope))
    right = yield e.right, scope
    set_here(place(e.span, scope))
    if e.op == "|>":
        return (yield lowering.call(lowering.function(right, e.right.span), (left,), {}, e.span))
    if e.op in ("+", "*") and isinstance(left, Str):
        raise errors.no_arithmetic(words(left), e.op, e.left.span)
    a, b = lowering.array(left, e.left.span, e.op), lowering.array(right, e.right.span, e.op)
    return _arithmetic(lowering.trace, e.op, a, b, e.left.span, e.right.span)


def _arithmetic(trace: Trace, op: str, a: Arr, b: Arr, sa: Span | None, sb: Span | None) -> Arr:
    """The table of binary operators."""
    idle.of_operator(trace, op, a, b)
    if op in ("^", ".^"):
        b = _exponent(trace, b)
        return products.powered(trace, a, b, sa, sb) if op == "^" else products.dotted_power(a, b, sa, sb)
    if op == "\\":
        return products.solve(trace, a, b, sa, sb)
    if op == "/":
        return products.quotient(a, b, sa, sb)
    family = products.summed if op in "+-" else products.product if op in "*@" else products.elementwise
    return family(op, a, b, sa, sb)


def _exponent(trace: Trace, b: Arr) -> Arr:
    """A scalar exponent that does not vary with an argument shapes the graph by its value."""
    if b.node.value is None and not b.rank and trace.fixed(b.node) and not trace.elements.vary(b.node):
        value = trace.decide(b.node)
        if not isfinite(value) and not trace.ieee and (error := blame([b.node], trace.known)) is not None:
            raise error  # what was born in an exponent does not vanish
        return scalar(value)
    return b


def _logical(lowering: Lowering, e: tree.Binary, left: Low, scope: Scope | None) -> Step:
    """``and``, ``or``: truth values short-circuit where the left one is known; masks combine."""
    a = lowering.truth(left, e.left.span)
    if not a.rank and (value := lowering.trace.peek(a.node)) is not None and bool(value) == (e.op == "or"):
        lowering.trace.decide(a.node)
        return a
    if not a.rank and lowering.trace.elements.vary(a.node):
        from calclang.lower.choices import short_circuit

        return (yield short_circuit(lowering, e, a, scope))
    b = lowering.truth((yield e.right, scope), e.right.span)
    set_here(place(e.span, scope))
    return products.joined(e.op, a, b, e.left.span, e.right.span)


def compare(lowering: Lowering, e: tree.Compare, scope: Scope | None) -> Step:
    """``a < b <= c``: every link of the chain holds."""
    values = []
    for operand in e.operands:
        values.append((yield operand, scope))
    set_here(place(e.span, scope))
    result: Arr | None = None
    for op, a, b, ea, eb in zip(e.ops, values, values[1:], e.operands, e.operands[1:], strict=False):
        link = comparison(lowering, op, a, b, ea.span, eb.span)
        result = link if result is None else products.joined("and", result, link, e.operands[0].span, eb.span)
    assert result is not None
    return result


def prime(lowering: Lowering, e: tree.Prime, scope: Scope | None) -> Step:
    """``A'`` is the transpose of an array, ``f''`` the second derivative of a function."""
    count, inner = 1, e.operand
    while isinstance(inner, tree.Prime):
        count, inner = count + 1, inner.operand
    value = yield inner, scope
    set_here(place(e.span, scope))
    if isinstance(value, FUNCTIONS):
        operator = lowering.builtin("derivative")
        for _ in range(count):
            value = yield lowering.call(operator, (value,), {}, e.span)
        return value
    array = lowering.array(value, inner.span, "'")
    idle.idles(lowering.trace, array.node)
    turned = products.transposed(array, e.span)
    return turned if count % 2 else array
