"""The operand beside a place of a text that does not parse, as it is written: what a hint repeats. Never fails."""

from __future__ import annotations

import re

PAIRS = {"(": ")", "[": "]"}
LONGEST = 60  # what a hint repeats is not longer

_HEAD = re.compile(r"\"[^\"\n]*\"|(?:[0-9][0-9_.]*(?:[eE][+-]?[0-9]+)?)?(?:[^\W\d][\w₀-₉]*)?")
_CALL = re.compile(r"([^\W\d]\w*)\(")
_TAIL = re.compile(r"['′]+|[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+")
_POWER = re.compile(r"[ ]?(?:\.?\^|\*\*)[ ]?-?")
_TAIL_BEFORE = re.compile(r"['′⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+$")
_NAME_BEFORE = re.compile(r"[\w₀-₉.]*$")
_POWER_BEFORE = re.compile(r"[ ]?(?:\.?\^|\*\*)[ ]?-?$")


def operand_at(text: str, at: int) -> str:
    """The operand that begins at a place, with the brackets and powers that belong to it.

    >>> operand_at("1 + sin 2x(y + 1)^2 + 3", 8)
    '2x(y + 1)^2'
    """
    line = text[at : at + 4 * LONGEST].split("\n")[0]
    head = _HEAD.match(line)
    end = head.end() if head is not None else 0
    while end < len(line):
        if line[end] in PAIRS:
            end = _closed(line, end)
        elif (match := _TAIL.match(line, end)) is not None:
            end = match.end()
        elif end and (match := _POWER.match(line, end)) is not None and (more := operand_at(line, match.end())):
            end = match.end() + len(more)
        else:
            break
    return line[:end]


def name_of_call(text: str) -> str:
    """The name of the function, where a text is one call of it and nothing more; else empty.

    >>> name_of_call("mean(x)"), name_of_call("sum(x) * sum(y)"), name_of_call("grad(f)(1)")
    ('mean', '', '')
    """
    head = _CALL.match(text)
    return head[1] if head is not None and _closed(text, len(head[1])) == len(text) else ""


def operand_before(text: str, stop: int) -> str:
    """The operand that ends at a place.

    >>> operand_before("1 + exp(x)^2 x", 12)
    'exp(x)^2'
    """
    line = text[max(0, stop - 4 * LONGEST) : stop].split("\n")[-1]
    start = len(line)
    while start > 0:
        here = start
        while (tail := _TAIL_BEFORE.search(line, 0, start)) is not None or line[start - 1 : start] in (")", "]"):
            opened = tail.start() if tail is not None else _opened(line, start)
            if opened < 0:
                return line[start:]
            start = opened
        name = _NAME_BEFORE.search(line, 0, start)
        start = name.start() if name is not None else start
        if start == here or (power := _POWER_BEFORE.search(line, 0, start)) is None:
            break
        start = power.start()
    return line[start:]


def _closed(line: str, at: int) -> int:
    """Behind the bracket that closes the one at a place; the end of the line if none does."""
    depth = 0
    for k in range(at, len(line)):
        depth += (line[k] in PAIRS) - (line[k] in PAIRS.values())
        if not depth:
            return k + 1
    return len(line)


def _opened(line: str, stop: int) -> int:
    """Where the bracket was opened that is closed before a place; -1 if nowhere."""
    depth = 0
    for k in range(stop - 1, -1, -1):
        depth += (line[k] in PAIRS.values()) - (line[k] in PAIRS)
        if not depth:
            return k
    return -1
