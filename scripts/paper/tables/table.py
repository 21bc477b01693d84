"""A table as chapters get it: Markdown that every format can set, and the data to take away."""

from __future__ import annotations

import html
from collections.abc import Container
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from paper.analysis import datafile
from paper.tables.markdown import pipe_table

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, eq=False)
class Table:
    """One table for publication.

    data: its cells, in order (text, numbers, ``markdown.Cite``); columns: its headings; widths: the columns'
    shares of the line. source: where the data come from, in words. synthetic: made-up data, so marked as such.
    empty: what stands in its place while there are no rows.
    """

    name: str
    data: pd.DataFrame
    columns: tuple[str, ...]
    widths: tuple[float, ...]
    source: str
    synthetic: bool = False
    empty: str = "Nothing to show yet."

    def markdown(self) -> str:
        """The table alone; with no rows, one row that says why."""
        data = self.data
        if data.empty:
            data = data.astype(object).reindex([0]).fillna("")
            data.iloc[0, 0] = self.empty
        return pipe_table(data, self.columns, self.widths)

    def _repr_mimebundle_(
        self,
        include: Container[str] | None = None,  # noqa: ARG002
        exclude: Container[str] | None = None,  # noqa: ARG002
    ) -> dict[str, Any]:
        """Markdown only: a mark where the data are synthetic, the table, and on pages a link to its CSV."""
        from paper.figures.page import address, language, words
        from paper.project import find_root

        root = find_root(Path.cwd())
        t = words(language(root))
        csv = html.escape(address(datafile.name("tbl", self.name, synthetic=self.synthetic), root))
        tools = f'<p class="table-tools" data-pagefind-ignore><a href="{csv}" download>{html.escape(t["csv_table"])}</a></p>'
        parts = [f"**{t['synthetic']}**"] if self.synthetic else []
        parts += [self.markdown(), f"```{{=html}}\n{tools}\n```"]
        return {"text/markdown": "\n\n".join(parts) + "\n"}
