"""Pictures in a form that every format takes: drawings, pages of PDF and rarer kinds as PNG."""

from __future__ import annotations

import io
import re
import shutil
from pathlib import Path
from typing import Any, Final

from paper.drawing import pixels
from paper.images import images, photos
from paper.images.images import kind_of
from paper.project import Project
from paper.tools.cache import digest
from paper.tools.files import write_atomic

DPI = 300
NOT_IN_BROWSERS: Final = (".pdf", ".tif", ".tiff", ".eps", ".ps")
MOST_PIXELS: Final = 80_000_000  # of a picture that is decoded


class Unreadable(Exception):
    """A picture that nothing here can read; the message says why, the remedy what to do."""

    def __init__(self, message: str, remedy: str) -> None:
        super().__init__(message)
        self.remedy = remedy


def as_png(drawing: Path, folder: Path) -> Path:
    """Return the PNG of an SVG file, on white, in its own size at ``DPI`` dots per inch; kept in ``folder``.

    Set by Typst with the fonts of its wheel, so that every machine gives the same pixels. Raises ToolError.
    """
    content = drawing.read_bytes()
    png = folder / f"{digest('png-3', content, DPI)}.png"
    if not png.is_file():
        write_atomic(png, pixels.svg_to_png(drawing, dpi=DPI))
    return png


def drawn_width(picture: Path, room: tuple[float, float]) -> float:
    """Return the width in inches at which a PNG that says its resolution is shown, within ``room``; else 0."""
    head = picture.read_bytes()[:2000]
    at = head.find(b"pHYs")
    if kind_of(head) != "png" or at < 0:
        return 0
    per_inch = int.from_bytes(head[at + 4 : at + 8], "big") * 0.0254
    width, height = (int.from_bytes(head[n : n + 4], "big") / (per_inch or 1) for n in (16, 20))
    return min(width, room[0], width * room[1] / height) if per_inch and height else 0


def readable(path: Path, folder: Path, kinds: frozenset[str]) -> Path:
    """Return the picture as one of ``kinds`` (as ``kind_of`` names them): itself, or a PNG kept in ``folder``.

    A name that belies its content is put right; of a PDF the first page is shown, of an animation the first frame.
    Raises Unreadable, and ToolError for an SVG that is none.
    """
    path = published(path, folder)
    content = path.read_bytes()
    kind = kind_of(content)
    if kind in kinds:
        if {".jpeg": ".jpg", ".tif": ".tiff"}.get(path.suffix.lower(), path.suffix.lower()) == f".{kind}":
            return path
        target = folder / f"{digest(content)}.{kind}"
        if not target.is_file():
            folder.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target)
        return target
    if kind == "svg":
        return as_png(path, folder)
    png = folder / f"{digest('picture-1', content, DPI)}.png"
    if not png.is_file():
        write_atomic(png, _page(content) if kind == "pdf" else _decoded(content, kind))
    return png


def published(path: Path, folder: Path) -> Path:
    """Return the picture as it may be published: one of the author's without what a camera wrote into it."""
    result = path.is_relative_to(folder.parent)  # by a cell, or kept here already
    return path if result else photos.without_metadata(path, folder)


def page_address(url: str) -> str:
    """Return the address at which a page shows a picture: of a kind that no browser shows, its PNG's."""
    if not images.is_local(url) or images.suffix(url) not in NOT_IN_BROWSERS:
        return url
    return f"{images.path_of(url)}.png"


def page_file(project: Project, page: str, url: str) -> Path | None:
    """Return the file behind such an address; None where there is none. Raises Unreadable, ToolError."""
    folder = project.root / ".paper" / "images"
    path = images.local_file(project, page, url)
    if path is not None and (file := images.existing_file(path)) is not None:
        return published(file, folder)
    original, converted = re.subn(r"\.png$", "", images.path_of(url))
    if not converted or images.suffix(original) not in NOT_IN_BROWSERS:
        return None
    path = images.local_file(project, page, original)
    file = images.existing_file(path) if path is not None else None
    if file is None:
        return None
    return readable(file, folder, frozenset(("png",)))


def _page(content: bytes) -> bytes:
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(content)
        try:
            image = document[0].render(scale=DPI / 72).to_pil()
        finally:
            document.close()
    except (pypdfium2.PdfiumError, IndexError) as error:
        message = (
            "it asks for a password"
            if "password" in str(error).lower()
            else "it has no page that can be read"
        )
        raise Unreadable(message, "save the page that is meant as SVG or PNG, and show that") from None
    return _png(image.convert("RGB"), dpi=(DPI, DPI))


def _decoded(content: bytes, kind: str) -> bytes:
    from PIL import Image, ImageOps, UnidentifiedImageError

    remedy = "save it as PNG or SVG, and show that"
    if kind == "eps":
        raise Unreadable("it is PostScript, which only a program such as Ghostscript draws", remedy)
    try:
        with Image.open(io.BytesIO(content)) as opened:
            image: Any = opened
            if image.width * image.height > MOST_PIXELS:
                raise Unreadable(f"it has more than {MOST_PIXELS // 1_000_000} million pixels", remedy)
            image = ImageOps.exif_transpose(image)
            return _png(image.convert("RGBA" if image.has_transparency_data else "RGB"))
    except UnidentifiedImageError:
        raise Unreadable("it is no image of a kind that is known", remedy) from None
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise Unreadable(f"it can't be read: {error}", remedy) from None


def _png(image: Any, **settings: Any) -> bytes:
    stream = io.BytesIO()
    image.save(stream, "PNG", **settings)
    return stream.getvalue()
