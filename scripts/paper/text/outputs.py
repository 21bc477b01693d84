"""What a cell gives, in Jupyter's terms, and its text without what no page can show."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

from paper.text import terminal

# What moves or colours a terminal: control sequences, links and titles (ECMA-48).
_COLOURS = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[@-Z\\^_])")
_UNSHOWN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_KEPT = re.compile(rf"({terminal.KEPT}|\x08)")


@dataclass(frozen=True)
class Output:
    """One thing that a cell gave. kind: "stdout", "stderr", "error", "display" or "result"; data: mimetype → content.

    A result is what the cell's last line gave; displays are what it showed on the way.
    """

    kind: str
    data: dict[str, str]

    @property
    def shown(self) -> bool:
        """Whether it is an object shown, and no printed text."""
        return self.kind in ("display", "result")


def printable(text: str) -> str:
    """Return what a cell wrote without the colours of a terminal and without signs that no page or font can show."""
    return _UNSHOWN.sub("\ufffd", _COLOURS.sub("", text))


def printed(text: str) -> str:
    """Return what a cell printed, with what ``terminal`` knows how to show and without the rest of its orders."""
    kept = _COLOURS.sub(lambda order: order[0] if _KEPT.fullmatch(order[0]) else "", text)
    return "".join(
        part if _KEPT.fullmatch(part) else _UNSHOWN.sub("\ufffd", part) for part in _KEPT.split(kept)
    )


def plain_traceback(lines: list[str]) -> str:
    """Return a traceback without the colours of a terminal."""
    return printable("\n".join(lines))


def plain_text(value: Any) -> str:
    """Return what a kernel gives for a mimetype as text."""
    if isinstance(value, list):
        value = "".join(str(part) for part in value)
    return printable(value if isinstance(value, str) else json.dumps(value))
