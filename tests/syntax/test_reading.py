"""Programs and what they are read as: the canonical text of each, and the shape of trees where the text does not tell."""

from __future__ import annotations

import pytest

from calclang.errors import CalcError
from calclang.source import Source
from calclang.syntax import format_program, incomplete, parse, source_of
from calclang.syntax import tree as t

COMMANDS = frozenset(
    "grad gradient jacobian hessian taylor derivative jvp vjp hvp directional divergence curl laplacian check show latex time cost explain graph "
    "plot minimize solve save load assert set read write".split()
)


def read(text: str) -> tuple[t.Statement, ...]:
    return parse(Source("test", text), COMMANDS).statements


def one(text: str) -> t.Expr:
    (statement,) = read(text)
    assert isinstance(statement, t.Show)
    return statement.value


def canonical(text: str) -> str:
    return format_program(parse(Source("test", text), COMMANDS)).rstrip("\n")


# A text that stands alone is canonical already.
CANONICAL = [
    # definitions
    "x = 3", "let x = 3", "f(x, y) = (x + 2y^3)^2", "let f(x) = x", "g([x, y]) = x^2 + x*y", "(Q, R) = qr(A)", "let (a, b) = t", "f() = 3",
    "q(x: R^n, A: R^(n×n)) = x'*A*x", "h(W: symmetric R^(n×n), s: R, z: R^3, [a, b]: R^2) = W", "h(D: diagonal R^(n×n), r: row R^n) = D",
    "h(x: R^(n + 1), A: R^(2n×(m - 1))) = x", "compose = (p, q) -> x -> p(q(x))", "loss(w) = let r = X*w - y, s = r'*r in s/2",
    "loss(w) = s/2 where r = X*w - y, s = r'*r", "f(x) = let (a, b) = g(x), h(y) = y^2 in h(a) + b",
    # operators
    "-x^2", "2^-1", "2^3^2", "(2^3)^2", "2^-x^2", "(-2)^2", "-2^2", "---1", "a - (b - c)", "a/(b*c)", "a/b*c", "(a + b)*c", "a*(b + c)*d", "x .* y ./ z .^ 2",
    "A \\ b", "A @ B", "a .+ b .- c", "x |> f |> g", "0 < x <= 1", "1 == 2 == 3", "not a and b or c", "a and (b or c)", "(not a) == b", "not a == b", "a ≈ b",
    "2x", "2x^2", "3sin(x)", "2(x + 1)", "2[1, 2]", "30deg", "2x*y", "2x/y", "a/(2x)", "2^(3x)", "(2x)^2", "x^(-2y)", "2x'", "2*3",
    # postfix
    "f(x)(y)[1]'", "x''", "f''(x)''", "A[1, :]", "x[2..4]", "x[end - 1]", "t[\"A\"]", "(a + b)'", "(a + b)[1]", "(x -> x)(1)", "f(x, order = 5, wrt = (a, b))", "(2)(x)",
    # ranges, loops
    "1..n", "1..2..9", "(1..3)'", "1..n + 1", "[x[i]^2 for i in 1..n]", "[i*j for i in 1..m, j in 1..n if i != j]", "sum(x[i]^2 for i in 1..n)",
    "[(i, j) for i in 1..3 if i > 1, j in v]",
    # choices, functions
    "if a then b else c", "if a then b else if c then d else e", "1 + (if a then b else c)", "x -> y -> x", "[x, y] -> x + y", "(x: R^n, [a, b]) -> x",
    "iterate(f, x0, until = x -> x < 1, max = 1000)", "(x -> x) + 1", "let a = 1 in a + b", "(let a = 1 in a) where b = 2", "a where b = 1 where c = 2",
    "a where b = (c where d = 1)", "(a where b = 1, c = 2)", "[(a where b = 1), c]", "if a then b else (c where d = 1)", "if a then b else c where d = 1",
    # arrays, tuples, texts
    "[]", "[1, 2, 3]", "[1; 2]", "[1, 2; 3, 4]", "[[1, 2], [3, 4]]", "[A, B; C, D]", "[-1, 2.5e-3, x; 0.5, 1_000, -x]", "(1, 2)", "(1,)", "(1, (2, 3))", "(a = 1, b = 2)", "(a = (1, 2),)", '(x = (1 where y = 2), "y, z" = x -> x, n_1 = if a then b else c)',
    '"a \\"b\\" \\\\ \\n \\t"',
    # commands
    "grad f at (1, 2)", "grad (x + 2y^3)^2 wrt x, y at x = 1, y = 2", "jacobian F at [2, pi/6] mode forward", "taylor sin at 0 order 5",
    "jvp F at [1, 2] along [1, 0]", "derivative f", "check grad f at (1, 2)", "explain grad f at 0.7", "graph f at 0.7 as svg to \"file.svg\"", "latex f'",
    "plot f from -3 to 3", "minimize f from [-1.2, 1]", "time grad f at x0", "assert not a == b", 'load "x.calc"', "set digits 6", "set ieee true",
    "set mode forward", "show x;", "check grad f at 1 against x -> sin(x)", "grad x -> x^2 at 3", "show -x",
    # the words of commands are names elsewhere
    "time = 3", "time + 1", "show - 1", "graph(2)", "grad(f)", "time -> time", "grad(grad)", "time where time = 2", "time == 3", "assert", "load'", "grad cost at (1, 2)",
    "minimize cost from [1, 2]",
]  # fmt: skip

READ_AS = {
    "": "", ";;;;": "", "# only a comment": "", "1;2": "1;\n2", "x = 1; x": "x = 1\nx", "1\n\n\n2\n": "1\n2", "2 ** 3": "2^3", "-x*y": "-x*y", "2*-x": "2*-x",
    "x₁ + xᵢ": "x1 + xi", "π": "pi", "2π": "2pi", "ϵ": "ε", "\u00b5": "μ", "x² + A⁻¹ + y¹⁰": "x^2 + A^-1 + y^10", "2x²": "2x^2", "2² + 3⁻¹": "2^2 + 3^-1", "a ~~ b": "a ≈ b", "x²'": "(x^2)'",
    "a·b⋅c×d": "a*b*c*d", "a÷b": "a/b", "5−3": "5 - 3", "a ≤ b ≥ c ≠ d": "a <= b >= c != d", "x → x": "x -> x", "∇f(x)": "grad(f)(x)", "∇·F": "divergence(F)",
    "∇×F": "curl(F)", "∇²f(1)": "laplacian(f)(1)", "∇∇f": "grad(grad(f))", "f′": "f'", "f(A: R^(m, n)) = A": "f(A: R^(m×n)) = A", "f(x: R³) = x": "f(x: R^3) = x",
    "f(x: R ** n) = x": "f(x: R^n) = x", "(x) -> x": "x -> x", "(x)": "x", "1.": "1", ".5": "0.5", "1.5..3": "1.5..3", "1 .. .5": "1..0.5", "2.*x": "2 .* x", "1e5x": "1e5x",
    "3 |> x -> x^2": "3 |> (x -> x^2)", "1 + if a then b else c + d": "1 + (if a then b else c + d)", "2 * x -> x where y = 3": "2*(x -> x where y = 3)",
    "not let a = 1 in a": "not (let a = 1 in a)", "x -> y where z = x": "x -> y where z = x", "(1, 2,)": "(1, 2)", "f(1, 2,)": "f(1, 2)",
    "[x for x in xs for y in ys]": "[x for x in xs, y in ys]", "f(x: R^n,y)=x": "f(x: R^n, y) = x", "grad f at(1, 2)": "grad f at (1, 2)",
    "\u00a01\u2003+\u00a01": "1 + 1", "\t1\t+\t1": "1 + 1", "\ufeff1+1": "1 + 1", "1+1\r\n2+2\r\n": "1 + 1\n2 + 2", "#!/usr/bin/env calclang\n1+1": "1 + 1",
    '"é 中 😀" # ⚠️ ы': '"é 中 😀"',
}  # fmt: skip

# Newlines: what ends a statement and what does not.
LINES = {
    "f(\n  1,\n\n  2 # two\n)": "f(1, 2)", "[1, 2;\n 3, 4]": "[1, 2; 3, 4]", "[\n1,\n-2\n]": "[1, -2]", "f(x) =\n  x^2 +\n  # why\n  3": "f(x) = x^2 + 3",
    "x |>\n f": "x |> f", "x ->\n x": "x -> x", "a\n+ b": "a\n+b", "if a\nthen b\n\nelse c": "if a then b else c", "if a then\n b else\n c": "if a then b else c",
    "let\n  a = 1\n  b = 2,\n\n  c = a +\n  1 # c\nin a": "let a = 1, b = 2, c = a + 1 in a", "let a = 1\nin\na": "let a = 1 in a", "let a = [1\n, 2]\nb = 2 in a": "let a = [1, 2], b = 2 in a",
    "y where\n y = 3,\n z = 4\nw": "y where y = 3, z = 4\nw", "y\n  where y = 3": "y where y = 3", "(let a = 1\n b = 2 in a)": "(let a = 1, b = 2 in a)",
    "let a = 1\nlet b = 2 in b": "let a = 1\nlet b = 2 in b", "let a = 1\n[i for i\n in 1..3]": "let a = 1\n[i for i in 1..3]", "x = 1\ninner = 2": "x = 1\ninner = 2",
    "let f(x) = let b = x in b\nc = 1 in f(c)": "let f(x) = let b = x in b, c = 1 in f(c)", "a; # b\nc": "a;\nc", "a\n;b": "a\nb",
    "not\na": "not a", "(a\n, b)": "(a, b)", "let a = # \"in\n1\nin a": "let a = 1 in a", '"in" # let\nx': '"in"\nx', "1..\n3": "1..3", "x = [1,\r\n2]\r\n": "x = [1, 2]",
}  # fmt: skip


@pytest.mark.parametrize("text", CANONICAL)
def test_canonical(text: str) -> None:
    assert canonical(text) == (text[1:-1] if text in ("(a where b = 1, c = 2)",) else text)


@pytest.mark.parametrize("text", [*READ_AS, *LINES])
def test_read_as(text: str) -> None:
    expected = {**READ_AS, **LINES}[text]
    assert canonical(text) == (expected[1:-1] if expected.startswith("(let") and not text.startswith("((") else expected)
    assert canonical(expected) == canonical(text)


def test_shapes() -> None:
    """Trees that the text does not tell apart."""
    x, y = t.Name("x"), t.Name("y")
    two = t.Number(2.0)
    assert one("2x") == t.Binary("*", two, x, True)
    assert one("2*x") == t.Binary("*", two, x)
    assert one("2x^2") == t.Binary("*", two, t.Binary("^", x, two), True)
    assert one("-x^2") == t.Unary("-", t.Binary("^", x, two))
    assert one("-x*y") == t.Binary("*", t.Unary("-", x), y)
    assert one("x - y - x") == t.Binary("-", t.Binary("-", x, y), x)
    assert one("x^y^x") == t.Binary("^", x, t.Binary("^", y, x))
    assert one("0 < x <= 2") == t.Compare((t.Number(0.0), x, two), ("<", "<="))
    assert one("[1; 2]") == t.Array(((t.Number(1.0),), (two,)))
    assert one("[1, -2, x]") == t.Array(((t.Number(1.0), t.Unary("-", two), x),))
    assert one("[]") == t.Array(())
    assert one("f(x, y = 2)") == t.Call(t.Name("f"), (x,), (("y", two),))
    assert one("sum(x for x in y)") == t.Call(t.Name("sum"), (t.Comprehension(x, (t.Clause("x", y),), True),))
    assert one("x where y = 2") == t.Let((t.Binding(t.NameTarget("y"), two),), x, True)
    assert one("x -> x |> y") == t.Lambda((t.Parameter(("x",)),), t.Binary("|>", x, y))
    assert one("[x, y] -> x") == t.Lambda((t.Parameter(("x", "y"), True),), x)
    assert one("(x, y) -> x") == t.Lambda((t.Parameter(("x",)), t.Parameter(("y",))), x)


def test_commands() -> None:
    (command,) = read("explain grad f at 0.7 mode reverse")
    assert command == t.Command(
        "explain", (t.Command("grad", (t.Name("f"),)),), (t.Option("at", (t.Number(0.7),)), t.Option("mode", (t.Name("reverse"),)))
    )
    (command,) = read("set digits 6")
    assert command == t.Command("set", (t.Name("digits"), t.Number(6.0)))
    (command,) = read("grad x*y at x = 1, y = 2;")
    assert isinstance(command, t.Command)
    assert command.hidden
    assert [type(p) for p in command.options[0].parts] == [t.Definition, t.Definition]
    assert isinstance(parse(Source("test", "foo f at 3"), frozenset({"foo"})).statements[0], t.Command)


def test_hidden() -> None:
    assert [getattr(s, "hidden", None) for s in read("1; 2\nx = 3; 4;")] == [True, False, None, True]


def test_literals() -> None:
    """Literals are the nearest float64; a run of them in an array is read like single ones."""
    assert one("1_000.5e-3") == t.Number(1.0005)
    row = one("[1, -2.5, 3e2, .5,\n 1.]")
    assert isinstance(row, t.Array)
    assert [format_program(t.Program((t.Show(e),))).strip() for e in row.rows[0]] == ["1", "-2.5", "3e2", "0.5", "1"]
    for e in row.rows[0]:
        assert float(e.span.text) == (-e.operand.value if isinstance(e, t.Unary) else e.value)  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("text", "node", "place"),
    [
        ("\t1\t+\tnosuch", "nosuch", (1, 6)), ("\ufeffx = nosuch", "nosuch", (1, 6)), ("1\r\n  nosuch + 1", "nosuch", (2, 3)), ("x₁ + (a)", "(a)", (1, 6)),
        ("# ü\nüber", "", (0, 0)), ("f(x) = let a = x in a'", "a'", (1, 21)), ("y = 2x", "2x", (1, 5)), ("[1, 2]", "[1, 2]", (1, 1)),
    ],
)  # fmt: skip
def test_spans(text: str, node: str, place: tuple[int, int]) -> None:
    """Spans point into the text as it was given."""
    if not node:
        with pytest.raises(CalcError) as caught:
            read(text)
        assert (caught.value.diagnostic.labels[0].span.line, caught.value.diagnostic.labels[0].span.column) == (2, 1)
        return
    stack: list[object] = list(read(text))
    spans = []
    while stack:
        now = stack.pop()
        if isinstance(now, t.Tree):
            spans.append(now.span)
            stack += [getattr(now, f) for f in now.__dataclass_fields__ if f != "span"]
        elif isinstance(now, tuple):
            stack += now
    (found,) = {(s.line, s.column) for s in spans if s.text == node}
    assert found == place


def test_encoding() -> None:
    assert source_of("é".encode(), "a.calc").text == "é"
    for data, byte in ((b"\xff\xfe", 1), (b"1 + \xed\xa0\x80", 5)):
        with pytest.raises(CalcError, match=f"E-ENCODING: a.calc is not valid UTF-8 at byte {byte}"):
            source_of(data, "a.calc")


@pytest.mark.parametrize("text", ["(1,", "[1, 2;", "f(x) =", "1 +", "x |>", "if a", "if a then 1", "let a = 1,", "let f(x) =", "x where", "y where z = 1,", "f(x) = let", "f(x) = let\n  d = 2*x", "let d = 3,\n  e = 4"])
def test_incomplete(text: str) -> None:
    assert incomplete(text, COMMANDS)


@pytest.mark.parametrize("text", ["", "1", "let x = 3", "f(x) = x", "1 + )", "(1]", '"abc', "1 2", "let x", "x y", "а", "grad f at"])
def test_complete(text: str) -> None:
    """Whole, or wrong whatever follows."""
    assert not incomplete(text, COMMANDS)
