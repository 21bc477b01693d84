"""Where an element stands in its tree, as far as paper must know: what it may leave, what holds it, margins."""

from __future__ import annotations

from typing import Final

import panflute as pf

from paper.parsing import constructs
from paper.parsing.constructs import Construct

# Divs of cells, which leave nothing behind on paper.
_TRANSPARENT: Final = frozenset({"cell", "cell-output", "cell-output-display"})


def is_nested(element: pf.Element) -> bool:
    """Whether an element stands in a callout, a list, a quotation, a column or the like, which it may not leave."""
    above = element.parent
    while above is not None and not isinstance(above, pf.Doc):
        if not isinstance(above, pf.Div) or set(above.classes) - _TRANSPARENT:
            return True
        above = above.parent
    return False


def around(element: pf.Element) -> Construct | None:
    """Return the construct that an element stands in, perhaps within ``Div``s of a cell; None for another place."""
    above = element.parent
    while isinstance(above, pf.Div) and above.classes and not set(above.classes) - _TRANSPARENT:
        above = above.parent
    return constructs.of(above)


def as_note(element: pf.Element) -> pf.Note | None:
    """Return words that stand in the margin of a page as a footnote, for paper; None for anything else."""
    if isinstance(element, pf.Span) and {"aside", "column-margin"} & set(element.classes):
        return pf.Note(pf.Para(*element.content))
    return None
