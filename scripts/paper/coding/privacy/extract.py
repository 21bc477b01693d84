"""A file as pieces of text: what it shows, and what it says about itself, whatever kind it is of.

Files may come from anywhere, so every kind is read within limits: a member of an archive that is too large, or
a file that can't be read, gives a piece that says so.
"""

from __future__ import annotations

import gzip
import html
import io
import re
import zipfile
import zlib
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Final, Literal

from paper.bibliography.decoding import decode

LARGEST: Final = 40_000_000  # bytes of a file or an archive's member
MOST: Final = 2_000  # members of an archive
ARCHIVES: Final = (".docx", ".xlsx", ".pptx", ".odt", ".ods", ".epub", ".zip", ".qdpx")
MARKED: Final = (".html", ".htm", ".xhtml", ".xml", ".svg", ".rels", ".qde", ".qdc", ".rss", ".atom")
IMAGES: Final = (".png", ".jpg", ".jpeg", ".tif", ".tiff", ".webp")
SILENT: Final = (".woff", ".woff2", ".ttf", ".otf", ".wasm", ".ico", ".gif", ".pyc")
# Tags inside a word; all others part words.
INLINE: Final = re.compile(
    r"</?(?:a|b|em|i|mark|q|small|span|strong|sub|sup|u|w:[rt]|w:r?Pr|tspan)\b[^<>]*>", re.I
)
TAG: Final = re.compile(r"<[^<>]*>")
PERSON_TAGS: Final = re.compile(
    r"<(dc:creator|cp:lastModifiedBy|Manager|Company|meta:initial-creator)>([^<]*)<|\b(?:w:author|creatingUser(?:GUID)?)=\"([^\"]*)\""
)
CAMERA: Final = "the image says which camera took it, or where"
TELLING: Final = {0x010F, 0x0110, 0x013B, 0x8825}  # make, model, artist, place
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
        """The line of a position, from 1; None where lines mean nothing."""
        return bisect_right(self._starts, position) if not self.where else None

    @cached_property
    def _starts(self) -> list[int]:
        return [0, *(match.end() for match in re.finditer("\n", self.text))]


def pieces(name: str, content: bytes, *, within: str = "") -> Iterator[Piece]:
    """The pieces of a file. name: tells its kind; within: the archive's member that this is."""
    kind = "." + name.lower().rpartition(".")[2]
    if len(content) > LARGEST:
        yield Piece(f"larger than {LARGEST // 1_000_000} MB", within, wrong=True)
    elif kind == ".pdf":
        yield from _pdf(content)
    elif kind in ARCHIVES:
        yield from _archive(content) if not within else ()
    elif content[:2] == b"\x1f\x8b":
        yield from _compressed(content)
    elif kind in IMAGES:
        yield from _image(content, within)
    elif kind not in SILENT and not _binary(content):
        text = HIDDEN.sub("", decode(content).text)
        if kind not in MARKED:
            yield Piece(text, within)
        else:
            yield Piece(html.unescape(text), within, markup=True)
            yield Piece(_shown(text), within, shown=True)
            for match in PERSON_TAGS.finditer(text):
                yield Piece(html.unescape(match[2] or match[3] or ""), within or "its metadata", person=True)


def _shown(text: str) -> str:
    """The text between tags, on the same lines."""
    text = TAG.sub(lambda tag: " " + "\n" * tag[0].count("\n"), INLINE.sub("", text))
    return HIDDEN.sub("", html.unescape(text))


def _binary(content: bytes) -> bool:
    start = content[:4000]
    return b"\0" in start and decode(start).encoding not in (
        "utf-16-le",
        "utf-16-be",
        "utf-32-le",
        "utf-32-be",
    )


def _pdf(content: bytes) -> Iterator[Piece]:
    import logging

    from pypdf import PdfReader
    from pypdfium2 import PdfDocument

    logging.getLogger("pypdf").setLevel(logging.ERROR)
    try:
        reader = PdfReader(io.BytesIO(content))
        for key, value in (reader.metadata or {}).items():
            yield Piece(str(value), "its metadata", person=key == "/Author")
        xmp = reader.xmp_metadata
        for name in (xmp.dc_creator or []) if xmp else []:
            yield Piece(str(name), "its metadata", person=True)
        document = PdfDocument(content)
        for number, page in enumerate(document, 1):
            text = page.get_textpage().get_text_bounded().replace("\r\n", "\n")
            yield Piece(HIDDEN.sub("", re.sub(r"[\u00ad\ufffe-]\n(?=\w)", "", text)), f"page {number}")
    except Exception as error:  # both libraries raise all kinds of errors on broken files
        yield Piece(f"not readable as PDF: {type(error).__name__}", "", wrong=True)


def _archive(content: bytes) -> Iterator[Piece]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = archive.infolist()
            if len(members) > MOST:
                yield Piece(f"an archive of {len(members)} files", "", wrong=True)
            for member in members[:MOST]:
                if member.file_size > LARGEST:
                    yield Piece(f"its part {member.filename[:60]} is too large", "", wrong=True)
                elif not member.is_dir():
                    with archive.open(member) as file:
                        inside = file.read(LARGEST + 1)
                    yield from pieces(member.filename, inside, within=f"its part {member.filename[:60]}")
    except (
        zipfile.BadZipFile,
        zlib.error,
        OSError,
        EOFError,
        ValueError,
        RuntimeError,
        NotImplementedError,
    ) as error:
        yield Piece(f"not readable as an archive: {type(error).__name__}", "", wrong=True)


def _compressed(content: bytes) -> Iterator[Piece]:
    """Files of a search index, each a text under gzip."""
    try:
        with gzip.open(io.BytesIO(content)) as file:
            inside = file.read(LARGEST)
    except (OSError, EOFError, zlib.error) as error:
        yield Piece(f"not readable as gzip: {type(error).__name__}", "", wrong=True)
        return
    yield Piece(HIDDEN.sub("", inside.decode("utf8", "replace")), "its compressed text")


def _image(content: bytes, within: str) -> Iterator[Piece]:
    """Words that an image carries, and whether a camera wrote where and when it was taken."""
    where = within or "its metadata"
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        at = 8
        while at + 12 <= len(content):
            size, kind = int.from_bytes(content[at : at + 4]), content[at + 4 : at + 8]
            data = content[at + 8 : at + 8 + size]
            at += 12 + size
            if kind in (b"tEXt", b"iTXt", b"zTXt"):
                key, _, value = data.partition(b"\0")
                if kind == b"zTXt":
                    value = _inflated(value[1:])
                elif kind == b"iTXt":
                    text = value[2:].split(b"\0", 2)[-1]
                    value = _inflated(text) if value[:1] == b"\1" else text
                yield Piece(value.decode("utf8", "replace"), where, person=key in (b"Author", b"Artist"))
            elif kind == b"eXIf" and _telling(data):
                yield Piece(CAMERA, where, wrong=True)
    elif (at := content.find(b"Exif\0\0", 0, 100_000)) >= 0 and _telling(content[at + 6 :]):
        yield Piece(CAMERA, where, wrong=True)


def _telling(exif: bytes) -> bool:
    """Whether Exif data name a camera, an owner or a place: the tags of its first directory (Exif 2.3, 4.6)."""
    order: Literal["little", "big"] = "little" if exif[:2] == b"II" else "big"
    start = int.from_bytes(exif[4:8], order)
    count = int.from_bytes(exif[start : start + 2], order)
    tags = (exif[start + 2 + 12 * n : start + 4 + 12 * n] for n in range(min(count, 500)))
    return any(int.from_bytes(tag, order) in TELLING for tag in tags)


def _inflated(data: bytes) -> bytes:
    try:
        return zlib.decompressobj().decompress(data, 100_000)
    except zlib.error:
        return b""
