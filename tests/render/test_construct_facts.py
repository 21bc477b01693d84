"""Each construct on a page has what Quarto's own tests ask of Quarto's page."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from bs4 import Tag
from tests.conftest import SETTINGS
from tests.render.reading import built, main, text

FACTS: list[dict[str, Any]] = yaml.safe_load(
    (Path(__file__).parents[1] / "conformance" / "constructs.yml").read_text("utf8")
)


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Tag]:
    """The page of each construct: one for all, and one each for those with settings of their own."""
    shared = "\n\n".join(fact["text"] for fact in FACTS if "settings" not in fact)
    own = [fact for fact in FACTS if "settings" in fact]
    settings = {"one": {"shown": {"here": True}}, **{f"c{n}": fact["settings"] for n, fact in enumerate(own)}}
    texts = {"one": shared, **{f"c{n}": fact["text"] for n, fact in enumerate(own)}}
    root = tmp_path_factory.mktemp("constructs")
    listed = "\n".join(f"    - {name}.qmd" for name in ("index", *texts))
    (root / "_quarto.yml").write_text(SETTINGS.format(chapters=listed, appendices=""))
    (root / "references.bib").write_text("")
    (root / "index.qmd").write_text("# Preface {.unnumbered}\n")
    for name, words in texts.items():
        (root / f"{name}.qmd").write_text(
            f"---\n{yaml.safe_dump(settings[name])}---\n\n# Chapter\n\n{words}\n"
        )
    site = built(root)
    named = {fact["construct"]: f"c{n}" for n, fact in enumerate(own)}
    shown = {name: main(site, name) for name in texts}
    return {fact["construct"]: shown[named.get(fact["construct"], "one")] for fact in FACTS}


@pytest.mark.parametrize("fact", FACTS, ids=lambda fact: fact["construct"])
def test_a_construct_is_as_quarto_has_it(pages: dict[str, Tag], fact: dict[str, Any]) -> None:
    page = pages[fact["construct"]]
    assert [selector for selector in fact.get("has", ()) if not page.select(selector)] == []
    assert [selector for selector in fact.get("lacks", ()) if page.select(selector)] == []
    assert [words for words in fact.get("says", ()) if words not in text(page)] == []
