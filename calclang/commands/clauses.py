"""Reading the clauses of a command: which function, at which point, with which options."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from calclang import errors
from calclang.lower.derivatives import derived, parameter_names
from calclang.lower.lowered import FUNCTIONS, Closure, Fn, Low, Tup, function_name, words
from calclang.lower.parameters import arguments_from
from calclang.lower.rules import ALIASES, DIRECTIONS, RULES
from calclang.record import record
from calclang.registry import table
from calclang.source import Span
from calclang.syntax import tree
from calclang.syntax.free import free

if TYPE_CHECKING:
    from calclang.session import Session


@record
class Request:
    """A command taken apart: the operator asked for, its function, the point (None without ``at``), other clauses."""

    operator: str
    function: Fn
    point: tuple[Low, ...] | None
    options: dict[str, Any]
    span: Span

    def point_for(self, word: str) -> tuple[Low, ...]:
        """The point, for a command that needs one. Raises E-SYNTAX where there is none."""
        if self.point is None:
            raise errors.needs_point(word, self.span)
        return self.point


def clause(command: tree.Command, word: str) -> tree.Option | None:
    """The last clause of a word."""
    found = [o for o in command.options if o.word == word]
    return found[-1] if found else None


def single(command: tree.Command, word: str) -> tree.Expr | None:
    """The one expression of a clause; several parts make a tuple."""
    option = clause(command, word)
    if option is None:
        return None
    if any(isinstance(p, tree.Definition) for p in option.parts):
        raise errors.clause_wants_value(word, option.span)
    parts = tuple(p for p in option.parts if not isinstance(p, tree.Definition))
    return parts[0] if len(parts) == 1 else tree.Tuple(parts, span=option.span)


def request(session: Session, command: tree.Command, operator: str) -> Request:
    """Take a derivative command apart: ``grad f at (1, 2) wrt x mode forward``."""
    operand = operand_of(command)
    assignments = assigned(command, "at")
    options: dict[str, Any] = {}
    if (mode := single(command, "mode")) is not None:
        options["mode"] = mode
    wrt = single(command, "wrt")
    names = [n.id for n in (wrt.parts if isinstance(wrt, tree.Tuple) else (wrt,)) if isinstance(n, tree.Name)] if wrt is not None else []
    function, free = function_about(session, command, operand, [*names, *assignments])
    if wrt is not None and (not free or set(names) != set(free)):
        options["wrt"] = wrt
    options |= direction(session, command, operator, function)
    point = None if clause(command, "at") is None else point_of(session, command, "at", function)
    return Request(operator, function, point, options, command.span)


def direction(session: Session, command: tree.Command, operator: str, function: Fn) -> dict[str, Low]:
    """The clause that a product needs, a value or one for each parameter; nothing for other operators. Raises E-SYNTAX where it is missing, or
    stands where there is no product."""
    wanted = DIRECTIONS.get(operator)
    others = {*DIRECTIONS.values()} - {wanted}
    if (option := next((o for o in command.options if o.word in others), None)) is not None:
        record = table()[command.word]
        raise errors.unknown_clause(record.word, option.word, [c for c in record.clauses if c not in others], record.usage, option.span)
    if wanted is None:
        return {}
    if wanted == "along" and assigned(command, wanted):
        return {wanted: Tup(point_of(session, command, wanted, function))}
    expression = single(command, wanted)
    if expression is None:
        raise errors.clause_missing(command.word, wanted, command.span.text, command.span)
    return {wanted: session.evaluate(expression)[0]}


def inner_request(session: Session, cmd: tree.Command) -> Request:
    """The request of a command about a command: ``explain grad f at 0.7``; an operator of its own, or ``value``."""
    operator, inner = inner_operator(cmd), cmd.operands[0] if cmd.operands else None
    if isinstance(inner, tree.Command):
        cmd = tree.Command(inner.word, inner.operands, (*inner.options, *cmd.options), span=cmd.span)
    return request(session, cmd, operator)


def inner_operator(cmd: tree.Command) -> str:
    """The operator of the command that a command is about; ``value`` where it is about a function. Raises E-SYNTAX for any other command."""
    inner = cmd.operands[0] if cmd.operands else None
    if not isinstance(inner, tree.Command):
        return "value"
    operator = ALIASES.get(inner.word, inner.word)
    if operator not in RULES:
        raise errors.not_about(cmd.word, inner.word, [word for word in table() if word in RULES], inner.span)
    return operator


def callable_of(asked: Request) -> Fn:
    """The function that a request is about."""
    return asked.function if asked.operator == "value" else derived(asked.operator, asked.function, asked.options)


def function_about(session: Session, command: tree.Command, operand: tree.Expr, named: Iterable[str]) -> tuple[Fn, list[str]]:
    """The function that a command is about, and its parameters where it is an expression: the ``named`` names and those that nothing defines.
    Raises E-TYPE."""
    free = [] if isinstance(operand, tree.Lambda) else unknowns(session, operand, list(named))
    if free and not tree.mentioned(operand).isdisjoint(free):
        return Closure(tuple(tree.Parameter((n,)) for n in free), operand, None, "", operand.span), free
    function, _ = session.evaluate(operand)
    if not isinstance(function, FUNCTIONS):
        raise errors.command_needs_function(command.word, words(function), operand.span, _at(command.word, operand))
    return function, []


def _at(word: str, operand: tree.Expr) -> str:
    """``grad f at 3`` where ``grad f(3)`` was written."""
    if not isinstance(operand, tree.Call) or operand.options or not operand.arguments:
        return ""
    point = ", ".join(a.span.text for a in operand.arguments)
    return f"{word} {operand.function.span.text} at " + (f"({point})" if len(operand.arguments) > 1 else point)


def unknowns(session: Session, operand: tree.Expr, named: Sequence[str] = ()) -> list[str]:
    """The names of an expression that are ``named`` or that nothing defines: as they are named, where that is all of them, else as they are
    read: ``derivative x*sin(x)`` means by x. Of a lone name, which must be a function, those that are named."""
    if isinstance(operand, tree.Name):
        return list(dict.fromkeys(named))
    called = {id(p.function) for p in tree.walk(operand) if isinstance(p, tree.Call)}
    found = sorted((p for places in free(operand).values() for p in places if id(p) not in called), key=lambda p: p.span.start)
    names = dict.fromkeys([*(p.id for p in found), *named])
    wanted = [n for n in names if n in named or (n not in session.definitions and session.world.builtin(n) is None)]
    return list(dict.fromkeys(named)) if set(named) == set(wanted) else wanted


def operand_of(command: tree.Command) -> tree.Expr:
    """The one expression a command is about."""
    operand = command.operands[0]
    if isinstance(operand, tree.Command):
        called = operand.operands[0].span.text if ALIASES.get(operand.word, operand.word) in RULES else ""
        raise errors.command_operand(command.word, operand.word, called, command.span)
    return operand


def assigned(command: tree.Command, word: str) -> dict[str, tree.Expr]:
    """``at x = 1, y = 2``."""
    option = clause(command, word)
    parts = option.parts if option is not None else ()
    return {p.target.name: p.value for p in parts if isinstance(p, tree.Definition) and isinstance(p.target, tree.NameTarget)}


def point_of(session: Session, command: tree.Command, word: str, function: Fn) -> tuple[Low, ...]:
    """The arguments that a clause gives: a value, or one for each name."""
    if assignments := assigned(command, word):
        names = parameter_names(function, len(assignments))
        missing = [n for n in names if n not in assignments]
        extra = [n for n in assignments if n not in names]
        if missing or extra:
            raise errors.point_names(word, function_name(function), names, missing, extra, command.span)
        return tuple(session.evaluate(assignments[n])[0] for n in names)
    expression = single(command, word)
    assert expression is not None
    low, _ = session.evaluate(expression)
    return arguments_from(function, low)
