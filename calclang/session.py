"""A session: definitions, settings, limits. The one object that every frontend and every embedder holds. It prints nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from calclang import errors
from calclang.errors import CalcError, Diagnostic
from calclang.functions import Function, function_of, graph_of, make_function
from calclang.ir.node import Budget, charging
from calclang.limits import LOCAL, Limits
from calclang.lower import finish, library
from calclang.lower.convert import to_low, to_value
from calclang.lower.derivatives import leaves, rebuilt
from calclang.lower.evaluate import Place, take_apart
from calclang.lower.lowered import FUNCTIONS, Arr, Closure, Fn, Low, Scope
from calclang.lower.specialise import Traced, World, trace_declared
from calclang.lower.trace import Trace
from calclang.source import Source
from calclang.syntax import parse, tree
from calclang.values import Value


@dataclass
class Settings:
    """What a person may choose: ``digits`` of the display, ``ieee`` arithmetic (nan and infinity without errors)."""

    digits: int = 10
    ieee: bool = False


@dataclass(frozen=True)
class Result:
    """What one statement gave. ``value`` is None for a definition or an assertion; ``name`` is what a definition defines."""

    value: Value | None = None
    shown: bool = False
    warnings: tuple[Diagnostic, ...] = ()
    name: str = ""


@dataclass
class Definitions(dict[str, Low]):
    """The top level. A statement writes into ``pending`` and is committed whole, or not at all."""


class Session:
    """A calc session.

    >>> session = Session()
    >>> [result.value for result in session.run("f(x) = x^2; f(3)") if result.shown]
    [9.0]
    >>> session["f"](4.0)
    16.0
    """

    def __init__(self, limits: Limits = LOCAL) -> None:
        self.limits = limits
        self.settings = Settings()
        self.definitions: dict[str, Low] = {}
        self.epoch = 0
        self.world = World(self.definitions, limits, library.find)

    # ---- running ----

    def statements(self, text: str | bytes, name: str = "<input>") -> Iterator[Result]:
        """Run a program, one statement per ``next()``. The whole text is parsed first. Raises `CalcError`; what stood before stands."""
        program = self.parse(text, name)
        for statement in program.statements:
            yield self.execute(statement)

    def run(self, text: str | bytes, name: str = "<input>") -> list[Result]:
        """All results of a program. Raises `CalcError` at the first statement that fails."""
        return list(self.statements(text, name))

    def parse(self, text: str | bytes, name: str) -> tree.Program:
        from calclang.commands import words
        from calclang.syntax import source_of

        source = source_of(text, name) if isinstance(text, bytes) else Source(name, text)
        return parse(source, words(), nesting=self.limits.nesting, length=self.limits.source)

    def eval(self, text: str) -> Value:
        """The value of one expression. Raises `CalcError`."""
        results = self.run(text)
        if not results or results[-1].value is None:
            raise errors.no_expression()
        return results[-1].value

    def __getitem__(self, name: str) -> Value:
        low = self.definitions.get(name) or library.find(name)
        if low is None:
            raise errors.unknown_name(name, [*self.definitions, *library.names()])
        return self.value(low)

    def __setitem__(self, name: str, value: Any) -> None:
        self.define(name, to_low(value, function_of))

    def check(self, text: str | bytes, name: str = "<input>") -> list[Diagnostic]:
        """What is wrong with a program, found without running it: syntax, and shapes as far as declarations determine them."""
        from calclang.lower.check import check_program

        try:
            return check_program(self.world, self.parse(text, name), self.budget())
        except CalcError as error:
            return [error.diagnostic]

    # ---- one statement ----

    def execute(self, statement: tree.Statement) -> Result:
        """Run one statement: a transaction."""
        try:
            with charging(self.budget()):
                return self._execute(statement)
        except CalcError as error:
            raise CalcError(with_calls(error.diagnostic)) from None
        except RecursionError as problem:
            raise errors.too_deep(statement.span) from problem
        except MemoryError as problem:
            raise errors.out_of_memory(statement.span) from problem

    def budget(self) -> Budget:
        """A fresh budget for one statement."""
        return Budget(self.limits.nodes, self.limits.elements)

    def _execute(self, statement: tree.Statement) -> Result:
        if isinstance(statement, tree.Command):
            from calclang.commands import execute

            return execute(self, statement)
        if isinstance(statement, tree.Definition):
            return self._define(statement)
        low, trace = self.evaluate(statement.value)
        if is_print(statement.value) and low is NOTHING:
            return Result()
        self.definitions["ans"] = low
        return Result(self.value(low), not statement.hidden, tuple(trace.warnings))

    def evaluate(self, expression: tree.Expr, scope: Scope | None = None) -> tuple[Low, Trace]:
        """An expression's value as constants, with what was recorded on the way."""
        trace = Trace()
        lowering = self.world.lowering(trace)
        return self.settle(lowering.run(expression, scope), trace), trace

    def settle(self, low: Low, trace: Trace) -> Low:
        """The same value with every node computed."""
        nodes = leaves(low)
        values = finish.values(trace, nodes, trace.known, self.settings.ieee)
        return rebuilt(low, (to_low(v).node for v in values))  # type: ignore[union-attr]

    def _define(self, statement: tree.Definition) -> Result:
        target = statement.target
        if isinstance(target, tree.FunctionTarget):
            closure = Closure(target.parameters, statement.value, None, target.name, target.span)
            self._check_definition(closure, statement)
            return Result(name=target.name, warnings=self.define(target.name, closure))
        low, trace = self.evaluate(statement.value)
        warnings = list(trace.warnings)
        for name, part in take_apart(target, low):
            warnings += self.define(name, part)
        return Result(name=getattr(target, "name", ""), warnings=tuple(warnings))

    def _check_definition(self, closure: Closure, statement: tree.Definition) -> None:
        """Shapes are checked where the declared kinds determine them all."""
        from calclang.lower.check import check_closure

        if closure.parameters and all(p.kind is not None for p in closure.parameters):
            check_closure(self.world, closure)

    def define(self, name: str, low: Low) -> tuple[Diagnostic, ...]:
        """Give a name a meaning. Redefining a built-in works and says so."""
        if isinstance(low, Closure) and not low.name:
            low = Closure(low.parameters, low.body, low.scope, "", low.span)
        first = name not in self.definitions
        self.definitions[name] = low
        self.epoch += 1
        return (errors.shadows_builtin(name).diagnostic,) if first and library.find(name) is not None else ()

    # ---- values and functions ----

    def value(self, low: Low) -> Value:
        return to_value(low, self.function)

    def function(self, fn: Fn) -> Function:
        return make_function(self, fn)

    def compiled(self, function: Function, traced: Traced, inputs: list[Arr]) -> Any:
        """The compiled call of a traced function; None where only the general path serves."""
        from calclang.lower.compile import entry

        return entry(self, function, traced, inputs, graph_of(traced, inputs))


NOTHING: Low = to_low(())


def is_print(e: tree.Expr) -> bool:
    return isinstance(e, tree.Call) and isinstance(e.function, tree.Name) and e.function.id == "print"


def with_calls(diagnostic: Diagnostic) -> Diagnostic:
    """The same with a note per call that led to its place, innermost first."""
    place = diagnostic.labels[0].span if diagnostic.labels else None
    frame = place.frame if isinstance(place, Place) else None
    notes = []
    while frame is not None and len(notes) < 8:
        where = f", called at {frame.place.source.name}:{frame.place.line}:{frame.place.column}" if frame.place is not None and frame.place.source.text else ""
        notes.append(f"in {frame.function}{where}")
        frame = frame.caller
    if frame is not None:
        notes.append("… and more calls")
    return Diagnostic(diagnostic.code, diagnostic.message, diagnostic.labels, (*diagnostic.notes, *notes), diagnostic.help)


__all__ = ["FUNCTIONS", "Result", "Session", "Settings", "field", "trace_declared"]
