"""What a document keeps for one format and profile: ``content-visible``, ``content-hidden`` and ``paper-only``."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

import panflute as pf

from paper.project import Project
from paper.render import structure
from paper.render.source import Source, lookup
from paper.render.tree import walk

_NAMES: Final = {
    "html": {"html", "html5", "html4", "html:js"},
    "typst": {"typst"},
    "docx": {"docx", "openxml"},
}
_POSSIBLE: Final = {**_NAMES, "typst": {"typst", "pdf", "latex"}}


def kept_formats(div: pf.Div) -> list[str]:
    """The formats that may keep a Div, as far as its conditions name formats."""
    if "paper-only" in div.classes:
        return [form for form in _NAMES if form in div.attributes["only"].split()]
    if not structure.is_conditional(div):
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


def for_format(tree: str, form: str, project: Project, source: Source) -> pf.Doc:
    """The tree (pandoc's JSON) with what is meant for this format and profile only."""
    names = set(_NAMES[form])
    if form == "typst" and "typst" not in formats(project):
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
        ]
        for name, test in rules:
            given, unless = attributes.get(f"when-{name}"), attributes.get(f"unless-{name}")
            if given is not None and not any(test(v) for v in re.split(r"[,\s]+", given.strip())):
                return False
            if unless is not None and any(test(v) for v in re.split(r"[,\s]+", unless.strip())):
                return False
        return True

    def keep(element: pf.Element, _: pf.Doc) -> pf.Element | list[pf.Element] | None:
        if isinstance(element, pf.Div | pf.Span) and "paper-only" in element.classes:
            return list(element.content) if form in element.attributes["only"].split() else []
        if structure.is_conditional(element):
            if matches(dict(element.attributes)) != ("content-visible" in element.classes):
                return []
            return list(element.content) if isinstance(element, pf.Span) else _without_conditions(element)
        return None

    made = structure.load(tree)
    walk(made, keep)
    return made


def formats(project: Project) -> set[str]:
    """The formats that the book's settings ask for."""
    given = project.config.get("format")
    return set(given) if isinstance(given, dict) else {str(given)}


def _without_conditions(block: pf.Div | pf.CodeBlock) -> pf.Element | list[pf.Element]:
    block.classes = [c for c in block.classes if c not in structure.CONDITIONS]
    block.attributes = {k: v for k, v in block.attributes.items() if not structure.is_condition(k)}
    if isinstance(block, pf.Div) and not (block.classes or block.attributes or block.identifier):
        return list(block.content)
    return block
