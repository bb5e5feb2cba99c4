"""The tour, without a terminal: what is typed comes from a list, what is said goes into one."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from calclang import Session
from calclang.help import tour
from calclang.help.notes.screens import SCREENS


def taken(lines: Iterable[str], session: Session | None = None) -> list[str]:
    """What the tour writes to a reader who types these lines, then ends the input."""
    waiting, said = iter(lines), []

    def read(prompt: str) -> str:
        assert prompt == tour.PROMPT
        try:
            return next(waiting)
        except StopIteration:
            raise EOFError from None

    tour.run(session or Session(), read, said.append)
    return said


def heads(said: list[str]) -> list[int]:
    """The numbers of the screens that were shown."""
    return [int(text.split()[0]) for text in said if " of 10: " in text]


def test_ten_screens_as_they_are_asked_for() -> None:
    said = taken(line for it in SCREENS for line in it.types)
    assert heads(said) == list(range(1, 11))
    text = "\n".join(said)
    assert tour.OTHERWISE not in text and tour.GOODBYE in text
    assert "[4  2\n 2  0]" in said and "(x, A) -> (A + A')*x" in said


def test_skipping_all_of_it() -> None:
    assert heads(taken(["skip"] * 10)) == list(range(1, 11))


def test_each_screen_can_be_done_after_skipping_to_it() -> None:
    for number, it in enumerate(SCREENS):
        assert heads(taken(["skip"] * number + list(it.types)))[-1] == min(10, number + 2)


def test_back_and_quit() -> None:
    assert heads(taken(["skip", "back", "back", ":next", "quit", "skip"])) == [1, 2, 1, 1, 2]
    assert tour.GOODBYE not in taken(["quit"])


@pytest.mark.parametrize(
    ("screen", "line"),
    [
        (1, "5"), (1, "hypot(3, 4)"), (2, "f = x -> sin(x) + x*x"), (3, "derivative(f)"), (3, "x -> cos(x) + 2x"), (4, "dot([3, 4], [3, 4])"), (4, "norm([3, 4])^2"),
        (5, "inv([2, 1; 1, 3])*[3, 5]"), (6, "grad x^2*y at x = 1, y = 2"), (6, "[4, 1]"), (7, "explain grad x^2 at 1"), (8, "eye(2) + [0, 0; 0, 1]"), (10, "[4, 2; 2, 0]"),
    ],
)  # fmt: skip
def test_other_ways_are_right_too(screen: int, line: str) -> None:
    assert heads(taken(["skip"] * (screen - 1) + [line]))[-1] == min(10, screen + 1)


@pytest.mark.parametrize("line", ["7", "1/0", "nosuch", "1 +", "[5, 5]", '"five"', "help sin", "sqrt = 3"])
def test_something_else(line: str) -> None:
    said = taken([line, "5"])
    assert tour.OTHERWISE in said
    assert heads(said) == [1, 2]


def test_a_task_of_two_lines() -> None:
    said = taken(["skip"] * 3 + ["v = [3, 4]", "v*v", "v'*v"])
    assert tour.ONWARDS in said and any("E-SHAPE" in text for text in said)
    assert heads(said) == [1, 2, 3, 4, 5]


def test_a_reader_who_takes_names() -> None:
    assert heads(taken(["grad = 3", "sin = 2", *["skip"] * 10]))[-1] == 10


def test_the_session_of_the_reader_is_left_alone() -> None:
    session = Session()
    session.run("f(x) = 7; set digits 3")
    said = taken(["pi", "skip", "f(x) = 1"], session)
    assert "3.14" in said
    assert session.eval("f(1)") == 7 and set(session.definitions) == {"f", "ans"}
