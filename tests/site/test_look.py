"""The style sheets say nothing that no page needs, and every kind of block that an author may write looks right."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page
from tests.site.conftest import EARLIER, PHONE, Site
from tests.site.test_accessible import ALL, violations

from paper import assets, build
from paper import project as projects
from paper.site import points
from paper.site.site import write_changes

pytestmark = [pytest.mark.browser, pytest.mark.slow]

# What no chapter of the paper has now, and any may have tomorrow.
CHAPTER = """\
---
title: Blocks
abstract: In short.
---

See @thm-one. [What?]{.query} [And when?]{.query}

## Callouts {#sec-callouts}

::: {.callout-note}
## A note
Read @hood1991.
:::

::: {.callout-tip}
A tip.
:::

::: {.callout-warning}
A warning.
:::

::: {.callout-caution}
Caution.
:::

::: {.callout-important}
Important.
:::

### Code {#sec-code}

#### Deeper

```python
# a comment
import math
name = "text"
for n in range(10):
    print(n * 1.5, name)
```

It runs `in line`. ^[A note to it.]

```{.python filename="notes.py" code-line-numbers="true"}
import os  # <1>
```
1. *Noted*.

```{filename="plain" code-overflow="wrap"}
ls
```

::: {.cell}
```{.python .cell-code code-fold="show"}
folded = 1
```
:::

::: {.panel-tabset}
## First tab
One. [Aside]{.aside}

## Second tab
Two.
:::

::: {#thm-one}
A theorem.
:::

::: {.proof}
Its proof.
:::

::: {.hidden}
Kept back.
:::

# A part {.unnumbered}

$$ e = mc^2 $$

::: {#fig-two layout-ncol=2}
![One](one.svg){#fig-one fig-alt="A drawing"}

![Other](one.svg){#fig-other fig-alt="A drawing"}

Two drawings
:::

## Media {#sec-media}

![To be seen larger](one.svg){.lightbox fig-alt="A drawing"}

<iframe src="https://example.org/frame" title="A frame"></iframe>

{{< video https://www.youtube.com/embed/wo9vZccmqwc >}}

{{< video clip.mp4 title="A clip" >}}

```{dot}
//| label: fig-dot
//| fig-cap: A graph
//| fig-alt: An arrow leads from a to b
digraph { a -> b }
```

```{python}
colours = {kind: range(start, start + 8) for kind, start in (("on ink", 30), ("on ground", 40))}
print("\\x1b[1mbold\\x1b[0m \\x1b[3mitalic\\x1b[0m \\x1b[4munderline\\x1b[0m")
print(*(f"\\x1b[{n}m{kind}\\x1b[0m" for kind, codes in colours.items() for n in codes))
```

```{python}
#| label: tbl-frame
#| tbl-cap: A frame of data
import pandas as pd
from IPython.display import HTML, display
display(pd.DataFrame({"a": [1, 2]}))
HTML("<div id='x'></div><script>document.getElementById('x').textContent = 1</script>")
```

::: {#quote-x .claim-quote}
> Words of somebody.
:::
"""
DRAWING = '<svg xmlns="http://www.w3.org/2000/svg" width="90" height="60"><circle r="60" fill="teal"/></svg>'
RULES = """
name => {
  const found = new Set();
  const read = rules => {
    for (const rule of rules) {
      if (rule.selectorText) for (const one of rule.selectorText.split(/,(?![^(]*\\))/)) found.add(one.trim());
      if (rule.cssRules) read(rule.cssRules);
    }
  };
  for (const sheet of document.styleSheets) if ((sheet.href ?? "").endsWith(name)) read(sheet.cssRules);
  return [...found];
}
"""
# Of these selectors, those that nothing on the page answers to; what depends on a pointer or the focus is taken off.
UNANSWERED = """
selectors => selectors.filter(selector => {
  const states = /:is\\((:[a-z-]+(, )?)+\\)|::[a-z-]+(\\([^)]*\\))?|:(hover|focus-visible|focus|target)\\b/g;
  return !document.querySelector(selector.replace(states, "").trim() || "*");
})
"""


@pytest.fixture
def blocks(book: Callable[..., Path]) -> Path:
    """A small book of every kind of block, as demonstration and working edition, which have more to show."""
    files = {
        "one.svg": DRAWING,
        "clip.mp4": "",
        "_quarto-demo.yml": "book:\n  subtitle: Made up\n  page-footer: Mine\n  cover-image: one.svg\n",
    }
    files |= {"_quarto-working.yml": "project:\n  output-dir: _site\n"}
    files |= {"data/corrections.csv": "id,what,where_,status\nQ1,What?,Here,open\n"}
    files |= {f"{points.FOLDER}/points.{lang}.md": f"# {lang}\n" for lang in points.LANGUAGES}
    root = book(files, blocks=CHAPTER)
    out = build.build(root, targets={"html"}, profile="demo,working").out
    write_changes(projects.load(root, ""), out, out, ("one", "other"), out / "changes")
    return out


@pytest.fixture
def opened(site: Site, address: str, chrome: Browser, blocks: Path) -> Iterator[Callable[[], Iterator[Page]]]:
    """Pages that together show all that the site has."""
    page = chrome.new_page(viewport=PHONE, has_touch=True)

    def each() -> Iterator[Page]:
        for name in (
            "chapters/literature-review.html", "chapters/document-analysis.html", "chapters/references.html",
            "chapters/findings.html", "chapters/evidence.html", "index.html", "state.html", "drafts/index.html",
            f"drafts/{site.date}/changes.html", f"drafts/{EARLIER}/chapters/conclusion.html",
        ):  # fmt: skip
            page.goto(address + name)
            yield page
        for name in (
            "index.html",
            "state.html",
            "blocks.html",
            "points.kk.html",
            "points.ru.html",
            "changes/index.html",
        ):
            page.goto((blocks / name).as_uri())
            yield page
        page.goto((blocks / "blocks.html").as_uri())
        page.evaluate("document.documentElement.dataset.theme = 'dark'")
        yield page
        page.evaluate("document.documentElement.classList.remove('js')")
        yield page
        page.set_viewport_size({"width": 1440, "height": 900})
        page.goto(address + "chapters/introduction.html")
        page.locator(".margin-notes").wait_for(state="attached")
        yield page
        for theme in ("light", "dark"):
            page.goto(address + "chapters/literature-review.html#sec-mimicry")
            page.evaluate("theme => paperTheme.set(theme)", theme)
            page.locator("#TOC .here").wait_for()
            yield page
            page.locator("main a[href='#sec-bpr']").first.hover()
            page.locator("#preview h2").wait_for()
            yield page
        page.keyboard.press("/")
        page.keyboard.type("mimicry")
        page.locator("#search-results .part .excerpt").first.wait_for()
        yield page
        page.keyboard.press("Escape")
        page.locator(".citation a").first.tap()
        page.locator("#preview .preview-tools").wait_for()
        yield page

    yield each
    page.close()


def test_no_rule_is_dead(opened: Callable[[], Iterator[Page]]) -> None:
    left: list[str] | None = None
    for page in opened():
        left = page.evaluate(RULES, "site.css") if left is None else left
        assert len(left) > 0
        left = page.evaluate(UNANSWERED, left)
        if not left:
            return
    assert left == [], "\n".join(left or [])


def test_no_rule_for_rarer_blocks_is_dead(chrome: Browser, blocks: Path) -> None:
    page = chrome.new_page()
    page.set_content(f"<style>{(assets.PACKAGED / 'css/constructs.css').read_text('utf8')}</style>")
    rules = page.evaluate(RULES, "")
    assert len(rules) > 20
    page.goto((blocks / "blocks.html").as_uri())
    left = page.evaluate(UNANSWERED, rules)
    page.goto((blocks / "index.html").as_uri())
    assert page.evaluate(UNANSWERED, left) == []
    page.close()


def test_one_tab_shows_at_a_time_by_mouse_keyboard_and_link(chrome: Browser, blocks: Path) -> None:
    page = chrome.new_page()
    page.goto((blocks / "blocks.html").as_uri())
    tabs, panels = page.get_by_role("tab"), page.locator(".tab-pane")
    shown = [(True, False), (False, True)]

    def visible() -> tuple[bool, ...]:
        return tuple(panel.is_visible() for panel in panels.all())

    assert visible() == shown[0]
    tabs.nth(1).click()
    assert visible() == shown[1] and tabs.nth(1).get_attribute("aria-selected") == "true"
    page.keyboard.press("ArrowRight")
    assert visible() == shown[0]
    page.goto((blocks / "blocks.html").as_uri() + "#tabset-1-2")
    page.reload()
    assert visible() == shown[1]
    page.close()


def test_tabs_are_all_there_to_read_without_scripts(chrome: Browser, blocks: Path) -> None:
    context = chrome.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto((blocks / "blocks.html").as_uri())
    assert [panel.is_visible() for panel in page.locator(".tab-pane").all()] == [True, True]
    context.close()


def test_axe_finds_nothing_in_blocks_of_every_kind(chrome: Browser, blocks: Path) -> None:
    page = chrome.new_page(reduced_motion="reduce")
    page.goto((blocks / "blocks.html").as_uri())
    page.evaluate(Axe().axe_script)
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        assert violations(page, ALL) == []
    page.close()


def test_blocks_keep_within_the_narrowest_page_and_are_told_apart(chrome: Browser, blocks: Path) -> None:
    page = chrome.new_page(viewport={"width": 320, "height": 640})
    page.goto((blocks / "blocks.html").as_uri())
    assert page.evaluate("document.documentElement.scrollWidth") == 320
    colours = page.evaluate(
        "[...document.querySelectorAll('.callout')].map(one => getComputedStyle(one).borderLeftColor)"
    )
    assert len(set(colours)) == len(colours) == 5
    page.close()
