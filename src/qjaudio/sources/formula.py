"""LaTeX in the text of OCR tools, as it is printed: `$32.5\\%$` is 32.5%, never dollars."""

import re

_FORMULA = re.compile(
    r"\$\$(?P<a>[^$]{1,400}?)\$\$|\\\[(?P<b>[^$]{1,400}?)\\\]|\\\((?P<c>[^$\n]{1,400}?)\\\)"
    r"|(?<!\\)\$(?P<d>[^$\n]{1,200}?)(?<!\\)\$(?!\d)"
)
_BARE = re.compile(
    r"[!-~]*(?:\\[A-Za-z]{2,}|[\^_]\{)[!-~]*(?: [!-~]*(?:\\[A-Za-z]|[\^_]\{)[!-~]*)*"
)
"""A run of ASCII that holds a command or a raised group, without dollars around it."""
_HAN_OR_MARK = re.compile("[\u3400-\u9fff，。；：！？、]")
_COMMAND = re.compile(r"\\([A-Za-z]+|.)\s*")
_GROUPED = re.compile(
    r"\\(?:math[a-z]+|text(?:rm|bf|it|sf|tt|up|normal)?|operatorname|rm|bf|it|mbox|hbox|boldsymbol)(?![a-z])\s*"
)
_CIRCLED = re.compile(r"\\textcircled\s*\{\s*(?:\\[a-z]+\s*)?(\d{1,2})\s*\}")
_FRACTION = re.compile(r"\\[dt]?frac\s*\{([^{}]*)\}\s*\{([^{}]*)\}")
_RAISED = re.compile(r"([\^_])\s*(?:\{([^{}]*)\}|(\\?[A-Za-z0-9+\-*]))")
_SIGNS = {
    "%": "%", "#": "#", "&": "&", "_": "_", "$": "$", "{": "", "}": "",
    ",": "", ";": "", ":": "", "!": "", " ": "", "quad": " ", "qquad": " ", "left": "", "right": "",
    "textperthousand": "‰", "perthousand": "‰", "permil": "‰", "textpermille": "‰",
    "circ": "°", "degree": "°", "textdegree": "°", "celsius": "℃", "textcelsius": "℃",
    "times": "×", "cdot": "·", "div": "÷", "pm": "±", "mp": "∓", "sim": "～", "thicksim": "～",
    "leq": "≤", "le": "≤", "leqslant": "≤", "geq": "≥", "ge": "≥", "geqslant": "≥", "neq": "≠",
    "approx": "≈", "to": "→", "rightarrow": "→", "ldots": "…", "cdots": "…", "dots": "…",
    "alpha": "α", "beta": "β", "gamma": "γ", "mu": "μ", "pi": "π", "Omega": "Ω", "omega": "ω",
    "Delta": "Δ", "delta": "δ", "lambda": "λ", "rho": "ρ", "Phi": "Φ", "phi": "φ", "theta": "θ",
    "sqrt": "√", "infty": "∞", "colon": ":", "mid": "|", "yen": "¥", "pounds": "£", "euro": "€",
    "displaystyle": "", "limits": "", "textasciitilde": "～", "triangle": "△", "bullet": "·",
    "square": "□", "blacksquare": "■", "star": "☆", "bigstar": "★",
}  # fmt: skip
_UP = dict(zip("0123456789+-n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ⁿ", strict=True))
_DOWN = dict(zip("0123456789+-", "₀₁₂₃₄₅₆₇₈₉₊₋", strict=True))


def print_formulas(text: str) -> str:
    """A text with its formulas as they are printed; what is not understood stays as it is."""
    if "$" in text or "\\" in text:
        text = _FORMULA.sub(_of_match, text)
    if "\\" in text or "^{" in text or "_{" in text:
        text = _BARE.sub(lambda found: _print_formula(found[0]) or found[0], text)
    return text


def raise_signs(text: str, *, up: bool) -> str:
    """Digits and signs as those that stand above or below the line."""
    signs = _UP if up else _DOWN
    return "".join(signs.get(char, char) for char in text)


def _of_match(found: re.Match[str]) -> str:
    formula = next(part for part in found.groups() if part is not None)
    # Between two prices there is text: $100，共$200 is not a formula.
    marked = any(mark in formula for mark in "\\^_{")
    if not marked and (found["d"] is None or _HAN_OR_MARK.search(formula)):
        return found[0]
    printed = _print_formula(formula)
    return formula.strip() if printed is None else printed  # never with dollars around it


def _print_formula(formula: str) -> str | None:
    """A formula as print shows it; None where it holds what we cannot show."""
    kept: list[str] = []
    text = re.sub(
        r"\\text(?:rm|bf|it|normal)?\s*\{([^{}]*)\}", lambda f: _keep(kept, f[1]), formula
    )
    text = _CIRCLED.sub(lambda f: chr(0x245F + int(f[1])) if 0 < int(f[1]) < 21 else f[1], text)
    text = _GROUPED.sub("", text)
    text = text.replace("~", "")
    for _ in range(3):  # groups inside groups
        text = _FRACTION.sub(r"\1/\2", text)
        text = _RAISED.sub(_raise, text)
    unknown = [name for name in _COMMAND.findall(text) if name not in _SIGNS]
    if unknown or "^" in text or "_" in text:
        return None
    text = _COMMAND.sub(lambda found: _SIGNS[found[1]], text)
    text = re.sub(r"[{}\s]+", "", text).replace("°C", "℃")
    return re.sub("[\ue000-\ue0ff]", lambda found: kept[ord(found[0]) - 0xE000], text)


def _keep(kept: list[str], words: str) -> str:
    """A place for words that keep their spaces."""
    if len(kept) > 0xFF:
        return words
    kept.append(words)
    return chr(0xE000 + len(kept) - 1)


def _raise(found: re.Match[str]) -> str:
    """What stands above or below the line."""
    inner = (found[2] if found[2] is not None else found[3]).replace(" ", "")
    if inner in ("\\circ", "\\prime", "°"):
        return "°" if inner != "\\prime" else "′"
    if not inner:
        return ""
    if found[1] == "^" and inner.startswith("\\circ"):
        return "°" + inner.removeprefix("\\circ")
    signs = _UP if found[1] == "^" else _DOWN
    if all(char in signs for char in inner):
        return "".join(signs[char] for char in inner)
    if found[1] == "^" and inner in ("\\%", "%"):
        return "%"
    return found[0].replace(" ", "") if "\\" in inner or found[1] == "^" else inner
