"""``:set``: settings, seen and changed."""

from __future__ import annotations

from textwrap import wrap

from calclang import errors
from calclang.display.clean import clean
from calclang.frontends.prompt.colon import colon
from calclang.frontends.prompt.talk import Talk
from calclang.settings import SETTINGS, from_word, word_of
from calclang.syntax.tree import NOWHERE

ROOM = 16  # columns of a setting with its value


@colon(":set", ":set [NAME VALUE]", "change a setting; alone it lists all of them", "setting",
       "set digits 6 does the same, also in a script; config.toml sets it for every session.")  # fmt: skip
def choose(talk: Talk, text: str) -> None:
    session = talk.session
    if not text:
        talk.answers.write("\n".join(line for name in SETTINGS for line in described(talk, name)))
        return
    name, *value = text.replace("=", " ", 1).split()
    if len(value) > 1:
        raise errors.colon_usage(":set", ":set digits 6", "takes a name and a value")
    if not value:
        if name not in SETTINGS:
            raise errors.unknown_setting(clean(name), list(SETTINGS))
        talk.answers.write("\n".join(described(talk, name, f"; {SETTINGS[name].says}")))
        return
    session.set(clean(name), from_word(value[0]), NOWHERE)
    talk.kept.append(f"set {name} {value[0]}")


def described(talk: Talk, name: str, more: str = "") -> list[str]:
    """A setting with its value, and what it does beside that."""
    head = f"  {name + ' ' + word_of(getattr(talk.session.settings, name)):<{ROOM}}  "
    width = max(len(head) + 20, talk.answers.style().width)
    return wrap(SETTINGS[name].doc + more, width, initial_indent=head, subsequent_indent=" " * len(head), break_on_hyphens=False)
