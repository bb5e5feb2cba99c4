"""Files and the prompt: ``:load``, ``:reload``, ``:save``."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from calclang import Session
from calclang.frontends.prompt.program import transcript
from calclang.frontends.prompt.talk import Entry
from tests.frontends.test_session_commands import conversation, last, place, told

__all__ = ["place"]  # a fixture


def program(*inputs: str) -> str:
    """The program that these inputs are saved as."""
    assert last(*inputs, ":save! saved").startswith("# wrote")
    return Path("saved.calc").read_text(encoding="utf-8")


# ---- load, reload -----------------------------------------------------------------------------------


def test_load(place: Path) -> None:
    (place / "a b.calc").write_text('f(x) = x^2\n2 + 2\nprint("f(3) is", f(3))\nsum = 3\n')
    for name in ("a b", "a b.calc", '"a b.calc"', "'a b'", "a\\ b.calc", "~/a b.calc", str(place / "a b")):
        answer = last(f":load {name}")
        assert answer.startswith("warning[W-SHADOW]") or "f(3) is 9\n" in answer, answer
        assert answer.endswith(": f, sum") and "= 4" not in answer


@pytest.mark.parametrize("name", ["nosuch", ".", "folder.calc", "locked", "data.csv", "~nobody-here/x", "https://example.invalid/x.calc", "\0", "bad", "cycle"])
def test_nothing_is_lost_by_what_cannot_be_loaded(place: Path, name: str) -> None:
    (place / "folder.calc").mkdir()
    (place / "data.csv").write_text("1,2\n")
    (place / "bad.calc").write_text("x = 5\nnew = 1\n1/0\n")
    (place / "cycle.calc").write_text('load "cycle.calc"\n')
    (place / "locked.calc").write_text("x = 5\n")
    (place / "locked.calc").chmod(0)
    if name == "locked" and os.access(place / "locked.calc", os.R_OK):
        pytest.skip("this user may read everything")
    x, loaded, after, undo = told("x = 3", f":load {name}", "x", ":undo")
    assert loaded.count("error[") == 1 and after == "= 3" and undo == "# took back  x = 3"


def test_reload(place: Path) -> None:
    """All files in their order, after they were changed; where one fails, nothing is changed."""
    a, b = place / "a.calc", place / "b.calc"
    a.write_text("a = 1\n")
    b.write_text("b = a + 1\n")
    talk = conversation(":load a", ":load b")
    a.write_text("a = 10\n")
    talk.answer(":reload")
    assert talk.entries[-1].told == ["# loaded a.calc, b.calc again: a, b"] and talk.session["b"] == 11
    a.write_text("a = 20\n")
    b.write_text("b = a +\n")
    talk.answer(":reload")
    assert "b.calc:1" in talk.entries[-1].told[0] and talk.session["a"] == 10
    talk.answer(":undo")
    assert talk.session["b"] == 2
    assert "no file has been loaded" in last(":reload")


# ---- save --------------------------------------------------------------------------------------------


def test_a_saved_program_runs() -> None:
    """What worked, in order; not what failed, was taken back, or only asked."""
    text = program("f(x) = [x,\n  x^2]  # two", "y = f(2); 1/0", "z = 1/0", "help sin", ":type y", "w = 7", ":undo", ":set digits 4", "f(1)", "1 + )", "y[2] + ans[1]")
    assert text == "# A session of calclang.\nf(x) = [x,\n  x^2]  # two\ny = f(2)\nset digits 4\nf(1)\ny[2] + ans[1]\n"
    assert [result.value for result in Session().run(text) if result.shown][-1] == 5


def test_hidden_values_stay_hidden() -> None:
    assert program("1 + 1;", "3; 1/0").endswith("\n1 + 1;\n3;\n")


def test_numbered_results_are_written_out() -> None:
    text = program("1/3", "x = 1; [x, 2]", ":undo", "y = ans1 + sum(ans2)", "ans1 + y", "ans7 = 2", "ans7")
    assert text.count("ans1 = 0.3333333333333333\n") == 1 and "ans2 = [1, 2]\n" in text
    assert Session().eval(text.replace("# A session of calclang.\n", "")) == 2


def test_files_are_named_from_where_the_program_is(place: Path) -> None:
    (place / "sub").mkdir()
    (place / "d.csv").write_text("1\n2\n")
    (place / "a.calc").write_text("a = 1\n")
    told('d = read("d.csv"); write("e.csv", read("d.csv"))', 'load "a.calc"', ":load a", f":load {place / 'a'}", ":save sub/all")
    text = (place / "sub" / "all.calc").read_text()
    assert text.count('"../d.csv"') == 2 and '"../e.csv"' in text and text.count('load "../a.calc"') == 2 and str(place) in text
    Session().run(f'load "{place / "sub" / "all.calc"}"')


def test_nothing_is_overwritten(place: Path) -> None:
    (place / "x.calc").write_text("mine\n")
    first, second = told("1", ":save x", ":save! x")[1:]
    assert first == "error[E-IO]: x.calc exists already\n  = help: :save! x.calc overwrites it" and second == "# wrote 1 input to x.calc"
    (place / "t.md").write_text("mine\n")
    assert ":save! --transcript t.md overwrites it" in last("1", ":save --transcript t")


@pytest.mark.parametrize(("name", "says"), [("no/such/x", "there is no folder"), (".", "this is a folder"), ("sub/", "this is a folder"), ("x.txt", "ends in .calc"), ("folder.calc", "exists already"), ("--transcript", "needs")])
def test_what_cannot_be_saved(place: Path, name: str, says: str) -> None:
    (place / "folder.calc").mkdir()
    answers = told("x = 3", f":save {name}", "x")
    assert answers[1].count("error[") == 1 and says in answers[1] and answers[2] == "= 3"
    assert "this is a folder" in last("1", ":save! folder")


def test_a_full_disk(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(path: Path, data: bytes) -> int:
        raise OSError(28, "No space left on device")

    (place / "x.calc").write_text("mine\n")
    monkeypatch.setattr(Path, "write_bytes", full)
    assert last("1", ":save! x") == "error[E-IO]: cannot write x.calc: no space left on device"
    assert (place / "x.calc").read_text() == "mine\n" and sorted(p.name for p in place.iterdir()) == ["x.calc"]


def test_nothing_to_save() -> None:
    assert "nothing to save yet" in last(":save x") and "nothing to save yet" in last(":save --transcript x") and "nothing to save yet" in last("1/0", ":save x")


@pytest.mark.parametrize(("command", "says"), [(":save --foo x", "knows no option --foo"), (":save --transcript", "needs the name of a file"), (":save! --trans x", "knows no option")])
def test_options_of_save(command: str, says: str, place: Path) -> None:
    answer = last("1", command)
    assert says in answer and "= help: :save --transcript FILE" in answer and not any(place.iterdir())


def test_transcript(place: Path) -> None:
    told("x = [1,\n 2]", "x + 1", "1/0", ":type x", ":save --transcript notes")
    assert (place / "notes.md").read_text(encoding="utf-8") == """\
# A session of calclang

```calc
calc> x = [1,
....>  2]
```

```calc
calc> x + 1
ans1 = [2, 3]  # R^2
```

```calc
calc> 1/0
error[E-DIVZERO]: division of 1 by zero
  --> <input>:1:1
1 | 1/0
  | ^^^
```

```calc
calc> :type x
vector of 2
```
"""


def test_a_transcript_has_no_colours_and_cannot_be_broken_out_of() -> None:
    assert transcript([Entry('print("```")', ["\x1b[2mans1\x1b[0m = 3"])]).endswith('\n````calc\ncalc> print("```")\nans1 = 3\n````\n')
