"""How characters that no keyboard has are typed: ``\\alpha`` and Tab gives α. Completion and help read these tables."""

from __future__ import annotations

from unicodedata import normalize

_GREEK = {
    "alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ε", "zeta": "ζ", "eta": "η", "theta": "θ", "iota": "ι", "kappa": "κ",
    "lambda": "λ", "mu": "μ", "nu": "ν", "xi": "ξ", "pi": "π", "rho": "ρ", "sigma": "σ", "tau": "τ", "upsilon": "υ", "phi": "φ", "chi": "χ",
    "psi": "ψ", "omega": "ω", "varepsilon": "ε", "vartheta": "ϑ", "varrho": "ϱ", "varsigma": "ς", "varphi": "φ",
    "Gamma": "Γ", "Delta": "Δ", "Theta": "Θ", "Lambda": "Λ", "Xi": "Ξ", "Pi": "Π", "Sigma": "Σ", "Phi": "Φ", "Psi": "Ψ", "Omega": "Ω",
}  # fmt: skip

_OPERATORS = {
    "cdot": "·", "times": "×", "div": "÷", "minus": "−", "prime": "′", "nabla": "∇", "grad": "∇", "le": "≤", "leq": "≤", "ge": "≥", "geq": "≥",
    "ne": "≠", "neq": "≠", "approx": "≈", "to": "→", "rightarrow": "→",
}  # fmt: skip

# Signs of the blackboard for which this language has a word or a sign of the keyboard, in INSTEAD.
_BLACKBOARD = {
    "infty": "∞", "infinity": "∞", "sum": "∑", "prod": "∏", "sqrt": "√", "cbrt": "∛", "in": "∈", "isin": "∈", "R": "ℝ", "Re": "ℝ", "reals": "ℝ",
    "partial": "∂", "top": "ᵀ", "transpose": "ᵀ", "land": "∧", "wedge": "∧", "lor": "∨", "vee": "∨", "lnot": "¬", "neg": "¬", "odot": "⊙", "otimes": "⊗",
    "ast": "∗", "setminus": "∖", "mapsto": "↦", "longrightarrow": "⟶", "Rightarrow": "⇒", "equiv": "≡", "coloneqq": "≔", "leqslant": "⩽",
    "geqslant": "⩾", "simeq": "≃", "cong": "≅", "ldots": "…", "dots": "…", "half": "½", "frac12": "½", "frac14": "¼", "frac34": "¾",
    "degree": "°", "langle": "⟨", "rangle": "⟩", "oplus": "⊕", "ominus": "⊖", "oslash": "⊘", "increment": "∆", "ell": "ℓ",
}  # fmt: skip

INSTEAD = {
    "∞": "inf", "∑": "sum", "∏": "prod", "√": "sqrt", "∛": "cbrt", "∈": "in", "ℝ": "R", "∂": "derivative", "ᵀ": "'", "∧": "and", "∨": "or",
    "¬": "not", "⊙": ".*", "⊗": "kron", "∗": "*", "∖": "\\", "↦": "->", "⟶": "->", "⇒": "->", "≡": "==", "≔": "=", "⩽": "<=", "⩾": ">=", "≃": "≈", "≅": "≈",
    "…": "..", "½": "1/2", "¼": "1/4", "¾": "3/4", "°": "deg", "⟨": "(", "⟩": ")", "⊕": ".+", "⊖": ".-", "⊘": "./", "∆": "Δ", "ℓ": "l",
}  # fmt: skip

_SUBSCRIPTS = dict(zip("0123456789aeoxhklmnpstiruvj", "₀₁₂₃₄₅₆₇₈₉ₐₑₒₓₕₖₗₘₙₚₛₜᵢᵣᵤᵥⱼ", strict=True)) | {
    "beta": "ᵦ", "gamma": "ᵧ", "rho": "ᵨ", "varphi": "ᵩ", "phi": "ᵩ", "chi": "ᵪ",
}  # fmt: skip
_SUPERSCRIPTS = dict(zip("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻", strict=True))

# The name behind the backslash -> the character.
SYMBOLS: dict[str, str] = {
    **_GREEK, **_OPERATORS, **_BLACKBOARD, **{f"_{k}": c for k, c in _SUBSCRIPTS.items()}, **{f"^{k}": c for k, c in _SUPERSCRIPTS.items()},
}  # fmt: skip

# What the signs that are operators mean on a keyboard; letters stand for themselves.
MEANS = {
    "·": "*", "⋅": "*", "×": "*", "÷": "/", "−": "-", "′": "'", "≤": "<=", "≥": ">=", "≠": "!=", "≈": "~~", "→": "->", "∇": "grad",
}  # fmt: skip


def typed(name: str) -> str:
    """What a program takes for a name behind the backslash: the character itself where the grammar accepts it, else what is written
    instead (``\\infty`` is inf)."""
    return INSTEAD.get(SYMBOLS[name], SYMBOLS[name])


def ways(character: str) -> list[str]:
    """The names behind the backslash that give a character, or another form of the same letter; the character's own names first."""
    own = [name for name, sign in SYMBOLS.items() if sign == character]
    plain = normalize("NFKC", character)
    return own + [name for name, sign in SYMBOLS.items() if sign != character and sign in _GREEK.values() and normalize("NFKC", sign) == plain]
