"""Colours of the input, in the terminal's own palette. Nothing is said by colour alone: the words are the same without."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from calclang.frontends.prompt.roles import Part, lines
from calclang.lower import library
from calclang.lower.spoken import SPOKEN
from calclang.session import Session
from calclang.syntax.build import name_of

if TYPE_CHECKING:
    from prompt_toolkit.formatted_text import StyleAndTextTuples
    from prompt_toolkit.lexers import Lexer
    from prompt_toolkit.styles import Style

# The role of a token -> its look. ``known``: a name that the language brings and nobody has taken.
LOOKS = {
    "number": "ansimagenta", "string": "ansigreen", "comment": "dim", "keyword": "bold", "command": "bold ansicyan", "clause": "bold",
    "option": "italic", "kind": "ansigreen", "known": "ansicyan", "operator": "ansicyan", "unknown": "ansired",
}  # fmt: skip
SCREEN = {
    "matching-bracket.cursor": "bold underline", "matching-bracket.other": "bold underline",
    "completion-menu": "noreverse", "completion-menu.completion": "reverse", "completion-menu.completion.current": "noreverse bold",
    "completion-menu.meta.completion": "reverse", "completion-menu.meta.completion.current": "noreverse",
    "scrollbar.background": "reverse", "scrollbar.button": "noreverse",
}  # fmt: skip
LONGEST = 50_000  # characters: what is longer was pasted, and colours would take seconds


def style() -> Style:
    """How roles and the menu look."""
    from prompt_toolkit.styles import Style

    return Style([*((f"calc.{role}", look) for role, look in LOOKS.items()), *SCREEN.items()])


def highlighter(session: Session, colored: Callable[[], bool]) -> Lexer:
    """What colours an input, while that is wanted."""
    from prompt_toolkit.lexers import Lexer

    class Highlighter(Lexer):
        def lex_document(self, document: Any) -> Callable[[int], StyleAndTextTuples]:
            if not colored() or len(document.text) > LONGEST:
                return lambda number: [("", document.lines[number])] if number < len(document.lines) else []
            return fragments(session, document.text)

        def invalidation_hash(self) -> object:
            return colored(), session.settings.theme

    return Highlighter()


def fragments(session: Session, text: str) -> Callable[[int], StyleAndTextTuples]:
    """For the number of a line its pieces, each with its style."""
    if text[:1] in (":", "?"):
        return _about(text.split("\n"))
    read, shown = list(lines(text)), text.split("\n")
    bound = {name_of(p.text) for parts, _ in read for p in parts if p.role == "bound"}

    def line(number: int) -> StyleAndTextTuples:
        if number >= len(shown):
            return []
        parts, before = read[number]
        return _pieces(session, parts, before, shown[number], bound)

    return line


def _about(shown: list[str]) -> Callable[[int], StyleAndTextTuples]:
    """A command about the session: its word stands out, what follows may be anything."""
    word = shown[0].split()[0] if shown[0][0] == ":" else shown[0][0]
    first: StyleAndTextTuples = [("class:calc.command", word), ("", shown[0][len(word) :])]
    return lambda number: first if number == 0 else [("", text) for text in shown[number : number + 1]]


def _pieces(session: Session, parts: tuple[Part, ...], before: int, text: str, bound: set[str]) -> StyleAndTextTuples:
    """A line cut where the style changes."""
    found: StyleAndTextTuples = []
    at = 0
    for part in parts:
        start, stop = part.start - before, part.stop - before
        if start < at or not (look := _look(session, part, bound)):
            continue
        if part.kind == "HELP":  # what is asked for is any text
            stop = start + len("help")
        found += [("", text[at:start]), (look, text[start:stop])]
        at = stop
    return [*found, ("", text[at:])]


def _look(session: Session, part: Part, bound: set[str]) -> str:
    """The style of a token; none for names of the program."""
    role = part.role
    if role == "name":
        name = name_of(part.text)
        role = "known" if name not in bound and name not in session.definitions and (name in SPOKEN or library.find(name) is not None) else ""
    dimmed = LOOKS.get(role) == "dim" and session.settings.theme != "terminal"
    return f"class:calc.{role}" if role in LOOKS and not dimmed else ""
