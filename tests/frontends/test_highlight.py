"""The colours of an input."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from prompt_toolkit.document import Document
from prompt_toolkit.styles import default_ui_style, merge_styles

from calclang import Session
from calclang.frontends.prompt.highlight import LOOKS, SCREEN, Colours, highlighter, style
from calclang.frontends.prompt.roles import lines, read


def colours(text: str, program: str = "") -> list[tuple[str, str]]:
    """The coloured pieces of a text."""
    session = Session()
    session.run(program)
    line = Colours(session).of(text)
    shown = [line(n) for n in range(text.count("\n") + 1)]
    assert "\n".join("".join(piece[1] for piece in pieces) for pieces in shown) == text
    return [(piece[1], piece[0].removeprefix("class:calc.")) for pieces in shown for piece in pieces if piece[0]]


CASES = {
    "2 + 3.5e-3": [("2", "number"), ("+", "operator"), ("3.5e-3", "number")],
    '"a # b" # c': [('"a # b"', "string"), ("# c", "comment")],
    "if true then q": [("if", "keyword"), ("true", "keyword"), ("then", "keyword")],
    "sin(q)*pi": [("sin", "known"), ("*", "operator"), ("pi", "known")],
    "print(q)": [("print", "known")],
    "grad q at 1": [("grad", "command"), ("at", "clause"), ("1", "number")],
    "check grad q at 1 against 2": [("check", "command"), ("grad", "command"), ("at", "clause"), ("1", "number"), ("against", "clause"), ("2", "number")],
    "grad(q)": [("grad", "known")],
    "at + 1": [("+", "operator"), ("1", "number")],
    "taylor(q, order = 3)": [("taylor", "known"), ("order", "option"), ("=", "operator"), ("3", "number")],
    "h(e: symmetric R^2) = e": [("symmetric", "kind"), ("R", "kind"), ("^", "operator"), ("2", "number"), ("=", "operator")],
    "set digits 4": [("set", "command"), ("4", "number")],
    "help sin 2": [("help", "command")],
    "x = help + 1": [("=", "operator"), ("+", "operator"), ("1", "number")],
    ":set digits 4": [(":set", "command")],
    "?sin": [("?", "command")],
    '"half': [('"half', "string")],
    "1 & 2": [("1", "number"), ("&", "unknown"), ("2", "number")],
    "[1,\n2]": [("1", "number"), ("2", "number")],
    "q\n# c\ngrad q": [("# c", "comment"), ("grad", "command")],
    "∇q · π": [("∇", "operator"), ("·", "operator"), ("π", "known")],
}


@pytest.mark.parametrize("text", CASES)
def test_colours(text: str) -> None:
    assert colours(text) == CASES[text]


def test_names_of_the_session_are_not_those_of_the_language() -> None:
    assert colours("sum(e)", "e = 3") == [("sum", "known")]
    assert ("beta", "known") not in colours("f(beta) = beta")


@given(st.text(alphabet=st.one_of(st.sampled_from(list('fx1.( )[],;=:-+*/^\'"\\#\n∇π²let')), st.characters())))
def test_any_text_has_colours(text: str) -> None:
    colours(text)


@given(st.lists(st.sampled_from(["f(x) =", "(", ")", "[", "]", "1, 2", "# c", '"', "let a = 1", "in a", "grad f", "at 1", "\n", ";", "x -> ", "'"])))
def test_lines_are_read_as_the_whole(pieces: list[str]) -> None:
    """Strings, comments and numbers are the same, however the text is cut."""
    text = " ".join(pieces)
    sure = ("string", "comment", "number", "operator", "keyword")
    whole = [p.text for p in read(text)[0] if p.role in sure]
    assert [p.text for parts, _ in lines(text) for p in parts if p.role in sure] == whole


@pytest.mark.parametrize("name", [*(f"calc.{role}" for role in LOOKS), *SCREEN])
def test_only_the_palette_of_the_terminal(name: str) -> None:
    look = merge_styles([default_ui_style(), style()]).get_attrs_for_style_str(f"class:{name}")
    assert all(not color or color == "default" or color.startswith("ansi") for color in (look.color, look.bgcolor))


@pytest.mark.parametrize(("choice", "value"), [("style", "plain"), ("theme", "mono")])
def test_without_colours(choice: str, value: str) -> None:
    session = Session()
    wanted: Callable[[], bool] = lambda: getattr(session.settings, choice) != value
    lexer = highlighter(session, wanted)
    assert len(lexer.lex_document(Document("1 + 2"))(0)) > 1
    before = lexer.invalidation_hash()
    setattr(session.settings, choice, value)
    assert lexer.lex_document(Document("1 + 2"))(0) == [("", "1 + 2")]
    assert lexer.invalidation_hash() != before


def test_nothing_is_dimmed_in_a_bright_theme() -> None:
    session = Session()
    session.settings.theme = "bright"
    assert Colours(session).of("# c")(0) == [("", "# c")]


def test_a_new_input_sees_new_definitions() -> None:
    session = Session()
    colours = Colours(session)
    assert colours.of("sum")(0)[1][0] == "class:calc.known"
    session.run("sum = 3")
    colours.of("")
    assert all(piece[0] == "" for piece in colours.of("sum")(0))


def test_a_parameter_takes_a_name_on_all_lines() -> None:
    colours = Colours(Session())
    assert ("class:calc.known", "beta") in colours.of("f(x) =\n  beta")(1)
    assert ("class:calc.known", "beta") not in colours.of("f(beta) =\n  beta")(1)
    assert ("class:calc.known", "beta") in colours.of("f(x) =\n  beta")(1)
