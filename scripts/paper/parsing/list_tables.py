"""Tables written as lists within lists, ``::: {.list-table}``: each item of the outer list is a row."""

from __future__ import annotations

import panflute as pf

_ALIGNMENTS = {"l": "AlignLeft", "c": "AlignCenter", "r": "AlignRight"}


def table(div: pf.Div) -> pf.Table | None:
    """Return the table that the Div describes; a paragraph before or after the list is its caption.

    None where it has no such form.
    """
    blocks = list(div.content)
    at = next((at for at in (0, -1) if len(blocks) == 2 and isinstance(blocks[at], pf.Para)), None)
    caption = [pf.Plain(*blocks.pop(at).content)] if at is not None else []
    if len(blocks) != 1 or not isinstance(blocks[0], pf.BulletList):
        return None
    rows = []
    for item in blocks[0].content:
        lists = [block for block in item.content if isinstance(block, pf.BulletList)]
        if len(lists) != 1:
            return None
        rows.append(pf.TableRow(*[_cell(cell) for cell in lists[0].content]))
    given = dict(div.attributes)
    head = _whole(given.pop("header-rows", ""), 1)
    columns = max((sum(cell.colspan for cell in row.content) for row in rows), default=0)
    if not columns:
        return None
    body = pf.TableBody(*rows[head:], row_head_columns=_whole(given.pop("header-cols", ""), 0))
    return pf.Table(
        body,
        head=pf.TableHead(*rows[:head]),
        caption=pf.Caption(*caption),
        colspec=_columns(given.pop("aligns", ""), given.pop("widths", ""), columns),
        identifier=div.identifier,
        classes=[name for name in div.classes if name != "list-table"],
        attributes=given,
    )


def _cell(item: pf.ListItem) -> pf.TableCell:
    """Return a cell; an empty span at its beginning may say how many columns and rows it takes."""
    content = list(item.content)
    spans = {}
    if content and isinstance(content[0], pf.Plain | pf.Para) and content[0].content:
        first = content[0].content[0]
        if isinstance(first, pf.Span) and not first.content:
            spans = {name: _whole(first.attributes.get(name, ""), 1) for name in ("colspan", "rowspan")}
            content[0].content.pop(0)
    return pf.TableCell(*content, **spans)


def _columns(aligns: str, widths: str, count: int) -> list[tuple[str, str | float]]:
    letters = [name.strip() for name in aligns.split(",")]
    parts = [float(part) for part in widths.split(",") if part.strip().replace(".", "", 1).isdecimal()]
    total = sum(parts)
    return [
        (
            _ALIGNMENTS.get(letters[at] if at < len(letters) else "", "AlignDefault"),
            parts[at] / total if len(parts) == count and total else "ColWidthDefault",
        )
        for at in range(count)
    ]


def _whole(text: str, default: int) -> int:
    return int(text) if text.isdecimal() and int(text) < 100 else default
