"""plotly.js without a browser: a figure's JSON in, its SVG out."""

from __future__ import annotations

import atexit
import base64
import json
import queue
import subprocess
import sys
import threading
import zlib
from functools import cache
from pathlib import Path
from typing import Any

SECONDS = 60.0  # for one figure, with the start of the process; the first one reads 2 MB of script
BUNDLES = Path(__file__).parent / "bundles"


class PlotError(Exception):
    """A figure that plotly.js refuses or can't draw here; the message is plotly.js's own."""


def draw(figure: dict[str, Any]) -> str:
    """Draw a figure (``data``, ``layout`` with ``width`` and ``height`` in px) as SVG, the same on each run.

    Raises PlotError.
    """
    answer = _process().ask({"figure": figure, "outlines": _outlines(figure), "seed": 1})
    if "svg" not in answer:
        raise PlotError(answer.get("error", "no answer").splitlines()[0])
    svg = str(answer["svg"])
    for number, canvas in reversed(list(enumerate(answer["canvases"]))):
        png = _png(canvas["width"], canvas["height"], base64.b64decode(canvas["rgba"]))
        svg = svg.replace(f"canvas:{number}", f"data:image/png;base64,{base64.b64encode(png).decode()}")
    return svg


def _outlines(figure: dict[str, Any]) -> list[str]:
    """Return the outlines of countries that the figure's maps ask for (files in ``bundles/topojson``)."""
    geos = {
        name: value
        for name, value in figure["layout"].items()
        if name.startswith("geo") and isinstance(value, dict)
    }
    traces = [t for t in figure["data"] if t.get("type") in ("choropleth", "scattergeo")]
    scopes = {geos.get(t.get("geo", "geo"), {}).get("scope") or "world" for t in traces}
    names = (f"{str(scope).replace(' ', '-')}_110m" for scope in sorted(scopes))
    return [name for name in names if (BUNDLES / "topojson" / f"{name}.json").is_file()]


def _png(width: int, height: int, rgba: bytes) -> bytes:
    """Pixels, row by row, as a PNG."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return len(data).to_bytes(4, "big") + kind + data + zlib.crc32(kind + data).to_bytes(4, "big")

    rows = b"".join(b"\0" + rgba[at : at + 4 * width] for at in range(0, len(rgba), 4 * width))
    head = width.to_bytes(4, "big") + height.to_bytes(4, "big") + b"\x08\x06\0\0\0"
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(rows, 9))
        + chunk(b"IEND", b"")
    )


class _Process:
    def __init__(self) -> None:
        self._started = subprocess.Popen(
            [sys.executable, "-m", "paper.plots.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            encoding="utf8",
        )
        self._answers: queue.Queue[str] = queue.Queue()
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        assert self._started.stdout is not None
        for line in self._started.stdout:
            self._answers.put(line)
        self._answers.put("")

    def ask(self, order: dict[str, Any]) -> dict[str, Any]:
        assert self._started.stdin is not None
        try:
            self._started.stdin.write(json.dumps(order) + "\n")
            self._started.stdin.flush()
            answer = self._answers.get(timeout=SECONDS)
        except (OSError, queue.Empty):
            answer = ""
        if not answer:
            self.end()
            raise PlotError(f"the figure took more than {SECONDS:g} s, or more memory than there is")
        return dict(json.loads(answer))

    def end(self) -> None:
        _process.cache_clear()
        self._started.kill()
        self._started.wait()


@cache
def _process() -> _Process:
    started = _Process()
    atexit.register(started.end)
    return started
