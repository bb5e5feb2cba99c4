"""A session as a program that runs again, and as a transcript to read."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from calclang.commands.program import definitions
from calclang.display.values import quoted, source
from calclang.frontends.prompt.results import NAME
from calclang.frontends.prompt.signs import PROMPT, continuation
from calclang.frontends.prompt.talk import Entry, Talk
from calclang.syntax import tree

FILES = ("read", "write", "load", "save")  # what names a file first
ESCAPE = re.compile(r"\x1b\[[0-9;]*m")


def program(talk: Talk, folder: Path) -> str:
    """The statements that worked, in order, with what they need: of init.calc, of numbered results, and files as seen from ``folder``."""
    parsed = [(text, talk.session.parse(text, "<input>")) for text in talk.kept]
    used = {part.id for _, it in parsed for part in tree.walk(it) if isinstance(part, tree.Name)}
    lines = ["# A session of calclang."]
    if used & talk.first.definitions.keys():
        lines += ["# From init.calc:", *definitions(talk.session, talk.first.definitions), "# The session:"]
    if talk.first.settings.ieee:
        lines.append("set ieee true")
    made: set[str] = set()
    for text, it in parsed:
        for name in _numbered(talk, it, made):
            made.add(name)
            lines.append(f"{name} = {source(talk.session.value(talk.results.values[name]))}")
        lines.append(_from_there(text, it, folder))
    return "\n".join(lines) + "\n"


def _numbered(talk: Talk, it: tree.Program, made: set[str]) -> list[str]:
    """The numbered results that a text uses, and that nothing before it has given a name."""
    names = {part.id for part in tree.walk(it) if isinstance(part, tree.Name) and NAME.fullmatch(part.id)}
    mine = names - made - talk.session.definitions.keys()
    return sorted(mine & talk.results.values.keys(), key=lambda name: int(name[3:]))


def _from_there(text: str, it: tree.Program, folder: Path) -> str:
    """A text whose files are named as seen from another folder."""
    here = Path.cwd()
    if here == folder:
        return text
    for name in sorted(_files(it), key=lambda name: name.span.start, reverse=True):
        if name.value != "-" and not Path(name.value).is_absolute():
            there = quoted(os.path.relpath(here / name.value, folder).replace(os.sep, "/"))
            text = text[: name.span.start] + there + text[name.span.stop :]
    return text


def _files(it: tree.Program) -> Iterator[tree.String]:
    """The texts in a program that name files."""
    for part in tree.walk(it):
        if isinstance(part, tree.Call) and isinstance(part.function, tree.Name) and part.function.id in FILES:
            first: tree.Tree | None = part.arguments[0] if part.arguments else None
        elif isinstance(part, tree.Command) and part.word in FILES:
            first = part.operands[0] if part.operands else None
        else:
            continue
        if isinstance(first, tree.String):
            yield first


def transcript(entries: Sequence[Entry]) -> str:
    """Inputs with their answers, in Markdown: a block each, as they stood on the screen."""
    return "# A session of calclang\n" + "".join(map(_block, entries))


def _block(entry: Entry) -> str:
    typed = entry.typed.replace("\n", "\n" + continuation(len(PROMPT), 1, 0))
    lines = "\n".join([PROMPT + typed, *entry.told])
    text = ESCAPE.sub("", lines)
    fence = max((len(run) for run in re.findall(r"`{3,}", text)), default=2) + 1
    return f"\n{'`' * fence}calc\n{text}\n{'`' * fence}\n"
