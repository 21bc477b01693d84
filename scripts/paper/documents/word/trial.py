"""Trying edits on pandoc: one that would change more than the words it is meant to change isn't offered."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, Final

import panflute as pf
import yaml
from rapidfuzz.distance import Prefix

from paper.documents.word.blocks import MARK
from paper.documents.word.markup import straight
from paper.text import front_matter
from paper.tools import trees

if TYPE_CHECKING:
    from paper.documents.word.patch import Edit, Proposal

_DEFINITION: Final = re.compile(r"^ {0,3}\[[^\]^@\n][^\]\n]*\]:[ \t]*\S.*$", re.MULTILINE)
_DIVIDER: Final = "\U0010fff0"
_CITED: Final = re.compile(
    r"\[(?:[^\[\]]|\[[^\[\]]*\])*@(?:[^\[\]]|\[[^\[\]]*\])*\](?![({])|(?<![\w\\@])-?@[\w:.#$%&\-+?<>~/{}]*\w\}?"
)
_QUERY: Final = re.compile(r"\[(?:[^\[\]]|\[[^\[\]]*\])*\]\{\.query[^{}\n]*\}")
_NOTE: Final = re.compile(r"^\[\^[^\]\n]+\]:[ \t]*", re.MULTILINE)
# Between two blocks: an empty line before what neither belongs to a list, a quotation or the like, nor is indented.
_BETWEEN: Final = re.compile(
    r"\n(?:[ \t]*\n)+(?![ \t]*\n|[ \t]|[-*+>|:~](?!\*|::)|\(?(?:\d{1,9}|[A-Za-z#@])[.)][ \t]|\[\^[^\]\s]+\]:)"
)
_OBSTACLE: Final = "it can't be written without changing the markup around it"


def tried(proposals: Sequence[Proposal], texts: dict[str, str]) -> list[Proposal]:
    """Return the proposals, those whose edits would change more than their words with an obstacle instead."""
    chunks: list[str] = []
    asked: list[tuple[int, int]] = []
    for at, proposal in enumerate(proposals):
        if not proposal.edits:
            continue
        asked.append((at, len(chunks)))
        *gone, put = proposal.edits
        if proposal.change.kind == "move":
            chunks += _around(gone, texts[gone[0].file])
            chunks += _around([put], texts[put.file])
            chunks.append(_unmarked(put.new))
        else:
            chunks += _around(proposal.edits, texts[put.file])
    read = _read(chunks, "\n".join(one for text in texts.values() for one in _DEFINITION.findall(text)))
    result = list(proposals)
    for at, first in asked:
        proposal = proposals[at]
        change = proposal.change
        if len(read) != len(chunks):
            fits = False
        elif change.kind == "move":
            moved = "".join(words for _, words in read[first + 4])
            fits = _as_meant(read[first : first + 2], moved, "") and _as_meant(
                read[first + 2 : first + 4], "", moved, parts=True
            )
        else:
            comment = change.kind == "comment"
            gone_words = "" if comment else None if proposal.removes else _bare(proposal.before)
            put_words = "" if comment else _bare(change.text)
            fits = _as_meant(read[first : first + 2], gone_words, put_words, parts="\n" in change.text)
        if not fits:
            result[at] = replace(proposal, edits=(), obstacle=_OBSTACLE)
    return result


def _unmarked(source: str) -> str:
    """Return a moved source without the mark of an item or a note, which a parser would read otherwise alone."""
    return MARK.sub("", source.strip())


def _around(edits: Sequence[Edit], text: str) -> tuple[str, str]:
    """Return the blocks around edits, as they are and as they would be: a list, quotation or note as a whole."""
    first, last = min(e.start for e in edits), max(e.end for e in edits)
    after = text
    for edit in sorted(edits, key=lambda one: one.start, reverse=True):
        after = after[: edit.start] + edit.new + after[edit.end :]
    if last <= len(front_matter.split(text)[0]):
        return _title(text), _title(after)
    gaps = _gaps(text)
    start = max((b for _, b in gaps if b <= first), default=0)
    end = min((a for a, _ in gaps if a >= last), default=len(text))
    return text[start:end], after[start : end + len(after) - len(text)]


@lru_cache(maxsize=64)
def _gaps(text: str) -> tuple[tuple[int, int], ...]:
    """Return where blocks are parted from each other."""
    return tuple(gap.span() for gap in _BETWEEN.finditer(text))


def _title(text: str) -> str:
    """Return the title of a chapter's front matter; "" where that can't be read."""
    settings, _ = front_matter.split(text)
    try:
        title = next(yaml.safe_load_all(settings)).get("title") if settings else ""
    except (yaml.YAMLError, AttributeError):
        return ""
    return title if isinstance(title, str) else ""


def _read(chunks: Sequence[str], definitions: str) -> list[list[tuple[str, str]]]:
    """Parse each chunk: return its blocks' kinds, and their words. definitions: of links by reference."""
    # A note of its own is read as an item of a list, which holds paragraphs as it does.
    prepared = [_NOTE.sub("1.  ", _CITED.sub("\u2057", _QUERY.sub("", chunk))) for chunk in chunks]
    prepared = [
        "\n".join(line for line in chunk.split("\n") if not line.startswith(":::")) for chunk in prepared
    ]
    text = "".join(f"\n\n```\n{_DIVIDER}\n```\n\n{chunk}" for chunk in prepared)
    doc = trees.parse(f"{text}\n\n{definitions}\n")
    results: list[list[tuple[str, str]]] = []
    for block in doc.content:
        words = pf.stringify(block)
        if words.strip() == _DIVIDER:
            results.append([])
        elif results:
            results[-1].append((type(block).__name__, _bare(words)))
    return results


def _as_meant(
    sides: Sequence[list[tuple[str, str]]], gone: str | None, put: str, *, parts: bool = False
) -> bool:
    """Whether the words after an edit are those before it, with some taken and some put.

    gone: the words that go; None where a citation or the like is among them, whose words aren't known. parts: whether
    paragraphs may come in.
    """
    before, after = sides
    if len(after) > len(before) and not parts:
        return False
    old, new = ("".join(words for _, words in side) for side in sides)
    taken = len(old) + len(put) - len(new)
    kinds = [[kind for kind, _ in side] for side in (before, after)]
    if len(before) == len(after) and kinds[0] != kinds[1]:
        return False
    if any(one[0] != other[0] for one, other in _same_words(before, after)):
        return False  # words that are a heading before, and text after
    if taken < 0 or (gone is not None and taken != len(gone)):
        return False
    return any(old[:at] + put + old[at + taken :] == new for at in range(Prefix.similarity(old, new) + 1))


def _same_words(
    before: list[tuple[str, str]], after: list[tuple[str, str]]
) -> Iterator[tuple[tuple[str, str], tuple[str, str]]]:
    """Yield blocks of the one side with the first of the other that begins with their words, or is their beginning."""
    for block in before:
        for other in after:
            if block[1] and other[1] and (block[1].startswith(other[1]) or other[1].startswith(block[1])):
                yield block, other
                break


def _bare(words: str) -> str:
    """Words as they are compared: without spaces, with straight quotation marks."""
    return re.sub(r"[\s\ufffc]", "", straight(words)).replace("…", "...")
