"""Shortcodes print what Quarto prints of them, wherever they stand."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from paper import build
from paper.errors import SourceError

Page = Callable[..., Any]

VARIABLES = """
planned: 7
version: 1.10
answer: yes
open: true
rate: 2.0
day: 2024-01-02
styled: "**bold** and it's"
nested:
  key:
    deep: found
names: [first, second]
single: [only]
lines: |
  Line one
  line two

  Line three
listed: "1. no list"
"""


PRINTED = [
    ("{{< var planned >}}", "7"),
    ("{{< var version >}}", "1.1"),
    ("{{< var answer >}}", "yes"),
    ("{{< var open >}}", "true"),
    ("{{< var rate >}}", "2"),
    ("{{< var day >}}", "2024-01-02"),
    ("{{< var styled >}}", "bold and it’s"),
    ("`{{< var styled >}}`", "bold and it’s"),
    ("{{< var nested.key.deep >}}", "found"),
    ("{{< var nested >}}", ""),
    ("{{< var names.2 >}}", "second"),
    ("{{< var single >}}", "only"),
    ("{{< var lines >}}", "Line one line two ¶ Line three"),
    ("{{{< var planned >}}}", "{{< var planned >}}"),
    ("`{{{< var planned >}}}`", "{{< var planned >}}"),
    ("{{</* var planned */>}}", "{{< var planned >}}"),
    ("$x = {{< var planned >}}$", "\\(x = 7\\)"),
    ("{{< kbd Ctrl-C >}}", "Ctrl-CCtrl-C"),
    ("{{< version >}}", "1.10.18"),
    ("{{< meta mine >}}", "of the chapter"),
    ("{{< meta own.key >}}", "deep"),
    ("{{< meta with\\\\.dot >}}", "dotted"),
    ("{{< meta title >}}", "The one"),
    ("{{< meta book.title >}}", "A small book"),
    ('{{< env UNSET "else" >}}', "else"),
    ("{{< env STATED >}}", "in the file"),
]


def test_a_shortcode_prints_its_value(page: Page) -> None:
    front = "---\nmine: of the chapter\nown:\n  key: deep\nwith.dot: dotted\n---\n\n# The one\n\n"
    files = {"_variables.yml": VARIABLES, "_environment": "STATED='in the file'\n"}
    told = page(files, one=front + "\n\n".join(f"Said «{written}» here." for written, _ in PRINTED))
    shown = re.findall("Said «(.*?)» here.", told.text)
    assert list(zip([written for written, _ in PRINTED], shown, strict=True)) == PRINTED
    assert not [n for n in told.notices if n.rule == "shortcode"]


def test_what_looks_like_a_list_stays_a_value(page: Page) -> None:
    told = page({"_variables.yml": VARIABLES}, one="# One\n\n{{< var listed >}}\n")
    assert "1. no list" in told.text
    assert not told.main.select("ol")


UNKNOWN = [
    ("{{< var planed >}}", "?var:planed", "'planed' is not set in _variables.yml"),
    ("{{< meta planed >}}", "?meta:planed", "'planed' is not set in the chapter's front matter"),
    ("{{< var names >}}", "?invalid var type:names", "'names' in _variables.yml is a list"),
    ("{{< star >}}", "{{< star >}}", "the shortcode 'star' is not known"),
    ("{{< env HOME >}}", "?env:HOME", "the variable 'HOME' is not set in _environment"),
]


def test_what_can_not_be_expanded_is_printed_and_told_with_its_place(page: Page) -> None:
    lines = [f"Said {written} here.\n" for written, _, _ in UNKNOWN]
    told = page({"_variables.yml": VARIABLES}, one="# One\n\n" + "\n".join(lines))
    for (_, printed, rule), line, notice in zip(UNKNOWN, range(3, 99, 2), told.notices, strict=False):
        assert f"Said {printed} here." in told.text
        assert (notice.file, notice.line) == ("one.qmd", line)
        assert notice.message.startswith(rule)
    assert len(told.notices) == len(UNKNOWN)


def test_words_and_pictures_stand_for_what_is_still_to_come(page: Page) -> None:
    told = page(one="# One\n\n{{< lipsum 2 >}}\n\n{{< placeholder 40 30 >}} `{{< placeholder 8 >}}`\n")
    assert told.text.count("Lorem ipsum") == 2 and len(told.main.select("p")) == 3
    drawing = base64.b64decode(told.main.select_one("img")["src"].partition(",")[2]).decode()
    assert 'width="40" height="30"' in drawing and "40 x 30" in drawing
    assert told.main.select_one("code").get_text().startswith("data:image/svg+xml;base64,")


def test_a_variable_of_this_machine_is_never_printed(page: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOKEN", "hunter2")
    told = page(
        one="# One\n\n{{< env TOKEN >}} and `{{< env TOKEN >}}` and [a](https://x.org/{{< env TOKEN >}}).\n"
    )
    assert "hunter2" not in str(told.main)


def test_shortcodes_are_expanded_in_titles_links_captions_and_code_but_not_in_cells(page: Page) -> None:
    text = """\
        ---
        title: "About {{< var planned >}}"
        ---

        ## Of {{< var planned >}}

        So says {{< meta title >}}.

        [to](https://example.org/{{< var planned >}})

        ```yaml
        a: {{< var planned >}}
        ```

        ```{.yaml shortcodes=false}
        b: {{< var planned >}}
        ```

        ```{python}
        #| echo: true
        #| label: tbl-x
        #| tbl-cap: "Caption {{< var planned >}}"
        from IPython.display import Markdown
        c = "{{< var planned >}}"
        Markdown("| a |\\n|---|\\n| " + c + " |")
        ```
        """
    told = page({"_variables.yml": VARIABLES}, one=text)
    assert "About 7" in told.text and "Of 7 So says About 7." in told.text
    assert told.main.select_one("a[href='https://example.org/7']")
    assert "a: 7" in told.text
    assert "b: {{< var planned >}}" in told.text
    assert "Caption 7" in told.text
    assert 'c = "{{< var planned >}}"' in told.text
    assert told.main.select("td")[-1].get_text() == "7"  # Markdown that a cell wrote is text like any other


def test_a_video_is_embedded_and_a_page_break_is_not_seen(page: Page) -> None:
    told = page(one='# One\n\nA\n\n{{< video https://youtu.be/abc title="T" >}}\n\n{{< pagebreak >}}\n\nB\n')
    frame = told.main.select_one("iframe")
    assert frame is not None
    assert frame["src"] == "https://www.youtube.com/embed/abc" and frame["title"] == "T"
    assert told.text == "1 One A B"


def test_an_include_may_have_spaces_and_is_read_from_the_chapters_folder(page: Page) -> None:
    files = {
        "parts/_a b.qmd": "Spaced.",
        "parts/_outer.qmd": "Outer.\n\n{{< include _inner.qmd >}}\n",
        "parts/_inner.qmd": "Beside the including file.\n",
        "_inner.qmd": "Beside the chapter.\n",
    }
    told = page(
        files, one='# One\n\n{{< include "parts/_a b.qmd" >}}\nAfter.\n\n{{< include parts/_outer.qmd >}}\n'
    )
    assert [p.get_text() for p in told.main.select("p")] == [
        "Spaced.",
        "After.",
        "Outer.",
        "Beside the chapter.",
    ]


def test_an_include_within_a_line_is_refused(book: Callable[..., Path]) -> None:
    root = book({"_a.qmd": "a"}, one="# One\n\nText {{< include _a.qmd >}}.\n")
    with pytest.raises(SourceError, match=r"one\.qmd:3: an include stands on a line of its own"):
        build.build(root, targets=["html"])
