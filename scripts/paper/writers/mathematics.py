"""Formulas on a page: as TeX, which reads without a script, with MathML beside it, which needs no library.

A formula is written as a letter, D for display or I for inline, and its TeX.
"""

from __future__ import annotations

import html
import json
import re

import panflute as pf

from paper.parsing import constructs
from paper.parsing.constructs import Equation
from paper.parsing.tree import walk
from paper.tools import pandoc

_IN_PAGE = re.compile(r'<span class="math (inline|display)">\\[(\[](.*?)\\[)\]]</span>', re.S)


def formulas(doc: pf.Doc) -> list[str]:
    """Return the distinct formulas of a chapter, with the numbers that equations have."""
    results: dict[str, None] = {}

    def visit(element: pf.Element, _: pf.Doc) -> None:
        equation = constructs.of(element.parent)
        number = f" \\tag{{{equation.number}}}" if isinstance(equation, Equation) else ""
        results[("D" if element.format == "DisplayMath" else "I") + element.text + number] = None

    walk(doc, visit, pf.Math)
    return list(results)


def formulas_of_page(page: str) -> list[str]:
    """Return the distinct formulas of a page's HTML."""
    return list(
        dict.fromkeys(
            ("D" if kind == "display" else "I") + html.unescape(tex) for kind, tex in _IN_PAGE.findall(page)
        )
    )


def with_mathml(page: str, found: list[str]) -> str:
    """Return the page's HTML with MathML at each of these formulas, where pandoc knows it."""
    for formula, mathml in zip(found, _mathml(found), strict=True):
        if mathml:
            plain = _as_tex(formula)
            page = page.replace(plain, plain.replace('">', f'" data-mathml="{html.escape(mathml)}">', 1))
    return page


def _as_tex(formula: str) -> str:
    tex = html.escape(formula[1:], quote=False)
    if formula[0] == "D":
        return f'<span class="math display">\\[{tex}\\]</span>'
    return f'<span class="math inline">\\({tex}\\)</span>'


def _mathml(found: list[str]) -> list[str]:
    if not found:
        return []
    blocks = []
    for formula in found:
        tex = re.sub(r"\s*\\tag\{[^}]*\}$", "", formula[1:])
        kind = "DisplayMath" if formula[0] == "D" else "InlineMath"
        blocks.append({"t": "Para", "c": [{"t": "Math", "c": [{"t": kind}, tex]}]})
    tree = {"pandoc-api-version": [1, 23, 1], "meta": {}, "blocks": blocks}
    written = pandoc.run(json.dumps(tree), to="html5", args=["--mathml", "--wrap=none"])
    paragraphs = re.findall(r"<p>(.*?)</p>", written, re.S)
    maths = [re.search(r"<math.*</math>", p, re.S) for p in paragraphs]
    return [m[0] if m else "" for m in maths] if len(maths) == len(found) else [""] * len(found)
