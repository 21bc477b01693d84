"""The guides in .github/guides hold: each command in them runs, in their order, in a copy of the project.

What can't run here, since it needs the network or never ends, is held against the command's own help.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
import textwrap
import zipfile
from dataclasses import dataclass, replace
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5

import pytest

from paper.coding.exchange.ids import guid_of

REPOSITORY = Path(__file__).parent.parent
FOLDER = REPOSITORY / ".github/guides"
GUIDES = sorted(FOLDER.glob("*.md"))
OTHERS = [REPOSITORY / name for name in ("README.md", "CONTRIBUTING.md", "data/ADDING-INTERVIEWS.md")]
BIN = Path(sys.executable).parent
# What isn't run: a reason for each, by how the line begins.
NOT_HERE = {
    "git push": "publishes",
    "make   ": "asks the network for packages",
    "paper verify http": "asks the network",
    "gh attestation": "asks GitHub",
    "paper drafts keep --published http": "asks the network",
    "paper refs add 10.": "asks Crossref",
    "paper refs verify": "asks Crossref and others",
}
BLOCK = re.compile(r"^(?P<indent> *)```(?P<language>\w+)\n(?P<code>.*?)^ *```$", re.M | re.S)
# How a guide says what becomes of a block that isn't a command: the last words before it.
TOLD = re.compile(r"(?P<verb>[Aa]dd to|[Ww]rite|[Rr]eplace `(?P<key>\w+:)` in) `(?P<file>[^`]+)`:\s*$")


@dataclass(frozen=True)
class Step:
    """One block of a guide. file: what it is put into, for a block that isn't run; key: which part it replaces."""

    code: str
    line: int
    file: str = ""
    verb: str = ""
    key: str = ""


def steps(guide: Path) -> list[Step]:
    text = guide.read_text("utf8")
    found = []
    for block in BLOCK.finditer(text):
        line = text.count("\n", 0, block.start()) + 1
        code = textwrap.dedent(block["code"])
        told = TOLD.search(text, 0, block.start())
        while told and text[told.end() : block.start()].strip():
            told = TOLD.search(text, told.end(), block.start())
        if block["language"] == "sh":
            found.append(Step(code, line))
        else:
            assert told, f"{guide.name}:{line}: what is to be done with this block?"
            found.append(Step(code, line, told["file"], told["verb"].split()[0].lower(), told["key"] or ""))
    return found


def put(step: Step, root: Path) -> None:
    """Do with a file what the guide says."""
    path = root / step.file
    before = path.read_text("utf8") if path.is_file() else ""
    if step.verb == "replace":
        new, count = re.subn(rf"^{step.key}\n(?:[ #].*\n|\n)*", f"{step.code}\n", before, flags=re.M)
        assert count == 1
    else:
        new = before + step.code if step.verb == "add" else step.code
        assert step.verb != "add" or before, f"{step.file} isn't there yet"
    path.parent.mkdir(exist_ok=True)
    path.write_text(new, "utf8")


def here(code: str) -> str:
    return "\n".join(line for line in code.splitlines() if not line.startswith(tuple(NOT_HERE)))


def run(code: str, root: Path) -> None:
    environment = {
        **os.environ, "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}", "PYTHONPATH": str(root / "scripts"),
        "QUARTO_PROFILE": "",
    }  # fmt: skip
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", code], cwd=root, env=environment, capture_output=True, text=True, check=False
    )  # fmt: skip
    assert done.returncode == 0, f"{code}\n{done.stdout[-2000:]}\n{done.stderr[-2000:]}"


# Guides that build once, near their end, and change other things than each other: the last one builds for all.
TOGETHER = [FOLDER / f"{name}.md" for name in ("cite-a-source", "add-an-interview", "when-a-build-fails")]
BUILD = re.compile(r"^paper build(?: --to html)?\n", re.M)


@pytest.mark.slow
@pytest.mark.parametrize(
    "guides",
    [TOGETHER, *([guide] for guide in GUIDES if guide not in TOGETHER)],
    ids=lambda guides: "-and-".join(guide.stem for guide in guides),
)
def test_the_commands_of_a_guide_run_in_their_order(
    guides: list[Path], built_paper: Path, tmp_path: Path
) -> None:
    root = tmp_path / "paper"
    shutil.copytree(built_paper, root)  # so that a guide's builds do only what the guide changed
    for guide in guides:
        if guide.stem in ("compare-drafts", "deposit", "send-to-a-journal"):
            commit_all(root)
        if guide.stem == "add-an-interview":
            study(root / "data/private/study.qdpx")
        follow(guide, root, builds=guide == guides[-1])


def commit_all(root: Path) -> None:
    """Make the copy a repository with one commit."""
    about = ("-c", "user.name=Test", "-c", "user.email=test@example.org", "-c", "commit.gpgsign=false")
    for arguments in (("init", "-q"), ("add", "-A"), (*about, "commit", "-qm", "All of it")):
        subprocess.run(["git", *arguments], cwd=root, check=True)


def follow(guide: Path, root: Path, *, builds: bool) -> None:
    """Do what the guide says. builds: whether its one build is made, too."""
    found = steps(guide)
    if not builds:
        assert sum(len(BUILD.findall(step.code)) for step in found) == 1, guide.name
        found = [replace(step, code=BUILD.sub("", step.code)) for step in found]
    for step in found:
        if step.file:
            put(step, root)
        elif code := here(step.code):
            # PDF and the rest are made again in one guide only
            whole = guide.stem == "publish"
            run(code if whole else re.sub(r"(?m)^paper build$", "paper build --to html", code), root)
        if "data import" in step.code:  # and by hand, as the guide says: the block
            table = root / "data/segments.csv"
            table.write_text(table.read_text().replace(",case-01,,", ",case-01,A,"))


def study(path: Path) -> None:
    """A project from a coding program, of one made-up interview that uses a code of ours."""
    # Written backwards, or the privacy check would find the words of the interview in this file.
    talk = " ".join(
        reversed(["twice.", "back", "came", "forms", "the", "said:", "and", "asked,", "was", "Someone"])
    )
    code, start = guid_of("code", "internal-citizens"), talk.index("the forms")
    xml = f"""<?xml version="1.0" encoding="utf-8"?>
<Project name="A study" origin="MAXQDA 24" xmlns="urn:QDA-XML:project:1.0">
<Users><User guid="{uuid5(NAMESPACE_URL, "user")}" name="A"/></Users>
<CodeBook><Codes><Code guid="{code}" name="Concern about citizens" isCodable="true"/></Codes></CodeBook>
<Sources><TextSource guid="{uuid5(NAMESPACE_URL, "one")}" name="One" plainTextPath="internal://1.txt">
<PlainTextSelection guid="{uuid5(NAMESPACE_URL, "a")}" startPosition="{start}" endPosition="{start + 15}">
<Coding guid="{uuid5(NAMESPACE_URL, "b")}" creatingUser="{uuid5(NAMESPACE_URL, "user")}"><CodeRef targetGUID="{code}"/>
</Coding></PlainTextSelection></TextSource></Sources></Project>"""
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("project.qde", xml)
        archive.writestr("sources/1.txt", talk)


def commands(path: Path) -> list[tuple[int, str]]:
    """Every command in a text with its line: in blocks, and between backquotes in the prose."""
    text = path.read_text("utf8")
    found = []
    for block in BLOCK.finditer(text):
        if block["language"] == "sh":
            first = text.count("\n", 0, block["code"] and block.start("code")) + 1
            found += [(first + n, line.strip()) for n, line in enumerate(block["code"].splitlines())]
    found += [
        (text.count("\n", 0, match.start()) + 1, match[1])
        for match in re.finditer(r"`((?:paper|make) [^`\n]+)`", text)
    ]
    return found


@pytest.mark.parametrize("path", [*GUIDES, *OTHERS], ids=lambda path: path.stem)
def test_every_command_that_is_named_exists_with_its_options(path: Path) -> None:
    from typer.main import get_command

    from paper.cli.commands import assemble

    targets = set(re.findall(r"^([a-z-]+):", (REPOSITORY / "Makefile").read_text(), re.M))
    paper = get_command(assemble())
    for line, text in commands(path):
        words = shlex.split(text, comments=True)
        while words[:1] == ["QUARTO_PROFILE=demo"]:
            words = words[1:]
        if words[:1] == ["make"]:
            assert set(words[1:]) <= targets, f"{path.name}:{line}: {text}"
        if words[:1] != ["paper"]:
            continue
        at, words = paper, words[1:]
        while hasattr(at, "commands") and words and not words[0].startswith("-"):
            assert words[0] in at.commands, f"{path.name}:{line}: there is no {words[0]}"
            at, words = at.commands[words[0]], words[1:]
        options = {option for given in at.params for option in (*given.opts, *given.secondary_opts)} | {
            "--help"
        }
        unknown = [
            word
            for word in words
            if word.startswith("-") and word != "-" and word.split("=")[0] not in options
        ]
        assert not unknown, f"{path.name}:{line}: {text}"


@pytest.mark.parametrize("path", [*GUIDES, *OTHERS], ids=lambda path: path.stem)
def test_no_link_within_the_repository_is_dead(path: Path) -> None:
    text = re.sub(r"^ *```.*?^ *```$", "", path.read_text("utf8"), flags=re.M | re.S)
    for target in re.findall(r"\]\(([^)#\s]+)(?:#[\w-]+)?\)", text):
        if not re.match(r"[a-z]+:", target):
            assert (path.parent / target).exists(), f"{path.name}: {target}"


def test_the_readme_leads_to_every_guide() -> None:
    text = (REPOSITORY / "README.md").read_text("utf8")
    assert [guide.name for guide in GUIDES if f"(.github/guides/{guide.name})" not in text] == []
