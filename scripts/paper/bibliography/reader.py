"""A .bib file as it stands: every entry, field and word between them, with positions, whatever its state.

pybtex reads names here (see ``names``) but not the file. Its low-level parser gives no line for a field and
no text for what lies between entries; at a brace that is never closed it takes the rest of the file into
one value and gives up; it needs 1.5 s for 10,000 entries. The audit needs lines and findings from broken
files, the tidy needs every character back, and both need speed. So this reader keeps the text as blocks
that joined give the file again, and gets over a fault at the next line that looks like a field or an entry.

What counts as broken follows the reader that prints our lists, pandoc's: ``%`` begins a comment between
entries and between fields, ``\\{`` doesn't open a brace, an entry stands in braces and not in brackets.
"""

from __future__ import annotations

import calendar
import re
from bisect import bisect_right
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from paper.bibliography.decoding import Decoded, decode

MONTHS = {name[:3].lower(): name for name in calendar.month_name[1:]}


@dataclass(slots=True)
class Problem:
    """Something in the file that its readers stumble over: rule, position, what is wrong, what to do."""

    rule: str
    position: int
    message: str
    remedy: str = ""
    key: str = ""


@dataclass(slots=True)
class Field:
    """One field: its name as written, where it begins, its value as written and as meant.

    raw: the value's source, with delimiters; value: without them, strings put in, line breaks kept;
    end: where the value ends.
    """

    name: str
    start: int
    end: int
    raw: str
    value: str


@dataclass(slots=True, eq=False)
class Block:
    """A stretch of the file, from start to end: an ``Entry`` or what kind says.

    kind: "entry", "string", "preamble", "comment" (``@comment``) or "text" (anything between).
    """

    kind: str
    start: int
    end: int


@dataclass(slots=True, eq=False)
class Entry(Block):
    """One entry. values: lower-case field name → value, the last where a field stands twice (as in pandoc).

    plain: between its braces stand fields and commas only (no comment, no fault), so that it can be laid
    out anew without loss.
    """

    type: str = ""
    key: str = ""
    key_start: int = 0
    fields: list[Field] = field(default_factory=list)
    values: dict[str, str] = field(default_factory=dict)
    plain: bool = True
    bracket: str = "{"
    file: int = 0  # which of several .bib files it stands in

    def get(self, *names: str) -> str:
        """The first of these fields that is there and not empty, its white space made single."""
        for name in names:
            value = self.values.get(name)
            if value is not None and (value := " ".join(value.split())):
                return value
        return ""

    def place(self, *names: str) -> int:
        """Where the first of these fields begins; the entry's own beginning where it has none."""
        for name in names:
            for one in self.fields:
                if one.name.lower() == name:
                    return one.start
        return self.start


@dataclass
class Bibliography:
    """A .bib file read: its blocks in order, the strings it defines, and what was wrong in reading it."""

    name: str
    decoded: Decoded
    blocks: list[Block] = field(default_factory=list)
    strings: dict[str, str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    @property
    def text(self) -> str:
        return self.decoded.text

    @cached_property
    def entries(self) -> list[Entry]:
        return [block for block in self.blocks if isinstance(block, Entry)]

    @cached_property
    def by_key(self) -> dict[str, Entry]:
        """Key → entry, the first where two have the same key."""
        found: dict[str, Entry] = {}
        for entry in self.entries:
            found.setdefault(entry.key, entry)
        return found

    @cached_property
    def _starts(self) -> list[int]:
        return [0, *(match.end() for match in re.finditer("\n", self.text))]

    def line(self, position: int) -> int:
        """The line of a position, from 1."""
        return bisect_right(self._starts, position)

    def start_of_line(self, line: int) -> int:
        """The position at which a line begins."""
        return self._starts[min(line, len(self._starts)) - 1]

    @cached_property
    def _entry_starts(self) -> list[int]:
        return [entry.start for entry in self.entries]

    def entry_at(self, position: int) -> Entry | None:
        """The entry that holds a position."""
        index = bisect_right(self._entry_starts, position) - 1
        entry = self.entries[index] if index >= 0 else None
        return entry if entry and position < entry.end else None


def read(path: Path, name: str | None = None) -> Bibliography:
    """Read a file. Raises OSError only; whatever the file holds gives a Bibliography."""
    return parse(decode(path.read_bytes()), name or path.name)


def read_text(text: str, name: str = "text") -> Bibliography:
    """Read a text."""
    return parse(decode(text.encode("utf8", "surrogatepass")), name)


def parse(decoded: Decoded, name: str) -> Bibliography:
    """Read a decoded file."""
    return _Reader(Bibliography(name, decoded)).run()


_NEXT = re.compile(r"[@%]")
_HEAD = re.compile(r"@[ \t]*([^\W\d][\w.:+/-]*)\s*([{(])", re.UNICODE)
_AT_WORD = re.compile(r"@[ \t]*([^\W\d]\w*)")
_KEY = re.compile(r"\s*([^\s,{}()=\"%]*)[ \t]*(?=[,})\n]|$)")
_FIELD = re.compile(r"\s*([^\s,={}()\"#%@'\\]+)\s*=\s*")
_SKIP = re.compile(r"(?:\s+|%[^\n]*(?:\n|$))*")
_SIMPLE = re.compile(r"\{([^{}\\@]*)\}\s*(?=[,}])|(\d+)\s*(?=[,}])")
_BRACES = re.compile(r"\\.|[{}]|\n[ \t]*@[ \t]*[^\W\d]\w*\s*[{(]", re.DOTALL)
_QUOTES = re.compile(r"\\.|[{}\"]|\n[ \t]*@[ \t]*[^\W\d]\w*\s*[{(]", re.DOTALL)
_BARE = re.compile(r"[^\s,#{}()\"=%@]+")
_NEXT_FIELD = re.compile(
    r"\n(?=[ \t]*(?:[^\W\d][\w-]*[ \t]*=[ \t]*[{\"\w]|[})][ \t]*(?:\n|$)|@[ \t]*\w+\s*[{(]))"
)
_MORE_FIELDS = re.compile(r"\}\s*,?\s*(?:[^\W\d][\w-]*)\s*=\s*[{\"\d]")
_TO_BRACE = re.compile(r"[^,\n}@]*")
_TO_BRACKET = re.compile(r"[^,\n)@]*")


class _Reader:
    """One pass over one file."""

    def __init__(self, bib: Bibliography) -> None:
        self.bib = bib
        self.text = bib.text
        self.size = len(bib.text)
        self.key = ""
        self.known = dict(MONTHS)  # strings by lower-case name, as far as they are defined yet

    def run(self) -> Bibliography:
        position = text_start = 0
        while match := _NEXT.search(self.text, position):
            at = match.start()
            if match.group() == "%":
                newline = self.text.find("\n", at)
                position = self.size if newline < 0 else newline + 1
                continue
            head = _HEAD.match(self.text, at)
            if not head:
                position = at + 1
                self._stray_at(at)
                continue
            block = self._block(head)
            if block.start > text_start:
                self.bib.blocks.append(Block("text", text_start, block.start))
            self.bib.blocks.append(block)
            position = text_start = max(block.end, at + 1)
        if text_start < self.size:
            self.bib.blocks.append(Block("text", text_start, self.size))
        return self.bib

    def problem(self, rule: str, position: int, message: str, remedy: str = "") -> None:
        self.bib.problems.append(Problem(rule, position, message, remedy, self.key))

    def _stray_at(self, at: int) -> None:
        self.key = ""
        word = _AT_WORD.match(self.text, at)
        if word and word[1].lower() in ("comment", "string", "preamble"):
            what = f"@{word[1]} without braces"
        else:
            what = 'an "@" between entries'
        self.problem("syntax", at, what, "put it in braces after @comment, or delete it: pandoc stops here")

    def _block(self, head: re.Match[str]) -> Block:
        kind = head[1].lower()
        self.key = ""
        if kind == "comment":
            return Block("comment", head.start(), self._close(head.end() - 1, "@comment"))
        if kind == "preamble":
            return Block("preamble", head.start(), self._close(head.end() - 1, "@preamble"))
        if kind == "string":
            return self._string(head)
        return self._entry(head)

    def _close(self, opening: int, what: str) -> int:
        """The end of a balanced block that opens here; where it is never closed, the end of its line."""
        if self.text[opening] == "(":
            end = self.text.find(")", opening)
            if end >= 0:
                return end + 1
        else:
            depth = 0
            for match in _BRACES.finditer(self.text, opening):
                depth += {"{": 1, "}": -1}.get(match.group(), 0)
                if depth == 0 and match.group() == "}":
                    return match.end()
        self.problem("unbalanced-braces", opening, f"{what} is never closed", "add the closing brace")
        newline = self.text.find("\n", opening)
        return self.size if newline < 0 else newline

    def _string(self, head: re.Match[str]) -> Block:
        match = _FIELD.match(self.text, head.end())
        if not match:
            self.problem(
                "syntax", head.start(), "@string without name = value", 'write @string{jos = "Full Name"}'
            )
            return Block("string", head.start(), self._close(head.end() - 1, "@string"))
        start, name = match.end(), match[1].lower()
        value, end = self._value(start, f"@string {match[1]}")
        self.bib.strings[name] = self.known[name] = value
        end = self._skip(end)
        if end < self.size and self.text[end] in "})":
            end += 1
        else:
            self.problem(
                "unbalanced-braces", head.start(), f"@string {match[1]} is never closed", "add the brace"
            )
        return Block("string", head.start(), end)

    def _skip(self, position: int) -> int:
        match = _SKIP.match(self.text, position)
        return match.end() if match else position

    def _entry(self, head: re.Match[str]) -> Entry:
        entry = Entry("entry", head.start(), head.end(), type=head[1], bracket=head[2])
        position = self._key(entry, head.end())
        if head[2] == "(":
            self.problem(
                "syntax",
                entry.start,
                "the entry stands in brackets",
                "write it in braces: pandoc reads no others",
            )
        close = "}" if head[2] == "{" else ")"
        text, fields, values = self.text, entry.fields, entry.values
        comma = True
        while True:
            match = _FIELD.match(text, position)
            if match:
                name = match[1]
                if not comma:
                    self.problem(
                        "missing-comma",
                        match.start(1),
                        f"no comma before {name}",
                        "end the field before with a comma",
                    )
                    entry.plain = False
                start = match.end()
                simple = _SIMPLE.match(text, start)
                if simple:
                    value = simple[1] if simple[1] is not None else simple[2]
                    end = start + len(simple.group().rstrip())
                else:
                    count = len(self.bib.problems)
                    value, end = self._value(start, name)
                    if len(self.bib.problems) > count:
                        entry.plain = False
                fields.append(Field(name, match.start(1), end, text[start:end], value))
                values[name.lower()] = value
                position = end
            else:
                skipped = self._skip(position)
                if "%" in text[position:skipped]:
                    entry.plain = False
                    position = skipped
                    continue
                position = skipped
                if position >= self.size:
                    self._unclosed(entry)
                    entry.end = self.size
                    return entry
                mark = text[position]
                if mark == close:
                    more = _MORE_FIELDS.match(text, position) if close == "}" else None
                    if more and fields:
                        self.problem(
                            "unbalanced-braces",
                            fields[-1].start,
                            f"a closing brace too many after {fields[-1].name}: what follows is lost",
                            "delete the brace",
                        )
                        entry.plain = False
                        position += 1
                        comma = True
                        after = self._skip(position)
                        if after < self.size and text[after] == ",":
                            position = after + 1
                        continue
                    entry.end = position + 1
                    return entry
                if mark == "@" and _HEAD.match(text, position):
                    self._unclosed(entry)
                    entry.end = position
                    return entry
                position = self._junk(entry, position, close)
            # a comma may follow a value, after white space or a comment
            after = position
            if after < self.size and text[after] != ",":
                after = self._skip(position)
                if "%" in text[position:after]:
                    entry.plain = False
            comma = after < self.size and text[after] == ","
            if comma:
                position = after + 1

    def _unclosed(self, entry: Entry) -> None:
        self.problem("unbalanced-braces", entry.start, "the entry is never closed", "add its closing brace")
        entry.plain = False

    def _key(self, entry: Entry, position: int) -> int:
        field_first = _FIELD.match(self.text, position)
        match = _KEY.match(self.text, position)
        entry.key_start = position
        if match and not field_first:
            entry.key = self.key = match[1]
            entry.key_start = match.start(1)
            end = match.end()
            after = self._skip(end)
            if after < self.size and self.text[after] == ",":
                end = after + 1
            elif _FIELD.match(self.text, after):
                self.problem("missing-comma", match.start(1), f"no comma after the key {match[1]}", "add it")
                entry.plain = False
            if not entry.key:
                self.problem(
                    "no-key", entry.start, "the entry has no key", "give it one: name and year, as hood1991"
                )
            return end
        if field_first:
            self.problem(
                "no-key", entry.start, "the entry has no key", "give it one: name and year, as hood1991"
            )
            entry.plain = False
            return position
        newline = self.text.find("\n", position)
        line_end = self.size if newline < 0 else newline
        comma = self.text.find(",", position, line_end)
        end = comma if comma >= 0 else line_end
        entry.key = self.key = self.text[position:end].strip()
        entry.plain = False
        self.problem(
            "bad-key",
            entry.start,
            f"{entry.key!r} is not a key",
            "use letters, digits and - _ : . only, then a comma",
        )
        return end + 1 if comma >= 0 else end

    def _junk(self, entry: Entry, position: int, close: str) -> int:
        """Get over what is no field: to the next comma, line or closing brace."""
        if self.text[position] == ",":
            entry.plain = False
            self.problem("syntax", position, "two commas", "delete one")
            return position
        entry.plain = False
        match = (_TO_BRACKET if close == ")" else _TO_BRACE).match(self.text, position)
        end = max(match.end() if match else position, position + 1)
        shown = self.text[position:end].strip()
        self.problem(
            "syntax",
            position,
            f"{_short(shown)!r} is no field",
            "write name = {value}, and put notes outside the entry or after %",
        )
        return end

    def _value(self, start: int, name: str) -> tuple[str, int]:
        """A value that begins here, and where it ends: parts in braces, quotes or bare, joined by #."""
        parts: list[str] = []
        position = start
        while True:
            position = self._skip(position)
            mark = self.text[position : position + 1]
            if mark == "{":
                part, end = self._braced(position, name)
            elif mark == '"':
                part, end = self._quoted(position, name)
            else:
                part, end = self._bare(position, name)
            parts.append(part)
            position = end
            after = self._skip(position)
            if self.text[after : after + 1] != "#":
                return "".join(parts), end
            position = after + 1

    def _braced(self, start: int, name: str) -> tuple[str, int]:
        depth = 0
        for match in _BRACES.finditer(self.text, start):
            mark = match.group()
            if mark == "{":
                depth += 1
            elif mark == "}":
                depth -= 1
                if depth == 0 and not self._swallows(start, match.end()):
                    return self.text[start + 1 : match.start()], match.end()
                if depth == 0:
                    break
            elif mark[0] == "\n":
                break
        return self._recover(start, "unbalanced-braces", f"the braces of {name} don't match")

    def _swallows(self, start: int, end: int) -> bool:
        """Whether a value took fields into itself: a field's line within it, and no field's end after it."""
        if "\n" not in self.text[start:end] or not _NEXT_FIELD.search(self.text, start, end - 1):
            return False
        return self.text[(after := self._skip(end)) : after + 1] not in (",", "}", "#", ")")

    def _quoted(self, start: int, name: str) -> tuple[str, int]:
        depth = 0
        for match in _QUOTES.finditer(self.text, start + 1):
            mark = match.group()
            if mark == "{":
                depth += 1
            elif mark == "}":
                depth -= 1
                if depth < 0:
                    break
            elif mark == '"' and depth == 0:
                after = self._skip(match.end())
                if after >= self.size or self.text[after] in ",})#" or _FIELD.match(self.text, after):
                    return self.text[start + 1 : match.start()], match.end()
                break
            elif mark[0] == "\n":
                break
        return self._recover(start, "unbalanced-quotes", f"the quotation marks of {name} don't match")

    def _recover(self, start: int, rule: str, message: str) -> tuple[str, int]:
        """End a value that has no end of its own before the next line that looks like a field or an entry."""
        match = _NEXT_FIELD.search(self.text, start)
        end = match.start() if match else self.size
        value = self.text[start:end].rstrip()
        end = start + len(value)
        if value.endswith(","):
            value, end = value[:-1], end - 1
        remedy = (
            "close what is opened, once"
            if rule == "unbalanced-braces"
            else "put the value in braces, or quotes within it in {}"
        )
        self.problem(rule, start, message, remedy)
        return value.lstrip('{"').rstrip('}"'), end

    def _bare(self, start: int, name: str) -> tuple[str, int]:
        match = _BARE.match(self.text, start)
        if not match:
            self.problem("empty-value", start, f"{name} has no value", "give it one, or delete the field")
            return "", start
        end = match.end()
        after = self._skip(end)
        mark = self.text[after : after + 1]
        if mark not in ("", ",", "}", ")", "#") and not _FIELD.match(self.text, after):
            stop = _TO_BRACE.match(self.text, start)
            end = stop.end() if stop else end
            value = self.text[start:end].rstrip()
            self.problem("syntax", start, f"the value of {name} has no braces", "write it as {…}")
            return value, start + len(value)
        word = match.group()
        if word.isdigit():
            return word, end
        found = self.known.get(word.lower())
        if found is None:
            self.problem(
                "undefined-string",
                start,
                f"{name} uses the string {word}, which nothing before it defines",
                f"put the value in braces, or define it above: @string{{{word} = {{…}}}}",
            )
        return word if found is None else found, end


def _short(text: str, width: int = 40) -> str:
    text = " ".join(text.split())
    return text if len(text) <= width else text[: width - 1] + "…"
