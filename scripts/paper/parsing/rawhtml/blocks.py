"""Blocks of HTML: each is found with what stands between its tags, and read by pandoc."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import partial
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import panflute as pf

from paper.errors import Place
from paper.parsing.conditions import kept_formats
from paper.parsing.rawhtml import PLACE, SLOT, WORDLESS, dead, has_table, tables
from paper.parsing.tree import walk
from paper.project import FORMATS
from paper.report import Fault, warning
from paper.text.source import Source
from paper.tools import installed, pandoc, trees
from paper.tools.cache import digest
from paper.tools.files import write_atomic

if TYPE_CHECKING:  # it takes longer to import than most chapters to parse
    from bs4 import BeautifulSoup

    from paper.tools.cache import Cache

VOID: Final = frozenset(
    "area base br col embed hr img input link meta param source track wbr".split()  # noqa: SIM905
)
# What only a page can have, and how it is told.
ONLY_ON_PAGES: Final = {
    "iframe": "a frame (<iframe>)",
    "object": "an embedded object (<object>)",
    "embed": "an embedded object (<embed>)",
    "script": "a script (<script>)",
    "form": "a form (<form>)",
    "canvas": "a drawing by script (<canvas>)",
    "video": "a video (<video>)",
    "audio": "a sound (<audio>)",
    "button": "a button (<button>)",
    "input": "a field (<input>)",
    "select": "a list to choose from (<select>)",
    "textarea": "a field (<textarea>)",
}
_RUN: Final = "data-paper-run"
_REMEDY: Final = (
    'put it within ::: {.content-visible when-format="html:js"}, and words or a picture for the others '
    'within ::: {.content-visible unless-format="html:js"}'
)
_HOLDER: Final = "paper-html"  # the class of a Div that only holds what was read
_PAPER: Final = frozenset(FORMATS) - {"html"}
# Elements that hold blocks, and those that hold such elements.
_HOLD_BLOCKS: Final = (pf.Doc, pf.Div, pf.BlockQuote, pf.ListItem, pf.Definition, pf.TableCell)
_LEAD_TO_BLOCKS: Final = (
    *_HOLD_BLOCKS, pf.BulletList, pf.OrderedList, pf.DefinitionList, pf.DefinitionItem,
    pf.Table, pf.TableHead, pf.TableBody, pf.TableFoot, pf.TableRow, pf.Figure,
)  # fmt: skip


def convert(doc: pf.Doc, source: Source, work: Path, cache: Cache) -> list[Fault]:
    """Put what pandoc reads in the HTML of a chapter into its tree, in place; returns what paper can't show.

    Tables stand in its stead; other HTML stays, for the page alone, beside what paper gets. work: folder for
    drawings (``<svg>``) that become images.
    """
    reader = _Reader(source, work, cache)
    reader.descend(doc, frozenset((*FORMATS, "epub")), None)
    reader.read()
    walk(doc, lambda div, _: list(div.content) if _HOLDER in div.classes else None, pf.Div)
    return [*reader.notices, *dead.attributes(doc, source)]


@dataclass
class _Run:
    """HTML that belongs together: the raw block that opens an element, up to the one that closes it.

    slots: what stands between its tags, by number; forms: the formats that it is meant for.
    """

    blocks: list[pf.Element]
    markup: str
    slots: dict[str, list[pf.Element]]
    forms: frozenset[str]
    place: Place
    holder: pf.Div = field(default_factory=lambda: pf.Div(classes=[_HOLDER]))


class _Reader:
    def __init__(self, source: Source, work: Path, cache: Cache) -> None:
        self.source = source
        self.work = work
        self.cache = cache
        self.notices: list[Fault] = []
        self.runs: list[_Run] = []
        self.lines = 0  # of the source, up to the last raw block that was placed

    # -- find -------------------------------------------------------------------------------------------------

    def descend(self, element: pf.Element, forms: frozenset[str], place: Place | None) -> None:
        """Gather the HTML in everything below that holds blocks, and put a holder in its stead."""
        if isinstance(element, pf.Div):
            forms &= frozenset(kept_formats(element))
            if given := element.attributes.pop(PLACE, ""):
                file, _, line = given.rpartition(":")
                place = Place(file, int(line)) if line.isdecimal() else Place(given)
                element.classes = [*element.classes, _HOLDER]
        if isinstance(element, _HOLD_BLOCKS):
            element.content = self._gather(list(element.content), forms, place)
        for name in ("head", "content", "foot"):
            child = getattr(element, name, None)
            for below in [child] if isinstance(child, pf.Element) else child or ():
                if isinstance(below, _LEAD_TO_BLOCKS):
                    self.descend(below, forms, place)

    def _gather(
        self, blocks: list[pf.Element], forms: frozenset[str], place: Place | None
    ) -> list[pf.Element]:
        results: list[pf.Element] = []
        at = 0
        while at < len(blocks):
            end = _end(blocks, at)
            if end == at:
                self._tell_inlines(blocks[at], forms, place)
                results.append(blocks[at])
                at += 1
                continue
            for block in blocks[at:end]:
                if isinstance(block, _LEAD_TO_BLOCKS):
                    self.descend(block, forms, place)  # before what it stands in, which copies it
            run = self._run(blocks[at:end], forms, place)
            self.runs.append(run)
            results.append(run.holder)
            at = end
        return results

    def _run(self, blocks: list[pf.Element], forms: frozenset[str], place: Place | None) -> _Run:
        markup: list[str] = []
        slots: dict[str, list[pf.Element]] = {}
        drawing = re.match(r"\s*<svg\b", blocks[0].text, re.I) is not None
        for block in blocks:
            if (text := _as_html(block, drawing)) is not None:
                markup.append(text)
                continue
            name = str(len(slots))
            slots[name] = [block]
            tag = "span" if re.match(r"\s*<h[1-6]\b", blocks[0].text, re.I) else "div"  # a heading is a line
            markup.append(f'<{tag} {SLOT}="{name}"></{tag}>')
        return _Run(blocks, "\n".join(markup), slots, forms, place or self._find(blocks[0].text))

    def _find(self, text: str) -> Place:
        """Return the line where the author wrote it: the next one below what was looked for last."""
        first = next((line.strip() for line in text.splitlines() if line.strip()), "")
        for at in (*range(self.lines, len(self.source.lines)), *range(self.lines)):
            if first in self.source.lines[at].text:
                self.lines = at + 1
                return Place(self.source.lines[at].file, self.source.lines[at].number)
        return Place(str(self.source.path))

    # -- read -------------------------------------------------------------------------------------------------

    def read(self) -> None:
        """Fill all holders, with one call of pandoc."""
        if not self.runs:
            return
        wanted: list[tuple[_Run, str, bool]] = []
        for run in self.runs:
            markup = self._with_drawings(run.markup)
            cleaned = self.cache.kept(
                "raw-html", digest(markup, installed.libraries()), partial(_cleaned, markup)
            )
            self._tell(run, cleaned["lost"], coloured=cleaned["coloured"])
            wanted.append((run, cleaned["body"], cleaned["alone"]))
        asked = "".join(f'<div {_RUN}="{n}">{markup}</div>' for n, (_, markup, _) in enumerate(wanted))
        read = trees.load(
            pandoc.run(asked, source="html-auto_identifiers-line_blocks+tex_math_dollars", to="json")
        )
        for (run, _, native), found in zip(wanted, read.content, strict=True):
            walk(found, _filled(run.slots))
            walk(found, _apart)
            walk(found, _uncounted)
            walk(found, tables.arranged)
            _fill(run, list(found.content), native)

    def _with_drawings(self, markup: str) -> str:
        """Drawings as images of their own: Typst and Word take them as files."""

        def image(match: re.Match[str]) -> str:
            drawing = match[0]
            if "xmlns=" not in drawing[: drawing.index(">")]:
                drawing = drawing.replace("<svg", '<svg xmlns="http://www.w3.org/2000/svg"', 1)
            path = self.work / f"{digest(drawing)}.svg"
            if not path.exists():
                write_atomic(path, drawing.encode("utf8"))
            label = re.search(r'aria-label="([^"]*)"|<title>([^<]*)</title>', drawing)
            return f'<img src="{path.as_posix()}" alt="{(label[1] or label[2]) if label else ""}">'

        return re.sub(r"<svg\b.*?</svg\s*>", image, markup, flags=re.S | re.I)

    def _tell_inlines(self, block: pf.Element, forms: frozenset[str], place: Place | None) -> None:
        """Tell what a line holds that only pages can have, or that no page runs."""
        if not isinstance(block, pf.Para | pf.Plain | pf.Header):
            return
        for part in block.content:
            if isinstance(part, pf.RawInline) and part.format == "html":
                opened = re.match(r"<([a-z]+)", part.text, re.I)
                lost = bool(forms & _PAPER and opened and opened[1].lower() in ONLY_ON_PAGES)
                at = place or (self._find(part.text) if lost or any(dead.parts(part.text)) else Place(""))
                if lost and opened:
                    self._tell_lost(opened[1].lower(), at)
                self._tell_dead(part.text, forms, at)

    def _tell_dead(self, markup: str, forms: frozenset[str], place: Place) -> None:
        """Tell what a page's security policy doesn't let act."""
        if "html" in forms:
            self.notices += dead.faults(markup, place)

    def _tell_lost(self, name: str, place: Place) -> None:
        message = f"{ONLY_ON_PAGES[name]} in raw HTML can't be shown in PDF, DOCX and JATS"
        self.notices.append(warning(place, "raw-html", message, _REMEDY))

    def _tell(self, run: _Run, lost: list[str], *, coloured: bool) -> None:
        self._tell_dead(run.markup, run.forms, run.place)
        if not run.forms & _PAPER:
            return
        for name in lost:
            self._tell_lost(name, run.place)
        if coloured:
            message = "the colours of a table's cells are not shown in DOCX and JATS"
            remedy = "say in words or by bold type what they mean, as readers who don't see colours need, too"
            file, line = str(run.place.file), run.place.line
            self.notices.append(Fault(file, line, "table-colours", message, remedy, "note"))


def _cleaned(markup: str) -> dict[str, Any]:
    """Return of some HTML what pandoc is to read.

    body: its markup; alone: whether it is tables and nothing else; lost: the elements that only pages can have;
    coloured: whether cells of tables have colours.
    """
    from bs4 import BeautifulSoup

    soup = BeautifulSoup(markup, "lxml")
    alone = has_table(markup) and tables.alone(soup)
    tables.inline_styles(soup)
    outer = [tag for tag in soup(list(ONLY_ON_PAGES)) if tag.find_parent("form") is None]
    lost = list(dict.fromkeys(tag.name for tag in outer))
    coloured = any(
        re.search(r"(^|;)\s*(background|color)", str(cell["style"]))
        for cell in soup.find_all(["td", "th"], style=True)
    )
    for element in soup(WORDLESS):
        element.decompose()
    for table in soup("table"):
        tables.clean(table, soup)
    _readable(soup)
    body = soup.body.decode_contents() if soup.body is not None else ""
    return {"body": body, "alone": alone, "lost": lost, "coloured": coloured}


def _is_html(block: pf.Element) -> bool:
    return isinstance(block, pf.RawBlock) and block.format in ("html", "html5", "html4")


def _as_html(block: pf.Element, drawing: bool) -> str | None:
    """Return the HTML that a block is; in a drawing, tags and words of a line are HTML, too."""
    if _is_html(block):
        return str(block.text)
    if not drawing or not isinstance(block, pf.Plain | pf.Para):
        return None
    return "".join(
        part.text if isinstance(part, pf.RawInline) else html.escape(pf.stringify(part), quote=False)
        for part in block.content
    )


def _end(blocks: list[pf.Element], start: int) -> int:
    """Past the block that closes what the raw block at ``start`` opens; ``start`` itself where there is nothing."""
    if not _is_html(blocks[start]):
        return start
    text = blocks[start].text
    tags = _Tags(text)
    if not tags.seen:
        return start if re.fullmatch(r"\s*(<!--.*?-->\s*)*", text, re.S) else start + 1
    if not tags.open:
        return start + 1 if not tags.stray else start
    for at in range(start + 1, len(blocks)):
        if _is_html(blocks[at]):
            tags.feed(blocks[at].text)
            if not tags.open:
                return at + 1
    return start


class _Tags(HTMLParser):
    """Counts what is open of the first element that a piece of HTML leaves open. stray: a closing tag without one."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.stack: list[str] = []
        self.seen = self.stray = False
        self.feed(text)

    @property
    def open(self) -> bool:
        return bool(self.stack)

    def handle_starttag(self, tag: str, _: object) -> None:
        self.seen = True
        if tag not in VOID:
            self.stack.append(tag)

    def handle_startendtag(self, _: str, __: object) -> None:
        self.seen = True

    def handle_endtag(self, tag: str) -> None:
        self.seen = True
        if tag in self.stack:
            while self.stack.pop() != tag:
                pass
        else:
            self.stray = True


def _readable(soup: BeautifulSoup) -> None:
    """Set what pandoc would pass over in the form that says it: a summary as a line of its own."""
    for summary in soup("summary"):
        summary.name = "p"
        strong = soup.new_tag("strong")
        for child in list(summary.contents):
            strong.append(child.extract())
        summary.append(strong)


def _filled(slots: dict[str, list[pf.Element]]) -> Callable[[pf.Element, object], list[pf.Element] | None]:
    def fill(element: pf.Element, _: object) -> list[pf.Element] | None:
        if isinstance(element, pf.Div) and SLOT.removeprefix("data-") in element.attributes:
            return slots[element.attributes[SLOT.removeprefix("data-")]]
        if isinstance(element, pf.Span) and SLOT.removeprefix("data-") in element.attributes:
            blocks = slots[element.attributes[SLOT.removeprefix("data-")]]
            return [inline for block in blocks for inline in getattr(block, "content", ())]
        return None

    return fill


def _apart(element: pf.Element, _: object) -> None:
    """Lines that stood in paragraphs of their own, as paragraphs: pandoc sets lines of one cell side by side."""
    if (
        isinstance(element, pf.TableCell | pf.ListItem)
        and sum(isinstance(b, pf.Plain) for b in element.content) > 1
    ):
        element.content = [pf.Para(*b.content) if isinstance(b, pf.Plain) else b for b in element.content]


def _uncounted(element: pf.Element, _: object) -> None:
    """Take a heading in HTML out of the numbers: the page shows none."""
    if isinstance(element, pf.Header):
        element.classes = [*element.classes, "unnumbered", "unlisted"]


def _fill(run: _Run, read: list[pf.Element], native: bool) -> None:
    """Put what was read into the run's holder."""
    if native:
        run.holder.content = _without_wrappers(read)
        return
    results: list[pf.Element] = []
    if "html" in run.forms:
        results.append(pf.Div(*run.blocks, classes=["paper-only"], attributes={"only": "html"}))
    others = sorted(_PAPER) if run.forms & _PAPER else sorted(run.forms - {"html"})
    if read and others:
        copied = trees.copy(pf.Doc(*read, api_version=(1, 23, 1))).content
        results.append(pf.Div(*copied, classes=["paper-only"], attributes={"only": " ".join(others)}))
    run.holder.content = results


def _without_wrappers(blocks: Iterable[pf.Element]) -> list[pf.Element]:
    """Tables out of the Divs that libraries put around them."""
    results: list[pf.Element] = []
    for block in blocks:
        if isinstance(block, pf.Div) and not block.identifier:
            results += _without_wrappers(block.content)
        elif not isinstance(block, pf.Plain | pf.Para):
            results.append(block)
        elif pf.stringify(block).strip():
            results.append(pf.Para(*_without_breaks(list(block.content))))
    return results


def _without_breaks(words: list[pf.Element]) -> list[pf.Element]:
    """Return a line without the breaks that only set it off from the table above."""
    while words and isinstance(words[0], pf.LineBreak | pf.Space | pf.SoftBreak):
        words.pop(0)
    while words and isinstance(words[-1], pf.LineBreak | pf.Space | pf.SoftBreak):
        words.pop()
    return words
