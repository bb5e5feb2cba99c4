"""Whole statements as the blackboard and other languages write them, and the same in this language, in the writer's own terms."""

from __future__ import annotations

import re
from collections.abc import Iterable

from calclang.record import record
from calclang.syntax.foreign import WORDS

MARK = "‸"  # where reading stopped, in a pattern and in the statement that it is matched with

# What everybody knows as a function, so that `sin x` is a call and no product.
FUNCTIONS = frozenset(
    "sin cos tan sec csc cot asin acos atan sinh cosh tanh exp log ln log2 log10 sqrt cbrt abs sign floor ceil round gamma erf det inv tr norm "
    "min max sum prod mean print".split()
)
CONSTANTS = frozenset({"pi", "tau", "e"})
# Operators that are both a command and a function.
OPERATORS = frozenset("grad gradient derivative jacobian hessian divergence curl laplacian directional jvp vjp hvp taylor value_and_grad".split())

_NAME = r"[^\W\d]\w*"
_NAMES = rf"{_NAME}(?:\s*,\s*{_NAME})+"
_BODY = r"[^,()\[\]]*(?:[(\[][^()\[\]]*[)\]][^,()\[\]]*)*"  # up to a comma or bracket of its own level
_ROUND = "sin|cos|tan|sec|csc|cot|sinh|cosh|tanh|sech|csch|coth"
_OPERATOR = "|".join(sorted(OPERATORS))
_KNOWN = "|".join(sorted(FUNCTIONS | OPERATORS))
_WORDS = "|".join(WORDS)
_MODULES = "np|numpy|math|cmath|Math|jnp|jax|torch|scipy|linalg|LinearAlgebra|tf|sp|sympy"
_SPOKEN = "print|assert|assert_close|show|plot|load|disp"

_END = r"(?!(?:R|symmetric|diagonal|row|lambda|else|try|then)\b)-?[\w.]+"  # of a range

_HEAD = rf"(?:let\s+)?{_NAME}\([^()=]*\)"  # of the definition of a function
_KIND = r"(?:(?:symmetric|diagonal|row)\s+)?R\b"

_TWO = "two statements on one line need a ; between them"
_NAMELESS = "functions without a name are written with ->"

# A statement with a mark where reading stopped -> message, help; `here` is what is underlined, else the place itself.
HABITS: tuple[tuple[str, str, str], ...] = (
    (rf"(?P<c>{_OPERATOR})\s*\((?P<f>.+)\)\s*‸at\b\s*\(?(?P<x>[^()]+)\)?", "a call has no clause at", "write  {c} {f} at {x}   ·   {c}({f})({x})"),
    (rf".*\W(?P<c>{_OPERATOR})\s*‸?\(?(?P<f>{_NAME})\)?\s*‸?at\b\s*\(?(?P<x>[^()]+)\)?", "clauses stand in statements of their own", "write  {c}({f})({x})"),
    (rf"(?P<c>{_OPERATOR}) (?P<f>(?!at\b){_NAME})\s*‸[(,]?\s*(?P<x>(?!at\b)[^()=]+?)\)?", "the point stands behind at", "write  {c} {f} at {x}"),
    (rf"(?:.*[^\w'])?(?P<here>(?P<f>{_NAME}'*)\s*‸at)\b\s*(?:{_NAME}\s*=(?!=))?\s*\(?(?P<x>[^()]+?(?:\([^()]*\)[^()]*?)*)\)?(?:\s+(?:wrt|mode|along)\b.*)?",
     "a value at a point is a call", "write  {f}({x})"),
    (rf"(?P<here>(?P<c>{_OPERATOR}))\s+at\s+‸?(?P<x>.+)", "{c} is about a function, which stands before at", "write  {c} f at {x}"),
    (rf"(?:let\s+)?(?P<f>{_NAME})\([^()=]*‸\((?P<p>[^()]*)\)[^=]*=[^=].*", "a parameter is a name, or a vector that is taken apart",
     "a tuple has a name:  {f}(t) = …  with t[1], t[2]; a vector is  {f}([{p}]) = …"),
    (r"(?:let\s+)?\([^()=]*‸\(.*\)\s*=[^=].*", "names stand in a tuple that is taken apart, and no tuples", "take it apart in two steps:  (a, t) = …; (b, c) = t"),
    (rf"(?:.*\W)?(?P<here>(?P<f>{_ROUND})\s*(?:\^|\*\*)\s*\(?-‸?1\)?)\s*‸?\(?(?P<x>[^()]+)\)?.*",
     "the inverse of {f} is a{f}", "write  a{f}({x})   ·   1/{f}({x})  for the reciprocal"),
    (rf"(?:let\s+)?(?P<here>(?P<f>(?!(?:{_KNOWN})\b){_NAME})\((?P<p>{_NAME}(?:\s*,\s*{_NAME})*)\)\s+‸)(?P<b>[\w(\[].*)",
     "there is nothing between {f}({p}) and what follows", "a definition has a sign:  {f}({p}) = {b}   ·   a product too:  {f}({p})*{b}"),
    (rf"(?:let\s+)?(?P<here>(?P<f>(?!(?:let|{_WORDS})\b){_NAME})\s+‸(?P<p>{_NAME}))\s*=(?!=)\s*(?P<b>.+)", "parameters stand in brackets", "write  {f}({p}) = {b}"),
    (rf"(?P<a>.*=(?!=).*?)\s+‸(?P<b>{_NAME}(?:\([^()]*\))?\s*=(?!=).*)", _TWO, "write  {a}; {b}"),
    (r"(?P<a>(?P<f>[^\W\d]\w*)\(.*\)\s*=.*?)\s+‸(?P<b>(?P=f)\(.*)", _TWO, "write  {a}; {b}"),
    (rf"(?P<a>.*=(?!=).*?)\s+‸(?P<b>(?:{_SPOKEN})\b.*)", _TWO, "write  {a}; {b}"),
    (rf"(?P<a>(?:let\s+)?{_NAME}\s*=[^,]*)‸,\s*(?P<b>{_NAME}\s*=.*)", "statements are separated by ;", "write  {a}; {b}"),
    (rf"(?P<here>\[\s*(?P<a>{_NAME}(?:\s*,\s*{_NAME})+)\s*\])\s*‸=(?!=)\s*(?P<v>.*)", "names for the parts of a tuple stand in round brackets", "write  ({a}) = {v}"),
    (rf"(?P<here>(?P<a>{_NAME}\s*‸,[^=]*))=(?!=)\s*(?P<v>[^,]*|{_NAME}\(.*\))", "several names stand in brackets", "write  ({a}) = {v}"),
    (rf"(?P<here>(?P<a>{_NAME}\s*‸,[^=]*))=(?!=)\s*(?P<v>.*)", "several names stand in brackets", "write  ({a}) = ({v})"),
    (r"mini?mi[sz]e\b.*?(?P<here>\b(?:subject to|such that|s\.t\.).*?‸.*)", "a search knows no conditions",
     "for x > 0 put  x = exp(t)  and search t   ·   for g = 0 solve the gradient of  f - m*g  by x and m"),
    (r"(?:.*[^\w.])?(?P<here>(?P<a>[0-9]+)‸,(?P<b>[0-9]+))(?!,)[^,]*",
     "a comma stands only inside brackets", "the decimal sign is a point:  {a}.{b}   ·   a tuple is  ({a}, {b}), a vector  [{a}, {b}]"),
    (rf"(?P<here>(?P<a>-?[0-9.]+)\s*‸)=\s*(?P<b>{_NAME})", "a number cannot be defined", "write  {b} = {a}   ·   compare with  {a} == {b}"),
    (r"(?P<here>(?P<a>-?[0-9.]+)\s*‸)=\s*(?P<b>[^<>=].*)", "a number cannot be defined", "compare with  {a} == {b}"),
    (rf"if (?P<c>.*?) then (?P<y>{_NAME})\s*‸=\s*(?P<a>.*?) else (?P=y)\s*=\s*(?P<b>.*)", "if has a value; it defines nothing", "write  {y} = if {c} then {a} else {b}"),
    # definitions
    (r"(?P<l>[^\[\]]+?)\s*(?P<here>‸:=)\s*(?P<r>.+)", "definitions are written with =", "write  {l} = {r}"),
    (rf"(?P<l>{_HEAD})\s*(?P<here>‸(?:=>|:))\s*(?P<r>(?!{_KIND}).+)", "a definition is written with =", "write  {l} = {r}"),
    (rf"(?P<l>{_HEAD}\s*=)\s*‸\{{\s*(?P<r>[^{{}}]*?)\s*\}}", "a definition has no braces", "write  {l} {r}"),
    (rf"(?P<f>{_NAME})\((?P<a>[^()=]*)‸=\s*[^(),]*(?P<b>[^()]*)\)\s*=\s*(?P<r>.+)", "parameters have no values of their own", "write  {f}({a}{b}) = {r}"),
    (rf"(?P<l>{_HEAD}\s*=)\s*(?P<r>.+?)\s+(?P<here>‸?(?:where|for|if|when)\s+(?P<c>.*[<>].*))", "a condition is written with if", "write  {l} if {c} then {r} else nan"),
    (rf"(?P<here>(?P<f>{_NAME})\[(?P<p>{_NAME})\])\s*‸=\s*(?P<r>[^=].*)", "a definition has round brackets", "write  {f}({p}) = {r}"),
    (rf"(?P<here>(?P<x>{_NAME})\[(?P<k>[^\[\],:]+)\])\s*‸=\s*(?P<r>[^=].*)", "parts of an array are not changed",
     "a new one is  {x} = [if i == {k} then {r} else {x}[i] for i in 1..length({x})]"),
    (rf"(?P<here>{_NAME}\[.*\])\s*‸=\s*[^=].*", "parts of an array are not changed", "a new one is made by  [… for i in 1..m, j in 1..n]"),
    (rf"(?P<a>{_NAME})\s*=\s*(?P<b>{_NAME})\s*‸=\s*(?P<r>[^=>].*)", "a statement defines one name", "write  {b} = {r}; {a} = {b}"),
    (rf"(?P<x>{_NAME})\s*(?P<here>‸?(?P<o>\*\*|[-+*/^])‸?=)\s*(?P<r>[\w.]+)", "there is no operator that changes a variable", "write  {x} = {x} {o} {r}"),
    (rf"(?P<x>{_NAME})\s*(?P<here>‸?(?P<o>\*\*|[-+*/^])‸?=)\s*(?P<r>[^=].*)", "there is no operator that changes a variable", "write  {x} = {x} {o} ({r})"),
    # choices and loops
    (r"(?P<l>[^=]+=)\s*(?P<a>.+?)\s+‸if\s+(?P<c>.+?)\s+else\s+(?P<b>.+)", "if stands before what it chooses", "write  {l} if {c} then {a} else {b}"),
    (r"(?P<a>.+?)\s+‸if\s+(?P<c>.+?)\s+else\s+(?P<b>.+)", "if stands before what it chooses", "write  if {c} then {a} else {b}"),
    (r"if\s+(?P<c>.+?)\s*‸\{\s*(?P<a>[^{}]*?)\s*\}\s*else\s*\{\s*(?P<b>[^{}]*?)\s*\}", "if has no braces", "write  if {c} then {a} else {b}"),
    (r"if\s+(?P<c>.+?)\s*‸[:{]\s*(?P<a>[^{}]*?)\s*\}?", "if has a value in both cases", "write  if {c} then {a} else …"),
    (r"if\s+(?P<c>\(.+?\))\s*‸(?P<a>.+?)\s+else\s+(?P<b>.+)", "if needs then here", "write  if {c} then {a} else {b}"),
    (rf".*\bfor\s+(?P<i>{_NAME})\s*‸=\s*(?P<r>[^\])]+).*", "the values of a loop stand behind in", "a loop is  for {i} in {r}"),
    (r".*(?P<here>\[(?P<b>[^|\[\]]+?)\s*‸\|\s*(?P<c>[^\[\]|]*\bin\b[^\[\]]*)\]).*", "elements stand before for", "write  [{b} for {c}]"),
    (rf".*?(?P<here>‸?\\?(?P<f>sum|prod)_‸?\{{(?P<i>{_NAME})\s*=\s*(?P<a>[^{{}}]+)\}}\s*\^\s*\{{?(?P<n>\w+)\}}?)\s*(?P<b>.+)",
     "this is LaTeX", "write  {f}({b} for {i} in {a}..{n})"),
    # numbers
    (r"(?:.*[^\w.])?(?P<here>(?P<a>[0-9]{1,3}) ‸(?P<b>[0-9]{3}))(?![0-9]).*", "a number has no blanks", "write  {a}{b}  or  {a}_{b}"),
    (r"(?:.*[^\w.])?(?P<here>(?P<a>[0-9]+)‸\.[eE](?P<k>[+-]?[0-9]+)).*", "a point stands between digits", "write  {a}e{k}  or  {a}.0e{k}"),
    (r".*?(?P<a>[0-9.]+) ‸x (?P<b>[0-9.]+).*", "a product is written with *", "write  {a}*{b}"),
    (r".*?(?P<here>(?P<n>[0-9.]+)\s+‸deg)\b.*", "there is no blank before deg", "write  {n}deg"),
    (r".*?[0-9]\s*(?P<here>‸(?:km|cm|mm|kg|ms|kHz|Hz|rad|m/s|m)\b).*", "there are no units", "a number stands alone; angles are radians, or degrees as 30deg"),
    (r".*?(?P<a>[\w.]+)\s+(?P<here>‸(?:mod|rem))\s+(?P<b>[\w.]+).*", "mod is a function", "write  mod({a}, {b})"),
    (r".*?(?P<a>[\w.]+)\s*‸%\s*(?P<b>[\w.]+).*", "there is no operator %", "the remainder is  mod({a}, {b}); a comment starts with #"),
    # derivatives and roots
    (rf".*?(?P<here>\bd\s*/\s*d(?P<x>\w+)\s*‸)(?P<f>{_NAME})", "a derivative has no d", "write  {f}'"),
    (r".*?(?P<here>\bd\s*/\s*d(?P<x>\w+)\s*‸)(?P<f>.+)", "a derivative has no d", "write  derivative({x} -> {f})"),
    (rf".*?(?P<here>‸∂\s*(?P<f>{_NAME})\s*/\s*∂\s*(?P<x>{_NAME})).*", "there is no sign ∂", "write  grad({f}, wrt = {x})"),
    (r"(?P<l>(?:minimize|solve)\b.*\b(?:method|tol|max))\s*‸=\s*(?P<v>[^=].*)", "a clause has no =", "write  {l} {v}"),
    (rf"(?P<c>minimize|solve)\s+(?P<f>{_NAME})‸(?P<p>\([^()]*\))\s*=\s*(?P<b>[^=].*?)\s+(?P<s>from\b.*)", "a function has a statement of its own",
     "write  {f}{p} = {b}; {c} {f} {s}"),
    (r"solve\s+(?P<l>.*?\b(?P<x>[A-Za-z])\b.*?)\s*‸==?\s*(?P<r>[^=].*?)(?:\s+from\b.*)?", "solve seeks a root", "write  solve {l} - ({r}) from {x} = 1"),
    (rf"‸\?\s*(?P<f>{_NAME})", "? explains a name at the prompt only", "write  help {f}"),
    (rf"(?P<f>{_NAME})‸\?", "? explains a name at the prompt only, before the name", "write  help {f}"),
    # functions without a name
    (rf".*?\b(?P<p>{_NAME})\s*(?P<here>‸=>)\s*(?P<b>{_BODY}).*", "there is no operator =>", "a function is  {p} -> {b}, a comparison  {p} >= {b}"),
    (rf".*?‸@\s*\(\s*(?P<p>{_NAME})\s*\)\s*(?P<b>{_BODY}).*", _NAMELESS, "write  {p} -> {b}"),
    (rf".*?‸@\s*\(\s*(?P<p>{_NAMES})\s*\)\s*(?P<b>{_BODY}).*", _NAMELESS, "write  ({p}) -> {b}"),
    (rf".*?‸@\s*(?P<f>{_NAME}).*", "a function is a value by itself", "write  {f}"),
    (rf".*?‸\\\s*(?P<p>{_NAME})\s*(?:->|\.)\s*(?P<b>{_BODY}).*", _NAMELESS, "write  {p} -> {b}"),
    (rf".*?(?P<here>\b(?:lambda|fn|fun|function)\s+)‸(?P<p>{_NAME})\s*(?::|->|=>)\s*(?P<b>{_BODY}).*", _NAMELESS, "write  {p} -> {b}"),
    (rf".*?(?P<here>\bfunction\s*\(\s*(?P<p>{_NAME})\s*\))\s*‸(?P<b>{_BODY}).*", _NAMELESS, "write  {p} -> {b}"),
    (rf".*?(?P<here>\blambda\s+)‸(?P<p>{_NAMES})\s*:\s*(?P<b>{_BODY}).*", _NAMELESS, "write  ({p}) -> {b}"),
    (rf"(?P<f>{_NAME})\s*‸:\s*(?P<p>{_NAME})\s*(?:->|→|↦|\|->)\s*(?P<b>.+)", "a definition is written with =", "write  {f}({p}) = {b}"),
    (rf"(?P<here>(?P<f>{_NAME})\[(?P<p>{_NAME}?)_\]\s*‸)[:=]+\s*(?P<b>.+)", "a definition has round brackets and =", "write  {f}({p}) = {b}"),
    # files, modules, methods
    (r'(?P<c>load|save|read|write)\s+(?P<here>(?P<n>[^"\s=(]*‸[^"\s=(]*))', "the name of a file stands in quotes", 'write  {c} "{n}"'),
    (rf".*?(?P<here>\b(?:{_MODULES})‸\.)(?:\w+\.)*(?P<f>{_NAME}).*", "there are no modules", "write  {f}"),
    (rf".*?(?P<x>{_NAME})‸\.(?P<here>shape|size|length|len|ndim)\b.*", "there is no attribute access", "write  size({x})   ·   length({x})"),
    (rf".*?(?P<x>{_NAME})‸(?P<here>\.(?:transpose|t|conj|H)(?:\(\))?)(?!\w).*", "there is no attribute access", "the transpose is  {x}'"),
    (rf".*?(?P<x>{_NAME})‸(?P<here>\.(?P<f>{_NAME}))\(\s*\).*", "there are no methods", "write  {f}({x})"),
    (rf".*?(?P<x>{_NAME})‸(?P<here>\.(?P<f>{_NAME}))\((?P<a>[^()]+)\).*", "there are no methods", "write  {f}({x}, {a})"),
    # ranges and indices
    (rf".*?(?P<x>{_NAME})\(\s*(?P<a>{_END})\s*‸:\s*(?P<b>{_END})\s*\).*", "an index has square brackets, a range two dots", "write  {x}[{a}..{b}]"),
    (rf".*?(?P<x>{_NAME})\((?P<i>\s*‸:\s*,[^():]*|[^():]*,\s*‸:\s*)\).*", "an index has square brackets", "write  {x}[{i}]"),
    (rf".*?(?P<x>{_NAME})\(\s*‸:\s*\).*", "an index has square brackets", "all elements as one vector are  vec({x})"),
    (rf".*?(?P<x>{_NAME})\[:‸(?P<b>[^\[\],:]+)\].*", "a range has two ends", "write  {x}[1..{b}]"),
    (rf".*?(?P<x>{_NAME})\[(?P<a>[^\[\],:]+)‸:\].*", "a range has two ends", "write  {x}[{a}..end]"),
    (rf"(?:.*?[^\w.])?(?P<a>{_END})\s*‸:\s*(?P<b>{_END})\s*:\s*(?P<c>{_END}).*", "a range is written with two dots", "write  {a}..{b}..{c}"),
    (rf"(?:.*?[^\w.])?(?P<a>{_END})\s*‸:\s*(?P<b>{_END}).*", "a range is written with two dots", "write  {a}..{b}"),
    # formulas as they are typeset
    (r".*\^\s*‸(?P<here>\{(?P<e>[^{}]*)\}).*", "an exponent stands in round brackets", "write  ^({e})"),
    (r".*?‸(?P<here>\\(?:d|t)?frac)\s*\{(?P<a>[^{}]*)\}\s*\{(?P<b>[^{}]*)\}.*", "this is LaTeX", "write  ({a})/({b})"),
    (r".*?‸(?P<here>\\(?:cdot|times)).*", "this is LaTeX", "a product is written  *"),
    (r".*?‸(?P<here>\\(?P<w>[A-Za-z]+)).*", "this is LaTeX", "write  {w}"),
)  # fmt: skip


@record
class Habit:
    """What is said of a statement, and which of its characters are underlined: None where it is the place at which reading stopped."""

    message: str
    help: str
    place: tuple[int, int] | None


def habit_of(before: str, after: str, rows: Iterable[tuple[str, str, str]] = HABITS) -> Habit | None:
    """The habit that a statement shows, of which ``before`` was read and ``after`` not. The places count from the statement's start.

    >>> habit_of("f ", "x = x^2").help
    'write  f(x) = x^2'
    """
    lead = len(before) - len(before.lstrip())
    text = before[lead:] + MARK + after.rstrip()
    for pattern, message, help in rows:
        if (match := re.fullmatch(pattern, text)) is not None:
            terms = {name: (value or "").replace(MARK, "").strip() for name, value in match.groupdict().items()}
            return Habit(message.format(**terms), help.format(**terms), _place(match, lead, len(before)) if "here" in terms else None)
    return None


def _place(match: re.Match[str], lead: int, at: int) -> tuple[int, int]:
    """Where the group `here` stands in the statement without the mark, and without blanks at its end."""
    start = match.start("here") + lead
    start -= start > at
    return start, start + len(match["here"].replace(MARK, "").rstrip())
