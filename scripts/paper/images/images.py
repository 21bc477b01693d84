"""The images of a book: what an address means, and the file that it names."""

from __future__ import annotations

import base64
import binascii
import os
import re
from pathlib import Path, PurePosixPath
from typing import Final
from urllib.parse import unquote, unquote_to_bytes

from paper.errors import ChapterError, Place, nearest
from paper.paths import is_private
from paper.project import Project
from paper.report import Fault, warning
from paper.tools.cache import digest
from paper.tools.files import write_atomic

VIDEO: Final = (".mp4", ".webm", ".ogv", ".mov", ".m4v", ".mkv", ".avi")
AUDIO: Final = (".mp3", ".wav", ".oga", ".ogg", ".m4a", ".flac", ".opus", ".aac")
LONGEST: Final = 80  # characters of an address in a message
_SCHEME: Final = re.compile(r"[a-z][a-z0-9+.-]*:", re.I)
_DATA: Final = re.compile(r"data:(?P<type>[^;,]*)(?P<settings>[^,]*),(?P<content>.*)", re.I | re.S)
# What a picture's first bytes say of it, whatever its name says.
_SIGNATURES: Final = (
    (b"\x89PNG\r\n\x1a\n", "png"), (b"\xff\xd8\xff", "jpg"), (b"GIF8", "gif"), (b"%PDF-", "pdf"), (b"BM", "bmp"),
    (b"II*\0", "tiff"), (b"MM\0*", "tiff"), (b"%!PS", "eps"), (b"\xc5\xd0\xd3\xc6", "eps"),
)  # fmt: skip


def is_local(url: str) -> bool:
    """Whether an address may name a file of the project."""
    return bool(url) and not url.startswith(("#", "//")) and not _SCHEME.match(url)


def is_remote(url: str) -> bool:
    """Whether an address is one of the web."""
    return url.lower().startswith(("http:", "https:", "//"))


def is_data(url: str) -> bool:
    """Whether an address holds its file."""
    return url.lower().startswith("data:")


def short_address(url: str) -> str:
    """Return the address as a message names it: no kilobytes of base 64."""
    return url if len(url) <= LONGEST else f"{url[:LONGEST]}…"


def path_of(url: str) -> str:
    """Return the path of an address, without query and anchor, as written."""
    return url.split("#")[0].split("?")[0]


def suffix(url: str) -> str:
    """Return the lower-case suffix of the file that an address names, with its dot."""
    return PurePosixPath(unquote(path_of(url))).suffix.lower()


def is_media(url: str) -> bool:
    """Whether an address names a film or a recording, which only a page can play."""
    return not is_data(url) and suffix(url) in VIDEO + AUDIO


def local_file(project: Project, page: str, url: str) -> Path | None:
    """Return the file in the project that an address on a page means; None where it leads outside.

    A path that begins with ``/`` is meant from the project's root, as in Quarto.
    https://quarto.org/docs/websites/#linking
    """
    written = path_of(url)
    folder = PurePosixPath() if written.startswith("/") else PurePosixPath(page).parent
    root = project.root.resolve()
    path = (root / folder / unquote(written).lstrip("/")).resolve()
    if (
        "%" in written and not path.exists()
    ):  # pandoc writes a space as %20; a file's name may hold such signs itself
        literal = (root / folder / written.lstrip("/")).resolve()
        path = literal if literal.is_file() else path
    return path if path.is_relative_to(root) else None


def existing_file(path: Path) -> Path | None:
    """Return the file of this path, or the only one there whose name differs in capitals alone; None for none.

    Authors' systems often don't tell A from a, so their books hold such names.
    """
    if path.is_file():
        return path
    folder = path.parent if path.parent.is_dir() else _folder(path.parent)
    if folder is None:
        return None
    same = [p for p in folder.iterdir() if p.name.casefold() == path.name.casefold() and p.is_file()]
    return same[0] if len(same) == 1 else None


def _folder(path: Path) -> Path | None:
    """Return the folder of this path, where names of folders may differ from it in capitals."""
    if path.is_dir() or path == path.parent:
        return path
    above = _folder(path.parent)
    named = [p for p in above.iterdir() if p.name.casefold() == path.name.casefold()] if above else []
    return named[0] if len(named) == 1 and named[0].is_dir() else None


def other_capitals(project: Project, page: str, url: str, place: Place) -> Fault | None:
    """Return the warning of an image whose file is written with other capitals; None for any other."""
    path = local_file(project, page, url)
    file = existing_file(path) if path is not None else None
    if file is None or path is None or file == path:
        return None
    name = file.relative_to(project.root.resolve()).as_posix()
    message = f"the image {short_address(url)} is shown from {name}: capitals differ, and most servers tell them apart"
    return warning(
        place, "image-capitals", message, f"write {name}, or give the file the name that the text has"
    )


def site_path(project: Project, page: str, url: str) -> str:
    """Return the place in the site that an address on a page means; "" where it leads outside."""
    path = local_file(project, page, url)
    return path.relative_to(project.root.resolve()).as_posix() if path is not None else ""


def work_file(project: Project, url: str) -> Path | None:
    """Return the file that a cell drew, which has its whole path as address; None for any other address."""
    path = Path(unquote(url))
    return path if path.is_absolute() and path.is_relative_to(project.root / ".paper") else None


def relative_to_page(url: str, page: str) -> str:
    """Return an address from the project's root as one from the page; others as they are."""
    if not url.startswith("/") or url.startswith("//"):
        return url
    return "../" * page.count("/") + url.lstrip("/")


def data_of(url: str) -> bytes:
    """Return the content of a ``data:`` address (RFC 2397). Raises ValueError where it is none."""
    match = _DATA.fullmatch(url)
    if not match:
        raise ValueError("not a data: address")
    content = unquote_to_bytes(match["content"])
    if "base64" not in match["settings"].lower():
        return content
    try:
        return base64.b64decode(re.sub(rb"\s", b"", content), validate=True)
    except binascii.Error as error:
        raise ValueError(str(error)) from None


def kind_of(content: bytes) -> str:
    """Return the kind of picture that bytes are (svg, png, jpg, gif, webp, avif, bmp, tiff, pdf, eps), or ""."""
    for signature, kind in _SIGNATURES:
        if content.startswith(signature):
            return kind
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "webp"
    if content[4:8] == b"ftyp" and content[8:12] in (b"avif", b"avis"):
        return "avif"
    return "svg" if re.search(rb"<(?:\w+:)?svg[\s>]", content[:5000]) else ""


def store(content: bytes, folder: Path) -> Path:
    """Return the file in ``folder`` that holds a picture's bytes, named by them; written where it isn't there."""
    path = folder / f"{digest(content)}.{kind_of(content) or 'bin'}"
    if not path.is_file():
        write_atomic(path, content)
    return path


def missing_image(project: Project, page: str, url: str, place: Place) -> ChapterError:
    """Return the fault of an image that isn't there, with the file that may be meant."""
    path = local_file(project, page, url)
    if path is None:
        return ChapterError(
            f"the image {short_address(url)} is outside the project", place=place,
            remedy="put the file beside the chapter or in assets/, and correct the path",
        )  # fmt: skip
    near = near_file(project.root, path)
    remedy = f"did you mean {near}?" if near else "put the file there, or correct the path"
    return ChapterError(f"the image {short_address(url)} does not exist", place=place, remedy=remedy)


def near_file(root: Path, path: Path) -> str:
    """Return the file whose name is nearest to that of a missing one: in its folder, else anywhere; or ""."""
    root = root.resolve()
    folder = path.parent
    beside = [p.name for p in folder.iterdir() if p.is_file()] if folder.is_dir() else []
    by_name = {name.lower(): name for name in beside if not name.startswith(".")}
    if near := nearest(path.name.lower(), by_name, cutoff=0.75):
        return (folder / by_name[near]).relative_to(root).as_posix()
    for place, folders, names in os.walk(root):
        folders[:] = sorted(name for name in folders if name[0] not in "._" and name != "node_modules")
        if path.name in names and not is_private(root, Path(place, path.name)):
            return Path(place, path.name).relative_to(root).as_posix()
    return ""
