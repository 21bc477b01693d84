"""Read a chapter: includes and shortcodes expanded, front matter parsed, cells and inline code set apart.

Quarto's own order is imitated: https://quarto.org/docs/authoring/includes.html,
https://quarto.org/docs/extensions/shortcodes.html
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import PurePosixPath
from typing import Any, Final

from paper.editions import stripped, without_queries
from paper.errors import ChapterError, PaperError, ProjectError, together
from paper.fences import Fence, opening
from paper.project import Project
from paper.report import Fault
from paper.settings import Yaml, merge, parse_yaml
from paper.text import extensions, freeze, front_matter, includes, open_fences
from paper.text.cell_options import CELL_OPTIONS, IDLE_OPTIONS, unused_option
from paper.text.notes import check_notes
from paper.text.shortcodes import Shortcodes, lookup_value, metadata
from paper.text.source import Cell, Inline, Line, Part, Source

# Possessive and bounded, here and below: a chapter from elsewhere can't make the search take for ever.
_CELL_INFO: Final = re.compile(r"\{\s*([A-Za-z][\w-]*+)(?!=)([^}]*+)\}")
_ESCAPED_CELL: Final = re.compile(r"\{(\{[\w-]++[^}]*+\})\}")
_ESCAPED_INLINE: Final = re.compile(r"(`)\{(\{++[^{}`<]++\}+)\}")
_INLINE: Final = re.compile(r"(?<!`)`\{(python)\}[ \t]+([^`\n]+)`(?!`)")
# Languages whose results would be missed; code in others is shown, as by Quarto.
_NOT_OURS: Final = ("r", "julia", "ojs")
DIAGRAMS: Final = {"mermaid": "%%|", "dot": "//|"}  # by language, the mark of their options


Revise = Callable[[list[Line]], list[Line]]


_once: dict[tuple[int, PurePosixPath], tuple[Project, Source]] | None = None


@contextmanager
def reading_once() -> Iterator[None]:
    """Read each chapter once while this lasts, and nothing changes."""
    global _once
    _once = {}
    try:
        yield
    finally:
        _once = None


def read(project: Project, path: PurePosixPath, revise: Revise | None = None) -> Source:
    """Read a chapter. Raises ChapterError (or several together) with file and line.

    revise: changes the chapter's lines, includes expanded, before anything is read of them.
    """
    if _once is None or revise is not None:
        return _read(project, path, revise)
    key = id(project), path
    if key not in _once:
        _once[key] = project, _read(project, path)  # the project lives as long as its number stands for it
    return _once[key][1]


def _read(project: Project, path: PurePosixPath, revise: Revise | None = None) -> Source:
    notices: list[Fault] = []
    lines, files = includes.expand(project, path)
    lines = open_fences.as_text(lines, notices.append)
    if revise is not None:
        lines = revise(lines)
    own, body = _front_matter(path, lines)
    meta, inherited = project.folder_metadata(path)
    meta = merge(meta, without_queries(own))
    frozen = freeze.frozen(project, path, meta)
    if frozen is not None:
        file, markdown = frozen
        body = [Line(text, str(file), number) for number, text in enumerate(markdown.split("\n"), 1)]
        files.append(file)
    if path.suffix == ".ipynb" and _runs_notebooks(project, meta):
        body = [replace(line, embedded=None) for line in body]
    reader = _Reader(project, path, meta, body)
    title_block = reader.shortcodes.values(of_title(meta), lines[0].place)
    readable = reader.shortcodes.meta
    readable |= {name: value for name, value in title_block.items() if readable.get(name) == meta[name]}
    meta = {**meta, **title_block}
    parts = reader.parts(body)
    reader.notices += [*notices, *check_notes(body, json.dumps(own, ensure_ascii=False, default=str))]
    if path.suffix == ".ipynb" and _lacks_outputs(parts):
        message = "the notebook's cells keep no outputs, so the chapter shows their code alone"
        remedy = "run and save the notebook, or set `execute: enabled: true` to have the build run it"
        reader.notices.append(Fault(str(path), None, "notebook", message, remedy, "warning"))
    if reader.errors:
        raise together(reader.errors)
    return Source(path, meta, tuple(parts), (*files, *inherited), tuple(reader.notices), tuple(lines))


def _front_matter(path: PurePosixPath, lines: list[Line]) -> tuple[Yaml, list[Line]]:
    if not lines or lines[0].text.rstrip() != front_matter.OPENING:
        return {}, lines
    texts = [line.text for line in lines]
    last = front_matter.closing_line(texts)
    if not last:
        raise ChapterError(
            "the front matter is not closed", place=lines[0].place, remedy="end it with a line `---`"
        )
    try:
        meta = parse_yaml("\n".join(texts[1 : last - 1]), str(path), first_line=2)
    except ProjectError as error:
        raise ChapterError(error.message, place=error.place, remedy=error.remedy) from None
    return meta, lines[last:]


class _Reader:
    """Sets a chapter's cells and inline code apart from its text, expanding shortcodes on the way."""

    def __init__(self, project: Project, path: PurePosixPath, meta: Yaml, body: list[Line]) -> None:
        self.errors: list[PaperError] = []
        self.notices: list[Fault] = []
        readable = metadata(project, path, meta, _first_title(body))
        extended = bool(extensions.of_chapter(project, path, meta).shortcodes)
        self.shortcodes = Shortcodes(project, readable, self.notices, self.errors, extended)
        self.runs = any(_is_cell(line) and not line.embedded for line in body) or any(
            settings.get("engine") == "jupyter" or settings.get("jupyter")
            for settings in (meta, project.config)
        )

    def parts(self, lines: list[Line]) -> list[Part]:
        parts: list[Part] = []
        text: list[str] = []
        at = 0
        while at < len(lines):
            line = lines[at]
            fence = opening(line.text)
            end = self._end_of_block(lines, at, fence) if fence else at
            if fence is None or end == at:
                self._text_line(line, text, parts)
                at += 1
                continue
            block = lines[at : end + 1]
            at = end + 1
            cell = _CELL_INFO.fullmatch(fence.info)
            if cell and (
                block[0].embedded or cell[1] == "python" or cell[1] in DIAGRAMS or cell[1] in _NOT_OURS
            ):
                if text:
                    parts.append("".join(text))
                    text = []
                self._cell(block, fence, cell[1], cell[2], parts)
            else:
                if escaped := _ESCAPED_CELL.fullmatch(fence.info):
                    block = _shown_cell(block, fence, escaped[1])
                elif cell:
                    block = self._not_run(block, fence, cell[1])
                literally = re.search(r"shortcodes=\"?false", fence.info)
                text += [
                    (entry.text if literally else self.shortcodes.code(entry.text, entry.place)) + "\n"
                    for entry in block
                ]
        if text:
            parts.append("".join(text))
        return parts

    def _not_run(self, block: list[Line], fence: Fence, language: str) -> list[Line]:
        """Return a cell in a language that no kernel here runs as code to show, as Quarto shows it."""
        self._notice(
            block[0],
            "cell-language",
            f"the cell in {language!r} is shown and not run",
            f"write ```{language} without braces if that is meant, or build with --engine quarto",
        )
        first = block[0]
        return [Line(f"{fence.indent}{fence.marks}{language}", first.file, first.number), *block[1:]]

    def _end_of_block(self, lines: list[Line], start: int, fence: Fence) -> int:
        """Return the line that ends a block of code; the start itself where an indented line begins none."""
        for at in range(start + 1, len(lines)):
            if fence.is_closed_by(lines[at].text):
                return at
        if len(fence.indent.expandtabs(4)) > 3 and not _CELL_INFO.fullmatch(fence.info):
            return start
        self.errors.append(
            ChapterError(
                f"the code block opened here by {fence.marks} is never closed",
                place=lines[start].place,
                remedy=f"end it with a line {fence.marks}",
            )
        )
        return len(lines) - 1

    def _cell(self, block: list[Line], fence: Fence, language: str, rest: str, parts: list[Part]) -> None:
        place = block[0].place
        embedded = block[0].embedded
        if language in _NOT_OURS and embedded is None:
            self.errors.append(
                ChapterError(
                    f"cells in {language!r} are not known to the embedded engine",
                    place=place,
                    remedy="write the cell in Python, or build with --engine quarto",
                )
            )
            return
        if rest.strip(" ,"):
            self._notice(
                block[0],
                "cell-header",
                f"the options {rest.strip()!r} in the cell's header are not used",
                "write them as `#| name: value`",
            )
        option_line = re.compile(rf"^\s*{re.escape(DIAGRAMS.get(language, '#|'))}\s?(.*)$")
        header: list[str] = []
        code: list[str] = []
        for line in block[1:-1]:
            text = line.text.removeprefix(fence.indent)
            if not code and (option_line.match(text) or not text.strip()):  # Quarto trims empty lines
                header.append(text)
            else:
                code.append(text)
        try:
            options = parse_yaml(
                "\n".join(option_line.sub(r"\1", text) for text in header),
                str(place.file),
                (place.line or 0) + 1,
            )
        except ProjectError as error:
            self.errors.append(
                ChapterError(f"the cell's options: {error.message}", place=error.place, remedy=error.remedy)
            )
            return
        options = self.shortcodes.values({**options, **(embedded.options if embedded else {})}, place)
        if isinstance(alt := options.get("fig-alt"), str):
            options = {**options, "fig-alt": stripped(alt)}  # words without a margin
        for name in options:
            if (name in CELL_OPTIONS and name not in IDLE_OPTIONS) or (
                name == "file" and language in DIAGRAMS
            ):
                continue
            said, remedy, severity = unused_option(name)
            self.notices.append(Fault(block[0].file, block[0].number, "cell-option", said, remedy, severity))
        body = "\n".join(code).strip("\n")
        stored, origin = (embedded.outputs, embedded.origin) if embedded else (None, None)
        parts.append(Cell(body, options, place, language, tuple(header), fence.indent, stored, origin))

    def _text_line(self, line: Line, text: list[str], parts: list[Part]) -> None:
        content = self.shortcodes.line(line.text, line.place) + "\n"
        start = 0
        for match in _INLINE.finditer(content):
            if not self.runs:
                self._notice(
                    line,
                    "inline-code",
                    f"the inline code {match[0]} is not run: the chapter has no cell",
                    "write `engine: jupyter` into its front matter, as Quarto needs it too",
                )
                continue
            text.append(_ESCAPED_INLINE.sub(r"\1\2", content[start : match.start()]))
            if text:
                parts.append("".join(text))
                text.clear()
            parts.append(Inline(match[2].strip(), line.place))
            start = match.end()
        text.append(_ESCAPED_INLINE.sub(r"\1\2", content[start:]))

    def _notice(self, line: Line, rule: str, message: str, remedy: str) -> None:
        self.notices.append(Fault(line.file, line.number, rule, message, remedy, "warning"))


def _shown_cell(block: list[Line], fence: Fence, info: str) -> list[Line]:
    """Return a cell written ``{{python}}`` with its own fence, inside a longer one: it is shown as code."""
    first, last = block[0], block[-1]
    outer = fence.marks + fence.marks[0]
    return [
        Line(f"{fence.indent}{outer}markdown", first.file, first.number),
        Line(f"{fence.indent}{fence.marks}{info}", first.file, first.number),
        *block[1:],
        Line(f"{fence.indent}{outer}", last.file, last.number),
    ]


def _lacks_outputs(parts: list[Part]) -> bool:
    """Return whether a notebook has cells with code and none of them an output."""
    cells = [
        part for part in parts if isinstance(part, Cell) and part.code.strip() and part.stored is not None
    ]
    return bool(cells) and not any(cell.stored for cell in cells)


def _runs_notebooks(project: Project, meta: Yaml) -> bool:
    """Return whether the settings ask that notebooks be run; Quarto shows what they keep unless they do."""
    for settings in (meta.get("execute"), project.config.get("execute")):
        for name in ("ipynb", "enabled"):
            if isinstance(settings, Mapping) and isinstance(settings.get(name), bool):
                return bool(settings[name])
    return False


def lookup(values: Mapping[str, Any], dotted: str) -> Any:
    """Return ``a.b.c`` of nested mappings as a plain value; None where it isn't set, or is no plain value."""
    value = lookup_value(values, dotted)[1]
    if isinstance(value, bool):
        return str(value).lower()
    return None if isinstance(value, Mapping | list) else value


def of_title(meta: Yaml) -> Yaml:
    """Return what of a chapter's settings stands in its title block."""
    return {name: meta[name] for name in ("title", "subtitle", "description", "abstract") if name in meta}


def _first_title(lines: list[Line]) -> str:
    """Return the words of the first heading, where a chapter's title may stand."""
    for line in lines:
        if match := re.match(r"#\s+(.*?)\s*(?:\{[^{}]*\}\s*)?#*\s*$", line.text):
            return match[1]
    return ""


def _is_cell(line: Line) -> bool:
    fence = opening(line.text)
    cell = _CELL_INFO.fullmatch(fence.info) if fence else None
    return cell is not None and cell[1] == "python"
