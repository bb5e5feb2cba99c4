"""Every kind of error: the smallest program in its constructor's docstring, and a snapshot of its whole rendering.

``UPDATE_SNAPSHOTS=1 pytest tests/errors`` writes the snapshots anew; read them aloud before you commit them.
"""

from __future__ import annotations

import doctest
import inspect
import os
import re
from dataclasses import replace
from pathlib import Path

import pytest

from calclang import CalcError, Diagnostic, Session, errors
from calclang.display.diagnostics import render
from calclang.limits import LOCAL
from tests.errors.causes import CAUSES

SNAPSHOTS = Path(__file__).parent / "snapshots"
HELPERS = {"make", "refused_matrix", "close_names", "shorten"}
CONSTRUCTORS = {
    name: function
    for name, function in inspect.getmembers(errors, inspect.isfunction)
    if function.__module__.startswith(errors.__name__) and not name.startswith("_") and name not in HELPERS
}
PROGRAMS = sorted(set(CONSTRUCTORS) - set(CAUSES))


def program(function: object) -> str:
    found = re.search(r">>> (.*)", inspect.getdoc(function) or "")
    return found.group(1) if found else ""


def diagnostics(text: str) -> list[Diagnostic]:
    """What a program complains about, warnings first."""
    session = Session(replace(LOCAL, nodes=50_000))
    found: list[Diagnostic] = []
    try:
        for result in session.statements(text, "example.calc"):
            found += result.warnings
    except CalcError as error:
        found.append(error.diagnostic)
    return found


def caught(name: str) -> Diagnostic:
    """What a constructor's program complains about; where none can, what causes the error in another way."""
    if name in PROGRAMS:
        found = diagnostics(program(CONSTRUCTORS[name]))
        assert found, "the program runs"
        return found[-1]
    with pytest.raises(CalcError) as raised:
        CAUSES[name]()
    return raised.value.diagnostic


@pytest.mark.parametrize("name", PROGRAMS)
def test_docstring(name: str) -> None:
    """Each constructor says what it is for, and the program that causes it."""
    assert program(CONSTRUCTORS[name])


@pytest.mark.parametrize("name", CAUSES)
def test_docstring_without_a_program(name: str) -> None:
    """Each says what it is for, and promises no program."""
    assert inspect.getdoc(CONSTRUCTORS[name])
    assert not program(CONSTRUCTORS[name])


@pytest.mark.parametrize("name", sorted(HELPERS))
def test_examples_of_helpers(name: str) -> None:
    """These are no errors: what stands after ``>>>`` is Python."""
    for example in doctest.DocTestFinder().find(getattr(errors, name), name, globs=vars(errors)):
        assert doctest.DocTestRunner().run(example).failed == 0


@pytest.mark.parametrize("name", PROGRAMS)
def test_rendering(name: str) -> None:
    """The program causes this very error, and it is drawn as recorded."""
    recorded(name)


@pytest.mark.parametrize("name", CAUSES)
def test_rendering_without_a_program(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What causes it causes this very error, and it is drawn as recorded."""
    monkeypatch.chdir(tmp_path)
    recorded(name, str(tmp_path) + os.sep)


def recorded(name: str, folder: str = "") -> None:
    """Compare the whole rendering with the snapshot; the folder, which is another each time, is left out."""
    code = re.search(r'make\(\s*"([EW]-[A-Z-]+)"', inspect.getsource(CONSTRUCTORS[name]))
    assert code is not None
    found = caught(name)
    assert found.code == code.group(1)
    text = render(found).replace(folder, "") + "\n" if folder else render(found) + "\n"
    file = SNAPSHOTS / f"{name}.txt"
    if os.environ.get("UPDATE_SNAPSHOTS"):
        SNAPSHOTS.mkdir(exist_ok=True)
        file.write_text(text, encoding="utf-8")
    assert text == file.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", PROGRAMS)
def test_place(name: str) -> None:
    """An error of a program points at its place in the source."""
    assert caught(name).labels


def test_no_snapshot_is_left_over() -> None:
    assert {f.stem for f in SNAPSHOTS.glob("*.txt")} == set(CONSTRUCTORS)


def test_call_chain() -> None:
    """An error inside functions names the calls that led there."""
    (found,) = diagnostics("h(x) = log(x)\ng(x) = h(x - 5)\ng(2)")
    assert found.code == "E-DOMAIN"
    assert found.notes == ("in h, called at example.calc:2:8", "in g, called at example.calc:3:1")


@pytest.mark.parametrize(
    ("text", "notes"),
    [
        ("f(x) = [1, 2]'*x\ng(y) = f(y)\ng([1, 2, 3])", ("in f, called at example.calc:2:8", "in g, called at example.calc:3:1")),
        ("f(x) = zz*x\ng(y) = f(y)\ng(1)", ("in f, called at example.calc:2:8", "in g, called at example.calc:3:1")),
        ("f(x) = if x then 1 else 2\nmap(f, [1, 2])", ("in f, called at example.calc:2:1",)),
        ("f(x, y) = x\ng(y) = f(y)\ng(1)", ("in g, called at example.calc:3:1",)),
        ("f(x) = x^2\njacobian f at [1, 2]", ("in f, called at example.calc:2:1",)),
        ("f(n) = if n == 0 then zz else f(n - 1)\nf(20)", ("in f, called at example.calc:1:31, 20 times", "in f, called at example.calc:2:1")),
        ("f(x: R^2) = [1, 2, 3]'*x", ()),
    ],
)  # fmt: skip
def test_call_chain_of_every_code(text: str, notes: tuple[str, ...]) -> None:
    """Names, kinds, shapes and counts as well; a definition that cannot hold was not called."""
    assert diagnostics(text)[-1].notes == notes


def test_a_file_says_who_loaded_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("inner.calc").write_text("x = nope + 1", encoding="utf-8")
    Path("outer.calc").write_text('load "inner.calc"', encoding="utf-8")
    (found,) = diagnostics('1 + 1\nload "outer.calc"')
    assert found.labels[0].span.source.name.endswith("inner.calc")
    assert [re.sub(r"at .*/", "at ", note) for note in found.notes] == ["loaded at outer.calc:1:6", "loaded at example.calc:2:6"]


def test_suggestions() -> None:
    assert "did you mean sin" in diagnostics("sinn(1)")[0].help
    assert "did you mean log" in diagnostics("ln(2)")[0].help
    assert "did you mean atan" in diagnostics("arctan(2)")[0].help
    assert diagnostics("sni(1)")[0].help == "did you mean sin?"
    assert diagnostics("alpha = 1; aplha")[0].help == "did you mean alpha?"
    assert diagnostics("grud(1)")[0].help == "did you mean grad?"
    assert diagnostics("alpha = 1; ahpla")[0].help == ""
    assert diagnostics("qqqqq(1)")[0].help == ""


def test_a_failed_assertion_shows_the_side_that_failed() -> None:
    with pytest.raises(CalcError) as caught:
        Session().run("x = 3\nassert x == 3 and 2x < 4 and x > 1")
    assert caught.value.diagnostic.notes == ("2x is 6",)
