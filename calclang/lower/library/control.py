"""Choice and control."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from calclang.lower import control, products
from calclang.lower.library.given import TABLE, Given, builtin
from calclang.lower.lowered import Arr, Builtin
from calclang.ops import ROWS
from calclang.ops.base import aligned
from calclang.ops.contraction import contract

if TYPE_CHECKING:
    from calclang.lower.driver import Step


@builtin("ifelse(mask, a, b)", "a where the mask is true, b elsewhere, element by element.", "ifelse([1, -2] > 0, 1, 0)", least=3, group="control")  # fmt: skip
def ifelse(given: Given) -> Arr:
    mask = given.truth(0)
    a, b, row = products.stretched("ifelse", given.array(1), given.array(2), given.span, given.span)
    a, b = aligned((a, b))
    like = Arr(a, row)
    if mask.rank and not like.rank:
        a, b = (contract([n], [()], range(mask.rank), dict(enumerate(mask.shape))) for n in (a, b))
        return Arr(ROWS["select"](mask.node, a, b), mask.row)
    if mask.shape not in ((), a.shape):
        raise given.misfit(0, "a mask of the shape of the choices", mask.words())
    return Arr(ROWS["select"](mask.node, a, b), row)


@builtin("map(f, xs)", "f of every element.", "map(x -> x^2, [1, 2])", least=2, group="control")
def mapped(given: Given) -> Step:
    return control.mapped(given.lowering, given.function(0), given.arguments[1], given.span)


@builtin("stop_gradient(x)", "x itself, which counts as a constant when differentiated.", "stop_gradient(2)", least=1, group="derivatives")
def stop_gradient(given: Given) -> Arr:
    x = given.array(0)
    return Arr(ROWS["stop_gradient"](x.node), x.row)


def _control(name: str, signature: str, doc: str, example: str, least: int, most: int, call: Any, options: tuple[str, ...] = ()) -> None:
    TABLE[name] = Builtin(name, call, least, most, signature, doc, example, options, "control")


_control("fold", "fold(f, init, xs)", "f(… f(f(init, x1), x2) …). checkpoint = true: reverse mode keeps few turns and runs the others again.", "fold((s, x) -> s + x, 0, 1..4)", 3, 3, control.fold, ("checkpoint",))
_control("scan", "scan(f, init, xs)", "Every intermediate result of the fold.", "scan((s, x) -> s + x, 0, 1..4)", 3, 3, control.scan, ("checkpoint",))
_control("iterate", "iterate(f, x0, n)", "f applied n times, or until a condition holds: iterate(f, x0, until = x -> cond, max = 1000).", "iterate(x -> x/2, 8, 3)", 2, 3, control.iterate, ("until", "max", "checkpoint"))  # fmt: skip
