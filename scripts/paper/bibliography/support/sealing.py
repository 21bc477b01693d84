"""``paper refs support``: what the author keeps privately, held against the text and published without the words."""

from __future__ import annotations

import hmac
import re
from collections.abc import Iterable
from dataclasses import astuple, dataclass, field, fields
from pathlib import Path
from typing import Final

from paper.bibliography.audit import library
from paper.bibliography.names import fold
from paper.bibliography.support.citing import (
    FILE,
    WHOLE,
    CitingSentence,
    citing_sentences,
    read_support,
    read_table,
    sentence_digest,
)
from paper.bibliography.support.model import Support
from paper.project import Project
from paper.report import Fault, ordered
from paper.tools.files import csv_bytes, write_atomic
from paper.tools.seals import read_key, seal

PRIVATE: Final = "data/private/support.csv"
COLUMNS: Final = ("key", "sentence", "page", "words", "reason")
MOST: Final = 25
"""Words of a work in a row that a reason may hold: it is published, and they are the work's."""


@dataclass
class Outcome:
    """What a check of the support came to."""

    faults: list[Fault] = field(default_factory=list)
    rows: list[Support] = field(default_factory=list)
    """What is published."""
    sentences: list[CitingSentence] = field(default_factory=list)
    stored: bool = False
    """Whether ``data/support.csv`` changed."""

    def scope(self, sentence: CitingSentence) -> str:
        """Return what bears a citation: "passage", "whole" or "none"."""
        known = {(row.key, row.sentence): row.scope for row in self.rows}
        return known.get((sentence.citation.key, sentence.digest), "none")


def check_support(project: Project, *, store: bool = True) -> Outcome:
    """Hold the private rows against the text, and publish those that are sound; without them hold the seals to the key.

    Raises CitationError for a file that can't be read, SourceError for a key that is too short.
    """
    root = project.root
    outcome = Outcome(sentences=citing_sentences(project))
    key, before = read_key(root), read_support(root)
    if not (root / PRIVATE).is_file():
        outcome.rows = before
        outcome.faults = [fault for row in before if (fault := _changed(row, key))]
        return outcome
    known = {(one.citation.key, one.digest): one for one in outcome.sentences}
    works = set(library(project).by_key)
    for line, row in read_table(root, PRIVATE, COLUMNS):
        if not row["page"] and not row["words"] and not row["reason"]:
            continue  # still to be filled in
        faults = list(_faults(line, row, works, known))
        outcome.faults += faults
        if not any(fault.severity == "error" for fault in faults):
            outcome.rows.append(_published(row, key))
    if outcome.rows and not key:
        said, remedy = "there is no key, so that no seals can be made", "run `paper quotes key` once"
        outcome.faults.append(Fault(FILE, None, "quote-key", said, remedy, "warning"))
    outcome.faults = ordered(outcome.faults)
    if store and outcome.rows != before and (outcome.rows or before):
        _write(root, FILE, [one.name for one in fields(Support)], map(astuple, outcome.rows))
        outcome.stored = True
    return outcome


def add_rows(project: Project, keys: Iterable[str] = ()) -> int:
    """Add a row to fill in to the private file for each citing sentence that has none; return how many.

    keys: only citations of these works.
    """
    wanted = set(keys)
    root = project.root
    rows = [row for _, row in read_table(root, PRIVATE, COLUMNS)]
    known = {(row["key"], sentence_digest(row["sentence"])) for row in rows}
    new = []
    for one in citing_sentences(project):
        mark = (one.citation.key, one.digest)
        if mark not in known and (not wanted or one.citation.key in wanted):
            known.add(mark)
            page = re.search(r"(?:\bpp?\.\s*)?(\d+(?:\s*[-–]\s*\d+)?)", one.citation.suffix)
            new.append({"key": one.citation.key, "sentence": one.text, "page": page[1] if page else ""})
    if new:
        every = [*rows, *({**dict.fromkeys(COLUMNS, ""), **row} for row in new)]
        _write(root, PRIVATE, list(COLUMNS), ([row[name] for name in COLUMNS] for row in every))
    return len(new)


def overview(outcome: Outcome, keys: Iterable[str] = ()) -> Iterable[str]:
    """Yield the audit's view in lines: how many citations have support, then each with place, and what it lacks.

    keys: only citations of these works.
    """
    wanted = set(keys)
    shown = [one for one in outcome.sentences if not wanted or one.citation.key in wanted]
    scopes = [outcome.scope(one) for one in shown]
    quoting = sum(bool(one.quotes) for one in shown)
    counts = {"with page and words": "passage", "to the whole work": "whole", "without support": "none"}
    message = ", ".join(f"{scopes.count(scope)} {words}" for words, scope in counts.items())
    yield f"\n{len(shown)} citations: {message}; {quoting} quote"
    pages = {(row.key, row.sentence): row.page for row in outcome.rows}
    for one, scope in zip(shown, scopes, strict=True):
        cited, marks = one.citation, ["quotes"] if one.quotes else []
        page = pages.get((cited.key, one.digest), "")
        marks.insert(0, {"passage": f"p. {page}", "whole": "whole work", "none": "no support"}[scope])
        yield f"  {f'{cited.file}:{cited.line}':<30}  {cited.key:<22} {', '.join(marks)}"


def _faults(
    line: int, row: dict[str, str], works: set[str], known: dict[tuple[str, str], CitingSentence]
) -> Iterable[Fault]:
    """Yield what is wrong with a row of the author's."""
    if row["key"] not in works:
        yield _fault(
            line,
            "support-key",
            f"no entry has the key {row['key']!r}",
            "write the key as the list has it",
            "key",
        )
        return
    sentence = known.get((row["key"], sentence_digest(row["sentence"])))
    if sentence is None:
        message = f"no sentence of the text that cites {row['key']} says this"
        yield _fault(
            line,
            "support-changed",
            message,
            "look at the page again, and write the sentence as it is now",
            "sentence",
        )
        return
    if not row["page"]:
        yield _fault(
            line, "support-page", "there is no page", f"look it up; {WHOLE} for the whole work", "page"
        )
    elif row["page"].lower() != WHOLE and not row["words"]:
        yield _fault(
            line,
            "support-words",
            "there are no words of the work",
            "copy those that bear the sentence",
            "words",
        )
    words = _words(row["words"])
    for quote in sentence.quotes:
        if words and _words(quote) not in words:
            message = f"the sentence quotes “{quote[:60]}”, which the words of the work don't hold"
            yield _fault(
                line, "support-quote", message, "quote word for word, or copy the whole passage", "words"
            )
    if (shared := _longest_shared(row["reason"], row["words"])) > MOST:
        message = f"the reason holds {shared} words of the work in a row, and is published"
        yield _fault(line, "support-reason", message, "say it in your own words", "reason")


def _fault(line: int, rule: str, message: str, remedy: str, column: str) -> Fault:
    return Fault(PRIVATE, line, rule, message, remedy, column=column)


def _published(row: dict[str, str], key: bytes) -> Support:
    whole = row["page"].lower() == WHOLE
    public = (
        row["key"],
        sentence_digest(row["sentence"]),
        "whole" if whole else "passage",
        "" if whole else row["page"],
    )
    words = seal(key, "words", *public, _words(row["words"])) if key and row["words"] else ""
    mark = seal(key, "support", *public, row["reason"], words) if key else ""
    return Support(
        public[0], public[1], "whole" if whole else "passage", public[3], row["reason"], words, mark
    )


def _changed(row: Support, key: bytes) -> Fault | None:
    """Return a fault where a published row is not the one that was sealed."""
    if not key or not row.hmac:
        return None
    mark = seal(key, "support", row.key, row.sentence, row.scope, row.page, row.reason, row.words)
    if hmac.compare_digest(mark, row.hmac):
        return None
    message = f"what is kept for {row.key} is not what was sealed, or the key is another"
    return Fault(FILE, None, "support-seal", message, "restore the file from git")


def _words(text: str) -> str:
    return " ".join(re.findall(r"\w+", fold(text)))


def _longest_shared(one: str, other: str) -> int:
    """Return how many words in a row two texts share at most."""
    from difflib import SequenceMatcher

    mine, theirs = _words(one).split(), _words(other).split()
    return SequenceMatcher(None, mine, theirs, autojunk=False).find_longest_match().size


def _write(root: Path, file: str, columns: list[str], rows: Iterable[Iterable[str]]) -> None:
    write_atomic(root / file, csv_bytes(columns, rows))
