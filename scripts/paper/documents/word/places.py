"""Where in the sources each character of a paragraph stands."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from rapidfuzz.distance import Indel

from paper.documents.word.sent import Region

# What of Markdown is never printed. Emphasis marks fall out by themselves: the text lacks them.
_MARKUP: Final = re.compile(
    r"\]\([^()\s]*(?:\([^()\s]*\)[^()\s]*)*(?:\s+\"[^\"\n]*\")?\)(?:\{[^{}\n]*\})?"  # the target of a link
    r"|\]\{[^{}\n]*\}|\]\[[^\[\]\n]*\]"  # attributes of a span; a link by reference
    r"|[ \t]*\{[#.-][^{}\n]*\}[ \t]*(?=\n|\Z)"  # attributes of a heading
    r"|<!--.*?-->|</?[A-Za-z][^<>\n]*>"
)
_SIGNS: Final = re.compile(r"\\[^A-Za-z0-9]|---|--|\.\.\.|&(?:#\d+|#x[\da-fA-F]+|\w+);|.", re.DOTALL)
_PRINTED: Final = {"---": "—", "--": "–", "...": "…"}
_ALIKE: Final = str.maketrans("\u00a0\n\v\t“”„‘’\u2011", '    """\'\'-')


@dataclass(frozen=True)
class Spot:
    """The source of one character: itself, or the whole of what it was made from."""

    file: str
    start: int
    end: int
    atom: bool
    """Whether it is part of something that is generated, from ``start`` to ``end``."""


def spots(text: str, regions: list[Region], texts: dict[str, str]) -> list[Spot | None]:
    """Return the spot of each character of a paragraph; None for what has no source of its own."""
    results: list[Spot | None] = [None] * len(text)
    for region in regions:
        source = region.source
        if source.atom:
            spot = Spot(source.file, source.start, source.end, True)
            results[region.start : region.end] = [spot] * (region.end - region.start)
            continue
        signs = list(_visible(texts[source.file], source.start, source.end))
        printed = text[region.start : region.end].translate(_ALIKE)
        written = "".join(sign for sign, _, _ in signs).translate(_ALIKE)
        for step in Indel.opcodes(written, printed):
            if step.tag != "equal":
                continue
            for ours, theirs in zip(
                range(step.src_start, step.src_end), range(step.dest_start, step.dest_end), strict=True
            ):
                _, start, end = signs[ours]
                results[region.start + theirs] = Spot(source.file, start, end, False)
    return results


def _visible(text: str, start: int, end: int) -> Iterator[tuple[str, int, int]]:
    """Yield the signs of a source that may be printed, each with its positions there."""
    at = start
    for match in [*_MARKUP.finditer(text, start, end), None]:
        for sign in _SIGNS.finditer(text, at, match.start() if match else end):
            written = sign[0]
            if written.startswith("&"):
                shown = html.unescape(written)
                written = shown if len(shown) == 1 else written
            elif written.startswith("\\") and len(written) == 2:
                written = written[1]
            printed = _PRINTED.get(written, written)
            if len(printed) == 1:
                yield printed, sign.start(), sign.end()
            else:
                yield from ((c, sign.start() + n, sign.start() + n + 1) for n, c in enumerate(printed))
        if match:
            at = match.end()
