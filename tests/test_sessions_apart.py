"""Sessions share nodes, the parser and tables, and nothing of each other's programs."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from calclang import CalcError, Session
from calclang.syntax import grammar


def failure(session: Session, text: str, name: str) -> CalcError:
    with pytest.raises(CalcError) as caught:
        session.run(text, name)
    return caught.value


PROGRAMS = ["1/0", "log(0 - 1)", "hessian log at 0", "f(x) = sqrt(x - 2)\nf(1)", "exp(1000)*2", "inv([1, 2; 2, 4])", "taylor log at 0 order 2"]


@pytest.mark.parametrize("program", PROGRAMS)
def test_an_error_shows_the_program_that_failed(program: str) -> None:
    kept = failure(Session(), f"secret = 4711; {program}  # mine", "alice.calc")
    error = failure(Session(), f"\n\n{program}", "bob.calc")
    assert kept.diagnostic.labels[0].span.source.name == "alice.calc"
    for label in error.diagnostic.labels:
        assert label.span.source.name == "bob.calc" and label.span.line > 2


def test_an_error_shows_the_statement_that_failed() -> None:
    session = Session()
    kept = failure(session, "taylor log at 0 order 3", "first")
    error = failure(session, "hessian log at 0", "second")
    assert [kept.diagnostic.labels[0].span.source.name, error.diagnostic.labels[0].span.source.name] == ["first", "second"]


def test_sessions_run_in_parallel() -> None:
    def work(number: int) -> None:
        session = Session()
        for turn in range(30):
            name = f"thread {number}"
            session.run(f"f(x) = {number} + x^2 + sin(x*{turn})", name)
            assert session.eval("f(0)") == number
            error = failure(session, "1/0\n" * (turn % 3) + "log(-1)", name)
            assert error.diagnostic.labels[0].span.source.name == name

    with ThreadPoolExecutor(6) as pool:
        for done in [pool.submit(work, k) for k in range(6)]:
            done.result()


FIRST_PARSE = """
import sys, threading
sys.setswitchinterval(1e-5)
import calclang
wrong = []
def work(k):
    try:
        assert calclang.Session().eval(f"let x = {k} in ((x + 1))") == k + 1
    except BaseException as problem:
        wrong.append(problem)
threads = [threading.Thread(target=work, args=(k,)) for k in range(6)]
for thread in threads: thread.start()
for thread in threads: thread.join()
assert not wrong, wrong
"""


def test_the_parser_is_made_once_whoever_comes_first() -> None:
    subprocess.run([sys.executable, "-c", FIRST_PARSE], check=True)


def test_the_parser_forgets_the_text() -> None:
    Session().run("secret = 4711")
    _, layout, builder = grammar.parser()
    assert layout.text == "" and builder.source.text == ""


@pytest.mark.parametrize("given", [3, None, ["1 + 1"]])
def test_what_is_no_text_is_no_program(given: Any) -> None:
    for use in (Session().eval, Session().run, Session().check):
        with pytest.raises(TypeError, match="a program is a text"):
            use(given)
