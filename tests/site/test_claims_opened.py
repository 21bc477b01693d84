"""A claim opens to its evidence where it is made; its entry leads back, and both can be taken away."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from lxml import html as tree
from playwright.sync_api import Browser, expect
from tests.site.conftest import Site

from paper import project as projects
from paper.errors import SourceError
from paper.site import evidence
from paper.site.site import Page
from paper.words import words

FINDINGS = Page(
    "chapters/findings.html",
    "Findings: What we saw",
    "Findings",
    "chapter",
    number="6",
    source="chapters/findings.qmd",
    body='<p>Once more, <em>a</em> <span>word</span>. <a href="evidence.html#claim-queues" class="claim">Queues '
    'are <em>long</em></a> (P01). <a href="evidence.html#claim-queues" class="claim">Queues are long</a>, too.</p>',
)
EVIDENCE = Page(
    "chapters/evidence.html",
    "Supplementary material: Evidence",
    "Evidence",
    "appendix",
    number="A",
    body='<div id="claim-queues" class="claim-evidence">\n<p id="p-1"><strong>Queues are long.</strong></p>\n'
    '<ul><li>Long <a href="#ref-hood1991">Hood</a> <span class="row-id">(P01)</span> '
    '<span class="row-id">(L02)</span></li></ul>\n<div class="claim-quote"><p>“Two hours”</p></div></div>'
    '<table><tr><td><span id="row-P01">P01</span></td></tr></table>',
)


def opened(*pages: Page) -> tuple[list[Page], list[evidence.Anchor]]:
    return evidence.open_at_claims(pages, words("en"))


def test_each_claim_gets_a_button_that_opens_a_copy_of_its_entry() -> None:
    [findings, _], anchors = opened(FINDINGS, EVIDENCE)
    body = tree.fragment_fromstring(findings.body, create_parent="main")
    assert [anchor.id for anchor in anchors] == ["made-claim-queues-1", "made-claim-queues-2"]
    assert [b.get("popovertarget") for b in body.iter("button") if not b.text] == ["note-claim-queues"] * 2
    [note] = body.xpath(".//div[@popover]")
    assert note.get("id") == "note-claim-queues"
    assert "“Two hours”" in note.text_content()
    assert not note.xpath("./*//@id"), "an id stands once on a page"
    links = [link.get("href") for link in note.iter("a")]
    assert links == ["evidence.html#ref-hood1991", "evidence.html#row-P01", "evidence.html#claim-queues"]


def test_an_entry_leads_back_to_its_claims_and_on_to_its_rows() -> None:
    [_, listed], _ = opened(FINDINGS, EVIDENCE)
    body = tree.fragment_fromstring(listed.body, create_parent="main")
    [back] = body.xpath(".//p[@class='claim-made']")
    assert [link.get("href") for link in back] == [f"findings.html#made-claim-queues-{n}" for n in (1, 2)]
    assert back.text_content() == "Claimed in: 6 Findings, 6 Findings"
    assert '(<a href="#row-P01">P01</a>)' in listed.body
    assert '<span class="row-id">(L02)</span>' in listed.body, "no table of the page prints this row"


def test_a_claim_on_the_page_of_its_entry_needs_no_copy() -> None:
    own = replace(EVIDENCE, body='<p><a href="#claim-queues" class="claim">Long</a></p>' + EVIDENCE.body)
    [page], [anchor] = opened(own)
    assert "popover" not in page.body and anchor.entry_page == page.path


def test_pages_without_claims_stay_as_they_are() -> None:
    plain = replace(FINDINGS, body='<p><a href="evidence.html#claim-queues">no claim</a></p>')
    assert opened(plain, EVIDENCE) == ([plain, EVIDENCE], [])


def test_a_claim_without_an_entry_stops_the_build_at_its_chapter() -> None:
    with pytest.raises(SourceError, match="the claim queues leads to") as raised:
        opened(FINDINGS, replace(EVIDENCE, body="<p>Nothing.</p>"))
    assert str(raised.value.place) == "chapters/findings.qmd"


def test_annotations_select_the_words_of_the_claim_and_those_around_them(repository: Path) -> None:
    project = projects.load(repository)
    pages, anchors = opened(FINDINGS, EVIDENCE)
    collection = json.loads(evidence.web_annotations(project, pages, anchors))
    assert collection["type"] == "AnnotationCollection" and collection["total"] == 2
    first, second = collection["first"]["items"]
    assert first["target"]["selector"][0] == {
        "type": "TextQuoteSelector",
        "exact": "Queues are long",
        "prefix": "Once more, a word. ",
        "suffix": " (P01). Queues are long, too.",
    }
    assert second["target"]["selector"][0]["prefix"].endswith("(P01). ")
    assert first["body"][0]["value"] == "Queues are long.\nLong Hood (P01) (L02)\n“Two hours”"
    assert first["body"][1]["source"].endswith("chapters/evidence.html#claim-queues")


def items(site: Site) -> list[dict[str, Any]]:
    collection = json.loads((site.folder / "annotations.jsonld").read_text("utf8"))
    found: list[dict[str, Any]] = collection["first"]["items"]
    return found


def test_every_anchor_of_the_paper_stands_once_on_its_page(site: Site) -> None:
    assert items(site)
    for item in items(site):
        page = site.folder / "chapters" / item["target"]["source"].rpartition("chapters/")[2]
        text = tree.document_fromstring(page.read_text("utf8")).find(".//main").text_content()
        quote = item["target"]["selector"][0]
        assert text.count(quote["prefix"] + quote["exact"] + quote["suffix"]) == 1


@pytest.mark.browser
def test_evidence_opens_by_keyboard_without_script_and_closes_with_escape(
    chrome: Browser, address: str
) -> None:
    context = chrome.new_context(java_script_enabled=False)
    quiet = context.new_page()
    quiet.goto(address + "chapters/findings.html")
    mark = quiet.locator(".claim-mark").first
    note = quiet.locator(f"#{mark.get_attribute('popovertarget')}")
    expect(note).to_be_hidden()
    mark.focus()
    quiet.keyboard.press("Enter")
    expect(note).to_be_visible()
    expect(note).to_contain_text("What it rests on")
    quiet.keyboard.press("Escape")
    expect(note).to_be_hidden()
    context.close()
