"""Photographs without what a camera or a program wrote about them: place, time, owner, and words of a caption.

The pixels stay as they are, bit by bit, as do colour profile, resolution and the way up. No library that is kept up
takes metadata out without compressing a picture anew: Pillow decodes a JPEG and writes another.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from paper.images.images import kind_of
from paper.tools.cache import digest
from paper.tools.files import write_atomic

ENDINGS: Final = (".jpg", ".jpeg", ".png", ".webp")
_TOLD_PNG: Final = (b"tEXt", b"zTXt", b"iTXt", b"eXIf", b"tIME")  # PNG, 11.3
_COLOURS: Final = {0xE2: b"ICC_PROFILE\0", 0xEE: b"Adobe"}  # segments of a JPEG that change what is seen
_EXIF, _XMP = 0x08, 0x04  # in the flags of a WebP's VP8X


def without_metadata(path: Path, folder: Path) -> Path:
    """Return the picture's file, or one kept in ``folder`` without its metadata where it has some."""
    content = path.read_bytes()
    clean = stripped(content)
    if clean == content:
        return path
    kept = folder / f"{digest('photo-1', content)}.{kind_of(content)}"
    if not kept.is_file():
        write_atomic(kept, clean)
    return kept


def stripped(content: bytes) -> bytes:
    """Return a picture's bytes without metadata: of JPEG, PNG and WebP; others, and broken ones, as they are."""
    ways = {"jpg": _jpeg, "png": _png, "webp": _webp}
    way = ways.get(kind_of(content))
    try:
        return b"".join(way(content)) if way else content
    except (IndexError, ValueError):
        return content


def _jpeg(content: bytes) -> Iterator[bytes]:
    yield content[:2]
    at = 2
    turned = False
    while content[at + 1] != 0xDA:  # start of scan: pixels from here
        if content[at] != 0xFF:
            raise ValueError("no segment")
        marker, size = content[at + 1], int.from_bytes(content[at + 2 : at + 4])
        data = content[at + 4 : at + 2 + size]
        if marker == 0xE1 and data.startswith(b"Exif\0\0") and not turned:
            if exif := _way_up(data):
                yield b"\xff\xe1" + (len(exif) + 2).to_bytes(2) + exif
            turned = True
        elif not (0xE1 <= marker <= 0xEF or marker == 0xFE) or data.startswith(
            _COLOURS.get(marker, b"\xff\xff")
        ):
            yield content[at : at + 2 + size]
        at += 2 + size
    yield _first_picture(content[at:])


def _first_picture(rest: bytes) -> bytes:
    """Return a JPEG's pixels without what phones append: films, further pictures."""
    end = rest.rfind(b"\xff\xd9") if b"\xff\xd8\xff" not in rest else rest.find(b"\xff\xd9")
    return rest[: end + 2] if end >= 0 else rest


def _png(content: bytes) -> Iterator[bytes]:
    yield content[:8]
    at = 8
    while at + 8 <= len(content):
        size, kind = int.from_bytes(content[at : at + 4]), content[at + 4 : at + 8]
        if kind == b"eXIf" and (exif := _way_up(content[at + 8 : at + 8 + size])):
            from zlib import crc32

            yield len(exif).to_bytes(4) + kind + exif + crc32(kind + exif).to_bytes(4)
        elif kind not in _TOLD_PNG:
            yield content[at : at + 12 + size]
        at += 12 + size
        if kind == b"IEND":
            return
    raise ValueError("no end")


def _webp(content: bytes) -> Iterator[bytes]:
    chunks = []
    at = 12
    while at + 8 <= len(content):
        kind, size = content[at : at + 4], int.from_bytes(content[at + 4 : at + 8], "little")
        data = content[at + 8 : at + 8 + size]
        if kind == b"EXIF":
            data = _way_up(data)
        if data and kind != b"XMP ":
            chunks.append((kind, data))
        at += 8 + size + size % 2
    if [kind for kind, _ in chunks[:1]] == [b"VP8X"]:
        flags = chunks[0][1][0] & ~(_XMP | _EXIF) | (
            _EXIF if any(kind == b"EXIF" for kind, _ in chunks) else 0
        )
        chunks[0] = (b"VP8X", bytes([flags]) + chunks[0][1][1:])
    body = b"".join(k + len(d).to_bytes(4, "little") + d + b"\0" * (len(d) % 2) for k, d in chunks)
    yield b"RIFF" + (len(body) + 4).to_bytes(4, "little") + b"WEBP" + body


def _way_up(exif: bytes) -> bytes:
    """Return Exif that says nothing but how the picture is turned; b"" where it stands upright."""
    from PIL import Image

    given = Image.Exif()
    head = b"Exif\0\0" if exif.startswith(b"Exif\0\0") else b""
    try:
        given.load(exif)
        turned = given.get(0x0112, 1)
    except (SyntaxError, OSError, ValueError):
        return b""
    if turned not in range(2, 9):
        return b""
    alone = Image.Exif()
    alone[0x0112] = turned
    return head + alone.tobytes().removeprefix(b"Exif\0\0")
