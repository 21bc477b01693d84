"""Tables of a Word file: their styles, rows that stay together, columns that hold their longest words."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

TABLE_TEXT: Final = "Table Text"  # pandoc sets cells in the style of lists
TABLE_HEADING: Final = "Table Heading"  # word processors differ in what they take over from a table's style
LAYOUT: Final = (
    "Layout"  # stands for the style of a table that only puts blocks side by side, until it has none
)
SHORT: Final = 9  # rows: a table that stays on one page
LETTER: Final = 105  # twentieths of a point: the width of a letter in a table
INSET: Final = 220  # the same: what a cell keeps free at its sides
LONGEST: Final = 18  # letters: a longer word may be broken


def set_layout(table: Any) -> None:
    """Set a table that only puts blocks side by side: no lines, whole rows, pictures with their caption."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    properties = table._tbl.tblPr
    properties.style = None
    borders = OxmlElement("w:tblBorders")
    for side in ("top", "left", "bottom", "right", "insideH", "insideV"):
        line = OxmlElement(f"w:{side}")
        line.set(qn("w:val"), "nil")
        borders.append(line)
    properties.insert_element_before(borders, "w:shd", "w:tblLayout", "w:tblCellMar", "w:tblLook")
    captions = {one.style_id for one in table.part.styles if one.name == "Image Caption"}
    following = table._tbl.xpath("following-sibling::w:p[1]/w:pPr/w:pStyle/@w:val")
    stays = bool(following) and following[0] in captions
    for row in table._tbl.tr_lst:
        row.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
        for paragraph in row.iter(qn("w:p")) if stays else ():
            paragraph.get_or_add_pPr().keepNext_val = True


def set_table(table: Any, room: int, styles: Mapping[str, str]) -> None:
    """Give a table its styles of text and heads, rows that stay together, and columns for its words.

    No row breaks over a page, no first or last one stands there alone, and a short table stays whole.
    room: the width of the text on the page, in twentieths of a point; styles: the document's, name → id.
    """
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    of_paragraph, value, compact = f"{qn('w:pPr')}/{qn('w:pStyle')}", qn("w:val"), styles.get("Compact")
    of_row, head, named = qn("w:trPr"), qn("w:tblHeader"), qn("w:p")
    rows = table._tbl.tr_lst
    for at, row in enumerate(rows):
        properties = row.find(of_row)
        if properties is None:
            properties = row.get_or_add_trPr()
        properties.append(OxmlElement("w:cantSplit"))
        is_head = properties.find(head) is not None
        style = styles.get(TABLE_HEADING if is_head else TABLE_TEXT)
        left = len(rows) - 1 - at
        stays = left > 0 and (is_head or len(rows) <= SHORT or at <= 1 or left == 1)
        for paragraph in row.iter(named):
            given = paragraph.find(of_paragraph)
            if style and given is not None and given.get(value) == compact:
                given.set(value, style)  # python-docx's own ways are ten times as long
            elif style and given is None and compact is None:
                paragraph.style = style
            if stays:
                paragraph.get_or_add_pPr().keepNext_val = True
    _widen(table, room)


def _widen(table: Any, room: int) -> None:
    """Give each column the room of its longest word, as far as others can spare it."""
    from docx.oxml.ns import qn

    columns = table._tbl.tblGrid.gridCol_lst
    given = [int(column.get(qn("w:w")) or 0) for column in columns]
    if not all(given):
        return
    longest = [0] * len(columns)
    for row in table._tbl.tr_lst:
        cells = row.tc_lst
        if len(cells) == len(columns):
            for at, cell in enumerate(cells):
                longest[at] = max(longest[at], _longest_word(cell))
    for column, width in zip(columns, widths(given, longest, room), strict=True):
        column.set(qn("w:w"), str(width))


def widths(given: Sequence[int], longest: Sequence[int], room: int) -> list[int]:
    """Return the columns' widths in twentieths of a point, ``room`` in all.

    given: the widths that the table asks for, in any unit; longest: the letters of each column's longest word.
    """
    wanted = [room * width / sum(given) for width in given]
    needed = [min(letters, LONGEST) * LETTER + INSET for letters in longest]
    lack = sum(max(0.0, need - width) for width, need in zip(wanted, needed, strict=True))
    spare = sum(max(0.0, width - need) for width, need in zip(wanted, needed, strict=True))
    if not lack or not spare:
        return [round(width) for width in wanted]
    share, cover = min(1.0, lack / spare), min(1.0, spare / lack)
    return [
        round(width - (width - need) * share if width > need else width + (need - width) * cover)
        for width, need in zip(wanted, needed, strict=True)
    ]


def _longest_word(cell: Any) -> int:
    from docx.oxml.ns import qn

    words: list[str] = []
    of_text, of_break = qn("w:t"), qn("w:br")
    for paragraph in cell.iter(qn("w:p")):
        text = "".join(
            " " if part.tag == of_break else part.text or "" for part in paragraph.iter(of_text, of_break)
        )
        words += re.split(r"[\s/\u2013-]+", text)
    return max(map(len, words), default=0)
