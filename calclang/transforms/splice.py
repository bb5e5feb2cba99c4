"""Putting a local derivative into a tangent or a cotangent: one contraction, never a node of its own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from calclang.ir.node import Node
from calclang.ir.op import Pattern
from calclang.ops.choice import select
from calclang.ops.contraction import CONTRACT, contract, is_zero, scale, zeros
from calclang.ops.structure import put


def patterns(node: Node, k: int) -> tuple[Pattern, ...]:
    """The local derivative of ``node`` by its input ``k`` as a sum of patterns; empty where it is zero."""
    op = node.op
    if op.kind == "contract":
        return (_factor_pattern(node, k),)
    rule = (op.partials if op.kind == "fn" else op.patterns)[k]
    if rule is None:
        return ()
    made: Any = rule(*node.inputs, node, *node.params)
    if op.kind == "fn":
        axes = tuple(range(node.rank))
        if not isinstance(made, Node):
            return (Pattern((), (), axes, axes, float(made)),) if made else ()
        return (Pattern((made,), (axes,), axes, axes),)
    return made if isinstance(made, tuple) else (made,)


def _factor_pattern(node: Node, k: int) -> Pattern:
    """A contraction by one of its factors: itself without that factor."""
    spec = node.params[0]
    rest = [i for i in range(len(node.inputs)) if i != k]
    return Pattern(tuple(node.inputs[i] for i in rest), tuple(spec.labels[i] for i in rest), spec.out, spec.labels[k], spec.coef, spec.free)


def steady(node: Node, number: int) -> bool:
    """Whether an argument of a linear row says where and not how much: a mask, or places. Nothing is differentiated by it."""
    return node.inputs[number].boolean or number in node.op.fixed


def push(pattern: Pattern, dx: Node, node: Node, x: Node) -> Node:
    """Forward: the tangent ``dirs ++ shape(y)`` that a tangent ``dirs ++ shape(x)`` gives."""
    return _join(pattern, dx, pattern.arg, pattern.value, node, x)


def pull(pattern: Pattern, g: Node, node: Node, x: Node) -> Node:
    """Reverse: the cotangent ``outs ++ shape(x)`` that a cotangent ``outs ++ shape(y)`` gives."""
    if (mask := _mask_of(g)) is not None and _keeps(pattern, g.inputs[0].rank):
        inner = _join(pattern, g.inputs[1 if mask else 2], pattern.value, pattern.arg, x, node)
        nothing = zeros(inner.shape)
        return select(g.inputs[0], inner, nothing) if mask else select(g.inputs[0], nothing, inner)
    return _join(pattern, g, pattern.value, pattern.arg, x, node)


def _keeps(pattern: Pattern, rank: int) -> bool:
    """Whether the last ``rank`` axes of a value, those of a mask, are the last ones of its argument: as of functions, multiples and diagonals."""
    value, arg = tuple(pattern.value), tuple(pattern.arg)
    own = arg[len(arg) - rank :]
    return len(set(arg)) == len(arg) and (value == arg or (0 < rank <= len(arg) and value[len(value) - rank :] == own))


def _mask_of(g: Node) -> bool | None:
    """Which side of a choice the cotangent ``g`` is masked to (None: it is not), so that the side not chosen stays strongly zero."""
    if g.op is not select:
        return None
    return True if is_zero(g.inputs[2]) else False if is_zero(g.inputs[1]) else None


def _join(pattern: Pattern, moving: Node, inner: Sequence[Any], outer: Sequence[Any], to: Node, at: Node) -> Node:
    """Contract ``moving`` (extra axes first) with a pattern over the labels ``inner``; the result has labels ``outer``."""
    lead = moving.rank - len(inner)
    extra: list[Any] = [("extra", i) for i in range(lead)]
    free: dict[Any, Any] = dict(pattern.free) | dict(zip(outer, to.shape, strict=True)) | dict(zip(inner, at.shape, strict=True))
    return contract([moving, *pattern.factors], [[*extra, *inner], *pattern.labels], [*extra, *outer], free, pattern.coef)


def total(terms: list[Node]) -> Node:
    """The sum of contributions, from the left. Those on one diagonal, or at the same places, are added before they are placed."""
    result = terms[0]
    for term in terms[1:]:
        result = _plus(result, term)
    return result


def _plus(a: Node, b: Node) -> Node:
    """The sum of two contributions."""
    if is_zero(a) or is_zero(b):
        return b if is_zero(a) else a
    if a.op is put and b.op is put and a.params == b.params:
        return put(_plus(a.inputs[0], b.inputs[0]), params=a.params)
    if a is b:
        return scale(2.0, a)
    if _diagonal(a) and _diagonal(b) and a.params[0].out == b.params[0].out:
        out = a.params[0].out
        kept = list(dict.fromkeys(out))
        size = dict(zip(out, a.shape, strict=True))
        parts = [contract(list(n.inputs), n.params[0].labels, kept, dict(n.params[0].free), n.params[0].coef) for n in (a, b)]
        return contract([_plus(*parts)], [kept], out, size)
    return a + b


def _diagonal(node: Node) -> bool:
    """Whether a contribution stands on a diagonal."""
    return node.op is CONTRACT and node.params[0].deltas
