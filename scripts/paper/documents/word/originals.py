"""The text of a Word file as it was before its tracked changes, and these changes as positions in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from paper.documents.word.ooxml import BREAK, Mark, Paragraph, Piece, WordFile, paragraph_kind


@dataclass
class Insertion:
    """Text that was inserted at one place."""

    offset: int
    pieces: list[Piece]
    mark: Mark

    @property
    def text(self) -> str:
        """The words; ``BREAK`` is the end of a paragraph."""
        return "".join(piece.text for piece in self.pieces)


@dataclass
class Deletion:
    """Text that was deleted."""

    start: int
    end: int
    mark: Mark


@dataclass
class Original:
    """A paragraph as it was before tracked changes."""

    pieces: list[Piece] = field(default_factory=list)
    table: bool = False
    note: str = ""
    """The kind of note that it stands in, or ""."""
    bookmarks: list[str] = field(default_factory=list)
    style: str = ""
    restyled: Mark | None = None
    insertions: list[Insertion] = field(default_factory=list)
    deletions: list[Deletion] = field(default_factory=list)
    joined: Mark | None = None
    """Who deleted its end, which joins it to the next."""
    comments: dict[str, tuple[int, int]] = field(default_factory=dict)
    """Where each comment begins and ends in the text, by its id."""
    item: bool = False
    """Whether it has a bullet or a number."""
    others: list[tuple[str, Mark]] = field(default_factory=list)
    """Changes at it that leave its words as they were."""

    @property
    def text(self) -> str:
        """The words."""
        return "".join(piece.text for piece in self.pieces)

    @property
    def kind(self) -> str:
        """What it is, as ``ooxml.Paragraph.kind``."""
        return paragraph_kind(self.style, self.item)

    @property
    def formats(self) -> list[frozenset[str]]:
        """The format of each character."""
        return [piece.formats for piece in self.pieces for _ in piece.text]

    @property
    def objects(self) -> list[str]:
        """What its objects are, in order: notes without their ids."""
        return [object_name(piece) for piece in self.pieces if piece.note]


def object_name(piece: Piece) -> str:
    """Return what an object is, in words that a change of ids leaves as they are."""
    kind, _, rest = piece.note.partition(" ")
    return kind if kind in ("footnote", "endnote", "picture") else f"{kind} {rest}".strip()


def originals(file: WordFile) -> list[Original]:
    """Return the paragraphs of the body, then those of its notes in the order of their references."""
    body = list(_merged(file.paragraphs, ""))
    cited = [piece.note for one in body for piece in one.pieces if piece.note in file.notes]
    notes = [one for name in cited for one in _merged(file.notes[name], name.partition(" ")[0])]
    return [*body, *notes]


def _merged(paragraphs: list[Paragraph], note: str) -> Iterator[Original]:
    """Yield the paragraphs of one story, those with an inserted end joined to what follows."""
    current: Original | None = None
    before: Paragraph | None = None  # the last one, where its end was inserted
    open_comments: dict[str, Original] = {}
    for paragraph in paragraphs:
        if current is not None and current.table != paragraph.table:
            yield current
            current = None
        if current is not None and before is not None:
            _end(current, before, paragraph.kind)
        current = current or Original(table=paragraph.table, note=note, style=paragraph.style)
        _add(current, paragraph, open_comments)
        before = paragraph if paragraph.ending.is_new else None
        if before is not None:
            continue
        current.style, current.restyled, current.item = paragraph.style, paragraph.restyled, paragraph.item
        if paragraph.ending.state:
            current.joined = paragraph.ending
        yield current
        current = None
    if current is not None:
        if before is not None:
            _end(current, before, "")
        yield current


def _end(current: Original, before: Paragraph, opens: str) -> None:
    """Put the inserted end of a paragraph; opens: what the next one is."""
    at = sum(len(piece.text) for piece in current.pieces)
    _insert(current, at, Piece(BREAK, mark=before.ending, closes=before.kind, opens=opens))


def _add(current: Original, paragraph: Paragraph, open_comments: dict[str, Original]) -> None:
    """Add a paragraph's content. open_comments: where those begin that go on from paragraph to paragraph."""
    at = sum(len(piece.text) for piece in current.pieces)
    offsets = [at]
    for piece in paragraph.pieces:
        if piece.mark.is_new:
            _insert(current, at, piece)
        else:
            if piece.mark.state:
                _delete(current, at, at + len(piece.text), piece.mark)
            current.pieces.append(piece)
            at += len(piece.text)
        offsets.append(at)
    current.bookmarks += paragraph.bookmarks
    current.others += paragraph.others
    for identifier, begins, pieces in paragraph.comments:
        first = open_comments.get(identifier)
        if first is not None and first is not current:
            first.comments.pop(identifier, None)  # it is told once, where it ends
            current.comments.setdefault(identifier, (0, 0))
        open_comments[identifier] = current
        start, _ = current.comments.get(identifier, (offsets[pieces], 0))
        current.comments[identifier] = (offsets[pieces] if begins else start, offsets[pieces])


def _same_hand(one: Mark, other: Mark) -> bool:
    return (one.state, one.author, one.move) == (other.state, other.author, other.move)


def _insert(current: Original, at: int, piece: Piece) -> None:
    last = current.insertions[-1] if current.insertions else None
    if last and last.offset == at and _same_hand(last.mark, piece.mark):
        last.pieces.append(piece)
    else:
        current.insertions.append(Insertion(at, [piece], piece.mark))


def _delete(current: Original, start: int, end: int, mark: Mark) -> None:
    last = current.deletions[-1] if current.deletions else None
    if last and last.end == start and _same_hand(last.mark, mark):
        last.end = end
    else:
        current.deletions.append(Deletion(start, end, mark))
