"""Where the lines that were typed are kept."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from prompt_toolkit.history import History


def history() -> History:
    """Kept in a file that only its owner reads, where that is possible; CALCLANG_HISTORY names another one, or none if empty."""
    from prompt_toolkit.history import FileHistory, InMemoryHistory

    try:
        path = history_path()
        if path is not None:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            path.touch(mode=0o600)
            return FileHistory(str(path))
    except (OSError, RuntimeError):  # no such folder may be made; there is no home
        pass
    return InMemoryHistory()


def history_path() -> Path | None:
    named = os.environ.get("CALCLANG_HISTORY")
    if named is not None:
        return Path(named) if named else None
    state = os.environ.get("XDG_STATE_HOME")
    return (Path(state) if state else Path.home() / ".local" / "state") / "calclang" / "history"
