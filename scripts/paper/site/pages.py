"""The numbered book → the pages of the site, with the images that they show."""

from __future__ import annotations

import html as markup
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

from paper.errors import PaperError, together
from paper.images import images, raster, resources
from paper.numbering import citations, citing
from paper.numbering.book import ParsedChapter, number_book
from paper.numbering.numbering import Book, NumberedChapter
from paper.parsing.addresses import place_of
from paper.plots import serving
from paper.project import Project
from paper.release import output
from paper.report import Fault
from paper.site import custom, search
from paper.site.site import Page, write_one, write_site
from paper.text import published
from paper.tools.cache import Cache
from paper.tools.collecting import map_collecting_errors
from paper.writers import html


@dataclass(frozen=True)
class Written:
    """A site whose pages were written."""

    book: Book
    """The chapters, numbered for HTML."""
    pages: list[Page]
    """Its pages, without what they say of each other."""
    notices: list[Fault]
    """What there is to tell of the text."""


def write_pages(
    project: Project,
    chapters: list[ParsedChapter],
    out: Path,
    cache: Cache,
    *,
    around: bool = True,
    written: Callable[[], object] = lambda: None,
) -> Written:
    """Write the whole site but the search index into ``out``.

    around: also what stands around the chapters; written: is called once the pages are there. Raises PaperError.
    """
    book = number_book(project, chapters, "html", cache)
    result = bodies(project, book, cache)
    output.copy_published(project, published.resource_files(project), out)
    told = _copy_files(project, chapters, result, out)
    write_site(project, [page for page, _ in result], out, around=around, written=written)
    output.copy_published(project, published.for_servers(project), out)  # the author's own go before ours
    return Written(book, [page for page, _ in result], [*book.notices, *told])


def write_page(
    project: Project, chapters: list[ParsedChapter], at: int, last: Written, out: Path, cache: Cache
) -> Written:
    """Write the page of one chapter, by its place in the book, into a site of which no other page is to change.

    last: the site as it was written before. Raises PaperError.
    """
    book = number_book(project, chapters, "html", cache)
    [result] = bodies(project, book, cache, only=book.chapters[at : at + 1])
    told = _copy_files(project, chapters[at : at + 1], [result], out)
    pages = [*last.pages[:at], result[0], *last.pages[at + 1 :]]
    write_one(project, pages, at, out)
    return Written(book, pages, [*book.notices, *told])


def write_search(project: Project, out: Path) -> list[Fault]:
    """Index the book's pages; return what there is to tell of it."""
    return search.write_index(out, [chapter.page for chapter in project.chapters])


def bodies(
    project: Project, book: Book, cache: Cache, only: Sequence[NumberedChapter] | None = None
) -> list[tuple[Page, html.Body]]:
    """Return every page of the book, numbered for HTML, with its body. Raises PaperError.

    only: the chapters whose pages are asked for, where it is not all of them.
    """
    cites = citations.of_pages(project, book.chapters, cache)
    cited = dict.fromkeys(
        key for c in book.chapters for key in [*c.outline.cites, *citing.nocite(project, c.source)]
    )
    lists = next((chapter.path for chapter in book.chapters if chapter.outline.lists), "")

    def page(chapter: NumberedChapter) -> tuple[Page, html.Body]:
        listed = cited if chapter.path == lists else ()
        body = html.body(project, chapter, cache, cites[chapter.path], listed)
        chapter.forget()
        front = chapter.kind == "index"
        title = project.title if front else body.name
        own = f'<span class="chapter-title">{markup.escape(title, quote=False)}</span>'
        result = Page(
            path=chapter.page,
            title=title,
            heading_html=(body.heading or own) if front else body.heading,
            kind=chapter.kind,
            number=chapter.shown_number,
            body=body.html,
            front=body.front,
            parts=body.parts,
            toc=body.toc,
            description=str(chapter.source.meta.get("description") or ""),
            source=chapter.path,
            allows=body.allows,
            includes=custom.chapter_includes(project, chapter.source),
        )
        return result, body

    return map_collecting_errors(page, book.chapters if only is None else only, parallel=True)


def _copy_files(
    project: Project, chapters: list[ParsedChapter], pages: list[tuple[Page, html.Body]], out: Path
) -> list[Fault]:
    """Copy what the pages show or lead to, each file to its place in the project; returns what is told of images.

    What cells made comes first. Raises ChapterError.
    """
    for chapter in chapters:
        for name, drawing in chapter.files.items():
            _copy(Path(drawing), out / name)
    serving.copy_scripts((page.body for page, _ in pages), out)
    notices: list[Fault] = []
    sources = {str(chapter.chapter.path): chapter.source for chapter in chapters}
    targets = resources.Targets(project)
    errors: list[PaperError] = []
    for page, body in pages:
        files: dict[str, Path] = {}
        for url in body.images:
            if (out / page.path).parent.joinpath(unquote(url)).is_file():
                continue
            try:
                path = raster.page_file(project, page.path, url)
            except raster.Unreadable:
                continue  # told with the other forms
            place = place_of(sources[page.source], url)
            if path is None:
                errors.append(images.missing_image(project, page.path, url, place))
            else:
                notices += filter(None, [images.other_capitals(project, page.path, url, place)])
                files[images.site_path(project, page.path, url)] = path
        files |= targets.linked_files(page.path, body.links)
        for name, path in files.items():
            _copy(path, out / name)
    if errors:
        raise together(errors)
    return notices


def _copy(path: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(path, target)
