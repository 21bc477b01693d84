"""The workflows hold: valid, pinned, with no more rights than they need, and what they run can be run."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import typer
import yaml

from paper.cli.commands import assemble
from paper.release import record, sbom

ROOT = Path(__file__).parent.parent
GITHUB = ROOT / ".github"
WORKFLOWS = sorted((GITHUB / "workflows").glob("*.yml"))
BIN = Path(sys.executable).parent
BASH = ("bash", "--noprofile", "--norc", "-eo", "pipefail")  # as a runner starts it


def jobs(path: Path) -> dict[str, Any]:
    return dict(yaml.safe_load(path.read_text())["jobs"])


def steps(path: Path) -> list[tuple[str, dict[str, Any]]]:
    """Each step of a workflow with its job's name."""
    return [(name, step) for name, job in jobs(path).items() for step in job["steps"]]


SCRIPTS = [
    pytest.param(step["run"], id=f"{path.stem}-{job}-{step['name']}".replace(" ", "-"))
    for path in WORKFLOWS
    for job, step in steps(path)
    if "run" in step
]


# -- what they say ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("schema", "files"), [("github-workflows", WORKFLOWS), ("dependabot", [GITHUB / "dependabot.yml"])]
)
def test_they_are_valid_for_the_schema(schema: str, files: list[Path]) -> None:
    done = subprocess.run(
        [BIN / "check-jsonschema", "--builtin-schema", f"vendor.{schema}", *files],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout


def test_the_linter_of_workflows_finds_nothing() -> None:
    done = subprocess.run(
        [BIN / "zizmor", "--offline", "--no-progress", "--persona", "pedantic", GITHUB],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_actions_are_pinned_by_commit_and_need_no_secret(path: Path) -> None:
    text = path.read_text()
    used = re.findall(r"uses: (.+)", text)
    assert used
    for action in used:
        assert re.fullmatch(r"[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", action), action
    assert "secrets." not in text


def test_an_action_has_one_version_in_all_workflows() -> None:
    pins: dict[str, set[str]] = {}
    for path in WORKFLOWS:
        for action, pin in re.findall(r"uses: (\S+)@(.+)", path.read_text()):
            pins.setdefault(action, set()).add(pin)
    assert {action: found for action, found in pins.items() if len(found) > 1} == {}


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_rights_are_read_only_but_for_deployment_and_attestation(path: Path) -> None:
    assert yaml.safe_load(path.read_text())["permissions"] == {"contents": "read"}
    for name, job in jobs(path).items():
        if name == "deploy":
            assert job["permissions"] == {"pages": "write", "id-token": "write"}
        elif name == "attest":  # and nothing that was installed runs there
            assert job["permissions"] == {"attestations": "write", "id-token": "write"}
            assert not any("run" in step for step in job["steps"])
        else:
            assert set(job.get("permissions", {}).values()) <= {"read"}


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_nothing_hangs_for_hours_and_no_script_is_put_together_from_what_others_wrote(path: Path) -> None:
    for job in jobs(path).values():
        assert job["timeout-minutes"] <= 40
    for _, step in steps(path):
        assert "${{" not in step.get("run", "")


def test_publishing_refuses_the_demonstration_and_checks_privacy_first() -> None:
    commands = [
        step.get("run", step.get("uses", ""))
        for step in jobs(GITHUB / "workflows/publish.yml")["build"]["steps"]
    ]
    order = [next(n for n, c in enumerate(commands) if what in c) for what in
             ("QUARTO_PROFILE", "privacy check --site", "publishable", "upload-pages-artifact")]  # fmt: skip
    assert order == sorted(order)


def test_what_is_published_is_attested_with_the_packages_that_it_was_made_with() -> None:
    parts = jobs(GITHUB / "workflows/publish.yml")
    uploads = [
        step["with"] for step in parts["build"]["steps"] if "/upload-artifact@" in step.get("uses", "")
    ]
    (uploaded,) = [given["path"].split() for given in uploads if given["name"] == "attested"]
    assert {f"_site/{record.NAME}", f"_site/{sbom.NAME}", "_site/*.pdf"} <= set(uploaded)
    signed = [step["with"] for step in parts["attest"]["steps"] if "/attest@" in step["uses"]]
    assert signed == [
        {"subject-path": "attested/*"},
        {"subject-path": f"attested/{record.NAME}", "sbom-path": f"attested/{sbom.NAME}"},
    ]


def test_only_main_is_published() -> None:
    build, deploy = (jobs(GITHUB / "workflows/publish.yml")[name] for name in ("build", "deploy"))
    assert build["if"] == "github.ref == 'refs/heads/main'"
    assert deploy["needs"] == "build"


# -- what they run ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("script", SCRIPTS)
def test_a_script_is_sound_bash(script: str) -> None:
    done = subprocess.run([*BASH, "-n"], input=script, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("script", SCRIPTS)
def test_each_command_of_ours_exists_with_its_options(script: str) -> None:
    for words in commands(script):
        program = Path(words[0]).name
        if program == "paper":
            parse(words[1:])
        elif program == "make":
            targets = [word for word in words[1:] if "=" not in word]
            done = subprocess.run(
                ["make", "--dry-run", *targets], cwd=ROOT, capture_output=True, text=True, check=False
            )
            assert done.returncode == 0, done.stderr
        elif words[0].startswith(".venv/"):
            assert (BIN / program).is_file(), program


def commands(script: str) -> Iterator[list[str]]:
    """The simple commands of a script that begin with a program of ours."""
    for line in re.split(r"\n|&&|\|\||[|;(){}]|\bif\b|\bthen\b", script.replace("\\\n", " ")):
        try:
            words = shlex.split(re.sub(r"\d?>+.*", "", line), comments=True)
        except ValueError:  # half of a quotation that was cut
            continue
        if words and (words[0] == "make" or "/bin/" in words[0]):
            yield words


def parse(arguments: list[str]) -> None:
    """Take a command line of `paper` as the program would, without doing what it says."""
    app = typer.main.get_command(assemble())
    context = app.make_context("paper", list(arguments))
    command = app
    while hasattr(command, "resolve_command"):
        name, command, rest = command.resolve_command(context, [*context._protected_args, *context.args])
        context = command.make_context(name, rest, parent=context)


def test_the_look_at_commands_would_notice_one_that_does_not_exist() -> None:
    assert list(commands('if (cd "$b" && "$W/.venv/bin/paper" build --to html) > x; then')) == [
        ["$W/.venv/bin/paper", "build", "--to", "html"]
    ]
    parse(["build", "--to", "html"])
    for wrong in (["biuld"], ["build", "--list"], ["drafts", "kept"], ["compare", "one"]):
        with pytest.raises(Exception, match=r"No such|Missing"):
            parse(wrong)


# -- and what comes of it --------------------------------------------------------------------------------------


class Runner:
    """Runs the scripts of a job as a runner does: one shell a step, in a checkout, with files to write into."""

    def __init__(self, checkout: Path, temp: Path) -> None:
        self.checkout = checkout
        self.temp = temp
        self.summary = temp / "summary-of-the-job.md"
        temp.mkdir()
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith(("GIT_", "QUARTO_"))},
            "RUNNER_TEMP": str(temp),
            "GITHUB_WORKSPACE": str(checkout),
            "GITHUB_STEP_SUMMARY": str(self.summary),
        }
        # What `make` has set up already
        (checkout / "Makefile").write_text((ROOT / "Makefile").read_text())
        (checkout / "requirements.txt").touch()
        (checkout / "pyproject.toml").touch()
        (checkout / ".venv").mkdir()
        (checkout / ".venv/bin").symlink_to(BIN)
        (checkout / ".venv/ready").touch()

    def run(self, workflow: str, job: str, name: str, **environment: str) -> subprocess.CompletedProcess[str]:
        found = [s for s in jobs(GITHUB / f"workflows/{workflow}.yml")[job]["steps"] if s.get("name") == name]
        assert len(found) == 1
        assert set(environment) == set(found[0].get("env", {}))
        return subprocess.run(
            [*BASH, "-c", found[0]["run"]], cwd=self.checkout, env={**self.environment, **environment},
            capture_output=True, text=True, check=False,
        )  # fmt: skip


def git(folder: Path, *arguments: str) -> None:
    who = ("-c", "user.name=Test", "-c", "user.email=test@example.org", "-c", "commit.gpgsign=false")
    subprocess.run(["git", *who, *arguments], cwd=folder, check=True, capture_output=True)


@pytest.fixture
def checkout(book: Callable[..., Path]) -> Path:
    """A small book under git whose last commit changes a word."""
    root = book(one="# One\n\nThe first words are here.\n")
    (root / ".gitignore").write_text((ROOT / ".gitignore").read_text())
    git(root, "init", "--quiet", "--initial-branch", "main")
    git(root, "add", ".")
    git(root, "commit", "--quiet", "--message", "One")
    (root / "one.qmd").write_text("# One\n\nThe first sentences are here.\n")
    git(root, "commit", "--quiet", "--all", "--message", "Two")
    return root


def test_a_pull_request_is_told_what_it_changes_in_the_text(checkout: Path, tmp_path: Path) -> None:
    runner = Runner(checkout, tmp_path / "temp")
    done = runner.run("check", "sites", "The embedded engine")
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "temp/embedded/one.html").is_file()
    done = runner.run("check", "sites", "What changes in the text")
    assert done.returncode == 0, done.stderr
    summary = runner.summary.read_text().splitlines()
    assert summary[0] == "## What changes in the text"
    assert any("[-words-] {+sentences+}" in line for line in summary)
    assert all(line.startswith("    ") for line in summary[2:])  # shown, never taken for Markdown


def test_a_pull_request_onto_what_cannot_be_built_is_told_so(checkout: Path, tmp_path: Path) -> None:
    (checkout / "_quarto.yml").rename(tmp_path / "kept.yml")
    git(checkout, "commit", "--quiet", "--all", "--message", "No book")
    (tmp_path / "kept.yml").rename(checkout / "_quarto.yml")
    git(checkout, "add", ".")
    git(checkout, "commit", "--quiet", "--message", "A book")
    runner = Runner(checkout, tmp_path / "temp")
    assert runner.run("check", "sites", "The embedded engine").returncode == 0
    done = runner.run("check", "sites", "What changes in the text")
    assert done.returncode == 0, done.stderr
    assert "can't be built, so there is nothing to compare with" in runner.summary.read_text()


def test_the_demonstration_is_refused_before_anything_is_done(checkout: Path, tmp_path: Path) -> None:
    runner = Runner(checkout, tmp_path / "temp")
    name = "The demonstration is never published"
    assert runner.run("publish", "build", name, PROFILE="").returncode == 0
    done = runner.run("publish", "build", name, PROFILE="demo")
    assert done.returncode == 1
    assert done.stdout.startswith("::error::")


class Published(SimpleHTTPRequestHandler):
    """What stands on Pages: a folder, or a fault of the server."""

    fault = 0

    def do_GET(self) -> None:
        if self.fault:
            self.send_error(self.fault)
        else:
            super().do_GET()

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def pages(tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """An address, and the folder that is published there; empty at first."""
    folder = tmp_path / "pages"
    folder.mkdir()
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Published, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", folder
    server.shutdown()
    server.server_close()


@pytest.mark.slow  # builds the whole paper for each draft
def test_publishing_keeps_drafts_from_the_first_time_on(
    checkout: Path, tmp_path: Path, pages: tuple[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    address, published = pages
    settings = checkout / "_quarto.yml"
    undated = settings.read_text()
    runner = Runner(checkout, tmp_path / "temp")

    def publish(date: str, first: str) -> subprocess.CompletedProcess[str]:
        settings.write_text(undated.replace("book:\n", f"book:\n  date: {date}\n"))
        built = subprocess.run([BIN / "paper", "build", "--to", "html"], cwd=checkout, check=False)
        assert built.returncode == 0
        for name in ("Nothing identifies a person", "It is whole, and not the demonstration"):
            done = runner.run("publish", "build", name)
            assert done.returncode == 0, done.stdout + done.stderr
        return runner.run("publish", "build", "Keep the earlier drafts", ADDRESS=address, FIRST=first)

    # An address where nothing is might be a wrong one: the drafts there would be lost.
    done = publish("2026-01-10", "")
    assert done.returncode == 3
    assert "for the very first publication, add --first" in done.stderr

    assert publish("2026-01-10", "true").stdout == "drafts/2026-01-10/\n"
    (checkout / "_site").rename(published / "site")
    address = f"{address}/site"
    assert publish("2026-02-20", "false").stdout == "drafts/2026-01-10/\ndrafts/2026-02-20/\n"
    manifest = record.read(checkout / "_site")
    assert manifest is not None
    assert record.differences(manifest, checkout / "_site") == []

    # A server at fault is not a server without drafts, whatever was asked for.
    monkeypatch.setattr(Published, "fault", 503)
    done = publish("2026-03-30", "true")
    assert done.returncode == 3
    assert "answers 503" in done.stderr
