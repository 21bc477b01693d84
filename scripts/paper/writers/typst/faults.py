"""What Typst refuses: whose fault it is, the line that it comes from, and what to do about it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from paper.errors import ChapterError, PaperError, Place, ToolError
from paper.fences import FencedCode
from paper.parsing.origins import Origin
from paper.project import Project
from paper.report import Fault, warning
from paper.text.source import Line, Source
from paper.words import words
from paper.writers.typst import glyphs
from paper.writers.typst.syntax import MARK

_AT: Final = r"{name}:(\d+):"
_MARKED: Final = re.compile(rf"^{MARK}(\d+)$", re.M)
_IMAGE: Final = re.compile(r'image\("((?:[^"\\]|\\.)*)"')
_SIGN: Final = re.compile(r"the text `\"(.+?)\"` could not be displayed")
_LONG: Final = re.compile(r"[A-Za-z0-9+/=]{200,}")
# Of Typst's own words about an image, what the author has to do.
_IMAGES: Final = {
    "file not found": "put the file beside the chapter or in assets/, and correct the path",
    "unknown image format": "save it as PNG, JPEG or SVG, with the ending that its kind has",
    "failed to decode": "the file is damaged or of another kind than its ending says: save it anew",
    "failed to parse SVG": "the drawing is no valid SVG: save it anew, or as PNG",
}


@dataclass(frozen=True)
class Problem:
    """One error of Typst."""

    message: str
    """What is wrong."""
    shown: str
    """The whole text of the error."""
    block: int | None
    """The marked block that it lies in."""
    line: str
    """The line of the source, in Typst's language."""


def problems(error: Exception, source: str, name: str) -> list[Problem]:
    """Return the errors that Typst tells at once. name: of the file that it compiled."""
    shown = str(getattr(error, "diagnostic", "") or error)
    notices = [part for part in re.split(r"^error: ", shown, flags=re.M) if part.strip()]
    lines = source.split("\n")
    results = []
    for part in notices:
        message = part.split("\n", 1)[0].strip()
        place: tuple[int | None, str] = (None, "")
        for at in re.findall(_AT.format(name=re.escape(name)), part):
            number = int(at)
            block = next(
                (m[1] for m in (_MARKED.fullmatch(line) for line in reversed(lines[:number])) if m), None
            )
            if block is not None:
                place = (int(block), lines[number - 1])
                break
        results.append(Problem(_shortened(message), _shortened(part), *place))
    return results


def unsettled(warnings: Sequence[str]) -> list[Fault]:
    """Return what to tell where Typst gave up before its pages came to rest: their numbers may then be wrong.

    warnings: Typst's own. https://typst.app/docs/reference/context/#compiler-iterations
    """
    if not any("did not converge within" in warning for warning in warnings):
        return []
    labels = dict.fromkeys(re.findall(r"labelled `<([^`]+)>`", "\n".join(warnings)))
    near = ", ".join(f"@{label}" for label in labels if not label.startswith("paper-"))
    message = "the PDF's pages did not come to rest, so that numbers and page numbers in it may be wrong"
    return [
        warning(
            Place("_quarto.yml"),
            "pdf-unsettled",
            message + (f", at {near}" if near else ""),
            "move the figure or table there by a paragraph, or set fig-pos: none; raw Typst may ask for what it sets",
        )
    ]


def without_refused(
    project: Project, source: str, told: Sequence[Problem], origins: Sequence[Origin], refused: set[int]
) -> tuple[str, list[Fault]]:
    """Return the source with a note in place of each block that Typst refuses, and what to tell of them.

    Raises ChapterError for raw Typst and images of the author's, ToolError for what lies in no block.
    """
    notices = []
    for problem in told:
        if sign := _SIGN.search(problem.message):
            # The check of signs before knows none that this could come from: the words stay, with a box in its place.
            source = source.replace(sign[1], "□")
            place = origins[problem.block].source.find(sign[1]) if problem.block is not None else Place("")
            notices.append(
                _notice(place, f"no font has {sign[1]}: the PDF shows □ in its place", glyphs.REMEDY)
            )
            continue
        if problem.block is None or problem.block >= len(origins) or problem.block in refused:
            raise given_up(told)
        origin = origins[problem.block]
        _raise_for_author(problem, origin)
        refused.add(problem.block)
        note = words(project.lang)["not_in_pdf"]
        source = _replaced(source, problem.block, f"#block(stroke: 0.5pt, inset: 6pt)[{note}]")
        message = f"what begins here is left out of the PDF, since Typst can't set it: {problem.message}"
        notices.append(
            _notice(origin.place, message, "the page has it; please report it as a fault of the program")
        )
    return source, notices


def given_up(told: Sequence[Problem]) -> PaperError:
    """Return the error of a PDF that can't be made, by no block's fault."""
    first = told[0]
    return ToolError(
        f"Typst can't set the PDF: {first.message}",
        detail=first.shown,
        remedy="look at what assets/typst and the settings under `format: typst` say; "
        "`paper build --to html` works without the PDF",
    )


def _raise_for_author(problem: Problem, origin: Origin) -> None:
    if line := _raw_line(origin.source, problem):
        raise ChapterError(
            f"Typst refuses the raw Typst here: {problem.message}",
            place=line.place,
            detail=problem.shown,
            remedy="correct this line of Typst, or take it out",
        )
    for said, remedy in _IMAGES.items():
        image = _IMAGE.search(problem.line)
        if said in problem.message and image:
            name = image[1].rpartition("/")[2]
            own = "/.paper/" not in image[1]
            raise ChapterError(
                f"the image {name if own else 'that a cell gives'} can't be set: {problem.message}",
                place=origin.source.find(name) if own else origin.place,
                remedy=remedy if own else f"look at what the cell gives: {remedy}",
            )


def _raw_line(source: Source, problem: Problem) -> Line | None:
    """Return the line of raw Typst, in a block or within a line, that Typst complains of; None where it is none."""
    wanted = problem.line.strip()
    code = FencedCode()
    candidates: list[Line] = []
    for line in source.lines:
        if code.covers(line.text):
            if code.fence is not None and code.fence.info in ("{=typst}", "{=typ}"):
                candidates.append(line)
        elif "{=typst}" in line.text:
            inner = re.findall(r"`([^`]+)`\{=typst\}", line.text)
            if any(code.strip() in wanted for code in inner):
                return line
    if not wanted:
        return None
    return next((line for line in candidates if line.text.strip() == wanted), None) or next(
        (line for line in candidates if line.text.strip() and line.text.strip() in wanted), None
    )


def _replaced(source: str, block: int, note: str) -> str:
    """Return the source with what stands between a block's mark and the next one replaced."""
    parts = re.split(rf"^({MARK}\d+)$", source, flags=re.M)
    at = parts.index(f"{MARK}{block}")
    parts[at + 1] = f"\n{note}\n\n"
    return "".join(parts)


def _notice(place: Place, message: str, remedy: str) -> Fault:
    return warning(place, "pdf", message, remedy)


def _shortened(text: str) -> str:
    return _LONG.sub("…", text)
