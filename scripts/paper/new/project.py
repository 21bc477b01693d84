"""Another paper: the folder that ``paper init`` begins, which builds at once.

What of the engine Quarto or the machine must find as files of the project comes from the templates; everything else
stays in the installed package. The engine itself goes along as a wheel (``engine/``), so that the paper can be built
where nobody publishes it.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import unicodedata
from dataclasses import dataclass
from importlib import metadata
from importlib.resources import files
from pathlib import Path
from typing import Final
from urllib.parse import unquote, urlsplit

from paper.coding.data.package import FILE
from paper.errors import MachineError, Place, SourceError
from paper.new.dataset import header, package_of
from paper.new.plan import carry_out_in, render_template

# Template → file, and the part of a paper that asks for it ("" for every paper).
FILES: Final = {
    "_quarto.yml": ("_quarto.yml", ""),
    "_variables.yml": ("_variables.yml", ""),
    "_environment": ("_environment", ""),
    "index.qmd": ("index.qmd", ""),
    "chapters/introduction.qmd": ("chapters/introduction.qmd", ""),
    "chapters/references.qmd": ("chapters/references.qmd", ""),
    "references.bib": ("references.bib", ""),
    "scripts/pre_render.py": ("scripts/pre_render.py", ""),
    "scripts/post_render.py": ("scripts/post_render.py", ""),
    "Makefile": ("Makefile", ""),
    "requirements.txt": ("requirements.txt", ""),
    "README.md": ("README.md", ""),
    "gitignore": (".gitignore", ""),
    "pre-commit-config.yaml": (".pre-commit-config.yaml", ""),
    "workflows/publish.yml": (".github/workflows/publish.yml", ""),
    "workflows/check.yml": (".github/workflows/check.yml", ""),
    "chapters/findings.qmd": ("chapters/findings.qmd", "interviews"),
    "data/private/README.md": ("data/private/README.md", "interviews"),
    "data/claims.yml": ("data/claims.yml", "interviews"),
    "data/quantity-words.yml": ("data/quantity-words.yml", "interviews"),
    "brief/_quarto.yml": ("brief/_quarto.yml", "brief"),
    "brief/_environment": ("brief/_environment", "brief"),
    "brief/brief.qmd": ("brief/brief.qmd", "brief"),
}
LICENCES: Final = {
    "CC BY 4.0": "https://creativecommons.org/licenses/by/4.0/",
    "CC BY-SA 4.0": "https://creativecommons.org/licenses/by-sa/4.0/",
    "CC BY-NC 4.0": "https://creativecommons.org/licenses/by-nc/4.0/",
    "CC0 1.0": "https://creativecommons.org/publicdomain/zero/1.0/",
}
ENGINE: Final = "engine"


@dataclass(frozen=True)
class Wanted:
    """What the paper is to be."""

    title: str
    author: str
    licence: str
    """Of text and data, one of LICENCES or any other words."""
    date: str
    """ISO 8601."""
    interviews: bool = False
    brief: bool = False


def begin(folder: Path, wanted: Wanted) -> list[str]:
    """Write the paper into ``folder``, which isn't there yet or is empty; return the files' names.

    Raises SourceError for a folder with something in it, MachineError where the engine's wheel can't be made.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise SourceError(
            "there is something in the folder already",
            place=Place(str(folder)),
            remedy="choose a folder that is empty or not there yet",
        )
    with tempfile.TemporaryDirectory() as name:
        wheel = engine_wheel(Path(name))
        texts = _texts(wanted, wheel.name)
        return carry_out_in(folder, texts, {f"{ENGINE}/{wheel.name}": wheel.read_bytes()})


def _texts(wanted: Wanted, wheel: str) -> dict[str, str]:
    slug = (
        re.sub(r"[^a-z0-9]+", "-", _plain(wanted.title.partition(":")[0])).strip("-")[:40].strip("-")
        or "paper"
    )
    values = {
        "title": _yaml(wanted.title),
        "title_text": wanted.title,
        "author": _yaml(wanted.author),
        "date": wanted.date,
        "slug": slug,
        "licence": _yaml(f"Text and data: {wanted.licence}."),
        "licence_text": f"Text and data: {wanted.licence}.",
        "licence_url": LICENCES.get(wanted.licence, ""),
        "interviews": wanted.interviews,
        "brief": wanted.brief,
        "engine": f"./{ENGINE}/{wheel}",
    }
    parts = {"", *(name for name in ("interviews", "brief") if values[name])}
    texts = {
        path: render_template(f"project/{template}.j2", **values).lstrip("\n")
        for template, (path, part) in FILES.items()
        if part in parts
    }
    return texts | (_interview_tables(wanted, slug) if wanted.interviews else {})


def _interview_tables(wanted: Wanted, slug: str) -> dict[str, str]:
    """Return the description of the tables of interviews, and each table with its columns and no row."""
    resources = json.loads(files("paper.new").joinpath("interviews.json").read_text("utf8"))
    package = package_of(wanted.title, slug, resources)
    texts = {FILE: json.dumps(package, indent=1, ensure_ascii=False) + "\n"}
    for resource in resources:
        texts[f"data/{resource['path']}"] = header(field["name"] for field in resource["schema"]["fields"])
    return texts


def engine_wheel(folder: Path) -> Path:
    """Return a wheel of this engine, made in ``folder`` from where it was installed.

    Where that was a folder of sources, the wheel is built from them; where it was a wheel that is still there, that
    one is taken; else it is put together from the installed files. Raises MachineError.
    """
    distribution = metadata.distribution("paper")
    origin = json.loads(distribution.read_text("direct_url.json") or "{}")
    place = urlsplit(str(origin.get("url") or ""))
    source = Path(unquote(place.path)) if place.scheme == "file" else None
    if source is not None and source.is_file() and source.suffix == ".whl":
        return source
    if source is not None and (source / "pyproject.toml").is_file():
        return _built(source, folder)
    return _packed(distribution, folder)


def _built(source: Path, folder: Path) -> Path:
    """Build the wheel from a copy of the sources: what an earlier build left beside them isn't taken along."""
    copy = folder / "sources"
    shutil.copytree(
        source / "scripts/paper", copy / "scripts/paper", ignore=shutil.ignore_patterns("__pycache__")
    )
    for name in ("pyproject.toml", "requirements.in"):
        shutil.copy(source / name, copy)
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation"]
    command += ["--disable-pip-version-check", "--wheel-dir", str(folder), str(copy)]
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, env={**os.environ, "LC_ALL": "C"}
    )
    wheels = sorted(folder.glob("*.whl"))
    if done.returncode or not wheels:
        last = "\n".join((done.stderr or done.stdout).splitlines()[-3:])
        raise MachineError(
            f"the engine's wheel could not be built: {last}",
            remedy="install pip and setuptools into this Python",
        )
    return wheels[0]


def _packed(distribution: metadata.Distribution, folder: Path) -> Path:
    """Put a wheel together from the files that the installation recorded (PEP 427)."""
    import zipfile

    name = f"paper-{distribution.version}-py3-none-any.whl"
    own = [
        path for path in distribution.files or () if path.parts[0] != ".." and "__pycache__" not in path.parts
    ]
    if not own:
        raise MachineError(
            "the installed engine has no record of its files", remedy="install it again from its wheel"
        )
    left_out = {"INSTALLER", "REQUESTED", "direct_url.json"}
    with zipfile.ZipFile(folder / name, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in own:
            if path.name not in left_out:
                archive.write(str(distribution.locate_file(path)), path.as_posix())
    return folder / name


def _plain(text: str) -> str:
    return "".join(
        sign for sign in unicodedata.normalize("NFKD", text.lower()) if not unicodedata.combining(sign)
    )


def _yaml(text: str) -> str:
    """Return the text in quotation marks, which YAML reads as JSON does."""
    return json.dumps(text, ensure_ascii=False)
