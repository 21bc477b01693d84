"""Published drafts keep their address: ``drafts/DATE/`` holds each one whole."""

from __future__ import annotations

import datetime as dt
import html
import re
import shutil
from pathlib import Path

from paper.errors import PaperError, Place, ProjectError
from paper.project import Project
from paper.settings import place_of
from paper.site.frame import DRAFTS_PAGE
from paper.site.tombstones import bury_withdrawn
from paper.words import words

MARKER = "<!-- draft notice -->"
DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


def draft_dates(site: Path) -> list[dt.date]:
    """Return the dates of the drafts that a site keeps, oldest first."""
    folder = site / "drafts"
    if not folder.is_dir():
        return []
    return sorted(date for p in folder.iterdir() if p.is_dir() and (date := _date(p.name)))


def _date(name: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(name) if DATE.fullmatch(name) else None
    except ValueError:  # as 2026-13-01
        return None


def keep(project: Project, site: Path, previous: Path | None = None) -> list[dt.date]:
    """Fold a finished site into its own ``drafts/DATE/``, beside the drafts of the site published before.

    Writes also the list of drafts, what changed since the draft before, and the feed. A second draft of
    the same date takes the first one's place. Returns the dates kept, oldest first. Raises ProjectError
    for a book without a date and PaperError for a site that isn't finished.
    """
    from paper.site import site as pages

    if project.date is None:
        raise ProjectError(
            "book.date is missing", place=place_of(project.root), remedy="give the draft a date"
        )
    if not (site / "index.html").is_file():
        raise PaperError(
            "this is not a built site", place=Place(site), remedy="build it first, with `paper build`"
        )
    if previous is not None and previous.resolve() != site.resolve() and (previous / "drafts").is_dir():
        shutil.copytree(previous / "drafts", site / "drafts", dirs_exist_ok=True)
    bury_withdrawn(project, site / "drafts")
    own = site / "drafts" / project.date.isoformat()
    shutil.rmtree(own, ignore_errors=True)
    before = [date for date in draft_dates(site) if date < project.date]
    fresh = site / f".draft-{project.date.isoformat()}"
    shutil.rmtree(fresh, ignore_errors=True)
    shutil.copytree(site, fresh, ignore=shutil.ignore_patterns("drafts", ".draft-*", "CNAME"))
    for page in sorted(fresh.rglob("*.html")):
        name = page.relative_to(fresh).as_posix()
        page.write_text(marked(page.read_text("utf8"), name, project), "utf8")
    own.parent.mkdir(exist_ok=True)
    fresh.replace(own)
    dates = draft_dates(site)
    changes = site / "drafts" / before[-1].isoformat() if before else None
    pages.write_drafts(project, site, dates, changes)
    return dates


def marked(page: str, name: str, project: Project) -> str:
    """Mark a page as one of a kept draft: it links to the latest version and asks not to be indexed."""
    t = words(project.lang)
    notice = html.escape(t["draft_notice"].format(date=project.date_text))
    up = "../" * name.count("/")
    link = f'<a href="{up}../../{name}">{html.escape(t["draft_latest"])}</a>'
    page = page.replace(MARKER, f'<p class="draft-notice" role="note">{notice} {link}</p>')
    page = page.replace(
        f'href="{up}{DRAFTS_PAGE}"', f'href="{up}../index.html"'
    )  # the one list of all drafts
    if 'name="robots"' not in page:
        page = page.replace(
            '<meta name="viewport"', '<meta name="robots" content="noindex">\n<meta name="viewport"', 1
        )
    return page
