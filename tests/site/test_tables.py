"""Long tables are searched, sorted, folded and read on a phone; without a script they are whole."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect
from tests.site.conftest import DESKTOP, PHONE

pytestmark = pytest.mark.browser

EVIDENCE = "chapters/evidence.html"
SUPPLEMENT = {
    EVIDENCE: ["tbl-literature", "tbl-stakeholders", "tbl-problems", "tbl-drivers"],
    "chapters/codebook.html": ["tbl-codebook"],
    "chapters/coreq.html": ["tbl-coreq"],
    "chapters/srqr.html": ["tbl-srqr"],
}
SHOWN = "rows => rows.filter(row => row.checkVisibility()).map(row => row.textContent)"


@pytest.fixture(scope="module")
def opened(chrome: Browser) -> Iterator[Page]:
    """A tab: opening one takes longer than loading a page in it."""
    page = chrome.new_page()
    yield page
    page.close()


@pytest.fixture
def tab(opened: Page) -> Page:
    opened.set_viewport_size(DESKTOP)
    return opened


@pytest.mark.parametrize("page", SUPPLEMENT)
def test_each_table_of_the_supplement_has_a_search_and_says_how_many_rows_it_has(
    tab: Page, address: str, page: str
) -> None:
    tab.goto(address + page)
    for name in SUPPLEMENT[page]:
        table = tab.locator(f"#{name}")
        rows = table.locator("tbody tr").count()
        expect(table.get_by_role("status")).to_have_text(f"{rows} of {rows} rows")
        expect(table.get_by_role("searchbox", name="Find in this table")).to_be_visible()


def test_a_search_keeps_the_rows_that_have_every_word_and_counts_them(tab: Page, address: str) -> None:
    tab.goto(address + EVIDENCE)
    table = tab.locator("#tbl-literature")
    rows = table.locator("tbody tr")
    total = rows.count()
    table.get_by_role("searchbox").fill("mimicry critique")
    shown = rows.evaluate_all(SHOWN)
    assert 0 < len(shown) < total
    assert all("mimicry" in row.lower() and "critique" in row.lower() for row in shown)
    expect(table.get_by_role("status")).to_have_text(f"{len(shown)} of {total} rows")
    more = table.locator("button.table-fold")
    expect(more).to_have_text(f"Show all {len(shown)} rows")
    table.get_by_role("searchbox").fill("krause")
    expect(more).to_be_hidden()  # the few rows that are left are all there
    table.get_by_role("searchbox").fill("")
    expect(table.get_by_role("status")).to_have_text(f"{total} of {total} rows")
    expect(more).to_have_text(f"Show all {total} rows")


def test_a_head_sorts_by_keyboard_says_so_and_gives_the_order_of_the_paper_back(
    tab: Page, address: str
) -> None:
    tab.goto(address + EVIDENCE)
    table = tab.locator("#tbl-stakeholders")
    names = "rows => rows.map(row => row.cells[0].textContent.trim().toLowerCase())"
    rows = table.locator("tbody tr")
    before = rows.evaluate_all(names)
    head = table.locator("thead th").first
    head.get_by_role("button").focus()
    tab.keyboard.press("Enter")
    expect(head).to_have_attribute("aria-sort", "ascending")
    up = rows.evaluate_all(names)
    assert sorted(up) == sorted(before) and up != before
    assert up[0] < up[-1]
    tab.keyboard.press("Enter")
    expect(head).to_have_attribute("aria-sort", "descending")
    assert rows.evaluate_all(names) == up[::-1]
    tab.keyboard.press("Enter")
    assert head.get_attribute("aria-sort") is None
    assert rows.evaluate_all(names) == before


def test_a_long_table_is_folded_until_it_is_asked_for_or_linked_to(tab: Page, address: str) -> None:
    tab.goto(address + EVIDENCE)
    table = tab.locator("#tbl-literature")
    box = table.locator(".table-scroll")
    high = "box => box.clientHeight < box.scrollHeight"
    assert box.evaluate(high)
    more = table.get_by_role("button", name="Show all")
    expect(more).to_have_attribute("aria-expanded", "false")
    more.click()
    assert not box.evaluate(high)
    tab.emulate_media(media="print")
    tab.reload()
    assert not box.evaluate(high)
    tab.emulate_media(media="screen")
    tab.goto(f"{address}{EVIDENCE}#row-S17")
    expect(tab.locator("#row-S17")).to_be_in_viewport()


@pytest.mark.parametrize(
    ("page", "row", "title"),
    [
        (EVIDENCE, "#tbl-literature tbody tr", "Hood"),
        (EVIDENCE, "#tbl-problems tbody tr:has(#row-P03)", "P03"),
        (EVIDENCE, "#tbl-stakeholders tbody tr:has(#row-S02)", "Ministry of National Economy"),
        ("chapters/codebook.html", "#tbl-codebook tbody tr", "Internal drive"),
    ],
)
def test_on_a_phone_a_card_begins_with_what_tells_it_from_the_others(
    tab: Page, address: str, page: str, row: str, title: str
) -> None:
    tab.set_viewport_size(PHONE)
    tab.goto(address + page)
    cells = tab.locator(row).first.locator("td").all()
    boxes = [(box["y"], cell.inner_text()) for cell in cells if (box := cell.bounding_box())]
    assert min(boxes)[1].startswith(title)
    assert tab.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_without_a_script_the_whole_table_is_there(chrome: Browser, address: str) -> None:
    tab = chrome.new_context(java_script_enabled=False, viewport=DESKTOP).new_page()
    tab.goto(address + EVIDENCE)
    table = tab.locator("#tbl-literature")
    expect(table.locator("tbody tr").last).to_be_visible()
    assert table.get_by_role("searchbox").count() == 0
    tab.context.close()
