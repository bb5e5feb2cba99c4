"""The lines that were typed: kept in memory, and each at once in a file."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from calclang.frontends.prompt.log import Log

if TYPE_CHECKING:
    from prompt_toolkit.history import History

LONGEST = 100_000  # characters of an entry that the file keeps


def history(log: Log, keeps: Callable[[], bool] = lambda: True) -> History:
    """What Up and the search look through. Lines that begin with a blank, repetitions, and what is typed while it ``keeps`` nothing are not kept."""
    from prompt_toolkit.history import History

    class Kept(History):
        """prompt_toolkit's interface; the newest entry is the first of ``_loaded_strings``."""

        def __init__(self) -> None:
            super().__init__()
            self._loaded_strings, self._loaded = log.read()[::-1], True

        def load_history_strings(self) -> list[str]:
            return []

        def append_string(self, string: str) -> None:
            string = string.rstrip()
            if keeps() and string and not string[0].isspace() and self._loaded_strings[:1] != [string]:
                super().append_string(string)

        def store_string(self, string: str) -> None:
            if len(string) <= LONGEST:
                log.add(string)

    return Kept()


def history_path() -> Path | None:
    """CALCLANG_HISTORY, where it is set (empty: no file); else in the platform's folder for such things."""
    named = os.environ.get("CALCLANG_HISTORY")
    try:
        if named is not None:
            return Path(named).expanduser() if named else None
        state = os.environ.get("XDG_STATE_HOME")
        return (Path(state) if state else Path.home() / ".local" / "state") / "calclang" / "history"
    except RuntimeError:  # there is no home
        return None
