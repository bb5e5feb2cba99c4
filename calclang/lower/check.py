"""Checking without running: kinds and shapes of definitions, as far as declarations determine them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import field

from calclang.errors import CalcError, Diagnostic
from calclang.ir.budget import Budget, charging
from calclang.ir.node import Node
from calclang.lower.kinds import declared_inputs
from calclang.lower.lowered import Closure, Low
from calclang.lower.parts import take_apart
from calclang.lower.specialise import World, explore, trace_call
from calclang.lower.spelling import unknown
from calclang.lower.spoken import spoken
from calclang.lower.trace import Trace, Undecided
from calclang.record import record
from calclang.source import Span
from calclang.syntax import tree
from calclang.syntax.free import free


def check_closure(world: World, closure: Closure) -> None:
    """Raise the shape or type error of a function whose parameters all declare their kinds."""
    inputs = declared_inputs(closure)
    try:
        explore(lambda decide: trace_call(world, closure, inputs, {}, tree.NOWHERE, decide))
    except Undecided:
        return
    except CalcError as error:
        if error.code in ("E-SHAPE", "E-TYPE", "E-ARITY", "E-INDEX"):
            raise


Load = Callable[[str, Span], "tree.Program | None"]  # the program in a file that a program names; None where there is none


def check_program(world: World, program: tree.Program, budget: Budget, load: Load) -> list[Diagnostic]:
    """Errors of a program found without computing: each statement is lowered, arrays are not evaluated."""
    names: dict[str, Low] = dict(world.globals)
    check = Check(World(names, world.limits, world.builtin, read=_unread), names, load)
    with charging(budget):
        check.program(program)
        check.inside_functions()
    return list(check.found.values())


def _unread(path: str, span: Span) -> Low:
    """Checking opens no data files: what they hold is not known."""
    raise Undecided(Node())


@record(frozen=False)
class Check:
    """What is known of a program so far.

    ``unknown``: names that will have a meaning when it runs. ``found``: errors, each by its kind and place: one in a function is one however
    often it is called. ``values``: what is defined, functions as lambdas. ``unread``: whether there are files that define what is not known.
    """

    world: World
    names: dict[str, Low]
    load: Load
    unknown: set[str] = field(default_factory=lambda: {"args", "ans"})
    found: dict[tuple[str, object], Diagnostic] = field(default_factory=dict)
    values: list[tree.Expr] = field(default_factory=list)
    unread: bool = False

    def program(self, program: tree.Program) -> None:
        for statement in program.statements:
            try:
                self.statement(statement)
            except Undecided:
                self.unknown.update(_defined(statement))
            except CalcError as error:
                place = error.diagnostic.labels[0].span if error.diagnostic.labels else None
                if not (error.code == "E-NAME" and place is not None and place.text in self.unknown):
                    self.add(error)
                self.unknown.update(_defined(statement))
            else:
                self.unknown.difference_update(_defined(statement))

    def statement(self, statement: tree.Statement) -> None:
        """Raises `Undecided` and `CalcError`."""
        if isinstance(statement, tree.Command):
            if statement.word == "load" and statement.operands:
                self.loaded(statement.operands[0])
            return
        if isinstance(statement, tree.Definition):
            target = statement.target
            self.values.append(tree.Lambda(target.parameters, statement.value) if isinstance(target, tree.FunctionTarget) else statement.value)
        if isinstance(statement, tree.Definition) and isinstance(statement.target, tree.FunctionTarget):
            self.function(statement.target, statement.value)
        elif isinstance(statement, tree.Show) and (call := spoken(statement.value)) is not None:
            self.spoken(call)
        else:
            low = self.world.lowering(Trace()).run(statement.value)
            if isinstance(statement, tree.Definition):
                self.names.update(take_apart(statement.target, low))

    def function(self, target: tree.FunctionTarget, body: tree.Expr) -> None:
        """A definition of a function."""
        closure = self.names[target.name] = Closure(target.parameters, body, None, target.name, target.span)
        if closure.parameters and all(p.kind is not None for p in closure.parameters):
            check_closure(self.world, closure)

    def spoken(self, call: tree.Call) -> None:
        """A call that is a statement: another file's definitions, or its arguments."""
        if call.function == tree.Name("load"):
            self.loaded(call.arguments[0])
            return
        for argument in call.arguments:
            self.world.lowering(Trace()).run(argument)

    def loaded(self, name: tree.Expr | tree.Command) -> None:
        """Another file's definitions."""
        before, self.unread = self.unread, True
        if isinstance(name, tree.String) and (program := self.load(name.value, name.span)) is not None:
            self.unread = before
            self.program(program)

    def inside_functions(self) -> None:
        """Names in functions that nothing defines, neither before them nor behind, also of functions that are never called."""
        for value in () if self.unread else self.values:
            sizes = {name for part in tree.walk(value) if isinstance(part, tree.Kind) for name in tree.mentioned(part)}
            for name, places in free(value).items():
                if name not in sizes | self.unknown | self.names.keys() and self.world.builtin(name) is None:
                    self.add(unknown(name, places[0].span, None, self.names, self.world.builtin))

    def add(self, error: CalcError) -> None:
        """Remember an error, unless it is known of its place."""
        place = error.diagnostic.labels[0].span if error.diagnostic.labels else None
        where = (place.source.name, place.start, place.stop) if place is not None else None
        self.found.setdefault((error.code, where), error.diagnostic)


def _defined(statement: tree.Statement) -> list[str]:
    """The names that a statement would define."""
    if not isinstance(statement, tree.Definition):
        return []
    target = statement.target
    return list(target.names) if isinstance(target, tree.TupleTarget) else [target.name]
