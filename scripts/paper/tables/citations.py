"""What the audit of references finds in this build."""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from paper.analysis import audit
from paper.analysis.datafile import rows
from paper.publishing.markdown import Cell, pipe_table
from paper.typography import capital

if TYPE_CHECKING:
    from paper.bibliography.audit import Outcome


@dataclass(frozen=True)
class Audited:
    """A table of what the audit finds while the paper is built: never older than the text that it stands in.

    It has no data file: ``paper refs check --format json`` gives the findings one by one.
    """

    rows: Sequence[Sequence[Cell]]
    columns: tuple[str, ...]
    widths: tuple[float, ...]
    empty: str

    def markdown(self) -> str:
        """Return the table alone; where there is nothing to tell, one row that says so."""
        nothing = [(self.empty, *[""] * (len(self.columns) - 1))]
        return pipe_table(self.rows or nothing, self.columns, self.widths)

    def _repr_mimebundle_(
        self,
        include: Container[str] | None = None,  # noqa: ARG002
        exclude: Container[str] | None = None,  # noqa: ARG002
    ) -> dict[str, Any]:
        return {"text/markdown": self.markdown() + "\n"}


def by_rule(outcome: Outcome) -> Audited:
    """Return the findings of an audit, counted by rule."""
    from paper.bibliography.rules import load

    data = audit.by_rule(outcome.faults, [one.rule for one in outcome.exemptions], load())
    cells = [(row.rule, row.finds, row.severity, int(row.findings), int(row.let_stand)) for row in rows(data)]
    return Audited(
        cells,
        ("Rule", "What it finds", "Severity", "Findings", "Let stand"),
        (24, 42, 12, 11, 11),
        "No rule finds anything.",
    )


def let_stand(outcome: Outcome) -> Audited:
    """Return every exemption, with its reason: what the audit found and the project lets stand."""
    cells = []
    for one in outcome.exemptions:
        entry, source = one.place.entry, one.place.source
        where = entry.key if entry else source.file if source else ""
        cells.append((where, one.rule, capital(one.reason)))
    cells += [("everywhere", rule, capital(reason)) for rule, reason in outcome.off.items()]
    return Audited(cells, ("Where", "Rule", "Reason"), (26, 22, 52), "Nothing is let stand.")
