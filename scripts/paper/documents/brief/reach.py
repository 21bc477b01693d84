"""How a reader of the brief gets to the paper: a sentence with a link, and the same as a QR code.

Called by cells of the brief. The address is ``book: site-url``; until there is one, the author's e-mail address.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path

from paper import project as projects
from paper.errors import ProjectError
from paper.project import Project
from paper.settings import place_of
from paper.words import words

MODULE_MM = 0.8  # of one square of the code: read by a phone from a hand's breadth


@dataclass(frozen=True)
class Address:
    """Where the paper can be had."""

    kind: str
    """"site" or "author"."""
    url: str
    shown: str
    """The address as it is printed."""


def address(project: Project) -> Address:
    """Find the paper's address. Raises ProjectError for a book without a site and without an author's e-mail."""
    if project.site_url:
        return Address("site", f"{project.site_url}/", project.site_url.partition("://")[2])
    email = next((author.email for author in project.authors if author.email), "")
    if not email:
        raise ProjectError(
            "the brief can't say how to reach the paper: the book has no address",
            place=place_of(project.root, "book"),
            remedy="give book: site-url, or the author's email",
        )
    return Address("author", f"mailto:{email}", email)


def sentence() -> None:
    """Print, as Markdown, how to reach the paper: for a cell with ``output: asis``."""
    project = _project()
    to = address(project)
    print(words(project.lang)[f"reach_{to.kind}"].format(link=f"[{to.shown}]({to.url})"))


@dataclass(frozen=True)
class Code:
    """A QR code as a drawing; address: what it says."""

    svg: str
    address: str

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str]:  # noqa: ARG002
        return {"image/svg+xml": self.svg, "text/plain": self.address}


def code() -> Code:
    """Return the QR code of the address; the same address gives the same drawing."""
    import segno

    to = address(_project())
    stream = io.BytesIO()
    result = segno.make(to.url, error="m", micro=False)
    result.save(
        stream,
        kind="svg",
        xmldecl=False,
        scale=MODULE_MM,
        unit="mm",
        border=2,
        dark="#1e2023",
        light="#ffffff",
    )
    return Code(stream.getvalue().decode("utf8"), to.url)


def _project() -> Project:
    return projects.load(projects.find_root(Path.cwd()))
