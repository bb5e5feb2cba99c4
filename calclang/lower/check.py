"""Checking without running: kinds and shapes of definitions, as far as declarations determine them."""

from __future__ import annotations

from calclang.errors import CalcError, Diagnostic
from calclang.ir.budget import Budget, charging
from calclang.ir.node import Node
from calclang.lower.kinds import declared_inputs
from calclang.lower.lowered import Closure, Low
from calclang.lower.specialise import World, explore, trace_call
from calclang.lower.spoken import spoken
from calclang.lower.trace import Trace, Undecided
from calclang.source import Span
from calclang.syntax import tree

# What a definition may still promise: names defined later, values not known yet.
LATER = ("E-NAME",)


def check_closure(world: World, closure: Closure) -> None:
    """Raise the shape or type error of a function whose parameters all declare their kinds."""
    inputs = declared_inputs(closure)
    try:
        explore(lambda decide: trace_call(world, closure, inputs, {}, tree.NOWHERE, decide))
    except Undecided:
        return
    except CalcError as error:
        if error.code in ("E-SHAPE", "E-TYPE", "E-ARITY"):
            raise


def check_program(world: World, program: tree.Program, budget: Budget) -> list[Diagnostic]:
    """Errors of a program found without computing: each statement is lowered, arrays are not evaluated."""
    found: list[Diagnostic] = []
    names: dict[str, Low] = dict(world.globals)
    inner = World(names, world.limits, world.builtin, read=_unread)
    unknown: set[str] = set()
    with charging(budget):
        for statement in program.statements:
            try:
                _check(inner, statement, names, unknown)
            except Undecided:
                unknown.update(_defined(statement))
            except CalcError as error:
                if not (error.code in LATER and unknown):
                    found.append(error.diagnostic)
                unknown.update(_defined(statement))
    return found


def _unread(path: str, span: Span) -> Low:
    """Checking opens no data files: what they hold is not known."""
    raise Undecided(Node())


def _check(world: World, statement: tree.Statement, names: dict[str, Low], unknown: set[str]) -> None:
    from calclang.lower.evaluate import take_apart

    if isinstance(statement, tree.Command):
        return
    if isinstance(statement, tree.Definition) and isinstance(statement.target, tree.FunctionTarget):
        target = statement.target
        closure = Closure(target.parameters, statement.value, None, target.name, target.span)
        names[target.name] = closure
        if closure.parameters and all(p.kind is not None for p in closure.parameters):
            check_closure(world, closure)
        return
    call = spoken(statement.value) if isinstance(statement, tree.Show) else None
    if call is not None:
        for argument in call.arguments:
            world.lowering(Trace()).run(argument)
        return
    low = world.lowering(Trace()).run(statement.value)
    if isinstance(statement, tree.Definition):
        names.update(take_apart(statement.target, low))


def _defined(statement: tree.Statement) -> list[str]:
    """The names that a statement would define."""
    if not isinstance(statement, tree.Definition):
        return []
    target = statement.target
    return list(target.names) if isinstance(target, tree.TupleTarget) else [target.name]
