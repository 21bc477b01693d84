"""What a writer makes of each chapter, kept under a digest of all that it depends on.

After an edit the other chapters are neither numbered nor converted again for the forms that are one file: they come
from the cache as they went into it.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import panflute as pf

from paper.numbering.numbering import NumberedChapter
from paper.report import Fault
from paper.tools import trees
from paper.tools.cache import Cache, digest


@dataclass(frozen=True)
class Conversions:
    """The conversions of one writer. Without a cache each is made when it is asked for."""

    writer: str
    """Its name, and what else tells its conversions apart from those of others."""
    cache: Cache | None = None
    """Where they are kept."""

    def of(
        self, chapter: NumberedChapter, around: Any, convert: Callable[[], tuple[list[pf.Element], Any]]
    ) -> tuple[list[pf.Element], Any]:
        """Return a chapter's blocks as the writer makes them, and what it notes beside them.

        around: what the writer takes of the rest of the book, as JSON can hold it; convert: makes blocks and notes,
        the notes again as JSON can hold them.
        """
        if self.cache is None:
            return convert()
        key = digest("conversion", self.writer, chapter.numbered_key, json.dumps(around))
        kept = self.cache.get("conversions", key)
        if kept is not None and all(Path(path).is_file() for path in kept["files"]):
            chapter.book.told[chapter.path] = [Fault(**fault) for fault in kept["told"]]
            return trees.elements(kept["blocks"]), kept["beside"]
        blocks, beside = convert()
        kept = {
            "blocks": [block.to_json() for block in blocks],
            "beside": beside,
            "told": [vars(fault) for fault in chapter.book.told.get(chapter.path, ())],
            "files": chapter.book.files.get(chapter.path, []),
        }
        self.cache.put("conversions", key, kept)
        return blocks, beside
