"""Edges of sequences, factorisations and functions of matrices, told in the same way as in ``edges.py``."""

from __future__ import annotations

from math import exp, log, nan

from tests.lang.edges import fails, kink, smooth, steers

HALF = [[0.5, 0], [0, 0.5]]  # two equal values share their slope
NOWHERE = [[[[nan] * 2] * 2] * 2] * 2  # there is no second derivative

# fmt: off
SEQUENCES = [
    smooth("25", "f(x) = sort(x)[1]^2 + 3*sort(x)[3]", "[3, 1, 2]", 10, [3, 2, 0], [[0, 0, 0], [0, 2, 0], [0, 0, 0]]),
    kink("26", "f(x) = sort(x)[1]", "[2, 1, 1]", 1, [0, 1, 0], says="order"), kink("26", "f(x) = sort(x)[2]", "[2, 1, 1]", 1, [0, 0, 1]),
    smooth("26", "f(x) = sum(x)", "[1, 1]", 2, [1, 1]), kink("26", "f(x) = sum(sort(x) .* [1, 2])", "[5, 5]", 15, [1, 2]),
    smooth("25", "f(x) = sort([x, 2, -x])[1]", "5", -5, -1, 0), kink("26", "f(x) = sort([x, 0])[1]", "0", 0, 1),
    kink("27", "f(x) = argmax(x) * x[1]", "[3, 5]", 6, [2, 0], says="whole number"), kink("27", "f(x) = argmin(x) * x[2]", "[3, 5]", 5, [0, 1]),
    smooth("85", "f(x) = cumprod(x)[3]", "[2, 0, 3]", 0, [0, 6, 0], [[0, 3, 0], [3, 0, 2], [0, 2, 0]]), smooth("85", "f(x) = sum(cumprod(x))", "[0, 0, 3]", 0, [1, 0, 0]),
    smooth("85", "f(x) = sum(cumprod([x, x, x]))", "0", 0, 1, 2, 6), smooth("90", "f(x) = sum(cumsum(x)) + sum(diff(x))", "[]", 0, []),
    smooth("90", "f(x) = sum(sort(x)) + sum(reverse(x)) + sum(cumprod(x))", "[]", 0, []), fails("90", "f(x) = x[1]*argmax(x)", "[]", "E-INDEX"),
    smooth("88", "f(x) = var(cumsum(x))", "[1, 0]", 0, [0, 0.0]), kink("89", "f(x) = std(cumsum(x))", "[1, 0]", 0, [0, 0]),
    smooth("93", "f(x) = sum(reverse(x) .* x)", "[1, 2]", 4, [4, 2], [[0, 2], [2, 0]]), smooth("94", "f(x, y) = sum(sort([x, x + 1]))", "1, 0", 3, [2, 0]),
]

MATRICES = [
    fails("98", "f(A) = logdet(A)", "[1, 2; 2, 4]", "E-SINGULAR"), fails("98", "f(A) = logdet(A)", "[0, 1; 1, 0]", "E-DOMAIN"), smooth("98", "f(A) = logdet(A)", "[2, 0; 0, 3]", log(6), [[1/2, 0], [0, 1/3]]),
    fails("99", "f(A) = sum(inv(A))", "[1, 2; 2, 4]", "E-SINGULAR", "inv"), fails("99", "f(A) = sum(A^-2)", "[1, 2; 2, 4]", "E-SINGULAR"), smooth("99", "f(A) = inv(A)[1, 2]", "[2, 0; 0, 4]", 0, [[0, -1/8], [0, 0]]),
    fails("100", "f(b) = sum([1, 2; 2, 4] \\ b)", "[1, 2]", "E-SINGULAR"), smooth("100", "f(b) = sum([2, 0; 0, 4] \\ b)", "[2, 4]", 2, [1/2, 1/4], [[0, 0], [0, 0]]),
    smooth("100", "f(A) = sum(A \\ [2, 4])", "[2, 0; 0, 4]", 2, [[-1/2, -1/2], [-1/4, -1/4]]), smooth("100", "f(A) = sum(A \\ [2, 4; 6, 8])", "[2, 0; 0, 4]", 6.5, [[-1.5, -1.75], [-0.75, -0.875]]),
    fails("100", "f(b) = sum([1, 2; 2, 4; 3, 6] \\ b)", "[1, 2, 3]", "E-SINGULAR", "pinv"), fails("100", "f(A) = sum(A \\ [1, 2])", "[1, 2, 3; 2, 4, 6]", "E-SINGULAR", "pinv"),
    smooth("100", "f(b) = sum([1, 0; 0, 2; 0, 0] \\ b)", "[1, 2, 5]", 2, [1, 1/2, 0], [[0, 0, 0], [0, 0, 0], [0, 0, 0]]), smooth("100", "f(b) = sum([2, 0, 0; 0, 4, 0] \\ b)", "[2, 4]", 2, [1/2, 1/4]),
    smooth("100", "f(A) = sum(A \\ [1, 2, 5])", "[1, 0; 0, 2; 0, 0]", 2, [[-1, -1], [-1/2, -1/2], [5, 5/4]]), smooth("100", "f(A) = sum(A \\ [2, 4])", "[2, 0, 0; 0, 4, 0]", 2, [[-1/2, -1/2, 1/2], [-1/4, -1/4, 1/4]]),
    smooth("100", "f(t) = sum([t, 0; 0, 1; 0, 0] \\ [2, 1, 7])", "2", 2, -1/2, 1/2, -3/4), smooth("100", "f(t) = (reshape([t, 1], 1, 2) \\ [4])[1]", "2", 8/5, -12/25, 16/125),
    smooth("101", "f(A) = [1, 2]' * A * [3, 4]", "[1, 0; 0, 1]", 11, [[3, 4], [6, 8]]), smooth("102", "f(A) = tr(A * [1, 2; 3, 4])", "[1, 0; 0, 1]", 5, [[1, 3], [2, 4]]),
    smooth("102", "f(A) = tr(A * A)", "[1, 2; 3, 4]", 29, [[2, 6], [4, 8]]),
    kink("103", "f(A) = eigh(A)[1][1]", "[2, 0; 0, 2]", 2, HALF, NOWHERE, says="equal"), kink("103", "f(A) = eig(A)[1][2]", "[1, 0; 0, 1]", 1, HALF, NOWHERE),
    kink("103", "f(A) = svd(A)[2][1]", "[2, 0; 0, 2]", 2, HALF, NOWHERE), smooth("103", "f(A) = sum(eigh(A)[1])", "[2, 0; 0, 2]", 4, [[1, 0], [0, 1]]), smooth("103", "f(A) = sum(eig(A)[1])", "[2, 0; 0, 2]", 4, [[1, 0], [0, 1]]),
    smooth("103", "f(A) = sum(svd(A)[2])", "[2, 0; 0, 2]", 4, [[1, 0], [0, 1]]), smooth("103", "f(A) = sum(eigh(A)[1] .^ 2)", "[2, 0; 0, 2]", 8, [[4, 0], [0, 4]]),
    smooth("103", "f(A) = prod(eigh(A)[1])", "[2, 1, 1; 1, 2, 1; 1, 1, 2]", 4, [[3, -1, -1], [-1, 3, -1], [-1, -1, 3]]), kink("103", "f(A) = eigh(A)[1][1] + 2*eigh(A)[1][2]", "[2, 0; 0, 2]", 6, [[1.5, 0], [0, 1.5]]), smooth("103", "f(A) = tr(A)", "[2, 0; 0, 2]", 4, [[1, 0], [0, 1]]),
    steers("104", "f(A) = abs(eigh(A)[2][1, 1])", "[2, 0; 0, 2]", 1), kink("56", "f(x) = norm(x)", "[0, 0]", 0, [0, 0], [[nan, nan], [nan, nan]]),
    smooth("103", "f(A) = eigh(A)[1][2]", "[2, 0; 0, 3]", 3, [[0, 0], [0, 1]]), kink("103", "f(A) = norm(A, 2)", "[2, 0; 0, 2]", 2, HALF, NOWHERE),
    smooth("103", "f(A) = det(A)", "[2, 0; 0, 2]", 4, [[2, 0], [0, 2]]), smooth("103", "f(t) = eigh([t, 0; 0, 1])[1][2]", "3", 3, 1, 0),
    smooth("103", "f(t) = eigh([2, t; t, 5])[1][1]", "0", 2, 0, -2/3, 0),
    smooth("105", "f(A) = norm(A)^2", "[0, 0; 0, 0]", 0, [[0, 0], [0, 0]]), kink("105", "f(A) = norm(A)", "[0, 0; 0, 0]", 0, [[0, 0], [0, 0]], says="corner"),
    kink("105", 'f(A) = norm(A, "fro")', "[0, 0; 0, 0]", 0, [[0, 0], [0, 0]]), kink("R3", "f(A) = norm(A, 1)", "[1, 3; 2, 0]", 3, [[0.5, 0.5], [0.5, 0]]),
    smooth("R1", "f(A) = norm(A, inf)", "[1, -2; 0, 1]", 3, [[1, -1], [0, 0]]), kink("R3", "f(A) = norm(A, inf)", "[1, 0; 0, 1]", 1, [[0.5, 0], [0, 0.5]]),
    smooth("R1", "f(A) = det(A)", "[1, 2; 2, 4]", 0, [[4, -2], [-2, 1]]), smooth("R1", "f(A) = det(A)^2", "[1, 2; 2, 4]", 0, [[0, 0], [0, 0]]),
    smooth("R1", "f(A) = tr(expm(A))", "[0, 0; 0, 0]", 2, [[1, 0], [0, 1]]), smooth("R1", "f(t) = expm(t*[0, 1; 0, 0])[1, 2]", "0", 0, 1, 0, 0),
    smooth("R1", "f(t) = expm(t*eye(2))[1, 1]", "1", exp(1), exp(1), exp(1)), smooth("R1", "f(t) = sqrtm([t, 0; 0, 1])[1, 1]", "4", 2, 1/4, -1/32),
    smooth("R1", "f(t) = logm([t, 1; 0, t])[1, 2]", "2", 1/2, -1/4, 1/4), smooth("R1", "f(t) = cholesky([t, 0; 0, 1])[1, 1]", "4", 2, 1/4, -1/32),
    fails("R9", "f(t) = cholesky([t, 0; 0, 1])[1, 1]", "0", "E-DOMAIN"), kink("R9", "f(t) = sqrtm([t, 0; 0, 1])[1, 1]", "0", 0, nan), kink("R9", "f(t) = qr([t, 0; 0, 1])[2][1, 1]", "0", 0, nan, says="the derivative of qr is not defined"),
    kink("R9", "f(t) = lu([t, 0; 0, 1])[2][1, 1]", "0", 0, nan, says="the derivative of lu is not defined"), fails("R9", "f(t) = sqrtm([t, 0; 0, 1])[1, 1]", "-1", "E-DOMAIN"), fails("R9", "f(A) = cond(A)", "[1, 0; 0, 0]", "E-SINGULAR"),
    fails("R9", "f(A) = eig(A)[1][1]", "[0, 1; -1, 0]", "E-DOMAIN"), fails("R9", "f(A) = eigh(A)[1][1]", "[0, 1; -1, 0]", "E-DOMAIN"), fails("R9", "f(A) = sum(expm(A))", "[1000, 0; 0, 0]", "E-OVERFLOW"),
    smooth("R6", "f(x, A) = x^2", "3, 1", 9, [6, 0]), kink("R2", "f(A) = svd(A)[2][2]", "[1, 0; 0, 0]", 0, [[0, 0], [0, 0]], says="zero"),
    kink("R2", "f(A) = norm(A, 2)", "[0, 0; 0, 0]", 0, [[0, 0], [0, 0]], says="zero"), kink("R2", "f(t) = norm(reshape([t], 1, 1), 2)", "0", 0, 0), kink("R2", "f(t) = svd(diag([1, t]))[2][2]", "0", 0, 0),
    kink("R2", "f(A) = sum(svd(A)[2])", "[1, 0; 0, 0]", 1, [[1, 0], [0, 0]]), smooth("R1", "f(A) = sum(svd(A)[2] .^ 2)", "[1, 0; 0, 0]", 1, [[2, 0], [0, 0]]), smooth("R1", "f(A) = norm(A, 2)", "[1, 0; 0, 0]", 1, [[1, 0], [0, 0]]),
    kink("27", "f(A) = rank(A)", "[1, 2; 3, 4]", 2, [[0, 0], [0, 0]], says="whole number"),
    kink("R5", "f(A) = rank(A) + A[1, 1]", "[1, 0; 0, 0]", 2, [[1, 0], [0, 0]], says="rank"), kink("R5", "f(A) = rank(A) + A[1, 1]", "[1, 0; 0, 2]", 3, [[1, 0], [0, 0]]),
    kink("R5", "f(A) = pinv(A)[1, 1]", "[2, 0; 0, 0]", 0.5, [[-0.25, 0], [0, 0]], says="rank"), smooth("R1", "f(A) = pinv(A)[1, 1]", "[2, 0; 0, 1]", 0.5, [[-0.25, 0], [0, 0]]),
]
# Slopes of gamma and its kin, and of functions with removable points.
SPECIAL = [
    smooth("R1", "f(x) = lgamma(x)", "1", 0, -0.5772156649015329, 1.6449340668482264), smooth("R1", "f(x) = gamma(x)", "3", 2, 1.845568670196934), fails("R9", "f(x) = gamma(x)", "0", "E-DIVZERO"),
    fails("R9", "f(x) = digamma(x)", "0", "E-DIVZERO"), smooth("R1", "f(x) = beta(x, 1)", "2", 0.5, -0.25, 0.25), fails("R9", "f(x) = beta(x, 1)", "0", "E-DIVZERO"),
    fails("R9", "f(x) = beta(x, 1)", "-0.5", "E-DOMAIN", "> 0"), fails("R9", "f(x) = gamma(x)", "-1", "E-DIVZERO"), fails("R9", "f(x) = lgamma(x)", "-2", "E-DIVZERO"), fails("R9", "f(x) = digamma(x)", "-3", "E-DIVZERO"),
    fails("R9", "f(x) = xlogy(1, x)", "0", "E-DIVZERO"), smooth("R1", "f(x) = gamma(x)", "-0.5", -3.544907701811032, -0.12935358979554004, -31.677769243994664),
    smooth("R1", "f(x) = lgamma(x)", "-2.5", -0.056243716497674054, 1.103156640645243, 9.539246644989124, -0.1082040516417274), smooth("R8", "f(x) = gelu(x)", "-1000", 0, 0, 0),
    smooth("R1", "f(x) = erf(x)", "0", 0, 1.1283791670955126, 0), smooth("R8", "f(x) = erfc(x)", "1000", 0, 0, 0), smooth("R1", "f(x) = expm1(x)", "0", 0, 1, 1, 1), smooth("R1", "f(x) = log1p(x)", "0", 0, 1, -1, 2),
    fails("R9", "f(x) = log1p(x)", "-1", "E-DIVZERO"), smooth("R8", "f(x) = softplus(x)", "-40", 4.248354255291589e-18, 4.248354255291589e-18),
]
# Values that a derivative does not need: where they are not defined, it is not either.
UNNOTICED = [
    fails("R9", "f(x) = log(x)", "-1", "E-DOMAIN"), fails("R9", "f(x) = log10(x) + log2(x)", "-1", "E-DOMAIN"), fails("R9", "f(x) = log1p(x)", "-3", "E-DOMAIN"),
    fails("R9", "f(x) = atanh(x)", "2", "E-DOMAIN"), fails("R9", "f(x) = acoth(x)", "0.5", "E-DOMAIN"), fails("R9", "f(x) = floor(asin(x))", "2", "E-DOMAIN"),
    fails("R9", "f(x, y) = x + 0*log(y)", "2, -1", "E-DOMAIN"), fails("R9", "f(x) = x + sum(log(k - 3) for k in 1..9)", "1", "E-DOMAIN"),
    fails("R9", "f(x) = fold((s, t) -> s + log(x - t), x, 1..100)", "2.5", "E-DOMAIN"), fails("R9", "f(x) = sum(log(x - t) for t in 1..100)", "2.5", "E-DOMAIN"),
    fails("R9", "f(x) = fold((s, k) -> s + grad(t -> log(t))(s - k), x, 1..100)", "0.5", "E-DOMAIN"), fails("R9", "f(x) = iterate(w -> w - grad(t -> log(t))(w), x, 100)", "-1", "E-DOMAIN"),
    fails("R9", "f(x) = xlogy(x, -2)", "1", "E-DOMAIN"), smooth("R7", "f(x) = sum(if x[i] > 0 then log(x[i]) else 2x[i] for i in 1..2)", "[-3, 4]", log(4) - 6, [2, 0.25]),
    smooth("R7", "f(x) = fold((s, t) -> s + (if x > t then log(x - t) else x), 0, 1..4)", "2.5", log(1.5) + log(0.5) + 5, 1 / 1.5 + 2 + 2),
]
# fmt: on

LINEAR = [*SEQUENCES, *MATRICES, *SPECIAL, *UNNOTICED]
