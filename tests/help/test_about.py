"""What help answers: to names, topics, codes, signs, definitions of the reader, and to what it does not know."""

from __future__ import annotations

import subprocess
import sys

import pytest

from calclang import CalcError, Session
from calclang.help import about, asked


def said(text: str, program: str = "") -> str:
    session = Session()
    session.run(program)
    return about(session, text)


def test_a_page() -> None:
    assert said("sqrt") == """\
sqrt(x: R) → R

Square root. Of a matrix it takes the root of each entry; the matrix root is
sqrtm(A). It acts on each element of an array. x is a number >= 0. W-AD: the
slope of sqrt is infinite at 0.

derivative
  x -> 1/(2*sqrt(x))

examples
  calc> sqrt(2)
  1.414213562
  calc> sqrt([1, 4, 9])
  [1, 2, 3]

see also
  cbrt, ^, sqrtm, hypot"""


@pytest.mark.parametrize("text", ["", " ", "?", "help", "topics", "  ?  "])
def test_topics(text: str) -> None:
    assert "topics\n  numbers " in said(text)


@pytest.mark.parametrize(
    ("text", "meant"), [("?sin", "sin"), ("sin?", "sin"), ("sin(x)", "sin"), ('"linear algebra"', "linear algebra"), ("?", ""), ('"', '"'), ("f'", "f'")]
)
def test_asked(text: str, meant: str) -> None:
    assert asked(text) == meant


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("grad", "as a command"), ("max", "as a clause or option"), ("linear algebra", "logdet "), ("Linear Algebra", "logdet "), ("matrices", "ones"), ("commands", "a root of a function near a point"),
        ("settings", "digits 10"), ("errors", "E-SHAPE"), ("digits", "now it is 10"), ("∇", "\\nabla"), ("\\alpha", "α is U+03B1"), ("α", "\\alpha"),
        ("×", "A row times a vector".lower()), ("∞", "write  inf"), ("π", "pi = 3.14"), ("ϵ", "the same as ε"), ("²", "x^2"), ("ж", "no meaning"), ("[", "x[i]"),
        ("**", "2^3^2"), ("SIN", "sin(x: R)"), ("atan2", "by y: (y, x) -> x/(x^2 + y^2)"), ("det", "gradient: A -> det(A)*inv(A)'"), ("inv", "-inv(A)*dA*inv(A)"),
    ],
)  # fmt: skip
def test_found(text: str, part: str) -> None:
    assert part in said(text)


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("ln", "here it is written  log\n\nlog(x: R) → R"), ("arctan", "atan(x: R)"), ("pow", "x^y"), ("len", "length(x) → R"), ("&&", "write  and"), ("∘", "There is no operator ∘; write  x -> f(g(x))"), ("±", "write both"),
        ("while", "fold  or\niterate"), ("sinn", "Did you mean sin"), ("gradd", "Did you mean grad"), ("sni", "Did you mean sin?"), ("epx", "Did you mean exp?"), ("sinne", "Did you mean sin?"), ("fact", "gamma(n + 1)"),
        ("E-SHAP", "Did you mean E-SHAPE"), ("linear algebr", "linear algebra"),
        ("Kronecker", "kron "), ("zzzz", "There is no help on zzzz"), ("\\alfa", "There is no help on"), ("x" * 1000, "There is no help"), ("\x1b[2J", "There is no help"),
    ],
)  # fmt: skip
def test_neighbours(text: str, part: str) -> None:
    assert part in said(text)
    assert "\x1b" not in said(text)


@pytest.mark.parametrize(
    ("name", "program", "parts"),
    [
        ("f", "f(x, y) = (x + 2y^3)^2", ("f(x, y) = (x + 2y^3)^2", "2 arguments", "grad(f) = (x, y) -> [2*(x + 2*y^3), 12*y^2*(x + 2*y^3)]")),
        ("f", "f(x) = x^2", ("derivative(f) = x -> 2*x",)),
        ("q", "q(x: R^n, A: R^(n×n)) = x' * A * x", ("kinds are declared", "(A + A')*x")),
        ("g", "g = grad(sin)", ("g = x -> cos(x)",)),
        ("A", "A = [1, 2; 3, 4]", ("A is a matrix in R^(2×2).", "[1  2\n   3  4]")),
        ("x", "x = 3", ("x is a number", "3")),
        ("t", 't = (1, "a")', ("a tuple",)),
        ("sum", "sum = 5", ("sum is a number", "as a function\n\nsum(x) → R")),
        ("α", "α = 2", ("α is a number", "\\alpha")),
        ("f", "f(n) = if n <= 1 then 1 else n*f(n-1)", ("f(n) = if n <= 1",)),
        ("f", "f() = 3", ("without parameters",)),
    ],
)  # fmt: skip
def test_own(name: str, program: str, parts: tuple[str, ...]) -> None:
    text = said(name, program)
    for part in parts:
        assert part in text


def test_help_leaves_the_session_alone() -> None:
    session = Session()
    session.run("f(x) = x^2; 3 + 4")
    before = dict(session.definitions)
    for name in ("f", "sin", "E-SHAPE", "vectors", "rand"):
        about(session, name)
    assert session.definitions == before


def test_width_and_colour() -> None:
    session = Session()
    assert max(map(len, about(session, "grad", 50).splitlines())) <= 60
    assert "\x1b[1mexamples\x1b[0m" in about(session, "sin", color=True)
    assert about(session, "sin", 5)


def test_settings_are_followed() -> None:
    session = Session()
    session.run("set digits 4")
    assert "  0.6931\n" in about(session, "log")


# ---- as a statement ----------------------------------------------------------------------------------------


def ran(program: str) -> list[str]:
    return [str(r.value) for r in Session().run(program) if r.shown]


@pytest.mark.parametrize(
    ("program", "part"),
    [
        ("help", "topics"), ("help sin", "Sine"), ("help linear algebra", "qr"), ('help "linear algebra"', "qr"), ("help +", "a + b"), ("help (", "(a, b)"),
        ('help "', "A text"), ("help if", "then"), ("help and", "a and b"), ("help E-SHAPE", "inner sizes"), ("help \\alpha", "α"), ("help ∞", "inf"), ('help ";"', "Ends a statement"),
        ("x = 2\nhelp x # mine\n", "x is a number"), ("help let", "let a"), ("help 2x", "3sin(x)"), ("explain E-SHAPE", "inner sizes"), ("explain W-AD", "convention"), ("help .*", "a .* b"),
    ],
)  # fmt: skip
def test_statement(program: str, part: str) -> None:
    (text,) = ran(program)
    assert part in text


@pytest.mark.parametrize(
    ("program", "value"),
    [
        ("help = 3; help + 1", 4.0), ("help = 3\nhelp", 3.0), ("help(x) = x^2; help(3)", 9.0), ("f(help) = help - 1; f(2)", 1.0), ("help = 3; help |> sqrt", 3**0.5),
        ("let help = 1 in help", 1.0), ("help let\nlet x = 2\nhelp in\nx", 2.0), ("help [\n[1, 2][2]", 2.0), ('help "\nprint("a")\n5', 5.0),
    ],
)  # fmt: skip
def test_the_word_stays_free(program: str, value: float) -> None:
    assert Session().eval(program) == value


@pytest.mark.parametrize("program", ["help sin", "help", "help linear algebra", "help +", "help if"])
def test_format(program: str) -> None:
    from calclang.source import Source
    from calclang.syntax import format_program, parse

    once = parse(Source("test", program), frozenset({"help"}))
    assert format_program(once).strip() == program
    assert parse(Source("test", format_program(once)), frozenset({"help"})) == once


def test_a_question_mark_in_a_script() -> None:
    with pytest.raises(CalcError) as found:
        Session().run("?sin")
    assert found.value.diagnostic.help == "write  help sin"


def test_not_imported_before_it_is_asked_for() -> None:
    code = "import sys; from calclang.frontends.cli import main; from calclang import Session; Session().run('1 + 1; grad x -> x^2 at 1'); sys.exit('calclang.help' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
