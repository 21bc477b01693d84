"""What copying from a printed page leaves in a field: ligatures, and hyphens of a line's end."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator

from paper.bibliography.rules import Finding, Library, rule
from paper.bibliography.rules.characters import in_field, printed_fields

# Words before which a hyphen hangs in the air: "pre- and post-war".
_HANGING = """
the a an of in on for from with by at is as that into per de la le les des du der die das den von zu im am mit für auf
and or und oder bzw bis sowie et ou y e o u to versus vs nor as through но и или және мен
"""
_SUSPENDED = frozenset(_HANGING.split())
_WHOLE = "action actions option options auction ration lotion motion notion capture captures"
_ENGLISH = frozenset(_WHOLE.split())
_BEFORE = """
anti co non post pre inter intra multi re self semi sub trans socio neo micro macro cross counter over under well
meta mega mini pro pseudo quasi super ultra extra auto bio eco geo hyper infra para poly proto tele
"""
_PREFIXES = frozenset(_BEFORE.split())
_NAMES = """
title subtitle titleaddon booktitle booksubtitle maintitle journal journaltitle publisher institution school
organization series eventtitle
"""
_OF_WORDS = frozenset(_NAMES.split())

_LIGATURES = {letter: unicodedata.normalize("NFKC", letter) for letter in map(chr, range(0xFB00, 0xFB07))}


@rule("ligature", "warning", "type them one by one")
def ligature(library: Library) -> Iterator[Finding]:
    """Find letters joined into one (ﬁ), as copied from a PDF."""
    for entry, one in printed_fields(library, "".join(_LIGATURES)):
        words = [word for word in one.value.split() if not _LIGATURES.keys().isdisjoint(word)]
        right = unicodedata.normalize("NFKC", words[0]).strip("{},.:;")
        yield in_field(
            entry, one, f"{words[0].strip('{},.:;')!r} in {one.name} holds a ligature", f"write {right}"
        )


# What ends a word and is none: after a hyphen it is the rest of a word that a line's end broke.
_ENDINGS = re.compile(
    r"(?:ern|er|ge|op|ish|ce|su)?ments?|(?:ca|da|va|ta|za|sa|i|a|c|p)?tions?|(?:i|u)?sions?|(?:iza|isa)tions?|tional|[aei]nces?"
    r"|i?ties|ity|ness|i?cally|ical|tively|tives?|[cp]tures?|nomics?|(?:is)?tration|(?:is)?trative|lic|nals?|cy|tics|ernance|nance"
)


@rule("broken-word", "warning", "write the word in one")
def broken_word(library: Library) -> Iterator[Finding]:
    """Find a hyphen that a line's end left within a word."""
    words: Counter[str] | None = None
    for entry, one in printed_fields(library, "-\u00ad\u2010"):
        if one.name.lower() not in _OF_WORDS and "\u00ad" not in one.value:
            continue
        for match in re.finditer(
            r"([^\W\d_]{2,})(?:\u00ad\s*|[-\u2010]\s+|[-\u2010])([^\W\d_]{2,})", one.value
        ):
            first, second = match[1], match[2]
            between = one.value[match.end(1) : match.start(2)]
            broken = "\u00ad" in between
            if len(between) > 1 and second.islower() and second not in _SUSPENDED:
                broken = True
            elif len(between) == 1 and second.islower() and not broken:
                words = words if words is not None else _words(library)
                joined, part = (first + second).lower(), second
                alone = part in _ENGLISH or words[part] or words[first.lower()] or first.lower() in _PREFIXES
                broken = not alone and bool(
                    _ENDINGS.fullmatch(part) or (words[joined] and len(first) > 3 < len(part))
                )
            if broken:
                shown = " ".join(match.group().replace("\u00ad", "-").split())
                yield in_field(
                    entry,
                    one,
                    f"{shown!r} in {one.name} was broken by a line's end",
                    f"write {first}{second}",
                )


def _words(library: Library) -> Counter[str]:
    """How often each word stands in a title by itself, without a hyphen on either side."""
    return Counter(
        word
        for entry in library.entries
        for name in ("title", "subtitle", "booktitle", "journal", "journaltitle", "abstract")
        for word in re.findall(r"(?<![\w-])[^\W\d_]+(?![\w-])", entry.values.get(name, "").lower())
    )
