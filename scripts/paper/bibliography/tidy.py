"""A .bib file laid out afresh, with nothing in it changed: order, fields' order, indentation, page dashes.

Entries stand in order of their keys; those that others cross-refer to come last, as BibTeX needs them.
A comment right above an entry goes with it. What divides the file stays where it is, and entries are put in
order between: ``@string``, ``@preamble``, ``@comment``, comments with a blank line after them, and headings of
sections (``% --- Theory ---``, ``%% Theory``, ``% Theory``). An entry
with a comment within is moved, and otherwise left as it is. In a file with faults nothing is moved at all;
its sound entries are laid out where they stand.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path

from paper.bibliography.model import Bibliography, Block, Entry, Field
from paper.bibliography.reader import read_or_raise, read_text
from paper.bibliography.types import VERBATIM
from paper.errors import CitationError, Place
from paper.text.decoding import composed
from paper.tools.files import write_atomic

WIDTH = 12  # of field names: "journaltitle"

_ORDER = """
author shortauthor editor editortype translator title title-transliterated
title-translated subtitle titleaddon type eventtitle eventdate venue
journaltitle journal shortjournal journalsubtitle issuetitle booktitle booksubtitle booktitleaddon maintitle
edition version chapter series volume volumes number issue eid pages pagetotal
publisher institution school organization howpublished location address
date year month day eventyear origdate doi isbn issn eprint eprinttype archiveprefix eprintclass primaryclass
url urldate archiveurl archivedate langid language origlanguage crossref xdata related pubstate note addendum
keywords abstract file
"""
_RANK = {name: rank for rank, name in enumerate(_ORDER.split())}
_LAST = {"doubt": 1, "proof": 2, "audit-ignore": 3}


def read_and_tidy(path: Path, name: str) -> tuple[Bibliography, str]:
    """Parse a file, and return it with its text laid out afresh. Raises CitationError where it can't be read."""
    bib = read_or_raise(path, name)
    return bib, tidy_text(bib)


def tidy_file(path: Path) -> bool:
    """Tidy a file in place. Returns whether that changed it. Raises CitationError where it can't be written."""
    bib, text = read_and_tidy(path, path.name)
    if text == bib.text:
        return False
    write(path, bib, text)
    return True


def diff(bib: Bibliography, text: str) -> Iterator[str]:
    """Yield what tidying changes, as a unified diff; nothing where it changes nothing.

    Lines that stand once in each file are compared first: difflib looks at every pair of like lines, and
    takes a minute over 7,000 entries.
    """
    import patiencediff

    old, new = bib.text.split("\n"), text.split("\n")
    matcher = patiencediff.PatienceSequenceMatcher
    names = (bib.name, f"{bib.name} (tidied)")
    result: Iterator[str] = patiencediff.unified_diff(old, new, *names, lineterm="", sequencematcher=matcher)
    return result


def keep_order(bib: Bibliography, text: str) -> str:
    """Return ``text``, the new text of the file ``bib``, tidied where the file was tidy."""
    return tidy_text(read_text(text)) if tidy_text(bib) == bib.text else text


def tidy_text(bib: Bibliography) -> str:
    """Return the file's text laid out afresh; the text as it is, if reading both doesn't give the same."""
    text = _in_place(bib) if faults(bib) else _in_order(bib)
    return text if text == bib.text or _same(bib, read_text(text)) else bib.text


def faults(bib: Bibliography) -> int:
    """How many faults keep a file's entries from being moved."""
    return sum(problem.rule != "undefined-string" for problem in bib.problems)


def write(path: Path, bib: Bibliography, text: str) -> None:
    """Write a tidied text over its file, in its encoding. Raises CitationError where letters would be lost."""
    lost = CitationError(
        f"not written: its letters were guessed (read as {bib.decoded.encoding})",
        place=Place(bib.name, next(iter(bib.decoded.odd_lines), None)),
        remedy="save the file as UTF-8 first, and look at its letters",
    )
    if not bib.decoded.exact:
        raise lost
    try:
        data = bib.decoded.encode(text)
    except UnicodeEncodeError:
        raise lost from None
    try:
        write_atomic(path.resolve(), data)
    except OSError as error:
        remedy = "look who may write to it, and whether the disk is full"
        raise CitationError(
            f"can't be written: {error.strerror}", place=Place(bib.name), remedy=remedy
        ) from None


# -- one entry ---------------------------------------------------------------------------------------------


def format_entry(kind: str, key: str, fields: Iterable[tuple[str, str]]) -> str:
    """Format an entry of these fields (name, value with delimiters): one a line, in a fixed order, in columns."""
    rows = sorted(((name.lower(), raw) for name, raw in fields), key=lambda row: _rank(row[0]))
    lines = [f"  {name:<{WIDTH}} = {raw}," for name, raw in rows]
    return "\n".join([f"@{kind.lower()}{{{key},", *lines, "}"])


def _rank(name: str) -> tuple[int, int]:
    """Known fields first, in their order; unknown ones as they come; the audit's own last."""
    return (_LAST.get(name, 0), _RANK.get(name, len(_RANK)))


def _entry(entry: Entry) -> str:
    return format_entry(entry.type, entry.key, [(one.name, _raw(one)) for one in entry.fields])


def _raw(one: Field) -> str:
    name = one.name.lower()
    raw = one.raw if name in VERBATIM else composed(one.raw)
    return _normalise_pages(raw) if name == "pages" else raw


_SIDE = r"(?:\d+|[ivxlc]+|[A-Za-z]\d+)"
_PAGES = re.compile(rf"\s*{_SIDE}(?:\s*[-–—]+\s*{_SIDE})?(?:\s*,\s*{_SIDE}(?:\s*[-–—]+\s*{_SIDE})?)*\s*")


def _normalise_pages(raw: str) -> str:
    """Page ranges with two hyphens, as BibTeX has them; what isn't plainly a range stays."""
    if raw[:1] not in ('"', "{") or not _PAGES.fullmatch(raw[1:-1]):
        return raw
    return raw[0] + re.sub(r"\s*[-–—]+\s*", "--", raw[1:-1].strip()) + raw[-1]


# -- the file ----------------------------------------------------------------------------------------------


@dataclass
class _Item:
    """A piece of the file. lead: comment lines right above; tail: what follows on its last line.

    near: no blank line parts it from the piece before; entry: what may be moved, None for all else.
    """

    text: str
    lead: str = ""
    tail: str = ""
    near: bool = False
    entry: Entry | None = field(default=None)


def _in_place(bib: Bibliography) -> str:
    """Return the text with its sound entries laid out, and not a letter of the rest touched."""
    parts = [
        _entry(block) if isinstance(block, Entry) and block.plain else bib.text[block.start : block.end]
        for block in bib.blocks
    ]
    return "".join(parts)


def _in_order(bib: Bibliography) -> str:
    items = _items(bib)
    parents = {entry.get("crossref") for entry in bib.entries if "crossref" in entry.values}

    def place(item: _Item) -> tuple[bool, str]:
        key = item.entry.key if item.entry else ""
        return key in parents, key.casefold()

    ordered: list[_Item] = []
    for movable, group in groupby(items, key=lambda item: item.entry is not None):
        pieces = list(group)
        ordered += sorted(pieces, key=place) if movable else pieces
    text = ""
    for item in ordered:
        between = "" if not text else "\n" if item.near else "\n\n"
        text += between + item.lead + item.text + item.tail
    return text + "\n" if text else bib.text


def _items(bib: Bibliography) -> list[_Item]:
    items: list[_Item] = []
    lead, near = "", False
    for index, block in enumerate(bib.blocks):
        text = bib.text[block.start : block.end]
        if block.kind != "text":
            entry = block if isinstance(block, Entry) else None
            body = _entry(entry) if entry and entry.plain else text
            close = near and entry is None and bool(items) and items[-1].entry is None
            items.append(_Item(body, lead, "", close, entry))
            lead, near = "", True
            continue
        after = bib.blocks[index + 1] if index + 1 < len(bib.blocks) else None
        lead, near = _between(items, text, after)
    return items


def _between(items: list[_Item], text: str, after: Block | None) -> tuple[str, bool]:
    """Share out what stands between two pieces. Returns the next one's lead, and whether it follows closely."""
    if items:
        rest, newline, text = text.partition("\n")
        items[-1].tail = rest.rstrip()
        if not newline:
            return "", True
    *above, own = text.split("\n") if after else [*text.split("\n"), ""]
    blank = [at for at, line in enumerate(above) if not line.strip()]
    cut = blank[-1] + 1 if blank else 0
    if (
        after is None
        or _is_heading([line for line in above[cut:] if line.strip()])
        or (not items and not blank and "encoding" in text.lower())
    ):
        cut = len(above)
    head = "\n".join(above[:cut])
    if head.strip():
        items.append(_Item(re.sub(r"\A(?:[ \t]*\n)+|\s+\Z", "", head)))
    own_lines = [line for line in [*above[cut:], own.rstrip()] if line.strip()]
    return "".join(line + "\n" for line in own_lines), not blank


_RULE = re.compile(r"[-=*#%~_+]{4,}")
_TITLE = re.compile(r"%+\s*[^\W\d_a-zа-яё][\w&/,'’–-]*(?: [\w&/,'’–()-]+){0,6}\s*%*")


def _is_heading(lines: list[str]) -> bool:
    """Whether comment lines head a section of the file and don't speak of the one entry below them.

    A heading has a rule of like signs, a doubled comment sign, or is a few words without a full stop,
    all that is said.
    """
    words = [line.strip() for line in lines]
    if not words or not all(line.startswith("%") for line in words):
        return False
    if any(_RULE.search(line) or re.match(r"%%+\s*\w", line) or re.match(r"%\s*#+ ", line) for line in words):
        return True
    return len(words) == 1 and _TITLE.fullmatch(words[0]) is not None


def _same(one: Bibliography, other: Bibliography) -> bool:
    """Whether two files hold the same entries, strings, comments and words between them."""
    return [p.rule for p in one.problems] == [p.rule for p in other.problems] and _content(one) == _content(
        other
    )


def _content(bib: Bibliography) -> tuple[list[object], list[str], list[str]]:
    entries: list[object] = []
    fixed, words = [], []
    for block in bib.blocks:
        text = bib.text[block.start : block.end]
        if isinstance(block, Entry):
            fields = sorted(
                ((one.name.lower(), _comparable_value(one)) for one in block.fields), key=lambda one: one[0]
            )
            entries.append((block.key, block.type.lower(), fields, [] if block.plain else text.split()))
        elif block.kind == "text":
            words += [line.strip() for line in text.split("\n") if line.strip()]
        else:
            fixed.append(text)
    return sorted(entries, key=repr), fixed, sorted(words)


def _comparable_value(one: Field) -> str:
    value = composed(one.value)
    return re.sub(r"\s*[-–—]+\s*", "-", value.strip()) if one.name.lower() == "pages" else value
