"""One person's name spelt in two ways."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from paper.bibliography.model import Entry
from paper.bibliography.names import Name, fold
from paper.bibliography.rules import Finding, Library, at, rule


@rule("name-misspelt", "warning", "write the name alike")
def name_misspelt(library: Library) -> Iterator[Finding]:
    """Find a name one letter off the same person's in another entry."""
    people = library.people_by_family_name
    for family, near in sorted(near_pairs(family for family in people if len(family) >= 5)):
        if _distinct(family, near):
            continue
        for one, other in ((family, near), (near, family)):
            mine, theirs = people[one], people[other]
            if len(mine) > len(theirs) or (len(mine) == len(theirs) and one < other):
                continue  # the rarer spelling is the likelier slip; among equals the later in the alphabet
            for name, entry, role in mine:
                match = next(
                    (t for t in theirs if t[1] is not entry and _one_person(library, name, entry, t)), None
                )
                if match:
                    yield at(entry, role, f"{name.text!r} is {match[0].text!r} at {library.place(match[1])}?")


def _one_person(library: Library, name: Name, entry: Entry, other: tuple[Name, Entry, str]) -> bool:
    """Whether two names whose families are a letter apart are one person's, and not Miller and Muller.

    Given names must agree. Where that is a single initial, a co-author in common must back it, or a long
    family name into which a letter slipped or from which one fell.
    """
    mine, theirs = name, other[0]
    if not mine.initials.startswith(theirs.initials) and not theirs.initials.startswith(mine.initials):
        return False
    if len(mine.first) > 1 and len(theirs.first) > 1 and mine.first != theirs.first:
        return False
    one, two = fold(mine.family), fold(theirs.family)
    nobody: frozenset[str] = frozenset()
    shared = library.families.get(id(entry), nobody) & library.families.get(id(other[1]), nobody)
    if one[:1] != two[:1]:
        return bool(shared)
    if mine.initials == theirs.initials and (
        len(mine.initials) > 1 or len(mine.first) > 1 < len(theirs.first)
    ):
        return True
    return bool(shared) or (
        mine.initials == theirs.initials
        and min(len(one), len(two)) >= 7
        and (len(one) != len(two) or sorted(one) == sorted(two))
    )


# Different names, not slips, though a letter apart: groups of names that must not be taken for each other.
_DISTINCT = """
hansen hanson
jansen janssen jensen
larsen larson
olsen olson
nelson nilson
smith smyth
meyer meyers mayer maier
miller muller moller
peters peterson petersen
andersen anderson
johnson johnston
fischer fisher
schmidt schmitt schmid
brown browne braun
clark clarke
allen allan
harris harrison
stewart steward stuart
roberts robert robertson
philips phillips philipps
thomson thompson thomsen
hoffman hoffmann hofmann
martin martins marten
williams william
keller kelley
chang zhang zheng cheng
huang hwang
"""
_GROUPS = {name: line for line in _DISTINCT.split("\n") for name in line.split()}


def _distinct(one: str, other: str) -> bool:
    return one in _GROUPS and _GROUPS.get(one) == _GROUPS.get(other)


def near_pairs(words: Iterable[str]) -> set[tuple[str, str]]:
    """Pairs of words one insertion, deletion, replacement or exchange apart, each in alphabetical order.

    Words that are near share a form with at most one letter left out; so only such groups are compared,
    which takes time in proportion to the number of words.
    """
    from rapidfuzz.distance import OSA

    groups: dict[str, list[str]] = defaultdict(list)
    for word in set(words):
        groups[word].append(word)
        for form in {word[:cut] + word[cut + 1 :] for cut in range(len(word))}:
            groups[form].append(word)
    pairs: set[tuple[str, str]] = set()
    for group in groups.values():
        for index, one in enumerate(group[:50]):
            for other in group[index + 1 : 50]:
                if one != other and OSA.distance(one, other, score_cutoff=1) <= 1:
                    pairs.add((min(one, other), max(one, other)))
    return pairs


@rule("name-forms", "note", "write the name alike everywhere")
def name_forms(library: Library) -> Iterator[Finding]:
    """Find one person with full first name here and initials there."""
    for people in library.people_by_family_name.values():
        full = [bearer for bearer in people if len(bearer[0].first) > 1]
        for name, entry, role in people:
            if not full or len(name.first) > 1:
                continue
            match = next(
                (f for f in full if f[1] is not entry and f[0].initials.startswith(name.initials)), None
            )
            if match:
                yield at(entry, role, f"{name.text!r} is {match[0].text!r} at {library.place(match[1])}")
