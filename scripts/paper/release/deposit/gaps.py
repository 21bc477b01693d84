"""What archives and journals ask of a paper and this one doesn't say, each with the place where its author says it.

Nothing is said for the author: what isn't stated stays out of the metadata.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import Path

from lxml import etree

from paper.errors import Place
from paper.project import Project
from paper.report import Fault
from paper.settings import place_of

# Statements that stand in the text: the class of their section, and where the JATS has them.
IN_TEXT = {
    "data-availability": ("where the data are", "//sec[@sec-type='data-availability']"),
    "ethics-statement": ("on ethics", "//sec[@sec-type='ethics-statement']"),
    "competing-interests": ("of interests", "//fn[@fn-type='coi-statement']"),
    "funding": ("on funding", "//funding-group"),
}


def gaps(project: Project, archive: Path | None) -> list[Fault]:
    """Return a note for each thing that isn't said. archive: the JATS of the same build, None where it has none."""
    return [*_of_settings(project), *(_of_text(project, archive) if archive else ())]


def _of_settings(project: Project) -> Iterator[Fault]:
    authors, settings = place_of(project.root, "book", "author"), place_of(project.root)
    for author in project.authors:
        for missing, what, remedy in (
            (not author.orcid, "the ORCID iD", "orcid: 0000-0000-0000-0000"),
            (not author.roles, "the part in the work (CRediT)", "roles: [conceptualization, writing]"),
            (
                not any(place.ror for place in author.affiliations),
                "the ROR of an institution",
                "ror: https://ror.org/…",
            ),
        ):
            if missing:
                yield _note(
                    authors, f"{what} of {author.name} is not stated", f"add `{remedy}` under the author"
                )
    for missing, what, remedy in (
        (not (project.description or project.abstract), "a description", "description:"),
        (not project.keywords, "keywords", "keywords:"),
        (not project.version, "a version", "version:"),
        (not project.site_url, "the address of the website", "book: site-url:"),
        (not project.repo_url, "the address of the repository", "book: repo-url:"),
    ):
        if missing:
            yield _note(settings, f"{what} is not stated", f"say it under `{remedy}`")


def _of_text(project: Project, archive: Path) -> Iterator[Fault]:
    with zipfile.ZipFile(archive) as packed:
        name = next(name for name in packed.namelist() if name.endswith(".xml"))
        root = etree.fromstring(packed.read(name), etree.XMLParser(load_dtd=False, no_network=True))
    for kind, (what, path) in IN_TEXT.items():
        if not root.xpath(path):
            yield _note(
                place_of(project.root),
                f"no statement {what} was found",
                f"write a section `## … {{.{kind}}}` in a chapter",
            )


def _note(place: Place, message: str, remedy: str) -> Fault:
    return Fault(str(place.file), place.line, "not-stated", message, remedy, "note")
