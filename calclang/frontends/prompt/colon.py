"""The commands that begin with a colon: they are about the session, not about mathematics. One table, which the prompt, its help and completion read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, TypeAlias

from calclang import errors
from calclang.display.clean import clean
from calclang.errors import CalcError
from calclang.record import record

if TYPE_CHECKING:
    from calclang.frontends.prompt.talk import Talk

Run: TypeAlias = "Callable[[Talk, str], None]"


@record
class Colon:
    """A command: its word with the colon, how it is written (what stands in brackets may be left out), one sentence, what it is about
    (``expression name file setting topic code form``, or nothing), what runs it with the text behind the word, and more sentences for its help."""

    word: str
    usage: str
    says: str
    takes: str
    run: Run
    more: str = ""

    def check(self, text: str) -> None:
        """Raise E-SYNTAX where something is missing or too much."""
        if text and not self.takes:
            raise errors.colon_usage(self.word, self.usage, "takes nothing behind it")
        if not text and self.takes and "[" not in self.usage:
            raise errors.colon_usage(self.word, self.usage, f"needs {ARTICLES[self.takes]}")


ARTICLES = {"expression": "an expression", "name": "a name", "file": "the name of a file", "code": "the code of an error"}
COLON: dict[str, Colon] = {}
ALSO = {":exit": ":quit", ":?": ":help"}
# What people type who come from elsewhere.
LEAVING = ("exit", "quit", "exit()", "quit()")
BARE = {"clear": ":reset forgets your definitions, Ctrl-L clears the screen", "who": ":vars", "whos": ":vars", "history": "Up goes through it, Ctrl-R searches it"}


def colon(word: str, usage: str, says: str, takes: str = "", more: str = "") -> Callable[[Run], Run]:
    """Enter a command into the table."""

    def enter(run: Run) -> Run:
        COLON[word] = Colon(word, usage, says, takes, run, more)
        return run

    return enter


@cache
def table() -> dict[str, Colon]:
    """Every command, by its word with the colon, as the help lists them."""
    from calclang.frontends.prompt import asking, choosing, clipboard, files, keeping, leaving, looking

    subjects = (asking, looking, keeping, files, choosing, clipboard, leaving)
    return {word: it for subject in subjects for word, it in COLON.items() if it.run.__module__ == subject.__name__}


def obey(talk: Talk, text: str) -> None:
    """Run a command with a colon, or answer a question: ``?name``. Raises `CalcError`, and EOFError to leave."""
    if text.startswith("?"):
        table()[":help"].run(talk, text[1:].strip())
        return
    word, _, rest = text.partition(" ")
    command = meant(word)
    command.check(rest.strip())
    command.run(talk, rest.strip())


def hinted(error: CalcError, text: str) -> CalcError:
    """The same error; where a command lacks its colon, this is said."""
    if error.code != "E-NAME" or not text.isalpha():
        return error
    help = f"at the prompt this is  :{text}" if f":{text}" in table() else BARE.get(text, "")
    return CalcError(replace(error.diagnostic, help=help)) if help else error


def meant(word: str) -> Colon:
    """The command of a word, or of a beginning that only one has. Raises E-NAME."""
    known = table()
    word = ALSO.get(word, word)
    if word in known:
        return known[word]
    found = [name for name in known if name.startswith(word) and name[-1] != "!"] if len(word) > 1 else []
    if len(found) == 1:
        return known[found[0]]
    if found:
        raise errors.ambiguous_colon(clean(word), found)
    raise errors.unknown_colon(clean(word), list(known))
