"""``config.toml`` and ``init.calc``: what a person has chosen for every prompt."""

from __future__ import annotations

import io
import os
from pathlib import Path

import pytest
from prompt_toolkit.application import create_app_session
from prompt_toolkit.input import create_pipe_input
from prompt_toolkit.output import DummyOutput

from calclang.frontends.cli import Streams, main
from calclang.frontends.prompt.config import folder
from calclang.settings import Settings
from tests.frontends.test_session_commands import Screen, place

__all__ = ["place"]  # a fixture


class Keyboard(io.BytesIO):
    def isatty(self) -> bool:
        return True


def opened(*inputs: str, config: str | bytes | None = None, init: str | None = None, options: tuple[str, ...] = ()) -> list[str]:
    """What a prompt says that finds these files, line by line."""
    for name, text in (("config.toml", config), ("init.calc", init)):
        if text is not None:
            Path(name).write_bytes(text if isinstance(text, bytes) else text.encode())
    screen = Screen()
    with create_pipe_input() as keyboard, create_app_session(input=keyboard, output=DummyOutput()):
        keyboard.send_text("".join(text + "\r" for text in inputs) + "\x04")
        assert main(options, Streams(Keyboard(), screen, screen), {"CALCLANG_CONFIG": os.curdir, "NO_COLOR": "1"}) == 0
    return screen.getvalue().splitlines()


def test_where_it_is(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", "/home/me")
    monkeypatch.setenv("USERPROFILE", "/home/me")
    assert folder({}, "linux") == Path("/home/me/.config/calclang")
    assert folder({"XDG_CONFIG_HOME": "/x"}, "linux") == Path("/x/calclang")
    assert folder({"XDG_CONFIG_HOME": "/x"}, "darwin") == Path("/home/me/Library/Application Support/calclang")
    assert folder({"APPDATA": "/roaming"}, "win32") == Path("/roaming/calclang")
    assert folder({"CALCLANG_CONFIG": "~/mine"}, "win32") == Path("/home/me/mine") and folder({"CALCLANG_CONFIG": ""}) is None


def test_no_files() -> None:
    assert opened("1/3")[1:] == ["ans1 ≈ 0.3333333333"]


def test_settings() -> None:
    chosen = 'digits = 4\nformat = "scientific"\nchop = true\nmode = "forward"\nieee = true\necho = false\nstyle = "plain"\ntheme = "mono"\ntimer = false\n'
    lines = opened(":set", config=f"\ufeff# mine\n[settings]\n{chosen}")
    for line in chosen.splitlines():
        assert any(text.split()[:2] == line.replace('"', "").split(" = ") for text in lines), line


@pytest.mark.parametrize(
    ("config", "says"),
    [
        ("[settings]\nstile = 3\n", "calclang: config.toml: there is no setting stile; did you mean style?"),
        ('[settings]\ndigits = "five"\n', "calclang: config.toml: digits needs a whole number from 1 to 17"),
        ("[settings]\ndigits = 99\n", "calclang: config.toml: digits needs a whole number from 1 to 17"),
        ("[settings]\nchop = 1\n", "calclang: config.toml: chop needs true or false"),
        ("[settings]\ntheme = [1]\n", "calclang: config.toml: theme needs terminal, bright or mono"),
        ("[settings]\necho = 1979-05-27\n", "calclang: config.toml: echo needs true or false"),
        ("digits = 3\n", "calclang: config.toml: digits is not used; it belongs below a line [settings]"),
        ("[colours]\na = 1\n", "calclang: config.toml: colours is not used; settings stand below a line [settings]"),
        ("settings = 3\n", "calclang: config.toml: settings is not used; it is a table, below a line [settings]"),
        ("[settings\n", "calclang: config.toml: it is not used, for it is no TOML: "),
        (b"\xff\xfe", "calclang: config.toml: it is not used: it is no utf-8 text"),
    ],
)
def test_one_line_on_what_is_wrong(config: str | bytes, says: str) -> None:
    """And the rest applies."""
    rest = config if isinstance(config, bytes) else config.replace("[settings]\n", "[settings]\ntimer = true\n")
    complaint, welcome = "\n".join(opened("1", config=rest)).split("\ncalclang: type ")
    assert complaint.replace("\n", " ").startswith(says)
    _, first, *answers = welcome.split("\n")
    assert first == "ans1 = 1" and len(answers) == (isinstance(config, str) and config.startswith("[settings]\n"))


def test_what_is_no_file(place: Path) -> None:
    (place / "config.toml").mkdir()
    (place / "init.calc").mkdir()
    lines = opened("1")
    assert lines[0] == "calclang: config.toml: it is not used: is a directory" and "init.calc is refused" in lines[1] and lines[-1] == "ans1 = 1"


def test_init() -> None:
    """It runs before the first input; what it defines is neither taken back nor forgotten; its values are not shown."""
    lines = opened("g", ":undo", "g = 3", ":reset", "g", init='g = 9.81\n2 + 2\nprint("hello")\n')
    assert lines[0] == "hello" and lines[2] == "= 9.81" and "nothing to take back" in lines[3] and lines[-1] == "= 9.81" and "ans1" not in "".join(lines)


def test_an_error_in_init() -> None:
    """It is shown, nothing of the file is kept, as with any file, and the prompt opens."""
    lines = opened("x", init="x = 1\n1/0\nx = 2\n")
    assert lines[0].startswith("error[E-DIVZERO]") and "init.calc:2:1" in lines[1] and "error[E-NAME]: x is not defined" in lines


def test_a_saved_program_has_what_it_uses_of_init() -> None:
    init = "g = 9.81\nh(x) = g*x\nunused = 1\n"
    opened("h(2)", ":save uses", init=init)
    assert Path("uses.calc").read_text() == "# A session of calclang.\n# From init.calc:\ng = 9.81\nh(x) = g*x\nunused = 1\n# The session:\nh(2)\n"
    opened("2", ":save free", init=init, config="[settings]\nieee = true\n")
    assert Path("free.calc").read_text() == "# A session of calclang.\nset ieee true\n2\n"


def test_no_init() -> None:
    lines = opened("1/3", "g", config="[settings]\ndigits = 3\n", init="g = 1\n", options=("--no-init",))
    assert lines[1] == "ans1 ≈ 0.3333333333" and "g is not defined" in lines[2]


def test_the_command_line_wins() -> None:
    assert opened("1/3", config="[settings]\ndigits = 3\n", options=("--digits", "5"))[1] == "ans1 ≈ 0.33333"


def test_only_the_prompt_reads_them(place: Path) -> None:
    (place / "config.toml").write_text("[settings]\ndigits = 3\n")
    (place / "init.calc").write_text("g = 1\n")
    out, err = io.StringIO(), io.StringIO()
    assert main(["-e", "1/3", "-e", "g"], Streams(io.BytesIO(), out, err), {"CALCLANG_CONFIG": str(place)}) == 1
    assert out.getvalue() == "0.3333333333333333\n" and "g is not defined" in err.getvalue() and Settings().digits == 10
