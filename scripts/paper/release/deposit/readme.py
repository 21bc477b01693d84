"""The README of a deposit: what each file is, who may do what with it, how to check and to build it."""

from __future__ import annotations

from collections.abc import Sequence

from paper.project import Project
from paper.release.crate import Part
from paper.writers import cite

SUMS = "SHA256SUMS"


def readme(project: Project, parts: Sequence[Part], commit: str, versions: str, command: str) -> str:
    """Return the README in Markdown.

    commit: of the sources; versions: of the engine and its tools, in words; command: what builds everything.
    """
    licence = cite.licence(project)
    state = cite.status(project)
    own = {part.licence: part for part in parts if part.licence}
    rows = [f"| `{part.path}` | {part.name} |" for part in parts]
    rights = [f"{licence.text or licence.url}{f' ({licence.url})' if licence.text and licence.url else ''}"]
    rights += [f"`{part.path}`: see `{name}`." for name, part in own.items()]
    lines = [
        f"# {project.title}",
        *([f"**{state}.**"] if state else []),
        project.description,
        cite.apa(project),
        "## Files",
        "\n".join(["| file | what |", "| --- | --- |", *rows]),
        "## Licences",
        "\n".join(f"- {line}" for line in rights),
        "## Check and build",
        f"`sha256sum -c {SUMS}` checks the files. `ro-crate-metadata.json` tells which file was made of which.",
        f"Everything is made from `code.tar.gz`, commit {commit}, by one command: unpack it and run `{command}`. "
        f"It was made with {versions}.",
    ]
    return "\n\n".join(line for line in lines if line) + "\n"
