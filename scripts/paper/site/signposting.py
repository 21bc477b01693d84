"""FAIR Signposting: links in the head of a page that tell machines what it is, who wrote it, how to cite it.

https://signposting.org/FAIR/
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from paper.project import Project
from paper.release import crate
from paper.release.media_types import media_type
from paper.site import files
from paper.writers import cite

if TYPE_CHECKING:
    from paper.site.site import Page

_KINDS: Final = ("https://schema.org/AboutPage", "https://schema.org/ScholarlyArticle")


@dataclass(frozen=True)
class Signpost:
    """One link."""

    rel: str
    """What the target is to the page."""
    href: str
    """Its address."""
    type: str = ""
    """Its media type, or ""."""


def signposts(project: Project, page: Page) -> list[Signpost]:
    """Return the links of a page: the front page is the paper's landing page, others lead to it."""
    if page.kind == "page" or project.synthetic or project.working:
        return []
    if page.kind != "index":
        return [Signpost("collection", f"{page.root}index.html", "text/html")]
    address = (
        f"https://doi.org/{project.doi}"
        if project.doi
        else f"{project.site_url}/"
        if project.site_url
        else ""
    )
    results = [Signpost("cite-as", address)] if address else []
    results += [
        Signpost("author", f"https://orcid.org/{author.orcid.rpartition('/')[2]}")
        for author in project.authors
        if author.orcid
    ]
    if url := cite.licence(project).url:
        results.append(Signpost("license", url))
    results += [Signpost("type", kind) for kind in _KINDS]
    results += [Signpost("describedby", name, media_type(name)) for name in ("cite.bib", "cite.ris")]
    if crate.is_described(project):
        results.append(Signpost("describedby", crate.NAME, "application/ld+json"))
    return results + [Signpost("item", quote(path), media_type(path)) for path, _ in files.downloads(project)]
