"""What a picture says beside its pixels: words, and the camera, owner or place that a program wrote into it."""

from __future__ import annotations

import html
import io
import re
import zlib
from collections.abc import Iterator
from typing import Any, Final, Literal

from paper.coding.privacy.extract import TAG, Piece, composed

CAMERA: Final = "the image says which camera took it, or where"
TELLING: Final = {0x010F, 0x0110, 0x013B, 0x8825}  # make, model, artist, place (Exif 2.3, 4.6)
KINDS: Final = (
    ".png",
    ".jpg",
    ".jpeg",
    ".tif",
    ".tiff",
    ".webp",
    ".gif",
    ".ico",
    ".heic",
    ".heif",
    ".avif",
    ".bmp",
)
_MARKS: Final = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"II*\0", b"MM\0*", b"GIF8")
_XMP: Final = re.compile(rb"<x:xmpmeta\b.{0,200000}?</x:xmpmeta>", re.DOTALL)
_WINDOWS: Final = range(0x9C9B, 0x9CA0)  # title, comment, author, keywords, subject, as UTF-16
_DIRECTORIES: Final = (0x8769, 0x8825, 0xA005)
_MOST: Final = 100_000  # signs of one entry


def is_one(kind: str, content: bytes) -> bool:
    """Whether a file is a picture; kind: the ending of its name."""
    return (
        kind in KINDS or content.startswith(_MARKS) or (content[:4] == b"RIFF" and content[8:12] == b"WEBP")
    )


def metadata(content: bytes, where: str) -> Iterator[Piece]:
    """Yield the words that a picture carries, and one piece where it says by which camera or where it was taken."""
    if content.startswith(_MARKS[0]):
        yield from _png(content, where)
    elif content.startswith(b"\xff\xd8\xff"):
        yield from _jpeg(content, where)
    else:
        yield from _others(content, where)
    for packet in _XMP.findall(content):
        text = packet.decode("utf8", "replace")
        yield Piece(composed(html.unescape(text)), where)
        yield Piece(composed(html.unescape(TAG.sub(" ", text))), where)


def _jpeg(content: bytes, where: str) -> Iterator[Piece]:
    """Each segment before the pixels that holds words: Exif, IPTC, comments, and what programs invented."""
    at = 2
    while at + 4 <= len(content) and content[at] == 0xFF and content[at + 1] != 0xDA:
        marker, size = content[at + 1], int.from_bytes(content[at + 2 : at + 4])
        data = content[at + 4 : at + 2 + size]
        if data.startswith(b"Exif\0\0"):
            yield from _exif(content[at + 10 : at + 10 + 65_536], where)  # sizes may be wrong
        elif (
            0xE1 <= marker <= 0xEF and not data.startswith((b"ICC_PROFILE\0", b"Adobe\0"))
        ) or marker == 0xFE:
            yield Piece(_readable(data), where)
        at += 2 + size


def _png(content: bytes, where: str) -> Iterator[Piece]:
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
            yield Piece(
                composed(value.decode("utf8", "replace")), where, person=key in (b"Author", b"Artist")
            )
        elif kind == b"eXIf":
            yield from _exif(data, where)


def _others(content: bytes, where: str) -> Iterator[Piece]:
    """TIFF, WebP, GIF and what else Pillow opens; what it can't is looked through for XMP alone."""
    from PIL import Image

    try:
        with Image.open(io.BytesIO(content)) as image:
            for value in image.info.values():
                if isinstance(value, bytes | str):
                    yield Piece(_readable(value), where)
            exif = image.getexif()
            if TELLING & set(exif):
                yield Piece(CAMERA, where, wrong=True)
            yield from _entries(exif, where)
    except Exception:  # Pillow raises all kinds of errors on broken files
        return


def _exif(data: bytes, where: str) -> Iterator[Piece]:
    from PIL import Image

    if _telling(data):
        yield Piece(CAMERA, where, wrong=True)
    exif = Image.Exif()
    try:
        exif.load(b"Exif\0\0" + data)
        yield from _entries(exif, where)
    except Exception:  # as above
        yield Piece(_readable(data), where)


def _telling(exif: bytes) -> bool:
    """Whether the first directory of Exif data names a camera, an owner or a place, even where the rest is broken."""
    order: Literal["little", "big"] = "little" if exif[:2] == b"II" else "big"
    start = int.from_bytes(exif[4:8], order)
    count = int.from_bytes(exif[start : start + 2], order)
    tags = (exif[start + 2 + 12 * n : start + 4 + 12 * n] for n in range(min(count, 500)))
    return any(int.from_bytes(tag, order) in TELLING for tag in tags)


def _entries(exif: Any, where: str) -> Iterator[Piece]:
    """Yield the words of Exif entries, of the first directory and those that it points to."""
    found = dict(exif)
    for directory in _DIRECTORIES:
        found |= exif.get_ifd(directory)
    for tag, value in found.items():
        if tag in _WINDOWS and isinstance(value, bytes | tuple):
            yield Piece(composed(bytes(value).decode("utf-16-le", "ignore").strip("\0")), where)
        elif isinstance(value, bytes | str):
            yield Piece(_readable(value), where)


def _readable(value: bytes | str) -> str:
    """Bytes as the text that they may be, in UTF-8 or UTF-16, with a space for each sign that can't be seen."""
    if isinstance(value, bytes):
        value = value[:_MOST]
        body = value.removeprefix(b"UNICODE\0")
        wide = body != value or body.count(b"\0") * 3 > len(body)
        order = "utf-16-be" if wide and body[:1] == b"\0" else "utf-16-le"
        value = body.decode(order if wide else "utf8", "ignore")
    return composed("".join(sign if sign.isprintable() else " " for sign in value))


def _inflated(data: bytes) -> bytes:
    try:
        return zlib.decompressobj().decompress(data, _MOST)
    except zlib.error:
        return b""
