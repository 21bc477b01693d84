"""The process that draws: one line of JSON in (``figure``, ``seed``), one out (``svg`` and ``canvases``, or ``error``).

A process of its own, so that a figure that is too large or never ready takes nothing down with it.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

from paper.drawing import text

HERE = Path(__file__).parent
DOCUMENT = ("dom.js", "geometry.js", "canvas.js")
BUNDLE = HERE / "bundles" / "plotly-charts.min.js"
SECONDS = 30.0
MEMORY = 1_500_000_000  # bytes
ROUNDS = 500  # in which what waits is done; a figure needs about ten


def main() -> None:
    """Draw until there are no more lines."""
    from py_mini_racer import JSEvalException, MiniRacer

    with MiniRacer() as v8:
        for name in DOCUMENT:
            v8.eval((HERE / name).read_text("utf8"))
        v8.eval(f"geometry.typeface({json.dumps(text.advance_widths())}, {text.BOLD})")
        v8.eval(BUNDLE.read_text("utf8"), timeout_sec=SECONDS)
        v8.eval((HERE / "draw.js").read_text("utf8"))
        for line in sys.stdin:
            order = json.loads(line)
            try:
                answer = _drawn(v8, order)
            except JSEvalException as error:
                answer = json.dumps({"error": str(error)})
            print(answer, flush=True)
    os._exit(0)


def _drawn(v8: object, order: dict[str, object]) -> str:
    def run(code: str) -> object:
        return v8.eval(code, timeout_sec=SECONDS, max_memory=MEMORY)  # type: ignore[attr-defined]

    outlines = [HERE / "bundles" / "topojson" / f"{name}.json" for name in order["outlines"]]  # type: ignore[attr-defined]
    for path in outlines:
        run(f"outlines({json.dumps(path.stem)}, {path.read_text('utf8')})")
    run(f"draw({json.dumps(json.dumps(order['figure']))}, {order['seed']})")
    for _ in range(ROUNDS):
        if answer := run("drawing()"):
            return str(answer)
        run("runTimers()")
    return json.dumps({"error": "the figure was never ready"})


if __name__ == "__main__":
    main()
