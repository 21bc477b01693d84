"""What of the book a manuscript holds, and where: parts left out, figures and tables at the end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from types import MappingProxyType
from typing import Final

import panflute as pf

from paper.errors import Place, ProjectError
from paper.numbering.numbering import NumberedChapter
from paper.parsing import constructs
from paper.parsing.constructs import CrossReference, Float
from paper.parsing.tree import walk

# What may be left out by a name of its own; anything else is the id of a section or chapter.
APPENDICES: Final = "appendices"
AT_THE_END: Final = {"figures-in-text": ("fig",), "tables-in-text": ("tbl",)}
_BREAKS: Final = {
    "docx": '<w:p><w:r><w:br w:type="page"/></w:r></w:p>',
    "typst": "#pagebreak(weak: true)",
}
_RAW: Final = {"docx": "openxml", "typst": "typst"}


def arranged(
    chapters: Sequence[NumberedChapter],
    without: Sequence[str],
    form: str,
    t: dict[str, str],
    places: Mapping[str, Place] = MappingProxyType({}),
) -> list[NumberedChapter]:
    """Return the numbered chapters of a manuscript. t: the book's words; places: where a file names what stays out.

    Numbers stay those of the whole paper; a reference to what is left out, or stands at the end, is text. Raises
    ProjectError for a name that is none.
    """
    left = [c for c in chapters if not (APPENDICES in without and c.kind == "appendix")]
    for name in without:
        if name != APPENDICES and name not in AT_THE_END:
            left = _without_section(left, name, places.get(name))
    kinds = {kind for name in without for kind in AT_THE_END.get(name, ())}
    moved = [pair for chapter in left for pair in _taken_out(chapter, kinds, t)] if kinds else []
    if moved:
        left[-1].doc.content.extend(_at_the_end(moved, form, t))
    # Typst would number what was moved anew, and number references after that.
    unlinked(left, {float_.identifier for _, float_ in moved} if form == "typst" else set())
    return left


def unlinked(chapters: Sequence[NumberedChapter], apart: Set[str] = frozenset()) -> None:
    """Replace references to labels outside the chapters, or ``apart`` from them, by their words, in place."""
    here = _labels(chapters) - apart
    for chapter in chapters:
        walk(chapter.doc, lambda element, _: _as_text(element, here))


def _without_section(
    chapters: list[NumberedChapter], name: str, place: Place | None
) -> list[NumberedChapter]:
    """Drop a chapter, or a section with those beneath it, by its id."""
    rest = [chapter for chapter in chapters if chapter.id != name]
    found = len(rest) < len(chapters)
    for chapter in rest:
        blocks: list[pf.Element] = []
        within = 0
        for block in list(chapter.doc.content):
            if isinstance(block, pf.Header) and (not within or block.level <= within):
                within = block.level if block.identifier == name else 0
                found = found or bool(within)
            if not within:
                blocks.append(block)
        chapter.doc.content = pf.ListContainer(*blocks)
    if not found:
        known = ", ".join([APPENDICES, *AT_THE_END])
        raise ProjectError(
            f"nothing is called {name!r} that a manuscript could be without",
            place=place or Place("_quarto.yml"),
            remedy=f"{known}, or the id of a chapter or section, such as sec-introduction",
        )
    return rest


def _taken_out(
    chapter: NumberedChapter, kinds: set[str], t: dict[str, str]
) -> list[tuple[pf.Element, Float]]:
    """Take the floats of these kinds out of a chapter, and say in their places where they belong."""
    reserved: list[tuple[pf.Element, Float]] = []

    def visit(element: pf.Element, _: pf.Doc) -> pf.Element | None:
        float_ = constructs.of(element)
        if not isinstance(float_, Float) or float_.kind not in kinds or float_.parent or not float_.mark:
            return None
        reserved.append((element, float_))
        words = t["float_about_here"].format(name=float_.mark.replace("\u00a0", " "))
        return pf.Para(pf.Str(f"[{words}]"))

    walk(chapter.doc, visit)
    return reserved


def _at_the_end(moved: Sequence[tuple[pf.Element, Float]], form: str, t: dict[str, str]) -> list[pf.Element]:
    """Return tables and then figures, each on a page of its own, with their numbers as words."""
    results: list[pf.Element] = []
    ordered = sorted(moved, key=lambda pair: pair[1].kind != "tbl")
    for at, (element, float_) in enumerate(ordered):
        if at == 0 or ordered[at - 1][1].kind != float_.kind:
            title = t["tables_at_end"] if float_.kind == "tbl" else t["figures_at_end"]
            results += [_page(form), pf.Header(pf.Str(title), level=1, classes=["unnumbered"])]
        else:
            results.append(_page(form))
        if form == "docx":
            results.append(element)
            continue
        lead = [pf.Strong(pf.Str(float_.lead)), pf.Space] if float_.lead else []
        caption = pf.Para(*lead, *float_.caption_inlines)
        results += [caption, *float_.content] if float_.side == "top" else [*float_.content, caption]
    return results


def _page(form: str) -> pf.RawBlock:
    return pf.RawBlock(_BREAKS[form], format=_RAW[form])


def _labels(chapters: Sequence[NumberedChapter]) -> set[str]:
    known = {chapter.id for chapter in chapters}

    def collect(element: pf.Element, _: pf.Doc) -> None:
        if identifier := getattr(element, "identifier", ""):
            known.add(identifier)

    for chapter in chapters:
        walk(chapter.doc, collect)
    return known


def _as_text(element: pf.Element, here: set[str]) -> list[pf.Element] | None:
    """Replace a reference to what isn't here by its words."""
    reference = constructs.of(element) if isinstance(element, pf.Link) else None
    if isinstance(reference, CrossReference) and reference.label not in here:
        return list(reference.content)
    return None
