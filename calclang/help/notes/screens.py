"""The screens of the tour."""

from __future__ import annotations

from calclang.record import record


@record
class Screen:
    """``text`` tells, ``task`` asks, ``types`` are the lines of one right answer. Another answer is right where ``holds`` is true after it
    (with what it defined, and its value as ``ans``), or where it is the ``command``. ``praise`` says what has happened."""

    title: str
    text: str
    task: str
    types: tuple[str, ...]
    praise: str
    holds: str = ""
    command: str = ""


SCREENS = (
    Screen("Numbers", "Formulas are typed as they are written: + - * / and ^, brackets, functions such as sqrt and sin. Angles are radians; 30deg is one in degrees.",
           "How long is the third side of a triangle with a right angle between sides of 3 and 4?", ("sqrt(3^2 + 4^2)",), "The value is shown, and is called ans from now on.", "ans ≈ 5"),
    Screen("Names", "x = 3 gives a value a name. f(x) = … defines a function; a number directly before a name multiplies it, as in 2x.", "Define a function.", ("f(x) = x^2 + sin(x)",),
           "A definition answers nothing. It can be made anew at any time.", "f(0) ≈ 0 and f(2) ≈ 4 + sin(2)"),
    Screen("A derivative", "f' is the derivative of f: exact, and shown as a formula.", "Show the derivative of f.", ("f'",),
           "That is a function like any other: f'(1) is a number, f'' the second derivative.", "ans(1) ≈ 2 + cos(1) and ans(3) ≈ 6 + cos(3)"),
    Screen("Vectors", "[3, 4] is a vector, a column; its transpose [3, 4]' is a row.", "The squared length of a vector is a row times a vector.", ("v = [3, 4]", "v'*v"),
           "v*v is an error, for it could mean three things; the error names them. Elementwise products are written v .* v.", "ans ≈ 25"),
    Screen("Matrices", "[2, 1; 1, 3] is a matrix; a semicolon begins a new row. A \\ b solves A*x = b.", "Solve 2x + y = 3 and x + 3y = 5.", ("[2, 1; 1, 3] \\ [3, 5]",),
           "So x is 0.8 and y is 1.4. A singular matrix would be an error, a nearly singular one a warning.", "all(ans ≈ [0.8, 1.4])"),
    Screen("A gradient", "Commands read like sentences: a word, what it is about, and clauses. Without a point the answer is a formula.", "Define a function of two variables, and ask for its gradient at a point.",
           ("g(x, y) = x^2*y", "grad g at (1, 2)"), "As a function it is written grad(g)(1, 2). The gradient has the shape of the argument.", "all(ans ≈ [4, 1])"),
    Screen("Every step", "explain shows how a derivative comes about: each variable, its value, its local derivatives, and the sweep back through them.", "Ask for the steps of the gradient.",
           ("explain grad g at (1, 2)",), "This is reverse mode, as machine learning uses it; mode forward shows the other way.", command="explain"),
    Screen("A Jacobian", "A function may have several values. Its Jacobian holds all partial derivatives, a row for each value.", "Polar coordinates: ask for the Jacobian at a point.",
           ("F(r, t) = (r*cos(t), r*sin(t))", "jacobian F at (2, 0)"), "The determinant of this matrix is r, here 2: the area element of polar coordinates.", "all(ans ≈ [1, 0; 0, 2])"),
    Screen("Matrix notation", "Where kinds are declared, derivatives are shown in matrix notation, for any size.", "Define a quadratic form, and show its gradient by x.",
           ("q(x: R^n, A: R^(n×n)) = x'*A*x", "grad(q, wrt = x)"), "What is shown can be typed back. check compares a derivative with a numerical one.", "all(ans([1, 2], [1, 2; 3, 4]) ≈ [12, 21])"),
    Screen("A Hessian", "The Hessian holds all second derivatives; at a minimum none of its eigenvalues is negative.", "Ask for the Hessian of x^2*y at the point (1, 2).",
           ("hessian x^2*y at (1, 2)",), "eigh(ans) gives its eigenvalues: one is negative, so there is no minimum here.", "all(ans ≈ [4, 2; 2, 0])"),
)  # fmt: skip
