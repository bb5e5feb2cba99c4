"""Find the grammar and make the parser, once per set of command words."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any
from zlib import crc32

from lark import Lark

from calclang.syntax.build import Builder
from calclang.syntax.layout import Layout

OPTIONS: dict[str, Any] = {"parser": "lalr", "lexer": "contextual", "propagate_positions": True, "maybe_placeholders": False}
OPEN_WORDS = "__words__"  # where the command words go


def grammar_text() -> str:
    """The grammar: inside the package when installed from a wheel, beside it in a checkout."""
    package = Path(__file__).resolve().parent.parent
    for folder in (package / "grammar", package.parent / "grammar"):
        if (found := folder / "calc.lark").is_file():
            return found.read_text(encoding="utf-8")
    raise FileNotFoundError("calc.lark")


def digest(text: str) -> int:
    """A number that changes when the grammar does."""
    return crc32(text.encode("utf-8"))


@cache
def parser(commands: frozenset[str]) -> tuple[Lark, Layout, Builder]:
    """The parser whose commands are these words."""
    words = "|".join(sorted(map(re.escape, commands), key=lambda w: (-len(w), w))) or r"(?!)"
    layout, text = Layout(), grammar_text()
    made = _from_tables(layout, text, words) or Lark(text.replace(OPEN_WORDS, words), postlex=layout, **OPTIONS)
    return made, layout, Builder()


def _from_tables(layout: Layout, text: str, words: str) -> Lark | None:
    """The parser from the tables kept beside the code; None where they are not of this grammar."""
    try:
        from calclang.syntax import tables
    except ImportError:
        return None
    if digest(text) != tables.GRAMMAR:
        return None
    memo = {key: _filled(entry, words) for key, entry in tables.MEMO.items()}
    made: Lark = Lark._load_from_dict(  # type: ignore[no-untyped-call]
        tables.DATA, memo, postlex=layout, propagate_positions=True)
    return made


def _filled(entry: Any, words: str) -> Any:
    """A table entry with the command words in place."""
    pattern = entry.get("pattern")
    if not pattern or OPEN_WORDS not in pattern["value"]:
        return entry
    return {**entry, "pattern": {**pattern, "value": pattern["value"].replace(OPEN_WORDS, words)}}
