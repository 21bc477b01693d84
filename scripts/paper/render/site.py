"""Pages of the book → the files of the site.

The engine makes each page's body; here it gets its frame (header, contents, tools, footer, metadata), and the
site gets what stands around the text: state of the draft, citations, search, feed, sitemap, 404.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import html
import json
import re
import shutil
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Literal
from urllib.parse import urlsplit

import jinja2

from paper.project import Project
from paper.render.web import cite, files, points, state
from paper.render.web import words as wording

PageKind = Literal["index", "chapter", "appendix", "unnumbered", "page"]
TEMPLATES = Path(__file__).parent / "templates"
STYLES = ("site.css", "figures.css")
SCRIPTS = ("site.js", "preview.js", "search.js", "figures.js")
STATE_PAGE, NOT_FOUND, DRAFTS_PAGE = "state.html", "404.html", "drafts/index.html"
# No inline script anywhere. Widths of columns and Plotly need inline styles; Pagefind compiles WebAssembly.
CSP = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self' 'wasm-unsafe-eval'",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "object-src 'none'",
    )
)
_SCRIPT_WORDS = (
    "search_hint", "search_none", "search_some", "search_folder", "search_failed",
    "theme_auto", "theme_light", "theme_dark", "copy", "copied", "copy_failed", "close",
    "link_section", "link_figure", "link_table", "link_paragraph", "link_copied",
    "go_to", "preview", "footnote", "reference",
)  # fmt: skip


@dataclass(frozen=True)
class TocEntry:
    """A section of a page as its table of contents shows it; title_html is inline HTML without links."""

    id: str
    number: str
    title_html: str
    children: tuple[TocEntry, ...] = ()


def nested(headings: Sequence[tuple[int, TocEntry]], depth: int) -> tuple[TocEntry, ...]:
    """Headings with their levels, in the page's order, as a tree down to level ``depth``; those without id are out."""
    top = 1 if any(level == 1 for level, _ in headings) else 2
    tree: list[tuple[TocEntry, list[Any]]] = []
    stack: list[tuple[int, list[tuple[TocEntry, list[Any]]]]] = [(0, tree)]
    for level, entry in headings:
        if not top <= level <= depth or not entry.id:
            continue
        while stack[-1][0] >= level:
            stack.pop()
        children: list[tuple[TocEntry, list[Any]]] = []
        stack[-1][1].append((entry, children))
        stack.append((level, children))

    def frozen(entries: list[tuple[TocEntry, list[Any]]]) -> tuple[TocEntry, ...]:
        return tuple(replace(entry, children=frozen(below)) for entry, below in entries)

    return frozen(tree)


@dataclass(frozen=True)
class Page:
    """One page to write.

    path: its address within the site; title: plain text; heading_html: inner HTML of the h1;
    number: "1", "A" or ""; body: inner HTML of ``main`` after the title; source: the chapter's file;
    lang: where it differs from the book's. Pages of kind "page" stand outside the book's order.
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

    @property
    def root(self) -> str:
        """The way from the page back to the site's root: "" or "../" as often as needed."""
        return "../" * self.path.count("/")


@dataclass(frozen=True)
class NavEntry:
    """A page as the contents and the links to previous and next show it."""

    path: str
    number: str
    title: str
    kind: PageKind


def write_site(project: Project, pages: list[Page], out: Path) -> None:
    """Write every page and every file around them into ``out``; downloads may be put beside them."""
    copy_look(project, out)
    nav = navigation(project, pages)
    t = wording.words(project.lang)
    others = [_state_page(project, pages, t), _not_found_page(t), *_points_pages(project)]
    for page in [*pages, *others]:
        _write(out / page.path, page_html(project, page, nav))
    write_extras(project, nav, out, description=_description(project, pages))


def write_extras(project: Project, nav: list[NavEntry], out: Path, *, description: str = "") -> None:
    """Write the files for machines beside the pages of either engine."""
    from paper.render.web import card

    _write(out / "cite.bib", cite.bibtex(project))
    _write(out / "cite.ris", cite.ris(project))
    _write(out / "pages.json", files.page_list(project, nav))
    _write(out / "robots.txt", files.robots(project))
    _write(out / "llms.txt", files.llms(project, nav, description, downloads(project)))
    _write(out / "feed.xml", files.feed(project, []))
    if project.site_url:
        _write(out / "sitemap.xml", files.sitemap(project, nav))
    (out / "assets").mkdir(parents=True, exist_ok=True)
    (out / "assets" / "og.png").write_bytes(card.png(project))


def write_drafts(project: Project, out: Path, dates: list[dt.date], before: Path | None) -> None:
    """Write the list of kept drafts, the feed, and what changed since the draft in ``before``."""
    record = json.loads((out / "pages.json").read_text("utf8"))
    nav = [NavEntry(**entry) for entry in record["pages"]]
    t = wording.words(project.lang)
    shown = [(date.isoformat(), wording.date_text(date, project.lang)) for date in reversed(dates)]
    body = _fragment("drafts.html.j2", t=t, drafts=shown, current=project.date and project.date.isoformat())
    pages = [Page(DRAFTS_PAGE, t["drafts"], html.escape(t["drafts"]), "page", body=body)]
    if before is not None and project.date:
        own = f"drafts/{project.date.isoformat()}"
        pages.append(changes_page(project, before, out / own, path=f"{own}/changes.html"))
    for page in pages:
        _write(out / page.path, page_html(project, page, nav))
    _write(out / "feed.xml", files.feed(project, dates))


def changes_page(
    project: Project, old: Path, new: Path, *, path: str, names: tuple[str, str] | None = None
) -> Page:
    """The page that shows what changed in the text between two built sites."""
    from paper.render.web import diff

    t = wording.words(project.lang)
    old_name, new_name = names or (old.name, new.name)
    body = _fragment("changes.html.j2", t=t, old=old_name, new=new_name, pages=diff.compare(old, new))
    return Page(path, t["changes_title"], html.escape(t["changes_title"]), "page", body=body)


def copy_look(project: Project, out: Path) -> None:
    """Copy styles, scripts and the icon; a book without ``assets/css`` takes those of this repository."""
    own = project.root / "assets"
    source = own if (own / "css").is_dir() else Path(__file__).parents[3] / "assets"
    for folder in ("css", "js"):
        if (source / folder).is_dir():
            shutil.copytree(source / folder, out / "assets" / folder, dirs_exist_ok=True)
    if (source / "icon.svg").is_file():
        shutil.copyfile(source / "icon.svg", out / "assets" / "icon.svg")


def navigation(project: Project, pages: list[Page]) -> list[NavEntry]:
    """The pages of the book in their order; pages outside the book (``kind`` page) are left out."""
    t = wording.words(project.lang)
    return [
        NavEntry(page.path, page.number, t["front"] if page.kind == "index" else page.title, page.kind)
        for page in pages
        if page.kind != "page"
    ]


def downloads(project: Project) -> list[tuple[str, str]]:
    """The other forms of the paper that the build makes: address and name."""
    t = wording.words(project.lang)
    formats = project.config.get("format")
    made = formats if isinstance(formats, dict) else {}
    found = [
        ("typst", f"{project.output_file}.pdf", t["pdf"]),
        ("docx", f"{project.output_file}.docx", t["docx"]),
    ]
    listed = [(path, name) for form, path, name in found if form in made]
    return [*listed, ("brief.pdf", t["brief"])] if (project.root / "brief").is_dir() else listed


def page_html(project: Project, page: Page, nav: list[NavEntry]) -> str:
    """One whole page as HTML."""
    return _fragment("page.html.j2", **_context(project, page, nav))


def _context(project: Project, page: Page, nav: list[NavEntry]) -> dict[str, Any]:
    """What the template sees.

    project, page, nav (list of NavEntry), previous and next (NavEntry or None), root ("../"…), t (the
    interface's words), heading and body (HTML), status, short_title, head_title, date_text and licence (text), csp,
    canonical (address or ""), meta and open_graph (pairs), json_ld and words_json (JSON fit for a script
    element), cite (the forms of the dialog), links (pairs of address and name), points (pages in other
    languages), styles and scripts (files in assets/css and assets/js), state_page.
    """
    t = wording.words(project.lang)
    place = next((n for n, entry in enumerate(nav) if entry.path == page.path), None)
    front = page.kind == "index"
    root = page.root
    if page.path == NOT_FOUND and project.site_url:  # served in place of any address, however deep
        root = urlsplit(project.site_url).path.rstrip("/") + "/"
    meta = [("description", page.description)] if page.description else []
    if project.synthetic or page.kind == "page":
        meta.append(("robots", "noindex"))
    if front:
        meta += cite.highwire(project)
    links = [(root + path, name) for path, name in downloads(project)]
    if project.repo_url and page.source:
        links.append((f"{project.repo_url}/blob/main/{page.source}", t["source"]))
    return {
        "project": project,
        "page": page,
        "nav": nav,
        "previous": nav[place - 1] if place else None,
        "next": nav[place + 1] if place is not None and place + 1 < len(nav) else None,
        "root": root,
        "t": t,
        "heading": together(page.heading_html),
        "body": framed(page.body, t),
        "status": cite.status(project),
        "state_page": STATE_PAGE,
        "short_title": str(project.variables.get("short-title") or project.title),
        "head_title": project.title if front else f"{page.title} – {project.title}",
        "date_text": wording.date_text(project.date, project.lang),
        "licence": str(project.config.get("license") or ""),
        "csp": CSP,
        "canonical": f"{project.site_url}/{page.path}" if project.site_url and page.path != NOT_FOUND else "",
        "meta": meta,
        "open_graph": cite.open_graph(project, page.title, page.path, page.description),
        "json_ld": script_json(cite.json_ld(project, page.description)) if front else "",
        "words_json": script_json({name: t[name] for name in _SCRIPT_WORDS}),
        "cite": cite.forms(project),
        "links": links,
        "points": points.read(project.root) if front else [],
        "styles": _present(project, "css", STYLES),
        "scripts": _present(project, "js", SCRIPTS),
    }


def _present(project: Project, folder: str, names: tuple[str, ...]) -> list[str]:
    own = project.root / "assets"
    source = own if (own / "css").is_dir() else Path(__file__).parents[3] / "assets"
    return [name for name in names if (source / folder / name).is_file()]


def _description(project: Project, pages: list[Page]) -> str:
    front = next((page.description for page in pages if page.kind == "index"), "")
    return project.description or front


def _state_page(project: Project, pages: list[Page], t: dict[str, str]) -> Page:
    counted = [(page, state.word_count(page.body)) for page in pages if page.kind != "page"]
    body = _fragment(
        "state.html.j2",
        t=t,
        date_text=wording.date_text(project.date, project.lang),
        chapters=[
            (replace(page, title=t["front"]) if page.kind == "index" else page, n) for page, n in counted
        ],
        total=sum(n for _, n in counted),
        interviews=state.interviews(project),
        corrections=state.open_corrections(project),
        marks=state.open_marks(project),
    )
    return Page(STATE_PAGE, t["state"], html.escape(t["state"]), "page", body=body)


def _not_found_page(t: dict[str, str]) -> Page:
    body = f"<p>{html.escape(t['not_found_text'])}</p><p>{html.escape(t['not_found_do'])}</p>"
    return Page(NOT_FOUND, t["not_found"], html.escape(t["not_found"]), "page", body=body)


def _points_pages(project: Project) -> list[Page]:
    return [
        Page(item.path, item.title, html.escape(item.title), "page", body=item.body, lang=item.lang)
        for item in points.read(project.root)
    ]


def script_json(value: object) -> str:
    """JSON that can stand in a script element: nothing in it ends the element or opens a comment."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def framed(body: str, t: dict[str, str]) -> str:
    """The body with paragraphs that can be linked to, and tables and code that scroll by keyboard too.

    A paragraph's id is made of its words: it stays while they stay, wherever the paragraph moves.
    """
    label = html.escape(t["scrolls"], quote=True)
    open_table = f'<div class="table-scroll" role="region" aria-label="{label}" tabindex="0"><table'
    body = re.sub(r"<table(?=[\s>])", open_table, body)
    body = body.replace("</table>", "</table></div>")
    body = re.sub(r"<pre(?![^>]*tabindex)(?=[\s>])", '<pre tabindex="0"', body)
    seen: dict[str, int] = {}

    def linkable(match: re.Match[str]) -> str:
        text = " ".join(re.sub(r"<[^>]+>", "", match[1]).split())
        if len(text) < 60:
            return match[0]
        key = "p-" + hashlib.sha256(text.encode()).hexdigest()[:7]
        seen[key] = seen.get(key, 0) + 1
        return f'<p id="{key}{"" if seen[key] == 1 else f"-{seen[key]}"}">{match[1]}</p>'

    text, notes, rest = body.partition('<section id="footnotes"')
    return re.sub(r"<p>(.*?)</p>", linkable, text, flags=re.DOTALL) + notes + rest


def together(heading: str) -> str:
    """The heading's HTML with hyphenated words kept on one line: no "re-" at a line's end in large type."""
    parts = re.split(r"(<[^>]*>)", heading)
    parts[::2] = [
        re.sub(r"\w+(?:-\w+)+", r'<span class="together">\g<0></span>', text) for text in parts[::2]
    ]
    return "".join(parts)


def _fragment(template: str, *, t: dict[str, str], **context: Any) -> str:
    """A template filled in. Its words are attributes: of a dict, Jinja would take methods such as ``copy`` first."""
    return _environment().get_template(template).render(t=SimpleNamespace(**t), **context)


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode("utf8"))


@cache
def _environment() -> jinja2.Environment:
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        keep_trailing_newline=True,
    )
