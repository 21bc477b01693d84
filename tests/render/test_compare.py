"""Two renderings can be compared by what they say, and a demonstration is refused for publishing."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

from paper import build
from paper.release import record
from paper.release.compare import differences, publishable

ONE = "# One {#sec-one}\n\nSee @fig-a and [@hood1991].\n\n![A caption](a.svg){#fig-a}\n"
SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'


def test_the_same_book_says_the_same(book: Callable[..., Path], tmp_path: Path) -> None:
    root = book({"a.svg": SVG}, one=ONE)
    build.build(root, targets={"html"})
    (root / "_site").rename(tmp_path / "first")
    build.build(root, targets={"html"})
    assert differences(tmp_path / "first", root / "_site") == []


def test_another_number_id_or_link_is_a_difference(book: Callable[..., Path], tmp_path: Path) -> None:
    root = book({"a.svg": SVG}, one=ONE)
    build.build(root, targets={"html"})
    (root / "_site").rename(tmp_path / "first")
    (root / "one.qmd").write_text(ONE.replace("fig-a", "fig-b").replace("# One", "## Between\n\n# One"))
    build.build(root, targets={"html"})
    said = {(d.what, d.only_in) for d in differences(tmp_path / "first", root / "_site")}
    assert {("id", "first"), ("id", "_site"), ("link", "first"), ("link", "_site"), ("text", "_site")} <= said


def test_what_no_reader_notices_is_no_difference(book: Callable[..., Path], tmp_path: Path) -> None:
    two = "# Two {#sec-two}\n\nSee @sec-one, [@hood1991].\n\n::: {.callout-note}\nMind.\n:::\n"
    references = "# References {.unnumbered}\n\n::: {#refs}\n:::\n"
    root = book({"a.svg": SVG}, one=ONE, two=two, references=references)
    build.build(root, targets={"html"})
    site = root / "_site"
    shutil.copytree(site, tmp_path / "other")
    page = tmp_path / "other/two.html"
    text = page.read_text("utf8")
    for ours, quartos in (
        ('href="#ref-hood1991"', 'href="references.html#ref-hood1991"'),  # another list of the same works
        ('href="one.html"', 'href="./one.html#sec-one"'),  # the chapter by the id of its title
        ("Chapter\xa01", "Chapter 1"),
        ('id="refs"', 'id="refs" style="display: none"'),
        ("Mind.", '<span class="screen-reader-only">Note</span>Mind.'),
    ):
        assert ours in text, ours
        text = text.replace(ours, quartos)
    page.write_text(text, "utf8")
    assert differences(site, tmp_path / "other") == []


def test_only_a_whole_build_of_the_plain_book_may_be_published(book: Callable[..., Path]) -> None:
    root = book(one="# One\n\nText.\n")
    (root / "_quarto-demo.yml").write_text("project:\n  output-dir: _site-demo\n")
    site = build.build(root, targets={"html"}).out
    assert publishable(site) == []
    demo = build.build(root, targets={"html"}, profile="demo").out
    assert publishable(demo) == ["it was built with the profile demo", "404.html shows synthetic data"]
    (site / "one.html").write_text("changed")
    assert publishable(site) == ["one.html is missing or not as it was made"]


def test_a_page_s_own_styles_may_name_the_banner_of_synthetic_data(book: Callable[..., Path]) -> None:
    root = book({"own.html": "<style>.synthetic-banner { color: red }</style>\n"}, one="# One\n\nText.\n")
    (root / "_quarto.yml").write_text(
        (root / "_quarto.yml")
        .read_text()
        .replace("output-dir: _site", "output-dir: _site\n  resources: own.html")
    )
    site = build.build(root, targets={"html"}).out
    assert (site / "own.html").is_file()
    assert publishable(site) == []


def test_every_engine_and_target_is_in_the_manifest(book: Callable[..., Path]) -> None:
    root = book(one="# One\n\nText.\n")
    manifest = record.read(build.build(root, targets={"html"}).out)
    assert manifest is not None
    assert manifest.engine == "embedded"
    assert set(manifest.made_from) == {"html"}
