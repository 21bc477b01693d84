"""Years, dates and months: written so that every style can read them."""

from __future__ import annotations

import datetime as dt
import os
import re
from collections.abc import Iterator

from paper.bibliography.rules import Finding, Library, at, rule
from paper.bibliography.values import MONTHS


@rule("year", "error", "write four digits; n.d. works have none; put words into note")
def year(library: Library) -> Iterator[Finding]:
    """Find a year that is no year."""
    latest = (library.year or _today().year) + 2
    for entry in library.entries:
        if "year" not in entry.values:
            continue
        value = entry.get("year").strip("{}")
        if re.fullmatch(r"\d{4}", value):
            if not 1400 <= int(value) <= latest:
                yield at(entry, "year", f"the year {value} can't be", severity="warning")
        elif value and not re.fullmatch(r"\d{4}\s*(?:--?|–|/)\s*\d{2,4}|\d{4}[a-z]", value):
            hint = re.search(r"(?<!\d)(?:1[4-9]|20)\d\d(?!\d)", value)
            yield at(entry, "year", f"the year is {value!r}", f"write {hint.group()}" if hint else "")
        elif re.fullmatch(r"\d{4}[a-z]", value):
            yield at(
                entry, "year", f"the year is {value!r}", "leave out the letter: the style adds it", "warning"
            )


def _today() -> dt.date:
    """Return the day of the build, which ``SOURCE_DATE_EPOCH`` may fix."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    return (
        dt.datetime.fromtimestamp(int(epoch), dt.UTC).date()
        if re.fullmatch(r"[0-9]{1,11}", epoch)
        else dt.datetime.now(dt.UTC).date()
    )


_DATE = re.compile(r"-?\d{3,4}[\dXu]?(?:-(?:\d\d|XX)(?:-(?:\d\d|XX))?)?[~?%]?(?:T[\d:+Z-]+)?")


@rule("date", "error", "write it as 2017, 2017-10 or 2017-10-30")
def date(library: Library) -> Iterator[Finding]:
    """Find a date that biblatex can't read."""
    for entry in library.entries:
        for name in ("date", "urldate", "eventdate", "origdate"):
            if name not in entry.values:
                continue
            value = entry.get(name).strip("{}")
            for part in value.split("/"):
                if part in ("", "..", "open", "unknown"):
                    continue
                if not _DATE.fullmatch(part) or not _exists(part):
                    yield at(entry, name, f"{name} is {value!r}")
                    break


def _exists(text: str) -> bool:
    if match := re.fullmatch(r"(\d{4})-(\d\d)(?:-(\d\d))?", text):
        year_, month_, day = int(match[1]), int(match[2]), int(match[3] or 1)
        if 21 <= month_ <= 24 and not match[3]:
            return True  # a season
        try:
            dt.date(year_, month_, day)
        except ValueError:
            return False
    return True


@rule("year-and-date", "warning", "keep the right one of the two")
def year_and_date(library: Library) -> Iterator[Finding]:
    """Find a year that its date contradicts."""
    for entry in library.entries:
        if "year" in entry.values and "date" in entry.values:
            one, other = entry.get("year").strip("{}"), entry.get("date").strip("{}")
            if re.match(r"\d{4}", one) and re.match(r"\d{4}", other) and one[:4] != other[:4]:
                yield at(entry, "year", f"year is {one}, date is {other}")


@rule("month", "warning", "write jan, feb, … without braces, or a number")
def month(library: Library) -> Iterator[Finding]:
    """Find a month that styles can't read."""
    names = {name.lower(): short for short, name in MONTHS.items()} | {short: short for short in MONTHS}
    for entry in library.entries:
        if "month" not in entry.values:
            continue
        value = entry.get("month").strip("{}")
        words = [word.lower() for word in re.findall(r"[^\W\d_]+", value)]
        number = re.fullmatch(r"0?[1-9]|1[0-2]", value)
        if value and not number and (not words or not all(word in names for word in words)):
            yield at(entry, "month", f"the month is {value!r}")
        elif len(words) == 1 and any(
            one.name.lower() == "month" and one.raw[:1] in ("{", '"') for one in entry.fields
        ):
            message = f"the month is a word, {value!r}, which neither pandoc nor biblatex reads"
            yield at(entry, "month", message, f"write month = {names[words[0]]}", "note")


@rule("read-before-published", "warning", "one of the two dates is wrong: compare them with the source")
def read_before_published(library: Library) -> Iterator[Finding]:
    """Find a source read before it was published."""
    day = re.compile(r"\d{4}(?:-\d\d(?:-\d\d)?)?")
    noted = re.compile(
        r"(?i)\b(?:accessed|retrieved|last visited)\b[^.;]{0,30}?\b((?:19|20)\d\d(?:-\d\d-\d\d)?)\b"
    )
    names = ("urldate", "urlaccessdate", "accessed")
    for entry in library.entries:
        published = day.match(entry.get("date", "year").strip("{}"))
        given = day.match(entry.get(*names).strip("{}"))
        told = noted.search(f"{entry.get('note')}; {entry.get('howpublished')}")
        read = given.group() if given else told[1] if told else ""
        if not read or not published:
            continue
        length = min(len(read), len(published.group()))
        online_first = int(published.group()[:4]) - int(read[:4]) == 1 and bool(
            entry.get("volume", "doi") and entry.get("journal", "journaltitle")
        )
        if read[:length] < published.group()[:length] and not online_first:
            message = f"{entry.key} was read on {read} and published in {published.group()}"
            yield at(entry, (*names, "note", "howpublished"), message)
