"""What a PDF holds, read with pypdf: words in order, bookmarks, tags."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

from pypdf import PdfReader
from pypdfium2 import PdfDocument


def words(path: Path) -> str:
    """The text of all pages in the order of the file, with single spaces, broken words joined."""
    return " ".join(page_words(path))


def page_words(path: Path) -> list[str]:
    """The text of each page."""
    pages = (page.extract_text() for page in PdfReader(path).pages)
    return [re.sub(r"\s+", " ", re.sub("[‐\u00ad]\n", "", text)).replace("\u2060", "") for text in pages]


def shown_words(path: Path) -> list[str]:
    """The text that lies on each page, without what is printed beyond its edge."""
    return [re.sub(r"\s+", " ", page.get_textpage().get_text_bounded()) for page in PdfDocument(path)]


def bookmarks(path: Path) -> list[tuple[int, str]]:
    """Each bookmark with its depth, from 1."""

    def flat(entries: list[Any], depth: int) -> Iterator[tuple[int, str]]:
        for entry in entries:
            if isinstance(entry, list):
                yield from flat(entry, depth + 1)
            else:
                yield depth, str(entry.title)

    return list(flat(PdfReader(path).outline, 1))


def tags(path: Path) -> list[Any]:
    """Every structure element, parents before children."""

    def below(node: Any) -> Iterator[Any]:
        node = node.get_object()
        if isinstance(node, list):
            for child in node:
                yield from below(child)
        elif isinstance(node, dict):
            if "/S" in node:
                yield node
            if "/K" in node:
                yield from below(node["/K"])

    root = PdfReader(path).trailer["/Root"]["/StructTreeRoot"]
    return list(below(root["/K"]))


def tag_names(path: Path) -> list[str]:
    return [str(tag["/S"]).removeprefix("/") for tag in tags(path)]


def links(path: Path) -> list[str]:
    """The addresses that the pages lead to; links inside the file are told as their page, "p. 3"."""
    reader = PdfReader(path)
    found = []
    numbers = {
        page.indirect_reference.idnum: n for n, page in enumerate(reader.pages, 1) if page.indirect_reference
    }
    for page in reader.pages:
        for note in page.get("/Annots", []):
            action = note.get_object().get("/A", {})
            destination = note.get_object().get("/Dest", action.get("/D"))
            if "/URI" in action:
                found.append(str(action["/URI"]))
            elif destination is not None:
                target = reader.named_destinations.get(destination) if isinstance(destination, str) else None
                page_of = target.page if target is not None else destination[0]
                found.append(f"p. {numbers[page_of.idnum]}")
    return found


def holes(path: Path, head: float = 70.0, foot: float = 74.0) -> list[float]:
    """The tallest stretch without ink between the head and the foot of each page, in centimetres."""
    found = []
    for page in PdfDocument(path):
        ink = (page.render(grayscale=True).to_numpy().squeeze() < 200).any(axis=1)
        end = int(page.get_height() - foot)
        rows = [int(head), *(at for at in range(int(head), end) if ink[at]), end]
        found.append(max(b - a for a, b in pairwise(rows)) / 72 * 2.54)
    return found
