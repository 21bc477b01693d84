"""What an entry of the ledger says beyond its codes and rows: notes, quotations, passages of documents, judgements.

As the author writes it, each part optional::

    note: Why this evidence bears the claim.
    quotes: [i1-002, {segment: i4-007, note: Said before the question named it, translation: …}]
    passages:
      - {source: law2013, locator: Article 5, language: ru, excerpt: …, translation: …, note: …}
    confidence:
      limitations: {concerns: moderate, because: The documents were read without a protocol of search.}
      relevance: {concerns: minor, because: …}

The parts of an annotation follow Annotation for Transparent Inquiry (Kapiszewski and Karcher 2021, "Transparency in
Practice in Qualitative Research", PS: Political Science & Politics 54(2)); those of confidence GRADE-CERQual (Lewin et
al. 2018, Implementation Science 13, supplement 1: 2).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final, Literal

Concerns = Literal["none", "minor", "moderate", "serious"]
CONCERNS: Final[tuple[Concerns, ...]] = ("none", "minor", "moderate", "serious")
COMPONENTS: Final = ("limitations", "coherence", "adequacy", "relevance")
COMPUTED: Final = ("coherence", "adequacy")  # the ledger says how great these concerns are
QUOTE: Final = ("segment", "note", "language", "translation")
PASSAGE: Final = ("source", "locator", "language", "excerpt", "translation", "note", "against")
Wrong = tuple[str, str]  # what is wrong, and the way out


@dataclass(frozen=True)
class QuoteEntry:
    """A released passage of an interview that the claim quotes."""

    segment: str
    note: str = ""
    """Why this passage bears the claim."""
    language: str = ""
    """The tag of the language in which it was said, where that isn't the book's."""
    translation: str = ""


@dataclass(frozen=True)
class Passage:
    """A passage of a law, a document or a work, in its own words."""

    source: str
    """Citation key."""
    locator: str
    """Article, page or paragraph."""
    excerpt: str
    language: str = ""
    """The tag of its language, where that isn't the book's."""
    translation: str = ""
    note: str = ""
    """Why this passage bears the claim."""
    against: bool = False


@dataclass(frozen=True)
class Judgement:
    """What the author says of one component of confidence."""

    concerns: Concerns | None = None
    """None for a component that is computed."""
    because: str = ""


def wrong_parts(entry: dict[Any, Any]) -> Iterator[tuple[str, str, str]]:
    """Yield what is wrong with the parts of an entry: its key, a message, a remedy."""
    if entry.get("note") is not None and not isinstance(entry["note"], str):
        yield "note", "the note is not a text", "write `note:` and a sentence or more"
    for part in entry.get("quotes") or [] if isinstance(entry.get("quotes"), list) else []:
        if isinstance(part, dict):
            yield from (
                ("quotes", *about) for about in _wrong_texts(part, QUOTE, ("segment",), "a quotation")
            )
    passages = entry.get("passages")
    if passages is not None and not isinstance(passages, list):
        yield "passages", "passages is not a list", "begin each passage with `- source:`"
    for part in passages if isinstance(passages, list) else []:
        needed = ("source", "locator", "excerpt")
        yield from (("passages", *about) for about in _wrong_texts(part, PASSAGE, needed, "a passage"))
    yield from (("confidence", *about) for about in _wrong_confidence(entry.get("confidence")))


def _wrong_texts(part: Any, known: tuple[str, ...], needed: tuple[str, ...], what: str) -> Iterator[Wrong]:
    form = f"{what} has: {', '.join(known)}"
    if not isinstance(part, dict):
        yield f"{what} is not written as one", form
        return
    for key, value in part.items():
        if key not in known:
            yield f"{str(key)[:40]!r} is nothing that {what} has", form
        elif key == "against":
            if not isinstance(value, bool):
                yield f"{what} says against: {value!r}", "write `against: true`, or leave it out"
        elif not isinstance(value, str | int) or isinstance(value, bool):
            yield f"{key} of {what} is not a text", f"write `{key}:` and its text, in quotation marks"
    for key in needed:
        if not str(part.get(key) or "").strip():
            yield f"{what} has no {key}", f"write `{key}:` and its text"


def _wrong_confidence(given: Any) -> Iterator[Wrong]:
    if given is None:
        return
    form = "write `limitations: {concerns: minor, because: …}`; concerns are: " + ", ".join(CONCERNS)
    if not isinstance(given, dict):
        yield "confidence is not written by its parts", form
        return
    for name, part in given.items():
        if name not in COMPONENTS:
            yield f"{str(name)[:40]!r} is no part of confidence", f"the parts are: {', '.join(COMPONENTS)}"
            continue
        if not isinstance(part, dict) or set(part) - {"concerns", "because"}:
            yield f"{name} is not written as a judgement", form
            continue
        if name in COMPUTED and "concerns" in part:
            yield (
                f"{name} says its concerns, which are computed from the ledger",
                "leave `concerns` out; say by `because` how to read them",
            )
        elif name not in COMPUTED and part.get("concerns") not in CONCERNS:
            yield f"{name} says no concerns", form
        because = part.get("because")
        if because is not None and not isinstance(because, str):
            yield f"because of {name} is not a text", form
        elif name not in COMPUTED and not (because or "").strip():
            yield f"{name} says no reason", "write `because:` and a sentence"


def quotes_of(entry: dict[Any, Any]) -> tuple[QuoteEntry, ...]:
    """Return the quotations of an entry without faults."""
    return tuple(
        QuoteEntry(**{key: str(value) for key, value in part.items()})
        if isinstance(part, dict)
        else QuoteEntry(str(part))
        for part in entry.get("quotes") or ()
    )


def passages_of(entry: dict[Any, Any]) -> tuple[Passage, ...]:
    """Return the passages of documents of an entry without faults."""
    return tuple(
        Passage(
            **{key: _one_line(value) for key, value in part.items() if key != "against"},
            against=bool(part.get("against")),
        )
        for part in entry.get("passages") or ()
    )


def confidence_of(entry: dict[Any, Any]) -> dict[str, Judgement]:
    """Return the judgements of an entry without faults, by component."""
    return {
        name: Judgement(part.get("concerns"), _one_line(part.get("because") or ""))
        for name, part in (entry.get("confidence") or {}).items()
    }


def _one_line(value: Any) -> str:
    return " ".join(str(value).split())
