"""Archives of all kinds as the pieces of what is in them, archives within archives, too; read within limits."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from typing import IO, Final

from paper.coding.privacy import extract
from paper.coding.privacy.extract import Piece, composed

MOST: Final = 2_000  # members of an archive
# What each kind of compression begins with, and how it is opened.
_OPENED: Final[tuple[tuple[bytes, Callable[..., IO[bytes]]], ...]] = (
    (b"\x1f\x8b", gzip.open),  # type: ignore[assignment, unused-ignore]
    (b"BZh", bz2.open),  # type: ignore[assignment, unused-ignore]
    (b"\xfd7zXZ\0", lzma.open),  # type: ignore[assignment, unused-ignore]
)
_ZIPS: Final = (".docx", ".xlsx", ".pptx", ".odt", ".ods", ".epub", ".zip", ".qdpx")
_BROKEN: Final = (
    zipfile.BadZipFile, tarfile.TarError, zlib.error, lzma.LZMAError, OSError, EOFError, ValueError, RuntimeError,
    NotImplementedError,
)  # fmt: skip


def is_one(kind: str, content: bytes) -> bool:
    """Whether a file is an archive, or compressed; kind: the ending of its name, "" where that says nothing."""
    return (
        kind in _ZIPS
        or content[:4] == b"PK\x03\x04"
        or _is_tar(content)
        or any(content.startswith(mark) for mark, _ in _OPENED)
    )


def members(name: str, content: bytes, within: str, depth: int) -> Iterator[Piece]:
    """Yield the pieces of what is in an archive. What is broken or too large gives a piece that says so."""
    if depth >= extract.DEEPEST:
        yield Piece("archives within archives, too deep to look", within, wrong=True)
        return
    for mark, opened in _OPENED:
        if content.startswith(mark):
            yield from _compressed(name, content, opened, within, depth)
            return
    walk = _tar if _is_tar(content) else _zip
    try:
        for number, (member, size, read) in enumerate(walk(content)):
            part = f"its part {member[:60]}" if not within else f"{within}, {member[:60]}"
            if number >= MOST:
                yield Piece(f"an archive of more than {MOST} files", within, wrong=True)
                return
            yield Piece(composed(member), within or extract.PART_NAME)
            if size > extract.LARGEST:
                yield Piece(f"{part} is too large", within, wrong=True)
            else:
                yield from extract.pieces(member, read(), within=part, depth=depth + 1)
    except _BROKEN as error:
        yield Piece(f"not readable as an archive: {type(error).__name__}", within, wrong=True)


def _compressed(
    name: str, content: bytes, opened: Callable[..., IO[bytes]], within: str, depth: int
) -> Iterator[Piece]:
    """Yield the pieces of one file under compression, such as a text of a search index."""
    try:
        with opened(io.BytesIO(content)) as file:
            inside = file.read(extract.LARGEST)
    except _BROKEN as error:
        yield Piece(f"not readable as gzip: {type(error).__name__}", within, wrong=True)
        return
    part = within or "its compressed text"
    kind = "." + name.lower().rpartition(".")[0].rpartition(".")[2]
    if kind == ".pdf" or is_one("", inside) or kind in extract.MARKED:
        yield from extract.pieces(f"a{kind}", inside, within=part, depth=depth + 1)
    else:
        yield from extract.texts(inside.decode("utf8", "replace"), part, depth=depth + 1)


def _is_tar(content: bytes) -> bool:
    return content[257:262] == b"ustar"


def _zip(content: bytes) -> Iterator[tuple[str, int, Callable[[], bytes]]]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for member in archive.infolist():
            if not member.is_dir():

                def read(member: zipfile.ZipInfo = member) -> bytes:
                    with archive.open(member) as file:
                        return file.read(extract.LARGEST + 1)

                yield member.filename, member.file_size, read


def _tar(content: bytes) -> Iterator[tuple[str, int, Callable[[], bytes]]]:
    with tarfile.open(fileobj=io.BytesIO(content)) as archive:
        for member in archive:
            if member.isfile():

                def read(member: tarfile.TarInfo = member) -> bytes:
                    file = archive.extractfile(member)
                    return file.read(extract.LARGEST + 1) if file else b""

                yield member.name, member.size, read
