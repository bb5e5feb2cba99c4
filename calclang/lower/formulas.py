"""Functions as source: a definition as it was written, a derivative as its formula."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from calclang.errors import CalcError
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
    """The lambda of a derivative; the shorter of what forward and reverse sweeps give. None where it has no formula."""
    from calclang.transforms.formula import shorter  # a large layer, needed only where a formula is shown

    base = innermost(fn)
    spread = isinstance(base, Closure) and len(base.parameters) == 1 and base.parameters[0].vector
    found = []
    program = _program(world, innermost(_with_mode(fn, "auto", spread)))
    for mode in ("reverse", "forward"):
        made = _one_mode(world, _with_mode(fn, mode, spread), program)
        if made is not None:
            found.append(made)
    if not found:
        return None
    return tree.Lambda(_shown_parameters(base, found[0][1]), shorter(*(body for body, _ in found)))


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


def _shown_parameters(base: Fn, names: tuple[str, ...]) -> tuple[tree.Parameter, ...]:
    """The parameters as the function declares them, without their kinds."""
    if isinstance(base, Closure):
        return tuple(replace(p, kind=None) for p in base.parameters)
    return tuple(tree.Parameter((name,)) for name in names)


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


def _one_mode(world: World, fn: Derived, program: tuple[Node, ...]) -> tuple[tree.Expr, tuple[str, ...]] | None:
    try:
        traced = trace_declared(world, fn, tree.NOWHERE)
        if traced is None:
            return None
        return _tree(traced, program), _names(traced)
    except (CalcError, Undecided):
        return None


def _names(traced: Traced | Branch[Traced]) -> tuple[str, ...]:
    while isinstance(traced, Branch):
        traced = traced.then
    return tuple(i.node.params[0].name for i in traced.inputs)


def _tree(traced: Traced | Branch[Traced], program: tuple[Node, ...]) -> tree.Expr:
    """The body: a formula, or choices between formulas."""
    from calclang.transforms.formula import formula

    if isinstance(traced, Branch):
        condition = formula(traced.condition)
        if condition is None:
            raise Undecided(traced.condition)
        return tree.If(condition, _tree(traced.then, program), _tree(traced.otherwise, program))
    return _low_tree(traced.result, traced.trace.names, frozenset(_names(traced)), program)


def _low_tree(low: Low, names: Mapping[Node, str], reserved: frozenset[str], program: tuple[Node, ...]) -> tree.Expr:
    from calclang.transforms.formula import formula

    if isinstance(low, Tup):
        return tree.Tuple(tuple(_low_tree(p, names, reserved, program) for p in low.parts))
    if not isinstance(low, Arr):
        raise Undecided(Node())
    made = formula(low.node, row=low.row, names=names, reserved=reserved, program=program)
    if made is None:
        raise Undecided(low.node)
    return made
