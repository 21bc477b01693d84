"""The sections of an article as pandoc wrote them before, and what of a chapter tells on more than its sections."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

import panflute as pf

from paper.numbering import joining
from paper.parsing.tree import every
from paper.tools.cache import Cache
from paper.writers import skeletons
from paper.writers.skeletons import Text

_END = "</body>"
_NOTE = '"t":"Note"'
_WORKS = '["refs",'


def skeleton(blocks: Iterable[pf.Element]) -> str:
    """Return those blocks that tell on what stands behind the text: with notes or the list of works, and headings."""
    return joining.text_of(
        block for block in blocks if any(map(_tells, every(block, pf.Header, pf.Note, pf.Div)))
    )


def _tells(element: pf.Element) -> bool:
    return not isinstance(element, pf.Div) or element.identifier == "refs"


def write(
    texts: Sequence[Text], around: object, to_xml: Callable[[Sequence[str]], str], cache: Cache | None
) -> str:
    """Return pandoc's article.

    around: all that sections depend on besides the text, as ``str`` tells it apart; to_xml: lets pandoc write texts;
    cache: where sections are kept.
    """
    # Notes are numbered over the whole article.
    notes = itertools.accumulate((text.whole.count(_NOTE) for text in texts), initial=0)
    placed = [replace(text, around=before) for text, before in zip(texts, notes, strict=False)]
    return skeletons.Form("jats-sections", around, to_xml, _shares, _put).write(placed, cache)


def _bounds(xml: str, texts: Sequence[Text]) -> list[int] | None:
    """Return where the sections of each text begin, and where the last end; None where that is not clear.

    A text has none (-1) without a heading, or where it is the list of works, which pandoc puts behind the text.
    """
    marks = [f'<sec id="{text.first}"' for text in texts]
    if any(xml.count(mark) > 1 for mark in marks):
        return None
    results = [xml.find(mark) if text.first else -1 for mark, text in zip(marks, texts, strict=True)]
    end = xml.find(_END)
    starts = [start for start in results if start >= 0]
    if end < 0 or xml.count(_END) != 1 or starts != sorted(starts) or any(start > end for start in starts):
        return None
    return [*results, end]


def _shares(xml: str, texts: Sequence[Text]) -> list[str | None]:
    """Return the sections of each text; of none where it is not clear which are whose."""
    bounds = _bounds(xml, texts)
    if bounds is None:
        return [None for _ in texts]
    # What a text without sections holds may stand at the end of the one before it, and what stands beside the list of
    # works in its section at the end of all.
    lists = [_WORKS in text.whole for text in texts]
    results = [
        xml[start:end] if start >= 0 and end >= 0 and not own else None
        for (start, end), own in zip(itertools.pairwise(bounds), lists, strict=True)
    ]
    if any(lists):
        results[-1:] = [None]
    return results


def _put(xml: str, texts: Sequence[Text], kept: Sequence[str | None]) -> str | None:
    bounds = _bounds(xml, texts)
    if bounds is None:
        return None
    results: list[str] = []
    at = 0
    for (start, end), share in zip(itertools.pairwise(bounds), kept, strict=True):
        if share is not None:
            if start < 0 or end < 0:
                return None
            results += [xml[at:start], share]
            at = end
    return "".join([*results, xml[at:]])
