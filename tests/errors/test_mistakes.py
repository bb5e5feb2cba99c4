"""What students, and people who come from MATLAB, Python, Julia or Mathematica, write; and words that the answer must contain."""

from __future__ import annotations

import re

import pytest

from calclang.display.diagnostics import render
from calclang.registry import WORDS
from calclang.source import Source
from calclang.syntax import parse
from tests.errors.test_every_error import diagnostics

# mistake -> words of the answer
BLACKBOARD = {
    "x = [1, 2]; x [1]": "an index has no blank:  x[1]", "x = 1; sin^2(x)": "sin(x)^2", "x = 1; sin^2x": "sin(x)^2", "sin^-1(0.5)": "asin(0.5)", "x = 1; tan ^ -1 (x)": "atan(x)", "x = 1; sin 2x": "sin(2x)",
    "x = 1; sin x + cos x": "sin(x)", "f(x) = 1 + cos x": "cos(x)", "x = 1; y = ln x^2": "ln(x^2)", "f(x) = exp(x)x": "exp(x)*x", "x = 1; sin(x)cos(x)": "sin(x)*cos(x)",
    "f(x) = x exp(x)": "x*exp(x)", "f(x) x^2": "f(x) = x^2", "f x = x^2": "f(x) = x^2", "x = 4; 1/-2x": "1/(-2*x)", "f(x) = e^-2x": "e^(-2*x)", "3,14": "3.14", "x = 3,5": "3.5",
    "x = 2,5 + 1": "2.5", "1,000": "1_000", "sin(30°)": "30deg", "1 =< 2": "<=", "2 => 1": ">=", "2 = x": "x = 2", "2 = 2": "2 == 2", "x^2 - 2 = 0": "solve x ->", "x = 3 y = 4": "x = 3; y = 4",
    "f(x) = x^2 f(3)": "f(x) = x^2; f(3)", "x = 3 print(x)": "x = 3; print(x)", "x = 1, y = 2": "x = 1; y = 2", "a, b = 1, 2": "(a, b) = (1, 2)", "f: x -> x^2": "f(x) = x^2",
    "f: x ↦ x^2": "f(x) = x^2", "∫(x)": "no integrals", "1 ± 2": "a + b", "f″(1)": "f''", "if 1 > 0 then y = 1 else y = 2": "y = if 1 > 0 then 1 else 2", "x = 1; x^{2 + 1}": "^(2 + 1)",
    r"\frac{1}{2}": "(1)/(2)", r"2 + \sin(1)": "sin", r"2 \cdot 3": "*", "f(x) = x^2; (1 + 2) f(3)": "(1 + 2)*f(3)", "f(x, y) = x*y; step(x) = x - grad(f)(x); step([1, 2])": "f([x, y]) =", "1 ≃ 1": "≈",
}  # fmt: skip
COMMANDS = {
    "f(x) = x^2; grad(f) at 3": "grad f at 3", "f(x, y) = x*y; grad(f) at (1, 2)": "grad(f)(1, 2)", "f(x) = x^2; y = grad f at 3": "grad(f)(3)", "f(x) = x^2; grad f 3": "grad f at 3",
    "f(x) = x^2; grad f (3)": "grad f at 3", "f(x) = x^2; grad f, 3": "grad f at 3", "load tour.calc": 'load "tour.calc"', "load ../tour.calc": 'load "../tour.calc"', "save mine": 'save "other.calc"',
    "f(x) = x^2; m = minimize f from 1": "called ans", "f(x) = x^2; explain f'(0.7)": "explain f' at 0.7", "f(x, y) = x*y; grad f(1, 2)": "grad f at (1, 2)", "x = [1, 2]; hessian norm(x)": "hessian norm at x",
    "grad at 1": "grad f at 1", "show": "show is a command", "latex": "latex is a command", "print": "print(a, b)", "grad(sin)(1, mode = forward)": "where the derivative is made",
    "grad hessian sin at 1": "grad hessian(sin)", "f((a, b)) = a + b": "f([a, b]) =", "(a, (b, c)) = (1, (2, 3))": "(b, c) = t", "let (a, (b, c)) = (1, (2, 3)) in a": "(b, c) = t",
    "f(x) = x^2; f at 2": "write  f(2)", "f(x) = x^2; f' at 2": "write  f'(2)", "f(x) = x^2; y = 2*f'' at x = 3": "write  f''(3)", "f(x, y) = x*y; f at (1, sin(2))": "write  f(1, sin(2))",
    "assert_close([1, 2], [1, 2, 3])": "lengths 2 and 3", "maximize x^2 from x = 1": "minimize x -> -f(x)", "minimize x^2 from x = 1 subject to x > 0": "x = exp(t)",
    "solve [1, 2; 3, 4] from [1, 2]": "from x = 1", 'x = read "a.csv"': 'read("a.csv")', "(m, n) = size(eye(2))": "a = v[1]", "set": "set digits 6", "[1, 2, 3] × [4, 5, 6]": "cross(x, y)",
    "softmax(eye(2))": "softmax(A[i, :])", "eye(2)^0.5": "sqrtm(A)", "eye(2)^0.3": "expm(0.3*logm(A))", "lstsq(eye(2), [1, 2])": "A \\ b", "polyfit([1, 2], [3, 4], 1)": "\\ y", "diag([1, 2], 1)": "j == i + 1",
}  # fmt: skip
MATLAB = {
    "[V, D] = eig(eye(2))": "(V, D) = eig(eye(2))", "V, D = eig([2, 0;0, 1])": "write  (V, D) = eig([2, 0;0, 1])", "where(eye(2) > 0, 1, 2)": "ifelse(mask, a, b)", "cov(eye(2))": "X'*X/(size(X, 1) - 1)",
    "f = @(x) x.^2": "x -> x.^2", "f = @(x, y) x*y": "(x, y) -> x*y", "map(@sin, [1, 2])": "write  sin", "x = 3 % note": "starts with #", "% note": "starts with #", "1 ~= 2": "!=", "A = eye(2); A(:, 1)": "A[:, 1]",
    "A = eye(2); A(1, :)": "A[1, :]", "A = eye(2); A(:)": "vec(A)", "x = [1, 2, 3]; x(1:2)": "x[1..2]", "1:10": "1..10", "x = 0:0.1:1": "0..0.1..1", "disp x": "print(x)", "clear all": ":reset",
    "syms x": "no declaration", "format long": "digits 15", "hold on": "plot f", "function y = f(x)": "f(x) = x^2", "A = eye(2); A.'": "elementwise operators are", "x = [1 2 3]": "commas",
}  # fmt: skip
PYTHON = {
    "lambda x: x^2": "x -> x^2", "map(lambda x: x^2, [1, 2])": "x -> x^2", "g = lambda x, y: x*y": "(x, y) -> x*y", "// note": "starts with #", "import numpy as np": "load", "np.sin(1)": "write  sin",
    "np.linalg.norm([1, 2])": "write  norm", "math.pi": "write  pi", "x = [1, 2]; x.shape": "size(x)", "x = [1, 2]; x.sum()": "sum(x)", "A = eye(2); A.reshape(4)": "reshape(A, 4)", "A = eye(2); A.transpose()": "A'",
    "x = [1, 2, 3]; x[1:2]": "1..2", "x = [1, 2, 3]; x[:2]": "x[1..2]", "x = [1, 2, 3]; x[2:]": "x[2..end]", "print 3": "print(3)", 'print "a"': 'print("a")', "x = 3; x += 1": "x = x + 1",
    "for i in range(3): print(i)": "no loop statements", "def f(x): return x": "f(x) = x^2", "5 // 2": "floor", "1 if 2 > 1 else 3": "if 2 > 1 then 1 else 3",
}  # fmt: skip
OTHERS = {
    r"f = \x -> x^2": "x -> x^2", "f[x_] := x^2": "f(x) = x^2", "f = function(x) x^2": "x -> x^2", "println(3) + 1": "print", "sin.([1, 2])": "each element",
}  # fmt: skip
DEFINITIONS = {
    "f(x) = { x^2 }": "f(x) = x^2", "f(x) := x^2": "f(x) = x^2", "f(x) => x^2": "f(x) = x^2", "f(x): x^2": "f(x) = x^2", "f[x] = x^2": "f(x) = x^2", "f(x = 2) = x^2": "f(x) = x^2", "f(x, y = 2) = x*y": "f(x, y) = x*y",
    "g = x => x^2": "x -> x^2", "map(x => x^2, [1, 2])": "x -> x^2", "v = [1, 2]; v[1] = 5": "if i == 1 then 5 else v[i]", "A = eye(2); A[1, 2] = 5": "parts of an array", "x = y = 2": "y = 2; x = y",
    "let x = 1, y = 2": "let x = 1; y = 2", "x = 5; x -= 1": "x = x - 1", "x = 5; x *= 1 + 2": "x = x * (1 + 2)", "f(x) = x^2 where x > 0": "if x > 0 then x^2", "f(x) = x^2 for x > 0": "if x > 0 then x^2",
    "f(x) = if x > 0 then x": "else is required", "f(x) = return x^2": "behind =", "const x = 3": "x = 3", "f(x: Real) = x": "R^n", "x = 1; x = x + 1 x": "*x",
}  # fmt: skip
CHOICES = {
    "x = 1; y = x if x > 0 else -x": "y = if x > 0 then x else -x", "if 1 > 0: 2": "if 1 > 0 then 2 else", "if 1 > 0 { 2 }": "if 1 > 0 then 2 else", "if 1 > 0 { 2 } else { 3 }": "if 1 > 0 then 2 else 3",
    "if (1 > 0) 2 else 3": "if (1 > 0) then 2 else 3", "sum([i^2 for i = 1..3])": "for i in 1..3", "[i^2 | i in 1..3]": "[i^2 for i in 1..3]", "sum_{i=1}^3 i": "sum(i for i in 1..3)",
    r"\sum_{i=1}^{n} i^2": "sum(i^2 for i in 1..n)", "sum(x^2, x = 1..3)": "for i in 1..n", "sum(i = 1..3, i^2)": "for i in 1..n", "[i^2 for i from 1 to 3]": "for x in 1..n", "1 > 0 ? 2 : 3": "if c then",
}  # fmt: skip
SIGNS = {
    "1.e5": "1e5  or  1.0e5", "x = 2 + 1.E-3": "1e-3  or  1.0e-3", "sqrt16": "sqrt(16)", "sqrt 16": "sqrt(16)", "10 mod 3": "mod(10, 3)", "10 % 3": "mod(10, 3)", "50%": "0.5*x", "2^^3": "between ^ and ^", "1 000": "1_000", "3 x 4": "3*4", "r = 2; pi r^2": "pi*r^2", "r = 2; 2pi r": "2pi*r",
    "30 deg": "30deg", "3 km": "no units", "5 m/s": "no units", "f(x) = x; d/dx f": "f'", "d/dx x^2": "derivative(x -> x^2)", "f(x, y) = x*y; ∂f/∂x": "grad(f, wrt = x)", "df/dx": "f'", "?sin": "help sin", "sin?": "help sin",
    "$x^2$": "without it", "(sin . cos)(1)": "x -> f(g(x))", "(2)(3)": "(2)*(3)", '"a" + "b"': "print(a, b)", "A = ((1, 2), (3, 4)); A*A": "[1, 2; 3, 4]", "A = eye(2); A + [1, 2]": "A .+ x", "A = eye(2); A[1][2]": "A[i, j]",
    "A = eye(2); A^T": "A'",
}  # fmt: skip
ASKED = {
    "f(x) = x; grad(f, x)": "grad(f)(x)", "f(x) = x; hessian(f, 2)": "hessian(f)(x)", "taylor(sin, x = 0)": "at = 0", "plot(sin, 0, 1)": "plot f from", "minimize(sin, 1)": "minimize f from", "solve x^2 = 2": "solve x^2 - (2) from x = 1", "solve x^2 = 2 from x = 1": "solve x^2 - (2) from x = 1",
    "solve x^2 - 2": "solve x^2 - 2 from", "maximize sin from 1": "minimize", "iterate((a, b) -> (b, a + b), (0, 1), 5)": "t -> …", "fold((a, b, i) -> (b, a + b), (0, 1), 1..5)": "(t, i) -> …",
    "iterate((a, b) -> [b, a + b], [0, 1], 5)": "[a, b] -> …", "f(a, b) = a + b; f((1, 2))": "f(t) = …", "help(sin)": "help sin", "ans + 1": "none yet", "quit()": ":quit", "taylor sin at 0 degree 3": "order",
}  # fmt: skip
# read without complaint, and wrong for what they mean
MEANING = {
    "x = 2; (x + 1)(x - 1)": "(x + 1)*(x - 1)", "x = 2; x(x + 1)": "x*(x + 1)", "x = 2; 2(x - 1)(x + 1)": "(x - 1)*(x + 1)", "A = eye(2); A(1, 2)": "A[1, 2]", 'A = eye(2); A["x"]': "where it has a header", "x = [1, 2]; x(1)": "x[1]", "t = (1, 2); t(1)": "t[1]",
    "[1, 2](1)": "[1, 2][1]", "sin[1]": "sin(1)", "f(x) = x; f[1]": "f(1)", "x = 1; y = 2; xy": "x*y", "x = 1; y = 2; z = 3; 2xyz": "x*y*z", "x = 1; sinx": "sin(x)", "f(x) = x; x = 1; fx": "f(x)", "r = 2; pir": "pi*r",
    "y = 2x + 3": "y(x) = 2x + 3", "3 + 4i": "no complex numbers", "sin²(1)": "sin(x)^", "sin + 1": "sin(x)+", "[1, 2, 3][1][2]": "A[i, j]", "x = [1, 2]; x[-1]": "x[end]", "x = [1, 2]; x[0]": "count from 1",
    "f(x) = x; diff(f, x)": "derivative(f)", "integrate(sin, 0, 1)": "no integrals", "limit(sin, 0)": "no limits", "shape([1, 2])": "size(A)", "f(x, y) = x*y; f(x = 1, y = 2)": "f(x, y)", "(x -> x)(1, 2)": "takes 1 argument",
    "A = eye(2); mean(A, axis = 1)": "mean(A[i, :])", "A = eye(2); sum(A, 1)": "sum(A[i, :])", "tg(1)": "tan", "ctg(1)": "cot", "arctg(1)": "atan", "cosinus(1)": "cos", "range(10)": "1..n", "root(3, 8)": "x^(1/n)",
    "log(8, 2)": "log(x)/log(b)", "1/ln": "log", "round(3.14159, 2)": "round(100*x)/100", "A = eye(2); zeros(size(A))": "zeros(2, 3)", "ones((2, 3))": "ones(2, 3)", "v = [1, 2, 3, 4]; reshape(v, (2, 2))": "reshape(x, 2, 3)",
    "minimize sin": "minimize sin from", "jvp sin at 1": "jvp sin at 1 along", 'write("h.csv", 1, header = ("a", "b"))': "takes a name and a value", "f(x) = x^2; minimize f from 1 method 3": "no method 3",
    "f(x, y) = x*y; minimize f from (1, 2, 3)": "minimize f from (x, y)", 'norm([3, 4], "inf")': "norm(x, inf)", "1/[1, 2]": "| a number", "assert_close(1, 2)": "1 and 2 differ", "Sin(1)": "sin", "ArcTan(1)": "atan",
    "Sqrt[2]": "sqrt", "nchoosek(5, 2)": "gamma(n + 1)", "factorial(5)": "gamma(n + 1)", "eigenvalues(eye(2))": "eigh(A)", "vstack([1, 2], [3, 4])": "[A; B]", "linsolve(eye(2), [1, 2])": "A \\ b", "fsolve(sin, 1)": "solve f from",
    "fminsearch(sin, 1)": "minimize f from", "optimise sin from 1": "minimize f from", "minimize f(x) = x^2 from 3": "f(x) = x^2; minimize f from 3", "minimize x -> x^2 from 3 method = bfgs": "method bfgs", "solve x -> x^2 - 2 from 3 tol = 1e-5": "tol 1e-5",
    "minimize x^2 + y^2 from (1, 2, 3)": "minimize x^2 + y^2 from (x, y)", "minimize (x, y) -> x*y from 1": "minimize (x, y) -> x*y from (x, y)", "ode45(sin, 1)": "iterate", "None": "no empty value", "d/dx": "f'", "isclose(1, 2)": "≈", "matmul(eye(2), eye(2))": "A * B", "float(3)": "float64", "who": ":vars", "True and False": "true",
    "meshgrid([1, 2], [1, 2])": "for x in a", "median([1, 2])": "sort(x)", "conj(2)": "no complex", "dot([1, 2], [3, 4], 1)": "tr(A'*B)", "solve(x -> x, 1)": "the command  solve", "atan(1, 2)": "atan2(y, x)", "exp(2, 3)": "x^y",
}  # fmt: skip
# the operation that failed has the name that was written
NUMBERS = {
    "sum([1e308, 1e308])": "result of sum", "prod([1e200, 1e200])": "result of prod", "dot([1e200], [1e200])": "result of dot", "var([1e200, -1e200])": "result of var",
    "sum(1e308 for i in 1..3)": "result of sum", "f(x) = sum(x)*2; f([1e308, 1e308])": "result of sum", "x = 1e200; x*x": "the product", "grad(logdet)([1, 2; 2, 4])": "an invertible matrix is needed here",
    "inv([1, 2; 2, 4])": "inv needs", "[1, 2; 2, 4] \\ [1, 2]": "is needed here", "xlogy(1, 0)": "xlogy is infinite", "beta(1, 0)": "beta is infinite",
}
MISTAKES = {**BLACKBOARD, **COMMANDS, **MATLAB, **PYTHON, **OTHERS, **DEFINITIONS, **CHOICES, **SIGNS, **ASKED, **MEANING, **NUMBERS}


DIRECTIONS = {
    "jvp(g, [1, 2], [1, 2, 3])": "[1, 2, 3]", "directional(g, [3])([1, 2])": "[3]", "vjp(x -> 2x, [1, 2], [3])": "[3]", "h(v) = jvp(g, [1, 2], v); h([3])": "v",
    "jvp g at [1, 2] along [3]": "along [3]", "vjp x -> 2x at [1, 2] from [3]": "from [3]", "check jvp g at [1, 2] along [3]": "along [3]",
    "time jvp g at [1, 2] along [3]": "along [3]", "D = directional(g, [3]); D([1, 2])": "D([1, 2])", "abs([1, 2] |> directional(g, [3]))": "[1, 2] |> directional(g, [3])",
}  # fmt: skip


@pytest.mark.parametrize("text", DIRECTIONS)
def test_a_wrong_direction_is_underlined_itself(text: str) -> None:
    """Where it is known which text it is; else the call that needs it."""
    (found,) = diagnostics(f"g(x) = x' * x; {text}")
    assert found.labels[0].span.text == DIRECTIONS[text]


@pytest.mark.parametrize("mistake", MISTAKES)
def test_the_answer_says_what_to_write(mistake: str) -> None:
    found = diagnostics(mistake)
    assert found, "the program runs"
    assert found[-1].code[0] == "E"
    assert MISTAKES[mistake] in render(found[-1])


@pytest.mark.parametrize("mistake", MISTAKES)
def test_what_is_offered_can_be_written(mistake: str) -> None:
    """Each formula behind ``write`` is read without complaint."""
    for offered in re.findall(r"(?:^|[;·] +)write  (.+?)(?=  (?:or|for|to)  |   ·|; |,  |  for the |$)", diagnostics(mistake)[-1].help):
        if "…" not in offered and offered[0] not in "<>^*":
            parse(Source("offered", offered), WORDS)


@pytest.mark.parametrize("mistake", ["∇·F", "∇F", "f(x) = x; f(y) + 1", "solve(A, b)"])
def test_nothing_is_offered_where_nothing_is_known(mistake: str) -> None:
    assert not diagnostics(mistake)[-1].help


@pytest.mark.parametrize("mistake", ["grad(sin, mode = sideways)(1)", "grad sin at 1 mode sideways"])
def test_a_mode_is_underlined(mistake: str) -> None:
    (label,) = diagnostics(mistake)[-1].labels
    assert label.span is not None and label.span.text == "sideways"
