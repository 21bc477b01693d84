"""XML from outside, without entities, and looked at by local names: programs differ in their namespaces."""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from paper.errors import DataError, Place

MAX_DEPTH = 100  # elements within elements; codes nest seven deep in the wild

_GUID = re.compile(r"\{?([0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})\}?")


def parse(data: bytes, file: str) -> Element:
    """Parse the root of a document. Raises DataError for what isn't XML, or has a document type or entities."""
    try:
        root: Element = fromstring(data.lstrip(), forbid_dtd=True)
    except DefusedXmlException:
        raise DataError(
            "refused: the XML declares a document type or entities",
            place=Place(file),
            remedy="a project that a coding program wrote has no such thing; export it again, or ask who sent it",
        ) from None
    except (ParseError, ValueError, LookupError) as error:
        line = error.position[0] if isinstance(error, ParseError) else None
        raise DataError(
            "not well-formed XML", place=Place(file, line), remedy="export the file again from the program"
        ) from None
    _check_depth(root, file)
    return root


def _check_depth(root: Element, file: str) -> None:
    level = [root]
    for _ in range(MAX_DEPTH):
        level = [child for element in level for child in element]
        if not level:
            return
    raise DataError(f"refused: elements nest more than {MAX_DEPTH} deep", place=Place(file))


def local(element: Element) -> str:
    """Return the name of an element without its namespace."""
    return str(element.tag).rpartition("}")[2]


def children(element: Element | None, *names: str) -> Iterator[Element]:
    """Return the children of these names, in the order of the file; all of them where no name is given."""
    if element is not None:
        for child in element:
            if not names or local(child) in names:
                yield child


def child(element: Element | None, name: str) -> Element | None:
    """Return the first child of that name."""
    return next(children(element, name), None)


def guid(element: Element, attribute: str = "guid") -> str:
    """Return an id in lower case without braces; "" where the attribute is missing."""
    value = element.get(attribute, "").strip()
    match = _GUID.fullmatch(value)
    return (match.group(1) if match else value).lower()


def text(element: Element | None) -> str:
    """Return the text of an element, "" where there is none."""
    return "".join(element.itertext()) if element is not None else ""


def description(element: Element) -> str:
    """Return the description, as an element or, as some programs write it, as an attribute; "" where it is blank."""
    result = text(child(element, "Description")) or element.get("description", "")
    return result if result.strip() else ""
