"""Help: on every name, sign, error and topic of the language, and on what the reader has defined. Imported when it is first asked for."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from calclang.session import Session

_CALL = re.compile(r"([^\W\d]\w*)\(.*\)")


def about(session: Session, text: str, width: int = 80, color: bool = False) -> str:
    """What is known of a name, a sign, an error's code or a topic; the list of topics for no text at all. Raises nothing."""
    from calclang.help import answer

    return answer.page(session, asked(text), width, color)


def knows(session: Session, text: str) -> bool:
    """Whether there is a page on a name, sign, code or topic."""
    from calclang.help import find

    return bool(find.parts(session, asked(text), 80))


def asked(text: str) -> str:
    """What a text asks for: blanks and question marks around it do not count, nor do arguments behind a name."""
    text = " ".join(text.split())
    bare = text.strip("? ")
    if len(bare) > 1 and bare[0] == bare[-1] == '"':
        bare = bare[1:-1]
    called = _CALL.fullmatch(bare)
    return called.group(1) if called else bare


def signature(name: str) -> str | None:
    """How a name is written, in one short line: ``dot(x: R^n, y: R^n) → R``. None where nothing is known of it."""
    from calclang.help.find import signature

    return signature(name)


__all__ = ["about", "asked", "knows", "signature"]
