"""Lines of scalar code as Python text: what is used once is written where it is used, names are used again after their last use."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from calclang.backends.python.scalar import Atom, Line

DEEPEST = 12  # expressions within expressions
LONGEST = 400  # characters of an expression that stands within another


@cache
def mentions(template: str) -> tuple[int, ...]:
    """How often a template mentions each of its operands."""
    counts = []
    while (count := template.count(f"{{{len(counts)}}}")) > 0:
        counts.append(count)
    return tuple(counts)


@cache
def is_call(template: str) -> bool:
    """Whether a template is one call or one bracket, which needs no brackets when it stands within another expression."""
    depth = 0
    for place, character in enumerate(template):
        depth += (character == "(") - (character == ")")
        if character == ")" and not depth:
            return place == len(template) - 1 and (template[0] == "(" or template[: template.index("(")].isidentifier())
    return False


def written(lines: Sequence[Line], wanted: Sequence[Atom]) -> tuple[list[str], dict[Atom, str]]:
    """The lines as Python, and what each wanted atom is called. ``@slow`` stands for the way out."""
    user, inlined = _uses(lines, wanted)
    expiring = _expiring(lines, wanted, user, inlined)
    text: list[str] = [""] * len(lines)
    depth: list[int] = [0] * len(lines)
    free: list[str] = []
    made = 0
    result: list[str] = []
    for number, (template, operands) in enumerate(lines):
        body = _body(template, operands, text)
        if template[-1] == ":":
            result += [body, "    @slow"]
        elif inlined[number] and len(body) < LONGEST and (deep := 1 + max((depth[o] for o in operands if type(o) is int), default=0)) < DEEPEST:
            text[number], depth[number] = body if is_call(template) else f"({body})", deep
            continue
        free += [text[o] for o in expiring.get(number, ())]
        if template[-1] != ":":
            if not free:
                free.append(f"v{made}")
                made += 1
            name = text[number] = free.pop()
            result.append(f"{name} = {body}")
    return result, {atom: text[atom] if isinstance(atom, int) else atom for atom in wanted}


def _body(template: str, operands: tuple[Atom, ...], text: list[str]) -> str:
    """An expression over names. A term that is subtracted is written so: a + (-b*c) and a - b*c are the same number."""
    parts = [text[o] if type(o) is int else str(o) for o in operands]
    if template == "{0} + {1}":
        if parts[1][:2] == "(-" and parts[1][2:3] not in "0123456789i":
            return f"{parts[0]} - {parts[1][2:-1]}" if _one_term(parts[1]) else f"{parts[0]} + {parts[1]}"
        if parts[0][:2] == "(-" and parts[0][2:3] not in "0123456789i" and _one_term(parts[0]):
            return f"{parts[1]} - {parts[0][2:-1]}"
    return template.format(*parts)


def _one_term(text: str) -> bool:
    """Whether a bracket ``(-…)`` holds one negated product and no sum."""
    depth = 0
    for place, character in enumerate(text):
        depth += (character == "(") - (character == ")")
        if depth == 1 and character in "+-" and place > 1:
            return False
    return True


def _uses(lines: Sequence[Line], wanted: Sequence[Atom]) -> tuple[list[int], list[bool]]:
    """Who uses each line last, and whether that is the one place that mentions it (then it is written there)."""
    user = [-1] * len(lines)
    count = [0] * len(lines)
    for atom in wanted:
        if type(atom) is int:
            user[atom] = len(lines)
            count[atom] = 2  # a result has a name
    for number, (template, operands) in enumerate(lines):
        for operand, times in zip(operands, mentions(template), strict=True):
            if type(operand) is int:
                count[operand] += times if template[-1] != ":" else 2
                user[operand] = max(user[operand], number)
    return user, [c == 1 for c in count]


def _expiring(lines: Sequence[Line], wanted: Sequence[Atom], user: list[int], inlined: list[bool]) -> dict[int, list[int]]:
    """Which names are used for the last time in a line. An expression within another uses its operands where that one stands."""
    last = [-1] * len(lines)
    for atom in wanted:
        if type(atom) is int:
            last[atom] = len(lines)
    place = list(range(len(lines)))
    for number in range(len(lines) - 1, -1, -1):
        if inlined[number]:
            place[number] = place[user[number]]
        for operand in lines[number][1]:
            if type(operand) is int:
                last[operand] = max(last[operand], place[number])
    found: dict[int, list[int]] = {}
    for number, at in enumerate(last):
        if not inlined[number] or True:
            found.setdefault(at, []).append(number)
    return found
