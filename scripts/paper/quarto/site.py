"""What follows ``quarto render``: Quarto's pages get the frame of this site, and the site gets all that is around it.

Quarto stays the judge of the text: what its ``main`` says is taken over whole. A page in which it can't be found
keeps Quarto's own look, and is told.
"""

from __future__ import annotations

import html
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import unquote

from lxml import etree
from lxml import html as tree

from paper import assets
from paper.build import OF_QUARTO, target_files
from paper.chapters import Chapter
from paper.documents.brief.pdf import translated_pdfs
from paper.errors import ToolError
from paper.project import Project
from paper.release import crate, guard, record
from paper.settings import project_file
from paper.site import search
from paper.site.site import Page, write_site
from paper.text import reading, source
from paper.tools import quarto as quarto_door
from paper.writers import mathematics
from paper.writers.contents import TocEntry, nest_headings

LANDMARK = "quarto-document-content"
BRIEF = "brief.pdf"
LIBRARIES = "site_libs"
NBSP = "\u00a0"
# The number of a reference across chapters, which Quarto sets after an ordinary space: "Section 3.1", "Figure 2.1 (a)".
_NUMBER_AFTER_SPACE = re.compile(r" (?=(?:[A-Z]|\d+)(?:\.\d+)*(?:[ \xa0]\(\w+\))?$|\(\w+\)$)")


def finish(project: Project, out: Path, quarto: Path, rendered: Iterable[str] | None = None) -> list[str]:
    """Complete a render of Quarto's in ``out``; returns what a person should know.

    rendered: the files that it made, relative to the project; None: all that it can make. Pages that it left alone
    have their frame already. All frames are made before the first page is written, so that a fault leaves Quarto's
    pages as they are. Raises ToolError where the brief can't be rendered (all else is then done), DataError where
    something must not be published.
    """
    notices: list[str] = []
    result = _targets(project, out, rendered)
    if "html" in result:
        notices += frame(project, out)
    if "docx" in result and (word := out / f"{project.output_file}.docx").is_file():
        finish_docx(project, word)
    if "pdf" in result or not (out / BRIEF).is_file():
        result.add("brief")
    fault: ToolError | None = None
    if "brief" in result and project_file(project.root / "brief").is_file():
        try:
            render_brief(project, out, quarto)
            translated_pdfs(project, out, project.root / ".paper")  # the embedded engine's with either
        except ToolError as error:
            fault = error
            result.discard("brief")
    manifest = record.of(project, quarto_door.version(quarto))
    crate.write(project, manifest, out)
    record.write(manifest, result, out, _without_stale(project, out, manifest, result))
    guard.refuse_leaks(project, out)
    if fault:
        raise fault
    return notices


def _without_stale(project: Project, out: Path, manifest: record.Manifest, made: set[str]) -> dict[str, str]:
    """Remove single files of earlier renders from other sources; return the origins of the targets that stay.

    Pages of earlier renders stay, and their origin tells `paper publishable` and `paper verify` of it.
    """
    last = record.read(out)
    known = last.made_from if last else {}
    kept = record.current(manifest, last)
    for target, path in target_files(project).items():
        if target not in made | kept:
            (out / path.name).unlink(missing_ok=True)
    return {t: origin for t, origin in known.items() if t in kept or t == "html"}


def _targets(project: Project, out: Path, rendered: Iterable[str] | None) -> set[str]:
    if rendered is None:
        return {
            target for target in OF_QUARTO if target not in ("brief", "epub") or target in project.formats
        }
    files = {(project.root / name).resolve() for name in rendered}
    pages = {(out / chapter.page).resolve() for chapter in project.chapters}
    results = {
        target
        for target in ("pdf", "docx", "epub")
        if (out / f"{project.output_file}.{target}").resolve() in files
    }
    return results | ({"html"} if pages & files else set())


def frame(project: Project, out: Path) -> list[str]:
    """Put Quarto's pages into the site's frame, and around them what belongs to the site."""
    notices: list[str] = []
    pages: list[Page] = []
    for chapter in project.chapters:
        path = out / chapter.page
        page = reframed(project, chapter, path.read_text("utf8")) if path.is_file() else None
        if page is None:
            notices.append(
                f"{chapter.page}: Quarto's page has another form than expected; it keeps Quarto's look"
            )
        else:
            pages.append(page)
    if not pages:
        return notices
    with tempfile.TemporaryDirectory(prefix="paper-site-") as name:
        site = Path(name) / "site"  # of ordinary rights, which the output takes over: a server may read it
        site.mkdir()
        write_site(project, pages, site)
        told = search.write_index(site, [page.path for page in pages])
        notices += [f"{fault.message}; {fault.remedy}" for fault in told]
        shutil.rmtree(out / "pagefind", ignore_errors=True)
        shutil.copytree(site, out, dirs_exist_ok=True)
    _remove_unused(out)
    return notices


def _remove_unused(out: Path) -> None:
    """Remove what only pages in Quarto's look use: its libraries, and its index for their search."""
    if any(LIBRARIES.encode() in page.read_bytes() for page in out.rglob("*.html")):
        return
    shutil.rmtree(out / LIBRARIES, ignore_errors=True)
    shutil.rmtree(out / assets.VENDOR / "css", ignore_errors=True)  # the frame brings its own
    (out / "search.json").unlink(missing_ok=True)


def finish_docx(project: Project, path: Path) -> None:
    """Give Quarto's Word file the running head, properties and tables of ours; ``looks.lua`` has done the rest."""
    from paper.writers import docx, office
    from paper.writers.typst.compiler import timestamp

    path.write_bytes(office.finalise_docx(path.read_bytes(), docx.properties(project), timestamp(project)))


def render_brief(project: Project, out: Path, quarto: Path) -> None:
    """Render the nested project of the brief into the same output. Raises ToolError."""
    folder = project.root / "brief"
    where = os.path.relpath(out, folder)  # Quarto reads it from the project's folder
    command = [str(quarto), "render", str(folder), "--output-dir", where]
    try:
        done = subprocess.run(
            command,
            env=quarto_door.environment(project),
            capture_output=True,
            text=True,
            timeout=quarto_door.TIMEOUT,
            check=False,
            cwd=project.root,
        )
    except FileNotFoundError:
        raise ToolError("the brief could not be rendered: there is no program named quarto") from None
    except subprocess.TimeoutExpired:
        raise ToolError(
            f"the brief could not be rendered within {quarto_door.TIMEOUT:g} s", detail=" ".join(command)
        ) from None
    if done.returncode:
        last = "\n".join((done.stdout + done.stderr).splitlines()[-40:])
        raise ToolError("the brief could not be rendered", detail=" ".join(command) + "\n" + last)


def reframed(project: Project, chapter: Chapter, page: str) -> Page | None:
    """Return a page of Quarto's as a page of this site; None where it hasn't Quarto's form."""
    document = tree.document_fromstring(page)
    main = document.find(f".//main[@id='{LANDMARK}']")
    title = None if main is None else main.find(".//h1[@class='title']")
    if main is None or title is None:
        return None
    heading, number, name = _title(title)
    front = chapter.kind == "index"
    block = main.find("./header[@id='title-block-header']")
    if block is not None:
        block.drop_tree()
    text = reading.read(project, chapter.path)
    _describe(main, text)
    _bind_numbers(main)
    _cite_on_page(main)
    for element in [
        *main.iter("script"),
        *main.iter("style"),
        *main.findall(".//nav[@class='page-navigation']"),
    ]:
        element.drop_tree()
    body = html.escape(main.text or "", quote=False) + "".join(
        tree.tostring(child, encoding="unicode") for child in main
    )
    return Page(
        path=chapter.page,
        title=project.title if front else name,
        heading_html=heading,
        kind="unnumbered" if chapter.kind == "chapter" and not number else chapter.kind,
        number=number,
        body=mathematics.with_mathml(body, mathematics.formulas_of_page(body)),
        toc=_contents(project, main),
        description=str(text.meta.get("description") or ""),  # Quarto's is the book's on every page
        source=str(chapter.path),
    )


def _describe(main: etree._Element, chapter: source.Source) -> None:
    """Put the chapter's alternative texts at its drawings: Quarto takes a cell's HTML as it is."""
    for part in chapter.parts:
        if isinstance(part, source.Cell) and (alt := part.options.get("fig-alt")):
            for drawing in main.xpath(".//*[@id=$label]//svg[@role='img']", label=part.label):
                drawing.set("aria-label", str(alt))


def _bind_numbers(main: etree._Element) -> None:
    """Keep the number of a reference on the line of its word."""
    for link in main.xpath(".//a[contains(concat(' ', @class, ' '), ' quarto-xref ')]"):
        for element in link.iter():
            if element.text:
                element.text = _NUMBER_AFTER_SPACE.sub(NBSP, element.text)


def _cite_on_page(main: etree._Element) -> None:
    """Lead citations to the page's own list of works, and show it.

    Quarto leads them to the page of references and hides the list of each page, which its cards read
    (``bookBibliographyPostRender`` in quarto-cli's ``src/project/types/book/book-bibliography.ts``). A list on the
    page is a click away and back, is printed with the page, and works in a folder without a server.
    """
    for link in main.iter("a"):
        name = link.get("href", "").rpartition("#")[2]
        if link.get("role") == "doc-biblioref" and main.xpath(".//*[@id=$name]", name=unquote(name)):
            link.set("href", f"#{name}")
    for works in main.xpath(".//*[@id='refs']"):
        works.attrib.pop("style", None)


def _title(title: etree._Element) -> tuple[str, str, str]:
    """Return the inner HTML of the page's title, its number or letter, and its text without them."""
    heading = _inner(title)
    number = title.find(".//span[@class='chapter-number']")
    name = title.find(".//span[@class='chapter-title']")
    text = _text(title if name is None else name)
    if number is not None:
        return heading, _text(number), text
    if appendix := re.match(r"\S+ ([A-Z]{1,2}) — (.+)$", text):
        return heading, appendix[1], appendix[2]
    return heading, "", text


def _contents(project: Project, main: etree._Element) -> tuple[TocEntry, ...]:
    results: list[tuple[int, TocEntry]] = []
    for heading in main.xpath(".//section[@id]/*[self::h1 or self::h2 or self::h3 or self::h4]"):
        number = heading.find("./span[@class='header-section-number']")
        digits = "" if number is None else _text(number)
        words = re.sub(r'^\s*<span class="header-section-number">.*?</span>', "", _inner(heading), flags=re.S)
        inline = re.sub(r"</?a\b[^>]*>", "", words).strip()
        results.append((int(heading.tag[1]), TocEntry(heading.getparent().get("id"), digits, inline)))
    return nest_headings(results, project.level("toc-depth", 3, "html"))


def _inner(element: etree._Element) -> str:
    return html.escape(element.text or "", quote=False) + "".join(
        tree.tostring(child, encoding="unicode") for child in element
    )


def _text(element: etree._Element) -> str:
    return re.sub(r"\s+", " ", "".join(element.itertext()).replace("\xa0", " ")).strip()
