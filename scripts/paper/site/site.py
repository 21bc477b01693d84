"""Pages of the book → the files of the site.

The engine makes each page's body; ``web.frame`` gives it its frame; and the site gets what stands around the
text: state of the draft, citations, search, feed, sitemap, 404.
"""

from __future__ import annotations

import datetime as dt
import html
import json
import shutil
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

from paper import assets
from paper import dates as dates_of
from paper import words as wording
from paper.coding.claims import ANNOTATIONS
from paper.images import raster
from paper.project import Project
from paper.site import cited, custom, evidence, files, llms, points, state
from paper.site.frame import DRAFTS_PAGE, NOT_FOUND, STATE_PAGE, describe, fragment, page_html
from paper.tools import installed
from paper.tools.cache import digest, of_project
from paper.writers import cite
from paper.writers.contents import TocEntry

if TYPE_CHECKING:
    from paper.bibliography.export import Form

# The works as the site offers them where a page leads to them.
LISTS: Final[dict[str, Form]] = {
    "references.bib": "bibtex", "references.ris": "ris", "references.json": "csljson",
}  # fmt: skip
PageKind = Literal["index", "chapter", "appendix", "unnumbered", "page"]


@dataclass(frozen=True)
class Page:
    """One page to write.

    path: its address within the site; title: plain text; heading_html: inner HTML of the h1;
    number: "1", "A" or ""; front: HTML under the title, parts: on the front page HTML of the book's subtitle and
    description where they are marked up; body: inner HTML of ``main`` after that;
    source: the chapter's file; lang: where it differs from the book's; allows: what its security policy lets in
    besides what all pages have (directive, source);
    includes: HTML of the chapter's own, by the name of its place. Pages of kind "page" stand outside the book's
    order.
    """

    path: str
    title: str
    heading_html: str
    kind: PageKind
    number: str = ""
    body: str = ""
    toc: tuple[TocEntry, ...] = ()
    description: str = ""
    source: str = ""
    lang: str = ""
    front: str = ""
    allows: tuple[tuple[str, str], ...] = ()
    parts: Mapping[str, str] = field(default_factory=dict)
    includes: Mapping[str, str] = field(default_factory=dict)

    @property
    def root(self) -> str:
        """Return the way from the page back to the site's root: "" or "../" as often as needed."""
        return "../" * self.path.count("/")


@dataclass(frozen=True)
class NavEntry:
    """A page as the contents and the links to previous and next show it."""

    path: str
    number: str
    title: str
    kind: PageKind


def write_site(
    project: Project,
    pages: list[Page],
    out: Path,
    *,
    around: bool = True,
    written: Callable[[], object] = lambda: None,
) -> None:
    """Write every page and, unless left out, every file around them into ``out``; downloads may be put beside them.

    written: is called once the pages are there.
    """
    # Pandoc makes the texts of pages that have changed while all pages are framed here.
    with ThreadPoolExecutor(1) as beside:
        texts = beside.submit(llms.pages, project, pages) if around and llms.is_written(project) else None
        _write_site(project, pages, out, around, written, texts)


def _write_site(
    project: Project,
    pages: list[Page],
    out: Path,
    around: bool,
    written: Callable[[], object],
    texts: Future[dict[str, str]] | None,
) -> None:
    """Do what ``write_site`` does. texts: the Markdown of the pages, where it is wanted."""
    copy_look(project, out)
    t = wording.words(project.lang)
    pages, anchors = evidence.open_at_claims(cited.link_citations(pages, t), t)
    nav = navigation(project, pages)
    others = [state_page(project, pages), _not_found_page(project), *_points_pages(project)] if around else []
    for page in [*pages, *others]:
        _write(out / page.path, page_html(project, page, nav))
    written()
    if not around:
        return
    _write_extras(project, pages, nav, out)
    if anchors:
        _write(out / ANNOTATIONS, evidence.web_annotations(project, pages, anchors))
    write_drafts(project, out, [], None)
    if texts is not None:
        sentences = {page.path: describe(project, page) for page in pages}
        for name, text in {llms.INDEX: llms.index(project, nav, sentences), **texts.result()}.items():
            _write(out / name, text)


def write_one(project: Project, pages: list[Page], at: int, out: Path) -> None:
    """Write one of the book's pages by itself; the others are given for what it says of them."""
    t = wording.words(project.lang)
    pages, _ = evidence.open_at_claims(cited.link_citations(pages, t), t)
    _write(out / pages[at].path, page_html(project, pages[at], navigation(project, pages)))


def _write_extras(project: Project, pages: list[Page], nav: list[NavEntry], out: Path) -> None:
    """Write the files for machines beside the pages."""
    from paper.site import card

    for name, text in _bibliography(project, pages).items():
        _write(out / name, text)
    _write(out / "cite.bib", cite.bibtex(project))
    _write(out / "cite.ris", cite.ris(project))
    _write(out / "pages.json", files.page_list(project, nav))
    _write(out / "robots.txt", files.robots(project))
    if project.site_url:
        _write(out / "sitemap.xml", files.sitemap(project, nav))
    (out / "assets").mkdir(parents=True, exist_ok=True)
    (out / "assets" / "og.png").write_bytes(card.png(project, of_project(project.root)))


def _bibliography(project: Project, pages: list[Page]) -> dict[str, str]:
    """Return the book's works for other programs, in the forms to which a page leads: file name → text.

    Nothing else is given away of what may be a library of thousands. They are cached by their content.
    """
    linked = {
        name: form
        for name, form in LISTS.items()
        if project.bibliography
        and (name in str(project.book) or any(f'{name}"' in page.body for page in pages))
    }
    made_from = digest(*(path.read_bytes() for path in project.bibliography)) if linked else ""
    return {
        name: of_project(project.root).kept(
            "bibliography", digest(form, made_from), partial(_exported, project, form)
        )
        for name, form in linked.items()
    }


def _exported(project: Project, form: Form) -> str:
    from paper.bibliography.export import export

    return export(project, form, doubts=False)


def write_drafts(project: Project, out: Path, dates: list[dt.date], before: Path | None) -> None:
    """Write the list of drafts, the feed, and what changed since the draft in ``before``.

    dates: those of the drafts that are kept, oldest first.
    """
    record = json.loads((out / "pages.json").read_text("utf8"))
    nav = [NavEntry(**entry) for entry in record["pages"]]
    t = wording.words(project.lang)
    own = f"drafts/{project.date.isoformat()}" if project.date else ""
    pages = []
    if before is not None:
        pages.append(changes_page(project, before, out / own, path=f"{own}/changes.html"))
    body = fragment(
        project,
        "drafts.html.j2",
        t=t,
        drafts=[(date.isoformat(), dates_of.text_of(date, project.lang)) for date in reversed(dates)],
        latest=project.date_text,
        changes=pages[0].path.removeprefix("drafts/") if pages else "",
    )
    pages.append(Page(DRAFTS_PAGE, t["drafts"], html.escape(t["drafts"]), "page", body=body))
    for page in pages:
        _write(out / page.path, page_html(project, page, nav))
    _write(out / "feed.xml", files.feed(project, dates))


def changes_page(
    project: Project, old: Path, new: Path, *, path: str, names: tuple[str, str] | None = None
) -> Page:
    """Return the page that shows what changed between two built sites, called by their folders or ``names``."""
    from paper.release import diff

    t = wording.words(project.lang)
    old_name, new_name = names or (old.name, new.name)
    body = fragment(project, "changes.html.j2", t=t, old=old_name, new=new_name, pages=diff.compare(old, new))
    return Page(path, t["changes_title"], html.escape(t["changes_title"]), "page", body=body)


def write_changes(project: Project, old: Path, new: Path, names: tuple[str, str], folder: Path) -> Path:
    """Write what changed between two built sites as a page by itself, with its look; return its path."""
    copy_look(project, folder)
    page = changes_page(project, old, new, path="index.html", names=names)
    _write(folder / page.path, page_html(project, page, []))
    return folder / page.path


def copy_look(project: Project, out: Path) -> None:
    """Copy styles, scripts and the icon."""
    looks = [("icon.svg", assets.find(project.root, "icon.svg"))]
    for folder in ("css", "js"):
        looks += [(f"{folder}/{path.name}", path) for path in assets.within(project.root, folder)]
    for name, path in looks:
        target = out / "assets" / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)
    for own in filter(None, (custom.favicon(project), custom.cover(project))):
        (out / own).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(raster.published(project.root / own, project.root / ".paper" / "images"), out / own)


def navigation(project: Project, pages: list[Page]) -> list[NavEntry]:
    """Return the pages of the book in their order, without those outside it (``kind`` page)."""
    t = wording.words(project.lang)
    return [
        NavEntry(page.path, page.number, t["front"] if page.kind == "index" else page.title, page.kind)
        for page in pages
        if page.kind != "page"
    ]


def state_page(project: Project, pages: list[Page]) -> Page:
    """Return the page "State of this paper": what there is and, in the working edition, what is open."""
    t = wording.words(project.lang)
    cache = of_project(project.root)
    counts = {
        page.path: cache.kept(
            "words", digest(page.body, installed.libraries()), partial(state.word_count, page.body)
        )
        for page in pages
    }
    listed = [(entry, counts[entry.path]) for entry in navigation(project, pages) if counts[entry.path]]
    body = fragment(
        project,
        "state.html.j2",
        t=t,
        date_text=project.date_text,
        chapters=listed,
        total=sum(count for _, count in listed),
        interviews=state.interviews(project),
        working=project.working,
        questions=state.open_questions(project) if project.working else [],
        checks=state.open_checks(project) if project.working else [],
    )
    return Page(STATE_PAGE, t["state"], html.escape(t["state"]), "page", body=body)


def _not_found_page(project: Project) -> Page:
    t = wording.words(project.lang)
    body = f"<p>{html.escape(t['not_found_text'])}</p><p>{html.escape(t['not_found_do'])}</p>"
    return Page(NOT_FOUND, t["not_found"], html.escape(t["not_found"]), "page", body=body)


def _points_pages(project: Project) -> list[Page]:
    return [
        Page(item.path, item.title, html.escape(item.title), "page", body=item.body, lang=item.lang)
        for item in points.read(project.root)
    ]


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode("utf8"))
