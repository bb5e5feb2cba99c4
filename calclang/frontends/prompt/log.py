"""A file of entries that several programs may add to at once. Whatever is wrong with it, nothing is raised: `complaint` says it in one line."""

from __future__ import annotations

import os
import stat
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from time import sleep

from calclang.display.clean import clean

MOST = 10_000  # entries
BYTES = 16 << 20  # of a file that are read
PATIENCE = 0.2  # seconds to wait for another program


class Log:
    """Entries in a file that only its owner reads: behind a comment with the time, each line behind a plus. ``path`` is None where none is kept."""

    def __init__(self, path: Path | None) -> None:
        self.path = path
        self.complaint = ""

    def read(self) -> list[str]:
        """The entries, the oldest first. A file that holds something else is moved aside, and what can be read of it is kept."""
        if self.path is None:
            return []
        try:
            self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            self.path = self.path.resolve()
            if not self._usable(self.path):
                return []
            with alone(self.path.parent):
                return self._tidied(self.path)
        except (OSError, ValueError, RuntimeError) as problem:  # ValueError: a null character in the name; RuntimeError: links in a ring
            self._give_up(problem)
            return []

    def _usable(self, path: Path) -> bool:
        """Whether this is a regular file, made if there is none, and made private."""
        if not path.exists():
            path.touch(mode=0o600)
        mode = path.stat().st_mode
        if not stat.S_ISREG(mode):
            if path != Path(os.devnull):
                self.complaint = f"{self._name()} is no regular file: the history is not kept"
            self.path = None
            return False
        if mode & 0o077 or not mode & stat.S_IRUSR:
            with suppress(OSError):  # it belongs to somebody else
                path.chmod(0o600)
        return True

    def _tidied(self, path: Path) -> list[str]:
        """What the file holds, after putting it in order."""
        size = path.stat().st_size
        with path.open("rb") as file:
            file.seek(max(0, size - BYTES))
            data = file.read()
        entries, sound = parsed(data[max(0, data.find(b"\n# ")) :] if size > BYTES else data)
        kept = entries[-MOST:]
        if not sound:
            aside = free(path)
            path.rename(aside)
            self.complaint = f"{self._name()} was damaged: it is called {clean(aside.name)} now, and what could be read of it is kept"
        if len(kept) < len(entries) or size > BYTES or not sound:
            replace(path, kept)
        return kept

    def add(self, entry: str) -> None:
        """Write one entry, whole or not at all."""
        if self.path is None:
            return
        try:
            with alone(self.path.parent):
                append(self.path, written(entry, datetime.now().isoformat(" ", "seconds")))
        except OSError as problem:
            self._give_up(problem)

    def _give_up(self, problem: Exception) -> None:
        reason = (getattr(problem, "strerror", None) or "the file cannot be used").lower()
        self.complaint = f"{self._name()}: {reason}: the history is not kept"
        self.path = None

    def _name(self) -> str:
        return clean(str(self.path))


def parsed(data: bytes) -> tuple[list[str], bool]:
    """The entries of a file, and whether there is nothing else in it."""
    try:
        text, wrong = data.decode(), "\0"
    except UnicodeDecodeError:
        text, wrong = data.decode("utf-8", "replace").replace("\0", "\ufffd"), "\ufffd"
    entries: list[str] = []
    lines: list[str] = []
    sound = wrong not in text
    for line in [*text.split("\n"), ""]:
        if line.startswith("+"):
            lines.append(line[1:])
            continue
        if lines and not any(wrong in part for part in lines):
            entries.append("\n".join(lines))
        lines = []
        sound = sound and (not line.strip() or line.startswith("#"))
    return entries, sound


def written(entry: str, when: str = "") -> bytes:
    """An entry as it stands in the file."""
    lines = "".join(f"+{line}\n" for line in entry.split("\n"))
    return f"\n# {when}\n{lines}".encode("utf-8", "replace")


def append(path: Path, data: bytes) -> None:
    """Add bytes at the end of a file. Where there is no room for all of them, none are added."""
    file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        end = os.fstat(file).st_size
        try:
            while data:
                data = data[os.write(file, data) :]
        except OSError:
            with suppress(OSError):
                os.ftruncate(file, end)
            raise
    finally:
        os.close(file)


def replace(path: Path, entries: Sequence[str]) -> None:
    """Write a file anew, whole or not at all."""
    file, name = tempfile.mkstemp(dir=path.parent, prefix=path.name)
    try:
        with open(file, "wb") as new:
            new.writelines(written(entry) for entry in entries)
        os.replace(name, path)
    except OSError:
        os.unlink(name)
        raise


def free(path: Path) -> Path:
    """A name beside it that nothing has."""
    names = (path.with_name(f"{path.name}.damaged{n or ''}") for n in range(1_000))
    return next((name for name in names if not name.exists()), path.with_name(f"{path.name}.damaged"))


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Inside, no other prompt writes into this folder's history, unless one is stuck."""
    try:
        import fcntl
    except ImportError:  # Windows: what is added is still added whole
        yield
        return
    place = os.open(folder, os.O_RDONLY)
    try:
        for _ in range(round(PATIENCE / 0.01)):
            try:
                fcntl.flock(place, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                sleep(0.01)
            except OSError:  # this disk has no locks
                break
        yield
    finally:
        os.close(place)
