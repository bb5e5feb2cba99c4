"""What only a terminal shows: the program under a pseudo-terminal of its own, or without one."""

from __future__ import annotations

import os
import select
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from calclang.frontends.encoding import keyboard

if sys.platform == "win32":
    pytest.skip("needs a pseudo-terminal", allow_module_level=True)

import fcntl
import pty
import struct
import termios

ROOT = Path(__file__).parents[2]
READY = b"\x1b[?2004h"  # pastes are marked from now on: a line is read
LEAVE = b"\x04"


class Terminal:
    """A program that runs in a terminal of 80 columns."""

    def __init__(self, pid: int, fd: int) -> None:
        self.pid, self.fd, self.seen = pid, fd, b""
        self.resize(80)

    def resize(self, columns: int) -> None:
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))

    def until(self, text: bytes) -> bytes:
        """What the screen got up to this text."""
        end = time.monotonic() + 20
        while text not in self.seen:
            assert select.select([self.fd], [], [], max(0, end - time.monotonic()))[0], self.seen
            self.seen += os.read(self.fd, 4096)
        found, _, self.seen = self.seen.partition(text)
        return found

    def type(self, text: str | bytes) -> None:
        os.write(self.fd, text.encode() if isinstance(text, str) else text)

    def status(self) -> int:
        """How it ended; what it says last is in ``seen``."""
        while select.select([self.fd], [], [], 60)[0]:
            try:
                data = os.read(self.fd, 4096)
            except OSError:  # Linux says so where nobody has the terminal open any more
                break
            if not data:
                break
            self.seen += data
        pid, self.pid = self.pid, 0
        return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


@contextmanager
def running(where: str = "", **environment: str) -> Iterator[Terminal]:
    """calclang in a terminal; ``where`` its streams go, in the shell's words."""
    pid, fd = pty.fork()
    if not pid:
        settings = {"PYTHONPATH": str(ROOT), "CALCLANG_HISTORY": "", "TERM": "xterm", "PROMPT_TOOLKIT_NO_CPR": "1", "NO_COLOR": "1", "CALCLANG_CONFIG": ""} | environment
        os.execve("/bin/sh", ["sh", "-c", f"exec '{sys.executable}' -m calclang {where}"], os.environ | settings)
    terminal = Terminal(pid, fd)
    try:
        yield terminal
    finally:
        if terminal.pid:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
        os.close(fd)


def test_keys_of_the_terminal_itself() -> None:
    """Ctrl-C clears the line and says nothing, a byte that is no character is an error, a resize redraws, Ctrl-D on an empty line leaves."""
    with running() as terminal:
        terminal.until(READY)
        terminal.type("1 + \x03")
        assert b"error" not in terminal.until(READY)
        terminal.type(b"1+\xe9\r")
        terminal.until(b"E-SYNTAX")
        terminal.until(READY)
        terminal.type("12345" * 8)
        terminal.until(b"12345" * 8)
        terminal.resize(30)
        terminal.until(b"12345")
        terminal.type("\x15" + "6 * 7\r")
        terminal.until(b"= 42")
        terminal.until(READY)
        terminal.type(LEAVE)
        assert terminal.status() == 0


def test_suspended_and_resumed() -> None:
    with running() as terminal:
        terminal.until(READY)
        terminal.type("6 *")
        terminal.until(b"6 *")
        os.kill(terminal.pid, signal.SIGSTOP)
        os.kill(terminal.pid, signal.SIGCONT)
        terminal.type(" 7\r")
        terminal.until(b"= 42")


def test_resized_during_long_work() -> None:
    with running() as terminal:
        terminal.until(READY)
        terminal.type("iterate(t -> cos(t), 1, 200000000)\r")
        terminal.until(b"loop")
        terminal.resize(40)
        terminal.until(b"loop")
        terminal.type("\x03")
        terminal.until(b"E-INTERRUPT")
        terminal.until(READY)


def test_a_terminal_without_a_cursor() -> None:
    """Plain lines, no escape codes, and still more lines for what is not finished."""
    with running(TERM="dumb") as terminal:
        terminal.until(b"calc> ")
        terminal.type("[1,\n")
        terminal.until(b"....> ")
        terminal.type("2]\n")
        assert b"\x1b" not in terminal.until(b"= [1, 2]")
        terminal.until(b"calc> ")
        terminal.type("oops\x03")
        terminal.until(b"calc> ")
        terminal.type(b"\xe9\n")
        terminal.until(b"E-SYNTAX")
        terminal.type(LEAVE)
        assert terminal.status() == 0 and b"\x1b" not in terminal.seen


def test_answers_into_a_file(tmp_path: Path) -> None:
    """The prompt stays on the terminal, and so do errors; the file gets exact answers."""
    with running(f"> '{tmp_path}/out'") as terminal:
        terminal.until(READY)
        terminal.type("1/3\r")
        terminal.until(READY)
        terminal.type("1/0\r")
        terminal.until(b"E-DIVZERO")
        terminal.until(READY)
        terminal.type(LEAVE)
        assert terminal.status() == 0
    assert (tmp_path / "out").read_text() == "0.3333333333333333\n"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is full")
def test_a_full_disk() -> None:
    with running("> /dev/full") as terminal:
        terminal.until(READY)
        terminal.type("1/3\r")
        assert terminal.status() == 1
        assert terminal.seen.endswith(b"calclang: cannot write: no space left on device\r\n")


def test_a_closed_pipe() -> None:
    with running("| (read line; exec true)") as terminal:
        terminal.until(READY)
        terminal.type("1\r")
        terminal.until(READY)
        terminal.type("2\r")
        assert terminal.status() == 0 and b"rror" not in terminal.seen and b"cannot" not in terminal.seen


@pytest.mark.parametrize(("number", "status"), [(signal.SIGTERM, 128 + signal.SIGTERM), (signal.SIGHUP, -signal.SIGHUP)])
def test_ended_from_outside(number: int, status: int, tmp_path: Path) -> None:
    """What was typed is kept, and nothing is said."""
    with running(CALCLANG_HISTORY=str(tmp_path / "history")) as terminal:
        terminal.until(READY)
        terminal.type("x = 1\r")
        terminal.until(READY)
        os.kill(terminal.pid, number)
        assert terminal.status() == status and b"rror" not in terminal.seen and b"Traceback" not in terminal.seen
    assert "+x = 1\n" in (tmp_path / "history").read_text()


def test_a_screen_that_knows_only_ascii() -> None:
    with running(PYTHONIOENCODING="ascii") as terminal:
        terminal.until(READY)
        terminal.type("f(α) = α/3; f\r")
        terminal.until(b"f(alpha) = alpha/3")
        terminal.type("f(1)\r")
        terminal.until(b"~ 0.3333333333")


@pytest.mark.parametrize(("sign", "written"), [("≈", "~~"), ("×", "x"), ("≤", "<="), ("α", "alpha"), ("²", "^2"), ("ᵢ", "_i"), ("∞", "inf"), ("…", "..."), ("é", "\\xe9"), ("\udce9", "\\udce9")])
def test_signs_without_unicode(sign: str, written: str) -> None:
    assert keyboard(sign) == written


@pytest.mark.parametrize("where", [">&-", "2>&-"])
def test_a_closed_stream(where: str) -> None:
    """The prompt is on the other one."""
    with running(where) as terminal:
        terminal.until(READY)
        terminal.type("1/0\r")
        terminal.until(b"E-DIVZERO")
        terminal.until(READY)
        terminal.type(LEAVE)
        assert terminal.status() == 0
