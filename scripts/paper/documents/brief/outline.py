"""The parts that an evidence brief has, and whether this one has them.

What is asked for follows the guides for evidence briefs: SURE (Supporting the Use of Research Evidence, 2011), the
SUPPORT tools for evidence-informed policymaking (13: preparing and using policy briefs, doi 10.1186/1478-4505-7-S1-S13)
and EVIPNet. A part is a section or block with that id or class, or a sentence with that class. What isn't known is
said: “Not known.” is a part, too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import panflute as pf

from paper.documents.brief.sentences import Sentence, inline_text, marks_of, of_block, paragraphs, parsed
from paper.text.source import Source

PARTS: Final = {
    "message": "the message in one sentence",
    "key-messages": "three to five key messages",
    "problem": "the problem: what it is, how large, where it comes from",
    "evidence": "what the evidence says, with its grade",
    "options": "two or more options",
    "barriers": "what stands in the way of putting them into practice",
    "equity": "who would gain or lose",
    "not-known": "what is not known",
    "prepared": "how the brief was prepared",
    "sources": "its main sources",
    "interests": "interests of those who wrote it",
    "valid-until": "until when it holds",
}
OF_AN_OPTION: Final = {
    "benefits": "what it brings",
    "costs": "what it costs or harms",
    "uncertainty": "how uncertain that is",
}
LEVELS: Final = {
    "citizen": "barriers for citizens",
    "official": "barriers for officials",
    "organization": "barriers in organizations",
    "system": "barriers in the system",
}
KEY_MESSAGES: Final = range(3, 6)
FEWEST_OPTIONS: Final = 2
UNKNOWN: Final = "write it, or say [Not known.]{%s} if nothing is known"
About = tuple[str, str, str]  # the words that have the place ("" for the whole brief), message, remedy


@dataclass(frozen=True)
class Part:
    """A section, block or sentence: its marks (id and classes), its heading or first words, its sentences."""

    marks: tuple[str, ...]
    title: str
    sentences: list[Sentence]


def parts(source: Source) -> list[Part]:
    """Collect the brief's sections, blocks and sentences that carry a mark, each with all sentences within."""
    results: dict[int, Part] = {}
    for block in paragraphs(parsed(source)):
        own, _ = of_block(block)
        for element in _around(block):
            if marks := marks_of(element):
                results.setdefault(id(element), Part(marks, _title(element), [])).sentences.extend(own)
        for sentence in own:
            if sentence.marks:
                results[id(sentence)] = Part(sentence.marks, sentence.text, [sentence])
    return [*results.values()]


def faults(source: Source) -> Iterator[About]:
    """Yield what the brief lacks of an evidence brief."""
    every = parts(source)

    def named(mark: str) -> list[Part]:
        return [part for part in every if mark in part.marks and part.sentences]

    for mark, what in PARTS.items():
        if not named(mark):
            remedy = f"{UNKNOWN % f'.{mark} from=…'}, in a section or block with #{mark}"
            yield "", f"the brief doesn't say {what}: it has no part {mark}", remedy
    if not source.meta.get("date"):
        yield "", "the brief has no date", "give date: in its first lines"
    for part in named("message"):
        if len(part.sentences) != 1 or re.search(r"[.!?…][”\")]?\s+\S", part.sentences[0].text):
            yield part.sentences[0].text, "the message is more than one sentence", "say it in one sentence"
    for part in named("key-messages"):
        if (count := sum(sentence.point for sentence in part.sentences)) not in KEY_MESSAGES:
            message = f"the brief has {count} key message{'s' * (count != 1)}, and it should have 3 to 5"
            yield part.title, message, "put them into one list, the most important first"
    for part in named("evidence"):
        for sentence in part.sentences:
            if not sentence.grade and not sentence.point:  # points are held by the check of sentences
                remedy = "add its grade behind it: [observed]{.smallcaps}"
                yield (
                    sentence.text,
                    f"“{sentence.text[:60]}” says what the evidence is without its grade",
                    remedy,
                )
    options = named("option")
    if named("options") and len(options) < FEWEST_OPTIONS:
        remedy = "write each as ::: {.option} with its benefits, costs and uncertainty"
        yield named("options")[0].title, f"the brief has {len(options)} of at least two options", remedy
    for part in options:
        yield from _lacking(part, OF_AN_OPTION)
    for part in named("barriers"):
        yield from _lacking(part, LEVELS)


def _lacking(part: Part, marks: dict[str, str]) -> Iterator[About]:
    there = {mark for sentence in part.sentences for mark in sentence.marks}
    for mark, what in marks.items():
        if mark not in there:
            yield part.title, f"“{part.title}” doesn't say {what}", UNKNOWN % f".{mark} from=…"


def _around(block: pf.Element) -> Iterator[pf.Element]:
    """Blocks and headings of sections around a block, from within."""
    while not isinstance(block, pf.Doc):
        parent = block.parent
        if isinstance(parent, pf.Doc | pf.Div):
            level = 7
            for before in reversed(parent.content[: block.index]):
                if isinstance(before, pf.Header) and before.level < level:
                    level = before.level
                    yield before
        if isinstance(parent, pf.Div):
            yield parent
        block = parent


def _title(element: pf.Element) -> str:
    heads = [element] if isinstance(element, pf.Header) else element.content
    return next((inline_text(head.content) for head in heads if isinstance(head, pf.Header)), "")
