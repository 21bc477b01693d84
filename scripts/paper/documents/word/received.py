"""Receiving: what came back, compared with what was sent, as proposals on the sources of today."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from paper.documents.word import merge, ooxml
from paper.documents.word.changes import changes
from paper.documents.word.originals import originals
from paper.documents.word.patch import Proposal, propose
from paper.documents.word.sent import FOLDER, Sent, identifier_of, load
from paper.project import Project
from paper.tools.cache import digest
from paper.tools.files import write_atomic

State = Literal["open", "asks", "listed", "conflict", "done", "refused"]
_DECISIONS: Final = "refused.json"


@dataclass(frozen=True)
class Received:
    """A file that came back."""

    sent: Sent
    proposals: list[Proposal]
    merged: merge.Merged
    refused: frozenset[str]
    """Keys of the changes that the author has refused before."""

    def state(self, proposal: Proposal) -> State:
        """Return what may become of a change.

        open: it may be taken; asks: only by its number, as a citation or the like would go; listed: never written;
        conflict: the sources have changed in its place; done: they have it already; refused: by the author.
        """
        if key(proposal) in self.refused:
            return "refused"
        if proposal.number in self.merged.done:
            return "done"
        if proposal.number in self.merged.conflicts:
            return "conflict"
        if not proposal.edits:
            return "listed"
        return "asks" if proposal.removes else "open"


def receive(project: Project, file: Path, identifier: str = "") -> Received:
    """Compare a file that came back with what was sent. identifier: of what was sent, where the file has none.

    Raises SourceError for what is no Word file, MachineError where what was sent isn't kept.
    """
    word = ooxml.read(file.read_bytes(), str(file))
    paragraphs = originals(word)
    sent = load(project.root, identifier or identifier_of(paragraphs))
    before = ooxml.read(sent.file.read_bytes(), str(sent.file))
    result = changes(sent.paragraphs, paragraphs, word, before)
    notes = {
        name: " ".join(p.text for p in originals(ooxml.WordFile(ps, {}, {})) if p.text) or _new(ps)
        for name, ps in word.notes.items()
    }
    proposals = propose(sent, result, notes)
    path = project.root / FOLDER / sent.id / _DECISIONS
    refused = frozenset(json.loads(path.read_text("utf8"))) if path.is_file() else frozenset()
    return Received(sent, proposals, merge.merge(project.root, sent.texts, proposals), refused)


def _new(paragraphs: list[ooxml.Paragraph]) -> str:
    """Return the words of a note that came in with tracking."""
    return "".join(piece.text for p in paragraphs for piece in p.pieces if piece.mark.state != "delete")


def key(proposal: Proposal) -> str:
    """Return what tells a change apart when the same file, or a later one, comes again."""
    change = proposal.change
    return digest(
        change.kind, change.paragraph, change.start, change.end, change.text, change.words, change.mark.author
    )


def take(project: Project, received: Received, numbers: Iterable[int]) -> dict[str, tuple[str, str]]:
    """Return the files that the changes of these numbers make: text before and after."""
    edits = [edit for number in sorted({*numbers}) for edit in received.merged.ready.get(number, ())]
    return merge.edited(project.root, edits)


def refuse(project: Project, received: Received, numbers: Iterable[int]) -> None:
    """Remember that the author refused the changes of these numbers."""
    chosen = {*numbers}
    keys = received.refused | {key(one) for one in received.proposals if one.number in chosen}
    path = project.root / FOLDER / received.sent.id / _DECISIONS
    write_atomic(path, json.dumps(sorted(keys)).encode())
