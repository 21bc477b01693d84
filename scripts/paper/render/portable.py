"""What a cell gave, without the machine and the process that it was run by: two builds print the same."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

# What a path may begin after: no part of a longer path, no address.
_BEFORE = r"(?<![\w.~/\\-])"
_REPLACED = (
    (re.compile(rf"{_BEFORE}[^\s\"'<>()|]*[/\\]ipykernel_\d+[/\\]\d+\.py"), "cell"),
    (re.compile(r"(?<=\()\d{5,}\.py(?=, line \d)"), "cell"),  # the same file in a SyntaxError
    (re.compile(rf"{_BEFORE}(?:/|[A-Za-z]:\\)[^\s\"'<>()|:]*[/\\](?:site|dist)-packages[/\\]"), ""),
    (re.compile(r"(?<= at )0x[0-9a-fA-F]{6,16}(?=>|&gt;)"), "0x…"),  # where an object lies in memory
)


def portable(text: str, root: Path) -> str:
    """Text with paths from the project's root, libraries without their folder, and no address in memory."""
    for pattern, replacement in _REPLACED:
        text = pattern.sub(replacement, text)
    for folder, pattern, whole in _folders(root):
        if folder in text:
            text = pattern.sub(lambda match, whole=whole: "" if match[1] else whole, text)  # type: ignore[misc]
    return text


@cache
def _folders(root: Path) -> tuple[tuple[str, re.Pattern[str], str], ...]:
    """The folders that tell of the machine, each with what finds it and what stands for it alone."""
    named = {str(root.resolve()): ".", str(root.absolute()): "."}
    found = [
        (folder, re.compile(rf"{_BEFORE}{re.escape(folder)}(?:([/\\])|(?![\w.-]))"), whole)
        for folder, whole in named.items()
        if len(Path(folder).parts) > 1
    ]
    home = str(Path.home())
    if len(Path(home).parts) > 1:
        found.append((home, re.compile(rf"{_BEFORE}{re.escape(home)}(?=([/\\])|(?![\w.-]))()"), "~"))
    return tuple(found)
