"""``:load``, ``:reload``, ``:save``: files and the session."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from calclang import errors
from calclang.display.clean import clean
from calclang.display.numbers import count
from calclang.display.values import quoted
from calclang.errors import CalcError
from calclang.frontends.prompt.colon import colon
from calclang.frontends.prompt.program import program, transcript
from calclang.frontends.prompt.talk import Talk
from calclang.session import Result, Snapshot
from calclang.syntax.tree import NOWHERE

TRANSCRIPT = "--transcript"


@colon(":load", ":load FILE", "run a file of statements", "file",
       "Its values are not shown, but what it prints is. Where a statement fails, nothing of the file is kept. "
       "A file name may have blanks, stand in quotes and begin with ~; .calc may be left out.")  # fmt: skip
def load(talk: Talk, text: str) -> None:
    name = file_name(text)
    if not Path(name).suffix and not Path(name).exists():
        name += ".calc"
    before = talk.session.snapshot()
    run_whole(talk, [name])
    talk.kept.append(f"load {quoted(name)}")
    talk.say(f"loaded {clean(name)}{defined(talk, before)}")


@colon(":reload", ":reload", "load all files of this session again", "", "In their order; where one fails, nothing is changed.")
def reload(talk: Talk, text: str) -> None:
    if not talk.session.loaded:
        raise errors.nothing_yet("no file has been loaded in this session")
    before = talk.session.snapshot()
    names = list(map(str, talk.session.loaded))
    run_whole(talk, names)
    talk.kept += [f"load {quoted(name)}" for name in names]
    talk.say(f"loaded {', '.join(clean(path.name) for path in talk.session.loaded)} again{defined(talk, before)}")


def run_whole(talk: Talk, names: Sequence[str]) -> None:
    """Run files. Raises `CalcError`: then the session is as it was."""
    before = talk.session.snapshot()
    try:
        for name in names:
            run_file(talk, name)
    except CalcError:
        talk.session.restore(before)
        raise


def run_file(talk: Talk, name: str) -> None:
    """Run a file; show what it prints and warns of. Raises `CalcError`: then it has changed nothing."""
    results: list[Result] = []
    try:
        talk.answers.work.run(partial(talk.session.load, name, NOWHERE, results.append))
    finally:
        for result in results:
            talk.answers.result(replace(result, shown=result.printed is not None))


def defined(talk: Talk, before: Snapshot) -> str:
    """What is new or means something else."""
    names = talk.session.new(before)
    return f": {', '.join(names)}" if names else ""


# ---- :save -------------------------------------------------------------------------------------------


@colon(":save", ":save FILE", "write the statements that worked as a program", "file",
       "In order, without those that :undo took back, and with what they use of init.calc and of numbered results. "
       f":save {TRANSCRIPT} FILE writes all inputs and answers as Markdown. A file that exists is only overwritten by :save! FILE.")  # fmt: skip
def save(talk: Talk, text: str) -> None:
    write(talk, text, ":save! ")


@colon(":save!", ":save! FILE", "the same, also over a file that exists", "file")
def overwrite(talk: Talk, text: str) -> None:
    write(talk, text, "")


def write(talk: Talk, text: str, instead: str) -> None:
    """Write a program or a transcript. Raises E-IO; where ``instead`` says how to overwrite, for a file that exists too."""
    told = text.split()[0] == TRANSCRIPT
    if text.startswith("--") and (not told or text == TRANSCRIPT):
        why = "needs the name of a file" if told else f"knows no option {clean(errors.shorten(text.split()[0]))}"
        raise errors.colon_usage(":save", f":save {TRANSCRIPT} FILE", why)
    name = file_name(text.removeprefix(TRANSCRIPT).lstrip() if told else text)
    if not name.strip("./\\") or name.endswith("/"):
        raise errors.refused_path(clean(name), "this is a folder")
    path = Path(name if Path(name).suffix else name + (".md" if told else ".calc")).absolute()
    name = name if Path(name).suffix else name + path.suffix
    if not told and path.suffix != ".calc":
        raise errors.refused_path(clean(name), "the name of a program ends in .calc")
    if not (talk.entries[:-1] if told else talk.kept):
        raise errors.nothing_yet("there is nothing to save yet")
    if instead and path.exists():
        raise errors.file_exists(clean(name), f"{instead}{TRANSCRIPT + ' ' if told else ''}{clean(name)}")
    if not path.parent.is_dir():
        raise errors.cannot_write(clean(name), f"there is no folder {clean(str(path.parent))}")
    data = transcript(talk.entries[:-1]) if told else program(talk, path.parent)
    talk.session.write(name, data.encode("utf-8", "replace"), NOWHERE)
    talk.say(f"wrote {count(len(talk.entries) - 1 if told else len(talk.kept), 'input')} to {clean(name)}")


def file_name(text: str) -> str:
    """A file's name: in quotes or not, blanks and all, ``~`` for the home. Raises E-PATH, E-SYNTAX."""
    if len(text) > 1 and text[0] == text[-1] and text[0] in "\"'":
        text = text[1:-1]
    else:
        text = text.replace("\\ ", " ")
    if not text:
        raise errors.colon_usage("this", ":save FILE", "needs the name of a file")
    try:
        return str(Path(text).expanduser()) if text.startswith("~") else text
    except RuntimeError:
        raise errors.refused_path(clean(text), "there is no such home") from None
