"""The shortcodes that look nothing up: page breaks, keys, videos, placeholders and filler text."""

from __future__ import annotations

import base64
import html
import re
from typing import Final, Literal

PAGE_BREAK: Final = {
    "html": '<div style="page-break-after: always;"></div>',
    "typst": "#pagebreak(weak: true)",
    "openxml": '<w:p><w:r><w:br w:type="page"/></w:r></w:p>',
}
_LOREM: Final = (
    "Lorem ipsum dolor sit amet, consectetur adipiscing elit, sed do eiusmod tempor incididunt ut labore et dolore "
    "magna aliqua. Ut enim ad minim veniam, quis nostrud exercitation ullamco laboris nisi ut aliquip ex ea commodo "
    "consequat."
)

Context = Literal["text", "code"]  # where a shortcode stands


def _only(form: str, text: str) -> str:
    """Blocks for some formats only."""
    return f'::: {{.paper-only only="{form}"}}\n{text}\n:::'


def page_break(context: Context) -> str:
    """Return a new page in every format; nothing in code."""
    if context == "code":
        return ""
    return "\n\n" + "\n\n".join(f"```{{={form}}}\n{code}\n```" for form, code in PAGE_BREAK.items()) + "\n\n"


def key(words: list[str], named: dict[str, str], context: Context) -> str:
    """Keys to press, as ``kbd`` shows them."""
    keys = words[0] if words else next(iter(named.values()))
    if context == "code":
        return keys
    shown = f'`<kbd aria-hidden="true">{html.escape(keys)}</kbd>'
    hidden = f'<span class="visually-hidden">{html.escape(keys)}</span>`{{=html}}'
    return f'{shown}{hidden}[`{keys}`]{{.paper-only only="typst docx"}}'


def video(words: list[str], named: dict[str, str], context: Context) -> str:
    """Return a video that plays on a page; its address elsewhere."""
    source = named.get("src") or (words[0] if words else "")
    if context == "code" or not source:
        return source
    safe = {name: html.escape(value) for name, value in named.items()}
    title, start = safe.get("title", ""), safe.get("start", "")
    ratio = re.fullmatch(r"(\d+)x(\d+)", named.get("aspect-ratio", ""))
    shape = f' style="aspect-ratio: {ratio[1]} / {ratio[2]}"' if ratio else ""
    size = "".join(f' {name}="{safe[name]}"' for name in ("width", "height", "aria-label") if name in safe)
    youtube = re.search(r"(?:youtube(?:-nocookie)?\.com/embed/|youtu\.be/|[?&]v=)([\w-]+)", source)
    vimeo = re.search(r"^https://vimeo\.com/(\w+)", source)
    if youtube or vimeo or "players.brightcove.net" in source:
        address = (
            f"https://www.youtube.com/embed/{youtube[1]}{f'?start={start}' if start else ''}"
            if youtube
            else f"https://player.vimeo.com/video/{vimeo[1]}"
            if vimeo
            else html.escape(source)
        )
        shown = f'<iframe src="{address}"{size} title="{title or "Video"}" allowfullscreen loading="lazy"></iframe>'
    else:
        shown = f'<video{size} controls title="{title}"><source src="{html.escape(source)}"></video>'
    words_of = f"{named['title']}: " if title else ""
    elsewhere = (
        f"{words_of}<{source}>" if re.match("https?:", source) else f"{words_of}[{source}](<{source}>)"
    )
    page = _only("html", f'```{{=html}}\n<div class="quarto-video"{shape}>{shown}</div>\n```')
    return f"\n\n{page}\n\n{_only('typst docx', elsewhere)}\n\n"


def placeholder(words: list[str], context: Context) -> str:
    """Return a grey image of a width and height that stands for one to come; in code its address."""
    sizes = [word for word in words if word.isdigit()]
    width = sizes[0] if sizes else "100"
    height = sizes[1] if len(sizes) > 1 else width
    drawing = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}">'
        f'<rect width="{width}" height="{height}" fill="#ddd"/>'
        f'<text x="50%" y="50%" font-family="sans-serif" text-anchor="middle">{width} x {height}</text></svg>'
    )
    address = f"data:image/svg+xml;base64,{base64.b64encode(drawing.encode()).decode()}"
    return address if context == "code" else f"![]({address})"


def lipsum(words: list[str]) -> str:
    """Paragraphs of filler text, as many as asked for, 100 at most."""
    number = int(words[0]) if words and words[0].isdigit() else 1
    return "\n\n".join([_LOREM] * min(number, 100))
