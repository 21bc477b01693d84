"""How the whole book cites: each page tells works apart, and numbers them, as the PDF and the list of references do.

A page is written by itself, and pandoc's citeproc knows of it alone. So it is given all works that the book cites, in
the book's order, before the page's own text, and what comes of them is taken out again. Quarto doesn't do so:
https://github.com/quarto-dev/quarto-cli/issues/4160
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import panflute as pf

from paper.numbering import citing
from paper.numbering.numbering import NumberedChapter
from paper.project import Project
from paper.text.source import Source
from paper.tools import pandoc
from paper.tools.cache import Cache, digest, file_digest

FILTER = Path(__file__).parent / "own_works.lua"
HIDDEN = "paper-book-citations"


@dataclass(frozen=True)
class BookCitations:
    """The works that the book cites, in its order.

    forms: key → what a citation of it alone prints, as pandoc's JSON; sources: the chapters, whose bibliographies
    hold the works; in_notes: whether the style cites in notes, where a work's first citation on a page is told apart
    from later ones.
    """

    keys: tuple[str, ...] = ()
    forms: dict[str, str] = field(default_factory=dict)
    sources: tuple[Source, ...] = ()
    in_notes: bool = False

    def forms_of(self, keys: Iterable[str]) -> list[tuple[str, str]]:
        """Return what the book makes of these works: all that a page's citations depend on beside the page."""
        return [(key, self.forms.get(key, "")) for key in keys]


def of_book(project: Project, chapters: Sequence[NumberedChapter], cache: Cache) -> BookCitations:
    """Return how the book cites. Raises CitationError where a bibliography can't be read."""
    sources = tuple(chapter.source for chapter in chapters)
    cited = [key for chapter in chapters for key in chapter.outline.cites]
    listed = [key for source in sources for key in citing.nocite(project, source)]
    if not cited and not listed:
        return BookCitations()
    known = citing.known_keys(citing.files(project, sources))
    keys = tuple(key for key in dict.fromkeys([*cited, *listed]) if key in known)
    asked = [*citing.citation_args(project, sources, merged=True), "--metadata=suppress-bibliography:true"]
    paths = [Path(arg.partition("=")[2]) for arg in asked if arg.startswith(("--bib", "--csl"))]
    settings = [arg for arg in asked if arg.startswith("--metadata")]
    key = digest("book citations", keys, settings, [file_digest(path) for path in paths], pandoc.binary())
    forms = cache.get("citations", key)
    if forms is None:
        doc = pf.Doc(*(pf.Para(_cite(key)) for key in keys), api_version=(1, 23, 1))
        written: dict[str, Any] = json.loads(pandoc.run(json.dumps(doc.to_json()), to="json", args=asked))
        forms = {key: json.dumps(block["c"]) for key, block in zip(keys, written["blocks"], strict=False)}
        cache.put("citations", key, forms)
    return BookCitations(keys, forms, sources, _cites_in_notes(citing.style(project)))


def prepare(doc: pf.Doc, book: BookCitations, own: Collection[str]) -> list[str]:
    """Put the book's citations before a page's text, in place; returns what pandoc needs to be told.

    own: the works that the page lists; "*" stands for all.
    """
    if "*" in own:
        doc.metadata["nocite"] = pf.MetaInlines(_cite("*"))
        return []
    if book.in_notes:
        doc.metadata["nocite"] = pf.MetaInlines(*(_cite(key) for key in book.keys))
    else:
        hidden = pf.Div(pf.Para(*(_cite(key) for key in book.keys)), classes=[HIDDEN])
        doc.content.insert(0, hidden)
    doc.metadata["paper-own-works"] = pf.MetaList(*(pf.MetaString(key) for key in own))
    return [f"--lua-filter={FILTER}"]


def _cite(key: str) -> pf.Cite:
    return pf.Cite(citations=[pf.Citation(key, mode="NormalCitation")])


def _cites_in_notes(style: Path | None) -> bool:
    """Whether a CSL style is one of notes.

    https://docs.citationstyles.org/en/stable/specification.html#the-root-element
    """
    if style is None:
        return False
    head = style.read_text("utf8", errors="replace")[:5000]
    return bool(re.search(r"<style\b[^>]*\bclass=[\"']note[\"']", head))
