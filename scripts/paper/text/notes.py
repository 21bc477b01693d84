"""Footnotes: names given twice or never used, which pandoc drops unsaid, and notes within notes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

from paper.fences import FencedCode
from paper.report import Fault

if TYPE_CHECKING:
    from paper.text.source import Line

_DEFINITION: Final = re.compile(r"^ {0,3}\[\^([^\s\]]+)\]:")
_MARK: Final = re.compile(r"(?<![\\\w])\[\^([^\s\]]+)\](?!:)|(?<=\w)\[\^([^\s\]]+)\]")
_CODE: Final = re.compile(r"(`+)(?:[^`]|(?!\1)`)*?\1")


def check_notes(lines: Sequence[Line], title_block: str = "") -> Iterator[Fault]:
    """Yield faults of a chapter's notes: a name given twice, words that no mark calls, a mark without words.

    title_block: the words of the chapter's first lines, which may call notes of its text.
    """
    defined: dict[str, Line] = {}
    marks: dict[str, Line] = {}
    for line in _prose(lines):
        text = line.text
        if match := _DEFINITION.match(text):
            name, text = match[1], text[match.end() :]
            if name in defined:
                message = f"the note [^{name}] is given twice, first in line {defined[name].number}"
                if line.file != defined[name].file:
                    message = f"the note [^{name}] is given twice, first in {defined[name].place}"
                remedy = (
                    "give one of them another name: only the words of the last are printed, at every mark"
                )
                yield Fault(line.file, line.number, "note-twice", message, remedy, "warning")
            defined.setdefault(name, line)
        for match in _MARK.finditer(_CODE.sub("", text)):
            marks.setdefault(match[1] or match[2], line)
    above = {match[1] or match[2] for match in _MARK.finditer(title_block)}
    for name, line in defined.items():
        if name not in marks and name not in above:
            message = f"no mark calls the note [^{name}], so its words are printed nowhere"
            yield Fault(
                line.file,
                line.number,
                "note-unused",
                message,
                "set the mark, or take the note out",
                "warning",
            )
    for name, line in marks.items():
        if name not in defined:
            message = f"the mark [^{name}] has no note, and is printed as it stands"
            remedy = f"write a paragraph [^{name}]: with its words"
            yield Fault(line.file, line.number, "note-missing", message, remedy, "warning")


def _prose(lines: Sequence[Line]) -> Iterator[Line]:
    code = FencedCode()
    yield from (line for line in lines if not code.covers(line.text))
