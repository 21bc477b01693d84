"""Formulas: SymPy's, and IPython's ``Latex`` and ``Math``, with or without an environment of their own."""

from __future__ import annotations

import re

from paper.cells.displays import Bundle, Context
from paper.text.markup import raw_fence

# Environments of amsmath that make a formula of their own; pandoc reads them between dollar signs.
_ENVIRONMENT = re.compile(
    r"\\begin\{(equation|align|alignat|gather|multline|eqnarray|flalign|displaymath|math)(\*?)\}.*\\end\{\1\2\}",
    re.S,
)
_DOLLARS = re.compile(r"\$.*\$", re.S)


def represent(bundle: Bundle, _: Context) -> Bundle:
    """Return a formula as Markdown; other LaTeX as raw text for ``rawtex`` where nothing else can be shown."""
    if "text/markdown" in bundle:
        return bundle
    latex = bundle["text/latex"].strip()
    if _ENVIRONMENT.fullmatch(latex):
        latex = f"$$\n{latex}\n$$"
    elif match := re.fullmatch(r"\\\[(.*)\\\]", latex, re.S):
        latex = f"$${match[1]}$$"
    elif match := re.fullmatch(r"\\\((.*)\\\)", latex, re.S):
        latex = f"${match[1]}$"
    elif not _DOLLARS.fullmatch(latex):
        if set(bundle) - {"text/latex", "text/plain"}:  # Styler and statsmodels print tables as LaTeX, too
            return bundle
        latex = raw_fence(latex, "=latex", raw=True)
    return {**bundle, "text/markdown": latex}
