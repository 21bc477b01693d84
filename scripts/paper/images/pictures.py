"""What the forms of the paper that are one file show of its images: each as a file that they can read, or words.

A picture of the web is fetched while the chapters are read; what can't be shown is told, and its words stand there.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import panflute as pf

from paper.images import images, raster, remote
from paper.parsing.addresses import Addresses, place_of
from paper.project import Project
from paper.report import Fault, warning
from paper.text.source import Source

# What each form takes as it is; all else becomes a PNG.
TAKEN: Final = {
    "typst": frozenset(("svg", "png", "jpg", "gif", "webp")),  # Typst sets no PDF into a tagged PDF
    "docx": frozenset(("png", "jpg")),
    "jats": frozenset(("png", "jpg")),
    "epub": frozenset(
        ("svg", "png", "jpg", "gif", "webp")
    ),  # https://www.w3.org/TR/epub-33/#sec-core-media-types
}
RULE: Final = "image-not-shown"
OTHER_FORMS: Final = "PDF, DOCX, EPUB, JATS and the one file"


def fetch(source: Source, known: Addresses, work: Path) -> tuple[dict[str, str], list[Fault]]:
    """Fetch the chapter's pictures of the web: address → file, and a warning for each that can't be had."""
    fetched: dict[str, str] = {}
    notices = []
    for url in known.images:
        if not images.is_remote(url) or images.is_media(url):
            continue
        try:
            fetched[url] = str(remote.fetch(url, work / "remote"))
        except remote.Unreachable as error:
            message = f"the image {images.short_address(url)} can't be fetched, so {OTHER_FORMS} don't show it: {error}"
            remedy = "save it into the project, and show that file"
            notices.append(warning(place_of(source, url), RULE, message, remedy))
    return fetched, notices


class Pictures:
    """The pictures of one chapter for one form (of ``TAKEN``).

    fetched: those of the web, address → file; notices: what could not be shown; it grows.
    """

    def __init__(
        self, project: Project, source: Source, page: str, form: str, fetched: dict[str, str]
    ) -> None:
        self.project = project
        self.source = source
        self.page = page
        self.form = form
        self.fetched = fetched
        self.folder = project.root / ".paper" / "images"
        self.notices: list[Fault] = []

    def element(self, image: pf.Image) -> pf.Element | None:
        """Return the image with the whole path of its file, or the words that stand for it.

        Raises ChapterError for a file that isn't there, ToolError for an SVG that is none.
        """
        if images.is_media(image.url):
            return self.words(image, self.on_site(image.url))
        path = self.file(image.url)
        if path is None:
            return self.words(image, image.url if images.is_remote(image.url) else "")
        try:
            image.url = str(raster.readable(path, self.folder, TAKEN[self.form]))
        except raster.Unreadable as error:
            self.warn(image.url, f"can't be shown: {error}", error.remedy)
            return self.words(image, self.on_site(image.url))
        return None

    def file(self, url: str) -> Path | None:
        """Return the file behind an address; None where it can't be had, which is told."""
        if images.is_remote(url):
            return Path(self.fetched[url]) if url in self.fetched else None
        if images.is_data(url):
            try:
                return images.store(images.data_of(url), self.folder)
            except ValueError as error:
                self.warn(
                    url, f"can't be read: {error}", "write the address anew, or save the image as a file"
                )
                return None
        drawing = images.work_file(self.project, url)
        if drawing is not None:
            return drawing
        path = images.local_file(self.project, self.page, url)
        file = images.existing_file(path) if path is not None else None
        if file is None:
            raise images.missing_image(self.project, self.page, url, place_of(self.source, url))
        if file != path:
            told = images.other_capitals(self.project, self.page, url, place_of(self.source, url))
            self.notices += [told] if told else []
        return file

    def on_site(self, url: str) -> str:
        """Return the address of a file on the published site; "" where the book has none."""
        if not images.is_local(url):
            return "" if images.is_data(url) else url
        path = images.local_file(self.project, self.page, url)
        if path is None or not self.project.site_url:
            return ""
        return f"{self.project.site_url}/{path.relative_to(self.project.root.resolve()).as_posix()}"

    def words(self, image: pf.Image, address: str) -> pf.Element:
        """Return what stands for a picture that can't be shown: its words, and the address where it can be seen."""
        alt = image.attributes.get("alt") or image.attributes.get("fig-alt") or image.title
        said = list(image.content) or ([pf.Str(alt)] if alt else [])
        name = "" if images.is_data(image.url) else images.path_of(image.url).rpartition("/")[2]
        shown = said or [pf.Str(name or "image")]
        return pf.Link(*shown, url=address) if address else pf.Emph(*shown)

    def warn(self, url: str, what: str, remedy: str) -> None:
        """Add a warning of an image to the notices, with its line."""
        message = f"the image {images.short_address(url)} {what}"
        self.notices.append(warning(place_of(self.source, url), RULE, message, remedy))
