"""Queries in a chapter's tree: left out of the readers' edition, numbered in the margin of the working one.

See ``paper.editions`` for their forms. A query that comes from a row of data, as in
``[doubt]{.query row="P01"}``, is named by its row and takes no number.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Final

import panflute as pf

from paper import editions
from paper.errors import ChapterError
from paper.parsing.tree import HOLDERS, every, walk
from paper.project import Project
from paper.text.source import Source
from paper.tools import trees

QUERY: Final = "query"
# pandoc's JSON of the attributes of a query without a row: ["id",["query",…],[…
_ATTRIBUTES: Final = r"\[\"(?:[^\"\\]|\\.)*\",\[(?:\"[^\"]*\",)*\"query\"(?:,\"[^\"]*\")*\],\["
_MARKED: Final = re.compile(_ATTRIBUTES)
_NUMBERED: Final = re.compile(_ATTRIBUTES + r"(?!\[\"row\")")
_ENDS: Final = re.compile(r"[.,;:!?)\]’”…]")
_MARKABLE: Final = (pf.Span, pf.Div, pf.Header)
_SECTION: Final = "This section is for the author."
_EMPTY: Final = (
    pf.Para,
    pf.Plain,
    pf.Note,
    pf.ListItem,
    pf.BulletList,
    pf.OrderedList,
    pf.BlockQuote,
    pf.Div,
)


def count(tree: str) -> int:
    """Return how many queries of a tree (pandoc's JSON) take a number."""
    return len(_NUMBERED.findall(tree.replace(" ", ""))) if f'"{QUERY}"' in tree else 0


def refuse_unread(doc: pf.Doc, text: str, source: Source) -> None:
    """Raise ChapterError where pandoc reads fewer queries in a text than are marked: readers would see the words."""
    if ".query" not in text:
        return
    marked, met = editions.queries(text), len(_MARKED.findall(trees.dump(doc).replace(" ", "")))
    if met < len(marked):
        near = [query for query in marked if text[max(0, query.start - 1) : query.start] == "]"] or marked
        raise ChapterError(
            f"one of {len(marked)} queries is not read as one, and would stand in the text",
            place=source.find(near[0].words[:30]),
            remedy="put a space before its bracket, or the query before a note: pandoc reads ][ as something else",
        )


def flatten(doc: pf.Doc) -> None:
    """Make what stands within a query part of it: of queries within queries only the outermost is one."""

    def unmark(element: pf.Element, _: pf.Doc) -> None:
        if isinstance(element, _MARKABLE) and _is_query(element):
            element.classes.remove(QUERY)

    def visit(element: pf.Element, doc: pf.Doc) -> None:
        if _is_query(element):
            for part in element.content:
                walk(part, unmark, *_MARKABLE)
                unmark(part, doc)

    walk(doc, visit, pf.Span, pf.Div)
    within = 0
    for block in doc.content:
        if isinstance(block, pf.Header) and (not within or block.level <= within):
            within = block.level if _is_query(block) else 0
        elif within:
            walk(block, unmark, *_MARKABLE)
            unmark(block, doc)


def remove(doc: pf.Doc) -> None:
    """Take every query out of a tree, in place, with the notes, items and paragraphs that hold nothing else."""
    doc.content = pf.ListContainer(*_outside(doc.content))

    queries = [span for span in every(doc, pf.Span) if _is_query(span)]
    holders = {id(span.parent) for span in queries if span.location is None}

    def visit(element: pf.Element, _: pf.Doc) -> list[pf.Element] | None:
        if isinstance(element, pf.Div) and _is_query(element):
            return []
        content = element.content
        if not isinstance(content, pf.ListContainer):
            return None
        if id(element) in holders:
            element.content = content = pf.ListContainer(*_closed_up(list(content)))
        return [] if not content and isinstance(element, _EMPTY) and not _named(element) else None

    walk(doc, visit, *HOLDERS)


def show(doc: pf.Doc, form: str, project: Project, first: int) -> None:
    """Bring every query of a tree into the margin, in place; the first without a row has the number ``first``."""
    numbers = iter(range(first, 10**9))

    def mark_of(element: pf.Element) -> str:
        return element.attributes.get("row") or str(next(numbers))

    def visit(element: pf.Element, _: pf.Doc) -> pf.Element | list[pf.Element] | None:
        if isinstance(element, pf.Note) and form in ("docx", "jats"):  # Word has no comments in notes
            walk(element, lambda part, _: as_words(part), pf.Span)
        if not isinstance(element, pf.Span | pf.Div) or not _is_query(element):
            return None
        blocks = isinstance(element, pf.Div)
        content = [part for block in element.content for part in _words(block)] if blocks else element.content
        result = _FORMS[form](mark_of(element), list(content), project)
        return pf.Para(*result) if blocks else result

    doc.content = pf.ListContainer(*_beneath_headings(doc.content))
    walk(doc, _attach, *HOLDERS)
    walk(doc, visit, pf.Note, pf.Span, pf.Div)


def _beneath_headings(blocks: pf.ListContainer) -> Iterator[pf.Element]:
    """Blocks with the queries of a heading in a paragraph beneath it: contents repeat what stands in a heading."""
    for block in blocks:
        yield block
        if not isinstance(block, pf.Header):
            continue
        spans = [span for span in block.content if isinstance(span, pf.Span) and _is_query(span)]
        if spans:
            block.content = pf.ListContainer(*_closed_up(list(block.content)))
        if _is_query(block):
            block.classes.remove(QUERY)
            spans.insert(0, pf.Span(pf.Str(_SECTION), classes=[QUERY]))
        if spans:
            yield pf.Para(*spans)


def _attach(element: pf.Element, _: pf.Doc) -> None:
    """Take the space before a query away: its mark stands at the word."""
    content = getattr(element, "content", None)
    if isinstance(content, pf.ListContainer) and any(
        isinstance(e, pf.Span) and _is_query(e) for e in content
    ):
        items = list(content)
        element.content = pf.ListContainer(
            *(
                e
                for e, after in zip(items, [*items[1:], None], strict=True)
                if not (_is_space(e) and _marks(after))
            )
        )


def _marks(element: pf.Element | None) -> bool:
    return isinstance(element, pf.Span) and _is_query(element)


def _is_query(element: pf.Element) -> bool:
    return QUERY in element.classes


def _named(element: pf.Element) -> bool:
    return bool(getattr(element, "identifier", "") or getattr(element, "classes", ()))


def _outside(blocks: pf.ListContainer) -> Iterator[pf.Element]:
    """Top-level blocks outside sections that are queries."""
    within = 0
    for block in blocks:
        if isinstance(block, pf.Header) and (not within or block.level <= within):
            within = block.level if _is_query(block) else 0
        if not within:
            yield block


def _closed_up(inlines: list[pf.Element]) -> list[pf.Element]:
    """Inlines without queries, and without the space that stood before or after one."""
    results: list[pf.Element] = []
    for at, inline in enumerate(inlines):
        if isinstance(inline, pf.Span) and _is_query(inline):
            following = inlines[at + 1] if at + 1 < len(inlines) else None
            if (
                results
                and _is_space(results[-1])
                and (following is None or _is_space(following) or _ends(following))
            ):
                results.pop()
        elif results or not _is_space(inline):
            results.append(inline)
    return results


def _is_space(inline: pf.Element) -> bool:
    return isinstance(inline, pf.Space | pf.SoftBreak)


def _ends(inline: pf.Element) -> bool:
    return isinstance(inline, pf.Str) and bool(_ENDS.match(inline.text))


def _words(block: pf.Element) -> list[pf.Element]:
    """Return a block's inlines, for a note of one paragraph."""
    if isinstance(block, pf.Para | pf.Plain):
        return [*block.content, pf.Space]
    return [pf.Str(pf.stringify(block)), pf.Space]


# -- one form of margin a format --------------------------------------------------------------------------------


def _on_page(mark: str, content: list[pf.Element], _: Project) -> list[pf.Element]:
    note = [pf.Strong(pf.Str(mark)), pf.Space, *content]
    name = f"query-{mark}" if mark.isdecimal() else ""  # a row may be shown twice
    return [
        pf.Superscript(pf.Span(pf.Str(mark), classes=["query-mark"])),
        pf.Span(*note, identifier=name, classes=["query-note", "column-margin"]),
    ]


def _in_typst(mark: str, content: list[pf.Element], _: Project) -> list[pf.Element]:
    start, end = (pf.RawInline(text, format="typst") for text in (f"#query-note({json.dumps(mark)})[", "]"))
    return [start, *content, end]


def _in_word(mark: str, content: list[pf.Element], project: Project) -> list[pf.Element]:
    date = f"{project.date.isoformat()}T00:00:00Z" if project.date else "1980-01-01T00:00:00Z"
    about = {"author": "", "date": date}  # no file names a person who made it
    return [
        pf.Span(pf.Str(mark), pf.Space, *content, classes=["comment-start"], attributes=about),
        pf.Str(f"[{mark}]"),
        pf.Span(classes=["comment-end"]),
    ]


def has_comments(doc: pf.Doc) -> bool:
    """Whether there are comments of a Word file in a tree."""
    return any({"comment-start", "comment-end"} & {*span.classes} for span in every(doc, pf.Span))


def number_comments(doc: pf.Doc, before: Counter[str]) -> None:
    """Give each comment of a part of a Word file the number that its beginning and end share.

    before: how many begin and end before it, by class; it grows.
    """

    def visit(element: pf.Element, _: pf.Doc) -> None:
        for name in ("comment-start", "comment-end"):
            if name in element.classes:
                element.attributes["id"] = str(before[name])
                before[name] += 1

    walk(doc, visit, pf.Span)


def as_words(element: pf.Element) -> list[pf.Element] | None:
    """Return a comment's words in brackets, for what is written from the Word file's tree and has no comments."""
    if not isinstance(element, pf.Span) or not {"comment-start", "comment-end"} & {*element.classes}:
        return None
    return [pf.Str("["), *element.content, pf.Str("]"), pf.Space] if element.content else []


_FORMS: Final[dict[str, Callable[[str, list[pf.Element], Project], list[pf.Element]]]] = {
    "html": _on_page,
    "typst": _in_typst,
    "docx": _in_word,
    "epub": _on_page,
    "jats": _in_word,  # whose comments the writer turns into words
}


# -- plain text of a tree ---------------------------------------------------------------------------------------


def parse_without(text: str) -> pf.Doc:
    """Return the tree of a Markdown text without its queries."""
    doc = trees.parse(text)
    remove(doc)
    return doc
