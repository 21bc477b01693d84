"""Labels of the whole PDF: chapters may share ids, and a link leads to that of its own chapter."""

from __future__ import annotations

from collections.abc import Sequence

from paper.numbering.numbering import NumberedChapter
from paper.parsing.tree import identifiers
from paper.tools.cache import Cache, digest


class Labels:
    """The label of each id of each chapter. An id that an earlier chapter has gets the chapter's number before it."""

    def __init__(self, chapters: Sequence[NumberedChapter], cache: Cache | None = None) -> None:
        self._labels: dict[tuple[str, str], str] = {}
        self._first: dict[str, str] = {}
        for at, chapter in enumerate(chapters):
            for identifier in dict.fromkeys([chapter.id, *_identifiers(chapter, cache)]):
                label = identifier
                if identifier in self._first:
                    label = f"{at}.{identifier}"
                self._first.setdefault(identifier, label)
                self._labels[(chapter.page, identifier)] = label

    def own(self, page: str, identifier: str) -> str:
        """Return the label of an id on its own page."""
        return self._labels.get((page, identifier), identifier)

    def resolve(self, page: str, identifier: str, *, elsewhere: bool = True) -> str:
        """Return the label that an id on a page leads to, "" for none.

        elsewhere: whether it may be an id of another page, the first of the book that has it.
        """
        own = self._labels.get((page, identifier))
        return own or (self._first.get(identifier, "") if elsewhere else "")

    @property
    def key(self) -> str:
        """What tells these labels apart from any others."""
        return digest(*(f"{page}#{identifier}={label}" for (page, identifier), label in self._labels.items()))


def _identifiers(chapter: NumberedChapter, cache: Cache | None) -> list[str]:
    kept = cache.get("identifiers", chapter.numbered_key) if cache else None
    if kept is None:
        kept = identifiers(chapter.doc)
        if cache:
            cache.put("identifiers", chapter.numbered_key, kept)
    return list(kept)
