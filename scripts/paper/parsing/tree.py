"""Walking a document tree in place.

panflute's own ``walk`` lays every list of the tree anew, whether anything in it changed or not: on a chapter that is
ten times the work of the visit itself.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from panflute.base import Element
from panflute.containers import ListContainer
from panflute.utils import check_type

Action = Callable[[Any, Any], Element | list[Element] | None]


def walk(element: Element, action: Action) -> Element | list[Element]:
    """Call ``action(element, doc)`` for everything in the tree, children before their parents.

    What it returns takes the element's place, a list several places, an empty list none; None leaves it.
    Returns what takes the place of ``element`` itself. Raises TypeError where something can't stand in its place.
    """
    doc = element.doc
    _children(element, action, doc)
    result = action(element, doc)
    return element if result is None else result


def _children(element: Element, action: Action, doc: Any) -> None:
    for name in element._children:
        child = getattr(element, name)
        if isinstance(child, ListContainer):
            if child.list:
                _list(child, action, doc)
        elif isinstance(child, Element):
            _children(child, action, doc)
            result = action(child, doc)
            if result is not None and result is not child:
                setattr(element, name, result)
        elif child is not None and child:
            setattr(element, name, child.walk(action, doc))  # metadata


def _list(container: ListContainer, action: Action, doc: Any) -> None:
    parent, location = container.parent, container.location
    result: list[Element] | None = None
    items = container.list
    for at, item in enumerate(items):
        # as panflute does for each element that it hands out
        item.parent, item.location, item.index = parent, location, at
        if item._children:
            _children(item, action, doc)
        new = action(item, doc)
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
    walk(element, lambda e, _: results.append(e) if isinstance(e, kinds) else None)
    return results


def identifiers(element: Element) -> list[str]:
    """Return the ids in a tree, in the order in which ``walk`` comes to them."""
    return [name for e in every(element, Element) if (name := getattr(e, "identifier", ""))]
