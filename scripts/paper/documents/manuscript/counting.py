"""Words of a manuscript: by chapter, and by the parts that journals count or don't."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from lxml import html as tree

from paper.documents.manuscript.journals import PARTS
from paper.site.site import Page

_HOLDS: Final = "contains(concat(' ', normalize-space(@class), ' '), ' {} ')"
# Where each part stands in a page's body; what an earlier one took isn't counted again.
_WHERE: Final = {
    "references": f"//*[{_HOLDS.format('references')}] | //*[@class='further-reading']",
    "notes": f"//section[{_HOLDS.format('footnotes')}] | //*[@role='doc-endnotes']",
    "captions": "//figcaption | //caption",
    "tables": "//table",
    "abstract": "//section[@id='abstract'] | //*[@id='abstract']/ancestor-or-self::section[1]",
}
_NOT_WORDS: Final = (
    "//svg | //details | //script | //math | //*[@class='figure-tools'] | //a[@class='footnote-back']"
)


@dataclass(frozen=True)
class Count:
    """The words of one chapter."""

    number: str
    """Its number, or ""."""
    title: str
    """Its title."""
    words: int
    """Its words that count."""
    counted: bool
    """Whether the chapter counts at all: appendices and lists of works are apart."""
    parts: dict[str, int] = field(default_factory=dict)
    """Its words by part, of ``journals.PARTS``."""


def count(page: Page, counts: Iterable[str], *, is_front: bool) -> Count:
    """Count the words of a page. counts: the parts that count; is_front: whether the page may hold the abstract."""
    parts = dict.fromkeys(PARTS, 0)
    if page.body.strip():
        root = tree.fromstring(f"<div>{page.body}</div>")
        _drop(root, _NOT_WORDS)
        for nested in root.xpath("//section[@id='abstract']/section") if is_front else ():
            root.append(nested)  # what stands beneath the abstract is none of it
        for part, where in _WHERE.items():
            if part != "abstract" or is_front:
                parts[part] = _drop(root, where)
        rest = _words(root)
        parts["appendices" if page.kind == "appendix" else "text"] = rest
        if page.kind == "appendix":
            for part in ("captions", "tables", "notes"):
                parts["appendices"] += parts.pop(part)
                parts[part] = 0
    counted = set(counts)
    words = sum(number for part, number in parts.items() if part in counted)
    if page.kind == "appendix" and "appendices" not in counted:
        return Count(page.number, page.title, parts["appendices"], False, parts)
    return Count(page.number, page.title, words, True, parts)


def _drop(root: tree.HtmlElement, where: str) -> int:
    """Take what stands at a path out of a tree; return how many words it held."""
    words = 0
    for node in root.xpath(where):
        if node.getparent() is not None:
            for heading in node.xpath("./h1 | ./h2 | ./h3"):
                heading.drop_tree()
            words += _words(node)
            node.drop_tree()
    return words


def _words(node: tree.HtmlElement) -> int:
    return len(re.findall(r"[^\W_][\w’'-]*", " ".join(node.itertext())))
