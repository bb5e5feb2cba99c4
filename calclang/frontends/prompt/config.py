"""What a person has chosen for every prompt: the settings in ``config.toml``, and ``init.calc``, which runs at the start."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from calclang import errors
from calclang.display.clean import clean
from calclang.errors import CalcError
from calclang.frontends.prompt.files import run_file
from calclang.frontends.prompt.talk import Talk
from calclang.settings import SETTINGS
from calclang.syntax.tree import NOWHERE

TABLE = "settings"


def folder(environment: Mapping[str, str], platform: str = sys.platform) -> Path | None:
    """Where both files are: CALCLANG_CONFIG (empty: nowhere), else the platform's folder for such things."""
    named = environment.get("CALCLANG_CONFIG")
    try:
        if named is not None:
            return Path(named).expanduser() if named else None
        if platform == "win32":
            return Path(environment.get("APPDATA") or Path.home() / "AppData" / "Roaming") / "calclang"
        if platform == "darwin":
            return Path.home() / "Library" / "Application Support" / "calclang"
        return Path(environment.get("XDG_CONFIG_HOME") or Path.home() / ".config") / "calclang"
    except RuntimeError:  # there is no home
        return None


def configure(talk: Talk, environment: Mapping[str, str], digits: int = 0) -> None:
    """Apply both files; ``digits``, of the command line, wins. What is wrong with them is said, and the rest applies."""
    where = folder(environment)
    if where is None:
        return
    apply(talk, where / "config.toml")
    if digits:
        talk.session.settings.choose("digits", digits)
    start = where / "init.calc"
    if os.path.lexists(start):
        with talk.guarded():
            run_file(talk, str(start))
    talk.session.loaded.clear()
    talk.begin()


def apply(talk: Talk, path: Path) -> None:
    """The settings of a file."""
    for name, value in chosen(talk, path).items():
        try:
            talk.session.set(clean(name), value, NOWHERE)
        except CalcError as error:
            found = error.diagnostic
            warn(talk, path, f"{found.message}{'; ' + found.help if found.help else ''}")


def chosen(talk: Talk, path: Path) -> dict[str, Any]:
    """What stands in the table of settings; nothing where there is no such file, or one that cannot be read."""
    import tomllib

    try:
        found = tomllib.loads(path.read_bytes().decode("utf-8-sig"))
    except FileNotFoundError:
        return {}
    except tomllib.TOMLDecodeError as problem:
        warn(talk, path, f"it is not used, for it is no TOML: {problem}")
        return {}
    except (OSError, ValueError) as problem:
        warn(talk, path, f"it is not used: {(getattr(problem, 'strerror', None) or 'it is no UTF-8 text').lower()}")
        return {}
    settings = found.pop(TABLE, {})
    for name in found:
        hint = f"it belongs below a line [{TABLE}]" if name in SETTINGS else f"settings stand below a line [{TABLE}]"
        warn(talk, path, f"{errors.shorten(name)} is not used; {hint}")
    if not isinstance(settings, dict):
        warn(talk, path, f"{TABLE} is not used; it is a table, below a line [{TABLE}]")
        return {}
    return settings


def warn(talk: Talk, path: Path, says: str) -> None:
    """Say what is wrong with a file of the configuration."""
    talk.answers.notice(f"calclang: {clean(path.name)}: {clean(says)}")
