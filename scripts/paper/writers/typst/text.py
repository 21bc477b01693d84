"""A cited document's words in Typst: the signs are those of the page, whatever they mean in Typst's language.

Works on pandoc's JSON of the whole document, since citations and the list of references come into it last.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from paper.writers.typst.formulas import Formula, readable
from paper.writers.typst.syntax import EQUATION, attached, string

Node = dict[str, Any]

# Words that Typst takes as they are: all others are written as strings, in which nothing has another meaning.
_PLAIN: Final = re.compile(r"[^\W_]*[^\W\d_][^\W_]*[.,;:!?)’”»…]*|\d+[,;:!?)]?|\d+[–]\d+[.,;)]*")
_LONG: Final = 40  # characters: a word that may not fit into a line
_LONG_IN_TABLES: Final = 20
_LONG_CODE: Final = 16
_BREAKS: Final = re.compile(r"(?<=[_./\\:,;=&?#@+\-)(\[\]{}|])(?=\w)|(?<=[a-z])(?=[A-Z])")
_BREAK: Final = "#h(0.001pt);"  # where a line may break; one of no width at all would be none


def finish(blocks: list[Any], formulas: Mapping[Formula, str]) -> None:
    """Write every word, piece of code and formula of the blocks in Typst, in place.

    formulas: those that can be set, as ``formulas.typeset`` returns them.
    """
    _Finisher(formulas).nodes(blocks)


class _Finisher:
    def __init__(self, formulas: Mapping[Formula, str]) -> None:
        self.formulas = formulas
        self.long = _LONG

    def nodes(self, nodes: list[Any]) -> None:
        """Finish what stands in a list, in place."""
        results: list[Any] = []
        for node in nodes:
            if isinstance(node, list):
                self.nodes(node)
                results.append(node)
            elif isinstance(node, dict):
                results += self.node(node)
            else:
                results.append(node)
        nodes[:] = results

    def node(self, node: Node) -> list[Node]:
        kind: str = node.get("t", "")
        content: Any = node.get("c")
        if kind == "Str":
            return [self.word(content)]
        if kind == "Code":
            return [raw(code(content[1], content[0][1]))]
        if kind == "Math":
            return [raw(self.formula(content[0]["t"] == "DisplayMath", content[1]))]
        if kind == "Span" and EQUATION in content[0][1]:
            math = content[1][0]["c"]
            return [raw(self.formula(True, math[1], content[0][0], dict(content[0][2]).get("alt", "")))]
        if kind == "Table":
            self.long = _LONG_IN_TABLES
            self.nodes(content)
            self.long = _LONG
        elif isinstance(content, list):
            self.nodes(content)
        elif isinstance(content, dict):
            self.node(content)
        return [node]

    def word(self, text: str) -> Node:
        if _PLAIN.fullmatch(text) and len(text) < self.long:
            return {"t": "Str", "c": text}
        if len(text) >= self.long and not re.match(r"https?://", text):
            return raw(_BREAK.join(f"#{string(part)};" for part in pieces(text, self.long // 2)))
        return raw(f"#{string(text)};")

    def formula(self, display: bool, tex: str, identifier: str | None = None, alt: str = "") -> str:
        """Return a formula with an alternative text, which is its TeX unless the author gives one."""
        mark = "$ " if display else "$"
        written = self.formulas.get((display, tex)) or f"{mark}{readable(tex)}{mark[::-1]}"
        numbered = "" if identifier is None else "numbering: equation-numbering, "
        label = attached(identifier or "")
        return f"#[#set math.equation({numbered}alt: {string(alt or tex)});{written}{label}]"


def raw(text: str) -> Node:
    """Return a piece of Typst's language as pandoc's JSON has it."""
    return {"t": "RawInline", "c": ["typst", text]}


def code(text: str, classes: list[str]) -> str:
    """Code within a line, which breaks behind a sign or between words written as one."""
    lang = f", lang: {string(classes[0])}" if classes else ""
    parts = [
        part
        for token in re.split(r"(?<=\s)(?=\S)", text)
        for part in (pieces(token, _LONG_CODE) if len(token) > _LONG_CODE else [token])
    ]
    # Pieces that a space ends are one with what follows.
    joined: list[str] = []
    for part in parts:
        if joined and joined[-1][-1:].isspace():
            joined[-1] += part
        else:
            joined.append(part)
    return _BREAK.join(f"#raw({string(part, spaces=True)}{lang});" for part in joined)


def pieces(token: str, limit: int) -> list[str]:
    """Return a long word in the pieces between which it may break: behind signs, else every few letters."""
    results: list[str] = []
    for part in _BREAKS.split(token):
        while len(part) > limit:
            results.append(part[:4])
            part = part[4:]
        results.append(part)
    return [part for part in results if part]
