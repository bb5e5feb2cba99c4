"""Commands and their clauses, options of functions, settings. Usage, summary and example of a command stand in its own table."""

from __future__ import annotations

from calclang.help.notes.note import note

COMMANDS = {
    "grad": note("at wrt mode explain check", "grad x^2*y wrt x, y at x = 1, y = 2"),
    "gradient": note("grad at wrt mode"),
    "derivative": note("at wrt mode explain check", "derivative sin(x)*exp(x)"),
    "jacobian": note("at wrt mode explain check"),
    "hessian": note("at wrt mode check"),
    "divergence": note("at curl"),
    "curl": note("at divergence"),
    "laplacian": note("at hessian"),
    "jvp": note("at along"),
    "hvp": note("at along"),
    "directional": note("at along"),
    "vjp": note("at from"),
    "taylor": note("at order wrt mode"),
    "show": note("latex explain graph", "q(x: R^n, A: R^(n×n)) = x' * A * x; show q"),
    "latex": note("show", "latex [1, 2; 3, 4]"),
    "time": note("cost at"),
    "cost": note("time at mode"),
    "check": note("at against explain", "f(x) = x^3; check derivative f at 2 against 12"),
    "graph": note("at explain as to"),
    "explain": note("at mode graph check", text="Of an error's code it says what the code means: explain E-SHAPE."),
    "minimize": note("solve grad from method tol max trace", text="The answer is a report; ans then has the parts point, value, steps and gradient. Up to 60 unknowns the "
                     "exact Hessian is used, beyond that products with it; where these give up, as at corners, l-bfgs-b goes on. A method that is named is used alone. "
                     "Least squares: minimize b -> norm(r(b))^2 from b0."),
    "solve": note("minimize from tol max", "solve (x, y) -> (x^2 + y^2 - 4, x*y - 1) from (2, 0.3)", text="As many equations as unknowns. ans then has the parts root and steps. "
        "Where Newton's method is stuck others go on; if none finds a root the error says what stopped them. A root of grad(f) may be a saddle: minimize f seeks a minimum."),
    "assert": note("assert_close check", "assert all([1, 2] > 0)"),
    "load": note("save read", text="The name is relative to the file that loads it."),
    "save": note("load write"),
    "set": note("settings", text="The settings are listed by help settings."),
    "help": note("topics explain show", text="At the prompt ?name does the same."),
}  # fmt: skip

# A word behind the operand of a command, or an option of a function.
CLAUSES = {
    "at": note("wrt grad", "grad x^2*y at (1, 2)", "hessian x^2*y at x = 1, y = 2", usage="… at (1, 2)\n… at [1, 2]\n… at x = 1, y = 2\ntaylor(f, at = a)",
               text="The point of a derivative: a tuple of arguments, a vector for as many scalar parameters, or values by name. Without it a command gives the "
               "formula of the derivative."),
    "wrt": note("at grad", "f(x, y) = x^2*y; grad f wrt y at (1, 2)", "f(x, y) = x^2*y; grad(f, wrt = y)(1, 2)", usage="… wrt x\n… wrt x, y\ngrad(f, wrt = (x, y))",
                text="With respect to which parameters."),
    "mode": note("grad jvp vjp", "jacobian x -> 2*x at [1, 2] mode forward", usage="… mode forward\n… mode reverse\n… mode auto\ngrad(f, mode = forward)",
                 text="How a derivative is computed; every mode gives the same numbers. Forward mode costs one pass per argument, reverse mode one per component of the value; auto "
                 "picks by the sizes."),
    "along": note("directional jvp hvp", "jvp x -> 2*x at [1, 2] along [1, 0]", usage="… along v", text="The direction that the derivative is multiplied with."),
    "from": note("minimize solve vjp", "solve x -> x^2 - 2 from 1", usage="… from x0", text="Where a search begins, or, for vjp, the vector that is multiplied from the left."),
    "order": note("taylor", "taylor exp at 0 order 3", usage="… order k\ntaylor(f, at = a, order = k)", text="Up to which power a Taylor polynomial goes."),
    "against": note("check", "check grad x^2 at 3 against 6", usage="check … against claim", text="What you claim the derivative to be: a value, or a function of the same arguments."),
    "method": note("minimize", 'minimize x -> (x - 1)^2 from 3 method "bfgs"', usage='minimize … method "NAME"', text="Which method of searching is used."),
    "tol": note("minimize solve", "solve x -> x^2 - 2 from 1 tol 1e-6", usage="… tol 1e-6", text="How near is near enough."),
    "max": note("minimize solve iterate", "solve x -> x^2 - 2 from 1 max 50", usage="… max 100\niterate(f, x0, until = x -> condition, max = 1000)",
                text="The most steps that are taken. (The function max is the largest element.)"),
    "trace": note("minimize solve", usage="minimize … trace\nsolve … trace", text="Shows every step of a search."),
    "as": note("graph to", usage="graph … as NAME", text="The form of a picture; this version has text alone."),
    "to": note("graph", usage='graph … to "FILE"', text="The file that a picture is written to; this version only says it."),
    "flatten": note("jacobian", "size(jacobian(A -> 2*A, flatten = true)(eye(2)))", usage="jacobian(F, flatten = true)",
                    text="The Jacobian of a matrix by a matrix as a matrix, ∂vec(A)/∂vec(B)', columns stacked."),
    "until": note("iterate", "iterate(x -> x/2, 1, until = x -> x < 0.1)", usage="iterate(f, x0, until = x -> condition)", text="The condition that ends an iteration."),
    "checkpoint": note("fold scan iterate", usage="fold(f, init, xs, checkpoint = true)", text="Reverse mode then keeps few turns of a loop and runs the others again: less memory, one more run."),
    "seed": note("rand randn", "rand(2, seed = 7)", usage="rand(n, seed = 7)", text="Random numbers that are always the same. In a function a seed must be given."),
}  # fmt: skip

# More about a setting than its own table says: examples.
SETTINGS = {
    "digits": note("format chop", "set digits 4; pi", usage="set digits 6"),
    "format": note("digits", usage="set format fixed"),
    "chop": note("digits", usage="set chop true"),
    "mode": note("grad jacobian explain", usage="set mode forward"),
    "ieee": note("inf nan E-DOMAIN", "set ieee true; log(0)", usage="set ieee true"),
    "echo": note("style", usage="set echo false"),
    "style": note("theme echo", usage="set style plain"),
    "theme": note("style", usage="set theme mono"),
    "timer": note("time", usage="set timer true"),
    "keys": note("prompt", usage="set keys vi"),
    "suggest": note("preview prompt", usage="set suggest true"),
    "preview": note("suggest digits", usage="set preview true"),
}  # fmt: skip
