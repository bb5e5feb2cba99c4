"""What Tab offers: asked directly, and typed."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from prompt_toolkit.application import create_app_session
from prompt_toolkit.input import create_pipe_input
from prompt_toolkit.output import DummyOutput

from calclang import Session
from calclang.frontends import prompt
from calclang.frontends.answers import Answers
from calclang.frontends.prompt.colon import table as colons
from calclang.frontends.prompt.completion import VALUES, complete
from calclang.frontends.prompt.results import Results
from calclang.help.notes.commands import CLAUSES
from calclang.lower.library import TABLE
from calclang.registry import table
from calclang.settings import SETTINGS
from calclang.syntax.symbols import SYMBOLS, typed

PROGRAM = "f(x, y) = x^2*y; alpha = 3; A = [1, 2; 3, 4]; be = 3; t = value_and_grad(x -> x^2)(2); g = (p: R^n) -> p'*p"


@pytest.fixture
def session() -> Session:
    session = Session()
    session.run(PROGRAM)
    return session


def offered(session: Session, text: str, behind: str = "") -> list[str]:
    return [offer.text for _, offer in complete(session, text, behind)]


ALL = {  # text: all that is offered
    "al": ["alpha", "all"],
    "2al": ["alpha", "all"],
    "f(al": ["alpha", "all"],
    "x\n  al": ["alpha", "all"],
    "AL": ["alpha", "all"],
    "gra": ["grad", "gradient", "graph"],
    "x = 3; gra": ["grad", "gradient", "graph"],
    "explain gr": ["grad", "gradient"],
    "1 + gra": ["grad", "gradient"],
    "grad f at 1 ": ["wrt", "mode"],
    "grad f at 1 w": ["wrt", "where"],
    "A ": ["and", "else", "for", "in", "or", "then", "where"],
    "grad f at 1 mo": ["mode"],
    "grad f at 1 mode ": ["auto", "forward", "reverse"],
    "grad(f, mode = ": ["auto", "forward", "reverse"],
    "grad f mode r": ["reverse"],
    "grad f wrt ": ["x", "y"],
    "grad f wrt x, ": ["x", "y"],
    "grad(g, wrt = ": ["p"],
    "grad u*v wrt ": ["u", "v"],
    'minimize g from A method "b': ['bfgs"'],
    "minimize g from A method b": ['"bfgs"'],
    "taylor(f, at = 0, ord": ["order = "],
    "set f": ["format"],
    "set format ": ["auto", "fixed", "scientific", "engineering"],
    "set format fixed ": [],
    "set digits ": [],
    "h(x: ": ["R", "diagonal", "row", "symmetric"],
    "h(x: sym": ["symmetric"],
    "h(beta, gammax) = gam": ["gammax", "gamma"],
    "h(x) = let r1 = 2, r2 = 3 in r": ["r1", "r2", "rand", "randn", "rank", "read", "relu", "reshape", "reverse", "round"],
    "if A th": ["then"],
    "x = tr": ["tr", "transpose", "true"],
    't["': ['value"]', 'grad"]'],
    't["v': ['value"]'],
    "t.": ['["value"]', '["grad"]'],
    "t.g": ['["grad"]'],
    "A.": [],
    "# al": [],
    '"al': [],
    '"al"': [],
    "unknown": [],
    "\\alp": ["α"],
    "\\le": ["≤"],
    "\\infi": ["inf"],
    "\\_1": ["₁"],
    "\\^2": ["²"],
    "A\\be": ["be", "β"],
    "\\nothing": [],
    ":ty": [":type"],
    ":set ie": ["ieee"],
    ":set style ": ["full", "plain"],
    ":type al": ["alpha", "all"],
    ":undef al": ["alpha"],
    ":undef A al": ["alpha"],
    ":nonsense al": [],
    ":vars al": [],
    ":explain E-SH": ["E-SHAPE"],
    ":copy ": ["latex"],
    "?deriv": ["derivatives", "derivative"],
    "help deriv": ["derivatives", "derivative"],
    ":help deriv": ["derivatives", "derivative"],
    "?E-SH": ["E-SHAPE"],
    ":help :s": [":save", ":save!", ":set"],
    "?:und": [":undo", ":undef"],
    "graph f as ": ["text"],
}


@pytest.mark.parametrize("text", ALL)
def test_all_that_is_offered(session: Session, text: str) -> None:
    assert offered(session, text) == ALL[text]


def test_names_of_the_session_come_first(session: Session) -> None:
    assert offered(session, "1 + ")[:6] == ["A", "alpha", "be", "f", "g", "t"]
    assert offered(session, "grad ")[:3] == ["f", "g", "A"]
    assert offered(session, "")[:7] == ["A", "alpha", "be", "f", "g", "t", "assert"]


def test_names_stand_once(session: Session) -> None:
    session.run("sum = 3")
    assert offered(session, "sum") == ["sum"]
    assert offered(session, "") == list(dict.fromkeys(offered(session, "")))


def test_what_stands_beside(session: Session) -> None:
    def beside(text: str) -> str:
        meta = complete(session, text)[0][1].meta
        return meta() if callable(meta) else meta

    assert beside("f") == "f(x, y)" and beside("g") == "g(p: R^n)" and beside("A") == "matrix of 2×2"
    assert beside("sinc") == "sinc(x: R) → R"
    assert beside("hess") == table()["hessian"].usage
    assert beside("solve g from A ma").startswith("The most steps")
    assert beside("\\infi") == "∞  is written inf"


def test_options_come_when_a_function_has_its_arguments(session: Session) -> None:
    assert offered(session, "grad(f, ")[:2] == ["wrt = ", "mode = "]
    assert "wrt = " not in offered(session, "grad(")
    assert offered(session, "rand(")[0] == "seed = "
    assert offered(session, "grad(f, mode = auto, ")[0] == "wrt = "


def test_parameters_behind_the_cursor_count(session: Session) -> None:
    assert offered(session, "h(x) = ze", "\nwhere zeta9 = 3") == ["zeta9", "zeros"]


def test_a_huge_input_is_left_alone(session: Session) -> None:
    assert offered(session, "al\n" * 50_000 + "al") == []


def test_results_by_number(session: Session) -> None:
    Results(session).add(session.definitions["A"])
    assert offered(session, "an") == ["ans1", "any"]


def test_every_table_is_offered(session: Session) -> None:
    assert set(table()) <= set(offered(session, ""))
    assert offered(session, ":") == list(colons())
    assert offered(session, "set ") == offered(session, ":set ") == list(SETTINGS)
    assert [o.text for _, o in complete(session, "\\")] == [typed(name) for name in SYMBOLS]
    options = {option for builtin in TABLE.values() for option in builtin.options} | {c for record in table().values() for c in record.clauses}
    assert set(VALUES) <= options <= set(CLAUSES)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "data").mkdir()
    for name in ("one.calc", "two.csv", "three.txt", ".hidden.csv", "data/four.npy", 'a"b.csv', "bad\x1b[31m.csv"):
        (tmp_path / name).write_text("1")
    monkeypatch.chdir(tmp_path)
    return tmp_path


FILES = {
    'load "': ["data/", 'one.calc"'],
    'load("o': ['one.calc"'],
    'save "o': ['one.calc"'],
    ":load ": ["data/", "one.calc"],
    ':load "o': ['one.calc"'],
    ":save! o": ["one.calc"],
    ":save --t": ["--transcript "],
    ":save --transcript o": ["one.calc"],
    ":load --t": [],
    'x = read("': ["data/", 'three.txt"', 'two.csv"'],
    'write("t': ['three.txt"', 'two.csv"'],
    'read("data/': ['data/four.npy"'],
    'read(".h': ['.hidden.csv"'],
    'read("nowhere/': [],
    'print("': [],
    'write("x", "': [],
    'graph f to "o': ['one.calc"'],
}


@pytest.mark.parametrize("text", FILES)
def test_files(session: Session, folder: Path, text: str) -> None:
    assert offered(session, text) == FILES[text]


@given(st.text(alphabet=st.one_of(st.sampled_from(list('fgAt1.( )[],;=:-+\\?"#\nlet')), st.characters())))
def test_any_text_can_be_completed(text: str) -> None:
    for word, offer in complete(Session(), text):
        assert text.endswith(word) and offer.text
        assert isinstance(offer.meta if isinstance(offer.meta, str) else offer.meta(), str)


# ---- typed -------------------------------------------------------------------------------------------------


TYPED = {  # keys: the last line of the answer
    "alpha9 = 3\nalph\t + 1\n": "4",
    "abc1 = 1\nabc2 = 2\nab\t\t\n\n": "1",  # what both have in common, then the first of the menu, taken with Enter
    "abc1 = 1\nabc2 = 2\nabc\t2\n": "2",  # the menu goes when one types on
    "abc1 = 1\nabc2 = 2\nab\t\t\t\n*10\n": "20",
    "\\alpha\t = 5\nα + 1\n": "6",
    "f(x) = x^2\ngrad f at 3 mo\t forw\t\n": "6",
    "t = value_and_grad(x -> x^2)(3)\nt.v\t\n": "9",
    "[1,\n\t2]\n": "[1, 2]",  # indents
    "1 + 1\t\n": "2",
    "alpha9 = 3\nset keys vi\nalph\t + 1\n": "4",
    "zzz\x15\t\x1b7\n": "7",  # Escape leaves the menu
}


@pytest.mark.parametrize("keys", TYPED)
def test_typed(keys: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("CALCLANG_HISTORY", "")
    with create_pipe_input() as keyboard, create_app_session(input=keyboard, output=DummyOutput()):
        keyboard.send_text(keys + "\x04")
        session = Session()
        assert prompt.repl(session, Answers(session, sys.stdout, sys.stdout, environment={})) == 0
    assert capsys.readouterr().out.splitlines()[-1] == TYPED[keys]
