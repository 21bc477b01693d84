"""The language of the readers' edition: words that it must not have, one spelling, nothing that the data contradict.

``_quarto.yml`` says what a book wants; without it nothing is asked::

    prose:
      spelling: ize        # Oxford's -ize, or ise
      refuse: [this draft] # words, outside headings and quotations
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import PurePosixPath
from typing import Any, Final

from paper.editions import blanked, is_query
from paper.errors import PaperError
from paper.fences import FencedCode
from paper.project import Project
from paper.report import Fault, warning
from paper.text.briefs import SOURCE
from paper.text.reading import read
from paper.text.source import Line, Source

INTERVIEWS: Final = "segments"  # the coded table that has rows once an interview is coded
# Verbs and nouns that Oxford spells with -ize, by what stands before it; analyse, advise, exercise aren't among them.
_STEMS: Final = (
    "anonym|apolog|author|bureaucrat|capital|categor|central|character|colon|critic|custom|decentral|digital|dramat|"
    "emphas|equal|final|formal|general|harmon|ideal|initial|institutional|international|item|legal|legitim|liberal|"
    "local|marginal|material|maxim|memor|minim|mobil|modern|national|neutral|normal|operational|optim|organ|penal|"
    "polar|politic|popular|prior|priorit|privat|public|rational|real|recogn|regional|reorgan|revolution|scrutin|"
    "social|special|stabil|standard|steril|subsid|summar|symbol|sympath|synthes|systemat|theor|util|visual"
)
_ENDS: Final = "e|ed|es|er|ers|ing|able|ation|ations|ational"
_SPELT: Final = {
    wanted: re.compile(rf"\b(?:{_STEMS}){other}(?:{_ENDS})\b", re.IGNORECASE)
    for wanted, other in (("ize", "is"), ("ise", "iz"))
}
_NOT_PROSE: Final = re.compile(r"“[^”]*”|\{[^{}\n]*\}|\]\([^()\s]*\)|`[^`]*`|<[^<>]*>|@[\w:.-]+")
_CAPTION: Final = re.compile(r"\s*#\|\s*(?:fig|tbl|lst)-(?:cap|alt|subcap)\s*:")
NONE_CODED: Final = re.compile(
    r"\b(?:no|none of the) interviews? (?:has|have|is|are|was|were) (?:been )?(?:yet )?(?:analy[sz]ed|coded|held)\b"
    r"|\bnone (?:has been |is |was )?(?:analy[sz]ed|coded)\b"
    r"|\buntil (?:they|the interviews) (?:are|have been) (?:analy[sz]ed|coded)\b"
    r"|\binterviews? (?:is|are) (?:still |yet )?to (?:come|show|supply|tell)\b",
    re.IGNORECASE,
)
SOME_CODED: Final = re.compile(
    r"\bthe interviews (?:show|showed|suggest|suggested|confirm|confirmed|reveal|revealed)\b"
    r"|\b(?:interviewees|respondents) (?:said|report|reported|named|told|spoke)\b",
    re.IGNORECASE,
)


def check_prose(project: Project) -> list[Fault]:
    """Find words, spellings and statements on interviews that the readers' edition must not have."""
    faults: list[Fault] = []
    for source in _sources(project):
        faults += _words(project, source)
        if (project.root / "data" / f"{INTERVIEWS}.csv").is_file() and source.path != SOURCE:
            faults += _contradictions(source)
    return faults


def _sources(project: Project) -> Iterator[Source]:
    paths: list[PurePosixPath] = [chapter.path for chapter in project.chapters]
    for path in [*paths, *([SOURCE] if (project.root / SOURCE).is_file() else [])]:
        try:
            yield read(project, path)
        except PaperError:
            continue  # the check of sources tells why


def _words(project: Project, source: Source) -> Iterator[Fault]:
    settings = project.config.get("prose")
    asked: dict[str, Any] = settings if isinstance(settings, dict) else {}
    refused = [str(words) for words in asked.get("refuse") or []]
    spelling = str(asked.get("spelling") or "")
    for line in _prose(source, "") if asked else ():
        for match in _SPELT[spelling].finditer(line.text) if spelling in _SPELT else ():
            message, remedy = (
                f"“{match[0]}” is not spelt with -{spelling}",
                f"this book spells with -{spelling}",
            )
            yield warning(line.place, "spelling-form", message, remedy)
        for words in refused if not line.text.lstrip().startswith("#") else ():
            if re.search(rf"(?<!\w){re.escape(words)}(?!\w)", line.text, re.IGNORECASE):
                message = f"“{words}” stands in the readers' edition"
                remedy = "say it in the paper's own voice, or mark it as [words]{.query} to the author"
                yield Fault(line.file, line.number, "voice", message, remedy)


def _contradictions(source: Source) -> Iterator[Fault]:
    """Statements that there are interviews, or none, which would stand there whatever the data say."""
    for line in _prose(source, "-data="):
        if match := NONE_CODED.search(line.text):
            message = f"“{match[0]}” would stand there beside coded interviews, too"
            remedy = f'write it as [words]{{.content-visible unless-data="{INTERVIEWS}"}}'
            yield Fault(line.file, line.number, "contradicts-data", message, remedy)
        elif match := SOME_CODED.search(line.text):
            message = f"“{match[0]}” would stand there without a coded interview, too"
            remedy = f'write it as [words]{{.content-visible when-data="{INTERVIEWS}"}}'
            yield Fault(line.file, line.number, "contradicts-data", message, remedy)


def _prose(source: Source, conditional: str) -> Iterator[Line]:
    """Yield lines of text and captions, blanked where they are no prose, queries, or marked by ``conditional``."""
    lines = source.lines
    text = "\n".join(line.text for line in lines)
    hidden = blanked(text, lambda marks: is_query(marks) or bool(conditional and conditional in marks))
    code = FencedCode()
    for line, shown in zip(lines, hidden.split("\n"), strict=True):
        is_code = code.covers(line.text)
        if not is_code or _CAPTION.match(line.text):
            words = re.sub(r"^\s*#\|", "", shown) if is_code else shown
            yield replace(line, text=_NOT_PROSE.sub(lambda part: " " * len(part[0]), words))
