"""Footnotes: names given twice or never used, which pandoc drops unsaid, and notes within notes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

import panflute as pf

from paper.parsing.tree import walk
from paper.report import Fault

if TYPE_CHECKING:
    from paper.text.source import Line

_FENCE: Final = re.compile(r"^[ \t]*+(?:>[ \t]?)*(`{3,}|~{3,})([^`]*)$")
_DEFINITION: Final = re.compile(r"^ {0,3}\[\^([^\s\]]+)\]:")
_MARK: Final = re.compile(r"(?<![\\\w])\[\^([^\s\]]+)\](?!:)|(?<=\w)\[\^([^\s\]]+)\]")
_MARKER: Final = "<!--paper-note {} {}-->"
_CODE: Final = re.compile(r"(`+)(?:[^`]|(?!\1)`)*?\1")


def check_notes(lines: Sequence[Line], title_block: str = "") -> Iterator[Fault]:
    """Yield faults of a chapter's notes: a name given twice, words that no mark calls, a mark without words.

    title_block: the words of the chapter's first lines, which may call notes of its text.
    """
    defined: dict[str, Line] = {}
    marks: dict[str, Line] = {}
    for line in _prose(lines):
        text = line.text
        if match := _DEFINITION.match(text):
            name, text = match[1], text[match.end() :]
            if name in defined:
                said = f"the note [^{name}] is given twice, first in line {defined[name].number}"
                if line.file != defined[name].file:
                    said = f"the note [^{name}] is given twice, first in {defined[name].place}"
                remedy = (
                    "give one of them another name: only the words of the last are printed, at every mark"
                )
                yield Fault(line.file, line.number, "note-twice", said, remedy, "warning")
            defined.setdefault(name, line)
        for match in _MARK.finditer(_CODE.sub("", text)):
            marks.setdefault(match[1] or match[2], line)
    above = {match[1] or match[2] for match in _MARK.finditer(title_block)}
    for name, line in defined.items():
        if name not in marks and name not in above:
            said = f"no mark calls the note [^{name}], so its words are printed nowhere"
            yield Fault(
                line.file, line.number, "note-unused", said, "set the mark, or take the note out", "warning"
            )
    for name, line in marks.items():
        if name not in defined:
            said = f"the mark [^{name}] has no note, and is printed as it stands"
            remedy = f"write a paragraph [^{name}]: with its words"
            yield Fault(line.file, line.number, "note-missing", said, remedy, "warning")


def _prose(lines: Sequence[Line]) -> Iterator[Line]:
    fence = ""
    for line in lines:
        if match := _FENCE.match(line.text):
            if not fence:
                fence = match[1]
            elif match[1].startswith(fence) and not match[2].strip():
                fence = ""
        elif not fence:
            yield line


def unnest(doc: pf.Doc) -> None:
    """Set what a note within a note says in brackets, in place: pandoc's writers of Word and JATS lose it."""

    def visit(element: pf.Element, _: pf.Doc) -> None:
        if isinstance(element, pf.Note):
            walk(element, lambda inner, _: _bracketed(inner) if inner is not element else None)

    walk(doc, visit)


def _bracketed(element: pf.Element) -> list[pf.Element] | None:
    if not isinstance(element, pf.Note):
        return None
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
        walk(doc, self._visit)
        for number, note in enumerate(self.inner):
            doc.content.extend([_comment("begins", number), *note.content, _comment("ends", number)])

    def _visit(self, element: pf.Element, _: pf.Doc) -> None:
        if isinstance(element, pf.Note):
            walk(element, lambda inner, _: self._mark(inner) if inner is not element else None)

    def _mark(self, element: pf.Element) -> pf.Element | None:
        if not isinstance(element, pf.Note):
            return None
        self.inner.append(element)
        return pf.RawInline(_MARKER.format("mark", len(self.inner) - 1), format="html")

    def placed(self, html: str) -> str:
        """The page's HTML with the inner notes among its notes."""
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
    """The words with the way back at the end of their last paragraph, or after them."""
    return words.removesuffix("</p>") + back + "</p>" if words.endswith("</p>") else words + back
