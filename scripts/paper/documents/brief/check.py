"""``paper brief check``: the brief has its parts, and each sentence stands on something that is still there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from paper.coding.claims.confidence import LEVELS
from paper.documents.brief import outline, translations
from paper.documents.brief.passages import ABOUT_ITSELF, Passages
from paper.documents.brief.sentences import Sentence, sentences
from paper.errors import did_you_mean
from paper.project import Project
from paper.report import Fault
from paper.text.briefs import SOURCE, normalise_words
from paper.text.reading import read
from paper.text.source import Source
from paper.tools.cache import of_project

GRADES = ("published", "observed", "argued", "not known")
CONFIDENCE = tuple(f"{level} confidence" for level in LEVELS)  # of what rests on a claim that is assessed
NUMBER = re.compile(r"\d+(?:[.,]\d+)*(?:-\d+)?%?")


def check_brief(project: Project) -> list[Fault]:
    """Parts that the brief lacks, and sentences that stand on nothing, or on words that the paper no longer has.

    Notes on its translations come last. No brief: no faults.
    """
    if not (project.root / SOURCE).is_file():
        return []
    source = read(project, SOURCE)
    bound, loose, lacking = _of_brief(project, source)
    faults = [
        _fault(
            source, text, "sentence-unbound", f"this stands on nothing: “{_short(text)}”",
            'write it as [sentence]{from="sec-… key-of-a-work" says="words of that section"}',
        )
        for text in loose
    ]  # fmt: skip
    passages = Passages(project)
    for sentence in bound:
        notices = [about for rule in RULES for about in rule(sentence, passages)]
        at = sentence.says[0] if sentence.says else sentence.text
        faults += [_fault(source, at, *about) for about in notices]
    faults += [_fault(source, at, "brief-part", *about) for at, *about in lacking]
    return [*faults, *translations.notes(project)]


def _of_brief(project: Project, source: Source) -> tuple[list[Sentence], list[str], list[tuple[str, ...]]]:
    """Return what `sentences` and `outline.faults` say, kept while the brief is the same."""

    def parse() -> list[Any]:
        bound, loose = sentences(source)
        return [list(map(asdict, bound)), loose, list(outline.faults(source))]

    cache = of_project(project.root)
    bound, loose, lacking = cache.kept("brief", repr((source.meta, source.parts)), parse)
    return [Sentence.of_json(one) for one in bound], loose, lacking


About = tuple[str, str, str]  # rule, message, remedy


def _sources(sentence: Sentence, passages: Passages) -> Iterator[About]:
    short = _short(sentence.text)
    if not sentence.of:
        yield "sentence-unbound", f"“{short}” names nothing in from=", "name what it rests on"
    for name in sentence.of:
        if not passages.has(name):
            yield (
                "sentence-source",
                f"“{short}” rests on {name}, which is no section, figure, table, cited work, claim or coded row",
                did_you_mean(name, passages.names, "name what it rests on now, or take the sentence out"),
            )


def _works(sentence: Sentence, passages: Passages) -> Iterator[About]:
    """Yield works named beside sections that none of them cites."""
    sections = [name for name in sentence.of if name in passages.sections]
    for work in (name for name in sentence.of if sections and name in passages.works):
        if not any(work in passages.cites[name] for name in sections):
            yield (
                "sentence-source",
                f"“{_short(sentence.text)}” rests on {work}, which is not cited in {' or '.join(sections)}",
                "read that section again: name a section that cites the work, or take the work out",
            )


def _numbers(sentence: Sentence, passages: Passages) -> Iterator[About]:
    """Yield numbers of the sentence that what it rests on doesn't have."""
    if sentence.of == (ABOUT_ITSELF,):
        return
    known = {number for name in sentence.of for number in NUMBER.findall(passages.words(name))}
    for number in dict.fromkeys(NUMBER.findall(normalise_words(sentence.text))):
        if number not in known:
            yield (
                "sentence-number",
                f"“{_short(sentence.text)}” says {number}, which does not stand in {' or '.join(sentence.of)}",
                "bring the number up to date, or name the place that has it",
            )


def _words(sentence: Sentence, passages: Passages) -> Iterator[About]:
    sections = [name for name in sentence.of if name in passages.sections]
    short = _short(sentence.text)
    if sections and not sentence.says:
        remedy = 'add says="…" with words of that section'
        yield "sentence-passage", f"“{short}” doesn't say on which words of {sections[0]} it relies", remedy
    for words in sentence.says if sections else ():
        if not any(normalise_words(words) in passages.sections[name] for name in sections):
            where = " and ".join(sections)
            yield (
                "sentence-passage",
                f"“{short}” relies on the words “{words}”, which {where} doesn't have",
                "read that section again: if the sentence still holds, bring its words up to date",
            )


def _grade(sentence: Sentence, passages: Passages) -> Iterator[About]:
    short = _short(sentence.text)
    if sentence.point and not sentence.grade:
        yield "sentence-grade", f"“{short}” is a point without its grade", f"add one of {', '.join(GRADES)}"
    if levels := [passages.levels[name] for name in sentence.of if name in passages.levels]:
        weakest = f"{max(levels, key=LEVELS.index)} confidence"
        if sentence.grade and sentence.grade != weakest:
            message = f"“{short}” is graded as {sentence.grade}, and the ledger gives its claim {weakest}"
            yield "sentence-grade", message, f"write [{weakest}]{{.smallcaps}}"
    elif sentence.grade in CONFIDENCE:
        message = f"“{short}” has {sentence.grade}, and rests on no claim that is assessed"
        yield "sentence-grade", message, f"name the claim in from=, or write one of {', '.join(GRADES)}"
    if sentence.grade and sentence.grade not in (*GRADES, *CONFIDENCE):
        yield "sentence-grade", f"“{sentence.grade}” is no grade of evidence", f"one of {', '.join(GRADES)}"
    if sentence.grade == "published" and sentence.of != ("brief",) and not passages.works & set(sentence.of):
        yield (
            "sentence-grade",
            f"“{short}” is graded as published and names no work",
            "add the work's key to from=",
        )


RULES = (_sources, _works, _words, _numbers, _grade)


def _short(text: str) -> str:
    return text if len(text) <= 70 else text[:69].rstrip() + "…"


def _fault(source: Source, text: str, rule: str, message: str, remedy: str) -> Fault:
    """Return a fault at the line that has the words, or the first of them."""
    words = text.split(" ")
    if not text:
        return Fault(str(source.path), 1, rule, message, remedy)
    for count in (len(words), 6, 4, 2):
        place = source.find(" ".join(words[:count]))
        if place.line:
            return Fault(str(place.file), place.line, rule, message, remedy)
    return Fault(str(source.path), None, rule, message, remedy)
