"""The ids that a chapter's page will have, as far as its source tells: what a link within the page may lead to."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Final

from paper.errors import Place
from paper.text import places
from paper.text.source import Source

_HEADING: Final = re.compile(r" {0,3}(#{1,6})(?:[ \t]+(.*?))?(?:[ \t]+#+)?[ \t]*")
_ATTRIBUTES: Final = re.compile(r"\s*\{[^{}]*\}\s*$")
_GIVEN: Final = re.compile(r"""\bid\s*=\s*["']?([^"'\s>]+)""")
_GENERATED: Final = (
    "ref-",
    "fn",
    "cb",
    "p-",
    "refs",
    "top",
    "title-block",
    "quarto-",
    "tabset-",
    "toc",
    "claim-",
)


def is_generated(anchor: str) -> bool:
    """Return whether an id may be one that an engine makes: of a note, a work, a line of code, a paragraph."""
    return anchor.startswith(_GENERATED)


def headings(source: Source) -> Iterator[tuple[int, str, str, Place]]:
    """Yield the headings of the text: level, words as written, attributes with their braces or "", place."""
    for line in places.prose(source):
        if match := _HEADING.fullmatch(line.text):
            words = match[2] or ""
            attributes = _ATTRIBUTES.search(words)
            bare = words[: attributes.start()] if attributes else words
            yield len(match[1]), bare.strip(), attributes[0].strip() if attributes else "", line.place


def ids(source: Source) -> frozenset[str]:
    """Return the ids that the chapter gives, and those that pandoc makes of its headings' words.

    https://pandoc.org/MANUAL.html#extension-auto_identifiers
    """
    given = {label for label, _ in places.labels(source)}
    given |= {match[1] for line in source.lines for match in _GIVEN.finditer(line.text)}
    counts: Counter[str] = Counter()
    titles = [str(source.meta.get("title") or ""), *(words for _, words, _, _ in headings(source))]
    for words in titles:
        result = automatic(words)
        given.add(f"{result}-{counts[result]}" if counts[result] else result)
        counts[result] += 1
    return frozenset(given)


def automatic(words: str) -> str:
    """Return the id that pandoc makes of a heading's words."""
    text = re.sub(r"\[\^[^\]]*\]|!?\[([^\]]*)\](?:\([^)]*\)|\{[^}]*\})?", lambda m: m[1] or "", words)
    kept = re.sub(r"[^\w\s.-]", "", text.replace("*", "").replace("`", ""))
    return re.sub(r"^[^a-z\u0080-\uffff]+", "", re.sub(r"\s+", "-", kept.strip()).lower()) or "section"
