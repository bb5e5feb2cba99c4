"""``:help``, ``:explain``, ``:tour``: what the language is."""

from __future__ import annotations

import os
from functools import partial

from calclang import errors
from calclang.frontends.progress import meter_of
from calclang.frontends.prompt.colon import Colon, colon, table
from calclang.frontends.prompt.talk import Talk
from calclang.frontends.work import Work
from calclang.help.notes.topics import ALIASES
from calclang.help.page import Block, Part, render
from calclang.help.page import table as rows


@colon(":help", ":help [NAME]", "what a name, sign, topic or code means; so does ?NAME", "topic",
       "Alone it lists the topics and the commands of the prompt; ?keys says what each does.")  # fmt: skip
def help(talk: Talk, text: str) -> None:
    style = talk.answers.style()
    known = table()
    text = text if len(text) == 1 else text.rstrip("(")  # as completion writes it
    name = text.strip("? ")
    from calclang.help import about, knows

    command = known.get(name) or known.get(f":{name}")
    if command is not None and (name in known or not knows(talk.session, name)):
        talk.answers.write(render([_page(command)], style.width, style.color))
        return

    page = talk.answers.work.run(partial(about, talk.session, text, style.width, style.color))
    more = words() if not name else commands(style.width) if ALIASES.get(name.lower(), name.lower()) == "keys" else None
    talk.answers.write(f"{page}\n\n{render([Part('', (more,))], style.width, style.color)}" if more is not None else page)


def listed() -> list[Colon]:
    """The commands with a colon that are listed."""
    return [it for it in table().values() if it.word != ":save!"]


def words() -> Block:
    """The words of the commands alone."""
    return Block("commands of the prompt: ?keys and :help :vars say more", " ".join(it.word for it in listed()))


def commands(width: int) -> Block:
    """The commands with a colon, with what they do."""
    return Block("commands of the prompt, of which a beginning will do", lines=rows([(it.usage, it.says) for it in listed()], width))


def _page(it: Colon) -> Part:
    return Part("", (Block(lines=(it.usage,)), Block(text=f"{it.says[0].upper()}{it.says[1:]}. {it.more}".strip())))


@colon(":explain", ":explain [E-CODE]", "what the code of an error means, and what to do", "code",
       "The beginning E- may be left out; alone it lists all codes.")  # fmt: skip
def explain(talk: Talk, text: str) -> None:
    code = text.upper()
    help(talk, (code if code.startswith(("E-", "W-")) else f"E-{code}") if code else "errors")


@colon(":tour", ":tour [N]", "the language in ten short screens, in which you type", "screen",
       "It has a session of its own, and :tour 7 begins with the seventh screen; quit or Ctrl-D leaves it.")  # fmt: skip
def tour(talk: Talk, text: str) -> None:
    from calclang.help.examples import sandbox
    from calclang.help.notes.screens import SCREENS
    from calclang.help.tour import run

    if text and not (text.isdecimal() and 1 <= int(text) <= len(SCREENS)):
        raise errors.colon_usage(":tour", ":tour 7", f"takes the number of a screen, 1 to {len(SCREENS)}")
    own = sandbox(talk.session)
    inside = Talk(own, talk.answers.beside(own, Work(own, meter_of(own, talk.answers.err, os.environ))), talk.read)
    run(own, partial(talk.read, keep=False), talk.answers.write, inside.answer, talk.answers.style().width, int(text or 1) - 1)
    talk.say("this is your own session again")
