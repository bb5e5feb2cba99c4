"""Functions that make arrays, measure them, add them up and put them in order; and those of linear algebra."""

from __future__ import annotations

from calclang.help.notes.note import note

MAKING = {
    "zeros": note("ones eye rand", "zeros(3)", usage="zeros(n) → R^n\nzeros(m, n) → R^(m×n)"),
    "ones": note("zeros eye", "ones(2, 3)", usage="ones(n) → R^n\nones(m, n) → R^(m×n)"),
    "eye": note("diag zeros", "3*eye(2)", usage="eye(n) → R^(n×n)\neye(m, n) → R^(m×n)"),
    "diag": note("eye tr", "diag([1, 2; 3, 4])", usage="diag(x: R^n) → R^(n×n)\ndiag(A: R^(n×n)) → R^n", rule="linear"),
    "linspace": note(".. rand", usage="linspace(a: R, b: R, n) → R^n", rule="The last element moves with b, the first with a, those between in proportion."),
    "rand": note("randn linspace", usage="rand() → R\nrand(n) → R^n\nrand(m, n) → R^(m×n)", text="A program draws the same numbers at each run. In a function a seed must be given."),
    "randn": note("rand", usage="randn() → R\nrandn(n) → R^n\nrandn(m, n) → R^(m×n)"),
    "stack": note("[] reshape", "size(stack(eye(2), eye(2), eye(2)))", usage="stack(A: R^(m×n), B: R^(m×n), …) → R^(k×m×n)", rule="linear"),
    "reshape": note("vec size", "reshape(1..6, 2, 3)", usage="reshape(x, m, n) → R^(m×n)", rule="linear"),
    "vec": note("reshape", usage="vec(A: R^(m×n)) → R^(mn)", rule="linear"),
}  # fmt: skip

SIZES = {
    "size": note("length", "size([1, 2, 3; 4, 5, 6], 2)", usage="size(x) → R^k\nsize(x, axis) → R"),
    "length": note("size", "length((1, 2))", usage="length(x) → R", text="Of a matrix it counts all entries."),
    "first": note("last end []", "first(3..9)", usage="first(x: R^n) → R", rule="linear"),
    "last": note("first end []", "last([[1, 2], [3, 4]])", usage="last(x: R^n) → R", rule="linear"),
}  # fmt: skip

REDUCTIONS = {
    "sum": note("prod mean cumsum for", "sum(i^2 for i in 1..10)", "sum([1, 2; 3, 4])", "sum([i, i^2] for i in 1..3)", usage="sum(x) → R\nsum(expression for i in 1..n)", text="Over an index, of terms that are arrays, it is an array.", rule="grad((x: R^n) -> sum(x))"),
    "prod": note("sum cumprod", "prod(i for i in 1..5)", usage="prod(x) → R\nprod(expression for i in 1..n) → R", rule="grad((x: R^n) -> prod(x))"),
    "mean": note("sum var std", "mean(i^2 for i in 1..3)", usage="mean(x) → R\nmean(expression for i in 1..n)", text="Over an index, of terms that are arrays, it is an array.", rule="grad((x: R^n) -> mean(x))"),
    "var": note("std mean", "var([1, 2, 3, 4])", usage="var(x) → R", rule="dx: 2*dot(x - mean(x), dx)/(length(x) - 1)"),
    "std": note("var mean", "std([1, 2, 3, 4])", usage="std(x) → R", rule="dx: dot(x - mean(x), dx)/((length(x) - 1)*std(x))"),
    "max": note("min argmax clamp relu", "max([1, 5], [4, 2])", "max(i*(5 - i) for i in 1..5)", usage="max(x) → R\nmax(x, y, …) → shape of x and y", rule="grad((x: R^n) -> max(x))"),
    "min": note("max argmin clamp", "min([1, 5, 2])", usage="min(x) → R\nmin(x, y, …) → shape of x and y", rule="grad((x: R^n) -> min(x))"),
    "clamp": note("max min", "clamp([-3, 0.5, 3], 0, 1)", usage="clamp(x, low, high) → shape of x", rule="1 inside the interval, 0 outside; at an end 1/2, with W-AD."),
    "all": note("any and ==", "all(i > 0 for i in 1..3)", usage="all(mask) → true or false"),
    "any": note("all or", "any(i > 2 for i in 1..3)", usage="any(mask) → true or false"),
}  # fmt: skip

SEQUENCES = {
    "sort": note("reverse argmax", "reverse(sort([3, 1, 2]))", usage="sort(x: R^n) → R^n", rule="A change of an element goes where the element went; where elements are equal, W-AD."),
    "reverse": note("sort", "reverse(1..4)", usage="reverse(x: R^n) → R^n", rule="linear"),
    "cumsum": note("sum cumprod diff scan", usage="cumsum(x: R^n) → R^n", rule="linear"),
    "cumprod": note("prod cumsum", usage="cumprod(x: R^n) → R^n", rule="dx: cumprod(x) .* cumsum(dx ./ x)"),
    "diff": note("cumsum derivative", usage="diff(x: R^n) → R^(n-1)", text="The derivative of a function is derivative(f), or f'.", rule="linear"),
    "argmax": note("max argmin", "x = [3, 7, 1]; x[argmax(x)]", usage="argmax(x: R^n) → R", rule="0: the place does not move with the elements, but for jumps."),
    "argmin": note("min argmax", "x = [3, 7, 1]; x[argmin(x)]", usage="argmin(x: R^n) → R", rule="0: the place does not move with the elements, but for jumps."),
}  # fmt: skip
