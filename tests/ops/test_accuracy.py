"""Values of every named elementwise row against high precision, at points spread over its whole domain: close to 0, to its ends, to zeros and to
removable points, and far out. 4 units in the last place, unless the row says more."""

from __future__ import annotations

import math

import numpy as np
import pytest
from ops_reference import reference
from ops_support import domains, elementwise, named, number, parameters, ulps

from calclang.ops import Row
from calclang.ops.domains import Domain

SPECIAL = (0.0, 0.5, 1.0, -1.0, 2.0, math.pi / 2, math.pi, -math.pi, 5 * math.pi, 1.4616321449683623, 3.0, 10.0, 26.0)


def spread(domain: Domain, seed: int) -> list[float]:
    """Points of every size, and points at every distance from the special ones."""
    rng = np.random.default_rng(seed)
    sizes = 10.0 ** rng.uniform(-12, 3, 80)
    ends = [e for e in (domain.low, domain.high) if math.isfinite(e)]
    close = [s + sign * d for s in (*SPECIAL, *ends) for d in 10.0 ** rng.uniform(-15, -1, 5) for sign in (1, -1)]
    found = [*sizes, *-sizes, *rng.uniform(-10, 10, 80), *rng.uniform(-700, 700, 30), *close]
    return [float(x) for x in found if x in domain]


@pytest.mark.parametrize("row", [r for r in elementwise() if not r.hidden], ids=named)
def test_value_over_the_whole_domain(row: Row) -> None:
    allowed = row.facts.get("ulps", 4)
    rng = np.random.default_rng(7)
    columns = [rng.permutation(spread(d, k)) for k, d in enumerate(domains(row))]
    tried = 0
    for params in parameters(row):
        for arguments in zip(*columns, strict=False):
            exact = reference(row, arguments, params)
            if exact is None or not 1e-290 < abs(exact) < 1e300:
                continue
            with np.errstate(all="ignore"):
                value = number(row.eval(np, *map(np.float64, arguments), *params))
            tried += 1
            assert ulps(value, exact) <= allowed, (arguments, params, value, float(exact))
    assert tried >= 50
