"""What completion has to offer, from the tables of the language and of the session. Each function gives `Offer`s in the order of the menu."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial

from calclang.formats import ARRAYS, TEXT
from calclang.help import signature
from calclang.help.kinds import kind
from calclang.help.notes.codes import CODES
from calclang.help.notes.topics import TOPICS
from calclang.lower import library
from calclang.lower.lowered import FUNCTIONS, Closure, Low, Tup, innermost
from calclang.lower.spoken import SPOKEN
from calclang.record import record
from calclang.registry import table as commands
from calclang.session import Session
from calclang.settings import SETTINGS
from calclang.syntax import format_target, tree
from calclang.syntax.case import OPERANDS
from calclang.syntax.layout import KEYWORDS
from calclang.syntax.symbols import INSTEAD, SYMBOLS
from calclang.syntax.symbols import typed as typed_for

MOST_FILES = 1_000
PROGRAMS, DATA = (".calc",), (*TEXT, *ARRAYS)
SUFFIXES = {"load": PROGRAMS, "save": PROGRAMS, "read": DATA, "write": DATA}
BEGINNING = tuple(sorted(word.lower() for word in KEYWORDS & OPERANDS))  # words that a value may begin with
FOLLOWING = tuple(sorted(word.lower() for word in KEYWORDS - OPERANDS - {"DEFLET"}))  # words that may follow a value


@record
class Offer:
    """A text to be inserted, what the menu shows for it (empty: the text itself), and what it says beside, found when it is looked at."""

    text: str
    shown: str = ""
    meta: str | Callable[[], str] = ""

    @property
    def label(self) -> str:
        """What the menu shows."""
        return self.shown or self.text


def values(words: Iterable[str], end: str = "") -> Iterator[Offer]:
    """Words that need no explanation."""
    return (Offer(word + end, word) for word in words)


# ---- names -----------------------------------------------------------------------------------------------


def written(names: Iterable[str], end: str = "") -> Iterator[Offer]:
    """Names of the language, each as it is written."""
    return (Offer(name + end, name, partial(_signature, name)) for name in names)


def clauses(names: Iterable[str], end: str = "") -> Iterator[Offer]:
    """Clauses of commands and options of functions, each with what it says."""
    return (Offer(name + end, name, partial(_clause, name)) for name in names)


def _clause(name: str) -> str:
    from calclang.help.find import as_command

    return as_command(name)


def _signature(name: str) -> str:
    return signature(name) or ""


def own(session: Session, functions_first: bool = False) -> list[Offer]:
    """Names of the session: sorted, then results by number."""
    names = sorted(session.definitions)
    if functions_first:
        names.sort(key=lambda name: not isinstance(session.definitions[name], FUNCTIONS))
    known: Mapping[str, Low] = {**session.numbered, **session.definitions} if session.numbered else session.definitions
    return [Offer(name, meta=partial(described, name, known[name])) for name in [*names, *(n for n in known if n not in session.definitions)]]


def described(name: str, low: Low) -> str:
    """What a name of the session is: how it is called, or its kind and shape."""
    base = innermost(low) if isinstance(low, FUNCTIONS) else None
    return format_target(tree.FunctionTarget(name, base.parameters)) if isinstance(base, Closure) else kind(low)


def parameters(session: Session, names: Iterable[str]) -> list[str]:
    """The parameters of the functions among some names; names that nothing defines stand for themselves."""
    found: dict[str, None] = {}
    for name in names:
        low = session.definitions.get(name)
        base = innermost(low) if isinstance(low, FUNCTIONS) else None
        if isinstance(base, Closure):
            found.update(dict.fromkeys(n for p in base.parameters for n in p.names))
        elif low is None and library.find(name) is None:
            found[name] = None
    return list(found)


def builtins() -> Iterator[Offer]:
    """Functions and constants of the language."""
    return written(sorted({*library.names(), *SPOKEN}))


def command_words() -> Iterator[Offer]:
    """The words that begin a command."""
    return (Offer(word, meta=record.usage) for word, record in sorted(commands().items()))


def fields(low: Low | None, start: str, end: str, sign: str = "") -> Iterator[Offer]:
    """The names of a tuple's parts."""
    if isinstance(low, Tup):
        named = zip(low.names, low.parts, strict=False)
        yield from (Offer(start + name + end, sign + name, partial(kind, part)) for name, part in named if name)


# ---- settings, help, signs, files ---------------------------------------------------------------------------


def settings() -> Iterator[Offer]:
    """The names of settings."""
    return (Offer(name, meta=f"{setting.doc}: {setting.says}") for name, setting in SETTINGS.items())


def topics() -> Iterator[Offer]:
    """The topics of help."""
    return (Offer(name, meta=topic.says) for name, topic in TOPICS.items())


def codes() -> Iterator[Offer]:
    """The codes of errors and warnings."""
    return (Offer(code, meta=note.meaning.partition(". ")[0].rstrip(".")) for code, note in CODES.items())


def helped(session: Session, word: str) -> Iterator[Offer]:
    """What there is help on: topics, and other names once one is begun."""
    yield from topics()
    if word:
        yield from (*own(session), *written(names_with_help(session)), *codes())


def names_with_help(session: Session) -> list[str]:
    """All that has a page of help."""
    from calclang.help.find import names

    return names(session)


def signs(word: str, exact: bool) -> list[Offer]:
    """Characters by their name behind a backslash. ``exact``: a name that is complete is meant, though others begin with it."""
    names = [word] if exact and word in SYMBOLS else [name for name in SYMBOLS if name.startswith(word)]
    return [Offer(typed_for(n), f"\\{n}", SYMBOLS[n] + (f"  is written {INSTEAD[SYMBOLS[n]]}" if SYMBOLS[n] in INSTEAD else "")) for n in names]


def files(word: str, suffixes: tuple[str, ...], end: str) -> list[Offer]:
    """Folders, and files whose name ends so; ``end`` stands behind a file. Hidden ones are shown to those who type the dot."""
    folder, _, begin = word.rpartition("/")
    here = folder + "/" if "/" in word else ""
    try:
        with os.scandir(os.path.expanduser(here) or ".") as entries:
            found = sorted((e.name, e.is_dir()) for _, e in zip(range(MOST_FILES), entries, strict=False) if _offered(e.name, begin))
    except (OSError, ValueError):  # no such folder, or no name of one
        return []
    chosen = [Offer(f"{here}{name}/", f"{name}/") for name, is_folder in found if is_folder]
    return chosen + [Offer(f"{here}{name}{end}", name) for name, is_folder in found if not is_folder and name.lower().endswith(suffixes)]


def _offered(name: str, begin: str) -> bool:
    return name.startswith(begin) and name.startswith(".") <= begin.startswith(".") and name.isprintable() and not set(name) & set('"\\')
