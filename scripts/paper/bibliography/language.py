"""The language of a work by the letters of its title, and the .bib file as pandoc is to read it.

Pandoc puts every title in lower case that doesn't say that it is of another language than English
("Управление в республике казахстан"); ``langid`` says so. Where the author's file lacks it, pandoc reads a copy
that has it (``ordering``), line by line as the original, so that places in messages hold. The author's file stays.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from paper.bibliography.model import Bibliography, Entry

SORT_FIELD = "library"
"""The field of biblatex that carries a sort key; pandoc gives it to styles as ``call-number``."""
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


_ROMAN = "а:a б:b в:v г:g ґ:g д:d е:e ё:e ж:zh з:z и:i й:y і:i ї:i к:k л:l м:m н:n о:o п:p р:r с:s т:t у:u ф:f х:kh"
_MORE = "ц:ts ч:ch ш:sh щ:shch ъ: ы:y ь: э:e ю:yu я:ya є:ye ә:a ғ:g қ:q ң:n ө:o ұ:u ү:u һ:h"
_TABLE = str.maketrans(dict(pair.split(":") for pair in f"{_ROMAN} {_MORE}".split()))


def in_latin_letters(text: str) -> str:
    """Return a text in lower case with its Cyrillic letters in Latin ones (BGN/PCGN, without accents)."""
    return text if text.isascii() else text.translate(_TABLE)


def titles_in_order(entry: Entry) -> str:
    """Return what follows the title where it is given in other letters and words: (transliteration) [translation]."""
    latin, meant = entry.get("title-transliterated"), entry.get("title-translated")
    return (f" ({latin})" if latin else "") + (f" [{meant}]" if meant else "")


def named(bib: Bibliography, key: Callable[[Entry], str] = lambda _: "") -> str:
    """Return the file's text as pandoc is to read it: with languages, sort keys, and titles in all their forms.

    What is added stands behind the key of an entry, on its line, or at the end of the title: lines stay as they are.
    key: gives an entry's sort key, "" for none.
    """
    pieces, done = [], 0
    for entry in bib.entries:
        comma = bib.text.find(",", entry.start, entry.end)
        if not entry.sound or comma < 0:
            continue
        language, sorting, more = missing(entry), key(entry), titles_in_order(entry)
        if not (language or sorting or more):
            continue
        pieces += [bib.text[done : comma + 1], f" langid = {{{language}}}," if language else ""]
        pieces.append(f" {SORT_FIELD} = {{{sorting}}}," if sorting else "")
        done = comma + 1
        title = next((one for one in reversed(entry.fields) if one.name.lower() == "title"), None)
        if more and title and title.raw[:1] in ("{", '"'):
            pieces += [bib.text[done : title.end - 1], more]
            done = title.end - 1
    return "".join([*pieces, bib.text[done:]])
