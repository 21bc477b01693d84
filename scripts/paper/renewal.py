"""All that is committed of figures and tables, held against the data and renewed in one go."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from paper.analysis import datafile
from paper.figures import every as catalogue_of_figures
from paper.publishing import renderings
from paper.report import Fault
from paper.settings import either_ending
from paper.tables import every as catalogue_of_tables

if TYPE_CHECKING:
    from paper.publishing.figure import Figure
    from paper.publishing.table import Table

DEMO = "demo"


@dataclass(frozen=True)
class Renewed:
    """What was written: figures drawn anew, by name (those of made-up data marked), and data files."""

    figures: list[str]
    files: list[str]
    left: list[Fault]
    """What drawing doesn't mend: files that nothing makes."""


def everything(root: Path) -> tuple[list[Figure], list[Table]]:
    """Return every figure and table as the data are now: real ones, then those of made-up interviews."""
    figures: list[Figure] = []
    tables: list[Table] = []
    for profile in ["", DEMO] if either_ending(root / f"_quarto-{DEMO}.yml").is_file() else [""]:
        with _profile(profile):
            drawing = [draw() for draw in catalogue_of_figures(root).values()]
            set_ = [make() for make in catalogue_of_tables(root).values()]
            figures += [figure for figure in drawing if figure.synthetic or not profile]
            tables += [table for table in set_ if table.synthetic or not profile]
    return figures, tables


def check(root: Path, names: Collection[str] = ()) -> list[Fault]:
    """Return what is out of step; names: only the renderings of these figures. See ``renderings.check``."""
    figures, tables = everything(root)
    if not names:
        return renderings.check(figures, tables, root)
    chosen = [figure for figure in figures if figure.name in names]
    return [fault for fault in renderings.check(chosen, [], root) if fault.rule != "figure-unknown"]


def renew(root: Path, names: Collection[str] = (), *, every: bool = False) -> Renewed:
    """Draw what is stale, or the figures named, or ``every`` one, and write the data files that differ."""
    figures, tables = everything(root)
    if names:
        wanted = [figure for figure in figures if figure.name in names]
    else:
        wanted = figures if every else renderings.stale(figures, root)
    renderings.renew(wanted, root)
    renderings.tidy(figures, root)
    chosen = renderings.data_files(wanted if names else figures, [] if names else tables, root)
    files = [path.relative_to(root).as_posix() for path, data in chosen.items() if datafile.write(path, data)]
    left = [] if names else renderings.check(figures, tables, root)
    return Renewed([f"{f.name} (synthetic data)" if f.synthetic else f.name for f in wanted], files, left)


@contextmanager
def _profile(name: str) -> Iterator[None]:
    """Set the profile that data are loaded in, as the environment says it."""
    before = os.environ.get("QUARTO_PROFILE")
    os.environ["QUARTO_PROFILE"] = name
    try:
        yield
    finally:
        if before is None:
            del os.environ["QUARTO_PROFILE"]
        else:
            os.environ["QUARTO_PROFILE"] = before
