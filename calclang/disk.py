"""Files by their names: where a name points, what a file contains, and how it is replaced whole."""

from __future__ import annotations

from contextlib import suppress
from itertools import islice
from shutil import copymode
from typing import TYPE_CHECKING

from calclang import errors
from calclang.source import Span

if TYPE_CHECKING:
    from pathlib import Path


NEIGHBOURS = 2000  # files of a folder among which a missing one is sought


def beside(name: str, span: Span) -> Path:
    """The file that a name means, seen from the program in which it stands. Raises E-PATH."""
    from pathlib import Path  # a program without files starts without it

    if "://" in name or "\0" in name or not name:
        raise errors.refused_path(name, "this is no name of a file", span)
    here = Path(span.source.name)
    try:
        return (here.parent / name if here.suffix == ".calc" else Path(name)).resolve()
    except (OSError, RuntimeError):
        raise errors.refused_path(name, "its links lead in a circle", span) from None


def loadable(name: str, span: Span) -> Path:
    """The file that a name means, seen from the file that names it: a program. Raises E-PATH."""
    if "://" in name:
        raise errors.refused_path(name, "only files can be loaded", span)
    if not name.endswith(".calc"):
        raise errors.refused_path(name, "the name of a program ends in .calc", span)
    path = beside(name, span)
    if path.exists() and not path.is_file():
        raise errors.refused_path(name, "this is no regular file", span)
    return path


def program_bytes(path: Path, name: str, span: Span) -> bytes:
    """What a program's file holds; ``name`` is what the program at ``span`` calls it. Raises E-IO."""
    try:
        return path.read_bytes()
    except OSError as problem:
        raise _unread(path, name, problem, span) from None


def _unread(path: Path, name: str, problem: OSError, span: Span) -> errors.CalcError:
    """The error of a file that cannot be read: its folder may be missing, or the name may have a slip in it."""
    if isinstance(problem, FileNotFoundError) and not path.parent.is_dir():
        return errors.cannot_read(name, f"there is no folder {errors.shorten(folder(name))}", span)
    beside_it: list[str] = []
    with suppress(OSError):
        beside_it = sorted(other.name for other in islice(path.parent.iterdir(), NEIGHBOURS) if other.suffix == path.suffix or not path.suffix)
    meant = errors.close_names(path.name, beside_it) if isinstance(problem, FileNotFoundError) else []
    why = (problem.strerror or "it cannot be opened").lower()
    return errors.cannot_read(name, why, span, name.removesuffix(path.name) + meant[0] if meant else "")


def folder(name: str) -> str:
    """The folder of a name of a file.

    >>> folder("data/2019/a.csv")
    'data/2019'
    """
    return name.replace("\\", "/").rpartition("/")[0]


def contents(name: str, span: Span, most: int) -> bytes:
    """The bytes of a regular file, at most so many. Raises E-IO, E-LIMIT-ELEMENTS."""
    path = beside(name, span)
    try:
        if path.exists() and not path.is_file():
            raise errors.cannot_read(name, "this is a folder" if path.is_dir() else "this is no regular file", span)
        if path.stat().st_size > most:
            raise errors.too_many_elements(path.stat().st_size // 8, most // 8, span)
        return path.read_bytes()
    except OSError as problem:
        raise _unread(path, name, problem, span) from None


def replace(name: str, data: bytes, span: Span) -> None:
    """Write a file, whole or not at all: a new one takes the place of the old, and its permissions, when it is complete. Raises E-IO."""
    from secrets import token_hex  # needed only where a file is written

    path = beside(name, span)
    if path.is_dir():
        raise errors.cannot_write(name, "this is a folder", span)
    if not path.parent.is_dir():
        raise errors.cannot_write(name, f"there is no folder {errors.shorten(folder(name))}", span)
    unfinished = path.with_name(f".{path.name[:50]}.{token_hex(8)}")
    try:
        unfinished.touch(exist_ok=False)
        unfinished.write_bytes(data)
        if path.exists():
            copymode(path, unfinished)
        unfinished.replace(path)
    except OSError as problem:
        with suppress(OSError):
            unfinished.unlink(missing_ok=True)
        raise errors.cannot_write(name, (problem.strerror or "it cannot be written").lower(), span) from None
