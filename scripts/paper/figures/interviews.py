"""The coded interviews as figures and tables take them, and what stands in a figure's place while there are none.

Figures and tables of interviews take `figures.interviews.Interviews`, show what will fill them while none is coded,
and print no number of interviewees by role or region but through `analysis.disclosure`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from paper import project
from paper.analysis.disclosure import withhold
from paper.coding.data.load import is_synthetic, table
from paper.coding.data.package import described
from paper.coding.interviews import coded
from paper.coding.privacy.settings import threshold
from paper.drawing import style
from paper.drawing.canvas import Canvas
from paper.drawing.parts import PAD
from paper.profiles import profile_name
from paper.tools import watched

if TYPE_CHECKING:
    import pandas as pd

TABLES: Final = ("segments", "codebook", "cases")
CODED: Final = "From the coded interviews."
LEAST: Final = 3  # interviews below which one that differs, or leads, says nothing
MADE_UP: Final = "From made-up interviews, coded by nobody."


@dataclass(frozen=True)
class Interviews:
    """The interview tables, and what counts of them."""

    segments: pd.DataFrame
    codebook: pd.DataFrame
    cases: pd.DataFrame
    coded: pd.DataFrame
    """The codings that stand (``coding.coded.apply_coder_rule``)."""
    rule: str
    """Which those are, in words."""
    dropped: int
    """How many don't stand."""
    planned: str
    """How many interviews there should be, as the paper says it."""
    synthetic: bool
    """Whether they are made up."""
    attributes: tuple[str, ...] = ()
    """The columns of cases that say something about a person."""
    threshold: int = 0
    """How many interviews must share what is stated of them."""

    @classmethod
    def load(cls) -> Interviews:
        """Return as ``data/`` has them, or ``data/synthetic/`` in the profile ``demo``: nobody's to change."""
        root = project.find_root(Path.cwd())
        return watched.once(("interviews", root, profile_name()), lambda: cls._read(root))

    @classmethod
    def _read(cls, root: Path) -> Interviews:
        segments, codebook, cases = (table(name) for name in TABLES)
        settled = coded.apply_coder_rule(segments)
        book = project.load(root)
        variables = book.variables
        said = variables.get("interviews")
        planned = str(said.get("planned") or "") if isinstance(said, dict) else ""
        attributes, least = described("cases", root).attributes, threshold(book)
        return cls(
            segments,
            codebook,
            withhold(cases, attributes, least),
            settled.table,
            settled.rule,
            len(settled.dropped),
            planned,
            is_synthetic(),
            attributes,
            least,
        )

    @property
    def source(self) -> str:
        """Return where the data come from, in words."""
        return MADE_UP if self.synthetic else CODED

    @property
    def empty(self) -> bool:
        """Return whether no interview has been coded yet."""
        return self.coded.empty

    @property
    def enough(self) -> bool:
        """Return whether there are enough coded interviews for a sentence on most of them."""
        return self.coded["case"].nunique() >= LEAST

    @property
    def progress(self) -> str:
        """Return how far the coding has come, as ``0 of 5–7 interviews are coded``."""
        number = self.coded["case"].nunique()
        verb = "is" if number == 1 and not self.planned else "are"
        return (
            f"{number} of {self.planned} interviews are coded." if self.planned else f"{number} {verb} coded."
        )


def shell(canvas: Canvas, interviews: Interviews, filled: Sequence[str]) -> None:
    """Draw an empty frame that says how many interviews are coded, and what will fill it."""
    top, room = canvas.height, canvas.width - 2 - 2 * PAD
    y = canvas.text(1 + PAD, top + PAD, interviews.progress, bold=True, room=room).bottom + 4
    for line in filled:
        y = canvas.text(1 + PAD, y, line, size=style.SMALL, colour=style.MUTED, room=room).bottom + 3
    canvas.box(
        1, top + 1, canvas.width - 2, y + PAD - top - 2, fill="", line=style.LINE, width=1.2, dash=style.DASH
    )
    canvas.height = y + PAD
