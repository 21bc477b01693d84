"""The works of bibliographies of any form: their keys, and what CSL has of them."""

from __future__ import annotations

import json
import os
from collections.abc import Collection, Iterable
from functools import cache
from pathlib import Path
from typing import Final

import yaml

from paper.bibliography import reader
from paper.bibliography.excerpt import excerpt
from paper.bibliography.model import BIBTEX
from paper.errors import CitationError, Place
from paper.settings import Yaml
from paper.tools import pandoc

PANDOC_READS: Final = {  # besides CSL's own forms
    ".bib": "biblatex", ".bibtex": "bibtex", ".ris": "ris", ".xml": "endnotexml",
}  # fmt: skip


def known_keys(bibliographies: Iterable[Path]) -> frozenset[str]:
    """Return the keys of all works in the files. Raises CitationError for a file that can't be read."""
    return frozenset(key for path in bibliographies for key in _keys_of(path, present(path).st_mtime_ns))


@cache
def _keys_of(path: Path, _: int) -> frozenset[str]:
    if path.suffix in BIBTEX:
        bib = reader.read_or_raise(path, path.name)
        reader.refuse_circles([bib])
        return frozenset(entry.key for entry in bib.entries)
    return frozenset(str(work["id"]) for work in _csl(path))


def of_keys(bibliographies: Iterable[Path], keys: Collection[str]) -> dict[str, Yaml]:
    """Return as CSL has them the works of these keys, and perhaps others, by key; the last file has the last word.

    Raises CitationError for a file that can't be read.
    """
    return {str(work["id"]): work for path in bibliographies for work in _csl(path, keys)}


def _csl(path: Path, keys: Collection[str] = ("*",)) -> list[Yaml]:
    """Return works of one file as CSL has them: at least those of the keys, "*" for all."""
    if form := PANDOC_READS.get(path.suffix):
        text = excerpt(path, keys)
        if text is None:
            text = path.read_text("utf-8-sig", errors="replace")
        return list(json.loads(pandoc.run(text, source=form, to="csljson")))
    try:  # CSL as JSON, which is YAML
        given = yaml.load(path.read_text("utf-8-sig"), Loader=yaml.CSafeLoader)
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        mark = getattr(error, "problem_mark", None)
        raise CitationError(
            f"the bibliography can't be read: {getattr(error, 'problem', None) or error}",
            place=Place(path.name, mark.line + 1 if mark else None),
            remedy="mend that line, or export the file anew",
        ) from None
    listed = given.get("references") if isinstance(given, dict) else given
    return [work for work in listed or [] if isinstance(work, dict) and "id" in work]


def present(path: Path) -> os.stat_result:
    """Return what the system says of a bibliography. Raises CitationError where there is none."""
    try:
        return path.stat()
    except OSError:
        raise CitationError(
            f"the bibliography {path.name} is missing",
            remedy="restore it, or correct `bibliography:` in _quarto.yml or in the chapter",
        ) from None
