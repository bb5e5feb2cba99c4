"""Records behave as the frozen dataclasses that they stand for."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, dataclass, field, fields, replace
from typing import Any

import pytest

from calclang.record import record


def point(decorator: Any) -> Any:
    @decorator
    class Point:
        x: float
        y: float = 2.0
        tags: list[str] = field(default_factory=list, compare=False)
        note: str = field(default="", repr=False, kw_only=True)

    return Point


RECORD, FROZEN = point(record), point(dataclass(frozen=True))


@pytest.mark.parametrize("parts, named", [((1,), {}), ((1, 3), {"note": "a"}), ((), {"x": 1, "tags": ["t"]}), ((1, 2, ["t"]), {})])
def test_what_a_record_is_made_of(parts: tuple[Any, ...], named: dict[str, Any]) -> None:
    ours, theirs = RECORD(*parts, **named), FROZEN(*parts, **named)
    for f in fields(theirs):
        assert getattr(ours, f.name) == getattr(theirs, f.name)
    assert repr(ours) == repr(theirs)
    assert hash(ours) == hash(RECORD(*parts, **named)) and ours == RECORD(*parts, **named)
    assert ours != theirs and ours != RECORD(5)
    changed = replace(ours, y=7)
    assert (changed.x, changed.y, changed.note) == (ours.x, 7, ours.note) and changed != ours


def test_a_record_is_frozen_and_shares_no_default() -> None:
    ours = RECORD(1)
    with pytest.raises(FrozenInstanceError):
        ours.x = 2
    with pytest.raises(FrozenInstanceError):
        del ours.x
    assert ours.tags is not RECORD(1).tags
    match ours:
        case RECORD(x, y):
            assert (x, y) == (1, 2.0)


def test_records_that_equal_themselves_alone_have_slots_if_asked() -> None:
    @record(eq=False, slots=True)
    class Thing:
        size: int = 3

    assert Thing() != Thing() and len({Thing(), Thing()}) == 2
    assert Thing().size == 3 and not hasattr(Thing(), "__dict__")


def test_a_record_may_change_if_it_says_so() -> None:
    @record(frozen=False)
    class Tally:
        count: int = 0
        seen: set[int] = field(default_factory=set)

    tally, other = Tally(), Tally()
    tally.count += 1
    tally.seen.add(3)
    assert (tally.count, tally.seen, other.count, other.seen) == (1, {3}, 0, set())
    assert tally == replace(tally) != other
    with pytest.raises(TypeError):
        hash(tally)
