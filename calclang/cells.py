"""What compiled functions see of a session: the values of its arrays in cells, and a clock that tells them when names have changed."""

from __future__ import annotations

from typing import Any

from calclang.lower.lowered import Arr, Kept, Low


class Cells:
    """One list of one element for each top-level array that compiled code reads. A new value of the same kind is put into its cell; whatever
    else changes of a name that compiled code has looked up moves the clock, and code of an older time is not run again."""

    def __init__(self) -> None:
        self.clock = [0]
        self.values: dict[str, list[Any]] = {}
        self.watched: set[str] = set()  # names that were looked up, also in vain
        self.kept = Kept()

    def of(self, name: str, low: Low) -> list[Any]:
        """The cell of a top-level array."""
        assert isinstance(low, Arr)
        return self.values.setdefault(name, [low.node.value])

    def announce(self, name: str, old: Low | None, new: Low) -> None:
        """A name gets a new meaning."""
        if name in self.watched or name in self.kept.looked:
            self.kept.forget()
        same = isinstance(old, Arr) and isinstance(new, Arr) and (old.shape, old.row, old.node.boolean) == (new.shape, new.row, new.node.boolean)
        if same and name in self.values and isinstance(new, Arr):
            self.values[name][0] = new.node.value
        elif name in self.watched:
            self.values.pop(name, None)
            self.clock[0] += 1

    def forget(self) -> None:
        """No compiled code may go on."""
        self.values.clear()
        self.kept.forget()
        self.clock[0] += 1
