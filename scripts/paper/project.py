"""``_quarto.yml`` with its profile and variables, read once into plain objects."""

from __future__ import annotations

import datetime as dt
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import Any, Literal, NoReturn

from paper import dates
from paper.editions import WORKING, without_queries
from paper.errors import PaperError, Place, ProjectError, did_you_mean, together
from paper.settings import Yaml, line_of, merge, read_environment, read_yaml

ChapterKind = Literal["index", "chapter", "appendix"]

FORMATS = ("html", "typst", "docx")


@dataclass(frozen=True)
class Author:
    """One author as the title block prints them; what is not given is "". places: all affiliations, in words."""

    name: str
    email: str = ""
    orcid: str = ""
    affiliation: str = ""
    department: str = ""
    places: tuple[str, ...] = ()


@dataclass(frozen=True)
class Chapter:
    """One source of the book: its path from the project's root, and its place in the book.

    part: the title of the part that it stands in, or ""; opens: whether it is the page that opens one, which takes
    no number.
    """

    path: PurePosixPath
    kind: ChapterKind
    part: str = ""
    opens: bool = False

    @property
    def page(self) -> str:
        """The address of its page within the site."""
        return str(self.path.with_suffix(".html"))


@dataclass(frozen=True)
class Project:
    """The book as its settings describe it.

    environment: variables that the project sets in ``_environment``, which a page may print.
    """

    root: Path
    config: Yaml
    variables: Yaml
    chapters: tuple[Chapter, ...]
    profile: str = ""
    settings: tuple[Path, ...] = field(default=())
    environment: dict[str, str] = field(default_factory=dict)

    @property
    def book(self) -> Yaml:
        return _mapping(self.config.get("book"))

    @property
    def title(self) -> str:
        """The title as plain text; the front page has it as it is marked up."""
        return plain_text(str(self.book.get("title") or self.config.get("title") or "Untitled"))

    @property
    def subtitle(self) -> str:
        return plain_text(str(self.book.get("subtitle") or self.config.get("subtitle") or ""))

    @property
    def description(self) -> str:
        return plain_text(str(self.book.get("description") or ""))

    @property
    def doi(self) -> str:
        """The DOI without the address of its resolver, or ""."""
        given = str(self.book.get("doi") or self.config.get("doi") or "").strip()
        return re.sub(r"^(https?://(dx\.)?doi\.org/|doi:\s*)", "", given, flags=re.I)

    @cached_property
    def authors(self) -> tuple[Author, ...]:
        return tuple(authors(self.book.get("author") or self.config.get("author")))

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
    def _chapter_files(self) -> list[Path]:
        return [self.root / chapter.path for chapter in self.chapters]

    @property
    def lang(self) -> str:
        return str(self.config.get("lang") or "en")

    @property
    def keywords(self) -> tuple[str, ...]:
        value = self.book.get("keywords") or self.config.get("keywords") or ()
        return tuple(str(word) for word in _several(value))

    @property
    def output_file(self) -> str:
        """The name of the PDF and DOCX without their endings; Quarto takes the title where none is given."""
        given = self.book.get("output-file")
        name = str(given) if given else re.sub(r"[^\w\-.]+", "-", self.title).strip("-.") or "book"
        if re.search(r"[/\\\0]", name) or name in (".", "..") or len(name) > 200:
            raise ProjectError(
                f"book.output-file is {name!r}, which is not the name of a file",
                place=Place("_quarto.yml", line_of(self.root / "_quarto.yml", "book", "output-file")),
                remedy="write a plain name, such as my-paper",
            )
        return name

    @property
    def output_dir(self) -> Path:
        """The folder that a build writes: within the project, or beside it within its repository.

        Raises ProjectError for another, and for one that holds what the book is made from.
        """
        name = str(_mapping(self.config.get("project")).get("output-dir") or "_book")
        folder = self.root / name
        said = ""
        if (
            "\0" in name
            or len(name) > 200
            or self.root.resolve().is_relative_to(folder.resolve())
            or not _below(folder, _repository(self.root))
        ):
            said = "which is not a folder within the project or its repository"
        elif ".git" in folder.resolve().parts or any(
            path.resolve().is_relative_to(folder.resolve()) for path in self._sources()
        ):
            said = "which holds files that the book is made from"
        if said:
            raise ProjectError(
                f"project.output-dir is {name!r}, {said}",
                place=Place("_quarto.yml", line_of(self.root / "_quarto.yml", "project", "output-dir")),
                remedy="name a folder of its own, such as _site: what is in it is replaced",
            )
        return folder

    def _sources(self) -> Iterator[Path]:
        """What no output may take the place of."""
        yield from (self.root / chapter.path for chapter in self.chapters)
        yield from self.settings
        yield from (self.root / name for name in ("data", "assets", "scripts", "brief", ".git", ".paper"))

    @property
    def site_url(self) -> str:
        return str(self.book.get("site-url") or "").rstrip("/")

    @property
    def repo_url(self) -> str:
        return str(self.book.get("repo-url") or "").rstrip("/")

    @property
    def version(self) -> str:
        return str(self.config.get("version") or "")

    @property
    def synthetic(self) -> bool:
        """Whether this build shows made-up interviews, and so carries the mark on everything."""
        return shows_synthetic(self.profile)

    @property
    def working(self) -> bool:
        """Whether this build shows what is said to the author: the working edition, which is never published."""
        return WORKING in self.profile.split(",")

    def chapter(self, name: str) -> Chapter:
        """The chapter of that path, or of that file name. Raises ProjectError where there is none."""
        wanted = PurePosixPath(name).with_suffix("")
        for chapter in self.chapters:
            path = chapter.path.with_suffix("")
            if wanted in (path, PurePosixPath(path.name)):
                return chapter
        known = ", ".join(chapter.path.stem for chapter in self.chapters)
        raise ProjectError(
            f"there is no chapter {name!r}", place=Place("_quarto.yml"), remedy=f"chapters: {known}"
        )

    def folder_metadata(self, path: PurePosixPath) -> tuple[Yaml, tuple[PurePosixPath, ...]]:
        """What ``_metadata.yml`` in a chapter's folders says of it, and those files."""
        folders = [PurePosixPath(*path.parts[:n]) for n in range(1, len(path.parts))] or [PurePosixPath()]
        files = tuple(f / "_metadata.yml" for f in folders if is_file(self.root / f / "_metadata.yml"))
        meta: Yaml = {}
        for file in files:
            meta = merge(meta, read_yaml(self.root / file, str(file)))
        return meta, files

    @cached_property
    def bibliography(self) -> tuple[Path, ...]:
        value = self.config.get("bibliography") or ()
        return tuple(self._own_file("bibliography", str(name)) for name in _several(value))

    @cached_property
    def csl(self) -> Path | None:
        value = self.config.get("csl")
        return self._own_file("csl", str(value)) if value else None

    def level(self, name: str, default: int, form: str = "") -> int:
        """A setting that is a level of headings, of the book or of one format. Raises ProjectError."""
        return heading_level(self.format(form) if form else self.config, name, default)

    def _own_file(self, setting: str, name: str) -> Path:
        """The path of a file that a setting names. Raises ProjectError for one from outside, and for a private one."""
        path = self.root / name
        if "\0" in name or len(name) > 1000 or not _below(path, self.root) or is_private(self.root, path):
            raise ProjectError(
                f"{setting} is {name[:80]!r}, which a build may not read",
                place=Place("_quarto.yml", line_of(self.root / "_quarto.yml", setting)),
                remedy="name a file of the project outside data/private",
            )
        return path

    def format(self, name: str) -> Yaml:
        """The options of one format, with those that stand for all formats beneath them."""
        formats = self.config.get("format")
        if isinstance(formats, str):
            formats = {formats: {}}
        own = _mapping(formats).get(name)
        shared = {k: v for k, v in self.config.items() if k not in ("project", "book", "format", "execute")}
        return {**shared, **(_mapping(own))}


def plain_text(text: str) -> str:
    """A line of a setting that may be Markdown as plain text: without marks, notes and citations."""
    if not re.search(r"[*_`$\[\]^~\\]", text):
        return text
    text = re.sub(r"\^\[[^\]]*\]|\[\^[^\]]*\]|\s*\[[^\]]*@[^\]]*\]", "", text)
    text = re.sub(r"!?\[([^\]]*)\](?:\([^)]*\)|\{[^}]*\})", r"\1", text)
    text = re.sub(r"(?<!\\)(\$|`+)(?=\S)([^$`]+?)(?<=\S)\1", r"\2", text)
    for _ in range(3):  # marks within marks
        text = re.sub(r"(?<!\\)(\*\*|\*|\^|~~|~)(?=\S)([^*`$^~]+?)(?<=\S)\1", r"\2", text)
        text = re.sub(r"(?<![\w\\])(__|_)(?=\S)(.+?)(?<=\S)\1(?!\w)", r"\2", text)
    return re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", text)


def heading_level(options: Mapping[str, Any], name: str, default: int) -> int:
    """An option that is a level of headings. Raises ProjectError for what is none."""
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
    """The nearest folder upwards whose ``_quarto.yml`` describes a book.

    A nested project (the brief) is passed over. Raises ProjectError where there is none.
    """
    start = start.resolve()
    for folder in (start, *start.parents):
        settings = folder / "_quarto.yml"
        if settings.is_file() and re.search(
            r"\btype:\s*['\"]?book\b", settings.read_text("utf8", errors="replace")
        ):
            return folder
    raise _no_book(start)


def _no_book(start: Path) -> ProjectError:
    """What to do in a folder that is no book: another kind of project of Quarto's, a document alone, or neither."""
    settings = next((f / "_quarto.yml" for f in (start, *start.parents) if is_file(f / "_quarto.yml")), None)
    if settings is not None:
        kind = str(_mapping(read_yaml(settings).get("project")).get("type") or "default")
        return ProjectError(
            f"the project is of type {kind!r}, and only books are built here",
            place=Place("_quarto.yml", line_of(settings, "project", "type") or 1),
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
    """What to do with a document that is in no book. named: whether an index.qmd stands beside it."""
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
        place=Place("_quarto.yml", line_of(root / "_quarto.yml", "book", "chapters")),
        remedy="list it under book: chapters: and call `paper build`",
    )


def profile_name(given: str | None = None) -> str:
    """The profile asked for: by the command's option, else by ``QUARTO_PROFILE``, else none."""
    return given if given is not None else os.environ.get("QUARTO_PROFILE", "")


def shows_synthetic(profile: str) -> bool:
    """Whether a profile, or one of several that commas or spaces part as for Quarto, shows made-up interviews."""
    return "demo" in _words(profile)


def load(root: Path, profile: str | None = None) -> Project:
    """Read the project's settings. Raises ProjectError with file and line of what is wrong."""
    settings = [root / "_quarto.yml"]
    config = read_yaml(settings[0])
    profile = profile_name(profile)
    chosen, asked = _profiles(config, profile), _words(profile)
    for name in chosen:
        path = root / f"_quarto-{name}.yml"
        if path.is_file():
            settings.append(path)
            config = merge(config, read_yaml(path))
        elif name in asked:
            known = sorted(p.stem.removeprefix("_quarto-") for p in root.glob("_quarto-*.yml"))
            raise ProjectError(
                f"there is no profile {name!r}",
                place=Place(path.name),
                remedy=f"known profiles: {', '.join(known) or 'none'}",
            )
    for name in _several(config.get("metadata-files") or []):
        path = root / str(name)
        if not _below(path, root) or is_private(root, path):
            said = f"the metadata file {name} is outside the project or private"
            raise ProjectError(said, place=Place("_quarto.yml", line_of(settings[0], "metadata-files")))
        settings.append(path)
        config = merge(read_yaml(path), config)
    variables: Yaml = {}
    if (root / "_variables.yml").is_file():
        settings.append(root / "_variables.yml")
        variables = read_yaml(root / "_variables.yml")
    config, variables = without_queries(config), without_queries(variables)
    chapters = _chapters(root, _mapping(config.get("book")))
    environment: dict[str, str] = {}
    for path in [root / "_environment", *(root / f"_environment-{name}" for name in chosen)]:
        if path.is_file():
            settings.append(path)
            environment |= read_environment(path)
    return Project(root, config, variables, chapters, ",".join(chosen), tuple(settings), environment)


def _words(names: Any) -> list[str]:
    return list(filter(None, re.split(r"[,\s]+", names))) if isinstance(names, str) else _texts(names)


def _texts(value: Any) -> list[str]:
    return [str(item) for item in _several(value or [])]


def _profiles(config: Yaml, asked: str) -> list[str]:
    """The profiles in force: those asked for, else the default ones; and of each group at least its first."""
    settings = _mapping(config.get("profile"))
    chosen = _words(asked) or _words(settings.get("default") or [])
    groups = settings.get("group") or []
    for group in groups if groups and isinstance(groups[0], list) else [groups]:
        names = _texts(group)
        if names and not set(names) & set(chosen):
            chosen.append(names[0])
    return chosen


def _chapters(root: Path, book: Yaml) -> tuple[Chapter, ...]:
    settings = root / "_quarto.yml"
    if not book.get("chapters"):
        place = Place("_quarto.yml", line_of(settings, "book"))
        raise ProjectError("the book has no chapters", place=place, remedy="list them under book: chapters:")
    chapters: list[Chapter] = []
    errors: list[PaperError] = []

    def wrong(name: str, said: str, remedy: str = "") -> None:
        place = Place("_quarto.yml", _line_with(settings, name) or line_of(settings, "book"))
        errors.append(ProjectError(f"the chapter {name} {said}", place=place, remedy=remedy))

    for key, kind in (("chapters", "chapter"), ("references", "chapter"), ("appendices", "appendix")):
        for name, part, opens in _sources(book.get(key) or []):
            path = PurePosixPath(name)
            if path.is_absolute() or ".." in path.parts:
                wrong(name, "is outside the project")
            elif not is_file(root / path):
                there = (p.relative_to(root).as_posix() for p in root.glob("**/*.qmd"))
                remedy = did_you_mean(name, there, "create it, or take it from the list")
                wrong(name, "does not exist", remedy)
            else:
                front = kind == "chapter" and len(path.parts) == 1 and path.stem == "index"
                own: ChapterKind = "index" if front else kind  # type: ignore[assignment]
                if path not in {
                    chapter.path for chapter in chapters
                }:  # listed twice: ``listed_twice`` tells it
                    chapters.append(Chapter(path, own, part, opens))
    if errors:
        raise together(errors)
    return tuple(sorted(chapters, key=lambda chapter: chapter.kind != "index"))  # Quarto's order, too


def listed_twice(project: Project) -> list[tuple[str, int | None]]:
    """Return the chapters that ``_quarto.yml`` lists more than once, each with the line of its second place."""
    keys = ("chapters", "references", "appendices")
    names = [name for key in keys for name, _, _ in _sources(project.book.get(key) or [])]
    path = project.root / "_quarto.yml"
    return [(name, _line_with(path, name, count=2)) for name in dict.fromkeys(names) if names.count(name) > 1]


def _sources(entries: Any) -> Iterator[tuple[str, str, bool]]:
    """Paths of chapters in order, each with the title of its part ("" where there is none), and whether it opens it."""
    for entry in entries if isinstance(entries, list) else [entries]:
        if isinstance(entry, Mapping):
            if "part" in entry:
                part = str(entry["part"])
                if part.endswith((".qmd", ".md", ".ipynb")):
                    yield part, "", True
                    part = ""
                for name, _, opens in _sources(entry.get("chapters") or []):
                    yield name, part, opens
            elif entry.get("href") or entry.get("file"):
                yield str(entry.get("href") or entry.get("file")), "", False
        else:
            yield str(entry), "", False


def _line_with(path: Path, name: str, count: int = 1) -> int | None:
    """Return the line on which a name stands for the first, or another, time."""
    for number, line in enumerate(path.read_text("utf8", errors="replace").splitlines(), 1):
        if name in line and not line.lstrip().startswith("#"):
            count -= 1
            if count == 0:
                return number
    return None


def authors(value: Any, shared: Any = None) -> Iterator[Author]:
    """The authors that ``author:`` names, in the forms that Quarto knows.

    shared: ``affiliations:`` of the document, to which an author's may refer.
    """
    known = {str(item.get("id")): item for item in _several(shared or []) if isinstance(item, Mapping)}
    for entry in value if isinstance(value, list) else [value] if value else []:
        if not isinstance(entry, Mapping):
            yield Author(str(entry))
            continue
        name = entry.get("name")
        if isinstance(name, Mapping):
            name = " ".join(str(name[k]) for k in ("given", "family") if k in name)
        places = entry.get("affiliations") or entry.get("affiliation") or []
        listed = [
            known.get(str(item.get("ref") if isinstance(item, Mapping) else item), item)
            for item in _several(places)
        ]
        first = listed[0] if listed else ""
        place, department = "", ""
        if isinstance(first, Mapping):
            place, department = str(first.get("name") or ""), str(first.get("department") or "")
        elif first:
            place = str(first)
        yield Author(
            str(name or ""), str(entry.get("email") or ""), str(entry.get("orcid") or ""), place, department,
            tuple(filter(None, map(_affiliation, listed))),
        )  # fmt: skip


def _affiliation(value: Any) -> str:
    if not isinstance(value, Mapping):
        return str(value or "")
    names = ("department", "group", "name", "city", "state", "region", "country")
    return ", ".join(str(value[name]) for name in names if value.get(name))


def _several(value: Any) -> list[Any]:
    """What may be given alone or as a list."""
    return list(value) if isinstance(value, list | tuple) else [value]


def is_file(path: Path) -> bool:
    """Whether there is such a file; a name that no file can have has none."""
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False


def is_private(root: Path, path: Path) -> bool:
    """Whether a path leads, by way of links too, to the interviews' private text."""
    return path.resolve().is_relative_to((root / "data" / "private").resolve())


def _repository(root: Path) -> Path:
    """The folder of the repository that holds a project; the project's own where it is in none."""
    return next((folder for folder in (root, *root.resolve().parents) if (folder / ".git").exists()), root)


def _below(path: Path, root: Path) -> bool:
    return path.resolve().is_relative_to(root.resolve())


def _mapping(value: Any) -> Yaml:
    return dict(value) if isinstance(value, Mapping) else {}
