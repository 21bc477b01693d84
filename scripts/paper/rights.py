"""Who holds the rights in a paper, and what readers may do with it, in the forms that Quarto knows.

``license:`` and ``copyright:`` stand in ``_quarto.yml``; where Quarto should not print them at the foot of each page,
``licence:`` (``text``, ``url``) and ``copyright:`` stand in ``_variables.yml``.
https://quarto.org/docs/authoring/front-matter.html#license
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from paper.settings import as_list, as_mapping
from paper.typography import plain_text


@dataclass(frozen=True)
class Licence:
    """What readers may do; "" where nothing is said."""

    text: str
    """The licence in words."""
    url: str
    """The address of the licence."""


@dataclass(frozen=True)
class Copyright:
    """Who holds the rights; what is not given is empty."""

    statement: str = ""
    """The notice in words."""
    years: tuple[str, ...] = ()
    """The years, each by itself."""
    holders: tuple[str, ...] = ()
    """The holders of the rights."""


def licence(*settings: Any) -> Licence:
    """Return the licence that the first of these settings states: words, ``{text, url}``, or a list of them."""
    for setting in settings:
        for given in as_list(setting or []):
            if isinstance(given, Mapping):
                stated = Licence(str(given.get("text") or ""), str(given.get("url") or ""))
            else:
                stated = Licence(str(given), creative_commons(str(given)))
            if stated.text or stated.url:
                return stated
    return Licence("", "")


def creative_commons(name: str) -> str:
    """Return the address of a licence of Creative Commons by its name, such as "CC BY 4.0"; "" for another name."""
    match = re.fullmatch(r"cc[ -](by(?:-nc)?(?:-sa|-nd)?)(?:[ -](\d\.\d))?", name.strip().lower())
    if match:
        return f"https://creativecommons.org/licenses/{match[1]}/{match[2] or '4.0'}/"
    if re.fullmatch(r"cc0([ -]1\.0)?", name.strip().lower()):
        return "https://creativecommons.org/publicdomain/zero/1.0/"
    return ""


def copyright_of(*settings: Any) -> Copyright:
    """Return the copyright that the first of these settings states: words, or ``{holder, year, statement}``."""
    for setting in settings:
        if not setting:
            continue
        if not isinstance(setting, Mapping):
            return Copyright(plain_text(str(setting)))
        stated = as_mapping(setting)
        return Copyright(
            plain_text(str(stated.get("statement") or "")),
            tuple(_years(stated.get("year"))),
            tuple(str(holder) for holder in as_list(stated.get("holder") or [])),
        )
    return Copyright()


def _years(value: Any) -> list[str]:
    """Return years, given as one, as "2019, 2021", as "2019-2021" or as a list."""
    text = ",".join(str(year) for year in as_list(value or []))
    if span := re.fullmatch(r"\s*(\d{4})\s*[-–]\s*(\d{4})\s*", text):
        first, last = sorted((int(span[1]), int(span[2])))
        return [str(year) for year in range(first, last + 1)]
    return [part.strip() for part in text.split(",") if part.strip()]
