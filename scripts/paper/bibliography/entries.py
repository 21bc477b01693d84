"""The entries of a .bib file, and what stands between them, in one pass; see ``reader`` for what counts as broken."""

from __future__ import annotations

import re

from paper.bibliography.model import Bibliography, Block, Entry, Field
from paper.bibliography.values import FIELD, Values

_NEXT = re.compile(r"[@%]")
_HEAD = re.compile(r"@[ \t]*([^\W\d][\w.:+/-]*)\s*([{(])")
_AT_WORD = re.compile(r"@[ \t]*([^\W\d]\w*)")
# What pandoc takes for a key, a type and a field's name was tried with pandoc 3.9, sign by sign.
_KEY = re.compile(r"\s*([^\s,{}=\"#%<>\\^|~]*)[ \t]*(?=[,}\n]|$)")
_KEY_IN_BRACKETS = re.compile(r"\s*([^\s,{}()=\"#%<>\\^|~]*)[ \t]*(?=[,)\n]|$)")
_TYPE = re.compile(r"@[^\W\d_]+\s*\Z")
_ODD_NAME = re.compile(r"[^\w:+-]")
_KEY_ALONE = re.compile(r"\s*([^\s,{}()=\"%]+)[ \t]+(?=[^\W\d][\w-]*[ \t]*=)")
_SIMPLE = re.compile(r"\{([^{}\\@]*)\}\s*(?=[,}])|(\d+)\s*(?=[,}])")
_NAME = r"[^\W\d][\w-]*\s*=\s*"
_MORE_FIELDS = re.compile(rf"\}}\s*(?:,\s*{_NAME}[{{\"\w]|{_NAME}[{{\"\d])")
_TO_BRACE = re.compile(r"[^,\n}@]*")
_TO_BRACKET = re.compile(r"[^,\n)@]*")
_NO_KEY = ("no-key", "the entry has no key", "give it one: name and year, as hood1991")


class Reader(Values):
    """One pass over one file."""

    def run(self) -> Bibliography:
        """Parse the file into blocks; what is broken becomes a problem of the bibliography."""
        position = text_start = 0
        while match := _NEXT.search(self.text, position):
            at = match.start()
            if match.group() == "%":
                position = self.line_end(at)
                continue
            head = _HEAD.match(self.text, at)
            if not head:
                position = at + 1
                self._stray_at(at)
                continue
            met = len(self.bib.problems)
            block = self._block(head)
            if isinstance(block, Entry):
                block.sound = all(one.rule == "undefined-string" for one in self.bib.problems[met:])
                block.plain = block.plain and block.sound
            if block.start > text_start:
                self.bib.blocks.append(Block("text", text_start, block.start))
            self.bib.blocks.append(block)
            position = text_start = max(block.end, at + 1)
        if text_start < self.size:
            self.bib.blocks.append(Block("text", text_start, self.size))
        return self.bib

    def _stray_at(self, at: int) -> None:
        word = _AT_WORD.match(self.text, at)
        if word and word[1].lower() in ("comment", "string", "preamble"):
            what = f"@{word[1]} without braces"
        else:
            what = 'an "@" between entries'
        self.problem("syntax", at, what, "put it in braces after @comment, or delete it: pandoc stops here")

    def _block(self, head: re.Match[str]) -> Block:
        kind = head[1].lower()
        if not _TYPE.match(head.group()[:-1]):
            message = f"pandoc reads no entry that begins with {head.group()[:-1].rstrip()!r}"
            self.problem("syntax", head.start(), message, "write @ and letters alone, as @misc")
        if head[2] == "(":
            what = f"@{kind}" if kind in ("comment", "preamble", "string") else "the entry"
            self.problem(
                "syntax", head.start(), f"{what} stands in brackets", "use braces: pandoc reads no others"
            )
        if kind == "comment":
            return Block("comment", head.start(), self._close(head.end() - 1, "@comment"))
        if kind == "preamble":
            return Block("preamble", head.start(), self._close(head.end() - 1, "@preamble"))
        if kind == "string":
            return self._string(head)
        return self._entry(head)

    def _close(self, opening: int, what: str) -> int:
        """Return the end of a balanced block that opens here; where it is never closed, the end of its line."""
        if self.text[opening] == "(":
            closing = self.text.find(")", opening) if opening < self.last_bracket else None
        else:
            closing = self.closing.get(opening)
        if closing is not None:
            return closing + 1
        self.problem("unbalanced-braces", opening, f"{what} is never closed", "add the closing brace")
        return self.line_end(opening)

    def _string(self, head: re.Match[str]) -> Block:
        match = FIELD.match(self.text, head.end())
        if not match:
            self.problem(
                "syntax", head.start(), "@string without name = value", 'write @string{jos = "Full Name"}'
            )
            return Block("string", head.start(), self._close(head.end() - 1, "@string"))
        name, before = match[1].lower(), len(self.bib.problems)
        value, end = self.value(match.end(), f"@string {match[1]}")
        self.bib.strings[name] = self.known[name] = value
        end = self.skip(end)
        if self.text[end : end + 1] in ("}", ")"):
            end += 1
        elif len(self.bib.problems) == before:
            self.problem(
                "unbalanced-braces", head.start(), f"@string {match[1]} is never closed", "add the brace"
            )
        return Block("string", head.start(), end)

    # -- entries -------------------------------------------------------------------------------------------

    def _entry(self, head: re.Match[str]) -> Entry:
        entry = Entry("entry", head.start(), head.end(), type=head[1])
        close = "}" if head[2] == "{" else ")"
        self._fields(entry, self._key(entry, head.end(), close), close)
        return entry

    def _fields(self, entry: Entry, position: int, close: str) -> None:
        """Read fields from here to the entry's end."""
        text, fields, values = self.text, entry.fields, entry.values
        comma = True
        while True:
            match = FIELD.match(text, position)
            if match:
                name, start = match[1], match.end()
                if not comma:
                    message = f"no comma before {name}"
                    self.problem(
                        "missing-comma", match.start(1), message, "end the field before with a comma"
                    )
                simple = _SIMPLE.match(text, start)
                if simple:
                    value = simple[1] if simple[1] is not None else simple[2]
                    end = start + len(simple.group().rstrip())
                else:
                    value, end = self.value(start, name)
                if _ODD_NAME.search(name):
                    message = f"the name {name} holds a sign that pandoc doesn't read"
                    self.problem("syntax", match.start(1), message, "use letters, digits and - _ : + only")
                fields.append(Field(name, match.start(1), end, text[start:end], value))
                values[name.lower()] = value
                position = end
            else:
                skipped = self.skip(position)
                if "%" in text[position:skipped]:
                    entry.plain = False
                    position = skipped
                    continue
                position = skipped
                mark = text[position : position + 1]
                if mark == close:
                    over = self._brace_too_many(entry, position) if close == "}" else None
                    if over is None:
                        entry.end = position + 1
                        return
                    position, comma = over, True
                    continue
                if not mark or (mark == "@" and _HEAD.match(text, position)):
                    message = "the entry is never closed"
                    self.problem("unbalanced-braces", entry.start, message, "add its closing brace")
                    entry.end = position
                    return
                position = self._junk(position, close)
            # a comma may follow a value, after white space or a comment
            after = position
            if text[after : after + 1] != ",":
                after = self.skip(position)
                if "%" in text[position:after]:
                    entry.plain = False
            comma = text[after : after + 1] == ","
            if comma:
                position = after + 1

    def _brace_too_many(self, entry: Entry, position: int) -> int | None:
        """Where fields go on after a closing brace that ends none of them; None where it ends the entry."""
        if not entry.fields or not _MORE_FIELDS.match(self.text, position):
            return None
        name = entry.fields[-1].name
        message = f"a closing brace too many after {name}: what follows is lost"
        self.problem("unbalanced-braces", entry.fields[-1].start, message, "delete the brace")
        after = self.skip(position + 1)
        return after + 1 if self.text[after : after + 1] == "," else position + 1

    def _key(self, entry: Entry, position: int, close: str) -> int:
        """Read the key. Returns where the fields begin."""
        whole = _KEY if close == "}" else _KEY_IN_BRACKETS
        match = whole.match(self.text, position) or _KEY_ALONE.match(self.text, position)
        if FIELD.match(self.text, position):
            self.problem(_NO_KEY[0], entry.start, *_NO_KEY[1:])
            return position
        if match:
            entry.key = match[1]
            after = self.skip(match.end())
            if not entry.key:
                self.problem(_NO_KEY[0], entry.start, *_NO_KEY[1:])
            if self.text[after : after + 1] == ",":
                entry.plain = "%" not in self.text[match.end() : after]
                return after + 1
            if entry.key and (self.text[after : after + 1] == close or FIELD.match(self.text, after)):
                self.problem("missing-comma", match.start(1), f"no comma after the key {match[1]}", "add it")
            return match.end()
        line_end = self.line_end(position)
        comma = self.text.find(",", position, line_end)
        end = comma if comma >= 0 else line_end
        entry.key = self.text[position:end].strip()
        message = f"{entry.key!r} is not a key"
        self.problem("bad-key", entry.start, message, "use letters, digits and - _ : . only, then a comma")
        return end + 1 if comma >= 0 else end

    def _junk(self, position: int, close: str) -> int:
        """Get over what is no field: to the next comma, line or closing brace."""
        if self.text[position] == ",":
            self.problem("syntax", position, "two commas", "delete one")
            return position
        match = (_TO_BRACKET if close == ")" else _TO_BRACE).match(self.text, position)
        end = max(match.end() if match else position, position + 1)
        opening = self.text.find("{", position, end)
        if opening >= 0 and opening in self.closing:
            end = self.closing[opening] + 1
        shown = " ".join(self.text[position : min(end, position + 200)].split())
        shown = shown if len(shown) <= 40 else shown[:39] + "…"
        remedy = "write name = {value}, and put notes outside the entry or after %"
        self.problem("syntax", position, f"{shown!r} is no field", remedy)
        return end
