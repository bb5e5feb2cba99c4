"""What a terminal shows of long work: after half a second one line with a bar, the rate and the time left, erased when the work is done."""

from __future__ import annotations

from collections.abc import Mapping
from time import monotonic
from typing import TextIO

from calclang.display.clean import clean
from calclang.frontends.screen import size_of
from calclang.record import record
from calclang.session import Session

PATIENCE = 0.5  # seconds before anything is shown
OFTEN, SELDOM = 0.1, 5.0  # seconds between two drawings; the second where a screen reader reads each of them
BAR, SHORT, WIDE = 24, 8, 64  # columns of the bar, of that on a narrow screen, and of a screen that is not
ECHO = 3  # columns that stay free: the terminal writes ^C there
ERASE = "\r\x1b[2K"


@record
class Report:
    """What a loop told last and when, and since when it has been telling."""

    what: str
    done: int
    total: int
    since: float
    first: int
    at: float

    def rate(self) -> float:
        """Steps per second up to what was told last; 0 where it is too early to say."""
        return (self.done - self.first) / (self.at - self.since) if self.at - self.since > 0.2 else 0.0


class Meter:
    """The line of one terminal. `tell` is the session's hook and may be called from another thread than the rest."""

    def __init__(self, session: Session, stream: TextIO) -> None:
        self.session, self.stream = session, stream
        self.report: Report | None = None
        self.began = self.drawn = 0.0

    def tell(self, what: str, done: int, total: int) -> None:
        """A loop says how far it is."""
        last, now = self.report, monotonic()
        same = last is not None and (last.what, last.total) == (what, total) and last.done <= done
        since, first = (last.since, last.first) if last is not None and same else (now, done)
        self.report = Report(what, done, total, since, first, now)

    def begin(self) -> None:
        """Work begins now."""
        self.report, self.began, self.drawn = None, monotonic(), 0.0

    def draw(self) -> None:
        """Show how far the work is, if it is time to."""
        now, plain = monotonic(), self.session.settings.style == "plain"
        if now - self.began < PATIENCE or now - self.drawn < (SELDOM if plain else OFTEN):
            return
        report, width = self.report, size_of(self.stream).columns
        text = said(report, now - self.began) if plain else drawn(report, now - self.began, BAR if width >= WIDE else SHORT)
        self.stream.write(ERASE + text[: width - ECHO])
        self.stream.flush()
        self.drawn = now

    def erase(self) -> None:
        """Leave no trace."""
        if self.drawn:
            self.stream.write(ERASE)
            self.stream.flush()
            self.drawn = 0.0


def meter_of(session: Session, stream: TextIO, environment: Mapping[str, str]) -> Meter | None:
    """The meter of a terminal; None where the stream is none, or one that cannot erase."""
    return Meter(session, stream) if stream.isatty() and environment.get("TERM") != "dumb" else None


# ---- the line ------------------------------------------------------------------------------------------


def drawn(report: Report | None, spent: float, columns: int = BAR) -> str:
    """The line with a bar of so many columns."""
    if report is None:
        return f"working  {duration(spent)}"
    rate = report.rate()
    if not report.total:
        parts = [f"step {report.done:,}", per_second(rate), duration(spent)]
    else:
        parts = [bar(report.done / report.total, columns), f"{100 * report.done // report.total:3d}%", per_second(rate), left(report, rate) or duration(spent)]
    return "  ".join([clean(report.what), *(p for p in parts if p)])


def said(report: Report | None, spent: float) -> str:
    """The same in words."""
    if report is None:
        return f"working for {duration(spent)}"
    if not report.total:
        return f"{clean(report.what)}: step {report.done}"
    rest = left(report, report.rate())
    return f"{clean(report.what)}: {100 * report.done // report.total} percent" + (f", {rest}" if rest else "")


def bar(part: float, columns: int) -> str:
    """Heavy as far as the work is, light from there on."""
    halves = min(2 * columns, max(0, int(2 * columns * part)))
    text = "━" * (halves // 2) + "╸" * (halves % 2)
    return text + "─" * (columns - len(text))


def per_second(rate: float) -> str:
    """``12.3M/s``."""
    if rate <= 0:
        return ""
    for size, unit in ((1e9, "G"), (1e6, "M"), (1e3, "k"), (1.0, "")):
        if rate >= size:
            return f"{rate / size:.3g}{unit}/s"
    return f"{60 * rate:.2g}/min"


def left(report: Report, rate: float) -> str:
    """``8 s left``."""
    return f"{duration(max(1, (report.total - report.done) / rate))} left" if rate > 0 else ""


def duration(seconds: float) -> str:
    """``8 s``, ``2 min 5 s``, ``3 h 20 min``."""
    whole = int(seconds + 0.5)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3600:,} h {whole % 3600 // 60} min"
