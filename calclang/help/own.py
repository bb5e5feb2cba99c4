"""Help on what the reader has defined: definition, kind, formula, derivative."""

from __future__ import annotations

from typing import TYPE_CHECKING

from calclang.errors import CalcError
from calclang.help.page import Block, Part
from calclang.lower.lowered import FUNCTIONS, Arr, Closure, Fn, Low, words
from calclang.lower.written import captures

if TYPE_CHECKING:
    from calclang.session import Session

LONGEST = 300  # characters of a formula; longer ones are left to the operators


def part(session: Session, name: str, low: Low, width: int) -> Part:
    """What a name of the session is."""
    if isinstance(low, FUNCTIONS):
        return Part("a function of yours", tuple(_function(session, name, low)))
    from calclang.help.examples import told
    from calclang.session import Result

    lines = tuple(told(Result(session.value(low), True), session, width - 2))
    kind = f"a {low.kind} in {words(low)}" if isinstance(low, Arr) and low.rank and not low.node.boolean else words(low)
    return Part("a value of yours", (Block(text=f"{name} is {kind}."), Block("value", lines=lines)))


def _function(session: Session, name: str, fn: Fn) -> list[Block]:
    formula = derivative(session, name, fn)
    see = ", ".join(f"{word} {name}" for word in ("show", "explain grad", "graph", "latex"))
    written = tuple(definition(session, name, fn).split("\n"))
    return [Block(lines=written), Block(text=kind(fn)), Block("derivative", lines=(formula,) if formula else ()), Block("see also", see)]


def definition(session: Session, name: str, fn: Fn) -> str:
    """A function as it was written, on the same lines; a derivative as its formula."""
    from calclang.lower.formulas import function_source

    text = written(fn) or function_source(session.world, fn)
    return text if isinstance(fn, Closure) and fn.name and fn.scope is None else f"{name} = {text}"


def written(fn: Fn) -> str:
    """The text of a function of the program; empty for others, where there is none, and where it would not say what the function captured."""
    if not isinstance(fn, Closure) or fn.span is None or not fn.span.source.text or captures(fn):
        return ""
    text = fn.span.to(fn.body.span).text
    return text if fn.name or "->" in text or "→" in text else ""


def kind(fn: Fn) -> str:
    """How many parameters of which kinds."""
    if not isinstance(fn, Closure):
        return "A function that was made from another one."
    if not fn.parameters:
        return "A function without parameters."
    count = len(fn.parameters)
    declared = all(p.kind is not None for p in fn.parameters)
    listed = "kinds are declared" if declared else "it takes whatever kinds it is given" if not any(p.kind for p in fn.parameters) else "some kinds are declared"
    return f"A function of {count} argument{'s' if count > 1 else ''}; {listed}."


def derivative(session: Session, name: str, fn: Fn) -> str:
    """Its derivative as a formula, where it has a short one."""
    from calclang.ir.budget import charging
    from calclang.lower.derivatives import derived
    from calclang.lower.formulas import function_source

    for operator in operators(session, fn):
        try:
            with charging(session.budget()):
                shown = function_source(session.world, derived(operator, fn, {}))
        except CalcError:
            continue
        if not shown.startswith(f"{operator}("):  # what the other operators give is as long
            return f"{operator}({name}) = {shown}" if len(shown) <= LONGEST else ""
    return ""


def operators(session: Session, fn: Fn) -> tuple[str, ...]:
    """Which derivative a person would ask for: by the number of parameters and their kinds, and by the kind of the value."""
    from calclang.help.kinds import result
    from calclang.ir.budget import charging

    if not isinstance(fn, Closure):
        return ("derivative", "grad")
    with charging(session.budget()):
        value = result(session.world, fn)
    several = isinstance(value, Arr) and value.rank > 0
    one = len(fn.parameters) == 1 and not fn.parameters[0].vector
    scalar = one and (fn.parameters[0].kind is None or not fn.parameters[0].kind.dims)
    return (*(["derivative"] if scalar else []), *([] if several else ["grad"]), "jacobian")
