"""A table as chapters get it: Markdown that every format can set, and the data to take away.

`tables.NAME()` returns a `publishing.table.Table`: the rows that are printed, and the data to take away
(`assets/data/tbl-NAME.csv`). `_repr_mimebundle_` answers `text/markdown` only: a pandoc pipe table, its note, then
tools as raw HTML for pages alone. `title` is the column that heads a row's card on a phone; `sortable` puts `:::
{.sortable}` around it, as an author may around any table: on a page `assets/js/tables.js` then adds search, sorting
and folding. `tables.every` is to tables what `figures.every` is to figures.
"""

from __future__ import annotations

import html
from collections.abc import Container, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from paper.analysis import datafile
from paper.publishing.markdown import Cell, escape, pipe_table

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, eq=False)
class Table:
    """One table for publication."""

    name: str
    data: pd.DataFrame
    """What readers take away as CSV, with locators and coders."""
    rows: Sequence[Sequence[Cell]]
    """What is printed, cell by cell."""
    columns: tuple[str, ...]
    """The headings."""
    widths: tuple[float, ...]
    """The columns' shares of the line."""
    source: str
    """Where the data come from, in words."""
    inputs: tuple[str, ...]
    """The tables in ``data/`` that it comes from, other files with their path."""
    note: str = ""
    """A sentence beneath it."""
    synthetic: bool = False
    """Made-up data, so marked as such."""
    working: bool = False
    """Said to the author, so that its data are in the working edition alone."""
    title: int = 0
    """The column that tells a row from the others."""
    sortable: bool = False
    """On pages it can be searched and sorted, and is folded where it is long."""

    def __repr__(self) -> str:
        """Return its name: IPython writes it for each cell that shows the table, and the data would take long."""
        return f"Table({self.name!r})"

    def markdown(self) -> str:
        """Return the table alone."""
        table = pipe_table(self.rows, self.columns, self.widths, self.title)
        return f"::: {{.sortable}}\n\n{table}\n\n:::" if self.sortable else table

    def _repr_mimebundle_(
        self,
        include: Container[str] | None = None,  # noqa: ARG002
        exclude: Container[str] | None = None,  # noqa: ARG002
    ) -> dict[str, Any]:
        """Markdown only: a mark where the data are synthetic, the table, its note, and on pages its tools."""
        from paper.project import find_root
        from paper.publishing.page import address, language, provenance_html
        from paper.publishing.ui import ui_strings

        root = find_root(Path.cwd())
        t = ui_strings(language(root))
        csv = html.escape(
            address(datafile.name("tbl", self.name, synthetic=self.synthetic, working=self.working), root)
        )
        tools = (
            '<div class="figure-tools table-tools" data-pagefind-ignore>'
            f'<p class="figure-links"><a href="{csv}" download>{html.escape(t["csv"])}</a></p>'
            f"<details><summary>{html.escape(t['made_summary'])}</summary>"
            f'<p class="figure-made">{provenance_html(self, "tables", root)}</p></details></div>'
        )
        parts = [f"[**{t['synthetic']}**]{{.synthetic-mark}}"] if self.synthetic else []
        parts.append(self.markdown())
        if self.note:
            parts.append(f"[{escape(self.note)}]{{.table-note}}")
        # Raw HTML reaches print as well: buttons for a page are said to be for a page.
        parts.append(f'::: {{.content-visible when-format="html:js"}}\n```{{=html}}\n{tools}\n```\n:::')
        return {"text/markdown": "\n\n".join(parts) + "\n"}
