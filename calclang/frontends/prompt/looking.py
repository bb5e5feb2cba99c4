"""``:vars``, ``:type``, ``:info``, ``:time``: what is there, what it is, and how long it takes."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from time import perf_counter

from calclang import errors
from calclang.commands.time import ENOUGH, repeated
from calclang.display.clean import clean
from calclang.display.columns import folded
from calclang.display.numbers import duration
from calclang.frontends.prompt.colon import colon
from calclang.frontends.prompt.lines import one_line
from calclang.frontends.prompt.talk import Talk, first_line
from calclang.help.kinds import kind, signature
from calclang.help.page import Block, Part, render
from calclang.ir.budget import charging
from calclang.lower.lowered import FUNCTIONS, Builtin, Closure, Fn, Low
from calclang.lower.rules import ALIASES, RULES
from calclang.lower.spoken import spoken
from calclang.session import Session
from calclang.syntax import tree

OPERATORS = frozenset(RULES) | frozenset(ALIASES) | {"taylor"}  # commands that compute a value and do nothing else
WIDEST = 24  # columns of a name or kind in a list


@colon(":vars", ":vars", "your names, what they are, and their values", "", "Values are cut to the line; print(x) shows one whole.")
def variables(talk: Talk, text: str) -> None:
    session = talk.session
    rows = [(errors.shorten(clean(name), WIDEST), errors.shorten(kind(session.definitions[name]), WIDEST), name) for name in session.definitions if name != "ans"]
    width = talk.answers.style().width
    names, kinds = (max((len(row[k]) for row in rows), default=0) for k in (0, 1))
    lines = []
    for shown, what, name in rows:
        head = f"  {shown:<{names}}  {what:<{kinds}}  "
        lines.append((head + one_line(session, session.definitions[name], max(10, width - len(head)))).rstrip())
    if not rows:
        lines += folded("  nothing yet: x = 3 defines a name", width, "  ")
    if results := list(talk.results.values):
        said = results[0] if len(results) == 1 else f"{results[0]} to {results[-1]}"
        lines += folded(f"  results: {said}; ans is the last one", width, "  ")
    talk.answers.write("\n".join(lines))


@colon(":type", ":type EXPRESSION", "the kind and shape of a value; how a function is called", "expression",
       "The value is computed, but not shown, and ans stays as it is.")  # fmt: skip
def type_of(talk: Talk, text: str) -> None:
    low = value(talk, text)
    with charging(talk.session.budget()):
        talk.answers.write(clean(signature(talk.session.world, low) if isinstance(low, FUNCTIONS) else kind(low)))


def value(talk: Talk, text: str) -> Low:
    """The value of an expression; ``ans`` stays what it was. Raises `CalcError`."""
    session = talk.session
    statement = only(session, text)
    before = session.definitions.get("ans")
    result = talk.answers.work.run(partial(session.execute, statement))
    low = session.definitions["ans"]
    if before is None:
        session.undefine("ans")
    else:
        session.define("ans", before)
    for warning in result.warnings:
        talk.answers.complain(warning)
    return low


def only(session: Session, text: str) -> tree.Statement:
    """The one expression that a text is. Raises E-SYNTAX."""
    statements = session.parse(text, "<input>").statements
    if len(statements) == 1 and pure(statements[0]):
        return statements[0]
    raise errors.no_expression()


def pure(statement: tree.Statement) -> bool:
    """Whether a statement computes a value and does nothing else."""
    if isinstance(statement, tree.Command):
        return statement.word in OPERATORS
    return isinstance(statement, tree.Show) and spoken(statement.value) is None


# ---- :info -------------------------------------------------------------------------------------------


@colon(":info", ":info NAME", "source, derivative, where it was defined", "name", "Of a built-in it shows the help.")
def info(talk: Talk, text: str) -> None:
    session, style = talk.session, talk.answers.style()
    low = session.definitions.get(text)
    if low is None:
        from calclang.help import about

        talk.answers.write(talk.answers.work.run(partial(about, session, text, style.width, style.color)))
        return
    from calclang.help import own

    part = talk.answers.work.run(partial(own.part, session, text, low, style.width))
    facts = tuple(f"{head:<9} {says}" for head, says in told(talk, text, low))
    *blocks, last = part.blocks
    known = Block("facts", lines=facts)
    page = render([Part("", (*blocks, last, known) if last.heading != "see also" else (*blocks, known, last))], style.width, style.color)
    talk.answers.write(page)


def told(talk: Talk, name: str, low: Low) -> Iterator[tuple[str, str]]:
    """Where something was defined, and whether it is compiled."""
    place = low.span if isinstance(low, Closure) else None
    if place is not None and place.source.name.endswith(".calc"):
        yield "defined", f"in {from_here(place.source.name)}, line {place.line}"
    elif name in talk.origins:
        yield "defined", f"at the prompt, by  {first_line(talk.origins[name])}"
    elif name in talk.first.definitions:
        yield "defined", "in init.calc"
    if isinstance(low, FUNCTIONS) and not isinstance(low, Builtin):
        with charging(talk.session.budget()):
            yield "called", clean(signature(talk.session.world, low))
        yield "compiled", compiled(talk.session, low)


def from_here(name: str) -> str:
    """A file as it is named from the folder we are in, where it is below that."""
    path = Path(name)
    return clean(str(path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path))


def compiled(session: Session, fn: Fn) -> str:
    """For which arguments a function is compiled."""
    found = session.hot.compiled_for(fn)
    return f"for {'; '.join(found)}" if found else "not yet: that is done when a statement calls it again and again"


# ---- :time --------------------------------------------------------------------------------------------


@colon(":time", ":time EXPRESSION", "its value, and how long that takes", "expression",
       "What is fast is run again for a fifth of a second, and the best time counts. A definition or another statement is run once.")  # fmt: skip
def time(talk: Talk, text: str) -> None:
    start = perf_counter()
    talk.run(text)
    first = perf_counter() - start
    statements = talk.session.parse(text, "<input>").statements
    if len(statements) != 1 or not pure(statements[0]) or first > ENOUGH:
        talk.say(duration(first))
        return
    best, runs = talk.answers.work.run(partial(repeated, partial(talk.session.execute, statements[0])))
    talk.say(f"{duration(best)}, the best of {runs} runs")
