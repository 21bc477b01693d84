"""The pages of an EPUB as pandoc wrote them before, and what of a chapter tells on more than its pages."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterable, Sequence
from typing import Final

import panflute as pf

from paper.numbering import joining
from paper.parsing.tree import RAW, every
from paper.tools.cache import Cache, digest
from paper.writers import skeletons
from paper.writers.skeletons import Text

_PAGE: Final = re.compile(r"EPUB/text/ch\d+\.xhtml")
_SECTION: Final = re.compile(r'<section id="([^"]*)"')

Files = dict[str, bytes]
Pages = dict[str, str]


def skeleton(blocks: Iterable[pf.Element]) -> str:
    """Return those blocks that tell on contents, names and what is listed: with headings, pictures, files in HTML."""
    return joining.text_of(
        block for block in blocks if any(map(_tells, every(block, pf.Header, pf.Image, *RAW)))
    )


def _tells(element: pf.Element) -> bool:
    """Whether an element is a heading or a picture, or HTML whose files pandoc puts into the package."""
    return not isinstance(element, RAW) or re.search(r"\b(?:src|poster)\b", element.text) is not None


def write(
    texts: Sequence[Text], around: object, to_epub: Callable[[Sequence[str]], bytes], cache: Cache | None
) -> Files:
    """Return the files of pandoc's EPUB by name.

    around: all that pages depend on besides the text, as ``str`` tells it apart; to_epub: lets pandoc write texts;
    cache: where pages are kept.
    """
    # What isn't its own a page knows by ids of headings and names of pictures, and skeletons have all of them.
    book = digest(around, *(text.skeleton for text in texts))
    return skeletons.Form("epub-pages", book, lambda given: _files(to_epub(given)), _shares, _put).write(
        texts, cache
    )


def _files(content: bytes) -> Files:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist() if not name.endswith("/")}


def _shares(files: Files, texts: Sequence[Text]) -> list[Pages | None]:
    """Return the pages of each text by name; of none where it is not clear which are whose."""
    results: list[Pages | None] = []
    left = [text.first for text in texts]
    pages: Pages = {}
    for name in sorted(name for name in files if _PAGE.fullmatch(name)):
        page = files[name].decode()
        section = _SECTION.search(page)
        if section is not None and left and section[1] == left[0]:
            left.pop(0)
            pages = {}
            results.append(pages)
        pages[name] = page
    return [None for _ in texts] if left else results


def _put(files: Files, texts: Sequence[Text], kept: Sequence[Pages | None]) -> Files | None:
    own = _shares(files, texts)
    if any(
        pages is not None and sorted(pages) != sorted(new or ()) for pages, new in zip(kept, own, strict=True)
    ):
        return None
    return files | {
        name: page.encode() for pages in kept if pages is not None for name, page in pages.items()
    }
