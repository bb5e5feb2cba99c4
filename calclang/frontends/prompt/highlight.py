"""Colours of the input, in the terminal's own palette. Nothing is said by colour alone: the words are the same without."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeAlias

from calclang.session import Session
from calclang.syntax.build import name_of

if TYPE_CHECKING:
    from prompt_toolkit.formatted_text import StyleAndTextTuples
    from prompt_toolkit.lexers import Lexer
    from prompt_toolkit.styles import Style

    from calclang.frontends.prompt.roles import Part

Parts: TypeAlias = "tuple[Part, ...]"
# The role of a token -> its look. ``known``: a name that the language brings and nobody has taken.
LOOKS = {
    "number": "ansimagenta", "string": "ansigreen", "comment": "dim", "keyword": "bold", "command": "bold ansicyan", "clause": "bold",
    "option": "italic", "kind": "ansigreen", "known": "ansicyan", "operator": "ansicyan", "unknown": "ansired",
}  # fmt: skip
# The menu and brackets; prompt_toolkit's own colours, which are of no palette, are not inherited.
SCREEN = {
    "matching-bracket.cursor": "bold underline", "matching-bracket.other": "bold underline",
    "completion-menu": "", "completion-menu.completion": "reverse", "completion-menu.completion.current": "bold",
    "completion-menu.meta.completion": "reverse", "completion-menu.meta.completion.current": "",
    "scrollbar.background": "reverse", "scrollbar.button": "", "scrollbar.arrow": "",
}  # fmt: skip
LONGEST = 50_000  # characters: what is longer was pasted, and colours would take seconds


def style() -> Style:
    """How roles and the menu look."""
    from prompt_toolkit.styles import Style

    return Style([*((f"calc.{role}", look) for role, look in LOOKS.items()), *((name, f"noinherit {look}") for name, look in SCREEN.items())])


def highlighter(session: Session, colored: Callable[[], bool]) -> Lexer:
    """What colours an input, while that is wanted."""
    from prompt_toolkit.lexers import Lexer

    class Highlighter(Lexer):
        def __init__(self) -> None:
            self.colours = Colours(session)

        def lex_document(self, document: Any) -> Callable[[int], StyleAndTextTuples]:
            if not colored() or len(document.text) > LONGEST:
                return lambda number: [("", document.lines[number])] if number < len(document.lines) else []
            return self.colours.of(document.text)

        def invalidation_hash(self) -> object:
            return colored(), session.settings.theme

    return Highlighter()


class Colours:
    """The colours of inputs. A line that was seen before is not looked at again while its names mean the same."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.meaning: object = None
        self.bound: dict[int, tuple[Parts, frozenset[str]]] = {}  # by the identity of the parts, which are kept with it
        self.pieces: dict[int, tuple[Parts, StyleAndTextTuples]] = {}

    def of(self, text: str) -> Callable[[int], StyleAndTextTuples]:
        """For the number of a line its pieces, each with its style."""
        if not text:  # a new input: what is defined may have changed
            self.bound, self.pieces = {}, {}
        if not text.strip() or text[0] in ":?":
            return _about(text.split("\n"))
        from calclang.frontends.prompt.roles import lines

        read, shown = list(lines(text)), text.split("\n")
        bound = frozenset().union(*(self._bound(parts) for parts, _ in read))
        if self.meaning != (bound, self.session.settings.theme):
            self.meaning, self.pieces = (bound, self.session.settings.theme), {}
        return lambda number: self._line(*read[number], shown[number], bound) if number < len(shown) else []

    def _bound(self, parts: Parts) -> frozenset[str]:
        """Names of the language to which a line gives another meaning."""
        if id(parts) not in self.bound:
            names = {name_of(p.text) for p in parts if p.role == "bound"}
            self.bound[id(parts)] = parts, frozenset(name for name in names if in_language(name))
        return self.bound[id(parts)][1]

    def _line(self, parts: Parts, before: int, text: str, bound: frozenset[str]) -> StyleAndTextTuples:
        if id(parts) not in self.pieces:
            self.pieces[id(parts)] = parts, _pieces(self.session, parts, before, text, bound)
        return self.pieces[id(parts)][1]


def in_language(name: str) -> bool:
    """Whether the language brings a name."""
    from calclang.lower import library
    from calclang.lower.spoken import SPOKEN

    return name in SPOKEN or library.find(name) is not None


def _about(shown: list[str]) -> Callable[[int], StyleAndTextTuples]:
    """A command about the session: its word stands out, what follows may be anything. Or nothing yet."""
    word = shown[0].split()[0] if shown[0][:1] == ":" else shown[0][:1].strip()
    first: StyleAndTextTuples = [("class:calc.command", word), ("", shown[0][len(word) :])]
    return lambda number: first if number == 0 else [("", text) for text in shown[number : number + 1]]


def _pieces(session: Session, parts: Parts, before: int, text: str, bound: frozenset[str]) -> StyleAndTextTuples:
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


def _look(session: Session, part: Part, bound: frozenset[str]) -> str:
    """The style of a token; none for names of the program."""
    role = part.role
    if role == "name":
        name = name_of(part.text)
        role = "known" if name not in bound and name not in session.definitions and in_language(name) else ""
    dimmed = LOOKS.get(role) == "dim" and session.settings.theme != "terminal"
    return f"class:calc.{role}" if role in LOOKS and not dimmed else ""
