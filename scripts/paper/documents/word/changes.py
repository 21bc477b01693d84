"""What a co-author changed: every difference between the file that was sent and the file that came back.

Tracked changes tell their author. What was changed without tracking is found by comparing the text under the tracked
changes with the text that was sent.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from difflib import SequenceMatcher
from typing import Final, Literal

from rapidfuzz import fuzz

from paper.documents.word.ooxml import BREAK, OBJECT, Mark, Piece, WordFile
from paper.documents.word.originals import Original
from paper.documents.word.sent import BOOKMARK

Kind = Literal["insertion", "deletion", "replacement", "move", "comment", "format", "object"]
ALIKE: Final = 55  # per cent: how like each other two paragraphs are that are one, changed
LEAST_MOVED: Final = 4  # words that were moved where they are gone here and come there
UNTRACKED: Final = Mark()
_TOKEN: Final = re.compile(r"\w+|\s+|.", re.DOTALL)


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
            results += [] if mine is None else _new_paragraph(last, sent[last], received[mine])
        elif mine is None:
            results.append(Change("deletion", at, 0, len(sent[at].text) + 1))
        else:
            results += _paragraph(at, sent[at], received[mine])
            results += _comments(at, sent[at], received[mine], file, before)
        last = at if at is not None else last
    return sorted(_moves(_joined(results), sent), key=lambda one: (one.paragraph, one.start, one.end))


# -- which paragraph is which -------------------------------------------------------------------------------------

Pair = tuple[int | None, int | None]


def align(sent: list[Original], received: list[Original]) -> list[Pair]:
    """Pair the paragraphs of both, in order: by their words, then by their bookmarks, then by likeness."""
    ours, theirs = ([_key(one) for one in side] for side in (sent, received))
    pairs: list[Pair] = []
    for tag, a, b, c, d in SequenceMatcher(None, ours, theirs, autojunk=False).get_opcodes():
        if tag == "equal":
            pairs += [(a + n, c + n) for n in range(b - a)]
        else:
            pairs += _align_gap(sent, received, range(a, b), range(c, d))
    return pairs


def _key(one: Original) -> tuple[str, bool, str]:
    return " ".join(one.text.split()), one.table, one.note


def _align_gap(sent: list[Original], received: list[Original], ours: range, theirs: range) -> Iterator[Pair]:
    """Pair paragraphs whose words differ, so that likenesses add up to the most."""
    best: dict[tuple[int, int], tuple[float, str]] = {}
    for i in reversed(range(len(ours) + 1)):
        for j in reversed(range(len(theirs) + 1)):
            options = [(0.0, "end")]
            if i < len(ours):
                options.append((best[i + 1, j][0], "sent"))
            if j < len(theirs):
                options.append((best[i, j + 1][0], "received"))
            if i < len(ours) and j < len(theirs):
                like = _likeness(ours[i], sent[ours[i]], received[theirs[j]])
                if like >= (1 if sent[ours[i]].table else ALIKE):
                    options.append((best[i + 1, j + 1][0] + like, "both"))
            best[i, j] = max(options, key=lambda option: (option[0], option[1] != "end"))
    i = j = 0
    while i < len(ours) or j < len(theirs):
        match best[i, j][1]:
            case "both":
                yield ours[i], theirs[j]
                i, j = i + 1, j + 1
            case "received":
                yield None, theirs[j]
                j += 1
            case _:
                yield ours[i], None
                i += 1


def _likeness(at: int, one: Original, other: Original) -> float:
    if (one.table, one.note) != (other.table, other.note):
        return 0
    named = f"{BOOKMARK}{at}" in other.bookmarks
    return fuzz.ratio(one.text, other.text) + (60 if named else 0) + (1 if one.table else 0)


# -- one paragraph ------------------------------------------------------------------------------------------------


def _paragraph(at: int, sent: Original, received: Original) -> Iterator[Change]:
    """Yield what was changed in a paragraph, in positions of the text that was sent."""
    before, after = sent.text, received.text
    steps = _steps(before, after)

    def mapped(offset: int, *, end: bool = False) -> int:
        for a, b, c, d in steps:
            if c <= offset <= d and (offset < d or end or d == len(after)):
                return min(a + offset - c, b) if b - a == d - c else (b if end else a)
        return len(before)

    for a, b, c, d in steps:
        if before[a:b] != after[c:d] and before[a:b].split() != after[c:d].split():
            while a < b and c < d and before[a] == after[c]:
                a, c = a + 1, c + 1
            while a < b and c < d and before[b - 1] == after[d - 1]:
                b, d = b - 1, d - 1
            pieces = _slice(received.pieces, c, d)
            yield Change(_kind(a < b, c < d), at, a, b, tuple(pieces))
    for inserted in received.insertions:
        place = mapped(inserted.offset, end=True)
        yield Change("insertion", at, place, place, tuple(inserted.pieces), inserted.mark)
    for deleted in received.deletions:
        start, end = mapped(deleted.start), mapped(deleted.end, end=True)
        if start < end:
            yield Change("deletion", at, start, end, (), deleted.mark)
    if received.joined is not None:
        yield Change("deletion", at, len(before), len(before) + 1, (), received.joined)
    yield from _formats(at, sent, received, steps)
    yield from _objects(at, sent, received)
    yield from _style(at, sent, received)


def _steps(before: str, after: str) -> list[tuple[int, int, int, int]]:
    """Return matching and differing stretches of two texts, by whole words: start and end in each."""
    if before == after:
        return [(0, len(before), 0, len(after))]
    tokens = [_TOKEN.findall(text) for text in (before, after)]
    places = [[0], [0]]
    for side, words in zip(places, tokens, strict=True):
        for word in words:
            side.append(side[-1] + len(word))
    return [
        (places[0][a], places[0][b], places[1][c], places[1][d])
        for _, a, b, c, d in SequenceMatcher(None, tokens[0], tokens[1], autojunk=False).get_opcodes()
    ]


def _slice(pieces: list[Piece], start: int, end: int) -> Iterator[Piece]:
    at = 0
    for piece in pieces:
        text = piece.text[max(0, start - at) : max(0, end - at)]
        at += len(piece.text)
        if text:
            yield replace(piece, text=text)


def _kind(removed: bool, added: bool) -> Kind:
    return "replacement" if removed and added else "deletion" if removed else "insertion"


def _formats(
    at: int, sent: Original, received: Original, steps: list[tuple[int, int, int, int]]
) -> Iterator[Change]:
    """Yield changes of format alone, each as one stretch."""
    before, after = sent.formats, received.formats
    authors = [piece.reformatted for piece in received.pieces for _ in piece.text]
    stretch: tuple[int, int, frozenset[str], Mark] | None = None
    for a, b, c, d in steps:
        if sent.text[a:b] != received.text[c:d]:
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


def _new_paragraph(last: int, before: Original, new: Original) -> Iterator[Change]:
    """Yield a paragraph that came in without tracking, and what was tracked in it."""
    pieces = [Piece(BREAK), *new.pieces]
    offset = len(before.text)
    if new.table:
        text = new.text + "".join(inserted.text for inserted in new.insertions)
        mark = next((inserted.mark for inserted in new.insertions), UNTRACKED)
        yield Change("object", last, offset, offset, (), mark, f"a cell of a table came in: {text.strip()}")
        return
    yield Change("insertion", last, offset, offset, tuple(pieces), after=True)
    for inserted in new.insertions:
        yield Change("insertion", last, offset, offset, tuple(inserted.pieces), inserted.mark, after=True)
    for _ in new.comments:
        yield Change(
            "comment", last, offset, offset, (), UNTRACKED, "a comment on a new paragraph", after=True
        )


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
    for name, (start, end) in sent.comments.items():
        if name in before.comments and before.comments[name].words not in there:
            message = f"the comment “{before.comments[name].words}” was taken out"
            yield Change("object", at, start, end, (), UNTRACKED, message)
    for name, (_, end) in received.comments.items():
        comment = file.comments.get(name)
        if comment is None or comment.words in words or (end, comment.words) in known:
            continue
        start = received.comments[name][0]
        length = len(sent.text)
        mark = Mark("", comment.author, comment.date)
        yield Change("comment", at, min(start, length), min(end, length), (), mark, comment.words)


# -- changes that are one -----------------------------------------------------------------------------------------


def _joined(found: list[Change]) -> list[Change]:
    """Make one change of a deletion and an insertion beside it by the same hand, and of deletions in a row."""
    results: list[Change] = []
    for change in sorted(found, key=lambda one: (one.paragraph, one.start, one.end)):
        last = results[-1] if results else None
        if last is not None and _one_hand(last, change):
            kinds = {last.kind, change.kind}
            touches = last.end == change.start or (last.start == change.start and last.end == change.end)
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
