"""The derivative operators."""

from __future__ import annotations

from calclang.lower import derivatives, series
from calclang.lower.library.given import TABLE
from calclang.lower.lowered import Builtin
from calclang.lower.rules import ALIASES

OPTIONS = ("wrt", "mode")


def _operator(name: str, signature: str, doc: str, example: str, *options: str, count: int = 1) -> None:
    TABLE[name] = Builtin(name, derivatives.operator_call(ALIASES.get(name, name)), count, count, signature, doc, example, (*OPTIONS, *options), "derivatives")  # fmt: skip


_operator("derivative", "derivative(f)", "The derivative of a function of one scalar, also written f'.", "derivative(sin)(0)")
_operator("grad", "grad(f)", "The gradient of a scalar-valued function, in the kind and shape of its argument.", "grad(x -> x' * x)([1, 2])")  # fmt: skip
_operator("gradient", "gradient(f)", "The same as grad(f).", "gradient(x -> x' * x)([1, 2])")
_operator("value_and_grad", "value_and_grad(f)", "The value and the gradient together.", "value_and_grad(x -> x^2)(3)")
_operator("jacobian", "jacobian(F)", "All partial derivatives, in numerator layout.", "jacobian(x -> 2*x)([1, 2])", "flatten")
_operator("hessian", "hessian(f)", "All second partial derivatives.", "hessian(x -> x' * x)([1, 2])")
_operator("divergence", "divergence(F)", "The sum of the partial derivatives dF_i/dx_i.", "divergence(x -> 2*x)([1, 2])")
_operator("curl", "curl(F)", "The curl of a field in R^3 (a scalar in R^2).", "curl(([x, y, z]) -> [-y, x, 0])([1, 2, 3])")
_operator("laplacian", "laplacian(f)", "The trace of the Hessian.", "laplacian(x -> x' * x)([1, 2])")
_operator(
    "directional", "directional(f, v)", "The derivative along v (not normalised).", "directional(x -> x' * x, [1, 0])([1, 2])", count=2
)


TABLE["taylor"] = Builtin("taylor", series.taylor, 1, 3, "taylor(f, at = a, order = k)", "The Taylor polynomial around a point.", "taylor(sin, at = 0, order = 5)", ("at", "order", *OPTIONS), "derivatives")  # fmt: skip


def _product(name: str, signature: str, doc: str, example: str) -> None:
    TABLE[name] = Builtin(name, derivatives.product_call(name), 3, 3, signature, doc, example, OPTIONS, "derivatives")


_product("jvp", "jvp(F, x, v)", "The Jacobian times v, without forming it.", "jvp(x -> 2*x, [1, 2], [1, 0])")
_product("vjp", "vjp(F, x, u)", "The Jacobian's transpose times u, without forming it.", "vjp(x -> 2*x, [1, 2], [1, 0])")
_product("hvp", "hvp(f, x, v)", "The Hessian times v, without forming it.", "hvp(x -> x' * x, [1, 2], [1, 0])")
