"""How soon the prompt is there, and what a keystroke in a long input costs. See README.md. Needs a system with pseudo-terminals."""

from __future__ import annotations

import asyncio
import gc
import io
import os
import pty
import select
import statistics
import subprocess
import sys
import time

from prompt_toolkit.application import create_app_session
from prompt_toolkit.data_structures import Size
from prompt_toolkit.input import create_pipe_input
from prompt_toolkit.key_binding.key_processor import KeyPress
from prompt_toolkit.output.vt100 import Vt100_Output
from ratios import say

from calclang import Session
from calclang.frontends.answers import Answers
from calclang.frontends.prompt.editor import Editor
from calclang.frontends.prompt.signs import PROMPT

IMPORTS = "import numpy, lark, prompt_toolkit"
LINE = "    r{0} = sin(x*{0}) + [1, 2, 3][1 + mod({0}, 3)]*y^2,  # line {0}"
INPUT = "\n".join(["f(x, y) = let", *(LINE.format(n) for n in range(1, 99)), "  s = r1 in s"])


def until_prompt() -> float:
    """Seconds from the start of the program to its prompt on a terminal."""
    master, slave = pty.openpty()
    start = time.perf_counter()
    program = subprocess.Popen([sys.executable, "-m", "calclang"], stdin=slave, stdout=slave, stderr=slave, env=environment())
    os.close(slave)
    seen = b""
    while PROMPT.strip().encode() not in seen and select.select([master], [], [], 30)[0]:
        seen += os.read(master, 65536)
    taken = time.perf_counter() - start
    program.kill()
    program.wait()
    os.close(master)
    return taken


def until_imported() -> float:
    start = time.perf_counter()
    subprocess.run([sys.executable, "-c", IMPORTS], check=True, env=environment())
    return time.perf_counter() - start


def environment() -> dict[str, str]:
    """That of a program that is installed: its bytecode is kept."""
    return {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"} | {"TERM": "xterm", "CALCLANG_HISTORY": "", "CALCLANG_CONFIG": ""}


def ready(rounds: int = 15) -> None:
    until_prompt()
    ratios = [until_prompt() / until_imported() for _ in range(rounds)]
    say(f'prompt ready / python -c "{IMPORTS}"', statistics.median(ratios), "at most 1.5")


def keystrokes(count: int = 400) -> None:
    """Keys pressed in the last lines of a long input, each with what it changes on the screen."""
    taken: list[float] = []
    screen = Vt100_Output(io.StringIO(), lambda: Size(rows=40, columns=120), term="xterm-256color")
    with create_pipe_input() as keyboard, create_app_session(input=keyboard, output=screen):
        session = Session()
        editor = Editor(session, Answers(session, io.StringIO(), io.StringIO(), color="always"), screen)
        lines, app = editor.lines, editor.lines.app

        async def typing() -> None:
            lines.default_buffer.text = INPUT
            for n in range(count):
                if n % 40 == 0:  # somewhere else: near the end, or near the beginning
                    lines.default_buffer.cursor_position = len(INPUT) - 30 if n % 80 == 0 else 300
                await asyncio.sleep(0)
                start = time.perf_counter()
                app.key_processor.feed(KeyPress("abc(1+ )x,"[n % 10]))
                app.key_processor.process_keys()
                app.renderer.render(app, app.layout)
                taken.append(time.perf_counter() - start)
            app.exit(result="")

        app.pre_run_callables.append(lambda: app.create_background_task(typing()))
        editor.prompt(PROMPT)
    say("95th percentile of a keystroke in 100 lines, in 10 ms", statistics.quantiles(taken, n=20)[-1] / 0.01, "at most 1")


if __name__ == "__main__":
    gc.freeze()
    ready()
    keystrokes()
