"""Numbers of lines in a manuscript's PDF: from a number to the sources, and from the sources to a number.

The words of the numbered line, with those around it, are looked up in the chapters as they are now; so a proof that a
journal made of the file, with numbers of its own, serves as well.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from paper.errors import MachineError, Place
from paper.fences import FencedCode
from paper.project import Project
from paper.text.reading import read

_WORD: Final = re.compile(r"[^\W\d_]+(?:[’'-][^\W\d_]+)*|\d+")
_GRAM: Final = 3  # words that are looked up together
_MARKUP: Final = re.compile(r"\]\([^()\s]*\)|\{[^{}\n]*\}|\[@[^\]]*\]|@[\w:-]+|`[^`]*`|<[^<>]*>")


@dataclass(frozen=True)
class NumberedLine:
    """A line of a PDF."""

    number: int
    """The number beside it."""
    page: int
    """Its page, from 1."""
    text: str
    """Its words."""


def pdf_lines(file: Path) -> list[NumberedLine]:
    """Return the numbered lines of a PDF. Raises MachineError where there is no such file, or no numbers in it."""
    import pypdfium2 as pdfium

    if not file.is_file():
        raise MachineError(
            "there is no such PDF", place=Place(file), remedy="make it: paper manuscript --line-numbers"
        )
    results: list[NumberedLine] = []
    document = pdfium.PdfDocument(file)
    try:
        for page in range(len(document)):
            results += _page_lines(document[page], page + 1)
    except pdfium.PdfiumError as error:
        raise MachineError(f"this PDF can't be read: {error}", place=Place(file)) from None
    finally:
        document.close()
    if not results:
        raise MachineError(
            "no line of this PDF has a number", place=Place(file), remedy="paper manuscript --line-numbers"
        )
    return results


def _page_lines(page: object, number: int) -> Iterator[NumberedLine]:
    """Yield the lines of a page that have a number in the left margin, from the top."""
    text = page.get_textpage()  # type: ignore[attr-defined]
    pieces = []
    for at in range(text.count_rects()):
        left, bottom, right, top = text.get_rect(at)
        words = text.get_text_bounded(left, bottom, right, top).strip()
        if words:
            pieces.append((left, bottom, right, top, words))
    margin = min((left for left, _, right, _, words in pieces if len(words) > 20), default=0.0)
    marks = [piece for piece in pieces if piece[2] <= margin and re.fullmatch(r"\d{1,5}", piece[4])]
    for _, bottom, _, top, mark in sorted(marks, key=lambda piece: -piece[1]):
        middle = (bottom + top) / 2
        beside = [p for p in pieces if p[0] >= margin - 1 and p[1] - 2 <= middle <= p[3] + 2]
        words = ""
        if beside:
            low, high = min(p[1] for p in beside), max(p[3] for p in beside)
            words = text.get_text_bounded(margin - 1, low, max(p[2] for p in beside) + 1, high)
        yield NumberedLine(int(mark), number, " ".join(words.split()))


@dataclass(frozen=True)
class Found:
    """Where a line stands in the sources."""

    file: str
    """Path from the project's root."""
    line: int
    """Its line, from 1."""
    text: str
    """The line as the source has it."""


class Sources:
    """The chapters' lines, looked up by their words."""

    def __init__(self, project: Project) -> None:
        self.lines: dict[tuple[str, int], str] = {}
        self.grams: dict[tuple[str, ...], list[tuple[str, int]]] = {}
        for chapter in project.chapters:
            words: list[tuple[str, tuple[str, int]]] = []
            code = FencedCode()
            for line in read(project, chapter.path).lines:
                if code.covers(line.text):
                    continue
                place = (line.file, line.number)
                self.lines[place] = line.text
                words += [(word, place) for word in _words(_MARKUP.sub(" ", line.text))]
            for at in range(len(words) - _GRAM + 1):
                gram = tuple(word for word, _ in words[at : at + _GRAM])
                places = self.grams.setdefault(gram, [])
                places += [p for p in dict.fromkeys(p for _, p in words[at : at + _GRAM]) if p not in places]

    def find(self, line: NumberedLine, around: Iterable[NumberedLine] = ()) -> list[Found]:
        """Return the source lines of a numbered line, in their order; none for what is generated.

        around: the lines beside it, whose words decide between places that say the same.
        """
        votes = self._votes(line)
        if not votes:
            return []
        near = Counter[str]()
        for other in around:
            for (file, _), count in self._votes(other).items():
                near[file] += count
        file = max(
            {file for file, _ in votes},
            key=lambda name: (sum(n for (f, _), n in votes.items() if f == name), near[name]),
        )
        best = max(count for (name, _), count in votes.items() if name == file)
        some = {n: count for (name, n), count in votes.items() if name == file and count * 4 >= best}
        beside = [n for other in around for (name, n) in self._votes(other) if name == file]
        numbers = max(
            _clusters(sorted(some)),
            key=lambda group: (
                sum(some[n] for n in group),
                sum(group[0] - 6 <= n <= group[-1] + 6 for n in beside),
            ),
        )
        return [Found(file, n, self.lines[file, n]) for n in numbers]

    def _votes(self, line: NumberedLine) -> Counter[tuple[str, int]]:
        words = _words(line.text)
        votes = Counter[tuple[str, int]]()
        for at in range(len(words) - _GRAM + 1):
            for place in self.grams.get(tuple(words[at : at + _GRAM]), ()):
                votes[place] += 1
        return votes


def _clusters(numbers: list[int]) -> list[list[int]]:
    """Return runs of lines that follow each other: a line of the PDF is of one paragraph, or of two neighbours."""
    results: list[list[int]] = []
    for number in numbers:
        if results and number - results[-1][-1] <= 2:
            results[-1].append(number)
        else:
            results.append([number])
    return results


def look_up(project: Project, file: Path, number: int) -> tuple[list[NumberedLine], list[Found]]:
    """Return the PDF's lines of a number, and the source lines of the first that has any.

    Raises MachineError where the PDF has no line of the number.
    """
    lines = pdf_lines(file)
    at = [index for index, line in enumerate(lines) if line.number == number]
    if not at:
        last = max(line.number for line in lines)
        raise MachineError(
            f"no line has the number {number}", place=Place(file), remedy=f"the last is {last}"
        )
    sources = Sources(project)
    for index in at:
        if result := sources.find(lines[index], lines[max(0, index - 2) : index + 3]):
            return [lines[index]], result
    return [lines[index] for index in at], []


def numbers_of(
    sources: Sources, lines: list[NumberedLine], file: str, first: int, last: int
) -> list[NumberedLine]:
    """Return the numbered lines that show some lines of a source."""
    results = []
    for index, line in enumerate(lines):
        result = sources.find(line, lines[max(0, index - 2) : index + 3])
        if any(one.file == file and first <= one.line <= last for one in result):
            results.append(line)
    return results


def _words(text: str) -> list[str]:
    return [word.lower().replace("’", "'") for word in _WORD.findall(text)]
