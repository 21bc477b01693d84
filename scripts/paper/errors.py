"""What can go wrong, as a family: each class is one kind of fault and one exit code.

PaperError
├── SourceError      the author's files: a chapter, a setting, a data file (exit 1)
│   ├── ProjectError     _quarto.yml, _variables.yml, profiles
│   ├── ChapterError     a chapter's Markdown, include, shortcode or cross-reference
│   ├── CellError        a code cell that raised
│   ├── CitationError    a citation or the bibliography
│   └── DataError        a table in data/
├── MachineError     something the machine lacks or refuses (exit 3)
├── ToolError        pandoc, Typst or a kernel failed (exit 4)
└── BusyError        another build holds the output folder (exit 5)

Exit 2 is a wrong command line (as Typer does it); 130 an interrupt.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Place:
    """Where something is: a file, its line and column (both from 1), each optional but the file."""

    file: Path | str
    line: int | None = None
    column: int | str | None = None

    def __str__(self) -> str:
        return ":".join(str(part) for part in (self.file, self.line, self.column) if part is not None)


class PaperError(Exception):
    """A fault to tell a person: what is wrong, where, and what to do."""

    exit_code = 1

    def __init__(
        self, message: str, *, place: Place | None = None, remedy: str = "", detail: str = ""
    ) -> None:
        self.message = message
        self.place = place
        self.remedy = remedy
        self.detail = detail  # a cell's own traceback, a tool's stderr
        super().__init__(str(self))

    def _render_traceback_(self) -> list[str]:
        """Return what a cell that raises it shows, when IPython asks: the fault, and no traceback."""
        return [str(self)]

    def __reduce__(self) -> tuple[Any, ...]:
        """Faults may come from another process."""
        return _again, (type(self), self.__dict__)

    def __str__(self) -> str:
        text = f"{self.place}: {self.message}" if self.place else self.message
        if self.detail:
            text += "\n" + "\n".join("    " + line for line in self.detail.rstrip().splitlines())
        if self.remedy:
            text += f"\n  → {self.remedy}"
        return text


def _again(kind: type[PaperError], facts: dict[str, Any]) -> PaperError:
    error = kind.__new__(kind)
    error.__dict__.update(facts)
    error.args = (str(error),)
    return error


class SourceError(PaperError):
    """A mistake in the author's files."""


class ProjectError(SourceError):
    """A mistake in _quarto.yml, _variables.yml or a profile."""


class ChapterError(SourceError):
    """A mistake in a chapter's text."""


class CellError(SourceError):
    """A code cell raised; ``detail`` is its traceback."""


class CitationError(SourceError):
    """A citation without an entry, or a bibliography that can't be read."""


class DataError(SourceError):
    """A data file that is missing, unreadable or against its schema."""


class MachineError(PaperError):
    """The machine lacks or refuses something."""

    exit_code = 3


class ToolError(PaperError):
    """A program that the build uses failed; ``detail`` has its command and stderr."""

    exit_code = 4


class BusyError(PaperError):
    """Another build is writing the same output."""

    exit_code = 5


class SourceErrors(SourceError):
    """Several mistakes, found together and told together."""

    def __init__(self, errors: list[PaperError]) -> None:
        self.errors = errors
        super().__init__("\n".join(str(error) for error in errors))


def together(errors: Sequence[PaperError]) -> PaperError:
    """Return what to raise for mistakes found together: the one that there is, or all, each once, as SourceErrors."""
    errors = list({str(error): error for error in errors}.values())
    return errors[0] if len(errors) == 1 else SourceErrors(list(errors))


def did_you_mean(name: str, known: Iterable[str], otherwise: str, sign: str = "") -> str:
    """Return a remedy that asks for the nearest of the known names, or ``otherwise`` where none is near.

    sign: what stands before a name where the author writes it, as ``@`` before a label.
    """
    near = nearest(name, known)
    return f"did you mean {sign}{near}?" if near else otherwise


def nearest(name: str, known: Iterable[str], *, cutoff: float = 0.6) -> str:
    """Return the known name that is most like another, or "" where none is. cutoff: how much of them is alike."""
    from difflib import get_close_matches

    return next(iter(get_close_matches(name[:100], list(known), n=1, cutoff=cutoff)), "")
