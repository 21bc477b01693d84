"""Mistakes that authors make are told without a build, each with file, line and remedy; what is right is left alone."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from paper import project
from paper.checks.sources_check import check_sources
from paper.cli.check import app

Book = Callable[..., Path]
FIGURE = "\n```{python}\n#| label: fig-a\n#| fig-cap: A\n#| fig-alt: B\n%s\n```\n"


def told(root: Path) -> list[tuple[int | None, str, str, str]]:
    faults = sorted(check_sources(project.load(root)), key=lambda fault: fault.line or 0)
    assert all(fault.file == "one.qmd" and fault.remedy for fault in faults)
    return [(fault.line, fault.rule, fault.severity, fault.remedy) for fault in faults]


@pytest.mark.parametrize(
    ("text", "line", "rule", "severity", "remedy"),
    [
        ("::: {.callout-note}\nHello\n", 3, "block-open", "error", "end it with a line :::"),
        ("::: callout-note\nHello\n:::\n:::\n", 6, "block-closed-twice", "error", "take the line out"),
        ("1. Words\n2. More?\n::: {.callout-tip}\nHello\n:::\n", 5, "block-in-paragraph", "warning", "empty line"),
        ('::: {.callout-tip collapse = "true"}\nHello\n:::\n', 3, "block-attributes", "warning", "without spaces"),
        ("<<<<<<< HEAD\nmine\n", 3, "merge", "error", "keep what is right"),
        ("Words\n\n> More [see @hood1991, p. 3.\n", 5, "mark-open", "error", "end it with ]"),
        ("{{< pagebreak\n", 3, "mark-open", "error", ">}}"),
        ("Sum:\n$$ a = 1\n\nMore.\n", 4, "mark-open", "error", "$$"),
        ("One <!-- two\n\nthree\n", 3, "mark-open", "error", "-->"),
        ("Words\n\n```\n## Later {#sec-a}\n\n@sec-a\n", 5, "fence-open", "warning", "take the line out"),
        ("```\n````\n\n~~~\nWords\n", 6, "fence-open", "warning", "with a line ~~~"),
        ("```python\n1\n", 3, "unreadable", "error", "end it with a line ```"),
        ("##\n", 3, "heading-empty", "warning", "give it a title"),
        ("### Deep\n", 3, "heading-level", "warning", "give it ##"),
        ("See [there](#nothere).\n\n## Not here\n", 3, "link-to-nowhere", "warning", "did you mean #not-here?"),
        ("##No space\n", 3, "heading-without-space", "warning", "put a space in"),
        ("Text.[^away]\n", 3, "note-missing", "warning", "[^away]:"),
        ("Text.\n\n[^alone]: A note.\n", 5, "note-unused", "warning", "take the note out"),
        ("## A {#same}\n\n## B {#same}\n", 5, "label-twice", "warning", "give each its own"),
        ("![A map](files/Maps.svg)\n", 3, "image-missing", "error", "did you mean files/Map.svg?"),
        ("![A map](Files/map.svg)\n", 3, "image-capitals", "warning", "write files/Map.svg"),
        (FIGURE % "f(", 4, "cell-syntax", "error", "brackets"),
        (FIGURE % "from paper import figures\nfigures.wait()", 4, "unknown-function", "error", "figures.waits()"),
        (FIGURE % "from paper import tables as t\nt.other()", 4, "unknown-function", "error", "paper new table"),
        ("```{python}\n#| label: fig-a\n#| fig-alt: B\n1\n```\n", 3, "no-caption", "warning", "fig-cap"),
        ("```{python}\n#| label: fig-a\n#| fig-cap: B\n1\n```\n", 3, "no-alt", "warning", "fig-alt"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_its_line_and_its_remedy(
    book: Book, text: str, line: int, rule: str, severity: str, remedy: str
) -> None:
    [fault] = told(book({"files/Map.svg": "<svg/>", "scripts/figures/waits.py": ""}, one=f"# One\n\n{text}"))
    assert fault[:3] == (line, rule, severity)
    assert remedy in fault[3]


RIGHT = """# One

::: {#a-b .panel-tabset group="say \\"a\\"" data-x='{1}' y=2 z=}
## Tab

:::: callout-note
Text.[^1] And more[^long]: this.
::::

:::

[^1]: A note,
    with `[^code]` in it.
[^long]:
    Another.

#hashtag and \\[^escaped] stay as they are; ^[a note in its place].

```markdown
::: {.never-closed}
##No heading
<<<<<<< HEAD
```

![A map](files/Map.svg){#map} and [the same](files/Map.svg).

```{python}
#| label: fig-a
#| fig-cap: A
#| fig-alt: B
%matplotlib inline
from paper import figures
figures.drivers().name, figures.FIGURES, figures.canvas
```

```{python}

#| eval: false
not python at all
```

Set a formula between "$$" and nothing else.
"""


def test_what_is_right_is_left_alone(book: Book) -> None:
    assert told(book({"files/Map.svg": "<svg/>"}, one=RIGHT)) == []


def test_a_chapter_that_nobody_listed_is_told(book: Book) -> None:
    root = book(
        {"parts/a.qmd": "# A\n", "parts/forgotten.qmd": "# B\n", "parts/_shared.qmd": "x\n"}, one="# One\n"
    )
    settings = root / "_quarto.yml"
    settings.write_text(settings.read_text().replace("    - one.qmd\n", "    - one.qmd\n    - parts/a.qmd\n"))
    [fault] = check_sources(project.load(root))
    assert (fault.file, fault.rule, fault.severity) == (
        "parts/forgotten.qmd",
        "chapter-not-listed",
        "warning",
    )


@pytest.mark.parametrize("form", ["json", "github"])
def test_settings_that_cant_be_read_are_a_fault_in_every_format(
    book: Book, monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    root = book({"data/datapackage.json": "{}"}, one="# One\n")
    (root / "_quarto.yml").write_text("project:\n  type: book\nbook:\n\tchapters: []\n")
    monkeypatch.chdir(root)
    done = CliRunner().invoke(app, ["--format", form])
    assert done.exit_code == 1
    if form == "json":
        assert ("_quarto.yml", 4) in [(fault["file"], fault["line"]) for fault in json.loads(done.stdout)]
    else:
        assert "::error file=_quarto.yml,line=4,title=unreadable::not valid YAML" in done.stdout


def test_a_note_of_the_title_block_is_called(book: Book) -> None:
    assert told(book(one='---\ntitle: "One[^thanks]"\n---\n\n[^thanks]: For all.\n')) == []
