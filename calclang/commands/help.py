"""``help NAME``: what the tables of the language say of a name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from calclang.commands import answers
from calclang.registry import command
from calclang.syntax import tree

if TYPE_CHECKING:
    from calclang.session import Result, Session


@command("help", "help NAME", "what a name, sign, topic or code of an error means; alone it lists the topics", "help hypot")
def help(session: Session, cmd: tree.Command) -> Result:
    from calclang.help import about

    operand = cmd.operands[0] if cmd.operands else None
    if operand is None and "help" in session.definitions:  # the reader has taken the name
        return session.execute(tree.Show(tree.Name("help", span=cmd.span), cmd.hidden, span=cmd.span))
    return answers.text(session, about(session, operand.value if isinstance(operand, tree.String) else ""), cmd)
