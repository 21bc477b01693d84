"""What changed in the text between two built sites, paragraph by paragraph and word by word."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any, Literal

from lxml import html as lxml_html

from paper.errors import MachineError, Place

Op = Literal["same", "removed", "added"]
_BLOCKS = frozenset("h1 h2 h3 h4 h5 h6 p li dt dd figcaption caption tr pre".split())  # noqa: SIM905
_CLASSES_LEFT_OUT = ("figure-tools", "quarto-title-meta", "screen-reader-only", "visually-hidden")
_LEFT_OUT = " | ".join(
    [f".//{tag}" for tag in ("nav", "script", "style", "svg", "template", "*[@aria-hidden='true']")]
    + [f".//*[contains(concat(' ', @class, ' '), ' {name} ')]" for name in _CLASSES_LEFT_OUT]
)
_ALIKE = 50  # per cent of likeness from which two paragraphs are one paragraph, changed
_LONGEST = 4000  # words; beyond, a paragraph is shown as replaced


@dataclass(frozen=True)
class Block:
    """A paragraph, heading, caption, row or entry of a page; section: the heading that it stands under."""

    text: str
    section: str


@dataclass(frozen=True)
class Change:
    """One changed paragraph, as runs of words that are the same, removed or added."""

    section: str
    pieces: tuple[tuple[Op, str], ...]

    def words(self, op: Op) -> int:
        """Count the words of the block's pieces of this kind."""
        return sum(len(text.split()) for kind, text in self.pieces if kind == op)


@dataclass(frozen=True)
class PageChange:
    """A page of either site. state: "same", "changed", "added" or "removed"."""

    path: str
    title: str
    state: Literal["same", "changed", "added", "removed"]
    changes: tuple[Change, ...] = ()

    def words(self, op: Op) -> int:
        """Count the words of the page's pieces of this kind."""
        return sum(change.words(op) for change in self.changes)


def compare(old: Path, new: Path) -> list[PageChange]:
    """Compare the pages of both sites, in the new one's order, then those gone. Raises MachineError."""
    before, after = _pages(old), _pages(new)
    results = []
    for path, title in after.items():
        blocks = page_blocks(new / path)
        if path not in before:
            results.append(
                PageChange(
                    path, title, "added", tuple(Change(b.section, (("added", b.text),)) for b in blocks)
                )
            )
            continue
        changes = tuple(block_changes(page_blocks(old / path), blocks))
        results.append(PageChange(path, title, "changed" if changes else "same", changes))
    for path, title in before.items():
        if path not in after:
            gone = tuple(Change(b.section, (("removed", b.text),)) for b in page_blocks(old / path))
            results.append(PageChange(path, title, "removed", gone))
    return results


def _pages(site: Path) -> dict[str, str]:
    """Address → title, from ``pages.json`` or, for another engine's site, from the pages themselves."""
    listing = site / "pages.json"
    if listing.is_file():
        pages = json.loads(listing.read_text("utf8"))["pages"]
        return {
            p["path"]: f"{p['number']} {p['title']}".strip() for p in pages if (site / p["path"]).is_file()
        }
    results = {}
    for path in sorted(site.rglob("*.html")):
        name = path.relative_to(site).as_posix()
        if not name.startswith(("drafts/", "pagefind/", "site_libs/")) and name not in (
            "404.html",
            "state.html",
        ):
            heading = _main(path).find(".//h1")
            results[name] = name if heading is None else _text(heading)
    if not results:
        raise MachineError(
            "no page of a built site was found",
            place=Place(site),
            remedy="build it first, with `paper build`",
        )
    return results


def _main(path: Path) -> Any:
    tree = lxml_html.document_fromstring(path.read_bytes().decode("utf8", "replace"), parser=_parser())
    main = tree.find(".//main")
    body = tree.find("body")
    root = main if main is not None else body if body is not None else tree
    for node in root.xpath(_LEFT_OUT):
        if node.getparent() is not None:
            node.drop_tree()
    return root


def _parser() -> Any:
    return lxml_html.HTMLParser(encoding="utf8", huge_tree=False)


def _text(node: Any) -> str:
    return " ".join(str(node.text_content()).split())


def page_blocks(path: Path) -> list[Block]:
    """Return the page's text, block by block, in reading order."""
    section = ""
    results = []
    for node in _leaves(_main(path)):
        text = _text(node)
        if not text:
            continue
        if re.fullmatch("h[1-6]", str(node.tag)):
            section = text
        results.append(Block(text, section))
    return results


def _leaves(node: Any) -> Iterator[Any]:
    """Blocks that hold no other block; an entry of the bibliography is a block too."""
    for child in node:
        if not isinstance(child.tag, str):
            continue
        own = child.tag in _BLOCKS or "csl-entry" in (child.get("class") or "").split()
        if own and not any(
            inner.tag in _BLOCKS for inner in child.iterdescendants() if isinstance(inner.tag, str)
        ):
            yield child
        else:
            yield from _leaves(child)


def block_changes(old: Sequence[Block], new: Sequence[Block]) -> Iterator[Change]:
    """Return changed blocks in reading order; alike blocks are compared word by word."""
    from rapidfuzz import fuzz

    matcher = SequenceMatcher(None, [b.text for b in old], [b.text for b in new], autojunk=False)
    for op, i1, i2, j1, j2 in matcher.get_opcodes():
        if op == "equal":
            continue
        at = i1
        for block in new[j1:j2]:
            best = max(range(at, i2), key=lambda i: fuzz.ratio(old[i].text, block.text), default=None)
            if best is None or fuzz.ratio(old[best].text, block.text) < _ALIKE:
                yield Change(block.section, (("added", block.text),))
                continue
            for gone in old[at:best]:
                yield Change(gone.section, (("removed", gone.text),))
            yield Change(block.section, word_changes(old[best].text, block.text))
            at = best + 1
        for gone in old[at:i2]:
            yield Change(gone.section, (("removed", gone.text),))


def word_changes(old: str, new: str) -> tuple[tuple[Op, str], ...]:
    """Two paragraphs as one: runs that are the same, removed or added."""
    a, b = re.findall(r"\S+\s*", old), re.findall(r"\S+\s*", new)
    if max(len(a), len(b)) > _LONGEST:
        return (("removed", old), ("added", new))
    stripped = [word.rstrip() for word in a], [word.rstrip() for word in b]
    pieces: list[tuple[Op, str]] = []
    for op, i1, i2, j1, j2 in SequenceMatcher(None, *stripped, autojunk=False).get_opcodes():
        if op == "equal":
            pieces.append(("same", "".join(b[j1:j2])))
            continue
        if i2 > i1:
            pieces.append(("removed", "".join(a[i1:i2])))
        if j2 > j1:
            pieces.append(("added", "".join(b[j1:j2])))
    return tuple(pieces)
