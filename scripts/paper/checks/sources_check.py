"""What can be known of the chapters without building: labels, cross-references, links, images, cells."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import PurePosixPath

from paper import profiles
from paper import project as projects
from paper.checks.cells_check import check_cells
from paper.checks.marks_check import check_headings, check_marks
from paper.checks.settings_check import check_settings
from paper.editions import blanked, is_query
from paper.errors import PaperError, Place, did_you_mean
from paper.images import images, resources
from paper.numbering import citing
from paper.numbering.counting import canonical_label, reference_kind
from paper.numbering.references import label_twice, unresolved
from paper.parsing.conditions import hidden_by_data
from paper.parsing.wording import Wording, options
from paper.project import Project
from paper.report import Fault, of_error, warning
from paper.settings import project_file
from paper.text import anchors, places
from paper.text.reading import read
from paper.text.source import Cell, Line, Source

_LINK = re.compile(r"(!\[[^\]]*)?\]\(\s*(?:<([^<>]+)>|([^)\s>]+))(?:\s+[\"'][^)]*)?\)")


def check_sources(project: Project) -> list[Fault]:
    """Find what is wrong in the chapters' text: what a build stops at (errors), and what it tells (warnings).

    Chapters that can't be read, structure, labels given twice, references, citations and links that lead nowhere.
    """
    faults: list[Fault] = []
    sources: list[Source] = []
    for chapter in project.chapters:
        try:
            source = read(project, chapter.path)
            sources.append(replace(source, lines=shown_lines(project, source)))
            faults += source.notices
        except PaperError as error:
            faults += of_error(error, str(chapter.path))
    faults += _unlisted(project, sources)
    labels: dict[str, Place] = {}
    for source in sources:
        faults += [*check_marks(source), *check_headings(source), *check_cells(project, source)]
        here: set[str] = set()
        for label, place in places.labels(source):
            if label in here and not reference_kind(label):
                message = f"the label {label} is given twice in this chapter: a link to it finds the first"
                faults.append(warning(place, "label-twice", message, "give each its own"))
            here.add(label)
            if reference_kind(label) and label in labels:
                faults.append(label_twice(label, labels[label], place))
            labels.setdefault(label, place)
    computed = "\n".join(part.code for source in sources for part in source.runnable)
    targets = resources.Targets(project)
    for source in sources:
        faults += _unresolved(project, source, labels, computed)
        faults += _links(targets, source, labels, anchors.ids(source), computed)
    faults += _unknown_citations(project, sources)
    faults += check_settings(project, sources)
    return faults


def _unlisted(project: Project, sources: list[Source]) -> Iterator[Fault]:
    """Chapters that lie beside the others, and are in no list: they would be missed only by a reader."""
    known = {file for source in sources for file in source.files} | {c.path for c in project.chapters}
    for path in profiles.files(project.root):  # a profile may have chapters of its own
        known |= {c.path for c in projects.load(project.root, path.stem.removeprefix("_quarto-")).chapters}
    for folder in sorted({chapter.path.parent for chapter in project.chapters} - {PurePosixPath()}):
        for path in sorted((project.root / folder).glob("*.qmd")):
            name = folder / path.name
            if name not in known and not path.name.startswith(("_", ".")):
                message = "_quarto.yml doesn't list this chapter, so it is in no book"
                remedy = "list it under chapters:, or begin its name with _ to keep it out"
                yield Fault(str(name), None, "chapter-not-listed", message, remedy, "warning")


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


def _unresolved(
    project: Project, source: Source, labels: Mapping[str, Place], computed: str
) -> Iterator[Fault]:
    """Yield references to labels that neither text nor cells give. computed: the code of all cells."""
    custom = Wording.of(options(project, source.meta, "html")).custom
    for label, place in places.keys(source):
        wanted = canonical_label(label)
        if not reference_kind(label, custom) or wanted in labels or wanted in computed:
            continue
        if re.sub(r"-\d+$", "", wanted) not in labels:  # a sub-figure of a cell has its label and a number
            yield replace(unresolved(source, label, labels, custom), file=str(place.file), line=place.line)


def _unknown_citations(project: Project, sources: list[Source]) -> list[Fault]:
    cites = []
    for source in sources:
        custom = Wording.of(options(project, source.meta, "html")).custom
        keys = dict.fromkeys(key for key, _ in places.keys(source) if not reference_kind(key, custom))
        cites.append((source, [key for key in keys if key != "*"]))
    try:
        return citing.unknown(project, cites)
    except PaperError as error:
        return of_error(error, project_file(project.root).name)


def _links(
    targets: resources.Targets,
    source: Source,
    labels: Mapping[str, Place],
    ids: frozenset[str],
    computed: str,
) -> Iterator[Fault]:
    project, page = targets.project, str(source.path)
    printed = any(isinstance(c, Cell) and c.options.get("output") == "asis" for c in source.parts)
    for line in places.prose(source):
        for match in _LINK.finditer(line.text):
            url = html.unescape(match[2] or match[3])
            if match[1] and images.is_local(url):
                file = images.local_file(project, page, images.path_of(url))
                if file is None or images.existing_file(file) is None:
                    error = images.missing_image(project, page, url, line.place)
                    yield replace(of_error(error)[0], rule="image-missing")
                elif told := images.other_capitals(project, page, url, line.place):
                    yield told
                continue
            message, remedy = targets.fault(page, url)
            path, _, anchor = url.partition("#")
            known = anchor in labels or anchor in computed or anchors.is_generated(anchor)
            if message:
                yield warning(line.place, resources.RULE, message, remedy)
            elif reference_kind(anchor) and not known and (not path or path.endswith(".qmd")):
                message = f"{url}: there is no such label"
                yield warning(line.place, resources.RULE, message, "correct the link")
            elif anchor and not path and not known and anchor not in ids and not printed:
                message = f"{url}: nothing on this page has that id"
                otherwise = "correct the link, or give its target the id"
                remedy = did_you_mean(anchor, [*ids, *labels], otherwise, "#")
                yield warning(line.place, resources.RULE, message, remedy)
