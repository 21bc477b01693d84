"""What a saved sentence changes in a built page: its own blocks, converted by themselves and put in their place.

A block is only taken so where what stood there before, converted by itself, is what the page shows, once: it then
depends on nothing around it. Citations, cross-references, notes, shortcodes and inline code may stand in it as long as
they are the same as before, and keep the HTML that the page has of them. For all else the chapter is built.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

import panflute as pf

from paper import words as wording
from paper.numbering import book
from paper.numbering.numbering import NumberedChapter
from paper.project import Project
from paper.site import frame
from paper.text import extensions
from paper.tools import trees
from paper.tools.cache import of_project
from paper.writers import html

# Read, numbered, run or left out with the rest of the book: words with attributes (a query, a claim), citations in
# brackets and in the text, notes, shortcodes, inline code.
_OF_THE_BOOK: Final = re.compile(
    r"\[(?:[^\[\]]|\[[^\[\]]*+\])*+\](?:\([^()\s]*+\))?\{[^{}]*+\}"
    r"|\[[^\[\]]*@[^\[\]]*\](?!\()|(?<![\w@])-?@\w[\w:.#$%&+?<>~/-]*\w"
    r"|\[\^[^\]\s]+\]|\{\{<.*?>\}\}|`\{\w+\}[^`]*`"
)
# What gives a block an id, a form or a meaning that is not its own: attributes, HTML, notes in the text, links by name.
_NOT_PROSE: Final = re.compile(r"[{}<]|\^\[|!\[|\](?!\()|^:::|^\s*\||^\s*%", re.M)
_BLOCKS: Final = (pf.Para, pf.BulletList, pf.OrderedList, pf.BlockQuote)
_OPEN, _CLOSE = "\ue000", "\ue001"  # around the number of a part of the book
_PART: Final = re.compile(f"{_OPEN}(\\d+){_CLOSE}")
_PARAGRAPH: Final = re.compile(r'<p(?: id="(p-[0-9a-f]+(?:-\d+)?)")?>')


@dataclass(frozen=True)
class Edit:
    """Markdown of blocks before and after a save."""

    before: str
    after: str


def edit(before: list[str], after: list[str]) -> Edit | None:
    """Return the blocks in which the lines of a chapter differ; None where there are none.

    Blocks stand between empty lines and fences of divs. One that is new or gone comes with its neighbour.
    """
    most = min(len(before), len(after))
    start = next((at for at in range(most) if before[at] != after[at]), most)
    if start == most and len(before) == len(after):
        return None
    rest = most - start
    same = next((at for at in range(rest) if before[-1 - at] != after[-1 - at]), rest)
    end, longer = len(before) - same, len(after) - len(before)
    start, end = _block_before(before, start), _block_after(before, end)
    if not (_has_words(before[start:end]) and _has_words(after[start : end + longer])):
        earlier = _block_before(before, _words_before(before, start))
        if before[earlier : earlier + 1] and not before[earlier].startswith((":", "#")):
            start = earlier
        else:
            words = next((at for at in range(end, len(before)) if before[at].strip()), end)
            end = _block_after(before, words)
    return Edit("\n".join(before[start:end]), "\n".join(after[start : end + longer]))


def _separates(line: str) -> bool:
    return not line.strip() or line.lstrip().startswith(":::")


def _block_before(lines: list[str], at: int) -> int:
    """Return where the block begins that ends at a line, or holds it."""
    while at and not _separates(lines[at - 1]):
        at -= 1
    return at


def _words_before(lines: list[str], at: int) -> int:
    while at and not lines[at - 1].strip():
        at -= 1
    return at


def _block_after(lines: list[str], at: int) -> int:
    while at < len(lines) and not _separates(lines[at]):
        at += 1
    return at


def _has_words(lines: list[str]) -> bool:
    return any(line.strip() for line in lines)


def patched(project: Project, chapter: NumberedChapter, page: str, change: Edit) -> str | None:
    """Return a chapter's page with its changed blocks; None where the chapter must be built for them."""
    old, parts = _without_parts(change.before)
    new, same = _without_parts(change.after)
    if parts != same or _NOT_PROSE.search(old) or _NOT_PROSE.search(new):
        return None
    if extensions.of_chapter(project, chapter.source.path, chapter.source.meta):
        return None
    converted = [_converted(project, chapter, text) for text in (old, new)]
    if converted[0] is None or converted[1] is None or converted[0][0] != converted[1][0]:
        return None
    shown = _shown(converted[0][1])
    places = list(shown.finditer(page))
    if len(places) != 1:
        return None
    place = places[0]
    filled = _PART.sub(lambda part: place[f"part{part[1]}"], converted[1][1])
    blocks = frame.framed(filled, wording.words(project.lang))
    outside = page[: place.start()] + page[place.end() :]
    named = [name for name in _PARAGRAPH.findall(blocks) if name]
    if len(set(named)) < len(named) or any(f' id="{name}"' in outside for name in named):
        return None
    return page[: place.start()] + blocks + page[place.end() :]


def _without_parts(text: str) -> tuple[str, list[str]]:
    """Return Markdown with a sign for each part of the book in it, and these parts."""
    parts: list[str] = []

    def sign(match: re.Match[str]) -> str:
        parts.append(match[0])
        return f"{_OPEN}{len(parts) - 1}{_CLOSE}"

    return _OF_THE_BOOK.sub(sign, text), parts


def _converted(project: Project, chapter: NumberedChapter, text: str) -> tuple[list[type], str] | None:
    """Return the kinds of the first and the last block, and the HTML of all; None for what is no prose."""
    doc = trees.parse(text)
    blocks = list(doc.content)
    if not blocks or not all(isinstance(block, _BLOCKS) for block in blocks):
        return None
    cache = of_project(project.root)
    if book.normalise_tree(project, chapter.source, doc, text, cache):  # there is something to tell
        return None
    written = html.fragment(project, chapter, doc).strip()
    return [type(blocks[0]), type(blocks[-1])], written


def _shown(written: str) -> re.Pattern[str]:
    """Return what tells HTML in its page: its paragraphs have ids there, and its parts of the book their own HTML."""
    pieces = re.split(r"(<p>)|\ue000(\d+)\ue001", written)
    pattern = ""
    for text, paragraph, part in zip(pieces[::3], [*pieces[1::3], None], [*pieces[2::3], None], strict=True):
        pattern += re.escape(text)
        if paragraph:
            pattern += r'<p(?: id="p-[0-9a-f]+(?:-\d+)?")?>'
        elif part:
            pattern += rf"(?P<part{part}>(?:(?!</?(?:p|li|div)\b).)*?)"
    return re.compile(pattern, re.S)
