"""Ctrl-C at the prompt, whatever it is doing: the input is taken back whole, and nothing of it is left."""

from __future__ import annotations

import io
import os
import signal
from pathlib import Path
from threading import Timer
from time import monotonic

import pytest

from calclang import Session
from calclang.frontends.answers import Answers
from calclang.frontends.progress import Meter
from calclang.frontends.prompt.talk import Talk
from calclang.frontends.work import Work

BEFORE = "x = 1; f(x) = sin(x^3*exp(cos(x)))/(1+x^2); slow(t) = iterate(s -> sin(s) + t, 1, 4000000)"
FOREVER = "iterate(t -> t + 1, 0, until = t -> t < 0, max = 1e12)"
SOON = 5.0  # seconds after the key: a fifth of one on a machine that has nothing else to do


class Pressing(Meter):
    """Presses Ctrl-C at the first look at work, once a name is defined (empty: at once)."""

    def __init__(self, session: Session, awaited: str) -> None:
        super().__init__(session, io.StringIO())
        self.awaited, self.pressed = awaited, 0.0

    def draw(self) -> None:
        if not self.pressed and (not self.awaited or self.awaited in self.session.definitions):
            self.pressed = monotonic()
            os.kill(os.getpid(), signal.SIGINT)


def interrupted(text: str, awaited: str = "") -> tuple[Talk, str]:
    """A prompt at which an input that would run for minutes was interrupted, and what was said."""
    session, screen = Session(), io.StringIO()
    talk = Talk(session, Answers(session, screen, screen), lambda prompt: "")
    talk.answer(BEFORE)
    meter = Pressing(session, awaited)
    talk.answers.work = Work(session, meter)
    talk.answer(text)
    assert meter.pressed and monotonic() - meter.pressed < SOON
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    return talk, screen.getvalue()


@pytest.mark.filterwarnings("ignore:unclosed file", "ignore::pytest.PytestUnraisableExceptionWarning")  # of a module that was being imported
@pytest.mark.parametrize(
    ("text", "awaited"),
    [
        ("f''''''''''", "ans"),
        (f"x = 2; set digits 3; y = 4; {FOREVER}", "y"),
        ("check grad slow at 1", ""),
        ("minimize t -> slow(t)^2 from 1", ""),
        ("time slow at 1", ""),
        (f":time {FOREVER}", ""),
        (f":type {FOREVER}", ""),
        (f"x = 2\n:type {FOREVER}", ""),
        ("[" + "1, " * 3_000_000 + "1]", ""),
        (":load slow", ""),
        ('A = read("numbers.csv")', ""),
    ],
    ids=["the answer", "statements", "check", "minimize", "time", ":time", ":type", "two lines", "parsing", ":load", "reading"],
)
def test_the_input_is_taken_back(text: str, awaited: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "slow.calc").write_text(f"x = 2; y = 3; {FOREVER}")
    if "read" in text:
        (tmp_path / "numbers.csv").write_text("1.25,2.5\n" * 3_000_000)
    talk, said = interrupted(text, awaited)
    session = talk.session
    assert said.count("E-INTERRUPT") == 1 and "interrupted" in said
    assert session.eval("x") == 1 and session.settings.digits == 10 and session.definitions.keys() == {"x", "f", "slow", "ans"}
    assert not talk.results.values and talk.kept == [BEFORE] and not session.loaded
    assert [state.typed for state in talk.levels] == [BEFORE]


def test_results_on_the_screen_stay_when_a_later_statement_is_interrupted() -> None:
    talk, _ = interrupted(f"6*7\ny = 2; {FOREVER}", "y")
    assert talk.session.eval("ans1 + x") == 43


def test_inside_the_tour() -> None:
    """The tour goes on, in a session that is as it was."""
    session, screen = Session(), io.StringIO()
    lines = iter(["y = 2", f"y = 3; {FOREVER}", "y + 40", "quit"])
    pressing = Timer(1.0, lambda: os.kill(os.getpid(), signal.SIGINT))

    def typed(prompt: str, keep: bool) -> str:
        line = next(lines)
        if FOREVER in line:
            pressing.start()
        return line

    talk = Talk(session, Answers(session, screen, screen), typed)
    talk.answer(":tour 9")
    said = screen.getvalue()
    assert said.count("E-INTERRUPT") == 1 and "42" in said.split("E-INTERRUPT")[1] and "own session again" in said
