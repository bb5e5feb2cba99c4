"""The prompt, driven by keystrokes."""

from __future__ import annotations

import sys

import pytest
from prompt_toolkit.application import create_app_session
from prompt_toolkit.input import create_pipe_input
from prompt_toolkit.output import DummyOutput

from calclang import Session
from calclang.frontends import prompt
from calclang.frontends.answers import Answers


@pytest.fixture(autouse=True)
def no_history(monkeypatch: pytest.MonkeyPatch, tmp_path: object) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))


def typed(keys: str, capsys: pytest.CaptureFixture[str]) -> str:
    """What the prompt prints while these keys are typed."""
    with create_pipe_input() as keyboard, create_app_session(input=keyboard, output=DummyOutput()):
        keyboard.send_text(keys)
        session = Session()
        assert prompt.repl(session, Answers(session, sys.stdout, sys.stdout, environment={})) == 0
    return capsys.readouterr().out


def test_values_and_leaving(capsys: pytest.CaptureFixture[str]) -> None:
    assert typed("1+1\nf(x) = x^2\nf'\n\x04", capsys).splitlines()[1:] == ["2", "x -> 2*x"]


def test_errors_do_not_end_the_session(capsys: pytest.CaptureFixture[str]) -> None:
    out = typed("x = 3\n1/0\nx\n:quit\n", capsys)
    assert "E-DIVZERO" in out and out.splitlines()[-1] == "3"


def test_an_open_bracket_continues(capsys: pytest.CaptureFixture[str]) -> None:
    assert typed("[1,\n2]\n\x04", capsys).splitlines()[-1] == "[1, 2]"


def test_control_c_forgets_the_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert typed("1 + \x032+2\n\x04", capsys).splitlines()[-1] == "4"


def test_colon_commands(capsys: pytest.CaptureFixture[str]) -> None:
    out = typed("x = 3\n:vars\n:reset\n:vars\n:nonsense\n:help\n\x04", capsys)
    assert "x  number  3" in out and "forgot 1 name" in out and "nothing yet" in out and "there is no command :nonsense" in out and "derivative" in out
