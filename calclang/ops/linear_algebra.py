"""Matrix functions. Their local derivatives are index patterns, spliced and never formed."""

from __future__ import annotations

from calclang.ops.base import Pattern, custom

# fmt: off
inv = custom("inv", eval=lambda xp, a: xp.linalg.inv(a), signature="(n,n)->(n,n)", reliable=False,
             pattern=lambda x, y: Pattern((y, y), ("ik", "lj"), "ij", "kl", -1.0),  # d(X^-1) = -X^-1 dX X^-1
             latex="{}^{-1}", doc="Inverse of a square matrix.", example="inv([2, 0; 0, 4])")
# fmt: on
