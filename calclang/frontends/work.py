"""Work that Ctrl-C stops at once. It runs in a thread of its own, because a long call of NumPy lets no signal through to the thread that made it.

The main thread waits, draws the meter and hears Ctrl-C. Then an exception is sent into the worker, which ends it between two steps of Python. What does
not end within a tenth of a second is left behind: it dies as soon as its call of NumPy or SciPy comes back, and the session is as it was before.
"""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from math import inf
from time import monotonic
from typing import Any, Generic, TypeVar

from calclang import errors
from calclang.frontends.progress import Meter
from calclang.progress import Stopped
from calclang.session import Session

T = TypeVar("T")

TICK = 0.05  # seconds between two looks at what happened
GRACE = 0.1  # seconds in which a stopped worker may end
STACK = 64 << 20  # bytes: as deep as the main thread's, on systems that give other threads little


class Task(Generic[T]):
    """A job in a thread of its own."""

    def __init__(self, job: Callable[[], T]) -> None:
        self.job = job
        self.value: T
        self.problem: BaseException | None = None
        self.thread = threading.Thread(target=self.run, name="calclang", daemon=True)
        before = threading.stack_size(STACK)
        try:
            self.thread.start()
        finally:
            threading.stack_size(before)

    def run(self) -> None:
        try:
            self.value = self.job()
        except BaseException as problem:
            self.problem = problem

    def ended(self, seconds: float) -> bool:
        """Whether it has ended, or ends within this time."""
        self.thread.join(seconds)
        return not self.thread.is_alive()

    def stop(self, seconds: float | None = None) -> bool:
        """Whether it could be stopped in this time. Asked again and again, because an exception that meets a finaliser is lost."""
        import ctypes

        end = inf if seconds is None else monotonic() + seconds
        with quietly():
            while monotonic() < end:
                ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(self.thread.ident or 0), ctypes.py_object(Stopped))
                if self.ended(0.01):
                    return True
        return False

    def leave(self) -> None:
        """Stop it when it can be stopped, which nobody waits for."""
        threading.Thread(target=self.stop, name="calclang, stopping", daemon=True).start()


class Direct:
    """Runs jobs where it stands."""

    def run(self, job: Callable[[], T]) -> T:
        return job()


class Work(Direct):
    """Runs jobs for one session, each in a thread of its own."""

    def __init__(self, session: Session, meter: Meter | None = None) -> None:
        self.session, self.meter = session, meter
        self.asked = False  # whether Ctrl-C was pressed

    def run(self, job: Callable[[], T]) -> T:
        """What the job gives. Raises what it raises, and E-INTERRUPT after Ctrl-C: then the session is as it was."""
        before = self.session.snapshot()
        with self.hearing():
            task = Task(job)
            self.wait(task)
            if self.asked:
                still = not task.stop(GRACE)
                self.session.restore(before, task.thread if still else None)
                if still:
                    task.leave()
                raise errors.interrupted(still)
        if task.problem is not None:
            raise task.problem
        return task.value

    def wait(self, task: Task[Any]) -> None:
        """Until the task has ended or Ctrl-C was pressed."""
        if self.meter is None:
            while not self.asked and not task.ended(TICK):
                pass
            return
        self.meter.begin()
        try:
            while not self.asked and not task.ended(TICK):
                self.meter.draw()
        finally:
            self.meter.erase()

    @contextmanager
    def hearing(self) -> Iterator[None]:
        """Inside, Ctrl-C is noted and raises nothing, and the session tells the meter how far it is."""
        self.asked = False
        before = self.session.progress
        if self.meter is not None:
            self.session.progress = self.meter.tell
        try:
            with handled(self.interrupt):
                yield
        finally:
            self.session.progress = before

    def interrupt(self, *signal: Any) -> None:
        self.asked = True


@contextmanager
def handled(handler: Callable[..., None]) -> Iterator[None]:
    """Ctrl-C calls ``handler``, where it would have raised KeyboardInterrupt (not where a program ignores it, nor outside the main thread)."""
    if threading.current_thread() is not threading.main_thread() or signal.getsignal(signal.SIGINT) is not signal.default_int_handler:
        yield
        return
    signal.signal(signal.SIGINT, handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@contextmanager
def quietly() -> Iterator[None]:
    """A `Stopped` that is lost in a finaliser is not told of."""
    hook = sys.unraisablehook
    sys.unraisablehook = lambda found: None if found.exc_type is Stopped else hook(found)
    try:
        yield
    finally:
        sys.unraisablehook = hook
