"""The language of a work by the letters of its title, and the .bib file as pandoc is to read it.

Pandoc puts every title in lower case that doesn't say that it is of another language than English
("Управление в республике казахстан"); ``langid`` says so. Where the author's file lacks it, pandoc reads a copy
that has it, line by line as the original, so that places in messages hold. The author's file stays as it is.
"""

from __future__ import annotations

import hashlib
import re
from functools import lru_cache
from pathlib import Path

from paper.bibliography.model import Bibliography, Entry

_CYRILLIC = re.compile("[Ѐ-ӿ]")
_GREEK = re.compile("[Ͱ-Ͽἀ-῿]")
_LETTER = re.compile(r"[^\W\d_]")
# Letters that Russian hasn't: Kazakh's, and Ukrainian's.
_KAZAKH = re.compile("[әғқңөұүһӘҒҚҢӨҰҮҺ]")
_UKRAINIAN = re.compile("[їєґЇЄҐ]")


def of_title(entry: Entry) -> str:
    """Return the language of a title in Cyrillic or Greek letters, as babel names it; "" for any other."""
    title = entry.get("title", "booktitle")
    if title.isascii():
        return ""
    letters = len(_LETTER.findall(title))
    if 2 * len(_GREEK.findall(title)) > letters:
        return "greek"
    if 2 * len(_CYRILLIC.findall(title)) <= letters:
        return ""
    whole = " ".join(
        entry.get(name) for name in ("title", "subtitle", "booktitle", "journaltitle", "journal")
    )
    return "kazakh" if _KAZAKH.search(whole) else "ukrainian" if _UKRAINIAN.search(whole) else "russian"


def missing(entry: Entry) -> str:
    """Return the language that an entry should name and doesn't, or ""."""
    return "" if entry.get("langid", "hyphenation") else of_title(entry)


def for_pandoc(path: Path, root: Path) -> Path:
    """Return the .bib file that pandoc is to read: the author's, or a copy in ``.paper/`` that names languages.

    Raises OSError where the file can't be read.
    """
    if path.suffix not in (".bib", ".bibtex"):
        return path
    return _for_pandoc(path, root, path.stat().st_mtime_ns)


@lru_cache(maxsize=16)
def _for_pandoc(path: Path, root: Path, _: int) -> Path:
    from paper.bibliography.reader import read

    bib = read(path)
    text = named(bib)
    if text == bib.text:
        return path
    copy = root / ".paper" / "references" / f"{hashlib.sha256(text.encode()).hexdigest()[:20]}.bib"
    if not copy.is_file():
        from paper.tools.cache import write_atomic

        write_atomic(copy, text.encode())
    return copy


def named(bib: Bibliography) -> str:
    """Return the file's text with ``langid`` in each entry that lacks it, behind the key, on the key's line."""
    pieces, done = [], 0
    for entry in bib.entries:
        language = missing(entry)
        comma = bib.text.find(",", entry.start, entry.end)
        if language and entry.sound and comma > 0:
            pieces += [bib.text[done : comma + 1], f" langid = {{{language}}},"]
            done = comma + 1
    return "".join([*pieces, bib.text[done:]])
