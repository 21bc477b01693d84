"""What ``format: typst`` in ``_quarto.yml`` says of the PDF, by Quarto's names."""

from __future__ import annotations

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
