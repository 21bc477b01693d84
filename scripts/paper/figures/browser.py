"""The one door to Kaleido: all figures drawn in one start of an installed Chrome or Chromium."""

from __future__ import annotations

import os
import struct
import tempfile
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from paper import limits
from paper.errors import MachineError, ToolError
from paper.figures import style
from paper.figures.svg import tidy

if TYPE_CHECKING:
    from paper.figures.figure import Figure

ADVICE = (
    "install Chrome or Chromium (Debian: `apt-get install chromium`; or `.venv/bin/kaleido_get_chrome`), "
    "or name one that is installed in PAPER_BROWSER"
)
TIMEOUT_S = limits.value("PAPER_BROWSER_TIMEOUT")  # for one picture; a figure takes a tenth of a second


def pictures(figures: Sequence[Figure], *, browser: str | None = None) -> list[dict[str, bytes]]:
    """Each figure's files: name → content.

    browser: the program to use; else the one that ``PAPER_BROWSER`` names, else the one found. Raises
    MachineError when there is none, ToolError when it fails.
    """
    from paper.figures.renderings import file_names, spec

    if not figures:
        return []
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        jobs: list[dict[str, Any]] = []
        for number, figure in enumerate(figures):
            jobs.append(_job(figure.figure, work / f"{number}.svg"))
            jobs.append(_job(figure.figure, work / f"{number}.png"))
            if figure.narrow is not None:
                jobs.append(_job(figure.narrow, work / f"{number}-narrow.svg"))
        _run(jobs, browser or os.environ.get("PAPER_BROWSER") or None)
        done = []
        for number, figure in enumerate(figures):
            names = file_names(figure)
            files = {
                names["svg"]: tidy(
                    (work / f"{number}.svg").read_text("utf8"), centimetres=style.PRINT_CM
                ).encode(),
                names["png"]: plain_png((work / f"{number}.png").read_bytes()),
                names["json"]: spec(figure.figure).encode() + b"\n",
            }
            if figure.narrow is not None:
                files[names["narrow-svg"]] = tidy((work / f"{number}-narrow.svg").read_text("utf8")).encode()
                files[names["narrow-json"]] = spec(figure.narrow).encode() + b"\n"
            done.append(files)
        return done


def plain_png(content: bytes) -> bytes:
    """The PNG with its pixels and its resolution (``style.PNG_DPI``) only: no times, no names of programs.

    The pixels are compressed as hard as can be: the file is committed, and Word files carry it.
    """
    chunks: dict[bytes, bytes] = {}
    at = 8
    while at < len(content):
        (length,) = struct.unpack(">I", content[at : at + 4])
        kind = content[at + 4 : at + 8]
        chunks[kind] = chunks.get(kind, b"") + content[at + 8 : at + 8 + length]
        at += length + 12
    per_metre = round(style.PNG_DPI / 0.0254)
    chunks[b"pHYs"] = struct.pack(">IIB", per_metre, per_metre, 1)
    chunks[b"IDAT"] = zlib.compress(zlib.decompress(chunks[b"IDAT"]), 9)
    return content[:8] + b"".join(
        struct.pack(">I", len(chunks[kind]))
        + kind
        + chunks[kind]
        + struct.pack(">I", zlib.crc32(kind + chunks[kind]))
        for kind in (b"IHDR", b"pHYs", b"PLTE", b"tRNS", b"IDAT", b"IEND")
        if kind in chunks
    )


def _job(figure: Any, path: Path) -> dict[str, Any]:
    """One picture for Kaleido; a PNG gets white paper, since Word shows it on white in any theme."""
    drawing = figure.to_plotly_json()
    width, height = figure.layout.width, figure.layout.height
    options: dict[str, Any] = {"format": path.suffix[1:], "width": width, "height": height}
    if path.suffix == ".png":
        drawing["layout"] = {**drawing["layout"], "paper_bgcolor": style.PAPER}
        options["scale"] = style.PNG_CM / 2.54 * style.PNG_DPI / width
    return {"fig": drawing, "path": str(path), "opts": options}


def _run(jobs: list[dict[str, Any]], browser: str | None) -> None:
    if browser and not Path(browser).is_file():
        raise MachineError(f"there is no browser at {browser}", remedy=ADVICE)
    import kaleido
    from choreographer.errors import ChromeNotFoundError

    options: dict[str, Any] = {"n": 1, "timeout": TIMEOUT_S, "mathjax": False}
    if browser:
        options["path"] = browser
    try:
        errors = kaleido.write_fig_from_object_sync(jobs, kopts=options)
    except ChromeNotFoundError:
        raise MachineError(
            "figures are stale, and no browser was found to draw them", remedy=ADVICE
        ) from None
    except Exception as error:
        raise ToolError("the browser that draws figures failed", detail=repr(error), remedy=ADVICE) from error
    missing = [job["path"] for job in jobs if not Path(job["path"]).is_file()]
    if errors or missing:
        raise ToolError("a figure could not be drawn", detail="\n".join(map(repr, errors or missing)))
