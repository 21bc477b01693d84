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
from paper.words import words
from paper.writers import cite
from paper.writers.typst import settings
from paper.writers.typst.syntax import MARK

PART: Final = 1_000_000  # characters: some fifty pages
BODY: Final = "// paper: body"  # what stands for the text where it is written in parts


def fill(project: Project, blocks: dict[str, Any], partials: str = "", **own: Any) -> str:
    """Return the Typst source of a document in the template whose partials stand in ``partials``.

    blocks: the document in pandoc's JSON; own: variables besides those of the project, or instead of them.
    """
    raw = {
        name: pf.MetaBlocks(pf.RawBlock(text, format="typst"))
        for name, text in settings.includes(project).items()
        if not partials
    }
    given = {**metadata(project), **titles.of_book(blocks), **own, **raw}
    variables = pf.Doc(metadata=given, api_version=(1, 23, 1))
    around = {**blocks, "meta": json.loads(trees.dump(variables))["meta"]}
    parts = _parts(blocks["blocks"])
    with tempfile.TemporaryDirectory() as staged:
        template = Path(staged) / "embedded.typ"
        for folder in ("typst", f"typst/{partials}"):
            # Partials are found beside the template that asks for them, under Quarto, too.
            for path in assets.within(project.root, folder, "*.typ"):
                shutil.copyfile(path, Path(staged) / path.name)
        args = ["--wrap=none", "--syntax-highlighting=idiomatic", f"--template={template}"]
        if len(parts) == 1:
            return _written(around, parts[0], args)
        body = json.dumps({"t": "RawBlock", "c": ["typst", BODY]})
        head, _, rest = _written(around, body, args).partition(BODY)
    return head + "\n\n".join(_written(blocks, part, args[:2]) for part in parts) + rest


def _written(document: dict[str, Any], blocks: str, args: list[str]) -> str:
    """Convert a document with other blocks than its own, which are given as JSON, with commas between them."""
    around = json.dumps({name: value for name, value in document.items() if name != "blocks"})
    return pandoc.run(f'{around[:-1]}, "blocks": [{blocks}]}}', to="typst-citations-smart", args=args)


def _parts(blocks: list[Any]) -> list[str]:
    """Return blocks as JSON in parts of at least PART, each but the first beginning with a heading and its mark.

    Pandoc takes some thirty bytes of memory for each character of the JSON that it is given at once.
    """
    parts: list[list[str]] = [[]]
    size = 0
    for at, block in enumerate(blocks):
        if (
            size > PART
            and _is_mark(block)
            and [after["t"] for after in blocks[at + 1 : at + 2]] == ["Header"]
        ):
            parts.append([])
            size = 0
        parts[-1].append(json.dumps(block))
        size += len(parts[-1][-1])
    return [",".join(part) for part in parts]


def _is_mark(block: dict[str, Any]) -> bool:
    return block["t"] == "RawBlock" and str(block["c"][1]).startswith(MARK)


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
