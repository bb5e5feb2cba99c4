"""Calls that are statements: they say or check something and have no value. What they do stands in ``commands/spoken.py``."""

from __future__ import annotations

from calclang import errors
from calclang.lower.calls import check_count
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
