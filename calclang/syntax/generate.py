"""Write the parser's tables: ``python -m calclang.syntax.generate``.

Building them from the grammar takes twice as long as importing NumPy, reading them a tenth of that; so they are kept beside the code
as Python's literals, which it compiles once, with a hash of the grammar. A grammar that was changed is built from its text until the
tables are written anew; a test compares.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from lark import Lark
from lark.grammar import Rule
from lark.lexer import TerminalDef

from calclang.syntax.grammar import MINOR, OPTIONS, digest, grammar_text
from calclang.syntax.layout import Layout

FILE = Path(__file__).with_name("tables.py")
HEAD = '"""The parser\'s tables, written by ``python -m calclang.syntax.generate``: change the grammar instead."""\n\nfrom typing import Any\n'


def tables() -> str:
    """The tables of the grammar as it is now, as a module: a line for each rule or terminal, a line for each state of the parser."""
    text = grammar_text()
    data, memo = Lark(text, postlex=Layout(), **OPTIONS).memo_serialize([TerminalDef, Rule])
    data["options"] = {name: value for name, value in data["options"].items() if name not in ("postlex", "transformer", "edit_terminals")}
    data, memo = _sorted_memo(data, memo)
    table = data["parser"]["parser"]
    states = _sorted_states(table)
    table["states"] = {}
    return (
        f"{HEAD}\nGRAMMAR = {digest(text)}\nLARK = {MINOR!r}\nMEMO: dict[int, Any] = {_lines(memo)}\n"
        f"STATES: dict[int, Any] = {_lines(states)}\nDATA: dict[str, Any] = {data!r}\n"
        'DATA["parser"]["parser"]["states"] = STATES\n'
    )


def _lines(values: list[Any]) -> str:
    """A dictionary of values by their numbers, a line for each."""
    return "{\n" + "".join(f"{number}: {value!r},\n" for number, value in enumerate(values)) + "}"


def _compact(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"))


def _sorted_memo(data: Any, memo: dict[int, Any]) -> tuple[Any, list[Any]]:
    """Rules and terminals numbered by what they say, not by the order in which a set gave them."""
    order = sorted(memo, key=lambda k: _compact(memo[k]))
    place = {old: new for new, old in enumerate(order)}

    def renumbered(value: Any) -> Any:
        if isinstance(value, dict):
            return {"@": place[value["@"]]} if "@" in value else {k: renumbered(v) for k, v in value.items()}
        return [renumbered(v) for v in value] if isinstance(value, list | tuple) else value

    data = renumbered(data)
    for holder, key in ((data, "rules"), (data["parser"]["lexer_conf"], "terminals")):
        holder[key] = sorted(holder[key], key=lambda ref: ref["@"])
    return data, [memo[old] for old in order]


def _sorted_states(table: dict[str, Any]) -> list[dict[int, Any]]:
    """The states, numbered from the start in the order in which the sorted symbols reach them; symbols become their place in a list."""
    symbols, states = table["tokens"], table.pop("states")
    table["tokens"] = dict(enumerate(sorted(symbols.values())))
    place = {name: new for new, name in table["tokens"].items()}
    start = table["start_states"]["start"]
    numbers, queue = {start: 0}, [start]
    for state in queue:
        for _, (action, target) in sorted(states[state].items(), key=lambda item: place[symbols[item[0]]]):
            if action == 0 and target not in numbers:
                numbers[target] = len(numbers)
                queue.append(target)
    table["start_states"], table["end_states"] = {"start": 0}, {"start": numbers[table["end_states"]["start"]]}
    return [
        {
            place[symbols[symbol]]: (action, numbers[target] if action == 0 else target)
            for symbol, (action, target) in sorted(states[state].items(), key=lambda item: place[symbols[item[0]]])
        }
        for state in queue
    ]


def main() -> None:
    FILE.write_text(tables(), encoding="utf-8")


if __name__ == "__main__":
    main()
