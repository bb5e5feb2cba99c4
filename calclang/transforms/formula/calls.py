"""How operations are written: infix operators, comparisons, array literals, and calls by name."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias

from calclang.syntax import tree as t
from calclang.transforms.formula.matrices import Expr, call, number, whole
from calclang.transforms.formula.terms import Apply

Writing: TypeAlias = Callable[[Apply, Sequence[Expr]], Expr]


def apply_tree(form: Apply, args: Sequence[Expr]) -> Expr:
    """The tree of an operation on written arguments."""
    rule = WRITTEN.get(form.op.name)
    if rule is not None:
        return rule(form, args)
    show = form.op.show
    name = show.split("(")[0] if "(" in show and show[0].isalpha() else form.op.name
    from calclang.transforms.formula.read import fraction

    extra = [number(fraction(p)) for p in form.params if isinstance(p, (int, float))]
    return call(name, *args, *extra)


def _compare(op: str) -> Writing:
    return lambda form, args: t.Compare(tuple(args), (op,))


def _binary(op: str, dotted: str) -> Writing:
    return lambda form, args: t.Binary(dotted if form.rank else op, args[0], args[1])


def _above(form: Apply, args: Sequence[Expr]) -> Expr:
    """1, 1/2 or 0: (1 + sign(x - y))/2."""
    x, y = args
    return t.Binary("/", t.Binary("+", whole(1), call("sign", t.Binary("-", x, y))), whole(2))


def _array(form: Apply, args: Sequence[Expr]) -> Expr:
    if form.args[0].rank == 0:
        return t.Array((tuple(args),))
    return call("stack", *args)


WRITTEN: dict[str, Writing] = {
    "less": _compare("<"),
    "less_equal": _compare("<="),
    "equal": _compare("=="),
    "not_equal": _compare("!="),
    "both": _binary("and", "and"),
    "either": _binary("or", "or"),
    "negation": lambda form, args: t.Unary("not", args[0]),
    "maximum": lambda form, args: call("max", *args),
    "minimum": lambda form, args: call("min", *args),
    "largest": lambda form, args: call("max", *args),
    "select": lambda form, args: call("ifelse", *args),
    "pow": _binary("^", ".^"),
    "above": _above,
    "stack": _array,
}
