"""What keeps a .bib file from being read, by pandoc or by anyone: found by the reader and by its bytes."""

from __future__ import annotations

import re
from collections.abc import Iterator

from paper.bibliography.rules import Finding, Library, parser_rule, rule
from paper.bibliography.types import READ

parser_rule(
    "syntax",
    "error",
    "something that is neither entry, field nor comment",
    "write it as BibTeX, or delete it",
)
parser_rule("unbalanced-braces", "error", "braces that don't match", "close what is opened, once")
parser_rule("unbalanced-quotes", "error", "quotation marks that don't match", "put the value in braces")
parser_rule("missing-comma", "error", "a field that no comma ends", "add the comma")
parser_rule("no-key", "error", "an entry without a key", "give it one: name and year, as hood1991")
parser_rule(
    "bad-key", "error", "a key with characters that no key may have", "use letters, digits and - _ : ."
)
parser_rule(
    "undefined-string", "error", "a string that no @string defines", "define it, or write the value in braces"
)
parser_rule(
    "empty-value", "error", "a field with nothing after its equals sign", "give a value, or delete the field"
)


@rule("encoding", "error", "save the file as UTF-8")
def encoding(library: Library) -> Iterator[Finding]:
    """Find a file, or lines of it, that are not UTF-8."""
    for index, bib in enumerate(library.bibs):
        result = bib.decoded
        if result.encoding == "utf-8" and result.exact:
            continue
        lines = result.odd_lines or (1,)
        for line in lines[:20]:
            message = (
                f"not UTF-8, read as {result.encoding}" if not result.odd_lines else "this line is not UTF-8"
            )
            remedy = (
                f"convert: iconv -f {result.encoding} -t utf-8"
                if not result.odd_lines
                else "type its letters anew"
            )
            yield Finding(message, None, bib.start_of_line(line), index, remedy=remedy)
        if len(lines) > 20:
            yield Finding(
                f"{len(lines) - 20} more lines are not UTF-8", None, bib.start_of_line(lines[20]), index
            )


@rule("garbled-letters", "error", "type the letters anew")
def garbled_letters(library: Library) -> Iterator[Finding]:
    """Find letters garbled by a wrong decoding (Ã©, �)."""
    yield from _everywhere(library, _GARBLED, "{0!r} looks like letters decoded wrongly")


@rule("control-character", "warning", "delete it")
def control_character(library: Library) -> Iterator[Finding]:
    """Find a control character that no editor shows."""
    yield from _everywhere(library, _CONTROL, "contains the control character U+{1:04X}")


_GARBLED = re.compile(
    r"�|Ã[\u0080-\u00bf\u0192\u2018-\u201d\u2020-\u2122]|â€[\u0090-\u00bf\u02dc\u201a-\u2122]|[ÐÑ][\u0080-\u00bf]|Â[\u00a0-\u00bf]"
)
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u0080-\u009f\u200b\u2060\ufeff\u202a-\u202e]")


def _everywhere(library: Library, pattern: re.Pattern[str], message: str) -> Iterator[Finding]:
    """Yield findings of a pattern in the files' texts, one an entry."""
    for index, bib in enumerate(library.bibs):
        done: set[int] = set()
        for match in pattern.finditer(bib.text):
            entry = bib.entry_at(match.start())
            field = (
                next((one for one in entry.fields if one.start <= match.start() < one.end), None)
                if entry
                else None
            )
            if field and field.name.lower() not in READ | {"url", "doi"}:
                continue
            mark = id(entry) if entry else -1
            if mark in done:
                continue
            done.add(mark)
            said = message.format(match.group(), ord(match.group()[0]))
            yield Finding(said, entry, match.start(), index)
