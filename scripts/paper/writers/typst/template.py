"""The document around the chapters: Quarto's template partials in ``assets/typst``, filled by pandoc.

`typst-template.typ` and `typst-show.typ` (in `assets/typst/`) are Quarto template partials; the embedded engine feeds
them the same variables and the same constructs (`#figure(kind: "quarto-float-fig", …)`, `#ref(<fig-x>, supplement:
[Figure])`, `#callout(…)`). `look.typ` is shared with the brief's partials in `brief/` beside it; `embedded.typ` takes
the place of Quarto's template. Under Quarto the look for Typst books that it brings keeps its filter, whatever the
partials: the template answers the calls `appendices` and `part` that it writes. `tests/render/test_quarto_typst.py`
holds the template to the document that Quarto puts around it. A front page calls for the contents with a raw Typst
block `#contents()`. What a cell says again (`publishing.markdown.RepeatedCell`) stands there as metadata
`<paper-again>`, which the template shows in the first row of a page.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from pathlib import Path
from typing import Any, Final

import panflute as pf

from paper import assets
from paper.parsing import titles
from paper.parsing.wording import Wording, options
from paper.project import Project
from paper.tools import pandoc, trees
from paper.tools.cache import Cache, digest, file_digest
from paper.words import words
from paper.writers import cite
from paper.writers.typst import settings

PART: Final = 1_000_000  # characters: some fifty pages
BODY: Final = "// paper: body"  # what stands for the text until the document is there
END: Final = (
    "// paper: end"  # stands behind a part, so that what follows is laid out as if it were of the same part
)
ARGS: Final = ("--wrap=none", "--syntax-highlighting=idiomatic")


def fill(project: Project, document: dict[str, Any], partials: str = "", **own: Any) -> str:
    """Return the Typst source of a document in the template whose partials stand in ``partials``.

    document: in pandoc's JSON; own: variables besides those of the project, or instead of them.
    """
    of_book = titles.of_book(document)
    return surround(project, written(document["blocks"]), partials, **{**of_book, **own})


def surround(
    project: Project, text: str, partials: str = "", *, cache: Cache | None = None, **own: Any
) -> str:
    """Return a text in Typst's language in the template. partials, own: as of ``fill``; cache: keeps the template."""
    raw = {
        name: pf.MetaBlocks(pf.RawBlock(text, format="typst"))
        for name, text in settings.includes(project).items()
        if not partials
    }
    around = trees.dump(
        pf.Doc(
            pf.RawBlock(BODY, format="typst"),
            metadata={**metadata(project), **own, **raw},
            api_version=(1, 23, 1),
        )
    )
    folders = ("typst", f"typst/{partials}")
    paths = [path for folder in folders for path in assets.within(project.root, folder, "*.typ")]

    def filled() -> list[str]:
        with tempfile.TemporaryDirectory() as staged:
            for path in paths:  # partials are found beside the template that asks for them, under Quarto, too
                shutil.copyfile(path, Path(staged) / path.name)
            document = _pandoc(around, f"--template={Path(staged) / 'embedded.typ'}")
            head, _, rest = document.partition(BODY)
            return [head, rest]

    if cache is None:
        head, rest = filled()
    else:
        files = [(path.name, file_digest(path)) for path in paths]
        head, rest = cache.kept("typst", digest("template", around, files, pandoc.binary()), filled)
    return head + text.rstrip("\n") + rest


def written(blocks: list[Any]) -> str:
    """Convert blocks in pandoc's JSON, in parts of at least PART: pandoc takes thirty bytes for each character."""
    parts: list[list[str]] = [[]]
    size = 0
    for block in blocks:
        if size > PART:
            parts.append([])
            size = 0
        parts[-1].append(json.dumps(block))
        size += len(parts[-1][-1])
    end = json.dumps({"t": "RawBlock", "c": ["typst", END]})
    texts = (
        _pandoc(f'{{"pandoc-api-version": [1, 23, 1], "meta": {{}}, "blocks": [{",".join([*part, end])}]}}')
        for part in parts
    )
    return "".join(text.rpartition(END)[0] for text in texts)


def _pandoc(document: str, *args: str) -> str:
    return pandoc.run(document, to="typst-citations-smart", args=[*ARGS, *args])


def metadata(project: Project) -> dict[str, Any]:
    """Return the variables of the partials, by the names that Quarto gives them."""
    word = words(project.lang)
    given = project.format("typst")
    wording = Wording.of(options(project, {}, "typst"))
    authors = [
        {
            "name": {"literal": author.name},
            "affiliations": [{"name": author.affiliation, "department": author.department}],
            "email": author.email,
            "orcid": author.orcid,
        }
        for author in project.authors
    ]
    language, _, region = project.lang.partition("-")
    values = {
        "title": project.title,
        "subtitle": project.subtitle,
        "by-author": authors,
        "date": project.date_text,
        "version": project.version,
        "version-text": word["version"].format(version=project.version) if project.version else "",
        "status": cite.status(project),
        "synthetic": word["synthetic_mark"] if project.synthetic else "",
        "working": project.working,
        "keywords": list(project.keywords),
        "description": project.description,
        "lang": language,
        "region": region,
        "toc": given.get("toc", True) is not False,
        "toc-title": str(given.get("toc-title") or (word["contents"] if language == "en" else "")),
        "toc-depth": str(project.level("toc-depth", 2, "typst")),
        "section-title-appendices": word["appendices"],
        "crossref-sec-prefix": wording.prefix("sec"),
        "crossref-ch-prefix": wording.prefix("ch"),
        "crossref-apx-prefix": wording.prefix("apx"),
        **settings.look(project),
    }
    return {name: value for name, value in values.items() if value not in ("", [], False)}
