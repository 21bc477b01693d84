"""Each construct on a page has what Quarto's own tests ask of Quarto's page."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from bs4 import BeautifulSoup, Tag
from tests.conftest import SETTINGS
from tests.render.reading import built, main, text

FACTS: list[dict[str, Any]] = yaml.safe_load(
    (Path(__file__).parents[1] / "conformance" / "constructs.yml").read_text("utf8")
)


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Tag:
    root = tmp_path_factory.mktemp("constructs")
    (root / "_quarto.yml").write_text(
        SETTINGS.format(chapters="    - index.qmd\n    - one.qmd", appendices="")
    )
    (root / "references.bib").write_text("")
    (root / "index.qmd").write_text("# Preface {.unnumbered}\n")
    settings = "---\nshown:\n  here: true\n---\n\n# One\n\n"
    (root / "one.qmd").write_text(settings + "\n\n".join(fact["text"] for fact in FACTS))
    return main(built(root), "one")


@pytest.mark.parametrize("fact", FACTS, ids=lambda fact: fact["construct"])
def test_a_construct_is_as_quarto_has_it(page: BeautifulSoup, fact: dict[str, Any]) -> None:
    assert [selector for selector in fact.get("has", ()) if not page.select(selector)] == []
    assert [selector for selector in fact.get("lacks", ()) if page.select(selector)] == []
    assert [words for words in fact.get("says", ()) if words not in text(page)] == []
