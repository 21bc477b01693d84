"""A file as pieces of text: what it shows, and what it says about itself, whatever kind it is of.

Files may come from anywhere, so every kind is read within limits: a member of an archive that is too large, or
a file that can't be read, gives a piece that says so.
"""

from __future__ import annotations

import html
import io
import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Final
from urllib.parse import unquote

from paper.text.decoding import decode

LARGEST: Final = 40_000_000  # bytes of a file or an archive's member
DEEPEST: Final = 4  # archives within archives
MARKED: Final = (
    ".html",
    ".htm",
    ".xhtml",
    ".xml",
    ".svg",
    ".rels",
    ".opf",
    ".ncx",
    ".qde",
    ".qdc",
    ".rss",
    ".atom",
)
SILENT: Final = (".woff", ".woff2", ".ttf", ".otf", ".wasm", ".pyc")
WASM: Final = (b"\0asm", b"pagefind_dcd\0asm")  # how programs begin, under whatever name
# Tags inside a word; all others part words.
INLINE: Final = re.compile(
    r"</?(?:a|b|em|i|mark|q|small|span|strong|sub|sup|u|tspan|text:span|[aw]:(?:r|t|rPr|ins|del|hyperlink|smartTag)"
    # what Word says of a run of letters, between two of them
    r"|w:(?:b|bCs|i|iCs|u|strike|rFonts|sz|szCs|color|lang|highlight|shd|vertAlign|rStyle|noProof|proofErr|kern|spacing"
    r"|caps|smallCaps|bookmarkStart|bookmarkEnd|lastRenderedPageBreak))\b[^<>]*>",
    re.I,
)
TAG: Final = re.compile(r"<[^<>]*>")
PERSON_TAGS: Final = re.compile(
    r"<(dc:creator|cp:lastModifiedBy|Manager|Company|meta:initial-creator)(?:\s[^<>]*)?>([^<]*)<|\b(?:w:author|creatingUser(?:GUID)?)=\"([^\"]*)\""
)
ESCAPE: Final = re.compile(r"\\u(?:\{([0-9a-fA-F]{1,6})\}|([0-9a-fA-F]{4}))")
PERCENT: Final = re.compile(r"%[89a-fA-F4][0-9a-fA-F]")  # of UTF-8 beyond ASCII, and of @
DATA: Final = re.compile(r"data:([\w.+-]{1,40}/[\w.+-]{1,60})[\w=;.+-]{0,60};base64,([A-Za-z0-9+/=%]{8,})")
FILE_NAME: Final = "the file's name"
PART_NAME: Final = "the name of a part"
STRINGS: Final = re.compile(rb"[\x20-\x7e\x80-\xff]{6,}")
HIDDEN: Final = re.compile("[\u00ad\u200b-\u200d\u2060\ufeff]")


@dataclass(frozen=True)
class Piece:
    """Some text of a file. where: in which part, "" for a file's own text, which alone has lines.

    person: the text names who made the file. wrong: the text is the reason why the file can't be read.
    markup: the text has tags; shown: it is the same without them, in which words may have grown together.
    """

    text: str
    where: str = ""
    person: bool = False
    wrong: bool = False
    markup: bool = False
    shown: bool = False

    def line(self, position: int) -> int | None:
        """Return the line of a position, from 1; None where lines mean nothing."""
        return bisect_right(self._starts, position) if not self.where else None

    @cached_property
    def _starts(self) -> list[int]:
        return [0, *(match.end() for match in re.finditer("\n", self.text))]


def composed(text: str) -> str:
    """Return text with letters and their marks in one sign, as most programs type them (NFC), and no hidden signs."""
    return HIDDEN.sub("", unicodedata.normalize("NFC", text))


def pieces(name: str, content: bytes, *, within: str = "", depth: int = 0) -> Iterator[Piece]:
    """Yield the pieces of a file. name: tells its kind; within: the archive's member that this is."""
    from paper.coding.privacy import containers, pictures

    kind = "." + name.lower().rpartition(".")[2]
    if len(content) > LARGEST:
        yield Piece(f"larger than {LARGEST // 1_000_000} MB", within, wrong=True)
    elif kind == ".pdf" or content[:5] == b"%PDF-":
        yield from _pdf(content, within, depth)
    elif containers.is_one("" if within else kind, content):
        yield from containers.members(name, content, within, depth)
    elif pictures.is_one(kind, content):
        yield from pictures.metadata(content, within or "its metadata")
    elif kind not in SILENT and not content.startswith(WASM):
        text = _strings(content) if _binary(content) else decode(content).text
        yield from texts(text, within, marked=kind in MARKED, depth=depth)


def texts(text: str, within: str = "", *, marked: bool = False, depth: int = 0) -> Iterator[Piece]:
    """Yield a text as it stands, and as it is read: without tags, with letters in the place of their escapes."""
    text = composed(text)
    if not marked:
        yield Piece(text, within)
    else:
        yield Piece(html.unescape(text), within, markup=True)
        yield Piece(_shown(text), within, shown=True)
        for match in PERSON_TAGS.finditer(text):
            yield Piece(html.unescape(match[2] or match[3] or ""), within or "its metadata", person=True)
    if (plain := _unescaped(text if marked else html.unescape(text))) != text and not (
        marked and plain == html.unescape(text)
    ):
        yield Piece(composed(plain), within)
    for media, data in DATA.findall(text):
        yield from _embedded(media, data, within, depth)


def _unescaped(text: str) -> str:
    r"""Return text with the letters that JSON and scripts write as \\uXXXX, and links as %XX."""
    if ESCAPE.search(text):
        text = ESCAPE.sub(lambda found: chr(min(int(found[1] or found[2], 16), 0x10FFFF)), text)
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")  # pairs are one sign
    return unquote(text, errors="ignore") if PERCENT.search(text) else text


def _embedded(media: str, data: str, within: str, depth: int) -> Iterator[Piece]:
    """Yield the pieces of a file that stands in a page as base64."""
    import base64
    import mimetypes

    if depth >= DEEPEST or media.startswith(("font/", "application/font")):
        return
    try:
        content = base64.b64decode(unquote(data) + "==")
    except ValueError:
        return
    name = f"embedded{mimetypes.guess_extension(media) or ''}"
    for piece in pieces(name, content, within=within or "an embedded file", depth=depth + 1):
        if not (piece.wrong and piece.text.startswith("not readable")):
            yield piece


def _strings(content: bytes) -> str:
    """Return the readable runs of a file of an unknown kind, in UTF-8 and in UTF-16."""
    found = b"\n".join(STRINGS.findall(content)).decode("utf8", "ignore")
    if content[:4] == b"\xd0\xcf\x11\xe0":  # Word and Excel before 2007
        found += "\n" + content.decode("utf-16-le", "ignore")
    return found


def _shown(text: str) -> str:
    """Return the text between tags, on the same lines; a vertical tab where a tag parts words."""
    text = TAG.sub(lambda tag: " \v " + "\n" * tag[0].count("\n"), INLINE.sub("", text))
    return composed(html.unescape(text))


def _binary(content: bytes) -> bool:
    start = content[:4000]
    return b"\0" in start and decode(start).encoding not in (
        "utf-16-le",
        "utf-16-be",
        "utf-32-le",
        "utf-32-be",
    )


def _pdf(content: bytes, within: str, depth: int) -> Iterator[Piece]:
    import logging

    from pypdf import PdfReader
    from pypdfium2 import PdfDocument

    logging.getLogger("pypdf").setLevel(logging.ERROR)
    try:
        reader = PdfReader(io.BytesIO(content))
        for key, value in (reader.metadata or {}).items():
            yield Piece(composed(str(value)), within or "its metadata", person=key == "/Author")
        xmp = reader.xmp_metadata
        for name in (xmp.dc_creator or []) if xmp else []:
            yield Piece(composed(str(name)), within or "its metadata", person=True)
        for stream in (xmp.stream.get_data(),) if xmp else ():
            yield Piece(_shown(stream.decode("utf8", "replace")), within or "its metadata")
        for name, files in reader.attachments.items():
            for data in files if depth < DEEPEST else ():
                yield from pieces(name, data, within=within or "an attached file", depth=depth + 1)
        for page in reader.pages:
            for note in page.get("/Annots") or ():
                if words := note.get_object().get("/Contents"):
                    yield Piece(composed(str(words)), within or "a note in it")
        document = PdfDocument(content)
        for number, page in enumerate(document, 1):
            text = page.get_textpage().get_text_bounded().replace("\r\n", "\n")
            yield Piece(composed(re.sub(r"[\u00ad\ufffe-]\n(?=\w)", "", text)), within or f"page {number}")
    except Exception as error:  # both libraries raise all kinds of errors on broken files
        yield Piece(f"not readable as PDF: {type(error).__name__}", within, wrong=True)
