"""The practitioners' brief: two pages, each sentence of which stands on the paper."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.render import pdf_parts
from typer.testing import CliRunner

from paper import prepare
from paper import project as projects
from paper.cli import brief as command
from paper.documents.brief import reach
from paper.documents.brief.check import check_brief
from paper.documents.brief.pdf import brief_pdf
from paper.documents.brief.sentences import sentences
from paper.errors import ChapterError, ProjectError
from paper.text.briefs import SOURCE
from paper.text.reading import read

Book = Callable[..., Path]

CHAPTER = """
# Design {#sec-design}

Most services are “designed” at the
centre, almost 75% in 2013, as @hood1991 said.^[A note beneath.]

## Inner part {#sec-inner}

Words *within*.

```{python}
#| label: fig-cell
1
```
"""


# -- what the reader gets -------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The paper's own brief, made in a copy of the project."""
    repository = Path(__file__).parents[2]
    root = tmp_path_factory.mktemp("brief") / "paper"
    for name in (
        "assets",
        "brief",
        "chapters",
        "data",
        "scripts/analysis",
        "scripts/figures",
        "scripts/tables",
    ):
        shutil.copytree(repository / name, root / name, ignore=shutil.ignore_patterns("private", "_freeze"))
    for path in (*repository.glob("*.yml"), *repository.glob("*.qmd"), repository / "references.bib"):
        shutil.copy2(path, root)
    prepare.vendor(root)
    assert brief_pdf(projects.load(root), root / "brief.pdf", root / ".paper") == []  # nothing is left out
    return root / "brief.pdf"


def test_the_brief_has_two_pages_with_the_status_on_both(real: Path, repository: Path) -> None:
    pages = pdf_parts.page_words(real)
    status = projects.load(repository).variables["status"]
    assert len(pages) == 2
    assert all(status in page for page in pages)


def test_the_brief_goes_from_the_message_to_what_is_not_known(real: Path) -> None:
    first, second = pdf_parts.page_words(real)
    parts = [
        "ask what changed for the people served",
        "Key messages",
        "The problem",
        "What the evidence says",
    ]
    assert sorted(map(first.index, parts)) == list(map(first.index, parts))
    parts = ["Options", "What stands in the way", "Equity", "What is not known", "Interests"]
    assert sorted(map(second.index, parts)) == list(map(second.index, parts))


def test_nothing_said_to_the_author_is_printed(real: Path) -> None:
    assert "was the work funded" not in pdf_parts.words(real)


def test_nothing_of_what_a_sentence_rests_on_is_printed(real: Path) -> None:
    said = pdf_parts.words(real)
    assert "sec-" not in said
    assert "says=" not in said
    assert "dimaggio1983" not in said


def test_its_figure_and_its_code_have_words_and_it_is_tagged(real: Path) -> None:
    alternatives = {str(tag["/Alt"]) for tag in pdf_parts.tags(real) if "/Alt" in tag}
    assert {text.split()[0] for text in alternatives} == {"Six", "QR"}
    assert {"H1", "H2", "L", "Figure"} <= set(pdf_parts.tag_names(real))


def test_it_leads_to_the_paper(real: Path, repository: Path) -> None:
    assert reach.address(projects.load(repository)).url in pdf_parts.links(real)


def test_the_same_sources_give_the_same_bytes(real: Path) -> None:
    root = real.parent
    brief_pdf(projects.load(root), root / "again.pdf", root / ".paper")
    assert (root / "again.pdf").read_bytes() == real.read_bytes()


@pytest.mark.parametrize(("pages", "remedy"), [(1, "second page"), (3, "shorten")])
def test_a_brief_of_another_length_is_refused(book: Book, pages: int, remedy: str) -> None:
    text = "---\ntitle: Brief\n---\n\n# One\n\n" + "\n\n{{< pagebreak >}}\n\n".join(["Words."] * pages)
    root = book({str(SOURCE): text})
    with pytest.raises(ChapterError, match=f"the brief has {pages} page") as told:
        brief_pdf(projects.load(root), root / "brief.pdf", root / ".paper")
    assert remedy in told.value.remedy
    assert str(told.value.place) == str(SOURCE)


# -- what its sentences stand on ------------------------------------------------------------------------------


def test_every_sentence_of_the_papers_brief_stands_on_the_paper(repository: Path) -> None:
    project = projects.load(repository)
    bound, loose = sentences(read(project, SOURCE))
    assert not [fault for fault in check_brief(project) if fault.severity != "note"]
    assert loose == []
    assert len(bound) > 30
    assert {sentence.grade for sentence in bound} >= {"published", "observed", "argued", "not known"}


def told(book: Book, text: str, **settings: str) -> list[tuple[str, int | None, str]]:
    """Rule, line and message of each fault of a brief that begins at line 5."""
    root = book({str(SOURCE): f"---\ntitle: Brief\n---\n\n{text}\n", **settings}, first=CHAPTER)
    faults = check_brief(projects.load(root))
    return [(fault.rule, fault.line, fault.message) for fault in faults if fault.rule != "brief-part"]


@pytest.mark.parametrize(
    "text",
    [
        "[Centre.]{from='sec-design' says='\"designed\" at the centre, almost'}",
        '[Two places.]{from="sec-design hood1991" says="Words within"} [published]{.smallcaps}',
        '[Almost 75% in 2013.]{from="sec-design" says="Words within"}',
        '[A work alone.]{from="hood1991"} [published]{.smallcaps}',
        '[Two passages.]{from="sec-design sec-inner" says="Most services | Words within"}',
        '[A part of it.]{from="sec-design" says="Words within"}',
        '[A note.]{from="sec-design" says="A note beneath"}',
        '[A figure.]{from="fig-cell"}',
        '[Of itself.]{from="brief"}',
        '# A heading\n\n- [An item.]{from="brief"} [argued]{.smallcaps}\n',
        '**[Bold.]{from="brief"}**',
    ],
)
def test_a_sentence_may_rest_on(book: Book, text: str) -> None:
    faults = [fault for fault in told(book, text) if "“designed”" not in text]
    assert faults == [] or ("“" in faults[0][2] and text.startswith('[Centre.]{from="sec-design"'))


@pytest.mark.parametrize(
    ("text", "rule", "said"),
    [
        ("Loose words.", "sentence-unbound", "“Loose words.”"),
        ('[Bound.]{from="brief"} And loose.', "sentence-unbound", "“And loose.”"),
        ('[Empty.]{from=""}', "sentence-unbound", "names nothing"),
        ('- [Item.]{from="brief"} [not known]{.smallcaps}\n- Loose item', "sentence-unbound", "“Loose item”"),
        ('[Gone.]{from="sec-desing" says="x"}', "sentence-source", "sec-desing"),
        ('[Gone.]{from="nobody1999"}', "sentence-source", "nobody1999"),
        ('[Gone.]{from="claim-none"}', "sentence-source", "claim-none"),
        ('[Gone.]{from="no_table/P01"}', "sentence-source", "no_table/P01"),
        ('[Rewritten.]{from="sec-inner" says="Words without"}', "sentence-passage", "“Words without”"),
        ('[Elsewhere.]{from="sec-inner" says="Most services"}', "sentence-passage", "sec-inner"),
        ('[No words.]{from="sec-design"}', "sentence-passage", "doesn't say"),
        ('[Graded.]{from="brief"} [certain]{.smallcaps}', "sentence-grade", "“certain”"),
        (
            '[Not there.]{from="sec-inner hood1991" says="Words within"}',
            "sentence-source",
            "not cited in sec-inner",
        ),
        ('[Almost 85%.]{from="sec-design" says="Words within"}', "sentence-number", "says 85%"),
        ('[From 2012–2013.]{from="sec-design" says="Words within"}', "sentence-number", "says 2012-2013"),
        ('- [A point.]{from="sec-design" says="Words within"}', "sentence-grade", "without its grade"),
        ('[Graded.]{from="fig-cell"} [published]{.smallcaps}', "sentence-grade", "names no work"),
    ],
)
def test_a_sentence_that_stands_on_nothing_is_told_with_its_line(
    book: Book, text: str, rule: str, said: str
) -> None:
    faults = told(book, text)
    assert (rule, 6 if "\n" in text else 5) in [(fault[0], fault[1]) for fault in faults]
    assert said in " ".join(fault[2] for fault in faults)


def test_the_caption_of_a_cell_is_a_sentence(book: Book) -> None:
    cell = '```{python}\n#| fig-cap: "Loose caption"\n1\n```'
    assert [(fault[0], fault[1]) for fault in told(book, cell)] == [("sentence-unbound", 6)]


def test_a_slip_of_the_pen_is_told_what_it_may_mean(book: Book) -> None:
    root = book({str(SOURCE): '[Gone.]{from="sec-desing" says="x"}\n'}, first=CHAPTER)
    remedies = [fault.remedy for fault in check_brief(projects.load(root)) if fault.rule == "sentence-source"]
    assert remedies == ["did you mean sec-design?"]


def test_a_book_without_a_brief_has_no_faults_of_it(book: Book) -> None:
    assert check_brief(projects.load(book(first=CHAPTER))) == []


def test_the_command_fails_when_a_sentence_does(book: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    root = book({str(SOURCE): "Loose.\n"}, first=CHAPTER)
    monkeypatch.chdir(root)
    failed = CliRunner().invoke(command.app, ["check"])
    assert failed.exit_code == 1
    assert "this stands on nothing" in failed.stdout
    (root / SOURCE).write_text(WHOLE, "utf8")
    assert CliRunner().invoke(command.app, ["check"]).exit_code == 0


# -- what an evidence brief has to say ------------------------------------------------------------------------

WHOLE = """---
title: Brief
date: 2026-01-02
---

::: {#message}
> [Do this.]{from="brief"}
:::

# Key messages {#key-messages}

1. [One.]{from="brief"} [argued]{.smallcaps}
2. [Two.]{from="brief"} [argued]{.smallcaps}
3. [Three.]{from="brief"} [argued]{.smallcaps}

# Problem {#problem}

[Large.]{from="brief"}

# Evidence {#evidence}

[Thin.]{from="brief"} [observed]{.smallcaps}

# What can be done {#options}

::: {.option}
## First way

[More.]{.benefits from="brief"} [Money.]{.costs from="brief"} [Not known.]{.uncertainty from="brief"}
:::

## Second way {.option}

| Benefits | Costs | Doubt |
|---|---|---|
| [More.]{.benefits from="brief"} | [Not known.]{.costs from="brief"} | [Great.]{.uncertainty from="brief"} |

# In the way {#barriers}

- [Time.]{.citizen from="brief"} [argued]{.smallcaps}
- [Fear.]{.official from="brief"} [argued]{.smallcaps}
- [Rules.]{.organization from="brief"} [argued]{.smallcaps}
- [Not known.]{.system from="brief"} [not known]{.smallcaps}

# Equity {#equity}

[Not known.]{from="brief"}

# Open {#not-known}

[Much.]{from="brief"}

# Foot

[Read.]{.prepared from="brief"} [Papers.]{.sources from="brief"} [None.]{.interests from="brief"}
[A year.]{.valid-until from="brief"}
"""


def lacking(book: Book, old: str, new: str) -> list[tuple[int | None, str, str]]:
    """Line, message and remedy of what the brief lacks once ``old`` stands there as ``new``."""
    assert old in WHOLE
    root = book({str(SOURCE): WHOLE.replace(old, new, 1)}, first=CHAPTER)
    faults = check_brief(projects.load(root))
    return [(fault.line, fault.message, fault.remedy) for fault in faults if fault.rule == "brief-part"]


def test_a_brief_with_all_its_parts_lacks_nothing(book: Book) -> None:
    assert lacking(book, "Brief", "Brief") == []


@pytest.mark.parametrize(
    ("old", "new", "line", "said"),
    [
        ('{#message}', '{#massage}', 1, "the message in one sentence"),
        ("Do this.", "Do this. Then that.", 7, "more than one sentence"),
        ('3. [Three.]{from="brief"} [argued]{.smallcaps}', "", 10, "2 key messages"),
        ("{#problem}", "{#trouble}", 1, "the problem"),
        ("[observed]{.smallcaps}", "", 22, "without its grade"),
        ('[Money.]{.costs from="brief"}', "", 27, "“First way” doesn't say what it costs or harms"),
        ('[Great.]{.uncertainty from="brief"}', "", 32, "“Second way” doesn't say how uncertain"),
        ("## Second way {.option}", "## Second way", 24, "1 of at least two options"),
        ('- [Rules.]{.organization', '- [Rules.]{', 38, "barriers in organizations"),
        ('[Not known.]{from="brief"}\n\n# Open', "\n# Open", 1, "who would gain or lose"),
        ("[None.]{.interests", "[None.]{", 1, "interests of those who wrote it"),
        ("[A year.]{.valid-until", "[A year.]{", 1, "until when it holds"),
        ("date: 2026-01-02", "x: y", 1, "no date"),
    ],
)  # fmt: skip
def test_a_part_that_is_lacking_is_told_with_its_place(
    book: Book, old: str, new: str, line: int, said: str
) -> None:
    told_of = lacking(book, old, new)
    assert [place for place, _, _ in told_of] == [line]
    assert said in told_of[0][1]
    assert told_of[0][2]


def test_what_nothing_is_known_of_may_be_said_so(book: Book) -> None:
    [(_, _, remedy)] = lacking(book, "{#equity}", "{#fair}")
    assert "[Not known.]{.equity from=…}" in remedy
    assert lacking(book, "Equity {#equity}\n\n[Not known.]{", "Equity\n\n[Not known.]{.equity ") == []


# -- how to reach the paper -----------------------------------------------------------------------------------


def reached(root: Path, settings: str) -> reach.Address:
    text = (root / "_quarto.yml").read_text("utf8")
    (root / "_quarto.yml").write_text(text.replace("  author: Test Author\n", settings), "utf8")
    return reach.address(projects.load(root))


def test_the_paper_is_reached_at_its_site_and_before_that_through_the_author(book: Book) -> None:
    mail = "  author:\n    - name: A\n      email: someone@example.org\n"
    assert reached(book(), mail).url == "mailto:someone@example.org"
    site = reached(book(), mail + "  site-url: https://example.org/paper/\n")
    assert (site.url, site.shown) == ("https://example.org/paper/", "example.org/paper")
    with pytest.raises(ProjectError, match="how to reach the paper"):
        reached(book(), "  author: Test Author\n")


def test_the_code_is_a_drawing_of_the_address_and_always_the_same(
    book: Book, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    import segno

    root = book()
    reached(root, "  author: A\n  site-url: https://example.org\n")
    monkeypatch.chdir(root)
    code = reach.code()
    assert code.svg == reach.code().svg
    assert code.address == "https://example.org/"
    dark = sum(sum(row) for row in segno.make(code.address, error="m", micro=False).matrix)
    runs = re.findall(r"h(\d+)", code.svg.split('class="qrline"')[1])
    assert sum(map(int, runs)) == dark
    reach.sentence()
    assert "[example.org](https://example.org/)" in capsys.readouterr().out
