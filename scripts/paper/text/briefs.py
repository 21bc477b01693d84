"""The brief for practitioners as its files stand: ``brief/brief.qmd``, and ``brief/brief.kk.qmd`` and the like."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Final

from paper.project import Project
from paper.tools.cache import digest

SOURCE: Final = PurePosixPath("brief/brief.qmd")
_ATTRIBUTES: Final = re.compile(r"""\{(?:[^{}"']|"[^"]*"|'[^']*')*\}""")
_OF: Final = re.compile(r"""\bof=["']?([^"'\s}]*)""")
_COMMENT: Final = re.compile(r"<!--.*?-->", re.DOTALL)
_ALIKE = str.maketrans({"“": '"', "”": '"', "‘": "'", "’": "'", "\u00a0": " ", "–": "-", "—": "-"})


@dataclass(frozen=True)
class Span:
    """A bound sentence as it is written: from start to end in the text, its words, its attributes, its line."""

    start: int
    end: int
    words: str
    attributes: str
    line: int

    @property
    def key(self) -> str:
        """Return what the translation of this sentence names."""
        return digest(normalise_words(self.words))[:8]

    @property
    def of(self) -> str:
        """Return the key of the English sentence that this one translates; "" where it names none."""
        match = _OF.search(self.attributes)
        return match[1] if match else ""


@dataclass(frozen=True)
class Translation:
    """A file beside the English brief."""

    lang: str
    """As in its name."""
    path: PurePosixPath
    spans: tuple[Span, ...]
    """Its sentences, empty ones too."""

    @property
    def is_begun(self) -> bool:
        """Return whether it has a sentence."""
        return any(span.words.strip() for span in self.spans)

    @property
    def is_written(self) -> bool:
        """Return whether it has sentences, and none that is left empty: then it becomes a PDF."""
        return bool(self.spans) and all(span.words.strip() for span in self.spans)

    @property
    def pdf(self) -> str:
        """Return the name of its PDF."""
        return f"brief.{self.lang}.pdf"


def translations(project: Project) -> list[Translation]:
    """Return every slot beside the brief, filled or not, by language."""
    results = []
    for path in sorted((project.root / SOURCE.parent).glob(f"{SOURCE.stem}.*.qmd")):
        lang = path.name.removeprefix(f"{SOURCE.stem}.").removesuffix(".qmd")
        spans = tuple(span for span in _spans(_text(path)) if _OF.search(span.attributes))
        results.append(Translation(lang, SOURCE.parent / path.name, spans))
    return results


def complete_translations(project: Project) -> list[Translation]:
    """Return the translations that become a PDF."""
    return [one for one in translations(project) if one.is_written]


def english(project: Project) -> list[Span]:
    """Return the sentences that a translation has to have, in order."""
    spans = _spans(_text(project.root / SOURCE))
    return [span for span in spans if re.search(r"\bfrom=", span.attributes)]


def _text(path: Path) -> str:
    """Return the text with spaces for its comments, so that places stay."""
    text = path.read_text("utf-8-sig", errors="replace") if path.is_file() else ""
    return _COMMENT.sub(lambda match: re.sub(r"[^\n]", " ", match[0]), text.replace("\r\n", "\n"))


def _spans(text: str) -> list[Span]:
    """Return the words in brackets that have attributes, in order."""
    opened: list[int] = []
    results = []
    for bracket in re.finditer(r"\\.|[\[\]]", text, re.DOTALL):
        if bracket[0] == "[":
            opened.append(bracket.start())
        elif bracket[0] == "]" and opened:
            start = opened.pop()
            if attributes := _ATTRIBUTES.match(text, bracket.end()):
                line = text.count("\n", 0, start) + 1
                inner = text[start + 1 : bracket.start()]
                results.append(Span(start, attributes.end(), inner, attributes[0], line))
    return sorted(results, key=lambda span: span.start)


def normalise_words(text: str) -> str:
    """Return the words in a form in which typography and line ends make no difference."""
    return re.sub(r"\s+", " ", text.translate(_ALIKE)).strip()
