"""Passages of a file found again among the segments of the tables, whatever became of their GUIDs and places."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz

from paper.coding.exchange.pseudonym_map import PseudonymMap
from paper.coding.exchange.remarks import Remarks
from paper.coding.exchange.resolve import ResolvedPassage
from paper.coding.exchange.store import Dataset

ALIKE = 70  # per cent of likeness from which a text at the same place is the same passage, mended


@dataclass(frozen=True)
class _Known:
    segment: str
    case: str
    locator: str
    text: str


class Matcher:
    """Gives each passage the id of its segment, old or new; two passages of one place and text share one."""

    def __init__(self, dataset: Dataset, key: PseudonymMap) -> None:
        self._key = key
        self._known = {
            row["segment"]: _Known(
                row["segment"],
                row["case"],
                row["locator"],
                _words(row["excerpt"] or dataset.excerpts.get(row["segment"], "")),
            )
            for row in dataset.tables["segments"]
        }
        self._at = {(known.case, known.locator): known for known in self._known.values()}
        self._found: dict[str, str] = {}
        self._numbers: defaultdict[str, int] = defaultdict(int)
        for segment in [*self._known, *(row["stands_for"] for row in key.entries("segment"))]:
            if match := re.fullmatch(r"(.+)-(\d+)", segment):
                prefix, number = match.groups()
                self._numbers[prefix] = max(self._numbers[prefix], int(number))

    def match(self, passages: Sequence[ResolvedPassage], remarks: Remarks) -> dict[str, str]:
        """Passage id → segment id; the key learns them. Safe ways to know a passage come before doubtful ones."""
        for way in (self._stated, self._same_place, self._same_guid, self._same_text(passages), self._mended):
            claimed = set(self._found.values()) if way not in (self._stated, self._same_place) else set()
            for passage in passages:
                if passage.id not in self._found:
                    segment = way(passage)
                    if segment and segment not in claimed:
                        self._found[passage.id] = segment
                        if way == self._same_guid:
                            remarks.repaired(
                                "moved", "passages that were moved or mended since the last import", segment
                            )
        results: dict[tuple[str, str, str], str] = {}
        for passage in passages:
            if passage.id not in self._found:
                place = (passage.case, passage.locator, passage.text)
                results.setdefault(place, self._new(passage.case) if place not in results else "")
                self._found[passage.id] = results[place]
            self._key.record("segment", passage.id, "", self._found[passage.id])
        return self._found

    def _stated(self, passage: ResolvedPassage) -> str:
        """Return the id that our own export states, unless it has come to mean another passage here."""
        segment = passage.stated.get("segment", "")
        known = self._known.get(segment)
        same = known and known.case == passage.case
        if known and not (same and (known.locator == passage.locator or known.text == _words(passage.text))):
            return ""
        return segment

    def _same_place(self, passage: ResolvedPassage) -> str:
        known = self._at.get((passage.case, passage.locator))
        text = _words(passage.text)
        return known.segment if known and (not text or not known.text or text == known.text) else ""

    def _same_guid(self, passage: ResolvedPassage) -> str:
        known = self._known.get(self._key.by_id("segment", passage.id))
        return known.segment if known and known.case == passage.case else ""

    def _same_text(self, passages: Sequence[ResolvedPassage]) -> Callable[[ResolvedPassage], str]:
        ours = Counter((known.case, known.text) for known in self._known.values())
        theirs = Counter({(p.case, p.locator, _words(p.text)): 1 for p in passages})
        often = Counter((case, text) for case, _, text in theirs)
        by_text = {(known.case, known.text): known.segment for known in self._known.values()}

        def find(passage: ResolvedPassage) -> str:
            place = (passage.case, _words(passage.text))
            return by_text[place] if place[1] and ours[place] == 1 and often[place] == 1 else ""

        return find

    def _mended(self, passage: ResolvedPassage) -> str:
        known = self._at.get((passage.case, passage.locator))
        if not known or not fuzz.ratio(known.text, _words(passage.text), score_cutoff=ALIKE):
            return ""
        return known.segment

    def _new(self, case: str) -> str:
        prefix = case.replace(" ", "-")
        self._numbers[prefix] += 1
        return f"{prefix}-{self._numbers[prefix]:03}"


def _words(text: str) -> str:
    return " ".join(text.split())
