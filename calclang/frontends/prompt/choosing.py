"""``:set``: settings, seen and changed."""

from __future__ import annotations

from calclang import errors
from calclang.display.clean import clean
from calclang.frontends.prompt.colon import colon
from calclang.frontends.prompt.talk import Talk
from calclang.help.page import table
from calclang.settings import SETTINGS, from_word, word_of
from calclang.syntax.tree import NOWHERE


@colon(":set", ":set [NAME VALUE]", "change a setting; alone it lists all of them", "setting",
       "set digits 6 does the same, also in a script; config.toml sets it for every session.")  # fmt: skip
def choose(talk: Talk, text: str) -> None:
    session = talk.session
    if not text:
        rows = ((f"{name} {word_of(getattr(session.settings, name))}", it.doc) for name, it in SETTINGS.items())
        talk.answers.write("\n".join(f"  {line}" for line in table(rows, talk.answers.style().width - 2)))
        return
    name, *value = text.replace("=", " ", 1).split()
    if len(value) > 1:
        raise errors.colon_usage(":set", ":set digits 6", "takes a name and a value")
    if not value:
        if name not in SETTINGS:
            raise errors.unknown_setting(clean(name), list(SETTINGS))
        talk.answers.write(f"  {name} {word_of(getattr(session.settings, name))}: {SETTINGS[name].doc}; {SETTINGS[name].says}")
        return
    session.set(clean(name), from_word(value[0]), NOWHERE)
    talk.kept.append(f"set {name} {value[0]}")
