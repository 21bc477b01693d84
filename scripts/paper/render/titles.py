"""A chapter's title, which heads its page and so takes no part in the text below it."""

from __future__ import annotations

import re
from typing import Any, Final

import panflute as pf

from paper.render import structure

_FENCE: Final = re.compile(r"^ {0,3}(`{3,}|~{3,})")
_HEADING: Final = re.compile(r"^(#{1,6})\s+(.*?)\s*(?:\{([^{}]*)\})?\s*$")
_ID: Final = "the-title-of-this-page"  # stands in while pandoc gives ids to the sections


def parse(text: str, title: Any, *, front: bool) -> pf.Doc:
    """The tree of a chapter whose front matter may give a title; the title comes as its first heading.

    A section may have the id that the title's words would give: it is made as if the title weren't there. On the
    front page the heading stays in the text and is a section like others.
    """
    if title:
        text = f"# {title}\n\n{text}"
    if front:
        return structure.parse(text)
    doc = structure.parse(_with_own_id(text))
    for block in doc.content:
        if isinstance(block, pf.Header):
            if block.identifier == _ID:
                block.identifier = _id(pf.stringify(block))
            break
    return doc


def _with_own_id(text: str) -> str:
    """The text with an id for its first heading, if that has none."""
    lines = text.split("\n")
    fence = ""
    for at, line in enumerate(lines):
        if match := _FENCE.match(line):
            if not fence:
                fence = match[1]
            elif match[1].startswith(fence) and not line.strip(" `~"):
                fence = ""
        elif not fence and (heading := _HEADING.match(line)):
            words, attributes = heading[2], heading[3] or ""
            if attributes and not re.fullmatch(r"\s*((-|[#.]\S+|\S+=(\"[^\"]*\"|\S+))\s*)*", attributes):
                words, attributes = f"{words} {{{attributes}}}", ""  # no attributes but a word in braces
            if not re.search(r"(^|\s)#\S", attributes):
                lines[at] = f"{heading[1]} {words} {{#{_ID} {attributes}}}"
            break
    return "\n".join(lines)


def _id(words: str) -> str:
    """The id that pandoc would make of a heading."""
    kept = re.sub(r"[^\w\s.-]", "", words).strip().lower()
    return re.sub(r"^[\W\d_]+", "", re.sub(r"\s+", "-", kept)) or "section"
