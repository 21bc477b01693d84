"""``paper quotes check``: released passages against private transcripts, and seals that keep the result.

A seal is a keyed hash (HMAC-SHA-256, RFC 2104) over a passage's id, its case and its words. It goes into
``data/quotes.csv`` once the passage has been found in its transcript. Whoever has the key can verify later, without
the transcripts, that a quotation is still the one that was checked; without the key a seal says nothing, not even
whether a guess is right.
"""

from __future__ import annotations

import hmac
import os
import secrets
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from paper.coding.data.package import described
from paper.coding.data.sheet import read
from paper.coding.interviews import transcripts
from paper.errors import MachineError, Place, SourceError
from paper.report import Fault, ordered
from paper.tools import seals
from paper.tools.files import csv_bytes, write_atomic
from paper.tools.seals import KEY, VARIABLE, read_key

FILE: Final = "data/quotes.csv"


@dataclass(frozen=True)
class Passage:
    """A released passage: where it stands in the data, whose it is, what it says."""

    segment: str
    case: str
    excerpt: str
    line: int


@dataclass
class Outcome:
    """The result of a check of quotations."""

    faults: list[Fault] = field(default_factory=list)
    compared: int = 0
    """Passages verified by their transcript."""
    sealed: int = 0
    """Passages verified by their seal alone."""
    unverified: int = 0
    """Passages that nothing could be held against."""
    stored: bool = False
    """Whether the seals changed."""


def check_quotes(root: Path, *, store: bool = True) -> Outcome:
    """Hold every released passage of the real interviews against its transcript, else against its seal.

    store: keep seals of what was found in its transcript, where there is a key. Raises SourceError for a key that
    is too short, DataError when the description of the data can't be read.
    """
    file, passages, unreadable = _passages(root)
    key = read_key(root)
    before, wrong = _seals(root)
    unreadable += wrong
    outcome = Outcome([*unreadable])
    spoken = transcripts.read(root, list(dict.fromkeys(passage.case for passage in passages)))
    imported = transcripts.imported(root)
    seals: dict[str, str] = {}
    for passage in passages:
        kept = before.get(passage.segment, "")
        texts = spoken.get(passage.case) or imported.get(passage.segment)
        if texts:
            if told := _departs(file, passage, texts):
                outcome.faults.append(told)
                continue
            outcome.compared += 1
            if key:
                seals[passage.segment] = seal(passage, key)
            elif kept:
                seals[passage.segment] = kept
        elif key and kept:
            seals[passage.segment] = kept
            if hmac.compare_digest(kept, seal(passage, key)):
                outcome.sealed += 1
            else:
                outcome.faults.append(_changed(file, passage))
        else:
            outcome.unverified += 1
            if kept:
                seals[passage.segment] = kept
            outcome.faults.append(_unverified(file, passage, kept=bool(kept)))
    if outcome.compared and not key:
        remedy = f"run `paper quotes key` once, or set {VARIABLE}"
        message = "there is no key, so that no seals can be made"
        outcome.faults.append(Fault(FILE, None, "quote-key", message, remedy, "warning"))
    if store and not unreadable and seals != before:
        _write(root / FILE, seals)
        outcome.stored = True
    outcome.faults = ordered(outcome.faults)
    return outcome


def seal(passage: Passage, key: bytes) -> str:
    """Return the passage's seal, in hexadecimal digits; the same for other quotation marks, dashes and spaces."""
    words = transcripts.normalise_text(passage.excerpt)
    return seals.seal(key, "1", passage.segment, passage.case, words)


def make_key(root: Path) -> Path:
    """Make a new key in its file, for its owner's eyes only. Raises SourceError where there is one already."""
    path = root / KEY
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_hex(32) + "\n")
    except FileExistsError:
        raise SourceError(
            "there is a key already", place=Place(KEY), remedy="keep it: seals made with it need it"
        ) from None
    except OSError as error:
        raise MachineError(f"{KEY} could not be written: {error.strerror}") from None
    return path


def _passages(root: Path) -> tuple[str, list[Passage], list[Fault]]:
    """Return the file of the passages, each released one once, and why it can't be read."""
    table = described("segments", root)
    sheet, faults = read(root, table.file(), table.columns)
    needed = ("segment", "case", "released", "excerpt")
    if sheet is None or faults or not all(name in sheet.columns for name in needed):
        remedy = "run `paper data check`, which tells all that is wrong with the table"
        return (
            table.file(),
            [],
            [
                Fault(
                    fault.file,
                    fault.line,
                    "unreadable",
                    f"quotations are not checked: {fault.message}",
                    remedy,
                )
                for fault in faults[:1]
            ],
        )
    columns = zip(*(sheet.columns[name] for name in needed), sheet.lines, strict=True)
    first: dict[str, Passage] = {}
    for segment, case, released, excerpt, line in columns:
        if released == "true" and segment:
            first.setdefault(segment, Passage(segment, case, excerpt, line))
    return table.file(), list(first.values()), []


def _seals(root: Path) -> tuple[dict[str, str], list[Fault]]:
    table = described("quotes", root)
    sheet, faults = read(root, table.file(), table.columns)
    if sheet is None or faults:
        remedy = "restore it from git; `paper quotes check` writes it"
        return {}, [Fault(FILE, fault.line, "unreadable", fault.message, remedy) for fault in faults]
    return dict(zip(sheet.columns["segment"], sheet.columns["hmac"], strict=True)), []


def _departs(file: str, passage: Passage, texts: list[str]) -> Fault | None:
    """Return a fault where no transcript of the case has the passage."""
    parts = [transcripts.departs(passage.excerpt, text) for text in texts]
    if None in parts:
        return None
    part = str(parts[0])
    shown = part if len(part) <= 60 else part[:59] + "…"
    message = f"the transcript of {passage.case} doesn't say “{shown}” there"
    remedy = (
        "quote word for word; write […] for what is left out and [brackets] around what is changed or put in"
    )
    return Fault(file, passage.line, "quote-differs", message, remedy, column="excerpt")


def _changed(file: str, passage: Passage) -> Fault:
    message = f"the passage {passage.segment} is not the one that was verified, or the key is another"
    remedy = f"restore its words, or check it where the transcripts are ({transcripts.FOLDER})"
    return Fault(file, passage.line, "quote-changed", message, remedy, column="excerpt")


def _unverified(file: str, passage: Passage, *, kept: bool) -> Fault:
    if kept:
        message = f"the passage {passage.segment} has a seal that can't be verified here, without the key"
        return Fault(file, passage.line, "quote-unverified", message, f"set {VARIABLE}", "note", "excerpt")
    message = f"the passage {passage.segment} was never found in a transcript of {passage.case}"
    remedy = (
        f"put the transcript into {transcripts.FOLDER}, under the pseudonym, and run `paper quotes check`"
    )
    return Fault(file, passage.line, "quote-unverified", message, remedy, "warning", "excerpt")


def _write(path: Path, seals: dict[str, str]) -> None:
    try:
        write_atomic(path, csv_bytes(["segment", "hmac"], seals.items()))
    except OSError as error:
        raise MachineError(f"{FILE} could not be written: {error.strerror}") from None
