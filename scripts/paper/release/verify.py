"""Is a published site what a checkout gives? Compares its manifest with its files and with the sources here."""

from __future__ import annotations

import hashlib
import http.client
import os
import re
import time
import urllib.error
import urllib.request
import zlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote, urlsplit, urlunsplit

from paper import limits
from paper.errors import MachineError, Place, SourceError
from paper.project import Project
from paper.release import crate, record, sbom
from paper.release.record import Manifest

TIMEOUT = limits.value("PAPER_VERIFY_TIMEOUT")  # seconds for each file
PUBLISHED_ONLY = (
    "drafts/",
    "feed.xml",
    sbom.NAME,
    crate.NAME,
)  # what publishing adds to a site, or changes in it
_GENERATOR = re.compile(
    r"<meta[^>]*\bname=[\"']?generator[\"']?[^>]*\bcontent=[\"']?(?P<name>[^\"'>]+)", re.IGNORECASE
)
_CIRCLE = "the server leads around in a circle: give the address to which a browser comes"
_ANSWERS = {
    **dict.fromkeys((301, 302, 303, 307, 308), _CIRCLE),
    **dict.fromkeys((401, 403), "who isn't signed in may not see this site: give a folder with a copy of it"),
}
MOST = 200_000_000  # bytes that one file may have


@dataclass(frozen=True)
class Verdict:
    """How a site compares. Each list is sorted.

    damaged: files that are missing or not as its manifest says; added: files that it doesn't name, which only a folder
    shows; sources: inputs that differ from the checkout's, or
    are only in one of the two; tools: name → (there, here) where versions differ; different: files that a build of
    this checkout, where there is one, has otherwise; stale: targets made from other sources than the site's pages.
    """

    damaged: list[str] = field(default_factory=list)
    added: list[str] = field(default_factory=list)
    sources: list[str] = field(default_factory=list)
    tools: dict[str, tuple[str, str]] = field(default_factory=dict)
    different: list[str] = field(default_factory=list)
    stale: list[str] = field(default_factory=list)

    @property
    def same(self) -> bool:
        """Whether the site is whole and made from these sources. Other tools alone are no difference."""
        return not (self.damaged or self.added or self.sources or self.different or self.stale)


def verify(project: Project, site: str) -> Verdict:
    """Compare a site, a folder or an http(s) address, with the checkout.

    Raises SourceError where there is no manifest, MachineError where the site can't be reached.
    """
    read = reader(site)
    there = manifest_of(read, site)
    here = record.of(project, there.engine)
    with ThreadPoolExecutor(max_workers=8) as pool:
        result = dict(zip(there.files, pool.map(lambda name: _hash(read(name)), there.files), strict=True))
    return Verdict(
        damaged=sorted(name for name, was in there.files.items() if result[name] != was),
        added=[] if _on_web(site) else _added(Path(site), there),
        sources=_unequal(there.inputs, here.inputs),
        tools={
            name: (there.tools.get(name, "none"), here.tools.get(name, "none"))
            for name in sorted({*there.tools, *here.tools})
            if there.tools.get(name) != here.tools.get(name)
        },
        different=_built_here(project, there, here),
        stale=record.stale(there),
    )


def reader(site: str) -> Callable[[str], bytes | None]:
    """Return what reads a site's files by name, from a folder or an http(s) address; None for no file."""
    return _from_web(site) if _on_web(site) else _from_folder(Path(site))


def manifest_of(read: Callable[[str], bytes | None], site: str) -> Manifest:
    """Return the manifest of a site. Raises SourceError where there is none."""
    text = read(record.NAME)
    result = record.parse(text.decode("utf8", "replace")) if text is not None else None
    if result is None:
        raise SourceError(
            _what_is_there(read, site, text),
            place=Place(site or "no address"),
            remedy="give the folder or the address of a site that `paper build` made",
        )
    return result


def _what_is_there(read: Callable[[str], bytes | None], site: str, text: bytes | None) -> str:
    """Say what stands where a manifest was looked for. text: that of manifest.json, where there is one."""
    if not _on_web(site) and not Path(site).is_dir():
        return "this is no folder, and no address that begins with https:// or http://"
    if text is not None and not text.lstrip().startswith((b"{", b"[")):
        return "there is no manifest.json of this project: a page stands in its place"
    if text is not None:
        return f"its manifest.json is not one of `paper build`: {text[:60].decode('utf8', 'replace')!r}"
    page = read("index.html")
    if page is None:
        return "there is no manifest.json of this project, and no page either"
    made = _GENERATOR.search(page.decode("utf8", "replace"))
    by = f", whose pages were made by {made['name']}" if made else ""
    return f"there is no manifest.json of this project{by}: what these pages were made from can't be told"


def nothing_there(site: str) -> bool:
    """Whether an address answers that it has neither a manifest nor a front page; a folder is never meant so.

    Raises MachineError where the address can't be reached, or answers with a fault of its own.
    """
    read = reader(site)
    return _on_web(site) and read(record.NAME) is None and read("index.html") is None


def fetch(site: str, under: str, into: Path) -> list[str]:
    """Copy a site's files below a folder of it, each as its manifest says, into ``into``; returns their names.

    Raises SourceError where a file is not what the manifest says, or leads outside.
    """
    read = reader(site)
    wanted = {n: h for n, h in manifest_of(read, site).files.items() if n.startswith(under.rstrip("/") + "/")}
    for name, was in wanted.items():
        target = (into / name).resolve()
        data = read(name)
        if not target.is_relative_to(into.resolve()) or data is None or _hash(data) != was:
            raise SourceError(
                f"{name} is missing there or not as the manifest says",
                place=Place(site),
                remedy="publish that site again, or leave its drafts out",
            )
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
    return list(wanted)


def _built_here(project: Project, there: Manifest, here: Manifest) -> list[str]:
    """Files that differ from this checkout's own output, where that is of the same sources and engine."""
    own = record.read(project.output_dir)
    if own is None or own.inputs != here.inputs or (own.engine, own.profile) != (there.engine, there.profile):
        return []
    return [name for name in _unequal(there.files, own.files) if not name.startswith(PUBLISHED_ONLY)]


def _added(folder: Path, manifest: Manifest) -> list[str]:
    """Files and links of a folder that its manifest doesn't name; a web server's own settings begin with a dot."""
    names = (
        Path(here, name).relative_to(folder).as_posix()
        for here, _, files in os.walk(folder)
        for name in files
        if name != "CNAME" and not name.startswith(".")
    )
    return sorted(name for name in names if name not in manifest.files and name != record.NAME)


def _unequal(one: dict[str, str], other: dict[str, str]) -> list[str]:
    return sorted(name for name in {*one, *other} if one.get(name) != other.get(name))


def _hash(data: bytes | None) -> str:
    return "" if data is None else hashlib.sha256(data).hexdigest()


def _on_web(site: str) -> bool:
    return site.lower().startswith(("http://", "https://"))


def _folder_of(address: str) -> str:
    """Return the address of a site's folder, where that of a page of it was given."""
    parts = urlsplit(address)
    path = re.sub(r"[^/]+\.html?$", "", parts.path)
    return urlunsplit((parts.scheme, parts.netloc, path.rstrip("/"), "", ""))


def _from_folder(folder: Path) -> Callable[[str], bytes | None]:
    def read(name: str) -> bytes | None:
        try:
            path = (folder / name).resolve()
            inside = path.is_relative_to(folder.resolve()) and path.is_file()
            return path.read_bytes() if inside else None
        except (OSError, ValueError):  # a name that no file can have
            return None

    return read


def _from_web(address: str) -> Callable[[str], bytes | None]:
    def read(name: str) -> bytes | None:
        url = address
        try:
            url = f"{_folder_of(address)}/{quote(name)}"
            with urllib.request.urlopen(url, timeout=TIMEOUT) as answer:
                return _body(answer)
        except urllib.error.HTTPError as error:
            if error.code in (404, 410):
                return None
            remedy = _ANSWERS.get(error.code, "try again later")
            raise MachineError(f"{url} answers {error.code}", remedy=remedy) from None
        except (OSError, ValueError, http.client.HTTPException, zlib.error) as error:
            raise MachineError(
                f"{url} can't be reached: {getattr(error, 'reason', error)}",
                remedy="check the address and the network",
            ) from None

    return read


def _body(answer: http.client.HTTPResponse) -> bytes:
    """Return a server's answer, within MOST bytes and TIMEOUT seconds; unpack what was packed unasked."""
    end = time.monotonic() + TIMEOUT
    parts: list[bytes] = []
    size = 0
    while size < MOST and (part := answer.read1(65_536)):
        parts.append(part)
        size += len(part)
        if time.monotonic() > end:
            raise TimeoutError(f"more than {TIMEOUT:g} s for one file (PAPER_VERIFY_TIMEOUT)")
    body = b"".join(parts)
    packed = answer.headers.get("Content-Encoding", "") in ("gzip", "deflate")
    return zlib.decompressobj(zlib.MAX_WBITS | 32).decompress(body, MOST) if packed else body
