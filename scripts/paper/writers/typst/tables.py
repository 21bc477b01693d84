"""Tables within the width of the page: set smaller, then broken within words, where they would be too wide."""

from __future__ import annotations

from typing import Final

import panflute as pf

from paper.parsing import position
from paper.parsing.constructs import Float
from paper.parsing.tree import every
from paper.writers.typst.syntax import block

LONG_CELL: Final = 1200  # characters: a row that may be too tall to stay on one page
SIZE: Final = 9.0  # points: the size of text in tables, as the template has it
SMALLEST: Final = 6.0
SHORT: Final = 1600  # characters: a table that takes half a page at most
KEPT: Final = 400  # characters of a row that may stand with another on any page
ROOM: Final = 439.0  # points: the width of the text on a page of the template
HYPHENATED: Final = 8  # letters
LONGEST: Final = 20
LETTER: Final = 0.45  # of the size: how wide a letter is
INSET: Final = 10.0  # points: what a cell keeps free at its sides
# How a note looks that is the last row of its table; the template knows it by its upper rule.
_NOTE: Final = {"typst:stroke": "note-rule", "typst:inset": "(x: 0pt, top: 8pt, bottom: 0pt)"}


def table(element: pf.Table, room: float = ROOM) -> list[pf.Element]:
    """Return the table as the template sets it: no figure of pandoc's, its rows and words as far as they fit."""
    element.classes = [*element.classes, "typst:no-figure"]
    embolden_row_heads(element)
    before: list[str] = []
    size = _size(element, _longest(element), room)
    if _is_plain(element):
        _keep_rows(element, noted=_take_in_note(element))
    if size < SIZE:
        before.append(f"#set text(size: {max(size, SMALLEST):.2g}pt)")
    if _has_long_cells(element):
        before.append("#set table.cell(breakable: true)")
    if every(element.head, pf.Link, pf.Cite):
        # A head that is said again on the next page is decoration there, and PDF/UA lets none hold a link.
        before.append("#set table.header(repeat: false)")
    if not before:
        return [element]
    return [block("#[" + "\n".join(before)), element, block("]")]


def embolden_row_heads(table: pf.Table) -> None:
    """Set the heads of rows and of groups of rows bold, as pages have them: pandoc marks them for pages alone."""
    for body in table.content:
        heads = [cell for row in body.head for cell in row.content]
        heads += [cell for row in body.content for cell in row.content[: body.row_head_columns]]
        for block_ in (part for cell in heads for part in cell.content):
            inside = list(block_.content) if isinstance(block_, pf.Plain | pf.Para) else []
            if inside and not (len(inside) == 1 and isinstance(inside[0], pf.Strong)):
                block_.content = [pf.Strong(*inside)]


def fits_page(content: list[pf.Element]) -> bool:
    """Say whether the table in a float's content is so short that it may move to the next page as a whole."""
    results = [len(pf.stringify(table)) for part in content for table in every(part, pf.Table)]
    return len(results) == 1 and results[0] <= SHORT


def _take_in_note(table: pf.Table) -> bool:
    """Make the note that follows a table in its float the table's last row, so that no page begins with it.

    Typst keeps nothing with what stands before it but by a cell that spans both (``_keep_rows``). A long note stays a
    paragraph. Returns whether there was one.
    """
    note = table.next
    if not isinstance(position.around(table), Float) or not isinstance(note, pf.Para):
        return False
    if isinstance(note.next, pf.Para) or len(pf.stringify(note)) > KEPT:
        return False
    words = list(note.content)
    note.content = []
    cell = pf.TableCell(pf.Plain(*words), colspan=table.cols, attributes=dict(_NOTE))
    table.content[0].content.append(pf.TableRow(cell))
    return True


def _is_plain(table: pf.Table) -> bool:
    """Whether a table has one body, no cell spans others, and its first and last rows stay on a page."""
    if len(table.content) != 1 or not (rows := list(table.content[0].content)):
        return False
    every_row = [*table.head.content, *table.content[0].head, *rows, *table.foot.content]
    return all(c.rowspan == 1 and c.colspan == 1 for row in every_row for c in row.content) and all(
        len(pf.stringify(c)) <= KEPT for row in (*rows[:2], *rows[-2:]) for c in row.content
    )


def _keep_rows(table: pf.Table, *, noted: bool) -> None:
    """Keep the first two rows of a table together, and the last two with its note, so that none is alone on a page.

    Typst keeps the rows together that an unbreakable cell spans: one in a column without width, which the first cell
    of every other row takes in. It is the first column, since checkers of tagged tables count a row that ends under a
    span as too short.
    """
    body = table.content[0]
    rows = list(body.content)
    size = len(rows) - noted
    first = [range(2)] if size >= 4 else []
    last = [range(max(0, size - 2), len(rows))] if size >= 4 or noted else []
    if not last:
        return
    table.colspec = [(table.colspec[0][0], 0.00001), *table.colspec]
    table.cols += 1
    remaining = {group.start: group for group in (*first, *last)}
    for at, row in enumerate(rows):
        if at in remaining:
            row.content.insert(0, pf.TableCell(rowspan=len(remaining[at]), attributes={"typst:inset": "0pt"}))
        elif not any(at in group for group in remaining.values()):
            row.content[0].colspan = 2
    for row in (*table.head.content, *body.head, *table.foot.content):
        row.content[0].colspan = 2


def _longest(table: pf.Table) -> list[int]:
    """Return the letters of the longest piece of text in each column that isn't broken."""
    results = [0] * len(table.colspec)
    for part in (table.head, *table.content, table.foot):
        for row in (*part.content, *getattr(part, "head", ())):
            at = 0
            for cell in row.content:
                if cell.colspan == 1 and at < len(results):
                    results[at] = max([results[at], *map(_unbreakable, _words(cell))])
                at += cell.colspan
    return results


def _words(cell: pf.TableCell) -> list[str]:
    return [word for text in every(cell, pf.Str, pf.Code) for word in text.text.split()]


def _unbreakable(word: str) -> int:
    """Return how many letters of a word stand together: it may be hyphenated, a very long one is broken."""
    return min(len(word), HYPHENATED if word.strip(".,;:()").isalpha() else LONGEST)


def _size(table: pf.Table, longest: list[int], room: float) -> float:
    """Return the size of text at which the longest words fit into their columns, as far as that is needed."""
    widths = [width if isinstance(width, float) else 0.0 for _, width in table.colspec]
    if all(widths):
        parts = [(letters, width * room - INSET) for letters, width in zip(longest, widths, strict=True)]
    else:
        parts = [(sum(longest), room - INSET * len(longest))]
    fits = [max(space, 1.0) / (letters * LETTER) for letters, space in parts if letters]
    return min([SIZE, *fits])


def _has_long_cells(table: pf.Table) -> bool:
    return any(len(pf.stringify(cell)) > LONG_CELL for cell in every(table, pf.TableCell))
