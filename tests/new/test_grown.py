"""A chapter, a dataset, figures and tables made by ``paper new`` hold in a copy of the project.

The copy runs its own code, so that what was wired in is what is tested.
"""

from __future__ import annotations

import difflib
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from tests import checkout

from paper import project
from paper.checks.sources_check import check_sources
from paper.coding.data.check import check_data
from paper.project import load as load_project

REPOSITORY = Path(__file__).parents[2]
ROWS = "W01,North,3,counter,,p. 1,BK\nW02,South,,online,Perhaps older,p. 2,BK\nW03,South,4,counter,,p. 2,BK\n"
# As long as names may be, so that no line of generated code can become too long for the formatter.
LONG = "dataset_with_the_longest_name1"
LONG_COLUMN = "column_with_the_longest_name12"
MADE = ("waits", "waiting_rows", "figure_with_the_longest_name12", "table_with_the_longest_name123")

# Runs each command as its process would, with the rows that the author puts into a dataset; prints what each said.
COMMANDS = """
import contextlib, io, json, sys
from paper.cli import main
said = {}
rows = json.loads(sys.argv[2])
for command in json.loads(sys.argv[1]):
    sys.argv = ["paper", "new", *command]
    with contextlib.redirect_stdout(io.StringIO()) as stream:
        try:
            main()
        except SystemExit as ended:
            if ended.code:
                raise
    said[command[1]] = stream.getvalue()
    if command[0] == "dataset":
        with open(f"data/{command[1]}.csv", "a") as table:
            table.write(rows[command[1]])
print(json.dumps(said))
"""

Run = Callable[..., subprocess.CompletedProcess[str]]


def run_in(folder: Path) -> Run:
    def run(*command: str) -> subprocess.CompletedProcess[str]:
        environment = {**os.environ, "PYTHONPATH": str(folder / "scripts"), "COLUMNS": "200"}
        return subprocess.run(
            [sys.executable, *command],
            cwd=folder,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )

    return run


@pytest.fixture(scope="module")
def grown(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Run, dict[str, str]]:
    """The copy with all four things in it; what each command printed, by its words."""
    root = tmp_path_factory.mktemp("grown") / "paper"
    checkout.copy(root, "benchmarks")
    run = run_in(root)
    asked = (
        "chapter waiting-times --after findings",
        "dataset waiting_times office days:integer kind:counter,online",
        "figure waits --data waiting_times --chapter waiting-times",
        "table waiting_rows --data waiting_times --chapter waiting-times",
        f"dataset {LONG} {LONG_COLUMN} {LONG_COLUMN[:-1]}3",
        f"figure {MADE[2]} --data {LONG} --by {LONG_COLUMN} --chapter waiting-times",
        f"table {MADE[3]} --data {LONG}",
    )
    rows = {
        "waiting_times": ROWS,
        LONG: 'D01,"A value, long enough to be broken into several lines",b,,p. 1,BK\n',
    }
    done = run("-c", COMMANDS, json.dumps([command.split() for command in asked]), json.dumps(rows))
    assert done.returncode == 0, done.stderr
    return root, run, json.loads(done.stdout)


def test_the_settings_gain_one_line(grown: tuple[Path, Run, dict[str, str]]) -> None:
    before, after = ((folder / "_quarto.yml").read_text() for folder in (REPOSITORY, grown[0]))
    changed = [line for line in difflib.ndiff(before.splitlines(), after.splitlines()) if line[0] in "+-"]
    assert changed == ["+     - chapters/waiting-times.qmd"]
    assert "findings.qmd\n    - chapters/waiting-times.qmd\n" in after


def test_the_command_says_what_it_made_and_what_comes_next(
    grown: tuple[Path, Run, dict[str, str]],
) -> None:
    said = grown[2]
    assert "created  chapters/waiting-times.qmd\nchanged  _quarto.yml\n" in said["waiting-times"]
    assert "created  data/waiting_times.csv\nchanged  data/datapackage.json\n" in said["waiting_times"]
    assert "paper build" in said["waits"]


def test_without_a_chapter_the_cell_to_paste_is_printed(grown: tuple[Path, Run, dict[str, str]]) -> None:
    said = grown[2][MADE[3]]
    assert f"#| label: tbl-{MADE[3].replace('_', '-')}\n#| tbl-cap: " in said
    assert f"\ntables.{MADE[3]}()\n```\n" in said


def test_the_data_check_and_the_check_of_the_text_find_nothing(
    grown: tuple[Path, Run, dict[str, str]],
) -> None:
    assert check_data(load_project(grown[0])) == []
    assert check_sources(project.load(grown[0])) == []


def test_an_older_table_is_described_as_it_was(grown: tuple[Path, Run, dict[str, str]]) -> None:
    before, after = (
        (folder / "data/datapackage.json").read_text("utf8") for folder in (REPOSITORY, grown[0])
    )
    assert after.startswith(before.rstrip("}] \n"))
    new = {resource["name"]: resource for resource in json.loads(after)["resources"]}["waiting_times"]
    names = [field["name"] for field in new["schema"]["fields"]]
    assert names == ["id", "office", "days", "kind", "doubt", "locator", "coder"]


def test_generated_code_is_as_the_formatter_and_the_linter_want_it(
    grown: tuple[Path, Run, dict[str, str]],
) -> None:
    root, run, _ = grown
    files = [
        str(path)
        for name in MADE
        for path in [*root.glob(f"scripts/*/{name}.py"), *root.glob(f"tests/*/test_{name}_*.py")]
    ]
    assert len(files) == 8
    for command in (("format", "--check", "--diff"), ("check",)):
        done = run("-m", "ruff", *command, *files)
        assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(scope="module")
def drawn(grown: tuple[Path, Run, dict[str, str]]) -> tuple[Path, Run]:
    """The copy with the last cell pasted in and every figure drawn."""
    root, run, said = grown
    cell = said[MADE[3]].partition("for a chapter:\n\n")[2].partition("\n\nNext")[0]
    with (root / "chapters/waiting-times.qmd").open("a") as chapter:
        chapter.write(f"\n{cell}\n")
    done = run("-c", "from paper.cli import main; main()", "render-figures")
    assert done.returncode == 0, done.stderr
    assert "drawn    waits" in done.stdout
    return root, run


@pytest.mark.slow  # runs the tests of another project
def test_the_project_s_own_tests_of_figures_and_tables_pass(drawn: tuple[Path, Run]) -> None:
    root, run = drawn
    own = [str(path) for name in MADE for path in root.glob(f"tests/*/test_{name}_*.py")]
    ours = ["tests/figures/test_chapter_cells.py", "tests/figures/test_every_figure.py"]
    about = "longest or wait or overlaps or by_its_name or cell or called_once"
    done = run("-m", "pytest", "-p", "no:cacheprovider", *own, *ours, "-k", about)
    assert done.returncode == 0, done.stdout[-3000:]


def test_the_chapter_is_built_with_its_figures_and_tables(drawn: tuple[Path, Run]) -> None:
    root, run = drawn
    settings = (root / "_quarto.yml").read_text()
    start, end = settings.index("    - index.qmd"), settings.index("lang: en")
    listed = "    - index.qmd\n    - chapters/waiting-times.qmd\n\n"
    (root / "_quarto.yml").write_text(settings[:start] + listed + settings[end:])
    (root / "index.qmd").write_text("# Preface {.unnumbered}\n\n@fig-waits is in @sec-waiting-times.\n")
    done = run("-c", "from paper.cli import main; main()", "build", "--engine", "embedded", "--to", "html")
    assert done.returncode == 0, done.stderr
    page = (root / "_site/chapters/waiting-times.html").read_text().replace("\u00a0", " ")
    assert ">counter<" in page
    assert "Perhaps older" in page
    assert "Figure 1.1" in page
    assert 'href="chapters/waiting-times.html#fig-waits"' in (root / "_site/index.html").read_text()
