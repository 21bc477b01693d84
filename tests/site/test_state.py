"""The page "State of this paper" counts what is there; in the working edition it leaves out nothing that is open."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

import pytest
from lxml import html as tree
from tests.site.conftest import Site

from paper import project as projects
from paper.project import Project
from paper.site import state
from paper.site.site import state_page


@pytest.fixture
def book(repository: Path) -> Project:
    return projects.load(repository, "")


@pytest.fixture
def page(site: Site) -> tree.HtmlElement:
    return tree.parse(str(site.folder / "state.html")).find(".//main")


@pytest.fixture
def working(repository: Path) -> tree.HtmlElement:
    """The page of the working edition."""
    return tree.fromstring(f"<main>{state_page(projects.load(repository, 'working'), []).body}</main>")


def text(element: tree.HtmlElement) -> str:
    return " ".join(element.text_content().split())


@pytest.mark.parametrize(
    ("body", "count"),
    [
        ("", 0),
        ("<p>Three short words.</p>", 3),
        ("<h2>A heading</h2><p>and text</p>", 4),
        ("<p>One-stop shops, the author’s</p>", 4),
        ("<p>before</p><table><tr><td>not these</td></tr></table><p>after</p>", 2),
        ('<p>text</p><div id="refs" class="references csl"><div>Not, A. (2020).</div></div><p>more</p>', 2),
        ("<figure><svg><text>not this</text></svg><figcaption>A caption</figcaption></figure>", 2),
        ("<details><summary>Data</summary><p>not this</p></details>", 0),
        ('<p>A claim</p><div class="claim-note" popover><p>not again</p></div>', 2),
    ],
)
def test_words_are_those_of_the_running_text(body: str, count: int) -> None:
    assert state.word_count(body) == count


def test_every_chapter_stands_there_with_its_words(page: tree.HtmlElement, book: Project, site: Site) -> None:
    rows = [(row[0].find("a"), row[1].text) for row in page.findall(".//table/tbody/tr")]
    listed = {link.get("href"): int(words.replace(",", "")) for link, words in rows}
    assert list(listed) == [chapter.page for chapter in book.chapters]
    assert all(count > 20 for count in listed.values())
    assert int(page.findtext(".//tfoot//td").replace(",", "")) == sum(listed.values())
    body = tree.parse(str(site.folder / "chapters/conclusion.html")).find(".//main")
    assert abs(listed["chapters/conclusion.html"] - len(text(body).split())) < 40


def test_readers_are_not_shown_what_is_said_to_the_author(page: tree.HtmlElement) -> None:
    assert page.xpath(".//section[@id='state-chapters']")
    assert not page.xpath(".//section[@id='state-questions' or @id='state-checks']")


def test_every_open_question_stands_there(working: tree.HtmlElement, repository: Path) -> None:
    with (repository / "data" / "corrections.csv").open(encoding="utf8", newline="") as stream:
        rows = [row for row in csv.DictReader(stream) if row["status"] == "open"]
    shown = working.xpath(".//section[@id='state-questions']//li")
    assert len(shown) == len(rows) > 0
    for item, row in zip(shown, rows, strict=True):
        assert item.findtext("span") == row["where_"]
        assert item.text.strip().replace("“", '"').replace("”", '"').replace("’", "'") == row["what"]


def test_interviews_coded_are_counted_of_those_planned(page: tree.HtmlElement) -> None:
    said = text(page.xpath(".//section[@id='state-interviews']")[0])
    assert (
        said
        == "Interviews Interviews coded: 0 of 5–7 planned. No finding in this paper rests on an interview."
    )


def test_interviews_are_counted_once_however_much_of_them_is_coded(book: Project, tmp_path: Path) -> None:
    (tmp_path / "data" / "synthetic").mkdir(parents=True)
    columns = "segment,case,block,question,locator,code,coder,released,excerpt\n"
    (tmp_path / "data" / "segments.csv").write_text(columns + "s1,I1,A,A1,1,x,c,false,\n", "utf8")
    (tmp_path / "data" / "synthetic" / "segments.csv").write_text(
        columns + "".join(f"s{n},Synthetic {n % 3},A,A1,1,x,c,false,\n" for n in range(9)), "utf8"
    )
    real = replace(book, root=tmp_path)
    assert state.interviews(real) == state.Interviews(1, "5–7", synthetic=False)
    assert state.interviews(replace(real, profile="demo")) == state.Interviews(3, "5–7", synthetic=True)


def test_what_the_audit_finds_is_listed_the_graver_first(working: tree.HtmlElement, repository: Path) -> None:
    found = state.open_checks(projects.load(repository, "working"))
    grave = ["error", "warning", "note"]
    assert [grave.index(check.severity) for check in found] == sorted(
        grave.index(check.severity) for check in found
    )
    shown = working.xpath(".//section[@id='state-checks']/details")
    assert [text(one.find("summary")) for one in shown] == [f"{check.finds} {check.count}" for check in found]
    assert [[text(item) for item in one.iter("li")] for one in shown] == [
        [" ".join(said.split()) for said in check.findings] for check in found
    ]


def test_a_book_without_data_and_sources_has_nothing_open(book: Project, tmp_path: Path) -> None:
    bare = replace(book, root=tmp_path, config={})
    assert (state.open_questions(bare), state.open_checks(bare)) == ([], [])
    assert state.interviews(bare).coded == 0
