"""Formulas in Typst's language: pandoc's, with the names that this Typst has, each known to compile.

pandoc writes some symbols by names that Typst has given up (``sect``, ``times.circle``), and both kinds of bars of a
determinant as ``"||"``, which Typst refuses.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection
from typing import Final

from paper.parsing.formulas import prepare
from paper.tools import pandoc
from paper.writers.typst.syntax import string

Formula = tuple[bool, str]  # whether it is displayed, and its TeX

# Every symbol of texmath's table whose name this Typst refuses, as the sign itself; a test holds that these are all.
SYMBOLS: Final = {
    "sect": "∩", "sect.and": "⩄", "sect.big": "⋂", "sect.dot": "⩀", "sect.double": "⋒", "sect.sq": "⊓",
    "sect.sq.big": "⨅", "sect.sq.double": "⩎", "integral.sect": "⨙",
    "times.circle": "⊗", "times.circle.big": "⨂", "dot.circle": "⊙", "dot.circle.big": "⨀", "minus.circle": "⊖",
    "div.circle": "⨸", "dash.circle": "⊝", "eq.circle": "⊜", "gt.circle": "⧁", "lt.circle": "⧀",
    "backslash.circle": "⦸", "parallel.circle": "⦷", "bar.v.circle": "⦶", "perp.circle": "⦹",
    "plus.circle.arrow": "⟴",
    "bracket.l.double": "⟦", "bracket.r.double": "⟧", "paren.l.double": "⦅", "paren.r.double": "⦆",
    "brace.l.double": "⦃", "brace.r.double": "⦄", "shell.l.double": "⟬", "shell.r.double": "⟭",
    "angle.right.sq": "⦜", "angle.spheric.top": "⦡", "angle.oblique": "⦦",
    "〘": "⟬", "〙": "⟭", "〔": "❲", "〕": "❳",
}  # fmt: skip
_NAME: Final = re.compile(r'"(?:[^"\\]|\\.)*"|[A-Za-z]+(?:\.[A-Za-z]+)*|[〔〕〘〙]|[√∛∜](?=\s*\$)')
_BARS: Final = re.compile(r'mat\(delim: "\|\|"')
_DETERMINANT: Final = re.compile(r"\\begin\{([vV])matrix\*?\}")
_MARK: Final = "// formula"


def typeset(formulas: Collection[Formula]) -> dict[Formula, str]:
    """Return each formula in Typst, dollars and all; those are missing that pandoc or Typst can't set."""
    listed = list(dict.fromkeys(formulas))
    if not listed:
        return {}
    blocks: list[dict[str, object]] = []
    for display, tex in listed:
        kind = {"t": "DisplayMath" if display else "InlineMath"}
        blocks.append({"t": "RawBlock", "c": ["typst", _MARK]})
        blocks.append({"t": "Para", "c": [{"t": "Math", "c": [kind, prepare(tex)]}]})
    tree = {"pandoc-api-version": [1, 23, 1], "meta": {}, "blocks": blocks}
    written = pandoc.run(json.dumps(tree), to="typst", args=["--wrap=none"])
    results = {}
    for formula, part in zip(listed, written.split(_MARK)[1:], strict=True):
        code = part.strip()
        if code.startswith("$") and code.endswith("$") and not code.endswith(r"\$"):
            results[formula] = _as_known(code, formula[1])
    refused = _refused(list(results.values()))
    return {formula: code for formula, code in results.items() if code not in refused}


def readable(tex: str) -> str:
    """Return a formula of TeX that can't be set, as its TeX in a formula's place."""
    return f"#raw({string(tex)})"


def _as_known(code: str, tex: str) -> str:
    code = _NAME.sub(lambda m: SYMBOLS.get(m[0], f'"{m[0]}"' if m[0] in "√∛∜" else m[0]), code)
    kinds = iter(_DETERMINANT.findall(tex))
    bars = {"v": "|", "V": "‖"}
    return _BARS.sub(lambda _: f'mat(delim: "{bars[next(kinds, "v")]}"', code)


def _refused(codes: list[str]) -> set[str]:
    """Return the formulas that Typst refuses: all are compiled at once, and halves of them where that fails."""
    if not codes or _compiles(codes):
        return set()
    if len(codes) == 1:
        return set(codes)
    half = len(codes) // 2
    return _refused(codes[:half]) | _refused(codes[half:])


def _compiles(codes: list[str]) -> bool:
    import typst

    source = '#set math.equation(alt: "-")\n' + "\n\n".join(codes)
    try:
        typst.compile(source.encode("utf8"), format="svg", ignore_system_fonts=True)
    except typst.TypstError:
        return False
    return True
