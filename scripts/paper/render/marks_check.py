"""Marks that come in pairs or need a space, which pandoc takes for text without a word."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from paper.render.source import Line
from paper.report import Fault

_DIV = re.compile(r"\s*(:{3,})\s*(.*?)\s*:*\s*$")
_CALL = re.compile(r"(?<!\\)\[\^([^\]\s]+)\]")
_NOTE = re.compile(r" {0,3}\[\^([^\]\s]+)\]:")
_MERGE = re.compile(r"(<{7}|>{7}) ")
_HEADING = re.compile(r"#{2,6}[^\s#{!|]")


def check_marks(lines: Iterable[Line]) -> Iterator[Fault]:
    """Blocks opened and never closed, or closed twice; notes that aren't there; traces of a merge; bare headings."""
    opened: list[Line] = []
    called: dict[str, Line] = {}
    written: dict[str, Line] = {}
    for line in lines:
        if note := _NOTE.match(line.text):
            written.setdefault(note[1], line)
        for name in _CALL.findall(line.text[note.end() :] if note else line.text):
            called.setdefault(name, line)
        if match := _DIV.match(line.text):
            if match[2]:
                opened.append(line)
            elif opened:
                opened.pop()
            else:
                said = "this ::: closes a block, and none is open"
                yield Fault(line.file, line.number, "block-closed-twice", said, "take the line out")
        elif _MERGE.match(line.text):
            said = "a trace of a merge: two versions of the text stand here"
            remedy = "keep what is right between <<<<<<< and >>>>>>>, and take these lines out"
            yield Fault(line.file, line.number, "merge", said, remedy)
        elif _HEADING.match(line.text):
            said = "a heading needs a space after its #: this prints as it stands"
            yield Fault(line.file, line.number, "heading-without-space", said, "put a space in", "warning")
    for line in opened:
        said = f"the block opened here by {line.text.strip()} is never closed"
        yield Fault(line.file, line.number, "block-open", said, "end it with a line :::")
    for name in called.keys() - written.keys():
        said, remedy = f"there is no note [^{name}]", f"write it, on a line that begins with [^{name}]:"
        yield Fault(called[name].file, called[name].number, "note-missing", said, remedy)
    for name in written.keys() - called.keys():
        said = f"nothing calls the note [^{name}], so it isn't printed"
        remedy = f"put [^{name}] where it belongs, or take the note out"
        yield Fault(written[name].file, written[name].number, "note-not-called", said, remedy, "warning")
