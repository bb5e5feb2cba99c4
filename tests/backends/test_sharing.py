"""Loops that take the same steps are made one, and nothing else changes."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from calclang import Session
from calclang.backends.python.interpret import evaluate
from calclang.backends.python.sharing import shared
from calclang.functions import function_of
from calclang.ir.node import order
from calclang.lower.convert import to_low
from calclang.lower.parts import leaves
from calclang.ops.control import loop

FOLD = "f(a) = fold((s, i) -> sin(s*a) + 0.5*s, 0.3, 1..200)"
ORBIT = "f(z) = norm(iterate(z -> [z[1] + 0.01z[2], z[2] - 0.01z[1]^3], z, 90))"
CHAIN = "f(a) = let p = fold((s, i) -> sin(s*a), 0.3, 1..90) in fold((s, i) -> sin(s*p) + a, p, 1..80)"
SAVED = "f(a) = fold((s, i) -> sin(s*a) + 0.5*s, 0.3, 1..400, checkpoint = true)"


@pytest.mark.parametrize(
    ("program", "point", "before", "after"),
    [
        (f"{FOLD}\ng = value_and_grad(f, mode = reverse)", 1.3, 3, 2),  # the value, the tape, the way back
        (f"{FOLD}\ng = value_and_grad(f, mode = forward)", 1.3, 2, 1),
        (f"{ORBIT}\ng = value_and_grad(f, mode = reverse)", [1.0, 0.5], 3, 2),
        (f"{CHAIN}\ng = value_and_grad(f, mode = reverse)", 1.1, 6, 4),
        (f"{SAVED}\ng = value_and_grad(f, mode = reverse)", 1.3, 3, 2),
        (f"{FOLD}\ng = hessian(f)", 1.3, None, None),
        ("f(a) = fold((s, i) -> sin(s*a), 0.3, 1..90) + fold((s, i) -> cos(s*a), 0.3, 1..90)\ng = f", 1.3, 2, 2),  # other steps
    ],
)
def test_shared(program: str, point: Any, before: int | None, after: int | None) -> None:
    session = Session()
    session.run(program)
    function: Any = session["g"]
    traced, inputs = function.trace((to_low(point if isinstance(point, float) else np.array(point), function_of),))
    nodes = leaves(traced.result)
    once = shared(nodes)
    if before is not None:
        assert _loops(nodes) == before and _loops(once) == after
    known = dict(traced.trace.known)
    for ours, theirs in zip(evaluate(once, known), evaluate(nodes, known), strict=True):
        assert np.array_equal(ours, theirs)


def _loops(nodes: Any) -> int:
    return sum(n.op is loop for n in order(nodes))
