"""What can be known of the chapters without building: labels, cross-references, links, images, cells."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from difflib import get_close_matches
from pathlib import PurePosixPath

from paper import project as projects
from paper.editions import blanked, is_query
from paper.errors import PaperError
from paper.project import Project
from paper.render import resources
from paper.render.cells_check import check_cells
from paper.render.conditions import hidden_by_data
from paper.render.counting import reference_kind
from paper.render.marks_check import check_marks
from paper.render.source import Cell, Line, Source, read
from paper.report import Fault, of_error

NOT_PRINTED = ("shortcode", "inline-code")  # a build goes on with these, as Quarto does; nobody means them
_LABEL = re.compile(r"\{[^{}]*?#([\w:.-]+)[^{}]*\}")
_REFERENCE = re.compile(r"(?<![\w@.])-?@([A-Za-z]+-[\w:.-]*\w)")
_LINK = re.compile(r"\]\(\s*(?:<([^<>]+)>|([^)\s>]+))(?:\s+[\"'][^)]*)?\)")
_CODE = re.compile(r"`[^`]*`")
_COMMENT = re.compile(r"<!--.*?-->")


def check_sources(project: Project) -> list[Fault]:
    """Chapters that can't be read, labels given twice, references without a label, links that lead nowhere."""
    faults: list[Fault] = []
    sources: list[Source] = []
    for chapter in project.chapters:
        try:
            source = read(project, chapter.path)
            sources.append(replace(source, lines=shown_lines(project, source)))
            faults += [replace(n, severity="error") for n in source.notices if n.rule in NOT_PRINTED]
        except PaperError as error:
            faults += of_error(error, str(chapter.path))
    faults += _unlisted(project, sources)
    labels: dict[str, Fault] = {}
    for source in sources:
        faults += [*check_marks(_prose(source)), *check_cells(project.root, source)]
        here: set[str] = set()
        for label, line in _labels(source):
            if label in here and not reference_kind(label):
                said = f"the label {label} is given twice in this chapter: a link to it finds the first"
                remedy = "give each its own"
                faults.append(Fault(line.file, line.number, "label-twice", said, remedy, "warning"))
            here.add(label)
            if reference_kind(label) and label in labels:
                said = f"the label {label} is given twice, first in {labels[label].place}"
                remedy = "give each float and section a label of its own"
                faults.append(Fault(line.file, line.number, "label-twice", said, remedy))
            labels.setdefault(label, Fault(line.file, line.number, "label", label))
    for source in sources:
        faults += _unknown(source, labels)
        faults += _links(project, source, labels)
    return faults


def _unlisted(project: Project, sources: list[Source]) -> Iterator[Fault]:
    """Chapters that lie beside the others, and are in no list: they would be missed only by a reader."""
    known = {file for source in sources for file in source.files} | {c.path for c in project.chapters}
    for path in project.root.glob("_quarto-*.yml"):  # a profile may have chapters of its own
        known |= {c.path for c in projects.load(project.root, path.stem.removeprefix("_quarto-")).chapters}
    for folder in sorted({chapter.path.parent for chapter in project.chapters} - {PurePosixPath()}):
        for path in sorted((project.root / folder).glob("*.qmd")):
            name = folder / path.name
            if name not in known and not path.name.startswith(("_", ".")):
                said = "_quarto.yml doesn't list this chapter, so it is in no book"
                remedy = "list it under chapters:, or begin its name with _ to keep it out"
                yield Fault(str(name), None, "chapter-not-listed", said, remedy, "warning")


def shown_lines(project: Project, source: Source) -> tuple[Line, ...]:
    """Return the chapter's lines with spaces for what this edition leaves out: queries, conditions on coded data."""
    text = "\n".join(line.text for line in source.lines)

    def hides(attributes: str) -> bool:
        if is_query(attributes):
            return not project.working
        return bool("-data=" in attributes and hidden_by_data(project, attributes))

    return tuple(
        replace(line, text=text)
        for line, text in zip(source.lines, blanked(text, hides).split("\n"), strict=True)
    )


def _prose(source: Source) -> Iterator[Line]:
    """The chapter's lines outside code and comments, with inline code blanked."""
    fence = ""
    comment = False
    for line in source.lines:
        mark = re.match(r"\s*(`{3,}|~{3,})", line.text)
        if mark and (not fence or line.text.strip().startswith(fence)):
            fence = "" if fence else mark[1]
            continue
        if fence:
            continue
        text = _CODE.sub("", line.text)
        if comment:
            _, closed, text = text.partition("-->")
            comment = not closed
        text = _COMMENT.sub("", text)
        if not comment:
            text, opened, _ = text.partition("<!--")
            comment = bool(opened)
            yield Line(text, line.file, line.number)


def _labels(source: Source) -> Iterator[tuple[str, Line]]:
    for line in _prose(source):
        for match in _LABEL.finditer(line.text):
            yield match[1], line
    shown = {(line.file, line.number) for line in source.lines if line.text.strip()}
    for part in source.runnable:
        if isinstance(part, Cell) and part.label and (str(part.place.file), part.place.line) in shown:
            yield part.label, Line("", str(part.place.file), part.place.line or 1)


def _unknown(source: Source, labels: dict[str, Fault]) -> Iterator[Fault]:
    for line in _prose(source):
        for match in _REFERENCE.finditer(line.text):
            label = match[1][0].lower() + match[1][1:]
            # a sub-figure of a cell has its label and a number
            if reference_kind(label) and label not in labels and re.sub(r"-\d+$", "", label) not in labels:
                near = get_close_matches(label, [known for known in labels if reference_kind(known)], n=1)
                remedy = (
                    f"did you mean @{near[0]}?"
                    if near
                    else "give the target this label, or correct the reference"
                )
                yield Fault(
                    line.file, line.number, "unknown-reference", f"@{label} refers to nothing", remedy
                )


def _links(project: Project, source: Source, labels: dict[str, Fault]) -> Iterator[Fault]:
    page = str(source.path)
    for line in _prose(source):
        for match in _LINK.finditer(line.text):
            url = match[1] or match[2]
            said, remedy = resources.link_fault(project, page, url)
            path, _, anchor = url.partition("#")
            if said:
                yield Fault(line.file, line.number, resources.RULE, said, remedy)
            elif reference_kind(anchor) and anchor not in labels and (not path or path.endswith(".qmd")):
                said = f"{url}: there is no such label"
                yield Fault(line.file, line.number, resources.RULE, said, "correct the link")
