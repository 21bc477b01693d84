"""panflute's lists of elements without their detours, in place: a third of the work on a tree was theirs.

panflute appends one element after the other through ``MutableSequence``, which asks for the length of the list and
inserts at it, and hands them out through ``Sequence``, by index, with a call for each. Here a list is filled, and gone
through, in one loop. What may be in it and what an element knows of its place are as they were.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import panflute as pf
from panflute.containers import ListContainer, attach
from panflute.utils import check_type

from paper.tools import building


def _initialise(self: Any, *items: Any, oktypes: Any = object, parent: Any = None) -> None:
    self.oktypes = oktypes
    self.parent = parent
    self.location = None
    # A class stands for its instance there: ``pf.Space``.
    self.list = [
        item if isinstance(item, oktypes) and type(item) is not type else check_type(item, oktypes)
        for item in items
    ]


def _iterate(self: Any) -> Iterator[Any]:
    """Yield the elements, of a list that may change meanwhile."""
    parent, location = self.parent, self.location
    at = 0
    while at < len(self.list):
        yield attach(self.list[at], parent, location, at)
        at += 1


def _append(self: Any, item: Any) -> None:
    self.list.append(check_type(item, self.oktypes))


def _extend(self: Any, items: Iterable[Any]) -> None:
    self.list.extend([check_type(item, self.oktypes) for item in items])


def quicken() -> None:
    """Give panflute's lists the methods of this module and of ``building``, and panflute its function for words."""
    ListContainer.__init__ = _initialise
    ListContainer.__iter__ = _iterate
    ListContainer.append = _append
    ListContainer.extend = _extend
    ListContainer.to_json = building.list_to_json
    pf.stringify = building.words
