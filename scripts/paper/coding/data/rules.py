"""What a Table Schema can't say: works in the bibliography, the codebook's tree, passages and their release."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from paper.coding.data.sheet import Sheet
from paper.errors import PaperError, nearest
from paper.project import Project
from paper.report import Fault

Sheets = Mapping[str, Sheet]
# Columns that hold citation keys: (table, column). A work is the column's whole value.
KEYS: Final = (("literature_claims", "source"), ("references_status", "key"))
# What a passage is, whatever it is coded with.
PASSAGE: Final = ("case", "block", "question", "locator", "released", "excerpt")
TEXTS: Final = {"segments": "excerpt", "memos": "text"}
PRECISION: Final = {"day": 10, "month": 7, "year": 4}


def check(project: Project, sheets: Sheets) -> list[Fault]:
    """Return the faults of the tables in ``data/``, the interview tables among them."""
    return [
        *_works(project, sheets),
        *_tree(sheets),
        *_dates(sheets),
        *check_interviews(sheets),
    ]


def check_interviews(sheets: Sheets) -> list[Fault]:
    """Return the faults of the interview tables."""
    return [*release(sheets), *_passages(sheets), *_memos(sheets), *_bare_cases(sheets)]


def _works(project: Project, sheets: Sheets) -> Iterator[Fault]:
    """Citation keys that references.bib lacks."""
    from paper.bibliography.formatted import bibliography_files
    from paper.bibliography.reader import read

    try:
        known = {entry.key for path in bibliography_files(project) for entry in read(path).entries}
    except PaperError as error:
        message = str(error).splitlines()[0]
        yield Fault(
            "references.bib", None, "missing", f"works are not checked, since {message}", error.remedy
        )
        return
    for table, column in KEYS:
        for value, line, sheet in _cells(sheets, table, column):
            if value and value not in known:
                name = nearest(value, known, cutoff=0.7)
                near = f"did you mean {name}? " if name else ""
                message = f"{value[:40]!r} is no entry of the bibliography"
                remedy = f"{near}Add the work, or leave the cell empty and say so in doubt"
                yield Fault(sheet.file, line, "unknown-work", message, remedy, column=column)


def _tree(sheets: Sheets) -> Iterator[Fault]:
    """Codes that are each other's parents."""
    sheet = _with(sheets, "codebook", "code", "parent")
    if not sheet:
        return
    parent = dict(zip(sheet.columns["code"], sheet.columns["parent"], strict=True))
    line = dict(zip(sheet.columns["code"], sheet.lines, strict=True))
    done: set[str] = set()
    for code in parent:
        path: list[str] = []
        at = code
        while at in parent and at not in done and at not in path:
            path.append(at)
            at = parent[at]
        if at in path:
            ring = path[path.index(at) :]
            message = (
                "the code is its own parent" if len(ring) == 1 else f"in a ring: {' → '.join([*ring, at])}"
            )
            yield Fault(sheet.file, line[at], "ring", message, "give one of them no parent", column="parent")
        done.update(path)


def _dates(sheets: Sheets) -> Iterator[Fault]:
    """Events whose dates contradict themselves."""
    sheet = _with(sheets, "events", "start", "end", "precision")
    if not sheet:
        return
    columns = (sheet.columns[name] for name in ("start", "end", "precision"))
    for line, start, end, precision in zip(sheet.lines, *columns, strict=True):
        if bool(start) != bool(end) or bool(start) == (precision == "undated"):
            message, remedy = "only one of start and end", "give both, the same for a single date"
            if bool(start) == bool(end):
                message, remedy = (
                    f"{precision or 'no precision'} with start {start!r}",
                    "undated means: no dates",
                )
            yield Fault(sheet.file, line, "dates", message, remedy, column="start")
        elif start and end[: len(start)] < start[: len(end)]:
            yield Fault(sheet.file, line, "dates", f"{end} is before {start}", "exchange them", column="end")
        elif len(start) != PRECISION.get(precision, len(start)):
            message = f"{start} is not a {precision}"
            remedy = "date it as precisely as precision says, and no more"
            yield Fault(sheet.file, line, "dates", message, remedy, column="start")


def release(sheets: Sheets) -> Iterator[Fault]:
    """Text without release, and release without text."""
    for table, column in TEXTS.items():
        sheet = _with(sheets, table, column, "released")
        if not sheet:
            continue
        for text, released, line in zip(
            sheet.columns[column], sheet.columns["released"], sheet.lines, strict=True
        ):
            if released == "false" and text and line not in sheet.odd:
                message = "text that is not released; it must not stand here"
                remedy = (
                    f"move it to data/private, or release it if the respondent agreed ({len(text)} letters)"
                )
                yield Fault(sheet.file, line, "not-released", message, remedy, column=column)
            elif released == "true" and not text.strip() and line not in sheet.odd:
                message = "released, and empty"
                remedy = "put the text in, or set released to false"
                yield Fault(sheet.file, line, "empty-excerpt", message, remedy, column=column)


def _passages(sheets: Sheets) -> Iterator[Fault]:
    """Report a passage coded in several rows that differ in what the passage is."""
    sheet = _with(sheets, "segments", "segment", *PASSAGE)
    if not sheet:
        return
    columns = [sheet.columns[name] for name in PASSAGE]
    first: dict[str, tuple[int, tuple[str, ...]]] = {}
    for line, segment, *values in zip(sheet.lines, sheet.columns["segment"], *columns, strict=True):
        if not segment or line in sheet.odd:
            continue
        before, same = first.setdefault(segment, (line, tuple(values)))
        if same != tuple(values):
            for name, here, there in zip(PASSAGE, values, same, strict=True):
                if here != there:
                    message = f"the passage {segment[:40]} differs from its row in line {before}"
                    remedy = "one passage has one case, place, release and text, whoever coded it"
                    yield Fault(sheet.file, line, "passage", message, remedy, column=name)


def _memos(sheets: Sheets) -> Iterator[Fault]:
    """Memos about a code, a case or a passage that isn't there."""
    sheet = _with(sheets, "memos", "about_kind", "about")
    if not sheet:
        return
    places = {"code": ("codebook", "code"), "case": ("cases", "case"), "segment": ("segments", "segment")}
    known = {
        kind: set(sheets[table].columns.get(column, ())) if table in sheets else None
        for kind, (table, column) in places.items()
    }
    for kind, about, line in zip(
        sheet.columns["about_kind"], sheet.columns["about"], sheet.lines, strict=True
    ):
        there = known.get(kind)
        if kind == "project" and about:
            message, remedy = "a memo about the project names something", "leave the cell empty"
        elif there is not None and about not in there:
            message = f"{about[:40]!r} stands in no row of {sheets[places[kind][0]].file}"
            remedy = f"name a {kind} that is there"
        else:
            continue
        yield Fault(sheet.file, line, "unknown", message, remedy, column="about")


def _bare_cases(sheets: Sheets) -> Iterator[Fault]:
    """Interviews of which nothing is coded: no fault, and yet they count in every share."""
    cases, segments = _with(sheets, "cases", "case"), _with(sheets, "segments", "case")
    if not cases or not segments or not segments.lines:
        return
    coded = set(segments.columns["case"])
    for case, line in zip(cases.columns["case"], cases.lines, strict=True):
        if case and case not in coded:
            message = f"nothing is coded in {case[:40]}"
            remedy = "code it, or take it out: it counts in every share"
            yield Fault(cases.file, line, "bare-case", message, remedy, "warning", "case")


def _with(sheets: Sheets, table: str, *columns: str) -> Sheet | None:
    """Return the sheet, where it could be read and has the columns."""
    sheet = sheets.get(table)
    return sheet if sheet and all(name in sheet.columns for name in columns) else None


def _cells(sheets: Sheets, table: str, column: str) -> Iterator[tuple[str, int, Sheet]]:
    sheet = _with(sheets, table, column)
    if sheet:
        yield from (
            (value, line, sheet)
            for value, line in zip(sheet.columns[column], sheet.lines, strict=True)
            if line not in sheet.odd
        )
