"""From a sign to how it is typed and what it means."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from calclang.help.page import Block, Part
from calclang.syntax import foreign
from calclang.syntax.symbols import INSTEAD, MEANS, SYMBOLS, ways

if TYPE_CHECKING:
    from calclang.session import Session


def part(session: Session, name: str, width: int) -> Part | None:
    """The page of a sign, asked for by itself or by its name behind a backslash."""
    sign = SYMBOLS.get(name[1:], "") if name.startswith("\\") else name
    if len(sign) != 1 or sign.isascii():
        return None
    typed = ways(sign)
    return Part("a character", (Block(text=f"{sign} {described(sign, typed)}"), Block(text=meaning(sign))))


def described(sign: str, typed: list[str]) -> str:
    """``is U+03B1 (Greek small letter alpha), typed \\alpha and Tab.``"""
    from calclang.syntax.prepare import describe

    names = " or ".join("\\" + name for name in typed)
    return f"is {describe(sign)}" + (f", typed {names} and Tab at the prompt." if typed else ".")


def meaning(sign: str) -> str:
    """What the grammar makes of a sign."""
    if sign in INSTEAD:
        return f"The language does not know it; write  {INSTEAD[sign]}"
    if sign in MEANS:
        return f"It means {MEANS[sign]}"
    if sign in "⁰¹²³⁴⁵⁶⁷⁸⁹⁻":
        return "A superscript is a power: x² is x^2."
    from calclang.syntax.build import name_of

    if not SYMBOLS.keys() & set(ways(sign)):
        says = elsewhere(sign)
        return f"{says[0].upper()}{says[1:]}." if says else "It has no meaning in the language."
    plain = name_of(sign)
    return "It may stand in a name." if plain == sign else f"It may stand in a name, and is the same as {plain} there."


def elsewhere(text: str) -> str:
    """What is written here instead of another language's sign; empty where nothing is known of it."""
    for _, pattern, message, help in foreign.FOREIGN:
        if re.fullmatch(pattern, text):
            return f"{message}; {help}" if help else message
    return ""


def others(name: str) -> str:
    """The ASCII sign or word that a sign stands for, which has a page of its own; empty if none."""
    from calclang.syntax.build import name_of

    sign = SYMBOLS.get(name[1:], "") if name.startswith("\\") else name
    if len(sign) != 1 or sign.isascii():
        return ""
    other = INSTEAD.get(sign) or MEANS.get(sign) or name_of(sign)
    return other if other != sign else ""
