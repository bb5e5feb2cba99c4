"""What calls that are statements do: ``print(…)``, ``assert_close(a, b)``, ``load("…")``, ``write("…", A)``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from calclang import errors
from calclang.lower.lowered import Arr, Low, Str, words
from calclang.lower.products import difference
from calclang.syntax import tree

if TYPE_CHECKING:
    from calclang.session import Result, Session


def say(session: Session, call: tree.Call) -> Result:
    """Values for whoever reads the output."""
    from calclang.session import Result

    said = [session.evaluate(a) for a in call.arguments]
    warnings = tuple(w for _, trace in said for w in trace.records.warnings)
    return Result(shown=True, warnings=warnings, printed=tuple(session.value(low) for low, _ in said))


def assert_close(session: Session, call: tree.Call) -> Result:
    """Raises E-ASSERT."""
    from calclang.session import Result

    given = [session.evaluate(a) for a in call.arguments]
    check_close([low for low, _ in given], call)
    return Result(warnings=tuple(w for _, trace in given for w in trace.records.warnings))


def load(session: Session, call: tree.Call) -> Result:
    """Another file's statements. Raises what it raises, E-IO, E-PATH, E-RECURSION."""
    return load_named(session, call.arguments[0])


def load_named(session: Session, named: tree.Expr) -> Result:
    """The statements of the file that a text names."""
    from calclang.session import Result

    if not isinstance(named, tree.String):
        raise errors.needs_file_name("load", named.span)
    return Result(warnings=tuple(session.load(named.value, named.span)))


def write(session: Session, call: tree.Call) -> Result:
    """A value into a file. Raises E-IO, E-PATH, E-CAP."""
    from calclang import formats
    from calclang.session import Result

    (name, _), (low, _) = map(session.evaluate, call.arguments)
    if not isinstance(name, Str):
        raise errors.argument_kind("write", 0, "the name of a file in double quotes", words(name), call.arguments[0].span)
    session.write(name.value, formats.render(name.value, session.value(low), call.span), call.span)
    return Result()


# by the names of ``lower/spoken.py``
RUN = {"print": say, "assert_close": assert_close, "load": load, "write": write}


def check_close(values: list[Low], call: tree.Call) -> None:
    """Raise E-ASSERT where two arrays differ by more than the tolerance (1e-9), absolutely or relative to the second."""
    a, b = values[0], values[1]
    tolerance = values[2].node.value if len(values) == 3 and isinstance(values[2], Arr) else 1e-9
    if not isinstance(a, Arr) or not isinstance(b, Arr):
        raise errors.no_arithmetic(words(a if isinstance(b, Arr) else b), "assert_close", call.span)
    if a.shape != b.shape or a.row != b.row:
        raise errors.sum_shapes("assert_close", a.words(), b.words(), difference(a, b), call.arguments[0].span, call.arguments[1].span)
    x, y = np.atleast_1d(a.node.value), np.atleast_1d(b.node.value)
    wrong = np.argwhere(~(np.abs(x - y) <= tolerance * np.maximum(1.0, np.abs(y))))
    if len(wrong):
        at = tuple(wrong[0])
        place = f" (element {', '.join(str(i + 1) for i in at)})" if a.rank else ""
        raise errors.not_close(float(x[at]), float(y[at]), float(tolerance), place, call.span)
