"""What is withheld of an interview, said of it in words: in a chapter, a caption, an alternative text."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from paper.coding.data.attributes import ATTRIBUTES
from paper.coding.privacy.extract import Piece
from paper.report import Fault
from paper.text.decoding import decode

_SENTENCE: Final = re.compile(r"[^.!?\n\v]+")


@dataclass(frozen=True)
class Withheld:
    """Attributes that the open table doesn't state, as they are known."""

    words: dict[str, dict[str, str]]
    """Pseudonym → attribute → the word for it."""

    @classmethod
    def read(cls, root: Path, stated: dict[str, dict[str, str]]) -> Withheld:
        """Read them. stated: pseudonym → attribute → what the open table states."""
        path = root / ATTRIBUTES
        if not path.is_file():
            return cls({})
        results: dict[str, dict[str, str]] = {}
        for row in csv.DictReader(io.StringIO(decode(path.read_bytes()).text)):
            case = row.pop("case", "") or ""
            words = {name: word for name, word in row.items() if word and not stated.get(case, {}).get(name)}
            if case and words:
                results[case] = words
        return cls(results)

    def search(self, piece: Piece, file: str) -> Iterator[Fault]:
        """Yield sentences in which a pseudonym stands with what is withheld of it; the word itself is never told."""
        text = "" if piece.wrong or piece.person or not self.words else piece.text
        for case, words in self.words.items():
            if case not in text:
                continue
            named = re.compile(rf"(?<!\w){re.escape(case)}(?!\w)")
            for sentence in _SENTENCE.finditer(text):
                if not named.search(sentence[0]):
                    continue
                for name, word in words.items():
                    if re.search(rf"(?<!\w){re.escape(word)}", sentence[0], re.IGNORECASE):
                        message = f"{case} stands in a sentence with its {name}, which is withheld"
                        remedy = (
                            f"say it of nobody, or of all that share it; {ATTRIBUTES} has what is withheld"
                        )
                        yield Fault(
                            file, piece.line(sentence.start()), "withheld", message, remedy, "warning"
                        )
