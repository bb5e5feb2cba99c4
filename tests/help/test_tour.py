"""The tour, without a terminal: what is typed comes from a list, what is said goes into one."""

from __future__ import annotations

import io
from collections.abc import Iterable
from functools import partial

import pytest

from calclang import Session
from calclang.frontends.answers import Answers
from calclang.frontends.prompt.talk import Talk
from calclang.help import tour
from calclang.help.examples import sandbox
from calclang.help.notes.screens import SCREENS


class Screen(io.StringIO):
    """A terminal without colours that hands on what is printed."""

    def __init__(self, said: list[str]) -> None:
        super().__init__()
        self.said = said

    def isatty(self) -> bool:
        return True

    def write(self, text: str) -> int:
        self.said += [text] if text.strip() else []
        return len(text)


def taken(lines: Iterable[str], session: Session | None = None, place: int = 0) -> list[str]:
    """What the tour says to a reader who types these lines (``^C`` is the key), then ends the input."""
    waiting, said = iter(lines), []

    def read(prompt: str) -> str:
        assert prompt == tour.PROMPT
        line = next(waiting, "^D")
        if line in ("^C", "^D"):
            raise KeyboardInterrupt if line == "^C" else EOFError
        return line

    own, screen = sandbox(session or Session()), Screen(said)
    talk = Talk(own, Answers(own, screen, screen, color="never"), read)
    tour.run(own, read, partial(print, file=screen), talk.answer, place=place)
    return said


def heads(said: list[str]) -> list[int]:
    """The numbers of the screens that were shown."""
    return [int(text.split()[0]) for text in said if " of 10: " in text]


def test_ten_screens_as_they_are_asked_for() -> None:
    said = taken(line for it in SCREENS for line in it.types)
    assert heads(said) == list(range(1, 11))
    text = "\n".join(said)
    assert tour.OTHERWISE not in text and "the last screen" in text
    assert "= [4  2\n" in text and "= (x, A) -> (A + A')*x" in text


def test_skipping_all_of_it() -> None:
    assert heads(taken(["skip"] * 10)) == list(range(1, 11))


def test_each_screen_can_be_done_after_skipping_to_it() -> None:
    for number, it in enumerate(SCREENS):
        assert heads(taken(["skip"] * number + list(it.types)))[-1] == min(10, number + 2)


def test_back_and_quit() -> None:
    assert heads(taken(["skip", "back", "back", ":next", "quit", "skip"])) == [1, 2, 1, 1, 2]
    assert "the last screen" not in "".join(taken(["quit"]))
    assert heads(taken(["skip", ":tour", "again"])) == [1, 2, 2, 2]


def test_after_the_last_screen_one_may_go_on() -> None:
    said = taken([SCREENS[-1].types[0], "eigh(ans)", "back", "quit", "1 + 1"], place=9)
    assert heads(said) == [10, 10] and any("values" in text for text in said) and not any("rror" in text for text in said)


@pytest.mark.parametrize("place", range(10))
def test_it_may_begin_anywhere(place: int) -> None:
    said = taken(SCREENS[place].types, place=place)
    assert heads(said)[0] == place + 1 and any(SCREENS[place].praise[:30] in text for text in said)


def test_a_line_that_is_given_up() -> None:
    assert heads(taken(["^C", "5", "^C", "skip"])) == [1, 2, 3]


def test_questions_and_commands_about_the_session() -> None:
    said = taken(["x = 7", "?hypot", ":vars", ":undo"])
    text = "\n".join(said)
    assert "hypot(" in text and "number  7" in text and "took back" in text and said.count(tour.OTHERWISE) == 1


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
    assert any(tour.OTHERWISE in text for text in said)
    assert heads(said) == [1, 2]


def test_a_task_of_two_lines() -> None:
    said = taken(["skip"] * 3 + ["v = [3, 4]", "v*v", "v'*v"])
    assert any(tour.ONWARDS in text for text in said) and any("E-SHAPE" in text for text in said)
    assert heads(said) == [1, 2, 3, 4, 5]


def test_a_reader_who_takes_names() -> None:
    assert heads(taken(["grad = 3", "sin = 2", *["skip"] * 10]))[-1] == 10


def test_the_session_of_the_reader_is_left_alone() -> None:
    session = Session()
    session.run("f(x) = 7; set digits 3")
    said = taken(["pi", "skip", "f(x) = 1"], session)
    assert "≈ 3.14" in said
    assert session.eval("f(1)") == 7 and set(session.definitions) == {"f", "ans"}
