r"""Bytes of a file as text, whatever wrote it: UTF-8, UTF-16, Western or Cyrillic code pages.

Lines end in ``\n`` in the text; ``encode`` gives the bytes back in the encoding and with the mark that they
had, each line with the line end that most lines had.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from dataclasses import dataclass

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


@dataclass(frozen=True)
class Decoded:
    """text; its encoding ("mixed" where lines differ); its byte order mark; its line end.

    newline: the line end that most lines have; exact: encoding the letters again gives the same bytes;
    odd_lines: lines (from 1) that are not in the file's own encoding and were read as a guess.
    """

    text: str
    encoding: str = "utf-8"
    mark: bytes = b""
    newline: str = "\n"
    exact: bool = True
    odd_lines: tuple[int, ...] = ()

    def encode(self, text: str) -> bytes:
        """Return a text as bytes of the same kind. Raises UnicodeEncodeError where the encoding lacks a letter."""
        encoding = "utf-8" if self.encoding == "mixed" else self.encoding
        return self.mark + text.replace("\n", self.newline).encode(encoding)


def decode(data: bytes) -> Decoded:
    """Read bytes as text; never fails."""
    mark, encoding = next(((mark, name) for mark, name in _MARKS if data.startswith(mark)), (b"", ""))
    body = data[len(mark) :]
    if not encoding:
        encoding = _wide(body)
    odd: tuple[int, ...] = ()
    if encoding:
        try:
            text = body.decode(encoding)
        except UnicodeDecodeError:
            if encoding == "utf-8":
                text, encoding, odd = _by_line(body)
            else:
                text = body.decode(encoding, "replace")
    else:
        try:
            text, encoding = body.decode("utf-8"), "utf-8"
        except UnicodeDecodeError:
            text, encoding, odd = _by_line(body)
    try:
        exact = encoding != "mixed" and text.encode(encoding) == body
    except UnicodeEncodeError:
        exact = False
    both = text.count("\r\n")
    ends = {"\n": text.count("\n") - both, "\r\n": both, "\r": text.count("\r") - both}
    newline = max(ends, key=lambda end: ends[end])
    return Decoded(re.sub("\r\n?", "\n", text), encoding, mark, newline, exact, odd)


_PARTS = re.compile(r"[^\W\d_][\u0300-\u036f]+")


def composed(text: str) -> str:
    """Return the text with each letter that was put together from parts as one sign, where Unicode has one (NFC)."""
    if text.isascii():
        return text
    return _PARTS.sub(lambda match: unicodedata.normalize("NFC", match.group()), text)


def _wide(body: bytes) -> str:
    """UTF-16 without a mark: a zero in nearly every other byte."""
    sample = body[:2000]
    if len(sample) >= 4:
        if sample[1::2].count(0) > 0.4 * len(sample[1::2]) and sample[0::2].count(0) == 0:
            return "utf-16-le"
        if sample[0::2].count(0) > 0.4 * len(sample[0::2]) and sample[1::2].count(0) == 0:
            return "utf-16-be"
    return ""


def _by_line(body: bytes) -> tuple[str, str, tuple[int, ...]]:
    """Return lines that are UTF-8 as UTF-8, the others in the code page that fits the file's letters."""
    page = _code_page(body)
    lines = body.splitlines(keepends=True)
    wide = [line for line in lines if not line.isascii() and _is_utf8(line)]
    if not wide:
        return _legacy(body, page), page, ()
    text: list[str] = []
    odd: list[int] = []
    for number, line in enumerate(lines, 1):
        if _is_utf8(line):
            text.append(line.decode("utf-8"))
        else:
            odd.append(number)
            text.append(_legacy(line, page))
    return "".join(text), "mixed", tuple(odd)


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _legacy(data: bytes, page: str) -> str:
    try:
        return data.decode(page)
    except UnicodeDecodeError:
        return data.decode("latin-1") if page == "cp1252" else data.decode(page, "replace")


def _code_page(body: bytes) -> str:
    """Return the code page that 8-bit text is in: Western letters stand alone in words, Cyrillic ones together."""
    high = re.findall(rb"[\x80-\xff]+", b"\n".join(line for line in body.splitlines() if not _is_utf8(line)))
    letters = b"".join(high)
    together = sum(len(run) for run in high if len(run) >= 3)
    if not letters or together < 0.5 * len(letters):
        return "cp1252"
    dos = sum(0x80 <= byte <= 0xAF for byte in letters)
    if dos > 0.5 * len(letters):
        return "cp866"
    upper = sum(0xC0 <= byte <= 0xDF for byte in letters)
    lower = sum(0xE0 <= byte <= 0xFF for byte in letters)
    return "koi8-r" if upper > lower else "cp1251"
