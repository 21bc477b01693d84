"""An entry held against a record: how near they are, and which fields differ."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from rapidfuzz import fuzz

from paper.bibliography.language import in_latin_letters
from paper.bibliography.names import Name, fold, given_parts, people
from paper.bibliography.rules.transliteration import skeletons
from paper.bibliography.verification.model import IndexRecord, Person

SAME_TITLE = 90.0
"""Of 100: from here on two titles are one, written otherwise."""
OTHER_TITLE = 72.0
"""Of 100: below it two titles are of two works."""
FOUND = 85
"""Of 100: from here on a record that a search gave is of the work."""


_PAIRS = """
bill:william will:william bob:robert rob:robert dick:richard rick:richard ted:edward ted:theodore ed:edward ned:edward
peggy:margaret meg:margaret jack:john jim:james tony:anthony kate:katherine kate:catherine liz:elizabeth beth:elizabeth
betty:elizabeth chuck:charles hank:henry harry:henry larry:lawrence sasha:alexander sasha:aleksandr misha:mikhail
"""
_SHORT = frozenset(frozenset(pair.split(":")) for pair in _PAIRS.split())
_HEAD = re.compile(r"[:?]\s|\s[-–—]+\s")
_BRACKETS = re.compile(r"\[([^\[\]]+)\]")
_CYRILLIC = re.compile("[Ѐ-ӿ]")
_NUMBERS = re.compile(r"\b(?:\d+|[ivx]+)\b")


@dataclass(frozen=True)
class Match:
    """How near a record is to an entry, each of 100."""

    title: float
    authors: float
    """Share of the entry's authors that the record has; 100 where either names none."""

    @property
    def score(self) -> int:
        """Return title and authors in one number."""
        return round(0.65 * self.title + 0.35 * self.authors)


def match(values: dict[str, str], record: IndexRecord) -> Match:
    """Return how near a record's title and authors are to an entry's. values: with what the entry inherits."""
    title = title_score(values, record)
    names = _names(values)
    others = _people(values, record)
    if not names or not others:
        return Match(title, 100.0)
    shared = sum(any(same_person(name, other) for other in others) for name in names)
    return Match(title, 100.0 * shared / len(names))


def title_score(values: dict[str, str], record: IndexRecord) -> float:
    """Return how near the titles are, of 100; a subtitle or a translation in brackets may be missing on a side."""
    title, subtitle = values.get("title", ""), values.get("subtitle", "")
    if not title or not record.titles:
        return 0.0
    whole = _words(f"{title} {subtitle}")
    wholes = {
        whole,
        _words(_BRACKETS.sub(" ", title)),
        *(_words(found) for found in _BRACKETS.findall(title)),
    } - {""}
    heads = {_words(title), _words(_HEAD.split(title)[0])} - {whole}
    best = max(_near(mine, heads, theirs) for mine in wholes for theirs in record.titles)
    foreign = _CYRILLIC.search(title) and not any(_CYRILLIC.search(theirs) for theirs in record.titles)
    if (
        foreign and best < SAME_TITLE
    ):  # the index has it in translation: whether it is the same, the rest must tell
        year = re.search(r"\d{4}", values.get("date") or values.get("year") or "")
        return SAME_TITLE if year and int(year.group()) in record.years else best
    return best


def _near(whole: str, heads: set[str], title: str) -> float:
    theirs = _words(title)
    their_head = _words(_HEAD.split(title)[0])
    if their_head != theirs and fuzz.ratio(whole, their_head) >= 95:
        return 96.0
    if any(head and fuzz.ratio(head, theirs) >= 95 for head in heads):
        return 96.0
    score = max(fuzz.ratio(whole, theirs), fuzz.token_sort_ratio(whole, theirs) - 2)
    mine_numbers, their_numbers = (set(_NUMBERS.findall(text)) for text in (whole, theirs))
    if mine_numbers and their_numbers and mine_numbers != their_numbers:
        return min(score, SAME_TITLE - 5)  # parts, years and editions of one name are works of their own
    return score


def differences(values: dict[str, str], record: IndexRecord) -> Iterator[tuple[str, str, str]]:
    """Yield the fields in which an entry and a record differ: field, value here, value there."""
    if title_score(values, record) < SAME_TITLE:
        yield "title", values.get("title", ""), record.titles[0] if record.titles else ""
    yield from _authors(values, record)
    year = re.search(r"\d{4}", values.get("date") or values.get("year") or "")
    if year and record.years and int(year.group()) not in record.years:
        yield "year", year.group(), _some(record.years)
    if record.kind in ("book", "monograph", "edited-book", "reference-book") and record.index != "DataCite":
        return
    container = values.get("journaltitle") or values.get("journal") or values.get("booktitle") or ""
    if (
        container
        and record.containers
        and not any(_same_container(container, one) for one in record.containers)
    ):
        yield ("journal" if "booktitle" not in values else "booktitle"), container, record.containers[0]
    for name, there in (("volume", record.volume), ("number", record.number)):
        here = values.get(name, "")
        if _number(here) and _number(there) and _number(here) != _number(there):
            yield name, here, there
    first, last = _range(values.get("pages", ""))
    other_first, other_last = _range(record.pages)
    if first and other_first and (first != other_first or (last and other_last and last != other_last)):
        yield "pages", values["pages"], record.pages


def _authors(values: dict[str, str], record: IndexRecord) -> Iterator[tuple[str, str, str]]:
    """Yield one difference of the authors: who is on one side alone, else another order."""
    role = "author" if values.get("author", "").strip() else "editor"
    names, others = _names(values), _people(values, record)
    if not names or not others:
        return
    pairs = [next((n for n, other in enumerate(others) if same_person(name, other)), None) for name in names]
    here = [name.text for name, pair in zip(names, pairs, strict=True) if pair is None and not name.body]
    bodies = [name.text for name, pair in zip(names, pairs, strict=True) if pair is None and name.body]
    there = [
        other.text
        for n, other in enumerate(others)
        if n not in pairs and not other.body and not (role == "editor" and record.authors)
    ]
    shortened = values.get(role, "").rstrip().endswith("others")
    if here or (there and not shortened) or (bodies and there):
        yield (
            role,
            "; ".join([*here, *bodies]) or "nobody more",
            "; ".join(there[:4]) or "not among its authors",
        )
    elif not bodies and not shortened:
        known = [pair for pair in pairs if pair is not None]
        if known != sorted(known):
            yield role, f"{names[0].text} first", f"{others[min(known)].text} first"


def same_person(name: Name, other: Person) -> bool:
    """Return whether a name of an entry and one of an index may be one person's, or one body's."""
    if name.body or other.body:
        mine, theirs = _words(name.family or name.text), _words(other.whole or other.text)
        return fuzz.token_set_ratio(mine, theirs) >= 85 or fuzz.ratio(mine, theirs) >= 80
    if _CYRILLIC.search(name.family):
        name = Name(name.text, in_latin_letters(fold(name.family)), in_latin_letters(fold(name.given)))
    if other.family and _is_family(name.family, other.family):
        return _given_agree(name.given, other.given)
    whole = fold(f"{other.whole} {other.given} {other.family}").replace(",", " ")
    tokens = [token for token in re.split(r"[\s.\-]+", whole) if token]
    family = [token for token in re.split(r"[\s\-]+", fold(name.family)) if token]
    if other.family and not _exchanged(name, other):
        return False
    if not family or not _contains(tokens, family):
        return False
    rest = [token for token in tokens if token not in family]
    initials = given_parts(name.given)[0]
    return not initials or not rest or any(token[0] == initials[0] for token in rest)


def _exchanged(name: Name, other: Person) -> bool:
    """Return whether an index has family and given name exchanged, as it happens with names from East Asia."""
    return _is_family(name.family, other.given) and len(other.family) > 1


def _contains(tokens: list[str], family: list[str]) -> bool:
    """Return whether a family name's words are among those of a whole name, in any Latin spelling."""
    if all(part in tokens for part in family) or "".join(family) in "".join(tokens):
        return True
    forms = skeletons(" ".join(family))
    return any(not forms.isdisjoint(skeletons(token)) for token in tokens if len(token) > 2)


def _is_family(one: str, other: str) -> bool:
    """Return whether two family names are one, with or without particle or second part, in any Latin spelling."""
    mine, theirs = _parts(one), _parts(other)
    if not mine or not theirs:
        return False
    if "".join(mine) == "".join(theirs) or not skeletons("".join(mine)).isdisjoint(
        skeletons("".join(theirs))
    ):
        return True
    short, long = sorted((mine, theirs), key=len)
    return len(short) < len(long) and (short == long[-len(short) :] or short == long[: len(short)])


def _parts(family: str) -> list[str]:
    return [
        part for part in re.split(r"[^\w]+", fold(family)) if part and part not in ("jr", "sr", "ii", "iii")
    ]


def _given_agree(one: str, other: str) -> bool:
    """Return whether two given names may be one: their first letters agree, whole ones in any Latin spelling."""
    mine, theirs = given_parts(one), given_parts(other)
    if not mine[0] or not theirs[0]:
        return True
    if len(mine[1]) > 1 and len(theirs[1]) > 1 and not one.isupper() and not other.isupper():
        if mine[1].startswith(theirs[1]) or theirs[1].startswith(mine[1]):
            return True
        if not skeletons(mine[1]).isdisjoint(skeletons(theirs[1])) or fuzz.ratio(mine[1], theirs[1]) >= 75:
            return True
        return _short_form(mine[1], theirs[1]) or mine[1][0] in theirs[0][1:] or theirs[1][0] in mine[0][1:]
    if mine[0][0] == theirs[0][0] or not {f[:1] for f in skeletons(mine[1])}.isdisjoint(
        f[:1] for f in skeletons(theirs[1])
    ):
        return True
    return mine[0][0] in theirs[0][1:] or theirs[0][0] in mine[0][1:]


def _short_form(one: str, other: str) -> bool:
    """Return whether two first names begin alike, as Christopher and Chris, or one is the other's usual short form."""
    return one[:3] == other[:3] or frozenset((one, other)) in _SHORT


def _names(values: dict[str, str]) -> list[Name]:
    return people(values.get("author") or values.get("editor") or "")


def _people(values: dict[str, str], record: IndexRecord) -> tuple[Person, ...]:
    """Return those of a record whom the entry's names are to be held against."""
    if values.get("author", "").strip():
        return record.authors or record.editors
    return record.editors or record.authors


def _same_container(here: str, there: str) -> bool:
    """Return whether two names of a journal or book are one, in full or cut short."""
    mine, theirs = _container_words(here), _container_words(there)
    if not mine or not theirs:
        return True
    one, other = " ".join(mine), " ".join(theirs)
    if fuzz.ratio(one, other) >= 88 or one.startswith(other) or other.startswith(one):
        return True
    if fuzz.token_set_ratio(one, other) >= 95 and min(len(mine), len(theirs)) > 1:
        return True
    initials = ["".join(word[0] for word in words) for words in (mine, theirs)]
    if "".join(mine) == initials[1] or "".join(theirs) == initials[0]:
        return True
    short, long = sorted((mine, theirs), key=lambda words: len("".join(words)))
    return len(short) == len(long) and all(_cut(s, w) for s, w in zip(short, long, strict=True))


def _cut(short: str, word: str) -> bool:
    letters = iter(word)
    return short[0] == word[0] and all(letter in letters for letter in short)


def _container_words(name: str) -> list[str]:
    words = re.findall(r"\w+", fold(re.sub(r"\\?&", " and ", name)))
    return [
        word for word in words if word not in ("the", "a", "of", "in", "on", "for", "and", "und", "et", "de")
    ]


def _words(text: str) -> str:
    """Return a text folded and in Latin letters, its words alone."""
    return " ".join(re.findall(r"[^\W_]+", in_latin_letters(fold(re.sub(r"\\?&", " and ", text)))))


def _number(value: str) -> str:
    """Return a volume or number of digits in its plain form; "" for any other, which can't be compared."""
    plain = re.sub(r"\s*(?:-+|–|—|/|\\&|&)\s*", "-", value.strip("{} "))
    return plain.lstrip("0") if re.fullmatch(r"\d+(?:-\d+)?", plain) else ""


def _range(pages: str) -> tuple[str, str]:
    """Return the first and the last page of a range of digits, the last written out; "" for what is none."""
    found = re.fullmatch(r"\W*([A-Za-z]?\d+)(?:\s*[-–—]+\s*([A-Za-z]?\d+))?\W*", pages)
    if not found:
        return "", ""
    first, last = found[1].lower(), (found[2] or "").lower()
    return first, first[: len(first) - len(last)] + last if last else ""


def _some(years: frozenset[int]) -> str:
    """Return years in words, of many the first and the last."""
    ordered = sorted(years)
    return (
        " or ".join(map(str, ordered)) if len(ordered) < 4 else f"{ordered[0]} to {ordered[-1]}, not this one"
    )
