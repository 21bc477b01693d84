"""What a co-author changed: every difference between the file that was sent and the file that came back.

Tracked changes tell their author. What was changed without tracking is found by comparing the text under the tracked
changes with the text that was sent.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Final, Literal

from paper.documents.word.alignment import Step, align, place_in, ranges_in, steps_between
from paper.documents.word.ooxml import BREAK, OBJECT, Comment, Mark, Piece, WordFile
from paper.documents.word.originals import Original

Kind = Literal["insertion", "deletion", "replacement", "move", "comment", "format", "object"]
LEAST_MOVED: Final = 4  # words that were moved where they are gone here and come there
UNTRACKED: Final = Mark()
GONE: Final = ("delete", "move from")


@dataclass(frozen=True)
class Change:
    """One change, by its place in the paragraphs that were sent."""

    kind: Kind
    paragraph: int
    start: int
    end: int
    """Positions in the paragraph's text; one past it where the paragraph's end is deleted."""
    pieces: tuple[Piece, ...] = ()
    """What is put there."""
    mark: Mark = UNTRACKED
    words: str = ""
    """Of a comment or a format: what it says."""
    origin: tuple[int, int, int] | None = None
    """Of what was moved here: paragraph, start and end of where it stood."""
    after: bool = field(default=False)
    """Whether new paragraphs stand after this one, which keeps its own words."""

    @property
    def text(self) -> str:
        """The words that are put there."""
        return "".join(piece.text for piece in self.pieces)


def changes(sent: list[Original], received: list[Original], file: WordFile, before: WordFile) -> list[Change]:
    """Return every change of a file that came back, in the order of the text that was sent.

    file, before: the files themselves, for their comments.
    """
    pairs = align(sent, received)
    results: list[Change] = []
    last = 0
    for at, mine in pairs:
        if at is None:
            results += [] if mine is None else _new_paragraph(last, sent[last], received[mine], file)
        elif mine is None:
            results.append(Change("deletion", at, 0, len(sent[at].text) + 1))
        else:
            results += _paragraph(at, sent[at], received[mine])
            results += _comments(at, sent[at], received[mine], file, before)
        last = at if at is not None else last
    results += _apart(received, file, before)
    return sorted(_moves(_joined(results, sent), sent), key=lambda one: (one.paragraph, one.start, one.end))


# -- one paragraph ------------------------------------------------------------------------------------------------


def _paragraph(at: int, sent: Original, received: Original) -> Iterator[Change]:
    """Yield what was changed in a paragraph, in positions of the text that was sent."""
    before = sent.text
    steps = steps_between(before, received.text)
    for a, b, c, d, kind in steps:
        if kind == "differs":
            pieces = [piece for piece in _slice(received.pieces, c, d) if piece.mark.state not in GONE]
            if pieces or a < b:
                yield Change(_kind(a < b, bool(pieces)), at, a, b, tuple(pieces))
    for inserted in received.insertions:
        place = place_in(steps, inserted.offset)
        yield Change("insertion", at, place, place, tuple(inserted.pieces), inserted.mark)
    for deleted in received.deletions:
        # What of it came in without tracking is in neither text, and is told by neither.
        for start, end in ranges_in(steps, deleted.start, deleted.end):
            yield Change("deletion", at, start, end, (), deleted.mark)
    if received.joined is not None:
        yield Change("deletion", at, len(before), len(before) + 1, (), received.joined)
    yield from _formats(at, sent, received, steps)
    yield from _objects(at, sent, received)
    yield from _style(at, sent, received)
    for words, mark in received.others:
        yield Change("format", at, 0, len(before), (), mark, words)


def _slice(pieces: list[Piece], start: int, end: int) -> Iterator[Piece]:
    at = 0
    for piece in pieces:
        text = piece.text[max(0, start - at) : max(0, end - at)]
        at += len(piece.text)
        if text:
            yield replace(piece, text=text)


def _kind(removed: bool, added: bool) -> Kind:
    return "replacement" if removed and added else "deletion" if removed else "insertion"


def _formats(at: int, sent: Original, received: Original, steps: list[Step]) -> Iterator[Change]:
    """Yield changes of format alone, each as one stretch."""
    before, after = sent.formats, received.formats
    authors = [piece.reformatted for piece in received.pieces for _ in piece.text]
    stretch: tuple[int, int, frozenset[str], Mark] | None = None
    for a, b, c, d, kind in steps:
        if kind != "same":
            continue
        for ours, theirs in zip(range(a, b), range(c, d), strict=True):
            differs = before[ours] ^ after[theirs]
            if not differs or sent.text[ours].isspace():
                continue
            mark = authors[theirs] or UNTRACKED
            if stretch and stretch[2:] == (differs, mark) and not sent.text[stretch[1] : ours].strip():
                stretch = (stretch[0], ours + 1, differs, mark)
                continue
            if stretch:
                yield _format(at, stretch)
            stretch = (ours, ours + 1, differs, mark)
    if stretch:
        yield _format(at, stretch)


def _format(at: int, stretch: tuple[int, int, frozenset[str], Mark]) -> Change:
    start, end, differs, mark = stretch
    words = f"{', '.join(sorted(differs))} changed"
    return Change("format", at, start, end, (), mark, words)


def _objects(at: int, sent: Original, received: Original) -> Iterator[Change]:
    """Yield formulas and pictures that are others than those sent, in their places."""
    if len(sent.objects) != len(received.objects):
        return  # told as text that was inserted or deleted
    places = [n for n, character in enumerate(sent.text) if character == OBJECT]
    for place, one, other in zip(places, sent.objects, received.objects, strict=False):
        if re.sub(r"\W", "", one) != re.sub(r"\W", "", other):
            yield Change("object", at, place, place + 1, (), UNTRACKED, f"{other or one} was {one}")


def _style(at: int, sent: Original, received: Original) -> Iterator[Change]:
    """Yield a change of a paragraph's style: one that was tracked, or of the level of a heading."""
    levels = [re.fullmatch(r"heading \d", one.style) for one in (sent, received)]
    before, after = (level[0] if level else "text" for level in levels)
    if before != after or received.restyled is not None:
        words = f"{before} became {after}" if before != after else "its style, list or alignment changed"
        yield Change("format", at, 0, len(sent.text), (), received.restyled or UNTRACKED, words)


def _new_paragraph(last: int, before: Original, new: Original, file: WordFile) -> Iterator[Change]:
    """Yield a paragraph that came in without tracking, and what was tracked in it."""
    pieces = [Piece(BREAK, closes=before.kind, opens=new.kind), *new.pieces]
    offset = len(before.text)
    if new.table:
        text = new.text + "".join(inserted.text for inserted in new.insertions)
        mark = next((inserted.mark for inserted in new.insertions), UNTRACKED)
        yield Change("object", last, offset, offset, (), mark, f"a cell of a table came in: {text.strip()}")
        return
    yield Change("insertion", last, offset, offset, tuple(pieces), after=True)
    for inserted in new.insertions:
        yield Change("insertion", last, offset, offset, tuple(inserted.pieces), inserted.mark, after=True)
    for comment in (file.comments[name] for name in new.comments if name in file.comments):
        mark = Mark("", comment.author, comment.date)
        yield Change("comment", last, offset, offset, (), mark, _said(comment), after=True)


def _comments(
    at: int, sent: Original, received: Original, file: WordFile, before: WordFile
) -> Iterator[Change]:
    """Yield the comments that the file had not when it was sent."""
    known = {
        (start, before.comments[name].words)
        for name, (start, _) in sent.comments.items()
        if name in before.comments
    }
    words = {before.comments[name].words for name in sent.comments if name in before.comments}
    there = {file.comments[name].words for name in received.comments if name in file.comments}
    resolved = {
        file.comments[n].words for n in received.comments if n in file.comments and file.comments[n].resolved
    }
    for name, (start, end) in sent.comments.items():
        was = before.comments.get(name)
        if was is not None and was.words not in there:
            message = f"the comment “{was.words}” was taken out"
            yield Change("object", at, start, end, (), UNTRACKED, message)
        elif was is not None and was.words in resolved:
            message = f"the comment “{was.words}” was marked as resolved"
            yield Change("object", at, start, end, (), UNTRACKED, message)
    for name, (_, end) in received.comments.items():
        comment = file.comments.get(name)
        if comment is None or comment.words in words or (end, comment.words) in known:
            continue
        start = received.comments[name][0]
        length = len(sent.text)
        mark = Mark("", comment.author, comment.date)
        yield Change("comment", at, min(start, length), min(end, length), (), mark, _said(comment))


def _said(comment: Comment) -> str:
    return f"{comment.words} (resolved)" if comment.resolved else comment.words


def _apart(received: list[Original], file: WordFile, before: WordFile) -> Iterator[Change]:
    """Yield what stands at no paragraph: headers and footers, and comments that are at no words."""
    for words in dict.fromkeys(_letters(before.margins)):
        if words not in _letters(file.margins):
            yield Change("object", 0, 0, 0, (), UNTRACKED, f"a header or footer no longer says “{words}”")
    for words in dict.fromkeys(_letters(file.margins)):
        if words not in _letters(before.margins):
            yield Change("object", 0, 0, 0, (), UNTRACKED, f"a header or footer now says “{words}”")
    placed = {name for one in received for name in one.comments}
    known = {comment.words for comment in before.comments.values()}
    for name, comment in file.comments.items():
        if name not in placed and comment.words and comment.words not in known:
            mark = Mark("", comment.author, comment.date)
            yield Change("object", 0, 0, 0, (), mark, f"a comment at no words of the text: {_said(comment)}")


def _letters(paragraphs: Iterable[str]) -> list[str]:
    """Return paragraphs of letters; programs write page numbers into these as they like."""
    return [words for text in paragraphs if (words := " ".join(re.sub(r"\d+", "", text).split()))]


# -- changes that are one -----------------------------------------------------------------------------------------


def _joined(found: list[Change], sent: list[Original]) -> list[Change]:
    """Make one change of a deletion and an insertion beside it by the same hand, and of deletions in a row."""
    results: list[Change] = []
    for change in sorted(found, key=lambda one: (one.paragraph, one.start, one.end)):
        last = results[-1] if results else None
        if last is not None and _one_hand(last, change):
            kinds = {last.kind, change.kind}
            touches = last.end == change.start or last.start <= change.start <= change.end <= last.end
            if last.kind == "insertion" and change.start == len(sent[change.paragraph].text):
                touches = (
                    False  # words at a paragraph's end, and this end: each may be taken without the other
                )
            if touches and kinds <= {"insertion", "deletion", "replacement"} and kinds != {"insertion"}:
                pieces = (*last.pieces, *change.pieces)
                results[-1] = replace(
                    last,
                    kind=_kind(True, bool(pieces)),
                    start=min(last.start, change.start),
                    end=max(last.end, change.end),
                    pieces=pieces,
                )
                continue
        results.append(change)
    return results


def _one_hand(one: Change, other: Change) -> bool:
    return (
        one.paragraph == other.paragraph
        and one.mark.author == other.mark.author
        and bool(one.mark.state) == bool(other.mark.state)
        and one.mark.move == other.mark.move == ""
        and not one.after
        and not other.after
    )


def _moves(found: list[Change], sent: list[Original]) -> list[Change]:
    """Make one change of both ends of a move: those that share its name, or the same words gone and come."""
    gone: dict[tuple[str, ...], int] = {}
    for at, change in enumerate(found):
        if change.kind == "deletion":
            words = sent[change.paragraph].text[change.start : change.end].split()
            gone[change.mark.author, "name", change.mark.move] = at
            gone[change.mark.author, "words", *words] = at
    moved: set[int] = set()
    results: list[Change] = []
    for change in found:
        words = change.text.split()
        keys: list[tuple[str, ...]] = [(change.mark.author, "name", change.mark.move)] * bool(
            change.mark.move
        )
        keys += [(change.mark.author, "words", *words)] * (len(words) >= LEAST_MOVED)
        origin_at = next((gone[key] for key in keys if key in gone), None)
        if change.kind != "insertion" or origin_at is None or origin_at in moved:
            results.append(change)
            continue
        moved.add(origin_at)
        other = found[origin_at]
        origin = (other.paragraph, other.start, other.end)
        results.append(replace(change, kind="move", origin=origin))
    return [change for change in results if not any(change is found[at] for at in moved)]
