"""Release passages: their private text moves into the open tables, after a look at what it would give away."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from paper.coding.data import releases
from paper.coding.data.package import described
from paper.coding.exchange import store
from paper.coding.exchange.store import EXCERPTS, Dataset
from paper.coding.interviews import transcripts
from paper.coding.privacy.extract import Piece
from paper.coding.privacy.identifiers import find_identifiers
from paper.coding.privacy.names import Names
from paper.coding.privacy.settings import load_settings
from paper.errors import DataError, Place, did_you_mean, together
from paper.project import Project
from paper.report import Fault


@dataclass(frozen=True)
class Passage:
    """What would be public: the passage's id, the pseudonym, the codes and the words."""

    segment: str
    case: str
    codes: tuple[str, ...]
    text: str


def plan_release(project: Project, segments: Sequence[str], words: str | None = None) -> list[Passage]:
    """Return the passages as they would be released; words: the wording of the one passage, where it is edited.

    Raises DataError, or SourceErrors, for passages that there aren't, that are released, that have no text, whose
    words differ from the transcript, or in which a name, an address or a number of a person stands. It never repeats
    what it found.
    """
    root = project.root
    dataset = store.load(root)
    file = described("segments", root).file()
    accepted = load_settings(project)
    names = Names.read(root, accepted.authors, accepted.allow)
    found, errors = [], []
    for segment in dict.fromkeys(segments):
        try:
            passage = _passage(dataset, segment, words, file)
        except DataError as error:
            errors.append(error)
            continue
        piece = Piece(passage.text, where=f"the passage {segment}")
        notices = [*find_identifiers(piece, file, accepted), *names.search(piece, file)]
        texts = transcripts.read(root, [passage.case]).get(passage.case)
        texts = texts or transcripts.imported(root).get(segment)
        if texts and all(transcripts.departs(passage.text, text) is not None for text in texts):
            message = "its words are not those of the transcript, or of the passage as it was imported"
            remedy = "mark cuts as […] and changes in [brackets]; give the wording with --text"
            notices.append(Fault(file, None, "quote-differs", message, remedy))
        errors += [_error(segment, fault) for fault in notices]
        found.append(passage)
    if errors:
        raise together(errors)
    return found


def release(root: Path, passages: Sequence[Passage], review: dt.date | None = None) -> list[str]:
    """Put the passages into the open table. Return the changed files.

    review: the date at which to look at the release again; see ``data.releases``.
    """
    files = _write(root, {passage.segment: passage.text for passage in passages})
    releases.record(root, [passage.segment for passage in passages], review, dt.date.today())
    return files


def renew_review(root: Path, segments: Sequence[str], review: dt.date | None) -> None:
    """Note that released passages may stand, until another date. Raises DataError for one that isn't released."""
    dataset = store.load(root)
    file = described("segments", root).file()
    for segment in segments:
        if _rows(dataset, segment, file)[0]["released"] != "true":
            raise DataError(f"the passage {segment} is not released", place=Place(file))
    releases.record(root, segments, review, dt.date.today())


def withdraw(root: Path, segments: Sequence[str]) -> list[str]:
    """Take released passages out of the open table; their text stays in data/private/. Returns the changed files.

    Raises DataError for a passage that there isn't. What git has recorded, it keeps.
    """
    dataset = store.load(root)
    for segment in segments:
        _rows(dataset, segment, described("segments", root).file())
    releases.forget(root, segments)
    return _write(root, dict.fromkeys(segments))


def _write(root: Path, texts: dict[str, str | None]) -> list[str]:
    """texts: by passage, None for one that is not to be released."""
    old = store.load(root)
    excerpts = dict(old.excerpts)
    rows = []
    for row in old.tables["segments"]:
        if row["segment"] in texts:
            text = texts[row["segment"]]
            if text is None and row["excerpt"]:
                excerpts.setdefault(row["segment"], row["excerpt"])
            row = {**row, "released": "false" if text is None else "true", "excerpt": text or ""}
        rows.append(row)
    return store.save(root, replace(old, tables={**old.tables, "segments": rows}, excerpts=excerpts), old)


def _passage(dataset: Dataset, segment: str, words: str | None, file: str) -> Passage:
    rows = _rows(dataset, segment, file)
    if rows[0]["released"] == "true":
        message = f"the passage {segment} is released already"
        raise DataError(
            message, place=Place(file), remedy=f"to take it back: paper data release --withdraw {segment}"
        )
    text = (words if words is not None else dataset.excerpts.get(segment, "")).strip()
    if not text:
        message = f"{EXCERPTS} has no text of the passage {segment}"
        raise DataError(message, place=Place(file), remedy="give its words with --text")
    return Passage(segment, rows[0]["case"], tuple(dict.fromkeys(row["code"] for row in rows)), text)


def _rows(dataset: Dataset, segment: str, file: str) -> list[store.Row]:
    rows = [row for row in dataset.tables["segments"] if row["segment"] == segment]
    if not rows:
        known = {row["segment"] for row in dataset.tables["segments"]}
        remedy = did_you_mean(segment, known, f"the column `segment` of {file} has its names")
        raise DataError(f"there is no passage {segment}", place=Place(file), remedy=remedy)
    return rows


def _error(segment: str, fault: Fault) -> DataError:
    remedy = "replace it by words in [brackets], and give the passage with --text"
    return DataError(
        f"the passage {segment} is not released: {fault.message}",
        place=Place(fault.file),
        remedy=fault.remedy if fault.rule == "quote-differs" else remedy,
    )
