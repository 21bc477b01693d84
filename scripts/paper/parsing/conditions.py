"""What a document keeps for one edition: ``content-visible``, ``content-hidden``, ``paper-only``, and queries.

Beside Quarto's conditions a block or words may ask for coded data: ``when-data="segments"`` holds where that
table has a row in this edition. ``assets/filters/editions.lua`` does the same under Quarto.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from typing import Final

import panflute as pf

from paper.parsing import queries
from paper.parsing.rawhtml.inlines import for_paper
from paper.parsing.tree import walk
from paper.project import Project
from paper.text.reading import lookup
from paper.text.source import Source
from paper.tools import trees

CONDITIONS: Final = frozenset({"content-visible", "content-hidden"})
_NAMES: Final = {
    "html": {"html", "html5", "html4", "html:js"},
    "typst": {"typst"},
    "docx": {"docx", "openxml"},
    # To Quarto an EPUB is HTML without scripts. https://quarto.org/docs/authoring/conditional.html
    "epub": {"epub", "epub2", "epub3", "html", "html4", "html5"},
}
_OF_JATS: Final = {"jats", "jats_archiving", "jats_publishing", "jats_articleauthoring"}
_TAKEN: Final = {
    "typst": {"typst", "pdf"},
    "docx": {"docx", "word"},
    "jats": {"docx", "jats"},
    "epub": {"typst", "epub"},
}
_POSSIBLE: Final = {**_NAMES, "typst": {"typst", "pdf", "latex"}}

_EMPTIED: Final = (pf.Para, pf.Plain, pf.ListItem, pf.BulletList, pf.OrderedList, pf.BlockQuote)


def is_condition(attribute: str) -> bool:
    """Whether an attribute says when conditional content is kept."""
    return attribute.startswith(("when-", "unless-"))


def is_conditional(element: pf.Element) -> bool:
    """Whether the element is shown in some formats or profiles only."""
    return isinstance(element, pf.Div | pf.Span | pf.CodeBlock) and bool(CONDITIONS & set(element.classes))


def meant_for(element: pf.Div | pf.Span, form: str) -> bool:
    """Whether what stands in a ``paper-only`` is for a format.

    JATS takes what DOCX does and EPUB what Typst does, but for what a filter gives each of them alone: ``word`` is
    DOCX's, ``jats`` JATS's, ``pdf`` Typst's, ``epub`` EPUB's.
    """
    return not _TAKEN.get(form, {form}).isdisjoint(element.attributes["only"].split())


def kept_formats(div: pf.Div) -> list[str]:
    """Return the formats that may keep a Div, as far as its conditions name formats."""
    if "paper-only" in div.classes:
        return [f for f in _NAMES if meant_for(div, f) or (f == "docx" and meant_for(div, "jats"))]
    if not is_conditional(div):
        return list(_NAMES)

    def named(condition: str, form: str) -> bool:
        """Whether the format is among those that a condition names, or none are named."""
        given = re.split(r"[,\s]+", div.attributes.get(condition, "").strip())
        return given == [""] or any(name in _POSSIBLE[form] for name in given)

    def met(form: str) -> bool:
        return named("when-format", form) and not (
            "unless-format" in div.attributes and named("unless-format", form)
        )

    if not {"when-format", "unless-format"} & set(div.attributes):
        return list(_NAMES)
    return [form for form in _NAMES if met(form) == ("content-visible" in div.classes)]


def for_format(tree: str, form: str, project: Project, source: Source, *, first_query: int = 1) -> pf.Doc:
    """Return the tree (pandoc's JSON) with what is meant for this format and edition only.

    first_query: the number of its first query, where the edition shows them.
    """
    names = _NAMES["docx"] | _OF_JATS if form == "jats" else set(_NAMES[form])
    if form == "typst" and "typst" not in project.formats:
        names |= {"pdf", "latex"}  # the book's PDF is meant, which Typst makes here
    profiles = set(filter(None, re.split(r"[,\s]+", project.profile)))

    def matches(attributes: dict[str, str]) -> bool:
        rules: list[tuple[str, Callable[[str], bool]]] = [
            ("format", lambda value: value in names),
            ("profile", lambda value: value in profiles),
            (
                "meta",
                lambda value: lookup({**project.config, **source.meta}, value) not in (None, "false", "", 0),
            ),
            ("data", lambda value: has_rows(project, value)),
        ]
        for name, test in rules:
            given, unless = attributes.get(f"when-{name}"), attributes.get(f"unless-{name}")
            if given is not None and not any(test(v) for v in re.split(r"[,\s]+", given.strip())):
                return False
            if unless is not None and any(test(v) for v in re.split(r"[,\s]+", unless.strip())):
                return False
        return True

    emptied: set[int] = set()  # what held nothing but what isn't kept, as `editions.lua` does it under Quarto

    def keep(element: pf.Element, _: pf.Doc) -> pf.Element | list[pf.Element] | None:
        if isinstance(element, pf.Div | pf.Span) and "paper-only" in element.classes:
            return list(element.content) if meant_for(element, form) else []
        if is_conditional(element):
            if matches(dict(element.attributes)) != ("content-visible" in element.classes):
                emptied.add(id(element.parent))
                return []
            return list(element.content) if isinstance(element, pf.Span) else _without_conditions(element)
        if id(element) in emptied and isinstance(element, _EMPTIED) and not len(element.content):
            emptied.add(id(element.parent))
            return []
        return None

    result = trees.load(tree)
    if '"query"' in tree:
        if project.working:
            queries.show(result, form, project, first_query)
        else:
            queries.remove(result)
    walk(result, keep, pf.Div, pf.Span, pf.CodeBlock, *_EMPTIED)
    if form != "html" and ('"html"' in tree or '"style"' in tree or '"Plain"' in tree):
        for_paper(result, form)
    return result


def has_rows(project: Project, table: str) -> bool:
    """Whether the coded table has a row in this edition; a table that isn't there has none."""
    if not re.fullmatch(r"\w+", table):
        return False
    made_up = project.root / "data" / "synthetic" / f"{table}.csv"
    path = made_up if project.synthetic and made_up.is_file() else project.root / "data" / f"{table}.csv"
    if not path.is_file():
        return False
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return sum(1 for row in csv.reader(stream) if any(cell.strip() for cell in row)) > 1


def hidden_by_data(project: Project, attributes: str) -> bool:
    """Whether attributes, as written in a chapter, hide what they stand at because of coded data."""
    for word, value in re.findall(r"(when|unless)-data=[\"']?([^\"'}]*)", attributes):
        if any(has_rows(project, table) for table in re.split(r"[,\s]+", value) if table) == (
            word == "unless"
        ):
            return "content-hidden" not in attributes
    return "content-hidden" in attributes


def state(tree: str, project: Project) -> list[tuple[str, bool]]:
    """Return each coded table that the tree's conditions ask for, with whether it has rows now."""
    asked = re.findall(r'"(?:when|unless)-data",\s*"([^"]*)"', tree)
    return [
        (name, has_rows(project, name))
        for name in sorted({w for a in asked for w in re.split(r"[,\s]+", a) if w})
    ]


def _without_conditions(block: pf.Div | pf.CodeBlock) -> pf.Element | list[pf.Element]:
    block.classes = [c for c in block.classes if c not in CONDITIONS]
    block.attributes = {k: v for k, v in block.attributes.items() if not is_condition(k)}
    if isinstance(block, pf.Div) and not (block.classes or block.attributes or block.identifier):
        return list(block.content)
    return block
