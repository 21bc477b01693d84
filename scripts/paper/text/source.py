"""A chapter's source as the engine sees it: lines with their places, cells, inline code."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from pathlib import PurePosixPath

from paper.errors import Place
from paper.report import Fault
from paper.settings import Yaml
from paper.text.outputs import Output


@dataclass(frozen=True)
class Embedded:
    """What comes with a cell of another file.

    outputs: what a notebook keeps, shown instead of running the cell; options: those that stand over its own;
    origin: the ``.qmd`` that runs it, and its place in what is run there.
    """

    outputs: tuple[Output, ...] | None
    options: Yaml = field(default_factory=dict)
    origin: tuple[PurePosixPath, int] | None = None


@dataclass(frozen=True)
class Line:
    """One line of text and where the author wrote it; embedded: what comes with the cell that it opens."""

    text: str
    file: str
    number: int
    embedded: Embedded | None = None

    @property
    def place(self) -> Place:
        return Place(self.file, self.number)


@dataclass(frozen=True)
class Cell:
    """A code cell: its code, without the option lines, and its options.

    header: the option lines as written; indent: what stands before its fence, in a list item for instance;
    stored, origin: as in ``Embedded``.
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
