"""How a function is differentiated, in words and formulas. Formulas are made by differentiating, where the program can show them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from calclang.errors import CalcError
from calclang.help.notes.note import Note
from calclang.help.page import Block
from calclang.lower.lowered import Builtin

if TYPE_CHECKING:
    from calclang.session import Session

CALLED = {"grad": "gradient", "jacobian": "Jacobian", "derivative": "derivative"}
_PROGRAM = re.compile(r"(grad|jacobian|derivative)\(")
_WRT = re.compile(r"wrt = (\w+)\)$")
DIFFERENTIAL = re.compile(r"(d\w+(?:, d\w+)*): (.*)")


def block(session: Session, builtin: Builtin, note: Note) -> Block:
    """The rule of a function; empty where there is none."""
    if builtin.group == "elementwise" and not note.rule:
        return Block("derivative", lines=tuple(elementwise(session, builtin, note)))
    return _as_said(session, builtin, note)


def elementwise(session: Session, builtin: Builtin, note: Note) -> list[str]:
    """The derivative of an elementwise row by each argument, as a formula."""
    names = parameters(note, builtin)
    if len(names) == 1:
        return formulas(session, [f"derivative({builtin.name})"])
    listed = ", ".join(names)
    call = f"({listed}) -> {builtin.name}({listed})"
    shown = formulas(session, [f"derivative({call}, wrt = {n})" for n in names])
    return [f"by {n}: {formula}" for n, formula in zip(names, shown, strict=True)]


def _as_said(session: Session, builtin: Builtin, note: Note) -> Block:
    """The rule that a note holds."""
    rule = note.rule
    if rule == "linear":
        names = parameters(note, builtin)[:1]
        return Block("derivative", f"It is linear: a change d{names[0]} changes it by the same function of d{names[0]}.")
    if _PROGRAM.match(rule):
        found = _WRT.search(rule)
        by = f" by {found.group(1)}" if found else ""
        return Block("derivative", lines=tuple(f"{CALLED[rule.partition('(')[0]]}{by}: {f}" for f in formulas(session, [rule])))
    if (differential := DIFFERENTIAL.fullmatch(rule)) is not None:
        changes, formula = differential.groups()
        verb = "changes" if "," not in changes else "change"
        return Block("derivative", lines=(f"{'a change' if verb == 'changes' else 'changes'} {changes} {verb} it by  {formula}",))
    return Block("derivative", rule.removeprefix("derivative "))


def formulas(session: Session, programs: list[str]) -> list[str]:
    """What the programs show in a session of its own; what has no formula is left out."""
    from calclang.help.examples import sandbox

    fresh = sandbox(session)
    found = []
    for program in programs:
        try:
            found.append(getattr(fresh.eval(program), "source", str)())
        except CalcError:
            continue
    return found


def parameters(note: Note, builtin: Builtin) -> list[str]:
    """The names of the parameters, from the first line of usage: ``solve(A: R^(n×n), b: R^n)`` has A and b."""
    head = (note.usage or (builtin.signature,))[0]
    inside = head.partition("(")[2].partition(" → ")[0].rstrip(") ")
    return re.findall(r"(?:^|, )(\w+)", re.sub(r"\([^()]*\)", "", inside))
