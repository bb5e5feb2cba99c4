"""What a name that nothing defines may mean of the names in sight: ``xy`` is x*y where both are defined, ``sinx`` is sin(x)."""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping

from calclang import errors
from calclang.errors import CalcError
from calclang.lower.lowered import FUNCTIONS, Low, Scope
from calclang.source import Span

LONGEST = 12  # characters of a name that is taken apart


def unknown(name: str, span: Span | None, scope: Scope | None, globals: Mapping[str, Low], builtin: Callable[[str], Low | None]) -> CalcError:
    """The error of a name that nothing defines, with what it may mean."""
    from calclang.lower.library import names as built_in

    own = [*(scope.visible() if scope is not None else ()), *globals]

    def meaning(part: str) -> Low | None:
        return (scope.find(part) if scope is not None else None) or globals.get(part) or builtin(part)

    return errors.unknown_name(name, [*own, *built_in()], span, reading(name, own, meaning))


def reading(name: str, own: Container[str], meaning: Callable[[str], Low | None]) -> str:
    """A product or call (``sqrt16``) of names that stand side by side in ``name``; empty where it is none. ``own``: names that the program defines;
    ``meaning``: what a name means."""
    if len(name) > LONGEST:
        return ""
    for cut in range(len(name) - 1, 0, -1):
        function, argument = name[:cut], name[cut:]
        if (argument in own or argument.isdigit()) and isinstance(meaning(function), FUNCTIONS) and not (argument in own and isinstance(meaning(argument), FUNCTIONS)):
            return f"{function}({argument})"
    return "*".join(_factors(name, own, meaning))


def _factors(name: str, own: Container[str], meaning: Callable[[str], Low | None]) -> list[str]:
    """The names of numbers and arrays of which a name is made, the longest first."""
    ways: list[list[str] | None] = [None] * len(name) + [[]]  # of what stands behind each place
    for start in range(len(name) - 1, -1, -1):
        for stop in range(len(name), start, -1):
            part, rest = name[start:stop], ways[stop]
            if rest is not None and (part in own or part == "pi") and (low := meaning(part)) is not None and not isinstance(low, FUNCTIONS):
                ways[start] = [part, *rest]
                break
    return ways[0] or []
