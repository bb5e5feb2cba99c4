"""Words and signs of the grammar."""

from __future__ import annotations

from calclang.help.notes.note import note

KEYWORDS = {
    "let": note("where in =", "let r = 3, s = 4 in sqrt(r^2 + s^2)", usage="let x = 3\nlet a = …, b = … in expression", text="Names for parts of an expression; each sees those before it. At "
                "the top level let x = 3 is the same as x = 3."),
    "in": note("let for", "[v^2 for v in [1, 2, 3]]", usage="let a = … in expression\nfor i in 1..n", text="Stands between the names of let and the expression that uses them, and between a loop's name and its values."),
    "where": note("let", "a + b where a = 2, b = a^2", usage="expression where a = …, b = …", text="As let, with the names behind the expression."),
    "if": note("ifelse then else and", "x = -2; if x < 0 then -x else x", "sign_of(x) = if x > 0 then 1 else if x < 0 then -1 else 0; sign_of(-5)",
               usage="if condition then a else b", text="A value: the branch that is taken is the only one that is computed and differentiated. For element-by-element choices there is ifelse."),
    "then": note("if", "if 1 < 2 then 10 else 20", usage="if condition then a else b"),
    "else": note("if", "if 1 > 2 then 10 else 20", usage="if condition then a else b", text="It cannot be left out, for if is a value. A further case is else if."),
    "for": note("in sum .. fold", "[i^2 for i in 1..5]", "[i*j for i in 1..2, j in 1..3]", "sum(i for i in 1..10 if mod(i, 2) == 0)",
                usage="[expression for i in 1..n]\n[expression for i in 1..m, j in 1..n]\nsum(expression for i in 1..n if condition)",
                text="A comprehension: all elements at once, at the speed of arrays, with their derivatives. Works in sum, prod, max, min, mean, all and any."),
    "and": note("or not all", "x = 3; x > 1 and x < 5", usage="a and b", text="Comparisons may also be chained: 1 < x < 5."),
    "or": note("and not any", "1 > 2 or 2 > 1", usage="a or b"),
    "not": note("and or !=", "not 1 > 2", usage="not a"),
    "true": note("false and", "1 < 2", usage="true"),
    "false": note("true or", "1 > 2", usage="false"),
    "end": note("[] last", "x = [1, 4, 9]; x[end]", "x = [1, 4, 9]; x[end-1]", usage="x[end]", text="The last index, inside the brackets of an index."),
    "R": note("symmetric diagonal row", "f(x: R^n, A: R^(n×n)) = x' * A * x; f([1, 2], eye(2))", usage="x: R\nx: R^3\nx: R^n\nA: R^(m×n)",
              text="The kind of a parameter. Names of sizes that stand twice must agree. What is declared is checked, and lets a derivative be shown in matrix notation."),
    "symmetric": note("R diagonal", "f(W: symmetric R^(n×n)) = tr(W*W); grad(f)", usage="W: symmetric R^(n×n)", text="A matrix that is its own transpose, which is checked; derivatives use it."),
    "diagonal": note("R symmetric diag", usage="D: diagonal R^(n×n)", text="A matrix with zeros beside its diagonal, which is checked; derivatives use it."),
    "row": note("' R", "[1, 2, 3]'", usage="r: row R^n", text="A transposed vector; [1, 2, 3] is a column."),
    "ans": note("print", "2 + 3; ans^2", usage="ans", text="The value of the last statement that had one."),
    "args": note("print", usage="args", text="The arguments of a script: a tuple, numbers where they are numbers."),
}  # fmt: skip

OPERATORS = {
    "+": note("- .+ sum", "[1, 2] + [3, 4]", "[1, 2] + 10", usage="a + b", text="Equal shapes, or one scalar, which is added to every element."),
    "-": note("+ .-", "-2^2", "[1, 2] - [3, 4]", usage="a - b\n-a", text="A minus in front binds less tightly than a power: -x^2 is -(x^2). Also −."),
    "*": note(".* @ dot outer kron", "[1, 2; 3, 4] * [5, 6]", "[1, 2]' * [3, 4]", "[1, 2] * [3, 4]'", usage="a * b",
              text="The product of linear algebra: a scalar scales, a row times a vector is a number, a vector times a row a matrix. Two vectors are an error, for x' * y, "
              "x .* y and x * y' are all possible. Also · and ×."),
    "@": note("*", "[1, 2; 3, 4] @ eye(2)", usage="A @ B", text="Another way to write * between matrices."),
    "/": note("./ \\ 2x", "1/4", "[1, 2]/2", usage="a / b", text="The right side is a scalar. Elementwise: x ./ y. A system A*x = b is solved by A \\ b. Also ÷."),
    "\\": note("solve inv /", "[2, 1; 1, 3] \\ [3, 5]", usage="A \\ b", text="The x with A*x = b."),
    "^": note(".^ sqrt exp", "2^10", "2^3^2", "[1, 1; 1, 0]^10", usage="a ^ b\na²", text="Numbers, and square matrices to a whole power. From the right: 2^3^2 is 2^(3^2). Elementwise: "
              "x .^ 2. Also **, and ² and other superscripts."),
    ".*": note("* ./", "[1, 2, 3] .* [4, 5, 6]", "[1, 2] .* [3, 4]'", usage="a .* b", text="Element by element. A vector counts as n×1 and a row as 1×n; they stretch against each other."),
    "./": note("/ .*", "[1, 2] ./ [4, 5]", usage="a ./ b", text="Element by element."),
    ".^": note("^ .*", "[1, 2, 3] .^ 2", "2 .^ [1, 2, 3]", usage="a .^ b", text="Element by element."),
    ".+": note("+ .-", "[1, 2] .+ [10, 20]'", usage="a .+ b", text="Element by element; a vector and a row stretch against each other."),
    ".-": note("- .+", "[1, 2] .- [10, 20]'", usage="a .- b", text="Element by element; a vector and a row stretch against each other."),
    "'": note("derivative transpose row", "[1, 2; 3, 4]'", "f(x) = x^3; f'", "f(x) = x^3; f''(2)", usage="A'\nf'", text="Of an array the transpose, of a function of one scalar the derivative. Also ′."),
    "==": note("!= ≈ all", "[1, 2] == [1, 3]", "all([1, 2] == [1, 2])", usage="a == b", text="Element by element: a mask, which all and any turn into one truth value."),
    "!=": note("== not", "[1, 2] != [1, 3]", usage="a != b", text="Also ≠."),
    "<": note("<= > and", "0 < 0.5 < 1", "[1, 5] < 3", usage="a < b", text="Comparisons chain, and act element by element."),
    "<=": note("< >=", "2 <= 2", usage="a <= b", text="Also ≤."),
    ">": note(">= <", "[1, 5] > 3", usage="a > b"),
    ">=": note("> <=", "2 >= 3", usage="a >= b", text="Also ≥."),
    "≈": note("== assert_close", "0.1 + 0.2 ≈ 0.3", usage="a ≈ b\na ~~ b", text="Equal but for rounding, to eight digits; an infinity is equal to itself, tuples part by part. It is typed ~~, or \\approx and Tab."),
    "..": note("for linspace", "[i for i in 1..4]", "[i for i in 0..0.5..2]", "[1, 4, 9, 16][2..3]", usage="a..b\na..step..b", text="The numbers from a to b, both included."),
    "|>": note("-> map", "4 |> sqrt", "[1, 2] |> norm |> log", usage="x |> f", text="x |> f is f(x)."),
    "->": note("map = |>", "(x -> x^2)(3)", "map((x -> x + 1), [1, 2])", usage="x -> expression\n(x, y) -> expression\n[x, y] -> expression", text="A function without a name; with [x, y] it takes one vector apart. Also →."),
    "=": note("== let ->", "x = 3; x^2", "f(x, y) = x^2 + y; f(2, 1)", "(Q, R) = qr([1, 2; 3, 4]); R", usage="x = value\nf(x, y) = expression\n(a, b) = tuple", text="Defines a name. Equality is ==."),
    "∇": note("grad divergence curl laplacian", "f(x, y) = x^2*y; ∇f", usage="∇f\n∇·F\n∇×F\n∇²f", text="grad, divergence, curl and laplacian. It is typed \\nabla."),
    "()": note("[] ->", "(1 + 2)*3", "(1, [2, 3])", "t = (n = 2, v = [2, 3]); t[\"v\"]", usage="(a + b)\n(a, b)\n(x = a, y = b)\nf(x)", text="Grouping, tuples (with names for their parts), calls. A call never has a blank before its bracket."),
    "[]": note("() : end zeros stack", "[1, 2, 3]", "[1, 2; 3, 4]", "A = eye(2); [A, 2*A]", "x = [5, 6, 7]; x[2..3]", usage="[a, b, c]\n[a, b; c, d]\nx[i]\nA[i, j]",
               text="A vector (a column), a matrix with rows divided by ; and an index, counted from 1. Blocks stack: [A, B; C, D]."),
    ":": note("[] R", "[1, 2; 3, 4][1, :]", "f(x: R^n) = x' * x; f([1, 2])", usage="A[1, :]\nx: R^n", text="As an index a whole axis; behind a parameter its kind follows."),
    ";": note("[] print", "x = 2; x^2;", "[1; 2]", usage="statement; statement\n[a; b]", text="Ends a statement, and hides its value; in brackets it begins a new row."),
    ",": note("() []", "max(1, 2)", usage="f(x, y)\n[a, b]", text="Between arguments, elements and parts. Numbers are written without: 1_000, not 1,000."),
    "#": note("print", "1 + 1 # a comment", usage="# comment", text="What stands behind it on the line is not read."),
    '"': note("print load", 'print("two words")', usage='"text"', text="A text. Single quotes always mean a transpose or a derivative."),
    "_": note(",", "1_000 + 1", usage="1_000", text="May stand between digits, and in names."),
    "2x": note("* / ^", "x = 3; 2x", "x = 3; 2x^2", "3(1 + 1)", usage="2x\n3(x + 1)\n3sin(x)",
               text="A number directly before a name or bracket is a product that binds tighter than * and /, but not than ^. 1/2x and 2^3x are errors, for both could mean two things."),
}  # fmt: skip
