"""What every page does when it is opened: how much it fetches, from where, and whether it holds still."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Response, Route
from tests.site.conftest import DESKTOP, Site

pytestmark = [pytest.mark.browser, pytest.mark.slow]

NARROWEST = {"width": 320, "height": 640}
MOST_KB = 100
MOST_SHIFT = 0.02
LAYOUT = """
() => new Promise(resolve => {
  let shift = 0;
  new PerformanceObserver(list => { for (const entry of list.getEntries()) shift += entry.value; })
    .observe({ type: "layout-shift", buffered: true });
  requestAnimationFrame(() => setTimeout(() => {
    const text = [...document.querySelectorAll("main > p, main > section > p")].filter(p => p.textContent.length > 250);
    const lines = text.map(p => {
      const range = document.createRange();
      range.selectNodeContents(p);
      const bottoms = [...range.getClientRects()].map(box => box.bottom).sort((a, b) => a - b);
      return bottoms.filter((bottom, n) => n === 0 || bottom - bottoms[n - 1] > 12).length;
    });
    const overflow = document.documentElement.scrollWidth - innerWidth;
    resolve({ shift, overflow, lines, text: text.map(p => p.textContent.length) });
  }, 60));
})
"""


@dataclass
class Visit:
    """One page opened at one width. kilobytes: all that was fetched, compressed; said: errors in the console."""

    fetched: list[str] = field(default_factory=list)
    kilobytes: float = 0
    said: list[str] = field(default_factory=list)
    shift: float = 0
    overflow: int = 0
    per_line: list[float] = field(default_factory=list)


def visit(page: Page, address: str) -> Visit:
    seen = Visit()
    answers: list[Response] = []
    listeners: dict[str, Callable[[Any], None]] = {
        "console": lambda said: seen.said.append(said.text) if said.type in ("error", "warning") else None,
        "pageerror": lambda error: seen.said.append(str(error)),
        "request": lambda request: seen.fetched.append(request.url),
        "response": lambda answer: answers.append(answer),  # Playwright marks the function
    }
    for event, listener in listeners.items():
        page.on(event, listener)  # type: ignore[call-overload]
    page.goto(address, wait_until="load")
    found = page.evaluate(LAYOUT)
    for event, listener in listeners.items():
        page.remove_listener(event, listener)
    bodies = [answer.body() for answer in answers if not 300 <= answer.status < 400]  # a redirect has none
    seen.kilobytes = sum(len(gzip.compress(body)) for body in bodies) / 1000
    seen.shift, seen.overflow = found["shift"], found["overflow"]
    seen.per_line = [text / lines for text, lines in zip(found["text"], found["lines"], strict=True)]
    return seen


@pytest.fixture(scope="module")
def visits(site: Site, address: str, chrome: Browser) -> dict[tuple[str, int], Visit]:
    """Every page, wide and at its narrowest, by somebody who comes for the first time.

    In one tab for each width: opening one takes longer than a page does.
    """
    found = {}
    for size in (DESKTOP, NARROWEST):
        page = chrome.new_page(viewport=size)
        cache = page.context.new_cdp_session(page)
        cache.send("Network.setCacheDisabled", {"cacheDisabled": True})
        for name in site.pages:
            found[name, size["width"]] = visit(page, address + name)
        page.close()
    return found


def test_nothing_is_fetched_from_elsewhere(visits: dict[tuple[str, int], Visit], address: str) -> None:
    elsewhere = {
        url for seen in visits.values() for url in seen.fetched if not url.startswith((address, "data:"))
    }
    assert elsewhere == set()


def test_no_page_complains_in_the_console(visits: dict[tuple[str, int], Visit]) -> None:
    """What the page's own security policy forbids would be told there."""
    assert {where: seen.said for where, seen in visits.items() if seen.said} == {}


def test_no_page_scrolls_sideways(visits: dict[tuple[str, int], Visit]) -> None:
    assert {where: seen.overflow for where, seen in visits.items() if seen.overflow > 0} == {}


def test_nothing_moves_while_a_page_opens(visits: dict[tuple[str, int], Visit]) -> None:
    assert {where: seen.shift for where, seen in visits.items() if seen.shift > MOST_SHIFT} == {}


@pytest.mark.parametrize("name", ["chapters/coreq.html", "chapters/srqr.html"])
def test_long_tables_are_folded_before_anything_is_painted_however_late_the_script_comes(
    chrome: Browser, address: str, name: str
) -> None:
    context = chrome.new_context(viewport=NARROWEST)
    page = context.new_page()

    def late(route: Route) -> None:
        page.wait_for_timeout(500)  # what a page without the script would take to be painted
        route.continue_()

    page.route("**/tables.js", late)
    assert visit(page, address + name).shift == 0
    assert page.locator(".table-scroll.folded").count() > 0
    context.close()


def test_a_chapter_is_light(visits: dict[tuple[str, int], Visit], site: Site) -> None:
    heavy = {name: visits[name, DESKTOP["width"]].kilobytes for name in site.chapters}
    assert {name: size for name, size in heavy.items() if size > MOST_KB} == {}
    assert max(heavy.values()) > 20, "the sizes were not measured"
    assert not any("plotly" in url or "pagefind" in url for seen in visits.values() for url in seen.fetched)


def test_a_line_has_sixty_to_seventy_five_letters(visits: dict[tuple[str, int], Visit], site: Site) -> None:
    lines = [n for name in site.chapters for n in visits[name, DESKTOP["width"]].per_line]
    assert len(lines) > 30
    assert 60 <= sum(lines) / len(lines) <= 75
