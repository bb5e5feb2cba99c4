"""Commands of a program itself: ``assert``, ``load``, ``set``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from itertools import takewhile
from typing import TYPE_CHECKING, Any

from calclang import errors
from calclang.commands.clauses import operand_of
from calclang.commands.spoken import load_named
from calclang.lower.lowered import Arr, Closure, Low, Tup, words
from calclang.lower.written import Unwritten, Writer
from calclang.registry import command
from calclang.settings import SETTINGS, SWITCHES
from calclang.syntax import format_expr, tree

if TYPE_CHECKING:
    from calclang.session import Result, Session
    from calclang.source import Span


@command("assert", "assert CONDITION", "stop unless a condition holds", "assert 1 + 1 == 2")
def check_condition(session: Session, cmd: tree.Command) -> Result:
    from calclang.session import Result

    condition = operand_of(cmd)
    low, trace = session.evaluate(condition)
    if not isinstance(low, Arr) or not low.node.boolean or low.rank:
        raise errors.assertion_kind(words(low), condition.span)
    if not low.node.value:
        raise errors.assertion_failed(_sides(session, condition), condition.span)
    return Result(warnings=tuple(trace.records.warnings))


def _sides(session: Session, condition: tree.Expr) -> list[str]:
    """What stood on the sides of a failed comparison, as numbers; of several that all had to hold, on the sides of the first that failed."""
    from calclang.display.values import source

    while isinstance(condition, tree.Binary) and condition.op == "and":
        first, _ = session.evaluate(condition.left)
        condition = condition.right if isinstance(first, Arr) and first.node.value else condition.left
    if not isinstance(condition, tree.Compare):
        return []
    found = []
    for operand in condition.operands:
        low, _ = session.evaluate(operand)
        if isinstance(low, Arr) and not low.rank and not isinstance(operand, tree.Number):
            found.append(f"{operand.span.text} is {source(session.value(low))}")
    return found


@command("load", 'load "FILE"', "run another file's statements here", 'load "other.calc"')
def load(session: Session, cmd: tree.Command) -> Result:
    return load_named(session, operand_of(cmd))


@command("save", 'save "FILE"', "write your definitions as a script that defines them again", 'save "session.calc"')
def save(session: Session, cmd: tree.Command) -> Result:
    from calclang.session import Result

    operand = operand_of(cmd)
    if not isinstance(operand, tree.String):
        raise errors.needs_file_name("save", operand.span)
    if not operand.value.endswith(".calc"):
        raise errors.refused_path(operand.value, "the name of a program ends in .calc", operand.span)
    lines = definitions(session, session.definitions, operand.span)
    session.write(operand.value, ("\n".join(lines) + "\n").encode(), operand.span)
    return Result()


def definitions(session: Session, meanings: Mapping[str, Low], span: Span | None = None) -> list[str]:
    """Statements that define names again; not of a tuple without parts, such as ``args``, which the language cannot write. Raises E-IO."""
    return [definition(session, name, low, span) for name, low in meanings.items() if not isinstance(low, Tup) or low.parts]


def definition(session: Session, name: str, low: Low, span: Span | None = None) -> str:
    """A statement that defines a name again. Raises E-IO where a function cannot be written with what it captured."""
    from calclang.display.values import source

    if not isinstance(low, Closure):
        return f"{name} = {source(session.value(low))}"
    if low.scope is None and low.name == name:
        return source(session.value(low))
    before = dict(takewhile(lambda entry: entry[0] != name, session.definitions.items()))
    try:
        return f"{name} = {format_expr(Writer(replace(session.world, globals=before)).function(low))}"
    except Unwritten as why:
        raise errors.cannot_write(name, str(why), span) from None


@command("set", "set NAME VALUE", "change a setting: digits 6, format fixed, ieee true", "set digits 6")
def change(session: Session, cmd: tree.Command) -> Result:
    from calclang.session import Result

    parts = cmd.operands
    if len(parts) != 2 or not isinstance(parts[0], tree.Name) or isinstance(parts[1], tree.Command):
        raise errors.set_usage(cmd.span)
    session.set(parts[0].id, chosen(session, parts[0].id, parts[1], cmd), cmd.span)
    return Result()


def chosen(session: Session, name: str, value: tree.Expr, cmd: tree.Command) -> Any:
    """What a setting is set to: a word as it stands, or the value of an expression. Raises E-SYNTAX."""
    word = value.value if isinstance(value, tree.String) else value.id if isinstance(value, tree.Name) else ""
    if word and (name not in SETTINGS or word in SETTINGS[name].values or word not in session.definitions):
        return SWITCHES.get(word, word)
    low, _ = session.evaluate(value)
    if not isinstance(low, Arr) or low.rank:
        raise errors.set_usage(cmd.span)
    return low.node.value
