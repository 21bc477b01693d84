"""From a project of another program to rows of ours: pseudonyms, codes, blocks; what has no place is remarked."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from paper.coding.exchange.cleaning import cleaner
from paper.coding.exchange.coders import Coders
from paper.coding.exchange.codes import Codes
from paper.coding.exchange.ids import ORIGIN, format_roles, parse_roles
from paper.coding.exchange.interviews import Interviews, case_codes
from paper.coding.exchange.mapping import Map, Variable
from paper.coding.exchange.model import CodedProject, Coding, Note
from paper.coding.exchange.ours import placeholder
from paper.coding.exchange.places import Finder
from paper.coding.exchange.pseudonym_map import PseudonymMap
from paper.coding.exchange.remarks import Remarks
from paper.coding.exchange.store import Dataset, Row


@dataclass(frozen=True)
class ResolvedPassage:
    """A passage of a case. ``order`` sorts the passages of a case as they stand in its texts."""

    id: str
    case: str
    locator: str
    text: str
    order: tuple[int, int, int]
    block: str
    question: str
    stated: Mapping[str, str]


@dataclass(frozen=True)
class Memo:
    """A memo about one thing: ``about`` is a passage's id, or a code or case of ours, as ``kind`` says."""

    id: str
    kind: str
    about: str
    coder: str
    text: str
    stated: Mapping[str, str]


@dataclass
class ResolvedProject:
    """Rows for the codebook, cases and coders; passages, codings (passage, code, coder) and memos without ids."""

    codebook: list[Row] = field(default_factory=list)
    cases: list[Row] = field(default_factory=list)
    coders: list[Row] = field(default_factory=list)
    passages: list[ResolvedPassage] = field(default_factory=list)
    codings: list[tuple[str, str, str]] = field(default_factory=list)
    memos: list[Memo] = field(default_factory=list)
    transcripts: dict[str, str] = field(default_factory=dict)


def resolve_codings(
    project: CodedProject, map_: Map, dataset: Dataset, key: PseudonymMap, remarks: Remarks
) -> ResolvedProject:
    """Decide who is who and what is what. ``key`` learns new pseudonyms. Raises DataError for a map that errs."""
    return _Resolver(project, map_, dataset, key, remarks).resolved()


class _Resolver:
    def __init__(
        self, project: CodedProject, map_: Map, dataset: Dataset, key: PseudonymMap, remarks: Remarks
    ) -> None:
        self._project, self._map, self._remarks = project, map_, remarks
        self._own = project.origin == ORIGIN
        self._attributes = dataset.attribute_names
        self._passages = {passage.id: passage for passage in project.passages}
        self._sources = {source.id: source for source in project.sources}
        self._block = Finder("block", project, map_.block, remarks)
        self._question = Finder("question", project, map_.question, remarks)
        structure = case_codes(project) | set(self._block.codes) | set(self._question.codes)
        self._coders = Coders(project, map_, dataset, key, remarks, own=self._own)
        self._interviews = Interviews(project, map_, dataset, key, remarks, own=self._own)
        self._codes = Codes(project, structure, map_, dataset, key, remarks)
        self._structure = structure

    def resolved(self) -> ResolvedProject:
        codings = list(self._codings())
        coded = dict.fromkeys(coding.passage for coding in codings)
        places = {passage: self._interviews.of(self._passages[passage]) for passage in coded}
        coders = {coding.id: self._coders.of(coding.user, coding.id) for coding in codings}
        if self._own:
            self._all_people()
        clean = cleaner(self._project, self._coders, self._interviews) if not self._own else str
        self._codes.settle(clean)
        result = ResolvedProject()
        for coding in codings:
            code = self._codes.of(coding.code)
            if code:
                result.codings.append((coding.passage, code, coders[coding.id]))
            else:
                self._remarks.dropped("left-out", "codings with codes that the map leaves out", coding.id)
        remaining = {passage for passage, _, _ in result.codings}
        for place, (passage, (case, number)) in enumerate(places.items()):
            if passage in remaining:
                result.passages.append(self._passage(place, passage, case, number, clean))
        result.passages.sort(key=lambda passage: (passage.case, passage.order))
        result.memos = list(self._memos(remaining))
        self._codes.sign(self._coders.owner)
        result.codebook = list(self._codes.rows.values())
        result.cases = self._cases(result)
        roles = parse_roles(self._project.description) if self._own else {}
        given = dict.fromkeys(self._coders.pseudonyms.values())
        result.coders = [{"coder": coder, "role": roles.get(coder, "")} for coder in given]
        result.transcripts = self._interviews.transcripts
        self._unused()
        if not self._own:
            self._variables()
            self._left_out(result)
        return result

    # -- codings and passages ---------------------------------------------------------------------------------

    def _codings(self) -> Iterator[Coding]:
        """Yield the codings that say something, each once."""
        codes = {code.id for code in self._project.codes}
        said: set[tuple[str, ...]] = set()
        texts = {
            (p.source, _words(p.text), coding.code, coding.user)
            for coding in self._project.codings
            if (p := self._passages.get(coding.passage)) and p.start is not None
        }
        for coding in self._project.codings:
            passage = self._passages.get(coding.passage)
            if coding.code in self._structure:
                continue
            if coding.code not in codes or passage is None:
                self._remarks.dropped(
                    "unknown-code", "codings with a code that the project doesn't have", coding.id
                )
                continue
            if not self._interviews.is_known(self._sources[passage.source]):
                self._remarks.dropped(
                    "picture-without-case",
                    "codings of pictures that belong to no interview",
                    coding.id,
                    "tie the picture to a case in the program, or say under `cases:` in the map whose it is",
                )
                continue
            again = (coding.passage, coding.code, coding.user)
            text = (passage.source, _words(passage.text), coding.code, coding.user)
            if again in said or (passage.start is None and passage.text and text in texts):
                self._remarks.repaired("coding-twice", "codings that the file holds twice", coding.id)
                continue
            said.add(again)
            yield coding

    def _passage(
        self, place: int, identifier: str, case: str, number: int, clean: Callable[[str], str]
    ) -> ResolvedPassage:
        passage = self._passages[identifier]
        values = self._interviews.cases.get(case, {})
        block = self._block.of(passage, values)
        if not block:
            self._remarks.unresolved(
                "no-block",
                "passages whose block of the questionnaire isn't known",
                passage.id,
                "write `block:` in a map and import again, or fill in the column in data/segments.csv",
            )
        locator = clean(
            passage.stated.get("locator", "") or (f"text {number}, " if number > 1 else "") + passage.locator
        )
        text = "" if passage.text == placeholder(passage) else passage.text.strip()
        order = (number, passage.start if passage.start is not None else 2**60, place)
        return ResolvedPassage(
            identifier, case, locator, text, order, block,
            clean(self._question.of(passage, values)), self._trusted(passage.stated),
        )  # fmt: skip

    def _trusted(self, stated: Mapping[str, str]) -> Mapping[str, str]:
        """Return what a file states of its own. Only our exports say what is released; other programs don't know."""
        return stated if self._own else {name: value for name, value in stated.items() if name != "released"}

    # -- people -----------------------------------------------------------------------------------------------

    def _all_people(self) -> None:
        """Our own exports hold every case and coder, with or without codings."""
        for case in self._project.cases:
            self._interviews.know(case)
        for source in self._project.sources:
            self._interviews.know_source(source.id)
        for user in self._project.users:
            self._coders.of(user.id, "")

    def _cases(self, result: ResolvedProject) -> list[Row]:
        used = {passage.case for passage in result.passages}
        used |= {memo.about for memo in result.memos if memo.kind == "case"}
        cases = self._interviews.cases.items()
        return [self._case(case, values) for case, values in cases if case in used or self._own]

    def _case(self, case: str, values: Mapping[str, str]) -> Row:
        if self._own:
            return {"case": case, **{name: values.get(name, "") for name in self._attributes}}
        words = {
            name: self._word(case, name, self._map.attributes.get(name), values) for name in self._attributes
        }
        return {"case": case, **words}

    def _word(self, case: str, column: str, variable: Variable | None, values: Mapping[str, str]) -> str:
        """Return the broad word that the map has for a value; none is ever taken over as it is."""
        if variable is None:
            return ""
        value = values.get(variable.name, "")
        if value and value not in variable.values:
            self._remarks.unresolved(
                f"{column}-without-word",
                f"cases whose value the map has no {column} for",
                case,
                f"add the value under `{column}: values:` in the map",
            )
        return variable.values.get(value, "")

    # -- memos ------------------------------------------------------------------------------------------------

    def _memos(self, kept: set[str]) -> Iterator[Memo]:
        passage_of = {coding.id: coding.passage for coding in self._project.codings}
        notes = list(self._project.notes)
        description = self._project.description
        if description != format_roles(parse_roles(description)):
            notes.append(Note("description", "", description))
        for note in notes:
            text = note.text.strip()
            if not text:
                continue
            if note.name and not text.startswith(note.name) and "memo" not in note.stated:
                text = f"{note.name}\n\n{text}"
            abouts = {self._about(passage_of.get(target, target), kept) for target in note.about}
            abouts.discard(None)
            if note.about and not abouts:
                self._remarks.dropped("memo-about-nothing", "memos about things that aren't kept", note.id)
                continue
            coder = self._coders.writer(note.user or self._project.owner, note.id)
            for kind, about in sorted(a for a in abouts if a) or [("project", "")]:
                yield Memo(f"{note.id}:{kind}:{about}", kind, about, coder, text, self._trusted(note.stated))

    def _about(self, target: str, kept: set[str]) -> tuple[str, str] | None:
        """Return what a memo is about, as a kind and a thing of ours; None where we don't keep the thing."""
        code = self._codes.of(target)
        if code:
            return "code", code
        if target in kept:
            return "segment", target
        source = self._passages[target].source if target in self._passages else target
        case = self._interviews.case_of_source(source) or self._interviews.of_case(target)
        return ("case", case) if case else None

    def _unused(self) -> None:
        for source in self._project.sources:
            if not self._interviews.case_of_source(source.id):
                self._remarks.dropped("source-without-codes", "sources in which nothing is coded", source.id)

    def _variables(self) -> None:
        """Tell variables that the map doesn't name, and those that it names and nobody has."""
        project, map_ = self._project, self._map
        values = [*(case.values for case in project.cases), *(source.values for source in project.sources)]
        there = dict.fromkeys(name for each in values for name in each)
        named = {variable.name for variable in (*map_.attributes.values(), map_.block.variable)} - {""}
        for name in there:
            if name not in named:
                shown = name if len(name) <= 30 and len(name.split()) <= 3 else "…"
                self._remarks.dropped(
                    "variable-unmapped", "variables that the map doesn't name: their values stay out", shown
                )
        for name in sorted(named - set(there)):
            self._remarks.unresolved(
                "variable-unknown",
                "variables that the map names and no case or source of the file has",
                name,
                "correct `variable:` in the map",
            )

    def _left_out(self, result: ResolvedProject) -> None:
        """Tell cases of which nothing comes in, and categories, of which the codebook knows no difference."""
        cases = {row["case"] for row in result.cases}
        for case in self._project.cases:
            if self._interviews.of_case(case.id) not in cases and case.id not in self._structure:
                self._remarks.dropped(
                    "case-without-codes", "cases of which nothing is coded: they stay out", case.id
                )
        for code in self._project.codes:
            if not code.codable and (slug := self._codes.of(code.id)):
                self._remarks.repaired("category", "categories, which can't be given: kept as codes", slug)


def _words(text: str) -> str:
    return " ".join(text.split())
