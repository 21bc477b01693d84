"""What stands in a Word file: its paragraphs with tracked changes, comments, notes and formats.

ECMA-376, part 1: 17.13.5 (revisions), 17.13.4 (comments), 17.11 (notes).
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from lxml import etree

from paper.errors import Place, SourceError

W: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
M: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
WP: Final = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
W14: Final = "{http://schemas.microsoft.com/office/word/2010/wordml}"
W15: Final = "{http://schemas.microsoft.com/office/word/2012/wordml}"
MC: Final = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
OBJECT: Final = "\ufffc"  # stands for a picture, a formula, a note
BREAK: Final = "\n"  # the end of a paragraph that was inserted
MOST_BYTES: Final = 400_000_000  # of a part, unpacked

State = Literal["", "insert", "delete", "move to", "move from"]
_STATES: Final[dict[str, State]] = {
    f"{W}ins": "insert", f"{W}del": "delete", f"{W}moveTo": "move to", f"{W}moveFrom": "move from",
}  # fmt: skip
_CELLS: Final[dict[str, State]] = {f"{W}cellIns": "insert", f"{W}cellDel": "delete"}
_FORMATS: Final = {"b": "bold", "i": "italic", "strike": "struck out"}
_CHARACTERS: Final = {
    f"{W}tab": "\t", f"{W}br": "\v", f"{W}cr": "\v", f"{W}noBreakHyphen": "\u2011",
    f"{W}softHyphen": "\u00ad",
}  # fmt: skip
_WRAPPERS: Final = {
    f"{W}{name}" for name in ("hyperlink", "smartTag", "sdt", "sdtContent", "fldSimple", "customXml", "bdo", "dir")
}  # fmt: skip
_LAYOUT: Final = {
    f"{W}sectPrChange": "the page's layout was changed",
    f"{W}tblPrChange": "a table's format was changed",
    f"{W}trPrChange": "the format of a table's row was changed",
    f"{W}tcPrChange": "the format of a table's cell was changed",
}  # fmt: skip


@dataclass(frozen=True)
class Mark:
    """Who changed something, and how."""

    state: State = ""
    author: str = ""
    date: str = ""
    move: str = ""
    """The name that both ends of a move share."""

    @property
    def is_new(self) -> bool:
        """Whether what it marks isn't part of the original."""
        return self.state in ("insert", "move to")


@dataclass(frozen=True)
class Piece:
    """A run of text of one format."""

    text: str
    formats: frozenset[str] = frozenset()
    mark: Mark = field(default_factory=Mark)
    note: str = ""
    """What an object is: the kind and id of a note, a picture's description, a formula's signs."""
    reformatted: Mark | None = None
    """Who changed its format, where that was tracked."""
    closes: str = ""
    """Of a break: what the paragraph before it is: "item", "heading 2", "" for text."""
    opens: str = ""
    """Of a break: what the paragraph after it is."""


@dataclass
class Paragraph:
    """A paragraph as the file has it."""

    pieces: list[Piece] = field(default_factory=list)
    table: bool = False
    """Whether it stands in a table."""
    ending: Mark = field(default_factory=Mark)
    """Whether its end was inserted or deleted."""
    bookmarks: list[str] = field(default_factory=list)
    comments: list[tuple[str, bool, int]] = field(default_factory=list)
    """Comments that begin (True) or end (False) here: id, which, and the number of pieces before."""
    style: str = ""
    """The name of its style, in lower case, as Word's own language has it: "heading 2"."""
    restyled: Mark | None = None
    """Who changed its style, list or alignment, where that was tracked."""
    item: bool = False
    """Whether it has a bullet or a number."""
    others: list[tuple[str, Mark]] = field(default_factory=list)
    """Changes at it that leave its words as they were: what happened, and by whom."""

    @property
    def kind(self) -> str:
        """What it is, as ``paragraph_kind``."""
        return paragraph_kind(self.style, self.item)


def paragraph_kind(style: str, item: bool) -> str:
    """Return what a paragraph is: "heading 2", "item" of a list, "" for text."""
    return style if re.fullmatch(r"heading [1-6]", style) else "item" if item else ""


@dataclass(frozen=True)
class Comment:
    """A comment."""

    author: str
    date: str
    words: str
    resolved: bool = False
    """Whether it, or the one that it answers, was marked as resolved."""


@dataclass
class WordFile:
    """A Word file's text."""

    paragraphs: list[Paragraph]
    """Those of the body, those of tables among them."""
    notes: dict[str, list[Paragraph]]
    """The paragraphs of each note, by its kind and id, "footnote 2"."""
    comments: dict[str, Comment]
    margins: tuple[str, ...] = ()
    """The paragraphs of headers and footers."""


def read(content: bytes, name: str) -> WordFile:
    """Read a Word file. name: what errors call it. Raises SourceError for what is none."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = {
                part: _parse(archive, f"word/{part}.xml")
                for part in ("document", "styles", "footnotes", "endnotes", "comments", "commentsExtended")
            }
            margins = [
                _parse(archive, part)
                for part in archive.namelist()
                if re.fullmatch(r"word/(?:header|footer)\d*\.xml", part)
            ]
    except (zipfile.BadZipFile, etree.XMLSyntaxError, KeyError, ValueError) as error:
        raise SourceError(
            f"this is no Word file that can be read: {error}",
            place=Place(name),
            remedy="save it as Word document (.docx) again, without a password",
        ) from None
    body = parts["document"]
    if body is None:
        raise SourceError("the file holds no document", place=Place(name), remedy="save it as .docx again")
    styles = _style_names(parts["styles"])
    notes: dict[str, list[Paragraph]] = {}
    for kind in ("footnote", "endnote"):
        root = parts[f"{kind}s"]
        for note in [] if root is None else root.iter(f"{W}{kind}"):
            if note.get(f"{W}type") in (None, "normal"):
                notes[f"{kind} {note.get(f'{W}id')}"] = list(_paragraphs(note, styles))
    comments = dict(_comments(parts["comments"], parts["commentsExtended"]))
    words = ("".join(piece.text for piece in p.pieces) for root in margins for p in _paragraphs(root, styles))
    return WordFile(list(_paragraphs(body, styles)), notes, comments, tuple(words))


def _style_names(root: Any) -> dict[str, str]:
    """Return the names of styles by their ids, which programs choose as they like."""
    names = {}
    for style in () if root is None else root.iter(f"{W}style"):
        name = style.find(f"{W}name")
        names[style.get(f"{W}styleId") or ""] = (
            (name.get(f"{W}val") or "").lower() if name is not None else ""
        )
    return names


def _parse(archive: zipfile.ZipFile, name: str) -> Any:
    if name not in archive.namelist():
        return None
    if archive.getinfo(name).file_size > MOST_BYTES:
        raise ValueError(f"{name} is too large")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True)
    return etree.fromstring(archive.read(name), parser)


def _comments(root: Any, extended: Any) -> Iterator[tuple[str, Comment]]:
    """Yield comments by their ids. extended: which of them are resolved, by their last paragraph ([MS-DOCX] 2.5.3)."""
    done = {
        one.get(f"{W15}paraId"): one.get(f"{W15}done") in ("1", "true")
        for one in (() if extended is None else extended.iter(f"{W15}commentEx"))
    }
    for comment in () if root is None else root.iter(f"{W}comment"):
        paragraphs = ["".join(piece.text for piece in p.pieces) for p in _paragraphs(comment, {})]
        words = " ".join(" ".join(paragraphs).replace(OBJECT, "").split())
        about = (comment.get(f"{W}author") or "", comment.get(f"{W}date") or "")
        last = [p.get(f"{W14}paraId") for p in comment.iter(f"{W}p")][-1:]
        yield comment.get(f"{W}id") or "", Comment(*about, words, bool(last and done.get(last[0])))


def _paragraphs(root: Any, styles: dict[str, str]) -> Iterator[Paragraph]:
    """Yield the paragraphs beneath an element, without those within other paragraphs (in drawings)."""
    moves: dict[str, str] = {}
    layout: list[tuple[str, Mark]] = []
    made: Paragraph | None = None
    for element in root.iter(f"{W}p", f"{W}moveFromRangeStart", f"{W}moveToRangeStart", *_LAYOUT):
        if element.tag in _LAYOUT:
            layout.append((_LAYOUT[element.tag], _mark(element, "", "")))
            continue
        if element.tag != f"{W}p":
            moves["from" if "From" in element.tag else "to"] = element.get(f"{W}name") or ""
            continue
        above = list(element.iterancestors())
        if any(node.tag == f"{W}p" for node in above):
            continue
        if made is not None:
            yield made
        row = next((node for node in above if node.tag == f"{W}tr"), None)
        cell = next((node for node in above if node.tag == f"{W}tc"), None)
        mark = _mark_of(row.find(f"{W}trPr") if row is not None else None)
        reader = _Reader(moves)
        reader.paragraph(element, mark if mark.state or cell is None else _mark_of(cell.find(f"{W}tcPr")))
        made = reader.made
        made.table = row is not None
        made.style = styles.get(made.style, made.style.lower())
        made.others += layout
        layout.clear()
    if made is not None:
        made.others += layout
        yield made


def _mark_of(properties: Any) -> Mark:
    """Return the change that properties of a paragraph's end, a row or a cell tell of."""
    for tag, state in {**_STATES, **_CELLS}.items() if properties is not None else ():
        if (element := properties.find(tag)) is not None:
            return _mark(element, state, "")
    return Mark()


def _mark(element: Any, state: State, move: str) -> Mark:
    return Mark(state, element.get(f"{W}author") or "", element.get(f"{W}date") or "", move)


class _Reader:
    """Reads one paragraph."""

    def __init__(self, moves: dict[str, str]) -> None:
        self.moves = moves
        self.made = Paragraph()

    def paragraph(self, element: Any, row: Mark) -> None:
        """Read the paragraph's ending and content; row: what became of the table's row that holds it."""
        properties = element.find(f"{W}pPr")
        if properties is not None:
            self.made.ending = _mark_of(properties.find(f"{W}rPr"))
            style = properties.find(f"{W}pStyle")
            self.made.style = style.get(f"{W}val") or "" if style is not None else ""
            change = properties.find(f"{W}pPrChange")
            self.made.restyled = None if change is None else _mark(change, "", "")
            number = properties.find(f"{W}numPr/{W}numId")
            self.made.item = number is not None and number.get(f"{W}val") not in (None, "0")
        self._content(element, row)

    def _content(self, element: Any, mark: Mark) -> None:
        for child in element:
            tag = child.tag
            if tag in _STATES:
                state = _STATES[tag]
                new = _mark(child, state, self.moves.get(state.removeprefix("move "), ""))
                if mark.state and new.is_new != mark.is_new:
                    self._taken_back(child, *((mark, new) if mark.is_new else (new, mark)))
                else:
                    self._content(child, new)
            elif tag == f"{W}r":
                self._run(child, mark)
            elif tag == f"{W}bookmarkStart":
                self.made.bookmarks.append(child.get(f"{W}name") or "")
            elif tag in (f"{W}commentRangeStart", f"{W}commentRangeEnd"):
                begins = tag.endswith("Start")
                self.made.comments.append((child.get(f"{W}id") or "", begins, len(self.made.pieces)))
            elif tag in (f"{M}oMath", f"{M}oMathPara"):
                signs = "".join("".join(child.itertext(f"{M}t")).split())
                self.made.pieces.append(Piece(OBJECT, mark=mark, note=f"formula {signs}"))
            elif tag in (f"{W}moveFromRangeStart", f"{W}moveToRangeStart"):
                self.moves["from" if "From" in tag else "to"] = child.get(f"{W}name") or ""
            elif tag in _WRAPPERS:
                self._content(child, mark)
            elif tag == f"{MC}AlternateContent":
                self._content(child[0], mark)  # the first choice is what Word shows

    def _taken_back(self, element: Any, put: Mark, gone: Mark) -> None:
        """Keep in mind words that one inserted and another deleted: they are in neither text."""
        words = "".join(text.text or "" for text in element.iter(f"{W}t", f"{W}delText"))
        about = f"“{words}”, inserted by {put.author or 'somebody'}, was deleted again by {gone.author or 'somebody'}"
        self.made.others.append((about, gone))

    def _run(self, run: Any, mark: Mark) -> None:
        formats, reformatted = self._formats(run.find(f"{W}rPr"))
        text = ""
        for child in run.iter():
            tag = child.tag
            if tag in (f"{W}t", f"{W}delText") and child.getparent() is run:
                text += child.text or ""
            elif tag in _CHARACTERS and child.getparent() is run:
                text += _CHARACTERS[tag]
            elif note := self._object(child, run):
                self._add(text, formats, mark, reformatted)
                text = ""
                self.made.pieces.append(Piece(OBJECT, formats, mark, note, reformatted))
            elif tag == f"{W}commentReference":
                # LibreOffice and Word mark a comment without a range by this alone.
                identifier = child.get(f"{W}id") or ""
                if not any(known == identifier for known, _, _ in self.made.comments):
                    self.made.comments.append((identifier, False, len(self.made.pieces)))
        self._add(text, formats, mark, reformatted)

    def _add(self, text: str, formats: frozenset[str], mark: Mark, reformatted: Mark | None) -> None:
        if text:
            self.made.pieces.append(Piece(text, formats, mark, "", reformatted))

    def _object(self, element: Any, run: Any) -> str:
        """Describe an element that isn't text; "" for any other."""
        for kind in ("footnote", "endnote"):
            if element.tag == f"{W}{kind}Reference":
                return f"{kind} {element.get(f'{W}id')}"
        if element.tag in (f"{W}drawing", f"{W}pict", f"{W}object"):
            if any(node.tag.endswith("}Fallback") for node in element.iterancestors() if node is not run):
                return ""
            described = next(element.iter(f"{WP}docPr"), None)
            words = described.get("descr") or "" if described is not None else ""
            return f"picture {' '.join([words, *element.itertext(f'{W}t')])}"
        if element.tag == f"{W}sym":
            return f"symbol {element.get(f'{W}font')} {element.get(f'{W}char')}"
        return ""

    def _formats(self, properties: Any) -> tuple[frozenset[str], Mark | None]:
        if properties is None:
            return frozenset(), None
        formats = set()
        for name, word in _FORMATS.items():
            element = properties.find(f"{W}{name}")
            if element is not None and element.get(f"{W}val") not in ("0", "false", "none"):
                formats.add(word)
        vertical = properties.find(f"{W}vertAlign")
        if vertical is not None and vertical.get(f"{W}val") in ("superscript", "subscript"):
            formats.add(vertical.get(f"{W}val"))
        change = properties.find(f"{W}rPrChange")
        return frozenset(formats), None if change is None else _mark(change, "", "")
