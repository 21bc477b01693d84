"""Where the text cites what: pandoc's citations in the chapters' sources, with file and line.

Pandoc's AST has no lines, and its `sourcepos` reader knows no citations; so the sources are scanned here,
with everything in which pandoc sees no citation (code, comments, addresses, raw blocks) blanked out first,
character for character, so that positions hold.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from paper import editions, project

MOST = 1000  # files: more than any book has; includes that include each other end here
# A key as pandoc reads it: letters, digits and "_", with single punctuation marks between; or braces.
KEY = r"(?:\{(?P<braced>[^{}\s]+)\}|(?P<plain>\w(?:\w|[:.#$%&\-+?<>~/](?=\w))*))"
CITATION = re.compile(rf"(?<![\w\\@])(?P<minus>-)?@{KEY}")
_CROSS_REFERENCE = re.compile(
    r"(?:fig|tbl|sec|eq|lst|thm|lem|cor|prp|cnj|def|exm|exr|sol|rem|alg|tip|nte|wrn|imp|cau|prf|supp|vid|dia)"
)
_BLANKED = re.compile(
    r"<!--.*?(?:-->|\Z)"  # comments
    r"|(?<![\\`])(?P<ticks>`+)(?!`)(?:(?!\n[ \t]*\n).)+?(?<!`)(?P=ticks)(?!`)(?:\{[^}\n]*\})?"  # code
    r"|\{\{<(?:(?!\{\{<|>\}\}).)*+>\}\}"  # shortcodes
    r"|(?<!@\{)<?\b(?:https?|ftp|mailto|file)://?[^\s<>]*[^\s<>.,;:!?'\")\]]"  # addresses
    r"|(?<=\])\([^()\s]*(?:\([^()\s]*\)[^()\s]*)*(?:\s+\"[^\"\n]*\")?\)"  # targets of links
    r"|(?<=\])\{[^{}\n]*\}"  # attributes
    r"|\$\$(?:(?!\n[ \t]*\n).)+?\$\$"
    r"|(?<![\\$])\$(?![\s$])(?:\\.|[^$\n\\])*+(?<!\s)\$(?!\d)"  # formulas within a line
    r"|\\begin\{(?P<env>\w+\*?)\}.*?\\end\{(?P=env)\}",
    re.DOTALL,
)
_FENCE = re.compile(r"^(?P<lead>[ \t>]*)(?P<fence>`{3,}|~{3,})(?P<info>[^\n]*)$")
_CAPTION = re.compile(r"^\s*#\|\s*(?:fig|tbl|lst)-(?:cap|subcap)\s*:")
_INCLUDE = re.compile(r"^[ \t]*\{\{<[ \t]*include[ \t]+(?P<path>\S+?)[ \t]*>\}\}[ \t\r]*$", re.MULTILINE)
_LISTED = re.compile(r"^\s*(?:[-*+]|\(?[\d#@a-zA-Z]{1,3}[.)]|:)\s")


@dataclass(frozen=True)
class Citation:
    """One citation of one work."""

    key: str
    file: str
    """The source that it stands in, from the project's root."""
    page: str
    """The page that shows it."""
    line: int
    """From 1, as is column."""
    column: int
    occurrence: int = 1
    """Which citation of this key on this page it is, from 1."""
    suffix: str = ""
    """What follows it within its brackets (the locator), or ""."""
    bracketed: bool = False
    """Whether it stands within ``[...]``."""
    start: int = 0
    """Position in the source, as is end."""
    end: int = 0


@dataclass(frozen=True)
class Source:
    """One file of text."""

    file: str
    """Its path from the root."""
    page: str
    text: str
    """As written."""
    prose: str
    """With spaces for whatever holds no citation: see ``blank``."""

    @cached_property
    def _starts(self) -> list[int]:
        return [0, *(match.end() for match in re.finditer("\n", self.text))]

    def line(self, position: int) -> int:
        """Return the line of a position, from 1."""
        return bisect_right(self._starts, position)

    def column(self, position: int) -> int:
        """Return the column of a position, from 1."""
        return position - self._starts[self.line(position) - 1] + 1


def sources(root: Path, *, brief: bool = False) -> list[Source]:
    """Return the book's texts in reading order, included files after the chapter that includes them.

    ``brief`` adds the documents of ``brief/``. A file that is missing is left to the build to report. What is said to
    the author is read in the working edition only.
    """
    found: list[Source] = []
    book = project.load(root)
    pages = [(root / chapter.path, chapter.page) for chapter in book.chapters]
    if brief:
        for path in sorted((root / "brief").glob("*.qmd")):
            pages.append((path, path.relative_to(root).with_suffix(".html").as_posix()))
    for path, page in pages:
        _collect(root, path, page, found, set(), queries=book.working)
    return found


def _collect(
    root: Path, path: Path, page: str, found: list[Source], within: set[Path], *, queries: bool
) -> None:
    if path in within or not path.is_file() or len(found) >= MOST:
        return
    text = path.read_text("utf-8-sig", errors="replace")
    base = next((base for base in (root, root.resolve()) if path.is_relative_to(base)), None)
    name = path.relative_to(base).as_posix() if base else str(path)
    found.append(Source(name, page, text, blank(text if queries else editions.blanked(text))))
    for match in _INCLUDE.finditer(text):
        given = match["path"].strip("\"'")
        target = (root / given.lstrip("/") if given.startswith("/") else path.parent / given).resolve()
        if target.is_relative_to(root.resolve()):
            _collect(root, target, page, found, within | {path}, queries=queries)


def blank(text: str) -> str:
    """Return the text with spaces for whatever pandoc reads no citation in; lines and positions stay."""
    lines: list[str] = []
    fence, keep, in_yaml, after_blank, listed = "", False, False, True, False
    for number, line in enumerate(text.split("\n")):
        bare = line.rstrip("\r")
        if number == 0 and bare == "---":
            in_yaml = True
            lines.append(_spaces(line))
        elif in_yaml:
            in_yaml = bare not in ("---", "...")
            lines.append(line if _may_hold_citations(bare) else _spaces(line))
        elif fence:
            match = _FENCE.match(bare)
            closing = bool(match and not match["info"].strip() and match["fence"].startswith(fence))
            keep = not closing and (
                bool(_CAPTION.match(bare)) or (keep and bool(re.match(r"\s*#\|\s{3,}\S", bare)))
            )
            lines.append(line if keep else _spaces(line))
            fence = "" if closing else fence
        elif (match := _FENCE.match(bare)) and "`" not in match["info"]:
            fence, keep = match["fence"], False
            lines.append(_spaces(line))
        elif after_blank and not listed and re.match(r"(?: {4}|\t)\s*\S", bare):
            lines.append(_spaces(line))  # an indented code block
            continue
        else:
            lines.append(line)
        if bare.strip():
            listed = bool(_LISTED.match(bare)) or (listed and bare[:1] in " \t")
        after_blank = not bare.strip()
    return _BLANKED.sub(lambda match: re.sub(r"[^\n]", " ", match.group()), "\n".join(lines))


def _spaces(line: str) -> str:
    return " " * len(line)


def _may_hold_citations(line: str) -> bool:
    """Whether a line of a chapter's YAML can hold citations: not a comment, not an e-mail or handle."""
    return not line.lstrip().startswith("#") and not re.match(r"\s*(?:twitter|email|creator|site)\s*:", line)


def citations(source: Source, custom: frozenset[str] = frozenset()) -> Iterator[Citation]:
    """Yield the citations of one text in reading order, without cross-references to figures and the like."""
    counts: dict[str, int] = {}
    groups = [match.span() for match in re.finditer(r"\[(?:[^\[\]]|\[[^\[\]]*\])*\]", source.prose)]
    at = 0
    for match in CITATION.finditer(source.prose):
        key = match["braced"] or match["plain"]
        if not match["braced"] and is_cross_reference(key, custom):
            continue
        counts[key] = counts.get(key, 0) + 1
        while at < len(groups) and groups[at][1] <= match.start():
            at += 1
        bracketed = at < len(groups) and groups[at][0] < match.start()
        if bracketed:
            suffix = re.split(r";", source.prose[match.end() : groups[at][1] - 1])[0]
        else:
            after = re.match(r"\s*\[([^\]@]*)\]", source.prose[match.end() :])
            suffix = after[1] if after else ""
        yield Citation(
            key=key,
            file=source.file,
            page=source.page,
            line=source.line(match.start()),
            column=source.column(match.start()),
            occurrence=counts[key],
            suffix=suffix.strip(" ,"),
            bracketed=bracketed,
            start=match.start(),
            end=match.end(),
        )


def is_cross_reference(key: str, custom: frozenset[str] = frozenset()) -> bool:
    """Whether ``@key`` names a figure, table, section or another numbered thing rather than a work."""
    kind, dash, _ = key.partition("-")
    kind = kind[:1].lower() + kind[1:]
    return bool(dash) and bool(_CROSS_REFERENCE.fullmatch(kind) or kind in custom)


def custom_references(root: Path) -> frozenset[str]:
    """Return the kinds of numbered things that the project adds by ``crossref: custom:``."""
    crossref = project.load(root).config.get("crossref")
    custom = crossref.get("custom") if isinstance(crossref, dict) else None
    kinds = [entry.get("key") for entry in custom or [] if isinstance(entry, dict)]
    return frozenset(str(kind) for kind in kinds if kind)


def all_citations(root: Path, *, brief: bool = False) -> list[Citation]:
    """Every citation in the text, in reading order, counted by page."""
    custom = custom_references(root)
    counts: dict[tuple[str, str], int] = {}
    found: list[Citation] = []
    for source in sources(root, brief=brief):
        for citation in citations(source, custom):
            place = (citation.page, citation.key)
            counts[place] = counts.get(place, 0) + 1
            found.append(Citation(**{**citation.__dict__, "occurrence": counts[place]}))
    return found


def nocite(root: Path) -> frozenset[str]:
    """Return the keys that the book lists though nothing cites them, by ``_quarto.yml`` or a chapter; "*" for all."""
    given = str(project.load(root).config.get("nocite") or "")
    every = any(
        re.search(r"^nocite:[^\n]*(?:\n[ \t-][^\n]*)*?@\*", s.text, re.MULTILINE) for s in sources(root)
    )
    return frozenset(re.findall(r"@(\*|[\w:.#$%&+?<>~/-]*\w)", given)) | frozenset("*" if every else "")


def cited_in(root: Path) -> dict[str, list[Citation]]:
    """Each cited key with its places, in reading order: what "cited in" links are made of."""
    index: dict[str, list[Citation]] = {}
    for citation in all_citations(root):
        index.setdefault(citation.key, []).append(citation)
    return index
