"""The cases that the rules of the audit are tested with, read from text files."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Case:
    """A text and what a rule finds in it. line: None where nothing is to be found; said, remedy: words to be found."""

    rule: str
    text: str
    line: int | None
    said: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.rule}: {self.said or 'nothing'} in {' '.join(self.text.split())[:50]}"


def cases(file: str) -> list[Case]:
    """The cases of a file beside this one; its head says how it is written."""
    text = (Path(__file__).parent / file).read_text("utf8")
    text = re.sub("⟨([0-9A-F]{4})⟩", lambda match: chr(int(match[1], 16)), text)
    found = []
    for rule, body in re.findall(r"^=== (\S+)\n(.*?)(?=^=== |\Z)", text, re.MULTILINE | re.DOTALL):
        for head, sample in re.findall(r"^--- ([^\n]*)\n(.*?)(?=^--- |\Z)", body, re.MULTILINE | re.DOTALL):
            line, _, rest = head.partition(": ")
            said, _, remedy = rest.partition(" => ")
            found.append(Case(rule, sample.rstrip("\n"), int(line) if rest else None, said, remedy))
    return found
