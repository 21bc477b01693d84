"""Formulas as pandoc can turn them: macros within formulas, and what it can't turn.

A page prints TeX, which a reader's library may set; PDF and Word files take what pandoc's reader of TeX understands.
"""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Final

import panflute as pf

from paper.parsing.tree import every, walk
from paper.report import Fault, warning
from paper.text import places
from paper.text.source import Source
from paper.tools import pandoc

_DEFINES: Final = re.compile(r"\\(?:re)?newcommand\b|\\providecommand\b|\\DeclareMathOperator\b|\\def\b")
_FOLLOWS: Final = re.compile(r"\s*(?:\\(?:re)?newcommand|\\providecommand|\\DeclareMathOperator|\\def)\b\*?")
_ESCAPED_OR_BRACE: Final = re.compile(r"\\.|[{}]", re.S)
# What changes nothing of a formula's words, and pandoc doesn't know.
_WITHOUT_EFFECT: Final = re.compile(
    r"\\label\s*\{[^{}]*\}|\\require\s*\{[^{}]*\}|\\(?:nonumber|notag|nolimits|allowbreak)(?![A-Za-z])"
    r"|\\(?:textcolor|color|mathcolor)\s*(?:\[[^\]]*\])?\{[^{}]*\}"
)
_TAG: Final = re.compile(r"\\tag(\*?)\s*\{((?:[^{}]|\{[^{}]*\})*)\}")
_SAME: Final = {r"\begin{dcases}": r"\begin{cases}", r"\end{dcases}": r"\end{cases}", r"\S": "§", r"\P": "¶"}
_SAME_COMMAND: Final = re.compile(r"\\(?:begin|end)\{dcases\}|\\[SP](?![A-Za-z])")
_IN_TEXT: Final = re.compile(r"\$\$([^$]+)\$\$|(?<![\\$])\$(?=\S)([^$\n]*[^\s$\\])\$(?![\d$])")
_OF_GROUPS: Final = re.compile(r"\\over(?![A-Za-z])\s*|\\.|[{}]|[^\\{}]+|\\", re.S)
_DIVIDES: Final = re.compile(r"&|\\\\|\\(?:begin|end)\b|\\(left|right)(?![A-Za-z])")
_UNEXPECTED: Final = re.compile(r"unexpected (?:control sequence )?(.+)")


def normalise(doc: pf.Doc, source: Source) -> list[Fault]:
    """Apply the macros that formulas define, in place; return the formulas that pandoc can't turn."""
    _apply_macros(doc)
    known = dict.fromkeys(math.text for math in every(doc, pf.Math))
    return [_fault(source, tex, unknown) for tex, unknown in unconvertible(known).items()]


def check(sources: Iterable[Source]) -> list[Fault]:
    """Return the formulas of the text that pandoc can't turn, as far as they are known before anything is run."""
    results: dict[str, Source] = {}
    defined = ""
    for source in sources:
        text = "\n".join(line.text for line in places.prose(source))
        results |= {m[1] or m[2]: source for m in _IN_TEXT.finditer(text)}
        defined += "".join(line.text for line in source.lines if _DEFINES.search(line.text))
    told = unconvertible(results)
    return [_fault(results[tex], tex, unknown) for tex, unknown in told.items() if unknown not in defined]


def prepare(tex: str) -> str:
    """Return a formula in words that pandoc's reader knows: without labels, with tags as text.

    Where the environments of a formula are tagged line by line, each tag stands at the end of its line.
    """
    tex = _WITHOUT_EFFECT.sub("", tex)
    tex = _TAG.sub(lambda m: rf"\qquad \text{{{m[2]}}}" if m[1] else rf"\qquad \text{{({m[2]})}}", tex)
    tex = _with_fractions(tex) if r"\over" in tex else tex
    return _SAME_COMMAND.sub(lambda m: _SAME.get(m[0], m[0]), tex)


def _with_fractions(tex: str) -> str:
    r"""Return a formula whose fractions by TeX's ``{a \over b}`` are written with ``\frac``, where that is sure."""
    levels: list[tuple[str, str | None]] = [
        ("", None)
    ]  # of each open group: its words, and what stands over them
    for match in _OF_GROUPS.finditer(tex):
        sign, (words, over) = match[0], levels[-1]
        if sign == "{":
            levels.append(("", None))
        elif sign == "}" and len(levels) > 1:
            levels.pop()
            outer, above = levels[-1]
            levels[-1] = (f"{outer}{{{_fraction(words, over)}}}", above)
        elif sign.startswith(r"\over") and over is None:
            levels[-1] = ("", words)
        else:
            levels[-1] = (words + sign, over)
    return _fraction(*levels[0]) if len(levels) == 1 else tex


def _fraction(words: str, over: str | None) -> str:
    if over is None:
        return words
    if _DIVIDES.search(over) or _DIVIDES.search(words):  # it reaches to a border that isn't a brace
        return rf"{over}\over {words}"
    return rf"\frac{{{over.strip()}}}{{{words.strip()}}}"


def convert(*docs: pf.Doc) -> None:
    """Write every formula of trees as pandoc knows it, in place; one that it can't turn becomes code, which reads."""
    unknown = unconvertible(dict.fromkeys(math.text for doc in docs for math in every(doc, pf.Math)))

    def visit(element: pf.Element, _: pf.Doc) -> pf.Element | None:
        if element.text in unknown:
            return pf.Code(re.sub(r"\s+", " ", element.text).strip())
        element.text = prepare(element.text)
        return None

    for doc in docs:
        walk(doc, visit, pf.Math)


def unconvertible(formulas: Iterable[str]) -> dict[str, str]:
    """Return the formulas that pandoc can't turn, each with what it stumbles over ("" where it doesn't say)."""
    ready = {prepare(tex): tex for tex in formulas}
    if not ready:
        return {}
    blocks = [{"t": "Para", "c": [{"t": "Math", "c": [{"t": "InlineMath"}, tex]}]} for tex in ready]
    tree = {"pandoc-api-version": [1, 23, 1], "meta": {}, "blocks": blocks}
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "log.json"
        pandoc.run(json.dumps(tree), to="typst", args=["--wrap=none", f"--log={log}"])
        told = json.loads(log.read_text("utf8"))
    results: dict[str, str] = {}
    for entry in told:
        if entry.get("type") == "CouldNotConvertTeXMath" and entry["contents"] in ready:
            unknown = _UNEXPECTED.search(entry["message"])
            results[ready[entry["contents"]]] = unknown[1].strip() if unknown else ""
    return results


def _fault(source: Source, tex: str, unknown: str) -> Fault:
    place = source.find(tex) if "\n" not in tex else source.find(tex.strip().split("\n")[0])
    shown = _short(tex)
    because = f": {unknown} is not known" if unknown.startswith("\\") else ""
    if unknown == r"\ce":
        remedy = r"write the formula with \mathrm, such as $\mathrm{H_2O}$"
    elif unknown.startswith("\\"):
        remedy = rf"write it without {unknown}, or define that with \newcommand; PDF and DOCX show the formula as TeX"
    else:
        remedy = "write it in the TeX that pandoc knows; PDF and DOCX show the formula as TeX"
    message = f"the formula {shown} can't be set in PDF and DOCX{because}"
    return warning(place, "formula", message, remedy)


def _short(tex: str) -> str:
    shown = re.sub(r"\s+", " ", tex).strip()
    return shown if len(shown) < 60 else shown[:57] + "…"


# -- macros -------------------------------------------------------------------------------------------------------


def _apply_macros(doc: pf.Doc) -> None:
    """Apply the macros that formulas define, as a page's library does: from where they stand to the chapter's end."""
    math = every(doc, pf.Math)
    if not any(_DEFINES.search(formula.text) for formula in math):
        return
    text: list[str] = []
    for formula in math:
        definitions, rest = _split(formula.text)
        # Both begin a line: pandoc takes a definition for one where it is a block of its own.
        text += ["\n\n".join(definitions), f"${rest.strip() or ' '}$" if rest.strip() else "`-`"]
    read = json.loads(pandoc.run("\n\n".join(filter(None, text)), source="markdown-smart", to="json"))
    paragraphs = [block["c"] for block in read["blocks"] if block["t"] == "Para"]
    if len(paragraphs) != len(math):
        return
    for formula, (inline, *_rest) in zip(math, paragraphs, strict=True):
        formula.text = inline["c"][1] if inline["t"] == "Math" else ""
    walk(doc, lambda math, _: [] if not math.text.strip() else None, pf.Math)


def _split(tex: str) -> tuple[list[str], str]:
    """Return the definitions with which a formula begins or that stand in it, and the formula without them."""
    definitions: list[str] = []
    rest: list[str] = []
    at = 0
    while match := _FOLLOWS.search(tex, at):
        end = _end_of_definition(tex, match)
        rest.append(tex[at : match.start()])
        definitions.append(tex[match.start() : end].strip())
        at = end
    rest.append(tex[at:])
    return definitions, "".join(rest)


def _end_of_definition(tex: str, match: re.Match[str]) -> int:
    r"""Where a definition ends: behind the last of its groups (``\def\x#1{…}`` has one, the others two)."""
    groups = 1 if match[0].strip().startswith("\\def") else 2
    at = match.end()
    if groups == 2 and (bare := re.compile(r"\s*\\[A-Za-z]+").match(tex, at)):
        groups, at = 1, bare.end()  # \newcommand\x{…}
    depth = 0
    while mark := _ESCAPED_OR_BRACE.search(tex, at):
        at = mark.end()
        depth += {"{": 1, "}": -1}.get(mark[0], 0)
        if mark[0] == "}" and depth <= 0:
            groups -= 1
            if not groups:
                return at
    return len(tex)
