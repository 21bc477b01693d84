"""Settings that this engine doesn't use: each is told once, with its line, and a misspelt one with the name meant.

What Quarto knows and this engine passes over is a note, which even ``--strict`` lets pass: the book builds under
either engine, and looks otherwise. What changes the text itself is a warning. So is a name that nobody knows and that
is nearly one of Quarto's. Other unknown names are the author's own, for ``{{< meta >}}``; under ``project:`` and
``book:`` Quarto takes none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, Literal

import yaml

from paper import assets
from paper.chapters import listed_twice
from paper.errors import nearest
from paper.parsing import wording
from paper.paths import is_file
from paper.project import Project
from paper.report import Fault
from paper.settings import ENDINGS, compose, either_ending, line_of, place_of, project_file
from paper.site import custom
from paper.text import extensions
from paper.text.cell_options import CELL_OPTIONS, IDLE_OPTIONS
from paper.text.quarto_keys import Group, quarto_keys
from paper.text.source import Source
from paper.tools import git

Keys = Iterator[tuple[tuple[str, ...], yaml.Node, int]]

# What the engine acts on. the guide settings.md holds a table of it (`python -m paper.checks.settings_check`).
HONOURED: Final[dict[Group, frozenset[str]]] = {
    "project": frozenset({"type", "output-dir", "resources", "execute-dir"}),
    "book": frozenset(
        {
            "abstract", "appendices", "author", "chapters", "cover-image", "cover-image-alt",
            "date", "date-format", "description", "doi", "favicon", "llms-txt",
            "output-file", "page-footer",
            "references", "repo-branch", "repo-subdir", "repo-url", "site-url", "subtitle", "title", "keywords",
        }
    ),
    "execute": frozenset({"cache", "enabled", "freeze"} | (CELL_OPTIONS - IDLE_OPTIONS)),
    "document": frozenset(
        {
            "abstract", "abstract-title", "affiliation", "affiliations", "author", "bibliography", "book",
            "callout-appearance", "callout-icon", "citation-abbreviations", "citation-location",
            "code-annotations", "crossref", "csl",
            "date", "date-format", "description", "doi", "engine", "execute", "fig-align", "fig-dpi", "fig-format",
            "fig-height", "fig-width", "filters", "font-paths", "format", "jupyter", "keywords", "lang", "language",
            "license", "lightbox",
            "link-bibliography", "link-citations", "metadata-files", "nocite", "notes-after-punctuation",
            "number-depth", "number-sections", "pdf-standard", "profile", "project", "reference-doc",
            "reference-location", "reference-section-title", "references", "shortcodes", "subtitle",
            "suppress-bibliography", "title", "toc", "toc-depth", "toc-title",
        }
        | (CELL_OPTIONS - IDLE_OPTIONS)
    ),
}  # fmt: skip
# What it acts on in the PDF alone.
OF_TYPST: Final = frozenset(
    {
        "columns",
        "fig-pos",
        "margin",
        "fontsize",
        "header-includes",
        "include-after",
        "include-after-body",
        "include-before",
        "include-before-body",
        "include-in-header",
        "linestretch",
        "mainfont",
        "papersize",
        "section-numbering",
    }
)
# What it acts on in the JATS archive alone.
OF_ARCHIVE: Final = frozenset({"citation", "copyright", "funding"})
# What it acts on in the EPUB alone.
OF_EPUB: Final = frozenset({"css", "epub-cover-image", "epub-fonts", "epub-metadata", "identifier"})
# What concerns Quarto's own working, or how its parts are put together, and prints nothing.
NOTHING_TO_DO: Final = frozenset(
    {
        "citeproc", "daemon", "daemon-restart", "debug", "editor", "editor_options", "embed-resources", "keep-ipynb",
        "keep-md", "keep-tex", "keep-typ", "lib-dir", "preview", "quarto-required", "self-contained", "server",
        "template", "template-partials",
    }
)  # fmt: skip
# What changes the text itself, or what it is made from: passed over, it is a warning.
OF_WEIGHT: Final = frozenset(
    {"include-after-body", "include-before-body", "pre-render", "shift-heading-level-by"}
)
# What an extension may bring and this engine passes over.
_BROUGHT: Final = {
    "formats": "the settings for formats",
    "metadata": "the settings for projects",
    "project": "the settings for projects",
    "engines": "the engines",
    "brand": "the colours and fonts of a brand",
}
FORMATS: Final = frozenset({"html", "typst", "docx", "epub", "jats"})
AS_WITHOUT: Final = {"theme": ("default", "none")}  # values that change nothing here
OWN_STYLES: Final = ("site.css", "figures.css")  # which the engine takes by itself


def check_settings(project: Project, sources: list[Source]) -> Iterator[Fault]:
    """Yield settings (of the files, and of front matter) that change nothing, and chapters that are listed twice."""
    for path in project.settings:
        if path.suffix in ENDINGS and path.name.startswith("_quarto"):
            text = path.read_text("utf-8-sig", errors="replace")
            yield from _file(project, text, path.name, 1)
    yield from _language(project)
    yield from _addresses(project)
    file = project_file(project.root).name
    for name, line in listed_twice(project.root, project.book):
        message = f"the chapter {name} is listed twice, and stands at its first place alone"
        yield Fault(file, line, "chapter-twice", message, "take one from the list", "warning")
    yield from _extensions(project)
    for source in sources:
        lines = source.lines
        end = next((n for n, line in enumerate(lines) if n and line.text.rstrip() in ("---", "...")), 0)
        if end and lines[0].text.rstrip() == "---":
            text = "\n".join(line.text for line in lines[1:end])
            yield from _file(project, text, str(source.path), 2)


def _language(project: Project) -> Iterator[Fault]:
    """Yield a note where labels stay English in a book of another language."""
    own = project.config.get("language") or is_file(either_ending(project.root / "_language.yml"))
    if not own and not wording.is_known(project.lang):
        place = place_of(project.root, "lang")
        message = f"the words for lang {project.lang} (Figure, Table, Chapter and their kin) are not known here: they "
        remedy = "set them under `language:`, or in a file _language.yml, by the names that Quarto gives them"
        yield Fault(str(place.file), place.line, "language", f"{message}stay English", remedy, "note")


def _addresses(project: Project) -> Iterator[Fault]:
    """Yield a note for each address that a book with a remote repository, which may be published, doesn't give."""
    lost = {
        "site-url": "the site has no map, its pages no lasting address, and no reader is told how to verify it",
        "repo-url": "pages don't lead to their sources, and a reader can't verify the site in one step",
    }
    missing = [name for name in lost if not project.book.get(name)]
    remote = git.ask(project.root, "remote", "get-url", "origin") if missing else None
    if not remote:
        return
    place = place_of(project.root, "book")
    of_github = re.fullmatch(
        r"(?:https://|.*@)github\.com[:/]([\w.-]+)/([\w.-]+?)(?:\.git)?/?", remote.decode().strip()
    )
    owner, name = of_github.groups() if of_github else ("NAME", "REPOSITORY")
    likely = {
        "site-url": f"https://{owner.lower()}.github.io/{name}, or where else the site will be",
        "repo-url": f"https://github.com/{owner}/{name}"
        if of_github
        else "the address where readers find the sources",
    }
    for setting in missing:
        message = f"without {setting}, {lost[setting]}"
        remedy = f"under book:, {setting}: {likely[setting]}"
        yield Fault(str(place.file), place.line, "address", message, remedy, "note")


def _extensions(project: Project) -> Iterator[Fault]:
    """Yield what installed extensions bring besides filters and shortcodes, which alone are used."""
    for folder in extensions.installed(project.root):
        contributes = extensions.settings_of(folder).get("contributes")
        for sort, what in _BROUGHT.items():
            if isinstance(contributes, dict) and contributes.get(sort):
                file = next(path for path in folder.glob("_extension.y*ml"))
                of_extension = f"contributes: {sort}: {what} of the extension {folder.name}"
                message = f"{of_extension} are not used by the embedded engine"
                name = file.relative_to(project.root).as_posix()
                at = line_of(file, "contributes", sort)
                yield Fault(name, at, "setting", message, "Quarto uses them (`--engine quarto`)", "warning")


def _file(project: Project, text: str, file: str, first: int) -> Iterator[Fault]:
    try:
        node = compose(text)
    except yaml.YAMLError:
        return  # reading it tells what is wrong
    for path, value, line in _keys(node):
        group, name = _group(path)
        if group and (
            fault := _fault(
                project, group, name, path, value, in_chapter=file.endswith((".qmd", ".ipynb", ".md"))
            )
        ):
            said, remedy, severity = fault
            yield Fault(file, first + line, "setting", said, remedy, severity)


def _keys(node: yaml.Node | None, above: tuple[str, ...] = ()) -> Keys:
    for key, value in node.value if isinstance(node, yaml.MappingNode) else ():
        path = (*above, str(key.value))
        yield path, value, key.start_mark.line
        inner = path[0] in ("format", "project", "book", "execute") and len(path) < 3
        if inner:
            yield from _keys(value, path)


def _group(path: tuple[str, ...]) -> tuple[Group, str]:
    """Return which names may stand at a place; "" for a place that isn't looked at."""
    if len(path) == 1:
        return "document", path[0]
    if path[0] == "format":
        return ("format", path[1]) if len(path) == 2 else ("document", path[2])
    return (path[0], path[1]) if len(path) == 2 else ("", "")


def _fault(
    project: Project, group: Group, name: str, path: tuple[str, ...], value: yaml.Node, in_chapter: bool
) -> tuple[str, str, Literal["warning", "note"]] | None:
    shown = ": ".join(path)
    if group == "format":
        form = name.rpartition("-")[2] or name
        if form in FORMATS:
            return None
        message = f"{shown}: the embedded engine doesn't make this format"
        result = (
            "its PDF is Typst's, as under `typst`"
            if form == "pdf"
            else "it makes HTML, PDF, DOCX, EPUB and JATS"
        )
        return message, f"{result}; Quarto makes it (`--engine quarto`)", "note"
    if name in HONOURED[group] or name in NOTHING_TO_DO or _as_without(project, name, value):
        return None
    if name in custom.INCLUDES and (path[:2] == ("format", "html") or len(path) == 1):
        return None
    if name in OF_EPUB and (path[:2] == ("format", "epub") or (len(path) == 1 and name != "css")):
        return None
    if name in OF_TYPST and (len(path) == 1 or path[1] == "typst"):
        if not in_chapter:
            return None
        return (
            f"{shown} of one chapter is not used: the PDF is set as a whole",
            "set it in _quarto.yml",
            "note",
        )
    if name in OF_ARCHIVE and len(path) == 1 and not in_chapter:
        return None
    known = quarto_keys()
    names = known[group] | (known["cell"] if group in ("document", "execute") else frozenset())
    if name in names:
        message = f"{shown} is not used by the embedded engine"
        return message, "Quarto uses it (`--engine quarto`)", "warning" if name in OF_WEIGHT else "note"
    near = nearest(name, sorted(names | HONOURED[group]), cutoff=0.84)
    if near and len(name) > 3:
        return f"{shown} is no setting", f"did you mean {near}?", "warning"
    if group in ("project", "book"):
        return f"{shown} is no setting", "take it out, or correct its name", "warning"
    return None


def _as_without(project: Project, name: str, value: yaml.Node) -> bool:
    """Return whether a setting asks for what this engine does anyway."""
    given = [str(item.value) for item in (value.value if isinstance(value, yaml.SequenceNode) else [value])]
    if name in ("pre-render", "post-render"):
        scripts = [project.root / path for path in given]
        return all(is_file(p) and assets.is_for_quarto(p) for p in scripts)
    if name == "css":
        return all(path.removeprefix("assets/vendor/css/") in OWN_STYLES for path in given)
    return all(item in AS_WITHOUT.get(name, ()) for item in given)


def table() -> str:
    """Return the Markdown table of what the engine acts on, as the guide settings.md holds it."""
    rows = {
        "`project:`": HONOURED["project"],
        "`book:`": HONOURED["book"],
        "`execute:`": {"cache", "enabled", "freeze"},
        "top level, `format:`, front matter": HONOURED["document"] - CELL_OPTIONS,
        "a cell, and all of these places": CELL_OPTIONS - IDLE_OPTIONS,
        "the same, for the PDF alone": OF_TYPST - set(custom.INCLUDES),
        "the same, for the EPUB alone": OF_EPUB,
        "the same, for the pages and the PDF": set(custom.INCLUDES),
        "top level, for the JATS archive alone": OF_ARCHIVE,
        "known, and nothing to do": NOTHING_TO_DO,
    }
    lines = [
        f"| {where} | {', '.join(f'`{name}`' for name in sorted(names))} |" for where, names in rows.items()
    ]
    return "\n".join(["| where | names |", "| --- | --- |", *lines])


if __name__ == "__main__":
    print(table())
