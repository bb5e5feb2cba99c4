"""Functions of numbers, element by element. Domain, corners and derivative come from their rows."""

from __future__ import annotations

from calclang.help.notes.note import note

ELEMENTARY = {
    "abs": note("sign norm hypot", "abs([-1, 2])", "abs'(-2)", text="The length of a vector is norm(x)."),
    "sign": note("abs ifelse", "sign([-2, 0, 3])"),
    "floor": note("ceil round mod", "floor([1.7, -1.2])"),
    "ceil": note("floor round", "ceil(1.2)"),
    "round": note("floor ceil", "round(100*pi)/100", text="There is no number of digits: multiply before and divide after."),
    "mod": note("floor", "mod(370, 360)", usage="mod(x: R, m: R) → R", text="Of the numbers as float64 has them: whole ones are exact up to 2^53."),
    "hypot": note("norm sqrt atan2", "hypot(1e200, 1e200)"),
    "sqrt": note("cbrt ^ sqrtm hypot", "sqrt([1, 4, 9])", text="Of a matrix it takes the root of each entry; the matrix root is sqrtm(A)."),
    "cbrt": note("sqrt ^", "cbrt(27)"),
    "exp": note("log expm1 expm e", "exp([0, 1])", "exp(-inf)", text="The exponential of a matrix is expm(A)."),
    "expm1": note("exp log1p"),
    "log": note("exp log2 log10 log1p xlogy", "log(e^3)", "log(8)/log(2)", text="Another base is a quotient: log(x)/log(b)."),
    "log1p": note("log expm1"),
    "log2": note("log log10", "log2([1, 1024])"),
    "log10": note("log log2", "log10(2e5)"),
    "sin": note("cos tan asin sinc deg", "sin([0, pi/2])", "sin(30deg)", text="An angle in degrees is written 30deg."),
    "cos": note("sin tan acos deg", "cos(60deg)"),
    "tan": note("sin cos atan", "tan(45deg)"),
    "sec": note("cos csc asec"),
    "csc": note("sin sec acsc"),
    "cot": note("tan acot"),
    "asin": note("sin acos atan", "asin(1)/deg", text="Divide by deg for degrees."),
    "acos": note("cos asin", "acos(0)/deg"),
    "atan": note("tan atan2", "atan(inf)", text="The angle of a point (x, y) is atan2(y, x)."),
    "asec": note("sec acos"),
    "acsc": note("csc asin"),
    "acot": note("cot atan"),
    "atan2": note("atan hypot", "atan2(-1, -1)/deg", usage="atan2(y: R, x: R) → R"),
    "sinh": note("cosh tanh asinh"),
    "cosh": note("sinh tanh acosh", "cosh(2)^2 - sinh(2)^2"),
    "tanh": note("sinh cosh atanh sigmoid", "tanh([-1, 0, 1])"),
    "sech": note("cosh asech"),
    "csch": note("sinh acsch"),
    "coth": note("tanh acoth"),
    "asinh": note("sinh acosh"),
    "acosh": note("cosh asinh"),
    "atanh": note("tanh log1p"),
    "asech": note("sech acosh"),
    "acsch": note("csch asinh"),
    "acoth": note("coth atanh"),
}  # fmt: skip

SPECIAL = {
    "erf": note("erfc gelu", "erf([0, 1, 2])"),
    "erfc": note("erf", "erfc(10)"),
    "gamma": note("lgamma digamma beta", "gamma(1/2)^2", text="There is no sign for factorials."),
    "lgamma": note("gamma digamma", "exp(lgamma(5))"),
    "digamma": note("lgamma gamma", "digamma(2) - digamma(1)", rule="The trigamma function, which has no name here: digamma'(1) is pi^2/6."),
    "beta": note("gamma", "beta(1/2, 1/2)"),
    "sinc": note("sin", "sinc([0, 1])", rule="derivative x -> (cos(x) - sinc(x))/x"),
    "xlogy": note("log", "xlogy(2, e)", "-sum(xlogy([0.5, 0.5], [0.5, 0.5]))", text="For entropies, where 0*log(0) counts as 0."),
}  # fmt: skip

LEARNING = {
    "sigmoid": note("softplus tanh softmax", "sigmoid([-1, 0, 1])", "sigmoid(-1000)"),
    "relu": note("softplus gelu max", "relu([-1, 2])"),
    "softplus": note("relu sigmoid logsumexp", "softplus(-1000)"),
    "gelu": note("relu erf", "gelu([-1, 0, 1])"),
    "softmax": note("logsumexp sigmoid argmax", "sum(softmax([1, 2, 3]))", usage="softmax(x: R^n) → R^n", rule="jacobian(softmax)",
                    text="Positive numbers that sum to 1."),
    "logsumexp": note("softmax max", "logsumexp([1, 2, 3])", usage="logsumexp(x: R^n) → R", rule="grad(logsumexp)",
                      text="A smooth form of max(x)."),
}  # fmt: skip

CONSTANTS = {
    "pi": note("tau deg", "sin(pi/2)", "2π", text="Also written π."),
    "tau": note("pi", "tau/pi"),
    "e": note("exp log", "log(e)", "1.5e3", text="In a number, 1.5e3, the letter means a power of ten. The name is yours to take for something else."),
    "inf": note("nan ieee E-OVERFLOW", "1/inf", "exp(-inf)", text="An infinity that you write is a number like others; one that an operation makes is an error (E-OVERFLOW)."),
    "nan": note("inf", "nan == nan", text="It differs from every number, itself included."),
    "deg": note("sin pi", "180deg", "cos(60deg)"),
}  # fmt: skip
