"""The command line: text in, text out. Results go to standard output, diagnostics to standard error."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from io import BytesIO, StringIO
from typing import Any, BinaryIO, TextIO

from calclang import __version__, errors
from calclang.errors import CalcError, Diagnostic
from calclang.session import Result, Session
from calclang.values import Text, Value

HELP = """\
calclang: a small math language. Every function can be evaluated, differentiated exactly, shown as a formula, and explained.

usage: calclang [OPTIONS] [FILE [ARGS …]]     run a script (- reads standard input)
       calclang [OPTIONS] -e TEXT [-e TEXT …]  evaluate text
       calclang check FILE                    parse a script and check shapes, without running it
       calclang                               open a prompt

options:
  -e TEXT             evaluate TEXT (repeatable: one session)
  --format FORMAT     plain (as calc, exact), json (a line per value) or latex
  --digits N          significant digits shown, 1 to 17 (a terminal: 10; elsewhere: all)
  --color WHEN        auto, always or never
  --version           say the version
  --help              say this

examples:
  calclang -e 'f(x, y) = (x + 2y^3)^2; grad f at (1, 2)'
  calclang -e "f(x) = sin(x)*exp(x)" -e "f'"
  calclang --format json examples/tour.calc
  echo '[1, 2; 3, 4] \\ [5, 6]' | calclang

A script sees its ARGS as the tuple `args`; those that are numbers are numbers.
Exit status: 0, 1 for an error in the program, 2 for wrong usage, 130 when interrupted."""

FORMATS = ("plain", "json", "latex")
WHEN = ("auto", "always", "never")


class UsageError(Exception):
    """The command line itself is wrong."""


@dataclass
class Options:
    """The command line, taken apart."""

    texts: list[str] = field(default_factory=list)
    file: str | None = None
    arguments: list[str] = field(default_factory=list)
    check: bool = False
    format: str = ""  # as people read it on a terminal, else plain
    digits: int = 0  # 0: not said
    color: str = "auto"
    show: str = ""  # what to say instead of running: the help or the version


def read_options(argv: Sequence[str]) -> Options:
    """Raises `UsageError`."""
    options, rest = Options(), list(argv)
    while rest:
        word = rest.pop(0)
        name, has_value, value = word.partition("=")
        if word in ("--help", "-h"):
            options.show = HELP
        elif word == "--version":
            options.show = f"calclang {__version__}"
        elif word == "-e" or name in ("--format", "--digits", "--color"):
            if not (has_value and word != "-e") and not rest:
                raise UsageError(f"{word} needs a value")
            _set(options, name if word != "-e" else "-e", value if has_value and word != "-e" else rest.pop(0))
        elif word == "--":
            _files(options, rest)
            rest = []
        elif word.startswith("-") and word != "-":
            raise UsageError(f"there is no option {word}")
        else:
            _files(options, [word, *rest])
            rest = []
    if options.texts and options.file is not None:
        raise UsageError("give either -e or a file")
    return options


def _set(options: Options, name: str, value: str) -> None:
    """One option with its value."""
    if name == "-e":
        options.texts.append(value)
    elif name == "--digits":
        if not value.isdecimal() or not 1 <= int(value) <= 17:
            raise UsageError("--digits needs a whole number from 1 to 17")
        options.digits = int(value)
    else:
        allowed = FORMATS if name == "--format" else WHEN
        if value not in allowed:
            raise UsageError(f"{name} is one of {', '.join(allowed)}")
        setattr(options, name[2:], value)


def _files(options: Options, words: list[str]) -> None:
    """``FILE [ARGS]`` or ``check FILE``."""
    if words[:1] == ["check"]:
        if len(words) != 2:
            raise UsageError("check needs one file")
        options.check, words = True, words[1:]
    options.file, options.arguments = (words[0] if words else None), words[1:]


@dataclass
class Streams:
    """Where text comes from and goes to."""

    stdin: BinaryIO
    stdout: TextIO
    stderr: TextIO


def main(argv: Sequence[str], streams: Streams, environment: dict[str, str] | None = None) -> int:
    """Run a command line; the exit status."""
    environment = dict(os.environ) if environment is None else environment
    try:
        options = read_options(argv)
    except UsageError as problem:
        print(f"calclang: {problem}\nTry: calclang --help", file=streams.stderr)
        return 2
    if options.show:
        print(options.show, file=streams.stdout)
        return 0
    runner = Runner(options, streams, environment)
    try:
        return runner.run()
    except KeyboardInterrupt:
        print("interrupted", file=streams.stderr)
        return 130


class Runner:
    """One run of the program."""

    def __init__(self, options: Options, streams: Streams, environment: dict[str, str]) -> None:
        self.options, self.streams = options, streams
        self.session = Session()
        self.session.settings.digits = options.digits or self.session.settings.digits
        self.digits = 0 if options.digits else self.session.settings.digits  # while the session's are these, nobody has chosen
        self.color = wants_color(options.color, streams.stderr, environment)
        self.dim = wants_color(options.color, streams.stdout, environment)

    def run(self) -> int:
        options = self.options
        if options.texts:
            return self.statements(("<command line>", text) for text in options.texts)
        if options.file is None and self.streams.stdin.isatty():
            from calclang.frontends.repl import repl

            return repl(self.session, self.dim)
        name, data = ("<standard input>", None) if options.file in (None, "-") else (options.file, None)
        try:
            data = self.streams.stdin.read() if options.file in (None, "-") else read_file(str(options.file))
            if options.check:
                return self.check(data, str(name))
        except CalcError as error:
            self.complain(error.diagnostic)
            return 1
        if options.arguments:
            self.session["args"] = tuple(map(argument, options.arguments))
        return self.statements([(str(name), data)])

    def statements(self, programs: Iterable[tuple[str, str | bytes]]) -> int:
        """Run programs in one session until the first error."""
        for name, text in programs:
            try:
                for result in self.session.statements(text, name):
                    self.answer(result)
            except CalcError as error:
                self.complain(error.diagnostic)
                return 1
        return 0

    def check(self, data: bytes, name: str) -> int:
        found = self.session.check(data, name)
        for diagnostic in found:
            self.complain(diagnostic)
        return 1 if found else 0

    def answer(self, result: Result) -> None:
        """Print what a statement gave."""
        for warning in result.warnings:
            self.complain(warning)
        if result.printed is not None:
            self.write(self.printed(result.printed))
        elif result.shown and result.value is not None:
            self.write(self.shown(result.value))

    def printed(self, values: Sequence[Value]) -> str:
        """What ``print`` says: texts without quotes, blanks between. One string in JSON."""
        text = " ".join(v if isinstance(v, str) else self.plain(v) for v in values)
        return self.shown(text) if self.options.format == "json" else text

    def shown(self, value: Value) -> str:
        """A value in the format that was asked for."""
        if self.options.format == "json":
            from calclang.display.json import line, value_record

            return line(value_record(value))
        if self.options.format == "latex":
            from calclang.display.latex import latex_value

            return latex_value(value)
        return self.plain(value)

    def plain(self, value: Value) -> str:
        """For people on a terminal. Elsewhere as calc: exact, or with the digits that were chosen, and never cut."""
        from calclang.display.values import display, source
        from calclang.frontends.screen import style_of

        digits = self.session.settings.digits
        if not self.options.format and self.streams.stdout.isatty():
            return display(value, style=style_of(self.streams.stdout, digits, self.dim))
        return str(value) if isinstance(value, Text) else source(value, 0 if digits == self.digits else digits)

    def write(self, text: str) -> None:
        print(text, file=self.streams.stdout, flush=True)

    def complain(self, diagnostic: Diagnostic) -> None:
        """An error or warning, on standard error."""
        if self.options.format == "json":
            from calclang.display.json import diagnostic_record, line

            text = line(diagnostic_record(diagnostic))
        else:
            from calclang.display.diagnostics import render

            text = render(diagnostic, self.color)
        print(text, file=self.streams.stderr, flush=True)


def wants_color(when: str, stream: TextIO, environment: dict[str, str]) -> bool:
    """Whether to colour: as asked, else only on a terminal that can, and not against NO_COLOR."""
    if when != "auto":
        return when == "always"
    return stream.isatty() and not environment.get("NO_COLOR") and environment.get("TERM") != "dumb"


def read_file(name: str) -> bytes:
    """The bytes of a script. Raises E-IO."""
    try:
        with open(name, "rb") as file:
            return file.read()
    except OSError as problem:
        raise errors.cannot_read(name, (problem.strerror or "it cannot be opened").lower()) from None


def argument(text: str) -> Any:
    """A script's argument: a number where it is one."""
    try:
        return float(text)
    except ValueError:
        return text


def entry() -> None:
    """The program ``calclang``."""
    gc.freeze()  # what was imported lives as long as the program: no collection, the one at the exit included, need look at it
    gc.set_threshold(50_000, 20, 20)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    try:
        stdin = sys.stdin.buffer if sys.stdin is not None else BytesIO()
        status = main(sys.argv[1:], Streams(stdin, sys.stdout or StringIO(), sys.stderr or StringIO()))
        if sys.stdout is not None:
            sys.stdout.flush()
    except BrokenPipeError:  # whoever read our output has seen enough: say nothing, and let nothing be flushed at exit
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        status = 0
    gc.freeze()
    sys.exit(status)
