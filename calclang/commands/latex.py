"""``latex``: a formula or a value as LaTeX."""

from __future__ import annotations

from typing import TYPE_CHECKING

from calclang import errors
from calclang.commands import answers
from calclang.commands.clauses import inner_request, operand_of, unknowns
from calclang.commands.derivatives import value_of
from calclang.lower.formulas import derivative_tree, operator_tree
from calclang.lower.lowered import Builtin, Closure, Derived, Low
from calclang.lower.parts import leaves
from calclang.registry import command
from calclang.syntax import tree

if TYPE_CHECKING:
    from calclang.session import Result, Session


@command("latex", "latex EXPRESSION", "LaTeX of a formula or value", "f(x) = x^2; latex f'", "at", "wrt", "along", "from")
def latex(session: Session, cmd: tree.Command) -> Result:
    from calclang.display.latex import latex_expr

    if isinstance(cmd.operands[0], tree.Command):  # latex grad f
        low, trace = value_of(session, inner_request(session, cmd))
        return answers.text(session, latex_expr(shown_tree(session, low, tree.Name("f"))), cmd, tuple(trace.records.warnings))
    operand = operand_of(cmd)
    if cmd.options:
        raise errors.unknown_clause(cmd.word, cmd.options[0].word, [], "latex grad f at 1", cmd.options[0].span)
    if unknowns(session, operand):  # a formula as it stands
        return answers.text(session, latex_expr(operand), cmd)
    low, _ = session.evaluate(operand)
    return answers.text(session, latex_expr(shown_tree(session, low, operand)), cmd)


def _explained(function: tree.Lambda) -> tree.Expr:
    """The body of a function, or the whole of it where only its parameters say what a size in its body is."""
    said = {name for p in function.parameters if p.kind is not None for d in p.kind.dims for name in tree.mentioned(d)}
    return function if said & tree.mentioned(function.body) else function.body


def shown_tree(session: Session, low: Low, operand: tree.Expr) -> tree.Expr:
    """What is typeset: the body of a function (with its parameters where they say sizes that it uses), the numbers of a value."""
    if isinstance(low, Closure):
        return _explained(tree.Lambda(low.parameters, low.body))
    if isinstance(low, Derived):
        made = derivative_tree(session.world, low)
        return _explained(made) if isinstance(made, tree.Lambda) else operator_tree(session.world, low)
    if isinstance(low, Builtin):
        return operand
    from calclang.display.values import source
    from calclang.source import Source
    from calclang.syntax import parse

    most = session.limits.output
    if 2 * sum(n.value.size for n in leaves(low) if n.shape) > most:  # a digit and a sign for each number, at least
        raise errors.too_long_answer(most, operand.span)
    if len(text := source(session.value(low))) > most:
        raise errors.too_long_answer(most, operand.span)
    program = parse(Source("<value>", text), frozenset())
    statement = program.statements[0]
    assert isinstance(statement, tree.Show)
    return statement.value
