"""What machines read of the site: sitemap, robots.txt, the feed of drafts, the list of pages."""

from __future__ import annotations

import datetime as dt
import json
import uuid
from collections.abc import Sequence
from html import escape
from typing import Any, Protocol
from urllib.parse import quote

from paper.dates import text_of
from paper.project import Project
from paper.text import briefs
from paper.words import words


class PageEntry(Protocol):
    """A page as these files list it."""

    @property
    def path(self) -> str:
        """Address within the site."""

    @property
    def number(self) -> str:
        """Number of the chapter, or ""."""

    @property
    def title(self) -> str:
        """Title as plain text."""

    @property
    def kind(self) -> str:
        """Kind of the page (``site.PageKind``)."""


def sitemap(project: Project, pages: Sequence[PageEntry]) -> str:
    """Return the site map, for a project with ``site-url``."""
    changed = f"<lastmod>{project.date.isoformat()}</lastmod>" if project.date else ""
    rows = [f"<url><loc>{_text(_address(project, page.path))}</loc>{changed}</url>" for page in pages]
    return "\n".join(
        [
            '<?xml version="1.0" encoding="UTF-8"?>',
            '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">',
            *rows,
            "</urlset>\n",
        ]
    )


def robots(project: Project) -> str:
    """Allow everything but a site with made-up interviews, nor the working edition."""
    if project.synthetic or project.working:
        return "User-agent: *\nDisallow: /\n"
    lines = ["User-agent: *", "Allow: /"]
    if project.site_url:
        lines.append(f"Sitemap: {project.site_url}/sitemap.xml")
    return "\n".join(lines) + "\n"


def downloads(project: Project) -> list[tuple[str, str]]:
    """Return the other forms of the paper that a whole build makes: address and name."""
    t = words(project.lang)
    forms = [
        ("typst", f"{project.output_file}.pdf", t["pdf"]),
        ("docx", f"{project.output_file}.docx", t["docx"]),
        ("epub", f"{project.output_file}.epub", t["epub"]),
    ]
    listed = [(path, name) for form, path, name in forms if form in project.formats]
    if not (project.root / "brief").is_dir():
        return listed
    others = [
        (one.pdf, f"{t['brief']} ({language(one.lang)})") for one in briefs.complete_translations(project)
    ]
    return [*listed, ("brief.pdf", t["brief"]), *others]


def language(lang: str) -> str:
    """Return the name of a language in that language; its code where that has no name."""
    from babel import Locale, UnknownLocaleError

    try:
        return Locale.parse(lang, sep="-").get_display_name() or lang
    except (UnknownLocaleError, ValueError):
        return lang


def feed(project: Project, dates: Sequence[dt.date]) -> str:
    """Render an Atom feed with an entry for each published draft, newest first; dates: those of kept drafts."""
    every = sorted({*dates, *([project.date] if project.date else [])}, reverse=True)
    base = uuid.uuid5(uuid.NAMESPACE_URL, project.site_url or project.title)
    t = words(project.lang)
    newest = _moment(every[0]) if every else "1970-01-01T00:00:00Z"
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="{escape(project.lang)}">',
        f"<id>urn:uuid:{base}</id>",
        f"<title>{_text(project.title)}</title>",
        f"<updated>{newest}</updated>",
    ]
    lines += [f"<author><name>{_text(author.name)}</name></author>" for author in project.authors]
    if project.site_url:
        lines += [f'<link rel="self" href="{escape(project.site_url)}/feed.xml"/>']
    for date in every:
        where = f"drafts/{date.isoformat()}/index.html" if date in dates else "index.html"
        lines += [
            "<entry>",
            f"<id>urn:uuid:{uuid.uuid5(base, date.isoformat())}</id>",
            f"<title>{_text(t['draft_of'].format(date=text_of(date, project.lang)))}</title>",
            f"<updated>{_moment(date)}</updated>",
            f'<link href="{escape(_address(project, where))}"/>',
            f"<summary>{_text(str(project.variables.get('status') or project.title))}</summary>",
            "</entry>",
        ]
    return "\n".join([*lines, "</feed>\n"])


def page_list(project: Project, pages: Sequence[PageEntry]) -> str:
    """``pages.json``: the book's pages in order, for ``paper diff`` and the list of drafts."""
    record: dict[str, Any] = {
        "title": project.title,
        "date": project.date.isoformat() if project.date else "",
        "pages": [
            {"path": page.path, "number": page.number, "title": page.title, "kind": page.kind}
            for page in pages
        ],
    }
    return json.dumps(record, ensure_ascii=False, indent=1) + "\n"


def _address(project: Project, path: str) -> str:
    return f"{project.site_url}/{quote(path)}" if project.site_url else quote(path)


def _moment(date: dt.date) -> str:
    return f"{date.isoformat()}T00:00:00Z"


def _text(text: str) -> str:
    """Return text as XML holds it between tags."""
    return escape(text, quote=False)
