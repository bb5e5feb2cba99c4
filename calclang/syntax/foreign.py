"""What other languages write, and what is written here instead."""

from __future__ import annotations

START, AFTER, ANY = "start", "after", ""  # where it stands: an operand is expected there, or has just been read

# A regular expression on the text from the place of the error, or from the token before that touches it -> message, help.
FOREIGN: tuple[tuple[str, str, str, str], ...] = (
    (ANY, r"/\*", "comments are not written /* … */", "a comment starts with #"),
    (ANY, r"//", "comments are not written //", "a comment starts with #; the whole part of a quotient is  floor(a / b)"),
    (ANY, r"&&?", "there is no operator &", "write  and"),
    (START, r"\|\|.*\|\|", "norms are not written with bars", "write  norm(x)"),
    (START, r"\|(?!>)", "absolute values are not written with bars", "write  abs(x)"),
    (AFTER, r"\|\|?(?!>)", "there is no operator |", "write  or"),
    (ANY, r"(?:\*\*|\.?[-+*/^%])=(?!=)", "there is no operator that changes a variable", "write  x = x + 1"),
    (ANY, r":=", "definitions are written with =", "write  x = 3"),
    (ANY, r"=>", "there is no operator =>", "a function is written  x -> …, a comparison  >="),
    (ANY, r"===|=!=|<>|~=|!==|/=", "there is no such comparison", "equal is  ==, unequal is  !="),
    (START, r"!", "there is no operator !", "write  not"),
    (AFTER, r"!", "there is no operator !", "unequal is  !=; the factorial is  gamma(n + 1)"),
    (ANY, r"%", "there is no operator %", "the remainder is  mod(x, m)"),
    (ANY, r"~", "there is no operator ~", "write  not"),
    (START, r"\?", "? explains a name at the prompt only", "write  help name"),
    (ANY, r"\?", "there is no operator ?", "write  if c then a else b"),
    (ANY, r"[{}]", "there are no braces in this language", "arrays are written with [ ]"),
    (ANY, r"[$`]", "this character has no meaning here", ""),
    (START, r"['‘’“”]", "texts are written in straight double quotes", 'write  "text"'),
    (ANY, r"[‘’]", "the sign of a transpose or derivative is straight", "write  A'"),
    (ANY, r"[“”]", "texts are written in straight double quotes", 'write  "text"'),
    (ANY, r"\.T\b", "there is no attribute access", "the transpose is  A'"),
    (ANY, r"\.[A-Za-z_]", "there is no attribute access", 'parts are taken with an index: t[1], t["name"]'),
    (ANY, r"\.\(", "there is no dot before a call", "functions such as sin act on each element by themselves"),
    (ANY, r"\.\.\.", "a range has two dots", "write  1..10"),
    (START, r"\.\.", "this range has no start", "write  1..10"),
    (ANY, r"\.['*/^+-]", "there is no such operator", "elementwise operators are  .* ./ .^ .+ .-"),
    (ANY, r"∞", "there is no sign ∞", "write  inf"),
    (ANY, r"√", "there is no sign √", "write  sqrt(x)"),
    (ANY, r"∛", "there is no sign ∛", "write  cbrt(x)"),
    (ANY, r"[∑]", "there is no sign ∑", "write  sum(x[i] for i in 1..n)"),
    (ANY, r"[∏]", "there is no sign ∏", "write  prod(x[i] for i in 1..n)"),
    (ANY, r"∂", "there is no sign ∂", "write  grad(f, wrt = x)"),
    (ANY, r"∈", "there is no sign ∈", "a kind is written  x: R^n, a loop  for i in 1..n"),
    (ANY, r"ℝ", "there is no sign ℝ", "write  R^n"),
    (ANY, r"[ᵀ]", "there is no sign ᵀ", "the transpose is  A'"),
    (ANY, r"[½¼¾⅓⅔]", "fractions are written with /", "write  1/2"),
    (ANY, r"[∧¬∨]", "there is no such operator", "write  and, or, not"),
    (ANY, r"[∘]", "there is no operator ∘", "write  x -> f(g(x))"),
    (ANY, r"⊙", "there is no operator ⊙", "the elementwise product is  .*"),
    (ANY, r"⊗", "there is no operator ⊗", "write  kron(A, B), or  x * y'  for the outer product"),
    (ANY, r"[‖∥]", "norms are not written with bars", "write  norm(x)"),
)  # fmt: skip

# A word beside another value -> message, help.
WORDS: dict[str, tuple[str, str]] = {
    "mod": ("mod is a function", "write  mod(a, b)"),
    "div": ("there is no operator div", "write  floor(a / b)"),
    "xor": ("there is no operator xor", "write  a != b"),
    "is": ("there is no operator is", "write  a == b"),
    "lambda": ("functions are not written with lambda", "write  x -> x^2"),
    **dict.fromkeys(("def", "function", "fn", "fun", "func"), ("a definition begins with its name", "write  f(x) = x^2")),
    **dict.fromkeys(("var", "const", "local", "global", "auto"), ("a definition begins with its name", "write  x = 3")),
    **dict.fromkeys(("import", "include", "using", "require"), ("other files are read with load", 'write  load "other.calc"')),
    **dict.fromkeys(("while", "foreach", "loop", "do"), ("there are no loop statements", "write  [x^2 for x in 1..n],  fold  or  iterate")),
    **dict.fromkeys(("elif", "elseif", "elsif"), ("a further case is written else if", "write  if c then a else if d then b else e")),
    "return": ("a function has no return", "its value is what stands behind ="),
    "del": ("names are not deleted", ""),
}  # fmt: skip
