"""Errors of names: unknown ones, and what was meant."""

from __future__ import annotations

from collections.abc import Sequence

from calclang.errors.diagnostic import CalcError, make
from calclang.source import Span

FOREIGN = {
    "ln": "log", "arctan": "atan", "arcsin": "asin", "arccos": "acos", "arctan2": "atan2", "arcsinh": "asinh", "arccosh": "acosh",
    "arctanh": "atanh", "pow": "x^y", "power": "x^y", "len": "length(x)", "numel": "length(x)", "trace": "tr", "inverse": "inv",
    "determinant": "det", "identity": "eye", "diagonal": "diag", "matmul": "A * B", "dotprod": "dot", "gradient_": "grad", "nabla": "grad",
    "fabs": "abs", "expit": "sigmoid", "logistic": "sigmoid", "where": "ifelse", "select": "ifelse", "reduce": "fold", "lambda": "x -> …", "T": "the transpose A'",
    "concat": "[a; b]", "concatenate": "[a; b]", "hcat": "[A, B]", "vcat": "[A; B]", "arange": "1..n", "xlogx": "xlogy(x, x)", "sqr": "x^2",
    "square": "x^2", "True": "true", "False": "false", "PI": "pi", "Pi": "pi", "Inf": "inf", "NaN": "nan", "diff_": "derivative",
    "D": "derivative", "exec": "", "getattr": "", "eval": "",
}  # fmt: skip


def close_names(name: str, known: Sequence[str]) -> list[str]:
    """Names that a person may have meant, nearest first."""
    from difflib import get_close_matches

    if len(name) > 40:
        return []
    lower = {k.lower(): k for k in reversed(known)}
    same = [lower[name.lower()]] if name.lower() in lower else []
    return list(dict.fromkeys(same + get_close_matches(name, known, n=2, cutoff=0.75 if len(name) > 3 else 0.8)))


def shorten(text: str, limit: int = 60) -> str:
    """Text cut to a length, for messages."""
    return text if len(text) <= limit else text[: limit - 1] + "…"


def unknown_name(name: str, known: Sequence[str], span: Span | None = None) -> CalcError:
    """A name that nothing defines.

    >>> nosuch + 1
    """
    meant = [FOREIGN[name]] if FOREIGN.get(name) else close_names(name, known)
    help = f"did you mean {' or '.join(meant)}?" if meant else ""
    return make("E-NAME", f"{shorten(name)} is not defined", span, help=help)


def unknown_size(name: str, span: Span | None = None) -> CalcError:
    """A size in a kind that no earlier parameter gives.

    >>> f(x: R^(n + 1)) = x; f([1, 2])
    """
    return make("E-NAME", f"the size {name} is not known here", span, help="a size is learnt from a parameter declared with it alone, such as R^n")


def bad_size(span: Span | None = None) -> CalcError:
    """A size in a kind that is no whole number, name, or sum or product of them.

    >>> f(x: R^2.5) = x; f([1, 2])
    """
    return make("E-TYPE", "a size is a whole number, a name, or a sum, difference or product of them", span)


def unknown_option(function: str, option: str, allowed: Sequence[str], span: Span | None = None) -> CalcError:
    """A named argument that the function does not take.

    >>> grad(sin, modus = 1)
    """
    meant = close_names(option, allowed)
    help = f"did you mean {meant[0]}?" if meant else f"it takes {', '.join(allowed)}" if allowed else ""
    return make("E-ARITY", f"{function} has no option {option}", span, help=help)


def unknown_mode(mode: str, span: Span | None = None) -> CalcError:
    """A mode of differentiation that does not exist.

    >>> grad(sin, mode = sideways)(1)
    """
    return make("E-TYPE", f"there is no mode {shorten(mode)}", span, help="mode = forward, reverse or auto")


def not_a_parameter(name: str, function: str, names: Sequence[str], span: Span | None = None) -> CalcError:
    """``wrt`` names something that is no parameter.

    >>> f(x, y) = x*y; grad(f, wrt = z)(1, 2)
    """
    return make("E-NAME", f"{function} has no parameter {name or 'of that name'}", span, help=f"its parameters are {', '.join(names)}")


def shadows_builtin(name: str, span: Span | None = None) -> CalcError:
    """A definition that hides a built-in: a warning.

    >>> sum = 5
    """
    return make("W-SHADOW", f"{name} now means your definition, not the built-in", span)
