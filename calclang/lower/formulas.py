"""Functions as source: a definition as it was written, a derivative as its formula."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from calclang.errors import CalcError
from calclang.ir.dim import Size
from calclang.ir.node import Node
from calclang.lower.derivatives import leaves
from calclang.lower.lowered import Arr, Builtin, Closure, Derived, Fn, Low, Tup
from calclang.lower.specialise import Branch, Traced, World, innermost, trace_declared
from calclang.lower.trace import Undecided
from calclang.syntax import format_expr, format_statement, tree

LONGEST = 4_000  # characters of a formula; longer ones are shown as the call that makes them


def function_source(world: World, fn: Fn) -> str:
    """``f(x) = …``, ``x -> …``, ``sin``, or the formula of a derivative."""
    if isinstance(fn, Builtin):
        return fn.name
    if isinstance(fn, Closure):
        if fn.name:
            return format_statement(tree.Definition(tree.FunctionTarget(fn.name, fn.parameters), fn.body))
        return format_expr(tree.Lambda(fn.parameters, fn.body))
    made = derivative_tree(world, fn)
    text = format_expr(made) if made is not None else ""
    return text if text and len(text) <= LONGEST else operator_text(world, fn)


def operator_text(world: World, fn: Derived) -> str:
    """A derivative as the call that makes it: ``grad(f)``."""
    inner = fn.function
    name = operator_text(world, inner) if isinstance(inner, Derived) else getattr(inner, "name", "") or function_source(world, inner)
    options = "".join(f", {k} = {format_expr(v)}" for k, v in fn.options if isinstance(v, tree.Name | tree.Tuple))
    return f"{fn.operator}({name}{options})"


def derivative_tree(world: World, fn: Derived) -> tree.Expr | None:
    """The lambda of a derivative; the shorter of what forward and reverse sweeps give. None where it has no formula, or none that would read
    back as the same function because its names have been redefined."""
    from calclang.transforms.formula import shorter  # a large layer, needed only where a formula is shown

    base = innermost(fn)
    spread = isinstance(base, Closure) and len(base.parameters) == 1 and base.parameters[0].vector
    found = []
    program = _program(world, innermost(_with_mode(fn, "auto", spread)))
    shadowed = frozenset(world.globals) | {n for p in getattr(base, "parameters", ()) for n in p.names}
    for mode in ("reverse", "forward"):
        made = _one_mode(world, _with_mode(fn, mode, spread), program, shadowed)
        if made is not None and _keeps_meaning(made[0], shadowed):
            found.append(made)
    if not found:
        return None
    body = shorter(*(body for body, _ in found))
    return tree.Lambda(_shown_parameters(base, found[0][1], tree.mentioned(body)), body)


def _keeps_meaning(body: tree.Expr, shadowed: frozenset[str]) -> bool:
    """Whether the functions and constants of a formula still mean what they mean in the language."""
    called = {part.function.id for part in tree.walk(body) if isinstance(part, tree.Call) and isinstance(part.function, tree.Name)}
    return shadowed.isdisjoint(called | (tree.mentioned(body) & {"inf", "nan"}))


def _program(world: World, base: Fn) -> tuple[Node, ...]:
    """The values of the function itself, so that a formula keeps the program's own spelling of its sums."""
    found: list[Node] = []
    todo: list[Traced | Branch[Traced] | None] = [trace_declared(world, base, tree.NOWHERE)]
    while todo:
        traced = todo.pop()
        if isinstance(traced, Branch):
            todo += [traced.then, traced.otherwise]
        elif traced is not None:
            found += leaves(traced.result)
    return tuple(found)


def _shown_parameters(base: Fn, inputs: tuple[Arr, ...], used: set[str]) -> tuple[tree.Parameter, ...]:
    """The parameters without their kinds, but for those that say a size which the formula uses."""
    if isinstance(base, Closure) and any(p.vector for p in base.parameters):
        return tuple(replace(p, kind=None) for p in base.parameters)
    declared = base.parameters if isinstance(base, Closure) else tuple(tree.Parameter((i.node.params[0].name,)) for i in inputs)
    return tuple(replace(p, kind=_kind(p, i, used)) for p, i in zip(declared, inputs, strict=True))


def _kind(parameter: tree.Parameter, given: Arr, used: set[str]) -> tree.Kind | None:
    """The kind of a parameter, if it says what ``n`` is and the formula needs that."""
    from calclang.transforms.formula.leaves import sized

    if not used & {name for size in given.shape if isinstance(size, Size) for monomial, _ in size.terms for name in monomial}:
        return None
    return parameter.kind or tree.Kind((), tuple(sized(size) for size in given.shape))


def _with_mode(fn: Derived, mode: str, spread: bool) -> Derived:
    """The same operators with a mode. ``spread``: a vector that the function takes apart becomes its scalars, which count as
    one vector anyway."""
    inner = fn.function
    if isinstance(inner, Derived):
        inner = _with_mode(inner, mode, spread)
    elif spread and isinstance(inner, Closure):
        inner = Closure(tuple(tree.Parameter((n,)) for n in inner.parameters[0].names), inner.body, inner.scope, inner.name, inner.span)
    options = tuple((k, v) for k, v in fn.options if k != "mode") + (("mode", tree.Name(mode)),)
    return replace(fn, function=inner, options=options)


def _one_mode(
    world: World, fn: Derived, program: tuple[Node, ...], shadowed: frozenset[str]
) -> tuple[tree.Expr, tuple[Arr, ...]] | None:
    try:
        traced = trace_declared(world, fn, tree.NOWHERE)
        if traced is None:
            return None
        return _tree(traced, program, shadowed), _inputs(traced)
    except (CalcError, Undecided):
        return None


def _inputs(traced: Traced | Branch[Traced]) -> tuple[Arr, ...]:
    while isinstance(traced, Branch):
        traced = traced.then
    return traced.inputs


def _tree(traced: Traced | Branch[Traced], program: tuple[Node, ...], shadowed: frozenset[str]) -> tree.Expr:
    """The body: a formula, or choices between formulas."""
    from calclang.transforms.formula import formula

    if isinstance(traced, Branch):
        condition = formula(traced.condition, shadowed=shadowed)
        if condition is None:
            raise Undecided(traced.condition)
        return tree.If(condition, _tree(traced.then, program, shadowed), _tree(traced.otherwise, program, shadowed))
    how = {"names": traced.trace.names, "reserved": frozenset(i.node.params[0].name for i in traced.inputs), "program": program}
    return _low_tree(traced.result, {**how, "shadowed": shadowed})


def _low_tree(low: Low, how: Mapping[str, Any]) -> tree.Expr:
    """The formula of a value; ``how``: the options of `formula`."""
    from calclang.transforms.formula import formula

    if isinstance(low, Tup):
        return tree.Tuple(tuple(_low_tree(p, how) for p in low.parts))
    if not isinstance(low, Arr):
        raise Undecided(Node())
    made = formula(low.node, row=low.row, **how)
    if made is None:
        raise Undecided(low.node)
    return made
