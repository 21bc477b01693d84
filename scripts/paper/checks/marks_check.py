"""Marks that come in pairs or need a space, which pandoc takes for text without a word; headings out of order."""

from __future__ import annotations

import re
from collections.abc import Iterator

from paper.errors import Place
from paper.report import Fault, warning
from paper.text import anchors, places
from paper.text.source import Line, Source

EMPTY = "the heading has no words, and is left out of the PDF"
_DIV = re.compile(r"\s*(:{3,})\s*(.*?)\s*:*\s*$")
_PROSE = re.compile(
    r"\s*(?:(?:[-*+]|\d{1,9}[.)])\s+)?[^\W_](?!.*[|}]\s*$)"
)  # neither heading nor table nor mark
# As pandoc reads them, with what may stand before them. https://pandoc.org/MANUAL.html#extension-fenced_code_attributes
_ATTRIBUTES = re.compile(
    r"""[^{}]*\{\s*+(?:(?:[#.][^\s{}="']++|-|[\w:.-]++=(?:"(?:\\.|[^"\\])*+"|'(?:\\.|[^'\\])*+'|[^\s"'{}]*+))(?:\s++|(?=})))*+\}"""
)
_MERGE = re.compile(r"(<{7}|>{7}) ")
_HEADING = re.compile(r"#{2,6}[^\s#{!|]")
_FORMULA = re.compile(r"(?<![\\\"“‘'])\$\$(?![\"”’'])")  # between quotation marks the signs are spoken of
_CITED = re.compile(r"(?<![\\!\w])\[(?:[^\[\]@\n]{0,80}[\s(])?-?@\{?\w")
# A picture that says nothing to who reads by ear, or a list of contents.
_BARE_PICTURE = re.compile(r"!\[\s*\]\([^()]*\)")


def check_headings(source: Source) -> Iterator[Fault]:
    """Yield headings without words, and those that skip a level, which the PDF sets one below the last."""
    above = 0
    for level, words, attributes, place in anchors.headings(source):
        if not _BARE_PICTURE.sub("", words).strip():
            yield warning(place, "heading-empty", EMPTY, "give it a title, or take it out")
            continue
        if above and level > above + 1:
            message = f"the heading “{words}” is of level {level} under one of level {above}"
            remedy = f"give it {'#' * (above + 1)}: who reads by ear relies on unbroken levels"
            yield warning(place, "heading-level", message, remedy)
        above = level if "unlisted" not in attributes else above


def check_marks(source: Source) -> Iterator[Fault]:
    """Yield what is opened and never closed, or closed twice, and traces of a merge."""
    yield from _lines(source)
    if comment := places.open_comment(source):
        yield _open(comment, "the comment opened here by <!--", "-->")
    for paragraph in places.paragraphs(source):
        yield from _paragraph(paragraph)


def _open(place: Place, what: str, end: str) -> Fault:
    return Fault(str(place.file), place.line, "mark-open", f"{what} is never closed", f"end it with {end}")


def _paragraph(lines: list[Line]) -> Iterator[Fault]:
    """Yield the shortcodes, formulas and citations that a paragraph opens and doesn't close."""
    text = "\n".join(line.text for line in lines)

    def place(at: int) -> Place:
        return lines[text.count("\n", 0, at)].place

    if (at := text.find("{{<")) >= 0:
        yield _open(place(at), "the shortcode opened here by {{<", ">}}")
    if formula := _FORMULA.search(text):
        yield _open(place(formula.start()), "the formula opened here by $$", "$$, with no empty line within")
    for match in _CITED.finditer(text):
        depth = 0
        for sign in re.finditer(r"(?<!\\)[\[\]]", text[match.start() :]):
            depth += 1 if sign[0] == "[" else -1
            if not depth:
                break
        if depth:
            words = text[match.start() : match.end() + 20].split("\n")[0].split()
            yield _open(place(match.start()), f"the bracket opened here by {' '.join(words[:2])}", "]")
            return


def _lines(source: Source) -> Iterator[Fault]:
    opened: list[Line] = []
    before: Line | None = None
    for line in places.prose(source):
        above, before = before, line
        if match := _DIV.match(line.text):
            if match[2]:
                opened.append(line)
                if above and above.number == line.number - 1 and _PROSE.match(above.text):
                    message = "this ::: goes on with the paragraph above it, and prints as it stands"
                    yield warning(line.place, "block-in-paragraph", message, "put an empty line before it")
                elif match[2].endswith("}") and "{{<" not in match[2] and not _ATTRIBUTES.fullmatch(match[2]):
                    message = f"the attributes {match[2]} can't be read, so this ::: prints as it stands"
                    remedy = 'write them as {#id .class name="value"}, without spaces around the ='
                    yield warning(line.place, "block-attributes", message, remedy)
            elif opened:
                opened.pop()
            else:
                message = "this ::: closes a block, and none is open"
                yield Fault(line.file, line.number, "block-closed-twice", message, "take the line out")
        elif _MERGE.match(line.text):
            message = "a trace of a merge: two versions of the text stand here"
            remedy = "keep what is right between <<<<<<< and >>>>>>>, and take these lines out"
            yield Fault(line.file, line.number, "merge", message, remedy)
        elif _HEADING.match(line.text):
            message = "a heading needs a space after its #: this prints as it stands"
            yield Fault(line.file, line.number, "heading-without-space", message, "put a space in", "warning")
    for line in opened:
        message = f"the block opened here by {line.text.strip()} is never closed"
        yield Fault(line.file, line.number, "block-open", message, "end it with a line :::")
