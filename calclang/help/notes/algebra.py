"""Linear algebra: products, inverses, factorisations, functions of matrices."""

from __future__ import annotations

from calclang.help.notes.note import note

ALGEBRA = {
    "dot": note("* outer cross norm", "[1, 2]' * [3, 4]", usage="dot(x: R^n, y: R^n) → R", rule="grad((x: R^n, y: R^n) -> dot(x, y), wrt = x)"),
    "outer": note("* dot kron", "[1, 2] * [3, 4]'", usage="outer(x: R^m, y: R^n) → R^(m×n)", rule="dx, dy: outer(dx, y) + outer(x, dy)"),
    "cross": note("dot curl", "cross([1, 2, 3], [4, 5, 6])", usage="cross(x: R^3, y: R^3) → R^3", rule="dx, dy: cross(dx, y) + cross(x, dy)"),
    "kron": note("outer *", "kron([1, 2], [3, 4])", usage="kron(A: R^(m×n), B: R^(p×q)) → R^(mp×nq)", rule="dA, dB: kron(dA, B) + kron(A, dB)"),
    "norm": note("normalize dot abs", "norm([3, 4], 1)", "norm([1, 2; 3, 4], 2)", usage="norm(x: R^n) → R\nnorm(x: R^n, p) → R\nnorm(A: R^(m×n), 1 | 2 | inf | \"fro\") → R", text="Entries of its second derivative that are small beside 1/norm(x) lose digits; of two numbers, hypot(x, y) has them all.",
                 rule="grad((x: R^n) -> norm(x))"),
    "normalize": note("norm", "norm(normalize([1, 2, 3]))", usage="normalize(x: R^n) → R^n", rule="jacobian((x: R^n) -> normalize(x))"),
    "transpose": note("'", "[1, 2; 3, 4]'", usage="transpose(A: R^(m×n)) → R^(n×m)", rule="linear"),
    "tr": note("det diag", usage="tr(A: R^(n×n)) → R", rule="grad((A: R^(n×n)) -> tr(A))"),
    "det": note("logdet inv tr", "det(2*eye(3))", usage="det(A: R^(n×n)) → R", rule="grad((A: R^(n×n)) -> det(A))"),
    "logdet": note("det cholesky", "logdet(100*eye(200))", usage="logdet(A: R^(n×n)) → R", rule="grad((A: R^(n×n)) -> logdet(A))"),
    "inv": note("solve pinv det cond", "inv([2, 1; 1, 1])", usage="inv(A: R^(n×n)) → R^(n×n)", rule="dA: -inv(A)*dA*inv(A)", text="To solve A*x = b write A \\ b: it is quicker and more accurate than inv(A)*b."),
    "solve": note("\\ inv pinv minimize", "[2, 1; 1, 3] \\ [3, 5]", "[1, 0; 1, 1; 1, 2] \\ [1, 3, 4]", usage="solve(A: R^(m×n), b: R^m) → R^n\nsolve(A: R^(m×n), B: R^(m×k)) → R^(n×k)", text="With more equations than unknowns it is the least squares solution, with fewer the shortest one; the rank must be full. The rule below is that of a square A; others have that of pinv(A)*b.", rule="dA, db: solve(A, db - dA*solve(A, b))"),
    "pinv": note("inv solve svd", usage="pinv(A: R^(m×n)) → R^(n×m)", text="pinv(A)*b solves every system as well as can be; where the rank is full, A \\ b does the same more quickly.", rule="Exact where the rank stays the same; where it falls, among matrices of that rank, with W-AD."),
    "rank": note("svd cond", usage="rank(A: R^(m×n)) → R", rule="0: a rank does not move but for jumps."),
    "cond": note("svd inv", usage="cond(A: R^(m×n)) → R", text="About log10(cond(A)) digits are lost in solving with A; beyond 1e16 the matrix is singular but for rounding.", rule="That of the quotient of the singular values."),
    "cholesky": note("logdet lu qr", "L = cholesky([4, 2; 2, 5]); L*L'", usage="cholesky(A: symmetric R^(n×n)) → R^(n×n)", rule="L*P(inv(L)*dA*inv(L)'), where P keeps the lower triangle and half of the diagonal."),
    "qr": note("lu svd cholesky", "(Q, R) = qr([3, 1; 4, 2]); Q*R", "qr([3, 1; 4, 2])[\"R\"]", usage="(Q, R) = qr(A: R^(m×n))", text="The diagonal of R is positive, so that the factors are functions of A.", rule="Q*R stays A, and Q' * Q stays the identity: that determines dQ and dR."),
    "lu": note("qr det solve", "(L, U, P) = lu([1, 2; 3, 4]); P' * L * U", usage="(L, U, P) = lu(A: R^(n×n))", rule="L*U stays P*A with unit diagonal of L: that determines dL and dU; P does not move but for jumps."),
    "eigh": note("eig svd", "eigh([2, 1; 1, 2])[\"values\"]", usage="(values, vectors) = eigh(A: symmetric R^(n×n))", rule="A value moves by v' * dA * v with its vector v; a vector has a derivative where its value is not repeated."),
    "eig": note("eigh svd", "eig([2, 1; 0, 3])[\"values\"]", usage="(values, vectors) = eig(A: R^(n×n))", text="Complex eigenvalues are an error: there are no complex numbers.", rule="A value moves by w' * dA * v / (w' * v) with its left and right vectors w and v."),
    "svd": note("eigh pinv rank cond norm", "svd([3, 0; 4, 5])[\"S\"]", usage="(U, S, V) = svd(A: R^(m×n))", rule="A singular value moves by u' * dA * v with its vectors u and v."),
    "expm": note("logm exp", "expm(zeros(2, 2))", usage="expm(A: R^(n×n)) → R^(n×n)", text="It solves x' = A*x: x(t) is expm(t*A)*x(0).", rule="The upper right block of expm([A, dA; 0*A, A])."),
    "logm": note("expm log", "expm(logm([2, 1; 0, 2]))", usage="logm(A: R^(n×n)) → R^(n×n)", rule="The upper right block of logm([A, dA; 0*A, A])."),
    "sqrtm": note("sqrt cholesky", "sqrtm([4, 1; 0, 9])^2", usage="sqrtm(A: R^(n×n)) → R^(n×n)", rule="The X with X*sqrtm(A) + sqrtm(A)*X = dA."),
    "delta": note("eye ifelse ==", "[delta(i, j) for i in 1..2, j in 1..2]", usage="delta(i: R, j: R) → R", rule="0: it does not move but for jumps."),
}  # fmt: skip
