"""A page of help as data, and as text of a given width."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from textwrap import wrap

from calclang.record import record

NARROW = 60  # columns: on less, a sentence stands below its word


@record
class Block:
    """Part of a page under a heading (or none): a paragraph, which is wrapped; lines, which are wrapped where they are too long; ``screen``,
    lines as a program has put them on the screen, which stay as they are."""

    heading: str = ""
    text: str = ""
    lines: tuple[str, ...] = ()
    screen: tuple[str, ...] = ()


@record
class Part:
    """What a name is in one role: as a function, as a command, as a clause …"""

    role: str
    blocks: tuple[Block, ...]


def render(parts: Sequence[Part], width: int, color: bool = False) -> str:
    """The page; roles are said where there are several."""
    width = max(20, width)
    chunks: list[str] = []
    for number, part in enumerate(parts):
        if number:
            chunks.append(_bold(f"as {part.role}", color) if part.role else "")
        chunks += ["\n".join(_block(b, width, color)) for b in part.blocks if b.text or b.lines or b.screen]
    return "\n\n".join(c for c in chunks if c)


def _block(block: Block, width: int, color: bool) -> list[str]:
    """A heading is bold, what stands below it is indented."""
    indent = "  " if block.heading else ""
    head = [_bold(line, color) for line in wrap(block.heading, width)]
    paragraph = wrap(block.text, width, initial_indent=indent, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False)
    lines = [part for line in block.lines for part in _fitted(indent + line, width)]
    return head + paragraph + lines + [(indent + line).rstrip() for line in block.screen]


def _fitted(line: str, width: int) -> list[str]:
    """A line that is too long goes on below, further in."""
    if len(line) <= width:
        return [line]
    start = line[: len(line) - len(line.lstrip())]
    return wrap(line.strip(), width, initial_indent=start, subsequent_indent=start + "    ", break_on_hyphens=False) or [line]


def _bold(text: str, color: bool) -> str:
    return f"\x1b[1m{text}\x1b[0m" if color else text


def table(rows: Iterable[tuple[str, str]], width: int) -> tuple[str, ...]:
    """Words with a sentence each, which goes on below itself; below the word where the page is narrow."""
    rows = list(rows)
    room = min(18, max((len(name) for name, _ in rows), default=0)) if width >= NARROW else 0
    return tuple(line for name, says in rows for line in _row(name, says, room, width - 2))


def _row(name: str, says: str, room: int, width: int) -> list[str]:
    if room:
        return wrap(f"{name:<{room}}  {says}".rstrip(), width, subsequent_indent=" " * (room + 2), break_on_hyphens=False)
    return [name, *wrap(says, width, initial_indent="    ", subsequent_indent="    ", break_on_hyphens=False)]


def columns(items: Sequence[str], width: int) -> tuple[str, ...]:
    """Items of about equal length side by side."""
    room = max(map(len, items), default=1) + 2
    count = max(1, (width - 2) // room)
    return tuple("".join(f"{i:<{room}}" for i in items[k : k + count]).rstrip() for k in range(0, len(items), count))
