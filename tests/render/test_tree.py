"""Walking a tree does what panflute's own walk does, in place."""

from __future__ import annotations

import io
import json
from collections.abc import Callable

import panflute as pf
import pytest
from panflute.tools import stringify

from paper.parsing.tree import every, walk
from paper.tools import pandoc, trees

METADATA = """---
title: Some *words*
parts: [one, true]
---
"""
TEXT = """
# Heading with *emphasis* {#h}

A paragraph\
that says "*nothing* [much]{.small}", 'twice', `code`,
[a link *inside*](x.html) and a note.^[Of **two** words, citing [see @hood1991, p. 4].]

- one
- two

  > quoted

Term
: Definition with $x$

| a | b |
|---|---|
| *1* | 2 |

: A caption with `code`

::: {.outer}
::: {.inner}
![An image](x.png){#fig-x}
:::
:::

| line
| block
"""


def doubled(element: pf.Element, _: pf.Doc) -> list[pf.Element] | None:
    return [element, pf.Str("again")] if isinstance(element, pf.Str) else None


def without_emphasis(element: pf.Element, _: pf.Doc) -> list[pf.Element] | None:
    return list(element.content) if isinstance(element, pf.Emph | pf.Strong) else None


def without_blocks(element: pf.Element, _: pf.Doc) -> list[pf.Element] | None:
    return [] if isinstance(element, pf.BlockQuote | pf.LineBlock | pf.Code) else None


def replaced(element: pf.Element, _: pf.Doc) -> pf.Element | None:
    return pf.Span(*element.content, classes=["was-link"]) if isinstance(element, pf.Link) else None


def changed_inside(element: pf.Element, _: pf.Doc) -> None:
    if isinstance(element, pf.Div):
        element.content.insert(0, pf.Para(pf.Str(element.classes[0])))


@pytest.mark.parametrize("action", [doubled, without_emphasis, without_blocks, replaced, changed_inside])
def test_a_walk_gives_what_panflute_gives(action: Callable[..., object]) -> None:
    ours, theirs = trees.parse(TEXT), trees.parse(TEXT)
    assert walk(ours, action) is ours
    theirs.walk(action)
    assert trees.dump(ours) == trees.dump(theirs)


def test_everything_is_visited_once_in_panflute_s_order() -> None:
    ours: list[str] = []
    theirs: list[str] = []
    walk(trees.parse(TEXT), lambda element, _: ours.append(element.tag))
    trees.parse(TEXT).walk(lambda element, _: theirs.append(element.tag))
    assert ours == theirs[1:], "all but the metadata"
    assert {"Note", "Citation", "TableCell", "Caption", "DefinitionItem", "LineItem"} <= set(ours)


@pytest.mark.parametrize("kinds", [(pf.Str,), (pf.Note, pf.Table), (pf.Block,), (pf.Span, pf.Citation)])
def test_only_the_classes_that_are_asked_for_are_visited(kinds: tuple[type[pf.Element], ...]) -> None:
    every_one: list[pf.Element] = []
    asked: list[pf.Element] = []
    doc = trees.parse(TEXT)
    walk(doc, lambda element, _: every_one.append(element))
    walk(doc, lambda element, _: asked.append(element), *kinds)
    assert [id(e) for e in asked] == [id(e) for e in every_one if isinstance(e, kinds)]


def test_who_is_visited_knows_its_parent_and_its_neighbour() -> None:
    found = []

    def visit(element: pf.Element, _: pf.Doc) -> None:
        if isinstance(element, pf.Space) and isinstance(element.prev, pf.Str):
            found.append((element.parent.tag, element.prev.text))

    walk(trees.parse("one two *three four*"), visit)
    assert found == [("Para", "one"), ("Para", "two"), ("Emph", "three")]


def test_what_can_t_stand_there_is_refused() -> None:
    with pytest.raises(TypeError):
        walk(trees.parse("words"), lambda e, _: pf.Para(e) if isinstance(e, pf.Str) else None)


def test_elements_are_those_that_panflute_builds() -> None:
    written = pandoc.run(METADATA + TEXT, source=pandoc.READER, to="json")
    theirs, ours = pf.load(io.StringIO(written)), trees.load(written)
    assert ours == theirs
    assert [type(e) for e in every(ours, pf.Element)] == [type(e) for e in every(theirs, pf.Element)]
    assert json.loads(trees.dump(ours)) == json.loads(written)
    assert [e.to_json() for e in trees.elements(json.loads(written)["blocks"])] == json.loads(written)[
        "blocks"
    ]


def test_an_element_s_words_are_those_that_panflute_gives() -> None:
    doc = trees.parse(METADATA + TEXT)
    for element in [trees.parse(TEXT), doc, doc.content, *every(doc, pf.Element)]:
        for newlines in (True, False):
            assert pf.stringify(element, newlines) == stringify(element, newlines)
