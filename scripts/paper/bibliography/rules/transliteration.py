"""Kazakh and Russian in Latin letters: names and titles that mix two ways of writing them.

The ways told apart, with the letters that betray them (tables: BGN/PCGN 1947, ALA-LC 1997, ISO 9:1995,
GOST 7.79-2000 system B and the passport and machine forms with j):

========  ===================================
BGN/PCGN  ya yu zh kh ts shch, -iy, -yy
ALA-LC    ia iu zh kh ts shch, -ii
ISO 9     â û ž š č, -ij with diacritics
GOST      ja ju je, -ij, h for kh, c for ts
========  ===================================
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator

from paper.bibliography.names import Name, fold
from paper.bibliography.reader import Entry
from paper.bibliography.rules import Finding, Library, at, rule

# Endings and words that only transliterated Russian or Kazakh has.
_RUSSIAN = re.compile(
    r"(?i)(?:\b(?:respublik[ieau]|kazakhstana?|kazahstan[ae]?|gosudarstvenn\w+|sistem[yeua]|o|ob|na|dlya|dlja|dlia|razviti[yi]?[aeuj]*|"
    r"upravleni[yi]?[aej]*|uslug[aiu]?|zakon\w*|ukaz\w*|postanovleni\w+|istor[yi]+[aj]*|sozdani\w+|sovershenstvovani\w+|ocenk[aiu]|otsenk[aiu]|"
    r"memlekettik|turaly|zhene|qyzmet\w*|kyzmet\w*)\b|\w+(?:nykh|nyh|skogo|skoj|skoi|skoy|aniya|anija|aniia|eniya|enija|eniia|ostej|ostei|ostey)\b)"
)
_SIGNS = {
    "BGN/PCGN": re.compile(
        r"(?i)\w*(?:[aeiou]y[aeu]|[bcdfghklmnprstvz]y[au]|iya|iyu|iye|(?<=[st])kiy|nyy)\w*|\by[aeu]\w+"
    ),
    "ALA-LC": re.compile(r"(?i)\w{2,}(?:iia|iiu|iiakh)\w*|\w+[bcdfghklmnprstvz]ii\b|\w+iu\b|\biu\w+"),
    "ISO 9": re.compile(r"(?i)\w*[âûžšščʹ]\w*"),
    "GOST": re.compile(
        r"(?i)\w*(?:[bcdfghklmnprstvzaeiou]j[aeu]|ij\b|ej\b|oj\b|yj\b|\bj[aeu]\w)\w*|\w*(?:nyh|kih|nih)\b|\b\w*ocenk\w*|\bcentr\w+"
    ),
}


@rule(
    "title-transliteration", "warning", "a Russian or Kazakh title transliterated otherwise than the others",
    "write all in one way; BGN/PCGN (ya, yu, kh, ts) reads easiest",
)  # fmt: skip
def title_transliteration(library: Library) -> Iterator[Finding]:
    found: list[tuple[Entry, str, str, str]] = []
    for entry in library.entries:
        for field in ("title", "titleaddon", "booktitle", "note"):
            value = entry.get(field)
            if not value or (not value.isascii() and re.search(r"[Ѐ-ӿ]", value)):
                continue
            text = re.sub(r"\[[^\]]*\]", " ", re.sub(r"[{}'’]", "", value))
            if len({match.group().lower() for match in _RUSSIAN.finditer(text)}) < 2:
                continue
            way, word = _way(text)
            if way:
                found.append((entry, field, way, word))
    ways = Counter(way for _, _, way, _ in found)
    if len(ways) > 1:
        order = [way for _, _, way, _ in found]
        common = max(ways, key=lambda way: (ways[way], way == "BGN/PCGN", -order.index(way)))
        for entry, field, way, word in found:
            if way != common:
                yield at(
                    entry, field, f"{entry.key} is transliterated by {way} ({word}), the others by {common}"
                )


def _way(text: str) -> tuple[str, str]:
    """The way that most words betray, and one of those words."""
    counts = {way: [m.group() for m in sign.finditer(text)] for way, sign in _SIGNS.items()}
    way = max(counts, key=lambda way: len(counts[way]))
    return (way, counts[way][0]) if counts[way] else ("", "")


# A name that is Russian or Kazakh by its ending.
_EASTERN = re.compile(
    r"(?:[yji]?[oe]v|[yji]?[oe]va|in|ina|s[kc][iy][yij]?|skij|ska[jyi]?a|enko|uly|[kq]yzy|ba[yij]|bek|k?han|zh?an|jan)$"
)
# Spellings of one Cyrillic letter, longest first, and what stands for all of them.
_LETTERS = (
    ("shch", "S"), ("šč", "S"), ("sch", "S"), ("shh", "S"), ("zh", "Z"), ("dzh", "Z"), ("dj", "Z"), ("kh", "h"), ("gh", "g"),
    ("ts", "c"), ("tz", "c"), ("ch", "C"), ("sh", "s"), ("ya", "A"), ("ia", "A"), ("ja", "A"), ("yu", "U"), ("iu", "U"),
    ("ju", "U"), ("yo", "e"), ("jo", "e"), ("ye", "e"), ("je", "e"), ("ie", "e"), ("iy", "i"), ("yy", "i"), ("ij", "i"), ("ii", "i"),
    ("yi", "i"), ("yj", "i"), ("ay", "ai"), ("ey", "ei"), ("oy", "oi"), ("uy", "ui"), ("aj", "ai"), ("ej", "ei"), ("oj", "oi"),
    ("y", "i"), ("j", "Z"), ("q", "k"), ("x", "ks"), ("w", "v"), ("'", ""),
)  # fmt: skip


def skeleton(family: str) -> str:
    """What all Latin spellings of one Cyrillic family name share."""
    text, out, at_ = fold(family).replace(" ", "").replace("-", ""), [], 0
    while at_ < len(text):
        for spelling, letter in _LETTERS:
            if text.startswith(spelling, at_):
                out.append(letter)
                at_ += len(spelling)
                break
        else:
            out.append(text[at_])
            at_ += 1
    return re.sub(r"(.)\1", r"\1", "".join(out))


@rule(
    "name-transliteration",
    "warning",
    "one Russian or Kazakh name in two Latin spellings",
    "write it as its bearer does, everywhere",
)
def name_transliteration(library: Library) -> Iterator[Finding]:
    groups: dict[str, dict[str, list[tuple[Name, Entry, str]]]] = defaultdict(lambda: defaultdict(list))
    for entry, role, names in library.named:
        for name in names:
            family = fold(name.family)
            if not name.body and name.given and re.search(r"[a-z]", family):
                groups[_cached_skeleton(family)][family].append((name, entry, role))
    for spellings in groups.values():
        if len(spellings) < 2 or not any(_EASTERN.search(family) for family in spellings):
            continue
        ranked = sorted(spellings, key=lambda family: (-len(spellings[family]), family))
        usual = spellings[ranked[0]][0]
        for family in ranked[1:]:
            for name, entry, role in spellings[family]:
                if _cached_skeleton(name.initials[:1]) == _cached_skeleton(usual[0].initials[:1]) or "" in (
                    name.given,
                    usual[0].given,
                ):
                    yield at(
                        entry, role, f"{name.text!r} is spelt {usual[0].text!r} at {library.place(usual[1])}"
                    )


_SKELETONS: dict[str, str] = {}


def _cached_skeleton(family: str) -> str:
    if family not in _SKELETONS:
        _SKELETONS[family] = skeleton(family)
    return _SKELETONS[family]
