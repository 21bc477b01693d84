"""From the list of references back to the text: under each entry, links to every place that cites it.

On a page's own list they lead back within the page, on the book's list to every page.
"""

from __future__ import annotations

import html
import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from typing import TYPE_CHECKING
from urllib.parse import quote

if TYPE_CHECKING:
    from paper.site.site import Page

# As pandoc writes them, for either engine.
_CITATION = re.compile(r'<span class="citation" data-cites="([^"]*)">')
_TEXT = r"(?:(?!</?div\b).)*+"
# An entry is text alone, or, in a style with numbers, the number and the text in a div each.
_ENTRY = re.compile(
    rf'(<div id="ref-([^"]+)"\s+class="csl-entry"[^>]*>{_TEXT}'
    rf"(?:(?:<div\b[^>]*>{_TEXT}</div>\s*)*?<div\b[^>]*>{_TEXT}(?=</div>\s*</div>)|(?=</div>)))(</div>)",
    re.DOTALL,
)


@dataclass(frozen=True)
class _Place:
    """A citation: the page that it stands on, and its id there."""

    page: Page
    id: str


_Cited = dict[str, dict[str, list[_Place]]]  # by key, then by page


def link_citations(pages: Sequence[Page], t: Mapping[str, str]) -> list[Page]:
    """Give every citation an id, and the lists of references links to these. t: the site's words.

    The longest list is the book's: those of other pages hold what they cite themselves.
    """
    places: _Cited = {}
    marked = [replace(page, body=_marked(page, places)) for page in pages]
    # Of lists that are equally long, the last: a book's references stand at its end.
    whole = max(range(len(marked)), key=lambda at: (len(_ENTRY.findall(marked[at].body)), at), default=None)
    return [replace(page, body=_listed(page, places, t, whole=at == whole)) for at, page in enumerate(marked)]


def _marked(page: Page, places: _Cited) -> str:
    """Put an id on each citation of the page's body; add the places of each cited key."""
    counts: dict[str, int] = {}

    def mark(match: re.Match[str]) -> str:
        keys = html.unescape(match[1]).split()
        if not keys:
            return match[0]
        counts[keys[0]] = counts.get(keys[0], 0) + 1
        place = _Place(page, f"cite-{keys[0]}-{counts[keys[0]]}")
        for key in dict.fromkeys(keys):
            places.setdefault(key, {}).setdefault(page.path, []).append(place)
        return match[0].replace("<span ", f'<span id="{html.escape(place.id)}" ', 1)

    return _CITATION.sub(mark, page.body)


def _listed(page: Page, places: _Cited, t: Mapping[str, str], *, whole: bool) -> str:
    """Put the places under each entry of the page's list: its own, and in the whole list those on others."""

    def entry(match: re.Match[str]) -> str:
        cited = places.get(html.unescape(match[2]), {})
        here = cited.get(page.path, ())
        others = cited.items() if whole else ()
        elsewhere = [place for path, there in others if path != page.path for place in there]
        of_book = _places(page, elsewhere, t) if elsewhere else ""
        return f"{match[1]}{of_book}{_back(here, t) if here else ''}{match[3]}"

    return _ENTRY.sub(entry, page.body)


def _back(places: Sequence[_Place], t: Mapping[str, str]) -> str:
    """Render one line: a number for each place on the page itself."""
    links = []
    for nth, place in enumerate(places, start=1):
        label = html.escape(t["cited_again"].format(title=place.page.title.partition(": ")[0], n=nth))
        links.append(f'<a href="#{html.escape(quote(place.id))}" aria-label="{label}">{nth}</a>')
    return " " + _line(f"\u21a9\ufe0e {' '.join(links)}", "cited-in cited-here")


def _places(page: Page, places: Sequence[_Place], t: Mapping[str, str]) -> str:
    """Render one line: each citing page by its title up to a colon, and a number for each further place on it."""
    parts: list[str] = []
    nth = 0
    for before, place in zip([None, *places], places, strict=False):
        title = place.page.title.partition(": ")[0]
        href = html.escape(relative_address(page.path, place.page.path) + "#" + quote(place.id))
        if before is None or before.page.path != place.page.path:
            nth = 1
            parts.append(f'<a href="{href}">{html.escape(title)}</a>')
        else:
            nth += 1
            label = html.escape(t["cited_again"].format(title=title, n=nth))
            parts[-1] += f' <a href="{href}" aria-label="{label}">{nth}</a>'
    return _line(f"{html.escape(t['cited_in'])} {'; '.join(parts)}")


def _line(words: str, classes: str = "cited-in") -> str:
    # a nav, for it is none of the text; without the role, for sixty landmarks would help nobody
    return f'<nav role="none" class="{classes}" data-pagefind-ignore>{words}</nav>'


def relative_address(start: str, target: str) -> str:
    """Return the relative address from one page to another."""
    return quote(PurePosixPath(os.path.relpath(target, PurePosixPath(start).parent)).as_posix())
