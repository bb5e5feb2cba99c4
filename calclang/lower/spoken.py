"""Calls that are statements: they say or check something and have no value."""

from __future__ import annotations

import numpy as np

from calclang import errors
from calclang.lower.calls import check_count
from calclang.lower.lowered import Arr, Low, words
from calclang.syntax import tree

# name -> fewest and most arguments
SPOKEN = {"print": (0, 1_000), "assert_close": (2, 3), "load": (1, 1), "write": (2, 2)}


def spoken(e: tree.Expr) -> tree.Call | None:
    """The call, if an expression is one of those that are statements."""
    if isinstance(e, tree.Call) and isinstance(e.function, tree.Name) and e.function.id in SPOKEN:
        name, (least, most) = e.function.id, SPOKEN[e.function.id]
        if e.options:
            raise errors.unknown_option(name, e.options[0][0], [], e.span, errors.CALLS.get(name, ""))
        check_count(name, least, most, len(e.arguments), f"{name}(…)", e.span, errors.CALLS.get(name, ""))
        return e
    return None


def check_close(values: list[Low], call: tree.Call) -> None:
    """Raise E-ASSERT where two arrays differ by more than the tolerance (1e-9), absolutely or relative to the second."""
    a, b = values[0], values[1]
    tolerance = values[2].node.value if len(values) == 3 and isinstance(values[2], Arr) else 1e-9
    if not isinstance(a, Arr) or not isinstance(b, Arr):
        raise errors.no_arithmetic(words(a if isinstance(b, Arr) else b), "assert_close", call.span)
    if a.shape != b.shape or a.row != b.row:
        raise errors.sum_shapes("assert_close", a.words(), b.words(), "they differ", call.arguments[0].span, call.arguments[1].span)
    x, y = np.atleast_1d(a.node.value), np.atleast_1d(b.node.value)
    wrong = np.argwhere(~(np.abs(x - y) <= tolerance * np.maximum(1.0, np.abs(y))))
    if len(wrong):
        at = tuple(wrong[0])
        place = f" (element {', '.join(str(i + 1) for i in at)})" if a.rank else ""
        raise errors.not_close(float(x[at]), float(y[at]), float(tolerance), place, call.span)
