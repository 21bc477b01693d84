"""The document around the chapters: Quarto's template partials in ``assets/typst``, filled by pandoc."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import panflute as pf

from paper.errors import MachineError
from paper.project import Project
from paper.render import pandoc, structure
from paper.render.web import cite
from paper.render.web.words import date_text, words

FOLDER = Path("assets/typst")
OWN = Path(__file__).parents[4] / FOLDER  # for books that bring no template


def fill(project: Project, doc: pf.Doc) -> str:
    """The Typst source of the book. Raises MachineError where the template is missing."""
    for name, value in metadata(project).items():
        doc.metadata[name] = value
    return write(project, doc, "embedded.typ")


def write(project: Project, doc: pf.Doc, template: str) -> str:
    """Typst source of a document whose metadata are set, in a template of ``assets/typst``."""
    folder = project.root / FOLDER
    path = next((f / template for f in (folder, OWN) if (f / template).is_file()), None)
    if path is None:
        raise MachineError(f"{FOLDER / template} is missing", remedy="restore it; it gives the PDF its look")
    args = ["--wrap=none", "--syntax-highlighting=idiomatic", f"--template={path}"]
    return pandoc.run(structure.dump(doc), to="typst-citations", args=args)


def metadata(project: Project) -> dict[str, Any]:
    """The variables of the partials, by the names that Quarto gives them."""
    word = words(project.lang)
    given = project.format("typst")
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
        "date": date_text(project.date, project.lang),
        "version": word["version"].format(version=project.version) if project.version else "",
        "status": cite.status(project),
        "synthetic": word["synthetic_mark"] if project.synthetic else "",
        "keywords": list(project.keywords),
        "description": project.description,
        "lang": language,
        "region": region,
        "toc": given.get("toc", True) is not False,
        "toc-title": str(given.get("toc-title") or word["contents"]),
        "toc-depth": str(given.get("toc-depth") or 2),
        "section-title-appendices": word["appendices"],
    }
    return {name: value for name, value in values.items() if value not in ("", [], False)}
