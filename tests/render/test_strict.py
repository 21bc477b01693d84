"""What Quarto warns of, a build tells with its line and goes on; asked to be strict, it stops and changes nothing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from pypdf import PdfReader
from typer.testing import CliRunner

from paper import build
from paper.cli.build import app
from paper.errors import SourceError

Book = Callable[..., Path]
CHAPTER = """# One

Price \\@home, someone@home.example, `@home`, $x@home$ and <https://a.example/@home>: none cites.

Cites @home, [see @hod1991, p. 3] and @hood1991; refers to @fig-a.

```{python}
#| label: fig-a
#| fig-cap: Not yet drawn
#| fig-alt: Nothing
#| eval: false
draw()
```
"""


def test_what_leads_nowhere_is_told_once_with_its_line_and_printed_in_bold_in_every_format(
    book: Book,
) -> None:
    root = book(one=CHAPTER)
    report = build.build(root, targets={"html", "pdf"})
    assert [(n.place, n.message, n.severity) for n in report.notices] == [
        ("one.qmd:5", "Citeproc: citation hod1991 not found", "warning"),
        ("one.qmd:5", "Citeproc: citation home not found", "warning"),
        ("one.qmd:5", "Unable to resolve crossref @fig-a", "warning"),
    ]
    assert report.notices[0].remedy == "did you mean @hood1991?"
    main = BeautifulSoup((root / "_site/one.html").read_text("utf8"), "lxml").main
    assert main is not None
    bold = [strong.get_text() for strong in main.select("strong")]
    assert bold == ["home?", "hod1991?", "?@fig-a"]
    printed = " ".join(page.extract_text() for page in PdfReader(root / "_site/A-small-book.pdf").pages)
    assert all(words in printed for words in ("home?", "hod1991?", "?@fig-a"))


def test_strict_stops_at_a_warning_also_when_nothing_has_changed(
    book: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = book(one="# One\n\nText.\n")
    page = build.build(root, targets={"html"}, strict=True).out / "one.html"
    before = page.read_bytes()
    (root / "one.qmd").write_text("# One\n\nSee @sec-away.\n")
    with pytest.raises(SourceError, match=r"one\.qmd:3: Unable to resolve crossref @sec-away"):
        build.build(root, targets={"html"}, strict=True)
    assert page.read_bytes() == before
    monkeypatch.chdir(root)
    for expected in ("Done", "Nothing has changed"):
        done = CliRunner().invoke(app, ["--to", "html"])
        assert done.exit_code == 0
        assert "WARNING one.qmd:3: Unable to resolve crossref @sec-away" in done.output
        assert expected in done.output and ", 1 warning" in done.output
    with pytest.raises(SourceError, match="crossref"):
        build.build(root, targets={"html"}, strict=True)
