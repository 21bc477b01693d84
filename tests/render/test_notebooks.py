"""A notebook is a chapter as a ``.qmd`` is, shows what it keeps, and lends its cells to other chapters."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup, Tag

from paper import build
from paper.errors import ChapterError
from paper.report import Fault

Book = Callable[..., Path]

PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="


def code(text: str, *outputs: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"cell_type": "code", "source": text, "outputs": list(outputs), "metadata": {}, **more}


def words(text: str, kind: str = "markdown", **more: Any) -> dict[str, Any]:
    return {"cell_type": kind, "source": text.splitlines(keepends=True), "metadata": {}, **more}


def stream(text: str) -> dict[str, Any]:
    return {"output_type": "stream", "name": "stdout", "text": [text]}


def shown(**data: Any) -> dict[str, Any]:
    return {
        "output_type": "display_data",
        "metadata": {},
        "data": {k.replace("_", "/"): v for k, v in data.items()},
    }


def notebook(*cells: dict[str, Any], language: str = "python") -> str:
    meta = {"kernelspec": {"name": "k", "display_name": "K", "language": language}}
    return json.dumps({"cells": list(cells), "metadata": meta, "nbformat": 4, "nbformat_minor": 4})


NOTEBOOK = notebook(
    words("---\nsubtitle: Under the title\n---\n", "raw"),
    words("# A notebook {#sec-nb}\n\nSee @fig-kept and [@hood1991].\n\n![Pasted](attachment:p.png)\n",
          attachments={"p.png": {"image/png": PNG}}),
    code("#| label: fig-kept\n#| fig-cap: Kept figure\n1 / 0", shown(image_png=PNG, text_plain="<Figure>")),
    code("print('kept words')", stream("kept words\n"), metadata={"tags": ["said"]}),
    code("1 / 0", {"output_type": "error", "ename": "ZeroDivisionError", "evalue": "of old", "traceback": []}),
    words("<b>raw</b>", "raw", metadata={"raw_mimetype": "text/html"}),
    code('```\n"""', stream("x")),
)  # fmt: skip

EMBEDDING = """\
# Two

{{< embed n.ipynb#fig-kept >}}

{{< embed n.ipynb#said echo=true >}}

{{< embed n.ipynb[4] >}}

{{< embed other.qmd#fig-run >}}

See @fig-run.
"""

OTHER = """\
---
title: Not in the book
---

```{python}
x = 41
```

```{python}
#| label: fig-run
#| fig-cap: Run elsewhere
import matplotlib.pyplot as plt
print(x + 1)
plt.plot([1, 2]);
```
"""


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[Fault]]:
    root = tmp_path_factory.mktemp("notebooks")
    (root / "_quarto.yml").write_text(
        "project: {type: book, output-dir: _site}\n"
        "book: {title: A book, author: An Author, chapters: [index.qmd, n.ipynb, two.qmd, r.ipynb, run.ipynb]}\n"
        "bibliography: references.bib\n"
    )
    (root / "references.bib").write_text(
        "@book{hood1991, author = {Hood, C.}, title = {A Book}, year = {1991}}\n"
    )
    (root / "index.qmd").write_text("# Preface {.unnumbered}\n\nHello, @fig-kept.\n")
    (root / "n.ipynb").write_text(NOTEBOOK)
    (root / "two.qmd").write_text(EMBEDDING.replace("n.ipynb#fig-kept", "m.ipynb#fig-lent"))
    (root / "m.ipynb").write_text(NOTEBOOK.replace("fig-kept", "fig-lent"))
    (root / "other.qmd").write_text(OTHER)
    (root / "r.ipynb").write_text(notebook(words("# In R"), code("y <- 1", stream("[1] 1")), language="R"))
    run = "---\nexecute:\n  enabled: true\n---\n"
    (root / "run.ipynb").write_text(
        notebook(words(run, "raw"), words("# Run"), code("6 * 7", stream("of old")))
    )
    return root, build.build(root, targets=["html"]).notices


def page(root: Path, name: str) -> tuple[Tag, str]:
    main = BeautifulSoup((root / f"_site/{name}.html").read_text("utf8"), "lxml").select_one("main")
    assert main is not None
    return main, re.sub(r"\s+", " ", main.get_text().replace("\xa0", " "))


def test_a_notebook_is_a_chapter_and_shows_what_it_keeps(built: tuple[Path, list[Fault]]) -> None:
    root, notices = built
    main, text = page(root, "n")
    for said in ("1 A notebook", "Under the title", "See Figure 1.1 and (Hood 1991)", "Figure 1.1: Kept figure",
                 "kept words", "ZeroDivisionError: of old", '``` """'):  # fmt: skip
        assert said in text
    assert main.select_one("b") is not None
    pasted, drawn = (str(image["src"]) for image in main.select("img"))
    assert pasted == f"data:image/png;base64,{PNG}"
    assert (root / "_site" / drawn).is_file()
    assert "Figure 1.1" in page(root, "index")[1]
    assert notices == []


def test_cells_of_other_files_are_embedded(built: tuple[Path, list[Fault]]) -> None:
    root, _ = built
    _, text = page(root, "two")
    assert "Figure 2.1: Kept figure" in text
    assert "print('kept words')" in text
    assert text.count("kept words") == 3  # with its code, and twice as its output
    assert "Figure 2.2: Run elsewhere" in text
    assert "42" in text
    assert "See Figure 2.2" in text
    assert "x = 41" not in text


def test_a_notebook_in_another_language_shows_its_code_and_outputs(built: tuple[Path, list[Fault]]) -> None:
    assert "y <- 1 [1] 1" in page(built[0], "r")[1]


def test_a_notebook_is_run_where_it_asks_for_it(built: tuple[Path, list[Fault]]) -> None:
    text = page(built[0], "run")[1]
    assert "42" in text
    assert "of old" not in text


@pytest.mark.parametrize(
    ("text", "files", "place", "said"),
    [
        ("{{< embed n.ipynb#nothing >}}", {"n.ipynb": NOTEBOOK}, "one.qmd:1", "no cell nothing"),
        ("{{< embed none.ipynb >}}", {}, "one.qmd:1", "does not exist"),
        ("{{< embed data.csv >}}", {}, "one.qmd:1", "needs a notebook"),
        ("Words {{< embed n.ipynb >}}", {}, "one.qmd:1", "line of its own"),
        ("{{< embed n.ipynb >}}", {"n.ipynb": '{"cells": [\n<<<<<<<'}, "n.ipynb:2", "not a notebook"),
        ("{{< embed n.ipynb >}}", {"n.ipynb": "{}"}, "n.ipynb", "not a notebook"),
        ("{{< embed o.qmd#fig-z >}}", {"o.qmd": OTHER}, "one.qmd:1", "its labels: fig-run"),
        ("{{< embed o.qmd#fig-z >}}", {}, "one.qmd:1", "does not exist"),
    ],
)
def test_what_can_not_be_embedded_is_told_with_its_line(
    book: Book, text: str, files: dict[str, str], place: str, said: str
) -> None:
    root = book(one=text)
    for name, content in files.items():
        (root / name).write_text(content)
    with pytest.raises(ChapterError) as refused:
        build.build(root, targets=["html"])
    assert str(refused.value.place) == place
    assert said in str(refused.value)


def test_a_fault_in_a_notebook_names_the_cell(book: Book) -> None:
    root = book(
        {"_quarto.yml": (Path(book(one="# One\n")) / "_quarto.yml").read_text().replace("one.qmd", "n.ipynb")}
    )
    (root / "n.ipynb").write_text(notebook(words("# N"), words("Text.\n\n@fig-nowhere"), code("1")))
    told = [
        notice for notice in build.build(root, targets=["html"]).notices if "fig-nowhere" in notice.message
    ]
    assert [str(notice.place) for notice in told] == ["n.ipynb (cell 2):3"]
