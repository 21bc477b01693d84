"""Published drafts keep their address, and what changed between two of them can be read."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree as xml

import pytest
from lxml import html as tree
from tests.command import paper
from tests.site.conftest import EARLIER, Site

from paper.release.diff import Block, Change, PageChange, block_changes, compare, word_changes
from paper.site.changes import change_lines

OLD = EARLIER.isoformat()


def main(path: Path) -> tree.HtmlElement:
    return tree.parse(str(path)).find(".//main")


# -- drafts that are kept ---------------------------------------------------------------------------------------


def test_a_kept_draft_says_so_and_leads_to_the_latest_version_of_the_same_page(site: Site) -> None:
    page = tree.parse(str(site.folder / "drafts" / OLD / "chapters" / "conclusion.html"))
    (notice,) = page.xpath("//p[@class='draft-notice']")
    assert notice.text.strip() == "You are reading the version of 31 January 2020."
    assert notice.find("a").get("href") == "../../../chapters/conclusion.html"
    assert page.xpath("//meta[@name='robots']/@content") == ["noindex"]


def test_the_latest_version_says_nothing_of_the_kind(site: Site) -> None:
    for path in (site.folder / "chapters").glob("*.html"):
        assert "draft-notice" not in path.read_text("utf8")


def test_the_list_of_drafts_has_each_with_the_newest_first(site: Site) -> None:
    links = main(site.folder / "drafts" / "index.html").xpath(".//ul[@class='drafts']//a")
    assert [(link.text, link.get("href")) for link in links] == [
        ("Draft of 23 November 2026", "2026-11-23/index.html"),
        ("Changes since the version before", "2026-11-23/changes.html"),
        ("Draft of 31 January 2020", "2020-01-31/index.html"),
    ]


def test_every_page_leads_to_the_one_list_of_drafts_also_from_a_kept_one(site: Site) -> None:
    for name in (
        "index.html",
        "chapters/conclusion.html",
        f"drafts/{OLD}/index.html",
        f"drafts/{OLD}/state.html",
    ):
        page = site.folder / name
        (link,) = tree.parse(str(page)).xpath("//footer//a[text()='All drafts']/@href")
        assert (page.parent / link).resolve() == site.folder / "drafts" / "index.html"


def test_the_feed_has_an_entry_for_each_draft(site: Site) -> None:
    spaces = {"a": "http://www.w3.org/2005/Atom"}
    entries = xml.parse(site.folder / "feed.xml").findall("a:entry", spaces)
    assert [
        (entry.findtext("a:title", None, spaces), entry.find("a:link", spaces).get("href"))
        for entry in entries
    ] == [
        ("Draft of 23 November 2026", "drafts/2026-11-23/index.html"),
        ("Draft of 31 January 2020", "drafts/2020-01-31/index.html"),
    ]


# -- what changed -----------------------------------------------------------------------------------------------


def test_the_page_of_changes_shows_the_words_that_went_and_came(site: Site) -> None:
    page = main(site.folder / "drafts" / site.date / "changes.html")
    assert [heading.text for heading in page.iter("h2")] == ["Front page", "Pages without a change"]
    assert page.findtext(".//h3") == "Abstract"
    assert [gone.text for gone in page.iter("del")] == ["Some"]
    assert [come.text for come in page.iter("ins")] == ["Governments and international"]
    assert page.findtext(".//p[@class='change-count']") == "1 words removed, 3 added"


def test_paper_diff_lists_the_changes_by_chapter(site: Site) -> None:
    done = paper(site.root, "diff", OLD)
    assert done.stderr == ""
    lines = done.stdout.splitlines()
    assert lines[:2] == ["Front page: 1 words removed, 3 added", "  Abstract"]
    assert lines[2] == (
        "    [-Some-] {+Governments and international+} donors have promoted the optimization of public services …"
    )
    assert lines[-1].endswith(" pages without a change")


def test_paper_diff_writes_a_page_that_stands_by_itself(site: Site, tmp_path: Path) -> None:
    done = paper(site.root, "diff", OLD, site.date, "--page", str(tmp_path / "changes"))
    assert done.stdout.splitlines()[-1] == str(tmp_path / "changes" / "index.html")
    page = tree.parse(str(tmp_path / "changes" / "index.html"))
    for address in page.xpath("//link[@rel='stylesheet']/@href | //script/@src"):
        assert (tmp_path / "changes" / address).is_file()
    assert page.findtext(".//main//del") == "Some"
    assert page.xpath("//nav | //dialog[@id='search']") == []


def test_paper_diff_takes_drafts_from_the_published_site(site: Site, tmp_path: Path) -> None:
    done = paper(site.root, "diff", OLD, OLD, "--published", str(site.folder))
    assert "a file is missing" not in done.stderr
    done = paper(site.root, "diff", "2019-12-31")
    assert done.returncode == 3
    assert done.stderr.splitlines() == [
        f"paper: {site.folder}/drafts/2019-12-31: there is no draft 2019-12-31",
        f"  → drafts kept here: {OLD}, {site.date}; --published takes those of the published site",
    ]
    assert paper(site.root, "diff", str(tmp_path)).returncode == 3


@pytest.mark.parametrize(
    ("old", "new", "pieces"),
    [
        ("a b c", "a b c", (("same", "a b c"),)),
        ("a b c", "a x c", (("same", "a "), ("removed", "b "), ("added", "x "), ("same", "c"))),
        ("a b", "a b c", (("same", "a b "), ("added", "c"))),
        ("a b c", "b c", (("removed", "a "), ("same", "b c"))),
    ],
)
def test_a_paragraph_is_compared_word_by_word(
    old: str, new: str, pieces: tuple[tuple[str, str], ...]
) -> None:
    joined = tuple((op, text.strip()) for op, text in word_changes(old, new))
    assert joined == tuple((op, text.strip()) for op, text in pieces)


def test_blocks_that_are_alike_are_one_changed_others_are_gone_and_new() -> None:
    def block(text: str) -> Block:
        return Block(text, "Section")

    old = [
        block("The first paragraph stays."),
        block("The second paragraph is changed a little."),
        block("Gone."),
    ]
    new = [
        block("The first paragraph stays."),
        block("The second paragraph was changed a little."),
        block("Xyz 1!"),
    ]
    assert [change.pieces for change in block_changes(old, new)] == [
        (
            ("same", "The second paragraph "),
            ("removed", "is "),
            ("added", "was "),
            ("same", "changed a little."),
        ),
        (("added", "Xyz 1!"),),
        (("removed", "Gone."),),
    ]


def test_pages_that_came_or_went_are_listed_as_such(tmp_path: Path) -> None:
    for name, pages in (("old", ("a", "b")), ("new", ("b", "c"))):
        (tmp_path / name).mkdir()
        for page in pages:
            (tmp_path / name / f"{page}.html").write_text(
                f"<main><h1>Page {page}</h1><p>Text.</p></main>", "utf8"
            )
    found = compare(tmp_path / "old", tmp_path / "new")
    assert [(page.title, page.state) for page in found] == [
        ("Page b", "same"),
        ("Page c", "added"),
        ("Page a", "removed"),
    ]


def test_long_unchanged_runs_are_cut_where_changes_are_listed() -> None:
    same = " ".join(f"w{n}" for n in range(30))
    change = Change("Part", (("same", same + " "), ("removed", "old "), ("added", "new "), ("same", same)))
    lines = list(
        change_lines(
            [PageChange("a.html", "1 One", "changed", (change,)), PageChange("b.html", "2 Two", "same")]
        )
    )
    assert lines == [
        "1 One: 1 words removed, 1 added",
        "  Part",
        "    … w22 w23 w24 w25 w26 w27 w28 w29 [-old-] {+new+} w0 w1 w2 w3 w4 w5 w6 w7 …",
        "",
        "1 page without a change",
    ]
