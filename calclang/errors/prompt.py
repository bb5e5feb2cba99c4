"""Commands with a colon. No program causes these: tests/frontends/test_session_commands.py does."""

from __future__ import annotations

from collections.abc import Sequence

from calclang.errors.diagnostic import CalcError, make
from calclang.errors.names import close_names, shorten


def unknown_colon(word: str, known: Sequence[str]) -> CalcError:
    """A command with a colon that does not exist."""
    meant = close_names(word, known)
    return make("E-NAME", f"there is no command {shorten(word)}", help=f"did you mean {' or '.join(meant)}?" if meant else ":help lists the commands")


def ambiguous_colon(word: str, meant: Sequence[str]) -> CalcError:
    """The beginning of several commands with a colon."""
    return make("E-NAME", f"{word} begins {', '.join(meant[:-1])} and {meant[-1]}", help="one more letter tells which")


def colon_usage(word: str, usage: str, why: str) -> CalcError:
    """A command with a colon that lacks something, or has too much of it."""
    return make("E-SYNTAX", f"{word} {why}", help=usage)


def not_yours(name: str, known: Sequence[str], builtin: bool) -> CalcError:
    """Only what the reader has defined can be forgotten."""
    if builtin:
        return make("E-NAME", f"{shorten(name)} is a built-in: there is no definition of yours to forget")
    meant = close_names(name, known)
    return make("E-NAME", f"{shorten(name)} is not defined", help=f"did you mean {' or '.join(meant)}?" if meant else "")


def file_exists(name: str, instead: str) -> CalcError:
    """A file that would be overwritten."""
    return make("E-IO", f"{shorten(name)} exists already", help=f"{instead} overwrites it")


def nothing_yet(what: str) -> CalcError:
    """A command that needs what has not happened yet."""
    return make("E-NAME", what)
