"""Would a test notice? ``python -m benchmarks.mutation`` changes one thing at a time in the modules where a fault
harms most, and runs the tests that are meant for them; written to benchmarks/mutation.md.

A sample of the changes, drawn by seed, is tried in each module: all of them where there are fewer than ``--most``.
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent
WORK = ROOT / ".paper" / "mutation"
RESULTS = Path(__file__).parent / "mutation.md"
SEED = 7
# What mutmut says of a change by its number; what isn't here it could not say.
SAID = dict.fromkeys((1, 3, 24, -24, 36, 152), "killed") | dict.fromkeys((0, 33), "survived")
NOT_TRIED = "not tried"
HEAD = """# Would a test notice?

`make mutation` changes one thing at a time (mutmut) and runs the tests meant for it. Killed: a test failed, or never
ended. Survived: none did. Where fewer were tried than there are, they were drawn by seed or the time was up."""
SETTINGS = """[mutmut]
source_paths=
    src
only_mutate=
    {mutated}
also_copy=
    {copied}
pytest_add_cli_args_test_selection=
    {tests}
pytest_add_cli_args=
    -p
    no:cacheprovider
    -p
    no:xdist
    -p
    no:playwright
timeout_multiplier=10
"""


@dataclass(frozen=True)
class Family:
    """Modules that are changed, as patterns below scripts/paper, and the tests that are meant for them."""

    name: str
    modules: tuple[str, ...]
    tests: tuple[str, ...]


FAMILIES = (
    Family("analysis", ("analysis/*.py",), ("tests/analysis",)),
    Family(
        "privacy", ("coding/privacy/*.py",), ("tests/coding/test_privacy.py", "tests/render/test_guard.py")
    ),
    Family(
        "numbering",
        ("numbering/numbering.py", "numbering/counting.py", "numbering/references.py"),
        ("tests/render/test_crossref.py", "tests/render/test_chapter_numbers.py"),
    ),
)


@dataclass(frozen=True)
class Outcome:
    """One change, by mutmut's name for it: "killed" by a test, "survived", or what else became of it."""

    mutant: str
    said: str

    @property
    def module(self) -> str:
        return self.mutant.rpartition("__mutmut_")[0].rpartition(".")[0]


def main() -> None:
    options = argparse.ArgumentParser(prog="python -m benchmarks.mutation", description=__doc__)
    options.add_argument(
        "--only", choices=[family.name for family in FAMILIES], help="one of them; the others' scores stay"
    )
    options.add_argument("--most", type=int, default=60, help="changes tried in each module")
    options.add_argument(
        "--minutes", type=float, default=60, help="for each family; what is left then is told"
    )
    given = options.parse_args()
    for family in FAMILIES:
        if given.only in (None, family.name):
            outcomes, made = look(family, given.most, given.minutes)
            lines = table(family, outcomes, made)
            print("\n".join([*lines, "", *survivors(family, outcomes)]), flush=True)
            write(family, lines)


def write(family: Family, lines: list[str]) -> None:
    """Put a family's score into the results, in the place of its last one."""
    parts = RESULTS.read_text("utf8").split("\n## ")[1:] if RESULTS.is_file() else []
    known = {part.split(":")[0]: part.rstrip() for part in parts}
    known[family.name] = "\n".join(lines).removeprefix("## ").rstrip()
    sections = [f"## {known[f.name]}" for f in FAMILIES if f.name in known]
    RESULTS.write_text("\n\n".join([HEAD, *sections]) + "\n", "utf8")
    print(f"written: {RESULTS.relative_to(ROOT)}")


def look(family: Family, most: int, minutes: float) -> tuple[list[Outcome], Counter[str]]:
    """What became of the sample, and how many changes there are in each module."""
    folder = laid_out(family)
    # Names nothing: mutmut makes the changes and finds out which tests reach them, and stops there.
    mutmut(folder, 1800, "nothing")
    every = sorted(known(folder))
    made = Counter(Outcome(name, "").module for name in every)
    if not every:
        sys.exit(f"mutmut made no changes for {family.name}: run it in {folder.relative_to(ROOT)} to see why")
    drawn: list[str] = []
    for module in sorted(made):
        names = [name for name in every if Outcome(name, "").module == module]
        drawn += sorted(random.Random(SEED).sample(names, min(most, len(names))))
    mutmut(folder, minutes * 60, *drawn)
    found = known(folder)
    return [Outcome(name, SAID.get(found[name], NOT_TRIED)) for name in drawn], made


def laid_out(family: Family) -> Path:
    """The project as mutmut wants it: the package below src, the rest beside it."""
    folder = WORK / family.name
    shutil.rmtree(folder, ignore_errors=True)
    listed = subprocess.run(["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
                            cwd=ROOT, capture_output=True, text=True, check=True).stdout  # fmt: skip
    tops = set()
    for name in filter(None, listed.split("\0")):
        target = folder / (
            f"src/{name.removeprefix('scripts/')}" if name.startswith("scripts/paper/") else name
        )
        target.parent.mkdir(parents=True, exist_ok=True)
        if (ROOT / name).is_file():
            shutil.copy2(ROOT / name, target)
            tops.add(name.split("/")[0])
    text = SETTINGS.format(
        mutated="\n    ".join(f"src/paper/{pattern}" for pattern in family.modules),
        copied="\n    ".join(sorted(tops - {"tests", "pyproject.toml"})),
        tests="\n    ".join(family.tests),
    )
    (folder / "setup.cfg").write_text(text, "utf8")
    return folder


def mutmut(folder: Path, seconds: float, *names: str) -> None:
    command = [Path(sys.executable).with_name("mutmut"), "run", "--max-children", "1", *names]
    with (folder / "log.txt").open("a") as log, subprocess.Popen(
        command, cwd=folder, stdout=log, stderr=log, start_new_session=True
    ) as process:  # fmt: skip
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            process.terminate()


def known(folder: Path) -> dict[str, int]:
    """Each change that mutmut made, and the number it gave it; None where it hasn't come to it."""
    found: dict[str, int] = {}
    for meta in (folder / "mutants").rglob("*.meta"):
        found |= json.loads(meta.read_text("utf8"))["exit_code_by_key"]
    return found


def table(family: Family, outcomes: list[Outcome], made: Counter[str]) -> list[str]:
    """The family's score and that of each module, as lines of Markdown."""
    tests = ", ".join(f"`{test}`" for test in family.tests)
    lines = [f"## {family.name}: {share(outcomes)}", "", f"Tests: {tests}", ""]
    lines += ["| module | changes | tried | killed | share |", "| --- | ---: | ---: | ---: | ---: |"]
    for module in sorted(made):
        own = [outcome for outcome in outcomes if outcome.module == module]
        tried = [outcome for outcome in own if outcome.said != NOT_TRIED]
        killed = sum(outcome.said == "killed" for outcome in tried)
        lines.append(f"| `{module}` | {made[module]} | {len(tried)} | {killed} | {share(own)} |")
    return lines


def share(outcomes: list[Outcome]) -> str:
    tried = [outcome for outcome in outcomes if outcome.said != NOT_TRIED]
    return f"{sum(outcome.said == 'killed' for outcome in tried) / len(tried):.0%}" if tried else "none tried"


def survivors(family: Family, outcomes: list[Outcome]) -> Iterator[str]:
    """What to look at: each change that no test noticed, as a difference."""
    for outcome in outcomes:
        if outcome.said == "survived":
            done = subprocess.run(
                [Path(sys.executable).with_name("mutmut"), "show", outcome.mutant],
                cwd=WORK / family.name, capture_output=True, text=True, check=False,
            )  # fmt: skip
            yield f"{outcome.mutant}\n{done.stdout}"


if __name__ == "__main__":
    main()
