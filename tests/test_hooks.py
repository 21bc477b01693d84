"""What runs before a commit: a sound commit passes with no network, and what must not be committed is refused."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from tests import checkout

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parent.parent
BIN = Path(sys.executable).parent
NOWHERE = "http://127.0.0.1:9"
CLOSED = {f"{name}_PROXY": NOWHERE for name in ("HTTP", "HTTPS", "ALL")} | {"PIP_INDEX_URL": NOWHERE}


class Clone:
    """A repository of the project with its hooks installed."""

    def __init__(self, root: Path, home: Path) -> None:
        self.root = root
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("GIT_", "QUARTO_"))}
        who = {f"GIT_{role}_{what}": said for role in ("AUTHOR", "COMMITTER")
               for what, said in (("NAME", "Test"), ("EMAIL", "test@example.org"))}  # fmt: skip
        self.environment = {**kept, **CLOSED, **who, "PRE_COMMIT_HOME": str(home)}

    def git(self, *arguments: str, within: str = ".") -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["git", *arguments], cwd=self.root / within, env=self.environment,
            capture_output=True, text=True, check=False,
        )  # fmt: skip

    def commit(self, *paths: str, within: str = ".") -> str:
        """Commit files, by force where git ignores them; returns what was said, "" where it was accepted."""
        assert self.git("add", "--force", *paths).returncode == 0
        done = self.git("commit", "--message", "A change", within=within)
        return done.stdout + done.stderr if done.returncode else ""

    def refusal(self, hook: str, *paths: str) -> str:
        """What one hook alone says against committing files, "" where it is content."""
        assert self.git("add", "--force", *paths).returncode == 0
        done = subprocess.run(
            [".venv/bin/pre-commit", "run", hook], cwd=self.root, env=self.environment,
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        return done.stdout if done.returncode else ""

    def write(self, name: str, text: str) -> str:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf8")
        return name

    def add_to(self, name: str, text: str) -> str:
        return self.write(name, (self.root / name).read_text("utf8") + text)


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Clone:
    root = tmp_path_factory.mktemp("hooks") / "a paper"
    checkout.copy(root, ".[a-z]*", "tests", "benchmarks")
    for name in (".gitignore", ".pre-commit-config.yaml"):
        shutil.copy(ROOT / name, root)
    (root / ".venv").mkdir()
    (root / ".venv/bin").symlink_to(BIN)
    made = Clone(root, tmp_path_factory.mktemp("home"))
    made.git("init", "--quiet", "--initial-branch", "main")
    made.git("add", ".")
    assert made.git("commit", "--quiet", "--message", "The paper").returncode == 0
    done = subprocess.run(
        [".venv/bin/pre-commit", "install"],
        cwd=root,
        env=made.environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return made


@pytest.fixture
def clone(repository: Clone) -> Iterator[Clone]:
    """The repository as it was first, for each test."""
    begun = repository.git("rev-parse", "HEAD").stdout.strip()
    yield repository
    repository.git("reset", "--quiet", "--hard", begun)
    repository.git("clean", "--quiet", "--force", "-d")
    for private in (repository.root / "data/private").iterdir():
        if private.name != "README.md":
            private.unlink()


PROSE = "\nThe last sentence says nothing new.\n"


def test_a_sound_change_passes_without_network_from_a_subfolder_and_what_is_not_staged_is_left(
    clone: Clone,
) -> None:
    name = clone.add_to("chapters/conclusion.qmd", PROSE)
    clone.git("add", name)
    clone.add_to(name, "\nA claim that nobody made [@nobody1900].\n")
    done = clone.git("commit", "--message", "A change", within="chapters")
    assert done.returncode == 0, done.stdout + done.stderr
    assert clone.git("log", "--format=%s").stdout.splitlines() == ["A change", "The paper"]
    assert "nobody1900" in (clone.root / name).read_text("utf8")
    assert "nobody1900" not in clone.git("show", f"HEAD:{name}").stdout
    assert "nobody1900" in clone.refusal("references", name)


def test_private_data_and_a_name_from_the_private_list_are_refused_and_not_repeated(clone: Clone) -> None:
    clone.write("data/private/names.txt", "Zhanbota Testbekova\n")
    refused = clone.commit(
        clone.write("data/private/interview-7.txt", "What was said in confidence.\n"),
        clone.add_to("chapters/conclusion.qmd", "\nAs Zhanbota Testbekova said, it works.\n"),
    )
    assert re.search(r"Nothing of data/private is committed\.*Failed", refused)
    assert "in confidence" not in refused
    assert re.search(r"Nothing identifies a person.*Failed", refused)
    assert "chapters/conclusion.qmd" in refused
    assert "Testbekova" not in refused


def test_a_large_file_is_refused(clone: Clone) -> None:
    assert "assets/scan.txt" in clone.refusal("large-files", clone.write("assets/scan.txt", "x" * 1_100_000))


def test_a_notebook_with_output_is_refused_and_one_without_is_not(clone: Clone) -> None:
    cell = {
        "cell_type": "code",
        "id": "a",
        "execution_count": None,
        "metadata": {},
        "outputs": [],
        "source": ["1"],
    }
    book = {"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    assert (
        clone.refusal(
            "notebooks", clone.write("look.ipynb", json.dumps(book, indent=1, sort_keys=True) + "\n")
        )
        == ""
    )
    cell["outputs"] = [{"output_type": "stream", "name": "stdout", "text": ["said by someone\n"]}]
    refused = clone.refusal(
        "notebooks", clone.write("look.ipynb", json.dumps(book, indent=1, sort_keys=True) + "\n")
    )
    assert "look.ipynb" in refused


@pytest.mark.parametrize(
    ("hook", "name", "text"),
    [
        ("ruff", "scripts/paper/more.py", "import os\n"),
        ("ruff-format", "scripts/paper/more.py", "x = {  'a':1 }\n"),
        ("spelling", "chapters/conclusion.qmd", "\nThis was recieved well.\n"),
        ("claims", "chapters/conclusion.qmd", "\nIt is [so](#claim-nobodys){.claim}.\n"),
        ("data", "data/corrections.csv", "half,a,row\n"),
        ("references-tidy", "references.bib", "\n@book{x2000, title = {X}, year = {2000}, author = {X, Y}}\n"),
        ("figures", "assets/data/fig-timeline.csv", "1,2,3\n"),
        ("brief", "brief/brief.qmd", "\nA sentence that rests on nothing.\n"),
    ],
)  # fmt: skip
def test_each_hook_refuses_what_it_is_there_for(clone: Clone, hook: str, name: str, text: str) -> None:
    add = clone.add_to if (clone.root / name).is_file() else clone.write
    assert re.search(r"\.Failed$", clone.refusal(hook, add(name, text)), re.M)


def test_without_the_tools_it_is_said_how_to_get_them(clone: Clone) -> None:
    link = clone.root / ".venv"
    link.rename(clone.root / ".venv-away")
    clone.environment["PATH"] = f"{BIN}{os.pathsep}{os.environ['PATH']}"
    try:
        done = subprocess.run(
            [BIN / "pre-commit", "run", "--all-files"],
            cwd=clone.root, env=clone.environment, capture_output=True, text=True, check=False,
        )  # fmt: skip
    finally:
        (clone.root / ".venv-away").rename(link)
        clone.environment["PATH"] = os.environ["PATH"]
    assert done.returncode == 1
    assert "run make .venv/ready-dev" in done.stdout
    assert "ruff" not in done.stdout.split("make .venv/ready-dev")[1]


def test_no_hook_is_fetched_from_anywhere() -> None:
    settings = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text())
    assert [repo["repo"] for repo in settings["repos"]] == ["local"]
    assert {hook["language"] for repo in settings["repos"] for hook in repo["hooks"]} == {"system", "fail"}
