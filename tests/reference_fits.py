"""Reference problems of least squares with certified results (NIST Statistical Reference Datasets, public domain)."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from calclang import Session
from calclang.record import record

ROOT = Path(__file__).parent.parent


@record
class Fit:
    """A model of the columns ``x`` and ``y`` of a file, its starts, the certified parameters, their standard errors and sum of squares."""

    file: str
    model: str
    starts: tuple[str, str]
    certified: Sequence[float]
    errors: Sequence[float]
    squares: float

    def session(self) -> Session:
        """A session with the residuals ``r`` and their sum of squares ``rss``."""
        session = Session()
        session.run(f'd = read("examples/data/{self.file}"); x = d["x"]; r(b) = d["y"] - {self.model}; rss(b) = r(b)\' * r(b)', f"{ROOT}/program.calc")
        return session


FITS = {
    "misra1a": Fit(
        "misra1a.csv", "b[1]*(1 - exp(-b[2]*x))", ("[500, 0.0001]", "[250, 0.0005]"),
        (2.3894212918e2, 5.5015643181e-4), (2.7070075241, 7.2668688436e-6), 1.2455138894e-1,
    ),
    "mgh09": Fit(
        "mgh09.csv", "b[1]*(x .^ 2 + b[2]*x) ./ (x .^ 2 + b[3]*x + b[4])", ("[25, 39, 41.5, 39]", "[0.25, 0.39, 0.415, 0.39]"),
        (1.9280693458e-1, 1.9128232873e-1, 1.2305650693e-1, 1.3606233068e-1), (1.1435312227e-2, 1.9633220911e-1, 8.0842031232e-2, 9.0025542308e-2), 3.0750560385e-4,
    ),
    "thurber": Fit(
        "thurber.csv", "(b[1] + b[2]*x + b[3]*x .^ 2 + b[4]*x .^ 3) ./ (1 + b[5]*x + b[6]*x .^ 2 + b[7]*x .^ 3)",
        ("[1000, 1000, 400, 40, 0.7, 0.3, 0.03]", "[1300, 1500, 500, 75, 1, 0.4, 0.05]"),
        (1.2881396800e3, 1.4910792535e3, 5.8323836877e2, 7.5416644291e1, 9.6629502864e-1, 3.9797285797e-1, 4.9727297349e-2),
        (4.6647963344, 3.9571156086e1, 2.8698696102e1, 5.5675370270, 3.1333340687e-2, 1.4984928198e-2, 6.5842344623e-3), 5.6427082397e3,
    ),
}  # fmt: skip


def digits(found: Any, certified: Sequence[float]) -> float:
    """How many digits two vectors share, in the worst place."""
    return float(np.min(-np.log10(np.abs(np.asarray(found) / np.asarray(certified) - 1) + 1e-16)))
