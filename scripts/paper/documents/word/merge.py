"""Edits carried over to the sources as they are now: a three-way merge, with its conflicts told."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from paper.documents.word.anchors import read_text
from paper.documents.word.patch import Edit, Proposal
from paper.tools.files import write_atomic

Step = tuple[str, int, int, int, int]


@dataclass(frozen=True)
class Merged:
    """Proposals on today's sources."""

    ready: dict[int, tuple[Edit, ...]]
    """The edits of each proposal that can be written, in positions of today's text, by its number."""
    done: frozenset[int]
    """Those that the sources have already."""
    conflicts: dict[int, str]
    """What stands today where the others would write, by their number."""


class Today:
    """The sources as they are now, and where in them the sources that were sent have gone."""

    def __init__(self, root: Path, texts: dict[str, str]) -> None:
        self.root = root
        self.sent = texts
        self.now = {name: read_text(root / name) if (root / name).is_file() else "" for name in texts}
        self._steps: dict[str, list[Step]] = {}

    def steps(self, file: str) -> list[Step]:
        """Return the steps from the text that was sent to today's."""
        if file not in self._steps:
            self._steps[file] = list(_steps(self.sent[file], self.now[file]))
        return self._steps[file]

    def carried(self, edit: Edit) -> Edit | None:
        """Return an edit in positions of today's text; None where that changed in the same place."""
        for tag, a, b, c, _ in self.steps(edit.file):
            if tag == "equal" and a <= edit.start and edit.end <= b:
                return Edit(edit.file, c + edit.start - a, c + edit.end - a, edit.new)
        return None

    def around(self, edit: Edit) -> str:
        """Return what stands today where an edit would be."""
        for tag, a, b, c, d in self.steps(edit.file):
            if tag != "equal" and a <= edit.end and edit.start <= b:
                return self.now[edit.file][c:d]
        return ""

    def has(self, edit: Edit) -> bool:
        """Whether today's text has what an edit would bring."""
        text = self.sent[edit.file]
        lead = text[max(0, edit.start - 30) : edit.start].rpartition("\n")[2]
        tail = text[edit.end : edit.end + 30].partition("\n")[0]
        after, before = lead + edit.new + tail, lead + text[edit.start : edit.end] + tail
        return (
            bool(after.strip())
            and after in self.now[edit.file]
            and (before not in self.now[edit.file] or before in after)
        )


def merge(root: Path, texts: dict[str, str], proposals: Iterable[Proposal]) -> Merged:
    """Carry the proposals' edits over to the sources as they are now; edits that touch each other are conflicts."""
    today = Today(root, texts)
    ready: dict[int, tuple[Edit, ...]] = {}
    done: set[int] = set()
    conflicts: dict[int, str] = {}
    reserved: list[tuple[str, int, int, int]] = []
    for proposal in proposals:
        if not proposal.edits:
            continue
        if today.now != today.sent and all(today.has(edit) for edit in proposal.edits):
            done.add(proposal.number)
            continue
        carried = [today.carried(edit) for edit in proposal.edits]
        missing = [edit for edit, one in zip(proposal.edits, carried, strict=True) if one is None]
        if missing:
            conflicts[proposal.number] = today.around(missing[0])
            continue
        edits = tuple(edit for edit in carried if edit is not None)
        other = next((n for edit in edits for file, a, b, n in reserved if _touch(edit, file, a, b)), None)
        if other is not None:
            conflicts[proposal.number] = f"change {other}, in the same words"
            continue
        reserved += [(edit.file, edit.start, edit.end, proposal.number) for edit in edits]
        ready[proposal.number] = edits
    return Merged(ready, frozenset(done), conflicts)


def _touch(edit: Edit, file: str, start: int, end: int) -> bool:
    """Whether an edit and the range of another lie in each other; insertions at one place follow each other."""
    return edit.file == file and edit.start < end and start < edit.end


def _steps(before: str, after: str) -> Iterable[Step]:
    """Yield matching and differing stretches of two texts, found by lines and then, within these, by words."""
    if before == after:
        yield "equal", 0, len(before), 0, len(after)
        return
    ours, theirs = before.splitlines(keepends=True), after.splitlines(keepends=True)
    at, to = _starts(ours), _starts(theirs)
    matcher = difflib.SequenceMatcher(None, ours, theirs, autojunk=False)
    for tag, a, b, c, d in matcher.get_opcodes():
        if tag != "replace":
            yield tag, at[a], at[b], to[c], to[d]
            continue
        words = [_words(text) for text in (before[at[a] : at[b]], after[to[c] : to[d]])]
        places, goals = _starts(words[0]), _starts(words[1])
        within = difflib.SequenceMatcher(None, words[0], words[1], autojunk=False)
        for inner, i, j, k, m in within.get_opcodes():
            yield inner, at[a] + places[i], at[a] + places[j], to[c] + goals[k], to[c] + goals[m]


def _words(text: str) -> list[str]:
    return re.findall(r"\w+|\s+|.", text, re.DOTALL)


def _starts(parts: Sequence[str]) -> list[int]:
    starts = [0]
    for part in parts:
        starts.append(starts[-1] + len(part))
    return starts


# -- writing ------------------------------------------------------------------------------------------------------


def edited(root: Path, edits: Iterable[Edit]) -> dict[str, tuple[str, str]]:
    """Return the text of each file before and after the edits."""
    by_file: dict[str, list[Edit]] = {}
    for edit in edits:
        by_file.setdefault(edit.file, []).append(edit)
    results: dict[str, tuple[str, str]] = {}
    for file, some in sorted(by_file.items()):
        before = after = read_text(root / file)
        for _, edit in sorted(
            enumerate(some), key=lambda one: (one[1].start, one[1].end, one[0]), reverse=True
        ):
            after = after[: edit.start] + edit.new + after[edit.end :]
        results[file] = (before, after)
    return results


def as_patch(files: dict[str, tuple[str, str]]) -> str:
    """Return changed files as a unified diff, for `git apply`."""
    return "".join(
        line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"
        for file, (before, after) in files.items()
        for line in difflib.unified_diff(
            before.splitlines(keepends=True), after.splitlines(keepends=True), f"a/{file}", f"b/{file}"
        )
    )


def write(root: Path, files: dict[str, tuple[str, str]]) -> None:
    """Write changed files, with the line ends and the byte order mark that they had."""
    for file, (_, after) in files.items():
        path = root / file
        was = path.read_bytes()
        ends = "\r\n" if b"\r\n" in was else "\n"
        mark = b"\xef\xbb\xbf" if was.startswith(b"\xef\xbb\xbf") else b""
        mode = path.stat().st_mode
        write_atomic(path, mark + after.replace("\n", ends).encode("utf8"))
        path.chmod(mode)
