"""The interface's words: one file a language, every word used, none missing; texts that people have translated."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
import yaml
from lxml import html as tree

from paper import project as projects
from paper import words
from paper.errors import ChapterError
from paper.site import points
from paper.site.frame import SCRIPT_WORDS
from paper.site.site import Page, write_site

ENGLISH = yaml.safe_load((words.FOLDER / "en.yml").read_text("utf8"))
OTHERS = [path for path in sorted(words.FOLDER.glob("*.yml")) if path.stem != "en"]
SCRIPTS = Path(__file__).parents[2] / "scripts/paper/assets/js"


def used_by_scripts() -> set[str]:
    text = "".join(path.read_text("utf8") for path in SCRIPTS.glob("*.js"))
    return {*re.findall(r"\bwords\.(\w+)", text), "theme_auto", "theme_light", "theme_dark"}


def used_by_code() -> set[str]:
    """What templates take as ``t.name`` and modules as ``…["name"]``, whatever they call the words there."""
    render = Path(words.__file__).parents[1]
    found = {
        name for path in render.rglob("*.j2") for name in re.findall(r"\bt\.(\w+)", path.read_text("utf8"))
    }
    for path in render.rglob("*.py"):
        text = path.read_text("utf8")
        found |= set(ENGLISH) & set(re.findall(r"""\[["'](\w+)["']\]""", text))
        begun = tuple(re.findall(r'\[f"(\w+_)\{', text))
        found |= {name for name in ENGLISH if begun and name.startswith(begun)}
    return found


def test_every_word_is_used_and_every_word_used_is_there() -> None:
    assert sorted(set(ENGLISH) ^ (used_by_code() | used_by_scripts())) == []


def test_the_pages_carry_the_words_that_the_scripts_say() -> None:
    assert sorted(SCRIPT_WORDS) == sorted(used_by_scripts())


@pytest.mark.parametrize("path", OTHERS, ids=lambda path: path.stem)
def test_a_translation_has_words_that_english_has_with_the_same_names_in_braces(path: Path) -> None:
    for name, text in (yaml.safe_load(path.read_text("utf8")) or {}).items():
        assert set(re.findall(r"\{\w+\}", text)) == set(re.findall(r"\{\w+\}", ENGLISH[name])), name


def test_kazakh_and_russian_have_their_files() -> None:
    assert [path.stem for path in OTHERS] == ["kk", "ru"]


def test_english_stands_in_for_a_word_without_translation(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "en.yml").write_text("search: Search\ncite: Cite\n", "utf8")
    (tmp_path / "kk.yml").write_text("search: Іздеу\n", "utf8")
    monkeypatch.setattr(words, "FOLDER", tmp_path)
    words.words.cache_clear()
    assert words.words("kk-KZ") == {"search": "Іздеу", "cite": "Cite"}
    words.words.cache_clear()


def test_a_text_that_somebody_translated_becomes_a_page_in_its_language(
    repository: Path, tmp_path: Path
) -> None:
    (tmp_path / points.FOLDER).mkdir(parents=True)
    (tmp_path / points.FOLDER / "points.kk.md").write_text("# Атауы\n\n- Бірінші\n", "utf8")
    (tmp_path / points.FOLDER / "points.ru.md").write_text("<!-- nobody has written it yet -->\n", "utf8")
    book = replace(projects.load(repository, ""), root=tmp_path, config={"book": {"title": "A paper"}})
    write_site(book, [Page("index.html", "A paper", "A paper", "index")], tmp_path / "site")
    page = tree.parse(str(tmp_path / "site" / "points.kk.html")).getroot()
    assert page.get("lang") == "kk"
    assert page.findtext(".//h1") == "Атауы"
    assert page.findtext(".//main//li") == "Бірінші"
    assert not (tmp_path / "site" / "points.ru.html").exists()
    links = tree.parse(str(tmp_path / "site" / "index.html")).xpath("//a[@hreflang]")
    assert [(link.get("href"), link.get("lang"), link.text) for link in links] == [
        ("points.kk.html", "kk", "Атауы")
    ]


def test_the_projects_own_translations_are_empty_until_people_write_them(repository: Path) -> None:
    assert {path.name for path in (repository / points.FOLDER).glob("points.*.md")} == {
        "points.kk.md",
        "points.ru.md",
    }
    assert points.read(repository) == []


def test_a_text_without_title_is_told(tmp_path: Path) -> None:
    (tmp_path / points.FOLDER).mkdir(parents=True)
    (tmp_path / points.FOLDER / "points.ru.md").write_text("Просто текст\n", "utf8")
    with pytest.raises(ChapterError, match=r"points\.ru\.md:1: the text has no title"):
        points.read(tmp_path)
