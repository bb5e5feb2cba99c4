"""``:undo``, ``:undef``, ``:reset``: what the session keeps."""

from __future__ import annotations

from calclang import errors
from calclang.display.clean import clean
from calclang.display.numbers import count as number
from calclang.frontends.prompt.colon import colon
from calclang.frontends.prompt.results import Results
from calclang.frontends.prompt.talk import Talk, first_line
from calclang.lower import library


@colon(":undo", ":undo [N]", "take back the last change of definitions or settings", "count",
       "Again for the one before it, or :undo 3 for the last three. All is as it was before that input, ans too; numbered results stay.")  # fmt: skip
def undo(talk: Talk, text: str) -> None:
    if text and not (text.isdecimal() and int(text)):
        raise errors.colon_usage(":undo", ":undo 3", "takes a number of inputs")
    if not talk.levels:
        raise errors.nothing_yet("there is nothing to take back")
    for _ in range(min(int(text or 1), len(talk.levels))):
        state = talk.levels.pop()
        talk.back(state)
        talk.say(f"took back  {first_line(state.typed)}")


@colon(":undef", ":undef NAME …", "forget definitions", "name", "A built-in of that name means again what it meant.")
def undefine(talk: Talk, text: str) -> None:
    names = text.replace(",", " ").split()
    for name in names:
        if name not in talk.session.definitions:
            raise errors.not_yours(clean(name), list(talk.session.definitions), library.find(name) is not None)
    for name in dict.fromkeys(names):
        talk.session.undefine(name)
    talk.kept.append(f"# :undef {' '.join(names)}")
    again = [name for name in names if library.find(name) is not None]
    talk.say(f"forgotten{': ' + ', '.join(again) + ' is the built-in again' if again else ''}")


@colon(":reset", ":reset", "forget all definitions and results; settings stay", "", "What init.calc defines stays, too. :undo brings everything back.")
def reset(talk: Talk, text: str) -> None:
    count = len(talk.names())
    talk.session.reset()
    talk.session.definitions.update(talk.first.definitions)
    talk.session.loaded.clear()
    talk.kept = [text for text in talk.kept if text.startswith("set ")]
    talk.results = Results(talk.session)
    talk.say(f"forgot {number(count, 'name')} and the results; :undo brings them back")
