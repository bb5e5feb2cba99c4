"""``:copy``: the last result to the clipboard of the terminal, which may be on another machine (the escape sequence OSC 52)."""

from __future__ import annotations

import os
from base64 import b64encode
from collections.abc import Mapping

from calclang import errors
from calclang.frontends.prompt.colon import colon
from calclang.frontends.prompt.talk import Talk, first_line
from calclang.syntax import tree

LONGEST = 74_994  # bytes: what terminals take at least (100,000 characters in base 64)


@colon(":copy", ":copy [latex]", "the last result to the clipboard, as calc or LaTeX", "form",
       "It asks the terminal, which may be on another machine; some terminals must be told first that programs may do so.")  # fmt: skip
def copy(talk: Talk, text: str) -> None:
    session, answers = talk.session, talk.answers
    if text not in ("", "latex"):
        raise errors.colon_usage(":copy", ":copy or :copy latex", f"knows no form {errors.shorten(text)}")
    low = session.definitions.get("ans")
    if low is None:
        raise errors.nothing_yet("there is no result to copy yet")
    if not answers.out.isatty() or os.environ.get("TERM", "") in ("", "dumb"):
        raise errors.colon_usage(":copy", ":save FILE writes the session into a file", "needs a terminal")
    from calclang.commands.latex import shown_tree
    from calclang.display.latex import latex_expr
    from calclang.display.values import source

    result = latex_expr(shown_tree(session, low, tree.Name("ans"))) if text else source(session.value(low))
    if len(data := result.encode()) > LONGEST:
        raise errors.colon_usage(":copy", 'write("FILE.csv", ans) writes an array into a file', f"takes {LONGEST:,} bytes at most; this has {len(data):,}")
    answers.out.write(escape(data, os.environ))
    answers.out.flush()
    talk.say(f"copied  {first_line(result)}")


def escape(data: bytes, environment: Mapping[str, str]) -> str:
    """What makes the terminal take a text into its clipboard. tmux is asked itself, and to hand it on: by its settings it does one, the other, or both."""
    asked = f"\x1b]52;c;{b64encode(data).decode()}\x07"
    return asked + ("\x1bPtmux;" + asked.replace("\x1b", "\x1b\x1b") + "\x1b\\" if environment.get("TMUX") else "")
