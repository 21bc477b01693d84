"""The text of each page as Markdown, and ``llms.txt``, which lists it: for programs that read text.

Named as Quarto names them (``chapters/one.llms.md`` beside ``chapters/one.html``), and made as there from what the page
says, without what only a page can do. https://quarto.org/docs/websites/website-llms.html, https://llmstxt.org
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote, unquote

from lxml import etree
from lxml import html as tree

from paper.parsing.sanitise import sanitise_html
from paper.project import Project
from paper.site import files
from paper.tools import pandoc
from paper.tools.cache import digest, of_project
from paper.tools.collecting import map_collecting_errors
from paper.words import words
from paper.writers import cite

if TYPE_CHECKING:
    from paper.site.site import NavEntry, Page

ENDING: Final = ".llms.md"
INDEX: Final = "llms.txt"
TYPE: Final = "text/markdown"
# What of a page no text has, or what says twice what stands beside it.
_LEFT_OUT: Final = (
    "//script | //style | //template | //noscript | //*[contains(@class, 'figure-tools')] | //ul[@class='nav-tabs']"
    " | //*[contains(concat(' ', @class, ' '), ' figure-narrow ')] | //a[contains(@class, 'footnote-back')]"
    " | //*[contains(@class, 'code-annotation-anchor')] | //*[contains(@class, 'callout-icon-container')]"
)
# Spans of which pandoc's Markdown knows nothing: half of a page's tags, each of which pandoc reads all the same.
_PLAIN_SPANS: Final = (
    "//span[not(@style)][not(contains(@class, 'small') or contains(@class, 'under') or contains(@class, 'ul')"
    " or contains(@class, 'mark') or contains(@class, 'math'))]"
)
_TEX: Final = re.compile(r"^\s*\\[(\[](.*)\\[)\]]\s*$", re.S)


def address(path: str) -> str:
    """Return where the Markdown of a page lies; both from the site's root."""
    return path.removesuffix(".html") + ENDING


def is_written(project: Project) -> bool:
    """Whether the site has them: the working edition is the author's own, and ``llms-txt: false`` wants none."""
    return not project.working and project.book.get("llms-txt", True) is not False


def pages(project: Project, book: Sequence[Page]) -> dict[str, str]:
    """Return the Markdown of each page: address → text."""
    own = {page.path for page in book}
    cache = of_project(project.root)

    def text(page: Page) -> str:
        key = digest(
            "llms", page.path, page.heading_html, page.front, page.body, sorted(own), pandoc.binary()
        )
        kept = cache.get("llms", key)
        if not isinstance(kept, str):
            kept = _markdown(page, own)
            cache.put("llms", key, kept)
        heading, _, rest = kept.partition("\n\n")
        return "\n\n".join([heading, *_under(project, page), rest])

    return dict(
        zip(
            (address(page.path) for page in book),
            map_collecting_errors(text, book, parallel=True),
            strict=True,
        )
    )


def index(project: Project, nav: Sequence[NavEntry], sentences: Mapping[str, str]) -> str:
    """Return ``llms.txt``: title, summary, the pages with a sentence each, other forms. sentences: by page."""
    lines = [f"# {project.title}", ""]
    if summary := " ".join(filter(None, (cite.status(project), project.description))):
        lines += [f"> {summary}", ""]
    if project.synthetic:
        lines += [words(project.lang)["synthetic"], ""]
    people = ", ".join(author.name for author in project.authors)
    lines += [f"{people}, {project.date_text}".strip(", "), "", "## Chapters", ""]
    for page in nav:
        name = f"{page.number} {page.title}".strip()
        said = f": {_whole(text)}" if (text := sentences.get(page.path, "")) else ""
        lines.append(f"- [{name}]({_url(project, address(page.path))}){said}")
    others = [*files.downloads(project), ("cite.bib", "BibTeX"), ("cite.ris", "RIS")]
    lines += ["", "## Files", "", *(f"- [{name}]({_url(project, path)})" for path, name in others)]
    return "\n".join(lines) + "\n"


def _whole(text: str) -> str:
    """Return a description that was cut off as far as its sentences are whole."""
    whole = re.match(r".+[.!?](?= )", text) if text.endswith("…") else None
    return whole[0] if whole else text


def _url(project: Project, path: str) -> str:
    return f"{project.site_url}/{quote(path)}" if project.site_url else quote(path)


def _under(project: Project, page: Page) -> list[str]:
    """Return what stands under a page's heading: that its data are made up; on the front page authors, date, state."""
    lines = [f"**{words(project.lang)['synthetic']}**"] if project.synthetic else []
    if page.kind == "index":
        people = ", ".join(author.name for author in project.authors)
        lines += [" · ".join(filter(None, (people, project.date_text, cite.status(project))))]
    return [line for line in lines if line]


def _markdown(page: Page, own: set[str]) -> str:
    """Return what a page says, as GitHub's Markdown without HTML."""
    markup = f"<div><h1>{page.heading_html}</h1>{page.front}{page.body}</div>"
    root = tree.fragment_fromstring(sanitise_html(markup))
    for figure in root.xpath("//*[contains(concat(' ', @class, ' '), ' paper-figure ')]"):
        for link in figure.xpath(".//*[contains(@class, 'figure-tools')]//a[contains(@href, '.svg')]"):
            figure.set("data-drawing", link.get("href"))
    for element in root.xpath(_LEFT_OUT):
        element.drop_tree()
    for drawing in root.xpath("//*[local-name()='svg'][not(preceding-sibling::*[local-name()='svg'])]"):
        _show(drawing)
    for overlay in root.xpath("//*[local-name()='svg']"):  # links that lie over a drawing
        overlay.drop_tree()
    for formula in root.xpath("//span[contains(concat(' ', @class, ' '), ' math ')]"):
        _set_tex(formula)
    for panel in root.xpath("//*[@data-title]"):
        _head_panel(panel, panel.get("data-title"))
    for callout in root.xpath("//*[contains(concat(' ', @class, ' '), ' callout ')]"):
        _quote(callout)
    for cell in root.xpath("//td | //th"):
        _set_on_one_line(cell)
    for link in root.xpath("//a[@href]"):
        _lead(page, link, own)
    for span in root.xpath(_PLAIN_SPANS):
        span.drop_tag()
    text = pandoc.run(
        tree.tostring(root, encoding="unicode"),
        source="html-auto_identifiers",
        to="gfm-raw_html-tex_math_gfm",
        args=["--wrap=none"],
    )
    return text


def _show(drawing: Any) -> None:
    """Put a link to the picture's file in the place of a drawing, or its words where the site has no file of it."""
    said = drawing.get("aria-label") or ""
    named = next((name for above in drawing.iterancestors() if (name := above.get("data-drawing"))), "")
    new = etree.Element("img", {"src": named, "alt": said}) if named else etree.Element("em")
    new.text = None if named else said
    new.tail = drawing.tail
    drawing.getparent().replace(drawing, new)


def _set_tex(formula: Any) -> None:
    """Set a formula as pandoc's reader takes it; its number stays with it."""
    said = _TEX.match(formula.text_content())
    if said is None:
        return
    display = "; mode=display" if "display" in formula.get("class", "").split() else ""
    script = etree.Element("script", {"type": f"math/tex{display}"})
    script.text = said[1].strip()
    script.tail = formula.tail
    formula.getparent().replace(formula, script)


def _head_panel(panel: Any, title: str) -> None:
    line = etree.Element("p")
    etree.SubElement(line, "strong").text = title
    panel.insert(0, line)


def _quote(callout: Any) -> None:
    """Set a callout as a quotation that begins with its title."""
    for header in callout.xpath(".//*[contains(concat(' ', @class, ' '), ' callout-header ')]"):
        for kind in header.xpath(".//span[@class='screen-reader-only']"):
            kind.tail = f": {kind.tail or ''}"
        title = " ".join(header.text_content().split())
        line = etree.Element("p")
        etree.SubElement(line, "strong").text = title
        line.tail = header.tail
        header.getparent().replace(header, line)
    callout.tag = "blockquote"


def _set_on_one_line(cell: Any) -> None:
    """Set what a cell holds as words of one line: a table of Markdown has no room for blocks."""
    for block in cell.xpath(".//p | .//div | .//ul | .//ol | .//li | .//br | .//pre | .//blockquote"):
        block.text = f"• {block.text or ''}" if block.tag == "li" else block.text
        block.tail = f" {block.tail or ''}"
        block.drop_tag()


def _lead(page: Page, link: Any, own: set[str]) -> None:
    """Lead links to pages of the book to their Markdown; those to works and places within the page are words."""
    url = link.get("href")
    if link.get("role") == "doc-noteref":  # which pandoc reads as a note
        return
    if url.startswith("#") or "#ref-" in url:
        link.drop_tag()
        return
    path, mark, place = url.partition("#")
    if posixpath.normpath(posixpath.join(posixpath.dirname(page.path), unquote(path))) in own:
        link.set("href", f"{address(path)}{mark}{place}")
