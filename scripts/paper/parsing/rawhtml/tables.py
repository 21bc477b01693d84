"""Tables in HTML, of authors and of pandas, Styler, great_tables, polars, statsmodels: what of them is the table."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

import panflute as pf

from paper.parsing.rawhtml import SLOT

if TYPE_CHECKING:
    from bs4 import BeautifulSoup, Tag

WIDTHS: Final = "paper-widths"  # an attribute of a table whose author gave its columns widths
# What may stand around tables that become tables of the document on pages, too.
_WRAPPERS: Final = frozenset("html body head div p style br span small center section strong em b i".split())  # noqa: SIM905
# What a cell keeps of a stylesheet's rules.
_KEPT: Final = frozenset(
    "background background-color color font-weight font-style text-align text-decoration".split()  # noqa: SIM905
)
_GAPS: Final = frozenset(
    ["", "nan", "none", "<na>", "nat", "null", "-", "–", "—", "...", "…", "inf", "-inf", "n/a"]
)
_NUMBER: Final = re.compile(
    r"[-+−(]?[€$£¥₸₽]?\s?[-+−]?(\d[\d,.'’\u00a0\u202f]*|\.\d+)(e[-+]?\d+)?\)?\s?(%|[€$£¥₸₽])?\*{0,4}", re.I
)


def alone(soup: BeautifulSoup) -> bool:
    """Whether tables, with words at most around them, are all that there is, and none asks to be left as it is."""
    for table in soup("table"):
        if str(table.get("data-quarto-disable-processing")).lower() == "true":
            return False
    outside = (tag for tag in soup.find_all(True) if tag.name != "table" and tag.find_parent("table") is None)
    return all(tag.name in _WRAPPERS for tag in outside)


def inline_styles(soup: BeautifulSoup) -> None:
    """Write the rules of a Styler's stylesheet into the cells that they are meant for, before it is taken out."""
    tables = [table for table in soup("table") if str(table.get("id", "")).startswith("T_")]
    if not tables:
        return
    from soupsieve import SelectorSyntaxError

    for sheet in soup("style"):
        for selectors, body in re.findall(r"([^{}]+)\{([^{}]*)\}", sheet.get_text()):
            remaining = [
                part.strip() for part in body.split(";") if part.split(":")[0].strip().lower() in _KEPT
            ]
            if not remaining:
                continue
            try:
                cells = soup.select(selectors.strip())
            except (SelectorSyntaxError, NotImplementedError):
                continue
            for cell in cells:
                if cell.name in ("td", "th"):
                    cell["style"] = "; ".join(
                        [*filter(None, [str(cell.get("style", "")).strip("; ")]), *remaining]
                    )


def clean(table: Tag, soup: BeautifulSoup) -> None:
    """Leave of a library's table what it says: no stylesheet, no made-up ids, no counter of rows."""
    classes = set(table.get_attribute_list("class"))
    if "dataframe" in classes:
        _merge_names(table)
        _drop_counter(table)
    if "gt_table" in classes:
        _split_groups(table, soup)
        _plain_cells(table)
        _move_out(table, soup)
    if "simpletable" in classes:
        _head_row(table, soup)
    if "dataframe" in classes or "gt_table" in classes or str(table.get("id", "")).startswith("T_"):
        for tag in [table, *table.find_all(True)]:
            kept = ("colspan", "rowspan", "style", "href", "src", "alt", SLOT)
            tag.attrs = {name: value for name, value in tag.attrs.items() if name in kept}
        for row in table("tr"):
            row.attrs.pop("style", None)
        table["class"] = "dataframe"
    table.attrs.pop("border", None)
    if table.find("col") is not None:  # else pandoc makes widths up, where a cell holds paragraphs
        table[f"data-{WIDTHS}"] = "given"
    for cell in table(["td", "th"]):
        style = str(cell.get("style", ""))
        if re.search(r"(?:^|;)\s*background", style) and not re.search(r"(?:^|;)\s*color\s*:", style):
            cell["style"] = f"{style.rstrip('; ')}; color-scheme: light; color: CanvasText"


def _plain_cells(table: Tag) -> None:
    """Set what a great table says by classes in terms of HTML: alignment, names of groups, marks of footnotes."""
    for cell in table(["td", "th"]):
        classes = cell.get_attribute_list("class")
        side = next((name for name in ("left", "center", "right") if f"gt_{name}" in classes), "")
        if side and "gt_stub" not in classes:
            own = str(cell.get("style", "")).strip("; ")
            cell["style"] = f"{own}; text-align: {side}".lstrip("; ")
    holder = table.find_parent("div")
    if holder is not None and holder.find("table") is table:
        holder.attrs = {}  # an id made up anew for each build, for the stylesheet that was there
    for mark in table.find_all(class_="gt_footnote_marks"):
        mark.name, mark.attrs = "sup", {}


def _split_groups(table: Tag, soup: BeautifulSoup) -> None:
    """Give each group of rows a body of its own, at whose head pandoc knows the group's name."""
    for row in [row for row in table("tr") if row.find(class_="gt_group_heading", recursive=False)]:
        body = row.parent
        if body is None or body.name != "tbody" or row.find_previous_sibling("tr") is None:
            continue
        group = soup.new_tag("tbody")
        group.extend([part.extract() for part in [row, *row.find_next_siblings("tr")]])
        body.insert_after(group)


def _head_row(table: Tag, soup: BeautifulSoup) -> None:
    """Make the names of a statistical table's columns, which stand in its first row, its head."""
    rows = table("tr")
    cells = rows[0].find_all(["td", "th"], recursive=False) if rows else []
    if (
        table.thead is not None
        or len(cells) < 2
        or any(c.name == "td" and c.get_text(strip=True) for c in cells)
    ):
        return
    for cell in cells:
        cell.name = "th"
    head = soup.new_tag("thead")
    head.append(rows[0].extract())
    table.insert(1 if table.caption is not None and table.contents[0] is table.caption else 0, head)


def _rows(part: Tag | None) -> list[list[Tag]]:
    return [row.find_all(["td", "th"], recursive=False) for row in part("tr")] if part is not None else []


def _merge_names(table: Tag) -> None:
    """Merge the names of a frame's index into the row of its columns, where pandas gives them a row of their own."""
    heads = _rows(table.thead)
    if len(heads) < 2:
        return
    columns, names = heads[-2], heads[-1]
    count = next((n for n, cell in enumerate(names) if not cell.get_text(strip=True)), len(names))
    depth = (
        len(_rows(table.tbody)[0]) - sum(c.name == "td" for c in _rows(table.tbody)[0])
        if _rows(table.tbody)
        else 0
    )
    if not 0 < count <= depth or any(cell.get_text(strip=True) for cell in names[depth:]):
        return
    if len(columns) != len(names) or any(cell.get_text(strip=True) for cell in columns[:depth]):
        return
    for cell, name in zip(columns[:depth], names[:depth], strict=True):
        cell.clear()
        for child in list(name.contents):
            cell.append(child.extract())
    names[0].find_parent("tr").decompose()  # type: ignore[union-attr]


def _drop_counter(table: Tag) -> None:
    """Take out the first column where it only counts the rows from 0, as the index does that nobody set."""
    heads, rows = _rows(table.thead), _rows(table.tbody)
    if not rows or any(not row or row[0].name != "th" or row[0].get("rowspan") for row in rows):
        return
    if any(len(row) > 1 and row[1].name == "th" for row in rows) or any(
        not row or row[0].get_text(strip=True) or row[0].get("colspan") for row in heads
    ):
        return
    counted = [row[0].get_text(strip=True) for row in rows]
    gap = counted.index("...") if "..." in counted else len(counted)
    first, last = counted[:gap], counted[gap + 1 :]
    if not all(text.isdecimal() for text in [*first, *last]) or first != [str(n) for n in range(gap)]:
        return
    if last and last != [str(n) for n in range(int(last[0]), int(last[0]) + len(last))]:
        return
    for row in [*heads, *rows]:
        row[0].decompose()


def _move_out(table: Tag, soup: BeautifulSoup) -> None:
    """Move a great table's title and notes, which it keeps in rows, around the table."""
    titles = [row for row in table("tr") if "gt_heading" in row.get_attribute_list("class")]
    if titles:
        words = soup.new_tag("p")
        for at, row in enumerate(titles):
            words.append(soup.new_tag("br")) if at else None
            part = soup.new_tag("span" if at else "strong")
            for cell in row(["td", "th"]):
                for child in list(cell.contents):
                    part.append(child.extract())
            words.append(part)
            row.decompose()
        table.insert_before(words)
    after = table
    for foot in table("tfoot"):
        for cell in foot(["td", "th"]):
            note = soup.new_tag("p")
            for child in list(cell.contents):
                note.append(child.extract())
            after.insert_after(note)
            after = note
        foot.decompose()


def arranged(element: pf.Element, _: object) -> None:
    """Give a table's columns the room that their words take, and set those of numbers right, where it says nothing."""
    if not isinstance(element, pf.Table):
        return
    if not element.attributes.pop(WIDTHS, ""):
        element.colspec = [(alignment, "ColWidthDefault") for alignment, _ in element.colspec]
    if not {"dataframe", "simpletable"} & set(element.classes):
        return
    rows = [row for body in element.content for row in body.content]
    grid = list(_columns(rows))
    for at, (alignment, width) in enumerate(element.colspec):
        column = [text for position, text in grid if position == at]
        said = [text for text in column if text.lower() not in _GAPS]
        if alignment == "AlignDefault" and said and all(_NUMBER.fullmatch(text) for text in said):
            element.colspec[at] = ("AlignRight", width)


def _columns(rows: Iterable[pf.TableRow]) -> Iterable[tuple[int, str]]:
    """Yield the cells that take one column, as its number and text, past what cells above and beside them take."""
    reserved: dict[int, int] = {}  # column → rows that a cell above still takes
    for row in rows:
        at = 0
        below: dict[int, int] = {column: left - 1 for column, left in reserved.items() if left > 1}
        for cell in row.content:
            while reserved.get(at, 0) > 0:
                at += 1
            if cell.colspan == 1:
                yield at, pf.stringify(cell).strip()
            for column in range(at, at + cell.colspan):
                if cell.rowspan > 1:
                    below[column] = cell.rowspan - 1
            at += cell.colspan
        reserved = below
