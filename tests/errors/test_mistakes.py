"""What students, and people who come from MATLAB, Python, Julia or Mathematica, write; and words that the answer must contain."""

from __future__ import annotations

import re

import pytest

from calclang.commands import words as commands
from calclang.display.diagnostics import render
from calclang.source import Source
from calclang.syntax import parse
from tests.errors.test_every_error import diagnostics

# mistake -> words of the answer
BLACKBOARD = {
    "x = 1; sin^2(x)": "sin(x)^2", "x = 1; sin^2x": "sin(x)^2", "sin^-1(0.5)": "asin(0.5)", "x = 1; tan ^ -1 (x)": "atan(x)", "x = 1; sin 2x": "sin(2x)",
    "x = 1; sin x + cos x": "sin(x)", "f(x) = 1 + cos x": "cos(x)", "x = 1; y = ln x^2": "ln(x^2)", "f(x) = exp(x)x": "exp(x)*x", "x = 1; sin(x)cos(x)": "sin(x)*cos(x)",
    "f(x) = x exp(x)": "x*exp(x)", "f(x) x^2": "f(x) = x^2", "f x = x^2": "f(x) = x^2", "x = 4; 1/-2x": "1/(-2*x)", "f(x) = e^-2x": "e^(-2*x)", "3,14": "3.14", "x = 3,5": "3.5",
    "x = 2,5 + 1": "2.5", "1,000": "1_000", "sin(30°)": "30deg", "1 =< 2": "<=", "2 => 1": ">=", "2 = x": "x = 2", "2 = 2": "2 == 2", "x^2 - 2 = 0": "solve x ->", "x = 3 y = 4": "x = 3; y = 4",
    "f(x) = x^2 f(3)": "f(x) = x^2; f(3)", "x = 3 print(x)": "x = 3; print(x)", "x = 1, y = 2": "x = 1; y = 2", "a, b = 1, 2": "(a, b) = (1, 2)", "f: x -> x^2": "f(x) = x^2",
    "f: x ↦ x^2": "f(x) = x^2", "∫(x)": "no integrals", "1 ± 2": "a + b", "f″(1)": "f''", "if 1 > 0 then y = 1 else y = 2": "y = if 1 > 0 then 1 else 2", "x = 1; x^{2 + 1}": "^(2 + 1)",
    r"\frac{1}{2}": "(1)/(2)", r"2 + \sin(1)": "sin", r"2 \cdot 3": "*", "f(x) = x^2; (1 + 2) f(3)": "(1 + 2)*f(3)", "1 ≃ 1": "≈",
}  # fmt: skip
COMMANDS = {
    "f(x) = x^2; grad(f) at 3": "grad f at 3", "f(x, y) = x*y; grad(f) at (1, 2)": "grad(f)(1, 2)", "f(x) = x^2; y = grad f at 3": "grad(f)(3)", "f(x) = x^2; grad f 3": "grad f at 3",
    "f(x) = x^2; grad f (3)": "grad f at 3", "f(x) = x^2; grad f, 3": "grad f at 3", "load tour.calc": 'load "tour.calc"', "load ../tour.calc": 'load "../tour.calc"',
    "f(x) = x^2; m = minimize f from 1": "called ans",
}  # fmt: skip
MATLAB = {
    "f = @(x) x.^2": "x -> x.^2", "f = @(x, y) x*y": "(x, y) -> x*y", "map(@sin, [1, 2])": "write  sin", "x = 3 % note": "starts with #", "% note": "starts with #", "1 ~= 2": "!=", "A = eye(2); A(:, 1)": "A[:, 1]",
    "A = eye(2); A(1, :)": "A[1, :]", "A = eye(2); A(:)": "vec(A)", "x = [1, 2, 3]; x(1:2)": "x[1..2]", "1:10": "1..10", "x = 0:0.1:1": "0..0.1..1", "disp x": "print(x)", "clear all": ":reset",
    "syms x": "no declaration", "format long": "digits 15", "hold on": "plot f", "function y = f(x)": "f(x) = x^2", "A = eye(2); A.'": "elementwise operators are", "x = [1 2 3]": "commas",
}  # fmt: skip
PYTHON = {
    "lambda x: x^2": "x -> x^2", "map(lambda x: x^2, [1, 2])": "x -> x^2", "g = lambda x, y: x*y": "(x, y) -> x*y", "// note": "starts with #", "import numpy as np": "load", "np.sin(1)": "write  sin",
    "np.linalg.norm([1, 2])": "write  norm", "math.pi": "write  pi", "x = [1, 2]; x.shape": "size(x)", "x = [1, 2]; x.sum()": "sum(x)", "A = eye(2); A.reshape(4)": "reshape(A, 4)", "A = eye(2); A.transpose()": "A'",
    "x = [1, 2, 3]; x[1:2]": "1..2", "x = [1, 2, 3]; x[:2]": "x[1..2]", "x = [1, 2, 3]; x[2:]": "x[2..end]", "print 3": "print(3)", 'print "a"': 'print("a")', "x = 3; x += 1": "x = x + 1",
    "for i in range(3): print(i)": "no loop statements", "def f(x): return x": "f(x) = x^2", "5 // 2": "floor", "1 if 2 > 1 else 3": "if c then",
}  # fmt: skip
OTHERS = {
    r"f = \x -> x^2": "x -> x^2", "f[x_] := x^2": "f(x) = x^2", "f = function(x) x^2": "x -> x^2", "println(3) + 1": "print", "sin.([1, 2])": "each element",
}  # fmt: skip
MISTAKES = {**BLACKBOARD, **COMMANDS, **MATLAB, **PYTHON, **OTHERS}


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
            parse(Source("offered", offered), commands())
