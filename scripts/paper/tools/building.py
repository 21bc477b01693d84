"""panflute's elements from pandoc's JSON, to it and as words, without panflute's detours.

Nine of ten elements of a tree are words and spaces. panflute makes each by three calls and a check, asks each by five
calls for its JSON, and to give an element's text it lays every list of it anew. Here a list of them is done in one
loop; what else there is, panflute does. Results are panflute's own.
"""

from __future__ import annotations

from typing import Any, Final

import panflute as pf
from panflute.base import Element
from panflute.containers import ListContainer, to_json_wrapper
from panflute.elements import from_json

_Json = Any
_SPACES: Final = (pf.Space, pf.SoftBreak, pf.LineBreak)
_new: Final = object.__new__
_panflutes_words: Final = pf.stringify


def build(value: _Json) -> Any:
    """Return pandoc's JSON, as Python has read it, with an element in the place of each object."""
    if type(value) is list:
        return _build_list(value)
    if type(value) is dict:
        return from_json({name: build(part) for name, part in value.items()})
    return value


def _build_list(values: list[_Json]) -> list[Any]:
    results = []
    for value in values:
        if type(value) is dict:
            kind = value.get("t")
            if kind == "Str":
                element = _new(pf.Str)
                element.text = value["c"]
            elif kind == "Space":
                element = _new(pf.Space)
            else:
                results.append(build(value))
                continue
            element.parent = element.location = element.index = None
            results.append(element)
        else:
            results.append(_build_list(value) if type(value) is list else value)
    return results


def list_to_json(self: Any) -> list[_Json]:
    """Return the JSON of a list of elements, as its method."""
    results: list[_Json] = []
    for item in self.list:
        kind = type(item)
        if kind is pf.Str:
            results.append({"t": "Str", "c": item.text})
        elif kind is pf.Space:
            results.append({"t": "Space"})
        else:
            results.append(to_json_wrapper(item))
    return results


def words(element: Element, newlines: bool = True) -> str:
    """Return the text of an element, as ``panflute.stringify`` does."""
    results: list[str] = []
    _add_words(element, newlines, results)
    return "".join(results)


def _add_words(element: Any, newlines: bool, results: list[str]) -> None:
    kind = type(element)
    if kind is ListContainer:
        _add_words_of_list(element, newlines, results)
        return
    if kind is pf.Doc and not len(element.metadata.content):
        _add_words_of_list(element.content, newlines, results)
        return
    if kind is pf.Doc or issubclass(kind, pf.MetaValue):
        results.append(_panflutes_words(element, newlines))
        return
    if kind is not pf.Cite and kind is not pf.DefinitionList:
        for name in element._children:
            child = getattr(element, name)
            if type(child) is ListContainer:
                _add_words_of_list(child, newlines, results)
            elif child is not None:
                _add_words(child, newlines, results)
    results.append(_quoted(element, _own_words(element, newlines)))


def _add_words_of_list(items: ListContainer, newlines: bool, results: list[str]) -> None:
    parent, location = items.parent, items.location
    quoted = type(parent) is pf.Quoted
    for at, item in enumerate(items.list):
        item.parent, item.location, item.index = parent, location, at
        kind = type(item)
        if kind is pf.Str and not quoted:
            results.append(item.text)
        elif kind is pf.Space and not quoted:
            results.append(" ")
        else:
            _add_words(item, newlines, results)


def _own_words(element: Element, newlines: bool) -> str:
    """Return what an element adds to the words that are in it."""
    if hasattr(element, "text"):
        return str(element.text)
    if isinstance(element, _SPACES):
        return " "
    if isinstance(element, pf.Para) and newlines:
        return "\n\n"
    if isinstance(element, pf.DefinitionList):
        return str(_panflutes_words(element))
    if isinstance(element, pf.Cite):
        return "".join(words(part) for part in element.content)
    return ""


def _quoted(element: Element, text: str) -> str:
    """Return the words with the mark before what begins a quotation, and behind what ends it."""
    if type(element.parent) is pf.Quoted:
        if element.index == 0:
            text = '"' + text
        if element.index == len(element.container) - 1:
            text += '"'
    return text
