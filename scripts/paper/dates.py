"""Dates in the forms that an author writes and a reader reads, in the book's language."""

from __future__ import annotations

import datetime as dt
import os
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

_MONTHS: Final = (
    "January February March April May June July August September October November December".split()  # noqa: SIM905
)
_SPECIAL: Final = ("today", "now", "last-modified")
# The tokens of day.js, in which `date-format` is written, and Babel's patterns for them.
_TOKENS: Final = {
    "YYYY": "yyyy", "YY": "yy", "MMMM": "MMMM", "MMM": "MMM", "MM": "MM", "M": "M", "DD": "dd", "D": "d",
    "dddd": "EEEE", "ddd": "EEE", "dd": "EEEEEE", "d": "e", "Q": "Q", "W": "w", "WW": "ww",
}  # fmt: skip
_TOKEN: Final = re.compile(r"\[([^\]]*)\]|Do|(YYYY|YY|M{1,4}|D{1,2}|d{1,4}|Q|W{1,2})")


def epoch() -> int | None:
    """``SOURCE_DATE_EPOCH``, where it is a moment that a date can name; else None."""
    given = os.environ.get("SOURCE_DATE_EPOCH", "")
    return int(given) if re.fullmatch(r"[0-9]{1,11}", given, re.ASCII) else None


def parse(value: Any, files: Iterable[Path] = ()) -> dt.date | None:
    """Return the date that a setting means, in every form that Quarto takes; None where it names no day.

    files: those whose change ``last-modified`` means. ``SOURCE_DATE_EPOCH`` stands in for what changes by itself.
    https://github.com/quarto-dev/quarto-cli/blob/main/src/core/date.ts
    """
    if isinstance(value, Mapping):
        value = value.get("value")
    if isinstance(value, dt.datetime):
        return value.date()
    if isinstance(value, dt.date) or value is None:
        return value
    text = str(value).strip()
    if text in _SPECIAL:
        if (moment := epoch()) is not None:
            return dt.datetime.fromtimestamp(moment, dt.UTC).date()
        changed = [path.stat().st_mtime for path in files if text == "last-modified" and path.is_file()]
        return (
            dt.datetime.fromtimestamp(max(changed), dt.UTC).date()
            if changed
            else dt.datetime.now(dt.UTC).date()
        )
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return _guessed(text)


def _guessed(text: str) -> dt.date | None:
    """Return a date as people write it, the month first where it is written in numbers, as Quarto reads it."""
    from dateutil import parser

    first, second = dt.datetime(2000, 1, 1), dt.datetime(2001, 2, 2)
    try:  # what the text doesn't name would be taken from the default
        read = [parser.parse(text, default=default) for default in (first, second)]
    except (ValueError, OverflowError):
        return None
    return read[0].date() if read[0].date() == read[1].date() else None


def shown(value: Any, lang: str, style: Any = None, files: Iterable[Path] = ()) -> str:
    """Return the date that a setting means as a reader sees it; what names no day is shown as it was written.

    style: ``date-format``: full, long, medium, short, iso, or a pattern such as ``MMMM D, YYYY``.
    """
    if isinstance(value, Mapping):
        style = value.get("format") or style
    date = parse(value, files)
    if date is None:
        value = value.get("value") if isinstance(value, Mapping) else value
        return "" if value is None else str(value)
    return text_of(date, lang, style)


def text_of(date: dt.date | None, lang: str, style: Any = None) -> str:
    """Return a date in a language (a BCP 47 tag); "" for none. The machine's locale plays no part."""
    if date is None:
        return ""
    if style == "iso":
        return date.isoformat()
    english = lang.split("-")[0].lower() == "en"
    if not style and english:
        return f"{date.day} {_MONTHS[date.month - 1]} {date.year}"
    from babel import Locale, UnknownLocaleError
    from babel.dates import format_date

    try:
        locale = Locale.parse(lang, sep="-")
    except (ValueError, UnknownLocaleError):
        locale = None
    if locale is None:
        return date.isoformat()
    if not style or style in ("full", "long", "medium", "short"):
        return format_date(date, str(style or "long"), locale)

    def token(match: re.Match[str]) -> str:
        if match[1] is not None:
            return match[1]
        if match[0] == "Do":
            return _ordinal(date.day) if english else str(date.day)
        return format_date(date, _TOKENS[match[2]], locale)

    return _TOKEN.sub(token, str(style))


def _ordinal(number: int) -> str:
    ending = {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{'th' if number in (11, 12, 13) else ending}"
