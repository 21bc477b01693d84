"""What stands in a Word file: its paragraphs with tracked changes, comments, notes and formats.

ECMA-376, part 1: 17.13.5 (revisions), 17.13.4 (comments), 17.11 (notes).
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from lxml import etree

from paper.errors import Place, SourceError

W: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
M: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
WP: Final = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
OBJECT: Final = "\ufffc"  # stands for a picture, a formula, a note
BREAK: Final = "\n"  # the end of a paragraph that was inserted
MOST_BYTES: Final = 400_000_000  # of a part, unpacked

State = Literal["", "insert", "delete", "move to", "move from"]
_STATES: Final[dict[str, State]] = {
    f"{W}ins": "insert", f"{W}del": "delete", f"{W}moveTo": "move to", f"{W}moveFrom": "move from",
}  # fmt: skip
_FORMATS: Final = {"b": "bold", "i": "italic", "strike": "struck out"}
_CHARACTERS: Final = {
    f"{W}tab": "\t", f"{W}br": "\v", f"{W}cr": "\v", f"{W}noBreakHyphen": "\u2011", f"{W}softHyphen": "",
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


@dataclass(frozen=True)
class Comment:
    """A comment."""

    author: str
    date: str
    words: str


@dataclass
class WordFile:
    """A Word file's text."""

    paragraphs: list[Paragraph]
    """Those of the body, those of tables among them."""
    notes: dict[str, list[Paragraph]]
    """The paragraphs of each note, by its kind and id, "footnote 2"."""
    comments: dict[str, Comment]


def read(content: bytes, name: str) -> WordFile:
    """Read a Word file. name: what errors call it. Raises SourceError for what is none."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = {
                part: _parse(archive, f"word/{part}.xml")
                for part in ("document", "styles", "footnotes", "endnotes", "comments")
            }
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
    return WordFile(list(_paragraphs(body, styles)), notes, dict(_comments(parts["comments"])))


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


def _comments(root: Any) -> Iterator[tuple[str, Comment]]:
    for comment in () if root is None else root.iter(f"{W}comment"):
        paragraphs = ["".join(piece.text for piece in p.pieces) for p in _paragraphs(comment, {})]
        words = " ".join(" ".join(paragraphs).replace(OBJECT, "").split())
        about = (comment.get(f"{W}author") or "", comment.get(f"{W}date") or "")
        yield comment.get(f"{W}id") or "", Comment(*about, words)


def _paragraphs(root: Any, styles: dict[str, str]) -> Iterator[Paragraph]:
    """Yield the paragraphs beneath an element, without those within other paragraphs (in drawings)."""
    moves: dict[str, str] = {}
    for element in root.iter(f"{W}p", f"{W}moveFromRangeStart", f"{W}moveToRangeStart"):
        if element.tag != f"{W}p":
            moves["from" if "From" in element.tag else "to"] = element.get(f"{W}name") or ""
            continue
        above = list(element.iterancestors())
        if any(node.tag == f"{W}p" for node in above):
            continue
        row = next((node for node in above if node.tag == f"{W}tr"), None)
        reader = _Reader(moves)
        reader.paragraph(element, _mark_of(row.find(f"{W}trPr") if row is not None else None))
        reader.made.table = row is not None
        reader.made.style = styles.get(reader.made.style, reader.made.style.lower())
        yield reader.made


def _mark_of(properties: Any) -> Mark:
    """Return the change that properties of a paragraph's end or a row tell of."""
    for tag, state in _STATES.items() if properties is not None else ():
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
        self._content(element, row)

    def _content(self, element: Any, mark: Mark) -> None:
        for child in element:
            tag = child.tag
            if tag in _STATES:
                state = _STATES[tag]
                self._content(child, _mark(child, state, self.moves.get(state.removeprefix("move "), "")))
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
            elif tag in (f"{W}hyperlink", f"{W}smartTag", f"{W}sdt", f"{W}sdtContent", f"{W}fldSimple"):
                self._content(child, mark)

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
