"""The paper's own pages have the forms that Quarto 1.10.18 gave them; what depends on the text is left aside.

``tests/conformance/project.json`` holds, by page, the form of the title, ids of sections with their levels, and for
references and captions the word before the number ("title" where the section's title stands in its place).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from tests.conformance.facts import page_facts
from tests.site.conftest import REPOSITORY, Site

FACTS: dict[str, Any] = json.loads((REPOSITORY / "tests/conformance/project.json").read_text("utf8"))
NUMBER = r"(?:[A-Z]|\d+)(?:\.\d+)*(?: \([a-z]\))?"
TITLES = {"chapter": r"\d+ .+", "appendix": r"Appendix [A-Z] — .+", "plain": r"(?!\d+ |Appendix [A-Z] ).+"}


@pytest.fixture(scope="module")
def today(site: Site) -> dict[str, Any]:
    pages = {name: site.folder / name for name in site.chapters}
    return {name: page_facts(path.read_text("utf8")) for name, path in pages.items()}


def test_titles_show_number_or_letter(today: dict[str, Any]) -> None:
    kept = FACTS.keys() & today.keys()
    assert len(kept) > 10
    for page in kept:
        assert re.fullmatch(TITLES[FACTS[page]["title"]], today[page]["title"]), page


def test_references_say_what_quartos_say(today: dict[str, Any]) -> None:
    titles = {
        section["id"]: re.sub(rf"^{NUMBER} (?=.)", "", section["text"])
        for facts in today.values()
        for section in facts["sections"]
    }
    known = list(_references(today))
    assert len(known) > 40
    for word, text, label in known:
        assert text == titles[label] if word == "title" else re.fullmatch(f"{word} {NUMBER}", text), label


def test_a_reference_leads_to_the_page_that_holds_it(today: dict[str, Any]) -> None:
    ids = {page: _ids(facts) for page, facts in today.items()}
    by_name = {page.rpartition("/")[2]: page for page in today}
    led = [
        (page, reference)
        for page, facts in today.items()
        for reference in facts["xrefs"]
        if reference["text"].startswith(("Section ", "Figure ", "Table "))
    ]
    assert len(led) > 80
    for page, reference in led:
        target = by_name[reference["page"]] if reference["page"] else page
        assert reference["href"][1:] in ids[target], (page, reference)


def test_captions_keep_their_form(today: dict[str, Any]) -> None:
    captions = {label: text for facts in today.values() for label, text in facts["captions"].items()}
    words = {label: word for facts in FACTS.values() for label, word in facts["captions"].items()}
    kept = words.keys() & captions.keys()
    assert len(kept) > 10
    for label in kept:
        assert re.match(f"{words[label]} {NUMBER}: .", captions[label])


def test_sections_keep_their_levels(today: dict[str, Any]) -> None:
    for page, facts in FACTS.items():
        levels = {section["id"]: section["level"] for section in today.get(page, {}).get("sections", ())}
        kept = facts["sections"].keys() & levels.keys()
        assert {label: levels[label] for label in kept} == {label: facts["sections"][label] for label in kept}


def _references(today: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    """The references that Quarto's pages had and today's still have: word, text, label.

    Claims, and marks of a drawing, lead to the same places and are none.
    """
    reference = re.compile(r"(Section|Chapter|Appendix|Figure|Table)\b")
    for page, facts in FACTS.items():
        for link in today.get(page, {}).get("xrefs", ()):
            word = facts["xrefs"].get(label := link["href"][1:])
            if word and (word == "title" or reference.match(link["text"])):
                yield word, link["text"], label


def _ids(facts: dict[str, Any]) -> set[str]:
    return {section["id"] for section in facts["sections"]} | facts["captions"].keys()
