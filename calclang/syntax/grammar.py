"""Find the grammar and build the parser, once per set of command words."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from lark import Lark

from calclang.syntax.build import Builder
from calclang.syntax.layout import Layout


def grammar_text() -> str:
    """The grammar: inside the package when installed from a wheel, beside it in a checkout."""
    package = Path(__file__).resolve().parent.parent
    for folder in (package / "grammar", package.parent / "grammar"):
        if (found := folder / "calc.lark").is_file():
            return found.read_text(encoding="utf-8")
    raise FileNotFoundError("calc.lark")


@cache
def parser(commands: frozenset[str]) -> tuple[Lark, Layout, Builder]:
    """The parser whose commands are these words."""
    words = "|".join(sorted(map(re.escape, commands), key=lambda w: (-len(w), w))) or r"(?!)"
    layout, builder = Layout(), Builder()
    made = Lark(
        grammar_text().replace("__words__", words), parser="lalr", lexer="contextual", postlex=layout,
        propagate_positions=True, maybe_placeholders=False,
    )  # fmt: skip
    return made, layout, builder
