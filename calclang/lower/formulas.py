"""Functions as source: a definition as it was written, a derivative as its formula."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from calclang.errors import CalcError
from calclang.ir.dim import Size
from calclang.ir.node import Node
from calclang.lower.kinds import Kinds, Slot, ends, likeliest, read_at, told_apart
from calclang.lower.lowered import Arr, Builtin, Closure, Derived, Fn, Low, Tup, innermost
from calclang.lower.parts import leaves
from calclang.lower.reasons import REDEFINED, TOO_LONG, unread, unread_for, unspelt
from calclang.lower.specialise import Branch, Traced, World
from calclang.lower.trace import Undecided
from calclang.lower.written import NUMBERS, Unwritten, Writer
from calclang.record import record
from calclang.syntax import format_expr, format_statement, tree

NUMBER = tree.Kind((), ())
LONGEST = 4_000  # characters of a formula; longer ones are shown as the call that makes them


@record
class Shown:
    """A function in calc, and what is to be said beside it: why it is not all that a reader wants to see."""

    text: str
    remark: str = ""


def function_source(world: World, fn: Fn) -> str:
    """``f(x) = …``, ``x -> …``, ``sin``, or the formula of a derivative."""
    return shown(world, fn).text


def shown(world: World, fn: Fn, numbers: int = NUMBERS) -> Shown:
    """A function as its source, with at most so many ``numbers`` of what it captured; of a derivative without a formula the call that makes it."""
    if isinstance(fn, Builtin):
        return Shown(fn.name)
    if isinstance(fn, Closure):
        return _closure(world, fn, numbers)
    made = formula_of(world, fn)
    text = format_expr(made) if not isinstance(made, str) else ""
    if text and len(text) <= LONGEST:
        return Shown(text)
    call, lost = _operator(world, fn, numbers)
    return Shown(format_expr(call), "; ".join([f"no formula: {made if isinstance(made, str) else TOO_LONG}", *lost]))


def _closure(world: World, fn: Closure, numbers: int) -> Shown:
    if fn.name and fn.scope is None:
        return Shown(format_statement(tree.Definition(tree.FunctionTarget(fn.name, fn.parameters), fn.body)))
    try:
        return Shown(format_expr(Writer(world, numbers).made(fn)))
    except Unwritten as why:
        return Shown(format_expr(tree.Lambda(fn.parameters, fn.body)), str(why))


def operator_text(world: World, fn: Derived) -> str:
    """A derivative as the call that makes it: ``grad(f)``."""
    return format_expr(operator_tree(world, fn))


def operator_tree(world: World, fn: Derived) -> tree.Expr:
    """The call that makes a derivative, with its options; another function by its name, or as it was written."""
    return _operator(world, fn, NUMBERS)[0]


def _operator(world: World, fn: Derived, numbers: int) -> tuple[tree.Expr, list[str]]:
    """That call, and what it does not say."""
    try:
        return Writer(world, numbers).made(fn), []
    except Unwritten as why:
        options = tuple((name, value) for name, value in fn.options if isinstance(value, tree.Tree))
        return tree.Call(tree.Name(fn.operator), (_brief(world, fn.function),), options), [str(why)]  # type: ignore[arg-type]


def _brief(world: World, fn: Fn) -> tree.Expr:
    """A function without what it captured."""
    if isinstance(fn, Derived):
        return operator_tree(world, fn)
    return tree.Lambda(fn.parameters, fn.body) if isinstance(fn, Closure) and not fn.name else tree.Name(fn.name)


def derivative_tree(world: World, fn: Derived) -> tree.Expr | None:
    """The lambda of a derivative; None where it has no formula."""
    made = formula_of(world, fn)
    return None if isinstance(made, str) else made


def formula_of(world: World, fn: Derived) -> tree.Expr | str:
    """The lambda of a derivative; the shorter of what forward and reverse sweeps give. Where it has no formula, or none that would read
    back as the same function because its names have been redefined, the reason in words."""
    from calclang.transforms.formula import shorter  # a large layer, needed only where a formula is shown

    base = innermost(fn)
    spread = isinstance(base, Closure) and len(base.parameters) == 1 and base.parameters[0].vector
    plain = _with_mode(fn, "auto", spread)
    likely = likeliest(world, plain)
    if likely is None:
        return unread(world, plain)
    program = _program(world, innermost(plain), likely)
    shadowed = frozenset(world.globals) | {n for p in getattr(base, "parameters", ()) for n in p.names}
    bodies = [_one_mode(world, _with_mode(fn, mode, spread), likely, program, shadowed) for mode in ("reverse", "forward")]
    written = [body for body in bodies if not isinstance(body, str)]
    kept = [body for body in written if _keeps_meaning(body, shadowed)]
    if not kept:
        return REDEFINED if written else min(map(str, bodies), key=len)
    body = shorter(*kept)
    sized = tree.Lambda(_shown_parameters(base, likely.slots, tree.mentioned(body), frozenset()), body)
    told = told_apart(world, plain, likely, lambda kinds: _agree(world, plain, sized, kinds))
    return replace(sized, parameters=_shown_parameters(base, likely.slots, tree.mentioned(body), told)) if told else sized


def _keeps_meaning(body: tree.Expr, shadowed: frozenset[str]) -> bool:
    """Whether the functions and constants of a formula still mean what they mean in the language."""
    called = {part.function.id for part in tree.walk(body) if isinstance(part, tree.Call) and isinstance(part.function, tree.Name)}
    return shadowed.isdisjoint(called | (tree.mentioned(body) & {"inf", "nan"}))


def _program(world: World, base: Fn, kinds: Kinds) -> tuple[Node, ...]:
    """The values of the function itself, so that a formula keeps the program's own spelling of its sums."""
    try:
        return tuple(node for end in ends(read_at(world, base, kinds).traced) for node in leaves(end.result))
    except (CalcError, Undecided):
        return ()


def _shown_parameters(base: Fn, slots: tuple[Slot, ...], used: set[str], told: frozenset[str]) -> tuple[tree.Parameter, ...]:
    """The parameters without their kinds, but for those that say a size which the formula uses, and those in ``told``."""
    if isinstance(base, Closure) and any(p.vector for p in base.parameters):
        return tuple(replace(p, kind=None) for p in base.parameters)
    declared = base.parameters if isinstance(base, Closure) else tuple(tree.Parameter((slot.name,)) for slot in slots)
    return tuple(replace(p, kind=_kind(p, slot) if slot.name in told or _says(slot, used) else None) for p, slot in zip(declared, slots, strict=True))


def _says(slot: Slot, used: set[str]) -> bool:
    """Whether the kind of a parameter says what ``n`` is, and the formula needs that."""
    return bool(used & {name for size in slot.shape if isinstance(size, Size) for monomial, _ in size.terms for name in monomial})


def _kind(parameter: tree.Parameter, slot: Slot) -> tree.Kind:
    """The kind of a parameter: as it was declared, or as it was assumed."""
    from calclang.transforms.formula.leaves import sized

    return parameter.kind or tree.Kind(("row",) if slot.row else (), tuple(sized(size) for size in slot.shape))


def _agree(world: World, fn: Fn, shown: tree.Lambda, kinds: Kinds) -> bool:
    """Whether a formula refuses arguments of these kinds, or is proved to be the function there."""
    from calclang.transforms.formula import prove_equal

    try:
        function = read_at(world, fn, kinds)
        formula = read_at(world, Closure(shown.parameters, shown.body, None), function)
        if formula.slots != function.slots:  # the formula takes fewer sizes
            function = read_at(world, fn, formula)
    except CalcError:
        return True
    except Undecided:
        return False
    if not isinstance(formula.traced, Traced) or not isinstance(function.traced, Traced):
        return False
    pairs = zip(_arrays(formula.traced.result), _arrays(function.traced.result), strict=False)
    return all(a.shape == b.shape and (a.rank != 1 or a.row == b.row) and prove_equal(a.node, b.node) for a, b in pairs)


def _arrays(low: Low) -> list[Arr]:
    """The arrays of a value, in order."""
    return [a for part in low.parts for a in _arrays(part)] if isinstance(low, Tup) else [low] if isinstance(low, Arr) else []


def _with_mode(fn: Derived, mode: str, spread: bool) -> Derived:
    """The same operators with a mode. ``spread``: a vector that the function takes apart becomes its scalars, which count as
    one vector anyway."""
    inner = fn.function
    if isinstance(inner, Derived):
        inner = _with_mode(inner, mode, spread)
    elif spread and isinstance(inner, Closure):
        inner = Closure(tuple(tree.Parameter((n,), kind=NUMBER) for n in inner.parameters[0].names), inner.body, inner.scope, inner.name, inner.span)
    options = tuple((k, v) for k, v in fn.options if k != "mode") + (("mode", tree.Name(mode)),)
    return replace(fn, function=inner, options=options)


def _one_mode(world: World, fn: Derived, kinds: Kinds, program: tuple[Node, ...], shadowed: frozenset[str]) -> tree.Expr | str:
    """The body that one way of sweeping gives; the reason where it gives none."""
    from calclang.transforms.formula import TooBig, Unspelt

    try:
        return _tree(read_at(world, fn, kinds).traced, program, shadowed)
    except Unspelt as operation:
        return unspelt(str(operation), program)
    except TooBig:
        return TOO_LONG
    except (CalcError, Undecided) as problem:
        return unread_for(problem.__cause__ or problem)


def _tree(traced: Traced | Branch[Traced], program: tuple[Node, ...], shadowed: frozenset[str]) -> tree.Expr:
    """The body: a formula, or choices between formulas. Raises `TooBig`."""
    from calclang.transforms.formula import formulas

    if isinstance(traced, Branch):
        condition = formulas([(traced.condition, False)], lambda trees: trees[0], shadowed=shadowed)
        if isinstance(condition, tree.Boolean):
            return _tree(traced.then if condition.value else traced.otherwise, program, shadowed)
        return tree.If(condition, _tree(traced.then, program, shadowed), _tree(traced.otherwise, program, shadowed))
    how = {"names": traced.trace.records.names, "reserved": frozenset(i.node.params[0].name for i in traced.inputs), "program": program}
    return _low_tree(traced.result, {**how, "shadowed": shadowed})


def _low_tree(low: Low, how: Mapping[str, Any]) -> tree.Expr:
    """The formula of a value; ``how``: the options of `formulas`."""
    from calclang.transforms.formula import formulas

    return formulas([(part.node, part.row) for part in _arrays(low)], lambda trees: _joined(low, iter(trees)), **how)


def _joined(low: Low, trees: Iterator[tree.Expr]) -> tree.Expr:
    """The trees of a value's arrays as tuples, where it has them."""
    if isinstance(low, Tup):
        return tree.Tuple(tuple(_joined(part, trees) for part in low.parts), low.names)
    if not isinstance(low, Arr):
        raise Undecided(Node())
    return next(trees)
