"""A table as pandoc reads it: one pipe table whose cells print exactly what the data say.

On a narrow screen a row is shown as a card: each cell then carries its column's heading, put there as raw HTML,
which no other format prints.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from numbers import Number

from paper.analysis.datafile import format_value

# Pandoc gives columns relative widths once a line of the table is longer than its --columns (72 by default).
_DASHES = 160
_ANCHOR = re.compile(r"[A-Za-z][\w-]*")
_NUMBER = re.compile(r"[−-]?[\d.,]+%?|[–…]")
# A new line in PDF and Word; a page has it from its styles.
_BREAK = "`#linebreak();`{=typst}`<w:r><w:br/></w:r>`{=openxml}"


@dataclass(frozen=True)
class Cite:
    """A citation in a cell: the one thing there that pandoc may read as more than text."""

    keys: tuple[str, ...]
    """Entries of references.bib.

    The first is written as a name with its year ("Hood (1991)"), unless ``parenthesis`` puts all of them in
    brackets.
    """
    after: str = ""
    """A page, or any words."""
    parenthesis: bool = False

    def markdown(self) -> str:
        """Render the cell as Markdown."""
        after = f", {escape(self.after)}" if self.after else ""
        if self.parenthesis:
            return "[" + "; ".join(f"@{key}" for key in self.keys) + after + "]"
        first, *others = (f"@{key}" for key in self.keys)
        return " and ".join([first, *others]) + (f" [{escape(self.after)}]" if self.after else "")


@dataclass(frozen=True)
class Strong:
    """Words in bold: a group's name."""

    text: str

    def markdown(self) -> str:
        """Render the cell as Markdown."""
        return f"**{escape(self.text)}**" if self.text.strip() else ""


@dataclass(frozen=True)
class CodedName:
    """A name with the id by which data refer to it, in the type of code."""

    name: str | Strong
    code: str

    def markdown(self) -> str:
        """Render the cell as Markdown."""
        return f"{cell(self.name)}{_BREAK} [{escape(self.code)}]{{.cell-code}}"


@dataclass(frozen=True)
class RepeatedCell:
    """What the row above has said already: printed on cards and at the top of a page of the PDF, and read out."""

    text: str

    def markdown(self) -> str:
        """Render the cell as Markdown."""
        page = _raw(f'<span class="cell-again">{html.escape(self.text)}</span>')
        return page + _raw(
            f"#[#metadata({json.dumps(self.text, ensure_ascii=False)}) <paper-again>]", "typst"
        )


@dataclass(frozen=True)
class AnnotatedCell:
    """A cell with a note, such as a doubt, in italics after it; without one where the note is ""."""

    value: Cell
    note: str

    def markdown(self) -> str:
        """Render the cell as Markdown."""
        note = escape(self.note)
        value = cell(self.value)
        return f"{value + _BREAK + ' ' if value else ''}[*{note}*]{{.cell-note}}" if note else value


@dataclass(frozen=True)
class QueriedCell:
    """A cell with what its row of data leaves in doubt: a query, named by the row (``paper.editions``).

    The cell is the row's anchor, ``#row-ID``, unless it only repeats the row: figures and text may lead to it.
    """

    value: Cell
    doubt: str
    row: str
    anchor: bool = True

    def markdown(self) -> str:
        """Render the cell as Markdown."""
        value = (
            _span(cell(self.value), id=f"row-{self.row}")
            if self.anchor and _ANCHOR.fullmatch(self.row)
            else cell(self.value)
        )
        if not self.doubt:
            return value
        return f'{value}{" " if value else ""}[{escape(self.doubt)}]{{.query row="{escape(self.row)}"}}'


@dataclass(frozen=True)
class Places:
    """Where in the paper something stands."""

    labels: tuple[str, ...] = ()
    """Cross-references."""
    links: tuple[tuple[str, str], ...] = ()
    """Words and address of what has no label."""

    def markdown(self) -> str:
        """Render the cell as Markdown."""
        to = (f"[{escape(words)}](<{address}>)" for words, address in self.links)
        return ", ".join([*(f"@{label}" for label in self.labels), *to])


Cell = (
    Cite | Strong | CodedName | RepeatedCell | AnnotatedCell | QueriedCell | Places | str | int | float | None
)


def escape(text: str) -> str:
    """Escape the text so that pandoc's Markdown prints it as it is, on one line.

    Every ASCII sign that pandoc could read as markup is escaped; quotation marks are left, so that they are set
    as curly ones like those of the prose.
    """
    text = re.sub(r"[ \t\r\n\f\v\x1c-\x1f\x85\u2028\u2029]+", " ", text).strip(" ")
    return re.sub(r"[\\`*_{}\[\]()<>#+\-.!|~^$@&:=/%]", lambda sign: "\\" + sign[0], text)


def cell(value: Cell) -> str:
    """Render one cell as Markdown."""
    if isinstance(value, Cite | Strong | CodedName | RepeatedCell | AnnotatedCell | QueriedCell | Places):
        return value.markdown()
    return escape(format_value(value))


def pipe_table(
    rows: Sequence[Sequence[Cell]], columns: Sequence[str], widths: Sequence[float], title: int = 0
) -> str:
    """Render the table in Markdown.

    columns: the headings; widths: the columns' shares of the line, in any unit; title: the column that tells a row
    from the others, which heads the row's card on a phone.
    """
    if any(len(row) != len(columns) for row in rows) or len(columns) != len(widths):
        raise ValueError(f"{len(columns)} headings, {len(widths)} widths, and rows of another length")
    total = sum(widths)
    dashes = ["-" * max(3, round(_DASHES * share / total)) for share in widths]
    numeric = [bool(rows) and all(_numeric(row[place]) for row in rows) for place in range(len(columns))]
    rule = "|".join(
        f"{line[1:]}:" if right else f":{line[1:]}" for line, right in zip(dashes, numeric, strict=True)
    )
    lines = ["| " + " | ".join(escape(name) for name in columns) + " |", f"|{rule}|"]
    for row in rows:
        cells = [cell(value) for value in row]
        labelled = [
            (_span(text, **{"class": "cell-title"}) if title and text else text)
            if place == title
            else _label(name, text)
            for place, (name, text) in enumerate(zip(columns, cells, strict=True))
        ]
        lines.append("| " + " | ".join(labelled) + " |")
    return "\n".join(lines)


def _numeric(value: Cell) -> bool:
    """Return whether it is a number, or the text of one: with its sign, its unit, or a sign that stands for it."""
    return isinstance(value, Number) or (isinstance(value, str) and bool(_NUMBER.fullmatch(value)))


def _span(text: str, **attributes: str) -> str:
    """Return Markdown in a span, written as HTML.

    Within brackets pandoc reads all that is there anew for each thing that brackets may be, and so a third of this
    paper's longest table: https://pandoc.org/MANUAL.html#extension-native_divs_and_spans
    """
    start = "".join(f' {name}="{html.escape(value)}"' for name, value in attributes.items())
    return f"<span{start}>{text}</span>"


def _label(column: str, text: str) -> str:
    label = _raw(f'<span class="cell-label">{html.escape(column)}</span>')
    return f"{label}{text}" if text else ""


def _raw(markup: str, form: str = "html") -> str:
    """Inline markup that stands in a pipe table: nothing in it ends the cell or the code span."""
    tick, bar = ("&#96;", "&#124;") if form == "html" else ("\\u{60}", "\\u{7c}")
    return f"`{markup.replace('`', tick).replace('|', bar)}`{{={form}}}"
