"""A chapter's title, which heads its page and so takes no part in the text below it, and what stands under it."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from typing import Any, Final

import panflute as pf

from paper import dates
from paper.project import authors
from paper.render import pandoc, structure
from paper.render.wording import Wording

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


def block(meta: Mapping[str, Any], wording: Wording) -> str:
    """The HTML under a title: subtitle, authors, date, abstract and keywords that ``meta`` gives; "" without any."""
    made = []
    if subtitle := meta.get("subtitle"):
        made.append(f'<p class="subtitle">{_inline(str(subtitle))}</p>')
    facts = [f'<p class="author">{html.escape(author.name)}</p>' for author in authors(meta.get("author"))]
    if date := meta.get("date"):
        shown = dates.shown(date, wording.lang, meta.get("date-format"))
        facts.append(f'<p class="date">{html.escape(shown)}</p>')
    if facts:
        made.append(f'<div class="quarto-title-meta">{"".join(facts)}</div>')
    if abstract := meta.get("abstract"):
        text = pandoc.run(str(abstract), source=pandoc.READER, args=["--wrap=none", "--mathjax"])
        name = html.escape(str(meta.get("abstract-title") or wording.word("abstract")))
        made.append(f'<div class="abstract"><div class="block-title">{name}</div>\n{text}</div>')
    if keywords := meta.get("keywords"):
        words = ", ".join(map(str, keywords)) if isinstance(keywords, list) else str(keywords)
        name = html.escape(wording.word("keywords"))
        made.append(
            f'<div class="abstract"><div class="block-title">{name}</div>\n<p>{html.escape(words)}</p></div>'
        )
    return "\n".join(made)


def _inline(text: str) -> str:
    written = pandoc.run(text, source=pandoc.READER, args=["--wrap=none", "--mathjax"]).strip()
    return re.sub(r"^<p>(.*)</p>$", r"\1", written, flags=re.S)
