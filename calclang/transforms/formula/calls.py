"""How operations are written: infix operators, comparisons, array literals, and calls by name."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import reduce
from itertools import combinations
from re import findall
from typing import TypeAlias

from calclang.syntax import tree as t
from calclang.syntax.format import format_expr as text
from calclang.transforms.formula.leaves import sized
from calclang.transforms.formula.matrices import Expr, call, negative, number, whole
from calclang.transforms.formula.names import index
from calclang.transforms.formula.normal import Unspelt
from calclang.transforms.formula.numeric import fraction
from calclang.transforms.formula.places import put, reshaped, taken
from calclang.transforms.formula.terms import Apply

Writing: TypeAlias = Callable[[Apply, Sequence[Expr]], Expr]


def apply_tree(form: Apply, args: Sequence[Expr]) -> Expr:
    """The tree of an operation on written arguments."""
    rule = WRITTEN.get(form.op.name)
    if rule is not None:
        return rule(form, args)
    show = form.op.show
    if form.op.hidden and "(" not in show:
        _refused(form, args)
    name = show.split("(")[0] if "(" in show and show[0].isalpha() else form.op.name
    extra = [number(fraction(p)) for p in form.params if isinstance(p, (int, float)) and not isinstance(p, bool)]
    return call(name, *args, *extra)


MIRRORED = {"<": ">", "<=": ">=", "==": "==", "!=": "!="}


def _compare(op: str) -> Writing:
    """A comparison; a number stands on the right: x > 0."""

    def write(form: Apply, args: Sequence[Expr]) -> Expr:
        turned = _is_number(args[0]) and not _is_number(args[1])
        return t.Compare((args[1], args[0]), (MIRRORED[op],)) if turned else t.Compare(tuple(args), (op,))

    return write


def _is_number(e: Expr) -> bool:
    """Whether an expression is a number, a fraction, or either with a sign."""
    parts = (e.left, e.right) if isinstance(e, t.Binary) else (e.operand if isinstance(e, t.Unary) else e,)
    return all(isinstance(part, t.Number) for part in parts)


def _binary(op: str, dotted: str) -> Writing:
    """An operator between two arguments: ``dotted`` between arrays, ``op`` between numbers."""
    return lambda form, args: t.Binary(dotted if form.rank else op, args[0], args[1])


def _above(form: Apply, args: Sequence[Expr]) -> Expr:
    """1, 1/2 or 0: (1 + sign(x - y))/2."""
    x, y = args
    zero = whole(0)
    inside = x if y == zero else negative(y) if x == zero else t.Binary("-", x, y)
    return t.Binary("/", t.Binary("+", whole(1), call("sign", inside)), whole(2))


def _array(form: Apply, args: Sequence[Expr]) -> Expr:
    """Parts put together along a new axis: a row of numbers, or slices, rows or columns one after another."""
    rank, whole_rank = form.params[0], form.args[0].rank
    if whole_rank == 0:
        return t.Array((tuple(args),))
    if rank == whole_rank:
        return call("stack", *args)
    if whole_rank == 1:  # the new axis is the last one: the parts are columns
        return t.Prime(call("stack", *args))
    raise Unspelt(form.op.name)


def _literal(form: Apply, args: Sequence[Expr]) -> Expr:
    """An array written out; of rank above two as a stack of its slices."""
    if form.rank == 1:
        return t.Array((tuple(args),))
    if form.rank == 2:
        width = form.params[1]
        return t.Array(tuple(tuple(args[k : k + width]) for k in range(0, len(args), width)))
    slices = [args]
    for size in form.params[:-2]:
        slices = [part[k * len(part) // size : (k + 1) * len(part) // size] for part in slices for k in range(size)]
    width = form.params[-1]
    made: list[Expr] = [t.Array(tuple(tuple(s[k : k + width]) for k in range(0, len(s), width))) for s in slices]
    for size in reversed(form.params[:-2]):
        made = [call("stack", *made[k : k + size]) for k in range(0, len(made), size)]
    return made[0]


def _element(form: Apply, args: Sequence[Expr]) -> Expr:
    """One element of an array, by its places: A[1, 2]; of an array that is written out the element itself."""
    if isinstance(args[0], t.Array) and len(args[0].rows) == len(form.params) == form.args[0].rank == 1:
        parts: tuple[Expr, ...] = args[0].rows[0]
        (place,) = form.params
        return parts[place] if len(parts) == form.args[0].shape[0] else t.Index(args[0], (whole(place + 1),))
    return t.Index(args[0], tuple(whole(k + 1) for k in form.params))


def _concat(form: Apply, args: Sequence[Expr]) -> Expr:
    """Parts below one another, or side by side."""
    if form.rank > 2 or form.rank < form.params[0]:
        raise Unspelt(form.op.name)
    below = form.params[0] == form.rank
    return t.Array(tuple((a,) for a in args)) if below else t.Array((tuple(args),))


def _refused(form: Apply, args: Sequence[Expr]) -> Expr:
    """Nothing, for what has no way to be written. Raises `Unspelt`."""
    raise Unspelt(form.op.name)


def _share(form: Apply, args: Sequence[Expr]) -> Expr:
    """1 at the largest elements, shared among them."""
    at = call("ifelse", t.Compare(tuple(args), ("==",)), whole(1), whole(0))
    return t.Binary("/", at, call("sum", at))


def _coprod(form: Apply, args: Sequence[Expr]) -> Expr:
    """The products of all elements but some, for each choice of those: 0 where two of them are one."""
    if form.rank != form.params[0] or form.args[0].rank != 1:
        return _refused(form, args)
    if not form.rank:
        return call("prod", *args)
    letters: list[t.Name] = []
    for _ in range(form.rank + 1):
        letters.append(t.Name(index(names_of(args[0]) | {letter.id for letter in letters})))
    *places, k = letters
    span = t.Range(whole(1), None, call("length", args[0]))
    body = call("prod", t.Comprehension(t.Index(args[0], (k,)), (t.Clause(k.id, span, _all_differ([(k, place) for place in places])),), bare=True))
    if form.rank > 1:
        body = t.If(_all_differ(list(combinations(places, 2))), body, whole(0))
    return t.Comprehension(body, tuple(t.Clause(place.id, span) for place in places))


def _all_differ(pairs: Sequence[tuple[Expr, Expr]]) -> Expr:
    """The condition that both expressions of every pair differ."""
    conditions: list[Expr] = [t.Compare(pair, ("!=",)) for pair in pairs]
    return reduce(lambda a, b: t.Binary("and", a, b), conditions)


def _of_vector(form: Apply, args: Sequence[Expr]) -> Expr:
    """A function that the language has for vectors only: of a matrix, row by row."""
    if form.args[0].rank == 1:
        return call(form.op.name, *args)
    if form.args[0].rank != 2:
        _refused(form, args)
    i = index(names_of(args[0]))
    row = t.Index(args[0], (t.Name(i), t.Whole()))
    return t.Comprehension(call(form.op.name, row), (t.Clause(i, t.Range(whole(1), None, sized(form.args[0].shape[0]))),))


def _part(form: Apply, args: Sequence[Expr]) -> Expr:
    """One of several results: ``qr(A)[1]``."""
    return t.Index(args[0], (whole(form.params[0] + 1),)) if form.args[0].rank == 1 else _refused(form, args)


def names_of(e: Expr) -> frozenset[str]:
    """The names in an expression's text (and perhaps more)."""
    return frozenset(findall(r"\w+", text(e)))


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
    "array": _literal,
    "at": _element,
    "take": taken,
    "put": put,
    "concat": _concat,
    "counting": lambda form, args: t.Array(((t.Range(sized(form.params[0]), None, sized(form.params[0] + form.params[1] - 1)),),)),
    "reshape": reshaped,
    "share": _share,
    "step": lambda form, args: call("ifelse", t.Compare((args[0], whole(0)), (">",)), whole(1), whole(0)),
    "coprod": _coprod,
    "det_change": _refused,
    "part": _part,
    **dict.fromkeys(("reverse", "sort", "cumsum", "cumprod", "diff"), _of_vector),
}
