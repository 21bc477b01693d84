"""Sending: the Word file, and beside it what tells where in the sources each of its words stands."""

from __future__ import annotations

import io
import json
import re
import zipfile
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final

from paper import prepare
from paper.cells.execute import Executor
from paper.documents.word import ooxml
from paper.documents.word.anchors import ANCHOR, Anchor, Anchors
from paper.documents.word.originals import Original, originals
from paper.errors import MachineError, Place
from paper.numbering.book import ParsedChapter, number_with_images, read_book
from paper.project import Project
from paper.release import guard
from paper.report import Fault
from paper.tools.cache import Cache, digest
from paper.tools.files import write_atomic
from paper.writers import docx

FOLDER: Final = "_word"
BOOKMARK: Final = "_paper_"  # Word hides bookmarks that begin with "_"
_SOURCES: Final = "sources.json"


@dataclass(frozen=True)
class Region:
    """Characters of a paragraph, and the source that they were written from."""

    start: int
    end: int
    source: Anchor


@dataclass(frozen=True)
class Sent:
    """A file that was sent, as it is kept."""

    id: str
    file: Path
    paragraphs: list[Original]
    regions: list[list[Region]]
    """Those of each paragraph, in order; none for what is generated."""
    texts: dict[str, str]
    """The sources as they were, by their path from the root."""
    notices: tuple[Fault, ...] = field(default=())


def send(project: Project) -> Sent:
    """Write the book's Word file into ``_word/ID/``, beside what it was made of. Raises PaperError as a build does."""
    guard.refuse_sources(project)
    work = project.root / ".paper"
    cache = Cache(work / "cache")
    prepare.vendor(project.root)
    anchors = Anchors(project.root)
    with Executor(project, cache) as executor:
        chapters = read_book(project, work, cache, executor)
        marked = read_book(project, work, cache, executor, anchors.mark)
    plain = _written(project, chapters, cache, work)
    paragraphs = originals(ooxml.read(plain, "the file"))
    traced = originals(ooxml.read(_written(project, marked, cache, work), "the file"))
    regions = _regions(paragraphs, traced, anchors)
    identifier = f"{project.date.isoformat() if project.date else 'draft'}-{digest(plain, anchors.texts)[:8]}"
    folder = project.root / FOLDER / identifier
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{project.output_file}.docx"
    write_atomic(file, _with_bookmarks(plain, identifier, regions))
    remaining = {
        "file": file.name,
        "regions": [[asdict(r) for r in rs] for rs in regions],
        "texts": anchors.texts,
    }
    write_atomic(folder / _SOURCES, json.dumps(remaining, ensure_ascii=False).encode())
    guard.refuse_leaks(project, folder)
    return Sent(
        identifier, file, paragraphs, regions, anchors.texts, tuple(n for c in chapters for n in c.notices)
    )


def load(root: Path, identifier: str) -> Sent:
    """Read a file that was sent, with its sources. Raises MachineError where it isn't kept."""
    folder = root / FOLDER / identifier
    if not (folder / _SOURCES).is_file():
        known = (
            ", ".join(sorted(path.parent.name for path in (root / FOLDER).glob(f"*/{_SOURCES}"))) or "none"
        )
        raise MachineError(
            f"nothing that was sent is kept as {identifier or 'this file'}",
            place=Place(folder),
            remedy=f"kept here: {known}; name one with --sent, or copy {FOLDER}/ from where it was sent",
        )
    kept: dict[str, Any] = json.loads((folder / _SOURCES).read_text("utf8"))
    file = folder / kept["file"]
    regions = [
        [Region(r["start"], r["end"], Anchor(**r["source"])) for r in paragraph]
        for paragraph in kept["regions"]
    ]
    paragraphs = originals(ooxml.read(file.read_bytes(), str(file)))
    return Sent(identifier, file, paragraphs, regions, kept["texts"])


def identifier_of(paragraphs: list[Original]) -> str:
    """Return the id that a file which came back carries; "" where it carries none."""
    prefix = f"{BOOKMARK}sent_"
    names = (name for one in paragraphs for name in one.bookmarks if name.startswith(prefix))
    return next(names, "").removeprefix(prefix).replace("_", "-")


def _written(project: Project, chapters: list[ParsedChapter], cache: Cache, work: Path) -> bytes:
    """Write the book's Word file; return its bytes."""
    work.mkdir(exist_ok=True)
    out = work / "word.docx"
    docx.book_docx(project, number_with_images(project, chapters, "docx", cache), out)
    content = out.read_bytes()
    out.unlink()
    return content


def _regions(plain: list[Original], traced: list[Original], anchors: Anchors) -> list[list[Region]]:
    """Return the regions of each paragraph, from the anchors of its twin; none where the two differ."""
    results: list[list[Region]] = []
    for paragraph, twin in zip(plain, traced, strict=False):
        text = twin.text
        if ANCHOR.sub("", text) != paragraph.text:
            results.append([])
            continue
        result = list(ANCHOR.finditer(text))
        starts = [match.start() - at for at, match in enumerate(result)]
        ends = [*starts[1:], len(paragraph.text)]
        regions = [
            Region(start, end, anchors.of(match[0]))
            for start, end, match in zip(starts, ends, result, strict=False)
        ]
        results.append(_without_inner(regions))
    return [*results, *([] for _ in plain[len(results) :])]


def _without_inner(regions: list[Region]) -> list[Region]:
    """Drop what came along with an atom: the words of a heading that a cross-reference prints."""
    remaining: list[Region] = []
    for region in regions:
        last = remaining[-1] if remaining else None
        within = (
            last is not None
            and last.source.atom
            and (region.source.file != last.source.file or region.source.start < last.source.start)
        )
        if within and last is not None:
            remaining[-1] = Region(last.start, region.end, last.source)
        else:
            remaining.append(region)
    return remaining


def _with_bookmarks(content: bytes, identifier: str, regions: list[list[Region]]) -> bytes:
    """Put a bookmark at each paragraph with a source, and one that names the file, into a Word file."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(stream, "w") as new:
        for entry in old.infolist():
            data = old.read(entry)
            if entry.filename == "word/document.xml":
                data = _bookmarked(data, identifier, regions)
            new.writestr(entry, data)
    return stream.getvalue()


def _bookmarked(document: bytes, identifier: str, regions: list[list[Region]]) -> bytes:
    from lxml import etree

    w = ooxml.W
    root = etree.fromstring(
        document, etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)
    )
    used = [
        int(e.get(f"{w}id") or 0) for e in root.iter(f"{w}bookmarkStart") if (e.get(f"{w}id") or "").isdigit()
    ]
    number = max(used, default=0)
    paragraphs = [p for p in root.iter(f"{w}p") if not any(a.tag == f"{w}p" for a in p.iterancestors())]
    named = re.sub(r"\W", "_", identifier)
    for at, paragraph in enumerate(paragraphs):
        names = [f"{BOOKMARK}sent_{named}"] if not at else []
        names += [f"{BOOKMARK}{at}"] if at < len(regions) and regions[at] else []
        for name in names:
            number += 1
            start, end = (
                etree.Element(f"{w}bookmark{kind}", {f"{w}id": str(number)}) for kind in ("Start", "End")
            )
            start.set(f"{w}name", name)
            after = 1 if len(paragraph) and paragraph[0].tag == f"{w}pPr" else 0
            paragraph.insert(after, start)
            paragraph.append(end)
    written: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
    return written
