"""Everybody can read it: no page breaks a rule of WCAG 2.2 AA that axe-core knows."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page
from tests.site.conftest import DESKTOP, PHONE, Site

pytestmark = [pytest.mark.browser, pytest.mark.slow]

ALL = {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
# Rules whose answer changes with the look and not with the markup.
OF_LOOKS = {
    "type": "rule",
    "values": ["color-contrast", "link-in-text-block", "target-size", "scrollable-region-focusable"],
}
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
    """Light and dark, wide and narrow: all rules once, those that depend on the look in each of the four."""
    script = Axe().axe_script
    wrong: dict[str, list[str]] = {}
    page = chrome.new_page(reduced_motion="reduce")
    for name in site.pages:
        rules = ALL
        page.set_viewport_size(DESKTOP)
        page.goto(address + name)
        page.evaluate(SOME)
        page.evaluate(script)
        for size in (DESKTOP, PHONE):
            page.set_viewport_size(size)
            for scheme in ("light", "dark"):
                page.emulate_media(color_scheme=scheme)
                wrong[f"{name}, {scheme}, {size['width']} px"] = violations(page, rules)
                rules = OF_LOOKS
    page.close()
    assert {look: found for look, found in wrong.items() if found} == {}
