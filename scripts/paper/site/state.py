"""The page "State of this paper", made from chapters and data; in the working edition with what is open."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from lxml import html as tree

from paper.project import Project
from paper.report import Severity
from paper.typography import curly

# What is not running text: drawings, tables and what hangs on them, lists of references, ways back from notes.
_NOT_PROSE: Final = (
    "//svg | //table | //details | //script | //math | //*[@class='figure-tools']"
    " | //*[contains(concat(' ', @class, ' '), ' references ')] | //*[@class='further-reading']"
    " | //a[@class='footnote-back']"
    " | //*[@class='claim-note']"  # an entry of the appendix, shown again at its claim
)


def word_count(body: str) -> int:
    """Count words of running text, headings, captions and notes in a page's body."""
    if not body.strip():
        return 0
    root = tree.fromstring(f"<div>{body}</div>")
    for node in root.xpath(_NOT_PROSE):
        node.drop_tree()
    return len(re.findall(r"[^\W_][\w’'-]*", " ".join(root.itertext())))


@dataclass(frozen=True)
class Question:
    """Something that only the author can settle: the doubt, and where in the draft it arises."""

    what: str
    where: str


def open_questions(project: Project) -> list[Question]:
    """Return the rows of ``data/corrections.csv`` whose status is open, in their order."""
    return [
        Question(curly(row["what"]), row["where_"])
        for row in _rows(project.root / "data" / "corrections.csv")
        if row["status"] == "open"
    ]


@dataclass(frozen=True)
class Check:
    """One rule of the audit of sources that has findings."""

    finds: str
    """What the rule looks for, a sentence."""
    severity: Severity
    """The gravest of its findings."""
    findings: tuple[str, ...]
    """Each finding, in words."""

    @property
    def count(self) -> int:
        """Number of findings."""
        return len(self.findings)


def open_checks(project: Project) -> list[Check]:
    """Return the findings of the audit of references, the graver first; none for a book without sources."""
    from paper.bibliography.audit import check_references
    from paper.bibliography.rules import load

    if not project.bibliography:
        return []
    findings: dict[str, list[str]] = {}
    severities: dict[str, list[Severity]] = {}
    for fault in check_references(project):
        findings.setdefault(fault.rule, []).append(fault.message)
        severities.setdefault(fault.rule, []).append(fault.severity)
    grave: tuple[Severity, ...] = ("error", "warning", "note")
    checks = [
        Check(
            _sentence(load()[rule].finds),
            min(severities[rule], key=grave.index),
            tuple(dict.fromkeys(messages)),
        )
        for rule, messages in findings.items()
    ]
    return sorted(checks, key=lambda check: (grave.index(check.severity), check.finds))


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


@dataclass(frozen=True)
class Interviews:
    """How far the coding of interviews has come."""

    coded: int
    """Interviews with at least one coded segment."""
    planned: str
    """Number of interviews that the author plans, in words."""
    synthetic: bool
    """Whether the interviews are made up."""


def interviews(project: Project) -> Interviews:
    """Count the interviews coded in the segments that this build shows; ``_variables.yml`` gives those planned."""
    folder = project.root / "data" / ("synthetic" if project.synthetic else "")
    cases = {row["case"] for row in _rows(folder / "segments.csv")}
    setting = project.variables.get("interviews")
    planned = str(setting.get("planned") or "") if isinstance(setting, dict) else ""
    return Interviews(len(cases), planned, project.synthetic)


def _rows(path: Path) -> Iterator[dict[str, str]]:
    """Yield the rows of a data table; none where a book has no such table."""
    if path.is_file():
        with path.open(encoding="utf-8-sig", newline="") as stream:
            yield from csv.DictReader(stream)
