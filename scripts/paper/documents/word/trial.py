"""Trying edits on pandoc: one that would change more than the words it is meant to change isn't offered."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Final

import panflute as pf

from paper.documents.word.markup import balanced, straight
from paper.tools import trees

if TYPE_CHECKING:
    from paper.documents.word.patch import Edit, Proposal

_DIVIDER: Final = "\U0010fff0"
_CITED: Final = re.compile(
    r"\[(?:[^\[\]]|\[[^\[\]]*\])*@(?:[^\[\]]|\[[^\[\]]*\])*\](?![({])|(?<![\w\\@])-?@[\w:.#$%&\-+?<>~/{}]*\w\}?"
)
_QUERY: Final = re.compile(r"\[(?:[^\[\]]|\[[^\[\]]*\])*\]\{\.query[^{}\n]*\}")
_LEAD: Final = re.compile(r"^\[\^[^\]\n]+\]:[ \t]*", re.MULTILINE)
_OBSTACLE: Final = "it can't be written without changing the markup around it"


def tried(proposals: Sequence[Proposal], texts: dict[str, str]) -> list[Proposal]:
    """Return the proposals, those whose edits would change more than their words with an obstacle instead."""
    chunks: list[str] = []
    asked: list[tuple[int, int]] = []
    for at, proposal in enumerate(proposals):
        if proposal.edits and proposal.change.kind != "move":
            asked.append((at, len(chunks)))
            chunks += _around(proposal.edits, texts[proposal.edits[0].file])
    read = _read(chunks)
    result = list(proposals)
    for at, chunk in asked:
        proposal = proposals[at]
        if len(read) != len(chunks) or not _as_meant(proposal, *read[chunk : chunk + 2]):
            result[at] = replace(proposal, edits=(), obstacle=_OBSTACLE)
    return result


def _around(edits: Sequence[Edit], text: str) -> tuple[str, str]:
    """Return the lines around edits, as they are and as they would be: the paragraph where its marks go over lines."""
    first, last = min(e.start for e in edits), max(e.end for e in edits)
    for border in ("\n", "\n\n"):
        start = text.rfind(border, 0, first) + 1
        end = text.find(border, last)
        end = len(text) if end < 0 else end
        if balanced(text[start:end]):
            break
    after = text[:end]
    for edit in sorted(edits, key=lambda one: one.start, reverse=True):
        after = after[: edit.start] + edit.new + after[edit.end :]
    return text[start:end], after[start:]


def _read(chunks: Sequence[str]) -> list[list[tuple[str, str]]]:
    """Parse each chunk: return its blocks' kinds, and their words."""
    prepared = [_LEAD.sub("", _CITED.sub("\u2057", _QUERY.sub("", chunk))) for chunk in chunks]
    prepared = [
        "\n".join(line for line in chunk.split("\n") if not line.startswith(":::")) for chunk in prepared
    ]
    doc = trees.parse("".join(f"\n\n```\n{_DIVIDER}\n```\n\n{chunk}" for chunk in prepared))
    results: list[list[tuple[str, str]]] = []
    for block in doc.content:
        words = pf.stringify(block)
        if words.strip() == _DIVIDER:
            results.append([])
        elif results:
            results[-1].append((type(block).__name__, _bare(words)))
    return results


def _as_meant(proposal: Proposal, before: list[tuple[str, str]], after: list[tuple[str, str]]) -> bool:
    """Whether the words after an edit are those before it, with the words taken and the words put."""
    old, new = ("".join(words for _, words in side) for side in (before, after))
    if proposal.change.kind == "comment":
        return old == new and len(before) == len(after)
    taken = len(old) + len(_bare(proposal.change.text)) - len(new)
    put = _bare(proposal.change.text)
    kinds = [[kind for kind, _ in side] for side in (before, after)]
    if len(before) == len(after) and kinds[0] != kinds[1]:
        return False
    if taken < 0 or (not proposal.removes and taken != len(_bare(proposal.before))):
        return False
    return any(old[:at] + put + old[at + taken :] == new for at in range(_common(old, new) + 1))


def _bare(words: str) -> str:
    """Words as they are compared: without spaces, with straight quotation marks."""
    return re.sub(r"[\s\ufffc]", "", straight(words)).replace("…", "...")


def _common(one: str, other: str) -> int:
    """How many characters two texts begin with in common."""
    return next(
        (at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other))
    )
