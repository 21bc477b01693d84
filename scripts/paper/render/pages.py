"""The numbered book → the pages of the site, with the images that they show."""

from __future__ import annotations

import html as markup
import shutil
from pathlib import Path
from urllib.parse import unquote

from paper.errors import ChapterError, PaperError, Place, together
from paper.project import Project
from paper.render import html, output
from paper.render.book import Read, numbered
from paper.render.cache import Cache
from paper.render.each import each
from paper.render.images import local_file
from paper.render.numbering import NumberedChapter
from paper.render.site import Page, write_site
from paper.render.web import search


def write_pages(
    project: Project, chapters: list[Read], out: Path, cache: Cache, *, around: bool = True
) -> None:
    """Write the whole site but the search index into ``out``; ``around``: also what stands around the chapters.

    Raises PaperError.
    """
    made = bodies(project, chapters, cache)
    output.copy_resources(project, out)
    for chapter in chapters:
        for name, drawn in chapter.files.items():
            target = out / name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(drawn, target)
    _copy_images(project, made, out)
    write_site(project, [page for page, _ in made], out, around=around)


def write_search(project: Project, out: Path) -> None:
    """Index the book's pages."""
    search.write_index(out, [chapter.page for chapter in project.chapters])


def bodies(project: Project, chapters: list[Read], cache: Cache) -> list[tuple[Page, html.Body]]:
    """Every page with its body. Raises PaperError."""
    book = numbered(project, chapters, "html", cache)
    cited = list(dict.fromkeys(key for chapter in book.chapters for key in chapter.outline.cites))
    sources = [chapter.source for chapter in book.chapters]
    lists = next((chapter.path for chapter in book.chapters if chapter.outline.lists), "")

    def page(chapter: NumberedChapter) -> tuple[Page, html.Body]:
        whole = chapter.path == lists  # the page that lists the works of the whole book
        body = html.body(project, chapter, cache, cited if whole else [], sources if whole else [])
        front = chapter.kind == "index"
        title = project.title if front else chapter.name
        own = f'<span class="chapter-title">{markup.escape(title, quote=False)}</span>'
        made = Page(
            path=chapter.page,
            title=title,
            heading_html=own if front else body.heading,
            kind=chapter.kind,
            number=chapter.shown_number,
            body=body.html,
            front=body.front,
            toc=body.toc,
            description=str(chapter.source.meta.get("description") or ""),
            source=chapter.path,
        )
        return made, body

    return each(page, book.chapters, parallel=True)


def _copy_images(project: Project, pages: list[tuple[Page, html.Body]], out: Path) -> None:
    errors: list[PaperError] = []
    for page, body in pages:
        for url in body.images:
            if (out / page.path).parent.joinpath(unquote(url)).is_file():
                continue
            path = local_file(project, page.path, url)
            if path is None or not path.is_file():
                errors.append(
                    ChapterError(
                        f"the image {url} does not exist", place=Place(page.source), remedy="correct its path"
                    )
                )
                continue
            target = out / path.relative_to(project.root.resolve())
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target)
    if errors:
        raise together(errors)
