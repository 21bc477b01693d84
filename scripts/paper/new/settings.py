"""A new chapter in the list of ``_quarto.yml``: one line more, and all else as the author wrote it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

import yaml

from paper.errors import Place, ProjectError
from paper.settings import parse_yaml

FILE: Final = "_quarto.yml"  # as messages call it


def with_chapter(
    text: str, path: str, *, beside: str = "", after: bool = False, appendix: bool = False
) -> str:
    """Enter the chapter in the settings' list, before the chapter ``beside`` or after it, else at the end.

    appendix: in the list of appendices, which is made where there is none. Raises ProjectError where the list
    can't be found, or is written in a way that a line can't simply be put into.
    """
    config = parse_yaml(text, FILE)
    end = "\r\n" if "\r\n" in text else "\n"
    book = _entry(yaml.compose(text, Loader=yaml.SafeLoader), "book")
    listed = _entry(book, "appendices" if appendix else "chapters")
    if appendix and listed is None:
        new = _with_appendices(text, book, path, end)
    else:
        new = _listed(text, listed, path, beside, after, end)
    old = config.get("book") or {}
    told, kept = _names(old), _names(parse_yaml(new, FILE).get("book") or {})
    if [name for name in kept if name != path] != told or kept.count(path) != 1:
        raise _by_hand(path, appendix)
    return new


def _listed(text: str, listed: yaml.Node | None, path: str, beside: str, after: bool, end: str) -> str:
    if not isinstance(listed, yaml.SequenceNode) or not listed.value:
        raise _by_hand(path, False)
    holder, at = _find(listed, beside) or (listed, None)
    item = holder.value[-1 if at is None else at]
    if holder.flow_style:
        index = item.start_mark.index if at is not None and not after else item.end_mark.index
        put = f"{path}, " if at is not None and not after else f", {path}"
        return text[:index] + put + text[index:]
    lines = text.splitlines(keepends=True)
    dash = re.match(r"\s*-", lines[item.start_mark.line])
    if dash is None:
        raise _by_hand(path, False)
    new = f"{dash[0]} {path}{end}"
    if at is not None and not after:
        place = item.start_mark.line
        # what is said above a chapter is said of it
        while place and lines[place - 1].lstrip().startswith("#"):
            place -= 1
    else:
        place = _last_line(item) + 1
    if place == len(lines) and not lines[-1].endswith(("\n", "\r")):
        lines[-1] += end
    return "".join([*lines[:place], new, *lines[place:]])


def _with_appendices(text: str, book: yaml.Node | None, path: str, end: str) -> str:
    """Return a list of appendices after the list of chapters."""
    chapters = _entry(book, "chapters")
    if (
        not isinstance(book, yaml.MappingNode)
        or not isinstance(chapters, yaml.SequenceNode)
        or book.flow_style
    ):
        raise _by_hand(path, True)
    lines = text.splitlines(keepends=True)
    indent = " " * book.value[0][0].start_mark.column
    place = _last_line(chapters) + 1
    if not lines[place - 1].endswith(("\n", "\r")):
        lines[place - 1] += end
    new = [f"{indent}appendices:{end}", f"{indent}  - {path}{end}"]
    return "".join([*lines[:place], *new, *lines[place:]])


def _find(listed: yaml.SequenceNode, path: str) -> tuple[yaml.SequenceNode, int] | None:
    """Return the list, that of a part perhaps, and the place in it where a chapter stands."""
    for at, item in enumerate(listed.value):
        if isinstance(item, yaml.ScalarNode) and item.value == path:
            return listed, at
        inner = _entry(item, "chapters")
        if isinstance(inner, yaml.SequenceNode) and (result := _find(inner, path)):
            return result
    return None


def _entry(node: yaml.Node | None, key: str) -> yaml.Node | None:
    if isinstance(node, yaml.MappingNode):
        for name, value in node.value:
            if name.value == key:
                return value  # type: ignore[no-any-return]
    return None


def _last_line(node: yaml.Node) -> int:
    """Return the line on which the last word of a node stands: a block's own end is where the next thing begins."""
    if not isinstance(node, yaml.CollectionNode) or node.flow_style:
        return int(node.end_mark.line)
    last = node.value[-1]
    return _last_line(last[1] if isinstance(node, yaml.MappingNode) else last)


def _names(book: Any) -> list[str]:
    """Return all that the two lists say, in order, with the titles of parts."""

    def said(entries: Any) -> Iterator[str]:
        for entry in entries or []:
            if isinstance(entry, dict):
                inner = {key: value for key, value in entry.items() if key != "chapters"}
                yield repr(inner)
                yield from said(entry.get("chapters"))
            else:
                yield str(entry)

    rest = {key: value for key, value in book.items() if key not in ("chapters", "appendices")}
    return [repr(rest), *said(book.get("chapters")), *said(book.get("appendices"))]


def _by_hand(path: str, appendix: bool) -> ProjectError:
    where = "appendices" if appendix else "chapters"
    return ProjectError(
        f"the list of {where} is written in a way that a line can't be put into",
        place=Place(FILE),
        remedy=f"write it as a list with a dash before each entry, or add {path} yourself",
    )
