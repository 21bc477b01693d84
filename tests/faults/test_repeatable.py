"""The same commit gives the same bytes: in another folder, later, under another locale, time zone and hash seed.

`reprotest` of Debian varies all of it where it is installed; the one on PyPI doesn't run under Python 3.11.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

PAPER = Path(sys.executable).with_name("paper")
SOURCES = ("_quarto.yml", "_quarto-demo.yml", "_variables.yml", "index.qmd", "references.bib", "CITATION.cff",
           "LICENSE", "chapters", "brief", "data", "assets", "scripts")  # fmt: skip
ONE = {"TZ": "Pacific/Kiritimati", "LC_ALL": "C", "LANG": "C", "PYTHONHASHSEED": "1", "USER": "one"}
OTHER = {
    "TZ": "America/Los_Angeles",
    "LC_ALL": "C.UTF-8",
    "LANG": "et_EE.UTF-8",
    "PYTHONHASHSEED": "77",
    "USER": "other",
}
CONFORMANCE = Path(__file__).parents[1] / "conformance" / "book"
# What reprotest varies with the help of a program or a right, and how one sees that it is there.
HELPED = {
    "time": lambda: shutil.which("faketime"),
    "fileordering": lambda: shutil.which("disorderfs") and os.access("/dev/fuse", os.R_OK | os.W_OK),
    "domain_host": lambda: shutil.which("unshare") and os.geteuid() == 0,
    "kernel": lambda: shutil.which("setarch"),
    "user_group": lambda: False,  # needs another account that may read these folders
}


def copied(repository: Path, root: Path) -> Path:
    """The sources without what was made from them or is private."""
    left_out = shutil.ignore_patterns("private", "vendor", "__pycache__", "*.egg-info")
    root.mkdir(parents=True)
    for name in SOURCES:
        source = repository / name
        if source.is_dir():
            shutil.copytree(source, root / name, ignore=left_out)
        elif source.is_file():
            shutil.copyfile(source, root / name)
    return root


def built(root: Path, home: Path, settings: dict[str, str], *steps: str) -> dict[str, str]:
    """Build everything, at once or in steps, with these settings of the machine: path → hash of each file."""
    home.mkdir()
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("LC_", "LANG", "PYTHON", "TZ"))}
    environment = {**kept, **settings, "HOME": str(home), "PYTHONPATH": str(root / "scripts")}
    for targets in steps or ("all",):
        options = [option for target in targets.split() for option in ("--to", target)]
        done = subprocess.run(
            [PAPER, "build", "--engine", "embedded", *options],
            cwd=root, env=environment, capture_output=True, text=True, check=False, umask=0o077 if steps else -1,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
    return hashes(root / "_site")


def hashes(site: Path) -> dict[str, str]:
    """Path → hash of each file below a folder."""
    return {
        path.relative_to(site).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(site.rglob("*"))
        if path.is_file()
    }


def differing(one: dict[str, str], other: dict[str, str]) -> list[str]:
    return sorted(name for name in {*one, *other} if one.get(name) != other.get(name))


def test_a_bibliography_is_read_alike_wherever_one_lives() -> None:
    """pandoc takes an entry without a language for one in LANG's, whose titles keep their capitals or lose them."""
    entry = "@book{a, title = {A Public Management for All Seasons}, year = 1991}"
    asked = "import sys\nfrom paper.tools.pandoc import run\nprint(run(sys.argv[1], source=sys.argv[2], to='csljson'))"
    told = {
        subprocess.run(
            [sys.executable, "-c", asked, entry, form],
            env={**os.environ, "LANG": language}, capture_output=True, text=True, check=True,
        ).stdout
        for language in ("C", "et_EE.UTF-8", "ru_RU.UTF-8")
        for form in ("biblatex", "bibtex")
    }  # fmt: skip
    assert len(told) == 1


def varied(source: Path, store: Path) -> tuple[dict[str, str], dict[str, str]]:
    """Build a book twice with ``reprotest``, all that it can vary here varied the second time; path → hash of each."""
    if not shutil.which("reprotest"):
        pytest.skip("reprotest isn't installed: apt install reprotest faketime disorderfs")
    without = [f"-{name}" for name, is_there in HELPED.items() if not is_there()]
    done = subprocess.run(
        ["reprotest", "--no-diffoscope", "--store-dir", store, f"--vary={','.join(without)}", "--min-cpus", "1",
         "-c", f"{PAPER} build --engine embedded", source, "_site/* _site/*/* _site/*/*/*"],
        env={k: v for k, v in os.environ.items() if not k.startswith(("PYTEST_", "QUARTO_"))},
        capture_output=True, text=True, errors="replace", check=False,
    )  # fmt: skip
    assert store.is_dir(), done.stdout[-2000:] + done.stderr[-2000:]
    one, other = (hashes(next((store / build).rglob("_site"))) for build in ("control", "experiment-1"))
    assert "index.html" in one
    return one, other


@pytest.mark.slow
def test_a_small_book_gives_the_same_bytes_whatever_reprotest_varies(tmp_path: Path) -> None:
    shutil.copytree(CONFORMANCE, tmp_path / "book")
    assert differing(*varied(tmp_path / "book", tmp_path / "store")) == []


@pytest.mark.slow
def test_what_is_not_repeatable_is_shown_by_its_file(tmp_path: Path) -> None:
    root = tmp_path / "book"
    shutil.copytree(CONFORMANCE, root)
    (root / "index.qmd").write_text(
        "# Preface {.unnumbered}\n\n```{python}\nimport os, time\nprint(os.environ['TZ'], time.time())\n```\n"
    )
    assert "index.html" in differing(*varied(root, tmp_path / "store"))


@pytest.mark.slow
def test_the_paper_gives_the_same_bytes_whatever_reprotest_varies(repository: Path, tmp_path: Path) -> None:
    source = copied(repository, tmp_path / "paper")
    assert differing(*varied(source, tmp_path / "store")) == []


@pytest.mark.slow
def test_two_builds_give_the_same_bytes_of_every_file(repository: Path, tmp_path: Path) -> None:
    first = copied(repository, tmp_path / "one")
    second = tmp_path / "another folder" / "әріп"
    shutil.copytree(first, second)
    for path in second.rglob("*.qmd"):
        os.utime(path, (0, 10**9))
        path.chmod(0o444)
    one = built(first, tmp_path / "home1", ONE)
    other = built(second, tmp_path / "home2", OTHER, "pdf jats", "html", "all")
    assert {"index.html", "local-drive.pdf", "brief.pdf", "local-drive.docx", "manifest.json"} <= set(one)
    assert differing(one, other) == []
