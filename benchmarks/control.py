"""Ratios for comprehensions, loops and matrices, each in one process with the code that a competent person would write. See README.md."""

from __future__ import annotations

import math
import subprocess
import sys
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
from ratios import functions, ratio, say


@contextmanager
def busy(number: int) -> Iterator[None]:
    """Processes that do nothing but count, beside what is measured."""
    running = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(number)]
    try:
        yield
    finally:
        for process in running:
            process.kill()
            process.wait()


def rosenbrock(n: int = 1_000_000) -> None:
    session = functions("f(x) = let n = length(x) in sum(100(x[i+1] - x[i]^2)^2 + (1 - x[i])^2 for i in 1..n-1)\nboth = value_and_grad(f)")
    both = session["both"]
    x = np.linspace(-1, 1, n)

    def hand(x: Any) -> Any:
        y = x[1:] - x[:-1] ** 2
        z = 1 - x[:-1]
        g = np.zeros_like(x)
        g[:-1] = -400 * x[:-1] * y - 2 * z
        g[1:] += 200 * y
        return np.sum(100 * y**2 + z**2), g

    value, gradient = both(x)
    assert abs(value - hand(x)[0]) < 1e-9 * value and np.allclose(gradient, hand(x)[1])
    say(f"value and gradient of the Rosenbrock sum, {n:,} terms / hand-written NumPy", ratio(lambda: both(x), lambda: hand(x), 1, 15), "at most 0.7")
    with busy(2):
        say("the same with two busy processes beside it", ratio(lambda: both(x), lambda: hand(x), 1, 15), "at most 0.7")
    tracemalloc.start()
    both(x)
    say("its extra memory, in vectors", tracemalloc.get_traced_memory()[1] / x.nbytes, "at most 2")
    tracemalloc.stop()
    try:
        import jax
        import jax.numpy as jnp
    except ImportError:
        return
    jax.config.update("jax_enable_x64", True)
    jitted = jax.jit(jax.value_and_grad(lambda x: jnp.sum(100 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2)))
    there = jnp.asarray(x)
    say("the same / jitted JAX", ratio(lambda: both(x), lambda: jax.block_until_ready(jitted(there)), 1, 15), "at most 2.5")


def folded(n: int, options: str = "", mode: str = "auto") -> Any:
    """Value and gradient of a fold of n scalar steps."""
    return functions(f"f(a) = fold((s, i) -> sin(s*a) + 0.5*s, 0.3, 1..{n}{options})\nboth = value_and_grad(f, mode = {mode})")["both"]


def folded_by_hand(n: int) -> Callable[[float], tuple[float, float]]:
    """The same as a loop there and a loop back, which keeps everything."""

    def hand(a: float) -> tuple[float, float]:
        sin, cos = math.sin, math.cos
        s, tape = 0.3, []
        for _ in range(n):
            tape.append(s)
            s = sin(s * a) + 0.5 * s
        gs, ga = 1.0, 0.0
        for s0 in reversed(tape):
            c = cos(s0 * a) * gs
            ga += c * s0
            gs = c * a + 0.5 * gs
        return s, ga

    return hand


def scalar_fold(n: int = 100_000) -> None:
    both, back, hand = folded(n), folded(n, mode="reverse"), folded_by_hand(n)
    assert np.allclose(both(1.3), hand(1.3)) and np.allclose(back(1.3), hand(1.3))
    say(f"value and gradient of a fold of {n:,} steps / hand-written loop", ratio(lambda: both(1.3), lambda: hand(1.3), 1, 9), "at most 1.5")
    say("the same in reverse mode / hand-written loop", ratio(lambda: back(1.3), lambda: hand(1.3), 1, 9), "at most 1.5")
    tracemalloc.start()
    back(1.3)
    say("its memory, in bytes per step", tracemalloc.get_traced_memory()[1] / n, "at most 40")
    tracemalloc.stop()


def checkpoints(n: int = 100_000) -> None:
    saved, hand = folded(n, ", checkpoint = true", "reverse"), folded_by_hand(n)
    assert np.allclose(saved(1.3), hand(1.3))
    say("the same with checkpoints / hand-written loop", ratio(lambda: saved(1.3), lambda: hand(1.3), 1, 9), "at most 2.0")
    tracemalloc.start()
    saved(1.3)
    say("its memory, in bytes per step", tracemalloc.get_traced_memory()[1] / n, "less than 1")
    tracemalloc.stop()


def orbit(n: int = 10_000) -> None:
    session = functions(
        "step([x, y, u, v]) = let r = (x^2 + y^2)^1.5 in [x + 0.001u, y + 0.001v, u - 0.001x/r, v - 0.001y/r]\n"
        f"f(z) = iterate(step, z, {n})"
    )
    ours = session["f"]
    start = np.array([1.0, 0.0, 0.0, 1.0])

    def hand(z: Any) -> Any:
        for _ in range(n):
            r = (z[0] ** 2 + z[1] ** 2) ** 1.5
            z = z + 0.001 * np.array([z[2], z[3], -z[0] / r, -z[1] / r])
        return z

    assert np.allclose(ours(start), hand(start))
    say(f"{n:,} steps of an orbit on a 4-vector / hand-written NumPy", ratio(lambda: ours(start), lambda: hand(start), 1, 5), "at most 0.15")


def double_sum(n: int = 1_000) -> None:
    session = functions("f(A, z, y) = sum(A[i, j]*z[i]*y[j] for i in 1..size(A)[1], j in 1..size(A)[2])".replace("size(A)[1]", f"{n}").replace("size(A)[2]", f"{n}"))
    ours = session["f"]
    rng = np.random.default_rng(0)
    a, z, y = rng.normal(size=(n, n)), rng.normal(size=n), rng.normal(size=n)
    assert np.allclose(ours(a, z, y), z @ (a @ y))
    say("sum of A[i, j]*z[i]*y[j] / z @ (A @ y)", ratio(lambda: ours(a, z, y), lambda: z @ (a @ y), 20), "at most 1.2")


def rare_branch(n: int = 1_000_000) -> None:
    session = functions(f"f(x) = sum(if x[i] > 0.99 then exp(sin(x[i])*cos(x[i]))*log(1 + x[i]^2) else x[i] for i in 1..{n})\nboth = value_and_grad(f)")
    both = session["both"]
    x = np.random.default_rng(0).uniform(0, 1, n)

    def hand(x: Any) -> Any:
        s, c, l = np.sin(x), np.cos(x), np.log(1 + x**2)
        e = np.exp(s * c)
        mask = x > 0.99
        value = np.where(mask, e * l, x)
        return value.sum(), np.where(mask, e * ((c**2 - s**2) * l + 2 * x / (1 + x**2)), 1.0)

    value, gradient = both(x)
    assert np.allclose(value, hand(x)[0]) and np.allclose(gradient, hand(x)[1])
    say("an `if` whose costly branch is taken by 1 % / both branches and select", ratio(lambda: both(x), lambda: hand(x), 1, 9), "at most 0.2")


def factorisation(m: int = 60, n: int = 300, k: int = 4) -> None:
    """The Hessian of a matrix factorisation's misfit: 2 V'V on the diagonal of a large array."""
    session = functions("f(U) = norm(Y - U*V')^2\nh = hessian(f)")
    rng = np.random.default_rng(0)
    session["Y"], session["V"], u = rng.normal(size=(m, n)), rng.normal(size=(n, k)), rng.normal(size=(m, k))
    hessian = session["h"]
    hessian(u)
    result = hessian(u)
    tracemalloc.start()
    hessian(u)
    say("peak memory of the Hessian of norm(Y - U*V')^2 in U, in results", tracemalloc.get_traced_memory()[1] / result.nbytes, "at most 2")
    tracemalloc.stop()


def logistic_hessian() -> None:
    session = functions("f(w, X, y) = sum(log(1 + exp(-y .* (X*w))))\nh = hessian(f, wrt = w)")
    ours = session["h"]
    rng = np.random.default_rng(0)
    x, y, w = rng.normal(size=(10_000, 200)), np.sign(rng.normal(size=10_000)), 0.1 * rng.normal(size=200)

    def hand(w: Any) -> Any:
        p = 1 / (1 + np.exp(-y * (x @ w)))
        d = p * (1 - p)
        return x.T @ (d[:, None] * x)

    assert np.allclose(ours(w, x, y), hand(w))
    say("Hessian of logistic regression, 10,000 x 200 / X.T @ (d[:, None]*X)", ratio(lambda: ours(w, x, y), lambda: hand(w), 1, 9), "at most 1.1")


def gradients() -> None:
    for text, point in (
        ("f(x) = sum(100(x[i+1] - x[i]^2)^2 + (1 - x[i])^2 for i in 1..99999)", np.linspace(-1, 1, 100_000)),
        ("f(x) = fold((s, i) -> sin(s*x) + 0.5*s, 0.3, 1..20000)", 1.3),
        ("f(x) = norm(iterate(z -> [z[1] + 0.01z[2], z[2] - 0.01z[1]], x, 5000))", np.array([1.0, 0.5])),
        ("f(X) = logdet(X'*X + eye(200))", np.random.default_rng(0).normal(size=(200, 200))),
    ):
        session = functions(text)
        value: Any = session["f"]
        gradient = value.grad
        value(point), gradient(point)
        say(f"gradient / value of {text[7:60]}", ratio(lambda g=gradient, p=point: g(p), lambda v=value, p=point: v(p), 1, 7), "at most 4")


if __name__ == "__main__":
    for benchmark in (rosenbrock, scalar_fold, checkpoints, orbit, double_sum, rare_branch, logistic_hessian, factorisation, gradients):
        benchmark()

