"""A parse that failed → one error in the user's terms. Lark's own words never leave this file."""

from __future__ import annotations

import re
from typing import Any

from lark.exceptions import UnexpectedCharacters, UnexpectedInput, UnexpectedToken

from calclang import errors
from calclang.errors import CalcError
from calclang.source import Source, Span
from calclang.syntax.prepare import describe

PAIRS = {"(": ")", "[": "]"}
KEYWORDS = frozenset("if then else let in where for and or not true false end".split())

# What stands at the place of the error (a regular expression on the rest of the text) -> what is said, and what to write instead.
FOREIGN: tuple[tuple[str, str, str], ...] = (
    (r"/\*", "comments are not written /* … */", "a comment starts with #"),
    (r"//", "comments are not written //", "a comment starts with #"),
    (r"&&|&", "there is no operator &", "write  and"),
    (r"\|\||\|(?!>)", "there is no operator |", "write  or"),
    (r"\*\*=|[-+*/]=", "there is no operator that changes a variable", "write  x = x + 1"),
    (r"=>", "there is no operator =>", "a function is written  x -> …, a comparison  >="),
    (r"%", "there is no operator %", "the remainder is  mod(x, m)"),
    (r"!", "there is no operator !", "write  not, or  !=  for unequal; the factorial is  gamma(n + 1)"),
    (r"[{}]", "there are no braces in this language", "arrays are written with [ ]"),
    (r"[$`?]", "this character has no meaning here", ""),
    (r"'", "text is written in double quotes; ' is the transpose", ""),
    (r"∞", "there is no sign ∞", "write  inf"),
    (r"\.[A-Za-z_]", "there is no attribute access", "parts are taken with an index: t[1], t[\"name\"]"),
    (r"\.\.\.", "a range has two dots", "write  1..10"),
    (r"\.\.", "a range needs a start", "write  1..10"),
    (r"\"", "this text is not closed", "close it with a second \""),
    (r"\d[\d_]*(?:\.\d*)?[eE][+-]?(?!\d)", "the exponent has no digits", "write  1e5"),
    (r"0[xXbBoO]", "numbers are written in decimal digits only", ""),
    (r"\d[\w.]*", "this is no number", "a name cannot begin with a digit"),
    (r"[:]", "there is no : here", "a range is written  1..10; a kind stands in a parameter list: f(x: R^n)"),
)  # fmt: skip


def diagnose(source: Source, text: str, problem: UnexpectedInput) -> CalcError:
    """The error for a failed parse."""
    at = problem.pos_in_stream if problem.pos_in_stream is not None else len(text)
    token = problem.token if isinstance(problem, UnexpectedToken) else None
    if token is not None and token.type == "$END" or at >= len(text.rstrip()):
        return _at_end(source, text)
    if token is not None:
        at = token.start_pos or 0
    if (bracket := _bracket(source, text, at)) is not None:
        return bracket
    if isinstance(problem, UnexpectedCharacters) or token is None:
        return _character(source, text, at)
    return _token(source, text, at, token, problem)


def _span(source: Source, start: int, stop: int) -> Span:
    return Span(source, start, min(stop, len(source.text)))


def open_brackets(text: str, stop: int) -> tuple[list[tuple[str, int]], tuple[str, int, str, int] | None]:
    """Brackets open before ``stop``; and the first pair that does not match: what opened where, what closed where."""
    stack: list[tuple[str, int]] = []
    for match in re.finditer(r"\"(?:[^\"\\\n]|\\.)*\"|#[^\n]*|[\[\]()]", text[:stop]):
        sign = match.group()
        if sign in PAIRS:
            stack.append((sign, match.start()))
        elif sign in (")", "]"):
            if not stack:
                return stack, ("", 0, sign, match.start())
            opened, where = stack.pop()
            if PAIRS[opened] != sign:
                return stack, (opened, where, sign, match.start())
    return stack, None


def _bracket(source: Source, text: str, at: int) -> CalcError | None:
    """A closing bracket without its opening one, or of the other kind."""
    if text[at : at + 1] not in (")", "]"):
        return None
    _, wrong = open_brackets(text, at + 1)
    if wrong is None:
        before = text[:at].rstrip()[-1:]
        if before in ("(", "[", ",", ";"):
            return errors.missing_part(_span(source, at, at + 1))
        return None
    opened, where, sign, place = wrong
    if not opened:
        return errors.unmatched_bracket(sign, _span(source, place, place + 1))
    return errors.mixed_brackets(opened, sign, _span(source, place, place + 1), _span(source, where, where + 1))


def _at_end(source: Source, text: str) -> CalcError:
    """The text ends too early."""
    stack, _ = open_brackets(text, len(text))
    end = len(text.rstrip())
    if stack:
        sign, where = stack[-1]
        return errors.unclosed_bracket(sign, PAIRS[sign], _span(source, where, where + 1))
    line = text[:end].rsplit("\n", 1)[-1]
    if re.search(r"\bif\b", line) and re.search(r"\bthen\b", line) and not re.search(r"\belse\b", line):
        return errors.missing_else(_span(source, max(end - 1, 0), end))
    return errors.unfinished(_span(source, max(end - 1, 0), end))


def _character(source: Source, text: str, at: int) -> CalcError:
    """A character with which nothing begins here."""
    rest = text[at : at + 40]
    for pattern, message, help in FOREIGN:
        if match := re.match(pattern, rest):
            return errors.foreign_syntax(message, help, _span(source, at, at + max(1, len(match.group()))))
    character = text[at]
    if not character.isascii():
        return errors.foreign_character(describe(character), _span(source, at, at + 1))
    return errors.unexpected(repr(character)[1:-1], _span(source, at, at + 1))


def _token(source: Source, text: str, at: int, token: Any, problem: UnexpectedInput) -> CalcError:
    """A word or sign that cannot stand here."""
    word = str(token).strip() or "the end of the line"
    span = _span(source, at, at + max(1, len(str(token).rstrip())))
    before = text[:at].rstrip()
    line_before = before.rsplit("\n", 1)[-1]
    if token.type == "_NL" or word == "the end of the line":
        return _end_of_line(source, text, at)
    if token.type == "COMMA" and re.fullmatch(r"\s*\d{1,3}", line_before) and re.match(r",\d{3}\b", text[at:]):
        return errors.foreign_syntax("numbers have no thousands separators", "write  1000 or 1_000", span)
    if token.type == "EQUAL" and re.search(r"\d\w*$", line_before) and re.search(r"(?:^|[\s;])(?:let\s+)?\d\w*$", line_before):
        return errors.foreign_syntax("a name cannot begin with a digit", "", span)
    if (previous := re.search(r"\b(\w+)$", before)) and previous.group() in KEYWORDS - {"true", "false", "end"}:
        return errors.keyword_here(previous.group(), _span(source, previous.start(), previous.end()))
    if word in KEYWORDS:
        return errors.keyword_here(word, span)
    for pattern, message, help in FOREIGN:
        if re.match(pattern, text[at : at + 40]) and token.type not in ("NUMBER", "JUXT"):
            return errors.foreign_syntax(message, help, span)
    if token.type in ("COMMA", "SEMI", "RPAR", "RSQB") and before[-1:] in ("(", "[", ",", ";"):
        return errors.missing_part(span)
    if token.type in ("NAME", "NUMBER", "JUXT", "STRING", "COMMAND", "LPAR", "LSQB") and re.search(r"[\w)\]'\"]$", before):
        name = re.search(r"[A-Za-z_0-9][\w.]*$", line_before.strip())
        return errors.missing_operator(word, name.group() if name else "", span)
    return errors.unexpected(errors.shorten(word, 30), span)


def _end_of_line(source: Source, text: str, at: int) -> CalcError:
    line = text[:at].rsplit("\n", 1)[-1]
    end = len(text[:at].rstrip())
    if re.search(r"\bif\b", line) and re.search(r"\bthen\b", line) and not re.search(r"\belse\b", line):
        return errors.missing_else(_span(source, max(end - 1, 0), end))
    return errors.unfinished(_span(source, max(end - 1, 0), end))
