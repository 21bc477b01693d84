"""Pages of the book → the files of the site.

The engine makes each page's body; here it gets its frame (header, contents, tools, footer, metadata), and the
site gets what machines read: sitemap, feed, citations, search index.
"""

from __future__ import annotations

import hashlib
import html
import json
import re
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import jinja2

from paper.project import Project
from paper.render.web import words as wording

PageKind = Literal["index", "chapter", "appendix", "unnumbered", "page"]
TEMPLATES = Path(__file__).parent / "templates"
SCRIPTS = ("site.js", "preview.js", "search.js", "figures.js")
# No inline script anywhere. Widths of columns and Plotly need inline styles; Pagefind compiles WebAssembly.
CSP = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self' 'wasm-unsafe-eval'",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "connect-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "object-src 'none'",
    )
)


@dataclass(frozen=True)
class TocEntry:
    """A section of a page as its table of contents shows it; title_html is inline HTML without links."""

    id: str
    number: str
    title_html: str
    children: tuple[TocEntry, ...] = ()


@dataclass(frozen=True)
class Page:
    """One page to write.

    path: its address within the site; title: plain text; heading_html: inner HTML of the h1;
    number: "1", "A" or ""; body: inner HTML of ``main`` after the title; source: the chapter's file.
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
    """Write every page and every file around them into ``out``, which may already hold the downloads."""
    out.mkdir(parents=True, exist_ok=True)
    for folder in ("css", "js"):
        if (project.root / "assets" / folder).is_dir():
            shutil.copytree(project.root / "assets" / folder, out / "assets" / folder, dirs_exist_ok=True)
    shutil.copyfile(project.root / "assets" / "icon.svg", out / "assets" / "icon.svg")
    nav = navigation(project, pages)
    for page in pages:
        path = out / page.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(page_html(project, page, nav, out), "utf8")


def navigation(project: Project, pages: list[Page]) -> list[NavEntry]:
    """The pages of the book in their order; pages outside the book (``kind`` page) are left out."""
    t = wording.words(project.lang)
    return [
        NavEntry(page.path, page.number, t["front"] if page.kind == "index" else page.title, page.kind)
        for page in pages
        if page.kind != "page"
    ]


def page_html(project: Project, page: Page, nav: list[NavEntry], out: Path) -> str:
    """One whole page as HTML."""
    return _environment().get_template("page.html.j2").render(_context(project, page, nav, out))


def _context(project: Project, page: Page, nav: list[NavEntry], out: Path) -> dict[str, Any]:
    """What the template sees.

    project, page, nav (list of NavEntry), previous and next (NavEntry or None), root ("../"…), t (the
    interface's words), body (HTML), status and short_title (text), date_text, csp, canonical (address or ""),
    meta and open_graph (pairs), json_ld and words_json (JSON that is safe in a script element), cite (the forms
    of the dialog), links (pairs of address and name), scripts (files in assets/js).
    """
    t = wording.words(project.lang)
    place = next((n for n, entry in enumerate(nav) if entry.path == page.path), None)
    return {
        "project": project,
        "page": page,
        "nav": nav,
        "previous": nav[place - 1] if place else None,
        "next": nav[place + 1] if place is not None and place + 1 < len(nav) else None,
        "root": page.root,
        "t": t,
        "body": framed(page.body, t),
        "status": str(project.variables.get("status") or ""),
        "state_page": "",
        "short_title": str(project.variables.get("short-title") or project.title),
        "head_title": project.title if page.kind == "index" else f"{page.title} – {project.title}",
        "date_text": wording.date_text(project.date, project.lang),
        "csp": CSP,
        "canonical": f"{project.site_url}/{page.path}" if project.site_url else "",
        "meta": [("description", page.description)] if page.description else [],
        "open_graph": [],
        "json_ld": "",
        "cite": [],
        "links": [],
        "words_json": script_json({k: t[k] for k in _SCRIPT_WORDS}),
        "scripts": [name for name in SCRIPTS if (project.root / "assets/js" / name).is_file()],
    }


_SCRIPT_WORDS = (
    "search_hint search_none search_some search_folder search_failed theme_auto theme_light theme_dark copy copied "
    "copy_failed close link_section link_figure link_table link_paragraph link_copied go_to preview footnote reference"
).split()


def script_json(value: object) -> str:
    """JSON that can stand in a script element: nothing in it ends the element or opens a comment."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def framed(body: str, t: dict[str, str]) -> str:
    """The body with paragraphs that can be linked to, and tables and code that scroll by keyboard too."""
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


def _environment() -> jinja2.Environment:
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        keep_trailing_newline=True,
    )
