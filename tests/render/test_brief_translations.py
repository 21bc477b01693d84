"""The brief in other languages: bound sentence by sentence, told when behind, and never there before it is written."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.render import pdf_parts
from typer.testing import CliRunner

from paper import project as projects
from paper.cli import brief as command
from paper.documents.brief import translations
from paper.documents.brief.check import check_brief
from paper.documents.brief.pdf import translated_pdfs
from paper.errors import ProjectError
from paper.images import resources
from paper.parsing import query_list
from paper.release.output import carry_over
from paper.report import Fault
from paper.site import files
from paper.text import briefs
from paper.text.briefs import SOURCE

Book = Callable[..., Path]
BRIEF = """---
title: Brief
date: 2026-01-02
---

# Message {#message}

[Do *this* [at once]{.content-visible}.]{.strong from="brief"}\\ [argued]{.smallcaps}
[Then that.]{from="brief" says="{x}"}

| A | B |
|---|---|
| [Cell.]{from='brief'} | |

```{python}
#| fig-cap: "[Caption.]{from='brief'}"
print("[no sentence]")
```
"""
KZ = Path("brief/brief.kk.qmd")


@pytest.fixture
def root(book: Book) -> Path:
    return book({str(SOURCE): BRIEF, str(KZ): "<!-- Nothing yet: [x]{of='y'} -->\n"})


def fill(root: Path, words: str = "Сөз") -> str:
    """Begin the Kazakh brief and put words and a number into each pair of brackets; returns the text."""
    translations.begin(projects.load(root), "kk")
    count = iter(range(1, 100))
    text = re.sub(r"\[\](?=\{)", lambda _: f"[{words} {next(count)}.]", (root / KZ).read_text("utf8"))
    (root / KZ).write_text(text, "utf8")
    return text


def notes(root: Path) -> list[Fault]:
    return [fault for fault in check_brief(projects.load(root)) if fault.severity == "note"]


def test_the_papers_own_slots_are_empty_and_show_nothing(repository: Path) -> None:
    project = projects.load(repository)
    assert [one.lang for one in briefs.translations(project)] == ["kk", "ru"]
    assert briefs.complete_translations(project) == []
    assert not [path for path, _ in files.downloads(project) if re.fullmatch(r"brief\.\w+\.pdf", path)]


def test_an_empty_slot_is_one_note_and_no_pdf(root: Path, tmp_path: Path) -> None:
    [note] = notes(root)
    assert (note.file, note.message) == (KZ.as_posix(), "not translated yet: 4 sentences")
    assert "paper brief translate kk" in note.remedy
    assert translated_pdfs(projects.load(root), tmp_path, root / ".paper") == []
    assert not list(tmp_path.glob("*.kk.pdf"))


def test_the_frame_has_an_empty_place_for_each_sentence(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(root)
    done = CliRunner().invoke(command.app, ["translate", "kk"])
    assert (done.exit_code, done.stdout.strip()) == (0, KZ.as_posix())
    text = (root / KZ).read_text("utf8")
    assert text.startswith("---\nlang: kk\n")
    assert len(re.findall(r"\[\]\{(?:\.strong )?of=[\"']\w{8}[\"']\}", text)) == 4
    assert "<!-- Then that. -->" in text
    assert 'print("[no sentence]")' in text
    assert "from=" not in text and "says=" not in text
    assert [(n.rule, n.line) for n in notes(root)] == [("untranslated", None)]
    assert briefs.complete_translations(projects.load(root)) == []


def test_nothing_is_written_over_what_somebody_wrote(root: Path) -> None:
    text = fill(root)
    with pytest.raises(ProjectError, match="is begun"):
        translations.begin(projects.load(root), "kk")
    assert (root / KZ).read_text("utf8") == text


@pytest.mark.parametrize("lang", ["../x", "", "Kazakh tongue"])
def test_what_is_no_language_is_refused(root: Path, lang: str) -> None:
    with pytest.raises(ProjectError, match="no code of a language"):
        translations.begin(projects.load(root), lang)


def test_a_sentence_left_empty_is_named_with_its_line_and_holds_the_pdf_back(root: Path) -> None:
    (root / KZ).write_text(fill(root).replace("[Сөз 2.]", "[]"), "utf8")
    [note] = notes(root)
    assert (note.rule, note.line, note.message) == ("untranslated", 10, "not translated: “Then that.”")
    assert briefs.complete_translations(projects.load(root)) == []


def test_a_changed_a_new_and_a_dropped_sentence_are_told_apart(root: Path) -> None:
    fill(root)
    assert notes(root) == []
    changed = BRIEF.replace("Then that", "Then this").replace("| [Cell.]{from='brief'} |", "| |")
    (root / SOURCE).write_text(changed + "\n[New.]{from='brief'}\n", "utf8")
    told = {(note.rule, note.line): note for note in notes(root)}
    assert sorted(told, key=str) == [
        ("translation-stale", 10), ("translation-stale", 14), ("untranslated", None)
    ]  # fmt: skip
    key = next(s.key for s in briefs.english(projects.load(root)) if s.words == "Then this.")
    assert f'of="{key}"' in told["translation-stale", 10].remedy
    assert "take it out" in told["translation-stale", 14].remedy
    assert "“New.”" in told["untranslated", None].message


def test_typography_and_line_ends_leave_a_translation_up_to_date(root: Path) -> None:
    fill(root)
    (root / SOURCE).write_text(
        BRIEF.replace("Then that", "Then\nthat").replace("\n", "\r\n"), "utf8", newline=""
    )
    assert notes(root) == []


def test_a_written_translation_has_its_pdf_in_its_language_with_marks_at_what_is_behind(
    root: Path, tmp_path: Path
) -> None:
    text = fill(root)
    (root / KZ).write_text(text.replace("title: Brief", "title: Қысқаша\nstale: Ескі"), "utf8")
    (root / SOURCE).write_text(BRIEF.replace("Then that", "Then this"), "utf8")
    project = projects.load(root)
    [length] = translated_pdfs(project, tmp_path, root / ".paper")
    said = pdf_parts.words(tmp_path / "brief.kk.pdf")
    assert "Қысқаша" in said and "Сөз 1." in said and "Then" not in said
    assert re.search(r"Сөз 2\.\s*†", said) and not re.search(r"Сөз 1\.\s*†", said)
    assert "† Ескі" in said
    assert (length.severity, length.rule) == ("warning", "brief-length")


def test_the_site_offers_what_is_written(root: Path) -> None:
    fill(root)
    project = projects.load(root)
    offered = dict(files.downloads(project))
    assert offered["brief.kk.pdf"] == f"{offered['brief.pdf']} (қазақ тілі)"
    assert "brief.kk.pdf" in resources._built_files(project)


def test_a_build_without_the_brief_keeps_its_translations(tmp_path: Path) -> None:
    old, new = tmp_path / "old", tmp_path / "new"
    old.mkdir(), new.mkdir()
    for name in ("brief.pdf", "brief.kk.pdf", "index.html"):
        (old / name).write_text(name)
    carry_over(old, new, {"brief"}, {"brief": old / "brief.pdf"})
    assert sorted(path.name for path in new.iterdir()) == ["brief.kk.pdf", "brief.pdf"]


def test_a_translators_query_is_listed(root: Path) -> None:
    (root / KZ).write_text(fill(root) + "\n[Is this the word?]{.query}\n", "utf8")
    assert [q.file for q in query_list.list_queries(projects.load(root)) if "the word" in q.words] == [
        KZ.as_posix()
    ]
