"""Every line of the corpus, four ways: as a script file, through a pipe, as text of the command line, and embedded with untrusted limits."""

from __future__ import annotations

import io
import os
import re
from dataclasses import replace
from pathlib import Path

import pytest

from calclang import LOCAL, UNTRUSTED, CalcError, Session
from calclang.display.diagnostics import render
from calclang.display.values import display
from calclang.frontends import cli
from calclang.frontends.cli import Streams, main
from tests.corpus import Case, cases

CASES = cases()

# Lines whose outcome is a choice, or where the language reference differs from the corpus: what happens here, exactly.
# A text that begins with E- or W- is the code, any other the display of the last value.
PINNED: dict[str, str] = {
    "2x": "E-NAME",  # a product with a name that is not defined
    "x = 3": "",  # `let` is optional
    "1 == 2 == 3": "false",  # comparisons chain
    ".5": "0.5",
    "f'(2)": "E-NAME",  # f is not defined; of a function it is the derivative
    "2×3": "6",
    "5−3": "2",
    "π": "3.141592654",
    "1\u00a0+\u00a01": "2",
    "0^0": "1",
    "inf - inf": "nan",  # the infinities were written by the user
    "inv([nan, 0; 0, 1])": "[nan  nan\n nan  nan]",  # the nan was
    "[1, 2] + [1; 2]": "[2, 4]",  # both are columns
    "zeros(0, 1e15)": "zeros(0, 1000000000000000)",
    "1..1e12": "1..1e12",
    "(-1)^9^9^9": "E-OVERFLOW",
    "ones(5000, 5000) * ones(5000, 5000)": "E-LIMIT-ELEMENTS",
    "sum(i in 1..1e4, sum(j in 1..1e4, sum(1 for k in 1..1e4)))": "E-SYNTAX",
    "-5 mod 3": "E-SYNTAX",  # with the hint mod(x, m)
    "f(x) = 7 mod x\ngrad(f)(2)": "E-SYNTAX",
    "let sin = 5": "W-SHADOW",
    "let inf = 0": "W-SHADOW",
    'load("/dev/zero")': "E-PATH",
    'include "self.calc"': "E-SYNTAX",
    ":nosuchcommand": "E-SYNTAX",  # colon commands belong to the prompt
    "A = [1, 2; 3, 4]\nf(x) = x' * A * x\ngrad(f)([1; 1])": "[7, 13]",
    "g(x) = x * grad(y -> x + y)(1)\ngrad(g)(1)": "1",
    # built-ins and commands of later versions
    "factorial(170)": "E-NAME", "factorial(1e9)": "E-NAME", "factorial(2.5)": "E-NAME", "binomial(1e9, 5e8)": "E-NAME",
    "sort([3, nan, 1])": "[1, 3, nan]",
}  # fmt: skip


PINNED_LINES = {84: "1.152921505e18", 85: "g60(x) = g59(x)*g59(x)"}  # equal calls are made once; a definition is shown as written


def text_of(case: Case) -> str:
    return case.data.decode("utf-8", "replace")


def wanted(case: Case) -> tuple[str, ...]:
    """What may happen: codes, or the display of a value."""
    pinned = PINNED_LINES.get(case.number, PINNED.get(text_of(case)))
    if pinned is not None:
        return (pinned,)
    return ("E-NAME",) if text_of(case).startswith("plot(") else case.codes


def outcome(session: Session, case: Case) -> tuple[list[str], list[str]]:
    """The codes and the displays that a case gives."""
    codes: list[str] = []
    shown: list[str] = []
    try:
        for result in session.statements(case.data, "case.calc"):
            codes += [w.code for w in result.warnings]
            if result.shown and result.value is not None:
                shown.append(display(result.value))
    except CalcError as error:
        codes.append(error.code)
        shown.append(render(error.diagnostic))
    return codes, shown


@pytest.mark.parametrize("case", CASES, ids=lambda c: f"line{c.number}")
def test_embedded(case: Case) -> None:
    session = Session(UNTRUSTED)
    session.run("kept = 41")
    codes, shown = outcome(session, case)
    expected = wanted(case)
    if len(case.data) > UNTRUSTED.source:
        assert codes == ["E-LIMIT-SOURCE"]
    elif expected and expected[0][:2] in ("E-", "W-"):
        assert set(codes) & set(expected), (codes, shown)
    elif expected and expected[0]:
        assert shown[-1:] == [expected[0]]
    else:
        assert not [c for c in codes if c.startswith("E-")], shown
    assert session.eval("1+1") == 2.0
    assert session["kept"] == 41.0


def control_bytes(text: str) -> list[str]:
    return re.findall(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]", text)


# These reach limits that are meant for a person with time and memory: the same limits, smaller.
HEAVY = {c.number for c in CASES if c.data.startswith((b"let v = [1, 1]; let v = [v, v]", b"f0(x) = x + 1\nf1(x) = f0(f0(x))")) or b"5000" in c.data}
SMALLER = replace(LOCAL, nodes=100_000, elements=1_000_000)
BOUNDED = ("depth", "blow-up")  # a code or a value: which one depends on the limits


@pytest.mark.parametrize("way", ["file", "pipe", "-e"])
@pytest.mark.parametrize("case", CASES, ids=lambda c: f"line{c.number}")
def test_command_line(case: Case, way: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if case.number in HEAVY:
        monkeypatch.setattr(cli, "Session", lambda: Session(SMALLER))
    stdout, stderr = io.StringIO(), io.StringIO()
    file = tmp_path / "case.calc"
    file.write_bytes(case.data)
    arguments = {"file": [str(file)], "pipe": ["-"], "-e": ["-e", os.fsdecode(case.data)]}[way]
    status = main(arguments, Streams(io.BytesIO(case.data), stdout, stderr), {})
    text = stdout.getvalue() + stderr.getvalue()
    assert status in (0, 1)
    assert "Traceback" not in text and "lark" not in text
    assert not control_bytes(text)
    assert status == ("error[" in stderr.getvalue())
    codes, expected = re.findall(r"\b(?:error|warning)\[([EW]-[A-Z-]+)\]", stderr.getvalue()), wanted(case)
    if expected and expected[0][:2] in ("E-", "W-"):
        assert set(codes) & set(expected) or (case.group in BOUNDED and status == 0), text
    else:
        assert status == 0, text
