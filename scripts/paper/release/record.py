"""The manifest of a build: what it was made from, with what, and the hash of each file that it made.

It lies in the site as ``manifest.json``. The next build reads from it whether there is anything to do, and
``paper verify`` whether a published site is what a checkout gives.
"""

from __future__ import annotations

import hashlib
import json
import os
import platform
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import quote

from paper.folders import is_environment, is_output
from paper.profiles import output_folders
from paper.project import Project
from paper.settings import ENDINGS
from paper.tools import git, installed
from paper.tools.cache import content_hash, of_project
from paper.tools.digests import Digests
from paper.tools.json_text import indented

NAME = "manifest.json"
# Libraries whose version shows in what a build makes.
LIBRARIES = (
    "jinja2", "pagefind", "pagefind_bin", "pandas", "panflute", "paper", "plotly", "pybtex", "pypandoc_binary",
    "python-docx", "segno", "typst",
)  # fmt: skip
# Folders that no build reads, beside outputs and what is private.
PASSED_OVER = frozenset({"__pycache__", "node_modules", "tests", "benchmarks"})
RENEWED = ("assets/figures", "assets/data")  # what cells draw and write anew when their data have changed
# Documents and recordings: no build reads them but from assets/ and where a chapter names them, and their names may
# tell who was interviewed.
NOT_READ = (
    ".3gp", ".aac", ".amr", ".avi", ".doc", ".docx", ".eml", ".flac", ".m4a", ".mkv", ".mov", ".mp3", ".mp4", ".msg",
    ".odt", ".ogg", ".opus", ".pages", ".pdf", ".qdpx", ".rtf", ".wav", ".webm", ".wma", ".zip",
)  # fmt: skip
TEXTS = (".qmd", ".md", ".ipynb", *ENDINGS)  # where a document may be named
LEFT_BY_EDITORS = ("~", ".swp", ".swo", ".tmp", ".pyc", ".orig", ".rej", ".bak")


@dataclass(frozen=True)
class Manifest:
    """What a build was made from and what it made. Hashes are SHA-256; paths are relative, with ``/``.

    engine: "embedded" or Quarto with its version; made_from: for each target the hash of all inputs and tools that
    it was made from; without: targets that are not in the site, and so not offered by its pages, with their files'
    names; inputs and files: path → hash; tools: name → version. unlisted: further inputs, whose names are
    not published; they are known while a build runs only. repository: where the book says that its sources are
    (``repo-url``), so that a reader can build them anew; "" where it says nothing.
    """

    engine: str
    profile: str
    made_from: dict[str, str] = field(default_factory=dict)
    tools: dict[str, str] = field(default_factory=dict)
    inputs: dict[str, str] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)
    unlisted: dict[str, str] = field(default_factory=dict)
    without: dict[str, str] = field(default_factory=dict)
    repository: str = ""

    def text(self) -> str:
        """Return the manifest as it lies in the site."""
        shown = {name: value for name, value in sorted(vars(self).items()) if name != "unlisted"}
        sort = ((name, dict(sorted(v.items())) if isinstance(v, dict) else v) for name, v in shown.items())
        return indented(dict(sort)) + "\n"


def read(site: Path) -> Manifest | None:
    """Return the manifest of a built site; None where there is none or it is damaged."""
    try:
        return parse((site / NAME).read_text("utf8"))
    except (OSError, UnicodeDecodeError):
        return None


def parse(text: str) -> Manifest | None:
    """Parse a manifest from its text; None where that is no manifest."""
    try:
        value = json.loads(text)
        engine, profile = value.pop("engine"), value.pop("profile")
        parts = {name: value.get(name) for name in ("made_from", "tools", "inputs", "files")}
        parts["without"] = value.get("without", {})
        if not all(map(_strings, parts.values())):
            return None
        return Manifest(str(engine), str(profile), **parts, repository=str(value.get("repository", "")))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None


def of(project: Project, engine: str) -> Manifest:
    """Return the manifest that a build of the sources as they are now begins with: no target, no file."""
    digests = Digests(of_project(project.root).folder / "digests.json")
    results = {name: digests.of(project.root / name) for name in _inputs(project)}
    digests.keep()
    if engine != "embedded":  # Quarto writes there while it renders
        results = {name: was for name, was in results.items() if not name.startswith("_freeze/")}
    ignored = _ignored_by_git(project.root)
    listed = {
        name: was
        for name, was in results.items()
        if not (name in ignored or name.startswith(tuple(n for n in ignored if n.endswith("/"))))
    }
    unlisted = {name: was for name, was in results.items() if name not in listed}
    return Manifest(
        engine, project.profile, {}, tools(), listed, unlisted=unlisted, repository=project.repo_url
    )


def renewed(manifest: Manifest, root: Path) -> dict[str, str]:
    """Return the drawings and data files that cells renewed since the manifest was begun: path → hash."""
    now = hashes(root, (f"{folder}/{name}" for folder in RENEWED for name in files(root / folder)))
    known = manifest.inputs | manifest.unlisted
    return {
        name: was for name, was in now.items() if known.get(name) != was and name not in manifest.unlisted
    }


def write(
    manifest: Manifest,
    targets: Iterable[str],
    site: Path,
    kept: Mapping[str, str] | None = None,
    known: Mapping[str, str] | None = None,
) -> None:
    """Put the manifest into a finished site.

    kept: the origins of targets that stand there from earlier builds; known: hashes of files that it has, by path.
    """
    results = {**(kept or {}), **dict.fromkeys(targets, origin_of(manifest))}
    renew(replace(manifest, made_from=results), site, known)


def current(manifest: Manifest, last: Manifest | None) -> set[str]:
    """Return the targets that a site holds made from just what a build that begins with ``manifest`` would take."""
    origin = origin_of(manifest)
    return {target for target, made_from in (last.made_from if last else {}).items() if made_from == origin}


def stale(manifest: Manifest) -> list[str]:
    """Return the targets of a site that are made from something else than its pages, or than the most, sorted."""
    origins = list(manifest.made_from.values())
    of_pages = manifest.made_from.get("html") or max(origins, key=origins.count, default="")
    return sorted(target for target, origin in manifest.made_from.items() if origin != of_pages)


def renew(manifest: Manifest, site: Path, known: Mapping[str, str] | None = None) -> None:
    """Write the manifest anew with the files that the site has now. known: as of ``write``."""
    results = dict(known or {})
    names = [name for name in files(site) if name != NAME]
    results |= hashes(site, (name for name in names if name not in results))
    text = replace(manifest, files={name: results[name] for name in names}).text()
    (site / NAME).write_text(text, "utf8")


def files(folder: Path) -> list[str]:
    """Return the files of a folder, relative to it, folder by folder in order."""
    return list(_files(folder))


def up_to_date(manifest: Manifest, site: Path, targets: Collection[str], forms: Collection[str]) -> bool:
    """Whether the site holds these targets made from the same inputs and tools, every file as it was made.

    forms: the targets that pages offer beside themselves, which must offer those that are there and no others.
    """
    last = read(site)
    fresh = current(manifest, last)
    if last is None or not fresh.issuperset(targets):
        return False
    if "html" in targets and set(last.without) != set(forms) - fresh:
        return False
    return not differences(last, site)


def differences(manifest: Manifest, site: Path) -> list[str]:
    """Files that are missing or not as the manifest says, sorted."""
    return sorted(name for name, was in manifest.files.items() if file_hash(site / name) != was)


def origin_of(manifest: Manifest) -> str:
    """One hash for the engine, profile, tools and inputs."""
    parts = [
        manifest.engine,
        manifest.profile,
        sorted(manifest.tools.items()),
        sorted({**manifest.inputs, **manifest.unlisted}.items()),
    ]
    return hash_of(parts)


def hash_of(value: object) -> str:
    """Return one hash for what JSON can hold."""
    return hashlib.sha256(json.dumps(value).encode()).hexdigest()


def tools() -> dict[str, str]:
    """Python and the libraries that show in a build, with their versions; what is missing is left out."""
    versions = {name: installed.version(name) for name in LIBRARIES}
    return {"python": platform.python_version(), **{name: v for name, v in versions.items() if v}}


def hashes(root: Path, names: Iterable[str]) -> dict[str, str]:
    """Return relative path → hash."""
    return {name: file_hash(root / name) for name in names}


def file_hash(path: Path) -> str:
    """Return the SHA-256 of a file; "" where there is none to read, or no end, as in a pipe."""
    try:
        return content_hash(path, "sha256")
    except OSError:
        return ""


def _inputs(project: Project) -> Iterator[str]:
    """Every file that a build may read, by its path from the root. Interviews' private text is none of them."""
    folders = [project.root / "data" / "private", project.root / "assets" / "vendor"]
    within = (os.path.relpath(folder, project.root) for folder in (*folders, *output_folders(project.root)))
    left_out = tuple(f"{Path(name).as_posix()}/" for name in within)
    texts, others = [], []
    for name in _files(project.root, passed_over=PASSED_OVER):
        if name.startswith(left_out):
            continue
        if name.lower().endswith(NOT_READ) and not name.startswith("assets/"):
            others.append(name)
            continue
        yield name
        if name.endswith(TEXTS):
            texts.append(project.root / name)
    text = "".join(path.read_text("utf8", errors="replace") for path in texts) if others else ""
    for name in others:
        last = name.rpartition("/")[2]
        if last in text or quote(last) in text:
            yield name


def _ignored_by_git(root: Path) -> frozenset[str]:
    """Return what git ignores, folders with a ``/`` at their end: nothing that a checkout has."""
    asked = ("--others", "--ignored", "--exclude-standard", "--directory")
    return frozenset(os.fsdecode(git.ask(root, "ls-files", "-z", *asked) or b"").split("\0")) - {""}


def _files(root: Path, passed_over: frozenset[str] = frozenset()) -> Iterator[str]:
    """Yield the files of a folder relative to it, those of each folder before those within its own, by name."""
    resolved = root.resolve()

    def within(folder: str) -> Iterator[str]:
        folders = []
        try:
            entries = sorted(os.scandir(root / folder), key=lambda entry: entry.name)
        except OSError:
            return
        if passed_over and folder and is_environment(entry.name for entry in entries):
            return
        for entry in entries:
            name = entry.name
            if passed_over and name[0] == ".":
                continue
            if entry.is_dir(follow_symlinks=False):
                if not (passed_over and _is_passed_over(name, passed_over)):
                    folders.append(f"{folder}{name}/")
            elif (
                entry.is_file()
                and not (passed_over and name.endswith(LEFT_BY_EDITORS))
                and not (entry.is_symlink() and not Path(entry).resolve().is_relative_to(resolved))
            ):
                yield folder + name
        for below in folders:
            yield from within(below)

    return within("")


def _is_passed_over(folder: str, passed_over: frozenset[str]) -> bool:
    return folder in passed_over or is_output(folder) or folder.endswith(".egg-info")


def _strings(value: object) -> bool:
    return isinstance(value, dict) and all(
        isinstance(k, str) and isinstance(v, str) for k, v in value.items()
    )
