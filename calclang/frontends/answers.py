"""What is printed for a result, a warning or an error: for people on a terminal, as exact calc elsewhere, as JSON or LaTeX on request."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from copy import copy
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, TextIO

from calclang.errors import Diagnostic
from calclang.frontends.work import Direct
from calclang.session import Result, Session
from calclang.syntax import tree
from calclang.values import Text, Value

if TYPE_CHECKING:
    from calclang.display.style import Style

REMARK = 3  # lines at most


class Answers:
    """The output of one session. Results go to ``out``, warnings and errors to ``err``."""

    def __init__(
        self, session: Session, out: TextIO, err: TextIO, format: str = "", color: str = "auto", environment: Mapping[str, str] | None = None
    ) -> None:
        self.session, self.out, self.err, self.format = session, out, err, format
        self.work = Direct()
        self.told: Callable[[str], object] = lambda text: None  # hears all that is printed
        self.color = wants_color(color, err, environment or {})
        self.dim = wants_color(color, out, environment or {})

    def beside(self, session: Session, work: Direct) -> Answers:
        """The same output for another session."""
        other = copy(self)
        other.session, other.work = session, work
        return other

    def result(self, result: Result, seconds: float | None = None) -> None:
        """What a statement of a program gave, and how long it took where that was asked for."""
        self.give(result, self.work.run(partial(self.text, result)) if says(result) else None, seconds)

    def text(self, result: Result, name: str = "ans", label: str = "") -> str | None:
        """What is shown of a result; None: nothing. ``name``: by what it can be asked for again; ``label``: a name that it has from now on."""
        if result.printed is not None:
            return self.printed(result.printed)
        return self.answered(result.value, name, label) if result.value is not None and result.shown else None

    def give(self, result: Result, text: str | None, seconds: float | None = None) -> None:
        """Print what a result warns of, its text, and how long it took where that is to be seen."""
        for warning in result.warnings:
            self.complain(warning)
        if text is not None:
            self.write(text)
        if seconds is not None and self.session.settings.timer:
            from calclang.display.numbers import duration

            self.remark(f"took {duration(seconds)}")

    def echo(self, statement: tree.Statement) -> None:
        """How an input was read that could be misread."""
        if self.terminal and self.session.settings.echo:
            from calclang.display.interpretation import interpretation

            if text := self.work.run(partial(interpretation, statement)):
                self.remark(f"read as {text}" if self.style().plain else text)

    def printed(self, values: Sequence[Value]) -> str:
        """What ``print`` says: texts without quotes, blanks between, nothing left out. One string in JSON."""
        text = " ".join(v if isinstance(v, str) else self.plain(v, printed=True) for v in values)
        return self.shown(text) if self.format == "json" else text

    def shown(self, value: Value) -> str:
        """A value in the format that was asked for."""
        if self.format == "json":
            from calclang.display.json import line, value_record

            return line(value_record(value))
        if self.format == "latex":
            from calclang.display.latex import latex_value

            return latex_value(value)
        return self.plain(value)

    def answered(self, value: Value, name: str, label: str = "") -> str:
        """A value as the answer to an input: on a terminal behind its name and the sign that says whether it is exact."""
        if not self.terminal:
            return self.shown(value)
        from calclang.display.values import answer

        return answer(value, replace(self.style(), name=name), label)

    def plain(self, value: Value, printed: bool = False) -> str:
        """For people on a terminal, where what is ``printed`` stands alone and whole. Elsewhere as calc: exact, or with the digits that were chosen."""
        from calclang.display.values import display, source

        if self.terminal:
            style = self.style()
            return display(value, style=replace(style, shapes=style.shapes and not printed, whole=printed))
        settings = self.session.settings
        return str(value) if isinstance(value, Text) else source(value, settings.digits if "digits" in settings.chosen else 0)

    @property
    def terminal(self) -> bool:
        """Whether answers are for a person's eyes."""
        return not self.format and self.out.isatty()

    def style(self) -> Style:
        """How values are shown on this output."""
        from calclang.frontends.screen import style_of

        return style_of(self.out, self.session.settings, self.dim)

    def remark(self, text: str) -> None:
        """Something about an input or answer, which is no answer."""
        from calclang.display.clean import clean
        from calclang.display.columns import folded

        style, text = self.style(), clean(text)
        lines = folded(text, style.width - 2) if self.terminal else [text]
        if len(lines) > REMARK:
            lines = [*lines[: REMARK - 1], lines[REMARK - 1][: style.width - 3] + "…"]
        self.say("\n".join(map(style.remark, lines)))

    def notice(self, text: str) -> None:
        """Something about the program itself."""
        from calclang.display.columns import folded

        self.say("\n".join(folded(text, self.room)))

    @property
    def room(self) -> int:
        """The columns of the terminal that errors go to; 0 where it is none."""
        from calclang.frontends.screen import size_of

        return size_of(self.err).columns if self.err.isatty() else 0

    def say(self, text: str) -> None:
        """Print a line about the program, its errors and warnings."""
        self.told(text)
        print(text, file=self.err, flush=True)

    def write(self, text: str) -> None:
        """Print an answer."""
        self.told(text)
        print(text, file=self.out, flush=True)

    def complain(self, diagnostic: Diagnostic) -> None:
        """An error or warning."""
        if self.format == "json":
            from calclang.display.json import diagnostic_record, line

            text = line(diagnostic_record(diagnostic))
        else:
            from calclang.display.diagnostics import render

            text = render(diagnostic, self.color and self.session.settings.theme != "mono", self.room)
        self.say(text)


def says(result: Result) -> bool:
    """Whether there is something to show of a result."""
    return result.printed is not None or (result.shown and result.value is not None)


def wants_color(when: str, stream: TextIO, environment: Mapping[str, str]) -> bool:
    """Whether to colour: as asked, else only on a terminal that can, and not against NO_COLOR."""
    if when != "auto":
        return when == "always"
    return stream.isatty() and not environment.get("NO_COLOR") and environment.get("TERM") != "dumb"
