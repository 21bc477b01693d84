"""Points for practitioners in other languages, where someone has written them.

``chapters/translations/points.kk.md`` becomes the page ``points.kk.html``: its first heading is the title, the rest the
text, in plain Markdown. A file that is missing or says nothing yet makes no page.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from paper.errors import ChapterError, Place

LANGUAGES: Final = ("kk", "ru")
FOLDER: Final = "chapters/translations"


@dataclass(frozen=True)
class Points:
    """One language's text: title as plain text, body as HTML."""

    lang: str
    title: str
    body: str

    @property
    def path(self) -> str:
        """Address within the site."""
        return f"points.{self.lang}.html"


def read(root: Path) -> list[Points]:
    """Read the texts that there are, in the order of LANGUAGES. Raises ChapterError where one lacks its title."""
    from paper.tools import pandoc

    results = []
    for lang in LANGUAGES:
        path = root / FOLDER / f"points.{lang}.md"
        try:
            text = path.read_text("utf-8-sig") if path.is_file() else ""
        except UnicodeDecodeError:
            place = Place(path.relative_to(root))
            raise ChapterError("not UTF-8", place=place, remedy="save the file as UTF-8") from None
        text = re.sub(r"<!--.*?-->", "", text, flags=re.DOTALL)
        if not text.strip():
            continue
        title = re.match(r"\s*#\s+(.+?)\s*(?:\{[^}]*\})?\s*(?:\n|$)", text)
        if not title:
            raise ChapterError(
                "the text has no title",
                place=Place(path.relative_to(root), 1),
                remedy="begin with a heading, such as `# Title`",
            )
        args = ["--section-divs", "--wrap=none"]
        body = pandoc.run(text[title.end() :], source="markdown-raw_html", to="html5", args=args)
        results.append(Points(lang, title[1], body))
    return results
