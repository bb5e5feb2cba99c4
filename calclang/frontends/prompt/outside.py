"""The input opened in the reader's own editor."""

from __future__ import annotations

import os
import shlex
import subprocess
import tempfile
from pathlib import Path

from calclang import errors
from calclang.display.clean import clean

USUAL = ("/usr/bin/editor", "/usr/bin/nano", "/usr/bin/vi")  # where neither VISUAL nor EDITOR says


class CannotEdit(Exception):
    """Says in one line why."""


def edited(text: str) -> str:
    """The text as the editor left it. Raises `CannotEdit`."""
    command = editor()
    try:
        with tempfile.TemporaryDirectory(prefix="calclang") as folder:
            file = Path(folder) / "input.calc"
            file.write_bytes(text.encode("utf-8", "replace") + b"\n")
            status = subprocess.call([*command, str(file)])
            if status:
                raise CannotEdit(f"{_shown(os.path.basename(command[0]))} ended with status {status}: the input is as it was")
            return file.read_bytes().decode().removeprefix("\ufeff")
    except UnicodeDecodeError:
        raise CannotEdit("the file is not UTF-8: the input is as it was") from None
    except (OSError, ValueError) as problem:
        raise CannotEdit(f"cannot edit with {_shown(command[0])}: {(getattr(problem, 'strerror', None) or 'it is no program').lower()}") from None


def editor() -> list[str]:
    """The words of $VISUAL, else $EDITOR, else the first usual one that there is. Raises `CannotEdit`."""
    for name in ("VISUAL", "EDITOR"):
        if os.environ.get(name, "").strip():
            try:
                return shlex.split(os.environ[name])
            except ValueError:
                raise CannotEdit(f"{name} has a quote without an end: {_shown(os.environ[name])}") from None
    for usual in USUAL:
        if os.path.exists(usual):
            return [usual]
    raise CannotEdit("no editor: set VISUAL or EDITOR to one, as in export EDITOR=nano")


def _shown(text: str) -> str:
    return clean(errors.shorten(text))
