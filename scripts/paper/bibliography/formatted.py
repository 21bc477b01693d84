"""References as they print: pandoc's citeproc with the book's style."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

from paper.bibliography import ordering, styles, works
from paper.bibliography.citations import cited_keys
from paper.errors import CitationError, Place
from paper.project import Project, find_root, load

Node = dict[str, Any]


def style(project: Project) -> Path:
    """Return the book's citation style, or APA's. Raises CitationError for what is no style."""
    return styles.resolve(project.csl or Path("apa"))


def bibliography_files(project: Project) -> tuple[Path, ...]:
    """Return the book's .bib files. Raises CitationError when the settings name one that is missing."""
    root = project.root
    files = project.bibliography or (root / "references.bib",)
    for path in files:
        if not path.is_file():
            raise CitationError(
                "the bibliography is missing",
                place=Place(path.relative_to(root) if path.is_relative_to(root) else path),
                remedy="restore the file, or correct `bibliography:` in _quarto.yml",
            )
    return files


def entries(project: Project, keys: frozenset[str] | None = None) -> dict[str, list[Node]]:
    """Key → pandoc blocks of its reference, in the order of the printed list.

    ``keys`` limits the list (years get their letters, as in 2017a, among these only); None takes all.
    """
    chosen = style(project)
    files = [ordering.bibliography_for_pandoc(path, project, chosen) for path in bibliography_files(project)]
    stamps = tuple((str(path), path.stat().st_mtime_ns) for path in files)
    return _entries(stamps, str(ordering.style_for_pandoc(chosen, project)), keys)


@lru_cache(maxsize=8)
def _entries(
    files: tuple[tuple[str, int], ...], csl: str, keys: frozenset[str] | None
) -> dict[str, list[Node]]:
    from paper.tools import pandoc

    if keys is not None and not keys:
        return {}
    nocite = "@*" if keys is None else ", ".join(f"@{{{key}}}" for key in sorted(keys))
    text = "---\nnocite: |\n  " + nocite + "\n---\n"
    args = ["--citeproc", "--csl", csl, *(f"--bibliography={path}" for path, _ in files)]
    document = json.loads(pandoc.run(text, source="markdown", to="json", args=args))
    results: dict[str, list[Node]] = {}
    for block in document["blocks"]:
        if block["t"] == "Div" and block["c"][0][0] == "refs":
            for entry in block["c"][1]:
                if entry["t"] == "Div":
                    results[entry["c"][0][0].removeprefix("ref-")] = _drop_spans(entry["c"][1])
    return results


def _drop_spans(node: Any) -> Any:
    """Return the same tree without the spans that only told citeproc about capitals."""
    if isinstance(node, list):
        flat: list[Any] = []
        for child in node:
            if isinstance(child, dict) and child.get("t") == "Span" and child["c"][0][1] in ([], ["nocase"]):
                flat += _drop_spans(child["c"][1])
            else:
                flat.append(_drop_spans(child))
        return flat
    if isinstance(node, dict):
        return {name: _drop_spans(value) for name, value in node.items()}
    return node


def write(blocks: list[Node], to: str, *args: str) -> str:
    """Pandoc blocks as text of the given format."""
    from paper.tools import pandoc

    document = {"pandoc-api-version": _api_version(), "meta": {}, "blocks": blocks}
    return pandoc.run(json.dumps(document), to=to, args=["--wrap=none", *args])


@lru_cache(maxsize=1)
def _api_version() -> list[int]:
    from paper.tools import pandoc

    version: list[int] = json.loads(pandoc.run("", source="markdown", to="json"))["pandoc-api-version"]
    return version


def further_reading(project: Project | None = None) -> str:
    """Print, as Markdown, the works that no chapter cites, each in a ``.further-reading`` div; return it too.

    For a cell with ``output: asis``. The order is that of the list of references; nothing in it is a
    citation, so the works don't enter the list.
    """
    project = project or load(find_root(Path.cwd()))
    cited = cited_keys(project)
    uncited = works.known_keys(bibliography_files(project)) - cited
    divs = [
        {"t": "Div", "c": [["", ["further-reading"], []], blocks]}
        for blocks in entries(project, uncited).values()
    ]
    text = write(divs, "markdown") if divs else "Every work of the bibliography is cited in the text.\n"
    print(text)
    return text
