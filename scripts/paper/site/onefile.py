"""The whole paper as one HTML file that needs nothing else: to read offline, to send by e-mail.

It is put together from the pages of the site: what leads from page to page leads within the file, images and looks
are part of it, and what only a site can do (search, downloads, drawings to interact with) is left out.
"""

from __future__ import annotations

import base64
import mimetypes
import posixpath
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from lxml import etree
from lxml import html as tree
from markupsafe import Markup

from paper import assets
from paper.images import images, raster
from paper.numbering.book import ParsedChapter, number_book
from paper.parsing.addresses import place_of
from paper.parsing.sanitise import sanitise_html
from paper.project import Project
from paper.site import frame, pages
from paper.site.site import Page
from paper.tools.cache import Cache
from paper.words import words
from paper.writers import cite

# Of a page, what works on a site only.
SITE_ONLY = "//*[contains(@class, 'figure-tools')] | //script | //*[@id='downloads']"
MIMETYPES = {"svg": "image/svg+xml", "png": "image/png", "jpg": "image/jpeg", "gif": "image/gif", "webp": "image/webp",
             "avif": "image/avif", "bmp": "image/bmp"}  # fmt: skip
REFERRING = ("aria-describedby", "aria-labelledby", "aria-controls", "headers", "for")


@dataclass(frozen=True)
class Part:
    """One chapter in the file: its anchor, kind, heading, text (HTML), and the entries of its contents."""

    id: str
    kind: str
    number: str
    title: str
    heading: Markup
    body: Markup
    toc: Sequence[Any]


def write_onefile(project: Project, chapters: list[ParsedChapter], out: Path, cache: Cache) -> None:
    """Write the file to ``out``. Raises PaperError as the pages do, and ChapterError for a missing image."""
    book = number_book(project, chapters, "html", cache)
    joiner = _Joiner(project, chapters, [page for page, _ in pages.bodies(project, book, cache)])
    parts = list(joiner.parts())
    front = next(iter(joiner.pages.values()))
    text = frame.fragment(
        project,
        "onefile.html.j2",
        project=project,
        t=words(project.lang),
        status=cite.status(project),
        date_text=project.date_text,
        style=Markup(
            "\n".join(_style(project, name) for name in frame.styles("".join(part.body for part in parts)))
        ),
        parts=parts,
        title=joiner.title or project.title,
        subtitle=Markup(front.parts["subtitle"]) if "subtitle" in front.parts else project.subtitle,
    )
    out.write_text(text.removesuffix("\n"), "utf8")


def _style(project: Project, name: str) -> str:
    """Read a stylesheet of the project, else of the program; nothing in it may end the element that holds it."""
    return assets.find(project.root, f"css/{name}").read_text("utf8").replace("</", "<\\/")


def _whole(page: Page) -> str:
    """Render a page's title in an element of its own, then what stands under it, and its text."""
    return f"<div>{page.heading_html}</div>{page.front}{page.body}"


def _inner(element: Any) -> str:
    return (element.text or "") + "".join(tree.tostring(child, encoding="unicode") for child in element)


class _Joiner:
    def __init__(self, project: Project, chapters: Sequence[ParsedChapter], book: Sequence[Page]) -> None:
        self.project = project
        self.title = Markup("")  # of the front page, once its part is there
        self.sources = {str(chapter.chapter.path): chapter.source for chapter in chapters}
        # images that cells drew, by their place in the site; those of the web, by address
        self.drawn = {name: Path(path) for chapter in chapters for name, path in chapter.files.items()}
        self.fetched = {url: path for chapter in chapters for url, path in chapter.fetched.items()}
        self.pages = {page.path: page for page in book}
        self.roots = {
            page.path: tree.fragment_fromstring(sanitise_html(_whole(page)), create_parent="div")
            for page in book
        }
        for root in self.roots.values():
            for node in root.xpath(SITE_ONLY):
                node.drop_tree()
        self.listing = self._one_list()
        counts = Counter(i for root in self.roots.values() for i in set(root.xpath(".//@id")))
        self.shared = {i for i, count in counts.items() if count > 1}

    def parts(self) -> Iterator[Part]:
        for path, page in self.pages.items():
            root = self.roots[path]
            self._rename(path, root)
            for link in list(root.iter("a")):
                self._link(path, link)
            for image in list(root.iter("img")):
                self._embed(page, image)
            for played in list(root.iter("iframe", "video", "audio", "embed", "object")):
                self._lead(path, played)
            for heading in list(root.iter("h1", "h2", "h3", "h4", "h5")):
                heading.tag = f"h{int(heading.tag[1]) + 1}"
            # The front page bears the title of the paper, which the file has at its head.
            title = Markup(_inner(root[0]))
            if page.kind == "index":
                self.title, title = title, Markup("")
            inner = Markup(
                (root[0].tail or "") + "".join(tree.tostring(child, encoding="unicode") for child in root[1:])
            )
            yield Part(_anchor(path), page.kind, page.number, page.title, title, inner, page.toc)

    def _one_list(self) -> str:
        """Return the page with the list of all references; the lists of the other pages then go."""
        lists = {path: root.xpath(".//div[@id='refs']") for path, root in self.roots.items()}
        sizes = {path: len(found[0].xpath("./*[@id]")) for path, found in lists.items() if found}
        if not sizes:
            return ""
        longest = max(sizes, key=lambda path: sizes[path])
        keys = set(lists[longest][0].xpath("./*/@id"))
        if any(not set(found[0].xpath("./*/@id")) <= keys for found in lists.values() if found):
            return ""  # no page has them all
        for path, found in lists.items():
            for node in found if path != longest else []:
                node.drop_tree()
        return longest

    def _name(self, path: str, identifier: str) -> str:
        return f"{_anchor(path)}-{identifier}" if identifier in self.shared else identifier

    def _rename(self, path: str, root: etree._Element) -> None:
        for element in root.xpath(".//*[@id]"):
            element.set("id", self._name(path, element.get("id")))
        for name in REFERRING:
            for element in root.xpath(f".//*[@{name}]"):
                element.set(name, " ".join(self._name(path, part) for part in element.get(name).split()))

    def _link(self, path: str, link: etree._Element) -> None:
        url = link.get("href") or ""
        if not url or re.match(r"^[a-z][a-z0-9+.-]*:", url, re.I):
            return
        way, _, anchor = url.partition("#")
        target = posixpath.normpath(posixpath.join(posixpath.dirname(path), unquote(way))) if way else path
        if anchor.startswith("ref-") and self.listing and target == path:
            target = self.listing
        if target in self.pages:
            link.set("href", "#" + (self._name(target, anchor) if anchor else _anchor(target)))
        elif self.project.site_url:
            link.set("href", f"{self.project.site_url}/{target}" + (f"#{anchor}" if anchor else ""))
        else:
            link.drop_tag()

    def _embed(self, page: Page, image: etree._Element) -> None:
        """Embed the image in the file; one that can't be had stays on the web, or leaves its words."""
        url = image.get("src") or ""
        if not url or images.is_data(url) or (_elsewhere(url) and url not in self.fetched):
            return
        name = posixpath.normpath(posixpath.join(posixpath.dirname(page.path), unquote(url)))
        path = self.drawn.get(name) or self._file(page, url)
        if path is None:
            _replace(image, image.get("alt") or "")
            return
        content = path.read_bytes()
        kind = MIMETYPES.get(images.kind_of(content)) or mimetypes.guess_type(path.name)[0]
        kind = kind or "application/octet-stream"
        image.set("src", f"data:{kind};base64,{base64.b64encode(content).decode()}")
        image.attrib.pop("srcset", None)

    def _file(self, page: Page, url: str) -> Path | None:
        if url in self.fetched:
            return Path(self.fetched[url])
        try:
            path = raster.page_file(self.project, page.path, url)
        except raster.Unreadable:
            return None  # told with the other forms
        if path is None:
            raise images.missing_image(self.project, page.path, url, place_of(self.sources[page.source], url))
        return path

    def _lead(self, path: str, played: etree._Element) -> None:
        """Replace what only a site plays (a film, a recording, a frame) by a link to it."""
        sources = [played.get("src"), *(source.get("src") for source in played.iter("source"))]
        url = next((source for source in sources if source), "")
        said = played.get("title") or played.get("aria-label") or ("" if images.is_data(url) else url)
        address = url if _elsewhere(url) else self._on_site(path, url) if url else self._on_site(path, path)
        _replace(played, said or words(self.project.lang)["interactive"], address)

    def _on_site(self, path: str, url: str) -> str:
        if not self.project.site_url:
            return ""
        return f"{self.project.site_url}/{posixpath.normpath(posixpath.join(posixpath.dirname(path), url))}"


def _elsewhere(url: str) -> bool:
    return re.match(r"^([a-z][a-z0-9+.-]*:|//)", url, re.I) is not None


def _replace(element: etree._Element, words: str, address: str = "") -> None:
    """Put words in the place of an element, as a link where there is an address."""
    new = etree.Element("a" if address else "span")
    new.text = words
    if address:
        new.set("href", address)
    new.tail = element.tail
    element.getparent().replace(element, new)


def _anchor(path: str) -> str:
    return "page-" + re.sub(r"[^\w-]+", "-", path.removesuffix(".html"))
