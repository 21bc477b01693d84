"""SVG as pixels, set by Typst with the fonts of its wheel: every machine gives the same bytes."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path
from typing import Final

from paper.errors import ToolError

_KEPT: Final = (b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND")


def svg_to_png(drawing: Path, *, dpi: float, centimetres: float | None = None) -> bytes:
    """Render the SVG file as a PNG on white, so wide, else in its own size. Raises ToolError for an invalid SVG.

    The file holds its pixels and ``dpi`` alone: Typst packs them as well as the hardest level of zlib does.
    """
    import typst

    width = f", width: {centimetres:g}cm" if centimetres else ""
    source = (
        f'#set page(width: auto, height: auto, margin: 0pt, fill: white)\n#image("{drawing.name}"{width})'
    )
    try:
        compiler = typst.Compiler(root=drawing.parent, ignore_system_fonts=True)
        result = compiler.compile(source.encode(), format="png", ppi=dpi)
    except typst.TypstError as error:
        raise ToolError(
            f"the drawing {drawing.name} can't be turned into pixels: {error.message}",
            remedy="open it in a browser: what doesn't show there is not a valid SVG",
        ) from None
    assert isinstance(result, bytes), "one page is one picture"
    return with_resolution(result, dpi)


def with_resolution(content: bytes, dpi: float) -> bytes:
    """Reduce a PNG to its pixels, packed as they are, and the resolution: so two of one drawing are the same file.

    https://www.w3.org/TR/png-3/#5Chunk-layout
    """
    per_metre = round(dpi / 0.0254)
    result = [content[:8]]
    at = 8
    while at < len(content):
        (length,) = struct.unpack(">I", content[at : at + 4])
        kind, chunk = content[at + 4 : at + 8], content[at : at + length + 12]
        if kind in _KEPT:
            result.append(chunk)
        if kind == b"IHDR":
            data = b"pHYs" + struct.pack(">IIB", per_metre, per_metre, 1)
            result.append(struct.pack(">I", len(data) - 4) + data + struct.pack(">I", zlib.crc32(data)))
        at += length + 12
    return b"".join(result)
