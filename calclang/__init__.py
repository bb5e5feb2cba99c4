"""calclang: a small math language whose every function can be evaluated, differentiated exactly, shown as a formula and explained.

>>> import calclang
>>> session = calclang.Session()
>>> results = session.run("f(x) = x^2")
>>> session["f"](3.0)
9.0
>>> session.eval("grad(f)(3)")
6.0
"""

from calclang.errors import CalcError, Diagnostic
from calclang.limits import LOCAL, UNTRUSTED, Limits
from calclang.session import Result, Session
from calclang.values import Parts, RangeValue, Row, Text

__version__ = "0.1.0"

__all__ = ["CalcError", "Diagnostic", "LOCAL", "Limits", "Parts", "RangeValue", "Result", "Row", "Session", "Text", "UNTRUSTED"]
