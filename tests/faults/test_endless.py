"""No input takes a build for ever, or all memory: what has no end is told, or passed over, in seconds."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

Book = Callable[..., Path]
PAPER = Path(sys.executable).with_name("paper")
SECONDS = 10  # of processor time, for what takes one or two
# Runs the checks that read all text on each book that is named, and says which one it has begun.
CHECKED = """
import sys
from pathlib import Path
from paper.project import load as load_project
from paper.bibliography.audit import check_references
from paper.errors import PaperError
from paper.project import load
from paper.checks.sources_check import check_sources
for root in map(Path, sys.argv[1:]):
    print(root.name, flush=True)
    for check in (lambda: check_sources(load(root)), lambda: check_references(load_project(root))):
        try:
            check()
        except PaperError:
            pass
"""
SIZE = 50_000
LINES = {
    "a shortcode of quoted words that does not end": "{{< var " + '"a" ' * 40,
    "shortcodes that do not end": "{{< x " * (SIZE // 6),
    "a fence with spaces": "``` " + " " * SIZE + "x y`",
    "a cell's header of hyphens": "``` {" + "a-" * (SIZE // 2) + "\n```",
    "a list of names": "Knox, " * (SIZE // 6),
    "apostrophes in a name": "'A" * (SIZE // 2),
    "a line of spaces": " " * SIZE + "a",
    "lines of spaces": " \n" * (SIZE // 2),
    "particles": "Van " * (SIZE // 4),
}


def bounded(command: list[str], root: Path) -> subprocess.CompletedProcess[str]:
    """A command that is killed when it takes more than SECONDS of processor time or three gigabytes."""
    import resource

    def limits() -> None:
        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
        resource.setrlimit(resource.RLIMIT_DATA, (3 * 2**30, 3 * 2**30))

    return subprocess.run(
        command, cwd=root, capture_output=True, text=True, check=False, timeout=300, preexec_fn=limits
    )


def built(root: Path) -> subprocess.CompletedProcess[str]:
    return bounded([str(PAPER), "build", "--engine", "embedded", "--to", "html"], root)


def test_no_line_takes_the_readers_for_ever(book: Book, tmp_path: Path) -> None:
    root = book(one="# One\n")
    roots = [Path(shutil.copytree(root, tmp_path / name)) for name in LINES]
    for each, line in zip(roots, LINES.values(), strict=True):
        (each / "one.qmd").write_text(f"# One\n\n{line}\n\nEnd.\n")
    done = bounded([sys.executable, "-c", CHECKED, *map(str, roots)], root)
    assert done.returncode == 0, f"at {done.stdout.splitlines()[-1:]}: {done.stderr[-2000:]}"
    assert done.stdout.splitlines() == list(LINES)


LAYOUTS = [
    "5",
    "true",
    "[[-1]]",
    "[[1e400]]",
    "[[1,-1e308,1e308]]",
    "[[0]]",
    "[]",
    '{\\"a\\":1}',
    "[[1],5]",
    "[" * 9999,
]


def test_any_layout_of_a_panel_gives_a_page(book: Book) -> None:
    root = book(**{f"panel{n}": f"# Panel {n}\n" for n in range(len(LAYOUTS))})
    for n, layout in enumerate(LAYOUTS):
        with (root / f"panel{n}.qmd").open("a") as chapter:
            chapter.write(f'\n::: {{layout="{layout}"}}\nfirst words\n\nsecond words\n:::\n')
    done = built(root)
    assert done.returncode == 0, done.stderr[-2000:]
    for n, layout in enumerate(LAYOUTS):
        page = (root / f"_site/panel{n}.html").read_text()
        assert "first words" in page and "second words" in page, layout[:40]


def test_pipes_and_devices_among_the_sources_are_passed_over(book: Book) -> None:
    root = book(one="# One\n")
    os.mkfifo(root / "pipe")
    (root / "endless").symlink_to("/dev/zero")
    (root / "outside").symlink_to("/etc/hostname")
    done = built(root)
    assert done.returncode == 0, done.stderr[-2000:]
    manifest = (root / "_site/manifest.json").read_text()
    assert not any(f'"{name}"' in manifest for name in ("pipe", "endless", "outside"))


def bomb(levels: int) -> str:
    lines = ["a0: &a0 [x, x]", *(f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]" for n in range(1, levels))]
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize("where", ["settings", "chapter", "variables"])
def test_aliases_that_double_are_refused(book: Book, where: str) -> None:
    root = book({"_variables.yml": "x: 1\n"}, one="# One\n\n```{python}\n1\n```\n")
    if where == "settings":
        text = (root / "_quarto.yml").read_text()
        (root / "_quarto.yml").write_text(bomb(40) + text.replace("echo: false", "echo: *a39"))
    elif where == "variables":
        (root / "_variables.yml").write_text(bomb(40))
    else:
        (root / "one.qmd").write_text(
            f"---\n{bomb(40)}execute: *a39\n---\n\n# One\n\n```{{python}}\n1\n```\n"
        )
    done = built(root)
    assert done.returncode == 1
    assert "aliases written out" in done.stderr


def test_an_alias_of_itself_is_refused(book: Book) -> None:
    root = book(one="# One\n")
    (root / "_variables.yml").write_text("x: &x\n  y: *x\n")
    done = built(root)
    assert done.returncode == 1
    assert "_variables.yml:2" in done.stderr and "alias within itself" in done.stderr


def test_includes_that_double_are_refused(book: Book) -> None:
    parts = {f"_{n}.qmd": f"{{{{< include _{n + 1}.qmd >}}}}\n" * 2 for n in range(18)}
    root = book({**parts, "_18.qmd": "End.\n"}, one="# One\n\n{{< include _0.qmd >}}\n")
    done = built(root)
    assert done.returncode == 1
    assert "more than 300 files are included" in done.stderr
