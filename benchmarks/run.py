"""Ratios of calclang against hand-written code, autograd and JAX. See README.md in this folder."""

from __future__ import annotations

import gc
import math
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

import numpy as np
from ratios import functions, ratio, say

import calclang
from calclang.frontends.cli import COLLECTOR


def scalar_gradient() -> None:
    session = functions("f(x) = sqrt(x^2 + exp(x^2)) + cos(x^2 + exp(x^2))")
    ours = session["f"].grad

    def hand(x: float) -> float:
        a = x * x
        b = math.exp(a)
        c = a + b
        return (0.5 / math.sqrt(c) - math.sin(c)) * (1 + b) * 2 * x

    assert abs(ours(0.7) - hand(0.7)) < 1e-12
    say("scalar gradient with checks / hand-written math", ratio(lambda: ours(0.7), lambda: hand(0.7), 20_000), "at most 1.6")
    plain = ours.compiled(0.7)
    say("the same, compiled for a number / hand-written math", ratio(lambda: plain(0.7), lambda: hand(0.7), 20_000), "at most 1.3")
    from autograd import grad
    from autograd import numpy as anp

    theirs = grad(lambda x: anp.sqrt(x**2 + anp.exp(x**2)) + anp.cos(x**2 + anp.exp(x**2)))
    say("autograd / scalar gradient", 1 / ratio(lambda: ours(0.7), lambda: theirs(0.7), 5_000, 5, 100))
    try:
        import jax
        import jax.numpy as jnp
    except ImportError:
        return
    jitted = jax.jit(jax.grad(lambda x: jnp.sqrt(x**2 + jnp.exp(x**2)) + jnp.cos(x**2 + jnp.exp(x**2))))
    say("jitted JAX / scalar gradient", 1 / ratio(lambda: ours(0.7), lambda: float(jitted(0.7)), 20_000, 9, 2_000), "at least 15")


def small_vector() -> None:
    session = functions("w([x, y]) = (x^2 + y)*exp(x*y)")
    ours = session["w"].grad
    point = np.array([0.3, 0.4])

    def hand(v: Any) -> Any:
        x, y = v.tolist()
        e = math.exp(x * y)
        p = x * x + y
        return np.array([2 * x * e + p * e * y, e + p * e * x])

    assert np.allclose(ours(point), hand(point))
    say("gradient of a 2-vector with checks / hand-written math", ratio(lambda: ours(point), lambda: hand(point), 10_000), "at most 1.5")


def rosenbrock() -> None:
    """The allocator's part: both sides allocate arrays of 8 MB; the process is fresh, so pages are mapped anew on both sides."""
    session = functions("r(x) = let n = length(x), y = x[2..n] - x[1..n-1].^2, z = 1 - x[1..n-1] in 100*(y' * y) + z' * z")
    ours = session["r"].grad
    x = np.linspace(-1, 1, 1_000_000)

    def hand(x: Any) -> Any:
        y = x[1:] - x[:-1] ** 2
        z = 1 - x[:-1]
        g = np.zeros_like(x)
        g[:-1] = -400 * x[:-1] * y - 2 * z
        g[1:] += 200 * y
        return g

    assert np.allclose(ours(x), hand(x))
    say("gradient of Rosenbrock, 1,000,000 elements, slices / hand-written NumPy", ratio(lambda: ours(x), lambda: hand(x), 1, 15), "at most 1.0")


def first_gradients() -> None:
    """From the text of a function to a number of its gradient, in a session of its own and in one that has done so before."""

    def gradient(session: calclang.Session, text: str) -> float:
        start = time.perf_counter()
        session.run(f"f(x) = {text}")
        session["f"].grad(0.7)
        return time.perf_counter() - start

    firsts, seconds_ = [], []
    for k in range(1, 22):
        session = calclang.Session()
        firsts.append(gradient(session, f"sqrt(x^2 + exp({k}x^2)) + cos(x^2 + exp({k}x^2))"))
        seconds_.append(gradient(session, f"sin({k}x)*x^3 + exp(x/{k})"))
    say("first gradient of a new function, from text to number, in units of 5 ms", statistics.median(firsts) / 0.005, "at most 1")
    say("a second one in the same session, in units of 2 ms", statistics.median(seconds_) / 0.002, "at most 1")


def growth() -> None:
    def first_number(nodes: int) -> float:
        session = calclang.Session()
        steps = ", ".join(f"y{k + 1} = 1.01*sin(y{k}) + x" for k in range(nodes // 3))
        session.run(f"big(x) = let y0 = x, {steps} in y{nodes // 3}")
        start = time.perf_counter()
        session["big"].grad(0.3)
        return time.perf_counter() - start

    first_number(1_000)
    usual = gc.get_threshold()
    for collector, rest in ((usual, ""), (COLLECTOR, ", with Python's collector as the program calclang sets it")):
        gc.set_threshold(*collector)
        times = [statistics.median(first_number(n) for _ in range(5)) for n in (2_500, 5_000, 10_000, 20_000)]
        say(f"first gradient of a graph of 10,000 nodes{rest}, in units of 0.5 s", times[2] / 0.5, "at most 1")
        for a, b, n in zip(times, times[1:], (5_000, 10_000, 20_000), strict=False):
            say(f"differentiate and run a graph of {n:,} nodes / of half as many{rest}", b / a, "at most 2.2")
    gc.set_threshold(*usual)


def startup() -> None:
    def process(*words: str) -> Callable[[], Any]:
        kept = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}  # as installed: modules are compiled once
        return lambda: subprocess.run([sys.executable, *words], check=True, capture_output=True, env=kept)

    ours = process("-m", "calclang", "-e", "f(x) = x^2; f(3)")
    say("start-up of calclang -e / python -c 'import numpy, lark'", ratio(ours, process("-c", "import numpy, lark"), 1, 9), "at most 1.6")


if __name__ == "__main__":
    for benchmark in (scalar_gradient, small_vector, rosenbrock, first_gradients, growth, startup):
        benchmark()
