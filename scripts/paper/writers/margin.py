"""What stands in the margin of a page: asides, margin columns, and notes or works where the book wants them there.

Each goes into a ``div.column-container`` after the paragraph, list, table or callout that it belongs to, so that it is
read there where the page has no margin.
"""

from __future__ import annotations

from collections.abc import Iterable

from bs4 import BeautifulSoup, Tag

_IN_MARGIN = (".column-margin", "aside:not(.footnotes)")
_NO_PARENTS = ("span", "em", "strong", "del", "h1", "h2", "h3", "h4", "h5", "h6")


def place_in_margin(page: str, *, notes: bool = False, works: bool = False) -> str:
    """Return the page's HTML with what belongs in the margin in its containers.

    notes: footnotes, too, which then leave the end of the page; works: works cited, which leave their list.
    """
    soup = BeautifulSoup(page, "html.parser")
    for callout in soup.select(".callout"):
        for element in reversed(_within(callout, ".callout-body-container")):
            callout.insert_after(element.extract())
    for tabset in soup.select(".panel-tabset"):
        for element in _within(tabset, ".tab-pane"):
            tabset.insert_before(element.extract())
    selectors = [
        *([".footnote-ref"] if notes else []),
        ".column-margin",
        *(["a[role=doc-biblioref]"] if works else []),
    ]
    for element in soup.select(", ".join(selectors)):
        if notes and "footnote-ref" in element.get_attribute_list("class"):
            _note(soup, element)
        elif "column-margin" in element.get_attribute_list("class"):
            if "column-container" not in element.get_attribute_list("class"):
                _container(soup, element).append(_plain(element))
        else:
            _work(soup, element)
    if notes:
        _remove(soup.select("section.footnotes"))
    if works:
        _remove(soup.select("div#refs"))
    return str(soup)


def _within(element: Tag, part: str) -> list[Tag]:
    result = element.select(", ".join(f"{part} {selector}" for selector in _IN_MARGIN))
    return [one for one in result if not any(parent in result for parent in one.parents)]


def _plain(element: Tag) -> Tag:
    element.extract()
    element["class"] = [c for c in element.get_attribute_list("class") if c and c != "column-margin"]
    if not element["class"]:
        del element["class"]
    return element


def _remove(elements: Iterable[Tag]) -> None:
    for element in elements:
        element.decompose()


def _note(soup: BeautifulSoup, ref: Tag) -> None:
    """Bring the note behind a mark to the margin, with its number."""
    note = soup.find(id=str(ref.get("href", ""))[1:])
    if not isinstance(note, Tag):
        return
    for back in note.select(".footnote-back"):
        back.decompose()
    paragraph = note.find("p")
    first = paragraph if isinstance(paragraph, Tag) else note
    number = soup.new_tag("sup")
    number.string = ref.get_text()
    first.insert(0, "\u00a0")
    first.insert(0, number)
    note.name = "div"
    _container(soup, _block_of(ref), of_parent=False).append(note.extract())


def _work(soup: BeautifulSoup, link: Tag) -> None:
    """Bring a cited work's entry to the margin where it is first cited."""
    entry = soup.find(id=str(link.get("href", ""))[1:])
    if entry is not None and entry.find_parent(id="refs"):
        caption = link.find_parent("figcaption")
        _container(soup, caption or _block_of(link), of_parent=False).append(entry.extract())


def _block_of(element: Tag) -> Tag:
    parent = element.parent
    while parent is not None and parent.name in _NO_PARENTS:
        parent = parent.parent
    return parent if isinstance(parent, Tag) and parent.name != "[document]" else element


def _is_container(element: object) -> bool:
    return isinstance(element, Tag) and "column-container" in element.get_attribute_list("class")


def _container(soup: BeautifulSoup, element: Tag, *, of_parent: bool = True) -> Tag:
    """Return the container for what belongs to the element, made where there is none yet."""
    following, before = element.find_next_sibling(), element.find_previous_sibling()
    if _is_container(following) and isinstance(following, Tag):
        return following
    if _is_container(before) and isinstance(before, Tag):
        return before
    anchor = element.find_parent(class_="callout") or _outermost(element, ("ol", "ul", "table"))
    holders = ("p", "blockquote") if of_parent else ("blockquote",)
    if anchor is None and isinstance(element.parent, Tag) and element.parent.name in holders:
        anchor = element.parent
    anchor = anchor or element
    following = anchor.find_next_sibling()
    if _is_container(following) and isinstance(following, Tag):
        return following
    result = soup.new_tag("div")
    result["class"] = ["column-container", "column-margin"]
    anchor.insert_after(result)
    return result


def _outermost(element: Tag, names: tuple[str, ...]) -> Tag | None:
    return next(reversed([p for p in element.parents if p.name in names]), None)
