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
    """What comes with a cell of another file."""

    outputs: tuple[Output, ...] | None
    """What a notebook keeps, shown instead of running the cell."""
    options: Yaml = field(default_factory=dict)
    """Options that stand over the cell's own."""
    origin: tuple[PurePosixPath, int] | None = None
    """The ``.qmd`` that runs it, and its place in what is run there."""


@dataclass(frozen=True)
class Line:
    """One line of text and where the author wrote it."""

    text: str
    file: str
    number: int
    """From 1."""
    embedded: Embedded | None = None
    """What comes with the cell that it opens."""

    @property
    def place(self) -> Place:
        """The file and line."""
        return Place(self.file, self.number)


@dataclass(frozen=True)
class Cell:
    """A code cell."""

    code: str
    """Without the lines of its options."""
    options: Yaml
    place: Place
    language: str = "python"
    header: tuple[str, ...] = ()
    """The lines of its options, as written."""
    indent: str = ""
    """What stands before its fence, in a list item for instance."""
    stored: tuple[Output, ...] | None = None
    """As ``Embedded.outputs``."""
    origin: tuple[PurePosixPath, int] | None = None
    """As ``Embedded.origin``."""

    @property
    def label(self) -> str:
        """The label that its options give, or ""."""
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
    """A chapter that was read."""

    path: PurePosixPath
    meta: Yaml
    """Its front matter, over that of its folders."""
    parts: tuple[Part, ...]
    """Markdown text, cells and inline expressions, in order."""
    files: tuple[PurePosixPath, ...]
    """The chapter itself, and the files that it includes."""
    notices: tuple[Fault, ...] = field(default=())
    """What is to be told of it."""
    lines: tuple[Line, ...] = field(default=(), repr=False)
    """All its lines, those of front matter and includes among them."""

    @cached_property
    def runnable(self) -> tuple[Cell | Inline, ...]:
        """What a kernel must run, in order."""
        return tuple(
            part for part in self.parts if isinstance(part, Inline) or (isinstance(part, Cell) and part.runs)
        )

    def find(self, text: str) -> Place:
        """Return the first place where ``text`` stands, or the chapter itself."""
        for line in self.lines:
            if text in line.text:
                return line.place
        return Place(str(self.path))
