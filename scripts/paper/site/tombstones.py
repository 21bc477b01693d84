"""Kept drafts without what was withdrawn since: a tombstone stands in the place of each trace.

A passage leaves the paragraph, row or quotation that held it; of a withdrawn interview the whole page goes, since its
numbers count it. Other files that hold a trace become a note in their own form, or go.
"""

from __future__ import annotations

import html
import io
import json
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

from paper.coding.privacy.withdrawal import Mark, Withdrawn
from paper.project import Project
from paper.tools import pandoc
from paper.words import words
from paper.writers import epub

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_BLOCKS: Final = (
    "p",
    "blockquote",
    "tr",
    "li",
    "dd",
    "dt",
    "td",
    "th",
    "figcaption",
    "figure",
    "summary",
    "section",
    "div",
    "body",
)
_PAGE: Final = """<!DOCTYPE html>
<html lang="{lang}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex"><title>{title}</title></head>
<body><main><h1>{title}</h1><p>{text}</p><p><a href="{latest}">{read_latest}</a></p></main></body>
</html>
"""


def bury_withdrawn(project: Project, drafts: Path) -> list[str]:
    """Take the traces of what was withdrawn out of kept drafts. Return the files that changed or went.

    drafts: the folder ``drafts/`` of a site. Raises DataError where the list of what was withdrawn can't be read.
    """
    withdrawn = Withdrawn.read(project.root)
    if not withdrawn.marks or not drafts.is_dir():
        return []
    changed: list[str] = []
    for path, marks in _with_traces(drafts, withdrawn):
        index = _search_index(path, drafts)
        if index is not None:
            shutil.rmtree(index, ignore_errors=True)  # a search that knows the words
        elif path.is_file():
            _bury(project, path, drafts, withdrawn, marks)
        changed.append(path.relative_to(drafts).as_posix())
    return changed


def _with_traces(drafts: Path, withdrawn: Withdrawn) -> Iterator[tuple[Path, list[Mark]]]:
    """Yield the files with traces, and the data and drawings that count a withdrawn interview in their draft."""
    results: dict[Path, list[Mark]] = {}
    for path in sorted(path for path in drafts.rglob("*") if path.is_file()):
        if marks := withdrawn.traces(path.relative_to(drafts).as_posix(), path.read_bytes()):
            results[path] = marks
    cases = {
        path.relative_to(drafts).parts[0]: mark
        for path, marks in results.items()
        for mark in marks
        if mark.kind == "case"
    }
    for draft, mark in cases.items():
        for path in (drafts / draft).rglob("*"):
            if path.is_file() and path.stem.removesuffix("-narrow") in withdrawn.counted:
                results.setdefault(path, [mark])
    yield from results.items()


def _search_index(path: Path, drafts: Path) -> Path | None:
    return next(
        (folder for folder in path.parents if folder.name == "pagefind" and folder.is_relative_to(drafts)),
        None,
    )


def _bury(project: Project, path: Path, drafts: Path, withdrawn: Withdrawn, marks: list[Mark]) -> None:
    kind = path.suffix.lower()
    t = words(project.lang)
    date = max(mark.date for mark in marks)
    note = t["withdrawn_text"].format(date=date)
    content: bytes | None = None
    if kind == ".html":
        whole = any(mark.kind == "case" for mark in marks)
        content = None if whole else _without_blocks(path.read_bytes(), withdrawn, t["withdrawn_passage"])
        if content is None or withdrawn.traces("page.html", content):
            latest = "../" * len(path.relative_to(drafts).parts) + "index.html"
            values = {"title": t["withdrawn_title"], "text": note, "read_latest": t["draft_latest"]}
            shown = {name: html.escape(text) for name, text in values.items()}
            content = _PAGE.format(lang=html.escape(project.lang), latest=latest, **shown).encode()
    elif kind == ".pdf":
        content = _pdf(project, t["withdrawn_title"], note)
    elif kind == ".docx":
        content = _docx(t["withdrawn_title"], note)
    elif kind == ".epub":
        content = _epub(project, t["withdrawn_title"], note)
    elif kind in (".csv", ".md", ".txt"):
        content = f"{note}\n".encode()
    if content is None or withdrawn.traces(path.name, path.name.encode()):
        path.unlink()
    else:
        path.write_bytes(content)


def _without_blocks(page: bytes, withdrawn: Withdrawn, note: str) -> bytes | None:
    """Put a note in the place of the smallest blocks that hold a trace; None where there is none that does."""
    from lxml import etree
    from lxml import html as tree

    root = tree.document_fromstring(page.decode("utf8", "replace"))
    for script in root.xpath("//script|//template"):
        if any(withdrawn.search(script.text_content())):
            script.drop_tree()
    for element in root.iter(etree.Element):
        for name, value in element.attrib.items():
            if any(withdrawn.search(str(value))):
                del element.attrib[name]
    while (block := _smallest(root, withdrawn)) is not None:
        date = next(iter(withdrawn.search(block.text_content()))).date
        for child in list(block):
            block.remove(child)
        block.text = note.format(date=date)
        block.set("class", "withdrawn")
    return bytes(etree.tostring(root, method="html", encoding="utf8", doctype="<!DOCTYPE html>"))


def _smallest(root: HtmlElement, withdrawn: Withdrawn) -> HtmlElement | None:
    holding = [element for element in root.iter(*_BLOCKS) if any(withdrawn.search(element.text_content()))]
    return next((one for one in reversed(holding)), None)


def _pdf(project: Project, title: str, note: str) -> bytes:
    from paper.writers.typst.compiler import compile_pdf
    from paper.writers.typst.syntax import string

    beneath = project.root / ".paper"  # Typst reads nothing outside of the project
    beneath.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=beneath) as folder:
        out = Path(folder) / "withdrawn.pdf"
        head = f"#set document(title: {string(title)})\n#set text(lang: {string(project.lang[:2])})\n"
        source = f"{head}= #{string(title)}\n#{string(note)}\n"
        compile_pdf(project, source, out, Path(folder) / "withdrawn.typ")
        return out.read_bytes()


def _epub(project: Project, title: str, note: str) -> bytes:
    settings = json.dumps({"title": title, "lang": project.lang, "identifier": epub.identifier(project)})
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "withdrawn.epub"
        source = f"---\n{settings}\n---\n\n{note}\n"
        pandoc.run(source, source="markdown", to="epub3", args=["--epub-title-page=false", f"--output={out}"])
        return out.read_bytes()


def _docx(title: str, note: str) -> bytes:
    import docx

    document = docx.Document()
    document.add_heading(title, 1)
    document.add_paragraph(note)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()
