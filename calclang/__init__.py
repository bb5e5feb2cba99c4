"""calclang: a small math language whose every function can be evaluated, differentiated exactly, shown as a formula and explained.

>>> import calclang
>>> session = calclang.Session()
>>> results = session.run("f(x) = x^2")
>>> session["f"](3.0)
9.0
>>> session.eval("grad(f)(3)")
6.0
"""

from importlib import import_module

TYPE_CHECKING = False  # what type checkers know as typing's, which takes long to import
if TYPE_CHECKING:
    from typing import Any

    from calclang.errors import CalcError as CalcError
    from calclang.errors import Diagnostic as Diagnostic
    from calclang.limits import LOCAL as LOCAL
    from calclang.limits import UNTRUSTED as UNTRUSTED
    from calclang.limits import Limits as Limits
    from calclang.session import Result as Result
    from calclang.session import Session as Session
    from calclang.values import Parts as Parts
    from calclang.values import RangeValue as RangeValue
    from calclang.values import Row as Row
    from calclang.values import Text as Text

__version__ = "0.1.0"

# Where each public name lives. It is imported when it is asked for, so that the program can hear Ctrl-C while it starts.
HOMES = {
    "CalcError": "errors", "Diagnostic": "errors", "LOCAL": "limits", "Limits": "limits", "UNTRUSTED": "limits", "Parts": "values",
    "RangeValue": "values", "Result": "session", "Row": "values", "Session": "session", "Text": "values",
}  # fmt: skip
__all__ = list(HOMES)


def __getattr__(name: str) -> "Any":
    if name not in HOMES:
        raise AttributeError(f"module 'calclang' has no attribute {name!r}")
    return getattr(import_module(f"calclang.{HOMES[name]}"), name)


def __dir__() -> list[str]:
    return [*globals(), *HOMES]
