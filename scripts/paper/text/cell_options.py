"""Options that a cell may have: those that the engine acts on, and what to say of others."""

from __future__ import annotations

from paper.errors import did_you_mean
from paper.report import Severity
from paper.text.quarto_keys import quarto_keys

# Options that a cell may have, and that the engine acts on.
CELL_OPTIONS = frozenset(
    [
        "label",
        "fig-cap",
        "fig-alt",
        "fig-scap",
        "fig-subcap",
        "fig-align",
        "fig-width",
        "fig-height",
        "fig-dpi",
        "fig-format",
        "fig-pos",
        "tbl-cap",
        "tbl-subcap",
        "tbl-colwidths",
        "lst-cap",
        "lst-label",
        "echo",
        "include",
        "output",
        "eval",
        "warning",
        "error",
        "message",
        "code-fold",
        "code-summary",
        "code-line-numbers",
        "layout",
        "layout-ncol",
        "layout-nrow",
        "layout-align",
        "layout-valign",
        "column",
        "fig-column",
        "tbl-column",
        "cap-location",
        "fig-cap-location",
        "tbl-cap-location",
        "classes",
        "id",
        "tags",
        "cache",
        "export",
        "name",
    ]
)
# Of these, options without effect in this engine: said, so that nobody wonders.
IDLE_OPTIONS = frozenset({"code-line-numbers", "layout-valign", "fig-pos"})


def unused_option(name: str) -> tuple[str, str, Severity]:
    """Return what to say of a cell's option that does nothing: Quarto's are a note, others a warning."""
    known = quarto_keys()["cell"] | CELL_OPTIONS
    if name in known:
        message = f"the cell's option {name!r} is not used by the embedded engine"
        return message, "Quarto uses it (`--engine quarto`)", "note"
    remedy = did_you_mean(name, sorted(known), "take it out, or correct its name")
    return f"the cell's option {name!r} is no option", remedy, "warning"
