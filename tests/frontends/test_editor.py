"""The line editor and its history, driven by keystrokes."""

from __future__ import annotations

import io
import os
import stat
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from prompt_toolkit.application import create_app_session
from prompt_toolkit.input import create_pipe_input
from prompt_toolkit.output import DummyOutput

from calclang import Session
from calclang.frontends.answers import Answers
from calclang.frontends.prompt.editor import Editor, make_prompt
from calclang.frontends.prompt.log import MOST, Log, parsed, written
from calclang.frontends.prompt.outside import CannotEdit, edited
from calclang.frontends.prompt.paste import pasted
from calclang.frontends.prompt.preview import Preview
from calclang.frontends.prompt.signs import PROMPT
from calclang.progress import Stopped

UP, DOWN, ALT_ENTER, ESCAPE, SEARCH, OUTSIDE = "\x1b[A", "\x1b[B", "\x1b\r", "\x1b", "\x12", "\x18\x05"
LEAVE = "\x04"


@pytest.fixture(autouse=True)
def place(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Path]:
    """A history of the test's own."""
    path = tmp_path / "state" / "history"
    monkeypatch.setenv("CALCLANG_HISTORY", str(path))
    monkeypatch.setenv("TERM", "xterm")
    for name in ("VISUAL", "EDITOR"):
        monkeypatch.delenv(name, raising=False)
    yield path


def typed(*keys: str, program: str = "") -> list[str]:
    """The inputs that these keystrokes make; each element of ``keys`` is typed into a prompt of its own."""
    session, inputs, screen = Session(), [], io.StringIO()
    session.run(program)
    with create_pipe_input() as keyboard, create_app_session(input=keyboard, output=DummyOutput()):
        prompt = make_prompt(session, Answers(session, screen, screen))
        assert isinstance(prompt, Editor)
        for some in keys:
            threading.Thread(target=keyboard.send_text, args=[some]).start()  # a pipe holds 64 kB
            try:
                inputs.append(prompt.prompt(PROMPT))
            except KeyboardInterrupt:
                inputs.append("^C")
            except EOFError:
                inputs.append("^D")
    assert not screen.getvalue(), screen.getvalue()
    return inputs


def marked(text: str) -> str:
    """As a terminal sends what is pasted."""
    return f"\x1b[200~{text}\x1b[201~"


# ---- when Enter ends an input ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("keys", "text"),
    [
        ("f(x) =\rx^2\r", "f(x) =\n  x^2"),
        ("[1,\r2,\r3]\r", "[1,\n2,\n3]"),
        ("f(x) = let\rd = 2x,\re = 3\rin d + e\r", "f(x) = let\n  d = 2x,\n  e = 3\n  in d + e"),
        ("g(\r1,\r2)\r", "g(\n  1,\n  2)"),
        (f"1{ALT_ENTER}2\r", "1\n2"),
        ("[1,\r2]" + UP + "\r", "[1,\n2]"),  # complete: Enter in the first line submits
        ("1 +\r\r", "1 +\n"),  # an empty line ends what cannot be finished
        (":load x(\r", ":load x("),
        ("1 + \x15" + "2\r", "2"),
        ("1 + \x03", "^C"),
        (LEAVE, "^D"),
    ],
)
def test_enter(keys: str, text: str) -> None:
    assert typed(keys) == [text]


def test_vi_keys() -> None:
    assert typed(f"12{ESCAPE}x\r", program="set keys vi") == ["1"]
    assert typed(f"[1,{ESCAPE}o2]\r", program="set keys vi") == ["[1,\n2]"]


# ---- history -----------------------------------------------------------------------------------------------


def test_what_is_typed_in_a_tour_is_not_kept(place: Path) -> None:
    with create_pipe_input() as keyboard, create_app_session(input=keyboard, output=DummyOutput()):
        screen = io.StringIO()
        prompt = make_prompt(Session(), Answers(Session(), screen, screen))
        keyboard.send_text("1\r2\r3\r")
        assert [prompt.prompt(PROMPT), prompt.prompt("tour> ", keep=False), prompt.prompt(PROMPT)] == ["1", "2", "3"]
    assert parsed(place.read_bytes())[0] == ["1", "3"]


def test_up_finds_what_begins_so() -> None:
    *_, found, again = typed("f(1)\r", "x = 2\r", "f(2)\r", f"f({UP}{UP}\r", f"x{UP}{DOWN} = 5\r")
    assert (found, again) == ("f(1)", "x = 5")


def test_up_moves_between_lines_first() -> None:
    assert typed("x\r", f"[1,\r2]{UP}0{DOWN}\r")[-1] == "[10,\n2]"
    assert typed(UP + UP + UP + "\r")[-1] == "x"


def test_search() -> None:
    assert typed("alpha = 1\r", "beta = 2\r", f"{SEARCH}pha\r\r")[-1] == "alpha = 1"


def test_entries_are_written_at_once_and_for_the_owner_alone(place: Path) -> None:
    typed("x = 1\r", "x = 1\r", " secret\r", "[1,\r2]\r", "  \r", "1+\x03")
    assert stat.S_IMODE(place.stat().st_mode) == 0o600
    assert Log(place).read() == ["x = 1", "[1,\n2]"]
    assert typed(UP + "\r", UP + UP + UP + "\r") == ["[1,\n2]", "x = 1"]


def test_no_file(monkeypatch: pytest.MonkeyPatch, place: Path) -> None:
    monkeypatch.setenv("CALCLANG_HISTORY", "")
    assert typed("x = 1\r", UP + "\r") == ["x = 1", "x = 1"]
    assert not place.exists()


def test_a_file_that_others_could_read_is_closed_to_them(place: Path) -> None:
    place.parent.mkdir()
    place.touch(mode=0o644)
    assert Log(place).read() == [] and stat.S_IMODE(place.stat().st_mode) == 0o600


@pytest.mark.parametrize("data", [b"\xff\xfe\x00rubbish", b"cd /home\nls\n", b"\n# now\n+x = \xe9\n\0\0\0"])
def test_a_damaged_file_is_moved_aside(place: Path, data: bytes) -> None:
    place.parent.mkdir()
    for number in ("", "1"):
        place.write_bytes(written("good = 1") + data + written("good = 2"))
        log = Log(place)
        assert log.read() == ["good = 1", "good = 2"]
        aside = place.with_name(f"history.damaged{number}")
        assert aside.read_bytes() == written("good = 1") + data + written("good = 2")
        assert log.complaint == f"{place} was damaged: it is called {aside.name} now, and what could be read of it is kept"
        assert Log(place).read() == ["good = 1", "good = 2"] and stat.S_IMODE(place.stat().st_mode) == 0o600


def test_no_regular_file(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "ring").symlink_to(tmp_path / "ring")
    for path in (tmp_path, tmp_path / "pipe", tmp_path / "ring", tmp_path / "pipe" / "history", Path("a\0b")):
        log = Log(path)
        assert log.read() == [] and log.complaint.endswith("the history is not kept") and "\n" not in log.complaint
        log.add("x")  # goes nowhere
    log = Log(Path(os.devnull))
    assert log.read() == [] and not log.complaint


def test_a_disk_that_takes_nothing_any_more(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    log = Log(place)
    log.read()
    log.add("x = 1")
    monkeypatch.setattr(os, "write", lambda file, data: (_ for _ in ()).throw(OSError(28, "No space left on device")))
    log.add("x = 2")
    assert log.complaint == f"{place}: no space left on device: the history is not kept"
    assert Log(place).read() == ["x = 1"]


def test_bounded(place: Path) -> None:
    place.parent.mkdir()
    place.write_bytes(b"".join(written(str(n)) for n in range(MOST + 5)))
    assert Log(place).read()[0] == "5"
    assert parsed(place.read_bytes())[0] == [str(n) for n in range(5, MOST + 5)]


def test_two_prompts(place: Path) -> None:
    one, two = Log(place), Log(place)
    one.read(), two.read()
    one.add("1\n+1")
    two.add("2")
    one.add("3")
    assert Log(place).read() == ["1\n+1", "2", "3"]


# ---- pasting -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "stays"),
    [
        ("calc> x = 3\ncalc> x + 1\n= 4\n", "x = 3\nx + 1"),
        ("  calc 1> [1,\n  ....> 2]\n  = [1, 2]  # R^2\n  calc 2> ", "[1,\n2]"),
        ("1 + 1\r\n2 + 2\r\n", "1 + 1\n2 + 2"),
        ("x\u00a0=\u20091\t# tab\ufeff\u200b\x1b[2J\x07", "x = 1    # tab[2J"),
        ("\ud800\udce9 caf\u00e9", "\ufffd\ufffd café"),
        ("  indented\n    more", "indented\n    more"),
        ("calc > 3", "calc > 3"),
        ("a ....> b", "a ....> b"),
        ("\n\n", ""),
    ],
)
def test_what_is_pasted(text: str, stays: str) -> None:
    assert pasted(text) == stays


def test_pasting() -> None:
    assert typed(marked("calc> x = 3\r\ncalc> [1,\r\n....> 2]\r\n= [1, 2]\r\n") + "\r") == ["x = 3\n[1,\n2]"]
    assert typed("1 +" + marked(" 2\n") + "\r") == ["1 + 2"]


def test_a_huge_paste() -> None:
    lines = "\n".join(f"a{n} = {n}" for n in range(20_000))
    assert typed(marked("calc> " + lines.replace("\n", "\ncalc> ")) + "\x03") == ["^C"]
    assert pasted(lines) == lines
    assert typed(marked("[" + "1," * 5_000) + "\r\r") == ["[" + "1," * 5_000 + "\n"]
    assert typed(marked("[" + "1," * 15_000) + "\r") == ["[" + "1," * 15_000]  # too long to be asked whether it is complete


# ---- the reader's own editor ------------------------------------------------------------------------------


def script(folder: Path, text: str) -> str:
    file = folder / "an editor"
    file.write_text("#!/bin/sh\n" + text)
    file.chmod(0o700)
    return f"'{file}' -x"


def test_open_outside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VISUAL", script(tmp_path, 'test "$1" = -x && printf "[1,\\r\\n2]\\n" >> "$2"'))
    assert edited("x =") == "x =\n[1,\r\n2]\n"
    monkeypatch.setenv("VISUAL", script(tmp_path, 'echo "y = 2" > "$2"'))
    monkeypatch.setattr("prompt_toolkit.application.run_in_terminal", lambda job: job())  # the editor is done before the next key comes
    assert typed("x = 1" + OUTSIDE + "\r") == ["y = 2"]


@pytest.mark.parametrize(
    ("text", "says"),
    [("exit 3", "^an editor ended with status 3: the input"), ("printf '\\351' > \"$2\"", "not UTF-8"), ('rm "$2"', "no such file")],
)
def test_an_editor_that_fails(text: str, says: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EDITOR", script(tmp_path, text))
    with pytest.raises(CannotEdit, match=says):
        edited("x")


@pytest.mark.parametrize(("command", "says"), [("/no/such/editor", "no such file"), ("'open", "quote without an end")])
def test_no_editor(command: str, says: str, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("EDITOR", command)
    monkeypatch.setattr("prompt_toolkit.application.run_in_terminal", lambda job: job())
    assert typed("x = 1" + OUTSIDE + "\r") == ["x = 1"]
    assert says in capfd.readouterr().err


# ---- the preview ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "shown"),
    [("x + 1", "= 3"), ("2*ans7", "= 10"), ("1/3", "≈ 0.333"), ("eye(2)", "= [1  0 …"), ("x = 9", ""), ("1/0", ""), ("1 +", ""), ("x; x", ""), ("set digits 5", ""), ("print(x)", ""), ('read("f.csv")', "")],
)
def test_preview(text: str, shown: str) -> None:
    session = Session()
    session.run("x = 2; five = 5; set digits 3")
    session.numbered = {"ans7": session.definitions["five"]}
    before = session.snapshot()
    assert Preview(session, Answers(session, io.StringIO(), io.StringIO())).value(text) == shown
    assert session.snapshot() == before


def test_a_preview_ends_in_time() -> None:
    preview = Preview(Session(), Answers(Session(), io.StringIO(), io.StringIO()))
    with pytest.raises(Stopped):
        preview.value("fold((s, i) -> sin(s) + i, 0, 1..1000000)", end=0.0)


def test_the_preview_is_on_the_screen(monkeypatch: pytest.MonkeyPatch) -> None:
    """It appears by itself, and goes with the next key."""
    monkeypatch.setattr("calclang.frontends.prompt.preview.BUDGET", 30.0)
    session, screen, seen = Session(), io.StringIO(), []
    session.run("set preview true")
    with create_pipe_input() as keyboard, create_app_session(input=keyboard, output=DummyOutput()):
        prompt = make_prompt(session, Answers(session, screen, screen))
        assert isinstance(prompt, Editor)

        def look(app: object) -> None:
            seen.append(prompt.preview.text)
            if seen[-1] == "= 42" and seen.count("= 42") == 1:
                keyboard.send_text("1\r")

        prompt.lines.app.after_render += look
        keyboard.send_text("6 * 7")
        assert prompt.prompt(PROMPT) == "6 * 71"
        assert "= 42" in seen
        keyboard.send_text(LEAVE)
        with pytest.raises(EOFError):
            prompt.prompt(PROMPT)
        assert prompt.preview.text == ""
