"""Pictures that a library draws: pixels for pages, lines for print where they are few enough."""

from __future__ import annotations

import re

from paper.cells.displays import VECTOR, Bundle, Context

MOST = 1_500_000  # characters of a drawing; one with more has thousands of points, which pixels show as well


def represent(bundle: Bundle, _: Context) -> Bundle:
    """Of a figure drawn by Matplotlib in both forms, the drawing for print alone and without its date."""
    drawing = bundle.get("image/svg+xml", "")
    if "Matplotlib" not in drawing[:4000]:
        return bundle
    drawing = re.sub(r"<metadata>.*?</metadata>\s*", "", drawing, count=1, flags=re.S)
    if "image/png" not in bundle:
        return {**bundle, "image/svg+xml": drawing}
    others = {name: data for name, data in bundle.items() if name != "image/svg+xml"}
    return {**others, VECTOR: drawing} if len(drawing) < MOST else others
