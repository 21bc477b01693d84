"""A chapter's source: includes and shortcodes expanded, front matter read, cells and inline code found.

Every line remembers the file and line that it came from, so that a fault is told where the author wrote it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import Any

from paper.errors import ChapterError, PaperError, Place, ProjectError, together
from paper.project import Project, Yaml, parse_yaml
from paper.report import Fault

MAX_INCLUDES = 20  # deeper than any honest chain of includes
MAX_FILES = 300  # more files than any chapter is put together from
MAX_BYTES = 5_000_000  # a chapter longer than a book is a mistake

# Possessive and bounded, here and below: a chapter from elsewhere can't make the search take for ever.
SHORTCODE = re.compile(
    r"(?<!\{)\{\{<\s*(/?[\w-]+)((?:\s+(?:\"[^\"]*\"|'[^']*'|[^>\s][^\s>]*)){0,40}+)\s*>\}\}(?!\})"
)
ESCAPED_SHORTCODE = re.compile(r"\{(\{\{<(?:(?!\{\{<).)*?>\}\})\}")
FENCE = re.compile(r"^(?P<indent>[ ]{0,3}(?:>\s?)*)(?P<fence>`{3,}|~{3,})(?P<info>.*)$")
CELL_INFO = re.compile(r"^\{\s*([A-Za-z][\w-]*+)(?!=)([^}]*+)\}$")
ESCAPED_CELL = re.compile(r"^\{(\{[\w-]++[^}]*+\})\}$")
PAGE_BREAK = (
    "\n\n```{=typst}\n#pagebreak(weak: true)\n```\n"
    '\n```{=openxml}\n<w:p><w:r><w:br w:type="page"/></w:r></w:p>\n```\n'
)
INLINE = re.compile(r"(?<!`)`\{(python)\}[ \t]+([^`\n]+)`(?!`)")

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
IDLE_OPTIONS = frozenset({"code-line-numbers", "layout-valign", "fig-pos", "fig-dpi", "fig-format"})


@dataclass(frozen=True)
class Line:
    """One line of text and where the author wrote it."""

    text: str
    file: str
    number: int

    @property
    def place(self) -> Place:
        return Place(self.file, self.number)


@dataclass(frozen=True)
class Cell:
    """A code cell: its code, without the option lines, and its options."""

    code: str
    options: Yaml
    place: Place
    language: str = "python"

    @property
    def label(self) -> str:
        return str(self.options.get("label") or "")


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
        return tuple(part for part in self.parts if not isinstance(part, str))

    def find(self, text: str) -> Place:
        """The first place where ``text`` stands, or the chapter itself."""
        for line in self.lines:
            if text in line.text:
                return line.place
        return Place(str(self.path))


def read(project: Project, path: PurePosixPath) -> Source:
    """Read a chapter. Raises ChapterError (or several together) with file and line."""
    lines, files = _expand(project, path)
    meta, body = _front_matter(path, lines)
    reader = _Reader(project, meta)
    parts = reader.parts(body)
    if reader.errors:
        raise together(reader.errors)
    return Source(path, meta, tuple(parts), tuple(files), tuple(reader.notices), tuple(lines))


# -- includes ---------------------------------------------------------------------------------------------------


def _expand(
    project: Project, path: PurePosixPath, chain: tuple[PurePosixPath, ...] = (), asked: Place | None = None
) -> tuple[list[Line], list[PurePosixPath]]:
    """The lines of a file with its includes in their place, and all files read."""
    if path in chain or len(chain) > MAX_INCLUDES:
        raise ChapterError(
            f"{path} includes itself: {' → '.join(str(p) for p in (*chain, path))}",
            place=asked,
            remedy="take one of these includes out",
        )
    text = _read_text(project.root, path, asked)
    lines: list[Line] = []
    files = [path]
    for number, raw in enumerate(text.split("\n"), 1):
        match = re.fullmatch(r"\s*\{\{<\s*include\s+(\S+)\s*>\}\}\s*", raw)
        if not match:
            lines.append(Line(raw, str(path), number))
            continue
        name = match[1].strip("\"'")
        target = PurePosixPath(name.lstrip("/")) if name.startswith("/") else path.parent / name
        inner, read_files = _expand(project, _normal(target), (*chain, path), Place(str(path), number))
        lines += inner
        files += read_files
        if len(files) > MAX_FILES:
            raise ChapterError(
                f"more than {MAX_FILES} files are included", place=lines[-1].place, remedy="include fewer"
            )
    return lines, files


def _normal(path: PurePosixPath) -> PurePosixPath:
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

    def __init__(self, project: Project, meta: Yaml) -> None:
        self.project = project
        self.meta = meta
        self.errors: list[PaperError] = []
        self.notices: list[Fault] = []

    def parts(self, lines: list[Line]) -> list[Part]:
        parts: list[Part] = []
        text: list[str] = []
        at = 0
        while at < len(lines):
            line = lines[at]
            fence = FENCE.match(line.text)
            info = fence["info"].strip() if fence else ""
            if not fence or ("`" in info and fence["fence"][0] == "`"):
                self._text_line(line, text, parts)
                at += 1
                continue
            end = self._end_of_fence(lines, at, fence)
            block = lines[at : end + 1]
            at = end + 1
            cell = CELL_INFO.match(info)
            if cell and not cell[1].startswith("="):
                if text:
                    parts.append("".join(text))
                    text = []
                self._cell(block, cell[1], cell[2], parts)
            else:
                if escaped := ESCAPED_CELL.match(info):
                    block = _shown_cell(block, fence["indent"], fence["fence"], escaped[1])
                text += [self._shortcodes(entry) + "\n" for entry in block]
        if text:
            parts.append("".join(text))
        return parts

    def _end_of_fence(self, lines: list[Line], start: int, fence: re.Match[str]) -> int:
        closing = re.compile(
            rf"^\s{{0,3}}(?:>\s?)*{re.escape(fence['fence'][0])}{{{len(fence['fence'])},}}\s*$"
        )
        for at in range(start + 1, len(lines)):
            if closing.match(lines[at].text):
                return at
        self.errors.append(
            ChapterError(
                f"the code block opened here by {fence['fence']} is never closed",
                place=lines[start].place,
                remedy=f"end it with a line {fence['fence']}",
            )
        )
        return len(lines) - 1

    def _cell(self, block: list[Line], language: str, rest: str, parts: list[Part]) -> None:
        place = block[0].place
        if language.lower() != "python":
            self.errors.append(
                ChapterError(
                    f"cells in {language!r} are not known to the embedded engine",
                    place=place,
                    remedy="write the cell in Python, or build with --engine quarto",
                )
            )
            return
        if rest.strip():
            self._notice(
                block[0],
                "cell-header",
                f"the options {rest.strip()!r} in the cell's header are not used",
                "write them as `#| name: value`",
            )
        yaml_lines: list[str] = []
        code: list[str] = []
        for line in block[1:-1]:
            if not code and (match := re.match(r"^\s*#\|\s?(.*)$", line.text)):
                yaml_lines.append(match[1])
            else:
                code.append(self._shortcodes(line))
        try:
            options = parse_yaml("\n".join(yaml_lines), str(place.file), (place.line or 0) + 1)
        except ProjectError as error:
            self.errors.append(
                ChapterError(f"the cell's options: {error.message}", place=error.place, remedy=error.remedy)
            )
            return
        for name in options:
            if name not in CELL_OPTIONS:
                self._notice(
                    block[0],
                    "cell-option",
                    f"the cell's option {name!r} is not known to the embedded engine",
                    "it was left out of account",
                )
            elif name in IDLE_OPTIONS:
                self._notice(
                    block[0],
                    "cell-option",
                    f"the cell's option {name!r} has no effect in the embedded engine",
                    "it was left out of account",
                )
        parts.append(Cell("\n".join(code).strip("\n"), options, place, language))

    def _text_line(self, line: Line, text: list[str], parts: list[Part]) -> None:
        content = self._shortcodes(line) + "\n"
        start = 0
        for match in INLINE.finditer(content):
            text.append(content[start : match.start()])
            if text:
                parts.append("".join(text))
                text.clear()
            parts.append(Inline(match[2].strip(), line.place))
            start = match.end()
        text.append(content[start:])

    def _shortcodes(self, line: Line) -> str:
        if "{{<" not in line.text:
            return line.text
        replaced = SHORTCODE.sub(lambda match: self._shortcode(match, line), line.text)
        return ESCAPED_SHORTCODE.sub(r"\1", replaced)

    def _shortcode(self, match: re.Match[str], line: Line) -> str:
        name, words = (
            match[1],
            [word.strip("\"'") for word in re.findall(r"\"[^\"]*\"|'[^']*'|\S+", match[2])],
        )
        if name in ("var", "meta") and len(words) == 1:
            values = (
                self.project.variables
                if name == "var"
                else {**self.project.config, **self.project.book, **self.meta}
            )
            value = lookup(values, words[0])
            if value is not None:
                return str(value)
            where = "_variables.yml" if name == "var" else "the chapter's front matter or _quarto.yml"
            self.errors.append(
                ChapterError(
                    f"{words[0]!r} is not set in {where}",
                    place=line.place,
                    remedy=f"add it to {where}, or correct the name",
                )
            )
            return ""
        if name == "pagebreak":
            return PAGE_BREAK
        if name == "include":
            self.errors.append(
                ChapterError(
                    "an include stands on a line of its own",
                    place=line.place,
                    remedy="move it to its own line",
                )
            )
            return ""
        self.errors.append(
            ChapterError(
                f"the shortcode {name!r} is not known to the embedded engine",
                place=line.place,
                remedy="use var, meta, include or pagebreak; or build with --engine quarto",
            )
        )
        return ""

    def _notice(self, line: Line, rule: str, message: str, remedy: str) -> None:
        self.notices.append(Fault(line.file, line.number, rule, message, remedy, "warning"))


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


def lookup(values: Mapping[str, Any], dotted: str) -> Any:
    """``a.b.c`` in nested mappings; None where it isn't set, or is not a plain value."""
    value: Any = values
    for key in dotted.split("."):
        if not isinstance(value, Mapping) or key not in value:
            return None
        value = value[key]
    if isinstance(value, bool):
        return str(value).lower()
    return value if isinstance(value, str | int | float) or hasattr(value, "isoformat") else None
