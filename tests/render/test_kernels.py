"""The kernel that a chapter names runs its cells; one that isn't there is told before anything runs."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import venv
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.waiting import LONG

from paper import build, project
from paper.cells import kernelspecs
from paper.checks.sources_check import check_sources
from paper.errors import ChapterError
from paper.project import load

Book = Callable[..., Path]
CELL = "```{python}\nimport os, sys\nprint('ran in', os.environ.get('KERNEL_OF_TEST', 'our own'), sys.prefix)\n```\n"


@pytest.fixture
def kernels(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., None]]:
    """Install kernels for this test alone: a name, the command that starts it, its language."""
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path / "jupyter"))
    kernelspecs._installed.cache_clear()

    def install(name: str, program: str, language: str = "python") -> None:
        folder = tmp_path / "jupyter/kernels" / name
        folder.mkdir(parents=True)
        argv = [program, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
        spec = {"argv": argv, "display_name": name, "language": language, "env": {"KERNEL_OF_TEST": name}}
        (folder / "kernel.json").write_text(json.dumps(spec))

    yield install
    kernelspecs._installed.cache_clear()


def other_python(folder: Path) -> str:
    """Another environment that has IPython's kernel and not this package, by its program."""
    venv.create(folder, symlinks=True)
    [packages] = folder.glob("lib/python*/site-packages")
    import ipykernel

    shared = Path(str(ipykernel.__file__)).parents[1]
    assert not (shared / "paper").is_dir()
    (packages / "shared.pth").write_text(f"{shared}\n")
    return str(folder / "bin/python")


@pytest.mark.skipif(sys.platform == "win32", reason="the environment of the test is made with links")
def test_an_installed_kernel_of_another_python_runs_the_chapter_that_names_it(
    book: Book, kernels: Callable[..., None], tmp_path: Path
) -> None:
    kernels("other-env", other_python(tmp_path / "env"))
    root = book(
        one=f"---\njupyter: other-env\n---\n\n# One\n\n{CELL}\n```{{python}}\n%matplotlib inline\n```\n",
        two=f"---\njupyter: python3\n---\n\n# Two\n\n{CELL}",
    )
    assert not [f for f in check_sources(load(root)) if f.severity == "error"]
    build.build(root, targets={"html"})
    one, two = ((root / "_site" / name).read_text("utf8") for name in ("one.html", "two.html"))
    assert "ran in other-env" in one
    assert "ran in our own" in two


@pytest.mark.parametrize(
    ("jupyter", "said"),
    [
        ("jupyter: away", "Jupyter kernel 'away' not found. Known kernels: "),
        ("jupyter: {kernel: away}", "Jupyter kernel 'away' not found"),
        ("jupyter:\n  kernelspec: {name: away, language: python, display_name: Away}", "not found"),
        ("jupyter: a-shell", "the Jupyter kernel 'a-shell' runs bash, and only cells in Python are run here"),
    ],
)
def test_a_kernel_that_cant_run_the_cells_is_told_before_anything_runs(
    book: Book, kernels: Callable[..., None], jupyter: str, said: str
) -> None:
    kernels("a-shell", "bash", "bash")
    root = book(one=f"---\n{jupyter}\n---\n\n# One\n\n{CELL}", two="# Two\n\nNo cells.\n")
    [fault] = [fault for fault in check_sources(project.load(root)) if fault.severity == "error"]
    assert said in fault.message
    assert (fault.file, fault.line) == ("one.qmd", 2)
    assert "python3" in fault.remedy
    with pytest.raises(ChapterError, match="kernel"):
        build.build(root, targets={"html"})


@pytest.mark.parametrize(
    "jupyter",
    ["python3", "{kernel: python3}", "same", "{kernelspec: {name: python3, language: python}}", "true"],
)
def test_the_python_of_the_build_has_several_names(
    book: Book, kernels: Callable[..., None], jupyter: str
) -> None:
    kernels("same", sys.executable)
    root = book(settings=f"jupyter: {jupyter}\n", one=f"# One\n\n{CELL}")
    project_ = load(root)
    from paper.text.reading import read

    assert {kernelspecs.chosen(project_, read(project_, c.path)) for c in project_.chapters} == {""}
    assert not [f for f in check_sources(project_) if f.severity == "error"]


def test_a_kernel_that_isnt_there_matters_to_no_chapter_without_cells(book: Book) -> None:
    root = book(settings="jupyter: away\n", one="# One\n\nWords.\n")
    assert not [f for f in check_sources(load(root)) if f.severity == "error"]
    build.build(root, targets={"html"})


def test_a_kernel_of_ours_has_no_debugger_and_leaves_debugpy_to_whoever_imports_it(
    book: Callable[..., Path],
) -> None:
    code = "import sys\nprint('debugpy' in sys.modules)\nimport debugpy\nprint(debugpy.__name__)"
    root = book(one=f"# One\n\n```{{python}}\n{code}\n```\n")
    build.build(root, targets={"html"})
    assert "False\ndebugpy" in (root / "_site/one.html").read_text("utf8")


def test_a_cold_build_imports_what_cells_will_before_they_ask_for_it(book: Book) -> None:
    asks = "```{python}\nimport sys\nprint('imported', 'pandas' in sys.modules)\n```\n"
    root = book(one=f"# One\n\n{asks}", two="# Two\n\n```{python}\nimport pandas as pd\n```\n")
    build.build(root, targets={"html"})
    assert "imported True" in (root / "_site/one.html").read_text("utf8")


@pytest.mark.skipif(sys.platform == "win32", reason="there a kernel holds on to the build's process itself")
def test_a_kernel_whose_build_was_killed_before_it_was_there_ends(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "paper.cells.inside.launch", "-f", str(tmp_path / "kernel.json")]
    environment = {**os.environ, "JPY_PARENT_PID": "1"}
    assert subprocess.run(command, env=environment, timeout=LONG, check=False).returncode == 0
