"""Pages of an EPUB that pandoc wrote before, kept as long as nothing that they are made from changes.

pandoc writes the package of a whole book, which takes longest for the text of its pages. Of chapters whose pages are
kept it is given a skeleton: headings, pictures and marks, from which come contents, names of files and what is listed.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import panflute as pf

from paper.numbering import joining
from paper.parsing.tree import RAW, every
from paper.tools import pandoc
from paper.tools.cache import Cache, digest

_PAGE: Final = re.compile(r"EPUB/text/ch\d+\.xhtml")
_SECTION: Final = re.compile(r'<section id="([^"]*)"')

Files = dict[str, bytes]
Write = Callable[[Sequence[str]], bytes]
"""Returns pandoc's EPUB of texts, the blocks of each in pandoc's JSON."""


@dataclass(frozen=True)
class Text:
    """The text of a chapter as it goes to pandoc."""

    whole: str
    """All its blocks."""
    skeleton: str
    """Those that tell on other files than its pages."""
    first: str
    """The id of its first heading, which begins its first page."""


def skeleton(blocks: Iterable[pf.Element]) -> str:
    """Return those blocks that tell on contents, names and what is listed: with headings, pictures, files in HTML."""
    return joining.text_of(
        block for block in blocks if any(map(_tells, every(block, pf.Header, pf.Image, *RAW)))
    )


def _tells(element: pf.Element) -> bool:
    """Whether an element is a heading or a picture, or HTML whose files pandoc puts into the package."""
    return not isinstance(element, RAW) or re.search(r"\b(?:src|poster)\b", element.text) is not None


def write(texts: Sequence[Text], around: object, to_epub: Write, cache: Cache | None) -> Files:
    """Return the files of pandoc's EPUB by name.

    around: all that pages depend on besides the text, as ``str`` tells it apart; cache: where pages are kept.
    """
    if cache is None:
        return _files(to_epub([text.whole for text in texts]))
    # What isn't its own a page knows by ids of headings and names of pictures, and skeletons have all of them.
    book = digest("epub-pages", pandoc.binary(), around, *(text.skeleton for text in texts))
    keys = [digest(book, text.first, text.whole) for text in texts]
    kept = [cache.get("epub-pages", key) for key in keys]
    if any(kept):
        files = _files(
            to_epub(
                [
                    text.whole if pages is None else text.skeleton
                    for text, pages in zip(texts, kept, strict=True)
                ]
            )
        )
        shares = _shares(files, texts)
        if all(pages is None or sorted(pages) == names for pages, names in zip(kept, shares, strict=True)):
            for pages in filter(None, kept):
                files |= {name: page.encode() for name, page in pages.items()}
            _keep(cache, keys, kept, files, shares)
            return files
    files = _files(to_epub([text.whole for text in texts]))
    _keep(cache, keys, [None for _ in keys], files, _shares(files, texts))
    return files


def _files(content: bytes) -> Files:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist() if not name.endswith("/")}


def _shares(files: Files, texts: Sequence[Text]) -> list[list[str]]:
    """Return the names of the pages of each text; of none where it is not clear which are whose."""
    results: list[list[str]] = []
    left = [text.first for text in texts]
    for name in sorted(name for name in files if _PAGE.fullmatch(name)):
        section = _SECTION.search(files[name].decode())
        if section is not None and left and section[1] == left[0]:
            left.pop(0)
            results.append([])
        if not results:
            break
        results[-1].append(name)
    return [[] for _ in texts] if left else results


def _keep(
    cache: Cache, keys: Sequence[str], kept: Sequence[object], files: Files, shares: Sequence[Sequence[str]]
) -> None:
    for key, known, names in zip(keys, kept, shares, strict=True):
        if known is None and names:
            cache.put("epub-pages", key, {name: files[name].decode() for name in names})
