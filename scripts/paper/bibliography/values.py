"""The values of a .bib file: in braces, in quotation marks or bare, joined by #; and how to get over broken ones."""

from __future__ import annotations

import calendar
import re
from bisect import bisect_right
from functools import cached_property

from paper.bibliography.model import Bibliography, Problem

MONTHS = {name[:3].lower(): name for name in calendar.month_name[1:]}
LONGEST = (
    5_000  # letters of a value put together from strings: doubling each other, they would fill the memory
)

FIELD = re.compile(r"\s*([^\s,={}()\"#%@'\\]+)\s*=\s*")
_SKIP = re.compile(r"(?:\s+|%[^\n]*(?:\n|$))*")
_BRACES = re.compile(r"\\.|[{}]", re.DOTALL)
_QUOTES = re.compile(r"\\.|[{}\"]", re.DOTALL)
_BARE = re.compile(r"[^\s,#{}()\"=%@]+")
_TO_BRACE = re.compile(r"[^,\n}@]*")
_ENTRY_LINE = re.compile(r"\n[ \t]*@[ \t]*[^\W\d]\w*\s*[{(][^\s{}()\",=]*\s*,")
_NEXT_FIELD = re.compile(
    r"\n(?=[ \t]*(?:[^\W\d][\w-]*[ \t]*=[ \t]*[{\"\w]|[})][ \t]*(?:\n|$)|@[ \t]*\w+\s*[{(]))"
)


class Values:
    """A file's text, what is known of it, and the reading of one value."""

    def __init__(self, bib: Bibliography) -> None:
        self.bib = bib
        self.text = bib.text
        self.size = len(bib.text)
        self.last_bracket = bib.text.rfind(")")
        self.known = dict(MONTHS)  # strings by lower-case name, as far as they are defined yet

    @cached_property
    def closing(self) -> dict[int, int]:
        """Each opening brace's partner, for the whole file at once: looking for each anew could take ages."""
        opened: list[int] = []
        results: dict[int, int] = {}
        for match in _BRACES.finditer(self.text):
            mark = match.group()
            if mark == "{":
                opened.append(match.start())
            elif mark == "}" and opened:
                results[opened.pop()] = match.start()
        return results

    @cached_property
    def _entry_lines(self) -> list[int]:
        return [match.start() for match in _ENTRY_LINE.finditer(self.text)]

    def problem(self, rule: str, position: int, message: str, remedy: str = "") -> None:
        """Add a problem to the bibliography."""
        self.bib.problems.append(Problem(rule, position, message, remedy))

    def skip(self, position: int) -> int:
        """Return the end of white space and comments that begin here."""
        match = _SKIP.match(self.text, position)
        return match.end() if match else position

    def line_end(self, position: int) -> int:
        """Return where the line of a position ends."""
        newline = self.text.find("\n", position)
        return self.size if newline < 0 else newline

    def value(self, start: int, name: str) -> tuple[str, int]:
        """Parse the value that begins here, and where it ends."""
        parts: list[str] = []
        position = start
        while True:
            position = self.skip(position)
            mark = self.text[position : position + 1]
            if mark == "{":
                part, end = self._braced(position, name)
            elif mark == '"':
                part, end = self._quoted(position, name)
            else:
                part, end = self._bare(position, name)
            parts.append(part)
            after = self.skip(end)
            if self.text[after : after + 1] != "#":
                return self._joined(parts, start, end, name), end
            position = after + 1

    def _joined(self, parts: list[str], start: int, end: int, name: str) -> str:
        value = "".join(parts)
        if len(parts) > 1 and len(value) > max(LONGEST, end - start):
            message = f"the strings of {name} make {len(value):,} letters"
            self.problem("syntax", start, message, "join fewer: only the first are read")
            return value[:LONGEST]
        return value

    def _braced(self, start: int, name: str) -> tuple[str, int]:
        end = self.closing.get(start)
        if end is None or self._takes_entry(start, end) or self._takes_fields(start, end + 1):
            message = f"the braces of {name} don't match"
            return self._recover(start, "unbalanced-braces", message, "close what is opened, once")
        return self.text[start + 1 : end], end + 1

    def _takes_entry(self, start: int, end: int) -> bool:
        """Whether the head of an entry stands between."""
        index = bisect_right(self._entry_lines, start)
        return index < len(self._entry_lines) and self._entry_lines[index] < end

    def _takes_fields(self, start: int, end: int) -> bool:
        """Whether a value took fields into itself: a field's line within it, and no field's end after it."""
        after = self.skip(end)
        if self.text[after : after + 1] in (",", "}", "#", ")"):
            return False
        return self.text.find("\n", start, end) >= 0 and bool(_NEXT_FIELD.search(self.text, start, end - 1))

    def _quoted(self, start: int, name: str) -> tuple[str, int]:
        position = start + 1
        while match := _QUOTES.search(self.text, position):
            mark, position = match.group(), match.end()
            if mark == "{":
                closing = self.closing.get(match.start())
                if closing is None:
                    break
                position = closing + 1
            elif mark == "}":
                break
            elif mark == '"':
                end = match.end()
                after = self.skip(end)
                if self._takes_entry(start, end):
                    break
                if self.text[after : after + 1] in ("", ",", "}", ")", "#") or FIELD.match(self.text, after):
                    return self.text[start + 1 : match.start()], end
                break
        message = f"the quotation marks of {name} don't match"
        return self._recover(
            start, "unbalanced-quotes", message, "put the value in braces, or quotes within it in {}"
        )

    def _recover(self, start: int, rule: str, message: str, remedy: str) -> tuple[str, int]:
        """End a value that has no end of its own before the next line that looks like a field or an entry."""
        match = _NEXT_FIELD.search(self.text, start)
        value = self.text[start : match.start() if match else self.size].rstrip()
        value = value.removesuffix(",")
        self.problem(rule, start, message, remedy)
        return value.lstrip('{"').rstrip('}"'), start + len(value)

    def _bare(self, start: int, name: str) -> tuple[str, int]:
        match = _BARE.match(self.text, start)
        if not match:
            message = f"{name} has no value"
            self.problem("empty-value", start, message, "give it one, or delete the field")
            return "", start
        end = match.end()
        after = self.skip(end)
        if self.text[after : after + 1] not in ("", ",", "}", ")", "#") and not FIELD.match(self.text, after):
            stop = _TO_BRACE.match(self.text, start)
            value = self.text[start : stop.end() if stop else end].rstrip()
            self.problem("syntax", start, f"the value of {name} has no braces", "write it as {…}")
            return value, start + len(value)
        word = match.group()
        if word.isdecimal():
            return word, end
        result = self.known.get(word.lower())
        if result is None:
            message = f"{name} uses the string {word}, which nothing before it defines"
            remedy = f"put the value in braces, or define it above: @string{{{word} = {{…}}}}"
            self.problem("undefined-string", start, message, remedy)
            return word, end
        return result, end
