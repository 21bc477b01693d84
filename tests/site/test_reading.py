"""Reading with a keyboard, a mouse, a finger, without scripts, from a folder, and on paper."""

from __future__ import annotations

import io
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect
from pypdf import PdfReader
from tests.site.conftest import DESKTOP, PHONE, Site

pytestmark = [pytest.mark.browser, pytest.mark.slow]

LONG = "chapters/literature-review.html"
TABLET = {"width": 820, "height": 1000}
# Where the focus is, whether it can be seen there, and whether something marks it.
FOCUS = """
() => {
  const at = document.activeElement;
  if (!at || at === document.body) return null;
  const box = at.getClientRects()[0] || at.getBoundingClientRect();
  const x = Math.min(Math.max(box.left + Math.min(box.width / 2, 8), 1), innerWidth - 1);
  const y = Math.min(Math.max(box.top + box.height / 2, 1), innerHeight - 1);
  const top = document.elementFromPoint(x, y);
  return {
    name: (at.getAttribute("aria-label") || at.textContent || at.id).trim().slice(0, 60),
    seen: Boolean(top) && (at.contains(top) || top.contains(at)),
    marked: getComputedStyle(at).outlineStyle !== "none",
  };
}
"""
# How many things on the page the keyboard should come to.
STOPS = """
() => [...document.querySelectorAll("a[href], button, summary, input, [tabindex='0']")].filter(one =>
  one.tabIndex >= 0 && one.checkVisibility({ checkVisibilityCSS: true }) && !one.closest("[aria-hidden=true]")
).length
"""
DOUBLED = """
() => {
  const ids = [...document.querySelectorAll("[id]")].map(one => one.id);
  return ids.filter((id, n) => ids.indexOf(id) !== n);
}
"""
BESIDE = """
() => [...document.querySelectorAll(".margin-notes > div, main .table-scroll, main > p, main > section > p")]
  .map(one => ({ note: one.matches(".margin-notes > div"), box: one.getBoundingClientRect().toJSON() }))
  .filter(one => one.box.height)
"""


@pytest.fixture
def tab(chrome: Browser) -> Iterator[Page]:
    opened = chrome.new_page(viewport=DESKTOP, reduced_motion="reduce")
    yield opened
    opened.close()


# -- keyboard ----------------------------------------------------------------------------------------------


def test_the_first_stop_leads_past_the_contents(tab: Page, address: str) -> None:
    tab.goto(address + LONG)
    tab.keyboard.press("Tab")
    expect(tab.locator(".skip-link")).to_be_focused()
    expect(tab.locator(".skip-link")).to_be_in_viewport()
    tab.keyboard.press("Enter")
    expect(tab.locator("main")).to_be_focused()


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["wide", "narrow"])
def test_the_keyboard_reaches_everything_and_shows_where_it_is(
    tab: Page, address: str, size: dict[str, int]
) -> None:
    tab.set_viewport_size(size)
    tab.goto(address + "chapters/document-analysis.html")
    wanted = tab.evaluate(STOPS)
    stops = []
    for _ in range(wanted + 5):
        tab.keyboard.press("Tab")
        stop = tab.evaluate(FOCUS)
        if stop is None:
            break
        stops.append(stop)
    assert wanted > 25
    assert len(stops) >= wanted
    assert [stop["name"] for stop in stops if not stop["seen"]] == []
    assert [stop["name"] for stop in stops if not stop["marked"]] == []


def test_the_contents_open_and_close_by_keyboard_on_a_small_screen(tab: Page, address: str) -> None:
    tab.set_viewport_size(PHONE)
    tab.goto(address + LONG)
    contents, button = tab.locator("#contents"), tab.locator(".contents-button")
    expect(contents).to_be_hidden()
    button.focus()
    tab.keyboard.press("Enter")
    expect(contents).to_be_visible()
    tab.keyboard.press("Tab")
    expect(contents.locator("a").first).to_be_focused()
    tab.keyboard.press("Escape")
    expect(contents).to_be_hidden()
    expect(button).to_be_focused()


def test_a_link_of_the_open_contents_closes_them(tab: Page, address: str) -> None:
    tab.set_viewport_size(PHONE)
    tab.goto(address + LONG)
    tab.locator(".contents-button").click()
    tab.locator("#TOC a").nth(2).click()
    expect(tab.locator("#contents")).to_be_hidden()
    assert tab.url.endswith("#sec-bpr")


def test_a_slash_opens_search_and_enter_follows_the_first_place_found(tab: Page, address: str) -> None:
    tab.goto(address + "index.html")
    tab.keyboard.press("/")
    expect(tab.locator("#search-box")).to_be_focused()
    tab.keyboard.type("decoupling")
    expect(tab.locator("#search-status")).to_contain_text("places found for “decoupling”")
    results = tab.locator("#search-results a")
    tab.keyboard.press("ArrowDown")
    expect(results.first).to_be_focused()
    tab.keyboard.press("ArrowUp")
    expect(tab.locator("#search-box")).to_be_focused()
    wanted = results.first.get_attribute("href")
    tab.keyboard.press("Enter")
    tab.wait_for_url(f"**{wanted}")
    expect(tab.locator("main")).to_contain_text("decoupling")


def test_search_says_when_nothing_is_found_and_escape_returns_the_focus(tab: Page, address: str) -> None:
    tab.goto(address + LONG)
    tab.locator("#search-button").focus()
    tab.keyboard.press("Enter")
    tab.keyboard.type("xyzzyplugh")
    expect(tab.locator("#search-status")).to_contain_text("Nothing found")
    tab.keyboard.press("Escape")
    expect(tab.locator("#search")).to_be_hidden()
    expect(tab.locator("#search-button")).to_be_focused()


def test_search_says_when_the_site_was_built_without_its_index(tab: Page, address: str) -> None:
    tab.route("**/pagefind/**", lambda route: route.fulfill(status=404))
    tab.goto(address + LONG)
    tab.locator("#search-button").click()
    expect(tab.locator("#search-status")).to_contain_text("search index could not be loaded")


def test_what_search_shows_of_a_table_is_words_not_glued_labels(tab: Page, address: str) -> None:
    tab.goto(address + "index.html")
    tab.keyboard.press("/")
    tab.keyboard.type("mimicry")
    expect(tab.locator("#search-results")).to_contain_text("Evidence")
    shown = tab.locator("#search-results").inner_text()
    assert "ClaimM" not in shown
    assert "paperMimicry" not in shown


def test_a_slash_typed_into_a_field_stays_a_slash(tab: Page, address: str) -> None:
    tab.goto(address + "index.html")
    tab.keyboard.press("/")
    tab.keyboard.type("a/b")
    assert tab.locator("#search-box").input_value() == "a/b"


def test_cite_copies_a_form_and_escape_returns_the_focus(tab: Page, address: str) -> None:
    tab.context.grant_permissions(["clipboard-read", "clipboard-write"])
    tab.goto(address + LONG)
    tab.locator("#cite-button").focus()
    tab.keyboard.press("Enter")
    expect(tab.locator("#cite")).to_be_visible()
    button = tab.locator("[data-copy=cite-bibtex]")
    button.focus()
    tab.keyboard.press("Enter")
    expect(button).to_have_text("Copied")
    assert tab.evaluate("navigator.clipboard.readText()").startswith("@unpublished{kurmanov2026,")
    expect(tab.locator("#said")).to_have_text("Copied")
    tab.keyboard.press("Escape")
    expect(tab.locator("#cite")).to_be_hidden()
    expect(tab.locator("#cite-button")).to_be_focused()


def test_cite_gives_a_link_to_the_paragraph_that_is_being_read(tab: Page, address: str) -> None:
    tab.goto(address + LONG)
    tab.evaluate(
        "document.getElementById('sec-mimicry').scrollIntoView({behavior: 'instant'}); scrollBy(0, -60)"
    )
    tab.locator("#cite-button").click()
    given = tab.locator("#cite-place").text_content()
    assert given and given.startswith(address + LONG + "#")
    tab.goto(given)
    assert tab.evaluate("document.querySelector(':target') !== null")


def test_colours_follow_the_choice_on_every_page_and_in_figures(tab: Page, address: str) -> None:
    tab.emulate_media(color_scheme="light")
    tab.goto(address + LONG)
    light = [tab.evaluate(f"getComputedStyle(document.{where}).{what}") for where, what in COLOURS]
    button = tab.locator("#theme-button")
    expect(button).to_have_attribute("aria-label", "Colours: as the system")
    button.focus()
    tab.keyboard.press("Enter")
    tab.keyboard.press("Enter")
    expect(button).to_have_attribute("aria-label", "Colours: dark")
    dark = [tab.evaluate(f"getComputedStyle(document.{where}).{what}") for where, what in COLOURS]
    assert all(a != b for a, b in zip(light, dark, strict=True)), (light, dark)
    tab.goto(address + "chapters/theoretical-model.html")
    expect(tab.locator("html")).to_have_attribute("data-theme", "dark")
    assert tab.evaluate("getComputedStyle(document.body).backgroundColor") == dark[0]


COLOURS = (("body", "backgroundColor"), ("querySelector('.figure-wide text')", "fill"))


# -- previews -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("link", "said"),
    [
        (".citation a[href='#ref-hood1991']", "A public management for all seasons"),
        ("main > p a.quarto-xref[href='#fig-literature']", "Figure 2.1"),
        (
            "main > section p a.quarto-xref[href$='theoretical-model.html#sec-external']",
            "The external driver",
        ),
    ],
    ids=["citation", "figure", "section of another page"],
)
def test_the_focus_shows_what_a_link_leads_to(tab: Page, address: str, link: str, said: str) -> None:
    shows(tab, address + LONG, link, said)


def test_the_focus_shows_a_footnote(tab: Page, address: str) -> None:
    shows(tab, address + "chapters/introduction.html", "a.footnote-ref", "The project that UNDP describes")


def shows(tab: Page, page: str, link: str, said: str) -> None:
    tab.goto(page)
    tab.keyboard.press("Tab")  # so that the browser shows the focus as it does for keyboards
    target = tab.locator(link).first
    target.focus()
    preview = tab.locator("#preview")
    expect(preview).to_be_visible()
    expect(preview).to_contain_text(said)
    expect(preview).to_be_in_viewport()
    expect(target).to_have_attribute("aria-describedby", "preview")
    tab.keyboard.press("Escape")
    expect(preview).to_be_hidden()
    expect(target).to_be_focused()


def test_a_preview_under_the_mouse_stays_while_the_mouse_is_in_it(tab: Page, address: str) -> None:
    tab.goto(address + LONG)
    tab.locator(".citation a[href='#ref-hood1991']").first.hover()
    preview = tab.locator("#preview")
    expect(preview).to_be_visible()
    preview.hover()
    tab.wait_for_timeout(400)
    expect(preview).to_be_visible()
    tab.mouse.move(5, 5)
    expect(preview).to_be_hidden()


def test_a_preview_repeats_no_id_of_the_page(tab: Page, address: str) -> None:
    tab.goto(address + LONG)
    tab.locator("a.quarto-xref[href='#fig-literature']").first.hover()
    expect(tab.locator("#preview svg").first).to_be_attached()
    assert tab.evaluate(DOUBLED) == []


def test_a_tap_shows_and_a_second_tap_follows(chrome: Browser, address: str) -> None:
    page = chrome.new_page(viewport=PHONE, has_touch=True, is_mobile=True, reduced_motion="reduce")
    page.goto(address + LONG)
    link = page.locator(".citation a[href='#ref-hood1991']").first
    link.tap()
    preview = page.get_by_role("dialog", name="Preview")
    expect(preview).to_contain_text("A public management for all seasons")
    assert "#" not in page.url
    preview.get_by_role("button", name="Close").tap()
    expect(page.locator("#preview")).to_be_hidden()
    link.tap()
    page.get_by_role("link", name="Go to the reference").tap()
    assert page.url.endswith("#ref-hood1991")
    page.close()


# -- places ---------------------------------------------------------------------------------------------------


def test_the_section_in_view_is_marked_in_the_contents(tab: Page, address: str) -> None:
    tab.goto(address + LONG + "#sec-bpr")
    here = tab.locator("#TOC [aria-current=location]")
    expect(here).to_have_attribute("href", "#sec-bpr")
    tab.evaluate("scrollTo({top: 0, behavior: 'instant'})")
    expect(here).to_have_count(0)


def test_a_heading_gives_its_link(tab: Page, address: str) -> None:
    tab.context.grant_permissions(["clipboard-read", "clipboard-write"])
    tab.goto(address + LONG)
    link = tab.get_by_role("link", name="Link to this section: 2.2 Two levels of mimicry")
    link.focus()
    tab.keyboard.press("Enter")
    expect(tab.locator("#said")).to_have_text("Link copied")
    assert tab.evaluate("navigator.clipboard.readText()") == address + LONG + "#sec-mimicry"


def test_a_link_into_a_closed_part_opens_it(tab: Page, address: str) -> None:
    tab.goto(address + LONG)
    tab.evaluate(
        "document.querySelector('.figure-tools details table').id = 'inside'; location.hash = 'inside'"
    )
    expect(tab.locator(".figure-tools details").first).to_have_attribute("open", "")


def test_footnotes_stand_beside_their_text_and_off_tables(tab: Page, address: str) -> None:
    for name in ("chapters/introduction.html", "chapters/methodology.html"):
        tab.goto(address + name)
        found = tab.evaluate(BESIDE)
        notes = [one["box"] for one in found if one["note"]]
        assert len(notes) == tab.locator("main a.footnote-ref").count() > 0
        for n, note in enumerate(notes):
            assert note["right"] <= DESKTOP["width"]
            for other in [*notes[n + 1 :], *(one["box"] for one in found if not one["note"])]:
                assert not overlap(note, other), (name, note, other)
    tab.set_viewport_size(TABLET)
    expect(tab.locator(".margin-notes")).to_have_count(0)


def overlap(a: dict[str, float], b: dict[str, float]) -> bool:
    return (
        a["left"] < b["right"]
        and b["left"] < a["right"]
        and a["top"] < b["bottom"]
        and b["top"] < a["bottom"]
    )


# -- without ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["index.html", LONG, "state.html"])
def test_without_scripts_all_is_there(chrome: Browser, address: str, name: str) -> None:
    context = chrome.new_context(viewport=PHONE, java_script_enabled=False)
    page = context.new_page()
    page.goto(address + name)
    for selector in (".needs-script", "#search", "#cite"):
        for one in page.locator(selector).all():
            expect(one).to_be_hidden()
    expect(page.locator("main h1").first).to_be_visible()
    for one in page.locator("main > p, main > section > p").all()[:20]:
        expect(one).to_be_visible()
    drawings = page.locator(".figure-static").all()
    assert all((box := one.bounding_box()) and box["height"] > 100 for one in drawings)
    page.locator(".contents-button").click()
    expect(page.locator("#contents")).to_be_visible()
    context.close()


def test_a_folder_is_enough_to_read_and_search_says_what_it_lacks(tab: Page, site: Site) -> None:
    said: list[str] = []
    tab.on(
        "console", lambda message: said.append(message.text) if message.type in ("error", "warning") else None
    )
    tab.on("pageerror", lambda error: said.append(str(error)))
    tab.goto((site.folder / "index.html").as_uri())
    tab.locator("#contents a", has_text="Literature review").click()
    expect(tab.locator("main h1")).to_contain_text("Literature review")
    assert tab.evaluate("getComputedStyle(document.body).fontSize") == "18px"
    tab.keyboard.press("/")
    expect(tab.locator("#search-status")).to_contain_text(
        "Opened as files from a folder, it cannot load its index"
    )
    tab.keyboard.press("Escape")
    tab.locator(".citation a[href='#ref-hood1991']").first.hover()
    expect(tab.locator("#preview")).to_contain_text("A public management for all seasons")
    assert said == []


def test_a_page_that_is_not_there_leads_back(tab: Page, address: str) -> None:
    """Servers answer with 404.html; in its own place, every link of it works."""
    tab.goto(address + "404.html")
    tab.locator("#contents a").nth(1).click()
    expect(tab.locator("main h1")).to_contain_text("Introduction")


# -- on paper -----------------------------------------------------------------------------------------------------


def test_print_has_the_paper_and_nothing_of_the_site(tab: Page, address: str) -> None:
    tab.emulate_media(color_scheme="dark")
    tab.goto(address + "chapters/document-analysis.html")
    printed = PdfReader(io.BytesIO(tab.pdf(prefer_css_page_size=True)))
    text = " ".join("\n".join(sheet.extract_text() for sheet in printed.pages).split())
    width, height = printed.pages[0].mediabox.width, printed.pages[0].mediabox.height
    assert (round(width / 72 * 25.4), round(height / 72 * 25.4)) == (210, 297)
    for wanted in (
        "Incomplete draft, for information only",
        "Who designs public services",
        "Figure 3.1",
        "CC BY 4.0",
    ):
        assert wanted in text
    for unwanted in (
        "Search",
        "Cite",
        "Explore",
        "Data (CSV)",
        "Previous",
        "State of this paper",
        "Contents",
        "↩",
    ):
        assert unwanted not in text, unwanted
    tab.emulate_media(media="print", color_scheme="dark")
    assert tab.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert tab.evaluate("getComputedStyle(document.querySelector('main p')).color") == "rgb(0, 0, 0)"
    assert tab.evaluate("document.documentElement.scrollWidth <= innerWidth")
