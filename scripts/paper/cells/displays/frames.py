"""What only a page can show: maps and charts that bring scripts, frames, films, recordings.

HTML with scripts becomes a document of its own in the site, shown in a frame that is shut off from the page: its
scripts run there, and the page's security policy stays as strict as that of the others. Paper gets a picture where
the cell gives one, else a note with the page's address; that it does is told.
"""

from __future__ import annotations

import html
import re
from typing import Final

from paper.cells.displays import IMAGES, Bundle, Context, vega
from paper.images import images, policy
from paper.parsing.addresses import ATTRIBUTE, TAG, value_of
from paper.parsing.rawhtml import has_text
from paper.tools.cache import digest
from paper.words import words

HEIGHT: Final = 450  # pixels of a frame until it says how tall its content is
SCRIPT: Final = "application/javascript"
SANDBOX: Final = "allow-scripts allow-popups allow-forms"
_NAMES: Final = {"iframe": "a frame", "video": "a film", "audio": "a recording", "embed": "an embedded object",
                 "object": "an embedded object", "canvas": "a drawing by script"}  # fmt: skip
_PLAYED: Final = re.compile(rf"<({'|'.join(_NAMES)})\b", re.I)
_UNTRUSTED: Final = re.compile(
    r"<span[^<>]*>Make this Notebook Trusted[^<]*</span>"
)  # folium's, for notebooks
_REMEDY: Final = (
    'let the cell show a picture of it, too, or words within ::: {.content-visible unless-format="html:js"}'
)
# Tells the page that holds the frame how tall the content is.
_TALL: Final = (
    "<script>(function () { const tell = () => parent.postMessage({ paperFrame: "
    "document.documentElement.scrollHeight }, '*'); new ResizeObserver(tell).observe(document.body); "
    "addEventListener('load', tell); })();</script>"
)


def represent(bundle: Bundle, context: Context) -> Bundle:
    """Return the bundle with its HTML in a frame where it acts, and a note for paper without a picture."""
    markup = bundle["text/html"]
    inline = any(policy.scripts(markup)) or re.search(r"<script\b[^<>]*\bsrc=", markup, re.I) is not None
    played = _PLAYED.search(markup)
    if not played and (not inline or has_text(markup)):
        return bundle  # words stand on the page, with the scripts that the cell gave beside them
    framed = _UNTRUSTED.sub("", TAG.sub(lambda tag: _own_document(tag, context), markup))
    if inline and framed == markup:
        if SCRIPT in bundle:
            markup += f"<script>{bundle[SCRIPT]}</script>"
        framed = _frame(f'<!DOCTYPE html>\n<meta charset="utf-8">\n<body>{markup}{_TALL}</body>', context)
    results = {**bundle, "text/html": framed}
    if set(bundle) & set(IMAGES) or "text/markdown" in bundle:
        return results
    if (chart := vega.in_markup(markup, context)) is not None:
        return {**results, "image/svg+xml": chart}
    results["text/markdown"] = _note(markup, context)
    kind = (
        _NAMES[played[1].lower()]
        if played and not inline and "srcdoc" not in markup
        else "interactive content"
    )
    context.lost(_name(bundle, kind), ("typst", "docx"), _REMEDY)
    return results


def _own_document(tag: re.Match[str], context: Context) -> str:
    """Return a frame's tag with its page (``srcdoc``) as a file of its own."""
    if tag["tag"].lower() != "iframe":
        return tag[0]
    given = {match["name"].lower(): value_of(match) for match in ATTRIBUTE.finditer(tag["rest"])}
    if "srcdoc" not in given:
        return tag[0]
    address = _document(given["srcdoc"], context)
    given = {**given, "title": given.get("title") or _title(context)}
    kept = "".join(
        f' {name}="{html.escape(given[name])}"'
        for name in ("style", "width", "height", "title")
        if given.get(name)
    )
    return f'<iframe src="{html.escape(address)}" sandbox="{SANDBOX}" loading="lazy" allowfullscreen{kept}>'


def _frame(document: str, context: Context) -> str:
    address = html.escape(_document(document, context))
    height = context.cell.options.get("fig-height")
    pixels = round(float(height) * 96) if isinstance(height, int | float) else HEIGHT
    tall = "" if isinstance(height, int | float) else ' data-tall="auto"'
    return (
        f'<iframe class="paper-frame" src="{address}" sandbox="{SANDBOX}" loading="lazy" width="100%" '
        f'height="{pixels}"{tall} title="{html.escape(_title(context))}"></iframe>'
    )


def _document(text: str, context: Context) -> str:
    """Write a page of its own beside the chapter's, and return its address."""
    return context.attach(f"{digest(text)[:8]}.html", text.encode("utf8", "replace"))


def _title(context: Context) -> str:
    caption = context.cell.options.get("fig-alt") or context.cell.options.get("fig-cap")
    return (
        str(caption)
        if isinstance(caption, str)
        else words(context.project.lang)["interactive"].partition(":")[0]
    )


def _note(markup: str, context: Context) -> str:
    """Return what stands on paper: the address of what a frame or a film shows, else the page's."""
    for tag in TAG.finditer(markup):
        for attribute in ATTRIBUTE.finditer(tag["rest"]):
            address = value_of(attribute)
            if tag["tag"].lower() in (*_NAMES, "source") and attribute["name"].lower() in ("src", "data"):
                if images.is_remote(address):
                    return f"<{f'https:{address}' if address.startswith('//') else address}>"
                if images.is_local(address):
                    return f"[{address}](<{address}>)"
    return context.see_page()


def _name(bundle: Bundle, kind: str) -> str:
    named = re.match(r"<?(?:class ')?([A-Za-z_][\w.]*)", bundle.get("text/plain", "").strip())
    return f"{kind} ({named[1]})" if named else kind
