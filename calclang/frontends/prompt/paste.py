"""What becomes of a text that is pasted: characters that nobody sees go, and of a transcript only what was typed stays."""

from __future__ import annotations

from unicodedata import category

from calclang.frontends.prompt.signs import SHOWN

TAB = "    "
# By category: blanks that only look like blanks, line ends that are none elsewhere, halves of characters; other invisible characters go.
INSTEAD = {"Zs": " ", "Zl": "\n", "Zp": "\n", "Cs": "\ufffd", "Co": "\ufffd", "Cn": "\ufffd"}


def pasted(text: str, first: bool = True) -> str:
    """The text to insert. ``first``: nothing stands before it, so that it may begin without blanks."""
    text = typed(visible(text)).rstrip()
    return text.lstrip() if first else text


def visible(text: str) -> str:
    """The same in characters that can be seen, blanks and line ends.

    >>> visible("\\ufeffx\\u00a0=\\t1\\r\\ny\\x1b")
    'x =    1\\ny'
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", TAB)
    if text.replace("\n", "").isprintable():
        return text
    return "".join(c if c.isprintable() or c == "\n" else INSTEAD.get(category(c), "") for c in text)


def typed(text: str) -> str:
    """What was typed in a transcript, without prompts and answers; a text that is none as it is.

    >>> typed("calc> f(x) = [x,\\n....>  1]\\ncalc> f(2)\\n[2, 1]")
    'f(x) = [x,\\n 1]\\nf(2)'
    """
    if "> " not in text and ">\n" not in text:
        return text
    lines = [SHOWN.match(line) for line in text.split("\n")]
    if not any(found and found["first"] for found in lines):
        return text
    return "\n".join(found["typed"] or "" for found in lines if found)
