"""Do two renderings of the book say the same? What counts is what a reader notices: text, places, where links lead."""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from urllib.parse import unquote, urldefrag, urlsplit

from lxml import html as tree

from paper.errors import Place, SourceError
from paper.release import diff, record

BANNER = re.compile(rb'class="[^"]*\bsynthetic-banner\b')  # not the rule for it in a page's own styles


@dataclass(frozen=True)
class Difference:
    """One thing that only one of the renderings has. what: "page", "text", "id" or "link"."""

    page: str
    what: str
    only_in: str
    said: str

    def __str__(self) -> str:
        return f"{self.page}: {self.what} only in {self.only_in}: {self.said}"


def differences(one: Path, other: Path) -> list[Difference]:
    """Return what either rendering says that the other doesn't, page by page.

    Raises MachineError for a folder without pages.
    """
    results: list[Difference] = []
    for page in diff.compare(one, other):
        if page.state in ("added", "removed"):
            name = other.name if page.state == "added" else one.name
            results.append(Difference(page.path, "page", name, page.title))
            continue
        for change in page.changes:
            for kind, text in change.pieces:
                if kind != "same":
                    name = other.name if kind == "added" else one.name
                    results.append(Difference(page.path, "text", name, text))
        for what, read in (("id", _ids), ("link", _links)):
            first, second = read(one / page.path, page.path), read(other / page.path, page.path)
            results += [Difference(page.path, what, one.name, said) for said in sorted(first - second)]
            results += [Difference(page.path, what, other.name, said) for said in sorted(second - first)]
    return results


def publishable(site: Path) -> list[str]:
    """Return reasons why a site must not be published; none for a build of the plain book from one state of it.

    Raises SourceError for a folder without a manifest.
    """
    manifest = record.read(site)
    if manifest is None:
        raise SourceError(
            "there is no manifest.json", place=Place(site), remedy="build it with `paper build`"
        )
    reasons = [f"{name} is missing or not as it was made" for name in record.differences(manifest, site)]
    reasons += [
        f"its {target} is made from other sources than its pages" for target in record.stale(manifest)
    ]
    if manifest.profile:
        reasons.append(f"it was built with the profile {manifest.profile}")
    marked = [path for path in sorted(site.rglob("*.html")) if BANNER.search(path.read_bytes())]
    if marked:
        reasons.append(f"{marked[0].relative_to(site).as_posix()} shows synthetic data")
    return reasons


def addresses(site: Path) -> list[str]:
    """Return what a built site lacks since its book doesn't say where it and its sources are; a reason for a note."""
    manifest = record.read(site)
    notes = []
    if not (site / "sitemap.xml").is_file():
        notes.append(
            "has no site map, no lasting addresses and no line on how to verify it: set site-url under book:"
        )
    if manifest and not manifest.repository:
        notes.append(
            "doesn't say where its sources are, so no reader can verify it alone: set repo-url under book:"
        )
    return notes


def _main(path: Path) -> tree.HtmlElement:
    document = tree.document_fromstring(path.read_bytes())
    main = document.find(".//main")
    return document if main is None else main


def _ids(path: Path, _: str) -> set[str]:
    """Ids that a reader may link to: sections, figures, tables and equations."""
    return {
        element.get("id")
        for element in _main(path).xpath(".//*[@id]")
        if element.tag == "section" or element.get("id").startswith(("sec-", "fig-", "tbl-", "eq-"))
    } - {"footnotes"}


def _links(path: Path, page: str) -> set[str]:
    """Where the page's text leads, as addresses within the site or whole addresses.

    A work is one place wherever it is listed, and so is a chapter, named by its page or by the id of its title.
    """
    result = set()
    for link in _main(path).xpath(".//a[@href]"):
        address = link.get("href")
        if (
            link.xpath("ancestor::nav")
            or link.get("aria-hidden") == "true"
            or "anchor" in (link.get("class") or "")
        ):
            continue
        if not urlsplit(address).scheme:
            file, mark = urldefrag(address)
            whole = posixpath.normpath(posixpath.join(posixpath.dirname(page), file)) if file else page
            if mark.startswith("ref-"):
                address = f"#{mark}"
            else:
                titled = mark and unquote(mark) in _title_ids(path.parents[page.count("/")] / whole)
                address = f"{whole}#{mark}" if mark and not titled else whole
        result.add(address)
    return result


def _title_ids(path: Path) -> frozenset[str]:
    """Return the ids by which a page of the site names its title."""
    if path.suffix != ".html" or not path.is_file():
        return frozenset()
    return _title_ids_of(path, path.stat().st_mtime_ns)


@cache
def _title_ids_of(path: Path, _: int) -> frozenset[str]:
    title = _main(path).find(".//h1")
    named = () if title is None else (title, *title.iterancestors("section"), *title.iter("span"))
    return frozenset(element.get("id") for element in named if element.get("id"))
