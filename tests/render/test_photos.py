"""No picture tells where, when or by whom it was taken; its pixels and its way up stay."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image, ImageCms, ImageOps, PngImagePlugin

from paper import build
from paper.images.photos import stripped

WORDS = b"Tulparbekov"


def photograph(kind: str, turned: int = 6) -> bytes:
    image = Image.new("RGB", (40, 20), "white")
    image.paste("red", (0, 0, 20, 20))
    exif = image.getexif()
    exif[0x0112], exif[0x010E], exif[0x010F] = turned, "Interview with Tulparbekov", "Camera of Tulparbekov"
    exif.get_ifd(0x8825)[2] = (43.0, 15.0, 0.0)  # a place
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    stream = io.BytesIO()
    if kind == "png":
        info = PngImagePlugin.PngInfo()
        info.add_text("Author", "Tulparbekov")
        info.add_itxt("XML:com.adobe.xmp", "Tulparbekov")
        image.save(stream, "PNG", exif=exif, pnginfo=info, icc_profile=profile, dpi=(300, 300))
        return stream.getvalue()
    image.save(stream, kind, exif=exif, xmp=b"<x>Tulparbekov</x>", icc_profile=profile)
    content = stream.getvalue()
    if kind == "jpeg":
        for marker, data in ((0xFE, WORDS), (0xED, b"Photoshop 3.0\0" + WORDS)):
            content = (
                content[:2] + bytes((0xFF, marker)) + struct.pack(">H", len(data) + 2) + data + content[2:]
            )
        content += photograph_behind()
    return content


def photograph_behind() -> bytes:
    """What a phone appends to a picture: another one, with its own metadata."""
    stream = io.BytesIO()
    image = Image.new("RGB", (9, 9))
    exif = image.getexif()
    exif[0x010E] = "Tulparbekov"
    image.save(stream, "jpeg", exif=exif)
    return stream.getvalue()


@pytest.mark.parametrize("kind", ["jpeg", "png", "webp"])
def test_a_photograph_loses_its_metadata_and_nothing_else(kind: str) -> None:
    content = photograph(kind)
    assert WORDS in content
    clean = stripped(content)
    assert WORDS not in clean and len(clean) < len(content)
    before, after = (Image.open(io.BytesIO(data)) for data in (content, clean))
    assert after.tobytes() == before.tobytes()
    assert after.info.get("icc_profile") == before.info.get("icc_profile") is not None
    assert after.info.get("dpi") == before.info.get("dpi")
    assert dict(after.getexif()) == {0x0112: 6}
    assert ImageOps.exif_transpose(after).size == (20, 40)
    assert stripped(clean) == clean
    assert not dict(Image.open(io.BytesIO(stripped(photograph(kind, turned=1)))).getexif())


def test_what_cannot_be_read_stays_as_it_is() -> None:
    for content in (
        b"\xff\xd8\xff",
        photograph("jpeg")[:40],
        photograph("png")[:60],
        b"GIF89a",
        b"<svg/>",
        b"",
    ):
        assert stripped(content) == content or WORDS not in stripped(content)


def test_no_format_tells_of_a_photograph(book: Callable[..., Path]) -> None:
    text = "# One\n\n![Shown](shown.jpg)\n\n[Linked](linked.png)\n\n<img src='raw.webp' alt='raw'>\n"
    root = book(one=text)
    kinds = {"shown.jpg": "jpeg", "linked.png": "png", "raw.webp": "webp"}
    for name, kind in kinds.items():
        (root / name).write_bytes(photograph(kind))
    build.build(root, targets=["html", "pdf", "docx", "jats", "onefile"])
    site = root / "_site"
    for name in kinds:
        assert WORDS not in (site / name).read_bytes(), name
        assert WORDS in (root / name).read_bytes()
    for path in site.rglob("*"):
        if path.suffix in (".docx", ".zip"):
            with zipfile.ZipFile(path) as archive:
                assert all(WORDS not in archive.read(name) for name in archive.namelist()), path
        elif path.is_file():
            assert WORDS not in path.read_bytes(), path
