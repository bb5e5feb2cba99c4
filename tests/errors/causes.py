"""How the errors are caused that no text of a program can cause: bytes, limits, files, a prompt, the Python interface; each in an empty folder."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from calclang import UNTRUSTED, CalcError, Session, errors
from calclang.frontends.answers import Answers
from calclang.frontends.prompt.colon import obey
from calclang.frontends.prompt.talk import Talk
from calclang.limits import LOCAL


def run(text: str | bytes, **limits: int) -> None:
    Session(replace(LOCAL, **limits)).run(text, "example.calc")


def stranger(text: str) -> None:
    """A program of somebody who may touch no files."""
    Session(UNTRUSTED).run(text, "example.calc")


def load(text: str) -> None:
    """A file ``a.calc`` with this text, loaded."""
    Path("a.calc").write_text(text, encoding="utf-8")
    run('load "a.calc"')


def embed(use: Callable[[Session], object]) -> None:
    """Use from Python."""
    use(Session())


def type_in(*inputs: str) -> None:
    """Inputs at a prompt, the last a command with a colon."""
    session = Session()
    talk = Talk(session, Answers(session, io.StringIO(), io.StringIO(), color="never", environment={}), lambda prompt: "")
    for text in inputs[:-1]:
        talk.answer(text)
    obey(talk, inputs[-1])


def made(error: CalcError) -> None:
    """An error of the machine, or of calclang itself, that no test can wait for."""
    raise error


CAUSES: dict[str, Callable[[], None]] = {
    "bad_encoding": lambda: run(b"x = \xff"),
    "refused_character": lambda: run("1 + \0 2"),
    "source_too_long": lambda: run("x = 1 + 1", source=4),
    "name_too_long": lambda: run("x" * 300),
    "nested_too_deeply": lambda: run("(((1)))", nesting=2),
    "no_files": lambda: stranger('load "other.calc"'),
    "load_cycle": lambda: load('load "a.calc"'),
    "no_value": lambda: embed(lambda session: session.__setitem__("x", object())),
    "no_expression": lambda: embed(lambda session: session.eval("x = 3")),
    "not_yours": lambda: embed(lambda session: session.undefine("sin")),
    "unknown_colon": lambda: type_in(":halp"),
    "ambiguous_colon": lambda: type_in(":re"),
    "colon_usage": lambda: type_in(":undef"),
    "nothing_yet": lambda: type_in(":undo"),
    "file_exists": lambda: type_in("x = 1", ":save a.calc", ":save a.calc"),
    "too_deep": lambda: made(errors.too_deep()),
    "out_of_memory": lambda: made(errors.out_of_memory()),
    "interrupted": lambda: made(errors.interrupted(still=True)),
    "own_mistake": lambda: made(errors.own_mistake("KeyError in the printer")),
}
