"""Points for practitioners in other languages, where someone has written them.

A file ``points.kk.md`` or ``points.ru.md`` in the project's root becomes the page ``points.kk.html``: its
first heading is the title, the rest the text, in plain Markdown. Without the file there is no page.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from paper.errors import ChapterError, Place

# Languages by their own names.
NAMES = {"kk": "Қазақша", "ru": "Русский"}


@dataclass(frozen=True)
class Points:
    """One language's text: title as plain text, body as HTML."""

    lang: str
    title: str
    body: str

    @property
    def path(self) -> str:
        return f"points.{self.lang}.html"


def read(root: Path) -> list[Points]:
    """Those that are there, in the order of NAMES. Raises ChapterError where a file lacks its title."""
    from paper.render import pandoc

    found = []
    for lang in NAMES:
        path = root / f"points.{lang}.md"
        if not path.is_file():
            continue
        text = path.read_text("utf-8-sig")
        title = re.match(r"\s*#\s+(.+?)\s*(?:\{[^}]*\})?\s*(?:\n|$)", text)
        if not title:
            raise ChapterError(
                "the text has no title",
                place=Place(path.name, 1),
                remedy="begin with a heading, such as `# Title`",
            )
        args = ["--section-divs", "--wrap=none"]
        body = pandoc.run(text[title.end() :], source="markdown-raw_html", to="html5", args=args)
        found.append(Points(lang, title[1], body))
    return found
