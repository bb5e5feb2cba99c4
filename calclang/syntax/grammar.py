"""Find the grammar and make the parser."""

from __future__ import annotations

import re
from functools import cache
from os import path
from typing import Any
from zlib import crc32

from lark import Lark
from lark import __version__ as version
from lark.lexer import PatternRE, PatternStr, TerminalDef

from calclang.syntax.build import Builder
from calclang.syntax.layout import Layout

FOLDER = path.dirname(path.realpath(__file__))  # pathlib takes as long to import as the tables to read
MINOR = ".".join(version.split(".")[:2])  # tables of one minor version fit all its patches


def as_expression(terminal: TerminalDef) -> TerminalDef:
    """A sign as a regular expression: Lark tries every expression on every plain sign before it lexes, which costs as much as compiling them."""
    if isinstance(terminal.pattern, PatternStr):
        terminal.pattern = PatternRE(re.escape(terminal.pattern.value))
    return terminal


OPTIONS: dict[str, Any] = {"parser": "lalr", "lexer": "contextual", "maybe_placeholders": False, "edit_terminals": as_expression}


def grammar_text() -> str:
    """The grammar: inside the package when installed from a wheel, beside it in a checkout."""
    package = path.dirname(FOLDER)
    for folder in (package, path.dirname(package)):
        if path.isfile(found := path.join(folder, "grammar", "calc.lark")):
            with open(found, encoding="utf-8") as file:
                return file.read()
    raise FileNotFoundError("calc.lark")


def digest(text: str) -> int:
    """A number that changes when the grammar does."""
    return crc32(text.encode("utf-8"))


@cache
def parser() -> tuple[Lark, Layout, Builder]:
    """The parser, its token filter and its tree builder."""
    layout, builder, text = Layout(), Builder(), grammar_text()
    made = _from_tables(layout, builder, text) or Lark(text, postlex=layout, transformer=builder, **OPTIONS)
    return made, layout, builder


def _from_tables(layout: Layout, builder: Builder, text: str) -> Lark | None:
    """The parser from the tables kept beside the code: 10 ms instead of 150. None where they are not of this grammar."""
    from calclang.syntax import tables

    if digest(text) != tables.GRAMMAR or tables.LARK != MINOR:
        return None
    made: Lark = Lark._load_from_dict(tables.DATA, tables.MEMO, postlex=layout, transformer=builder)
    return made
