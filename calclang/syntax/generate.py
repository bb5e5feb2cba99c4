"""Write the parser's tables: ``python -m calclang.syntax.generate``.

Building them from the grammar takes several times as long as importing NumPy, so they are kept beside the code as data, with a
hash of the grammar. A grammar that was changed is built from its text until the tables are written anew; a test compares.
"""

from __future__ import annotations

from pathlib import Path
from pprint import pformat
from typing import Any

from lark import Lark
from lark.grammar import Rule
from lark.lexer import TerminalDef

from calclang.syntax.grammar import OPTIONS, digest, grammar_text
from calclang.syntax.layout import Layout

HEADER = '"""The parser\'s tables. Made by calclang/syntax/generate.py; do not edit."""\n\nfrom typing import Any\n\n'


def tables() -> str:
    """The tables of the grammar as it is now, as a Python module; the command words are left open."""
    text = grammar_text()
    data, memo = Lark(text, postlex=Layout(), **OPTIONS).memo_serialize([TerminalDef, Rule])
    data["options"] = {k: v for k, v in data["options"].items() if k != "postlex"}
    lines: list[tuple[str, Any]] = [("GRAMMAR", digest(text)), ("DATA", data), ("MEMO", memo)]
    return HEADER + "".join(f"{name}: Any = {pformat(value, width=150, compact=True)}\n" for name, value in lines)


def main() -> None:
    (Path(__file__).parent / "tables.py").write_text(tables(), encoding="utf-8")


if __name__ == "__main__":
    main()
