"""What pages offer of the paper's other forms: nothing that isn't in the site."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path


def withdraw(site: Path, names: Iterable[str]) -> None:
    """Take the links to files that are not in the site from its pages: words stay, entries of menus go.

    names: the files' names, which lie at the site's top.
    """
    absent = "|".join(re.escape(name) for name in names)
    if not absent:
        return
    link = rf"""<a\b[^>]*?\shref="(?:\./|\.\./)*+(?:{absent})"[^>]*>(?P<words>.*?)</a>"""
    alone = re.compile(rf"<li\b[^>]*>\s*+(?:<p>)?{link}(?:</p>)?\s*+</li>\s*", re.DOTALL)
    within = re.compile(link, re.DOTALL)
    named = re.compile(rf'<meta name="citation_pdf_url" content="[^"]*/(?:{absent})"[^>]*>\s*')
    works = re.compile(rf',"encoding":\{{[^{{}}]*"contentUrl":"[^"]*/(?:{absent})"[^{{}}]*\}}')
    item = re.compile(rf'<link rel="item" href="(?:{absent})"[^>]*>\s*')
    for page in sorted(site.rglob("*.html")):
        text = page.read_text("utf8")
        kept = within.sub(r"\g<words>", alone.sub("", works.sub("", named.sub("", item.sub("", text)))))
        kept = re.sub(r"<ul\b[^>]*>\s*</ul>\s*", "", kept)
        if kept != text:
            page.write_text(kept, "utf8")
    if (citation := site / "cite.ris").is_file():
        text = citation.read_text("utf8")
        citation.write_text(re.sub(rf"(?m)^L1  - .*/(?:{absent})\r?\n", "", text), "utf8", newline="")
