"""The topics: what ``help`` alone lists, and the page of each."""

from __future__ import annotations

from calclang.help.notes import algebra, arrays, calculus, commands, elementary, words
from calclang.record import record


@record
class Topic:
    """``says``: one line for the list; ``text``: paragraphs; ``names``: what is listed below them."""

    says: str
    text: str
    examples: tuple[str, ...] = ()
    names: tuple[str, ...] = ()


TOPICS = {
    "numbers": Topic("numbers, constants, arithmetic, comparisons",
        "All numbers are float64: 2, 1.5e-3, 1_000, .5. Whole numbers print without a point. An operation that gives no number, such as log(-1) or 1/0, is an error "
        "that names the operation; set ieee true gives nan and inf instead. A number directly before a name is a product: 2x, 3sin(x), 30deg.",
        ("0.1 + 0.2 ≈ 0.3", "2^10 - 1", "sin(30deg)"), (*elementary.CONSTANTS, "true", "false")),
    "vectors": Topic("vectors, matrices, tensors, ranges, indices",
        "[1, 2, 3] is a vector, a column; only a transposed vector is a row. [1, 2; 3, 4] is a matrix; blocks stack: [A, B; C, D]. Indices count from 1: x[1], A[1, 2], A[1, :], x[2..4], "
        "x[end]. Products are those of linear algebra; the dotted operators act element by element.",
        ("[1, 2; 3, 4] * [5, 6]", "x = [4, 5, 6]; x[2..end]", "[1, 2, 3] .^ 2"),
        ("[]", "..", "end", *arrays.MAKING, *arrays.SIZES, *arrays.REDUCTIONS, *arrays.SEQUENCES)),
    "functions": Topic("defining functions; the elementary and special ones",
        "f(x, y) = … defines a function, x -> … is one without a name. Kinds may be declared: q(x: R^n, A: R^(n×n)) = x' * A * x. let … in … and … where … name the parts of an expression. Functions "
        "are values: they can be passed, returned and differentiated. Those below act on each element of an array.",
        ("f(x, y) = x^2 + y; f(2, 1)", "compose = (p, q) -> x -> p(q(x)); compose(sqrt, abs)(-16)"),
        ("=", "->", "|>", "let", "where", "R", "symmetric", "diagonal", "row", *elementary.ELEMENTARY, *elementary.SPECIAL)),
    "derivatives": Topic("gradients, Jacobians, Hessians, Taylor polynomials, formulas",
        "Operators take a function and give a function: grad(f)(x), f'(x). As commands they read like sentences: grad f at (1, 2). Without a point the answer is a formula. All derivatives are exact, of any "
        "order, in forward and reverse mode. check compares one with a numerical derivative, explain shows every step.",
        ("f(x, y) = (x + 2y^3)^2; grad f at (1, 2)", "f(x) = x^2*sin(x); f'", "q(x: R^n, A: R^(n×n)) = x' * A * x; jacobian(q, wrt = x)"),
        (*calculus.DERIVATIVES, "at", "wrt", "mode", "along", "order", "check", "explain")),
    "commands": Topic("sentences such as grad f at (1, 2), and their clauses",
        "A command is a word, an operand, and clauses: grad f at (1, 2) mode forward. The same words work as functions: grad(f)(1, 2). A command begins where a command's word is followed by a blank and an operand; elsewhere "
        "the words are free as names.",
        ("hessian x^2*y at (1, 2)", "solve x -> x^2 - 2 from 1"), (*commands.COMMANDS, *commands.CLAUSES)),
    "control": Topic("choices, comprehensions, loops, recursion",
        "if c then a else b is a value. [x^2 for x in v] and sum(… for i in 1..n) run at the speed of arrays. fold, scan and iterate repeat a function; functions may call themselves. All of it can be differentiated.",
        ("[i*j for i in 1..2, j in 1..3]", "fact(n) = if n <= 1 then 1 else n*fact(n - 1); fact(5)", "iterate(x -> cos(x), 1, 100)"),
        ("if", "then", "else", "for", "in", "and", "or", "not", *calculus.CONTROL, "until", "checkpoint")),
    "linear algebra": Topic("products, inverses, factorisations, functions of matrices",
        "A*x, A', A \\ b, A^2 and det(A) are what they are in a book. Factorisations give tuples with named parts: (Q, R) = qr(A), or qr(A)[\"R\"]. All have derivatives.",
        ("[2, 1; 1, 3] \\ [3, 5]", "(Q, R) = qr([3, 1; 4, 2]); R", "grad((A: R^(n×n)) -> logdet(A))"), tuple(algebra.ALGEBRA)),
    "learning": Topic("functions of machine learning, and searching for a minimum",
        "Activation functions and losses that do not overflow. minimize uses exact gradients and Hessians; a step of your own is w - 0.1*grad(loss)(w).",
        ("sigmoid([-1, 0, 1])", "iterate(w -> w - 0.1*grad(w -> norm(w - [1, 2])^2)(w), [0, 0], 100)"), (*elementary.LEARNING, "minimize", "solve", "iterate", "stop_gradient", "rand", "randn")),
    "data": Topic("reading and writing files",
        "read(\"data.csv\") is a matrix, or a tuple of columns where the first line has names: data[\"height\"]. write(\"out.csv\", A) writes one. save \"session.calc\" keeps your definitions, load brings them back. "
        "Names are relative to the script in which they stand.", (), ("read", "write", "load", "save", "print", "args")),
    "settings": Topic("digits, number formats, ieee arithmetic, colours",
        "set NAME VALUE changes a setting, in a script as at the prompt: set digits 4.", ("set digits 4; pi",), tuple(commands.SETTINGS)),
    "errors": Topic("what the codes mean",
        "An error has a code, one sentence, the place, and often what to write instead. help CODE or explain CODE says more, with the smallest program that causes it. A statement that fails changes nothing.", ()),
    "keys": Topic("keys of the prompt and commands with a colon",
        "Enter runs a statement that is complete and begins a new line in one that is not. Alt-Enter always begins one. Tab completes names; \\alpha and Tab gives α. Up and Down go through "
        "the history, after f( only through what begins so; Ctrl-R searches it. Ctrl-X Ctrl-E opens the input in your editor. Ctrl-C gives up the line or stops a computation, Ctrl-D leaves. set keys vi "
        "changes to the keys of vi. A pasted transcript loses its prompts and answers; a line that begins with a blank is not kept in the history. "
        "A command with a colon is about the session: :vars, :undo, :load and :save, :set, :quit; :help lists them. ?NAME explains anything. Answers are called ans1, ans2, … and can be used again.", ()),
    "operators": Topic("every sign, from + to |>",
        "From loosest to tightest: -> and if; |>; or, and, not, comparisons; a..b; + -; * / \\ @ and the dotted ones; the sign in front; 2x; ^; f(x), x[i], x'.", ("-2^2", "x = 3; 2x^2"), tuple(words.OPERATORS)),
    "symbols": Topic("signs that no keyboard has, and how to type them",
        "At the prompt a backslash, a name and Tab give a sign: \\alpha α, \\nabla ∇, \\cdot ·, \\times ×, \\le ≤, \\ne ≠, \\approx ≈, \\to →, \\_1 ₁, \\^2 ². Greek letters and subscripts make names (x₁ is x1, π is pi); the others mean "
        "a sign of the keyboard. help ∇ says what a sign means and how it is typed.", ("λ = 2; 2λ", "xᵢ = 3; xᵢ²"), ()),
}  # fmt: skip

ALIASES = {
    "matrices": "vectors", "arrays": "vectors", "tensors": "vectors", "ranges": "vectors", "constants": "numbers", "calculus": "derivatives", "differentiation": "derivatives",
    "gradients": "derivatives", "loops": "control", "algebra": "linear algebra", "la": "linear algebra", "linalg": "linear algebra", "ml": "learning", "files": "data", "io": "data", "csv": "data",
    "options": "settings", "clauses": "commands", "codes": "errors", "prompt": "keys", "keys of the prompt": "keys", "shortcuts": "keys", "signs": "symbols", "unicode": "symbols",
    "greek": "symbols", "syntax": "operators", "precedence": "operators", "topics": "", "help": "",
}  # fmt: skip
