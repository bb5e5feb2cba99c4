"""What is printed for a result, a warning or an error: for people on a terminal, as exact calc elsewhere, as JSON or LaTeX on request."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import TextIO

from calclang.errors import Diagnostic
from calclang.frontends.work import Direct
from calclang.session import Result, Session
from calclang.values import Text, Value


class Answers:
    """The output of one session. Results go to ``out``, warnings and errors to ``err``."""

    def __init__(
        self, session: Session, out: TextIO, err: TextIO, format: str = "", color: str = "auto", environment: Mapping[str, str] | None = None
    ) -> None:
        self.session, self.out, self.err, self.format = session, out, err, format
        self.digits = session.settings.digits  # while the session's are these, nobody has chosen digits
        self.work = Direct()
        self.color = wants_color(color, err, environment or {})
        self.dim = wants_color(color, out, environment or {})

    def result(self, result: Result) -> None:
        """What a statement gave."""
        for warning in result.warnings:
            self.complain(warning)
        if result.printed is not None:
            self.write(self.work.run(partial(self.printed, result.printed)))
        elif result.shown and result.value is not None:
            self.write(self.work.run(partial(self.shown, result.value)))

    def printed(self, values: Sequence[Value]) -> str:
        """What ``print`` says: texts without quotes, blanks between. One string in JSON."""
        text = " ".join(v if isinstance(v, str) else self.plain(v) for v in values)
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

    def plain(self, value: Value) -> str:
        """For people on a terminal. Elsewhere as calc: exact, or with the digits that were chosen, and never cut."""
        from calclang.display.values import display, source
        from calclang.frontends.screen import style_of

        digits = self.session.settings.digits
        if not self.format and self.out.isatty():
            return display(value, style=style_of(self.out, digits, self.dim))
        return str(value) if isinstance(value, Text) else source(value, 0 if digits == self.digits else digits)

    def write(self, text: str) -> None:
        print(text, file=self.out, flush=True)

    def complain(self, diagnostic: Diagnostic) -> None:
        """An error or warning."""
        if self.format == "json":
            from calclang.display.json import diagnostic_record, line

            text = line(diagnostic_record(diagnostic))
        else:
            from calclang.display.diagnostics import render

            text = render(diagnostic, self.color)
        print(text, file=self.err, flush=True)


def wants_color(when: str, stream: TextIO, environment: Mapping[str, str]) -> bool:
    """Whether to colour: as asked, else only on a terminal that can, and not against NO_COLOR."""
    if when != "auto":
        return when == "always"
    return stream.isatty() and not environment.get("NO_COLOR") and environment.get("TERM") != "dumb"
