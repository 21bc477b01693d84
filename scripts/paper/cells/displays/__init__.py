"""What a cell shows, in further representations, before each format takes its own.

A display comes from the kernel as a bundle, mimetype → content. Each kind of display has a module here with one
function, ``represent(bundle, context)``, which returns a bundle with representations added (an image of a chart, a
clean table) or left out. It is imported when a bundle has one of its mimetypes. What a format can't have is told
by ``Context.lost``.

What a cell shows comes as a bundle, mimetype → content. Each kind has a module in `cells/displays/` with
`represent(bundle, context)`, which adds what other formats want; `displays.PREFERRED` says what each format takes,
and `context.lost(what, formats, remedy)` tells what it can't have. HTML with a table becomes a table in every format;
other HTML stays on the page, and paper gets its words. A folder in `tests/outputs/` holds each kind to what five
formats show.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from importlib import import_module
from pathlib import Path
from typing import Any

from paper.cells.execute import option
from paper.project import FORMATS, Project
from paper.report import Fault
from paper.text.source import Cell, Source
from paper.tools.cache import Cache, digest
from paper.tools.files import write_atomic
from paper.words import words

Bundle = dict[str, str]

# Mimetype (with wildcards) → module of this package; a bundle passes through all that match, in this order.
KINDS: tuple[tuple[str, str], ...] = (
    ("application/vnd.plotly.v1+json", "plotly"),
    ("application/vnd.vega*+json", "vega"),
    ("image/svg+xml", "matplotlib"),
    ("text/latex", "latex"),
    ("application/json", "data"),
    ("image/svg+xml", "pictures"),
    ("application/vnd.jupyter.widget-view+json", "widgets"),
    ("text/html", "frames"),
)
VECTOR = "image/x-paper-vector"  # a drawing (SVG) for print alone
IMAGES = {VECTOR: "svg", "image/svg+xml": "svg", "image/png": "png", "image/jpeg": "jpg", "image/gif": "gif"}
# What each format takes of the representations that a display has, best first, in Quarto's order. "html-table" and
# "html-text" stand for HTML that holds a table or words, which paper gets as pandoc reads them.
# https://github.com/quarto-dev/quarto-cli/blob/main/src/core/jupyter/display-data.ts
_PICTURES = tuple(kind for kind in IMAGES if kind != VECTOR)
_PIXELS = tuple(kind for kind in _PICTURES if kind != "image/svg+xml")
PREFERRED = {
    "html": ("text/html", "text/markdown", *_PICTURES, "text/plain"),
    "typst": ("text/markdown", VECTOR, *_PICTURES, "html-table", "html-text", "text/plain"),
    # Word shows no drawing: where a display has both, Quarto asks it for pixels (fig-format: png)
    "docx": ("text/markdown", *_PIXELS, "image/svg+xml", "html-table", "html-text", "text/plain"),
}
NAMES = {"html": ("the page",), "typst": ("PDF",), "docx": ("DOCX", "JATS")}


@dataclass
class Context:
    """Where a display stands: the chapter's cell, and which of its outputs, counted from 1.

    work: folder for files that are made, named by their content; cache: keeps what is dear to make;
    notices: what was told so far. name: the cell's, in the addresses of its files; files: those to be written
    beside the chapter's page (path → file made).
    """

    project: Project
    source: Source
    cell: Cell
    at: int
    work: Path
    cache: Cache | None = None
    notices: list[Fault] = field(default_factory=list)
    name: str = "cell"
    files: dict[str, str] = field(default_factory=dict)

    def attach(self, suffix: str, content: bytes) -> str:
        """Put a file beside the chapter's page; returns its address from there."""
        path = self.work / f"{digest(content)}.{suffix}"
        if not path.exists():
            write_atomic(path, content)
        address = f"{self.source.path.stem}_files/figure-html/{self.name}-output-{self.at}.{suffix}"
        self.files[(self.source.path.parent / address).as_posix()] = str(path)
        return address

    def option(self, name: str, default: Any = None) -> Any:
        """Return an option of the cell, else of the chapter's or the book's ``execute:``."""
        return option(self.project, self.source, self.cell, name, default)

    def see_page(self) -> str:
        """Return the words that lead from a still picture, or from nothing, to what acts on the page, as Markdown."""
        site = self.project.site_url
        page = next((c.page for c in self.project.chapters if c.path == self.source.path), "")
        said = words(self.project.lang)["interactive"]
        place = f"#{self.cell.label}" if "-" in self.cell.label else ""
        return f"[{said}](<{site}/{page}{place}>)" if site and page else f"*{said}*"

    def lost(self, what: str, formats: Iterable[str], remedy: str) -> None:
        """Tell that these formats (of ``FORMATS``) don't show the display, and the way out.

        what: names the display, as in "a folium map".
        """
        where = _enumeration([name for form in FORMATS if form in set(formats) for name in NAMES[form]])
        self.tell("display-lost", f"{what} can't be shown in {where}", remedy)

    def tell(self, rule: str, message: str, remedy: str) -> None:
        """Tell something else of the display, with the cell's place."""
        place = self.cell.place
        self.notices.append(Fault(str(place.file), place.line, rule, message, remedy, "warning"))


def represent(bundle: Bundle, context: Context) -> Bundle:
    """Return the bundle with the representations that the modules of its kinds add."""
    for pattern, module in KINDS:
        if any(fnmatchcase(mimetype, pattern) for mimetype in bundle):
            bundle = import_module(f"{__name__}.{module}").represent(bundle, context)
    return bundle


def _enumeration(names: Sequence[str]) -> str:
    return ", ".join(names[:-1]) + " and " + names[-1] if len(names) > 1 else "".join(names)
