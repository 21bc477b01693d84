"""What ``format: typst`` in ``_quarto.yml`` says of the PDF, by Quarto's names."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from paper.errors import Place, ProjectError
from paper.project import Project

# As Typst spells them, and Quarto after it: https://quarto.org/docs/output-formats/typst.html#pdf-standards
STANDARDS: Final = frozenset(
    {"1.4", "1.5", "1.6", "1.7", "2.0", "a-1a", "a-1b", "a-2a", "a-2b", "a-2u", "a-3a", "a-3b", "a-3u", "a-4"}
    | {"a-4e", "a-4f", "ua-1"}
)
DEFAULT: Final = ("ua-1",)  # a PDF that readers by ear can use, unless a book says otherwise


def standards(project: Project) -> list[str]:
    """Return the standards that the PDF keeps to. Raises ProjectError for one that Typst doesn't know."""
    given = project.format("typst").get("pdf-standard")
    named = DEFAULT if given is None else given if isinstance(given, list) else [given]
    found = [str(name).strip().lower() for name in named]
    for name in found:
        if name not in STANDARDS:
            known = ", ".join(sorted(STANDARDS))
            raise ProjectError(
                f"pdf-standard {name!r} is not known", place=Place("_quarto.yml"), remedy=f"one of {known}"
            )
    return found


def font_folders(project: Project) -> tuple[Path, ...]:
    """Return the folders of the project's own fonts: ``assets/fonts``, and ``font-paths`` as Quarto has it.

    Raises ProjectError for a folder that isn't there.
    """
    given = project.format("typst").get("font-paths") or []
    folders = []
    for name in given if isinstance(given, list) else [given]:
        folder = project.root / str(name).lstrip("/")
        if not folder.is_dir():
            raise ProjectError(
                f"font-paths names {name}, which is no folder",
                place=Place("_quarto.yml"),
                remedy="put the fonts into a folder of the project, and name that",
            )
        folders.append(folder)
    own = project.root / "assets" / "fonts"
    return (*([own] if own.is_dir() else []), *folders)
