"""The command line of the program, taken apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import field
from typing import Any

from calclang.record import record

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
  --no-init           open the prompt without reading config.toml and init.calc
  --version           say the version
  --help              say this

examples:
  calclang -e 'f(x, y) = (x + 2y^3)^2; grad f at (1, 2)'
  calclang -e "f(x) = sin(x)*exp(x)" -e "f'"
  calclang --format json examples/tour.calc
  echo '[1, 2; 3, 4] \\ [5, 6]' | calclang

The prompt reads config.toml (settings) and init.calc (run at the start) in ~/.config/calclang, or on other systems where programs keep
such files; CALCLANG_CONFIG names another folder.
A script sees its ARGS as the tuple `args`; those that are numbers are numbers.
Exit status: 0, 1 for an error in the program, 2 for wrong usage, 130 when interrupted."""

FORMATS = ("plain", "json", "latex")
WHEN = ("auto", "always", "never")


class UsageError(Exception):
    """The command line itself is wrong."""


@record(frozen=False)
class Options:
    """What was asked for. ``action``: ``run``, ``check``, ``help`` or ``version``."""

    texts: list[str] = field(default_factory=list)
    file: str | None = None
    arguments: list[str] = field(default_factory=list)
    action: str = "run"
    format: str = ""  # as people read it on a terminal, else plain
    digits: int = 0  # 0: not said
    color: str = "auto"
    init: bool = True  # whether the prompt reads its files


def read_options(argv: Sequence[str]) -> Options:
    """Raises `UsageError`."""
    options, rest = Options(), list(argv)
    while rest:
        word = rest.pop(0)
        name, has_value, value = word.partition("=")
        if word in ("--help", "-h", "--version"):
            options.action = "version" if word == "--version" else "help"
        elif word == "--no-init":
            options.init = False
        elif word == "-e" or name in ("--format", "--digits", "--color"):
            if not (has_value and word != "-e") and not rest:
                raise UsageError(f"{word} needs a value")
            _set(options, name if word != "-e" else "-e", value if has_value and word != "-e" else rest.pop(0))
        elif word == "--":
            _files(options, rest)
            rest = []
        elif word.startswith("-") and word != "-":
            raise UsageError(f"there is no option {word}")
        elif word == "check" and options.action == "run":
            options.action = "check"
        elif options.action == "check" and options.file is None:  # options may stand behind the file, too: it has no arguments
            options.file = word
        else:
            _files(options, [word, *rest])
            rest = []
    if options.action == "check" and (options.file is None or options.arguments):
        raise UsageError("check needs one file")
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
    """``FILE [ARGS …]``, as far as they are not there yet."""
    if options.file is None and words:
        options.file, words = words[0], words[1:]
    options.arguments = words


def argument(text: str) -> Any:
    """A script's argument: a number where it is one."""
    try:
        return float(text)
    except ValueError:
        return text
