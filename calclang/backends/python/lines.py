"""Generated Python: lines of scalar code as text, and text as a function. Its names are made here; it holds no character of a program."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from calclang.backends.python.scalar import Code

DEEPEST, LONGEST = 12, 300  # of expressions that stand where they are used: levels of brackets, characters


def function(name: str, lines: Sequence[str], what: str, names: Mapping[str, Any]) -> Callable[..., Any]:
    """The function that these lines define; ``names`` are what they refer to."""
    space = dict(names)
    # Whole functions of many lines: a statement each for what is used twice, loops and checks of arguments. All names in them are made by
    # the writers of lines and all values are bound in `names`, so no character of a program is among them.
    exec(compile("\n".join(lines), f"<compiled calc {what}>", "exec"), space)
    made: Callable[..., Any] = space[name]
    return made


def written(code: Code, wanted: Sequence[str]) -> tuple[list[str], dict[str, str]]:
    """The lines as Python, and what each wanted atom is called. What is used once stands where it is used; names are used again after
    their last use."""
    inlined = _used_once(code, wanted)
    last = _last_uses(code, wanted, inlined)
    names: dict[str, str] = {}
    depth: dict[str, int] = {}
    free: list[str] = []
    made = 0
    lines = []
    for number, (target, template, operands) in enumerate(code.lines):
        text = template.format(*(names.get(o, o) for o in operands))
        if target in inlined:
            names[target], depth[target] = _bracketed(text), 1 + max((depth.get(o, 0) for o in operands), default=0)
            continue
        free += [names[o] for o in last.get(number, ()) if names[o][0] == "v"]
        if not free:
            free.append(f"v{made}")
            made += 1
        names[target] = free.pop()
        lines.append(f"{names[target]} = {text}")
    return lines, names


def _bracketed(text: str) -> str:
    """An expression in brackets, if it has none around it."""
    return text if text[0] == "(" and _closes_last(text) else f"({text})"


def _closes_last(text: str) -> bool:
    """Whether the first bracket is closed by the last character."""
    depth = 0
    for k, character in enumerate(text):
        depth += (character == "(") - (character == ")")
        if not depth:
            return k == len(text) - 1
    return False


def _used_once(code: Code, wanted: Sequence[str]) -> set[str]:
    """Temporaries that one line mentions once, as long as expressions stay readable for Python's parser."""
    uses: dict[str, int] = dict.fromkeys(wanted, 2)
    for _, template, operands in code.lines:
        for k, operand in enumerate(operands):
            uses[operand] = uses.get(operand, 0) + template.count(f"{{{k}}}")
    found: set[str] = set()
    depth: dict[str, int] = {}
    length: dict[str, int] = {}
    for target, template, operands in code.lines:
        deep = 1 + max((depth.get(o, 0) for o in operands), default=0)
        long = len(template) + sum(length.get(o, 4) for o in operands)
        if uses.get(target) == 1 and deep < DEEPEST and long < LONGEST:
            found.add(target)
            depth[target], length[target] = deep, long
    return found


def _last_uses(code: Code, wanted: Sequence[str], inlined: set[str]) -> dict[int, list[str]]:
    """By line: the names that are used for the last time in it. What stands in another line uses its operands there."""
    stands: dict[str, int] = {}
    for number in range(len(code.lines) - 1, -1, -1):
        target, _, operands = code.lines[number]
        at = stands[target] if target in inlined else number
        for operand in operands:
            stands[operand] = max(stands.get(operand, -1), at)
    stands |= dict.fromkeys(wanted, len(code.lines))
    found: dict[int, list[str]] = {}
    for target, _, _ in code.lines:
        if target not in inlined and target in stands:
            found.setdefault(stands[target], []).append(target)
    return found
