"""SVG as pixels, set by Typst with the fonts of its wheel: every machine gives the same bytes."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path
from typing import Final

from paper.errors import ToolError

_KEPT: Final = (b"IHDR", b"pHYs", b"PLTE", b"tRNS", b"IDAT", b"IEND")


def svg_to_png(drawing: Path, *, dpi: float, centimetres: float | None = None) -> bytes:
    """Render the SVG file as a PNG on white, so wide, else in its own size. Raises ToolError for an invalid SVG."""
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
    return result


def strip_metadata(content: bytes, dpi: float) -> bytes:
    """Reduce the PNG to its pixels and its resolution, compressed as hard as can be: the file is committed."""
    chunks: dict[bytes, bytes] = {}
    at = 8
    while at < len(content):
        (length,) = struct.unpack(">I", content[at : at + 4])
        kind = content[at + 4 : at + 8]
        chunks[kind] = chunks.get(kind, b"") + content[at + 8 : at + 8 + length]
        at += length + 12
    per_metre = round(dpi / 0.0254)
    chunks[b"pHYs"] = struct.pack(">IIB", per_metre, per_metre, 1)
    chunks[b"IDAT"] = zlib.compress(zlib.decompress(chunks[b"IDAT"]), 9)
    return content[:8] + b"".join(
        struct.pack(">I", len(chunks[kind]))
        + kind
        + chunks[kind]
        + struct.pack(">I", zlib.crc32(kind + chunks[kind]))
        for kind in _KEPT
        if kind in chunks
    )
