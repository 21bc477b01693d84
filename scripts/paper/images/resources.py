"""The files that a page leads to: which of them go to the site, and what is told of the others.

As Quarto does, a site gets every file of the project that a page links to; never private data, nothing from outside
the project, no hidden file. https://quarto.org/docs/websites/#site-resources
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from functools import cached_property
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
        if str(within) in {str(chapter.path) for chapter in project.chapters}:
            path = str(PurePosixPath(unquote(path)).with_suffix(".html"))
        elif not target.is_file() and within in {c.path.with_suffix("") for c in project.chapters}:
            path = f"{path}.html"
    return _encoded(images.relative_to_page(path, page)) + rest


def _parted(url: str) -> tuple[str, str]:
    """Return the path of an address, and its query and anchor."""
    path = images.path_of(url)
    return path, url[len(path) :]


def _encoded(path: str) -> str:
    """Return a path with the signs encoded that stand in no address."""
    return quote(path, safe="/%:@!$&'()*+,;=~-._")


class Targets:
    """What links on the pages of a project lead to, as its files stand: each is asked for once."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.root = project.root.resolve()
        self._known: dict[tuple[PurePosixPath, str], tuple[str, str]] = {}
        self._names: dict[Path, frozenset[str]] = {}
        self._files: dict[tuple[str, str], Path | None] = {}
        self._published: dict[str, tuple[Source, dict[Path, str]]] = {}

    @cached_property
    def _built(self) -> frozenset[str]:
        return _built_files(self.project)

    @cached_property
    def _private(self) -> Path:
        return (self.root / "data" / "private").resolve()

    def _file(self, page: str, url: str) -> Path | None:
        """Return what ``images.local_file`` does."""
        at = (page.rpartition("/")[0], images.path_of(url))
        if at not in self._files:
            self._files[at] = images.local_file(self.project, page, url)
        return self._files[at]

    @cached_property
    def _chapters(self) -> frozenset[str]:
        paths = (chapter.path for chapter in self.project.chapters)
        return frozenset(
            name for p in paths for name in (str(p), str(p.with_suffix("")), str(p.with_suffix(".html")))
        )

    def fault(self, page: str, url: str) -> tuple[str, str]:
        """Return what is wrong with a link on a page, and what to do; two empty strings where it leads to something.

        page: the page's address within the site, or its chapter's path.
        """
        at = (PurePosixPath(page).parent, url)
        if at not in self._known:
            self._known[at] = self._fault(page, url)
        return self._known[at]

    def _fault(self, page: str, url: str) -> tuple[str, str]:
        path, _ = _parted(url)
        if not path or not images.is_local(url) or "{{<" in url:
            return "", ""
        root = self.project.root
        name = images.short_address(url)
        target = self._file(page, path)
        if target is None:
            return f"{name}: it leads outside the project", "copy the file into the project and link to that"
        within = target.relative_to(self.root).as_posix()
        if within in self._built or within in self._chapters:
            return "", ""
        if target.is_relative_to(self._private):  # both have no link in them any more
            return f"{name}: private data are never published", "link to what may be published"
        if target.suffix == ".qmd":
            return (
                f"{name}: no chapter of the book has this path",
                "list it in _quarto.yml, or correct the link",
            )
        if target.is_dir():
            return (
                f"{name}: it leads to a folder, and a site shows no list of its files",
                "link to a file in it",
            )
        if not target.is_file() or not self._exactly(target):
            near = images.near_file(root, target)
            message = f"{name}: there is no such file, and the build makes none"
            if not near:
                return message, "correct the link"
            case = " Small and capital letters differ" if near.lower() == within.lower() else ""
            return message, f"did you mean {near}?{case}"
        if any(part.startswith(".") for part in PurePosixPath(within).parts):
            return f"{name}: a hidden file is not published", "give it a name without a dot at its beginning"
        return "", ""

    def _exactly(self, path: Path) -> bool:
        """Whether the file has just this name, also where the system doesn't tell A from a."""
        folder = self.root
        for part in path.relative_to(self.root).parts:
            if folder not in self._names:
                self._names[folder] = frozenset(entry.name for entry in folder.iterdir())
            if part not in self._names[folder]:
                return False
            folder = folder / part
        return True

    def faults(self, source: Source, page: str, known: Addresses, made: Collection[str] = ()) -> list[Fault]:
        """Warn of each link of a chapter, in Markdown or raw HTML, that leads nowhere in the site.

        made: what the chapter's cells put into the site.
        """
        notices = []
        for url in dict.fromkeys((*known.links, *known.markup)):
            if url in known.shown and (
                capitals := images.other_capitals(self.project, page, url, place_of(source, url))
            ):
                notices.append(capitals)
                continue
            said, remedy = self.fault(page, url)
            if said and not (images.is_local(url) and images.site_path(self.project, page, url) in made):
                notices.append(warning(place_of(source, url), RULE, said, remedy))
        files: dict[Path, str] = {}
        for url in (*known.links, *known.markup, *known.images):
            path = self._file(page, url) if images.is_local(url) else None
            if path is not None and path.is_file() and not self.fault(page, url)[0]:
                files.setdefault(path, url)
        self._published[page] = source, files
        return notices

    def not_in_git(self) -> dict[str, list[Fault]]:
        """Warn, by page, of files that the site publishes though git ignores them.

        A clone can't, and perhaps nobody should. The pages are those whose ``faults`` were asked for.
        """
        every = {path for _, files in self._published.values() for path in files}
        ignored = published.ignored(self.project.root, every)
        results: dict[str, list[Fault]] = {}
        for page, (source, files) in self._published.items():
            for path in sorted(ignored.intersection(files)):
                place = place_of(source, files[path])
                message = (
                    f"{images.short_address(files[path])}: git ignores this file, and the site publishes it"
                )
                remedy = "take it out of .gitignore, or out of the text if it isn't meant for readers"
                results.setdefault(page, []).append(warning(place, "published-ignored", message, remedy))
        return results

    def linked_files(self, page: str, urls: Iterable[str]) -> dict[str, Path]:
        """Return the files of the project that addresses on a page name: address within the site → file.

        Photographs come without what a camera wrote into them.
        """
        results: dict[str, Path] = {}
        sources = {str(chapter.path) for chapter in self.project.chapters}
        for url in {images.path_of(url): url for url in urls if images.is_local(url)}.values():
            asked = self._file(page, url)
            path = images.existing_file(asked) if asked is not None else None
            if asked is None or path is None:
                continue
            if path != asked:  # an image is shown whatever the capitals of its name
                if is_private(self.project.root, path) or not images.kind_of(path.read_bytes()):
                    continue
            elif self.fault(page, url)[0]:
                continue
            within = asked.relative_to(self.root).as_posix()
            if within not in self._built and within not in sources:
                photograph = path.suffix.lower() in photos.ENDINGS
                results[within] = (
                    raster.published(path, self.root / ".paper" / "images") if photograph else path
                )
        return results


def _built_files(project: Project) -> frozenset[str]:
    """Return what a build writes into the site beside the chapters."""
    book = (f"{project.output_file}{ending}" for ending in (".pdf", ".docx", ".epub", "-jats.zip", ".html"))
    return frozenset(
        ("brief.pdf", "cite.bib", "cite.ris", "references.ris", "references.json", "references.bib", "state.html",
         "drafts/index.html", "feed.xml", "sitemap.xml", "pages.json", "llms.txt", ANNOTATIONS,
         *book, *(one.pdf for one in briefs.complete_translations(project)))
    )  # fmt: skip
