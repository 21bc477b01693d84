"""What a page may load: nothing but the site's own, and what the author asks for on that page alone.

Frames, films and pictures of elsewhere are let in by their host, scripts by their address or their hash: no script
that somebody slips into a page runs, only those that stand in the chapter's source or that its cells gave.

A page's security policy (`images/policy.py`) lets in what its chapter asks for and nothing else: frames, films and
images by host, scripts by address or hash. A cell's HTML that acts by script and holds no words becomes a page of its
own beside the chapter's images, shown in a sandboxed frame (`displays/frames.py`); paper gets a note or an address,
which is told.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable, Iterator
from typing import Final
from urllib.parse import urlsplit

import panflute as pf

from paper.images.images import is_media
from paper.parsing.addresses import ATTRIBUTE, TAG, value_of
from paper.parsing.tree import RAW, walk

Need = tuple[str, str]  # a directive, and the source that it must let in

# Widths of columns and Plotly need inline styles; Pagefind compiles WebAssembly.
BASE: Final[dict[str, tuple[str, ...]]] = {
    "default-src": ("'self'",),
    "script-src": ("'self'", "'wasm-unsafe-eval'"),
    "style-src": ("'self'", "'unsafe-inline'"),
    "img-src": ("'self'", "data:"),
    "connect-src": ("'self'",),
    "base-uri": ("'none'",),
    "form-action": ("'none'",),
    "object-src": ("'none'",),
}
_DIRECTIVES: Final = {"iframe": "frame-src", "video": "media-src", "audio": "media-src", "source": "media-src",
                      "track": "media-src", "img": "img-src", "script": "script-src"}  # fmt: skip
_SCRIPT: Final = re.compile(r"<script\b([^<>]*)>(.*?)</script\s*>", re.I | re.S)
_JAVASCRIPT: Final = ("", "module", "text/javascript", "application/javascript", "text/ecmascript")


def text(needs: Iterable[Need] = ()) -> str:
    """Return the policy of a page, as the content of its ``meta`` element."""
    policy = {name: list(sources) for name, sources in BASE.items()}
    for name, source in needs:
        sources = policy.setdefault(name, ["'self'"])
        if source not in sources:
            sources.append(source)
    return "; ".join(f"{name} {' '.join(sources)}" for name, sources in policy.items())


def needed(doc: pf.Doc) -> tuple[Need, ...]:
    """Return what a chapter's images and raw HTML need besides, each once, in the text's order."""
    results: dict[Need, None] = {}

    def visit(element: pf.Element, _: pf.Doc) -> None:
        if isinstance(element, pf.Image):
            directive = "media-src" if is_media(element.url) else "img-src"
            results.update(dict.fromkeys(_of_address(directive, element.url)))
        elif element.format == "html":
            results.update(dict.fromkeys(in_markup(element.text)))

    walk(doc, visit, pf.Image, *RAW)
    return tuple(results)


def in_markup(markup: str) -> Iterator[Need]:
    """Yield what HTML needs besides."""
    for tag in TAG.finditer(markup):
        directive = _DIRECTIVES.get(tag["tag"].lower())
        for attribute in ATTRIBUTE.finditer(tag["rest"]) if directive else ():
            if directive and attribute["name"].lower() in ("src", "poster"):
                poster = attribute["name"].lower() == "poster"
                yield from _of_address("img-src" if poster else directive, value_of(attribute))
    yield from (("script-src", hash_of(code)) for code in scripts(markup))


def scripts(markup: str) -> Iterator[str]:
    """Yield the inline scripts in HTML that a browser would run."""
    for rest, code in _SCRIPT.findall(markup):
        given = {match["name"].lower(): value_of(match) for match in ATTRIBUTE.finditer(rest)}
        if "src" not in given and given.get("type", "").lower() in _JAVASCRIPT and code.strip():
            yield code


def hash_of(code: str) -> str:
    """Return the source that lets an inline script in."""
    digest = hashlib.sha256(code.replace("\r\n", "\n").encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"


def _of_address(directive: str, url: str) -> Iterator[Need]:
    if directive == "media-src" and url.startswith("data:"):
        yield directive, "data:"
    parts = urlsplit(f"https:{url}" if url.startswith("//") else url)
    if parts.scheme not in ("http", "https") or not re.fullmatch(r"[\w.:\[\]-]+", parts.netloc):
        return
    whole = f"{parts.scheme}://{parts.netloc}"
    if directive != "script-src":
        yield directive, whole
    elif re.fullmatch(r"[\w./@%~+-]*", parts.path):
        yield directive, whole + parts.path
