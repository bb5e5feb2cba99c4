"""The derivative operators, and functions of functions."""

from __future__ import annotations

from calclang.help.notes.note import note

DERIVATIVES = {
    "derivative": note("grad jacobian taylor ' check", "f(x) = x^2*sin(x); f'", "derivative x*sin(x)", "sin''", usage="derivative(f: R → R) : R → R\nf'",
                       text="f'' is the second derivative. On an array the prime transposes."),
    "grad": note("derivative jacobian hessian value_and_grad minimize", "f(x, y) = (x + 2y^3)^2; grad f at (1, 2)", "f(x, y) = x^2*y; grad(f)",
                 "g(A: R^(n×n)) = tr(A' * A); grad(g)", usage="grad(f: R^n → R) : R^n → R^n\n∇f",
                 text="So x - 0.1*grad(f)(x) is a step of descent. Several scalar parameters "
                 "give a vector in their order; other parameter lists give a tuple with named parts."),
    "gradient": note("grad", usage="gradient(f: R^n → R) : R^n → R^n"),
    "value_and_grad": note("grad", "(v, g) = value_and_grad(x -> x^3)(2); g", usage="value_and_grad(f: R^n → R) : R^n → (R, R^n)", text="One pass computes both."),
    "jacobian": note("grad jvp vjp hessian", "F(x, y) = (x*y, x + y); jacobian F at (2, 3)", "q(x: R^n, A: R^(n×n)) = x' * A * x; jacobian(q, wrt = x)",
                     usage="jacobian(F: R^n → R^m) : R^n → R^(m×n)",
                     text="Row i holds the partial derivatives of component i; a scalar of a vector gives a row, so that jacobian(f) is grad(f)'. With "
                     "flatten = true the derivative of a matrix by a matrix is itself a matrix, columns stacked."),
    "hessian": note("grad hvp laplacian", "f(x, y) = x^2*y; hessian f at (1, 2)", "hessian((x: R^n, A: R^(n×n)) -> x' * A * x, wrt = x)",
                    usage="hessian(f: R^n → R) : R^n → symmetric R^(n×n)", text="Of a vector-valued function it is a tensor in R^(m×n×n)."),
    "divergence": note("curl laplacian jacobian", "divergence [x, y] -> [x^2, x*y] at [1, 2]", usage="divergence(F: R^n → R^n) : R^n → R\n∇·F"),
    "curl": note("divergence cross", "curl [x, y] -> [-y, x] at [1, 2]", usage="curl(F: R^3 → R^3) : R^3 → R^3\n∇×F"),
    "laplacian": note("hessian divergence", "laplacian(x -> norm(x)^2)([1, 2, 3])", usage="laplacian(f: R^n → R) : R^n → R\n∇²f"),
    "directional": note("jvp grad", "directional x -> x' * x at [1, 2] along normalize([1, 1])", usage="directional(f: R^n → R, v: R^n) : R^n → R",
                        text="For the slope per unit of length pass normalize(v)."),
    "jvp": note("vjp hvp jacobian directional", usage="jvp(F: R^n → R^m, x: R^n, v: R^n) → R^m", text="Forward mode: one pass, whatever m is."),
    "vjp": note("jvp grad jacobian", usage="vjp(F: R^n → R^m, x: R^n, u: R^m) → R^n", text="Reverse mode: one pass, whatever n is; this is what grad uses."),
    "hvp": note("hessian jvp", usage="hvp(f: R^n → R, x: R^n, v: R^n) → R^n", text="At about the price of two gradients, for any n."),
    "taylor": note("derivative hessian", "taylor(exp, at = 0, order = 3)(0.1)", "taylor (x, y) -> x*exp(y) at (0, 0) order 2",
                   usage="taylor(f: R^n → R, at = a, order = k) : R^n → R",
                   text="A polynomial: a function to call, shown in powers of x - a. Any order, one or several variables."),
    "stop_gradient": note("grad", "derivative(x -> x*stop_gradient(x))(3)", usage="stop_gradient(x) → shape of x", rule="0, by definition."),
}  # fmt: skip

CONTROL = {
    "ifelse": note("if max clamp", "x = [-4, 9]; ifelse(x > 0, sqrt(x), 0)", usage="ifelse(mask, a, b) → shape of mask",
                   text="Both choices are computed everywhere; what was not chosen does not count, not even where it is undefined.",
                   rule="That of the choice taken, element by element; exactly where the choice changes, W-AD."),
    "map": note("for fold |>", "map(x -> x^2, 1..3)", usage="map(f, xs: R^n) → R^n", text="The same as [f(x) for x in xs].", rule="That of f, for each element."),
    "fold": note("scan iterate for", "fold((s, x) -> 2s + x, 0, [1, 0, 1])", usage="fold(f: (state, x) → state, init, xs) → state", rule="By the chain rule through every turn, in both modes and to any order."),
    "scan": note("fold cumsum", "scan((s, x) -> s*x, 1, 1..5)", usage="scan(f: (state, x) → state, init, xs) → all states", rule="By the chain rule through every turn."),
    "iterate": note("fold minimize solve", "iterate(x -> (x + 2/x)/2, 1, until = x -> abs(x^2 - 2) < 1e-12)", "derivative(a -> iterate(x -> (x + a/x)/2, 1, 20))(2)",
                    usage="iterate(f: x → x, x0, n) → x\niterate(f: x → x, x0, until = x -> condition, max = 1000) → x", rule="By the chain rule through every turn; the number of turns counts as fixed."),
}  # fmt: skip

DATA = {
    "read": note("write load", usage='read("FILE") → R^(m×n), R^n, or a tuple of columns', text="Lines that begin with # do not count. A column is data[\"height\"]. Names that look like numbers make a header where they stand in quotes."),
}  # fmt: skip

# Calls that are statements.
SPOKEN = {
    "print": note("show set", 'x = 3; print("x is", x)', usage="print(a, b, …)", text="Says values and texts with blanks between, without quotes; of a big array nothing is left out."),
    "assert_close": note("assert check ≈", "assert_close(0.1 + 0.2, 0.3)", "assert_close([1, 2], [1, 2.001], 0.01)", usage="assert_close(a, b)\nassert_close(a, b, tolerance)",
                         text="Stops unless the values differ by no more than the tolerance (1e-9), absolutely or relative to b."),
    "load": note("save read", usage='load("FILE")\nload "FILE"'),
    "write": note("read save", usage='write("FILE", A)', text="Writes an array, or a tuple of columns with their names, as .csv, .tsv, .npy or .npz: the name says which. The file "
                  "is replaced when the new one is complete."),
}  # fmt: skip
