"""Quotations: each with its page, its source, and both of its marks."""

from __future__ import annotations

import re
from collections.abc import Iterator

from paper.bibliography.citations import Source
from paper.bibliography.names import fold
from paper.bibliography.rules import Finding, Library, in_text, rule
from paper.bibliography.rules.identifiers import ONLINE
from paper.bibliography.rules.naming import mentions_of
from paper.editions import queries
from paper.report import Severity
from paper.text import front_matter

SENTENCE = re.compile(
    r"(?<=[.!?…])(?<!al\.)(?<!\bp\.)(?<!pp\.)(?<!No\.)(?<!e\.g\.)(?<!i\.e\.)(?<!cf\.)[\"”’)\]]*\s+(?=[\[(“\"‘]*[^\W\d_a-z])"
)
_QUOTED = re.compile(
    r"“([^“”]*)”|(?<![\w\"])\"([^\"\n]*(?:\n[^\"\n]+)*)\"(?!\w)|(?<!\w)‘([^‘’]*(?:’\w[^‘’]*)*)’(?!\w)"
)
LONG = 4  # words: shorter ones may be a term, and get a note only


def paragraphs(source: Source) -> Iterator[tuple[int, str]]:
    """Each paragraph with its position, headings and tables among them; not the YAML, whose quotes are its own."""
    at = len(front_matter.split(source.text)[0])
    lines: list[str] = []
    for line in [*source.prose[at:].split("\n"), ""]:
        if line.strip():
            lines.append(line)
        elif lines:
            paragraph = "\n".join(lines)
            yield at - len(paragraph) - 1, paragraph
            lines = []
        at += len(line) + 1


def sentences(source: Source) -> Iterator[tuple[int, str]]:
    """Yield each sentence of a text with its position, without headings and tables."""
    for start, paragraph in paragraphs(source):
        if not paragraph.lstrip().startswith(("|", "#")):
            yield from _sentences(start, paragraph)


def quoted_words(sentence: str) -> Iterator[str]:
    """Yield what stands between quotation marks, where it is long enough to be no mere term."""
    yield from (_quote(match) for match in _QUOTED.finditer(sentence) if _words(match) >= LONG)


def _sentences(start: int, text: str) -> Iterator[tuple[int, str]]:
    position = 0
    for cut in SENTENCE.finditer(text):
        yield start + position, text[position : cut.start()]
        position = cut.end()
    yield start + position, text[position:]


@rule("quote-without-page", "warning", "look the page up and add it: [@KEY, p. …]", "text")
def quote_without_page(library: Library) -> Iterator[Finding]:
    """Find a direct quotation whose citation gives no page."""
    for source, start, sentence in _cited_sentences(library):
        end = start + len(sentence)
        cites = [c for c in library.citations if c.file == source.file and start <= c.start < end]
        named = [m for m in mentions_of(library).all if m.source is source and start <= m.start < end]
        if not cites and not named:
            continue
        if any(re.search(r"\d|\bpara|\bn\.p\.", c.suffix) for c in cites) or any(m.locator for m in named):
            continue
        if cites and all(_unpaged(library, c.key) for c in cites):
            continue
        titles = _titles(library, [c.key for c in cites])
        quoted = [m for m in _QUOTED.finditer(sentence) if _words(m) >= 2 and _plain(_quote(m)) not in titles]
        block = sentence.lstrip().startswith(">")
        if not quoted and not block:
            continue
        asked = any(q.start <= end + 1 and q.end > start for q in queries(source.text))
        who = cites[0].key if cites else f"“{named[0].text}”"
        longest = max((_words(match) for match in quoted), default=LONG)
        position = start + (quoted[0].start() if quoted else 0)
        severity: Severity | None = None if (longest >= LONG or block) and not asked else "note"
        remedy = f"look the page up and add it: [@{cites[0].key}, p. …]" if cites else ""
        yield in_text(source, position, f"a quotation from {who} without its page", remedy, severity)


def _titles(library: Library, keys: list[str]) -> str:
    """Return the titles of works in plain letters: to name one in quotation marks is no quotation."""
    entries = [library.by_key[key] for key in keys if key in library.by_key]
    return " | ".join(_plain(f"{entry.get('title')} {entry.get('subtitle')}") for entry in entries)


def _plain(text: str) -> str:
    return " ".join(re.findall(r"\w+", fold(text)))


def _quote(match: re.Match[str]) -> str:
    return next((group for group in match.groups() if group), "")


def _cited_sentences(library: Library) -> Iterator[tuple[Source, int, str]]:
    for source in library.sources:
        for start, paragraph in paragraphs(source):
            if re.search(r"[“\"‘>]", paragraph):
                for at_, sentence in _sentences(start, paragraph):
                    yield source, at_, sentence


def _words(match: re.Match[str]) -> int:
    return len(re.findall(r"[^\W_]+", _quote(match)))


def _unpaged(library: Library, key: str) -> bool:
    """Whether a work has no pages to cite: a web page, a law, something said."""
    entry = library.by_key.get(key)
    return entry is not None and (
        entry.type.lower()
        in ONLINE
        | {"misc", "legislation", "legal", "jurisdiction", "speech", "unpublished", "video", "audio"}
    )


@rule("quote-without-source", "warning", "cite its source with the page, or take the marks away", "text")
def quote_without_source(library: Library) -> Iterator[Finding]:
    """Find a long quotation in a sentence without citation."""
    for source in library.sources:
        for start, paragraph in paragraphs(source):
            if not re.search(r"[“\"]", paragraph) or paragraph.lstrip().startswith(("|", "#", ":")):
                continue
            end = start + len(paragraph)
            if any(c.file == source.file and start <= c.start < end for c in library.citations):
                continue
            if any(m.source is source and start <= m.start < end for m in mentions_of(library).all):
                continue
            for match in _QUOTED.finditer(paragraph):
                if _words(match) >= 8:
                    yield in_text(
                        source,
                        start + match.start(),
                        f"a quotation of {_words(match)} words, and no source in its paragraph",
                    )


@rule("unbalanced-quotation", "warning", "close the quotation, or delete the mark", "text")
def unbalanced_quotation(library: Library) -> Iterator[Finding]:
    """Find a quotation mark without its partner."""
    for source in library.sources:
        for start, paragraph in paragraphs(source):
            if paragraph.count("“") != paragraph.count("”"):
                position = _odd(paragraph, "“", "”")
            elif paragraph.count('"') % 2:
                position = paragraph.rfind('"')
            elif opened := re.search(r"(?<!\w)‘(?=\w)(?!\d\ds)(?![^‘]*’(?!\w))", paragraph):
                position = opened.start()
            else:
                continue
            yield in_text(source, start + position, f"{paragraph[position]} has no partner in its paragraph")


def _odd(text: str, opening: str, closing: str) -> int:
    """Return the first mark that is opened twice, closed unopened or never closed."""
    opened: list[int] = []
    for match in re.finditer(f"[{opening}{closing}]", text):
        if match.group() == opening:
            if opened:
                return opened[0]
            opened.append(match.start())
        elif not opened:
            return match.start()
        else:
            opened.pop()
    return opened[0] if opened else 0
