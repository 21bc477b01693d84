"""Words of a Word file as Markdown that prints the same words."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Final

from paper.documents.word.ooxml import BREAK, OBJECT, Piece

_ESCAPED: Final = re.compile(r"[\\`*_\[\]<>$|]|(?<!\w)@|(?<=\s)#|^#|~|\^|\{\{<|(?<![\w-])---?(?![\w-])")
_MARKS: Final = {"bold": "**", "italic": "*", "struck out": "~~", "superscript": "^", "subscript": "~"}


def escape(words: str) -> str:
    """Return plain words as Markdown that prints them; spaces between words are kept."""
    escaped = _ESCAPED.sub(lambda match: "".join(f"\\{sign}" for sign in match[0]), words)
    return re.sub(r"^(\d+)([.)])(?=\s)", r"\1\\\2", escaped)


def straight(words: str) -> str:
    """Return words with straight quotation marks, which the sources have and every format turns."""
    return re.sub("[“”]", '"', re.sub("[‘’]", "'", words))


def markdown(
    pieces: Iterable[Piece], notes: Mapping[str, str], lead: Callable[[Piece], str] = lambda _: "\n\n"
) -> str:
    """Return pieces of text as Markdown. notes: the words of each new note, by its kind and id; lead: of a break."""
    result = ""
    for piece in pieces:
        if piece.text == OBJECT:
            result += f"^[{escape(straight(notes[piece.note]))}]" if notes.get(piece.note) else ""
            continue
        if piece.text == BREAK:
            result = result.rstrip(" ") + lead(piece)
            continue
        result += _formatted(piece.text.lstrip(" ") if result.endswith("\n") else piece.text, piece.formats)
    return result


def _formatted(text: str, formats: frozenset[str]) -> str:
    words = text.strip()
    plain = escape(straight(text)).replace("\v", "\\\n").replace("\t", " ")
    if not words or not formats:
        return plain
    lead, tail = text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]
    marks = [mark for name, mark in _MARKS.items() if name in formats]
    return f"{lead}{''.join(marks)}{plain.strip()}{''.join(reversed(marks))}{tail}"


def balanced(source: str) -> bool:
    """Whether a stretch of Markdown holds both ends of each mark that it holds."""
    plain = re.sub(r"\\.", "", source)
    depth = 0
    for sign in plain:
        depth += {"[": 1, "]": -1}.get(sign, 0)
        if depth < 0:
            return False
    # a link's target or a span's attributes belong to a bracket; alone at the start they are half of one
    halves = plain.startswith(("(http", "(#", "{.", "{#"))
    stars = len(re.findall(r"\*\*", plain)) % 2 or plain.replace("**", "").count("*") % 2
    lines = len(re.findall(r"(?<!\w)_|_(?!\w)", plain)) % 2
    return depth == 0 and not (halves or stars or lines or plain.count("`") % 2 or plain.count("$") % 2)
