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
from functools import lru_cache

from rapidfuzz import fuzz

from paper.bibliography.model import Entry
from paper.bibliography.names import Name, fold
from paper.bibliography.rules import Finding, Library, at, rule

# Words and endings that only transliterated Russian or Kazakh has.
_TELLING = """
respublika respubliki respublike respubliku kazakhstana kazakhstane kazahstana kazahstane sistema sistemy sisteme
sistemu dlya dlja dlia razvitie razvitiya razvitija razvitiia upravlenie upravleniya upravlenija upravleniia uslug
uslugi uslugakh uslugah zakon zakona zakony ukaz ukaza postanovlenie istoriya istorija istoriia sozdanie sozdaniya
sozdanija sozdaniia ocenka ocenki otsenka otsenki reestr reestra memlekettik turaly zhene qyzmet kyzmet qyzmetter
kyzmetter
"""
_WORDS = frozenset(_TELLING.split())
_ENDINGS = (
    *(
        "nykh",
        "nyh",
        "skogo",
        "skoj",
        "skoi",
        "skoy",
        "stvennyi",
        "stvennyy",
        "stvennyj",
        "stvennoi",
        "stvennoj",
    ),
    *(
        "aniya",
        "anija",
        "aniia",
        "eniya",
        "enija",
        "eniia",
        "enii",
        "anii",
        "ostej",
        "ostei",
        "ostey",
        "telej",
    ),
)
_PARTICLES = frozenset({"o", "ob", "na", "po", "v", "i"})
# What betrays each way, within one word in lower case.
_SIGNS = {
    "BGN/PCGN": re.compile(r"[aeiou]y[aeu]|[bcdfghklmnprstvz]y[au]|iya|iyu|iye|(?:st|k|s)kiy$|nyy$|^y[aeu]."),
    "ALA-LC": re.compile(r"..(?:iia|iiu)|[kgh]ii$|[^aeiou]iu$|^iu."),
    "ISO 9": re.compile(r"[âûžšč]"),
    "GOST": re.compile(
        r"[bcdfghklmnprstvzaeiou]j[aeu]|[ieoy]j$|^j[aeu].|(?:ny|ki|ni)h$|^ocenk|^centr.*(?:yj|oj|yh|nogo)$"
    ),
}


@rule(
    "title-transliteration", "warning", "write all in one way; BGN/PCGN (ya, yu, kh, ts) reads easiest"
)  # fmt: skip
def title_transliteration(library: Library) -> Iterator[Finding]:
    """Find a Russian or Kazakh title transliterated otherwise than the others."""
    results: list[tuple[Entry, str, str, str]] = []
    for entry in library.entries:
        for field in ("title", "titleaddon", "booktitle", "note"):
            value = entry.get(field)
            if not value or (not value.isascii() and re.search(r"[Ѐ-ӿ]", value)):
                continue
            words = _words(value)
            if not words:
                continue
            way, word = _way(words)
            if way:
                results.append((entry, field, way, word))
    ways = Counter(way for _, _, way, _ in results)
    if len(ways) > 1:
        order = [way for _, _, way, _ in results]
        common = max(ways, key=lambda way: (ways[way], way == "BGN/PCGN", -order.index(way)))
        for entry, field, way, word in results:
            if way != common:
                yield at(
                    entry, field, f"{entry.key} is transliterated by {way} ({word}), the others by {common}"
                )


def is_transliterated(title: str) -> bool:
    """Return whether a title is Russian or Kazakh in Latin letters."""
    return bool(title) and bool(_words(title))


def _words(value: str) -> list[str]:
    """Return a title's words in lower case, without translations in brackets; none where it isn't transliterated."""
    text = value.lower()
    if "[" in text:
        text = re.sub(r"\[[^\[\]]*\]", " ", text)
    words = re.findall(r"[^\W\d_]+", re.sub(r"[{}'’ʹ]", "", text))
    sure = {word for word in words if word in _WORDS or word.endswith(_ENDINGS)}
    return words if sure and len(sure) + len(_PARTICLES.intersection(words)) >= 2 else []


def _way(words: list[str]) -> tuple[str, str]:
    """Return the way that most words betray, and one of those words."""
    match = {way: [word for word in words if sign.search(word)] for way, sign in _SIGNS.items()}
    way = max(match, key=lambda way: len(match[way]))
    return (way, match[way][0]) if match[way] else ("", "")


# A name that is Russian or Kazakh by its ending.
_EASTERN = re.compile(
    r"(?:[yji]?[oe]v|[yji]?[oe]va|s[kc][iy][yij]?|skij|ska[jyi]?a|enko|uly|[kq]yzy|ba[yij]|bek|khan|zhan)$"
)
# Spellings of one Cyrillic letter, and what stands for all of them.
_LETTERS = {
    **dict.fromkeys(("shch", "sch", "shh"), "S"),
    **dict.fromkeys(("zh", "dzh", "dj", "j"), "Z"),
    **dict.fromkeys(("ts", "tz"), "c"),
    **dict.fromkeys(("ya", "ia", "ja"), "A"),
    **dict.fromkeys(("yu", "iu", "ju"), "U"),
    **dict.fromkeys(("yo", "jo", "ye", "je", "ie"), "e"),
    **dict.fromkeys(("iy", "yy", "ij", "ii", "yi", "yj", "y"), "i"),
    **{"ay": "ai", "aj": "ai", "ey": "ei", "ej": "ei", "oy": "oi", "oj": "oi", "uy": "ui", "uj": "ui"},
    **{"kh": "h", "gh": "g", "ch": "C", "sh": "s", "q": "k", "x": "ks", "w": "v", "'": ""},
}
_SPELLING = re.compile("|".join(sorted(map(re.escape, _LETTERS), key=len, reverse=True)))


_ACCENTED = str.maketrans({"š": "sh", "č": "ch", "ž": "zh", "Š": "sh", "Č": "ch", "Ž": "zh"})


@lru_cache(maxsize=100_000)
def skeletons(name: str) -> frozenset[str]:
    """Return what all Latin spellings of one Cyrillic name share; two forms where J may stand for ж and for й."""
    text = re.sub(r"[\s-]", "", fold(name.translate(_ACCENTED)))
    forms = {text, re.sub(r"^j(?=[aeiou])", "zh", text)}
    return frozenset(_skeleton(re.sub(r"(?<=[aeiou])[yij](?=[aeu])", "", form)) for form in forms)


def _skeleton(text: str) -> str:
    return re.sub(r"(.)\1", r"\1", _SPELLING.sub(lambda match: _LETTERS[match.group()], text))


@rule("name-transliteration", "warning", "write it as its bearer does, everywhere")
def name_transliteration(library: Library) -> Iterator[Finding]:
    """Find one Russian or Kazakh name in two Latin spellings."""
    groups: dict[str, list[str]] = defaultdict(list)
    for family in library.people_by_family_name:
        if family.isascii():
            for form in skeletons(library.people_by_family_name[family][0][0].family):
                groups[form].append(family)
    for spellings in groups.values():
        if len(spellings) < 2 or not any(_EASTERN.search(family) for family in spellings):
            continue
        sure = any(_SURE.search(family) for family in spellings)
        ranked = sorted(spellings, key=lambda family: -len(library.people_by_family_name[family]))
        usual = library.people_by_family_name[ranked[0]]
        for family in ranked[1:]:
            for name, entry, role in library.people_by_family_name[family]:
                match = next((one for one in usual if _may_be_one(name, one[0], sure)), None)
                if match:
                    where = library.place(match[1])
                    yield at(entry, role, f"{name.text!r} is spelt {match[0].text!r} at {where}")


# Endings that no other language's names have: "khan" and "ba" are borne from Pakistan to China.
_SURE = re.compile(r"(?:[yji]?[oe]v|[yji]?[oe]va|skij|skiy|skii|ska[jyi]a|enko|uly|[kq]yzy|baye?v|zhan)$")


def _may_be_one(one: Name, other: Name, sure: bool) -> bool:
    """Whether two given names may be one, as Yuri and Iurii may. sure: the family names are of the language area.

    Where they aren't surely, an initial is too little.
    """
    mine, theirs = one.first, other.first
    if min(len(mine), len(theirs)) <= 1:
        initials = ({form[:1].lower() for form in skeletons(name)} for name in (mine, theirs))
        return sure and not set.isdisjoint(*initials)
    if skeletons(mine) & skeletons(theirs):
        return True
    return any(
        min(len(this), len(that)) >= 3
        and (this.startswith(that) or that.startswith(this) or fuzz.ratio(this, that) >= 80)
        for this in skeletons(mine)
        for that in skeletons(theirs)
    )
