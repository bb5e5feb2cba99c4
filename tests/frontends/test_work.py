"""Ctrl-C ends any work and leaves the session as it was; the meter shows how far work is and leaves no trace."""

from __future__ import annotations

import io
import os
import select
import signal
import sys
import threading
from pathlib import Path

import pytest

from calclang import CalcError, Session
from calclang.frontends import progress
from calclang.frontends.progress import ERASE, Meter, Report, meter_of
from calclang.frontends.work import Work
from calclang.progress import Stopped

ROOT = Path(__file__).parents[2]
PROMPT = b"\x1b[?2004h"  # pastes are marked from now on: a line is read


def interrupted(program: str, before: str = "x = 1; set digits 4") -> tuple[Session, CalcError]:
    """A session in which a program, that would run for minutes, was interrupted."""
    session = Session()
    session.run(before)
    started = threading.Event()

    def job() -> None:
        started.set()
        session.run(program)

    def press() -> None:
        started.wait()
        os.kill(os.getpid(), signal.SIGINT)

    thread = threading.Thread(target=press)
    thread.start()
    with pytest.raises(CalcError) as caught:
        Work(session).run(job)
    thread.join()
    return session, caught.value


@pytest.mark.filterwarnings("ignore:unclosed file", "ignore::pytest.PytestUnraisableExceptionWarning")  # of a module that was being imported
@pytest.mark.parametrize(
    "program",
    [
        "x = 2; set digits 7; y = 3; fold((s, i) -> sin(s) + i, 0, 1..100000000)",
        "x = 2; A = eye(700) + 1; iterate(B -> B*A/norm(B), A, 100000)",
        "x = 2; g(n) = if n < 2 then [n] else g(n-1) + g(n-2); [g(mod(k, 25))[1] for k in 1..100000]",
        "x = 2; f(t) = exp(sin(exp(sin(t)))); f''''''''''''''(0.5)",
        "x = 2; iterate(t -> t + 1, 0, until = t -> t < 0, max = 1e12)",
    ],
    ids=["fold", "matrices", "turn by turn", "derivatives", "until"],
)
def test_the_session_is_as_it_was(program: str) -> None:
    session, error = interrupted(program)
    assert error.code == "E-INTERRUPT"
    assert session.eval("x") == 1 and session.settings.digits == 4
    assert session.definitions.keys() == {"x", "ans"}
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_compiled_functions_forget_too() -> None:
    """What was compiled while a name meant something else is not used afterwards."""
    session, _ = interrupted("k = 5; [f(1), f(2), f(3), f(4)]; f(5); iterate(t -> t + 1, 0, until = t -> t < 0, max = 1e12)", "k = 1; f(x) = k*x")
    assert session.eval("f(2)") == 2


def test_what_cannot_be_stopped_is_left_behind() -> None:
    """As a long call of NumPy would, this job hears nothing for a while."""
    session, gate = Session(), threading.Lock()
    gate.acquire()

    def deaf() -> None:
        os.kill(os.getpid(), signal.SIGINT)
        gate.acquire()  # no step of Python until the test lets go
        session.run("x = 1")

    with pytest.raises(CalcError) as caught:
        Work(session).run(deaf)
    assert "background" in caught.value.diagnostic.notes[0]
    gate.release()
    for thread in threading.enumerate():
        if thread.name.startswith("calclang"):
            thread.join(10)
    assert "x" not in session.definitions


def test_a_thread_that_was_left_behind_ends_with_its_next_definition() -> None:
    session = Session()
    session.restore(session.snapshot(), threading.current_thread())
    with pytest.raises(Stopped):
        session.run("x = 1")
    assert "x" not in session


def test_values_and_errors_come_through() -> None:
    session = Session()
    work = Work(session)
    assert work.run(lambda: session.eval("1 + 1")) == 2
    with pytest.raises(CalcError, match="E-DIVZERO"):
        work.run(lambda: session.eval("1/0"))


# ---- the meter -----------------------------------------------------------------------------------------


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_only_on_a_terminal() -> None:
    assert meter_of(Session(), io.StringIO(), {}) is None
    assert meter_of(Session(), Terminal(), {"TERM": "dumb"}) is None
    assert meter_of(Session(), Terminal(), {"TERM": "xterm"}) is not None


def test_it_is_patient_and_leaves_no_trace(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = [100.0]
    monkeypatch.setattr(progress, "monotonic", lambda: clock[0])
    screen = Terminal()
    meter = Meter(Session(), screen)
    meter.begin()
    meter.tell("loop", 0, 1000)
    meter.draw()
    meter.erase()
    assert screen.getvalue() == ""
    clock[0] += 2
    meter.tell("loop", 500, 1000)
    meter.draw()
    meter.draw()
    assert screen.getvalue() == ERASE + "loop  ━━━━━━━━━━━━────────────   50%  250/s  2 s left"
    meter.erase()
    assert screen.getvalue().endswith(ERASE)


@pytest.mark.parametrize(("width", "line"), [(80, "loop  ━━━━━━━━━━━━────────────   50%  250/s  2 s left"), (40, "loop  ━━━━────   50%  250/s  2 s left"), (24, "loop  ━━━━────   50% ")])
def test_it_leaves_room_for_what_the_terminal_writes_at_the_key(monkeypatch: pytest.MonkeyPatch, width: int, line: str) -> None:
    clock = [100.0]
    monkeypatch.setattr(progress, "monotonic", lambda: clock[0])
    monkeypatch.setattr(progress, "size_of", lambda stream: os.terminal_size((width, 24)))
    meter = Meter(Session(), screen := Terminal())
    meter.begin()
    meter.tell("loop", 0, 1000)
    clock[0] += 2
    meter.tell("loop", 500, 1000)
    meter.draw()
    assert screen.getvalue() == ERASE + line and len(line) + len("^C") < width


@pytest.mark.parametrize(
    ("report", "drawn", "said"),
    [
        (None, "working  3 s", "working for 3 s"),
        (Report("loop", 0, 10, 99.9, 0, 100.0), "loop  ────────────────────────    0%  3 s", "loop: 0 percent"),
        (Report("loop", 25_000_000, 100_000_000, 98.0, 0, 100.0), "loop  ━━━━━━──────────────────   25%  12.5M/s  6 s left", "loop: 25 percent, 6 s left"),
        (Report("fold", 7, 8, 0.0, 0, 100.0), "fold  ━━━━━━━━━━━━━━━━━━━━━───   87%  4.2/min  14 s left", "fold: 87 percent, 14 s left"),
        (Report("elements", 900, 1_000_000, 99.0, 0, 99.01), "elements  ────────────────────────    0%  3 s", "elements: 0 percent"),
        (Report("minimize", 12, 0, 96.0, 0, 100.0), "minimize  step 12  3/s  3 s", "minimize: step 12"),
        (Report("reading \x1b[2J.csv", 1, 8000, 0.0, 0, 100.0), "reading \\u001b[2J.csv  ────────────────────────    0%  0.6/min  222 h 11 min left", None),
    ],
)
def test_the_line(report: Report | None, drawn: str, said: str | None) -> None:
    assert progress.drawn(report, 3.0) == drawn
    assert said is None or progress.said(report, 3.0) == said


# ---- the whole program, with the key itself --------------------------------------------------------------


@pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")
def test_at_the_prompt() -> None:
    """A long fold and a long product of matrices, interrupted by the key."""
    import pty

    child, screen = pty.fork()
    if not child:
        environment = os.environ | {"PYTHONPATH": str(ROOT), "CALCLANG_HISTORY": "", "TERM": "xterm", "PROMPT_TOOLKIT_NO_CPR": "1"}
        os.execve(sys.executable, [sys.executable, "-m", "calclang"], environment)
    seen = b""

    def until(text: bytes) -> None:
        nonlocal seen
        while text not in seen:
            assert select.select([screen], [], [], 60)[0], seen
            seen += os.read(screen, 4096)
        seen = seen[seen.index(text) + len(text) :]

    try:
        until(PROMPT)
        os.write(screen, b"x = 41; A = eye(1500)\r")
        for long, shown in ((b"iterate(t -> cos(t), 1, 200000000)", b"left"), (b"A = iterate(B -> B*B, eye(1500), 10000)", b"%")):
            until(PROMPT)
            os.write(screen, long + b"\r")
            until(shown)
            os.write(screen, b"\x03")
            until(b"E-INTERRUPT")
        until(PROMPT)
        os.write(screen, b"x + 1 + A[1, 1] - 1\r")
        until(b"42")
    finally:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        os.close(screen)
