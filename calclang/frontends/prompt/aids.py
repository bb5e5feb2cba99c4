"""What helps while an input is typed: colours, brackets that match, completion."""

from __future__ import annotations

from typing import TYPE_CHECKING

from calclang.frontends.answers import Answers
from calclang.frontends.prompt.highlight import highlighter, style
from calclang.session import Session

if TYPE_CHECKING:
    from prompt_toolkit import PromptSession


def help_along(lines: PromptSession[str], session: Session, answers: Answers) -> None:
    """Give a prompt its colours and its completion."""
    from prompt_toolkit.filters import Condition
    from prompt_toolkit.layout.processors import ConditionalProcessor, HighlightMatchingBracketProcessor
    from prompt_toolkit.styles import merge_styles

    def colored() -> bool:
        return answers.color and session.settings.theme != "mono" and session.settings.style != "plain"

    lines.lexer = highlighter(session, colored)
    lines.input_processors = [ConditionalProcessor(HighlightMatchingBracketProcessor(chars="[](){}"), Condition(colored))]
    lines.style = merge_styles([given for given in (lines.style, style()) if given])
