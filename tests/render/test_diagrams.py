"""Diagrams in Mermaid and in Graphviz's language are drawn, the same each time, in every form of the paper."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pypdfium2
import pytest
from bs4 import BeautifulSoup

from paper import build
from paper.cells import diagrams

Book = Callable[..., Path]
TEXT = """
# One

See @fig-flow, @fig-dot and @fig-file.

```{mermaid}
%%| label: fig-flow
%%| fig-cap: "A flow"
%%| fig-alt: "From the akim to a decision"
flowchart LR
  A[Аким] -->|да| B((Решение))
```

```{dot}
//| label: fig-dot
//| fig-cap: "A graph"
//| fig-width: 3
digraph { rankdir=LR; a [label="Council"]; a -> b [label="words"] }
```

```{mermaid}
%%| label: fig-file
%%| fig-cap: "From a file"
%%| file: state.mmd
```

```{mermaid}
%%| label: fig-bad
%%| fig-cap: "Not drawn"
flowchart LR
  A[open --> B
```

```mermaid
flowchart LR
  plain --> code
```
"""


def test_diagrams_stand_in_every_form_and_a_mistake_is_told_with_its_line(book: Book) -> None:
    root = book({"state.mmd": "stateDiagram-v2\n  [*] --> Still\n"}, one=TEXT)
    report = build.build(root, targets={"html", "pdf", "docx", "jats", "onefile"})
    [told] = [n for n in report.notices if n.rule == "diagram"]
    assert told.line == 31 and "Parse error" in told.message
    site = root / "_site"
    for name in ("one.html", "A-small-book.html"):
        soup = BeautifulSoup((site / name).read_text("utf8"), "html.parser")
        drawn = soup.select(".diagram svg")
        assert [svg["aria-label"] for svg in drawn] == [
            "From the akim to a decision",
            "A graph",
            "From a file",
        ]
        assert all(
            words in soup.get_text() for words in ("Аким", "Решение", "да", "Council", "words", "Still")
        )
        assert soup.select("foreignObject") == []
        code = [pre.get_text().strip() for pre in soup.select("pre") if "flowchart" in pre.get_text()]
        assert [text.split()[-3] for text in code] == ["A[open", "plain"], "code that isn't drawn is shown"
        ids = [element["id"] for element in soup.select("[id]")]
        assert len(ids) == len(set(ids))
    document = pypdfium2.PdfDocument(next(site.glob("*.pdf")))
    text = "".join(page.get_textpage().get_text_range() for page in document)
    assert all(words in text for words in ("Аким", "Решение", "Council", "Still", "Not drawn")), (
        "vector, with its text"
    )


@pytest.mark.parametrize(
    "code",
    ["classDiagram\n  A <|-- B", *(
        pytest.param(code, marks=pytest.mark.slow)  # each is drawn twice, by a script that takes a second to start
        for code in (
            "mindmap\n  root((root))\n    leaf",
            "gitGraph\n  commit\n  branch b\n  commit\n  checkout main\n  merge b",
            "gantt\n  dateFormat YYYY-MM-DD\n  section S\n  Task :a1, 2024-01-01, 30d",
            "journey\n  section Go\n    Make tea: 5: Me",
        )
    )],
)  # fmt: skip
def test_the_same_code_gives_the_same_drawing_with_its_words_as_text(code: str) -> None:
    first, second = (diagrams.draw("mermaid", code, "", None, None) for _ in range(2))
    assert first == second
    assert "foreignObject" not in first.file
