"""What is said about texts that are no programs: the place, a part of the message, a part of the help."""

from __future__ import annotations

import pytest
from lark import Lark

from calclang.errors import CalcError
from calclang.source import Source
from calclang.syntax import parse
from tests.syntax.test_reading import COMMANDS


def failure(text: str, **limits: int) -> CalcError:
    with pytest.raises(CalcError) as caught:
        parse(Source("test", text), COMMANDS, **limits)
    return caught.value


# text: (what is underlined, words of the message, words of the help)
SAID = {
    "1 + 2)": (")", "unmatched )", ""), "(1, 2]": ("]", "( is closed by ]", ""), "2*(1 + [3)": (")", "[ is closed by )", ""), "f(": ("(", "never closed", ")"),
    "[1, , 2]": (",", "element is missing", ""), "[;]": (";", "element is missing", ""), "f(,x)": (",", "element is missing", ""), "()": (")", "missing", ""),
    "let x": ("x", "expected =", "x ="), "let 3x = 1": ("3x", "begin with a digit", ""), "3x = 1": ("3x", "begin with a digit", ""), "let if = 2": ("if", "word of the language", ""),
    "if = 2": ("if", "word of the language", ""), "f(x y) = x": ("y", "between x and y", ""), "f(x) =": ("=", "missing after =", ""), "f(x, x) = x": ("x", "twice", ""),
    "f(2) = x": ("2", "a parameter is", "f(x)"), "f(x: Z^n) = x": ("Z^n", "no kind", "R^n"), "f(A: R^n×n) = A": ("×", "brackets", "R^(m×n)"), "sin(x: R)": (":", "parameter list", ""),
    "if 1 then 2": ("2", "else is required", ""), "if 1 else 2 then 3": ("else", "needs then", "if c then"), "(let x = 2)": ("let", "needs in", "let x = 1 in"),
    "[x for i]": ("i", "for needs in", ""), "sum(i in 1..10)": ("in", "computed", "for i in"), "sum(i for i in ..10)": ("..", "no start", "1..10"), "1..": ("..", "missing after ..", ""),
    "1...10": ("...", "two dots", "1..10"), "1e": ("1e", "no digits", "2*e"), "1e+": ("1e+", "no digits", ""), "1e5.5": ("1e5.5", "whole number", ""), "0x1G": ("0x1G", "decimal", ""),
    "1.2.3": ("1.2.3", "one point", ""), "1_": ("1_", "between two digits", "1_000"), "1,000": ("1,000", "thousands", "1_000"), "f(1,000)": ("000", "thousands", "1_000"),
    "!5": ("!", "no operator !", "not"), "5!": ("!", "no operator !", "gamma"), "a && b": ("&&", "no operator &", "and"), "a || b": ("||", "no operator |", "or"), "|x|": ("|", "bars", "abs"),
    "x **= 2": ("**=", "changes a variable", "x = x"), "x += 1": ("+=", "changes a variable", "x = x"), "x++": ("+", "changes a variable", "x = x + 1"), "5 % 3": ("%", "no operator %", "mod"),
    "5 mod 3": ("mod", "mod is a function", "mod(5, 3)"), "/* c */ 1": ("/*", "comments", "#"), "1 // c": ("//", "comments", "#"), "{1, 2}": ("{", "braces", "[ ]"), "$x": ("$", "no meaning", ""),
    "'a'": ("'", "double quotes", '"text"'), "“a”": ("“", "straight", '"text"'), "a ? b : c": ("?", "no operator ?", "if c then"), "x := 3": (":=", "written with =", ""), "x => 3": ("=>", "=>", "->"),
    "a <> b": ("<>", "no such comparison", "!="), "a === b": ("===", "no such comparison", "=="), "A.T": (".T", "attribute", "A'"), "(1).__class__": ("._", "attribute", "index"),
    "sin.(x)": (".(", "dot before a call", ""), "lambda: 0": ("lambda", "lambda", "x ->"), "lambda x: x": ("lambda", "->", "x -> x"), "def f(x) = x": ("def", "begins with its name", ""),
    "return 3": ("return", "no return", ""), "for i in 1..3": ("for", "loop", ""), "while x": ("while", "loop", ""), "1 if x else 2": ("if", "stands before", "if x then 1 else 2"),
    "1/2x": ("1/2x", "two ways", "1/2*x"), "2^3x": ("2^3x", "two ways", "2^(3*x)"), "x/2(y + 1)": ("x/2(y + 1)", "two ways", ""), "1/-2x": ("2", "two ways", "brackets"),
    "2 x": ("x", "between 2 and x", ""), "sin x": ("sin", "between sin and x", "sin(x)"), "gard f at 1": ("gard", "not a command", "grad"), "g = grad f": ("grad", "command", "grad("),
    "1 + f (x)": ("(", "before this (", "f("), "A [1]": ("[", "before this [", "A["), "grad f (1, 2)": ("(", "behind at", "grad f at 1, 2"), "f (x) = x": ("(", "before this (", "f("),
    "if x = 3 then 1 else 2": ("=", "defines", "=="), "assert x = 3": ("=", "defines", "=="), "sin(2 = 3)": ("=", "option", "=="), "a = b = c": ("=", "defines", "b = c; a = b"),
    "A[1] = 3": ("A[1]", "not changed", "A = [if i == 1 then 3"), "1 + x = 3": ("1 + x", "cannot be defined", "=="), "[a, b] = f": ("[a, b]", "round brackets", "(a, b)"), "1, 2": (",", "inside brackets", "(1, 2)"),
    ":vars": (":vars", "for the prompt", "set digits"), "x = 1; :set digits 3": (":set", "for the prompt", "set digits"), "A[1:3]": (":", "two dots", "1..3"), "|> f": ("|>", "cannot begin with |>", "end of the line"), "x\n* y": ("*", "cannot begin with *", ""), "f(x; y)": (";", "; separates", "commas"),
    '"abc': ('"', "not closed", '"'), '"a\nb"': ('"', "not closed", ""), r'"C:\data"': ("\\d", "no meaning", r"\\"), "∞": ("∞", "∞", "inf"), "√2": ("√", "√", "sqrt"), "½": ("½", "fractions", "1/2"),
    "١٢٣": ("١", "U+0661", "0 to 9"), "let \u0430 = 1": ("\u0430", "Cyrillic", "Latin"), "𝐱 + 1": ("𝐱", "U+1D431", "write  x"), "let e\u0301 = 1": ("\u0301", "U+0301", "combining"),
    "\u0391 = 1": ("\u0391", "Greek capital letter alpha", ""), '"a\u2066b"': ("\u2066", "U+2066", ""), "# \u202e": ("\u202e", "U+202E", ""), "1 + \0 2": ("\0", "U+0000", ""),
    "1+1\x1a": ("\x1a", "U+001A", ""), "1 +\rfake": ("\r", "U+000D", ""), "x\x1b]0;owned\x07": ("\x1b", "U+001B", ""), "é = 1": ("é", "U+00E9", "Latin"),
}  # fmt: skip


@pytest.mark.parametrize("text", SAID)
def test_said(text: str) -> None:
    error = failure(text)
    place, message, help = SAID[text]
    assert error.code == "E-SYNTAX"
    assert error.diagnostic.labels[0].span.text == place
    assert message in error.message
    assert help in error.diagnostic.help


@pytest.mark.parametrize("text", SAID)
def test_words_of_the_parser_stay_inside(text: str) -> None:
    """No name of a token, no raw control character."""
    said = failure(text).message + failure(text).diagnostic.help
    from calclang.syntax.grammar import parser

    names = {t.name for t in parser()[0].terminals} - {"R"}
    assert not {word for word in said.replace("(", " ").split() if word in names and len(word) > 1}
    assert said.isprintable()


def test_second_place() -> None:
    first, second = failure("(1, 2]").diagnostic.labels
    assert (first.span.text, second.span.text) == ("]", "(")


DEEP = {
    "brackets": "({})", "arrays": "[{}]", "calls": "sin({})", "signs": "-{}", "not": "not {}", "powers": "2^{}", "functions": "x -> {}", "else": "if a then b else {}",
    "let": "let a = 1 in {}", "bound": "let a = {} in a", "where": "a where b = ({})", "loops": "[{} for i in v]", "indices": "x[{}]", "tuples": "(1, {})", "∇": "∇{}",
}  # fmt: skip


@pytest.mark.parametrize("kind", DEEP)
def test_depth(kind: str) -> None:
    """Each construct inside itself: a few levels are fine, more than the limit are not, and nothing recurses however many there are."""
    before, after = DEEP[kind].split("{}")
    parse(Source("test", before * 40 + "x" + after * 40), COMMANDS, nesting=100)
    for many in (201, 20_000):
        error = failure(before * many + "x" + after * many, nesting=100)
        assert error.code == "E-LIMIT-DEPTH"


@pytest.mark.parametrize("after", ["'", "(1)", "[1]"])
def test_depth_behind(after: str) -> None:
    assert failure("x" + after * 20_000).code == "E-LIMIT-DEPTH"


@pytest.mark.parametrize("op", ["+", "-", "*", "/", ".*", "|>", "and", "or", "+ -1 *", "- -"])
def test_chains_are_flat(op: str) -> None:
    """A chain of operators that group from the left is no nesting."""
    program = parse(Source("test", "1" + f" {op} 1" * 5_000), COMMANDS, nesting=10)
    assert len(program.statements) == 1


def test_many_statements_are_not_deep() -> None:
    program = parse(Source("test", "(-1)^2\n" * 3_000 + "1;" * 3_000), COMMANDS, nesting=10)
    assert len(program.statements) == 6_000


def test_long_inputs() -> None:
    """Literals by the hundred thousand, lines by the hundred thousand; no time is taken, but a quadratic reader would not end."""
    (statement,) = parse(Source("test", f"[{'1,' * 200_000}1]"), COMMANDS).statements
    assert len(statement.value.rows[0]) == 200_001  # type: ignore[union-attr]
    assert len(parse(Source("test", "\n" * 100_000 + "1"), COMMANDS).statements) == 1
    assert len(parse(Source("test", f"[{'x, ' * 20_000}x]"), COMMANDS).statements) == 1


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("1e400", "E-OVERFLOW"), ("9" * 5_000, "E-OVERFLOW"), ("[1, 1e999999999]", "E-OVERFLOW"), ("a" * 1_000_000, "E-LIMIT-NAME"), ('"' + "\\" * 50_000, "E-SYNTAX"),
        ('"' + '\\"' * 50_000, "E-SYNTAX"), ("1." * 50_000, "E-SYNTAX"), ("\x07" * 5_000, "E-SYNTAX"), ("1, " * 50_000, "E-SYNTAX"), ("[" + "1," * 50_000 + "x y]", "E-SYNTAX"),
        ("(" * 50_000, "E-LIMIT-DEPTH"), ("(]" * 50_000, "E-SYNTAX"), ("let " * 50_000, "E-SYNTAX"), ("1_" * 50_000, "E-SYNTAX"), ("x =" * 50_000, "E-SYNTAX"),
    ],
)  # fmt: skip
def test_hostile(text: str, code: str) -> None:
    error = failure(text)
    assert error.code == code
    assert len(error.message) + len(error.diagnostic.help) < 300


def test_limits() -> None:
    assert failure("1 + 1", length=4).code == "E-LIMIT-SOURCE"
    parse(Source("test", "a" * 255), COMMANDS)
    assert failure("a" * 256).code == "E-LIMIT-NAME"
    assert failure("((1))", nesting=1).code == "E-LIMIT-DEPTH"


def test_tables_are_current() -> None:
    """What is kept beside the code is what the grammar gives. (Else: python -m calclang.syntax.generate)"""
    from calclang.syntax.generate import FILE, tables

    assert FILE.read_text(encoding="utf-8") == tables()


def test_grammar_without_tables(monkeypatch: pytest.MonkeyPatch) -> None:
    """A changed grammar is built from its text."""
    from calclang.syntax import grammar, tables

    monkeypatch.setattr(tables, "GRAMMAR", 0)
    monkeypatch.setattr(tables, "DATA", None)
    lark, _, _ = grammar.parser.__wrapped__()
    assert isinstance(lark, Lark)


def test_conflicts() -> None:
    """The grammar has no choices but those that let a construct extend to the right: at an operator, `where`, or a comma behind `where`."""
    import logging

    import lark

    from calclang.syntax.grammar import OPTIONS, grammar_text
    from calclang.syntax.layout import Layout

    seen: list[str] = []

    class Listener(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            seen.append(record.getMessage())

    listener, level = Listener(), lark.logger.level
    lark.logger.addHandler(listener)
    lark.logger.setLevel(logging.DEBUG)
    try:
        Lark(grammar_text(), postlex=Layout(), debug=True, **OPTIONS)
    finally:
        lark.logger.removeHandler(listener)
        lark.logger.setLevel(level)
    terminals = {m.split("terminal ")[1].split(":")[0] for m in seen if m.startswith("Shift/Reduce")}
    operators = set("PIPE OR AND COMPARE _DOTS PLUS MINUS DOTPLUS DOTMINUS STAR CROSS SLASH BACKSLASH AT DOTSTAR DOTSLASH".split())
    assert terminals == operators | {"WHERE", "COMMA"}
