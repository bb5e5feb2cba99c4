"""The command line: text in, text out. Results go to standard output, diagnostics to standard error."""

from __future__ import annotations

import gc
import io
import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from time import perf_counter
from typing import BinaryIO, TextIO

from calclang import __version__, errors
from calclang.errors import CalcError
from calclang.frontends.answers import Answers
from calclang.frontends.encoding import listen, prepare, utf8
from calclang.frontends.options import HELP, Options, UsageError, argument, read_options
from calclang.frontends.progress import meter_of
from calclang.frontends.work import Work
from calclang.session import Session

COLLECTOR = (50_000, 20, 20)  # how many objects more Python's collector waits for: graphs are large, live long, and have no cycles


class Streams:
    """Where text comes from and goes to."""

    def __init__(self, stdin: BinaryIO, stdout: TextIO, stderr: TextIO) -> None:
        self.stdin, self.stdout, self.stderr = stdin, stdout, stderr


def main(argv: Sequence[str], streams: Streams, environment: Mapping[str, str] = os.environ) -> int:
    """Run a command line; the exit status. Raises nothing but what a stream raises when it is written to."""
    try:
        options = read_options(argv)
    except UsageError as problem:
        from calclang.display.clean import clean

        print(f"calclang: {clean(str(problem))}\nTry: calclang --help", file=streams.stderr)
        return 2
    if options.action in ("help", "version"):
        print(HELP if options.action == "help" else f"calclang {__version__}", file=streams.stdout)
        return 0
    return Runner(options, streams, environment).run()


class Runner:
    """One run of the program."""

    def __init__(self, options: Options, streams: Streams, environment: Mapping[str, str]) -> None:
        self.options, self.streams, self.environment = options, streams, environment
        self.session = Session()
        self.session.stdin = streams.stdin.read
        self.answers = Answers(self.session, streams.stdout, streams.stderr, options.format, options.color, environment)
        if options.digits:
            self.session.settings.choose("digits", options.digits)

    def run(self) -> int:
        """The exit status."""
        options = self.options
        if not options.texts and options.file is None and self.streams.stdin.isatty():
            return self.prompt()
        if (meter := meter_of(self.session, self.streams.stderr, self.environment)) is not None:
            self.answers.work = Work(self.session, meter)
        try:
            return self._run()
        except CalcError as error:
            self.answers.complain(error.diagnostic)
            return 130 if error.code == "E-INTERRUPT" else 1
        except KeyboardInterrupt:
            self.answers.complain(errors.interrupted().diagnostic)
            return 130
        except OSError:
            raise  # a stream that cannot be written to
        except Exception as problem:
            if self.environment.get("CALCLANG_DEBUG"):
                raise
            self.answers.complain(errors.own_mistake(type(problem).__name__).diagnostic)
            return 1

    def prompt(self) -> int:
        """Talk with a person."""
        from calclang.frontends.prompt import repl
        from calclang.frontends.prompt.config import configure

        out, err = self.streams.stdout, self.streams.stderr
        answers = Answers(self.session, out, out if out.isatty() else err, self.options.format, self.options.color, self.environment)
        if not self.options.init:
            return repl(self.session, answers)
        return repl(self.session, answers, partial(configure, environment=self.environment, digits=self.options.digits))

    def _run(self) -> int:
        options = self.options
        if options.texts:
            return self.programs(("<command line>", utf8(text)) for text in options.texts)
        name, data = self.read()
        if options.action == "check":
            found = self.session.check(data, name)
            for diagnostic in found:
                self.answers.complain(diagnostic)
            return 1 if any(d.code.startswith("E-") for d in found) else 0
        self.session["args"] = tuple(map(argument, options.arguments))
        return self.programs([(name, data)])

    def programs(self, programs: Iterable[tuple[str, str | bytes]]) -> int:
        """Run programs in one session. Raises `CalcError` at the first failure."""
        for name, text in programs:
            results = self.session.statements(text, name)
            start = perf_counter()
            while (result := self.answers.work.run(partial(next, results, None))) is not None:
                self.answers.result(result, seconds=perf_counter() - start)
                start = perf_counter()
        return 0

    def read(self) -> tuple[str, bytes]:
        """The program's name and bytes, no more of them than a session takes. Raises E-IO."""
        most = 4 * self.session.limits.source + 4
        name = self.options.file
        if name in (None, "-"):
            return "<standard input>", self.streams.stdin.read(most)
        assert name is not None
        try:
            with open(name, "rb") as file:
                return name, file.read(most)
        except OSError as problem:
            raise errors.cannot_read(name, (problem.strerror or "it cannot be opened").lower()) from None
        except ValueError:  # a null character in the name
            raise errors.cannot_read(name, "this is no file name") from None


def entry() -> None:
    """The program ``calclang``."""
    gc.freeze()  # what was imported lives as long as the program: no collection, the one at the exit included, need look at it
    gc.set_threshold(*COLLECTOR)
    gc.enable()
    streams = standard_streams()
    try:
        status = main(sys.argv[1:], streams)
        streams.stdout.flush()
    except BrokenPipeError:  # whoever read our output has seen enough
        status = _abandon(streams, 0)
    except OSError as problem:
        status = _abandon(streams, 1, f"calclang: cannot write: {(problem.strerror or 'the output failed').lower()}")
    gc.freeze()
    sys.exit(status)


def standard_streams() -> Streams:
    """The process's own streams; a closed one is empty, or takes what nobody reads."""
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:
            prepare(stream, os.environ)
    if sys.stdin is not None:
        listen(sys.stdin)
    stdin: BinaryIO = sys.stdin.buffer if sys.stdin is not None else io.BytesIO()
    return Streams(stdin, sys.stdout or _nowhere(), sys.stderr or _nowhere())


def _nowhere() -> TextIO:
    return open(os.devnull, "w", encoding="utf-8")


def _abandon(streams: Streams, status: int, message: str = "") -> int:
    """Give up an output that cannot be written to; what is left in its buffer goes nowhere when Python flushes it at the end."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, streams.stdout.fileno())
    try:
        if message:
            print(message, file=streams.stderr, flush=True)
        streams.stderr.flush()
    except OSError:
        os.dup2(nowhere, streams.stderr.fileno())
    return status
