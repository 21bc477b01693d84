"""One whole page: the engine's text in its frame of header, contents, tools, footer and metadata.

`site/templates/page.html.j2` gets the context that `site/frame.py` documents; `site.css` and `site.js` (in `assets/`)
serve Quarto's pages too.
"""

from __future__ import annotations

import hashlib
import html
import json
import re
from contextlib import suppress
from functools import cache, partial
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote, urlsplit

import jinja2

from paper import words as wording
from paper.images import policy
from paper.parsing.sanitise import sanitise_html
from paper.project import Project
from paper.site import custom, files, llms, points, signposting
from paper.tools import installed
from paper.tools.cache import digest, engine, of_project
from paper.tools.files import write_atomic
from paper.writers import cite

if TYPE_CHECKING:
    from paper.site.site import NavEntry, Page

TEMPLATES: Final = Path(__file__).parent / "templates"
STYLES: Final = ("site.css", "figures.css")
SCRIPTS: Final = ("site.js", "preview.js", "search.js")
# For pages that have what these serve: file, and what its classes begin with.
WHERE_NEEDED: Final = {
    "constructs.css": re.compile(
        r'class="[^"]*\b(panel-tabset|code-|numberSource|theorem|proof|column-container|abstract|hidden|ansi|own-footer|cover-image|lightbox)'
    ),
    "tabs.js": re.compile(r'class="panel-tabset"'),
    "frames.js": re.compile(r'class="paper-frame"'),
    "tables.js": re.compile(r'class="([^"]*\s)?sortable[\s"]'),
    "figures.js": re.compile(r'class="figure-explore'),
}
# What makes a page shorter when it runs: nothing is painted before, where a browser can wait; else things move then.
# https://html.spec.whatwg.org/multipage/urls-and-fetching.html#blocking-attributes
BEFORE_PAINT: Final = ("tabs.js", "tables.js")
STATE_PAGE, NOT_FOUND, DRAFTS_PAGE = "state.html", "404.html", "drafts/index.html"
# What the scripts say; a test holds this list against them.
SCRIPT_WORDS: Final = (
    "search_hint", "search_none", "search_some", "search_folder", "search_failed",
    "theme_auto", "theme_light", "theme_dark", "copy", "copied", "copy_failed", "close",
    "link_section", "link_figure", "link_table", "link_paragraph", "link_copied",
    "go_to", "preview", "footnote", "reference",
    "table_search", "table_count", "table_sort", "table_order", "table_all", "table_fewer",
)  # fmt: skip
DESCRIBED: Final = 200  # characters of a description
LINKABLE: Final = 60  # characters from which a paragraph says something that one may want to link to


def page_html(project: Project, page: Page, nav: list[NavEntry]) -> str:
    """Render one whole page as HTML; without ``nav`` it has no contents and no search."""
    return fragment(project, "page.html.j2", **_context(project, page, nav))


def fragment(project: Project, template: str, /, *, t: dict[str, str], **context: Any) -> str:
    """Render a template. Its words are attributes: of a dict, Jinja would take methods such as ``copy`` first."""
    environment = _environment()
    if environment.bytecode_cache is None:  # of the first project, if a process builds several
        environment.bytecode_cache = _Compiled(of_project(project.root).folder)
    return environment.get_template(template).render(t=SimpleNamespace(**t), **context)


def _context(project: Project, page: Page, nav: list[NavEntry]) -> dict[str, Any]:
    """Return the template's context.

    project, page, nav (list of NavEntry), previous and next (NavEntry or None), root ("../"…), t (the
    interface's words), heading and body (HTML), status, head_title, date_text and licence (text), csp,
    favicon (path or ""), cover (HTML of the front page),
    own (the author's HTML by place), own_footer (HTML), canonical (address or ""), meta and
    open_graph (pairs), json_ld and words_json (JSON fit for a script element), cite (the forms of the dialog),
    forms (the paper's other forms, pairs of address and name), source (address or ""), signposts (links for
    machines), markdown (address of the page's text or ""), points (pages in other languages), styles and scripts
    (files in assets/css and assets/js), blocking (those of the scripts that run before anything is painted),
    state_page and drafts_page.
    """
    t = wording.words(project.lang)
    kept = of_project(project.root)
    place = next((n for n, entry in enumerate(nav) if entry.path == page.path), None)
    front = page.kind == "index"
    root = page.root
    if page.path == NOT_FOUND and project.site_url:  # served in place of any address, however deep
        root = urlsplit(project.site_url).path.rstrip("/") + "/"
    description = describe(project, page)
    canonical = (
        f"{project.site_url}/{quote(page.path)}" if project.site_url and page.path != NOT_FOUND else ""
    )
    meta = [("description", description)] if description else []
    if project.synthetic or project.working or page.kind == "page":
        meta.append(("robots", "noindex"))
    if front:
        meta += cite.highwire(project)
    own = custom.book_includes(project)
    own |= {name: "\n".join(filter(None, (own[name], text))) for name, text in page.includes.items()}
    own_footer = custom.footer(project, root)
    cover = _cover(project) if front else ""
    in_repository = f"{project.sources_url}/{page.source}" if project.repo_url and page.source else ""
    return {
        "project": project,
        "page": page,
        "nav": nav,
        "previous": nav[place - 1] if place else None,
        "next": nav[place + 1] if place is not None and place + 1 < len(nav) else None,
        "root": root,
        "t": t,
        "heading": together(page.heading_html),
        "body": kept.kept(
            "framed", digest(page.body, t["scrolls"], installed.libraries()), partial(framed, page.body, t)
        ),
        "status": cite.status(project),
        "head_title": project.title if front else f"{page.title} – {project.title}",
        "date_text": project.date_text,
        "licence": cite.licence(project).text,
        "csp": policy.text((*page.allows, *policy.in_markup("\n".join(own.values())))),
        "favicon": custom.favicon(project),
        "cover": cover,
        "own": {name.replace("-", "_"): text for name, text in own.items()},
        "own_footer": own_footer,
        "canonical": canonical,
        "meta": meta,
        "open_graph": cite.open_graph(
            project, page.title, canonical, description, custom.cover(project) if canonical else ""
        ),
        "json_ld": script_json(cite.json_ld(project, description)) if front else "",
        "words_json": script_json({name: t[name] for name in SCRIPT_WORDS}),
        "cite": cite.forms(project),
        "forms": [(root + path, name) for path, name in files.downloads(project)],
        "source": in_repository,
        "signposts": signposting.signposts(project, page),
        "markdown": _markdown(project, page),
        "points": points.read(project.root) if front else [],
        "styles": styles(cover + page.front + page.body + own_footer),
        "scripts": (*SCRIPTS, *_needed(page.body, ".js")),
        "blocking": BEFORE_PAINT,
        "state_page": STATE_PAGE,
        "drafts_page": DRAFTS_PAGE,
    }


def _markdown(project: Project, page: Page) -> str:
    own = page.kind != "page" and llms.is_written(project)
    return quote(llms.address(page.path).rpartition("/")[2]) if own else ""


def describe(project: Project, page: Page) -> str:
    """Return a page's description for search results: its own, else how its text begins."""
    given = page.description or (project.description if page.kind == "index" else "")
    if given or page.kind == "page":
        return given
    paragraphs = (_plain(text[1]) for text in re.finditer(r"<p>(.*?)</p>", page.body, flags=re.DOTALL))
    first = next((text for text in paragraphs if len(text) >= LINKABLE), "")
    return first if len(first) <= DESCRIBED else first[:DESCRIBED].rpartition(" ")[0].rstrip(",;:") + " …"


def _plain(markup: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", "", markup)).split())


def _cover(project: Project) -> str:
    """Render the book's cover as Quarto shows it on the front page; "" for none.

    https://quarto.org/docs/books/book-output.html#cover-images
    """
    path = custom.cover(project)
    alt = html.escape(str(project.book.get("cover-image-alt") or ""))
    return f'<p class="cover-image"><img src="{quote(path)}" alt="{alt}"></p>' if path else ""


def styles(body: str) -> tuple[str, ...]:
    """Return the stylesheets that HTML needs, in their order."""
    return (*STYLES, *_needed(body, ".css"))


def _needed(body: str, kind: str) -> tuple[str, ...]:
    return tuple(name for name, sign in WHERE_NEEDED.items() if name.endswith(kind) and sign.search(body))


def script_json(value: object) -> str:
    """Encode JSON that can stand in a script element: nothing in it ends the element or opens a comment."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def framed(body: str, t: dict[str, str]) -> str:
    """Make paragraphs of the body linkable, and its tables and code scrollable by keyboard.

    A paragraph's id is made of its words: it stays while they stay, wherever the paragraph moves.
    """
    body = sanitise_html(body)
    label = html.escape(t["scrolls"], quote=True)
    open_table = f'<div class="table-scroll" role="region" aria-label="{label}" tabindex="0"><table'
    body = re.sub(r"<table(?=[\s>])", open_table, body)
    body = body.replace("</table>", "</table></div>")
    body = re.sub(r"<pre(?![^>]*tabindex)(?=[\s>])", '<pre tabindex="0"', body)
    seen: dict[str, int] = {}

    def linkable(match: re.Match[str]) -> str:
        text = _plain(match[1])
        if len(text) < LINKABLE:
            return match[0]
        key = "p-" + hashlib.sha256(text.encode()).hexdigest()[:7]
        seen[key] = seen.get(key, 0) + 1
        return f'<p id="{key}{"" if seen[key] == 1 else f"-{seen[key]}"}">{match[1]}</p>'

    text, notes, rest = body.partition('<section id="footnotes"')
    return re.sub(r"<p>(.*?)</p>", linkable, text, flags=re.DOTALL) + notes + rest


def together(heading: str) -> str:
    """Keep hyphenated words of a heading on one line: no "re-" at a line's end in large type."""
    parts = re.split(r"(<[^>]*>)", heading)
    parts[::2] = [
        re.sub(r"\w+(?:-\w+)+", r'<span class="together">\g<0></span>', text) for text in parts[::2]
    ]
    return "".join(parts)


class _Compiled(jinja2.BytecodeCache):
    """Compiled templates in a project's cache, of this engine; where it can't be written, none are kept."""

    def __init__(self, kept: Path) -> None:
        self._name = f"{kept / 'templates'}/%s-{engine(kept)}.cache"

    def load_bytecode(self, bucket: jinja2.bccache.Bucket) -> None:
        with suppress(OSError):
            bucket.bytecode_from_string(Path(self._name % bucket.key).read_bytes())

    def dump_bytecode(self, bucket: jinja2.bccache.Bucket) -> None:
        with suppress(OSError):
            write_atomic(Path(self._name % bucket.key), bucket.bytecode_to_string())


@cache
def _environment() -> jinja2.Environment:
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        keep_trailing_newline=True,
    )
