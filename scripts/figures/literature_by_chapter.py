"""The literature by year and by the chapter that cites it: one row of marks a chapter."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final

from paper import project
from paper.analysis.datafile import rows
from paper.bibliography.citations import all_citations
from paper.bibliography.reader import read
from paper.coding.data import load
from paper.drawing import style
from paper.drawing.canvas import Canvas
from paper.drawing.parts import key
from paper.figures.works import labels, page_of
from paper.project import load as load_project
from paper.publishing.figure import Figure, build_figure

from ..analysis import citations
from ._years import Years

if TYPE_CHECKING:
    import pandas as pd

MARKS: Final = {
    True: ("disc", style.BLUE, "in the original list"),
    False: ("diamond", style.ORANGE, "added for the method"),
}
UNCITED: Final = "Further reading (cited in no chapter)"
SIZE: Final = 8.0
STEP: Final = 9.5  # between works of one year, one above another


def literature_by_chapter() -> Figure:
    """Draw the works of the bibliography by year, in a row for each chapter that cites them."""
    root = project.find_root(Path.cwd())
    return figure(by_chapter(root, load.table("references_status")["key"]), labels())


def figure(works: pd.DataFrame, names: Mapping[str, str]) -> Figure:
    """Draw the works. works: ``citations.by_year_and_chapter``; names: key → "Hood 1991"."""

    def draw(canvas: Canvas) -> None:
        years = Years.spanning(int(works["year"].min()), int(works["year"].max()), canvas)
        y = key(canvas, canvas.height, list(MARKS.values())) + 4
        top = y
        y += 20
        for chapter, group in works.groupby("chapter", sort=False):
            title = str(chapter) or UNCITED
            y = (
                canvas.text(
                    0, y + 4, f"{title}: {len(group)}", size=style.SMALL, room=canvas.width, bold=True
                ).bottom
                + 2
            )
            tall = max(Counter(group["year"]).values())
            y += STEP * tall + 2
            placed: Counter[int] = Counter()
            for row in rows(group):
                mark, colour, _ = MARKS[bool(row.listed)]
                x, at = years.place(row.year), y - STEP * placed[row.year] - STEP / 2
                placed[row.year] += 1
                canvas.mark(x, at, mark, colour=colour, size=SIZE)
                canvas.link_mark(x, at, f"{names.get(row.key, row.key)}: {title}", page_of(row.key), size=9)
            y += 4
            canvas.line([(0, y), (canvas.width, y)], colour=style.RULE, width=1)
        years.draw(canvas, top, y)
        canvas.height = y + 4

    cited = works[works["chapter"] != ""]
    return build_figure(
        "literature_by_chapter",
        draw,
        data=works.assign(work=[names.get(key, key) for key in works["key"]]),
        source="Citations are those of the chapters' text; years are those of the list of references.",
        describe=(
            f"{works['key'].nunique()} works from {works['year'].min()} to {works['year'].max()} by year, in one "
            f"row for each of the {cited['chapter'].nunique()} chapters that cite them; "
            f"{len(works) - len(cited)} are cited in none."
        ),
        inputs=("references_status",),
    )


def by_chapter(root: Path, listed: Iterable[str]) -> pd.DataFrame:
    """Return ``citations.by_year_and_chapter`` for the project's chapters, without its appendices.

    listed: the keys of the draft's own list.
    """
    book = project.load(root)
    years = {
        entry.key: int(year)
        for path in book.bibliography
        for entry in read(path).entries
        if (year := (entry.get("date") or entry.get("year"))[:4]).isdecimal()
    }
    chapters = {
        chapter.page: _title(root / chapter.path) for chapter in book.chapters if chapter.kind != "appendix"
    }
    return citations.by_year_and_chapter(all_citations(load_project(root)), years, chapters, listed)


def _title(path: Path) -> str:
    """Return a chapter's title up to its colon, from its first heading or its YAML."""
    text = path.read_text("utf-8-sig", errors="replace")
    match = re.search(r"^title:\s*[\"']?(.+?)[\"']?\s*$|^# +(.+?)\s*(?:\{[^}]*\})?\s*$", text, re.MULTILINE)
    return re.split(r":\s", (match[1] or match[2]), maxsplit=1)[0] if match else path.stem
