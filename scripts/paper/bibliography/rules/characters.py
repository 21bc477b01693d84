"""Letters and marks: what LaTeX or pandoc reads otherwise than it looks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from importlib.resources import files

from paper.bibliography.model import Entry, Field
from paper.bibliography.rules import Finding, Library, rule
from paper.bibliography.types import PRINTED, VERBATIM
from paper.report import Severity
from paper.text.decoding import composed


def printed_fields(library: Library, sign: str) -> Iterator[tuple[Entry, Field]]:
    """Fields that styles print and that hold any of these signs."""
    pattern = re.compile(f"[{re.escape(sign)}]")
    for bib in library.bibs:
        if not pattern.search(bib.text):
            continue
        for entry in bib.entries:
            for one in entry.fields:
                if pattern.search(one.value) and one.name.lower() in PRINTED:
                    yield entry, one


def in_field(
    entry: Entry, one: Field, message: str, remedy: str = "", severity: Severity | None = None
) -> Finding:
    """Return a finding at a field."""
    return Finding(message, entry, one.start, entry.file, None, remedy, severity)


@rule("unescaped", "warning", "put a backslash before it")
def unescaped(library: Library) -> Iterator[Finding]:
    """Find a character that LaTeX or pandoc takes for a command."""
    for entry, one in printed_fields(library, "%&#_^$"):
        text = re.sub(r"\\(?:url|path|href|nolinkurl)\{[^{}]*\}|\\.|https?://\S+", "  ", one.value)
        outside = re.sub(r"(?<!\\)\$[^$]*\$|\\ensuremath\{[^{}]*\}", " ", text)
        if "$" in outside:
            yield in_field(
                entry, one, f"a lone $ in {one.name}: pandoc drops the whole value", "write \\$", "error"
            )
        elif "%" in outside:
            yield in_field(
                entry, one, f"% in {one.name}: pandoc drops the rest of the line", "write \\%", "error"
            )
        else:
            marks = [mark for mark in "&#_^" if mark in re.sub(r"&#?\w+;", "", outside)]
            if marks:
                shown = " and ".join(marks)
                yield in_field(entry, one, f"{shown} in {one.name} stops LaTeX", f"write \\{marks[0]}")


@rule("not-nfc", "warning", "paper refs tidy --write composes them")
def not_nfc(library: Library) -> Iterator[Finding]:
    """Find letters composed of parts (not Unicode NFC), which searches miss."""
    for bib in library.bibs:
        if composed(bib.text) == bib.text:
            continue
        for entry in bib.entries:
            for one in entry.fields:
                if one.name.lower() not in VERBATIM and composed(one.value) != one.value:
                    yield in_field(entry, one, f"{one.name} holds letters composed of parts")


@rule("html-entity", "warning", "write the character itself")
def html_entity(library: Library) -> Iterator[Finding]:
    """Find an HTML entity."""
    import html

    for entry, one in printed_fields(library, ";"):
        for found in dict.fromkeys(
            re.findall(r"&(?:[a-zA-Z]{2,8}|#\d+|#x[0-9a-fA-F]+);", one.value.replace("\\&", "&"))
        ):
            meant = html.unescape(found)
            if meant != found:
                right = "\\&" if meant == "&" else meant
                yield in_field(entry, one, f"{one.name} holds {found}", f"write {right}")


@rule("html-tag", "warning", "write \\emph{…}, or nothing")
def html_tag(library: Library) -> Iterator[Finding]:
    """Find an HTML tag."""
    for entry, one in printed_fields(library, "<"):
        match = re.search(
            r"</?(?:i|b|em|strong|sub|sup|p|br|span|div|font|a|jats:\w+|scp|sc)(?:\s[^<>]*)?/?>",
            one.value,
            re.IGNORECASE,
        )
        if match:
            yield in_field(entry, one, f"{one.name} holds the tag {match.group()}")


@lru_cache(maxsize=1)
def latex_known() -> frozenset[str]:
    """Commands that pandoc's reader understands within a value (latex_commands.txt; a test asks pandoc)."""
    text = (files("paper.bibliography") / "latex_commands.txt").read_text("utf8")
    return frozenset(word for line in text.splitlines() if not line.startswith("%") for word in line.split())


@rule("latex", "error", "write the letters themselves")
def latex(library: Library) -> Iterator[Finding]:
    """Find a LaTeX command that pandoc drops, with what it sets."""
    known = latex_known()
    for entry, one in printed_fields(library, "\\"):
        text = re.sub(r"(?<!\\)\$[^$]*(?<!\\)\$", " ", one.value)
        unknown = [
            name
            for name in dict.fromkeys(re.findall(r"\\([a-zA-Z]+)", text.replace("\\\\", "  ")))
            if name not in known
        ]
        if unknown:
            shown = ", ".join("\\" + name for name in unknown)
            yield in_field(entry, one, f"pandoc can't read {shown} in {one.name}")


@rule("lost-accent", "warning", "write the letter itself: ü")
def lost_accent(library: Library) -> Iterator[Finding]:
    """Find an accent beside the letter that it belongs to."""
    # \^{} and \~{} are a caret and a tilde; the others mean nothing without a letter.
    alone = re.compile(
        r"(?<!\\)\\(?:[\"'`=.]\s*(?:\{\s*\}|\})|[uvHcdbkr]\s*(?:\{\s*\}|\}))|(?<!\\)\{\\[\^~]\s*\}"
    )
    for entry, one in printed_fields(library, "¨´ˆ˜"):  # as copied from a PDF
        if match := re.search(r"\w*[¨´ˆ˜]\s?\w", one.value):
            yield in_field(entry, one, f"the accent in {match.group()!r} stands beside its letter")
    for entry, one in printed_fields(library, "\\"):
        if match := alone.search(one.value):
            after = re.match(r"[{}]*(\w)", one.value[match.end() :])
            shown = one.value[max(0, match.start() - 12) : match.end() + 8].strip()
            yield in_field(entry, one, f"the accent in {shown!r} has no letter: it is dropped" if not after
                      else f"the accent in {shown!r} stands beside its letter {after[1]}: it is dropped")  # fmt: skip


@rule("mixed-script", "warning", "type the word anew in one alphabet")
def mixed_script(library: Library) -> Iterator[Finding]:
    """Find a word with letters of two alphabets that look alike."""
    border = re.compile(r"[A-Za-z][Ѐ-ӿ]|[Ѐ-ӿ][A-Za-z]")
    for bib in library.bibs:
        if bib.text.isascii() or not border.search(bib.text):
            continue
        for entry in bib.entries:
            for one in entry.fields:
                if one.value.isascii() or not border.search(one.value) or one.name.lower() in VERBATIM:
                    continue
                words = [word for word in re.findall(r"[^\W\d_]+", one.value) if border.search(word)]
                shown = ", ".join(repr(word) for word in dict.fromkeys(words))
                yield in_field(entry, one, f"{shown} in {one.name} mixes Latin and Cyrillic letters")


@rule("escaped-brace", "note", "do without it: the two count braces differently")
def escaped_brace(library: Library) -> Iterator[Finding]:
    """Find an escaped brace, which BibTeX counts and pandoc doesn't."""
    for entry, one in printed_fields(library, "\\"):
        bare = one.value.replace("\\\\", "")
        if bare.count("\\{") != bare.count("\\}"):
            yield in_field(entry, one, f"{one.name} holds \\{{ or \\}} without its partner")
