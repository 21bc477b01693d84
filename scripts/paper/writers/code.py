"""Code on a page: folded, with numbers of lines, with notes on lines."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

import panflute as pf

from paper.parsing.wording import Wording


def block(
    element: pf.CodeBlock, options: Mapping[str, Any], wording: Wording
) -> pf.Element | list[pf.Element] | None:
    """Render a code block as the page shows it. options: those of its chapter."""
    fold = _given(element, options, "code-fold", "none") if "cell-code" in element.classes else "none"
    summary = element.attributes.pop("code-summary", "") or str(
        options.get("code-summary") or wording.word("code")
    )
    element.attributes.pop("code-fold", None)
    if _given(element, options, "code-line-numbers", "false") != "false":
        element.classes.append("numberLines")
    if _given(element, options, "code-overflow", "scroll") == "wrap":
        element.classes.append("code-overflow-wrap")
    if fold in ("none", "false"):
        return None
    state = " open" if fold == "show" else ""
    head = pf.Plain(
        pf.RawInline("<summary>", format="html"), pf.Str(summary), pf.RawInline("</summary>", format="html")
    )
    return [
        pf.RawBlock(f'<details class="code-fold"{state}>', format="html"),
        head,
        element,
        pf.RawBlock("</details>", format="html"),
    ]


def _given(element: pf.CodeBlock, options: Mapping[str, Any], name: str, default: str) -> str:
    """Return the block's own setting, else the chapter's."""
    value = element.attributes.pop(name, options.get(name))
    return default if value is None else str(value).lower()


def terms(definitions: pf.DefinitionList) -> list[pf.Span]:
    """Return the terms of notes on code, which name lines; none in another list."""
    firsts = [item.term[0] for item in definitions.content if item.term]
    return [term for term in firsts if isinstance(term, pf.Span) and "code-lines" in term.classes]


def notes(definitions: pf.DefinitionList) -> list[pf.Element]:
    """Render the notes with their numbers, which stand at the lines, too."""
    results = ['<dl class="code-annotations">']
    blocks: list[pf.Element] = []
    for item in definitions.content:
        of = item.term[0].attributes
        number = of["annotation"]
        first = next(
            (part for part in item.definitions[0].content if isinstance(part, pf.Plain | pf.Para)), None
        )
        if first is not None:  # what it is about, as Quarto names it for scripts and styles
            about = {"code-cell": of["cell"], "code-lines": of["lines"], "code-annotation": number}
            first.content = [pf.Span(*first.content, attributes=about)]
        blocks.append(pf.RawBlock(f"{results.pop() if results else ''}<dt>{number}</dt><dd>", format="html"))
        blocks += [part for definition in item.definitions for part in definition.content]
        blocks.append(pf.RawBlock("</dd>", format="html"))
    return [*blocks, pf.RawBlock("</dl>", format="html")]


def with_anchors(page: str, annotated: Iterable[pf.Span]) -> str:
    """Return the page's HTML with the number of each note before the first line that it is about.

    pandoc's links at numbered lines, which have no words, are left to the mouse.
    """
    if "numberSource" in page:
        page = re.sub(
            r'<a href="(#[\w.-]+)"></a>', r'<a href="\1" aria-hidden="true" tabindex="-1"></a>', page
        )
    for term in annotated:
        line = f'<span id="{term.attributes["cell"]}-{term.attributes["line"]}">'
        mark = f'<span class="code-annotation-anchor">{term.attributes["annotation"]}</span>'
        page = page.replace(line, mark + line, 1)
    return page
