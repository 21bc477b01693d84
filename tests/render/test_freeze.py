"""Results that Quarto froze and the author committed stand in place of the cells, in every format."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from pypdfium2 import PdfDocument

from paper import build
from paper.errors import PaperError

CELL = "```{python}\n#| label: fig-x\n#| fig-cap: Drawn before\nimport no_such_module_here\n```\n"
SOURCE = "# One\n\nSee @fig-x.\n\n" + CELL
# What Quarto keeps of such a chapter.
MARKDOWN = """---
title: One
---

# One

See @fig-x.

::: {#cell-fig-x .cell execution_count=1}
``` {.python .cell-code}
import no_such_module_here
```

::: {.cell-output .cell-output-stdout}
```
frozen words
```
:::

::: {.cell-output .cell-output-display}
![Drawn before](one_files/figure-html/fig-x-output-1.png){#fig-x}
:::
:::
"""
PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="
)


def frozen_book(
    book: Callable[..., Path], setting: str, *, source: str = SOURCE, kept: str | None = None
) -> Path:
    result = {"hash": hashlib.md5(SOURCE.encode()).hexdigest(), "result": {"markdown": MARKDOWN}}
    root = book({"_freeze/one/execute-results/html.json": kept or json.dumps(result)}, one=source)
    picture = root / "_freeze/one/figure-html/fig-x-output-1.png"
    picture.parent.mkdir(parents=True)
    picture.write_bytes(PIXEL)
    settings = (root / "_quarto.yml").read_text("utf8")
    (root / "_quarto.yml").write_text(
        settings.replace("echo: false", f"echo: false\n  freeze: {setting}"), "utf8"
    )
    return root


def test_frozen_results_need_no_package_and_show_in_pages_and_pdf(book: Callable[..., Path]) -> None:
    root = frozen_book(book, "auto")
    assert build.build(root, targets={"html", "pdf"}).ran == {}
    page = BeautifulSoup((root / "_site/one.html").read_text("utf8"), "lxml")
    main = page.select_one("main")
    assert main is not None
    text = re.sub(r"\s+", " ", main.get_text().replace("\xa0", " "))
    assert "See Figure 1.1." in text and "frozen words" in text and "Figure 1.1: Drawn before" in text
    picture = main.select_one("#fig-x img")
    assert picture is not None
    assert (root / "_site" / str(picture["src"])).is_file()
    pdf = PdfDocument(next((root / "_site").glob("*.pdf")))
    printed = " ".join(page.get_textpage().get_text_range() for page in pdf)
    assert "frozen words" in printed and "Drawn before" in printed
    assert build.build(root, targets={"html", "pdf"}).unchanged


def test_true_keeps_them_whatever_the_source_says_and_auto_does_not(book: Callable[..., Path]) -> None:
    changed = SOURCE.replace("import no_such_module_here", "print('run now')")
    root = frozen_book(book, "true", source=changed)
    build.build(root, targets={"html"})
    assert "frozen words" in (root / "_site/one.html").read_text("utf8")
    settings = (root / "_quarto.yml").read_text("utf8")
    (root / "_quarto.yml").write_text(settings.replace("freeze: true", "freeze: auto"), "utf8")
    build.build(root, targets={"html"})
    assert "run now" in (root / "_site/one.html").read_text("utf8")


def test_what_git_ignores_is_no_committed_result(book: Callable[..., Path]) -> None:
    root = frozen_book(book, "auto")
    (root / ".gitignore").write_text("_freeze/\n")
    subprocess.run(["git", "init", "-q", str(root)], check=True)
    with pytest.raises(PaperError, match="no_such_module_here"):
        build.build(root, targets={"html"})


def test_a_damaged_file_is_told(book: Callable[..., Path]) -> None:
    root = frozen_book(book, "true", kept="{}")
    with pytest.raises(
        PaperError, match=r"_freeze/one/execute-results/html\.json: the frozen results can't be read"
    ):
        build.build(root, targets={"html"})


def test_a_file_without_a_hash_is_of_another_source(book: Callable[..., Path]) -> None:
    """``defrostExecuteResult`` of quarto-cli compares the hash before it looks at the result."""
    root = frozen_book(
        book, "auto", source=SOURCE.replace("import no_such_module_here", "print('run now')"), kept="{}"
    )
    build.build(root, targets={"html"})
    assert "run now" in (root / "_site/one.html").read_text("utf8")
