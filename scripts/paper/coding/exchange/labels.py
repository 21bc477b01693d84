"""Several fields in one description, as plain lines that people can read in any program.

Format: free text, then lines ``Label: value``. A value's further lines are indented by two spaces. A line of
free text that looks like a label, or like a line so guarded, gets a backslash before it. ``split`` reverses
``join`` exactly, and leaves alone what no ``join`` made.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

LABELS = {  # field → label; the order is the order of the lines
    "segment": "Passage",
    "memo": "Memo",
    "about_kind": "About",
    "about": "Which",
    "code": "Code",
    "when_to_use": "When to use",
    "when_not_to_use": "When not to use",
    "example": "Example",
    "driver": "Driver",
    "coder": "Coder",
    "block": "Block",
    "question": "Question",
    "locator": "Locator",
    "released": "Released",
}
PASSAGES_ONLY = "Passages only"  # the description of a source whose text is not a transcript
_FIELDS = {label: name for name, label in LABELS.items()}
_LABEL = re.compile(
    rf"({'|'.join(map(re.escape, sorted(_FIELDS, key=len, reverse=True)))}): ?(.*)", re.DOTALL
)


@dataclass(frozen=True)
class Labelled:
    """The free text, and the fields that stood beneath it."""

    text: str
    fields: Mapping[str, str] = field(default_factory=dict)


def join(text: str, fields: Mapping[str, str]) -> str:
    """Text and fields as one description; empty fields are left out."""
    lines = [_guarded(line) for line in text.split("\n")] if text else []
    for name, label in LABELS.items():
        if fields.get(name):
            first, *more = fields[name].split("\n")
            lines.append(f"{label}: {first}")
            lines += [f"  {line}" for line in more]
    return "\n".join(lines)


def split(description: str) -> Labelled:
    """Text and fields of a description. What no ``join`` made comes back whole, as text."""
    lines = description.split("\n") if description else []
    text: list[str] = []
    while lines and not _LABEL.fullmatch(lines[0]):
        line = lines.pop(0)
        text.append(line[1:] if line.startswith("\\") and _guarded(line[1:]) == line else line)
    fields: dict[str, str] = {}
    name = ""
    for line in lines:
        match = _LABEL.fullmatch(line)
        if match and _FIELDS[match.group(1)] not in fields:
            name = _FIELDS[match.group(1)]
            fields[name] = match.group(2)
        elif line.startswith("  "):
            fields[name] += "\n" + line[2:]
        else:
            return Labelled(description)
    return Labelled("\n".join(text), fields)


def _guarded(line: str) -> str:
    return "\\" + line if _LABEL.fullmatch(line.lstrip("\\")) else line
