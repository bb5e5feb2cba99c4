"""Errors of names: unknown ones, and what was meant."""

from __future__ import annotations

from collections.abc import Sequence

from calclang.errors.diagnostic import CalcError, make
from calclang.errors.foreign import ABSENT, FOREIGN
from calclang.source import Span

MEANT = 2  # names that are offered


def close_names(name: str, known: Sequence[str]) -> list[str]:
    """Names that a person may have meant, nearest first: the same in other case, two letters exchanged, else what has most letters in common.

    >>> close_names("sni", ["sin", "sinc"]), close_names("sine", ["size", "sin"]), close_names("fact", ["acot"])
    (['sin'], ['sin'], [])
    """
    if len(name) > 40:
        return []
    lower = {k.lower(): k for k in reversed(known)}
    same = [lower[name.lower()]] if name.lower() in lower else []
    return (same + [k for k in known if _exchanged(name, k)])[:MEANT] or _alike(name, known)


def _exchanged(a: str, b: str) -> bool:
    """Whether two neighbours of one name stand the other way round in the other."""
    if len(a) != len(b) or sorted(a) != sorted(b):
        return False
    differ = [k for k, (x, y) in enumerate(zip(a, b, strict=True)) if x != y]
    return len(differ) == 2 and differ[1] == differ[0] + 1


def _alike(name: str, known: Sequence[str]) -> list[str]:
    """Names with nearly the same letters, and none that are much farther away than the nearest."""
    from difflib import SequenceMatcher, get_close_matches

    found = get_close_matches(name, known, n=MEANT, cutoff=0.75 if len(name) > 3 else 0.8)
    shares = {k: SequenceMatcher(None, k, name).ratio() for k in found}
    nearest = max(shares.values(), default=0.0)
    return [k for k, share in shares.items() if share > nearest - 0.1 and (k[0] == name[0] or share >= 0.8)]


def shorten(text: str, limit: int = 60) -> str:
    """Text cut to a length, for messages."""
    return text if len(text) <= limit else text[: limit - 1] + "…"


def unknown_name(name: str, known: Sequence[str], span: Span | None = None, reading: str = "") -> CalcError:
    """A name that nothing defines; ``reading``: what it may mean of names that stand in it, such as ``x*y``.

    >>> nosuch + 1
    """
    lower = name.lower() if len(name) > 1 else name
    says = ABSENT.get(name) or ABSENT.get(lower)
    meant = [spelt] if (spelt := FOREIGN.get(name) or FOREIGN.get(lower)) else [reading] if reading else close_names(name, known)
    help = f"did you mean {' or '.join(meant)}?" if meant and (not says or reading) else says or ""
    return make("E-NAME", f"{shorten(name)} is not defined", span, help=help)


def perhaps_a_function(error: CalcError, target: str, value: Span) -> CalcError:
    """The same error; where a definition names a letter that nothing defines, it may be meant as a parameter.

    >>> y = 2x + 3
    """
    found = error.diagnostic
    place = found.labels[0].span if found.labels else None
    if found.code != "E-NAME" or found.help or not target or place is None or len(place.text) > 2 or place.source is not value.source:
        return error
    return make("E-NAME", found.message, *found.labels, help=f"a function of {place.text} is written  {target}({place.text}) = {shorten(value.text)}")


def perhaps_a_formula(error: CalcError, function: Span, arguments: Sequence[Span]) -> CalcError:
    """The same error; where a function is called with a letter that nothing defines, its formula may be wanted.

    >>> f(x) = x^2; f'(x)
    """
    found = error.diagnostic
    place = found.labels[0].span if found.labels else None
    if found.code != "E-NAME" or found.help or place not in arguments:
        return error
    return make("E-NAME", found.message, *found.labels, help=f"the formula is shown without arguments:  {shorten(function.text)}")


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


def unknown_option(function: str, option: str, allowed: Sequence[str], span: Span | None = None, instead: str = "") -> CalcError:
    """A named argument that the function does not take; ``instead``: how it is called.

    >>> grad(sin, modus = 1)
    """
    meant = close_names(option, allowed)
    help = f"did you mean {meant[0]}?" if meant else "   ·   ".join([f"it takes {', '.join(allowed)}"] * bool(allowed) + [instead] * bool(instead))
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
