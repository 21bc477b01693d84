"""Walking a document tree in place.

panflute's own ``walk`` lays every list of the tree anew, whether anything in it changed or not: on a chapter that is
ten times the work of the visit itself. Most of a tree are words and spaces, which hardly any visit looks at: who says
which classes it looks at is spared them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from typing import Any, Final

import panflute as pf
from panflute.base import Element
from panflute.containers import ListContainer
from panflute.utils import check_type

Action = Callable[[Any, Any], Element | list[Element] | None]


def _concrete(kind: type[Element]) -> Iterator[type[Element]]:
    yield kind
    for child in kind.__subclasses__():
        yield from _concrete(child)


_CLASSES: Final = frozenset(_concrete(Element))
# The classes of what holds nothing, words and spaces among them.
LEAVES: Final = frozenset(kind for kind in _CLASSES if not kind._children)
# The classes whose elements may have an id.
IDENTIFIED: Final = tuple(kind for kind in _CLASSES if "identifier" in getattr(kind, "__slots__", ()))
# The classes whose content is a list of inlines or blocks.
HOLDERS: Final = tuple(kind for kind in _CLASSES if "content" in kind._children)
RAW: Final = (pf.RawBlock, pf.RawInline)
# By class of what holds something, the names of what it holds, and of where that is, without a property between.
_SLOTS: Final = {
    kind: tuple((name, f"_{name}") for name in kind._children if name != "metadata")
    for kind in _CLASSES - LEAVES
}


def walk(element: Element, action: Action, *kinds: type[Element]) -> Element | list[Element]:
    """Call ``action(element, doc)`` for everything in the tree but its metadata, children before their parents.

    What it returns takes the element's place, a list several places, an empty list none; None leaves it.
    kinds: the classes that the action looks at, with their subclasses; without any, all.
    Returns what takes the place of ``element`` itself. Raises TypeError where something can't stand in its place.
    """
    walker = _Walker(action, element.doc, *_wanted(kinds))
    walker.children(element)
    result = action(element, walker.doc) if type(element) in walker.wanted else None
    return element if result is None else result


@cache
def _wanted(kinds: tuple[type[Element], ...]) -> tuple[frozenset[type[Element]], frozenset[type[Element]]]:
    """Return the classes that are visited, and those that are passed over, since they hold nothing either."""
    wanted = frozenset(kind for kind in _CLASSES if issubclass(kind, kinds)) if kinds else _CLASSES
    return wanted, LEAVES - wanted


class _Walker:
    """One walk. wanted, passed: the classes of ``_wanted``."""

    __slots__ = ("action", "doc", "passed", "wanted")

    def __init__(
        self, action: Action, doc: Any, wanted: frozenset[type[Element]], passed: frozenset[type[Element]]
    ) -> None:
        self.action = action
        self.doc = doc
        self.wanted = wanted
        self.passed = passed

    def children(self, element: Element) -> None:
        for name, slot in _SLOTS.get(type(element), ()):
            child = getattr(element, slot)
            if type(child) is ListContainer:
                if child.list:
                    self.list(child)
            elif child is not None:
                self.children(child)
                if type(child) in self.wanted:
                    result = self.action(child, self.doc)
                    if result is not None and result is not child:
                        setattr(element, name, result)

    def list(self, container: ListContainer) -> None:
        parent, location = container.parent, container.location
        action, wanted, passed = self.action, self.wanted, self.passed
        result: list[Element] | None = None
        items = container.list
        for at, item in enumerate(items):
            kind = type(item)
            if kind in passed:
                if result is not None:
                    result.append(item)
                continue
            # as panflute does for each element that it hands out
            item.parent, item.location, item.index = parent, location, at
            if kind in _SLOTS:
                self.children(item)
            new = action(item, self.doc) if kind in wanted else None
            if new is None or new is item:
                if result is not None:
                    result.append(item)
                continue
            if result is None:
                result = items[:at]
            if isinstance(new, list):
                result.extend(new)
            else:
                result.append(new)
        if result is not None:
            oktypes = container.oktypes
            container.list = [check_type(item, oktypes) for item in result]


def every(element: Element, *kinds: type[Element]) -> list[Any]:
    """Return the elements of these classes in a tree, its root among them, children before their parents."""
    results: list[Any] = []
    walk(element, lambda e, _: results.append(e), *kinds)
    return results


def identifiers(element: Element) -> list[str]:
    """Return the ids in a tree, in the order in which ``walk`` comes to them."""
    return [name for e in every(element, *IDENTIFIED) if (name := e.identifier)]
