"""The bibliography beside another program's export: what changed there comes in, what was corrected here stays.

An entry is the same work where it has the same key (pinned ones of Better BibTeX), one of its ``ids``, or its DOI. What
the export said last time is kept in ``.paper/sync``: a field that changed there and not here is taken over; one that
changed here stays; one that changed in both is told, and stays. Where nothing is kept yet, every field that differs
stays, and what is missing here is filled in. Works that are new are added, none is ever taken away.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from rapidfuzz import fuzz

from paper.bibliography.add import add, own_fields
from paper.bibliography.formatted import bibliography_files
from paper.bibliography.model import Bibliography, Entry
from paper.bibliography.names import fold
from paper.bibliography.reader import read, read_or_raise
from paper.bibliography.rules.duplicates import ALIKE
from paper.bibliography.rules.identifiers import doi_of
from paper.bibliography.tidy import faults, format_entry, keep_order, write
from paper.errors import CitationError, PaperError, Place, SourceError
from paper.project import Project


@dataclass(frozen=True)
class Change:
    """One field of a work that the export says otherwise."""

    key: str
    name: str
    here: str
    """Its value now, "" where it has none."""
    there: str


@dataclass
class SyncResult:
    """What a comparison came to."""

    updates: list[Change] = field(default_factory=list)
    """Fields that are taken over."""
    conflicts: list[Change] = field(default_factory=list)
    """Fields that differ, and stay as they are here."""
    new: list[str] = field(default_factory=list)
    """Keys of works that are new."""


def sync(project: Project, export: Path, *, dry: bool = True) -> SyncResult:
    """Compare the project's (first) .bib file with an export; without ``dry`` take over what changed there.

    Raises CitationError for a file that can't be read or has faults.
    """
    path = bibliography_files(project)[0]
    ours, theirs = read(path, path.name), read_or_raise(export, str(export))
    for bib in (ours, theirs):
        if faults(bib):
            place = Place(bib.name, bib.line(bib.problems[0].position))
            raise CitationError(
                f"not synced: {bib.problems[0].message}", place=place, remedy="mend it: paper refs check"
            )
    memory = project.root / ".paper" / "sync" / f"{export.stem}.json"
    last = _last(memory)
    done = SyncResult()
    changes: dict[str, dict[str, str]] = {}
    said: dict[str, dict[str, str]] = {}
    fresh: list[Entry] = []
    for entry, own in _pair_entries(ours, theirs):
        fields, _ = own_fields(entry)
        said[entry.key] = fields
        if own is None:
            fresh.append(entry)
            continue
        for change, take in _compare_fields(own, fields, last.get(entry.key)):
            (done.updates if take else done.conflicts).append(change)
            if take:
                changes.setdefault(own.key, {})[change.name] = change.there
    if not dry and changes:
        write(path, ours, _apply_changes(ours, changes))
    done.new = _add(project, fresh, dry=dry)
    if not dry:
        memory.parent.mkdir(parents=True, exist_ok=True)
        memory.write_text(json.dumps(said, ensure_ascii=False, indent=1), "utf8")
    return done


def watch(project: Project, export: Path, *, dry: bool = True) -> Iterator[SyncResult | PaperError]:
    """Compare now, and again whenever the export changes, for ever; yield each result, or why there is none."""
    from watchfiles import watch as changes

    def compare() -> SyncResult | PaperError:
        try:
            return sync(project, export, dry=dry)
        except PaperError as error:  # while it is half written, too: the next change brings the rest
            return error

    def state() -> tuple[int, int] | None:
        with contextlib.suppress(OSError):
            return export.stat().st_mtime_ns, export.stat().st_size
        return None

    before = state()
    yield compare()
    # Better BibTeX puts a new file in the place of the old one, so its folder is watched; the time-out brings what
    # changed before the watch began.
    for _ in changes(export.resolve().parent, recursive=False, yield_on_timeout=True, rust_timeout=1_000):
        if (now := state()) != before:
            before = now
            yield compare()


def _last(memory: Path) -> dict[str, dict[str, str]]:
    try:
        result = json.loads(memory.read_text("utf8"))
    except (OSError, ValueError):
        return {}
    return result if isinstance(result, dict) else {}


def _pair_entries(ours: Bibliography, theirs: Bibliography) -> Iterator[tuple[Entry, Entry | None]]:
    """Each entry of the export with ours of the same work."""
    by_name = {entry.key: entry for entry in ours.entries}
    by_name |= {
        alias.strip(): entry
        for entry in ours.entries
        for alias in entry.get("ids").split(",")
        if alias.strip()
    }
    by_doi = {doi: entry for entry in ours.entries if (doi := doi_of(entry))}
    for entry in theirs.entries:
        same = by_name.get(entry.key)
        if same and doi_of(entry) != doi_of(same) and not _alike(entry, same):
            same = None  # another work that happens to have the key
        yield entry, same or by_doi.get(doi_of(entry) or "\0")


def _alike(one: Entry, other: Entry) -> bool:
    return fuzz.token_set_ratio(fold(one.get("title")), fold(other.get("title"))) >= ALIKE


# Two names for one field, as biblatex and BibTeX have them: an export in the other form changes nothing.
_SAME = {"journal": "journaltitle", "address": "location", "school": "institution", "year": "date"}


def _compare_fields(
    own: Entry, fields: dict[str, str], last: dict[str, str] | None
) -> Iterator[tuple[Change, bool]]:
    """Yield what the export says otherwise, each with whether it is to be taken over."""
    other = {new: old for old, new in _SAME.items()}
    for name, there in fields.items():
        mine = name if name in own.values else _SAME.get(name, other.get(name, name))
        here = own.values.get(mine, "")
        if _plain(here) == _plain(there) or (name == "doi" and here.lower() == there.lower()):
            continue
        if {name, mine} == {"year", "date"} and here and (there.startswith(here) or here.startswith(there)):
            continue
        if name in ("month", "day") and "date" in own.values:
            continue
        change = Change(own.key, mine if here else name, here, there)
        if not here:
            yield change, last is None or name not in last  # what was deleted here stays away
        elif last is not None and name in last:
            if _plain(last[name]) != _plain(there):
                yield change, _plain(here) == _plain(last[name])
        else:
            yield change, False


def _plain(value: str) -> str:
    return " ".join(value.replace("{", "").replace("}", "").split())


def _apply_changes(ours: Bibliography, changes: dict[str, dict[str, str]]) -> str:
    """Return the file's text with the changed entries laid out anew."""
    pieces, done = [], 0
    for entry in ours.entries:
        if entry.key in changes:
            fields = [
                (one.name, one.raw) for one in entry.fields if one.name.lower() not in changes[entry.key]
            ]
            fields += [(name, f"{{{value}}}") for name, value in changes[entry.key].items()]
            pieces += [ours.text[done : entry.start], format_entry(entry.type, entry.key, fields)]
            done = entry.end
    return keep_order(ours, "".join([*pieces, ours.text[done:]]))


def _add(project: Project, fresh: list[Entry], *, dry: bool) -> list[str]:
    """Add works that are new, and return their keys."""
    if not fresh:
        return []
    text = "\n\n".join(
        format_entry(entry.type, entry.key, [(name, f"{{{value}}}") for name, value in entry.values.items()])
        for entry in fresh
    )
    try:
        return [work.key for work in add(project, text, dry=dry) if not work.listed]
    except SourceError:  # all of them are listed under other keys
        return []
