"""Which block of the questionnaire, and which question, a passage belongs to, as the author's map tells it."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Mapping

from paper.coding.exchange.mapping import Places
from paper.coding.exchange.model import Code, CodedProject, Passage, Source
from paper.coding.exchange.remarks import Remarks


class Finder:
    """Finds one of the two for passages: stated in the file, by a code, by a heading, by a variable, or always."""

    def __init__(self, what: str, project: CodedProject, places: Places, remarks: Remarks) -> None:
        self._what, self._places, self._remarks = what, places, remarks
        self._sources = {source.id: source for source in project.sources}
        self._headings = {source.id: _headings(source, places) for source in project.sources}
        self.codes = {code.id: value for code in project.codes if (value := _value(code, places)) is not None}
        self._spans: defaultdict[str, list[tuple[Passage, str]]] = defaultdict(list)
        passages = {passage.id: passage for passage in project.passages}
        for coding in project.codings:
            if coding.code in self.codes and coding.passage in passages:
                passage = passages[coding.passage]
                self._spans[passage.source].append((passage, self.codes[coding.code]))

    def of(self, passage: Passage, values: Mapping[str, str]) -> str:
        """Return the block or question, "" where nothing tells it. values: the variables of the case."""
        stated = passage.stated.get(self._what, "")
        if stated:
            return stated
        variable = self._places.variable
        said = variable.values.get(
            {**values, **self._sources[passage.source].values}.get(variable.name, ""), ""
        )
        return self._by_code(passage) or self._by_heading(passage) or said or self._places.default

    def _by_code(self, passage: Passage) -> str:
        """Return the narrowest stretch that a code of the map marks, and that the passage stands in."""
        around = [
            (other, value) for other, value in self._spans.get(passage.source, ()) if _within(passage, other)
        ]
        if not around:
            return ""
        width = min(_width(other) for other, _ in around)
        results = {value for other, value in around if _width(other) == width}
        if len(results) > 1:
            self._remarks.unresolved(
                f"several-{self._what}s",
                f"passages that codes of the map place in several {self._what}s",
                passage.id,
            )
            return ""
        return results.pop()

    def _by_heading(self, passage: Passage) -> str:
        starts, found = self._headings.get(passage.source, ([], []))
        at = bisect_right(starts, passage.start) if passage.start is not None else 0
        return found[at - 1] if at else ""


def _value(code: Code, places: Places) -> str | None:
    return next((places.codes[name] for name in (code.id, code.name) if name in places.codes), None)


def _headings(source: Source, places: Places) -> tuple[list[int], list[str]]:
    """Where in a text lines begin that are headings, and what begins there."""
    starts: list[int] = []
    results: list[str] = []
    at = 0
    for line in (source.text or "").split("\n") if places.headings else ():
        for pattern, value in places.headings:
            match = pattern.search(line)
            if match:
                starts.append(at)
                results.append(value or (match.group(1) if match.re.groups else match.group()).strip())
                break
        at += len(line) + 1
    return starts, results


def _within(passage: Passage, other: Passage) -> bool:
    if other.whole:
        return True
    if None in (passage.start, passage.end, other.start, other.end):
        return passage.id == other.id
    return other.start <= passage.start and passage.end <= other.end  # type: ignore[operator]


def _width(passage: Passage) -> float:
    return float("inf") if passage.start is None or passage.end is None else passage.end - passage.start
