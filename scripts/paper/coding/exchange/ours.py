"""The tables of coded interviews as a ``CodedProject``: what is exported, and what our own exports read as."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from paper.coding.exchange import labels
from paper.coding.exchange.ids import ORIGIN, format_roles, guid_of, parents_first
from paper.coding.exchange.model import (
    Case,
    Code,
    CodedProject,
    Coding,
    Note,
    Passage,
    Source,
    SourceKind,
    User,
)
from paper.coding.exchange.store import Dataset, Row

PLACE = re.compile(r"characters (\d+)-(\d+)")
BETWEEN = "\n\n"  # passages, where there is no transcript and they stand one after another
LABELLED = ("code", "when_to_use", "when_not_to_use", "example", "driver", "coder")
STATED = ("segment", "block", "question", "locator", "released")


def project_of(dataset: Dataset, *, private: bool) -> CodedProject:
    """Return the tables as a project of origin ORIGIN, with pseudonyms for names.

    private: with the text of what is not released, and with the transcripts; else released text only.
    """
    tables = dataset.tables
    passages, sources = _passages(dataset, private=private)
    by_code = {row["code"]: _code(row) for row in tables["codebook"]}
    parents = {row["code"]: row["parent"] for row in tables["codebook"]}
    roles = {row["coder"]: row["role"] for row in tables["coders"]}
    return CodedProject(
        origin=ORIGIN,
        description=format_roles(roles),
        users=tuple(User(guid_of("coder", coder), coder) for coder in roles),
        codes=tuple(by_code[code] for code in parents_first(parents)),
        sources=sources,
        passages=passages,
        codings=tuple(
            Coding(
                guid_of("coding", "+".join((row["segment"], row["code"], row["coder"]))),
                guid_of("segment", row["segment"]),
                guid_of("code", row["code"]),
                guid_of("coder", row["coder"]),
            )
            for row in tables["segments"]
        ),
        notes=tuple(
            note for row in tables["memos"] if (note := _note(row, dataset.memos if private else {})).text
        ),
        cases=tuple(
            Case(
                guid_of("case", row["case"]),
                row["case"],
                {name: value for name, value in row.items() if name != "case" and value},
                (guid_of("source", row["case"]),),
            )
            for row in tables["cases"]
        ),
    )


def _code(row: Row) -> Code:
    said = labels.join(row["definition"], {name: row[name] for name in LABELLED})
    parent = guid_of("code", row["parent"]) if row["parent"] else ""
    return Code(guid_of("code", row["code"]), row["name"], parent, said)


def _passages(dataset: Dataset, *, private: bool) -> tuple[tuple[Passage, ...], tuple[Source, ...]]:
    """One passage a segment, one source a case: the transcript where it is there and fits, else the passages."""
    by_case: dict[str, list[Passage]] = {row["case"]: [] for row in dataset.tables["cases"]}
    seen: set[str] = set()
    for row in dataset.tables["segments"]:
        if row["segment"] in seen:
            continue
        seen.add(row["segment"])
        text = text_of(row, dataset.excerpts if private else {})
        by_case.setdefault(row["case"], []).append(
            Passage(
                guid_of("segment", row["segment"]),
                guid_of("source", row["case"]),
                row["locator"],
                text=text,
                stated={name: row[name] for name in STATED if row[name]},
            )
        )
    passages: list[Passage] = []
    sources: list[Source] = []
    for case, own in by_case.items():
        name = f"{case.replace(' ', '-')}.txt"
        transcript = dataset.transcripts.get(name, "") if private else ""
        in_transcript = _in_transcript(own, transcript) if transcript else None
        text, placed = (transcript, in_transcript) if in_transcript is not None else _one_after_another(own)
        kind: SourceKind = "table" if in_transcript is None else "text"
        sources.append(Source(guid_of("source", case), case, kind, text))
        passages += placed
    return tuple(passages), tuple(sources)


def _in_transcript(passages: list[Passage], transcript: str) -> list[Passage] | None:
    """Return the passages at the places that they state, if every one of them is found there."""
    placed: list[Passage] = []
    for passage in passages:
        match = PLACE.fullmatch(passage.locator)
        start, end = (int(match.group(1)), int(match.group(2))) if match else (0, 0)
        if not passage.text or transcript[start:end].strip() != passage.text:
            return None
        placed.append(replace(passage, start=start, end=end))
    return placed


def _one_after_another(passages: list[Passage]) -> tuple[str, list[Passage]]:
    """Make a text of the passages; what has no text gets a line that says where it is."""
    text = ""
    placed: list[Passage] = []
    for passage in passages:
        shown = passage.text or placeholder(passage)
        start = len(text)
        text += shown + BETWEEN
        placed.append(replace(passage, start=start, end=start + len(shown)))
    return text, placed


def text_of(row: Mapping[str, str], private: Mapping[str, str]) -> str:
    """Return the text of a passage: the released one, else what lies in data/private."""
    return row["excerpt"] if row["released"] == "true" else private.get(row["segment"], "")


def placeholder(passage: Passage) -> str:
    """Return what stands in the text for a passage of ours without one."""
    return f"[{passage.stated.get('segment', '')}]"


def _note(row: Row, private: Mapping[str, str]) -> Note:
    kinds = {"code": "code", "case": "source", "segment": "segment"}
    about = (guid_of(kinds[row["about_kind"]], row["about"]),) if row["about_kind"] in kinds else ()
    text = row["text"] if row["released"] == "true" else private.get(row["memo"], "")
    stated = {name: row[name] for name in ("memo", "about_kind", "about", "released") if row[name]}
    return Note(
        guid_of("memo", row["memo"]), row["memo"], text, guid_of("coder", row["coder"]), about, stated
    )
