"""The sentences of the brief, each with what it stands on.

A sentence is a span that names what it rests on; nothing of that is printed::

    [Ministries determine almost 75% of services.]{from="sec-design pizikov2017" says="That work is concentrated"}

``from`` names, with spaces between: an id of the paper (a section, a figure, a table), a key of the bibliography, a
claim of the ledger (``claim-ID``), a coded row (``document_problems/P01``), or ``brief`` for a sentence about the
brief itself. ``says`` repeats the words of these sections on which the sentence relies (several with `` | `` between).
A word in small capitals beside a sentence is the grade of its evidence. A class of its own marks what an evidence brief
must say: ``{.benefits from=…}``; ``outline`` has these marks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import panflute as pf

from paper.parsing import queries
from paper.parsing.tree import walk
from paper.text.source import Cell, Source


@dataclass(frozen=True)
class Sentence:
    """One sentence: its text, what it is from, the words that it relies on, its grade ("" for none)."""

    text: str
    of: tuple[str, ...]
    says: tuple[str, ...]
    grade: str = ""
    point: bool = False
    """Whether it is an item of a list."""
    marks: tuple[str, ...] = ()
    """Its id and classes."""

    @classmethod
    def of_json(cls, values: dict[str, Any]) -> Sentence:
        """Return a sentence from its fields, lists in the place of tuples."""
        fields: dict[str, Any] = {
            name: tuple(value) if isinstance(value, list) else value for name, value in values.items()
        }
        return cls(**fields)


def sentences(source: Source) -> tuple[list[Sentence], list[str]]:
    """Return the bound sentences in order, and the text that stands outside of any.

    Every paragraph, item and caption is read; headings, those of tables too, and what cells make, are no sentences.
    """
    cells = (part for part in source.parts if isinstance(part, Cell))
    captions = [
        str(cell.options[name]) for cell in cells for name in ("fig-cap", "tbl-cap") if name in cell.options
    ]
    bound: list[Sentence] = []
    loose: list[str] = []
    for block in [*paragraphs(parsed(source)), *paragraphs(queries.parse_without("\n\n".join(captions)))]:
        own, outside = of_block(block)
        bound += own
        if re.search(r"\w", outside):
            loose.append(outside.strip())
    return bound, loose


def parsed(source: Source) -> pf.Doc:
    """Return the text between the cells, without what is said to the author."""
    return queries.parse_without("".join(part for part in source.parts if isinstance(part, str)))


def paragraphs(doc: pf.Doc) -> list[pf.Element]:
    """Iterate over paragraphs, items of lists and cells of tables, in order; a table's head has headings."""
    blocks: list[pf.Element] = []
    walk(doc, lambda e, _: blocks.append(e) if isinstance(e, pf.Para | pf.Plain) else None)
    return [block for block in blocks if not isinstance(block.ancestor(3), pf.TableHead)]


def of_block(block: pf.Element) -> tuple[list[Sentence], str]:
    """Return the bound sentences of a paragraph, and its text outside of any."""
    outside, grade, own = "", "", []
    for element in _flat(block.content):
        if isinstance(element, pf.Span):
            of, says = element.attributes["from"], element.attributes.get("says", "")
            passages = tuple(filter(None, (part.strip() for part in says.split("|"))))
            point = isinstance(block.parent, pf.ListItem)
            text = inline_text(element.content)
            own.append(Sentence(text, tuple(of.split()), passages, grade, point, marks_of(element)))
            grade = ""
        elif isinstance(element, pf.SmallCaps):
            grade = inline_text(element.content)
            if own and not own[-1].grade:
                own[-1], grade = replace(own[-1], grade=grade), ""
        elif not isinstance(element, pf.Image | pf.RawInline):
            outside += pf.stringify(element)
    return own, outside


def marks_of(element: pf.Element) -> tuple[str, ...]:
    """Return the id and the classes of an element."""
    return tuple(filter(None, (element.identifier, *element.classes)))


def _flat(inlines: pf.ListContainer) -> Iterator[pf.Element]:
    """Inlines without the emphasis and links around them; a bound span stays whole."""
    for element in inlines:
        if isinstance(element, pf.Span) and "from" in element.attributes:
            yield element
        elif isinstance(element, pf.Span | pf.Emph | pf.Strong | pf.Link | pf.Quoted):
            yield from _flat(element.content)
        else:
            yield element


def inline_text(inlines: pf.ListContainer) -> str:
    """Return the text of inlines."""
    return str(pf.stringify(pf.Para(*inlines))).strip()
