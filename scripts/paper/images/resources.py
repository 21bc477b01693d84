"""The files that a page leads to: which of them go to the site, and what is told of the others.

As Quarto does, a site gets every file of the project that a page links to; never private data, nothing from outside
the project, no hidden file. https://quarto.org/docs/websites/#site-resources
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from pathlib import Path, PurePosixPath
from urllib.parse import quote, unquote

from paper.coding.claims import ANNOTATIONS
from paper.images import images, photos, raster
from paper.parsing.addresses import Addresses, place_of
from paper.paths import is_private
from paper.project import Project
from paper.report import Fault, warning
from paper.text import briefs, published
from paper.text.source import Source

RULE = "link-to-nowhere"


def page_address(project: Project, page: str, url: str) -> str:
    """Return an address in a chapter as the page has it: paths from the root made relative, chapters as their pages.

    A link names a chapter by its source, its page, or its path without an ending.
    """
    if not images.is_local(url):
        return url
    path, rest = _parted(url)
    target = images.local_file(project, page, path) if path else None
    if target is not None:
        within = PurePosixPath(target.relative_to(project.root.resolve()).as_posix())
        for chapter in project.chapters:
            alone = within == chapter.path.with_suffix("") and not target.is_file()
            if within == chapter.path or alone:
                path = str(PurePosixPath(unquote(path)).with_suffix(".html")) if not alone else f"{path}.html"
                break
    return _encoded(images.relative_to_page(path, page)) + rest


def _parted(url: str) -> tuple[str, str]:
    """Return the path of an address, and its query and anchor."""
    path = images.path_of(url)
    return path, url[len(path) :]


def _encoded(path: str) -> str:
    """Return a path with the signs encoded that stand in no address."""
    return quote(path, safe="/%:@!$&'()*+,;=~-._")


def link_fault(project: Project, page: str, url: str) -> tuple[str, str]:
    """Return what is wrong with a link on a page, and what to do; two empty strings where it leads to something.

    page: the page's address within the site, or its chapter's path.
    """
    path, _ = _parted(url)
    if not path or not images.is_local(url) or "{{<" in url:
        return "", ""
    name = images.short_address(url)
    target = images.local_file(project, page, path)
    if target is None:
        return f"{name}: it leads outside the project", "copy the file into the project and link to that"
    within = target.relative_to(project.root.resolve()).as_posix()
    if within in _built_files(project) or any(_is_chapter(str(c.path), within) for c in project.chapters):
        return "", ""
    if is_private(project.root, target):
        return f"{name}: private data are never published", "link to what may be published"
    if target.suffix == ".qmd":
        return f"{name}: no chapter of the book has this path", "list it in _quarto.yml, or correct the link"
    if target.is_dir():
        return f"{name}: it leads to a folder, and a site shows no list of its files", "link to a file in it"
    if not target.is_file() or not _exactly(project.root.resolve(), target):
        near = images.near_file(project.root, target)
        message = f"{name}: there is no such file, and the build makes none"
        if not near:
            return message, "correct the link"
        case = " Small and capital letters differ" if near.lower() == within.lower() else ""
        return message, f"did you mean {near}?{case}"
    if any(part.startswith(".") for part in PurePosixPath(within).parts):
        return f"{name}: a hidden file is not published", "give it a name without a dot at its beginning"
    return "", ""


def faults(
    project: Project, source: Source, page: str, known: Addresses, made: Collection[str] = ()
) -> list[Fault]:
    """Warn of each link of a chapter, in Markdown or raw HTML, that leads nowhere in the site.

    made: what the chapter's cells put into the site.
    """
    notices = []
    for url in dict.fromkeys((*known.links, *known.markup)):
        place = place_of(source, url)
        capitals = images.other_capitals(project, page, url, place) if url in known.shown else None
        if capitals:
            notices.append(capitals)
            continue
        said, remedy = link_fault(project, page, url)
        if said and not (images.is_local(url) and images.site_path(project, page, url) in made):
            notices.append(warning(place, RULE, said, remedy))
    return notices + _not_in_git(project, source, page, known)


def _not_in_git(project: Project, source: Source, page: str, known: Addresses) -> list[Fault]:
    """Warn of files that the site publishes though git ignores them: a clone can't, and perhaps nobody should."""
    files: dict[Path, str] = {}
    for url in (*known.links, *known.markup, *known.images):
        path = images.local_file(project, page, url) if images.is_local(url) else None
        if path is not None and path.is_file() and not link_fault(project, page, url)[0]:
            files.setdefault(path, url)
    notices = []
    for path in sorted(published.ignored(project.root, files)):
        place = place_of(source, files[path])
        message = f"{images.short_address(files[path])}: git ignores this file, and the site publishes it"
        remedy = "take it out of .gitignore, or out of the text if it isn't meant for readers"
        notices.append(warning(place, "published-ignored", message, remedy))
    return notices


def linked_files(project: Project, page: str, urls: Iterable[str]) -> dict[str, Path]:
    """Return the files of the project that addresses on a page name: address within the site → file.

    Photographs come without what a camera wrote into them.
    """
    results: dict[str, Path] = {}
    root = project.root.resolve()
    for url in urls:
        asked = images.local_file(project, page, url) if images.is_local(url) else None
        path = images.existing_file(asked) if asked is not None else None
        if asked is None or path is None:
            continue
        if path != asked:  # an image is shown whatever the capitals of its name
            if is_private(project.root, path) or not images.kind_of(path.read_bytes()):
                continue
        elif link_fault(project, page, url)[0]:
            continue
        within = asked.relative_to(root).as_posix()
        if within not in _built_files(project) and not any(within == str(c.path) for c in project.chapters):
            photograph = path.suffix.lower() in photos.ENDINGS
            results[within] = raster.published(path, root / ".paper" / "images") if photograph else path
    return results


def _is_chapter(chapter: str, within: str) -> bool:
    stem = chapter.rpartition(".")[0]
    return within in (chapter, stem, f"{stem}.html")


def _built_files(project: Project) -> frozenset[str]:
    """Return what a build writes into the site beside the chapters."""
    book = (f"{project.output_file}{ending}" for ending in (".pdf", ".docx", ".epub", "-jats.zip", ".html"))
    return frozenset(
        ("brief.pdf", "cite.bib", "cite.ris", "references.ris", "references.json", "references.bib", "state.html",
         "drafts/index.html", "feed.xml", "sitemap.xml", "pages.json", "llms.txt", ANNOTATIONS,
         *book, *(one.pdf for one in briefs.complete_translations(project)))
    )  # fmt: skip


def _exactly(root: Path, path: Path) -> bool:
    """Whether the file has just this name, also where the system doesn't tell A from a."""
    folder = root
    for part in path.relative_to(root).parts:
        if not any(entry.name == part for entry in folder.iterdir()):
            return False
        folder = folder / part
    return True
