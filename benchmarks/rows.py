"""Ratios for rows of a long matrix, windows, filters, recursions, running sums and a file, each beside NumPy or plain Python. See README.md."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import numpy as np
from ratios import functions, ratio, say

import calclang


def rows(n: int = 200_000, width: int = 4) -> None:
    a = np.random.default_rng(0).normal(size=(n, width))
    for ours, theirs in (
        ("norm(A[i, :])", lambda: np.linalg.norm(a, axis=1)), ("max(A[i, :])", lambda: a.max(axis=1)), ("prod(A[i, :])", lambda: a.prod(axis=1)),
        ("mean(A[i, :])", lambda: a.mean(axis=1)), ("norm(A[i, :])^2", lambda: (a**2).sum(axis=1)),
    ):  # fmt: skip
        f = functions(f"f(A) = [{ours} for i in 1..{n}]")["f"]
        say(f"{ours} of {n:,} rows of {width} / NumPy along the axis", ratio(lambda f=f: f(a), theirs, 1, 9), "at most 1")


def windows(n: int = 1_000_000) -> None:
    x, w = np.sin(np.arange(n) ** 1.3), np.array([0.1, -0.2, 0.4, 0.3, 0.2])
    f = functions(f"f(x, w) = sum(sum(x[i+k-1]*w[k] for k in 1..5)^2 for i in 1..{n - 4})")["f"]

    def hand() -> Any:
        y = np.lib.stride_tricks.sliding_window_view(x, 5) @ w
        return y @ y

    say(f"squares of {n:,} sums over windows of 5 / sliding_window_view @ w", ratio(lambda: f(x, w), hand, 1, 9), "at most 1")


def filters(n: int = 1_000_000) -> None:
    x = np.sin(np.arange(n) ** 1.3)
    f = functions(f"f(x) = sum(x[i]^2 for i in 1..{n} if x[i] > 0)")["f"]
    say(f"squares of what is positive among {n:,} / (x[x > 0]**2).sum()", ratio(lambda: f(x), lambda: (x[x > 0] ** 2).sum(), 1, 9), "at most 1")


def heat(n: int = 200, turns: int = 200) -> None:
    inner = f"[(if i == 1 then 0 else u[i-1]) - 2u[i] + (if i == {n} then 0 else u[i+1]) for i in 1..{n}]"
    f = functions(f"step(u) = u + 0.2*{inner}\nf(u) = iterate(step, u, {turns})")["f"]
    start = np.sin(np.arange(float(n)))

    def hand() -> Any:
        u = start
        for _ in range(turns):
            wide = np.pad(u, 1)
            u = u + 0.2 * (wide[:-2] - 2 * u + wide[2:])
        return u

    say(f"{turns} turns of a heat equation of {n} points, if at its ends / np.pad", ratio(lambda: f(start), hand, 1, 9))


def recursion(n: int = 1_000) -> None:
    """Steps of Collatz's sequence, by a function that calls itself in a comprehension."""
    session = functions("steps(n, s) = if n == 1 then s else steps(if mod(n, 2) == 0 then n/2 else 3n + 1, s + 1)")

    def steps(k: float, s: float) -> float:
        return s if k == 1 else steps(k / 2 if k % 2 == 0 else 3 * k + 1, s + 1)

    said = ratio(lambda: session.run(f"sum(steps(k, 0) for k in 1..{n})"), lambda: sum(steps(float(k), 0.0) for k in range(1, n + 1)), 1, 5)
    say(f"Collatz's steps for {n:,} numbers by recursion / the same in Python", said)
    session = functions("gcd(a, b) = if b == 0 then a else gcd(b, mod(a, b))")

    def gcd(a: float, b: float) -> float:
        return a if b == 0 else gcd(b, a % b)

    def hand() -> float:
        s = 0.0
        for k in range(1, 10 * n + 1):
            s = gcd(s + k, 360.0)
        return s

    said = ratio(lambda: session.run(f"fold((s, k) -> gcd(s + k, 360), 0, 1..{10 * n})"), hand, 1, 5)
    say(f"{10 * n:,} turns of s = gcd(s + k, 360), which calls itself / the same in Python", said)


def running(n: int = 100_000) -> None:
    """Loops that only add up or multiply."""
    x = np.random.default_rng(0).uniform(0.99, 1.01, n)
    for text, hand in (("s + t^2", lambda x: np.cumsum(x * x)), ("s*t", np.cumprod)):
        ours: Any = functions(f"f(x) = scan((s, t) -> {text}, 1, x)")["f"]
        say(f"scan of {text} over {n:,} numbers / NumPy", ratio(lambda f=ours: f(x), lambda f=hand: f(x), 3, 9))


def reading(lines: int = 100_000) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.csv"
        np.savetxt(path, np.random.default_rng(0).normal(size=(lines, 10)), delimiter=",")
        session = calclang.Session()
        said = ratio(lambda: session.run(f'a = read("{path}")'), lambda: np.loadtxt(path, delimiter=","), 1, 5)
    say(f"read of {lines:,} lines of ten numbers / np.loadtxt", said, "at most 2")


if __name__ == "__main__":
    for benchmark in (rows, windows, filters, heat, recursion, running, reading):
        benchmark()
