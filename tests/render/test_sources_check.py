"""What is wrong in the text is known without a build, each with file, line and remedy."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from paper import project
from paper.checks.sources_check import check_sources
from paper.checks.spelling_check import check_spelling
from paper.project import load as load_project

ONE = """# One {#sec-one}

See @sec-one, @fig-drawn, @Fig-drawn and @hood1991, not `@sec-code` or `[code](nowhere.md)`.
And @sec-onne, @tbl-gone.

[Two](two.qmd#sec-two), [gone](gone.qmd), [file](files/x.csv), [out](../../x), [the PDF](brief.pdf), [web](https://a.b/).
[wrong part](two.qmd#sec-away) and ![image](away.png)

```{python}
#| label: fig-drawn
#| fig-cap: x
#| fig-alt: x
1
```

```
@sec-example in a block of code
```

<!-- @sec-comment -->

<!-- @sec-long
@sec-comment --> and @sec-one <!-- @sec-open
"""


def found(root: Path) -> list[tuple[str, int | None, str]]:
    return sorted((f.file, f.line, f.rule) for f in check_sources(project.load(root)))


def test_references_and_links_that_lead_nowhere_are_found(book: Callable[..., Path]) -> None:
    root = book({"files/x.csv": "a"}, one=ONE, two="# Two {#sec-two}\n\nText @fig-drawn-1.\n")
    assert found(root) == [
        ("one.qmd", 4, "unknown-reference"),
        ("one.qmd", 4, "unknown-reference"),
        ("one.qmd", 6, "link-to-nowhere"),
        ("one.qmd", 6, "link-to-nowhere"),
        ("one.qmd", 7, "image-missing"),
        ("one.qmd", 7, "link-to-nowhere"),
        ("one.qmd", 23, "mark-open"),
    ]
    remedies = [f.remedy for f in check_sources(project.load(root)) if f.rule == "unknown-reference"]
    assert "did you mean @sec-one?" in remedies


def test_what_a_build_prints_unexpanded_is_told_as_the_build_tells_it(book: Callable[..., Path]) -> None:
    root = book(one="# One\n\n{{< var gone >}} and `{python} 1`.\n")
    assert found(root) == [("one.qmd", 3, "inline-code"), ("one.qmd", 3, "shortcode")]
    assert {f.severity for f in check_sources(project.load(root))} == {"warning"}


def test_a_label_given_twice_names_both_places(book: Callable[..., Path]) -> None:
    root = book(one="# One {#sec-a}\n\nText.\n", two="# Two {#sec-a}\n\nText.\n")
    (fault,) = check_sources(project.load(root))
    assert (fault.file, fault.line) == ("two.qmd", 1)
    assert "first in one.qmd:1" in fault.message


def test_a_chapter_that_cannot_be_read_is_told_with_the_others(book: Callable[..., Path]) -> None:
    root = book(one="# One\n\n{{< include gone.qmd >}}\n", two="# Two\n\n@sec-gone\n")
    assert found(root) == [("one.qmd", 3, "unreadable"), ("two.qmd", 3, "unknown-reference")]


def test_misspelt_words_are_found_and_the_word_list_is_kept(book: Callable[..., Path]) -> None:
    root = book({"assets/spelling.txt": "recieve\n"}, one="# One\n\nThey recieve and seperate it.\n")
    root = root.rename(root.parent / "b")
    (root / "index.qmd").write_text("# Preface\n\nThey recieve and seperate it.\n")
    (fault,) = check_spelling(load_project(root))
    assert (fault.file, fault.line, fault.severity) == ("index.qmd", 3, "warning")
    assert "separate" in fault.remedy


def test_the_papers_own_text_is_sound(repository: Path) -> None:
    faults = check_sources(project.load(repository))
    assert [
        fault for fault in faults if fault.rule != "address"
    ] == []  # where it is published is not known here
    assert check_spelling(load_project(repository)) == []
