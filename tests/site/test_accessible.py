"""Everybody can read it: no page breaks a rule of WCAG 2.2 AA that axe-core knows."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page
from tests.site.conftest import DESKTOP, PHONE, Site

pytestmark = pytest.mark.browser

ALL = {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
OF_COLOURS = {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}
# Rows and drawings come from one mould each: some stand for all, or axe would measure each of a thousand cells.
SOME = """
for (const [many, alike, some] of [["tbody", "tr", 5], ["svg", "text", 12]]) {
  for (const one of document.querySelectorAll(many)) {
    for (const left of [...one.querySelectorAll(alike)].slice(some)) left.remove();
  }
}
"""


def violations(page: Page, rules: dict[str, object]) -> list[str]:
    options = {"runOnly": rules, "resultTypes": ["violations"]}
    found = page.evaluate("options => axe.run(document, options)", options)
    return [f"{one['id']}: {node['html'][:200]}" for one in found["violations"] for node in one["nodes"]]


def test_axe_finds_nothing_on_any_page(site: Site, address: str, chrome: Browser) -> None:
    """Of the four looks, light and dark, wide and narrow, each is examined for colours, each width for all rules."""
    script = Axe().axe_script
    wrong: dict[str, list[str]] = {}
    for name in site.pages:
        page = chrome.new_page(viewport=DESKTOP, color_scheme="light", reduced_motion="reduce")
        page.goto(address + name)
        page.evaluate(SOME)
        page.evaluate(script)
        wrong[f"{name}, light, wide"] = violations(page, ALL)
        page.emulate_media(color_scheme="dark")
        wrong[f"{name}, dark, wide"] = violations(page, OF_COLOURS)
        page.set_viewport_size(PHONE)
        wrong[f"{name}, dark, narrow"] = violations(page, ALL)
        page.emulate_media(color_scheme="light")
        wrong[f"{name}, light, narrow"] = violations(page, OF_COLOURS)
        page.close()
    assert {look: found for look, found in wrong.items() if found} == {}
