"""Make ``assets/docx/reference.docx``, the styles of Word files: pandoc's own reference document, restyled.

Run: .venv/bin/python -m paper.writers.make_reference_docx
"""

from __future__ import annotations

import io
import subprocess
from typing import Any

import docx
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

from paper import assets
from paper.tools import pandoc
from paper.writers import office
from paper.writers.wordtables import TABLE_HEADING, TABLE_TEXT

OUT = assets.PACKAGED / "docx" / "reference.docx"
EPOCH = 0  # seconds: the date of a file that no draft is
SERIF = "Times New Roman"  # has the Kazakh letters on every system that has Word
INK, SOFT, ACCENT, DRAFT = (RGBColor.from_string(c) for c in ("1E2023", "55595F", "0B5A6B", "9C2B2B"))

# name: size in points, and what differs from plain text
STYLES: dict[str, dict[str, Any]] = {
    "Normal": {"size": 12, "colour": INK},
    "Body Text": {"size": 12, "line": 1.5, "after": 8},
    "First Paragraph": {"size": 12, "line": 1.5, "after": 8},
    "Compact": {"size": 12, "line": 1.5, "after": 2},
    TABLE_TEXT: {"size": 10, "after": 2, "before": 2},
    TABLE_HEADING: {"size": 10, "after": 2, "before": 2, "bold": True, "next": True},
    office.TABLE_NOTE: {"size": 10, "after": 12, "before": 4},
    "Block Text": {"size": 11, "line": 1.3, "after": 8, "left": 1.0},
    "Title": {"size": 20, "bold": True, "after": 10, "line": 1.1},
    "Subtitle": {"size": 14, "colour": SOFT, "after": 8},
    "Author": {"size": 12, "bold": True, "before": 6, "after": 0},
    "Affiliation": {"size": 12, "after": 0},
    "Date": {"size": 11, "colour": SOFT, "before": 6, "after": 0},
    "Draft Status": {"size": 11, "bold": True, "colour": DRAFT, "before": 6, "after": 12},
    "Heading 1": {"size": 16, "bold": True, "colour": ACCENT, "before": 24, "after": 8, "next": True},
    "Heading 2": {"size": 13, "bold": True, "before": 16, "after": 6, "next": True},
    "Heading 3": {"size": 12, "bold": True, "before": 12, "after": 4, "next": True},
    "Heading 4": {"size": 12, "italic": True, "before": 10, "after": 4, "next": True},
    "Caption": {"size": 10.5, "after": 6, "before": 6},
    "Table Caption": {"size": 10.5, "before": 12, "after": 4, "next": True},
    "Image Caption": {"size": 10.5, "before": 4, "after": 14},
    "Captioned Figure": {"size": 12, "before": 12, "after": 2, "next": True},
    "Callout": {"size": 11, "line": 1.2, "after": 4, "left": 0.4, "box": True},
    "Callout Title": {"size": 11, "bold": True, "before": 10, "after": 2, "left": 0.4, "next": True, "box": True},
    "Bibliography": {"size": 11, "line": 1.15, "after": 5, "left": 1.0, "hanging": 1.0},
    "Footnote Text": {"size": 10, "after": 2},
    "Source Code": {"size": 9.5, "after": 6, "face": "Courier New"},
    "Header": {"size": 9, "colour": DRAFT},
    "Footer": {"size": 9, "colour": SOFT},
}  # fmt: skip
BASES = {
    "Callout": "Body Text", "Callout Title": "Callout",
    **dict.fromkeys(("Affiliation", "Draft Status", "Source Code", "Header", "Footer", TABLE_TEXT), "Normal"),
    **dict.fromkeys((TABLE_HEADING, office.TABLE_NOTE), TABLE_TEXT),
}  # fmt: skip


def main() -> None:
    """Write the reference document from pandoc's own, restyled."""
    command = [str(pandoc.binary()), "--print-default-data-file", "reference.docx"]
    document = docx.Document(io.BytesIO(subprocess.run(command, capture_output=True, check=True).stdout))
    for name, look in STYLES.items():
        restyle(document, name, **look)
    for style in document.styles:
        if style.type == WD_STYLE_TYPE.CHARACTER:  # the twins of paragraph styles, and links
            style.font.color.rgb = ACCENT if style.name == "Hyperlink" else None
    rule_tables(document)
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.75)  # leaves the 15.5 cm for which figures are drawn
    section.top_margin = section.bottom_margin = Cm(2.5)
    properties = office.Properties(title="", lang="en")
    stream = io.BytesIO()
    document.save(stream)
    OUT.write_bytes(office.finalise_docx(stream.getvalue(), properties, EPOCH))
    print(OUT)


def restyle(
    document: Any, name: str, *, size: float, line: float = 1.0, before: float = 0, after: float = 0,
    left: float = 0, hanging: float = 0, bold: bool = False, italic: bool = False, next: bool = False,
    colour: RGBColor = INK, face: str = SERIF, box: bool = False,
) -> None:  # fmt: skip
    """Set one paragraph style: sizes in points, indents in centimetres; next: stay with the paragraph after it."""
    known = {style.name: style for style in document.styles}
    if name not in known:
        style = document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style.base_style = known[BASES[name]]
        style.quick_style = True
    style = known.get(name) or document.styles[name]
    font, form = style.font, style.paragraph_format
    font.name, font.size, font.bold, font.italic, font.color.rgb = face, Pt(size), bold, italic, colour
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{theme}"), None)
    for script in ("ascii", "hAnsi", "eastAsia", "cs"):
        fonts.set(qn(f"w:{script}"), face)
    form.line_spacing, form.space_before, form.space_after = line, Pt(before), Pt(after)
    form.left_indent, form.first_line_indent = Cm(left), Cm(-hanging)
    form.alignment, form.keep_with_next, form.widow_control = WD_ALIGN_PARAGRAPH.LEFT, next, True
    if box:
        add_bar(style)


def add_bar(style: Any) -> None:
    """Give a style a coloured bar at the left and a tint behind: a callout."""
    properties = style.element.get_or_add_pPr()
    for old in (*properties.findall(qn("w:pBdr")), *properties.findall(qn("w:shd"))):
        properties.remove(old)
    borders, bar, shade = (OxmlElement(name) for name in ("w:pBdr", "w:left", "w:shd"))
    for key, value in {"val": "single", "sz": "18", "space": "8", "color": str(ACCENT)}.items():
        bar.set(qn(f"w:{key}"), value)
    for key, value in {"val": "clear", "color": "auto", "fill": "F1F5F6"}.items():
        shade.set(qn(f"w:{key}"), value)
    borders.append(bar)
    properties.insert_element_before(borders, "w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc", "w:rPr")
    properties.insert_element_before(shade, "w:tabs", "w:spacing", "w:ind", "w:jc", "w:rPr")


def rule_tables(document: Any) -> None:
    """Lines above, between and below the rows of a table; bold heads."""
    style = document.styles["Table"].element
    table = style.find(qn("w:tblPr"))
    for old in table.findall(qn("w:tblBorders")):
        table.remove(old)
    borders = OxmlElement("w:tblBorders")
    for side, size, colour in (("top", "8", "1E2023"), ("bottom", "8", "1E2023"), ("insideH", "4", "C9C4B8")):
        line = OxmlElement(f"w:{side}")
        for key, value in {"val": "single", "sz": size, "space": "0", "color": colour}.items():
            line.set(qn(f"w:{key}"), value)
        borders.append(line)
    table.insert_element_before(borders, "w:shd", "w:tblLayout", "w:tblCellMar", "w:tblLook")
    for conditional in style.findall(qn("w:tblStylePr")):
        style.remove(conditional)
    first, run, bold = (OxmlElement(name) for name in ("w:tblStylePr", "w:rPr", "w:b"))
    first.set(qn("w:type"), "firstRow")
    run.append(bold)
    first.append(run)
    style.append(first)


if __name__ == "__main__":
    main()
