"""Tags within a line, and what HTML leaves without a paragraph, in terms that paper has."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from html.parser import HTMLParser
from typing import Any, Final

import panflute as pf

from paper.parsing.rawhtml.colours import typst, word_style
from paper.parsing.sanitise import is_script_url
from paper.parsing.tree import HOLDERS, walk

Make = Callable[..., pf.Element]

_MEANING: Final[dict[str, Make]] = {
    **dict.fromkeys(("b", "strong"), pf.Strong),
    **dict.fromkeys(("i", "em", "dfn", "var", "cite"), pf.Emph),
    **dict.fromkeys(("u", "ins"), pf.Underline),
    **dict.fromkeys(("s", "del", "strike"), pf.Strikeout),
    "sub": pf.Subscript,
    "sup": pf.Superscript,
    "q": lambda *content: pf.Quoted(*content, quote_type="DoubleQuote"),
    "mark": lambda *content: pf.Span(*content, classes=["mark"]),
    **dict.fromkeys(
        ("code", "kbd", "samp", "tt"), lambda *content: pf.Code(pf.stringify(pf.Plain(*content)))
    ),
}
# What a declaration of a style means, besides colours.
_STYLES: Final[tuple[tuple[str, Make], ...]] = (
    (r"font-weight:\s*(bold|bolder|[6-9]00)", pf.Strong),
    (r"font-style:\s*(italic|oblique)", pf.Emph),
    (r"text-decoration[\w-]*:[^;]*underline", pf.Underline),
    (r"text-decoration[\w-]*:[^;]*line-through", pf.Strikeout),
    (r"font-variant[\w-]*:\s*small-caps", pf.SmallCaps),
)


def for_paper(doc: pf.Doc, form: str) -> None:
    """Give a document for paper (typst, docx) what its raw tags and styles mean, in place."""
    tagged: set[int] = set()  # what holds raw tags

    def visit(element: pf.Element, _: pf.Doc) -> pf.Element | list[pf.Element] | None:
        if isinstance(element, pf.RawInline):
            if element.format == "html":
                tagged.add(id(element.parent))
            return None
        if id(element) in tagged:
            element.content = _meant(list(element.content))
        if isinstance(element, pf.Doc | pf.Div):
            _as_paragraphs(element)
        elif isinstance(element, pf.Span | pf.TableCell) and "style" in element.attributes:
            return _styled(element, form)
        return None

    walk(doc, visit, pf.RawInline, *HOLDERS)


def _as_paragraphs(element: pf.Doc | pf.Div) -> None:
    """Make paragraphs of loose lines: what no construct holds is set apart on paper."""
    if not any(name.startswith("quarto-") for name in getattr(element, "classes", ())):
        blocks = element.content.list
        blocks[:] = [pf.Para(*b.content) if isinstance(b, pf.Plain) else b for b in blocks]


class _Tag(HTMLParser):
    """The one tag that a raw inline is; kind: "start", "end", or "" for a comment and anything else."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.kind, self.name = "", ""
        self.given: dict[str, str] = {}
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self.kind, self.name = "start", tag
        self.given = {name: value or "" for name, value in attrs}

    def handle_endtag(self, tag: str) -> None:
        self.kind, self.name = "end", tag


@lru_cache(maxsize=4096)
def _tag(text: str) -> _Tag:
    """Parse a tag, each once: a table written in HTML repeats a few of them hundreds of times."""
    return _Tag(text)


def _meant(inlines: Sequence[pf.Element]) -> list[pf.Element]:
    """Return a line with its pairs of tags as what they mean; tags without a meaning on paper leave their words."""
    levels: list[tuple[_Tag | None, list[pf.Element]]] = [(None, [])]
    for element in inlines:
        if not (isinstance(element, pf.RawInline) and element.format == "html"):
            levels[-1][1].append(element)
            continue
        tag = _tag(element.text)
        if tag.kind == "start" and tag.name in ("br", "img"):
            levels[-1][1].append(_single(tag))
        elif tag.kind == "start" and (tag.name in _MEANING or (tag.name == "a" and tag.given.get("href"))):
            levels.append((tag, []))
        elif tag.kind == "end" and any(open_ and open_.name == tag.name for open_, _ in levels):
            while True:
                opened, content = levels.pop()
                assert opened is not None
                levels[-1][1].extend(_paired(opened, content) if opened.name == tag.name else content)
                if opened.name == tag.name:
                    break
    while len(levels) > 1:  # never closed
        _, content = levels.pop()
        levels[-1][1].extend(content)
    return levels[0][1]


def _single(tag: _Tag) -> pf.Element:
    if tag.name == "br":
        return pf.LineBreak()
    sizes = {name: tag.given[name] for name in ("width", "height") if tag.given.get(name)}
    alt = tag.given.get("alt", "")
    return pf.Image(*([pf.Str(alt)] if alt else []), url=tag.given.get("src", ""), attributes=sizes)


def _paired(tag: _Tag, content: list[pf.Element]) -> list[pf.Element]:
    if not content:
        return []
    if tag.name == "a":
        if is_script_url(tag.given["href"]):
            return content
        return [pf.Link(*content, url=tag.given["href"], title=tag.given.get("title", ""))]
    return [_MEANING[tag.name](*content)]


def _styled(element: Any, form: str) -> pf.Element | None:
    """Apply what a style says of words and cells; colours as pandoc takes them for Typst and Word."""
    style = element.attributes["style"]
    for pattern, make in _STYLES:
        if re.search(pattern, style):
            if isinstance(element, pf.TableCell):
                for block in element.content:
                    if isinstance(block, pf.Plain | pf.Para):
                        block.content = [make(*block.content)]
            else:
                element.content = [make(*element.content)]
    if form == "docx" and isinstance(element, pf.Span) and (named := word_style(style)):
        element.attributes["custom-style"] = named  # pandoc makes the style, ``office`` gives it its colours
    if form != "typst":
        return None
    ink, ground = (typst(style, name) for name in ("color", "background-color"))
    if ink:
        element.attributes["typst:text:fill"] = ink
    if ground and isinstance(element, pf.TableCell):
        element.attributes["typst:fill"] = ground
    elif ground:
        return pf.Span(
            pf.RawInline(f"#highlight(fill: {ground})[", format="typst"),
            element,
            pf.RawInline("]", format="typst"),
        )
    return None
