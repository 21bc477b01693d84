"""``_quarto.yml`` with its profile and variables, read once into plain objects.

Cells run with the chapter's folder as working directory, under both engines. The environment variable
``QUARTO_PROFILE`` names the profile, as under Quarto; ``demo`` reads ``data/synthetic/``.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import Any, NoReturn

from paper import dates, profiles
from paper.authors import Author, authors
from paper.chapters import Chapter, read_chapters
from paper.editions import WORKING, without_queries
from paper.errors import Place, ProjectError
from paper.paths import is_below, is_file, is_private, repository
from paper.settings import (
    Yaml,
    as_list,
    as_mapping,
    either_ending,
    line_of,
    merge,
    place_of,
    project_file,
    read_environment,
    read_yaml,
)
from paper.typography import plain_text

FORMATS = ("html", "typst", "docx")


@dataclass(frozen=True)
class Project:
    """The book as its settings describe it."""

    root: Path
    config: Yaml
    """``_quarto.yml`` with its profiles and metadata files merged in."""
    variables: Yaml
    """``_variables.yml``."""
    chapters: tuple[Chapter, ...]
    profile: str = ""
    """The profiles in force, with commas between them."""
    settings: tuple[Path, ...] = field(default=())
    """The files that all this was read from."""
    environment: dict[str, str] = field(default_factory=dict)
    """Variables that the project sets in ``_environment``, which a page may print."""

    @property
    def book(self) -> Yaml:
        """The settings under ``book:``."""
        return as_mapping(self.config.get("book"))

    @property
    def title(self) -> str:
        """The title as plain text; the front page has it as it is marked up."""
        return plain_text(str(self.book.get("title") or self.config.get("title") or "Untitled"))

    @property
    def subtitle(self) -> str:
        """The subtitle as plain text, or ""."""
        return plain_text(str(self.book.get("subtitle") or self.config.get("subtitle") or ""))

    @property
    def description(self) -> str:
        """The description as plain text, or ""."""
        return plain_text(str(self.book.get("description") or ""))

    @property
    def abstract(self) -> str:
        """The abstract as Markdown, or ""."""
        return str(self.book.get("abstract") or "").strip()

    @property
    def doi(self) -> str:
        """The DOI without the address of its resolver, or ""."""
        setting = str(self.book.get("doi") or self.config.get("doi") or "").strip()
        return re.sub(r"^(https?://(dx\.)?doi\.org/|doi:\s*)", "", setting, flags=re.I)

    @cached_property
    def authors(self) -> tuple[Author, ...]:
        """The authors in their order."""
        return tuple(
            authors(self.book.get("author") or self.config.get("author"), self.config.get("affiliations"))
        )

    @cached_property
    def date(self) -> dt.date | None:
        """The draft's date; ``SOURCE_DATE_EPOCH`` stands in for a missing one, and for one that changes by itself.

        None where the setting names no day ("Spring 2021"), which is shown as it was written.
        """
        value = self.book.get("date", self.config.get("date"))
        if value is None and dates.epoch() is None:
            return None
        return dates.parse("today" if value is None else value, self._chapter_files)

    @property
    def date_text(self) -> str:
        """The draft's date as a reader sees it, in the form that ``date-format`` asks for."""
        value = self.book.get("date", self.config.get("date"))
        style = self.book.get("date-format", self.config.get("date-format"))
        return dates.shown(self.date if value is None else value, self.lang, style, self._chapter_files)

    @property
    def _chapter_files(self) -> Iterator[Path]:
        return (self.root / chapter.path for chapter in self.chapters)

    @property
    def lang(self) -> str:
        """The language, as a BCP 47 tag."""
        return str(self.config.get("lang") or "en")

    @property
    def keywords(self) -> tuple[str, ...]:
        """The keywords in their order."""
        value = self.book.get("keywords") or self.config.get("keywords") or ()
        return tuple(str(word) for word in as_list(value))

    @property
    def output_file(self) -> str:
        """The name of the PDF and DOCX without their endings; Quarto takes the title where none is given."""
        given = self.book.get("output-file")
        name = str(given) if given else re.sub(r"[^\w\-.]+", "-", self.title).strip("-.") or "book"
        if re.search(r"[/\\\0]", name) or name in (".", "..") or len(name) > 200:
            raise ProjectError(
                f"book.output-file is {name!r}, which is not the name of a file",
                place=place_of(self.root, "book", "output-file"),
                remedy="write a plain name, such as my-paper",
            )
        return name

    @cached_property
    def output_dir(self) -> Path:
        """The folder that a build writes: within the project, or beside it within its repository.

        Raises ProjectError for another, and for one that holds what the book is made from.
        """
        name = str(as_mapping(self.config.get("project")).get("output-dir") or "_book")
        folder = self.root / name
        message = ""
        if (
            "\0" in name
            or len(name) > 200
            or self.root.resolve().is_relative_to(folder.resolve())
            or not is_below(folder, repository(self.root))
        ):
            message = "which is not a folder within the project or its repository"
        elif ".git" in (real := folder.resolve()).parts or any(
            path.resolve().is_relative_to(real) for path in self._sources()
        ):
            message = "which holds files that the book is made from"
        if message:
            raise ProjectError(
                f"project.output-dir is {name!r}, {message}",
                place=place_of(self.root, "project", "output-dir"),
                remedy="name a folder of its own, such as _site: what is in it is replaced",
            )
        return folder

    def _sources(self) -> Iterator[Path]:
        """Yield what no output may take the place of."""
        yield from (self.root / chapter.path for chapter in self.chapters)
        yield from self.settings
        yield from (self.root / name for name in ("data", "assets", "scripts", "brief", ".git", ".paper"))

    @property
    def site_url(self) -> str:
        """The address of the published site without a slash at its end, or ""."""
        return str(self.book.get("site-url") or "").rstrip("/")

    @property
    def repo_url(self) -> str:
        """The address of the repository without a slash at its end, or ""."""
        return str(self.book.get("repo-url") or "").rstrip("/")

    @property
    def sources_url(self) -> str:
        """The address in the repository below which the sources lie, as Quarto makes it, or ""."""
        parts = [self.repo_url, "blob", self.book.get("repo-branch") or "main", self.book.get("repo-subdir")]
        return "/".join(str(part).strip("/") for part in parts if part) if self.repo_url else ""

    @property
    def version(self) -> str:
        """The version of the draft, or ""."""
        return str(self.config.get("version") or "")

    @property
    def synthetic(self) -> bool:
        """Whether this build shows made-up interviews, and so carries the mark on everything."""
        return profiles.shows_synthetic(self.profile)

    @property
    def working(self) -> bool:
        """Whether this build shows what is said to the author: the working edition, which is never published."""
        return WORKING in self.profile.split(",")

    def chapter(self, name: str) -> Chapter:
        """Return the chapter of that path, or of that file name. Raises ProjectError where there is none."""
        wanted = PurePosixPath(name).with_suffix("")
        for chapter in self.chapters:
            path = chapter.path.with_suffix("")
            if wanted in (path, PurePosixPath(path.name)):
                return chapter
        known = ", ".join(chapter.path.stem for chapter in self.chapters)
        raise ProjectError(
            f"there is no chapter {name!r}", place=place_of(self.root), remedy=f"chapters: {known}"
        )

    def folder_metadata(self, path: PurePosixPath) -> tuple[Yaml, tuple[PurePosixPath, ...]]:
        """Return what ``_metadata.yml`` in a chapter's folders says of it, and those files."""
        folders = [PurePosixPath(*path.parts[:n]) for n in range(1, len(path.parts))] or [PurePosixPath()]
        found = (either_ending(self.root / folder / "_metadata.yml") for folder in folders)
        files = tuple(PurePosixPath(path.relative_to(self.root)) for path in found if is_file(path))
        meta: Yaml = {}
        for file in files:
            meta = merge(meta, read_yaml(self.root / file, str(file)))
        return meta, files

    @cached_property
    def bibliography(self) -> tuple[Path, ...]:
        """The files of the bibliography. Raises ProjectError for one that a build may not read."""
        value = self.config.get("bibliography") or ()
        return tuple(self._own_file("bibliography", str(name)) for name in as_list(value))

    @cached_property
    def csl(self) -> Path | None:
        """The file of the citation style, or None for pandoc's own. Raises ProjectError as ``bibliography``."""
        value = self.config.get("csl")
        return self._own_file("csl", str(value)) if value else None

    def level(self, name: str, default: int, form: str = "") -> int:
        """Return a setting that is a level of headings, of the book or of one format. Raises ProjectError."""
        return heading_level(self.format(form) if form else self.config, name, default)

    def _own_file(self, setting: str, name: str) -> Path:
        """Return the path of a file that a setting names. Raises ProjectError where a build may not read it."""
        path = self.root / name
        if "\0" in name or len(name) > 1000 or not is_below(path, self.root) or is_private(self.root, path):
            raise ProjectError(
                f"{setting} is {name[:80]!r}, which a build may not read",
                place=place_of(self.root, setting),
                remedy="name a file of the project outside data/private",
            )
        return path

    @property
    def formats(self) -> frozenset[str]:
        """The formats that the book's settings ask for, by their names."""
        setting = self.config.get("format")
        return frozenset(setting if isinstance(setting, dict) else {str(setting)})

    def format(self, name: str) -> Yaml:
        """Return the options of one format, with those that stand for all formats beneath them."""
        formats = self.config.get("format")
        if isinstance(formats, str):
            formats = {formats: {}}
        own = as_mapping(formats).get(name)
        shared = {k: v for k, v in self.config.items() if k not in ("project", "book", "format", "execute")}
        return {**shared, **(as_mapping(own))}


def heading_level(options: Mapping[str, Any], name: str, default: int) -> int:
    """Return an option that is a level of headings. Raises ProjectError for what is none."""
    value = options.get(name)
    if value is None:
        return default
    if isinstance(value, bool) or not re.fullmatch(r"[0-9]", str(value), re.ASCII):
        raise ProjectError(
            f"{name} is {str(value)[:40]!r}, which is not a level of headings",
            place=Place("_quarto.yml"),
            remedy="write a number from 1 to 6, there or in the chapter's front matter",
        )
    return int(value) or default


def find_root(start: Path) -> Path:
    """Return the nearest folder upwards whose settings describe a book.

    A nested project (the brief) is passed over. Raises ProjectError where there is none.
    """
    start = start.resolve()
    for folder in (start, *start.parents):
        settings = project_file(folder)
        if settings.is_file() and re.search(
            r"\btype:\s*['\"]?book\b", settings.read_text("utf8", errors="replace")
        ):
            return folder
    raise _no_book(start)


def _no_book(start: Path) -> ProjectError:
    """Return what to do in a folder that is no book: another project of Quarto's, a lone document, or neither."""
    settings = next((file for f in (start, *start.parents) if is_file(file := project_file(f))), None)
    if settings is not None:
        kind = str(as_mapping(read_yaml(settings).get("project")).get("type") or "default")
        return ProjectError(
            f"the project is of type {kind!r}, and only books are built here",
            place=Place(settings.name, line_of(settings, "project", "type") or 1),
            remedy="write `type: book` and list its pages under `book: chapters:`, index.qmd first; "
            "or build it with `quarto render`",
        )
    documents = sorted(path.name for kind in ("*.qmd", "*.ipynb") for path in start.glob(kind))
    if documents:
        return _alone(documents[0], named="index.qmd" in documents)
    return ProjectError(
        f"no book was found in {start} or above it",
        remedy="call the command in the project's folder, the one whose _quarto.yml says `type: book`",
    )


def _alone(name: str, *, named: bool = False) -> ProjectError:
    """Return what to do with a document that is in no book. named: whether an index.qmd stands beside it."""
    first = "index" + PurePosixPath(name).suffix
    renamed = "" if named or name == first else f"name {name} {first} and "
    return ProjectError(
        f"{name} stands alone, and only books are built here",
        place=Place(name),
        remedy=f"{renamed}write a _quarto.yml with `project: {{type: book}}` and "
        f"`book: {{title: A title, chapters: [{'index.qmd' if named else first}]}}`; or render it with `quarto render`",
    )


def refuse_document(document: Path) -> NoReturn:
    """Raise ProjectError for a build of one document, with what to do: a book is built whole."""
    if not is_file(document):
        raise ProjectError(f"{document} does not exist", remedy="`paper build` alone builds the book")
    path = document.resolve()
    try:
        root = find_root(path.parent)
    except ProjectError as error:
        raise (error if "stands alone" not in error.message else _alone(path.name)) from None
    if path in {(root / chapter.path).resolve() for chapter in load(root).chapters}:
        raise ProjectError(
            f"{document} is a chapter, and a book is built whole",
            remedy="call `paper build`, which runs no cell again whose inputs are the same; "
            "`paper preview` shows a chapter while you write it",
        )
    raise ProjectError(
        f"{document} is in no list of chapters, and a book is built whole",
        place=place_of(root, "book", "chapters"),
        remedy="list it under book: chapters: and call `paper build`",
    )


def load(root: Path, profile: str | None = None) -> Project:
    """Read the project's settings. Raises ProjectError with file and line of what is wrong."""
    settings = [project_file(root)]
    config = read_yaml(settings[0])
    profile = profiles.profile_name(profile)
    chosen, asked = profiles.in_force(config, profile), profiles.names(profile)
    for name in chosen:
        path = either_ending(root / f"_quarto-{name}.yml")
        if path.is_file():
            settings.append(path)
            config = merge(config, read_yaml(path))
        elif name in asked:
            known = [p.stem.removeprefix("_quarto-") for p in profiles.files(root)]
            raise ProjectError(
                f"there is no profile {name!r}",
                place=Place(path.name),
                remedy=f"known profiles: {', '.join(known) or 'none'}",
            )
    for name in as_list(config.get("metadata-files") or []):
        path = root / str(name)
        if not is_below(path, root) or is_private(root, path):
            message = f"the metadata file {name} is outside the project or private"
            raise ProjectError(message, place=place_of(root, "metadata-files"))
        settings.append(path)
        config = merge(read_yaml(path), config)
    variables: Yaml = {}
    if (path := either_ending(root / "_variables.yml")).is_file():
        settings.append(path)
        variables = read_yaml(path)
    config, variables = without_queries(config), without_queries(variables)
    chapters = read_chapters(root, as_mapping(config.get("book")))
    environment: dict[str, str] = {}
    for path in [root / "_environment", *(root / f"_environment-{name}" for name in chosen)]:
        if path.is_file():
            settings.append(path)
            environment |= read_environment(path)
    return Project(root, config, variables, chapters, ",".join(chosen), tuple(settings), environment)
