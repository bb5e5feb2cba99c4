"""The prompt on a screen of 40 columns: what it says by itself is no wider, and every word is whole."""

from __future__ import annotations

import io
import os

import pytest

from calclang import Session
from calclang.frontends import screen as screens
from calclang.frontends.answers import Answers
from calclang.frontends.prompt import WELCOME
from calclang.frontends.prompt.talk import Talk

WIDTH = 40
BEFORE = "x = 3; f(x, y) = x^2*sin(y) + exp(x*y); A = rand(30, 30); 1/3"


class Narrow(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def talk(monkeypatch: pytest.MonkeyPatch) -> Talk:
    monkeypatch.setattr(screens, "size_of", lambda stream: os.terminal_size((WIDTH, 12)))
    session, screen = Session(), Narrow()
    made = Talk(session, Answers(session, screen, screen, color="never"), lambda prompt: "")
    made.answer(BEFORE)
    return made


@pytest.mark.parametrize(
    "text",
    [
        ":help", ":help :save", "?sin", "?grad", "?keys", "?vectors", "?E-SHAPE", ":vars", ":info f", ":set", ":type f", "A", "rand(100)", "A[1]", "qr(A)", "show f", "show grad(f)", "f", "show sin",
        "explain grad f at (1, 2)", "cost grad f at (1, 2)", "check grad f at (1, 2)", "minimize f from (1, 2)", "2^3^2", "1/2*3", "1/0", "[1, 2] * [3, 4]", "nosuch(1)", ":nosuch", ":undo",
        ":reset", ":save /nowhere/in/a/far/folder/of/this/machine", "log(-1)", "sum = 3", "stack(A, A)", "A .* 1e100", "x -> x^2*sin(x)*exp(x)*cos(x)*tan(x)*sqrt(x)",
    ],
)  # fmt: skip
def test_forty_columns(talk: Talk, text: str) -> None:
    talk.answer(text)
    for said in talk.entries[-1].told:
        lines = [line for line in said.split("\n") if "calc> " not in line]  # programs stand as they are typed
        assert max(map(len, lines)) <= WIDTH, said


def test_the_welcome(talk: Talk) -> None:
    said: list[str] = []
    talk.answers.told = said.append
    talk.answers.notice(WELCOME)
    assert said == ["calclang: type a formula; :help for\nmore, :tour to learn, Ctrl-D to leave"]
