"""Exponentials that are normalised by their sum: softmax and logsumexp, without overflow and with all digits far out."""

from __future__ import annotations

from typing import Any

import numpy as np

from calclang.ir.node import Node
from calclang.ir.op import Kink
from calclang.ops.base import Pattern, Row, custom
from calclang.ops.contraction import contract
from calclang.ops.stacks import spread


def _grown(xp: Any, x: Any, top: Any) -> Any:
    """exp(x - max(x)) for finite and infinite elements: 1 at the largest. No infinity is subtracted from another, and what the difference
    loses in rounding is put back: exp would multiply it by the difference."""
    top = top[..., None]
    far = xp.isinf(top) | xp.isinf(x)
    inner, above = xp.where(far, 0.0, x), xp.where(far, 0.0, top)
    gap = inner - above
    lost = xp.where(xp.isinf(gap), 0.0, (inner - (gap - (gap - inner))) - (above + (gap - inner)))
    e = xp.exp(gap)
    return xp.where(x == top, 1.0, xp.where(far & ~xp.isnan(x) & ~xp.isnan(top), 0.0, e + e * lost))


def _weights(xp: Any, x: Any, nothing: Any) -> Any:
    """exp(x) / sum(exp(x)); ``nothing`` where every element is -inf."""
    top = xp.max(x, axis=-1)
    e = _grown(xp, x, top)
    return xp.where((top == -xp.inf)[..., None], nothing, e / xp.sum(e, axis=-1, keepdims=True))


def _logsumexp(xp: Any, x: Any) -> Any:
    """The largest element, and the logarithm of 1 and what the others add."""
    top = xp.max(x, axis=-1)
    first = xp.arange(xp.shape(x)[-1]) == xp.argmax(x, axis=-1)[..., None]
    return top + xp.log1p(xp.sum(xp.where(first, 0.0, _grown(xp, x, top)), axis=-1))


def _centred_eval(xp: Any, dx: Any, p: Any) -> Any:
    """With d = dx less its element where p is largest, p .* (d - p'd): where p is nearly 1 at one place, 1 - p would cancel."""
    p = spread(xp, p, 1, xp.ndim(dx) - 1)
    at = xp.broadcast_to(xp.argmax(p, axis=-1)[..., None], xp.shape(dx)[:-1] + (1,))
    d = dx - xp.take_along_axis(dx, at, axis=-1)
    return p * (d - xp.sum(p * d, axis=-1, keepdims=True))


def _centred_formula(dx: Node, p: Node, y: Node) -> Node:
    extra = [f"e{i}" for i in range(dx.rank - 1)]
    mean = contract([p, dx], [["i"], [*extra, "i"]], extra)
    spread = contract([mean], [extra], [*extra, "i"], {"i": dx.shape[-1]})
    return contract([p, dx - spread], [["i"], [*extra, "i"]], [*extra, "i"])


def _centred_by_weights(dp: Node, dx: Node, p: Node, y: Node) -> Node:
    """dp .* dx - dp (p'dx) - p (dp'dx)."""
    ds, es = [f"d{i}" for i in range(dp.rank - 1)], [f"e{i}" for i in range(dx.rank - 1)]
    out = [*ds, *es, "i"]
    first = contract([dp, dx], [[*ds, "i"], [*es, "i"]], out)
    second = contract([dp, p, dx], [[*ds, "i"], ["j"], [*es, "j"]], out)
    return first - second - contract([p, dp, dx], [["i"], [*ds, "j"], [*es, "j"]], out)


centred: Row = custom(
    "centred",
    eval=_centred_eval,
    tangent=(lambda ddx, dx, p, y: centred(ddx, p), _centred_by_weights),
    transpose=(lambda g, dx, p, y: centred(g, p),),
    shape=lambda inputs, params: inputs[0].shape,
    reliable=False,
    hidden=True,
    facts={"formula": _centred_formula, "series": _centred_formula},
    doc="p .* (dx - p'*dx): how softmax moves where its value is p; the sum of p is 1.",
)


def _softmax_change(dx: Node, x: Node, p: Node) -> Node:
    """What is run, forwards and backwards: the Jacobian is symmetric."""
    return centred(dx, p)


def _softmax_pattern(x: Node, p: Node) -> tuple[Pattern, ...]:
    """diag(p) - p p': what is shown."""
    return Pattern((p,), ("i",), "i", "i"), Pattern((p, p), ("i", "j"), "i", "j", -1.0)


softmax = custom(
    "softmax",
    eval=lambda xp, x: _weights(xp, x, xp.nan),
    tangent=_softmax_change,
    transpose=_softmax_change,
    pattern=_softmax_pattern,
    signature="(n)->(n)",
    reliable=False,
    facts={"ulps": (8, "each is a quotient of an exponential and a sum of them")},
    doc="exp(x)/sum(exp(x)) without overflow.",
    example="softmax([1, 2, 3])",
)
weights = custom(
    "weights",
    eval=lambda xp, x: _weights(xp, x, 0.0),
    tangent=_softmax_change,
    transpose=_softmax_change,
    pattern=_softmax_pattern,
    signature="(n)->(n)",
    show="softmax({})",
    hidden=True,
    facts={"formula": lambda x, y: softmax(x)},
    doc="The gradient of logsumexp: softmax, but 0 where every element is minus infinity.",
)
logsumexp = custom(
    "logsumexp",
    eval=_logsumexp,
    pattern=lambda x, y: Pattern((weights(x),), ("i",), "", "i"),
    signature="(n)->()",
    kinks=(
        Kink(lambda x: np.isinf(np.max(x, axis=-1, initial=0.0)) | np.all(x == -np.inf, axis=-1), "logsumexp has no slope at infinity; the limit is given"),
    ),
    doc="log(sum(exp(x))) without overflow; where it is nearly 0 its error is about that of rounding the largest element.",
    example="logsumexp([1000, 1000])",
)

__all__ = ["logsumexp", "softmax", "weights"]
