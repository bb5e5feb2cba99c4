"""Programs at points where the textbook formula breaks down: the value, the derivatives, the warning or the error that a person gets.

Tables and nothing else. ``slopes`` are the derivatives of order 1, 2, … (of a function of several numbers: the gradient, the Hessian). In place of
a number stands the code of an error; then every derivative raises the same. R1 to R9 are the rules of docs/language.md,
derivatives at the edges.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import cos, inf, log, nan, pi, sin
from typing import Any


@dataclass(frozen=True)
class Edge:
    """``row``: the number that the case has for good, or the rule that it follows from. ``program`` defines ``f``, which is
    called with ``at``. ``warns``: whether a derivative comes with W-AD; ``says``: a part of the error's or the warning's text."""

    row: str
    program: str
    at: str
    value: Any
    slopes: tuple[Any, ...] = ()
    warns: bool = False
    says: str = ""

    def __str__(self) -> str:
        return f"{self.row}: {self.program} at {self.at}"


def kink(row: str, program: str, at: str, value: Any, *slopes: Any, says: str = "") -> Edge:
    """A derivative that is a convention."""
    return Edge(row, program, at, value, slopes, True, says)


def smooth(row: str, program: str, at: str, value: Any, *slopes: Any) -> Edge:
    """A derivative that exists."""
    return Edge(row, program, at, value, slopes)


def fails(row: str, program: str, at: str, code: str, says: str = "") -> Edge:
    """A value that is an error, and so are its derivatives."""
    return Edge(row, program, at, code, (code,), False, says)


def steers(row: str, program: str, at: str, value: Any) -> Edge:
    """A function of a number that decides how the computation runs: it has values and no derivative."""
    return Edge(row, program, at, value, ("E-AD",))


# fmt: off
KINKS = [
    kink("1", "f(x) = abs(x)", "0", 0, 0, says="corner"), kink("2", "f(x) = abs(x)", "0", 0, 0, 0), kink("3", "f(x) = abs(x)", "-0", 0, 0), smooth("1", "f(x) = abs(x)", "-2", 2, -1, 0),
    kink("4", "f(x) = sign(x)", "0", 0, 0, 0, says="jumps"), smooth("4", "f(x) = sign(x)", "-3", -1, 0, 0),
    kink("5", "f(x, y) = max(x, y)", "2, 2", 2, [0.5, 0.5], says="equal"), smooth("5", "f(x, y) = max(x, y)", "2, 3", 3, [0, 1], [[0, 0], [0, 0]]),
    smooth("6", "f(x) = max(x, x)", "2", 2, 1, 0), smooth("6", "f(x) = min(x, x)", "2", 2, 1, 0),
    kink("7", "f(x, y) = min(x, y)", "2, 2", 2, [0.5, 0.5]), smooth("7", "f(x, y) = min(x, y)", "2, 3", 2, [1, 0]),
    kink("8", "f(x) = max(x)", "[1, 3, 3, 3]", 3, [0, 1/3, 1/3, 1/3]), smooth("8", "f(x) = max(x)", "[1, 3, 2]", 3, [0, 1, 0]),
    kink("8", "f(x) = min(x)", "[1, 3, 1, 3]", 1, [0.5, 0, 0.5, 0]),
    kink("9", "f(x) = norm(x, inf)", "[-2, 1, 2]", 2, [-0.5, 0, 0.5]), smooth("9", "f(x) = norm(x, inf)", "[-2, 1, 1]", 2, [-1, 0, 0]),
    kink("10", "f(x) = max(x, 0)", "0", 0, 0.5), kink("10", "f(x) = max(0, x)", "-0", 0, 0.5),
    kink("11", "f(x) = relu(x)", "0", 0, 0, 0), smooth("11", "f(x) = relu(x)", "1e-9", 1e-9, 1, 0),
    kink("13", "f(x) = clamp(x, 0, 1)", "1", 1, 0.5), kink("13", "f(x) = clamp(x, 0, 1)", "0", 0, 0.5), smooth("13", "f(x) = clamp(x, 0, 1)", "5", 1, 0, 0),
    smooth("14", "f(x) = floor(x) + ceil(x) + round(x)", "0.3", 1, 0, 0),
    kink("15", "f(x) = floor(x)", "2", 2, 0), kink("15", "f(x) = ceil(x)", "2", 2, 0), kink("15", "f(x) = round(x)", "2.5", 3, 0), smooth("15", "f(x) = round(x)", "2", 2, 0),
    smooth("17", "f(x) = mod(x, 3)", "7.5", 1.5, 1, 0), kink("17", "f(x) = mod(x, 3)", "6", 0, 1), smooth("17", "f(m) = mod(7.5, m)", "4", 3.5, -1, 0),
    kink("19", "f(x) = if x < 0 then -x else x", "0", 0, 1, 0, says="branch"), smooth("19", "f(x) = if x < 0 then -x else x", "-1", 1, -1, 0),
    kink("20", "f(x) = if x == 1 then 1 else x^2", "1", 1, 0, 0, says="write the other formula alone"), smooth("20", "f(x) = if x == 1 then 1 else x^2", "3", 9, 6, 2, 0),
    kink("21", "f(x) = if x == 0 then 0 else x*log(x)", "0", 0, 0, says="xlogy"), smooth("21", "f(x) = if x == 0 then 0 else x*log(x)", "1", 0, 1, 1, -1),
    smooth("22", "f(x) = if x >= 0 then x else sqrt(-x)", "1", 1, 1, 0), smooth("23", "f(x) = if x > 0 then x else exp(x) - 1", "1000", 1000, 1, 0),
    smooth("24", "f(x) = sum(ifelse(x > 0, sqrt(x), 0))", "[-1, 4]", 2, [0, 0.25]), smooth("24", "f(x) = sum(ifelse(x > 0, log(x), 2*x))", "[-3, 4]", log(4) - 6, [2, 0.25]),
    kink("24", "f(x) = sum(ifelse(x > 0, sqrt(x), 0))", "[0, 4]", 2, [0, 0.25]),
    smooth("28", "f(n) = sum(i^2 for i in 1..3) * n", "2", 28, 14, 0), steers("28", "f(n) = sum(i^2 for i in 1..n)", "3", 14), steers("28", "f(n) = iterate(x -> 2*x, 1, n)", "3", 8),
    steers("28", "f(n) = [4, 5, 6][n]", "2", 5), steers("28", "f(n) = sum(zeros(n))", "2", 0), smooth("28", "f(x) = [4, 5, 6][floor(x)] + x", "2.5", 7.5, 1),
    steers("28", "f(x) = taylor(exp, at = x, order = 1)(x)", "0", 1),
]

ROOTS = [
    kink("29", "f(x) = sqrt(x)", "0", 0, inf, -inf, says="infinite"), kink("30", "f(x) = sqrt(x)", "-0", 0, inf), fails("R9", "f(x) = sqrt(x)", "-1", "E-DOMAIN"),
    kink("31", "f(x) = sqrt(x^2)", "0", 0, nan, says="abs(x)"), smooth("31", "f(x) = sqrt(x^2)", "-3", 3, -1, 0),
    kink("33", "f(x) = cbrt(x)", "0", 0, inf), kink("34", "f(x) = cbrt(x^3)", "0", 0, nan),
    fails("35", "f(x) = log(x)", "0", "E-DIVZERO"), fails("37", "f(x) = x*log(x)", "0", "E-DIVZERO", "xlogy(x, x)"),
    kink("37", "f(x) = xlogy(x, x)", "0", 0, -inf),
    smooth("36", "f(x, y) = log(x)", "0.5, 0", log(0.5), [2, 0], [[-4, 0], [0, 0]]), smooth("36", "f(y) = (x -> log(x))(3)", "0", log(3), 0, 0),
    smooth("38", "f(x) = xlogy(x, 3)", "0", 0, log(3), 0), smooth("38", "f(x, y) = xlogy(x, y)", "0, 3", 0, [log(3), 0], [[0, 1/3], [1/3, 0]]),
    smooth("39", "f(y) = xlogy(0, y)", "3", 0, 0, 0), kink("40", "f(x, y) = xlogy(x, y)", "0, 0", 0, [-inf, 0]),
    fails("41", "f(x) = sin(x)/x", "0", "E-DOMAIN", "sinc"), smooth("42", "f(x) = sinc(x)", "0", 1, 0, -1/3, 0, 1/5),
    smooth("43", "f(x) = derivative(sinc)(x)", "0", 0, -1/3, 0), smooth("44", "f(x) = derivative(derivative(derivative(sinc)))(x)", "0", 0, 1/5, 0),
    smooth("46", "f(x) = asinh(x)", "0", 0, 1, 0, -1),
    kink("47", "f(x) = acos(x)", "1", 0, -inf), kink("47", "f(x) = asin(x)", "1", pi/2, inf, inf), kink("47", "f(x) = asin(x)", "-1", -pi/2, inf),
    fails("48", "f(x) = acos(x)", "1 + 2^-52", "E-DOMAIN", "clamp"), kink("49", "f(x) = acosh(x)", "1", 0, inf), fails("50", "f(x) = atanh(x)", "1", "E-DIVZERO"),
    kink("51", "f(y, x) = atan2(y, x)", "0, 0", 0, [nan, nan], says="origin"), smooth("53", "f(y, x) = atan2(y, x)", "0, -2", pi, [-0.5, 0], [[0, -0.25], [-0.25, 0]]),
    kink("54", "f(x, y) = hypot(x, y)", "0, 0", 0, [0, 0]), kink("54", "f(x) = norm(x)", "[0, 0]", 0, [0, 0], [[nan, nan], [nan, nan]]),
    smooth("55", "f(x) = norm(x)^2", "[0, 0]", 0, [0, 0], [[2, 0], [0, 2]]), smooth("55", "f(x) = 2*norm(x)^4", "[0, 0]", 0, [0, 0], [[0, 0], [0, 0]]),
    smooth("55", "f(x) = norm(x)^3", "[0, 0]", 0, [0, 0], [[0, 0], [0, 0]]), smooth("55", "f(x) = norm(x)^2", "[3, 4]", 25, [6, 8], [[2, 0], [0, 2]]),
    smooth("55", "f(x) = norm(x)^3", "[3, 4]", 125, [45, 60], [[20.4, 7.2], [7.2, 24.6]]), smooth("55", "f(x) = norm([3*x, 4*x])^2", "0", 0, 0, 50, 0),
    fails("57", "f(x) = sum(x/norm(x))", "[0, 0]", "E-DOMAIN"), fails("57", "f(x) = sum(normalize(x))", "[0, 0]", "E-DOMAIN"),
    smooth("59", "f(x) = tan(x)", "pi/2", 1.633123935319537e16, 2.6670937881135714e32),
]

POWERS = [
    smooth("60", "f(x) = x^2", "0", 0, 0, 2, 0), smooth("60", "f(x) = x^7", "0", 0, 0, 0), smooth("60", "f(x) = x^3", "0", 0, 0, 0, 6), smooth("61", "f(x) = x^1", "0", 0, 1, 0),
    smooth("62", "f(x) = x^0", "0", 1, 0, 0), kink("65", "f(x) = x^0.5", "0", 0, inf), kink("65", "f(x) = x^(1/2)", "-0", 0, inf), fails("66", "f(x) = x^-1", "0", "E-DIVZERO"),
    smooth("67", "f(y) = 0^y", "2", 0, 0, 0), kink("68", "f(y) = 0^y", "0", 1, nan), smooth("69", "f(x) = x^3", "-2", -8, 12, -12, 6), smooth("69", "f(x, n) = x^n", "2, 3", 8, [12, 8*log(2)]),
    kink("70", "f(x, y) = x^y", "-2, 3", -8, [12, nan]), kink("72", "f(x) = x^x", "0", 1, -inf), smooth("72", "f(x) = x^x", "1", 1, 1, 2),
    fails("74", "f(x) = x^(1/3)", "-8", "E-DOMAIN", "cbrt"),
]

EXPONENTIALS = [
    smooth("75", "f(x) = logsumexp(x)", "[1000, 1000]", 1000.693147180560, [0.5, 0.5], [[0.25, -0.25], [-0.25, 0.25]]), smooth("76", "f(x) = logsumexp(x)", "[0, -inf]", 0, [1, 0]),
    kink("77", "f(x) = logsumexp(x)", "[-inf, -inf]", -inf, [0, 0]), kink("78", "f(x) = logsumexp(x)", "[0, inf]", inf, [0, 1]),
    smooth("79", "f(x) = softplus(x)", "1000", 1000, 1, 0), smooth("79", "f(x) = softplus(x)", "-1000", 0, 0, 0), fails("80", "f(x) = log(1 + exp(x))", "1000", "E-OVERFLOW", "softplus"),
    smooth("81", "f(x) = sigmoid(x)", "-1000", 0, 0, 0), smooth("82", "f(x) = tanh(x)", "1000", 1, 0, 0), fails("84", "f(a, b) = a*exp(-b)", "1, -1000", "E-OVERFLOW"),
    smooth("81", "f(x) = 1/(1 + exp(-x))", "-1000", 0),
]

REDUCTIONS = [
    smooth("85", "f(x) = prod(x)", "[2, 0, 3, 4]", 0, [0, 24, 0, 0]), smooth("85", "f(x) = prod(x)", "[2, 0, 0]", 0, [0, 0, 0], [[0, 0, 0], [0, 0, 2], [0, 2, 0]]),
    smooth("88", "f(x) = var(x)", "[2, 2, 2]", 0, [0, 0, 0]), kink("89", "f(x) = std(x)", "[2, 2, 2]", 0, [0, 0, 0]),
    smooth("90", "f(x) = sum(x)", "[]", 0, []), smooth("90", "f(x) = prod(x)", "[]", 1, []), fails("90", "f(x) = mean(x)", "[]", "E-DOMAIN"), fails("90", "f(x) = max(x)", "[]", "E-DOMAIN"),
    smooth("92", "f(x) = sum((x .+ [10, 20, 30]') .^ 2)", "[1, 2]", 3175, [126, 132]), smooth("93", "f(v) = v[1] + v[1]", "[3, 4]", 6, [2, 0], [[0, 0], [0, 0]]),
    smooth("94", "f(x, y) = log(x)", "2, 0", log(2), [0.5, 0]), smooth("95", "f(x) = 3", "[1, 2]", 3, [0, 0], [[0, 0], [0, 0]]), smooth("95", "f(x) = 3", "1", 3, 0, 0),
    smooth("101", "f(x) = x' * [1, 2; 5, 3] * x", "[1, 1]", 11, [9, 13], [[2, 7], [7, 6]]),
]

ORDERS = [
    smooth("107", "f(x) = x * derivative(y -> x + y)(1)", "1", 1, 1, 0), smooth("109", "g(x) = t -> x*t; f(x) = derivative(g(derivative(g(x))(1)))(2)", "3", 3, 1, 0),
    smooth("115", "f(x) = tan(x)", "0", 0, 1, 0, 2, 0, 16, 0, 272), kink("116", "f(x) = abs(x)", "0", 0, 0), kink("116", "f(x) = sqrt(x)", "0", 0, inf),
    smooth("118", "f(x) = let a = sin(x) in a*a + a", "2", sin(2)**2 + sin(2), 2*sin(2)*cos(2) + cos(2)), smooth("119", "k = 2; f(x) = k*x; k = 5", "1", 5, 5, 0),
    smooth("121", "f(x) = sin(x)", "nan", nan, nan), smooth("121", "f(x) = abs(x)", "nan", nan, nan), smooth("121", "f(x) = relu(x)", "nan", nan, nan),
    fails("123", "f(x) = 0*log(x)", "0", "E-DIVZERO"), fails("123", "f(x) = x/x", "0", "E-DOMAIN"), smooth("123", "f(x) = sqrt(x)^2", "4", 4, 1, 0),
    fails("123", "f(x) = exp(x) - exp(x)", "1000", "E-OVERFLOW"),
]

# Combinations that follow from the rules.
COMBINED = [
    kink("R3", "f(x) = max(x, 0) + min(x, 0)", "0", 0, 1), kink("R3", "f(x) = max(x, -x)", "0", 0, 0), kink("R3", "f(x) = max(abs(x), x^2)", "1", 1, 1.5),
    kink("R3", "f(x) = max([x, 2*x, x^2])", "0", 0, 1), kink("R3", "f(x) = iterate(y -> max(y, x), 0, 3)", "0", 0, 0.875), kink("R3", "f(x) = min(max(x, 0), 0)", "0", 0, 0.25),
    kink("R3", "f(x) = sum(max(x[i], 0) for i in 1..2)", "[0, 3]", 3, [0.5, 1]), smooth("R3", "f(x) = sum(clamp(x, 0, 1))", "[-1, 0.5, 2]", 1.5, [0, 1, 0]),
    smooth("R1", "f(x) = abs(x)^2", "0", 0, 0), smooth("R1", "f(x) = x*abs(x)", "0", 0, 0), smooth("R1", "f(x) = relu(x)*x", "0", 0, 0), smooth("R1", "f(x) = std(x)^2", "[2, 2]", 0, [0, 0]),
    smooth("R1", "f(x) = norm(x, 3)", "[0, 2]", 2, [0, 1]), smooth("R1", "f(x) = log(abs(x))", "-2", log(2), -0.5, -0.25), smooth("R1", "f(x) = max(x, 2)^2 - 4*max(x, 2)", "2", -4, 0),
    kink("R2", "f(x) = norm(x, 3)", "[0, 0]", 0, [0, 0]), smooth("R1", "f(x) = norm(x, 1.5)", "[0, 1]", 1, [0, 1]), kink("R4", "f(x) = grad(y -> norm(y, 1.5))(x)[1]", "[0, 1]", 0, [inf, 0]), kink("R2", "f(x) = norm(x, 1)", "[0, -3]", 3, [0, -1]), kink("R2", "f(x) = norm([1, 2; 3, 4]*x)", "[0, 0]", 0, [0, 0]),
    kink("R2", "f(A) = sum(relu(A))", "[1, 0; -1, 2]", 3, [[1, 0], [0, 1]]), kink("R2", "f(x) = mean(abs(x))", "[0, -2]", 1, [0, -0.5]), kink("R2", "f(x) = abs(sin(x))", "0", 0, 0),
    kink("R2", "f(x) = hypot(x, x)", "0", 0, 0), kink("R2", "f(x) = sigmoid(relu(x))", "0", 0.5, 0), kink("R2", "f(x) = norm(x)*norm(x) + norm(x)", "[0, 0]", 0, [0, 0]),
    kink("R4", "f(x) = logsumexp([xlogy(x, x), 0])", "0", log(2), -inf), kink("R4", "f(x) = -sqrt(x)", "0", 0, -inf), kink("R4", "f(x) = prod(x)^0.5", "[0, 4]", 0, [inf, nan]),
    kink("R5", "f(x) = sqrt(abs(x))", "0", 0, nan), kink("R5", "f(x) = sqrt(x)*sqrt(x)", "0", 0, nan), kink("R5", "f(x) = sqrt(x^4)", "0", 0, nan), kink("R5", "f(x) = cbrt(x)^3", "0", 0, nan),
    kink("R5", "f(x) = acos(cos(x))", "0", 0, nan), kink("R5", "f(x) = exp(-1/x^2)", "0", 0, nan, says="zero"), kink("R5", "f(x) = 1/(1 + exp(-x))", "-1000", 0, nan, nan, says="sigmoid(x)"),
    kink("R5", "f(x) = atan(1/x)", "0", pi/2, nan), kink("R5", "f(x) = exp(log(x))", "0", 0, nan), kink("R5", "f(x) = 1e308*sin(10*x)", "0", 0, inf, says="too large"),
    smooth("R6", "f(x) = stop_gradient(abs(x))*x", "0", 0, 0, 0), smooth("R6", "f(x) = stop_gradient(sign(x)) + x", "0", 0, 1, 0), smooth("R6", "f(x) = ifelse(x > 1, sqrt(x), 2*x)", "0", 0, 2),
    kink("R7", "f(x) = fold((s, v) -> if v > 0 then s + v else s - v, 0, x)", "[1, 0, -2]", 3, [1, -1, -1]), kink("R7", "f(x) = ifelse(x > 0, x, -x)", "0", 0, -1),
    kink("R7", "f(x) = if x > 0 and x < 1 then x else 0", "1", 0, 0), kink("R7", "f(x) = if not (x > 1) then x else 1", "1", 1, 1), smooth("R7", "f(x) = if x > 0 and x < 1 then x else 0", "0.5", 0.5, 1, 0),
    kink("R7", "f(x) = floor(x)*x", "2", 4, 2), kink("R7", "f(x) = sign(x)*x", "0", 0, 0),
    smooth("R8", "f(x) = softmax(x)[1]", "[1000, 0]", 1, [0, 0], [[0, 0], [0, 0]]), smooth("R8", "f(x) = tanh(x)^2", "1000", 1, 0, 0),
    fails("R9", "f(x) = log(x^2)", "0", "E-DIVZERO"), fails("R9", "f(x, y) = x*log(y)", "0, 0", "E-DIVZERO", "xlogy"), fails("R9", "f(x) = asin(x)", "2", "E-DOMAIN"),
    fails("R9", "f(x) = exp(x)", "1000", "E-OVERFLOW"), fails("R9", "f(x) = sum(log(x))", "[1, 0]", "E-DIVZERO"), fails("R9", "f(x) = 0*sqrt(x)", "-1", "E-DOMAIN"),
]
# With `set ieee true`: program, point, value, slopes.
IEEE: list[tuple[str, str, Any, Any]] = [
    ("f(x) = log(x)", "0", -inf, inf), ("f(x) = log(x)", "-1", nan, -1), ("f(a, b) = a*exp(-b)", "1, -1000", inf, [inf, -inf]), ("f(x) = 1/x", "0", inf, -inf),
    ("f(x) = x*log(x)", "0", nan, nan), ("f(x) = sin(x)/x", "0", nan, nan), ("f(x) = log(1 + exp(x))", "1000", inf, nan), ("f(x) = x^-1", "0", inf, -inf),
    ("f(x) = acos(x)", "1 + 2^-52", nan, nan), ("f(x) = atanh(x)", "1", inf, inf), ("f(x) = x^(1/3)", "-8", nan, nan), ("f(x) = norm(normalize(x))", "[0, 0]", nan, [nan, nan]),
    ("f(x) = if 0/x < 1 then x else 2*x", "0", 0, 2), ("f(x) = max(x, log(-x))", "1", nan, nan), ("f(x) = exp(x)", "1000", inf, inf), ("f(x) = 1e308*x", "10", inf, 1e308),
    ("f(x) = sqrt(x)", "0", 0, inf), ("f(x, y) = log(x)", "0, 1", -inf, [inf, 0]),
]
# fmt: on

TABLE = [*KINKS, *ROOTS, *POWERS, *EXPONENTIALS, *REDUCTIONS, *ORDERS, *COMBINED]
