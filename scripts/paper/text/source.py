"""A chapter's source: includes and shortcodes expanded, front matter read, cells and inline code found.

Every line remembers the file and line that it came from, so that a fault is told where the author wrote it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from paper.editions import stripped, without_queries
from paper.errors import ChapterError, PaperError, Place, ProjectError, did_you_mean, together
from paper.project import Project, is_file
from paper.report import Fault, Severity
from paper.settings import Yaml, merge, parse_yaml
from paper.text import extensions
from paper.text.comments import without_comments
from paper.text.notes import check_notes
from paper.text.quarto_keys import quarto_keys
from paper.text.shortcodes import Shortcodes, arguments, lookup_value, metadata

if TYPE_CHECKING:
    from paper.text.outputs import Output

MAX_INCLUDES = 20  # deeper than any honest chain of includes
MAX_FILES = 300  # more files than any chapter is put together from
MAX_BYTES = 5_000_000  # a chapter longer than a book is a mistake

# Possessive and bounded, here and below: a chapter from elsewhere can't make the search take for ever.
FENCE = re.compile(r"^(?P<indent>[ \t]*+(?:>\s?)*)(?P<fence>`{3,}|~{3,})(?P<info>.*)$")
CELL_INFO = re.compile(r"^\{\s*([A-Za-z][\w-]*+)(?!=)([^}]*+)\}$")
ESCAPED_CELL = re.compile(r"^\{(\{[\w-]++[^}]*+\})\}$")
ESCAPED_INLINE = re.compile(r"(`)\{(\{++[^{}`<]++\}+)\}")
INLINE = re.compile(r"(?<!`)`\{(python)\}[ \t]+([^`\n]+)`(?!`)")
INCLUDE = re.compile(r"\s*\{\{<\s*include\s+(?:\"([^\"]+)\"|'([^']+)'|(\S+))\s*>\}\}\s*")
EMBED = re.compile(r"\s*\{\{<\s*embed\s+((?:[^>\"]|\"[^\"]*\"){1,500}?)\s*>\}\}\s*")
NOT_OURS = (
    "r",
    "julia",
    "ojs",
)  # whose results would be missed; code in other languages is shown, as by Quarto
DIAGRAMS = {
    "mermaid": "%%|",
    "dot": "//|",
}  # the mark of their options

# Options that a cell may have, and that the engine acts on.
CELL_OPTIONS = frozenset(
    [
        "label",
        "fig-cap",
        "fig-alt",
        "fig-scap",
        "fig-subcap",
        "fig-align",
        "fig-width",
        "fig-height",
        "fig-dpi",
        "fig-format",
        "fig-pos",
        "tbl-cap",
        "tbl-subcap",
        "tbl-colwidths",
        "lst-cap",
        "lst-label",
        "echo",
        "include",
        "output",
        "eval",
        "warning",
        "error",
        "message",
        "code-fold",
        "code-summary",
        "code-line-numbers",
        "layout",
        "layout-ncol",
        "layout-nrow",
        "layout-align",
        "layout-valign",
        "column",
        "fig-column",
        "tbl-column",
        "cap-location",
        "fig-cap-location",
        "tbl-cap-location",
        "classes",
        "id",
        "tags",
        "cache",
        "export",
        "name",
    ]
)
# Of these, options without effect in this engine: said, so that nobody wonders.
IDLE_OPTIONS = frozenset({"code-line-numbers", "layout-valign", "fig-pos"})


@dataclass(frozen=True)
class Kept:
    """What comes with a cell of another file.

    outputs: what a notebook keeps, shown instead of running the cell; options: those that stand over its own;
    origin: the ``.qmd`` that runs it, and its place in what is run there.
    """

    outputs: tuple[Output, ...] | None
    options: Yaml = field(default_factory=dict)
    origin: tuple[PurePosixPath, int] | None = None


@dataclass(frozen=True)
class Line:
    """One line of text and where the author wrote it; kept: what comes with the cell that it opens."""

    text: str
    file: str
    number: int
    kept: Kept | None = None

    @property
    def place(self) -> Place:
        return Place(self.file, self.number)


@dataclass(frozen=True)
class Cell:
    """A code cell: its code, without the option lines, and its options.

    header: the option lines as written; indent: what stands before its fence, in a list item for instance;
    stored, origin: as in ``Kept``.
    """

    code: str
    options: Yaml
    place: Place
    language: str = "python"
    header: tuple[str, ...] = ()
    indent: str = ""
    stored: tuple[Output, ...] | None = None
    origin: tuple[PurePosixPath, int] | None = None

    @property
    def label(self) -> str:
        return str(self.options.get("label") or "")

    @property
    def runs(self) -> bool:
        """Whether the chapter's kernel runs it."""
        return self.language == "python" and self.stored is None and self.origin is None


@dataclass(frozen=True)
class Inline:
    """An inline expression such as ``{python} n``."""

    code: str
    place: Place


Part = str | Cell | Inline


@dataclass(frozen=True)
class Source:
    """A chapter, read. ``parts`` in order: Markdown text, cells and inline expressions."""

    path: PurePosixPath
    meta: Yaml
    parts: tuple[Part, ...]
    files: tuple[PurePosixPath, ...]  # the chapter itself and what it includes
    notices: tuple[Fault, ...] = field(default=())
    lines: tuple[Line, ...] = field(default=(), repr=False)

    @cached_property
    def runnable(self) -> tuple[Cell | Inline, ...]:
        """What a kernel must run, in order."""
        return tuple(
            part for part in self.parts if isinstance(part, Inline) or (isinstance(part, Cell) and part.runs)
        )

    def find(self, text: str) -> Place:
        """The first place where ``text`` stands, or the chapter itself."""
        for line in self.lines:
            if text in line.text:
                return line.place
        return Place(str(self.path))


def read(project: Project, path: PurePosixPath) -> Source:
    """Read a chapter. Raises ChapterError (or several together) with file and line."""
    from paper.text import freeze, notebooks, open_fences

    told: list[Fault] = []
    lines, files = _expand(project, path, path.parent)
    lines = open_fences.as_text(lines, told.append)
    own, body = _front_matter(path, lines)
    meta, inherited = project.folder_metadata(path)
    meta = merge(meta, without_queries(own))
    thawed = freeze.frozen(project, path, meta)
    if thawed is not None:
        file, markdown = thawed
        body = [Line(text, str(file), number) for number, text in enumerate(markdown.split("\n"), 1)]
        files.append(file)
    if path.suffix == ".ipynb" and _runs_notebooks(project, meta):
        body = [replace(line, kept=None) for line in body]
    reader = _Reader(project, path, meta, body)
    named = reader.shortcodes.values(of_title(meta), lines[0].place)
    known = reader.shortcodes.meta
    known |= {name: value for name, value in named.items() if known.get(name) == meta[name]}
    meta = {**meta, **named}
    parts = reader.parts(body)
    reader.notices += [*told, *check_notes(body, json.dumps(own, ensure_ascii=False, default=str))]
    if path.suffix == ".ipynb" and notebooks.without_outputs(parts):
        said = "the notebook's cells keep no outputs, so the chapter shows their code alone"
        remedy = "run and save the notebook, or set `execute: enabled: true` to have the build run it"
        reader.notices.append(Fault(str(path), None, "notebook", said, remedy, "warning"))
    if reader.errors:
        raise together(reader.errors)
    return Source(path, meta, tuple(parts), (*files, *inherited), tuple(reader.notices), tuple(lines))


# -- includes ---------------------------------------------------------------------------------------------------


def _expand(
    project: Project,
    path: PurePosixPath,
    base: PurePosixPath,
    chain: tuple[PurePosixPath, ...] = (),
    asked: Place | None = None,
) -> tuple[list[Line], list[PurePosixPath]]:
    """The lines of a file with its includes in their place, and all files read.

    base: the chapter's folder, from which Quarto reads every path; one beside the including file is found too.
    """
    if path in chain or len(chain) > MAX_INCLUDES:
        raise ChapterError(
            f"{path} includes itself: {' → '.join(str(p) for p in (*chain, path))}",
            place=asked,
            remedy="take one of these includes out",
        )
    from paper.text import notebooks

    if path.suffix == ".ipynb":
        return notebooks.chapter_lines(project, path), [path]
    text = _read_text(project.root, path, asked)
    lines: list[Line] = []
    files = [path]
    for number, raw in without_comments(text, front=not chain):
        match = INCLUDE.fullmatch(raw)
        if embed := EMBED.fullmatch(raw):
            words, named = arguments(embed[1])
            inner, read_file = notebooks.embedded_lines(project, base, words, named, Place(str(path), number))
            lines += inner
            files.append(read_file)
            continue
        if not match:
            lines.append(Line(raw, str(path), number))
            continue
        name = match[1] or match[2] or match[3]
        target = normal(PurePosixPath(name.lstrip("/")) if name.startswith("/") else base / name)
        beside = normal(path.parent / name)
        if not name.startswith("/") and not is_file(project.root / target) and is_file(project.root / beside):
            target = beside
        here = Place(str(path), number)
        inner, read_files = _expand(project, target, base, (*chain, path), here)
        if inner and inner[-1].text.strip():
            inner.append(Line("", str(target), len(inner) + 1))  # what follows is a paragraph of its own
        lines += inner
        files += read_files
        if len(files) > MAX_FILES:
            raise ChapterError(
                f"more than {MAX_FILES} files are included", place=lines[-1].place, remedy="include fewer"
            )
    return lines, files


def normal(path: PurePosixPath) -> PurePosixPath:
    """Return a path without its ".." and "."; one that leads outside begins with ".."."""
    parts: list[str] = []
    for part in path.parts:
        if part == "..":
            if not parts:
                return PurePosixPath("..") / path.name
            parts.pop()
        elif part != ".":
            parts.append(part)
    return PurePosixPath(*parts)


def _read_text(root: Path, path: PurePosixPath, asked: Place | None) -> str:
    place = asked or Place(str(path))
    full = root / path
    if path.parts[:1] == ("..",) or not full.resolve().is_relative_to(root.resolve()):
        raise ChapterError(
            "the include leads outside the project",
            place=place,
            remedy="copy the file into the project and include that",
        )
    if path.parts[:2] == ("data", "private"):
        raise ChapterError(
            "a chapter must not include private data", place=place, remedy="quote released excerpts only"
        )
    try:
        data = full.read_bytes()
    except FileNotFoundError:
        raise ChapterError(
            f"the file {path} does not exist", place=place, remedy="check the name of the include"
        ) from None
    except OSError as error:
        raise ChapterError(f"{path} can't be read: {error.strerror}", place=place) from None
    if len(data) > MAX_BYTES:
        raise ChapterError(
            f"{path} has {len(data):,} bytes, more than {MAX_BYTES:,}",
            place=place,
            remedy="split the chapter",
        )
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise ChapterError(
            "not UTF-8", place=Place(str(path), line), remedy="save the file as UTF-8"
        ) from None
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "\ufffd")


# -- front matter -----------------------------------------------------------------------------------------------


def _front_matter(path: PurePosixPath, lines: list[Line]) -> tuple[Yaml, list[Line]]:
    if not lines or lines[0].text.rstrip() != "---":
        return {}, lines
    for end, line in enumerate(lines[1:], 1):
        if line.text.rstrip() in ("---", "..."):
            text = "\n".join(entry.text for entry in lines[1:end])
            try:
                meta = parse_yaml(text, str(path), first_line=2)
            except ProjectError as error:
                raise ChapterError(error.message, place=error.place, remedy=error.remedy) from None
            return meta, lines[end + 1 :]
    raise ChapterError(
        "the front matter is not closed", place=lines[0].place, remedy="end it with a line `---`"
    )


# -- body -------------------------------------------------------------------------------------------------------


class _Reader:
    """Splits a chapter's body into text, cells and inline code, replacing shortcodes on the way."""

    def __init__(self, project: Project, path: PurePosixPath, meta: Yaml, body: list[Line]) -> None:
        self.errors: list[PaperError] = []
        self.notices: list[Fault] = []
        known = metadata(project, path, meta, _first_title(body))
        extended = bool(extensions.of_chapter(project, path, meta).shortcodes)
        self.shortcodes = Shortcodes(project, known, self.notices, self.errors, extended)
        self.runs = any(_is_cell(line) and not line.kept for line in body) or any(
            settings.get("engine") == "jupyter" or settings.get("jupyter")
            for settings in (meta, project.config)
        )

    def parts(self, lines: list[Line]) -> list[Part]:
        parts: list[Part] = []
        text: list[str] = []
        at = 0
        while at < len(lines):
            line = lines[at]
            fence = FENCE.match(line.text)
            info = fence["info"].strip() if fence else ""
            end = self._end_of_fence(lines, at, fence) if fence and not is_code_span(fence) else at
            if not fence or is_code_span(fence) or end == at:
                self._text_line(line, text, parts)
                at += 1
                continue
            block = lines[at : end + 1]
            at = end + 1
            cell = CELL_INFO.match(info)
            if cell and (block[0].kept or cell[1] == "python" or cell[1] in DIAGRAMS or cell[1] in NOT_OURS):
                if text:
                    parts.append("".join(text))
                    text = []
                self._cell(block, fence, cell[1], cell[2], parts)
            else:
                if escaped := ESCAPED_CELL.match(info):
                    block = _shown_cell(block, fence["indent"], fence["fence"], escaped[1])
                elif cell:
                    block = self._not_run(block, fence, cell[1])
                literally = re.search(r"shortcodes=\"?false", info)
                text += [
                    (entry.text if literally else self.shortcodes.code(entry.text, entry.place)) + "\n"
                    for entry in block
                ]
        if text:
            parts.append("".join(text))
        return parts

    def _not_run(self, block: list[Line], fence: re.Match[str], language: str) -> list[Line]:
        """A cell in a language that no kernel here runs is shown, as Quarto shows it."""
        self._notice(
            block[0],
            "cell-language",
            f"the cell in {language!r} is shown and not run",
            f"write ```{language} without braces if that is meant, or build with --engine quarto",
        )
        first = block[0]
        return [Line(f"{fence['indent']}{fence['fence']}{language}", first.file, first.number), *block[1:]]

    def _end_of_fence(self, lines: list[Line], start: int, fence: re.Match[str]) -> int:
        """The line that ends a block of code; the start itself where an indented line begins none."""
        closing = re.compile(rf"^[ \t]*(?:>\s?)*{re.escape(fence['fence'][0])}{{{len(fence['fence'])},}}\s*$")
        for at in range(start + 1, len(lines)):
            if closing.match(lines[at].text):
                return at
        if len(fence["indent"].expandtabs(4)) > 3 and not CELL_INFO.match(fence["info"].strip()):
            return start
        self.errors.append(
            ChapterError(
                f"the code block opened here by {fence['fence']} is never closed",
                place=lines[start].place,
                remedy=f"end it with a line {fence['fence']}",
            )
        )
        return len(lines) - 1

    def _cell(
        self, block: list[Line], fence: re.Match[str], language: str, rest: str, parts: list[Part]
    ) -> None:
        place = block[0].place
        kept = block[0].kept
        if language in NOT_OURS and kept is None:
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
            text = line.text.removeprefix(fence["indent"])
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
        options = self.shortcodes.values({**options, **(kept.options if kept else {})}, place)
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
        stored, origin = (kept.outputs, kept.origin) if kept else (None, None)
        parts.append(Cell(body, options, place, language, tuple(header), fence["indent"], stored, origin))

    def _text_line(self, line: Line, text: list[str], parts: list[Part]) -> None:
        content = self.shortcodes.line(line.text, line.place) + "\n"
        start = 0
        for match in INLINE.finditer(content):
            if not self.runs:
                self._notice(
                    line,
                    "inline-code",
                    f"the inline code {match[0]} is not run: the chapter has no cell",
                    "write `engine: jupyter` into its front matter, as Quarto needs it too",
                )
                continue
            text.append(ESCAPED_INLINE.sub(r"\1\2", content[start : match.start()]))
            if text:
                parts.append("".join(text))
                text.clear()
            parts.append(Inline(match[2].strip(), line.place))
            start = match.end()
        text.append(ESCAPED_INLINE.sub(r"\1\2", content[start:]))

    def _notice(self, line: Line, rule: str, message: str, remedy: str) -> None:
        self.notices.append(Fault(line.file, line.number, rule, message, remedy, "warning"))


def unused_option(name: str) -> tuple[str, str, Severity]:
    """Return what to say of a cell's option that does nothing: Quarto's are a note, others a warning."""
    known = quarto_keys()["cell"] | CELL_OPTIONS
    if name in known:
        said = f"the cell's option {name!r} is not used by the embedded engine"
        return said, "Quarto uses it (`--engine quarto`)", "note"
    remedy = did_you_mean(name, sorted(known), "take it out, or correct its name")
    return f"the cell's option {name!r} is no option", remedy, "warning"


def _shown_cell(block: list[Line], indent: str, fence: str, info: str) -> list[Line]:
    """A cell written ``{{python}}`` is shown with its own fence, inside a longer one."""
    first, last = block[0], block[-1]
    outer = fence + fence[0]
    return [
        Line(f"{indent}{outer}markdown", first.file, first.number),
        Line(f"{indent}{fence}{info}", first.file, first.number),
        *block[1:],
        Line(f"{indent}{outer}", last.file, last.number),
    ]


def _runs_notebooks(project: Project, meta: Yaml) -> bool:
    """Whether the settings ask that notebooks be run; Quarto shows what they keep unless they do."""
    for settings in (meta.get("execute"), project.config.get("execute")):
        for name in ("ipynb", "enabled"):
            if isinstance(settings, Mapping) and isinstance(settings.get(name), bool):
                return bool(settings[name])
    return False


def lookup(values: Mapping[str, Any], dotted: str) -> Any:
    """``a.b.c`` in nested mappings as a plain value; None where it isn't set, or is no plain value."""
    value = lookup_value(values, dotted)[1]
    if isinstance(value, bool):
        return str(value).lower()
    return None if isinstance(value, Mapping | list) else value


def of_title(meta: Yaml) -> Yaml:
    """What of a chapter's settings stands in its title block."""
    return {name: meta[name] for name in ("title", "subtitle", "description", "abstract") if name in meta}


def _first_title(lines: list[Line]) -> str:
    """The words of the first heading, where a chapter's title may stand."""
    for line in lines:
        if match := re.match(r"#\s+(.*?)\s*(?:\{[^{}]*\}\s*)?#*\s*$", line.text):
            return match[1]
    return ""


def _is_cell(line: Line) -> bool:
    fence = FENCE.match(line.text)
    cell = CELL_INFO.match(fence["info"].strip()) if fence else None
    return cell is not None and cell[1] == "python"


def is_code_span(fence: re.Match[str]) -> bool:
    """Whether what looks like a fence is code within a line of text."""
    return "`" in fence["info"] and fence["fence"][0] == "`"
