"""A saved sentence: its blocks alone are converted, and come to the page that a clean build has."""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from starlette.testclient import TestClient
from tests.render.test_preview import Preview
from tests.waiting import until, within

from paper.build import build
from paper.numbering import book as books
from paper.preview import blocks
from paper.preview.server import Server
from paper.preview.session import Session

ONE = """\
# One {#sec-one}

Plain words that are long enough to have an address of their own, so that one may link to them.

Words on @lee2020, who says it [@lee2020, p. 3], and on @sec-two, with a note.[^n]
A *second* line of "the same" paragraph, with $x^2$ in it and [a link](two.qmd).

[^n]: The note's own words.

- a first point of a list that is tight
- a second one, with a [link](https://example.org)

> A passage that is quoted, and long enough to stand by itself in a block of its own.

::: {.callout-note}
Words in a callout, which are somewhat longer than the shortest paragraph that has an address.
:::

{{< meta who >}} wrote these words, of which there is this sentence, and not another beside it.

## Second section {#sec-second}

Short words.

| a | b |
|---|---|
| 1 | 2 |

Last words of the chapter, which also are long enough to have an address of their own.
"""
TWO = "# Two {#sec-two}\n\nOther words, see @sec-one and @sec-second, which @lee2020 does not.\n"
BIB = "@book{lee2020,\n author = {Lee, Ann}, title = {Waiting}, year = {2020}, publisher = {Nobody}\n}\n"


@pytest.fixture
def session(book: Callable[..., Path]) -> Iterator[Session]:
    front = f"---\nwho: Nobody\n---\n\n{ONE}"
    running = Session(book(one=front, two=TWO, files={"references.bib": BIB}).resolve(), None)
    assert not running.rebuild().problems
    yield running
    running.close()


def save(session: Session, text: str, name: str = "one.qmd") -> set[str]:
    """Save a chapter; return the pages that are told of at once."""
    path = session.root / name
    path.write_text(text)
    came = session.rebuild(complete=False, saved={path})
    assert not came.problems
    return {name for name in came.changed if name.endswith(".html")}


def page(session: Session, name: str = "one.html") -> str:
    assert session.folder is not None
    return (session.folder / name).read_text("utf8")


def body(text: str) -> str:
    """What is seen of a page: its description for search engines follows with the whole round."""
    return text.partition("<body")[2]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Plain words that are", "Plain and “simple” words---as ever---that are"),
        ("one may link to them.", "one may link to them.\n\nA new paragraph, also long enough to have an address."),
        ("A *second* line", "A *third* and **bold** line"),
        ("who says it [@lee2020, p. 3]", "who never says it [@lee2020, p. 3]"),
        ("a second one, with", "a second one, now with"),
        ("A passage that is quoted", "A sentence that is quoted"),
        ("Words in a callout,", "More words in a callout,"),
        ("wrote these words", "wrote these few words"),
        (ONE.split("\n\n")[1] + "\n\n", ""),
        ("Last words", "The very last words"),
    ],
)  # fmt: skip
def test_blocks_of_prose_are_converted_by_themselves(
    session: Session, monkeypatch: pytest.MonkeyPatch, old: str, new: str
) -> None:
    monkeypatch.setattr(books, "read", lambda *_: pytest.fail("a chapter is read"))
    text = (session.root / "one.qmd").read_text()
    assert text.count(old) == 1
    assert save(session, text.replace(old, new)) == {"one.html"}
    at_once = page(session)
    monkeypatch.undo()
    assert not session.rebuild().problems
    assert body(page(session)) == body(at_once)


@pytest.mark.parametrize(
    ("old", "new", "shows"),
    [
        ("## Second section", "## New section {#sec-new}\n\nIts words.\n\n## Second section", "1.2"),
        ("Short words.", "Short words, and @lee2020.", "cite-lee2020-3"),
        ("Short words.", "Short words.^[A note of its own.]", "A note of its own"),
        ("[^n]: The note's own words.", "[^n]: The note's new words.", "new words"),
        ("| 1 | 2 |", "| 1 | 3 |", "<td>3</td>"),
        ("Short words.", "Plain words that are long enough to have an address of their own, so that one may link to "
         "them.", "-2\""),
        ("who: Nobody", "who: Somebody", "Somebody"),
        ("Short words.", "Short <b>words</b>.", "<b>words</b>"),
    ],
)  # fmt: skip
def test_what_depends_on_the_chapter_is_built_with_it_and_no_other_is_read(
    session: Session, monkeypatch: pytest.MonkeyPatch, old: str, new: str, shows: str
) -> None:
    reads = []
    read = books.read
    monkeypatch.setattr(books, "read", lambda project, path: reads.append(str(path)) or read(project, path))
    text = (session.root / "one.qmd").read_text()
    assert text.count(old) == 1
    assert save(session, text.replace(old, new)) == {"one.html"}
    assert reads == ["one.qmd"]
    at_once = page(session)
    assert shows in at_once
    monkeypatch.undo()
    whole = session.rebuild()
    assert page(session) == at_once
    if "New section" in new:  # numbers of other chapters follow
        assert "two.html" in whole.changed and "Section\u00a01.2" in page(session, "two.html")


def test_the_blocks_of_an_edit_stand_between_empty_lines() -> None:
    lines = ["a", "b", "", "c", "", "d", ""]
    assert blocks.edit(lines, lines) is None
    assert blocks.edit(lines, ["a", "B", *lines[2:]]) == blocks.Edit("a\nb", "a\nB")
    assert blocks.edit(lines, [*lines[:4], "", "new", *lines[4:]]) == blocks.Edit("d", "new\n\nd")
    assert blocks.edit(lines, [*lines[:2], *lines[4:]]) == blocks.Edit("c\n\nd", "d")
    assert blocks.edit(lines, [*lines, "e", ""]) == blocks.Edit("d\n", "d\n\ne\n")
    assert blocks.edit(["# h", "", "a", "", "b"], ["# h", "", "b"]) == blocks.Edit("a\n\nb", "b")
    assert blocks.edit(["::: x", "a", ":::"], ["::: x", "b", ":::"]) == blocks.Edit("a", "b")
    assert blocks.edit([], ["new"]) == blocks.Edit("", "new")


@pytest.mark.slow
def test_after_many_edits_the_pages_are_those_of_a_clean_build(session: Session, tmp_path: Path) -> None:
    pick = random.Random(17)
    words = [
        "again",
        "*now*",
        "@lee2020",
        "@sec-second",
        '"so"',
        "$y$",
        "",
        "\n\n",
        "\n\n## More\n\n",
        "[a](two.qmd)",
        "`x`",
        "^[Note.]",
    ]
    for number in range(24):
        name = pick.choice(["one.qmd", "one.qmd", "two.qmd"])
        lines = (session.root / name).read_text().split("\n")
        at = pick.choice(
            [n for n, line in enumerate(lines) if n > 5 and " words" in line] or [len(lines) - 1]
        )
        lines[at] = (
            lines[at].replace(" words", f" {pick.choice(words)} words {number}", 1)
            if lines[at]
            else "More words."
        )
        save(session, "\n".join(lines), name)
        if pick.random() < 0.4:
            assert not session.rebuild().problems
            clean = tmp_path / f"clean-{number}"
            shutil.copytree(session.root, clean, ignore=shutil.ignore_patterns(".paper", "_site*"))
            other = Session(clean, None)
            assert not other.rebuild().problems
            assert pages(session.folder) == pages(other.folder), f"edit {number} of {name}: {lines[at]}"
            other.close()
    assert not session.rebuild().problems
    build(session.root, targets=("html", "pdf", "docx"))
    assert pages(session.folder) == pages(session.root / "_site")


def pages(folder: Path | None) -> dict[str, str]:
    assert folder is not None
    return {path.name: path.read_text("utf8") for path in folder.glob("*.html")}


def test_a_fault_elsewhere_stays_until_it_is_mended(session: Session) -> None:
    settings = session.root / "_quarto.yml"
    good = settings.read_text()
    settings.write_text(good + "\n bad: [")
    assert session.rebuild(complete=False, saved={settings}).problems
    one = session.root / "one.qmd"
    one.write_text(one.read_text().replace("Short words", "Other short words"))
    assert session.rebuild(complete=False, saved={one}).problems
    settings.write_text(good)
    came = session.rebuild(complete=False, saved={settings})
    assert not came.problems and "one.html" in came.changed
    assert "Other short words" in page(session)


# -- in the browser ---------------------------------------------------------------------------------------------

LIVE = """\
# One

First words.

<details><summary>More</summary>

Inside words.

</details>

::: {.panel-tabset}

## Left

Left words.

## Right

Right words.

:::

::: {.sortable}

| a | b |
|---|---|
| 3 | x |
| 1 | y |
| 2 | z |

:::

"""


@pytest.mark.browser
@pytest.mark.slow
def test_the_page_is_renewed_in_place(book: Callable[..., Path], chrome: Browser) -> None:
    tall = "\n\n".join(
        f"Paragraph {n} of a long page, which says very little about anything." for n in range(60)
    )
    running = Preview(book(one=LIVE + tall + "\n\n## Section\n\nEnd.\n", two="# Two\n"))
    tab: Page = chrome.new_page()
    try:
        tab.goto(running.url + "one.html")
        tab.evaluate("window.before = true")
        tab.locator("details > summary").click()
        tab.get_by_role("tab", name="Right").click()
        tab.locator(".sort-button").first.evaluate("(button) => button.click()")
        tab.evaluate("scrollTo(0, 900)")
        path = running.root / "one.qmd"

        def change(old: str, new: str) -> None:
            text = path.read_text()
            assert old in text
            path.write_text(text.replace(old, new))

        def as_left() -> None:
            assert tab.evaluate("window.before") is True, "the page was loaded anew"
            assert tab.locator("details").evaluate("(e) => e.open")
            expect(tab.get_by_text("Right words")).to_be_visible()
            expect(tab.locator("th[aria-sort=ascending]")).to_have_count(1)
            assert abs(tab.evaluate("scrollY") - 900) < 40

        change("Paragraph 20 of", "Sentence 20, saved, of")
        expect(tab.get_by_text("Sentence 20, saved")).to_be_visible()
        as_left()
        change("Inside words", "Other inside words")
        expect(tab.get_by_text("Other inside words")).to_be_visible()
        as_left()
        change("Right words", "Right **bold** words")
        expect(tab.locator("strong", has_text="bold")).to_be_visible()
        assert tab.evaluate("window.before") is True
        change("## Section", "## New section\n\nIts words.\n\n## Section")
        expect(tab.locator("#TOC").get_by_text("New section")).to_be_attached()
        expect(tab.locator("section#new-section > h2 > a.anchor")).to_have_count(1)
        assert tab.evaluate("window.before") is True
        change("| 2 | z |", "| 2 | z |\n| 4 | w |")
        expect(tab.locator("table tbody tr")).to_have_count(4)
        expect(tab.locator(".table-bar")).to_have_count(1)
        expect(tab.locator(".sort-button")).to_have_count(2)
        assert tab.evaluate("window.before") is True
    finally:
        tab.close()
        running.stop()


def test_a_save_is_told_and_served(session: Session) -> None:
    said: list[str] = []
    with TestClient(Server(session, said.append).app(), base_url="http://127.0.0.1:8000") as client:
        until(lambda: bool(said))  # the first round
        origin = {"origin": "http://127.0.0.1:8000", "host": "127.0.0.1:8000"}
        with client.websocket_connect("/__paper/live", headers=origin) as listening:
            part = session.root / "one.part"
            part.write_text(
                (session.root / "one.qmd").read_text().replace("Short words", "Other short words")
            )
            part.replace(session.root / "one.qmd")
            while "one.html" not in within(listening.receive_json)["changed"]:
                pass
        assert "Other short words" in client.get("/one.html").text
