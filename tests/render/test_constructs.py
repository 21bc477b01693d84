"""Constructs are objects between the text and the writers: they go through pandoc's tree whole and know their place."""

from __future__ import annotations

import re
from pathlib import Path, PurePosixPath

import panflute as pf

from paper.errors import Place
from paper.parsing import constructs
from paper.parsing.constructs import (
    Callout,
    Construct,
    CrossReference,
    Equation,
    Float,
    Layout,
    LayoutCell,
    Proof,
    Tab,
    Tabset,
    Theorem,
)
from paper.parsing.normalise import normalise
from paper.parsing.tree import every
from paper.text.source import Line, Source
from paper.tools import trees

PACKAGE = Path(constructs.__file__).parents[1]
TEXT = """# One

Words.

::: {#fig-two layout-ncol=2 fig-cap-location="top"}
![Left](a.png){#fig-left}

![Right](b.png){#fig-right}

Both *sides*
:::

::: {.callout-tip collapse=true .mine}
## Shut

Inside.
:::

::: {#thm-one name="Of it"}
True.
:::

::: {.proof}
Clear.
:::

::: {.panel-tabset group="language"}
## R {#in-r}

In R.

## Python

In Python.
:::

$$a = b$$ {#eq-one alt="a equals b"}
"""


def read(text: str) -> tuple[pf.Doc, dict[type[Construct], list[Construct]]]:
    lines = tuple(Line(words, "one.qmd", at) for at, words in enumerate(text.split("\n"), 1))
    source = Source(PurePosixPath("one.qmd"), {}, (), (), (), lines)
    doc = trees.parse(text)
    assert normalise(doc, source) == []
    doc = trees.copy(doc)  # as it comes out of the cache
    known: dict[type[Construct], list[Construct]] = {}
    for element in every(doc, pf.Div, pf.Span):
        if (construct := constructs.of(element)) is not None:
            known.setdefault(type(construct), []).append(construct)
    return doc, known


def words(blocks: tuple[pf.Element, ...]) -> str:
    return pf.stringify(pf.Div(*blocks)).strip()


def test_each_construct_of_a_text_is_an_object_with_its_facts() -> None:
    _, known = read(TEXT)
    left, right, both = known[Float]
    assert isinstance(both, Float) and isinstance(left, Float) and isinstance(right, Float)
    assert (both.identifier, both.kind, both.side, words(both.caption)) == (
        "fig-two",
        "fig",
        "top",
        "Both sides",
    )
    assert [(f.identifier, f.part, f.parent, f.side) for f in (left, right)] == [
        ("fig-left", "1", "fig-two", "bottom"), ("fig-right", "2", "fig-two", "bottom"),
    ]  # fmt: skip
    [layout] = known[Layout]
    assert isinstance(layout, Layout) and [[cell.width for cell in row] for row in layout.rows] == [[50, 50]]
    [callout] = known[Callout]
    assert isinstance(callout, Callout)
    assert (callout.kind, callout.collapse, callout.classes) == ("tip", "true", ("mine",))
    assert pf.stringify(pf.Plain(*callout.title)) == "Shut" and words(callout.content) == "Inside."
    [theorem], [proof] = known[Theorem], known[Proof]
    assert isinstance(theorem, Theorem) and isinstance(proof, Proof)
    assert (theorem.kind, proof.kind, words(theorem.content)) == ("thm", "proof", "True.")
    [tabset] = known[Tabset]
    assert isinstance(tabset, Tabset) and tabset.group == "language"
    assert [(tab.identifier, words(tab.content)) for tab in tabset.tabs] == [
        ("in-r", "In R."),
        ("python", "In Python."),
    ]
    [equation] = known[Equation]
    assert isinstance(equation, Equation) and (equation.math.text, equation.alt) == ("a = b", "a equals b")


def test_each_construct_knows_where_in_the_chapter_it_stands() -> None:
    _, known = read(TEXT)
    places = {kind.__name__: [one.place and one.place.line for one in each] for kind, each in known.items()}
    lines = TEXT.split("\n")
    assert places["Float"] == [6, 8, 5] and places["Equation"] == [lines.index(TEXT.split("\n")[-2]) + 1]
    assert places["Theorem"] == [lines.index('::: {#thm-one name="Of it"}') + 1]
    assert places["Proof"] == [lines.index("Clear.") + 1]  # without a label: the words with which it begins
    assert places["Tabset"] == [lines.index("## R {#in-r}") + 1]


def test_a_construct_comes_back_from_the_tree_as_it_went_in() -> None:
    given = {
        "identifier": "x", "classes": ("a", "b"), "attributes": {"lang": "ru"}, "place": Place("one.qmd", 3),
    }  # fmt: skip
    said = (pf.Para(pf.Str("Words")),)
    title = (pf.Emph(pf.Str("Title")),)
    numbered = {"number": "2.1", "label": "Name", "delimiter": ":"}
    tab = Tab(title=title, content=said, identifier="tab", classes=("c",))
    for construct in (
        Float(
            **given, **numbered, content=said, caption=(pf.Plain(pf.Str("Caption")),), kind="dia", part="a"
        ),
        Callout(
            **given, **numbered, content=said, title=title, kind="note", appearance="simple", icon="false"
        ),
        Theorem(**given, content=said, kind="lem"),
        Proof(**given, content=said, title=title, kind="rem"),
        Tabset(**given, tabs=(tab, tab)),
        Layout(**given, rows=((LayoutCell(width=200 / 3, content=said), LayoutCell(width=-100 / 3)),)),
        Equation(**given, **numbered, content=(pf.Math("a", format="DisplayMath"),), alt="«a»"),
        CrossReference(
            **given, content=title, label="fig-x", kind="fig", number="1", prefix="Figure", url="#fig-x"
        ),
    ):
        element = construct.element()
        doc = pf.Doc(element if isinstance(element, pf.Div) else pf.Para(element), api_version=(1, 23, 1))
        read_back = [one for e in every(trees.copy(doc), type(element)) if (one := constructs.of(e))]
        assert [one.element().to_json() for one in read_back] == [element.to_json()]
        assert type(read_back[0]) is type(construct) and read_back[0].place == construct.place


def test_facts_are_added_in_place_and_the_others_stay() -> None:
    element = Float(identifier="fig-x", kind="fig", alt="Words").element()
    constructs.amend(element, number="1.2", label="Figure")
    float_ = constructs.of(element)
    assert isinstance(float_, Float) and (float_.number, float_.label, float_.alt) == (
        "1.2",
        "Figure",
        "Words",
    )


def test_a_div_of_an_author_is_no_construct_though_it_has_the_class() -> None:
    assert constructs.of(pf.Div(classes=["quarto-float"], attributes={"kind": "fig"})) is None


def test_no_other_module_knows_how_constructs_stand_in_the_tree() -> None:
    coded = re.compile(
        r"paper-facts|[\"']quarto-(?:part|float|theorem|proof|tabset|tab|layout-panel|eq|xref)[\"']"
    )
    html = PACKAGE / "writers" / "html_constructs.py"  # Quarto's own class of a page's float
    rooms = (path for room in ("parsing", "numbering", "writers") for path in (PACKAGE / room).rglob("*.py"))
    others = [path for path in rooms if path not in (Path(constructs.__file__), html)]
    assert [path.name for path in others if coded.search(path.read_text("utf8"))] == []
