"""What ``format: typst`` in ``_quarto.yml`` says of the PDF, by Quarto's names."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, Final

from paper.errors import Place, ProjectError, did_you_mean
from paper.project import Project
from paper.report import Fault
from paper.settings import place_of

# As Typst spells them, and Quarto after it: https://quarto.org/docs/output-formats/typst.html#pdf-standards
STANDARDS: Final = frozenset(
    {"1.4", "1.5", "1.6", "1.7", "2.0", "a-1a", "a-1b", "a-2a", "a-2b", "a-2u", "a-3a", "a-3b", "a-3u", "a-4"}
    | {"a-4e", "a-4f", "ua-1"}
)
_OF_LATEX: Final = re.compile(
    r"ua-2|[xe]-\w+|wtpdf(?:-\w+)?"
)  # https://quarto.org/docs/output-formats/pdf-basics.html
DEFAULT: Final = ("ua-1",)  # a PDF that readers by ear can use, unless a book says otherwise


def standards(project: Project) -> list[str]:
    """Return the standards that the PDF keeps to. Raises ProjectError for one that nobody knows.

    Those that Quarto knows for LaTeX alone are left out, as there; ``standards_left_out`` tells of them.
    """
    results = []
    for name in _named(project):
        if name in STANDARDS:
            results.append(name)
        elif not _OF_LATEX.fullmatch(name):
            known = ", ".join(sorted(STANDARDS))
            raise ProjectError(
                f"pdf-standard {name!r} is not known",
                place=_standard_place(project),
                remedy=did_you_mean(name, sorted(STANDARDS), f"one of {known}"),
            )
    return results or list(DEFAULT)


def standards_left_out(project: Project) -> list[Fault]:
    """Return a warning for each standard that Typst can't keep to."""
    place = _standard_place(project)
    return [
        Fault(
            str(place.file),
            place.line,
            "pdf-standard",
            f"the PDF doesn't keep to {name!r}, which Typst doesn't know: {', '.join(standards(project))} instead",
            f"name one of {', '.join(sorted(STANDARDS))}",
            "warning",
        )
        for name in _named(project)
        if name not in STANDARDS and _OF_LATEX.fullmatch(name)
    ]


def incompatible_standards(project: Project, message: str) -> ProjectError:
    """Return what to tell where Typst can't keep to all standards at once. message: what it says."""
    said = "; ".join(re.findall(r'"([^"]+)"', message)) or message
    return ProjectError(
        f"pdf-standard: {said}",
        place=_standard_place(project),
        remedy="leave one of them out, as in [ua-1, a-2a]",
    )


def _named(project: Project) -> list[str]:
    """Return the standards by the names that Typst has, with Quarto's liberties: "PDF/A-2b" is a-2b, 2 is 2.0."""
    given = project.format("typst").get("pdf-standard")
    named = DEFAULT if given is None else given if isinstance(given, list) else [given]
    texts = (f"{name}.0" if type(name) is int else str(name).strip().lower() for name in named)
    return [re.sub(r"^pdf[/-]?", "", text) for text in texts]


def _standard_place(project: Project) -> Place:
    return place_of(project.root, "format", "typst", "pdf-standard")


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
                place=place_of(project.root),
                remedy="put the fonts into a folder of the project, and name that",
            )
        folders.append(folder)
    own = project.root / "assets" / "fonts"
    return (*([own] if own.is_dir() else []), *folders)


# What a value must look like to be given to Typst, by the name of its setting.
_LENGTH: Final = r"\d+(?:\.\d+)?(?:pt|mm|cm|in|em)"
_FORMS: Final = {
    "fontsize": (_LENGTH, "a length such as 11pt"),
    "linestretch": (r"\d+(?:\.\d+)?", "a number such as 1.25"),
    "columns": (r"[1-9]", "a number of columns"),
    "papersize": (r"[a-z0-9-]+", "a size that Typst knows, such as a4 or us-letter"),
    "section-numbering": (r"[^\"\\\\]+", "a pattern such as 1.1.a"),
    "fig-pos": (r"\w+", "auto, top, bottom, or none to keep figures where they are written"),
}
_MARGINS: Final = frozenset(("x", "y", "top", "bottom", "left", "right", "inside", "outside", "rest"))
_PAPERS: Final = {"letter": "us-letter", "legal": "us-legal"}  # LaTeX's names


def look(project: Project) -> dict[str, Any]:
    """Return the variables of the template that the book sets: paper, margins, faces, spacing, columns.

    Raises ProjectError for a value that Typst couldn't take.
    """
    given = project.format("typst")
    results: dict[str, Any] = {}
    for name, (form, expected) in _FORMS.items():
        if (value := given.get(name)) in (None, False):
            continue
        text = str(value).strip()
        if not re.fullmatch(form, text):
            raise _wrong(name, text, expected)
        results[name] = _PAPERS.get(text, text) if name == "papersize" else text
    margin = given.get("margin")
    if margin is not None:
        sides = margin if isinstance(margin, dict) else {"rest": margin}
        if not all(name in _MARGINS and re.fullmatch(_LENGTH, str(size)) for name, size in sides.items()):
            raise _wrong("margin", str(margin), "lengths by side, such as {x: 2cm, y: 2.5cm}")
        results["margin"] = {name: str(size) for name, size in sides.items()}
    if fonts := given.get("mainfont"):
        results["mainfont"] = [str(name) for name in (fonts if isinstance(fonts, list) else [fonts])]
    return results


def includes(project: Project) -> dict[str, str]:
    """Return raw Typst that the book puts before the document, before its text and after it, by pandoc's names."""
    given = project.format("typst")
    names = {
        "include-in-header": "header-includes",
        "include-before-body": "include-before",
        "include-after-body": "include-after",
    }
    results = {}
    for name, variable in names.items():
        entries = given.get(name) or []
        texts = [_included(project, name, e) for e in (entries if isinstance(entries, list) else [entries])]
        if texts:
            results[variable] = "\n".join(texts)
    return results


def _included(project: Project, name: str, entry: Any) -> str:
    if isinstance(entry, dict) and "text" in entry:
        return str(entry["text"])
    path = project.root / str(entry["file"] if isinstance(entry, dict) and "file" in entry else entry)
    if not path.is_file() or not path.resolve().is_relative_to(project.root.resolve()):
        raise _wrong(name, str(entry), "a file of the project, or text: with Typst")
    return path.read_text("utf8")


def _wrong(name: str, value: str, expected: str) -> ProjectError:
    return ProjectError(
        f"format: typst: {name} can't be {value!r}", place=Place("_quarto.yml"), remedy=f"give it {expected}"
    )
