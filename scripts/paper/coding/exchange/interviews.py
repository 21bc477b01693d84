"""Which interview a passage belongs to, and under which pseudonym. Names go into the private key and no further."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from rapidfuzz import fuzz

from paper.coding.exchange.ids import digest
from paper.coding.exchange.mapping import Map
from paper.coding.exchange.model import Case, CodedProject, Passage, Source
from paper.coding.exchange.pseudonym_map import PseudonymMap
from paper.coding.exchange.pseudonyms import bad_pseudonym, is_pseudonym, next_pseudonym
from paper.coding.exchange.remarks import Remarks
from paper.coding.exchange.store import Dataset

SAME_TEXT = 70  # per cent of likeness from which two texts of one name are one transcript, revised


class Interviews:
    """Sources and cases of a project as cases of ours; ``transcripts`` and ``values`` are filled on the way."""

    def __init__(
        self,
        project: CodedProject,
        map_: Map,
        dataset: Dataset,
        key: PseudonymMap,
        remarks: Remarks,
        *,
        own: bool,
    ):
        self._project, self._map, self._dataset, self._key = project, map_, dataset, key
        self._remarks, self._own = remarks, own
        self._known = {row["case"] for row in dataset.tables["cases"]}
        self._taken = self._known | {row["stands_for"] for row in key.entries("case")}
        self._taken |= {row["stands_for"].partition("#")[0] for row in key.entries("source")}
        self._sources = {source.id: source for source in project.sources}
        self._claimed: set[str] = set()
        self._given: dict[str, tuple[str, int]] = {}  # source id → case and the number of the text in it
        self._numbers: defaultdict[str, int] = defaultdict(int)
        for row in key.entries("source"):
            case, _, number = row["stands_for"].partition("#")
            self._numbers[case] = max(self._numbers[case], int(number or 1))
        self._whole, self._spans = _members(project)
        self.cases: dict[str, dict[str, str]] = {}  # case → values of its variables
        self.transcripts: dict[str, str] = {}

    def of(self, passage: Passage) -> tuple[str, int]:
        """Return the case of a passage, and which of the case's texts it stands in (from 1)."""
        own, number = self._source(passage.source)
        within = {
            case.id: case
            for case, start, end in self._spans.get(passage.source, ())
            if passage.start is not None
            and passage.end is not None
            and start <= passage.start
            and passage.end <= end
        }
        if len(within) == 1 and not self._whole.get(passage.source):
            case = next(iter(within.values()))
            pseudonym = self._case(case)
            self._keep(pseudonym, case.values)
            return pseudonym, number
        if len(within) > 1:
            self._remarks.unresolved("several-cases", "passages that belong to several cases", passage.id)
        self._keep(own, self._sources[passage.source].values)
        return own, number

    def is_known(self, source: Source) -> bool:
        """Return whether a source belongs to an interview: any but a picture does, one by its case or the map."""
        mapped = self._map.cases.get(source.name) or self._map.cases.get(source.id)
        return bool(
            source.kind != "picture"
            or mapped
            or source.id in self._whole
            or source.id in self._spans
            or self._key.by_id("source", source.id)
        )

    def know(self, case: Case) -> None:
        """Take in a case of the program's, whether anything of it is coded or not."""
        self._keep(self._case(case), case.values)

    def know_source(self, source: str) -> None:
        """Take in a source, whether anything in it is coded or not."""
        self._source(source)

    def case_of_source(self, source: str) -> str:
        """Return the case of a source, "" where nothing of it was asked for."""
        return self._given[source][0] if source in self._given else ""

    def of_case(self, case: str) -> str:
        """Return the pseudonym of one of the program's cases, "" where nothing of it was coded."""
        result = self._key.by_id("case", case)
        return result if result in self.cases else ""

    def _source(self, identifier: str) -> tuple[str, int]:
        if identifier not in self._given:
            self._given[identifier] = self._place(self._sources[identifier])
        return self._given[identifier]

    def _place(self, source: Source) -> tuple[str, int]:
        mark = _mark(source.text) if source.kind != "table" else ""
        before = self._key.by_id("source", source.id) or self._same(source, mark)
        case_before, _, number_before = before.partition("#")
        members = self._whole.get(source.id, [])
        if len(members) > 1:
            self._remarks.unresolved(
                "source-in-several-cases",
                "sources that belong to several cases: taken as a case of their own",
                source.id,
                "say under `cases:` in the map which case it is",
            )
        mapped = self._map.cases.get(source.name) or self._map.cases.get(source.id)
        if len(members) == 1:
            case = mapped or self._case(members[0], case_before)
            self._keep(case, members[0].values)
        elif source.part_of:
            case = mapped or self._source(source.part_of)[0]
        else:
            case = mapped or case_before or self._named(source.name) or next_pseudonym("case", 2, self._taken)
        if not is_pseudonym(case):
            raise bad_pseudonym(case)
        self._taken.add(case)
        number = int(number_before or 1) if case == case_before else self._numbers[case] + 1
        self._numbers[case] = max(self._numbers[case], number)
        self._claimed.add(f"{case}#{number}")
        if source.text and source.text.strip() and source.kind != "table":
            self._transcribe(source, case, number, self._key_mark(f"{case}#{number}"))
        self._key.record("source", source.id, source.name, f"{case}#{number}", mark)
        return case, number

    def _case(self, case: Case, known: str = "") -> str:
        """Return the pseudonym of one of the program's cases, known already or new."""
        names = {row["stands_for"] for row in self._key.entries("case") if row["name"] == case.name != ""}
        found = (
            self._map.cases.get(case.name) or self._map.cases.get(case.id) or self._key.by_id("case", case.id)
        )
        found = found or (names.pop() if len(names) == 1 else "") or self._named(case.name) or known
        found = found or next_pseudonym("case", 2, self._taken)
        if not is_pseudonym(found):
            raise bad_pseudonym(found)
        self._taken.add(found)
        self._key.record("case", case.id, case.name, found)
        return found

    def _named(self, name: str) -> str:
        """Return a name that is a pseudonym already: one of ours, or one in an export of ours."""
        return name if name in self._known or (self._own and is_pseudonym(name)) else ""

    def _same(self, source: Source, mark: str) -> str:
        """Return a source known under another GUID: by its text, or by its name where the texts are alike."""
        entries = [row for row in self._key.entries("source") if row["stands_for"] not in self._claimed]
        for row in sorted(entries, key=lambda row: row["name"] != source.name):
            if mark and row["mark"] == mark:
                return row["stands_for"]
        for row in entries:
            if not source.name or row["name"] != source.name:
                continue
            case, _, number = row["stands_for"].partition("#")
            old = self._dataset.transcripts.get(transcript_name(case, int(number or 1)), "")
            if not old or not source.text or fuzz.ratio(old, source.text, score_cutoff=SAME_TEXT):
                return row["stands_for"]
            self._remarks.unresolved(
                "same-name-other-text",
                "sources with the name of an earlier one and another text: taken as other interviews",
                source.id,
                "if they are the same interview, say so under `cases:` in the map",
            )
        return ""

    def _key_mark(self, stands_for: str) -> set[str]:
        return {row["mark"] for row in self._key.entries("source") if row["stands_for"] == stands_for}

    def _transcribe(self, source: Source, case: str, number: int, marks: set[str]) -> None:
        """Keep the text, unless the author has put another one in its place."""
        name = transcript_name(case, number)
        there = self._dataset.transcripts.get(name)
        if there is not None and there != source.text and _mark(there) not in marks:
            self._remarks.unresolved(
                "transcript-kept",
                "transcripts in data/private/transcripts/ that differ from the text of the project: kept",
                name,
                "delete the transcript to take the project's text",
            )
            return
        self.transcripts[name] = source.text or ""

    def _keep(self, case: str, values: Mapping[str, str]) -> None:
        self.cases.setdefault(case, {}).update(values)


def transcript_name(case: str, number: int) -> str:
    """Return the file of a case's text: the first without a number."""
    return f"{case.replace(' ', '-')}{'' if number == 1 else f'-{number}'}.txt"


def _members(project: CodedProject) -> tuple[dict[str, list[Case]], dict[str, list[tuple[Case, int, int]]]]:
    """Which cases own a source as a whole, and which own a stretch of its text."""
    whole: dict[str, dict[str, Case]] = defaultdict(dict)
    spans: dict[str, list[tuple[Case, int, int]]] = defaultdict(list)
    passages = {passage.id: passage for passage in project.passages}
    by_code = {code: case for case in project.cases for code in (*case.codes, case.id)}

    def add(case: Case, passage: Passage) -> None:
        if passage.whole:
            whole[passage.source][case.id] = case
        elif passage.start is not None and passage.end is not None:
            spans[passage.source].append((case, passage.start, passage.end))

    for case in project.cases:
        for source in case.sources:
            whole[source][case.id] = case
        for passage in case.passages:
            if passage in passages:
                add(case, passages[passage])
    for coding in project.codings:
        if coding.code in by_code and coding.passage in passages:
            add(by_code[coding.code], passages[coding.passage])
    return {source: list(cases.values()) for source, cases in whole.items()}, spans


def case_codes(project: CodedProject) -> set[str]:
    """Codes that stand for cases and bear their names (NVivo keeps cases as codes), and folders of only such."""
    named = {case.id for case in project.cases} | {code for case in project.cases for code in case.codes}
    results = {code.id for code in project.codes if code.id in named}
    for code in reversed(project.codes):
        beneath = [other.id for other in project.codes if other.parent == code.id] if not code.codable else []
        if beneath and results.issuperset(beneath):
            results.add(code.id)
    return results


def _mark(text: str | None) -> str:
    return digest(text) if text and text.strip() else ""
