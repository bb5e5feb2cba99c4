"""Where a function is defined, as data: for tests (sample points), docs, and errors that say why."""

from __future__ import annotations

from math import inf, isinf, isnan

from calclang.record import record


@record
class Domain:
    """An interval of the reals for one argument, or (``outside``) everything but an interval, or (``poles``) one without the whole numbers
    up to 0. ``says`` reads after "needs": ``a number > 0``."""

    low: float = -inf
    high: float = inf
    open_low: bool = False
    open_high: bool = False
    says: str = "a number"
    outside: bool = False
    poles: bool = False

    def __contains__(self, x: float) -> bool:
        within = (self.low < x if self.open_low else self.low <= x) and (x < self.high if self.open_high else x <= self.high)
        return not isnan(x) and within != self.outside and not (self.poles and is_pole(x))

    def holds_above(self, x: float) -> bool:
        """Whether every number that is at least x is in the domain."""
        return x in self and (x >= self.high if self.outside else self.high == inf) and not (self.poles and x < 0)



def is_pole(x: float) -> bool:
    """Whether the gamma function is infinite at x: at 0, -1, -2, …."""
    return x <= 0 and (isinf(x) or x == int(x))


REAL = Domain()
POSITIVE = Domain(0, inf, open_low=True, says="a number > 0")
NONNEGATIVE = Domain(0, inf, says="a number >= 0")
NONZERO = Domain(0, 0, says="a number that is not 0", outside=True)
UNIT = Domain(-1, 1, says="a number from -1 to 1")
OPEN_UNIT = Domain(-1, 1, open_low=True, open_high=True, says="a number between -1 and 1")
UP_TO_ONE = Domain(0, 1, open_low=True, says="a number > 0 and <= 1")
ABOVE_ONE = Domain(1, inf, says="a number >= 1")
ABOVE_MINUS_ONE = Domain(-1, inf, open_low=True, says="a number > -1")
FROM_ONE_AWAY = Domain(-1, 1, open_low=True, open_high=True, says="a number <= -1 or >= 1", outside=True)
BEYOND_ONE = Domain(-1, 1, says="a number < -1 or > 1", outside=True)
WITHOUT_POLES = Domain(says="a number that is not 0, -1, -2, …", poles=True)

# Rows by what their values are (in exact arithmetic: the exponential of -1000 is the float64 0).
POSITIVE_VALUES = frozenset({"exp", "cosh", "sigmoid", "softplus", "softmax"})
NONNEGATIVE_VALUES = frozenset({"abs", "norm", "norm_power", "relu", "sqrt"})
