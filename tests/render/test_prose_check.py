"""What the readers' edition may not say: other people's words for it, two spellings, what the data contradict."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from paper import project as projects
from paper.checks.prose_check import check_prose

Book = Callable[..., Path]

SETTINGS = "prose:\n  spelling: ize\n  refuse: [this draft, the author]\n"


def told(root: Path) -> list[tuple[int | None, str]]:
    return [(fault.line, fault.rule) for fault in check_prose(projects.load(root))]


@pytest.mark.parametrize(
    ("text", "rules"),
    [
        ("Services were optimised.", ["spelling-form"]),
        ("Services were optimized, advised, exercised and analysed.", []),
        ("A “centralised” state, [words](organise.html), `realise`, @organise2020.", []),
        ("As this draft says.", ["voice"]),
        ("[As this draft says.]{.query} The authority.", []),
        ("## About the author", []),
        ("No interview has been analysed.", ["contradicts-data"]),
        ('[No interview has been analysed.]{.content-visible unless-data="segments"}', []),
        ('::: {.content-visible unless-data="segments"}\nThe interviews are to show it.\n:::', []),
        ("The interviews are to show it.", ["contradicts-data"]),
        ("Interviewees said so.", ["contradicts-data"]),
        ('[Interviewees said so.]{.content-visible when-data="segments"}', []),
        ("Interviewees appear by pseudonym.", []),
        ('```{python}\n#| fig-cap: "An organised figure"\nx = "organised"\n```', ["spelling-form"]),
    ],
)
def test_a_chapter_is_held_to_what_the_book_asks(book: Book, text: str, rules: list[str]) -> None:
    root = book({"data/segments.csv": "case,text\n"}, settings=SETTINGS, one=f"# One\n\n{text}\n")
    assert [rule for _, rule in told(root)] == rules


def test_a_book_that_asks_nothing_is_asked_nothing(book: Book) -> None:
    text = "# One\n\nThis draft organises what no interview has been coded for.\n"
    assert told(book(one=text)) == []


def test_the_paper_holds_itself_to_it(repository: Path) -> None:
    project = projects.load(repository)
    assert project.config["prose"]["spelling"] == "ize"
    assert check_prose(project) == []
    assert check_prose(projects.load(repository, "demo")) == []
