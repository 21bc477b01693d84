"""The pages of a manuscript: distance of lines, and their numbers, in DOCX and PDF."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import Any, Final

from paper.project import Project
from paper.writers import office

_SET_APART: Final = ("Table", "Caption", "Header", "Footer", "Title", "Footnote", "Comment")
# Numbers of lines in the margin, of one face and size wherever they stand.
_NUMBERED: Final = "#set par.line(numbering: n => text(size: 7.5pt, fill: luma(90), str(n)))"


def on_paper(project: Project, spacing: float, numbers: bool) -> Project:
    """Return the project with the settings of its PDF that a manuscript asks for."""
    formats = project.config.get("format")
    typst = dict(project.format("typst"))
    if spacing > 1:
        # Typst's lines stand 0.66 em apart at 1: double is the distance of a typewriter, two lines of the same height.
        typst["linestretch"] = spacing * 0.92
    if numbers:
        given = typst.get("include-before-body") or []
        own = given if isinstance(given, list) else [given]
        typst["include-before-body"] = [*own, {"text": _NUMBERED}]
    named = dict(formats) if isinstance(formats, dict) else {}
    return replace(project, config={**project.config, "format": {**named, "typst": typst}})


def in_word(content: bytes, spacing: float, numbers: bool, moment: int) -> bytes:
    """Return a Word file with the distance of lines, and their numbers, that a manuscript asks for."""
    import docx
    from docx.enum.style import WD_STYLE_TYPE

    if spacing <= 1 and not numbers:
        return content
    document = docx.Document(io.BytesIO(content))
    for style in document.styles if spacing > 1 else ():
        if style.type == WD_STYLE_TYPE.PARAGRAPH and not style.name.startswith(_SET_APART):
            style.paragraph_format.line_spacing = spacing
    if numbers:
        for section in document.sections:
            _number_lines(section)
    stream = io.BytesIO()
    document.save(stream)
    return office.make_repeatable(stream.getvalue(), moment)


def _number_lines(section: Any) -> None:
    """Put numbers beside the lines of a section of pages, on from the section before it."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    properties = section._sectPr
    numbers = OxmlElement("w:lnNumType")
    for name, value in (("countBy", "1"), ("restart", "continuous")):
        numbers.set(qn(f"w:{name}"), value)
    for old in properties.findall(qn("w:lnNumType")):
        properties.remove(old)
    # The schema's order: after size, margins, paper and borders of the page.
    before = [
        qn(f"w:{name}")
        for name in ("pgBorders", "paperSrc", "pgMar", "pgSz", "type", "endnotePr", "footnotePr")
    ]
    last = next((e for name in before if (e := properties.find(name)) is not None), None)
    if last is None:
        properties.insert(
            len(properties.findall(qn("w:headerReference")) + properties.findall(qn("w:footerReference"))),
            numbers,
        )
    else:
        last.addnext(numbers)
