"""What a chapter's text leads to: the addresses of its images, links and raw HTML."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from typing import Final
from urllib.parse import unquote

import panflute as pf

from paper.errors import Place
from paper.parsing.tree import RAW, walk
from paper.text.source import Source
from paper.tools import trees
from paper.tools.cache import Cache

# A tag of raw HTML, and each of its attributes, quoted values whole: a ``srcdoc`` holds a page of its own.
TAG: Final = re.compile(
    r"""<(?P<tag>[a-z][a-z0-9-]*)(?P<rest>(?:[\s/](?:[^<>"']|"[^"]*"|'[^']*')*+)?)>""", re.I
)
ATTRIBUTE: Final = re.compile(
    r"""(?P<name>[^\s=/<>"']++)(?:\s*+=\s*+(?:"(?P<double>[^"]*+)"|'(?P<single>[^']*+)'|(?P<bare>[^\s"'>]++)))?"""
)
_NAMES: Final = {"a": ("href",), "area": ("href",), "img": ("src", "srcset"), "source": ("src", "srcset"),
                 "video": ("src", "poster"), "audio": ("src",), "track": ("src",), "iframe": ("src",),
                 "embed": ("src",), "object": ("data",), "script": ("src",), "image": ("href",)}  # fmt: skip


@dataclass(frozen=True)
class Addresses:
    """The addresses in a tree, each once, in the text's order."""

    images: tuple[str, ...]
    """Those of Markdown images."""
    links: tuple[str, ...]
    """Those of Markdown links."""
    markup: tuple[str, ...]
    """Those in raw HTML."""
    shown: tuple[str, ...] = ()
    """Those of images in raw HTML."""


def of_tree(tree: str, key: str, cache: Cache) -> Addresses:
    """Return the addresses in pandoc's JSON of a chapter, kept under the tree's key."""
    cached = cache.get("addresses", key)
    if cached is None:
        return keep(trees.load(tree), key, cache)
    return Addresses(**{name: tuple(urls) for name, urls in cached.items()})


def keep(doc: pf.Doc, key: str, cache: Cache) -> Addresses:
    """Return the addresses in the document of a chapter, and keep them under its tree's key."""
    result = of(doc)
    cache.put("addresses", key, asdict(result))
    return result


def of(doc: pf.Doc) -> Addresses:
    """Return the addresses in a document."""
    images: dict[str, None] = {}
    links: dict[str, None] = {}
    markup: dict[str, None] = {}
    shown: dict[str, None] = {}

    def visit(element: pf.Element, _: pf.Doc) -> None:
        if isinstance(element, pf.Image):
            images[element.url] = None
        elif isinstance(element, pf.Link):
            links[element.url] = None
        elif element.format == "html":
            markup.update(dict.fromkeys(in_markup(element.text)))
            pictures = (tag[0] for tag in TAG.finditer(element.text) if tag["tag"].lower() == "img")
            shown.update(dict.fromkeys(url for tag in pictures for url in in_markup(tag)))

    walk(doc, visit, pf.Image, pf.Link, *RAW)
    return Addresses(tuple(images), tuple(links), tuple(markup), tuple(shown))


def in_markup(text: str) -> Iterator[str]:
    """Yield the addresses in HTML that name what a page shows or leads to, decoded, in order."""
    for attribute in _attributes(text):
        value = value_of(attribute)
        if attribute["name"].lower() == "srcset":
            yield from (part.split()[0] for part in value.split(",") if part.split())
        elif value:
            yield value


def rewritten(text: str, change: Callable[[str], str]) -> str:
    """HTML with each address that names what it shows or leads to as ``change`` gives it."""

    def tag(match: re.Match[str]) -> str:
        names = _NAMES.get(match["tag"].lower(), ())

        def attribute(given: re.Match[str]) -> str:
            name, value = given["name"], value_of(given)
            if name.lower() not in names or name.lower() == "srcset" or (new := change(value)) == value:
                return given[0]
            return f'{name}="{html.escape(new)}"'

        return f"<{match['tag']}{ATTRIBUTE.sub(attribute, match['rest'])}>" if names else match[0]

    return TAG.sub(tag, text)


def _attributes(text: str) -> Iterator[re.Match[str]]:
    for tag in TAG.finditer(text):
        names = _NAMES.get(tag["tag"].lower(), ())
        for attribute in ATTRIBUTE.finditer(tag["rest"]) if names else ():
            if attribute["name"].lower() in names:
                yield attribute


def value_of(attribute: re.Match[str]) -> str:
    """Return the value of an attribute, decoded; "" where it has none."""
    return html.unescape(attribute["double"] or attribute["single"] or attribute["bare"] or "").strip()


def place_of(source: Source, url: str) -> Place:
    """Where a chapter writes an address: pandoc encodes spaces and other signs, a page has its own way to a file."""
    path = url.split("#")[0].split("?")[0]
    named = unquote(path.rpartition("/")[2])
    ways = (url, unquote(url), html.escape(url), unquote(path), named, named.removesuffix(".png"))
    for written in dict.fromkeys(ways):
        place = source.find(written[:200])
        if place.line:
            return place
    return place
