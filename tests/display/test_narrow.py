"""Errors on narrow screens: no line is wider, no word is broken, and what is underlined stands above its line."""

from __future__ import annotations

import pytest

from calclang import CalcError, Session
from calclang.display.diagnostics import render

LONG = "very_long_name_of_a_thing = {} + sin(33) + cos(55) + sin(33) + cos(55) + sin(33) + cos(55) + sin(33) + cos(55)"


def rendered(program: str, width: int) -> list[str]:
    with pytest.raises(CalcError) as caught:
        Session().run(program, "<input>")
    return render(caught.value.diagnostic, width=width).split("\n")


@pytest.mark.parametrize("width", [40, 60, 80, 160])
@pytest.mark.parametrize(
    ("program", "marked"),
    [
        (LONG.format("[1,2,3]*[4,5,6]"), "[1,2,3]"), ("x = 1; y = 2; z = 3; u = x + y + z; 1/(u - 6) + sin(log(3))", "1/(u - 6)"),
        ("[1, 2, 3] + [4, 5]", "[1, 2, 3]"), (LONG.format("norm(1, 2, 3, 4)"), "norm(1, 2, 3, 4)"), (LONG.format("eye(3) * eye(4)"), "eye(3)"),
        (LONG.format("nosuch(3)"), "nosuch"), (LONG.format("[" + "1, " * 60 + "1] + [2, 3]"), ""), ('load "a file with a very long name in a folder.calc"', ""),
    ],
)  # fmt: skip
def test_errors_fit(program: str, marked: str, width: int) -> None:
    lines = rendered(program, width)
    assert max(map(len, lines)) <= width
    source = next(k for k, line in enumerate(lines) if line.startswith("1 | "))
    under = lines[source + 1]
    start, stop = under.index("^"), under.rindex("^") + 1
    assert lines[source][start:stop].startswith(marked)
    words = {word for line in rendered(program, 0) for word in line.split()}
    said = [line for line in lines if " | " not in line]
    assert all(word in words for line in said for word in line.split())


def test_what_a_mark_says_stands_below_where_there_is_no_room_beside() -> None:
    lines = rendered("[1,2,3] * [4,5,6] # a remark", 40)
    assert lines[3:6] == ["1 | [1,2,3] * [4,5,6] # a remark", "  | ^^^^^^^   ------- both are in R^3", "  = help: dot product  x' * y   ·"]
    lines = rendered(LONG.format("[1,2,3]*[4,5,6]"), 40)
    assert lines[4:6] == ["  |                 ^^^^^^^ -------", "  |                      both are in R^3"]
