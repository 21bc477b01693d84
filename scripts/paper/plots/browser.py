"""Figures that only a graphics card draws (3D, tiled maps), by an installed Chrome or Chromium; kept once drawn.

They are kept by content beside the committed renderings of figures, so that a clone without a browser builds.
"""

from __future__ import annotations

import json
import logging
from pathlib import Path
from typing import Any, Final

from paper.plots.engine import PlotError
from paper.tools import browser
from paper.tools.cache import digest
from paper.tools.files import write_atomic

FOLDER: Final = Path("assets/figures/plots")
SECONDS: Final = 90


def draw(figure: dict[str, Any], root: Path) -> tuple[str, Path, bool]:
    """Draw a figure as SVG; return it with the file that keeps it (relative to ``root``) and whether that is new.

    Raises PlotError where none is kept and there is no browser, or the browser fails.
    """
    kept = FOLDER / f"{digest('browser', json.dumps(figure, sort_keys=True))}.svg"
    path = root / kept
    if path.is_file():
        return path.read_text("utf8"), kept, False
    executable = browser.find()
    if executable is None:
        raise PlotError("no Chrome or Chromium is installed")
    svg = _drawn(figure, executable)
    write_atomic(path, svg.encode("utf8"))
    return svg, kept, True


def _drawn(figure: dict[str, Any], executable: Path) -> str:
    import asyncio

    import kaleido  # type: ignore[import-untyped]

    logging.getLogger("choreographer").setLevel(logging.CRITICAL)
    logging.getLogger("kaleido").setLevel(logging.CRITICAL)
    layout = figure["layout"]
    options = {"format": "svg", "width": layout["width"], "height": layout["height"]}

    async def work() -> bytes:
        async with kaleido.Kaleido(n=1, timeout=SECONDS, path=str(executable)) as drawer:
            return bytes(await drawer.calc_fig(figure, opts=options))

    try:
        return asyncio.run(asyncio.wait_for(work(), SECONDS)).decode("utf8")
    except Exception as error:  # a browser fails in many ways: what matters is that there is no picture
        raise PlotError(f"{executable.name} did not draw it ({type(error).__name__})") from None
