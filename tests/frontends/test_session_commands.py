"""The commands with a colon, typed into a prompt."""

from __future__ import annotations

import io
import re
from base64 import b64decode
from pathlib import Path

import pytest
from prompt_toolkit.application import create_app_session
from prompt_toolkit.input import create_pipe_input
from prompt_toolkit.output import DummyOutput

from calclang import Session
from calclang.frontends import prompt
from calclang.frontends.answers import Answers
from calclang.frontends.prompt import results
from calclang.frontends.prompt.clipboard import LONGEST, escape
from calclang.frontends.prompt.colon import table
from calclang.frontends.prompt.talk import Talk
from calclang.help.notes.codes import CODES
from calclang.help.notes.topics import TOPICS
from calclang.settings import SETTINGS


class Screen(io.StringIO):
    """A terminal of 80 columns without colours."""

    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def place(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """An empty folder to work in, no history, a usual terminal."""
    monkeypatch.chdir(tmp_path)
    for name, value in {"CALCLANG_HISTORY": "", "TERM": "xterm", "HOME": str(tmp_path)}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("TMUX", raising=False)
    return tmp_path


def conversation(*inputs: str) -> Talk:
    """A prompt into which these inputs were typed."""
    talks: list[Talk] = []
    with create_pipe_input() as keyboard, create_app_session(input=keyboard, output=DummyOutput()):
        keyboard.send_text("".join(text.replace("\n", "\x1b\r") + "\r" for text in inputs) + "\x04")
        session, screen = Session(), Screen()
        assert prompt.repl(session, Answers(session, screen, screen, color="never", environment={}), talks.append) == 0
    return talks[0]


def told(*inputs: str) -> list[str]:
    """What each input was answered."""
    return ["\n".join(entry.told) for entry in conversation(*inputs).entries]


def last(*inputs: str) -> str:
    return told(*inputs)[-1]


# ---- the table ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("word", table())
def test_every_command_has_a_page_and_keeps_its_word(word: str) -> None:
    """What it says of itself fits on a line of 80; it complains in one way where something lacks or is too much."""
    it = table()[word]
    page, answer = told(f":help {word}", f"{word} 1 2")[:2] if word not in (":quit", ":tour") else (last(f":help {word}"), "takes nothing behind it")
    assert page.startswith(it.usage) and it.says[1:] in " ".join(page.split())
    assert max(18, len(it.usage)) + len(it.says) + 4 <= 80
    assert it.takes or "takes nothing behind it" in answer
    if it.takes and "[" not in it.usage:
        assert f"{word} needs" in last(word)


def test_beginnings_will_do() -> None:
    assert "nothing yet" in last(":v") and "begins :reset and :reload" in last(":re")
    assert "begins :save and :set" in last(":s") and "nothing to save" in last(":sa x")
    assert "did you mean :undo?" in last(":undp") and ":help lists the commands" in last(":nonsense")


def test_words_that_lack_their_colon() -> None:
    assert "at the prompt this is  :vars" in last("vars") and "Ctrl-L" in last("clear")
    assert last("vars = 3", "vars").endswith("= 3")


@pytest.mark.parametrize("word", [":quit", ":q", ":exit", "quit", "exit", "exit()"])
def test_leaving(word: str) -> None:
    assert len(told("1", word, "2")) == 2


def test_a_name_of_yours_does_not_leave() -> None:
    assert told("exit = 3", "exit", "2")[1:] == ["= 3", "ans1 = 2"]


def test_topics_name_only_commands_that_exist() -> None:
    for topic in TOPICS.values():
        assert set(re.findall(r"(?<!\w):[a-z]+", topic.text)) <= table().keys()


# ---- help ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("question", ["?", ":help", ":h", ":?"])
def test_help_alone(question: str) -> None:
    """It fits on a screen."""
    lines = last(question).split("\n")
    assert "topics" in lines and set(table()) - {":save!"} <= set(" ".join(lines).split()) and max(map(len, lines)) <= 80 and len(lines) <= 24


@pytest.mark.parametrize("question", ["?keys", ":help prompt"])
def test_help_on_the_prompt_lists_its_commands(question: str) -> None:
    page = last(question)
    assert all(it.says in page for word, it in table().items() if word != ":save!")


@pytest.mark.parametrize("question", ["?hypot", "? hypot", ":help hypot", "?hypot("])
def test_help_on_a_name(question: str) -> None:
    assert last(question).startswith("hypot(")


@pytest.mark.parametrize("question", ["?vars", ":help tour", "? :undo"])
def test_help_on_a_command_without_its_colon(question: str) -> None:
    assert last(question).startswith(f":{question.split()[-1].strip('?:')}")


def test_help_on_a_name_of_yours_that_is_also_a_command() -> None:
    assert "vars is a number" in last("vars = 3", "?vars")


def test_help_on_your_own() -> None:
    assert "f(x) = x^2" in last("f(x) = x^2", "?f") and "4" in last("2*2", "?ans")


@pytest.mark.parametrize("asked", ["E-SHAPE", "e-shape", "shape"])
def test_explain(asked: str) -> None:
    assert last(f":explain {asked}") == last("?E-SHAPE") and "E-SHAPE" in last("?E-SHAPE")


def test_explain_every_code() -> None:
    pages = told(*(f":explain {code}" for code in CODES))
    assert all("There is no help" not in page for page in pages) and "E-AD" in last(":explain")


def test_tour() -> None:
    """It reads from the same prompt, in a session of its own."""
    inputs = told("f(x) = 7", ":tour", "sqrt(3^2 + 4^2)", "f(x) = x^2 + sin(x)", "f'", ":quit", "f(1)")
    assert inputs[-1] == "ans1 = 7" and "4 of 10" in inputs[1]


def test_tour_from_a_screen_on() -> None:
    assert "7 of 10" in last(":tour 7", "?sin", ":quit")
    assert "1 to 10" in last(":tour 11") and "1 to 10" in last(":tour x")


# ---- looking ---------------------------------------------------------------------------------------------


def test_vars_of_large_arrays() -> None:
    lines = last("A = ones(20, 20)/3; v = 1..100; T = stack(A, A)", ":vars").split("\n")
    assert "  A  matrix of 20×20       [0.3333333333, 0.3333333333, " in lines[0] and "reshape" not in "".join(lines) and all(len(line) <= 80 for line in lines)


def test_vars() -> None:
    answer = last("x = 3", "f(x, y) = x + y", "A = [1, 2; 3, 4]", "v = 1..2e5", "b = [k for k in v]", "g = grad(f)", "t = (1, [2, 3], 4)", "A*A", ":vars")
    assert answer.split("\n") == [
        "  x  number                    3",
        "  f  function                  f(x, y) = x + y",
        "  A  matrix of 2×2             [1, 2; 3, 4]",
        "  v  range of 200,000 numbers  1..200000",
        "  b  vector of 200,000         [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14,…",
        "  g  function                  grad(f)",
        "  t  tuple of number, vector…  (1, [2, 3], 4)",
        "  results: ans1; ans is the last one",
    ], answer


@pytest.mark.parametrize(
    ("expression", "says"),
    [
        ("1/3", "number"),
        ("1 < 2", "boolean"),
        ("[1, 2, 3]", "vector of 3"),
        ("[1, 2]'", "row of 2"),
        ("eye(2)", "matrix of 2×2"),
        ("[1, 2] < 2", "mask of 2"),
        ("stack(eye(2), eye(2))", "tensor of 2×2×2"),
        ("1..4", "range of 4 numbers"),
        ('"a"', "string"),
        ("(1, [2, 3])", "tuple of number, vector of 2"),
        ("q", "q(x: R^n, A: R^(n×n)) → R"),
        ("grad(q, wrt = x)", "grad(q, wrt = x)(x: R^n, A: R^(n×n)) → R^n"),
        ("x -> x^2", "function of (x)"),
        ("hypot", "hypot(x, y)"),
        ("grad q at ([1, 2], eye(2))", "tuple of x: vector of 2, A: matrix of 2×2"),
    ],
)
def test_type(expression: str, says: str) -> None:
    answers = told("q(x: R^n, A: R^(n×n)) = x' * A * x", "41", f":type {expression}", "ans + 1")
    assert answers[2:] == [says, "ans2 = 42"]


def test_type_of_what_has_no_value() -> None:
    answers = told(":type x = 3", ":type print(1)", ":type 1; 2", ":type 1/0", ":type (", ":vars")
    assert all("error[" in answer for answer in answers[:-1]) and "nothing yet" in answers[-1]


def test_info(place: Path) -> None:
    (place / "lesson.calc").write_text("\ng(x) = x^3\n")
    answers = told("f(x) = x^2", "n = 3", ":info f", ":info n", ":load lesson", ":info g", ":info sin", "fold((s, x) -> s + f(x), 0, [1, 2, 3, 4, 5])", ":info f", ":info nosuch")
    f, n, g, sin, again, unknown = (answers[k] for k in (2, 3, 5, 6, 8, 9))
    assert "derivative(f) = x -> 2*x" in f and "at the prompt, by  f(x) = x^2" in f and "not yet" in f
    assert "n is a number" in n and "by  n = 3" in n
    assert "lesson.calc, line 2" in g and sin == last("?sin") and "There is no help on nosuch" in unknown
    assert "compiled  " in again


def test_time() -> None:
    fast, slow, once = told(":time 1 + 1", ":time x = 2", ':time print("once")')
    assert re.fullmatch(r"ans1 = 2\n# [\d.]+ [nµm]?s, the best of \d+ runs", fast)
    assert re.fullmatch(r"# [\d.]+ [nµm]?s", slow) and once.count("once") == 1
    assert told(":time 1 + 1", "ans + 1")[1] == "ans2 = 3"


# ---- results --------------------------------------------------------------------------------------------


def test_results_have_numbers() -> None:
    """Values that are shown and have no name; a name of the reader's own hides them."""
    assert told("1 + 1", "x = 5", "x", "3;", "qr(eye(2))", "ans1 + x", "ans1 = 0", "ans1") == [
        "ans1 = 2", "", "= 5", "", "ans2:\nQ = [1  0\n     0  1]  # R^(2×2)\nR = [1  0\n     0  1]  # R^(2×2)", "ans3 = 7", "", "= 0",
    ]  # fmt: skip


def test_results_are_known_to_functions_and_derivatives() -> None:
    assert told("2 + 3", "f(x) = ans1*x^2", "f'(1)", "grad f at 2", "?ans1")[2:4] == ["ans2 = 10", "ans3 = 20"]


def test_other_sessions_know_no_results() -> None:
    conversation("1 + 1")
    with pytest.raises(Exception, match="ans1 is not defined"):
        Session().run("ans1")


def test_old_results_make_room(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(results, "MOST", 10)
    assert told("ones(4)", "ones(5)", "ones(6)", "ans3[1]", "ans1")[3] == "ans4 = 1"
    assert "E-NAME" in last("ones(4)", "ones(5)", "ones(6)", "ans1")


@pytest.mark.parametrize("program", ["rand(100)", "A = rand(40, 3); A", "rand(3, 40)", "qr(rand(30, 30))", "stack(rand(9, 9), rand(9, 9), rand(9, 9))", "1; rand(100)'"])
def test_what_says_how_to_see_the_rest_can_be_typed(program: str) -> None:
    hints = re.findall(r"print\(.*?\)(?= shows all)", last(program))
    assert hints
    for text in told(program, "1 + 1", *hints)[2:]:
        assert "." in text and "…" not in text and "not shown" not in text and "error" not in text


# ---- undo, undef, reset -------------------------------------------------------------------------------


def test_undo_goes_back_input_by_input() -> None:
    answers = told("x = 1", "x = 2; y = 3", "x + y", "set digits 4", ":undo", ":undo", "x", "y", ":undo", "x", ":undo")
    assert [answers[k] for k in (4, 5, 6, 8)] == ["# took back  set digits 4", "# took back  x = 2; y = 3", "= 1", "# took back  x = 1"]
    assert "y is not defined" in answers[7] and "x is not defined" in answers[9] and "nothing to take back" in answers[10]


def test_undo_of_several_inputs() -> None:
    answers = told("x = 1", "x = 2", "y = 3", ":undo 2", "x", ":undo 9", "x", ":undo 0", ":undo x")
    assert answers[3] == "# took back  y = 3\n# took back  x = 2" and answers[4] == "= 1" and "E-NAME" in answers[6]
    assert all("takes a number of inputs" in answer for answer in answers[7:])


def test_undo_takes_back_what_stood_before_an_error() -> None:
    assert "x is not defined" in last("x = 1; y = 1/0", ":undo", "x")


def test_undo_of_commands(place: Path) -> None:
    (place / "a.calc").write_text("a = 1\n")
    for command in (":load a", ":set digits 3", ":undef x", ":reset"):
        before, after = conversation("x = 3; 1/3"), conversation("x = 3; 1/3", command, ":undo")
        assert after.session.definitions.keys() == before.session.definitions.keys() and after.session.settings == before.session.settings
        assert after.entries[-1].told == [f"# took back  {command}"] and after.kept == before.kept and after.session.numbered.keys() == before.session.numbered.keys()


def test_undefine() -> None:
    answers = told("e = 3; x = 1; y = 2", ":undef e, x", "e", "x", ":undef nosuch", ":undef sin", ":undef y nosuch", "y")
    assert answers[1] == "# forgotten: e is the built-in again" and answers[2].startswith("≈ 2.718") and "E-NAME" in answers[3]
    assert "nosuch is not defined" in answers[4] and "sin is a built-in" in answers[5] and answers[7] == "= 2"


def test_undefining_reaches_compiled_functions() -> None:
    assert "a is not defined" in last("a = 2; f(x) = a*x", "fold((s, x) -> s + f(x), 0, [1, 2, 3, 4, 5])", ":undef a", "f(1)")


def test_reset() -> None:
    answers = told("x = 1; y = 2", "set digits 3", "1/3", ":reset", "x", "ans1", "2/3")
    assert answers[3] == "# forgot 2 names and the results; :undo brings them back" and "E-NAME" in answers[4] + answers[5] and answers[6] == "ans1 ≈ 0.667"


# ---- settings --------------------------------------------------------------------------------------------


def test_switches_are_on_or_off() -> None:
    assert last(":set chop on", ":set chop").startswith("  chop true") and last("set chop on", "set chop off", ":set chop").startswith("  chop false")


def test_settings_are_listed() -> None:
    answer = last("set digits 7", ":set")
    assert "digits 7" in answer and all(name in answer for name in SETTINGS) and max(map(len, answer.split("\n"))) <= 80


@pytest.mark.parametrize("name", SETTINGS)
def test_every_setting_by_colon(name: str) -> None:
    for value in SETTINGS[name].values or ("4",):
        talk = conversation(f":set {name} {value}", f":set {name}")
        assert str(getattr(talk.session.settings, name)).lower() == value and talk.entries[-1].told[0].startswith(f"  {name} {value} ")


@pytest.mark.parametrize("command", [":set digits 99", ":set digit 3", ":set digits 3 4", ":set digit", ":set style [1]"])
def test_refused_settings(command: str) -> None:
    talk = conversation(command)
    assert "error[" in talk.entries[0].told[0] and talk.session.settings == Session().settings and not talk.kept


@pytest.mark.parametrize(
    ("setting", "program", "before", "after"),
    [
        ("digits 3", "1/3", "ans1 ≈ 0.3333333333", "ans2 ≈ 0.333"),
        ("format scientific", "1234", "ans1 = 1234", "ans2 = 1.234e3"),
        ("chop true", "[1, 1e-20]", "ans1 = [1, 1e-20]  # R^2", "ans2 ≈ [1, 0]  # R^2"),
        ("echo false", "2^3^2", "# 2^(3^2)\nans1 = 512", "ans2 = 512"),
        ("style plain", "[1, 2]", "ans1 = [1, 2]  # R^2", "= vector of 2 numbers: 1, 2"),
        ("ieee true", "log(0)", "error[E-DIVZERO]", "ans1 = -inf"),
        ("timer true", "1 + 1", "ans1 = 2", "ans2 = 2\n# took"),
    ],
)
def test_settings_do_something(setting: str, program: str, before: str, after: str) -> None:
    answers = told(program, f":set {setting}", program)
    assert answers[0].startswith(before) and answers[2].startswith(after), answers


def test_theme() -> None:
    """Dimmed, as it is usually; nothing dimmed; no colour at all."""
    for theme, dimmed, red in (("terminal", True, True), ("bright", False, True), ("mono", False, False)):
        session, screen = Session(), Screen()
        talk = Talk(session, Answers(session, screen, screen, color="always", environment={}), lambda message: "")
        for text in (f":set theme {theme}", "[1, 2]", "nosuch"):
            talk.answer(text)
        assert ("\x1b[2m" in "".join(talk.entries[1].told)) is dimmed and ("\x1b[1;31m" in "".join(talk.entries[2].told)) is red


@pytest.mark.parametrize("mode", ["forward", "reverse"])
def test_mode(mode: str) -> None:
    """Derivatives that say no mode are computed in this one: `explain` shows it."""
    program = "f(x, y) = x^2*y"
    said = last(program, f":set mode {mode}", "explain grad f at (1, 2)")
    assert said == last(program, f"explain grad f at (1, 2) mode {mode}")
    assert last(program, f":set mode {mode}", "grad f at (1, 2)") == "ans1 = [4, 1]  # R^2"


# ---- the clipboard ---------------------------------------------------------------------------------------


def copied(*inputs: str) -> str:
    """What the terminal is told to keep."""
    talk = conversation(*inputs)
    found = re.search(r"\x1b\]52;c;([\w+/=]*)\x07", talk.answers.out.getvalue())  # type: ignore[attr-defined]
    assert found, talk.entries[-1].told
    return b64decode(found.group(1)).decode()


def test_copy() -> None:
    assert copied("[1/3, 2; 3, 4]", ":copy") == "[0.3333333333333333, 2; 3, 4]"
    assert copied("f(x) = x^2*sin(x)", "f'", ":copy") == "x -> x*(2*sin(x) + x*cos(x))"
    assert copied("f(x) = x^2", "f'", ":copy latex") == told("f(x) = x^2", "latex f'")[1]
    assert copied("[1, 2]", ":copy latex") == told("latex [1, 2]")[0]


def test_nothing_to_copy(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "no result to copy" in last(":copy") and "knows no form" in last("1", ":copy png")
    assert f"{LONGEST:,} bytes" in last("rand(10000);", ":copy")
    monkeypatch.setenv("TERM", "dumb")
    session, out = Session(), io.StringIO()
    talk = Talk(session, Answers(session, out, out, environment={}), lambda message: "")
    for text in ("1", ":copy"):
        talk.answer(text)
    assert "needs a terminal" in talk.entries[-1].told[0] and "\x1b" not in out.getvalue()


def test_copy_inside_tmux() -> None:
    assert escape(b"1", {"TMUX": "/tmp/tmux"}) == "\x1b]52;c;MQ==\x07\x1bPtmux;\x1b\x1b]52;c;MQ==\x07\x1b\\"
    assert escape(b"1", {}) == "\x1b]52;c;MQ==\x07"


# ---- several lines ---------------------------------------------------------------------------------------


def test_commands_among_pasted_lines() -> None:
    answer = last("x = 3\n:vars\n?pi\nx + 1")
    assert "x  number  3" in answer and "pi = 3.14" in answer and answer.endswith("ans1 = 4")


def test_a_colon_inside_brackets_is_an_index() -> None:
    assert told("A = [1, 2; 3, 4]", "A[\n:, 1]")[1].startswith("ans1 = [1, 3]")


def test_docs_list_every_command() -> None:
    text = (Path(__file__).parents[2] / "docs" / "prompt.md").read_text(encoding="utf-8")
    assert all(f"| `{it.usage}` | {it.says} |" in text for word, it in table().items() if word != ":save!")
