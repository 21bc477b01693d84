"""The RO-Crate of a build: what lies in the folder, made from which files, by which software, each with its hash.

RO-Crate 1.1 (https://www.researchobject.org/ro-crate/specification/1.1/) with the build as Process Run Crate 0.5
(https://www.researchobject.org/workflow-run-crate/profiles/process_run_crate/). The format asks for a date and a
licence; a book that states none has no crate. Neither have the demonstration and the working edition, which are
never published. `rocrate`, which writes crates, copies what it describes and puts today's date into it, so that no
two builds would be alike; the tests hold ours to its makers' validator.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote, unquote

from paper.authors import Affiliation, Author
from paper.project import Project
from paper.release import record
from paper.release.media_types import media_type
from paper.release.record import Manifest
from paper.tools.json_text import indented
from paper.writers import cite

NAME: Final = "ro-crate-metadata.json"
CRATE: Final = "https://w3id.org/ro/crate/1.1"
PROCESS: Final = "https://w3id.org/ro/wfrun/process/0.5"
WHOLE: Final = {
    "pagefind": "The index of the search",
    "drafts": "Earlier drafts",
    "site_libs": "Scripts and styles",
}
BUILD: Final = "#build"
ENGINE: Final = Path(__file__).resolve().parents[1]

Entity = dict[str, Any]


@dataclass(frozen=True)
class Part:
    """A file of the crate."""

    path: str
    """Its place in the crate."""
    name: str = ""
    """What it is, in words; "" for its path."""
    licence: str = ""
    """The address of its own licence, where that is another one than the crate's."""
    kind: str = "File"
    """Its type beside ``File``, or that alone."""


def is_described(project: Project) -> bool:
    """Whether a build of the book carries a crate: it is to be published, and states its date and its licence."""
    rights = cite.licence(project)
    return bool(project.date and (rights.url or rights.text)) and not (project.synthetic or project.working)


def write(project: Project, manifest: Manifest, site: Path) -> dict[str, str]:
    """Write the crate of a built site, or take away one of an earlier build where there is none now.

    Returns the hashes of the files that it describes one by one, by path.
    """
    target = site / NAME
    if not is_described(project) or not (site / "index.html").is_file():
        target.unlink(missing_ok=True)
        return {}
    (site / record.NAME).touch()  # it is written next, since it holds the hash of this file
    names = [name for name in record.files(site) if name != NAME]
    opened = output_names(project)
    parts = [Part(name, opened.get(name, "")) for name in names if name.split("/")[0] not in WHOLE]
    folders = sorted({name.split("/")[0] for name in names} & set(WHOLE))
    engine = _engine_within(project)
    sources = [
        _described({"@id": f"#source/{quote(name)}", "@type": _sort(name), "name": name, "sha256": was})
        for name, was in manifest.inputs.items()
        if not name.startswith(engine)
    ]
    results = [part.path for part in parts if part.path != record.NAME]
    graph = [
        *describe(project, parts, site, folders={f"{name}/": WHOLE[name] for name in folders}),
        *provenance(project, manifest, [source["@id"] for source in sources], results),
        *sources,
    ]
    target.write_text(text(graph), "utf8")
    return {unquote(one["@id"]): one["sha256"] for one in graph if one["@type"] == "File" and "sha256" in one}


def text(graph: Iterable[Entity]) -> str:
    """Return a crate's file."""
    whole = {"@context": f"{CRATE}/context", "@graph": list(graph)}
    return indented(whole) + "\n"


def describe(
    project: Project, parts: Iterable[Part], folder: Path, *, folders: Mapping[str, str] | None = None
) -> list[Entity]:
    """Return the crate itself, its files, the people behind it and its licences.

    folder: where the parts lie; folders: whole folders of the crate, with a ``/`` at their end, and what they are.
    """
    listed = list(parts)
    rights = cite.licence(project)
    licence = rights.url or "#licence"
    people = [_person(author, number) for number, author in enumerate(project.authors, 1)]
    places = {
        place: _place(place) for author in project.authors for place in author.affiliations if str(place)
    }
    directories = [
        _described({"@id": name, "@type": "Dataset", "name": description})
        for name, description in (folders or {}).items()
    ]
    files = [_file(part, folder) for part in listed]
    known = {"", licence, *(part.path for part in listed)}  # a licence's text may lie in the crate
    licences = sorted({part.licence for part in listed} - known)
    assert project.date is not None  # `is_described` says so
    root = {
        "@id": "./",
        "@type": "Dataset",
        "name": project.title,
        "description": project.description or project.subtitle or project.title,
        "datePublished": project.date.isoformat(),
        "license": {"@id": licence},
        "author": _ids(people),
        "keywords": ", ".join(project.keywords),
        "inLanguage": project.lang,
        "version": project.version,
        "creativeWorkStatus": cite.status(project),
        "identifier": f"https://doi.org/{project.doi}" if project.doi else "",
        "url": f"{project.site_url}/" if project.site_url else "",
        "hasPart": _ids([*files, *directories]),
        "mentions": {"@id": BUILD},
        "conformsTo": {"@id": PROCESS},
    }
    return [
        {"@id": NAME, "@type": "CreativeWork", "conformsTo": {"@id": CRATE}, "about": {"@id": "./"}},
        _described(root),
        {"@id": PROCESS, "@type": "CreativeWork", "name": "Process Run Crate", "version": "0.5"},
        _described(
            {
                "@id": licence,
                "@type": "CreativeWork",
                "name": rights.text or rights.url,
                "description": rights.text,
            }
        ),
        *({"@id": address, "@type": "CreativeWork", "name": address} for address in licences),
        *people,
        *places.values(),
        *files,
        *directories,
    ]


def provenance(
    project: Project, manifest: Manifest, sources: Iterable[str], results: Iterable[str]
) -> list[Entity]:
    """Return the build as an action: which software made which files of which.

    sources, results: ids of entities.
    """
    quarto = manifest.engine != "embedded"
    versions = {name: version for name, version in manifest.tools.items() if name != "paper"}
    tools = [
        {
            "@id": _package_url(name, version),
            "@type": "SoftwareApplication",
            "name": name,
            "softwareVersion": version,
        }
        for name, version in versions.items()
    ]
    engine = {
        "@id": "https://quarto.org" if quarto else "#engine",
        "@type": "SoftwareApplication",
        "name": "Quarto" if quarto else "paper",
        "softwareVersion": manifest.engine.rpartition(" ")[2] if quarto else manifest.tools.get("paper", ""),
        "description": ""
        if quarto
        else "The engine that builds the book: a research paper that builds itself",
        "url": "https://quarto.org" if quarto else project.repo_url,
        "sha256": "" if quarto else _engine_hash(project, manifest),
        "softwareRequirements": _ids(tools),
    }
    action = {
        "@id": BUILD,
        "@type": "CreateAction",
        "name": "The build",
        "description": "Chapters, data and code in; pages and documents out. manifest.json holds the hash of each.",
        "instrument": {"@id": engine["@id"]},
        "object": _one([{"@id": name} for name in sources]),
        "result": _one([{"@id": quote(name)} for name in results]),
    }
    return [_described(action), _described(engine), *tools]


def _package_url(name: str, version: str) -> str:
    """Return the address of a package that depends on no registry's host. https://github.com/package-url/purl-spec."""
    kind = "generic" if name == "python" else "pypi"
    return f"pkg:{kind}/{name.lower().replace('_', '-')}@{quote(version)}"


def _file(part: Part, folder: Path) -> Entity:
    path = folder / part.path
    mutable = part.path == record.NAME  # it holds the hash of this crate
    return _described(
        {
            "@id": quote(part.path),
            "@type": "File" if part.kind == "File" else ["File", part.kind],
            "name": part.name or part.path,
            "encodingFormat": media_type(part.path),
            "contentSize": "" if mutable else str(path.stat().st_size),
            "sha256": "" if mutable else record.file_hash(path),
            "license": {"@id": part.licence} if part.licence else "",
        }
    )


def _person(author: Author, number: int) -> Entity:
    orcid = author.orcid.rstrip("/").rpartition("/")[2]
    return _described(
        {
            "@id": f"https://orcid.org/{orcid}" if orcid else f"#author-{number}",
            "@type": "Person",
            "name": author.name,
            "affiliation": _one(
                [{"@id": _place(place)["@id"]} for place in author.affiliations if str(place)]
            ),
        }
    )


def _place(place: Affiliation) -> Entity:
    ror = place.ror.rstrip("/").rpartition("/")[2]
    address = f"https://ror.org/{ror}" if ror else f"#affiliation/{quote(str(place))}"
    return {"@id": address, "@type": "Organization", "name": str(place)}


def output_names(project: Project) -> dict[str, str]:
    """Return what the files are that a person opens: path → name."""
    name = project.output_file
    return {
        "index.html": "The website's front page",
        f"{name}.pdf": "The paper as PDF",
        f"{name}.docx": "The paper as a Word document",
        f"{name}.epub": "The paper as an e-book",
        f"{name}.html": "The paper as one HTML file",
        f"{name}-jats.zip": "The paper as JATS XML with its figures",
        "brief.pdf": "The brief for practitioners as PDF",
        record.NAME: "The manifest: the hash of each file that the build read and made",
    }


def _sort(name: str) -> str:
    """Return the type of a source, which lies outside the crate."""
    if name.endswith((".py", ".lua", ".js", ".typ")):
        return "SoftwareSourceCode"
    return "Dataset" if name.startswith("data/") else "CreativeWork"


def _engine_within(project: Project) -> str:
    """Return how inputs begin that are files of the engine itself, which stands in the crate as one piece of software.

    Where the engine is installed, none does.
    """
    root = project.root.resolve()
    return f"{ENGINE.relative_to(root).as_posix()}/" if ENGINE.is_relative_to(root) else "\0"


def _engine_hash(project: Project, manifest: Manifest) -> str:
    """Return one hash for all files of the engine, where they lie in the project; "" where it is installed."""
    within = _engine_within(project)
    own = {name: was for name, was in manifest.inputs.items() if name.startswith(within)}
    return record.hash_of(own) if own else ""


def _ids(entities: Iterable[Entity]) -> Any:
    return _one([{"@id": entity["@id"]} for entity in entities])


def _one(values: list[Any]) -> Any:
    """Return a list's only value by itself, as RO-Crate asks."""
    return values[0] if len(values) == 1 else values


def _described(entity: Entity) -> Entity:
    """Return an entity without what isn't known of it."""
    return {name: value for name, value in entity.items() if value not in ("", [], None)}
