"""Text on its way to a screen that cannot show every character: signs become what stands for them on a keyboard."""

from __future__ import annotations

import codecs
import io
import os
from collections.abc import Mapping
from typing import TextIO

HANDLER = "calclang.spelt"

# What is drawn or said around programs; the signs of programs stand in the tables of the syntax.
_DRAWN = {
    "×": "x", "…": "...", "━": "=", "╸": "=", "─": "-", "“": '"', "”": '"', "‘": "'", "’": "'", "∥": "||", "‖": "||", "±": "+-", "–": "-", "—": "-",
}  # fmt: skip


def prepare(stream: TextIO, environment: Mapping[str, str]) -> None:
    """Make a stream one that takes any text: in UTF-8, but as the locale says on a terminal, and as PYTHONIOENCODING says where that is set."""
    if not isinstance(stream, io.TextIOWrapper):
        return
    codecs.register_error(HANDLER, spelt)
    own = stream.isatty() or environment.get("PYTHONIOENCODING", "").partition(":")[0]
    stream.reconfigure(encoding=stream.encoding if own else "utf-8", errors=HANDLER)


def listen(stream: TextIO) -> None:
    """What is typed is UTF-8 where the locale knows nothing but ASCII."""
    if isinstance(stream, io.TextIOWrapper) and codecs.lookup(stream.encoding).name == "ascii":
        stream.reconfigure(encoding="utf-8", errors="surrogateescape")


def spelt(problem: UnicodeError) -> tuple[str, int]:
    """What Python asks for where a character cannot be encoded."""
    if not isinstance(problem, UnicodeEncodeError):
        raise problem
    return "".join(map(keyboard, problem.object[problem.start : problem.end])), problem.end


def keyboard(character: str) -> str:
    """A character in ASCII.

    >>> [keyboard(c) for c in "≈αᵢ²∇…≤é"]
    ['~~', 'alpha', '_i', '^2', 'grad', '...', '<=', '\\\\xe9']
    """
    from calclang.syntax.symbols import INSTEAD, MEANS, SYMBOLS

    for table in (_DRAWN, MEANS, INSTEAD):
        if table.get(character, "").isascii() and character in table:
            return table[character]
    named = next((name for name, sign in SYMBOLS.items() if sign == character), "")
    return named or character.encode("ascii", "backslashreplace").decode()


def utf8(argument: str) -> str | bytes:
    """A text of the command line, which is UTF-8 whatever the locale; what is not is left as bytes, for an error that names them."""
    try:
        return os.fsencode(argument)
    except UnicodeError:
        return argument
