"""A table as pandoc reads it: one pipe table whose cells print exactly what the data say."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from paper.analysis.datafile import shown

if TYPE_CHECKING:
    import pandas as pd

# Pandoc gives columns relative widths once a line of the table is longer than its --columns (72 by default).
_DASHES = 160


@dataclass(frozen=True)
class Cite:
    """A citation in a cell: the one thing there that pandoc may read as more than text.

    keys: entries of references.bib. The first is written as a name with its year ("Hood (1991)"), unless
    ``parenthesis`` puts all of them in brackets. after: a page, or any words.
    """

    keys: tuple[str, ...]
    after: str = ""
    parenthesis: bool = False

    def __str__(self) -> str:
        """What a CSV file holds: the keys."""
        return "; ".join(self.keys) + (f", {self.after}" if self.after else "")

    def markdown(self) -> str:
        after = f", {escape(self.after)}" if self.after else ""
        if self.parenthesis:
            return "[" + "; ".join(f"@{key}" for key in self.keys) + after + "]"
        first, *others = (f"@{key}" for key in self.keys)
        return " and ".join([first, *others]) + (f" [{escape(self.after)}]" if self.after else "")


@dataclass(frozen=True)
class Cites:
    """Several things in one cell, in order: citations and plain words."""

    parts: tuple[Cite | str, ...]
    between: str = ", "

    def __str__(self) -> str:
        return self.between.join(str(part) for part in self.parts)


@dataclass(frozen=True)
class Strong:
    """Words in bold: a group's name."""

    text: str

    def __str__(self) -> str:
        return self.text


def escape(text: str) -> str:
    """The text so that pandoc's Markdown prints it as it is, on one line.

    Every ASCII sign that pandoc could read as markup is escaped; quotation marks are left, so that they are set
    as curly ones like those of the prose.
    """
    text = re.sub(r"[ \t\r\n\f\v\x1c-\x1f\x85\u2028\u2029]+", " ", text).strip(" ")
    return re.sub(r"[\\`*_{}\[\]()<>#+\-.!|~^$@&:=/%]", lambda sign: "\\" + sign[0], text)


def cell(value: object) -> str:
    """One cell's Markdown."""
    if isinstance(value, Cite):
        return value.markdown()
    if isinstance(value, Cites):
        return escape_between(value)
    if isinstance(value, Strong):
        return f"**{escape(value.text)}**" if value.text.strip() else ""
    return escape(shown(value))


def escape_between(value: Cites) -> str:
    return value.between.join(cell(part) for part in value.parts)


def pipe_table(data: pd.DataFrame, columns: Sequence[str], widths: Sequence[float]) -> str:
    """The table in Markdown. columns: the headings; widths: the columns' shares of the line, in any unit."""
    if not len(data.columns) == len(columns) == len(widths):
        raise ValueError(
            f"{len(data.columns)} columns of data, {len(columns)} headings, {len(widths)} widths"
        )
    total = sum(widths)
    dashes = ["-" * max(3, round(_DASHES * share / total)) for share in widths]
    numeric = [
        bool(len(data)) and all(isinstance(v, int | float) for v in data.iloc[:, i])
        for i in range(len(widths))
    ]
    rule = [line[:-1] + ":" if right else line for line, right in zip(dashes, numeric, strict=True)]
    lines = [
        [escape(name) for name in columns],
        rule,
        *([cell(value) for value in row] for row in data.itertuples(index=False)),
    ]
    return "\n".join(
        "| " + " | ".join(line) + " |" if line is not rule else "|" + "|".join(line) + "|" for line in lines
    )
