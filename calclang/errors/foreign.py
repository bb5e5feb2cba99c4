"""Names of other languages and of the blackboard, and what is written here instead: hints of errors, and answers of help."""

from __future__ import annotations


def _table(*rows: tuple[str, str]) -> dict[str, str]:
    """What is written here -> the names elsewhere, turned round."""
    return {name: here for here, names in rows for name in names.split()}


# A name -> its spelling here.
FOREIGN: dict[str, str] = _table(
    # elementary functions
    ("tan", "tg tangens tangent"), ("cot", "ctg cotg cotan ctan"), ("csc", "cosec"), ("sin", "sinus sen sine"), ("cos", "cosinus cosine"), ("atan", "arctan arctg atg"),
    ("asin", "arcsin"), ("acos", "arccos"), ("acot", "arccot arcctg"), ("asec", "arcsec"), ("acsc", "arccsc arccosec"), ("atan2", "arctan2 arg2"), ("sinh", "sh"), ("cosh", "ch"),
    ("tanh", "th tgh"), ("asinh", "arcsinh arsinh argsinh"), ("acosh", "arccosh arcosh argcosh"), ("atanh", "arctanh artanh argtanh"), ("log", "ln Ln loge"), ("log10", "lg log_10"),
    ("log2", "ld lb log_2"), ("abs", "fabs modulus absolute absval betrag"), ("sign", "sgn signum"), ("x^y", "pow power"), ("x^(1/n)", "root nthroot"), ("x^2", "sqr square"), ("2^x", "exp2"), ("log(p/(1 - p))", "logit"), ("x .* sigmoid(x)", "swish silu"), ("ifelse(x > 0, x, 0.01*x)", "leaky_relu leakyrelu"),
    ("exp", "exponential"), ("mod", "rem fmod remainder modulo"), ("floor(a/b)", "quo quotient idiv intdiv"), ("sign(x)*floor(abs(x))", "trunc fix truncate"), ("round", "rint nint"),
    ("sigmoid", "expit logistic"), ("gamma(n + 1)", "factorial fact"), ("gamma(n + 1)/(gamma(k + 1)*gamma(n - k + 1))", "nchoosek binomial binom comb choose"), ("xlogy(x, x)", "xlogx"),
    # constants
    ("true", "True TRUE"), ("false", "False FALSE"), ("pi", "PI Pi"), ("inf", "Inf Infinity infinity oo"), ("nan", "NaN NA"), ("e", "E euler"), ("30deg", "degrees degree rad2deg deg2rad radians"),
    # vectors and matrices
    ("length(x)", "len numel count nelem"), ("size(A)", "shape dims dim ndims"), ("size(A, 1)", "rows nrow nrows"), ("size(A, 2)", "cols columns ncol ncols"), ("tr", "trace spur"),
    ("inv", "inverse invert"), ("det", "determinant"), ("eye(n)", "identity I Id unit unitmatrix"), ("diag", "diagonal diagm"), ("transpose", "transp permute ctranspose"),
    ("the transpose A'", "T"), ("A * B", "matmul mtimes mmul"), ("dot", "dotprod inner vdot dotproduct scalarproduct scalar_product"), ("cross", "crossprod vectorproduct"),
    ("outer", "tensorproduct"), ("norm", "magnitude mag euclidean norm2"), ("x' * x", "sumsq sumsquares"), ("x .* y", "times hadamard"), ("A \\ b", "mldivide linsolve LinearSolve lstsq leastsquares LeastSquares"),
    ("eigh(A) or eig(A)", "eigenvalues eigvals eigs Eigenvalues eigenvals eigvalsh"), ("vec", "flatten ravel"), ("[a; b]", "concat concatenate append push cat"),
    ("[A, B]", "hcat horzcat hstack cbind"), ("[A; B]", "vcat vertcat vstack rbind"), ("[1, 2, 3]", "array vector matrix list"), ("max", "maximum amax maxi"), ("min", "minimum amin mini"),
    ("mean", "average avg mittelwert"), ("var", "variance"), ("mean((x - y) .^ 2)", "mse"), ("2^-52", "eps epsilon"), ("prod", "product"), ("reverse", "flip fliplr flipud"), ("sort", "sorted"), ("argmax", "indmax findmax"), ("argmin", "indmin findmin"),
    ("rand", "random uniform runif"), ("randn", "normal rnorm normrnd gauss"), ("1..n", "range arange seq colon"), ("linspace", "logspace_ linrange"), ("clamp", "clip"),
    # functions and choices
    ("ifelse", "where select ifthen iif piecewise Piecewise"), ("fold", "reduce foldl"), ("scan", "accumulate"), ("iterate", "repeat nest fixedpoint"),
    ("map", "apply arrayfun cellfun lapply sapply"), ("[x for x in v if x > 0]", "filter find findall nonzero"), ("[f(x) for x in 1..n]", "Table collect enumerate zip"),
    ("x -> …", "lambda"), ("print", "println printf fprintf disp display echo puts sprintf"), ("a ≈ b or a ~~ b", "approx isapprox allclose isclose"), ("a == b", "equal isequal equals array_equal"),
    ("not a", "NOT"), ("a and b", "AND"), ("a or b", "OR"), ("x != x", "isnan"), ("abs(x) == inf", "isinf"), ("abs(x) < inf", "isfinite"), ("assert_close", "assert_allclose assertAlmostEqual"),
    # derivatives and commands
    ("derivative", "D deriv differentiate Derivative ddx"), ("grad", "nabla Grad"), ("grad(f, wrt = x)", "partial pdiff"), ("jacobian", "jac jacrev jacfwd Jacobian"), ("hessian", "hess"), ("divergence", "div Div"),
    ("curl", "rot rotor Curl"), ("laplacian", "lap laplace del2"), ("taylor", "series Series"), ("the command  minimize f from x0", "fminsearch fminunc fmin argminimize NMinimize optimize optimise minimise gradient_descent"), ("the command  minimize x -> -f(x) from x0", "maximize maximise fmax NMaximize"),
    ("the command  solve f from x0", "fsolve fzero findroot FindRoot root_scalar nsolve Solve NSolve roots newton"), ('read("data.csv")', "load_csv csvread readcsv read_csv readmatrix loadtxt genfromtxt"),
    ('write("data.csv", A)', "csvwrite writematrix savetxt to_csv"), ("the command  plot f from -3 to 3", "fplot ezplot Plot plt scatter"),
)  # fmt: skip

# Commands that are no functions -> what follows what they are about.
_COMMANDS = {
    "minimize": " from x0", "plot": " from -3 to 3", "explain": " at 0.7", "graph": " at 0.7", "check": " at 0.7", "time": " at 1", "cost": " at 1", "show": "", "latex": "",
}  # fmt: skip

# A name -> why there is none, and what serves instead.
ABSENT: dict[str, str] = _table(
    ("help sin explains a name, help alone lists the topics", "help"), ("ans is the last value, and there is none yet", "ans"),
    ("print is called:  print(a, b)", "print"), *((f"{name} is a command, without brackets:  {name} f{rest}", name) for name, rest in _COMMANDS.items()),
    ("there are no complex numbers; a loop is written  [x[i] for i in 1..n]", "i j"), ("there are no complex numbers", "im imag real conj complex angle arg Re Im isreal"),
    ("the whole part is  floor(x), the nearest whole number  round(x)", "int integer"),
    ("there are no integrals; a sum over a grid comes near:  h*sum(f(x) for x in a..h..b)", "integrate integral quad quadgk trapz Integrate NIntegrate integr cumtrapz"),
    ("there are no limits; a value near the point comes close, and taylor gives the expansion there", "limit lim Limit"),
    ("formulas are shown in their normal form by themselves", "simplify expand factor Simplify Expand Factor"), ("a formula is a function, and a call puts values in:  f(3)", "subs substitute Replace"),
    ("a derivative is written  f'  ·  derivative(f)  ·  grad(f, wrt = x)", "d dx dy dt df dydx dfdx"), ("a step of the equation is a function; iterate and scan repeat it", "ode45 odeint ode solve_ivp dsolve NDSolve"),
    ("values over a grid are written  [f(x, y) for x in a, y in b]", "meshgrid ndgrid"), ("a step is written  ifelse(x < 0, 0, 1)", "heaviside Heaviside step"), ("there is no empty value", "None null nil undefined NULL nothing"),
    ("at the prompt :vars lists the names", "who whos dir vars ls"), ("at the prompt :quit ends the session", "exit quit bye"), ("Ctrl-L clears the screen", "clc cls"),
    ("at the prompt :reset forgets every definition", "clear reset"), ("the middle of sorted numbers:  sort(x)[floor((end + 1)/2)]", "median"), ("a program asks for nothing; args are what it was called with", "input raw_input readline"),
    ("there are no attributes, types or objects", "class type typeof isinstance object getattr setattr self this"), ("texts are not run", "exec eval parse str2func"),
    ("there are no texts to work with but the names of files and parts", "str string num2str int2str format upper lower split join strcat"), ("numbers are all float64", "float double single int32 int64 float64 Float64 vpa"),
    ("the covariances of columns whose means are 0:  X'*X/(size(X, 1) - 1)", "cov covariance"), ("of numbers whose means are 0:  x'*y/(norm(x)*norm(y))", "corr cor corrcoef correlation"),
    ("a part p of the sorted numbers lies below  sort(x)[ceil(p*length(x))]", "quantile percentile prctile"), ("how many lie between:  sum(1 for v in x if a <= v and v < b)", "histogram hist histcounts"),
    ("a triangle of A:  [if i >= j then A[i, j] else 0 for i in 1..m, j in 1..n]", "tril triu"), ("sums over an index are written out:  [sum(A[i, k]*B[k, j] for k in 1..p) for i in 1..m, j in 1..n]", "einsum tensordot"),
    ("a polynomial is fitted by  [t^k for t in x, k in 0..3] \\ y", "polyfit"), ("a polynomial is  sum(c[k]*x^(k - 1) for k in 1..length(c))", "polyval"),
    ("rand and randn have a seed of their own:  rand(3, seed = 7)", "seed srand set_seed rng"), ("a random whole number from 1 to n is  floor(n*rand()) + 1", "randint randi"),
    ("diag(v) has v on its diagonal; beside it:  [if j == i + 1 then v[i] else 0 for i in 1..n, j in 1..n]", "spdiags toeplitz"), ("set digits 6  changes a setting", "set"),
    ("entries stand in a comprehension:  [A[i, j] + 1 for i in 1..m, j in 1..n]", "repmat tile broadcast squeeze newaxis"),
)  # fmt: skip

# A built-in -> how it is written here what other languages pass to it.
CALLS: dict[str, str] = {
    "log": "the logarithm of x to base b is  log(x)/log(b)", "round": "two digits are kept by  round(100*x)/100", "sqrt": "the root of degree n is  x^(1/n)", "exp": "a power is  x^y",
    **{name: f"at a point  {name}(f)(x)   ·   by a parameter  {name}(f, wrt = x)" for name in "derivative grad gradient jacobian hessian".split()},
    **{
        name: f"of each row  [{name}(A[i, :]) for i in 1..size(A, 1)]   ·   of each column  [{name}(A[:, j]) for j in 1..size(A, 2)]"
        for name in "std var argmax argmin norm".split()
    },
    **{
        name: f"over a range  {name}(x[i] for i in 1..n)   ·   of each row  [{name}(A[i, :]) for i in 1..size(A, 1)]"
        for name in "sum prod mean max min all any".split()
    },
    **{name: f"sizes are arguments of their own:  {name}(2, 3)" for name in "zeros ones eye rand randn".split()},
    "diff": "diff(v) are the differences of neighbours; the derivative is  f'  or  derivative(f)",
    "reshape": "sizes are arguments of their own:  reshape(x, 2, 3)", "size": "size(A, 1) are the rows, size(A, 2) the columns",
    "write": 'write("data.csv", A) takes a name and a value', "print": "print(a, b) takes values; a newline follows", "gamma": "of the incomplete function there is none",
    "diag": "beside the diagonal:  [if j == i + 1 then v[i] else 0 for i in 1..n, j in 1..n]", "sort": "the largest first:  reverse(sort(x))",
    "solve": "A*x = b is solved by  A \\ b; a root is found by the command  solve f from x0", "dot": "dot(x, y) of two vectors; of matrices  tr(A'*B)", "atan": "the angle of a point is  atan2(y, x)",
    "taylor": "taylor(f, at = 0, order = 3)", "read": 'read("data.csv") takes a name', "length": "the sizes of a matrix are  size(A)",
}  # fmt: skip
