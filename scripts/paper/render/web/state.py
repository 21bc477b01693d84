"""The page "State of this draft", made from the chapters and the data: what is there and what is open."""

from __future__ import annotations

import csv
import html
import re
from dataclasses import dataclass

from paper.project import Project


@dataclass(frozen=True)
class OpenItem:
    """Something not settled: what it is, and where (a place in the draft, or file and line)."""

    what: str
    where: str


_OPEN_MARK = re.compile(r"\b(?:TODO|FIXME)\b:?\s*(.*?)\s*(?:-->|$)")


def open_corrections(project: Project) -> list[OpenItem]:
    """Rows of ``data/corrections.csv`` whose status is open."""
    path = project.root / "data" / "corrections.csv"
    if not path.is_file():
        return []
    with path.open(encoding="utf-8-sig", newline="") as stream:
        rows = [row for row in csv.DictReader(stream) if (row.get("status") or "").strip().lower() == "open"]
    return [
        OpenItem(
            _first(row, "note", "issue", "correction", "change"), _first(row, "place", "locator", "location")
        )
        for row in rows
    ]


def _first(row: dict[str, str | None], *names: str) -> str:
    return next((str(row[name]) for name in names if row.get(name)), "")


def open_marks(project: Project) -> list[OpenItem]:
    """``TODO`` in the chapters' sources, as comments usually are."""
    found = []
    for chapter in project.chapters:
        text = (project.root / chapter.path).read_text("utf8", errors="replace")
        for number, line in enumerate(text.splitlines(), 1):
            if match := _OPEN_MARK.search(line):
                found.append(OpenItem(match[1].rstrip("->") or line.strip(), f"{chapter.path}:{number}"))
    return found


def word_count(body: str) -> int:
    """Words of running text in a page's body: no drawings, tables, or references."""
    text = re.sub(r"(?s)<(svg|script|style|details|table)\b.*?</\1>", " ", body)
    text = re.sub(r'(?s)<div id="refs".*', " ", text)
    text = html.unescape(re.sub(r"<[^>]+>", " ", text))
    return len(re.findall(r"[^\W_][\w’'-]*", text))


@dataclass(frozen=True)
class Interviews:
    """How far the coding of interviews has come. coded: interviews with at least one coded segment."""

    coded: int
    planned: str
    synthetic: bool


def interviews(project: Project) -> Interviews:
    """Counted in the coded segments that this build shows; planned is said in ``_variables.yml``."""
    path = project.root / "data" / ("synthetic" if project.synthetic else "") / "segments.csv"
    cases: set[str] = set()
    if path.is_file():
        with path.open(encoding="utf-8-sig", newline="") as stream:
            cases = {_first(row, "case", "case_id", "source") for row in csv.DictReader(stream)} - {""}
    said = project.variables.get("interviews")
    planned = str(said.get("planned") or "") if isinstance(said, dict) else ""
    return Interviews(len(cases), planned, project.synthetic)
