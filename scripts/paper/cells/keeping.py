"""When a chapter's results may be kept: what its settings ask for, and what its cells do that nobody can watch.

A result is kept while all that the cells looked at is unchanged. ``cache: false`` and ``freeze: false`` run cells at
each build, ``freeze: true`` never again while they are the same, as under Quarto; ``freeze: auto`` and ``cache: true``,
for which Quarto looks at the code alone, look at data too here. https://quarto.org/docs/projects/code-execution.html
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Literal

from paper.project import Project
from paper.report import Fault
from paper.text.source import Cell, Inline, Source

# never: run at each build; watched: kept while nothing looked at has changed, unless something can't be watched;
# declared: the author says that what can't be watched may be passed over; frozen: kept while the cells are the same.
Keeping = Literal["never", "watched", "declared", "frozen"]
Unwatched = tuple[str, str, int]  # kind, name, number of the cell among those that ran, from 1

_CLOCK = re.compile(
    r"\b(?:datetime|date|Timestamp|pendulum|arrow|dt)\s*\.\s*(?:now|today|utcnow)\s*\("
    r"|\btime\s*\.\s*(?:time|time_ns|localtime|gmtime|ctime|asctime)\s*\("
    r"|\bstrftime\s*\(\s*(?:\"[^\"]*\"|'[^']*')\s*\)|datetime64\(\s*[\"'](?:now|today)"
    r"|\bfrom\s+time\s+import\b[^\n]*\b(?:time|localtime|gmtime|ctime)\b"
)
# Libraries that open files or connections in C, C++ or Rust, where Python hears nothing of it.
_LIBRARY = re.compile(
    r"^[ \t]*(?:import|from)[ \t]+(duckdb|polars|pyarrow|h5py|netCDF4|tables|zarr|fiona|pyogrio|geopandas|rasterio|"
    r"osgeo|xarray|pyreadstat|pyreadr|rpy2|psycopg2?|asyncpg|pymysql|MySQLdb|pyodbc|oracledb|snowflake|adbc_\w+|"
    r"connectorx|datafusion|ibis|dask|vaex|datatable|apsw|lxml|cv2|torch|tensorflow)\b",
    re.M,
)
_SAID = {
    "program": "runs a program{name}, and what that reads is not seen",
    "network": "asks the network, whose answer may be another next time",
    "environment": "reads the whole environment",
    "clock": "reads the clock",
    "library": "uses{name}, which opens files unseen",
}
_REMEDY = (
    "write `#| cache: false` into the cell if that is as it should be, or `#| cache: true` to keep what it gave "
    "until its code or a file that Python reads changes"
)


def keeping(project: Project, source: Source) -> Keeping:
    """How long the chapter's results may be kept."""
    freeze = setting(project, source, "freeze")
    if freeze is True:
        return "frozen"
    cache = setting(project, source, "cache")
    cells = [part for part in source.runnable if isinstance(part, Cell)]
    if freeze is False or any(cell.options.get("cache") is False for cell in cells):
        return "never"
    return "never" if cache in (False, "refresh") else "declared" if cache is True else "watched"


def setting(project: Project, source: Source, name: str) -> object:
    """Return a setting of the chapter's ``execute:``, else of the book's; None where neither has it."""
    for settings in (source.meta.get("execute"), project.config.get("execute")):
        if isinstance(settings, dict) and name in settings:
            return settings[name]
    return None


def unwatched(
    told: Iterable[Unwatched], ran: Sequence[Cell | Inline], modules: Iterable[Path]
) -> list[Unwatched]:
    """Return what can't be watched, each kind once: by the kernel, and by the code of cells and modules.

    Cells that say ``cache: true`` answer for themselves.
    """
    results: dict[tuple[str, str], int] = {(kind, name): cell for kind, name, cell in told}
    for number, part in enumerate(ran, 1):
        for what in _in_code(part.code):
            results.setdefault(what, number)
    for path in modules:
        for what in _in_code(path.read_text("utf8", errors="replace")):
            results.setdefault(what, 0)
    own = {n for n, part in enumerate(ran, 1) if isinstance(part, Cell) and part.options.get("cache") is True}
    return [(kind, name, cell) for (kind, name), cell in results.items() if cell not in own]


def _in_code(code: str) -> Iterable[tuple[str, str]]:
    if _CLOCK.search(code):
        yield "clock", ""
    yield from (("library", match[1]) for match in _LIBRARY.finditer(code))


def notices(source: Source, found: Iterable[Unwatched], ran: Sequence[Cell | Inline]) -> list[Fault]:
    """Say of each cell why its chapter is run at each build."""
    messages = []
    for kind, name, number in found:
        part = ran[number - 1] if 0 < number <= len(ran) else None
        place = part.place if part else None
        label = part.label if isinstance(part, Cell) else ""
        who = f"the cell {label!r}" if label else "inline code" if isinstance(part, Inline) else "the cell"
        said = _SAID[kind].format(
            name=f" ({name})" if name and kind == "program" else f" {name}" if name else ""
        )
        messages.append(
            Fault(
                str(place.file) if place else str(source.path),
                place.line if place else None,
                "not-watched",
                f"{who if part else 'a module that the cells load'} {said}: the chapter's cells run at each build",
                _REMEDY,
                "note",
            )
        )
    return messages
