"""Completion on Tab: what may stand at the cursor, asked of one rule after the other."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from itertools import chain
from typing import TypeAlias

from calclang.errors import CalcError
from calclang.frontends.prompt import offers
from calclang.frontends.prompt.colon import meant
from calclang.frontends.prompt.colon import table as colons
from calclang.frontends.prompt.cursor import Cursor, cursor
from calclang.frontends.prompt.files import TRANSCRIPT
from calclang.frontends.prompt.highlight import LONGEST
from calclang.frontends.prompt.offers import Offer
from calclang.help import signature
from calclang.lower import library
from calclang.lower.derivatives import MODES
from calclang.lower.lowered import Builtin, Low
from calclang.session import Session
from calclang.settings import SETTINGS
from calclang.solvers.minima import METHODS
from calclang.syntax.build import KIND_WORDS, name_of
from calclang.syntax.layout import SETTERS
from calclang.syntax.tokens import ENDS

_SIGN = re.compile(r"\\([\^_]?\w*)\Z")
_FILE = '"FILE"'  # in the usage of what takes the name of a file
# What may follow an option or a clause, where that can be listed.
VALUES = {"as": ("text",), "mode": MODES, "method": tuple(METHODS), "trace": ("true", "false"), "flatten": ("true", "false"), "checkpoint": ("true", "false")}
PARAMETERS = ("wrt", "at")  # what may name parameters of a function
Found: TypeAlias = "tuple[str, Iterable[Offer]]"  # the text to be replaced, and what may stand for it
Rule: TypeAlias = "Callable[[Cursor], Iterable[Offer] | None]"


def complete(session: Session, text: str, behind: str = "") -> list[tuple[str, Offer]]:
    """What may stand between two texts, each with the end of the first text that it replaces."""
    if len(text) + len(behind) > LONGEST:
        return []
    return [(word, offer) for word, found in _found(session, text, behind) for offer in chosen(word, found)]


def chosen(word: str, found: Iterable[Offer]) -> list[Offer]:
    """The offers that a word begins, each once; those of other case where there is none."""
    every: dict[str, Offer] = {}
    for offer in found:
        every.setdefault(offer.label, offer)
    exact = [offer for offer in every.values() if offer.text.startswith(word) or offer.label.startswith(word)]
    return exact or [offer for offer in every.values() if offer.label.lower().startswith(word.lower())]


def _found(session: Session, text: str, behind: str) -> Iterator[Found]:
    if text[:1] == ":":
        yield from _about_session(session, text)
        return
    if text[:1] == "?":
        yield text[1:].lstrip(), _helped(session, text[1:].strip())
        return
    place = cursor(session, text, behind)
    if place is None:
        return
    if (sign := _SIGN.search(text)) is not None and not place.quoted:
        yield from _sign(place, sign)
    elif (asked := _help(place)) is not None:
        yield asked, offers.helped(session, asked)
    elif place.kinds("NAME", "unknown") and place.before[-1].text == ".":  # no sign of the language: t.value becomes t["value"]
        yield f".{place.word}", offers.fields(_low(place, -2), '["', '"]', ".")
    else:
        yield place.word, next((found for rule in RULES if (found := rule(place)) is not None), ())


def _about_session(session: Session, text: str) -> Iterator[Found]:
    """A command with a colon, then what it takes."""
    word, blank, rest = text.partition(" ")
    rest = rest.lstrip()
    if not blank:
        yield word, (Offer(name, meta=it.says) for name, it in colons().items())
        return
    with suppress(CalcError):  # no command has this name
        takes = meant(word).takes
        if takes == "setting":
            yield from _found(session, f"set {rest}", "")
        elif takes == "expression":
            yield from _found(session, rest or " ", "")
        elif takes == "file":
            yield from _file(meant(word).word, rest)
        elif takes in TAKES:
            last = rest.rpartition(" ")[2]
            yield last, TAKES[takes](session, last)


def _file(word: str, rest: str) -> Iterator[Found]:
    """The name of a program; before it the option of `:save`."""
    if word.startswith(":save"):
        if rest and TRANSCRIPT.startswith(rest):
            yield rest, [Offer(TRANSCRIPT + " ", TRANSCRIPT, "all inputs and answers, as Markdown")]
            return
        rest = rest.removeprefix(TRANSCRIPT).lstrip()
    name = rest.removeprefix('"')
    yield name, offers.files(name, offers.PROGRAMS, '"' * (name != rest))


def _helped(session: Session, word: str) -> Iterable[Offer]:
    """What there is help on; the commands with a colon once that is typed."""
    return (Offer(name, meta=it.says) for name, it in colons().items()) if word.startswith(":") else offers.helped(session, word)


TAKES: dict[str, Callable[[Session, str], Iterable[Offer]]] = {
    "name": lambda session, word: offers.own(session),
    "topic": _helped,
    "code": lambda session, word: offers.codes(),
    "form": lambda session, word: offers.written(["latex"]),
}


def _sign(place: Cursor, sign: re.Match[str]) -> Iterator[Found]:
    """A character by its name; behind a value the backslash may also divide by something of the session."""
    word, before = sign[1], place.before
    divides = word and len(before) > 1 and before[-1].kind == "BACKSLASH" and before[-2].kind in ENDS
    divisors = chosen(word, offers.own(place.session)) if divides else []
    yield word, divisors
    yield sign[0], offers.signs(word, exact=not divisors)


def _help(place: Cursor) -> str | None:
    """What help is asked for: all that follows the word."""
    line = place.text.rpartition("\n")[2].rpartition(";")[2].lstrip()
    word, blank, rest = line.partition(" ")
    return rest.lstrip() if word == "help" and blank and (not place.before or place.before[0].text.startswith("help")) else None


# ---- the rules, in the order in which they are asked; each gives nothing where it does not know -----------------


def _setting(place: Cursor) -> Iterable[Offer] | None:
    before = place.before
    if not before or before[0].text not in SETTERS or before[0].role != "command":
        return None
    if len(before) == 1:
        return offers.settings()
    setting = SETTINGS.get(before[1].text) if len(before) == 2 else None
    return offers.values(setting.values) if setting is not None else ()


def _key(place: Cursor) -> str:
    """The clause or option whose value stands here."""
    clauses = [p.text for p in place.before if p.role == "clause"]
    if place.kinds("clause") or (clauses and not place.calls and place.kinds("COMMA")):
        return clauses[-1]
    return place.before[-2].text if place.kinds("option", "EQUAL") else ""


def _quoted(place: Cursor) -> Iterable[Offer] | None:
    """In quotes: a part of a tuple, a value of a clause, or a file."""
    if not place.quoted:
        return None
    if place.kinds("NAME", "INDEX_SQB"):
        return offers.fields(_low(place, -2), "", '"]')
    if (key := _key(place)) in VALUES:
        return offers.values(VALUES[key], end='"')
    taker = key or (place.before[-1].text if place.kinds("COMMAND") else place.calls[-1] if place.kinds("NAME", "CALL_PAR") else "")
    if _FILE not in (signature(taker) or "") or not place.session.limits.files:
        return ()
    return offers.files(place.word, offers.SUFFIXES.get(taker, ("",)), '"')


def _kind(place: Cursor) -> Iterable[Offer] | None:
    """What a parameter is declared to be."""
    if place.kinds("NAME", "COLON") or (place.kinds("kind") and place.before[-1].text in KIND_WORDS):
        return offers.written(("R", *sorted(KIND_WORDS)))
    return None


def _value(place: Cursor) -> Iterable[Offer] | None:
    """What an option or a clause may be."""
    key = _key(place)
    if key in VALUES:
        quote = '"' if key == "method" else ""
        return (Offer(quote + word + quote, word) for word in VALUES[key])
    if key not in PARAMETERS:
        return None
    names = offers.parameters(place.session, (name_of(p.text) for p in place.before if p.role == "name"))
    return chain((Offer(name, meta="a parameter") for name in names), _names(place) if key == "at" else ())


def _following(place: Cursor) -> Iterable[Offer] | None:
    """Behind a value: the clauses of the command, and words that join it to another one."""
    if not place.ends:
        return None
    given = {p.text for p in place.before if p.role == "clause"}
    clauses = [c for c in place.clauses or () if c not in given] if not place.calls else []
    joining = offers.written(offers.FOLLOWING) if place.word or not clauses else ()
    return chain(offers.clauses(clauses), joining)


def _names(place: Cursor) -> Iterable[Offer]:
    """Where a value begins."""
    bound = (Offer(name, meta="of this input") for name in place.bound)
    first = offers.command_words() if place.starts else ()
    own = offers.own(place.session, functions_first=place.command)
    everything = (offers.builtins(), offers.written(offers.BEGINNING))
    return chain(_options(place), bound, own, first, *(everything if place.word or not place.starts else ()))


def _options(place: Cursor) -> Iterable[Offer]:
    """Options of the function that is called here, once it has its arguments."""
    builtin = library.find(place.calls[-1]) if place.calls and place.calls[-1] not in place.session.definitions else None
    if not isinstance(builtin, Builtin) or not (place.kinds("COMMA") or (place.kinds("CALL_PAR") and not builtin.least)):
        return ()
    given = {p.text for p in place.before if p.role == "option"}
    return offers.clauses([o for o in builtin.options if o not in given], " = ")


def _low(place: Cursor, at: int) -> Low | None:
    """The value of a name of the session that stands before the cursor."""
    return place.session.definitions.get(name_of(place.before[at].text))


RULES: tuple[Rule, ...] = (_setting, _quoted, _kind, _value, _following, _names)
