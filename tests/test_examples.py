"""Every script of ``examples/`` runs and prints what was recorded; every block of the README and the docs runs too.

``UPDATE_SNAPSHOTS=1 pytest tests/test_examples.py`` records anew; read it line by line before you commit it.
"""

from __future__ import annotations

import contextlib
import doctest
import importlib
import io
import os
import pkgutil
import re
from pathlib import Path

import pytest

import calclang
from calclang.frontends.cli import Streams, main

ROOT = Path(__file__).parent.parent
RECORDED = Path(__file__).parent / "examples"
SCRIPTS = sorted((ROOT / "examples").glob("*.calc"))
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
PARTS = {f"part{n}" for n in range(1, 9)} | {"tour"}


def test_every_part_of_the_lecture_has_a_script() -> None:
    assert {script.stem.split("_")[0] for script in SCRIPTS} >= PARTS


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda s: s.stem)
def test_script(script: Path) -> None:
    stdout, stderr = io.StringIO(), io.StringIO()
    assert main([str(script)], Streams(io.BytesIO(), stdout, stderr), {}) == 0, stderr.getvalue()
    assert stderr.getvalue() == ""
    recorded = RECORDED / f"{script.stem}.out"
    if os.environ.get("UPDATE_SNAPSHOTS"):
        recorded.write_text(stdout.getvalue(), encoding="utf-8")
    assert_same_print(stdout.getvalue(), recorded.read_text(encoding="utf-8"))
    assert main(["check", str(script)], Streams(io.BytesIO(), stdout, stderr), {}) == 0, stderr.getvalue()


NUMBER = re.compile(r"(?<![\w.])-?\d+(?:\.\d+)?(?:e[-+]?\d+)?(?!\w)")
SEARCH = re.compile(r"^(steps|stop) .*", re.M)  # of SciPy, whose versions take different steps


def assert_same_print(printed: str, recorded: str) -> None:
    """The same words and formulas, and the same numbers to rounding, which differs between machines."""
    printed, recorded = SEARCH.sub(r"\1", printed), SEARCH.sub(r"\1", recorded)
    assert NUMBER.sub("…", printed) == NUMBER.sub("…", recorded)
    found, wanted = ([float(x) for x in NUMBER.findall(text)] for text in (printed, recorded))
    assert found == pytest.approx(wanted, rel=1e-6, abs=1e-8)


def test_a_changed_word_or_number_is_another_print() -> None:
    assert_same_print("x -> 2*x at 0.3: 0.1234567891", "x -> 2*x at 0.3: 0.1234567892")
    for other in ("x -> 3*x at 0.3: 0.1234567891", "y -> 2*x at 0.3: 0.1234567891", "x -> 2*x at 0.3: 0.1234667891"):
        with pytest.raises(AssertionError):
            assert_same_print(other, "x -> 2*x at 0.3: 0.1234567891")


@pytest.mark.parametrize("claim", ["lost_sign", "dropped_path"])
def test_slips_of_the_lecture_are_caught(claim: str) -> None:
    """The script has the wrong claims as comments, for each would stop it."""
    script = ROOT / "examples" / "part6_automatic_differentiation.calc"
    line = f"check derivative f at 0.7 against {claim}"
    assert f"#   {line}\n" in script.read_text(encoding="utf-8")
    session = calclang.Session()
    session.run(script.read_text(encoding="utf-8"))
    with pytest.raises(calclang.CalcError) as caught:
        session.run(line)
    assert caught.value.code == "E-CHECK"


def blocks(language: str) -> list[tuple[str, str]]:
    """The code blocks of a language, with the page each stands on."""
    pattern = re.compile(rf"^```{language}\n(.*?)^```", re.S | re.M)
    return [(f"{page.name}-{n}", text) for page in PAGES for n, text in enumerate(pattern.findall(page.read_text(encoding="utf-8")))]


@pytest.mark.parametrize(("name", "text"), blocks("calc"), ids=[n for n, _ in blocks("calc")])
def test_calc_block(name: str, text: str) -> None:
    """A comment behind a statement is a line that it prints."""
    stdin, stdout, stderr = io.BytesIO(text.encode()), io.StringIO(), io.StringIO()
    assert main(["-"], Streams(stdin, stdout, stderr), {}) == 0, stderr.getvalue()
    printed = iter(stdout.getvalue().splitlines())
    for said in re.findall(r"^ *[^#\s].* # (.*)$", text, re.M):
        assert said in printed


@pytest.mark.parametrize(("name", "text"), blocks("python"), ids=[n for n, _ in blocks("python")])
def test_python_block(name: str, text: str) -> None:
    """A comment behind ``print`` says what is printed."""
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(text, name, "exec"), {})
    said = re.findall(r"^\s*print\(.*\)\s+# (.*)$", text, re.M)
    assert printed.getvalue().splitlines() == said


MODULES = [m.name for m in pkgutil.walk_packages(calclang.__path__, "calclang.") if not m.name.endswith(("__main__", "tables")) and not m.name.startswith("calclang.errors")]


@pytest.mark.parametrize("name", ["calclang", *MODULES])
def test_docstrings(name: str) -> None:
    """The examples in docstrings run. (Those of errors are programs: tests/errors.)"""
    result = doctest.testmod(importlib.import_module(name))
    assert result.failed == 0


def test_no_example_is_skipped() -> None:
    for file in Path(calclang.__path__[0]).rglob("*.py"):
        assert "+SKIP" not in file.read_text(encoding="utf-8"), file


def test_readme_has_the_two_commands() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert "pip install . && calclang examples/tour.calc\n" in text
    assert re.search(r"^pip install '\.\[test\]' && pytest$", text, re.M)
