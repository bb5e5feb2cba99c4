"""Answers for people: exact or rounded, aligned, cut to the screen, in words."""

from __future__ import annotations

import re

import numpy as np
import pytest

from calclang import Session
from calclang.display.columns import beside, fitting
from calclang.display.formulas import laid_out, layouts
from calclang.display.interpretation import interpretation
from calclang.display.numbers import FORMATS, number, reads_back
from calclang.display.values import Style, answer, display
from calclang.values import Text

SHAPES = Style(shapes=True)
NARROW = Style(shapes=True, width=40, height=6, name="ans")


def said(program: str, style: Style = SHAPES) -> str:
    return answer(Session().eval(program), style)


@pytest.mark.parametrize(
    ("program", "shown"),
    [
        ("1/2", "= 0.5"),
        ("1/3", "≈ 0.3333333333"),
        ("0.1 + 0.2", "≈ 0.3"),
        ("2^40", "= 1099511627776"),
        ("2^60", "≈ 1.152921505e18"),
        ("-1e-7", "= -1e-7"),
        ("1 < 2", "= true"),
        ('"a\\nb"', '= "a\\nb"'),
        ("[1, 2.5]", "= [1, 2.5]  # R^2"),
        ("[1, 1/3]'", "≈ [1, 0.3333333333]'  # row in R^2"),
        ("[1, 2] == [1, 3]", "= [true, false]  # 2 booleans"),
        ("[1, 2; 3, 4] > 2", "= [false  false\n    true   true]  # 2×2 booleans"),
        ("[1, 2.5; -30, 1e-5]", "= [  1  2.5\n   -30  1e-5]  # R^(2×2)"),
        ("[]", "= []  # R^0"),
        ("1..3", "= 1..3  # range of 3 numbers"),
        ("(1, 2)", "= (1, 2)"),
        ("(1, [1/3])", "[1] = 1\n[2] ≈ [0.3333333333]  # R^1"),
        ("qr([2, 0; 0, 3])", "Q = [1  0\n     0  1]  # R^(2×2)\nR = [2  0\n     0  3]  # R^(2×2)"),
        ("(x -> x^2)'", "= x -> 2*x"),
        ("sin", "= sin"),
        ("stack(eye(2), eye(2)/3)", "≈ tensor in R^(2×2×2)\n  [1, :, :]\n    [1  0\n     0  1]\n  [2, :, :]\n    [0.3333333333  0\n     0             0.3333333333]"),
    ],
)
def test_answers(program: str, shown: str) -> None:
    assert said(program) == shown


def test_a_definition_has_its_own_sign() -> None:
    session = Session()
    session.run("f(x) = x^2")
    assert answer(session["f"], SHAPES) == "f(x) = x^2"


def test_long_vectors() -> None:
    assert said("1..2..9 |> (x -> x/4 + 100)", NARROW) == "= [100.25, 100.75, 101.25, 101.75,\n   102.25]  # R^5"
    assert said("linspace(0, 1, 200)", NARROW) == (
        "≈ [0, 0.005025125628, 0.01005025126,\n   0.01507537688, 0.02010050251, …, 1]\n  # R^200: 194 elements not shown\n  # print(ans) shows all"
    )


def test_big_matrices() -> None:
    shown = said("reshape(linspace(0, 1, 400), 20, 20)", NARROW)
    lines = shown.split("\n")
    assert all(len(line) <= 40 for line in lines)
    assert lines[-3:] == ["  # R^(20×20)", "  # 15 rows and 17 columns not shown", "  # print(ans) shows all"] and "…" in lines[4]


def test_parts_say_how_to_see_them() -> None:
    assert 'print(ans["Q"]) shows all' in said("qr(reshape(linspace(0, 1, 144), 12, 12) + eye(12))", NARROW)


def test_many_slices() -> None:
    shown = said("stack(eye(4), eye(4), eye(4))", NARROW)
    assert shown.endswith("# 2 of 3 slices not shown\n  # print(ans) shows all")


def test_nobody_is_told_to_print_what_has_no_name() -> None:
    assert said("zeros(300)").endswith("# R^300: 236 elements not shown")


def test_whole() -> None:
    """Nothing is left out of what is printed: columns that have no room stand below."""
    style = Style(width=30, height=4, whole=True)
    assert display(np.arange(14.0), style=style) == "[0, 1, 2, 3, 4, 5, 6, 7, 8,\n 9, 10, 11, 12, 13]"
    assert display(np.arange(12.0).reshape(2, 6) / 8, style=style) == (
        "[:, 1..4]\n  [0     0.125  0.25  0.375\n   0.75  0.875  1     1.125]\n[:, 5..6]\n  [0.5   0.625\n   1.25  1.375]"
    )
    tensor = np.arange(1000.0, 1200.0).reshape(10, 2, 10)
    for array in (tensor, tensor[0], tensor[:, 0].T, tensor[:, :, 0], tensor[0, 0]):
        for plain in (False, True):
            shown = display(array, style=Style(width=30, height=4, whole=True, plain=plain))
            assert re.findall(r"\d{4}", shown) and {f"{x:.0f}" for x in array.ravel()} == set(re.findall(r"\d{4}", shown)) and "…" not in shown



@pytest.mark.parametrize("program", ["zeros(500)", "ones(500, 3)", "ones(3, 500)", "ones(300, 300)", "stack(ones(9, 99), ones(9, 99))", "1..1000"])
@pytest.mark.parametrize("width", [20, 37, 80, 200])
def test_within_the_screen(program: str, width: int) -> None:
    for line in said(program, Style(width=width, height=10)).split("\n"):
        assert len(line) <= max(width, 24) or "#" in line


# ---- in words ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("program", "shown"),
    [
        ("1/3", "about 0.3333333333"),
        ("[1, 2]'", "= row of 2 numbers: 1, 2"),
        ("[1/3, 2; 3, 4]", "about matrix of 2 rows and 2 columns\n      row 1: 0.3333333333, 2\n      row 2: 3, 4"),
        ("1..3", "= range of 3 numbers: 1..3"),
        ("zeros(30)", "= vector of 30 numbers: " + "0, " * 14 + "and so on until, " + "0, 0, 0, 0, 0\n  11 elements not read"),
        ("zeros(2, 30)", "= matrix of 2 rows and 30 columns\n" + "".join(f"  row {k}: " + "0, " * 14 + "and so on until, 0, 0, 0, 0, 0\n" for k in (1, 2)) + "  11 columns not read"),
    ],
)
def test_plain(program: str, shown: str) -> None:
    assert said(program, Style(plain=True)) == shown


def test_plain_draws_nothing() -> None:
    for program in ("stack(eye(3), eye(3))", "eye(3)", "qr(eye(2))", "1 < 2"):
        assert not set(said(program, Style(plain=True, color=True))) & set("[]│─┌#…\x1b") - set("[1]")


def test_columns_of_a_screen_without_signs() -> None:
    """What is left out is spelt before columns are aligned; texts with signs have no columns beside each other."""
    lines = said("reshape(linspace(0, 1, 400), 20, 20)", Style(width=40, height=6, ascii=True)).split("\n")
    assert "…" not in "".join(lines) and len({line.index("...") for line in lines[:4]}) == 1
    value = Session().run("α(t) = let β = t^2 in β + exp(β); explain grad α at 2")[-1].value
    assert value is not None and "  " not in answer(value, Style(ascii=True)).replace("\n  ", "\n")


# ---- numbers -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("x", "digits", "shown"),
    [
        (1234.5678, 3, ["1.23e3", "1234.568", "1.23e3", "1.23e3"]),
        (0.00012, 4, ["0.00012", "0.0001", "1.2e-4", "120e-6"]),
        (-999999.0, 2, ["-1e6", "-999999.00", "-1e6", "-1e6"]),
        (0.0, 3, ["0", "0.000", "0", "0"]),
        (-1e-9, 3, ["-1e-9", "0.000", "-1e-9", "-1e-9"]),
        (float("inf"), 3, ["inf"] * 4),
        (float("nan"), 3, ["nan"] * 4),
        (12345.0, 1, ["1e4", "12345.0", "1e4", "10e3"]),
    ],
)
def test_formats(x: float, digits: int, shown: list[str]) -> None:
    assert [number(x, digits, format) for format in FORMATS] == shown


@pytest.mark.parametrize("format", FORMATS)
def test_seventeen_digits_read_back(format: str) -> None:
    rng = np.random.default_rng(0)
    for x in rng.normal(size=200) * 10.0 ** rng.integers(-5 if format == "fixed" else -200, 5 if format == "fixed" else 200, 200):
        assert abs(float(number(x, 17, format)) - x) <= (1e-17 if format == "fixed" else 0)
        assert format != "auto" or reads_back(number(x, 17), x)


def test_chop() -> None:
    style = Style(chop=True)
    assert answer(np.array([1.0, 6e-17]), style) == "≈ [1, 0]"
    assert answer(np.array([1e-17, 6e-17]), style) == "= [1e-17, 6e-17]"
    assert answer(6e-17, style) == "= 6e-17"
    assert display(np.array([[1.0, 1e-12], [float("inf"), 0.5]]), style=style) == "[  1  0\n inf  0.5]"


# ---- formulas and columns --------------------------------------------------------------------------------


def test_long_formulas_read_back() -> None:
    session = Session()
    session.run("g(x) = let a = x^2, b = exp(a) in a*b + sin(b)")
    source = session.eval("g'''").source()
    for width in (20, 30, 40, 60, 80, 100, 400):
        shown = laid_out(source, width)
        assert Session().run("h = " + shown) and Session().eval(f"({shown})(0.7)") == Session().eval(f"({source})(0.7)")
    one, two, *rest = layouts(source)
    assert one == source and two.count("\n") == 2 and "   where t1 = " in two and "\n" + " " * two.index("   where") + "         t2 = " in two


def test_columns() -> None:
    text = Text.of("a\nb", beside("long\nb", "c"), "a\nb")
    assert fitting(text, 8) == "long   c\nb" and fitting(text, 7) == "a\nb" and fitting(text, 99, plain=True) == "a\nb"


@pytest.mark.parametrize("width", [45, 60, 80, 110, 140])
def test_explain_fits(width: int) -> None:
    value = Session().run("g(x) = let a = x^2, b = exp(a) in a*b + sin(b); explain grad g at 0.7")[-1].value
    assert value is not None
    shown = answer(value, Style(width=width))
    assert max(map(len, shown.split("\n"))) <= max(width, 60)
    assert "∂g/∂b = b" not in shown and shown.count("3.264512411") == (2 if "∂" in shown else 1)


def test_explain_in_words() -> None:
    """For screen readers, and where no table has room."""
    value = Session().run("g(x) = let a = x^2 in a + exp(a); explain grad g at 2")[-1].value
    said = "x is 2; adjoint 222.3926001\na is x^2, 4; adjoint 55.59815003\n  by x: 2*x, 4\ng is a + exp(a), 58.59815003; adjoint 1\n  by a: exp(a) + 1, 55.59815003"
    assert value is not None and answer(value, Style(plain=True)) == said == answer(value, Style(width=40))
    forward = Session().run("explain jacobian [x*y, sin(x)] at x = 1, y = 2 mode forward")[-1].value
    assert forward is not None and answer(forward, Style(plain=True)).count("tangent by y") == 3


def test_a_report_has_the_name_of_its_parts() -> None:
    assert answer(Text("point  [1, -2]"), Style(), "ans1") == "ans1:\npoint  [1, -2]"


# ---- how an input was read -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("1/2*x", "(1/2)*x"), ("a/b/c", "(a/b)/c"), ("A \\ b * c", "(A \\ b)*c"), ("A*B \\ c", "(A*B) \\ c"),
        ("2x^2", "2*(x^2)"), ("-x^2", "-(x^2)"), ("2^3^2", "2^(3^2)"), ("2^-x^2", "2^(-(x^2))"), ("x .^ 2 .^ 3", "x .^ (2 .^ 3)"),
        ("x .* y * z", "(x .* y) * z"), ("a or b and c", "a or (b and c)"), ("not a == b", "not (a == b)"), ("1+2 * 3", "1 + (2*3)"),
        ("f(x) = exp(-x^2)/2*x", "f(x) = (exp(-(x^2))/2)*x"), ("grad 2x^2 at 1/2*3", "grad 2*(x^2) at (1/2)*3"), ("-2**2;", "-(2^2)"),
    ],
)  # fmt: skip
def test_read(text: str, read: str) -> None:
    (statement,) = Session().parse(text, "").statements
    assert interpretation(statement) == read
    (again,) = Session().parse(read, "").statements
    assert interpretation(again) == ""


@pytest.mark.parametrize(
    "text", ["(1/2)*x", "a/(b*c)", "-(x^2)", "2x²", "-x²", "2^-1", "x'*A*x", "x*y*z", "2x*y", "2x/3", "a/b", "1+2*3", "1 + 2*3", "1..n-1", "x .* y ./ z", "2(x+1)", "a - b - c"]
)
def test_clear(text: str) -> None:
    (statement,) = Session().parse(text, "").statements
    assert interpretation(statement) == ""
