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
# What tqdm prints behind a bar: time spent and left, items a second; then what the author's own code adds to it.
_TIME = r"(?:\d+:)?\d+:\d\d"
_PROGRESS = re.compile(rf" \[{_TIME}(?:<(?:{_TIME}|\?))?, +(?:[\d.]+|\?)[^\s,\]]*(?:, ([^\]\r\n]*))?\]")
# When statsmodels' summary was made, as text, HTML and LaTeX.
_SUMMARY = re.compile(r"\b(?:Dep\.|Dependent) Variable:")
_DATED = re.compile(
    r"(?P<label>\b(?:Date|Time):)(?P<between>\}?[ &]*|</th>\s*<td[^<>]*>\s*|</td>\s*<td[^<>]*>\s*)"
    r"(?P<value>\w{3}, \d\d \w{3} \d{4}|\d\d:\d\d:\d\d|\d{4}-\d\d-\d\d \d\d:\d\d)"
)


def portable(text: str, root: Path) -> str:
    """Text with paths from the project's root, libraries without their folder, and no address in memory."""
    for pattern, replacement in _REPLACED:
        text = pattern.sub(replacement, text)
    for folder, pattern, whole in _folders(root):
        if folder in text:
            text = pattern.sub(lambda match, whole=whole: "" if match[1] else whole, text)  # type: ignore[misc]
    return text


def untimed(text: str) -> str:
    """Text without the time of day and the speed that tqdm and statsmodels print: they differ from run to run."""
    text = _PROGRESS.sub(lambda bar: f" [{bar[1]}]" if bar[1] else "", text)
    return _DATED.sub(_blank, text) if _SUMMARY.search(text) else text


def _blank(row: re.Match[str]) -> str:
    """Return the row's label and value as blanks of the same width, between the tags that it has."""
    return f"{' ' * len(row['label'])}{row['between']}{' ' * len(row['value'])}"


@cache
def _folders(root: Path) -> tuple[tuple[str, re.Pattern[str], str], ...]:
    """Return the folders that tell of the machine, each with what finds it and what stands for it alone."""
    named = {str(root.resolve()): ".", str(root.absolute()): "."}
    results = [
        (folder, re.compile(rf"{_BEFORE}{re.escape(folder)}(?:([/\\])|(?![\w.-]))"), whole)
        for folder, whole in named.items()
        if len(Path(folder).parts) > 1
    ]
    home = str(Path.home())
    if len(Path(home).parts) > 1:
        results.append((home, re.compile(rf"{_BEFORE}{re.escape(home)}(?=([/\\])|(?![\w.-]))()"), "~"))
    return tuple(results)
