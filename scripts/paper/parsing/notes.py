"""Footnotes of a document tree: what pandoc's writers of Word and JATS lose."""

from __future__ import annotations

import re
from typing import Final

import panflute as pf

from paper.parsing.tree import walk

_MARKER: Final = "<!--paper-note {} {}-->"


def unnest(doc: pf.Doc) -> None:
    """Set what a note within a note says in brackets, in place: pandoc's writers of Word and JATS lose it."""

    def visit(element: pf.Element, _: pf.Doc) -> None:
        walk(element, lambda inner, _: _bracketed(inner) if inner is not element else None, pf.Note)

    walk(doc, visit, pf.Note)


def _bracketed(element: pf.Note) -> list[pf.Element]:
    words: list[pf.Element] = []
    for block in element.content:
        inline = block if isinstance(block, pf.Para | pf.Plain) else pf.Para(pf.Str(pf.stringify(block)))
        words += [*([pf.Space()] if words else []), *inline.content]
    return [pf.Space(), pf.Str("["), *words, pf.Str("]")]


class NestedNotes:
    """Notes within notes on a page, which pandoc's HTML writer numbers as the outer one and loses.

    Their words are written at the end of the text and moved from there to the other notes, behind them.
    """

    def __init__(self, doc: pf.Doc) -> None:
        self.inner: list[pf.Note] = []
        walk(doc, self._visit, pf.Note)
        for number, note in enumerate(self.inner):
            doc.content.extend([_comment("begins", number), *note.content, _comment("ends", number)])

    def _visit(self, element: pf.Element, _: pf.Doc) -> None:
        walk(element, lambda inner, _: self._mark(inner) if inner is not element else None, pf.Note)

    def _mark(self, element: pf.Note) -> pf.Element:
        self.inner.append(element)
        return pf.RawInline(_MARKER.format("mark", len(self.inner) - 1), format="html")

    def placed(self, html: str) -> str:
        """Return the page's HTML with the inner notes among its notes."""
        if not self.inner:
            return html
        number = max((int(n) for n in re.findall(r'id="fn(\d+)"', html)), default=0)
        items = []
        for at in range(len(self.inner)):
            own = number + at + 1
            mark = f'<a href="#fn{own}" class="footnote-ref" id="fnref{own}" role="doc-noteref"><sup>{own}</sup></a>'
            html = html.replace(_MARKER.format("mark", at), mark)
            before, _, rest = html.partition(_MARKER.format("begins", at))
            words, _, after = rest.partition(_MARKER.format("ends", at))
            html = before + after
            back = f'<a href="#fnref{own}" class="footnote-back" role="doc-backlink">↩︎</a>'
            items.append(f'<li id="fn{own}">{_before_end(words.strip(), back)}</li>\n')
        end = html.find("</ol>", html.rfind('class="footnotes'))
        return html[:end] + "".join(items) + html[end:]


def _comment(part: str, number: int) -> pf.RawBlock:
    return pf.RawBlock(_MARKER.format(part, number), format="html")


def _before_end(words: str, back: str) -> str:
    """Return the words with the way back at the end of their last paragraph, or after them."""
    return words.removesuffix("</p>") + back + "</p>" if words.endswith("</p>") else words + back
