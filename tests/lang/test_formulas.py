"""Formulas of derivatives as a person sees them: short, and read back in the same session they are the same function."""

from __future__ import annotations

import pytest
from formula_support import assert_same, assert_shown, case, source

from calclang import Session

# program, derivative, what is shown
SHOWN: list[tuple[str, str, str]] = [
    ("f(x: R^n) = sum(x[i]^2 for i in 1..3)", "grad(f)", "(x: R^n) -> [2*x[1]; 2*x[2]; 2*x[3]; zeros(n - 3)]"),
    ("f(x: R^n) = x[2]", "grad(f)", "(x: R^n) -> eye(n)[:, 2]"),
    ("f(x: R^n) = norm(x)", "grad(f)", "x -> x/norm(x)"),
    ("f(x: R^n) = norm(x)", "hessian(f)", "(x: R^n) -> eye(n)/norm(x) - x*x'/norm(x)^3"),
    ("f(x: R^n) = norm(x, 3)", "grad(f)", "x -> x .* abs(x) / norm(x, 3)^2"),
    ("f(x) = log(1 + exp(x))", "derivative(f)", "x -> sigmoid(x)"), ("f(x) = log(1 + exp(x))", "f''", "x -> sigmoid(x)*(1 - sigmoid(x))"),
    ("f(x) = 1/(1 + exp(-x))", "f'", "x -> sigmoid(-x)*sigmoid(x)"), ("f(x) = exp(2*x)/(1 + exp(2*x))", "f'", "x -> 2*t1*(1 - t1) where t1 = sigmoid(2*x)"),
    ("f(x: R^n) = sum(log(1 + exp(x)))", "grad(f)", "x -> sigmoid(x)"), ("f(x: R^n) = log(sum(exp(x)))", "grad(f)", "x -> softmax(x)"),
    ("f(x: R^n) = log(sum(exp(x)))", "hessian(f)", "x -> diag(softmax(x)) - softmax(x)*softmax(x)'"),
    ("f(x: R^n) = exp(x)/sum(exp(x))", "jacobian(f)", "x -> diag(softmax(x)) - softmax(x)*softmax(x)'"),
    ("f(x: R^n) = log(sum(exp(x)))^2", "grad(f)", "x -> 2*logsumexp(x)*softmax(x)"), ("f(x) = log(cosh(x))", "f'", "x -> tanh(x)"), ("f(x) = log(cos(x))", "f'", "x -> -tan(x)"),
    ("f(A: R^(m×n), b: R^(m*n)) = b' * vec(A)", "grad(f)", "(A: R^(m×n), b: R^(m*n)) -> (A = reshape(b, m, n), b = vec(A))"), ("f(A: R^(m×n)) = norm(vec(A))^2", "grad(f)", "A -> 2*A"),
    ("f(x: R^(m*n), B: R^(m×n)) = tr(reshape(x, m, n)*B')", "grad(f, wrt = x)", "(x, B) -> vec(B)"), ("f(A: R^(m×n)) = sum(A[1, :])", "grad(f)", "(A: R^(m×n)) -> eye(m)[:, 1]*ones(n)'"),
    ("f(A: R^(m×n)) = A[1, 2]^2", "grad(f)", "(A: R^(m×n)) -> 2*A[1, 2]*eye(m)[:, 1]*eye(n)[:, 2]'"), ("f(A: R^(m×n)) = sum(exp(A[:, 2]))", "grad(f)", "(A: R^(m×n)) -> exp(A[:, 2])*eye(n)[:, 2]'"),
    ("f(A: R^(n×n), B: R^(n×n)) = det(A)", "grad(f, wrt = A)", "(A, B) -> det(A)*inv(A)'"), ("f(x) = det([x, 1; 2, x])", "f'", "x -> 2*x"),
    ("f(x) = det([x, 1; x, 1])", "f'", "x -> 0"), ("f(x) = det([x, 1, 2; 3, x^2, 1; x, 0, 5])", "f'", "x -> 9*x^2 + 1"), ("f(x) = det([x, 1, 2; 3, x^2, 1; x, 0, 5])", "f'''", "x -> 18"),
    ("f(x) = det([1, 2; 3, 4] + x*[0, 1; 1, 1])", "f'", "x -> -2*x - 4"), ("f(x) = det([1, 2; 3, 4] + x*[0, 1; 1, 1])", "f''", "x -> -2"), ("f(x) = det([1, 2; 3, 4] - x*eye(2))", "f'", "x -> 2*x - 5"),
    ("f(x, A: R^(2×2)) = det(A - x*eye(2))", "grad(f, wrt = x)", "(x: R, A) -> -det(t1)*tr(inv(t1)) where t1 = A - x*eye(2)"), ("f(x: R^3) = (2*x + 1)[2]*x[1]", "grad(f)", "x -> [2*x[2] + 1, 2*x[1], 0]"),
    ("f(x, y) = (x^2 + y^2)^3", "laplacian(f)", "(x, y) -> 36*(x^2 + y^2)^2"),
    ("f = taylor(cos, 0, 6)", "f''", "x -> -x^4/24 + x^2/2 - 1"), ("f = taylor(sin, 0, 5)", "f'", "x -> x^4/24 - x^2/2 + 1"), ("f(x) = x - x^3/6", "f'", "x -> 1 - x^2/2"),
    ("f(A: R^(m×n), x: R^n) = (sum(A*x)/m)^2", "grad(f, wrt = x)", "(A: R^(m×n), x) -> 2*mean(A*x)*A'*ones(m)/m"),
    ("f(x) = 2^x", "derivative(f)", "x -> log(2)*2^x"),
    ("f(s, v: R^n) = mean(v + s^3)", "jacobian(f, wrt = s)", "(s, v) -> 3*s^2"), ("f(s, v: R^n, k) = k*sum(v + s^3)", "grad(f, wrt = s, mode = forward)", "(s, v: R^n, k) -> 3*k*n*s^2"),
    ("f(x) = 1/(1 - x^2)", "f''", "x -> 2*(3*x^2 + 1)/(1 - x^2)^3"), ("f(x) = sqrt(1 - x^2)", "f''", "x -> -1/(1 - x^2)^(3/2)"),
    ("f(x) = (sqrt(x + 1)*x/0.5)^2", "f'", "x -> 12*x^2 + 8*x"),
    ("f(x) = sin(3.141592653589793*x)", "derivative(f)", "x -> pi*cos(pi*x)"),
    ("f(x) = sinc(x)", "derivative(f)", "x -> (cos(x) - sinc(x))/x"), ("f(x: R^n) = cumsum(x)", "jacobian(f)", "(x: R^n) -> [cumsum(eye(n)[i, :]) for i in 1..n]'"),
    ("f(x: R^n) = sum(cumsum(x) .^ 2)", "hessian(f)", "(x: R^n) -> 2*t1*t1' where t1 = [cumsum(eye(n)[i, :]) for i in 1..n]"),
    ("f(x, y) = log(x^2 + y^2)", "laplacian(f)", "(x, y) -> 0"), ("f(x) = asin(x) + acos(x)", "f'", "x -> 0"), ("f(x) = exp(log(x))", "f''", "x -> 0"),
    ("f(s, v: R^n) = norm(v + 2^s - sum(v + 2^s)/n)^2", "jacobian(f, wrt = s)", "(s, v) -> 0"), ("f(s, v: R^n) = var(v + 2^s)", "hessian(f, wrt = s)", "(s, v) -> 0"),
    ("f(x) = asin(x)", "f''", "x -> x/(1 - x^2)^(3/2)"), ("f(x) = x*sqrt(x)", "f'", "x -> 3*sqrt(x)/2"), ("f(p: R^n, q: R^n) = sum(p .* log(p ./ q))", "grad(f)", "(p, q) -> (p = log(p ./ q) + 1, q = -p ./ q)"),
    ("f(X: R^(m×n)) = log(det(X*X'))", "grad(f)", "X -> 2*inv(X*X')*X"), ("f(x, S: R^(n×n)) = tr(S*inv(x*S))", "grad(f, wrt = x)", "(x, S: R^(n×n)) -> -n/x^2"),
    ("f(t, X: R^(n×n), V: R^(n×n)) = inv(X + t*V)", "jacobian(f, wrt = t)", "(t: R, X, V) -> -t1*V*t1 where t1 = inv(X + t*V)"), ("f(X: R^(n×n), V: R^(n×n)) = det(X + V)", "jacobian(f, wrt = X)", "(X, V) -> det(X + V)*inv(X + V)'"),
    ("f(X: R^(n×n)) = det(inv(X))", "grad(f)", "X -> -inv(X)'/det(X)"),
    ("f(X: R^(n×n)) = tr(exp(X))", "grad(f)", "X -> diag(diag(exp(X)))"), ("f(t, X: R^(n×n), V: R^(n×n)) = det(X + t*V)", "jacobian(f, wrt = t)", "(t: R, X, V) -> det(X + t*V)*tr(V*inv(X + t*V))"),
    ("f(x) = log2(x)", "f'", "x -> 1/(x*log(2))"), ("f(x) = 10^x", "f'", "x -> log(10)*10^x"), ("f(x) = 2^(3*x)", "f''", "x -> 9*log(2)^2*2^(3*x)"), ("f(x) = erf(x)", "f''", "x -> -4*x*exp(-x^2)/sqrt(pi)"), ("f(x) = x^3/pi", "f'", "x -> 3*x^2/pi"),
    ("f(x) = exp(-x^2/2)/sqrt(2*pi)", "f'", "x -> -x*exp(-x^2/2)/sqrt(2*pi)"), ("f(x) = gelu(x)", "f'", "x -> erfc(-x/sqrt(2))/2 + x*exp(-x^2/2)/sqrt(2*pi)"), ("f(x) = sin(30deg*x)", "f'", "x -> pi*cos(pi*x/6)/6"),
    ("f(x) = sin(x*deg)", "f'", "x -> pi*cos(pi*x/180)/180"), ("f(x) = 1e100*x^2", "f'", "x -> 2e100*x"), ("f(x) = 1.5e-7*x", "f'", "x -> 1.5e-7"), ("f(x) = 0.123456789012345*x", "f'", "x -> 0.123456789012345"),
    ("f(x) = sqrt(1 + x)", "taylor(f, at = 0, order = 4)", "x -> 1 + 1/2*x - 1/8*x^2 + 1/16*x^3 - 5/128*x^4"), ("f(x) = tan(x)", "taylor(f, at = 0, order = 5)", "x -> x + 1/3*x^3 + 2/15*x^5"),
    ("f(x) = 0.3*x + 0.1*x^2", "taylor(f, at = 0, order = 2)", "x -> 0.3*x + 0.1*x^2"), ("f(x) = sigmoid(x)", "taylor(f, at = 0, order = 3)", "x -> 1/2 + 1/4*x - 1/48*x^3"),
    ("f(w: R^n, X: R^(m×n), y: R^m) = -sum(y .* log(sigmoid(X*w)) + (1 - y) .* log(1 - sigmoid(X*w)))", "grad(f, wrt = w)", "(w, X, y) -> X'*(sigmoid(X*w) - y)"),
    ("f(w: R^n, X: R^(m×n), y: R^m) = -sum(y .* log(sigmoid(X*w)) + (1 - y) .* log(1 - sigmoid(X*w)))", "hessian(f, wrt = w)", "(w, X, y) -> X'*diag(t1 .* (1 - t1))*X where t1 = sigmoid(X*w)"),
    ("f(x) = log(1 - sigmoid(x))", "f'", "x -> -sigmoid(x)"), ("f(x) = x*sigmoid(x)", "f''", "x -> sigmoid(-x)*sigmoid(x)*(x + 2 - 2*x*sigmoid(x))"), ("f(x) = exp(x)*sigmoid(-x)^2", "f'", "x -> sigmoid(-x)*sigmoid(x)*(1 - 2*sigmoid(x))"),
    ("f(x: R^n, W: R^(m×n), b: R^m) = norm(sigmoid(W*x + b))^2", "grad(f)", "(x, W, b) -> (x = 2*W'*t1, W = 2*t1*x', b = 2*t1) where t1 = sigmoid(-(W*x + b)) .* sigmoid(W*x + b) .^ 2"),
    ("f(W: R^(m×n), b: R^m, x: R^n, y: R^m) = norm(sigmoid(W*x + b) - y)^2/2", "grad(f)", "(W, b, x, y) -> (W = t2*x', b = t2, x = W'*t2, y = y - t1) where t1 = sigmoid(W*x + b), t2 = sigmoid(-(W*x + b)) .* t1 .* (t1 - y)"),
    ("f(W: R^(m×n), b: R^m, V: R^(k×m), c: R^k, x: R^n, y: R^k) = norm(V*tanh(W*x + b) + c - y)^2/2", "grad(f)", "(W, b, V, c, x, y) -> (W = t3*x', b = t3, V = t2*t1', c = t2, x = W'*t3, y = -t2) where t1 = tanh(W*x + b), t2 = V*t1 + c - y, t3 = sech(W*x + b) .^ 2 .* (V'*t2)"),
    ("f(P: R^(n×n), Q: R^(n×n)) = tr(P*Q - Q*P)", "grad(f)", "(P: R^(n×n), Q: R^(n×n)) -> (P = zeros(n, n), Q = zeros(n, n))"),
    ("f(x: R^n) = sum(x .* log(x)) - sum(x)*log(sum(x))", "grad(f)", "x -> log(x) - log(sum(x))"),
    ("f(x: R^n) = sum((x[2..n] - x[1..n-1] .^ 2) .^ 2)", "grad(f)", "(x: R^n) -> [0; 2*t2] + [-4 * (t1 .* t2); 0] where t1 = x[1..n - 1], t2 = x[2..n] - t1 .^ 2"),
    ("f(x: R^n) = sum((x[i+1] - x[i]^2)^2 for i in 1..n-1)", "grad(f)", "(x: R^n) -> [0; 2*t2] + [-4 * (t1 .* t2); 0] where t1 = x[1..n - 1], t2 = x[2..n] - t1 .^ 2"),
    ("f(x: R^n) = sum((x[2..end] - x[1..end-1]) .^ 2)", "hessian(f)", "(x: R^n) -> 2*t1*t1' where t1 = eye(n)[:, 2..n] - eye(n)[:, 1..n - 1]"),
    ("f(x: R^n) = sum(100*(x[i+1] - x[i]^2)^2 + (1 - x[i])^2 for i in 1..n-1)", "grad(f)", "(x: R^n) -> [0; 200*t2] + [2*(t1 .* (1 - 200*t2) - 1); 0] where t1 = x[1..n - 1], t2 = x[2..n] - t1 .^ 2"),
    ("f(x: R^n) = x[1]^2 + sum(sin(x[2..n]))", "grad(f)", "(x: R^n) -> [2*x[1]; cos(x[2..n])]"), ("f(x: R^n) = sum(x[2..n-1] .^ 2)", "grad(f)", "(x: R^n) -> [0; 2*x[2..n - 1]; 0]"),
    ("f(x: R^n) = sum(i*x[i]^2 for i in 1..n)", "grad(f)", "(x: R^n) -> 2 * (x .* [1..n])"), ("f(x: R^n) = sum(v^3 for v in x)", "grad(f)", "x -> 3*x .^ 2"),
    ("f(x: R^n) = map(t -> t^2, x)", "jacobian(f)", "x -> 2*diag(x)"), ("f(x: R^n) = max(x[i] for i in 1..n)", "grad(f)", "x -> ifelse(x == max(x), 1, 0)/sum(ifelse(x == max(x), 1, 0))"),
    ("f(x: R^n, A: R^(n×n)) = sum(x[i]*A[i, j]*x[j] for i in 1..n, j in 1..n)", "grad(f, wrt = x)", "(x, A) -> (A + A')*x"),
    ("f(x: R^n) = norm(x[3..n] - 2*x[2..n-1] + x[1..n-2])^2", "grad(f)", "(x: R^n) -> [0; -4*t1; 0] + [2*t1; zeros(2)] + [zeros(2); 2*t1] where t1 = x[3..n] - 2*x[2..n - 1] + x[1..n - 2]"),
    ("f(A: R^(m×n)) = sum(A[2..m, 1..n-1] .^ 2)", "grad(f)", "(A: R^(m×n)) -> 2*eye(m)[:, 2..m]*A[2..m, 1..n - 1]*eye(n)[:, 1..n - 1]'"),
    ("f(x: R^n) = sum(exp(-(x[i] - x[j])^2) for i in 1..n, j in 1..n)", "grad(f)", "(x: R^n) -> 2*(diag(t1'*t2) - diag(t1*t2')) where t1 = x*ones(n)' - ones(n)*x', t2 = exp(-t1 .^ 2)"),
    ("f(x: R^n) = sum(cumsum(x)[2..n])", "grad(f)", "(x: R^n) -> reverse(cumsum(reverse([0; ones(n - 1)])))"),
    ("f(x: R^n) = prod(x)*sum(x)", "grad(f)", "x -> prod(x) + sum(x)*[prod(x[j] for j in 1..length(x) if j != i) for i in 1..length(x)]"),
    ("f(x: R^n) = prod(x)", "hessian(f)", "x -> [if i != j then prod(x[k] for k in 1..length(x) if k != i and k != j) else 0 for i in 1..length(x), j in 1..length(x)]"), ("f(x: R^n) = prod(x)^2", "grad(f)", "x -> 2*prod(x)*[prod(x[j] for j in 1..length(x) if j != i) for i in 1..length(x)]"),
    ("f(x: R^n) = var(x)", "grad(f)", "(x: R^n) -> 2*(x - mean(x))/(n - 1)"), ("f(x: R^n) = sum((x - mean(x)) .^ 2)", "grad(f)", "x -> 2*(x - mean(x))"),
    ("f(x: R^n) = std(x)", "grad(f)", "(x: R^n) -> t1/(norm(t1)*sqrt(n - 1)) where t1 = x - mean(x)"),
    ("f(X: R^(n×n)) = tr(expm(X))", "grad(f)", "X -> expm(X)'"), ("f(t, A: R^(n×n)) = tr(expm(t*A))", "grad(f, wrt = t)", "(t: R, A) -> tr(A*expm(t*A))"),
    ("f(X: R^(n×n)) = sum(expm(X))", "grad(f)", "(X: R^(n×n)) -> expm([[X', ones(n, n)]; [zeros(n, n), X']])[1..n, :][:, n + 1..2*n]"),
    ("f(X: R^(n×n)) = det(X*X)", "grad(f)", "X -> 2*det(X*X)*inv(X)'"), ("f(X: R^(n×n)) = logdet(X'*X)", "grad(f)", "X -> 2*inv(X)'"), ("f(X: R^(n×n), A: R^(n×n)) = tr(A*inv(X*A))", "grad(f)", "(X: R^(n×n), A: R^(n×n)) -> (X = -inv(X)'*inv(X)', A = zeros(n, n))"),
    ("f(X: R^(n×n), A: R^(n×n)) = tr(inv(A*X))", "grad(f)", "(X, A) -> (X = -inv(X)'*inv(A*X)', A = -inv(A*X)'*inv(A)')"), ("f(A: R^(n×n), X: R^(n×n)) = det(A*X*A')", "grad(f)", "(A, X) -> (A = 2*t1*inv(A)', X = t1*inv(X)') where t1 = det(A*X*A')"),
    ("f(x: R^n, y: R^n) = mean((x - mean(x)) .* (y - mean(y)))", "grad(f)", "(x: R^n, y: R^n) -> (x = (y - mean(y))/n, y = (x - mean(x))/n)"), ("f(x: R^n) = exp(mean(log(x)))", "grad(f)", "(x: R^n) -> exp(mean(log(x)))/n ./ x"),
    ("f(X: R^(m×n), w: R^n, b, y: R^m) = norm(X*w + b - y)^2/m", "grad(f, wrt = (w, b))", "(X: R^(m×n), w, b: R, y: R^m) -> (w = 2*X'*t1/m, b = 2*mean(t1)) where t1 = X*w + b - y"),
    ("mean(x) = sum(x)/length(x)\nf(x: R^n) = norm(x - mean(x))^2", "grad(f)", "(x: R^n) -> 2*(x - sum(x)/n)"),
    ("f(x) = log(x + sqrt(x^2 + 1))", "f'", "x -> 1/sqrt(x^2 + 1)"), ("f(x) = log(x + sqrt(x^2 + 1))", "f''", "x -> -x/(x^2 + 1)^(3/2)"), ("f(x) = atan(1/x)", "f''", "x -> 2*x/(x^2 + 1)^2"),
    ("f(x, y) = atan(y/x)", "grad(f)", "(x, y) -> [-y/(x^2 + y^2), x/(x^2 + y^2)]"), ("f(x, y) = atan(y/x)", "hessian(f)", "(x, y) -> [2*x*y/(x^2 + y^2)^2, t1; t1, -2*x*y/(x^2 + y^2)^2] where t1 = (y^2 - x^2)/(x^2 + y^2)^2"),
    ("f(a, b) = 1/(1/a + 1/b)", "grad(f)", "(a, b) -> [b^2/(a + b)^2, a^2/(a + b)^2]"), ("f(x: R^n) = sum(log(x + sqrt(x .^ 2 + 1)))", "grad(f)", "x -> 1 ./ sqrt(x .^ 2 + 1)"),
    ("f(x) = sin(x)/(1 + cos(x))", "f'", "x -> 1/(1 + cos(x))"), ("f(x) = sin(x)/(1 + cos(x))", "f''", "x -> sin(x)/(1 + cos(x))^2"), ("f(r, t) = det([cos(t), -r*sin(t); sin(t), r*cos(t)])", "grad(f)", "(r, t: R) -> [1, 0]"),
    ("f(x) = sinh(x)/cosh(x)", "f'", "x -> 1 - tanh(x)^2"), ("f(x: R^n) = sum(sin(x) ./ cos(x))", "grad(f)", "x -> tan(x) .^ 2 + 1"), ("f(x: R^n) = var(x)", "hessian(f)", "(x: R^n) -> 2*(eye(n) - ones(n, n)/n)/(n - 1)"),
    ("f(x: R^n) = norm(x - mean(x))^2", "hessian(f)", "(x: R^n) -> 2*(eye(n) - ones(n, n)/n)"), ("f(X: R^(m×n)) = norm((eye(m) - ones(m, m)/m)*X)^2", "grad(f)", "(X: R^(m×n)) -> 2*(eye(m) - ones(m, m)/m)*X"),
    ("f(x) = atan((1 + x)/(1 - x))", "f'", "x -> 1/(x^2 + 1)"), ("f(x) = (exp(x) - exp(-x))/(exp(x) + exp(-x))", "f'", "x -> 4/(exp(x) + exp(-x))^2"),
    ("f(A: R^(n×n), b: R^n, c: R^n) = c'*(A \\ b)", "grad(f)", "(A, b, c) -> (A = -(A' \\ c)*(A \\ b)', b = A' \\ c, c = A \\ b)"), ("f(x: R^n) = sum(softmax(x) .^ 2)", "grad(f)", "x -> 2*(softmax(x) .^ 2 - norm(softmax(x))^2*softmax(x))"),
    ("f(x) = (1 + 1/x)/(1 - 1/x)", "f'", "x -> -2/(x - 1)^2"), ("f(x) = x/(1 + sqrt(x))", "f'", "x -> (sqrt(x) + 2)/(2*(1 + sqrt(x))^2)"), ("f(x) = log(sqrt(x) + 1/sqrt(x))", "f'", "x -> (x - 1)/(2*x*(x + 1))"),
    ("f(t) = sqrt((4*(t - 2)^2 + (2*t^2 - 1)^2)/4)", "f'", "t -> 2*(t^3 - 1)/sqrt((4*(t - 2)^2 + (2*t^2 - 1)^2)/4)"),
]  # fmt: skip


@pytest.mark.parametrize(("program", "derivative", "shown"), SHOWN, ids=map(case, SHOWN))
def test_shown(program: str, derivative: str, shown: str) -> None:
    assert_shown(program, derivative, shown)


@pytest.mark.parametrize(("derivative", "shown"), [
    ("grad(det)", "x -> det(x)*inv(x)'"), ("jacobian(inv)", "(x: R^(n×n)) -> [-inv(x)[i, k]*inv(x)[l, j] for i in 1..n, j in 1..n, k in 1..n, l in 1..n]"), ("grad(norm)", "(x: R^n) -> x/norm(x)"),
    ("curl(v -> [v[2], -v[1], v[3]])", "(v: R^3) -> [0, 0, -2]"), ("divergence(v -> [v[1]^2, v[2]])", "v -> 2*v[1] + 1"), ("divergence([x, y] -> [x^2, y])", "[x, y] -> 2*x + 1"),
    ("grad(([a, b], c) -> a*b*c)", '([a, b], c) -> ("[a, b]" = [b*c, a*c], c = a*b)'), ("derivative(x -> if x < x then x else x^2)", "x -> 2*x"), ("derivative(x -> if x > x or x > 1 then x else x^2)", "x -> if x > 1 then 1 else 2*x"),
    ("grad((x: R^n) -> if sum(x) < sum(x) then 1 else sum(x)^2)", "(x: R^n) -> 2*sum(x)*ones(n)"), ("jacobian((x: R^n) -> inf*x .+ 1)", "(x: R^n) -> diag(inf*ones(n))"), ("hessian(([a, b], c) -> a*b^2, wrt = c)", "([a, b], c) -> 0"),
    ("taylor(v -> [sin(v[1]), v[2]], [0, 0], 3)", "v -> [0, 0] + [1, 0]*v[1] + [0, 1]*v[2] + [-1/6, 0]*v[1]^3"),
])  # fmt: skip
def test_of_functions_without_a_definition(derivative: str, shown: str) -> None:
    assert source(Session(), derivative) == shown


# program, derivative: names that the formula would use mean something else
REDEFINED: list[tuple[str, str]] = [
    ("inv = 3\nf(A: R^(n×n)) = det(A)", "grad(f)"), ("sum(x) = 3*x\nf(x: R^n) = logsumexp(x)", "hessian(f)"), ("pi = 3\nf(x) = sin(3.141592653589793*x)", "derivative(f)"),
    ("f(log) = 2^log * log", "derivative(f)"), ("f(pi) = 3.141592653589793*pi^2", "derivative(f)"), ("f(cos) = sin(cos)", "derivative(f)"), ("e = 3\nf(x) = e^x", "derivative(f)"),
    ("abs(x) = x\nf(x: R^n) = norm(x, 3)", "grad(f)"), ("eye(n) = n\nf(x: R^n) = norm(x)", "hessian(f)"), ("k = 2\nf(x) = k*x^3", "derivative(f)"),
    ("log = 3\nf(x) = 2^x", "derivative(f)"), ("sqrt(x) = x\nf(x) = gelu(x)", "derivative(f)"), ("pi = 3\nf(x) = erf(x)", "derivative(f)"),
]  # fmt: skip


@pytest.mark.parametrize(("program", "derivative"), REDEFINED)
def test_redefined_names_do_not_change_their_meaning_in_a_formula(program: str, derivative: str) -> None:
    session = Session()
    session.run(program)
    assert_same(session, derivative)


@pytest.mark.parametrize("derivative", ["f'''", "f''''"])
@pytest.mark.parametrize("body", ["det([x, 1, 2; 3, x^2, 1; x, 0, 5])", "det([1, 2; 3, 4] + x*[0, 1; 1, 1])*x", "x^2/(1 + exp(-x))", "log(1 + exp(x^2))"])
def test_higher_derivatives_read_back(body: str, derivative: str) -> None:
    session = Session()
    session.run(f"f(x) = {body}")
    assert "derivative" not in source(session, derivative)
    assert_same(session, derivative)


def test_third_derivative_of_the_determinant() -> None:
    session = Session()
    session.run("f(A: R^(n×n)) = det(A)")
    assert_same(session, "jacobian(hessian(f))")


